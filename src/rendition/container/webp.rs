//! A WebP as the chunks of its RIFF form (RFC 9649).

use std::ops::Range;

use super::{Fault, MAX_PIECES, le32};

/// One chunk.
#[derive(Debug)]
pub(in super::super) struct Chunk<'a> {
    pub kind: [u8; 4],
    pub data: &'a [u8],
    /// From its name to its padding.
    pub span: Range<usize>,
}

/// A complete WebP.
#[derive(Debug)]
pub(in super::super) struct WebP<'a> {
    pub chunks: Vec<Chunk<'a>>,
    pub width: u32,
    pub height: u32,
}

impl<'a> WebP<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        if bytes.get(..4) != Some(b"RIFF") || bytes.get(8..12) != Some(b"WEBP") {
            return Err(Fault::Malformed("it does not start as RIFF WEBP"));
        }
        let size = le32(bytes, 4).ok_or(Fault::Truncated)? as usize;
        let end = 8 + size;
        let form = bytes.get(..end).ok_or(Fault::Truncated)?;
        let chunks = chunks(form, 12)?;
        let (width, height) =
            dimensions(chunks.first().ok_or(Fault::Malformed("it has no chunk"))?)
                .ok_or(Fault::Malformed("its first chunk names no size"))?;
        if !chunks
            .iter()
            .any(|c| matches!(&c.kind, b"VP8 " | b"VP8L" | b"ANMF"))
        {
            return Err(Fault::Malformed("it has no picture data"));
        }
        Ok(Self {
            chunks,
            width,
            height,
        })
    }

    /// The TIFF structure in its EXIF chunk; some programs put JPEG's prefix before it.
    pub fn exif(&self) -> Option<&'a [u8]> {
        let data = self.data(b"EXIF")?;
        Some(data.strip_prefix(super::jpeg::EXIF).unwrap_or(data))
    }

    /// What the first chunk of this name holds.
    pub fn data(&self, kind: &[u8; 4]) -> Option<&'a [u8]> {
        self.chunks.iter().find(|c| &c.kind == kind).map(|c| c.data)
    }
}

/// The chunks from `at` to the end of `form`.
pub(in super::super) fn chunks(form: &[u8], mut at: usize) -> Result<Vec<Chunk<'_>>, Fault> {
    let mut chunks = Vec::new();
    while at < form.len() {
        let kind = *form[at..]
            .first_chunk()
            .ok_or(Fault::Malformed("bytes stand behind its last chunk"))?;
        let length =
            le32(form, at + 4).ok_or(Fault::Malformed("a chunk reaches beyond its form"))? as usize;
        let data = form
            .get(at + 8..at + 8 + length)
            .ok_or(Fault::Malformed("a chunk reaches beyond its form"))?;
        // The padding byte of the last chunk is missing in some files.
        let next = (at + 8 + length + length % 2).min(form.len());
        chunks.push(Chunk {
            kind,
            data,
            span: at..next,
        });
        if chunks.len() > MAX_PIECES {
            return Err(Fault::Malformed("it has too many chunks"));
        }
        at = next;
    }
    Ok(chunks)
}

/// A chunk as it stands in the file.
pub(in super::super) fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let length =
        u32::try_from(data.len()).expect("a chunk is cut from a file of less than 256 MiB");
    let mut out = kind.to_vec();
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(data);
    out.resize(out.len() + data.len() % 2, 0);
    out
}

fn dimensions(first: &Chunk<'_>) -> Option<(u32, u32)> {
    let d = first.data;
    match &first.kind {
        b"VP8X" => {
            let less_one = |at: usize| {
                Some(u32::from_le_bytes([
                    *d.get(at)?,
                    *d.get(at + 1)?,
                    *d.get(at + 2)?,
                    0,
                ]))
            };
            Some((less_one(4)? + 1, less_one(7)? + 1))
        }
        b"VP8 " if d.get(3..6)? == b"\x9D\x01\x2A" => {
            let side = |at: usize| {
                Some(u32::from(
                    u16::from_le_bytes([*d.get(at)?, *d.get(at + 1)?]) & 0x3FFF,
                ))
            };
            Some((side(6)?, side(8)?)).filter(|(w, h)| *w > 0 && *h > 0)
        }
        b"VP8L" if *d.first()? == 0x2F => {
            let bits = le32(d, 1)?;
            Some(((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1))
        }
        _ => None,
    }
}
