//! Instants and durations as they stand in letters.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;

/// An instant in whole seconds, UTC; written as RFC 3339 with `Z`, years 0000 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// A length of time in whole seconds, never zero; written as ISO 8601 `PnD`, `PnW`, `PTnH`, `PTnM` or `PTnS`.
///
/// Compared as seconds: `P1W` is `P7D`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period(NonZeroU64);

/// Why a text is not a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not `YYYY-MM-DDTHH:MM:SSZ`.
    #[error("{0:?} is not a time; write it as 2026-12-24T18:00:00Z")]
    NotATime(String),
    /// Not one of the five duration forms, or zero, or absurdly long.
    #[error("{0:?} is not a duration; write it as P7D, P3W, PT12H, PT30M or PT90S")]
    NotADuration(String),
}

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;
const WEEK: u64 = 7 * DAY;
/// 9,999 years; a sum of an instant and a period stays far from overflow.
const LONGEST: u64 = 9_999 * 366 * DAY;

impl Timestamp {
    /// The instant `seconds` after 1970-01-01T00:00:00Z, held within the years 0000 to 9999.
    pub fn from_unix(seconds: i64) -> Self {
        // The last day of 9999 is cut short, so that it can be shown in every time zone.
        Timestamp(seconds.clamp(-62_167_219_200, jiff::Timestamp::MAX.as_second()))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix(self) -> i64 {
        self.0
    }

    /// The instant `seconds` later.
    pub fn plus_seconds(self, seconds: u64) -> Self {
        Timestamp::from_unix(self.0.saturating_add_unsigned(seconds))
    }

    /// The instant `seconds` earlier.
    pub fn minus_seconds(self, seconds: u64) -> Self {
        Timestamp::from_unix(self.0.saturating_sub_unsigned(seconds))
    }

    /// The instant `period` later.
    pub fn plus(self, period: Period) -> Self {
        self.plus_seconds(period.seconds())
    }
}

impl Period {
    /// A period of `seconds`; zero is none, and so is more than 9,999 years.
    pub fn from_seconds(seconds: u64) -> Option<Self> {
        if seconds > LONGEST {
            return None;
        }
        NonZeroU64::new(seconds).map(Period)
    }

    /// A period of whole days.
    pub fn from_days(days: u32) -> Option<Self> {
        Period::from_seconds(u64::from(days) * DAY)
    }

    /// Its length in seconds.
    pub fn seconds(self) -> u64 {
        self.0.get()
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::NotATime(text.chars().take(40).collect());
        let shape = b"dddd-dd-ddTdd:dd:ddZ";
        let fits = text.len() == shape.len()
            && text.bytes().zip(shape).all(|(c, &s)| match s {
                b'd' => c.is_ascii_digit(),
                _ => c == s,
            });
        if !fits || &text[17..19] == "60" {
            return Err(wrong());
        }
        let instant: jiff::Timestamp = text.parse().map_err(|_| wrong())?;
        Ok(Timestamp::from_unix(instant.as_second()))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instant = jiff::Timestamp::from_second(self.0)
            .expect("within the years 0000 to 9999: from_unix clamps");
        write!(f, "{}", instant.strftime("%Y-%m-%dT%H:%M:%SZ"))
    }
}

impl FromStr for Period {
    type Err = TimeError;

    fn from_str(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError::NotADuration(text.chars().take(40).collect());
        let rest = text.strip_prefix('P').ok_or_else(wrong)?;
        let (digits, unit) = match rest.strip_prefix('T') {
            Some(time) => match time.split_at_checked(time.len().wrapping_sub(1)) {
                Some((digits, "H")) => (digits, HOUR),
                Some((digits, "M")) => (digits, MINUTE),
                Some((digits, "S")) => (digits, 1),
                _ => return Err(wrong()),
            },
            None => match rest.split_at_checked(rest.len().wrapping_sub(1)) {
                Some((digits, "D")) => (digits, DAY),
                Some((digits, "W")) => (digits, WEEK),
                _ => return Err(wrong()),
            },
        };
        let plain = !digits.starts_with('0') && digits.bytes().all(|c| c.is_ascii_digit());
        let number: u64 = digits.parse().map_err(|_| wrong())?;
        if !plain {
            return Err(wrong());
        }
        number
            .checked_mul(unit)
            .and_then(Period::from_seconds)
            .ok_or_else(wrong)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seconds() {
            s if s % DAY == 0 => write!(f, "P{}D", s / DAY),
            s if s % HOUR == 0 => write!(f, "PT{}H", s / HOUR),
            s if s % MINUTE == 0 => write!(f, "PT{}M", s / MINUTE),
            s => write!(f, "PT{s}S"),
        }
    }
}

crate::encoding::serde_as_text!(Timestamp, Period);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_one_form_of_a_time_is_read() {
        let noon: Timestamp = "2026-11-02T12:00:00Z".parse().expect("a time");
        assert_eq!(noon.unix(), 1_793_620_800);
        for text in [
            "2026-11-02T12:00:00+00:00",
            "2026-11-02T12:00:00.0Z",
            "2026-11-02 12:00:00Z",
            "2026-11-02t12:00:00z",
            "2026-02-30T12:00:00Z",
            "2026-11-02T24:00:00Z",
            "2026-12-31T23:59:60Z",
            "2026-11-02T12:00:00Zx",
            "٢٠٢٦-11-02T12:00:00Z",
        ] {
            assert!(text.parse::<Timestamp>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_ends_of_time_can_be_written() {
        for seconds in [i64::MIN, i64::MAX] {
            let end = Timestamp::from_unix(seconds);
            assert_eq!(end.to_string().parse(), Ok(end));
            let longest = Period::from_seconds(LONGEST).expect("a period");
            assert!(end.plus(longest).to_string().ends_with('Z'));
        }
    }

    #[test]
    fn durations_are_compared_as_seconds_and_never_zero() {
        let parse = |text: &str| text.parse::<Period>();
        assert_eq!(parse("P1W"), parse("P7D"));
        assert_eq!(parse("PT24H"), parse("P1D"));
        for text in [
            "P0D",
            "P",
            "PT",
            "P7",
            "7D",
            "P-7D",
            "P+7D",
            "P07D",
            "P1Y",
            "P1M",
            "PT1D",
            "P1DT1H",
            "p7d",
            "P7D ",
            "P99999999999D",
            "PT1.5H",
            "P７D",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn times_and_durations_read_back(seconds in -62_167_219_200i64..=253_402_207_199, length in 1..=LONGEST) {
            let time = Timestamp::from_unix(seconds);
            prop_assert_eq!(time.to_string().parse(), Ok(time));
            let period = Period::from_seconds(length).expect("not zero");
            prop_assert_eq!(period.to_string().parse(), Ok(period));
        }
    }
}
