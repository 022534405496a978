//! Who judges the letters that come, and what may become of one.

use std::cell::RefCell;

use crate::album::{Contact, Keys, Rows};
use crate::config::Config;
use crate::envelope::Fingerprint;
use crate::message::{Code, Refused};
use crate::sharing::correspond::Writer;
use crate::sharing::notify::daily::{Mails, one_more_today};
use crate::sharing::{Fault, Now};

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sharing) enum Judged {
    /// Acted on, or known before: the mail has served.
    Taken,
    /// Not taken, for good.
    Refused(Refused),
    /// It waits: for the contact of this fingerprint, or for `clock`.
    Waits(String),
}

/// What the judge must know of this household.
pub(in crate::sharing) struct Judge<'h> {
    pub keys: &'h Keys,
    pub writer: Writer<'h>,
    pub config: &'h Config,
    pub now: Now,
    /// Shares of which rows let go of parts: the blobs go once that is committed.
    pub let_go_of: RefCell<Vec<i64>>,
}

impl Judge<'_> {
    /// Whether a letter of this household may still be answered today; counts it.
    pub fn may_answer(&self, rows: Rows<'_>, who: Fingerprint) -> Result<bool, Fault> {
        one_more_today(rows, Mails::Answers, who, self.now.now)
    }
}

/// A letter that is not taken.
pub(in crate::sharing) fn refused(code: Code, words: &str) -> Judged {
    Judged::Refused(Refused::new(code, words))
}

/// A contact that the keeper wants to hear from.
pub(in crate::sharing) fn accepted(contact: Option<Contact>) -> Option<Contact> {
    contact.filter(|contact| contact.accepted)
}
