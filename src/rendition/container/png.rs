//! A PNG as its chunks (PNG third edition, 5), from signature to IEND.

use std::ops::Range;

use super::{Fault, MAX_PIECES, be32};

pub(in super::super) const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1A\n";

/// One chunk.
#[derive(Debug)]
pub(in super::super) struct Chunk<'a> {
    pub kind: [u8; 4],
    pub data: &'a [u8],
    /// From its length field to its checksum.
    pub span: Range<usize>,
}

/// A complete PNG.
#[derive(Debug)]
pub(in super::super) struct Png<'a> {
    pub chunks: Vec<Chunk<'a>>,
    pub width: u32,
    pub height: u32,
}

impl<'a> Png<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        if !bytes.starts_with(SIGNATURE) {
            return Err(Fault::Malformed("its signature is wrong"));
        }
        let (mut chunks, mut at): (Vec<Chunk<'a>>, usize) = (Vec::new(), SIGNATURE.len());
        loop {
            let length = be32(bytes, at).ok_or(Fault::Truncated)? as usize;
            let kind = *bytes
                .get(at + 4..)
                .and_then(|rest| rest.first_chunk())
                .ok_or(Fault::Truncated)?;
            if !kind.iter().all(u8::is_ascii_alphabetic) {
                return Err(Fault::Malformed("a chunk has no proper name"));
            }
            let data = bytes.get(at + 8..at + 8 + length).ok_or(Fault::Truncated)?;
            let end = at + 12 + length;
            if end > bytes.len() {
                return Err(Fault::Truncated);
            }
            chunks.push(Chunk {
                kind,
                data,
                span: at..end,
            });
            at = end;
            if &kind == b"IEND" {
                break;
            }
            if chunks.len() >= MAX_PIECES {
                return Err(Fault::Malformed("it has too many chunks"));
            }
        }
        let header = chunks
            .first()
            .filter(|c| &c.kind == b"IHDR" && c.data.len() == 13);
        let size = header.and_then(|c| Some((be32(c.data, 0)?, be32(c.data, 4)?)));
        let (width, height) = size.ok_or(Fault::Malformed("it does not start with its header"))?;
        if width == 0 || height == 0 {
            return Err(Fault::Malformed("its header names no size"));
        }
        if !chunks.iter().any(|c| &c.kind == b"IDAT") {
            return Err(Fault::Malformed("it has no picture data"));
        }
        Ok(Self {
            chunks,
            width,
            height,
        })
    }

    /// The TIFF structure in its eXIf chunk.
    pub fn exif(&self) -> Option<&'a [u8]> {
        self.chunks
            .iter()
            .find(|c| &c.kind == b"eXIf")
            .map(|c| c.data)
    }
}

/// Width and height from the first 24 bytes alone, so that an absurd size is refused whatever
/// follows.
pub(in super::super) fn claimed_size(bytes: &[u8]) -> Option<(u32, u32)> {
    (bytes.get(12..16)? == b"IHDR").then_some((be32(bytes, 16)?, be32(bytes, 20)?))
}

/// A chunk as it stands in the file.
pub(in super::super) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length = u32::try_from(data.len()).expect("we only write chunks of a few hundred bytes");
    let mut out = length.to_be_bytes().to_vec();
    out.extend_from_slice(kind);
    out.extend_from_slice(data);
    let sum = crc32(&out[4..]);
    out.extend_from_slice(&sum.to_be_bytes());
    out
}

/// CRC-32 as in PNG annex D, bit by bit: it only ever sees a few hundred bytes.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                0xEDB8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            }
        })
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_checksum_of_iend_is_the_well_known_one() {
        assert_eq!(super::chunk(b"IEND", &[]), b"\0\0\0\0IEND\xAE\x42\x60\x82");
    }
}
