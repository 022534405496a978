//! What the directory has against the address book is looked at again while that is open: it may be right by now.

use crate::encoding::Timestamp;
use crate::sharing::{Fault, Household};

/// When it was last looked.
const LOOKED: &str = "directory.looked";
/// How long until it is looked again, in seconds.
const AGAIN: u64 = 3_600;

impl Household {
    /// Asks about the mailboxes at which another household is known than the directory says, once an hour. It keeps nobody
    /// longer than the time that is set for it.
    pub(in crate::sharing) async fn look_at_claims_again(
        &mut self,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let rows = self.album.rows();
        if self.config.directory.is_none() {
            return Ok(());
        }
        let differ = rows.mailboxes_that_differ()?;
        let looked = rows.setting(LOOKED)?.and_then(|text| text.parse().ok());
        let looked = looked.map(Timestamp::from_unix);
        let lately = looked.is_some_and(|at| at <= now && at.plus_seconds(AGAIN) > now);
        if differ.is_empty() || lately {
            return Ok(());
        }
        self.album
            .commit(|rows| Ok::<_, Fault>(rows.set_setting(LOOKED, &now.unix().to_string())?))?;
        let what: Vec<String> = differ.iter().map(ToString::to_string).collect();
        let answers = self.question(&what, true, now)?.ask().await;
        self.take_answers(answers, now)?;
        Ok(())
    }
}
