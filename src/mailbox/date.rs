//! INTERNALDATE to seconds since 1970.

/// Reads `17-Jul-1996 02:44:25 -0700` (RFC 3501 §9 `date-time`; the day may be padded with a blank).
pub(super) fn unix_seconds(text: &str) -> Option<i64> {
    jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text.trim())
        .ok()?
        .to_timestamp()
        .ok()
        .map(jiff::Timestamp::as_second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_zone_counts() {
        assert_eq!(
            unix_seconds("17-Jul-1996 02:44:25 -0700"),
            Some(837_596_665)
        );
        assert_eq!(unix_seconds(" 1-Jan-1970 00:00:00 +0000"), Some(0));
        assert_eq!(unix_seconds("01-Jan-1970 00:00:00 +0000"), Some(0));
        for text in ["", "NIL", "32-Jan-1970 00:00:00 +0000", "01-Jan-1970"] {
            assert_eq!(unix_seconds(text), None, "{text:?}");
        }
    }
}
