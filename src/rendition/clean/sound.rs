//! MP3, FLAC and WAV: what is heard is copied byte for byte, the tags around it go, titles and pictures among them.

use super::super::Format;
use super::super::container::{Fault, be32, le32};

const MAX_CHUNKS: usize = 10_000;
/// Tags of one kind behind another.
const MAX_TAGS: usize = 16;

/// The sound without anything that is said of it.
pub(super) fn bare(bytes: &[u8], format: Format) -> Result<Vec<u8>, Fault> {
    match format {
        Format::Mp3 => mp3(bytes),
        Format::Flac => flac(bytes),
        _ => wav(bytes),
    }
}

fn mp3(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut rest = bytes;
    for _ in 0..MAX_TAGS {
        let Some(head) = rest.get(..10).filter(|head| head.starts_with(b"ID3")) else {
            break;
        };
        rest = rest.get(id3_len(head)..).ok_or(Fault::Truncated)?;
    }
    for _ in 0..MAX_TAGS {
        match tag_behind(rest) {
            Some(len) => rest = &rest[..rest.len().checked_sub(len).ok_or(Fault::Truncated)?],
            None => break,
        }
    }
    Ok(rest.to_vec())
}

/// With its head (ID3v2, 3.1): seven bits a byte; a footer doubles the head.
fn id3_len(head: &[u8]) -> usize {
    let size = head[6..10]
        .iter()
        .fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7F));
    10 + size + if head[5] & 0x10 == 0 { 0 } else { 10 }
}

/// How long the tag is that a file ends with: ID3v1, ID3v2 with its footer, APE or Lyrics3.
fn tag_behind(bytes: &[u8]) -> Option<usize> {
    const ID3_1: usize = 128;
    const APE: usize = 32;
    const LYRICS: &[u8] = b"LYRICS200";
    let last = |len: usize| bytes.len().checked_sub(len).map(|at| &bytes[at..]);
    if last(ID3_1).is_some_and(|tag| tag.starts_with(b"TAG")) {
        return Some(ID3_1);
    }
    if let Some(foot) = last(10).filter(|foot| foot.starts_with(b"3DI")) {
        return Some(id3_len(foot));
    }
    if let Some(foot) = last(APE).filter(|foot| foot.starts_with(b"APETAGEX")) {
        let head = if foot[23] & 0x80 == 0 { 0 } else { APE };
        return (le32(foot, 12)? as usize).checked_add(head);
    }
    let digits = last(LYRICS.len() + 6).filter(|end| end.ends_with(LYRICS))?;
    let size = std::str::from_utf8(&digits[..6]).ok()?;
    Some(size.parse::<usize>().ok()? + 6 + LYRICS.len())
}

/// The blocks that describe the sound stay (RFC 9639, 8): its form, the places to jump to, the tracks of a disc.
fn flac(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    const LAST: u32 = 0x8000_0000;
    let (mut at, mut kept) = (4, Vec::new());
    for _ in 0..MAX_CHUNKS {
        let head = be32(bytes, at).ok_or(Fault::Truncated)?;
        let end = at + 4 + (head & 0x00FF_FFFF) as usize;
        let block = bytes.get(at + 4..end).ok_or(Fault::Truncated)?;
        if matches!(head >> 24 & 0x7F, 0 | 3 | 5) {
            kept.push((head & !LAST, block));
        }
        at = end;
        if head & LAST == 0 {
            continue;
        }
        let mut out = bytes[..4].to_vec();
        let last = kept.pop();
        let last = last.ok_or(Fault::Malformed("its description of the stream is missing"))?;
        kept.push((last.0 | LAST, last.1));
        for (head, block) in kept {
            out.extend(head.to_be_bytes());
            out.extend_from_slice(block);
        }
        out.extend_from_slice(&bytes[at..]);
        return Ok(out);
    }
    Err(Fault::Malformed("it has too many blocks"))
}

fn wav(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let (mut at, mut out) = (12, bytes[..12].to_vec());
    for _ in 0..MAX_CHUNKS {
        let Some((kind, size)) = bytes.get(at..at + 4).zip(le32(bytes, at + 4)) else {
            let riff = u32::try_from(out.len() - 8)
                .map_err(|_| Fault::Malformed("its chunks make no sense"))?;
            out[4..8].copy_from_slice(&riff.to_le_bytes());
            return Ok(out);
        };
        let end = at + 8 + size as usize;
        // One that was being written says nothing, or too much; chunks begin at even places.
        let next = (end + end % 2).min(bytes.len());
        if matches!(kind, b"fmt " | b"fact" | b"data" | b"cue " | b"smpl") {
            if end > bytes.len() {
                return Err(Fault::Truncated);
            }
            out.extend_from_slice(&bytes[at..next]);
        }
        at = next;
    }
    Err(Fault::Malformed("it has too many chunks"))
}
