//! Faults on demand: what a provider may do wrong, set at run time and counted down.
//!
//! A fault waits until an event matches it, applies, and counts one down. Of several faults of one
//! kind the one set first applies first. Nothing here is left to chance: the same calls and the
//! same mail give the same outcome.

use crate::address::normalised;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// How often a fault applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// To every matching event until [`Faults::clear`].
    Always,
    /// To the next so many matching events.
    Next(u32),
}

/// An SMTP answer of one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The three-digit code.
    pub code: u16,
    /// What follows it; an enhanced code comes first in it.
    pub text: String,
}

impl Reply {
    /// `Reply::new(452, "4.2.2 mailbox full")`.
    pub fn new(code: u16, text: impl Into<String>) -> Self {
        Self {
            code,
            text: text.into(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Fault {
    Auth(Reply),
    Mail(Reply),
    Rcpt { address: String, reply: Reply },
    Data(Reply),
    CutData(usize),
    LoseAnswer,
    LoseMessage,
    MessageLimit(usize),
    RecipientLimit(usize),
    Duplicate,
    Hold,
    IntoJunk,
    StripHeader(String),
    StripContentIds,
    RewriteMessageId,
    RefuseCommand { name: String, text: String },
    CutAnswer(u64),
    Withhold(String),
    DeafIdle,
    LieLiteral(i64),
    LieSize(u64),
    Flood(u64),
    RenumberAt(String),
    UnknownCte(String),
    BendBinary,
    OtherUid,
    OtherBody,
    NoBody,
    HeadersUnderOtherUid,
    OtherHeaders,
    StillHere(Duration),
    RefusePassword,
}

struct Rule {
    account: Option<String>,
    fault: Fault,
    times: Times,
}

/// All faults of a server.
#[derive(Default)]
pub(crate) struct Rules(Mutex<Vec<Rule>>);

impl Rules {
    fn list(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Applies the first matching fault, and counts it down.
    pub(crate) fn take<T>(
        &self,
        account: Option<&str>,
        pick: impl Fn(&Fault) -> Option<T>,
    ) -> Option<T> {
        self.apply(account, pick, 1).pop()
    }

    /// Applies every matching fault, and counts each down.
    pub(crate) fn take_all<T>(
        &self,
        account: Option<&str>,
        pick: impl Fn(&Fault) -> Option<T>,
    ) -> Vec<T> {
        self.apply(account, pick, usize::MAX)
    }

    fn apply<T>(
        &self,
        account: Option<&str>,
        pick: impl Fn(&Fault) -> Option<T>,
        most: usize,
    ) -> Vec<T> {
        let mut taken = Vec::new();
        self.list().retain_mut(|rule| {
            let concerns = rule.account.is_none() || rule.account.as_deref() == account;
            if taken.len() >= most || !concerns {
                return true;
            }
            let Some(found) = pick(&rule.fault) else {
                return true;
            };
            match &mut rule.times {
                Times::Always => {}
                Times::Next(0) => return false,
                Times::Next(left) => *left -= 1,
            }
            taken.push(found);
            rule.times != Times::Next(0)
        });
        taken
    }

    /// The setting made last, without counting down.
    pub(crate) fn setting<T>(
        &self,
        account: Option<&str>,
        pick: impl Fn(&Fault) -> Option<T>,
    ) -> Option<T> {
        let rules = self.list();
        let mut concerned = rules
            .iter()
            .rev()
            .filter(|rule| rule.account.is_none() || rule.account.as_deref() == account);
        concerned.find_map(|rule| pick(&rule.fault))
    }
}

/// Sets faults; from [`Server::faults`](crate::Server::faults).
#[derive(Clone)]
pub struct Faults {
    rules: Arc<Rules>,
    account: Option<String>,
}

impl Faults {
    pub(crate) fn new(rules: Arc<Rules>) -> Self {
        Self {
            rules,
            account: None,
        }
    }

    /// Faults for one account only: for what it submits, for its IMAP sessions, and for what is
    /// delivered to it. Before sign-in a connection belongs to no account.
    pub fn of(&self, address: &str) -> Self {
        Self {
            rules: Arc::clone(&self.rules),
            account: Some(normalised(address)),
        }
    }

    fn add(&self, fault: Fault, times: Times) {
        if times != Times::Next(0) {
            let account = self.account.clone();
            self.rules.list().push(Rule {
                account,
                fault,
                times,
            });
        }
    }

    /// Takes all faults and settings back; of one account if made by [`Faults::of`].
    pub fn clear(&self) {
        self.rules
            .list()
            .retain(|rule| self.account.is_some() && rule.account != self.account);
    }

    /// How many events the counted faults still wait for: 0 when all have happened.
    pub fn outstanding(&self) -> u32 {
        let counted = |rule: &Rule| match rule.times {
            Times::Next(left) if self.account.is_none() || rule.account == self.account => left,
            _ => 0,
        };
        self.rules.list().iter().map(counted).sum()
    }

    /// SMTP and IMAP refuse the right password, as if it were wrong. The account counts here.
    pub fn refuse_password(&self, times: Times) {
        self.add(Fault::RefusePassword, times);
    }

    /// Answers AUTH with this instead of looking at the password. The account counts here.
    pub fn smtp_auth(&self, reply: Reply, times: Times) {
        self.add(Fault::Auth(reply), times);
    }

    /// Answers MAIL with this.
    pub fn smtp_mail(&self, reply: Reply, times: Times) {
        self.add(Fault::Mail(reply), times);
    }

    /// Answers RCPT for this address, compared with its detail, with this.
    pub fn smtp_rcpt(&self, address: &str, reply: Reply, times: Times) {
        self.add(
            Fault::Rcpt {
                address: normalised(address),
                reply,
            },
            times,
        );
    }

    /// Answers the final dot with this; the message is not delivered.
    pub fn smtp_data(&self, reply: Reply, times: Times) {
        self.add(Fault::Data(reply), times);
    }

    /// Drops the connection once more than so many bytes of a message came; nothing is delivered.
    pub fn smtp_cut_data(&self, bytes: usize, times: Times) {
        self.add(Fault::CutData(bytes), times);
    }

    /// Delivers, but drops the connection in place of the answer to the final dot.
    pub fn smtp_lose_answer(&self, times: Times) {
        self.add(Fault::LoseAnswer, times);
    }

    /// Drops the connection in place of the answer to the final dot, and delivers nothing.
    pub fn smtp_lose_message(&self, times: Times) {
        self.add(Fault::LoseMessage, times);
    }

    /// Changes the size limit, also the one advertised in the next answer to EHLO.
    pub fn smtp_message_limit(&self, bytes: usize) {
        self.add(Fault::MessageLimit(bytes), Times::Always);
    }

    /// Answers 452 4.5.3 to further recipients of a transaction.
    pub fn smtp_recipient_limit(&self, recipients: usize) {
        self.add(Fault::RecipientLimit(recipients), Times::Always);
    }

    /// Delivers twice.
    pub fn duplicate(&self, times: Times) {
        self.add(Fault::Duplicate, times);
    }

    /// Holds deliveries back until [`Server::release`](crate::Server::release) or
    /// [`Server::release_reversed`](crate::Server::release_reversed). SMTP answers 250.
    pub fn hold(&self, times: Times) {
        self.add(Fault::Hold, times);
    }

    /// Delivers into Junk instead of INBOX.
    pub fn into_junk(&self, times: Times) {
        self.add(Fault::IntoJunk, times);
    }

    /// Removes the header field of that name on delivery.
    pub fn strip_header(&self, name: &str, times: Times) {
        self.add(Fault::StripHeader(name.to_owned()), times);
    }

    /// Removes the Content-ID of every body part on delivery.
    pub fn strip_content_ids(&self, times: Times) {
        self.add(Fault::StripContentIds, times);
    }

    /// Gives the message another Message-ID on delivery; the old one leaves no trace.
    pub fn rewrite_message_id(&self, times: Times) {
        self.add(Fault::RewriteMessageId, times);
    }

    /// Answers NO with this text to commands of that name, such as `FETCH` (also UID FETCH),
    /// `UID FETCH` (that alone) or `LOGIN`. A response code may open the text.
    pub fn imap_refuse(&self, command: &str, text: &str, times: Times) {
        let name = command.to_ascii_uppercase();
        self.add(
            Fault::RefuseCommand {
                name,
                text: text.to_owned(),
            },
            times,
        );
    }

    /// Drops the connection after so many bytes of an answer. Answers that are shorter do not
    /// count as an event.
    pub fn imap_cut_answer(&self, bytes: u64, times: Times) {
        self.add(Fault::CutAnswer(bytes), times);
    }

    /// Announces the literal of a body section as so much longer (or shorter) than it is.
    pub fn imap_lie_literal(&self, by: i64, times: Times) {
        self.add(Fault::LieLiteral(by), times);
    }

    /// Tells this RFC822.SIZE of every message.
    pub fn imap_lie_size(&self, size: u64) {
        self.add(Fault::LieSize(size), Times::Always);
    }

    /// Says so many bytes of untagged lines that nobody asked for before it answers a FETCH or
    /// NOOP; `u64::MAX` never ends.
    pub fn imap_flood(&self, bytes: u64, times: Times) {
        self.add(Fault::Flood(bytes), times);
    }

    /// Gives the selected folder another UIDVALIDITY, as
    /// [`Server::change_uidvalidity`](crate::Server::change_uidvalidity), when a command comes that
    /// holds this text.
    pub fn imap_renumber_at(&self, text: &str, times: Times) {
        self.add(Fault::RenumberAt(text.to_owned()), times);
    }

    /// Answers NO with this text to a FETCH with BINARY, such as `[UNKNOWN-CTE] what is that`.
    pub fn imap_refuse_binary(&self, text: &str, times: Times) {
        self.add(Fault::UnknownCte(text.to_owned()), times);
    }

    /// Decodes for BINARY wrongly: one byte is another.
    pub fn imap_bend_binary(&self, times: Times) {
        self.add(Fault::BendBinary, times);
    }

    /// Answers a FETCH of a body section under the UID after the one asked for.
    pub fn imap_other_uid(&self, times: Times) {
        self.add(Fault::OtherUid, times);
    }

    /// Answers a FETCH of a body section with that of another message of the folder.
    pub fn imap_other_body(&self, times: Times) {
        self.add(Fault::OtherBody, times);
    }

    /// Answers a FETCH of a body section with OK and nothing else, as for a message that is gone.
    pub fn imap_no_body(&self, times: Times) {
        self.add(Fault::NoBody, times);
    }

    /// Answers a FETCH of header fields under the UID after the one asked for.
    pub fn imap_headers_under_other_uid(&self, times: Times) {
        self.add(Fault::HeadersUnderOtherUid, times);
    }

    /// Answers a FETCH of header fields, and what is asked with it, of another message of the folder.
    pub fn imap_other_headers(&self, times: Times) {
        self.add(Fault::OtherHeaders, times);
    }

    /// IDLE begins and then tells nothing, and its DONE gets no answer: a router forgot the
    /// connection.
    pub fn imap_deaf_idle(&self, times: Times) {
        self.add(Fault::DeafIdle, times);
    }

    /// Says `* OK Still here` that often during IDLE.
    pub fn imap_still_here(&self, every: Duration) {
        self.add(Fault::StillHere(every), Times::Always);
    }

    /// Neither advertises nor does what belongs to that capability: UIDPLUS, MOVE, IDLE, …
    pub fn imap_withhold(&self, capability: &str) {
        self.add(
            Fault::Withhold(capability.to_ascii_uppercase()),
            Times::Always,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn duplicated(rules: &Rules, account: &str) -> bool {
        let pick = |fault: &Fault| matches!(fault, Fault::Duplicate).then_some(());
        rules.take(Some(account), pick).is_some()
    }

    #[test]
    fn fault_of_one_account_is_counted_for_that_account_alone() {
        let faults = Faults::new(Arc::default());
        faults.of("a@A.example").duplicate(Times::Next(1));
        assert!(!duplicated(&faults.rules, "b@b.example"));
        assert_eq!(faults.outstanding(), 1);
        assert!(duplicated(&faults.rules, "a@a.example"));
        assert!(!duplicated(&faults.rules, "a@a.example"));
        assert_eq!(faults.outstanding(), 0);
    }

    #[test]
    fn fault_set_for_always_stays_until_cleared() {
        let faults = Faults::new(Arc::default());
        faults.duplicate(Times::Always);
        assert!((0..3).all(|_| duplicated(&faults.rules, "a@a.example")));
        faults.of("a@a.example").clear();
        assert!(duplicated(&faults.rules, "a@a.example"));
        faults.clear();
        assert!(!duplicated(&faults.rules, "a@a.example"));
    }
}
