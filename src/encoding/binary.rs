//! Hex, base32 and base64: strict where a value is compared or signed, fast where megabytes travel.

use data_encoding::{Encoding, HEXLOWER, Specification};
use std::sync::LazyLock;

/// RFC 4648 §6 in lower case, without padding, spare bits zero.
static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification
        .symbols
        .push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification
        .encoding()
        .expect("32 distinct ASCII symbols are a base32 alphabet")
});

/// Characters in one line of a base64 body (RFC 2045 §6.8).
const LINE: usize = 76;
/// So many characters are decoded at once.
const RUN: usize = 60 * 1024;
/// Bytes that make one full line.
const LINE_BYTES: usize = LINE / 4 * 3;

/// Lower-case hex.
pub fn hex_of(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Reads lower-case hex of exactly `N` bytes.
pub fn parse_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// Lower-case base32 without padding.
pub fn base32_of(bytes: &[u8]) -> String {
    BASE32.encode(bytes)
}

/// Reads lower-case base32 of exactly `N` bytes, refusing spare bits that are not zero.
pub fn parse_base32<const N: usize>(text: &str) -> Option<[u8; N]> {
    BASE32.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// Padded base64 in one line, as it stands in JSON.
pub fn base64_of(bytes: &[u8]) -> String {
    base64_simd::STANDARD.encode_to_string(bytes)
}

/// Reads padded base64 in one line: no white space, no missing padding, spare bits zero.
pub fn parse_base64(text: &str) -> Option<Vec<u8>> {
    base64_simd::STANDARD.decode_to_vec(text).ok()
}

/// Bytes that [`base64_body`] makes of `len` bytes: lines of 76 characters, each ended by CRLF.
pub const fn encoded_body_len(len: u64) -> u64 {
    let characters = len.div_ceil(3) * 4;
    characters + characters.div_ceil(LINE as u64) * 2
}

/// Appends the base64 of `bytes` as lines of 76 characters, each ended by CRLF (RFC 2045 §6.8).
///
/// Pieces may be encoded one after another as long as each but the last is a multiple of 57 bytes.
pub fn base64_body(bytes: &[u8], out: &mut Vec<u8>) {
    out.reserve(encoded_body_len(bytes.len() as u64) as usize);
    let mut lines = bytes.chunks_exact(LINE_BYTES);
    for line in lines.by_ref() {
        let mut encoded = [0; LINE + 2];
        encoded[LINE..].copy_from_slice(b"\r\n");
        let _text =
            base64_simd::STANDARD.encode(line, base64_simd::Out::from_slice(&mut encoded[..LINE]));
        out.extend_from_slice(&encoded);
    }
    if !lines.remainder().is_empty() {
        base64_simd::STANDARD.encode_append(lines.remainder(), out);
        out.extend_from_slice(b"\r\n");
    }
}

/// Decodes a base64 body part. Line ends, and blanks at them, are passed over; anything else that is not base64 makes
/// it `None`, as does wrong padding.
pub fn decode_base64_body(body: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(body.len() / 4 * 3 + 3);
    let mut decoder = BodyDecoder::default();
    decoder.push(body, &mut out)?;
    decoder.finish(&mut out)?;
    Some(out)
}

/// The same for a body that comes in pieces, cut anywhere.
#[derive(Debug, Default)]
pub struct BodyDecoder {
    /// Lines are gathered into one run before decoding, since a mail gateway may fold at any column.
    run: Vec<u8>,
    /// The line that is being read has characters, and a blank behind them.
    content: bool,
    blank: bool,
}

impl BodyDecoder {
    /// Decodes what can be decoded so far to the end of `out`; `None` where it is no base64.
    pub fn push(&mut self, piece: &[u8], out: &mut Vec<u8>) -> Option<()> {
        for (at, line) in piece.split(|&b| b == b'\n').enumerate() {
            if at > 0 {
                (self.content, self.blank) = (false, false);
            }
            let text = line.trim_ascii_start();
            let led = text.len() < line.len();
            if text.is_empty() {
                self.blank |= led;
                continue;
            }
            if self.content && (self.blank || led) {
                return None;
            }
            let core = text.trim_ascii_end();
            (self.content, self.blank) = (true, core.len() < text.len());
            self.run.extend_from_slice(core);
            if self.run.len() >= RUN {
                let whole = self.run.len() - self.run.len() % 4;
                // Padding may only stand at the very end, so a padded run here is refused by what follows it.
                decode_append(&self.run[..whole], out, false)?;
                self.run.drain(..whole);
            }
        }
        Some(())
    }

    /// Decodes the rest.
    pub fn finish(self, out: &mut Vec<u8>) -> Option<()> {
        decode_append(&self.run, out, true)
    }
}

fn decode_append(run: &[u8], out: &mut Vec<u8>, last: bool) -> Option<()> {
    if !last && run.last() == Some(&b'=') {
        return None;
    }
    base64_simd::STANDARD.decode_append(run, out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn spare_bits_padding_and_white_space_are_refused() {
        assert_eq!(parse_base64("QQ=="), Some(b"A".to_vec()));
        for text in ["QR==", "QQ", "QQ=", "Q Q==", "QQ==\n", "QQ==QQ==", "-_=="] {
            assert_eq!(parse_base64(text), None, "{text:?}");
        }
        assert!(parse_base32::<16>("yzgpnia5lqdvbdauxxrxqn6ggu").is_some());
        for text in [
            "yzgpnia5lqdvbdauxxrxqn6ggv", // a spare bit is set
            "YZGPNIA5LQDVBDAUXXRXQN6GGU",
            "yzgpnia5lqdvbdauxxrxqn6gg",
            "yzgpnia5lqdvbdauxxrxqn6ggu======",
        ] {
            assert_eq!(parse_base32::<16>(text), None, "{text:?}");
        }
        assert_eq!(parse_hex::<2>("AB01"), None);
        assert_eq!(parse_hex::<2>("ab01"), Some([0xab, 1]));
    }

    proptest! {
        #[test]
        fn a_body_reads_back_whatever_the_line_ends(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let mut body = Vec::new();
            base64_body(&bytes, &mut body);
            prop_assert_eq!(body.len() as u64, encoded_body_len(bytes.len() as u64));
            prop_assert!(body.split(|&b| b == b'\n').all(|line| line.len() <= 77));
            prop_assert_eq!(decode_base64_body(&body), Some(bytes.clone()));
            let bare: Vec<u8> = body.iter().copied().filter(|&b| b != b'\r').collect();
            prop_assert_eq!(decode_base64_body(&bare), Some(bytes));
        }

        #[test]
        fn a_body_in_pieces_reads_as_it_does_whole(
            body in "[A-Z\r\n =]{0,60}",
            cuts in proptest::collection::vec(0usize..60, 0..6),
        ) {
            let body = body.as_bytes();
            let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(body.len())).collect();
            cuts.extend([0, body.len()]);
            cuts.sort_unstable();
            let (mut decoder, mut out) = (BodyDecoder::default(), Vec::new());
            let pushed = cuts.windows(2).try_for_each(|cut| decoder.push(&body[cut[0]..cut[1]], &mut out));
            let read = pushed.and_then(|()| decoder.finish(&mut out)).map(|()| out);
            prop_assert_eq!(read, decode_base64_body(body));
        }
    }

    #[test]
    fn a_long_body_reads_back_and_padding_inside_is_refused() {
        let bytes: Vec<u8> = (0..300_000u32).map(|i| (i * 7 % 251) as u8).collect();
        let mut body = Vec::new();
        base64_body(&bytes, &mut body);
        assert_eq!(decode_base64_body(&body), Some(bytes.clone()));
        let (mut decoder, mut out) = (BodyDecoder::default(), Vec::new());
        for piece in body.chunks(1_009) {
            decoder.push(piece, &mut out).expect("base64");
        }
        decoder.finish(&mut out).expect("base64");
        assert_eq!(out, bytes);
        assert_eq!(decode_base64_body(b"QUJD QUJD\r\n"), None);
        assert_eq!(
            decode_base64_body(b" QUJD \r\n\r\n\tQUJD\r\n "),
            Some(b"ABCABC".to_vec())
        );
        assert_eq!(decode_base64_body(b"QQ==\r\nQQ==\r\n"), None);
        assert_eq!(decode_base64_body(b"QUJD!\r\n"), None);
    }
}
