//! Dots at the start of a line are doubled on the wire (RFC 5321 §4.5.2), so that only the real end looks like one.

/// Doubles dots while a body passes through, and knows how its end must look.
///
/// Only CRLF ends a line, as the standard says: a body that a lone LF could split differently is not made here.
pub(super) struct Stuffing {
    // The last two octets that passed; a body starts at the start of a line.
    last: [u8; 2],
}

/// How many octets are looked at together; base64 has no dots, so nearly every block passes at once.
const BLOCK: usize = 4096;

impl Stuffing {
    pub(super) fn new() -> Self {
        Stuffing { last: *b"\r\n" }
    }

    /// Appends `body` to `out` with its dots doubled where a line starts with one.
    pub(super) fn pass(&mut self, body: &[u8], out: &mut Vec<u8>) {
        for block in body.chunks(BLOCK) {
            // `contains` is the standard library's memchr: many octets a cycle.
            if block.contains(&b'.') {
                self.pass_dots(block, out);
            } else {
                out.extend_from_slice(block);
                self.remember(block);
            }
        }
    }

    fn pass_dots(&mut self, block: &[u8], out: &mut Vec<u8>) {
        for piece in block.split_inclusive(|&c| c == b'.') {
            let before = &piece[..piece.len() - 1];
            out.extend_from_slice(before);
            self.remember(before);
            let end = &piece[piece.len() - 1..];
            if end == b"." && self.last == *b"\r\n" {
                out.push(b'.');
            }
            out.extend_from_slice(end);
            self.remember(end);
        }
    }

    fn remember(&mut self, passed: &[u8]) {
        match passed {
            [] => {}
            [.., a, b] => self.last = [*a, *b],
            [b] => self.last = [self.last[1], *b],
        }
    }

    /// What ends the body: a line break is added only where it has none, so that what arrives is what was given.
    pub(super) fn end(&self) -> &'static [u8] {
        if self.last == *b"\r\n" {
            b".\r\n"
        } else {
            b"\r\n.\r\n"
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn on_the_wire(chunks: &[&[u8]]) -> Vec<u8> {
        let (mut stuffing, mut out) = (Stuffing::new(), Vec::new());
        for chunk in chunks {
            stuffing.pass(chunk, &mut out);
        }
        out.extend_from_slice(stuffing.end());
        out
    }

    /// What a server makes of it.
    fn received(wire: &[u8]) -> Vec<u8> {
        let mut body = Vec::new();
        let mut rest = wire;
        loop {
            let end = rest.windows(2).position(|w| w == b"\r\n").expect("a line") + 2;
            let (line, next) = rest.split_at(end);
            if line == b".\r\n" {
                assert!(next.is_empty(), "ended early");
                return body;
            }
            body.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
            rest = next;
        }
    }

    #[test]
    fn only_dots_at_the_start_of_a_line_are_doubled() {
        assert_eq!(
            on_the_wire(&[b".\r\na.b\r\n..\r\n"]),
            b"..\r\na.b\r\n...\r\n.\r\n"
        );
        assert_eq!(on_the_wire(&[b"a\r", b"\n", b".b"]), b"a\r\n..b\r\n.\r\n");
        assert_eq!(on_the_wire(&[b"\n.a\r."]), b"\n.a\r.\r\n.\r\n");
        assert_eq!(on_the_wire(&[]), b".\r\n");
    }

    proptest! {
        #[test]
        fn what_arrives_is_what_was_given_however_it_is_cut(
            body in prop::collection::vec(prop::sample::select(b".a\r\n".to_vec()), 0..200),
            cuts in prop::collection::vec(1usize..9, 1..40),
        ) {
            let (mut chunks, mut rest, mut cuts) = (Vec::new(), &body[..], cuts.iter().cycle());
            while !rest.is_empty() {
                let at = cuts.next().copied().unwrap_or(1).min(rest.len());
                let (chunk, next) = rest.split_at(at);
                chunks.push(chunk);
                rest = next;
            }
            let mut expected = body.clone();
            if !body.is_empty() && !body.ends_with(b"\r\n") {
                expected.extend_from_slice(b"\r\n");
            }
            prop_assert_eq!(received(&on_the_wire(&chunks)), expected);
        }
    }
}
