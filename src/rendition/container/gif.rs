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
        let (width, height): (u32, u32) = (
            u16::from_le_bytes([w0, w1]).into(),
            u16::from_le_bytes([h0, h1]).into(),
        );
        let start = 13 + colour_table(flags);
        let (mut blocks, mut at, mut pictured) = (Vec::new(), start, false);
        loop {
            let begin = at;
            match *bytes.get(at).ok_or(Fault::Truncated)? {
                0x3B => break,
                0x2C => {
                    let descriptor = bytes.get(at + 5..at + 10).ok_or(Fault::Truncated)?;
                    let [w0, w1, h0, h1, flags] = *descriptor else {
                        return Err(Fault::Truncated);
                    };
                    let frame =
                        [[w0, w1], [h0, h1]].map(|side| u32::from(u16::from_le_bytes(side)));
                    // GIF89a §20: an image fits into its screen. The decoder makes room for the whole frame, and what
                    // it takes is counted by the screen; only the first frame is decoded.
                    if !pictured && (frame[0] > width || frame[1] > height) {
                        return Err(Fault::Malformed("its frame is larger than its screen"));
                    }
                    pictured = true;
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
        if width == 0 || height == 0 || !pictured {
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
