//! WAV: its format and whole blocks of its samples; every other chunk goes, which is where titles and places stand.

use super::super::container::{Fault, le32};

const MAX_CHUNKS: usize = 1_000;
/// Of a description of samples; the longest known has some hundred.
const MAX_FORMAT: usize = 4_096;
/// A file that was being written names this, or nothing, as its length.
const UNKNOWN: usize = u32::MAX as usize;

pub(super) fn cut(bytes: &[u8], seconds: u32) -> Result<Vec<u8>, Fault> {
    let (mut at, mut format) = (12, None);
    for _ in 0..MAX_CHUNKS {
        let kind = bytes.get(at..at + 4).ok_or(Fault::Truncated)?;
        let size = le32(bytes, at + 4).ok_or(Fault::Truncated)? as usize;
        let body = &bytes[at + 8..];
        match kind {
            b"fmt " if size > MAX_FORMAT => break,
            b"fmt " => format = Some(body.get(..size).ok_or(Fault::Truncated)?),
            b"data" => {
                let format =
                    format.ok_or(Fault::Malformed("its samples come before their format"))?;
                let whole = if size == 0 || size == UNKNOWN {
                    body.len()
                } else {
                    size.min(body.len())
                };
                return written(format, &body[..whole], seconds);
            }
            _ => {}
        }
        // Chunks begin at even places.
        at = at
            .checked_add(8 + size + size % 2)
            .ok_or(Fault::Truncated)?;
    }
    Err(Fault::Malformed("its chunks make no sense"))
}

fn written(format: &[u8], samples: &[u8], seconds: u32) -> Result<Vec<u8>, Fault> {
    let bad = Fault::Malformed("it does not say how its samples lie");
    let a_second = le32(format, 8).filter(|rate| *rate > 0).ok_or(bad)?;
    let block = format
        .get(12..14)
        .map(|b| u64::from(u16::from_le_bytes([b[0], b[1]])))
        .filter(|block| *block > 0)
        .ok_or(bad)?;
    let wanted = u64::from(a_second) * u64::from(seconds) / block * block;
    let held = samples.len() as u64 / block * block;
    // One block at least, so that there is something to hear.
    let length = wanted.max(block).min(held) as usize;
    if length == 0 {
        return Err(Fault::Truncated);
    }
    let length32 = u32::try_from(length).map_err(|_| bad)?;
    let padded = |length: usize| length + length % 2;
    let riff = 4 + 8 + padded(format.len()) + 8 + padded(length);
    let riff = u32::try_from(riff).map_err(|_| bad)?;
    let mut out = Vec::with_capacity(riff as usize + 8);
    out.extend_from_slice(b"RIFF");
    out.extend(riff.to_le_bytes());
    out.extend_from_slice(b"WAVEfmt ");
    // At most MAX_FORMAT.
    out.extend((format.len() as u32).to_le_bytes());
    out.extend_from_slice(format);
    out.resize(12 + 8 + padded(format.len()), 0);
    out.extend_from_slice(b"data");
    out.extend(length32.to_le_bytes());
    out.extend_from_slice(&samples[..length]);
    out.resize(riff as usize + 8, 0);
    Ok(out)
}
