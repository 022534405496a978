//! FLAC: whole frames behind a header that tells only of them (RFC 9639). Tags, pictures and the table of places to
//! jump to go; the digest of all samples becomes "not known".

use super::super::container::Fault;

/// The length of STREAMINFO, the one block that each file has (RFC 9639, 8.2).
const STREAM_INFO: usize = 34;
const MAX_BLOCKS: usize = 10_000;

/// The header of a frame (RFC 9639, 9.1).
#[derive(Clone, Copy)]
struct Head {
    /// Counted in samples instead of frames.
    variable: bool,
    /// Of its first sample, or of the frame.
    number: u64,
    samples: u64,
}

pub(super) fn cut(bytes: &[u8], seconds: u32) -> Result<Vec<u8>, Fault> {
    let (info, mut at) = begin(bytes)?;
    // Twenty bits behind block and frame sizes.
    let hertz = u64::from(info[10]) << 12 | u64::from(info[11]) << 4 | u64::from(info[12] >> 4);
    if hertz == 0 {
        return Err(Fault::Malformed(
            "it does not say how fast its samples follow",
        ));
    }
    let most = hertz * u64::from(seconds);
    let bad = Fault::Malformed("no frames of sound are in it");
    let mut head = bytes.get(at..).and_then(Head::read).ok_or(bad)?;
    let (start, mut samples) = (at, 0);
    loop {
        if samples > 0 && samples + head.samples > most {
            break;
        }
        let Some((end, next)) = frame_end(bytes, at, head) else {
            break;
        };
        samples += head.samples;
        at = end;
        match next {
            Some(next) => head = next,
            None => break,
        }
    }
    if samples == 0 {
        return Err(Fault::Truncated);
    }
    let mut out = b"fLaC\x80\0\0\x22".to_vec();
    out.extend_from_slice(&info);
    // The sizes of the smallest and largest frame, and the digest: zero is "not known" (8.2).
    out[8 + 4..8 + 10].fill(0);
    let total = samples.to_be_bytes();
    out[8 + 13] = info[13] & 0xF0 | total[3] & 0x0F;
    out[8 + 14..8 + 18].copy_from_slice(&total[4..]);
    out[8 + 18..].fill(0);
    out.extend_from_slice(&bytes[start..at]);
    Ok(out)
}

/// STREAMINFO, and where the frames begin.
fn begin(bytes: &[u8]) -> Result<([u8; STREAM_INFO], usize), Fault> {
    let (mut at, mut info) = (4, None);
    for _ in 0..MAX_BLOCKS {
        let &[kind, a, b, c] = bytes
            .get(at..)
            .and_then(|rest| rest.first_chunk())
            .ok_or(Fault::Truncated)?;
        let size = u32::from_be_bytes([0, a, b, c]) as usize;
        let body = bytes.get(at + 4..at + 4 + size).ok_or(Fault::Truncated)?;
        if kind & 0x7F == 0 {
            info = body.first_chunk().copied();
        }
        at += 4 + size;
        if kind & 0x80 != 0 {
            let info = info.ok_or(Fault::Malformed("its description of the stream is missing"))?;
            return Ok((info, at));
        }
    }
    Err(Fault::Malformed("it has too many blocks"))
}

impl Head {
    fn read(bytes: &[u8]) -> Option<Head> {
        let &[sync, strategy, sizes, channels] = bytes.first_chunk::<4>()?;
        if sync != 0xFF || strategy & 0xFE != 0xF8 || channels & 1 != 0 || channels >> 4 > 10 {
            return None;
        }
        let (number, mut at) = coded_number(bytes.get(4..)?)?;
        at += 4;
        let mut more = |count: usize| {
            let part = bytes.get(at..at + count)?;
            at += count;
            Some(
                part.iter()
                    .fold(0u64, |sum, byte| sum << 8 | u64::from(*byte)),
            )
        };
        let samples = match sizes >> 4 {
            0 => return None,
            1 => 192,
            n @ 2..=5 => 144 << n,
            6 => more(1)? + 1,
            7 => more(2)? + 1,
            n => 1 << n,
        };
        match sizes & 15 {
            12 => more(1)?,
            13 | 14 => more(2)?,
            15 => return None,
            _ => 0,
        };
        let sum = *bytes.get(at)?;
        let right = bytes[..at].iter().fold(0u8, |sum, byte| {
            (0..8).fold(sum ^ byte, |sum, _| {
                if sum & 0x80 == 0 {
                    sum << 1
                } else {
                    sum << 1 ^ 7
                }
            })
        });
        (sum == right).then_some(Head {
            variable: strategy & 1 == 1,
            number,
            samples,
        })
    }

    fn follows(&self, before: &Head) -> bool {
        let step = if before.variable { before.samples } else { 1 };
        self.variable == before.variable && before.number.checked_add(step) == Some(self.number)
    }
}

/// A number coded as UTF-8 codes characters, up to 36 bits; and how many bytes it takes.
fn coded_number(bytes: &[u8]) -> Option<(u64, usize)> {
    let first = *bytes.first()?;
    let length = match first.leading_ones() {
        0 => return Some((u64::from(first), 1)),
        n @ 2..=7 => n as usize,
        _ => return None,
    };
    let start = u64::from(first) & (0x7F >> length);
    let rest = bytes.get(1..length)?;
    let number = rest.iter().try_fold(start, |sum, byte| {
        (byte & 0xC0 == 0x80).then(|| sum << 6 | u64::from(byte & 0x3F))
    })?;
    Some((number, length))
}

/// Where the frame at `at` ends, told by its checksum and the head of the one that follows; that head, unless it is the
/// last frame.
fn frame_end(bytes: &[u8], at: usize, head: Head) -> Option<(usize, Option<Head>)> {
    let mut sum = 0u16;
    // The checksum is zero when it runs over itself too.
    for (place, byte) in bytes.iter().enumerate().skip(at) {
        if sum == 0
            && place > at + 2
            && *byte == 0xFF
            && let Some(next) = Head::read(&bytes[place..])
            && next.follows(&head)
        {
            return Some((place, Some(next)));
        }
        sum = SUMS[usize::from((sum >> 8) as u8 ^ byte)] ^ sum << 8;
    }
    (sum == 0 && bytes.len() > at + 2).then_some((bytes.len(), None))
}

/// The checksum of each byte, polynomial 0x8005 (RFC 9639, 9.3).
const SUMS: [u16; 256] = {
    let mut sums = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut sum, mut bit) = ((byte as u16) << 8, 0);
        while bit < 8 {
            sum = if sum & 0x8000 == 0 {
                sum << 1
            } else {
                sum << 1 ^ 0x8005
            };
            bit += 1;
        }
        sums[byte] = sum;
        byte += 1;
    }
    sums
};
