//! A JPEG as its marker segments (ITU-T T.81 annex B), from SOI to EOI, and what lies behind.

use std::ops::Range;

use super::super::{exif::Exif, words};
use super::{Fault, MAX_PIECES, be16};

pub(in super::super) const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
pub(in super::super) const SOS: u8 = 0xDA;
pub(in super::super) const APP0: u8 = 0xE0;
pub(in super::super) const APP1: u8 = 0xE1;
pub(in super::super) const APP2: u8 = 0xE2;
pub(in super::super) const APP13: u8 = 0xED;
pub(in super::super) const APP14: u8 = 0xEE;
pub(in super::super) const EXIF: &[u8] = b"Exif\0\0";
pub(in super::super) const ICC: &[u8] = b"ICC_PROFILE\0";

/// Progressive files of cameras and programs have about ten; every one costs a pass over the whole
/// picture.
const MAX_SCANS: usize = 100;

/// One marker with what belongs to it.
#[derive(Debug)]
pub(in super::super) struct Segment<'a> {
    pub marker: u8,
    /// Without marker and length.
    pub payload: &'a [u8],
    /// From the marker on; for SOS it includes the entropy-coded data.
    pub span: Range<usize>,
}

/// What SOF says.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Frame {
    pub width: u32,
    pub height: u32,
    /// Samples of all components together for each pixel, in 1/256: 768 without subsampling, 384
    /// for 4:2:0.
    pub samples: u64,
}

/// A complete JPEG: has SOI, one SOF, at least one SOS, and EOI.
#[derive(Debug)]
pub(in super::super) struct Jpeg<'a> {
    pub segments: Vec<Segment<'a>>,
    pub frame: Frame,
    pub scans: usize,
    /// Just behind EOI.
    pub end: usize,
}

impl<'a> Jpeg<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        if !bytes.starts_with(&[0xFF, SOI]) {
            return Err(Fault::Malformed("it does not start with SOI"));
        }
        let (mut segments, mut frame, mut scans, mut at) = (Vec::new(), None, 0, 2);
        loop {
            let (start, marker) = next_marker(bytes, at)?;
            match marker {
                EOI => {
                    let frame = frame.ok_or(Fault::Malformed("it has no frame header"))?;
                    if scans == 0 {
                        return Err(Fault::Malformed("it has no scan"));
                    }
                    return Ok(Self {
                        segments,
                        frame,
                        scans,
                        end: start + 2,
                    });
                }
                0xC0..=0xC7 | 0xC9..=0xCF | SOS | 0xDB..=0xDD | 0xE0..=0xEF | 0xFE => {}
                _ => return Err(Fault::Malformed("a marker stands where none may")),
            }
            let length = usize::from(be16(bytes, start + 2).ok_or(Fault::Truncated)?);
            if length < 2 {
                return Err(Fault::Malformed(
                    "a segment is shorter than its own length field",
                ));
            }
            let payload = bytes
                .get(start + 4..start + 2 + length)
                .ok_or(Fault::Truncated)?;
            at = start + 2 + length;
            match marker {
                SOS if frame.is_none() => {
                    return Err(Fault::Malformed("a scan comes before the frame header"));
                }
                SOS => {
                    scans += 1;
                    at = end_of_scan(bytes, at)?;
                }
                0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF if frame.is_some() => {
                    return Err(Fault::Malformed("it has two frame headers"));
                }
                0xC0..=0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                    frame = Some(Frame::parse(payload)?)
                }
                _ => {}
            }
            if segments.len() >= MAX_PIECES || scans > MAX_SCANS {
                return Err(Fault::Malformed("it has too many segments or scans"));
            }
            segments.push(Segment {
                marker,
                payload,
                span: start..at,
            });
        }
    }

    /// The TIFF structure in the first Exif segment.
    pub fn exif(&self) -> Option<&'a [u8]> {
        self.segments
            .iter()
            .filter(|s| s.marker == APP1)
            .find_map(|s| s.payload.strip_prefix(EXIF))
    }

    /// The ICC profile, put together from its numbered pieces, unless one is missing or they exceed
    /// `max` bytes.
    pub fn icc(&self, max: usize) -> Option<Vec<u8>> {
        let mut pieces: Vec<(u8, &[u8])> = Vec::new();
        for segment in self.segments.iter().filter(|s| s.marker == APP2) {
            if let Some([number, _, data @ ..]) = segment.payload.strip_prefix(ICC) {
                pieces.push((*number, data));
            }
        }
        pieces.sort_by_key(|(number, _)| *number);
        let in_order = pieces
            .iter()
            .zip(1u8..)
            .all(|((number, _), wanted)| *number == wanted);
        let size: usize = pieces.iter().map(|(_, data)| data.len()).sum();
        (in_order && size > 0 && size <= max).then(|| {
            pieces
                .into_iter()
                .flat_map(|(_, data)| data)
                .copied()
                .collect()
        })
    }

    /// Does it tell a place in Exif, XMP or IPTC?
    pub fn tells_place(&self) -> bool {
        self.segments.iter().any(|s| match s.marker {
            APP1 => match s.payload.strip_prefix(EXIF) {
                Some(block) => Exif::read(block).has_place,
                None => words::xmp_tells(s.payload),
            },
            APP13 => words::iptc_tells(s.payload),
            _ => false,
        })
    }

    /// Does Adobe's segment say that this is its kind of file, with inverted CMYK?
    pub fn adobe(&self) -> bool {
        self.segments
            .iter()
            .any(|s| s.marker == APP14 && s.payload.starts_with(b"Adobe"))
    }
}

impl Frame {
    fn parse(payload: &[u8]) -> Result<Self, Fault> {
        let bad = Fault::Malformed("its frame header makes no sense");
        let [_, h1, h0, w1, w0, components, rest @ ..] = payload else {
            return Err(bad);
        };
        let (height, width) = (
            u16::from_be_bytes([*h1, *h0]),
            u16::from_be_bytes([*w1, *w0]),
        );
        let factors: Vec<u8> = rest.chunks_exact(3).map(|c| c[1]).collect();
        let whole = factors.iter().map(|f| f >> 4).max().unwrap_or(0) as u64
            * factors.iter().map(|f| f & 15).max().unwrap_or(0) as u64;
        let sum: u64 = factors
            .iter()
            .map(|f| u64::from(f >> 4) * u64::from(f & 15))
            .sum();
        if width == 0
            || height == 0
            || whole == 0
            || factors.len() != usize::from(*components)
            || factors.len() > 4
        {
            return Err(bad);
        }
        Ok(Self {
            width: width.into(),
            height: height.into(),
            samples: (sum * 256).div_ceil(whole),
        })
    }
}

/// Finds the marker at `at`; fill bytes (B.1.1.2) may stand before it.
fn next_marker(bytes: &[u8], at: usize) -> Result<(usize, u8), Fault> {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.first() {
        None => return Err(Fault::Truncated),
        Some(0xFF) => {}
        Some(_) => return Err(Fault::Malformed("bytes stand between two segments")),
    }
    let fill = rest
        .iter()
        .position(|b| *b != 0xFF)
        .ok_or(Fault::Truncated)?;
    Ok((at + fill - 1, rest[fill]))
}

/// Goes over entropy-coded data: a marker ends it that is neither a stuffed zero nor a restart.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Result<usize, Fault> {
    loop {
        let rest = bytes.get(at..).ok_or(Fault::Truncated)?;
        at += rest
            .iter()
            .position(|b| *b == 0xFF)
            .ok_or(Fault::Truncated)?;
        match bytes.get(at + 1).ok_or(Fault::Truncated)? {
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Ok(at),
        }
    }
}
