//! Text: whole lines, byte for byte, whatever ends them and in whichever letters it is written. What goes on without an end
//! counts as a further line after a while, so that a file of one line is not given whole.

/// A line is no longer, in letters of one byte or pairs of bytes; a page of a book has two or three thousand.
const LONGEST: usize = 1_000;

/// The first lines; all of it where it has no more.
pub(super) fn cut(bytes: &[u8], lines: u32) -> Vec<u8> {
    let end = match bytes {
        [0xFF, 0xFE, rest @ ..] => 2 + 2 * end(&pairs(rest, u16::from_le_bytes), lines),
        [0xFE, 0xFF, rest @ ..] => 2 + 2 * end(&pairs(rest, u16::from_be_bytes), lines),
        _ => end(&bytes, lines),
    };
    bytes[..end.min(bytes.len())].to_vec()
}

/// Letters as they are counted.
trait Letters {
    fn count(&self) -> usize;

    fn at(&self, place: usize) -> Option<u16>;

    /// Whether a character goes on there that began before.
    fn goes_on(&self, place: usize) -> bool;
}

/// UTF-8, or one byte a letter.
impl Letters for &[u8] {
    fn count(&self) -> usize {
        self.len()
    }

    fn at(&self, place: usize) -> Option<u16> {
        self.get(place).copied().map(u16::from)
    }

    fn goes_on(&self, place: usize) -> bool {
        self.get(place).is_some_and(|byte| byte & 0xC0 == 0x80)
    }
}

/// UTF-16.
struct Pairs<'a> {
    bytes: &'a [u8],
    read: fn([u8; 2]) -> u16,
}

fn pairs(bytes: &[u8], read: fn([u8; 2]) -> u16) -> Pairs<'_> {
    Pairs { bytes, read }
}

impl Letters for Pairs<'_> {
    fn count(&self) -> usize {
        self.bytes.len().div_ceil(2)
    }

    fn at(&self, place: usize) -> Option<u16> {
        let pair = self.bytes.get(2 * place..)?.first_chunk()?;
        Some((self.read)(*pair))
    }

    fn goes_on(&self, place: usize) -> bool {
        let low = 0xDC00..0xE000;
        self.at(place).is_some_and(|letter| low.contains(&letter))
    }
}

/// Where the first lines end.
fn end(letters: &impl Letters, lines: u32) -> usize {
    const CR: Option<u16> = Some(0x0D);
    const LF: Option<u16> = Some(0x0A);
    let (mut at, mut begin, mut ended) = (0, 0, 0);
    while at < letters.count() && ended < lines {
        let ends = match letters.at(at) {
            // Both of a pair belong to it.
            CR => letters.at(at + 1) != LF,
            letter => letter == LF,
        };
        at += 1;
        let too_long = at - begin >= LONGEST && !matches!(letters.at(at), CR | LF);
        if ends || too_long {
            if !ends {
                // A character of UTF-8 has three more bytes at most.
                let back = (0..4).find(|back| !letters.goes_on(at - back));
                at -= back.unwrap_or(0);
            }
            (begin, ended) = (at, ended + 1);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_an_end_is_cut_between_two_characters() {
        let text = "ä".repeat(100_000);
        let part = cut(text.as_bytes(), 3);
        assert_eq!(part.len(), 3 * LONGEST);
        let odd = format!("x{text}");
        let part = String::from_utf8(cut(odd.as_bytes(), 3)).expect("whole characters");
        assert!(
            odd.starts_with(&part) && part.len() > 2_900,
            "{}",
            part.len()
        );
        // One that ends there is one line, not two.
        let exact = format!("{}\r\nsecond", "x".repeat(LONGEST));
        assert_eq!(cut(exact.as_bytes(), 1).len(), LONGEST + 2);
        let wide: Vec<u8> = "😀"
            .repeat(5_000)
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let part = cut(&[&b"\xFF\xFEa\0"[..], &wide].concat(), 1);
        let pairs: Vec<u16> = part[2..]
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        assert!(String::from_utf16(&pairs).is_ok() && pairs.len() >= LONGEST - 1);
    }
}
