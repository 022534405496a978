//! How much one known household, or who holds one invitation, makes us write in a day, counted, so that none makes us write
//! without end.

use crate::album::Rows;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::Fault;

/// What is counted, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sharing) enum Mails {
    /// Cards and card-requests.
    Cards,
    /// Words to its letters: that one was refused, that a copy is gone already.
    Answers,
    /// To the people of the house, that it asks for more.
    Requests,
    /// Cards to who asks with an invitation.
    Invited,
    /// That an identity of before has ended, to who wrote to it.
    Ends,
    /// To who came with an invitation and was not let in, and to who gave it.
    TurnedAway,
}

impl Mails {
    fn name(self) -> &'static str {
        match self {
            Mails::Cards => "cards",
            Mails::Answers => "answers",
            Mails::Requests => "requests",
            Mails::Invited => "invited",
            Mails::Ends => "ends",
            Mails::TurnedAway => "turned away",
        }
    }

    /// The most of a day.
    fn most(self) -> u32 {
        match self {
            Mails::Cards | Mails::Requests => 10,
            Mails::Answers => 50,
            Mails::Invited | Mails::TurnedAway | Mails::Ends => 20,
        }
    }
}

/// Counts a mail that a known household makes us write, and says whether it may. The first one too many of a day is told
/// in the log.
pub(in crate::sharing) fn one_more_today(
    rows: Rows<'_>,
    mails: Mails,
    who: Fingerprint,
    now: Timestamp,
) -> Result<bool, Fault> {
    count_one(rows, mails, (&who.to_string(), &who.short()), now)
}

/// As [`one_more_today`], for all together who hold an invitation: each may have as many identities as they like.
pub(in crate::sharing) fn one_more_with(
    rows: Rows<'_>,
    mails: Mails,
    invitation: &str,
    now: Timestamp,
) -> Result<bool, Fault> {
    count_one(rows, mails, (invitation, invitation), now)
}

/// `who`: whole, and as the log calls it.
fn count_one(
    rows: Rows<'_>,
    mails: Mails,
    (who, short): (&str, &str),
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
        tracing::warn!(
            who = short,
            mails = mails.name(),
            most = mails.most(),
            "somebody made this box write enough today; for the rest of it nothing is written"
        );
        return Ok(false);
    }
    Ok(true)
}
