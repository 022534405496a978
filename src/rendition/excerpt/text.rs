//! Text: whole lines, byte for byte, whatever ends them.

/// The first lines; all of it where it has no more.
pub(super) fn cut(bytes: &[u8], lines: u32) -> Vec<u8> {
    let ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let end = ends.map(|(at, _)| at + 1).nth(lines as usize - 1);
    bytes[..end.unwrap_or(bytes.len())].to_vec()
}
