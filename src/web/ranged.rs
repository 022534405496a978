//! A piece of a sound or film, as players ask for it (RFC 9110, 14): one range of what is handed over, and nothing beside it.

use super::stream::{Pieces, Whole};
use crate::sharing::Fault;

/// What is sent of something of so many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    All,
    /// From the first byte to the last, both in.
    From(u64, u64),
    /// Nothing lies there.
    Nothing,
}

impl Part {
    /// As the header `Range` says it. What is no single range of bytes is passed over, and all of it is sent.
    pub fn asked(range: Option<&str>, size: u64) -> Part {
        let ends = range
            .and_then(|range| range.trim().strip_prefix("bytes="))
            .and_then(|range| range.split_once('-'));
        let number = |text: &str| {
            let digits = !text.is_empty() && text.bytes().all(|one| one.is_ascii_digit());
            // More than fits lies behind any end.
            digits.then(|| text.parse().unwrap_or(u64::MAX))
        };
        match ends.map(|(first, last)| (first, last, number(first), number(last))) {
            Some((_, "", Some(first), None)) => Part::within(first, u64::MAX, size),
            Some((_, _, Some(first), Some(last))) if first <= last => {
                Part::within(first, last, size)
            }
            Some(("", _, None, Some(last))) => match last {
                0 => Part::Nothing,
                last => Part::within(size.saturating_sub(last), u64::MAX, size),
            },
            _ => Part::All,
        }
    }

    fn within(first: u64, last: u64, size: u64) -> Part {
        match first < size {
            true => Part::From(first, last.min(size - 1)),
            false => Part::Nothing,
        }
    }
}

/// So many bytes of something, from where it stands.
pub(super) struct Bounded {
    rest: Box<dyn Whole>,
    left: u64,
}

impl Bounded {
    /// From the first byte on.
    pub fn of(mut rest: Box<dyn Whole>, first: u64, left: u64) -> Result<Self, Fault> {
        rest.go_to(first)?;
        Ok(Bounded { rest, left })
    }
}

impl Pieces for Bounded {
    fn next(&mut self) -> Result<Vec<u8>, Fault> {
        if self.left == 0 {
            return Ok(Vec::new());
        }
        let mut piece = self.rest.next()?;
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        piece.truncate(most);
        self.left -= piece.len() as u64;
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_lies_within_and_what_is_none_is_all() {
        for (range, part) in [
            ("bytes=0-", Part::From(0, 99)),
            ("bytes=10-19", Part::From(10, 19)),
            ("bytes=90-1000", Part::From(90, 99)),
            ("bytes=-10", Part::From(90, 99)),
            ("bytes=-1000", Part::From(0, 99)),
            ("bytes=99-99999999999999999999999", Part::From(99, 99)),
            ("bytes=100-", Part::Nothing),
            ("bytes=99999999999999999999999-", Part::Nothing),
            ("bytes=-0", Part::Nothing),
            ("bytes=20-10", Part::All),
            ("bytes=0-1,5-6", Part::All),
            ("bytes=-", Part::All),
            ("bytes=+1-2", Part::All),
            ("bytes=1-x", Part::All),
            ("lines=1-2", Part::All),
            ("", Part::All),
        ] {
            assert_eq!(Part::asked(Some(range), 100), part, "{range}");
        }
        assert_eq!(Part::asked(None, 100), Part::All);
        assert_eq!(Part::asked(Some("bytes=0-"), 0), Part::Nothing);
    }
}
