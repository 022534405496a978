//! MP3: whole frames. The tags before and behind go, and the frame in which an encoder wrote how long the whole is. Where
//! frames are of many sizes another one is put there that says how long the excerpt is, for players guess it from the first.

use std::collections::BTreeSet;

use super::super::container::Fault;

/// Between the tags and the first frame.
const MAX_PADDING: usize = 1 << 20;
const MAX_TAGS: usize = 16;

/// Kilobits a second by the index in a frame header, for MPEG 1; and for MPEG 2 and 2.5 (ISO/IEC 11172-3, 13818-3).
const RATES: [[u32; 14]; 2] = [
    [
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ],
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];

/// The header of one frame.
#[derive(Clone, Copy)]
struct Frame {
    /// Bytes, header included.
    length: usize,
    samples: u64,
    hertz: u32,
    /// Where the words of an encoder stand in a frame without sound.
    words: usize,
}

impl Frame {
    fn read(bytes: &[u8]) -> Option<Frame> {
        let &[sync, kind, rate, mode] = bytes.first_chunk::<4>()?;
        let (version, layer) = (kind >> 3 & 3, kind >> 1 & 3);
        if sync != 0xFF || kind < 0xE0 || version == 1 || layer != 1 {
            return None;
        }
        let first = version == 3;
        let kilobits = *RATES[usize::from(!first)].get(usize::from(rate >> 4).checked_sub(1)?)?;
        let hertz = [44_100, 48_000, 32_000].get(usize::from(rate >> 2 & 3))?
            / match version {
                3 => 1,
                2 => 2,
                _ => 4,
            };
        let bytes_a_frame = if first { 144_000 } else { 72_000 } * kilobits / hertz;
        let mono = mode >> 6 == 3;
        let side = match (first, mono) {
            (true, false) => 32,
            (true, true) | (false, false) => 17,
            (false, true) => 9,
        };
        let checked = usize::from(kind & 1 == 0) * 2;
        Some(Frame {
            length: bytes_a_frame as usize + usize::from(rate >> 1 & 1),
            samples: if first { 1152 } else { 576 },
            hertz,
            words: 4 + checked + side,
        })
    }

    /// Holds no sound, but how long the whole is.
    fn is_words(&self, bytes: &[u8]) -> bool {
        let at =
            |place: usize, words: &[u8]| bytes.get(place..).is_some_and(|b| b.starts_with(words));
        // Some encoders leave the place of the checksum out of their count.
        [self.words, self.words.saturating_sub(2), self.words + 2]
            .iter()
            .any(|place| at(*place, b"Xing") || at(*place, b"Info"))
            || at(36, b"VBRI")
    }
}

pub(super) fn cut(bytes: &[u8], seconds: u32) -> Result<Vec<u8>, Fault> {
    let mut at = begin(bytes)?;
    let (mut out, mut samples, mut first) = (Vec::new(), 0, true);
    let (mut count, mut rates) = (0, BTreeSet::new());
    while let Some(frame) = bytes.get(at..).and_then(Frame::read) {
        let Some(content) = bytes.get(at..at + frame.length) else {
            break;
        };
        at += frame.length;
        if std::mem::take(&mut first) && frame.is_words(content) {
            continue;
        }
        samples += frame.samples;
        if !out.is_empty() && samples > u64::from(frame.hertz) * u64::from(seconds) {
            break;
        }
        out.extend_from_slice(content);
        count += 1;
        rates.insert(content[2] >> 4);
    }
    if out.is_empty() {
        return Err(Fault::Truncated);
    }
    match rates.len() > 1 {
        true => Ok([words(&out, count), out].concat()),
        false => Ok(out),
    }
}

/// A frame without sound that says how many follow it, and of how many bytes (the header of Xing).
fn words(sound: &[u8], count: u32) -> Vec<u8> {
    /// Frames and bytes stand in it, and no table of places.
    const SAID: u32 = 3;
    let frame = (1..15).find_map(|rate| {
        // No checksum, of the least size that has room.
        let head = [
            sound[0],
            sound[1] | 1,
            rate << 4 | sound[2] & 0x0C,
            sound[3],
        ];
        let frame = Frame::read(&head).filter(|frame| frame.length >= frame.words + 16)?;
        Some((head, frame))
    });
    let Some((head, frame)) = frame else {
        return Vec::new();
    };
    let mut out = vec![0; frame.length];
    out[..4].copy_from_slice(&head);
    let all = u32::try_from(sound.len() + frame.length).unwrap_or(u32::MAX);
    let said = [SAID, count, all].map(u32::to_be_bytes).concat();
    out[frame.words..frame.words + 16].copy_from_slice(&[&b"Xing"[..], &said].concat());
    out
}

/// Where the first frame lies: behind ID3 tags, and so that another follows it.
fn begin(bytes: &[u8]) -> Result<usize, Fault> {
    let mut at = 0;
    for _ in 0..MAX_TAGS {
        let rest = bytes.get(at..).ok_or(Fault::Truncated)?;
        if !rest.starts_with(b"ID3") {
            break;
        }
        let head = rest.get(..10).ok_or(Fault::Truncated)?;
        // ID3v2, 3.1: seven bits a byte; a footer doubles the header.
        let size = head[6..]
            .iter()
            .fold(0, |sum, b| sum << 7 | usize::from(b & 0x7F));
        at += 10 + size + if head[5] & 0x10 == 0 { 0 } else { 10 };
    }
    let rest = bytes.get(at..).ok_or(Fault::Truncated)?;
    let found = (0..rest.len().min(MAX_PADDING)).find(|start| {
        Frame::read(&rest[*start..]).is_some_and(|frame| {
            let behind = rest.get(start + frame.length..);
            behind.is_some_and(|behind| {
                // The end, or the tag that stands there.
                behind.is_empty() || behind.starts_with(b"TAG") || Frame::read(behind).is_some()
            })
        })
    });
    found
        .map(|start| at + start)
        .ok_or(Fault::Malformed("no frames of sound are in it"))
}
