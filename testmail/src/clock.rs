//! Times as mail writes them. Every time is given in UTC; only the store reads the system clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];

/// A time taken apart.
struct Civil {
    year: i64,
    month: usize,
    day: i64,
    weekday: &'static str,
    clock: String,
}

impl Civil {
    fn of(time: SystemTime) -> Self {
        let seconds = unix_seconds(time);
        let (days, rest) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // Days since 1 March of year 0, so that the leap day is the last of its year.
        let shifted = days + 719_468;
        let era = shifted.div_euclid(146_097);
        let day_of_era = shifted.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let month = if shifted_month < 10 {
            shifted_month + 3
        } else {
            shifted_month - 9
        };
        Self {
            year: year_of_era + era * 400 + i64::from(month <= 2),
            month: usize::try_from(month - 1).unwrap_or_default(),
            day: day_of_year - (153 * shifted_month + 2) / 5 + 1,
            weekday: DAYS[usize::try_from(days.rem_euclid(7)).unwrap_or_default()],
            clock: format!("{:02}:{:02}:{:02}", rest / 3600, rest / 60 % 60, rest % 60),
        }
    }
}

fn unix_seconds(time: SystemTime) -> i64 {
    let seconds = match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()),
        Err(before) => i64::try_from(before.duration().as_secs()).map(|s| -s),
    };
    seconds.unwrap_or_default()
}

/// The time so many seconds after (or before) 1970.
pub(crate) fn from_unix(seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    let time = if seconds < 0 {
        UNIX_EPOCH.checked_sub(distance)
    } else {
        UNIX_EPOCH.checked_add(distance)
    };
    time.unwrap_or(UNIX_EPOCH)
}

/// `02-Nov-2026 09:00:00 +0000`, the form of INTERNALDATE.
pub(crate) fn internal_date(time: SystemTime) -> String {
    let civil = Civil::of(time);
    let month = MONTHS[civil.month];
    format!(
        "{:02}-{month}-{:04} {} +0000",
        civil.day, civil.year, civil.clock
    )
}

/// `Mon, 02 Nov 2026 09:00:00 +0000`, the form of the trace fields.
pub(crate) fn header_date(time: SystemTime) -> String {
    let civil = Civil::of(time);
    let month = MONTHS[civil.month];
    format!(
        "{}, {:02} {month} {:04} {} +0000",
        civil.weekday, civil.day, civil.year, civil.clock
    )
}

/// `2026-11-02`: sorts as text in the order of days.
pub(crate) fn day(time: SystemTime) -> String {
    let civil = Civil::of(time);
    format!("{:04}-{:02}-{:02}", civil.year, civil.month + 1, civil.day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_times_are_written_right() {
        let time = from_unix(1_793_610_000);
        assert_eq!(internal_date(time), "02-Nov-2026 09:00:00 +0000");
        assert_eq!(header_date(time), "Mon, 02 Nov 2026 09:00:00 +0000");
        assert_eq!(day(from_unix(951_782_400)), "2000-02-29");
        assert_eq!(day(from_unix(-1)), "1969-12-31");
        assert_eq!(header_date(UNIX_EPOCH), "Thu, 01 Jan 1970 00:00:00 +0000");
    }
}
