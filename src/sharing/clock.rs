//! What time it is, and how far it may be believed (PROTOCOL 7, Clock; a box without a battery clock boots in 1970 or
//! 2090 and must lose nothing).
//!
//! Denial uses `now`, which never goes back. Deletion uses `floor`, which only a confirmed clock raises.

use std::time::{SystemTime, UNIX_EPOCH};

use super::Fault;
use crate::album::Rows;
use crate::encoding::Timestamp;

/// No clock is right that shows less: this version was made then (2026-11-25T00:00:00Z).
const BUILT: i64 = 1_795_564_800;
const DAY: u64 = 86_400;
/// How far system clock and boot clock may drift apart between two looks and still be the same clock, in seconds.
const DRIFT: u64 = 120;
/// The setting that holds the newest date of mail since the last look.
pub(super) const MAIL: &str = "clock.mail";

/// What the system says about time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The system clock.
    pub wall: Timestamp,
    /// Names this boot.
    pub boot: String,
    /// Seconds since boot, suspended time included.
    pub uptime: u64,
    /// The system says that its clock is synchronised.
    pub synchronised: bool,
}

/// The time of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// For everything but deletion. Never goes back.
    pub now: Timestamp,
    /// It is at least this late, as far as a confirmed clock has shown. Deletion waits for it.
    pub floor: Timestamp,
    /// Whether the clock is confirmed.
    pub confirmed: bool,
}

/// What is remembered between runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// The highest confirmed time.
    pub floor: Timestamp,
    /// The last look: boot, uptime, system clock.
    pub last: Option<(String, u64, Timestamp)>,
    /// Since which uptime of that boot the two clocks have advanced alike.
    pub steady_since: u64,
    /// Whether the clock was confirmed at that look.
    pub confirmed: bool,
}

impl Default for Memory {
    fn default() -> Self {
        Memory {
            floor: Timestamp::from_unix(BUILT),
            last: None,
            steady_since: 0,
            confirmed: false,
        }
    }
}

impl Reading {
    /// Asks the system.
    pub fn take() -> Self {
        let seconds = match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
            Err(before) => -i64::try_from(before.duration().as_secs()).unwrap_or(i64::MAX),
        };
        let read = |path| std::fs::read_to_string(path).unwrap_or_default();
        let uptime = read("/proc/uptime");
        let uptime = uptime.split('.').next().and_then(|text| text.parse().ok());
        Reading {
            wall: Timestamp::from_unix(seconds),
            boot: read("/proc/sys/kernel/random/boot_id").trim().to_owned(),
            uptime: uptime.unwrap_or_default(),
            synchronised: std::path::Path::new("/run/systemd/timesync/synchronized").exists(),
        }
    }
}

impl Memory {
    /// Looks at the clock again. `mail`: the INTERNALDATEs of mail that came since the last poll.
    pub fn look(&self, reading: &Reading, mail: &[Timestamp]) -> Memory {
        let same_clock = self.last.as_ref().is_some_and(|(boot, uptime, wall)| {
            let ran = reading.uptime.checked_sub(*uptime);
            let showed = reading.wall.unix().checked_sub(wall.unix());
            *boot == reading.boot
                && matches!((ran, showed), (Some(ran), Some(showed)) if showed >= 0
                    && showed.unsigned_abs().abs_diff(ran) <= DRIFT)
        });
        let agrees = |date: &Timestamp| date.unix().abs_diff(reading.wall.unix()) <= DAY;
        let newest = mail.iter().max();
        // Mail that came since the last look and says another day is a witness against this clock.
        let contradicted = newest.is_some_and(|date| !agrees(date));
        let same_clock = same_clock && !contradicted;
        let steady_since = if same_clock {
            self.steady_since
        } else {
            reading.uptime
        };
        let confirmed = reading.synchronised
            || newest.is_some_and(agrees)
            || (same_clock && (self.confirmed || reading.uptime - steady_since >= DAY));
        Memory {
            floor: if confirmed {
                self.floor.max(reading.wall)
            } else {
                self.floor
            },
            last: Some((reading.boot.clone(), reading.uptime, reading.wall)),
            steady_since,
            confirmed,
        }
    }

    /// The time that a run goes by.
    pub fn now(&self, reading: &Reading) -> Now {
        Now {
            now: reading.wall.max(self.floor),
            floor: self.floor,
            confirmed: self.confirmed,
        }
    }

    /// Reads what an earlier run remembered.
    pub fn load(rows: Rows<'_>) -> Result<Self, Fault> {
        let Some(text) = rows.setting("clock")? else {
            return Ok(Memory::default());
        };
        let fields: Vec<&str> = text.split(' ').collect();
        let number = |text: &str| text.parse::<i64>().ok();
        let memory = match fields.as_slice() {
            [floor, boot, uptime, wall, steady, confirmed] => (|| {
                Some(Memory {
                    floor: Timestamp::from_unix(number(floor)?),
                    last: Some((
                        (*boot).to_owned(),
                        uptime.parse().ok()?,
                        Timestamp::from_unix(number(wall)?),
                    )),
                    steady_since: steady.parse().ok()?,
                    confirmed: *confirmed == "yes",
                })
            })(),
            _ => None,
        };
        memory.ok_or_else(|| Fault::new("database", "the album's clock setting is broken"))
    }

    /// Remembers for the next run.
    pub fn store(&self, rows: Rows<'_>) -> Result<(), Fault> {
        let never = || ("-".to_owned(), 0, Timestamp::from_unix(0));
        let (boot, uptime, wall) = self.last.clone().unwrap_or_else(never);
        let confirmed = if self.confirmed { "yes" } else { "no" };
        let text = format!(
            "{} {boot} {uptime} {} {} {confirmed}",
            self.floor.unix(),
            wall.unix(),
            self.steady_since
        );
        Ok(rows.set_setting("clock", &text)?)
    }
}

/// Keeps the newest date of mail that was looked at for the next look at the clock: a witness is heard once, and a run that
/// is killed before must not lose it.
pub(super) fn note_mail(rows: Rows<'_>, dates: &[Timestamp]) -> Result<(), Fault> {
    let noted = rows.setting(MAIL)?.and_then(|text| text.parse().ok());
    let newest = dates.iter().copied().chain(noted.map(Timestamp::from_unix));
    if let Some(newest) = newest.max() {
        rows.set_setting(MAIL, &newest.unix().to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: i64 = BUILT + 30 * 86_400;

    fn reading(wall: i64, uptime: u64) -> Reading {
        Reading {
            wall: Timestamp::from_unix(wall),
            boot: "one".to_owned(),
            uptime,
            synchronised: false,
        }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(seconds)
    }

    #[test]
    fn a_clock_that_boots_in_1970_or_2090_raises_no_floor() {
        for wall in [0, 3_786_912_000] {
            let memory = Memory::default().look(&reading(wall, 5), &[at(TODAY)]);
            assert!(!memory.confirmed);
            assert_eq!(memory.floor, at(BUILT));
            assert_eq!(memory.now(&reading(wall, 5)).now, at(wall.max(BUILT)));
        }
    }

    #[test]
    fn mail_that_agrees_confirms_and_stays_so_while_both_clocks_advance_alike() {
        let memory = Memory::default().look(&reading(TODAY, 5), &[at(TODAY - 3600)]);
        assert!(memory.confirmed);
        let later = memory.look(&reading(TODAY + 500, 505), &[]);
        assert!(later.confirmed);
        assert_eq!(later.floor, at(TODAY + 500));
        let jumped = later.look(&reading(TODAY + 10 * 365 * 86_400, 600), &[]);
        assert!(!jumped.confirmed);
        assert_eq!(jumped.floor, at(TODAY + 500));
        let back = jumped.look(&reading(TODAY + 700, 705), &[at(TODAY + 690)]);
        assert!(back.confirmed);
        assert_eq!(back.now(&reading(TODAY + 700, 705)).now, at(TODAY + 700));
    }

    #[test]
    fn a_clock_set_back_revives_nothing() {
        let memory = Memory::default().look(&reading(TODAY, 5), &[at(TODAY)]);
        let set_back = memory.look(&reading(TODAY - 86_400 * 9, 50), &[]);
        assert_eq!(
            set_back.now(&reading(TODAY - 86_400 * 9, 50)).now,
            at(TODAY)
        );
    }

    #[test]
    fn a_day_of_steady_running_confirms() {
        let mut memory = Memory::default().look(&reading(TODAY, 5), &[]);
        for hour in 1..=23 {
            memory = memory.look(&reading(TODAY + hour * 3600, 5 + hour as u64 * 3600), &[]);
            assert!(!memory.confirmed, "after {hour} hours");
        }
        let memory = memory.look(&reading(TODAY + 86_400, 86_405), &[]);
        assert!(memory.confirmed);
    }

    #[test]
    fn a_clock_that_mail_contradicts_is_never_steady() {
        let wrong = 3_786_912_000;
        let mut memory = Memory::default();
        for hour in 0..50 {
            let reading = reading(wrong + hour * 3600, 5 + hour as u64 * 3600);
            memory = memory.look(&reading, &[at(TODAY + hour * 3600)]);
            assert!(!memory.confirmed, "after {hour} hours");
        }
        assert_eq!(memory.floor, at(BUILT));
    }

    #[test]
    fn another_boot_is_another_clock() {
        let memory = Memory::default().look(&reading(TODAY, 5), &[at(TODAY)]);
        let mut other = reading(TODAY + 10, 15);
        other.boot = "two".to_owned();
        assert!(!memory.look(&other, &[]).confirmed);
    }
}
