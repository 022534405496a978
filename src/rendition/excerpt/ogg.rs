//! Ogg (RFC 3533) with Vorbis or Opus: the headers without their tags, and pages up to the end; the last one is cut
//! between packets.

use super::super::container::{Fault, le32};

const CONTINUED: u8 = 1;
const FIRST: u8 = 2;
const LAST: u8 = 4;
/// Opus counts so whatever it plays at (RFC 7845, 4).
const OPUS_HERTZ: u32 = 48_000;
/// Of all headers together; what an encoder writes has some kilobytes, with a picture among the tags some megabytes.
const MAX_HEADERS: usize = 64 << 20;
/// A stream that was cut from a longer one begins at a later time than zero, and above this.
const LATE_SECONDS: i64 = 10;

struct Page<'a> {
    flags: u8,
    /// The time at which its last packet ends; -1 where none does.
    time: i64,
    serial: u32,
    lacing: &'a [u8],
    body: &'a [u8],
}

impl<'a> Page<'a> {
    fn read(bytes: &'a [u8]) -> Result<(Page<'a>, usize), Fault> {
        let head = bytes.get(..27).ok_or(Fault::Truncated)?;
        if !head.starts_with(b"OggS\0") {
            return Err(Fault::Malformed("its pages do not follow one another"));
        }
        let segments = usize::from(head[26]);
        let lacing = bytes.get(27..27 + segments).ok_or(Fault::Truncated)?;
        let length: usize = lacing.iter().map(|n| usize::from(*n)).sum();
        let body = 27 + segments;
        let time = head[6..14].try_into().expect("eight bytes of 27");
        let page = Page {
            flags: head[5],
            time: i64::from_le_bytes(time),
            serial: le32(head, 14).expect("four bytes of 27"),
            lacing,
            body: bytes.get(body..body + length).ok_or(Fault::Truncated)?,
        };
        Ok((page, body + length))
    }

    /// How many packets end on it.
    fn ends(&self) -> usize {
        self.lacing.iter().filter(|n| **n < 255).count()
    }

    /// What is left where only so many packets end on it.
    fn first(&self, packets: usize) -> Page<'a> {
        let ends = self.lacing.iter().enumerate().filter(|(_, n)| **n < 255);
        let segments = ends.map(|(at, _)| at + 1).take(packets).last().unwrap_or(0);
        let length: usize = self.lacing[..segments]
            .iter()
            .map(|n| usize::from(*n))
            .sum();
        Page {
            lacing: &self.lacing[..segments],
            body: &self.body[..length],
            ..*self
        }
    }
}

/// What is known of a codec by its first packet.
struct Codec {
    hertz: u32,
    /// What is decoded and not played, before the first sample.
    skipped: u16,
    /// The second packet, with nothing in it.
    tags: &'static [u8],
    /// How many packets are headers.
    headers: usize,
}

fn codec(first: &[u8]) -> Option<Codec> {
    if first.starts_with(b"\x01vorbis") {
        return Some(Codec {
            hertz: le32(first, 12).filter(|hertz| *hertz > 0)?,
            skipped: 0,
            tags: b"\x03vorbis\0\0\0\0\0\0\0\0\x01",
            headers: 3,
        });
    }
    first.starts_with(b"OpusHead").then_some(())?;
    Some(Codec {
        hertz: OPUS_HERTZ,
        skipped: u16::from_le_bytes(*first.get(10..)?.first_chunk()?),
        tags: b"OpusTags\0\0\0\0\0\0\0\0",
        headers: 2,
    })
}

/// `None`: neither Vorbis nor Opus, or not alone.
pub(super) fn cut(bytes: &[u8], seconds: u32) -> Result<Option<Vec<u8>>, Fault> {
    let (first, mut at) = Page::read(bytes)?;
    let Some(codec) = codec(first.body).filter(|_| first.flags & FIRST != 0) else {
        return Ok(None);
    };
    let mut out = Writer::new(first.serial);
    out.page(FIRST, 0, first.lacing, first.body);
    let Some(headers) = headers(bytes, &mut at, first.serial, codec.headers)? else {
        return Ok(None);
    };
    out.packets(
        &[
            &[codec.tags],
            &headers[1..].iter().map(Vec::as_slice).collect::<Vec<_>>()[..],
        ]
        .concat(),
    );

    let whole = i64::from(codec.hertz) * i64::from(seconds) + i64::from(codec.skipped);
    let (mut before, mut end) = (None, None);
    // A page that is cut short ends what can be had.
    while let Some(Ok((page, length))) = bytes.get(at..).map(Page::read) {
        if page.serial != first.serial || page.flags & FIRST != 0 {
            break;
        }
        at += length;
        if page.time < 0 {
            out.page(page.flags & CONTINUED, page.time, page.lacing, page.body);
            continue;
        }
        let late = i64::from(codec.hertz) * LATE_SECONDS;
        let since = *before.get_or_insert(if page.time > late { page.time } else { 0 });
        let end = *end.get_or_insert(since.saturating_add(whole));
        if page.time > end {
            out.partly(&page, since, end);
            break;
        }
        out.page(page.flags & CONTINUED, page.time, page.lacing, page.body);
        before = Some(page.time);
    }
    out.finish().map(Some)
}

/// The header packets behind the first; they end with their page. `None`: another stream is between them.
fn headers(
    bytes: &[u8],
    at: &mut usize,
    serial: u32,
    count: usize,
) -> Result<Option<Vec<Vec<u8>>>, Fault> {
    let (mut packets, mut packet, mut total) = (Vec::new(), Vec::new(), 0);
    while packets.len() < count - 1 {
        let (page, length) = Page::read(bytes.get(*at..).ok_or(Fault::Truncated)?)?;
        if page.serial != serial {
            return Ok(None);
        }
        *at += length;
        total += length;
        let mut body = page.body;
        for segment in page.lacing {
            let (piece, rest) = body.split_at(usize::from(*segment));
            packet.extend_from_slice(piece);
            body = rest;
            if *segment < 255 {
                packets.push(std::mem::take(&mut packet));
            }
        }
        if total > MAX_HEADERS || packets.len() >= count || length == 0 {
            break;
        }
    }
    if packets.len() != count - 1 || !packet.is_empty() {
        return Err(Fault::Malformed("its headers make no sense"));
    }
    Ok(Some(packets))
}

/// Writes pages of one stream.
struct Writer {
    out: Vec<u8>,
    serial: u32,
    number: u32,
    /// The last page on which a packet of sound ends: where it begins and where it ends.
    last: Option<(usize, usize)>,
}

impl Writer {
    fn new(serial: u32) -> Writer {
        Writer {
            out: Vec::new(),
            serial,
            number: 0,
            last: None,
        }
    }

    fn page(&mut self, flags: u8, time: i64, lacing: &[u8], body: &[u8]) {
        let start = self.out.len();
        self.out.extend_from_slice(b"OggS\0");
        self.out.push(flags);
        self.out.extend(time.to_le_bytes());
        self.out.extend(self.serial.to_le_bytes());
        self.out.extend(self.number.to_le_bytes());
        self.out.extend([0; 4]);
        self.out
            .push(u8::try_from(lacing.len()).expect("a page has at most 255 segments"));
        self.out.extend_from_slice(lacing);
        self.out.extend_from_slice(body);
        self.number += 1;
        self.sum(start, self.out.len());
        if time > 0 {
            self.last = Some((start, self.out.len()));
        }
    }

    /// Packets of headers, each page as full as it may be.
    fn packets(&mut self, packets: &[&[u8]]) {
        let body = packets.concat();
        let lacing: Vec<u8> = packets
            .iter()
            .flat_map(|packet| {
                let full = std::iter::repeat_n(255, packet.len() / 255);
                full.chain([(packet.len() % 255) as u8])
            })
            .collect();
        let (mut at, mut open) = (0, false);
        for lacing in lacing.chunks(255) {
            let length: usize = lacing.iter().map(|n| usize::from(*n)).sum();
            let flags = if open { CONTINUED } else { 0 };
            // A page on which no packet ends has no time.
            let time = if lacing.iter().all(|n| *n == 255) {
                -1
            } else {
                0
            };
            self.page(flags, time, lacing, &body[at..at + length]);
            at += length;
            open = lacing.last() == Some(&255);
        }
    }

    /// The packets of a page that end before `end`, taken to be of equal length.
    fn partly(&mut self, page: &Page<'_>, before: i64, end: i64) {
        let (span, wanted) = (page.time.saturating_sub(before), end.saturating_sub(before));
        let packets = page.ends() as i128;
        if span <= 0 || packets == 0 {
            return;
        }
        let kept = packets * i128::from(wanted.max(0)) / i128::from(span);
        // One at least where there is nothing else.
        let kept = kept.max(i128::from(self.last.is_none())).min(packets);
        if kept == 0 {
            return;
        }
        let time = i128::from(before) + i128::from(span) * kept / packets;
        let part = page.first(kept as usize);
        // Between two times of 64 bits.
        self.page(
            page.flags & CONTINUED,
            (time as i64).max(1),
            part.lacing,
            part.body,
        );
    }

    fn sum(&mut self, start: usize, end: usize) {
        self.out[start + 22..start + 26].fill(0);
        let sum = self.out[start..end].iter().fold(0u32, |sum, byte| {
            SUMS[usize::from((sum >> 24) as u8 ^ byte)] ^ sum << 8
        });
        self.out[start + 22..start + 26].copy_from_slice(&sum.to_le_bytes());
    }

    fn finish(mut self) -> Result<Vec<u8>, Fault> {
        let (start, end) = self.last.ok_or(Fault::Truncated)?;
        self.out.truncate(end);
        self.out[start + 5] |= LAST;
        self.sum(start, end);
        Ok(self.out)
    }
}

/// The checksum of each byte (RFC 3533, 6: polynomial 0x04C11DB7).
const SUMS: [u32; 256] = {
    let mut sums = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let (mut sum, mut bit) = ((byte as u32) << 24, 0);
        while bit < 8 {
            sum = if sum >> 31 == 0 {
                sum << 1
            } else {
                sum << 1 ^ 0x04C1_1DB7
            };
            bit += 1;
        }
        sums[byte] = sum;
        byte += 1;
    }
    sums
};
