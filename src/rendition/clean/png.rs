//! PNG: the chunks that make the picture are copied, and a small eXIf; text and all chunks unknown
//! to us go.

use super::super::container::Fault;
use super::super::container::png::{Png, SIGNATURE, chunk};
use super::{Block, Cleaned, changed, judge};

/// Chunks that decide how the picture looks (PNG third edition, 5.6), and its date of change.
const KEPT: [&[u8; 4]; 22] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB",
    b"cICP", b"mDCV", b"cLLI", b"bKGD", b"hIST", b"pHYs", b"sPLT", b"tIME", b"acTL", b"fcTL",
    b"fdAT", b"mDCv",
];

pub(super) fn clean(bytes: &[u8]) -> Result<Cleaned, Fault> {
    let png = Png::parse(bytes)?;
    let mut exif = judge(png.exif());
    let mut out = SIGNATURE.to_vec();
    for c in &png.chunks {
        if &c.kind == b"eXIf" {
            match std::mem::replace(&mut exif, Block::Becomes(None)) {
                Block::Stays => out.extend_from_slice(&bytes[c.span.clone()]),
                Block::Becomes(block) => out.extend(
                    block
                        .map(|block| chunk(b"eXIf", &block))
                        .unwrap_or_default(),
                ),
            }
        } else if KEPT.contains(&&c.kind) {
            out.extend_from_slice(&bytes[c.span.clone()]);
        }
    }
    changed(bytes, out)
}
