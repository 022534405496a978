//! What is handed in counts as gone before its first octet leaves, for the box may die at any moment; where the provider
//! says that it did not take it, it has not gone.

use crate::address::Mailbox;
use crate::album::{Mark, OutboxMessage, OutboxRecipient, Rows};
use crate::sharing::{Fault, Household};
use crate::submission::{Answer, Outcome, SubmissionError};

/// One transaction that is about to begin.
pub(super) struct HandingIn {
    /// To whom: those for whom it was taken out of the outbox meanwhile are not among them.
    pub to: Vec<Mailbox>,
    marks: Vec<(Mailbox, Vec<Mark>)>,
}

impl Household {
    /// Notes that a message may have gone to these from now on, where that is not noted yet.
    pub(super) fn begin(
        &mut self,
        message: &OutboxMessage,
        to: Vec<Mailbox>,
    ) -> Result<HandingIn, Fault> {
        let mut new = false;
        for mailbox in &to {
            new |= !marks_of(self.album.rows(), message, mailbox)?.is_empty();
        }
        if !new {
            let marks = Vec::new();
            return Ok(HandingIn { to, marks });
        }
        self.album.commit(|rows| {
            let mut begun = HandingIn {
                to: Vec::new(),
                marks: Vec::new(),
            };
            for mailbox in &to {
                // Another program of the house may have taken it back just now, as something that had not gone.
                if !rows.recipient_waits(message.id, mailbox)? {
                    continue;
                }
                let marks = marks_of(rows, message, mailbox)?;
                rows.mark(&marks)?;
                begun.to.push(mailbox.clone());
                begun.marks.push((mailbox.clone(), marks));
            }
            Ok(begun)
        })
    }
}

impl HandingIn {
    /// It came to no answers: nothing has gone, unless it may have.
    pub fn failed(&self, rows: Rows<'_>, error: &SubmissionError) -> Result<(), Fault> {
        if matches!(error, SubmissionError::Uncertain { .. }) {
            return Ok(());
        }
        for (_, marks) in &self.marks {
            rows.unmark(marks)?;
        }
        Ok(())
    }

    /// To those for whom the provider did not take it nothing has gone.
    pub fn answered(&self, rows: Rows<'_>, answers: &[Answer]) -> Result<(), Fault> {
        let refused = answers.iter().filter(|one| one.outcome != Outcome::Sent);
        for answer in refused {
            for (_, marks) in self.marks.iter().filter(|(to, _)| *to == answer.to) {
                rows.unmark(marks)?;
            }
        }
        Ok(())
    }
}

fn marks_of(
    rows: Rows<'_>,
    message: &OutboxMessage,
    mailbox: &Mailbox,
) -> Result<Vec<Mark>, Fault> {
    let is_it = |one: &&OutboxRecipient| one.mailbox == *mailbox;
    match message.recipients.iter().find(is_it) {
        Some(recipient) => Ok(rows.unmarked(message, recipient)?),
        None => Ok(Vec::new()),
    }
}
