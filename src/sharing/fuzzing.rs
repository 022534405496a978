//! A door for the fuzzer, in builds with the feature `fuzzing` alone: letters before the judge, in a transaction that is undone.

use super::ingest::judge::Judged;
use super::poll::look::judge_of;
use super::{Fault, Household, Now};
use crate::album::Rows;
use crate::message::{Refused, open_letter_mail};

/// What became of a letter.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Acted on, or known before.
    Taken,
    /// Not taken, for good.
    Refused(Refused),
    /// It waits for this.
    Waits(String),
}

impl Household {
    /// Judges these mails as if they were fetched one after another, and undoes it all. `seen` looks at the album after
    /// each, `None` before the first.
    pub fn rehearse(
        &mut self,
        mails: impl IntoIterator<Item = Vec<u8>>,
        now: Now,
        mut seen: impl FnMut(Rows<'_>, Option<&Verdict>),
    ) -> Result<(), Fault> {
        const UNDONE: &str = "rehearsed";
        let judge = judge_of(&self.keys, &self.config, now);
        let done = self.album.commit(|rows| {
            seen(rows, None);
            for mail in mails {
                let opened = open_letter_mail(&mail, &self.keys.encryption);
                let verdict = match judge.judge_mail(rows, opened, &mail)? {
                    Judged::Taken => Verdict::Taken,
                    Judged::Refused(refused) => Verdict::Refused(refused),
                    Judged::Waits(what) => Verdict::Waits(what),
                };
                seen(rows, Some(&verdict));
            }
            Err::<(), Fault>(Fault::new(UNDONE, UNDONE))
        });
        match done {
            Err(fault) if fault.code == UNDONE => Ok(()),
            other => other,
        }
    }
}
