//! What the provider's answers mean: for each mailbox, for the next transaction, and for how long to wait.

use crate::address::Mailbox;
use crate::album::{DestinationState, OutboxMessage, OutboxRecipient, Reason, Rows};
use crate::encoding::Timestamp;
use crate::message::reply::{Meaning, meaning};
use crate::sharing::Fault;
use crate::sharing::relay::jobs::stays_here;
use crate::sharing::relay::on_its_way::relay_moved;
use crate::sharing::submit::pace::{Pace, Pause};
use crate::submission::{Answer, Outcome, SubmissionError};

/// First wait after a failed try, in seconds; it doubles up to the longest.
const FIRST_WAIT: u64 = 60;
/// Longest wait between two tries.
const LONGEST_WAIT: u64 = 6 * 3_600;
/// How long who met the provider's limit waits after the others, in seconds.
const BEHIND: u64 = 300;
/// After so many tries, about four days, a destination has failed.
const MAX_TRIES: u32 = 24;

/// How the words begin where it is refused for good, …
const REFUSED: &str = "the provider does not take it: ";
/// … and how they end where it was, so far.
const AGAIN: &str = "; it is tried again";

/// Whether a destination failed by these words because a mail server did not take what goes to its mailbox.
pub(in crate::sharing) fn is_of_mailbox(error: &str) -> bool {
    error.starts_with(REFUSED) || error.ends_with(AGAIN)
}

/// What the answers to one transaction mean for the next.
#[derive(Default)]
pub(super) struct Said {
    /// Not asked yet, since the transaction was full.
    pub again: Vec<Mailbox>,
    /// The provider takes nothing more until then.
    pub rests: Option<Timestamp>,
    /// Those for whom it is refused for good, with the reason.
    pub refused: Vec<(Mailbox, String)>,
}

pub(super) fn note_answers(
    rows: Rows<'_>,
    message: &OutboxMessage,
    answers: &[Answer],
    pace: &mut Pace,
    now: Timestamp,
) -> Result<Said, Fault> {
    let mut said = Said::default();
    let served = answers.iter().any(|answer| answer.outcome == Outcome::Sent);
    for (place, answer) in answers.iter().enumerate() {
        let to = &answer.to;
        let Some(recipient) = message.recipients.iter().find(|r| r.mailbox == *to) else {
            continue;
        };
        let (code, text, final_) = match &answer.outcome {
            Outcome::Sent => {
                note_sent(rows, message, recipient, now)?;
                pace.served(1);
                continue;
            }
            Outcome::Deferred { code, text } => (*code, text, false),
            Outcome::Rejected { code, text } => (*code, text, true),
        };
        match meaning(code, text) {
            // Refused as the very first: it is not this transaction that has too many.
            Meaning::TooManyRecipients if place > 0 => {
                if said.again.is_empty() {
                    pace.at_most(rows, place)?;
                }
                said.again.push(to.clone());
            }
            // The others were served: it is this one's server, or the next transaction meets the limit first of all.
            Meaning::SendingLimit if served => {
                let words = format!("{} said {code} {text}; it is tried again", to.domain());
                defer(rows, message, to, recipient.tries, &words, now)?;
            }
            Meaning::SendingLimit | Meaning::TooManyRecipients => {
                let until = match said.rests {
                    Some(until) => until,
                    None => Pause::begin(rows, &format!("{code} {text}"), now)?.until(),
                };
                said.rests = Some(until);
                // Should it be the recipient's server that says so, the others come first next time (CASES O-22).
                let behind = until.plus_seconds(BEHIND);
                rows.put_off_recipient(message.id, to, behind)?;
            }
            Meaning::MailboxFull => {
                let words = format!("their mailbox is full ({code} {text}); it is tried again");
                defer(rows, message, to, recipient.tries, &words, now)?;
            }
            _ if final_ => {
                let words = format!("{REFUSED}{code} {text}");
                fail(rows, message, to, recipient.destination(), &words, now)?;
                said.refused.push((to.clone(), words));
            }
            _ => {
                // A server that hangs up on us says nothing about the recipient, who is given up on for it never.
                let tries = match code {
                    421 => recipient.tries.min(MAX_TRIES - 1),
                    _ => recipient.tries,
                };
                let words = format!("{} said {code} {text}; it is tried again", to.domain());
                defer(rows, message, to, tries, &words, now)?;
            }
        }
    }
    if said.rests.is_some() {
        said.again.clear();
    } else if served {
        Pause::end(rows)?;
    }
    Ok(said)
}

/// The provider has the message for this recipient.
fn note_sent(
    rows: Rows<'_>,
    message: &OutboxMessage,
    recipient: &OutboxRecipient,
    now: Timestamp,
) -> Result<(), Fault> {
    let to = &recipient.mailbox;
    rows.set_recipient_sent(message.id, to)?;
    rows.note_sent(&message.message_id, to, recipient.destination(), now)?;
    note_all_sent(rows, recipient.destination(), now)
}

/// A destination for which nothing waits any more has got as far as the provider.
pub(super) fn note_all_sent(
    rows: Rows<'_>,
    destination: Option<i64>,
    now: Timestamp,
) -> Result<(), Fault> {
    if let Some(id) = destination
        && !rows.waits_for(id)?
        && let Some(destination) = rows.destination(id)?
        && destination.state == DestinationState::Queued
    {
        rows.set_destination_state(id, DestinationState::Sent, None, now)?;
        relay_moved(rows, &destination, DestinationState::Sent, now)?;
    }
    Ok(())
}

/// What the provider says where it turns us away for having sent too much.
pub(super) fn too_much(error: &SubmissionError) -> Option<String> {
    match error {
        SubmissionError::TurnedAway { code, text, .. }
            if meaning(*code, text) == Meaning::SendingLimit =>
        {
            Some(format!("{code} {text}"))
        }
        _ => None,
    }
}

/// The whole message waits. Trouble with our own provider is no household's fault and gives up on none, however long it
/// lasts; only what may have gone out already is sent again a bounded number of times. Who was served by a transaction before
/// has it.
pub(super) fn defer_all(
    rows: Rows<'_>,
    message: &OutboxMessage,
    error: &SubmissionError,
    now: Timestamp,
) -> Result<(), Fault> {
    let bounded = matches!(error, SubmissionError::Uncertain { .. });
    for recipient in &message.recipients {
        if !rows.recipient_waits(message.id, &recipient.mailbox)? {
            continue;
        }
        let tries = match bounded {
            true => recipient.tries,
            false => recipient.tries.min(MAX_TRIES - 1),
        };
        let words = error.to_string();
        defer(rows, message, &recipient.mailbox, tries, &words, now)?;
    }
    Ok(())
}

fn defer(
    rows: Rows<'_>,
    message: &OutboxMessage,
    mailbox: &Mailbox,
    tries: u32,
    words: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    if tries >= MAX_TRIES {
        let recipient = message.recipients.iter().find(|r| r.mailbox == *mailbox);
        let destination = recipient.and_then(OutboxRecipient::destination);
        return fail(rows, message, mailbox, destination, words, now);
    }
    let wait = FIRST_WAIT
        .saturating_mul(1 << tries.min(12))
        .min(LONGEST_WAIT);
    Ok(rows.defer_recipient(message.id, mailbox, now.plus_seconds(wait), words)?)
}

/// Gives up on a recipient, and on its destination while that is under way.
pub(super) fn fail(
    rows: Rows<'_>,
    message: &OutboxMessage,
    mailbox: &Mailbox,
    destination: Option<i64>,
    words: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    rows.fail_recipient(message.id, mailbox, destination, words)?;
    rows.set_card_request_trouble(&message.message_id, mailbox, words, true)?;
    let recipient = message
        .recipients
        .iter()
        .find(|one| one.mailbox == *mailbox);
    if let Some(Reason::Carried(holding)) = recipient.map(|one| &one.reason)
        && let Some(job) = rows.relay_job_at(*holding, mailbox)?
    {
        stays_here(rows, job, now)?;
    }
    // What the household itself said counts, whatever the provider says later; and what was taken back is taken back.
    use DestinationState::{Failed, Queued, Sent, Waiting};
    if let Some(id) = destination
        && let Some(destination) = rows.destination(id)?
        && matches!(destination.state, Waiting | Queued | Sent)
    {
        rows.set_destination_state(id, Failed, Some(words), now)?;
        relay_moved(rows, &destination, Failed, now)?;
    }
    Ok(())
}
