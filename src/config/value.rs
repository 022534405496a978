//! Durations and sizes as people write them.

use std::time::Duration;

/// How a duration is written.
pub(super) const DURATION: &str =
    "a duration like \"60s\", \"10m\", \"6h\" or \"30d\", at most 10 years";
/// How a size is written.
pub(super) const SIZE: &str = "a size in bytes: a number, or a text like \"18MB\" or \"20GB\"";

const DAY: u64 = 24 * 60 * 60;
/// Added to any clock this stays far from overflow.
const LONGEST: u64 = 10 * 366 * DAY;

/// A whole number and one of `s m h d`; not zero.
pub(super) fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = split(text)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => DAY,
        _ => return None,
    };
    let total = number.checked_mul(seconds)?;
    (1..=LONGEST)
        .contains(&total)
        .then(|| Duration::from_secs(total))
}

/// A whole number and one of `B KB MB GB TB` (thousands) or `KiB MiB GiB TiB` (1024); the largest is 2^63 - 1.
pub(super) fn size(text: &str) -> Option<u64> {
    let (number, unit) = split(text)?;
    let bytes: u64 = match unit {
        "" | "B" => 1,
        "KB" => 1_000,
        "MB" => 1_000_000,
        "GB" => 1_000_000_000,
        "TB" => 1_000_000_000_000,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1 << 40,
        _ => return None,
    };
    number
        .checked_mul(bytes)
        .filter(|total| i64::try_from(*total).is_ok())
}

/// Digits, then the rest, without the blank that may stand between.
fn split(text: &str) -> Option<(u64, &str)> {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let unit = unit.strip_prefix(' ').unwrap_or(unit);
    Some((digits.parse().ok()?, unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_one_unit_and_are_never_zero() {
        assert_eq!(duration("60s"), Some(Duration::from_secs(60)));
        assert_eq!(duration("10m"), Some(Duration::from_secs(600)));
        assert_eq!(duration("6h"), Some(Duration::from_secs(21_600)));
        assert_eq!(duration("30d"), Some(Duration::from_secs(2_592_000)));
        for text in [
            "",
            "s",
            "0s",
            "60",
            "-1s",
            "1.5h",
            "1h30m",
            "1w",
            "99999999999999999999s",
            "9999d",
        ] {
            assert_eq!(duration(text), None, "{text:?}");
        }
    }

    #[test]
    fn sizes_count_in_thousands_unless_the_unit_says_1024() {
        assert_eq!(size("18MB"), Some(18_000_000));
        assert_eq!(size("20 GB"), Some(20_000_000_000));
        assert_eq!(size("4MiB"), Some(4_194_304));
        assert_eq!(size("17"), Some(17));
        for text in ["", "MB", "-1MB", "1.5GB", "18mb", "18M", "99999999TB"] {
            assert_eq!(size(text), None, "{text:?}");
        }
    }
}
