//! How much one known household makes us write in a day, counted, so that none makes us write without end.

use super::Fault;
use crate::album::Rows;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

/// What is counted, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mails {
    /// Cards and card-requests.
    Cards,
    /// Words to its letters: that one was refused, that a copy is gone already.
    Answers,
    /// To the people of the house, that it asks for more.
    Requests,
}

impl Mails {
    fn name(self) -> &'static str {
        match self {
            Mails::Cards => "cards",
            Mails::Answers => "answers",
            Mails::Requests => "requests",
        }
    }

    /// The most of a day.
    fn most(self) -> u32 {
        match self {
            Mails::Cards | Mails::Requests => 10,
            Mails::Answers => 50,
        }
    }
}

/// Counts a mail that a known household makes us write, and says whether it may. The first one too many of a day is told
/// in the log.
pub(super) fn one_more_today(
    rows: Rows<'_>,
    mails: Mails,
    who: Fingerprint,
    now: Timestamp,
) -> Result<bool, Fault> {
    let name = format!("{} {who}", mails.name());
    let today = now.to_string()[..10].to_owned();
    let said = rows.setting(&name)?.unwrap_or_default();
    let written = said
        .strip_prefix(&today)
        .and_then(|n| n.trim().parse().ok());
    let written: u32 = written.unwrap_or(0);
    if written > mails.most() {
        return Ok(false);
    }
    rows.set_setting(&name, &format!("{today} {}", written + 1))?;
    if written == mails.most() {
        tracing::warn!(contact = %who.short(), mails = mails.name(), most = mails.most(),
            "a household made this box write enough today; for the rest of it nothing is written");
        return Ok(false);
    }
    Ok(true)
}
