//! How fast the outbox may go out: not beyond the operator's budget, and slower after the provider said that it is too
//! much (CASES O-09). Nothing fails by it; what waits says why.

use crate::album::Rows;
use crate::config::Smtp;
use crate::encoding::Timestamp;
use crate::sharing::Fault;
use crate::sharing::words::english_time;

/// First pause after a provider said that it is too much, in seconds; it doubles up to the longest.
const FIRST_PAUSE: u64 = 5 * 60;
/// The longest pause: providers count by the day at most.
const LONGEST_PAUSE: u64 = 86_400;
const DAY: u64 = 86_400;

const PAUSE: &str = "outbox_pause";
const AT_ONCE: &str = "smtp_recipients_at_once";

/// How fast one pass may go.
#[derive(Debug)]
pub(super) struct Pace {
    /// Recipients of one transaction.
    at_once: usize,
    /// What is left of the day's budget.
    left: Option<u64>,
    /// When more of it comes, in words.
    used_up: String,
}

/// The outbox rests because the provider said so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pause {
    until: Timestamp,
    times: u32,
    said: String,
}

impl Pace {
    /// What this pass may do; where it may do nothing, the reason in words.
    pub fn begin(
        rows: Rows<'_>,
        smtp: &Smtp,
        now: Timestamp,
    ) -> Result<Result<Self, String>, Fault> {
        if let Some(pause) = Pause::load(rows)?.filter(|pause| pause.holds(now)) {
            return Ok(Err(pause.words()));
        }
        let (used, oldest) = rows.sent_in_a_day(now)?;
        let left = smtp
            .max_recipients_per_day
            .map(|budget| u64::from(budget).saturating_sub(used));
        let again = oldest.unwrap_or(now).plus_seconds(DAY);
        let pace = Pace {
            at_once: smtp.max_recipients as usize,
            left,
            used_up: format!(
                "the day's {} recipients are used up (smtp.max_recipients_per_day); it goes on after {}",
                smtp.max_recipients_per_day.unwrap_or_default(),
                english_time(again)
            ),
        };
        Ok(match left {
            Some(0) => Err(pace.used_up),
            _ => Ok(pace),
        })
    }

    /// How many of so many recipients the next transaction may have; where none, the reason in words.
    pub fn next(&self, waiting: usize) -> Result<usize, String> {
        let left = self.left.map_or(usize::MAX, |left| {
            usize::try_from(left).unwrap_or(usize::MAX)
        });
        match waiting.min(self.at_once).min(left) {
            0 => Err(self.used_up.clone()),
            some => Ok(some),
        }
    }

    /// So many were served.
    pub fn served(&mut self, recipients: usize) {
        self.left = self.left.map(|left| left.saturating_sub(recipients as u64));
    }

    /// The provider says beforehand how many it takes at once.
    pub fn allow(&mut self, recipients: Option<u64>) {
        let most = recipients.map_or(usize::MAX, |most| {
            usize::try_from(most).unwrap_or(usize::MAX)
        });
        self.at_once = self.at_once.min(most.max(1));
    }

    /// The provider takes no more than that at once.
    pub fn at_most(&mut self, rows: Rows<'_>, recipients: usize) -> Result<(), Fault> {
        self.at_once = recipients.max(1);
        Ok(rows.set_setting(AT_ONCE, &self.at_once.to_string())?)
    }
}

impl Pause {
    /// The provider said that it is too much: everything rests, longer each time.
    pub fn begin(rows: Rows<'_>, said: &str, now: Timestamp) -> Result<Self, Fault> {
        let times = Pause::load(rows)?.map_or(0, |pause| pause.times);
        let wait = FIRST_PAUSE
            .saturating_mul(1 << times.min(12))
            .min(LONGEST_PAUSE);
        let pause = Pause {
            until: now.plus_seconds(wait),
            times: times.saturating_add(1),
            said: said.to_owned(),
        };
        let text = format!("{} {} {said}", pause.until.unix(), pause.times);
        rows.set_setting(PAUSE, &text)?;
        rows.explain_queued(&pause.words())?;
        Ok(pause)
    }

    /// When it is over.
    pub fn until(&self) -> Timestamp {
        self.until
    }

    /// The provider takes mail again.
    pub fn end(rows: Rows<'_>) -> Result<(), Fault> {
        if Pause::load(rows)?.is_some() {
            rows.set_setting(PAUSE, "")?;
        }
        Ok(())
    }

    fn load(rows: Rows<'_>) -> Result<Option<Self>, Fault> {
        let text = rows.setting(PAUSE)?.unwrap_or_default();
        let mut fields = text.splitn(3, ' ');
        Ok((|| {
            Some(Pause {
                until: Timestamp::from_unix(fields.next()?.parse().ok()?),
                times: fields.next()?.parse().ok()?,
                said: fields.next()?.to_owned(),
            })
        })())
    }

    /// One that would last longer than any was begun by a clock that was ahead.
    fn holds(&self, now: Timestamp) -> bool {
        self.until > now && self.until <= now.plus_seconds(LONGEST_PAUSE)
    }

    fn words(&self) -> String {
        format!(
            "the mail provider takes no more for now ({}); everything waits until {}",
            self.said,
            english_time(self.until)
        )
    }
}

/// What `doctor` tells: what holds the outbox back now, how many recipients were served in a day, how many at once.
pub(in crate::sharing) struct Standing {
    pub held_back: Option<String>,
    pub in_a_day: u64,
    pub at_once: Option<u64>,
}

impl Standing {
    pub fn look(rows: Rows<'_>, smtp: &Smtp, now: Timestamp) -> Result<Self, Fault> {
        let at_once = rows.setting(AT_ONCE)?;
        Ok(Standing {
            held_back: Pace::begin(rows, smtp, now)?.err(),
            in_a_day: rows.sent_in_a_day(now)?.0,
            at_once: at_once.and_then(|text| text.parse().ok()),
        })
    }
}
