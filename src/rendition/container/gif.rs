//! A GIF as its blocks (GIF89a), from header to trailer.

use std::ops::Range;

use super::{Fault, MAX_PIECES};

/// What a block is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Kind<'a> {
    /// An image with its descriptor and colour table.
    Image,
    /// An extension with its label, and the first of its sub-blocks.
    Extension(u8, &'a [u8]),
}

/// A complete GIF.
#[derive(Debug)]
pub(in super::super) struct Gif<'a> {
    pub blocks: Vec<(Kind<'a>, Range<usize>)>,
    pub width: u32,
    pub height: u32,
    /// Where the first block starts.
    pub start: usize,
    /// Just behind the trailer.
    pub end: usize,
}

impl<'a> Gif<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        if !bytes.starts_with(b"GIF8") {
            return Err(Fault::Malformed("its signature is wrong"));
        }
        let [w0, w1, h0, h1, flags, ..] = *bytes.get(6..13).ok_or(Fault::Truncated)? else {
            return Err(Fault::Truncated);
        };
        let (width, height) = (
            u16::from_le_bytes([w0, w1]).into(),
            u16::from_le_bytes([h0, h1]).into(),
        );
        let start = 13 + colour_table(flags);
        let (mut blocks, mut at) = (Vec::new(), start);
        loop {
            let begin = at;
            match *bytes.get(at).ok_or(Fault::Truncated)? {
                0x3B => break,
                0x2C => {
                    let flags = *bytes.get(at + 9).ok_or(Fault::Truncated)?;
                    // Descriptor, its colour table, the code size, then the data.
                    at = end_of_sub_blocks(bytes, at + 10 + colour_table(flags) + 1)?;
                    blocks.push((Kind::Image, begin..at));
                }
                0x21 => {
                    let label = *bytes.get(at + 1).ok_or(Fault::Truncated)?;
                    let length = usize::from(*bytes.get(at + 2).ok_or(Fault::Truncated)?);
                    let first = bytes.get(at + 3..at + 3 + length).ok_or(Fault::Truncated)?;
                    at = end_of_sub_blocks(bytes, at + 2)?;
                    blocks.push((Kind::Extension(label, first), begin..at));
                }
                _ => return Err(Fault::Malformed("bytes stand between two blocks")),
            }
            if blocks.len() > MAX_PIECES {
                return Err(Fault::Malformed("it has too many blocks"));
            }
        }
        if width == 0 || height == 0 || !blocks.iter().any(|(kind, _)| *kind == Kind::Image) {
            return Err(Fault::Malformed("it has no picture"));
        }
        Ok(Self {
            blocks,
            width,
            height,
            start,
            end: at + 1,
        })
    }
}

fn colour_table(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

fn end_of_sub_blocks(bytes: &[u8], mut at: usize) -> Result<usize, Fault> {
    loop {
        let length = usize::from(*bytes.get(at).ok_or(Fault::Truncated)?);
        at += 1 + length;
        if length == 0 {
            return Ok(at);
        }
    }
}
