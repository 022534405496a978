//! Times as people type them: RFC 3339 with any offset, or a day of this box's calendar.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::Fault;
use crate::encoding::Timestamp;

/// The hour at which the mail of a day goes out.
const EVENING: i8 = 18;

/// Which end of a day is meant where only the day is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// Its first second.
    Beginning,
    /// Its last second.
    End,
}

/// Reads a time. A day is one of this box's time zone.
pub fn parse_time(text: &str, day: Day) -> Result<Timestamp, Fault> {
    read(text, day, &TimeZone::system()).ok_or_else(|| {
        let text: String = text.chars().take(40).collect();
        Fault::usage("time", format!("{text:?} is not a time")).hint(
            "write a day like 2026-12-24, or a time like 2026-12-24T18:00:00Z or 2026-12-24T18:00:00+01:00",
        )
    })
}

/// The next evening of this box's calendar, when people are told who want one mail a day.
pub(super) fn next_evening(now: Timestamp) -> Timestamp {
    evening_after(now, &TimeZone::system()).unwrap_or(now)
}

fn evening_after(now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let instant = jiff::Timestamp::from_second(now.unix()).ok()?;
    let today = instant.to_zoned(zone.clone()).date();
    let evening = |date: Date| {
        let zoned = date.at(EVENING, 0, 0, 0).to_zoned(zone.clone()).ok()?;
        Some(Timestamp::from_unix(zoned.timestamp().as_second()))
    };
    let today_at = evening(today)?;
    match today_at > now {
        true => Some(today_at),
        false => evening(today.tomorrow().ok()?),
    }
}

fn read(text: &str, day: Day, zone: &TimeZone) -> Option<Timestamp> {
    // The parser itself takes more spellings than RFC 3339 has.
    let plain = text.is_ascii() && text.starts_with(|c: char| c.is_ascii_digit());
    if !plain {
        return None;
    }
    if text.len() == "2026-12-24".len() {
        let date: Date = text.parse().ok()?;
        let midnight = |date: Date| Some(date.to_zoned(zone.clone()).ok()?.timestamp().as_second());
        // The end is named by the day's own last second, so that people read back the day they typed.
        let seconds = match day {
            Day::Beginning => midnight(date)?,
            Day::End => midnight(date.tomorrow().ok()?)? - 1,
        };
        return Some(Timestamp::from_unix(seconds));
    }
    let instant: jiff::Timestamp = text.parse().ok()?;
    Some(Timestamp::from_unix(instant.as_second()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn berlin(text: &str, day: Day) -> Option<String> {
        // POSIX form, so that the test needs no time zone files.
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a time zone");
        read(text, day, &zone).map(|time| time.to_string())
    }

    #[test]
    fn a_day_ends_with_its_last_second_here_and_an_instant_is_one_everywhere() {
        for (text, day, utc) in [
            ("2026-12-24", Day::End, "2026-12-24T22:59:59Z"),
            ("2026-12-24", Day::Beginning, "2026-12-23T23:00:00Z"),
            ("2026-07-01", Day::End, "2026-07-01T21:59:59Z"),
            // The night in which clocks go back has 25 hours.
            ("2026-10-25", Day::Beginning, "2026-10-24T22:00:00Z"),
            ("2026-10-25", Day::End, "2026-10-25T22:59:59Z"),
            (
                "2026-12-24T18:00:00+01:00",
                Day::End,
                "2026-12-24T17:00:00Z",
            ),
            (
                "2026-12-24T18:00:00-11:30",
                Day::End,
                "2026-12-25T05:30:00Z",
            ),
            ("2026-12-24T18:00:00Z", Day::End, "2026-12-24T18:00:00Z"),
            ("2026-12-24T18:00:00.9Z", Day::End, "2026-12-24T18:00:00Z"),
        ] {
            assert_eq!(berlin(text, day).as_deref(), Some(utc), "{text}");
        }
    }

    #[test]
    fn the_evening_is_the_next_one_and_never_now() {
        let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a time zone");
        for (now, evening) in [
            ("2026-12-24T16:59:59Z", "2026-12-24T17:00:00Z"),
            ("2026-12-24T17:00:00Z", "2026-12-25T17:00:00Z"),
            // Clocks go back in the night between.
            ("2026-10-24T16:00:00Z", "2026-10-25T17:00:00Z"),
        ] {
            let now = now.parse().expect("a time");
            let next = evening_after(now, &zone).map(|time| time.to_string());
            assert_eq!(next.as_deref(), Some(evening));
        }
    }

    #[test]
    fn a_time_without_an_offset_or_a_day_that_is_none_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2026-12-24T18:00:00",
            "2026-02-30",
            "24.12.2026",
            "2026-12-2",
            "-2026-12-24T18:00:00Z",
        ] {
            assert_eq!(berlin(text, Day::End), None, "{text}");
        }
    }
}
