//! WebP: the chunks that make the picture are copied, and a small EXIF; XMP and all chunks unknown
//! to us go.

use super::super::container::Fault;
use super::super::container::webp::{Chunk, WebP, chunk, chunks};
use super::{Block, Cleaned, changed, judge};

const EXIF_FLAG: u8 = 0x08;
const XMP_FLAG: u8 = 0x04;

pub(super) fn clean(bytes: &[u8]) -> Result<Cleaned, Fault> {
    let webp = WebP::parse(bytes)?;
    // Without the extended header no metadata may follow, so there is nothing to keep it for.
    let extended = webp.chunks.first().is_some_and(|c| &c.kind == b"VP8X");
    let mut exif = if extended {
        judge(webp.exif())
    } else {
        Block::Becomes(None)
    };
    let has_exif = match &exif {
        Block::Stays => webp.exif().is_some(),
        Block::Becomes(block) => block.is_some(),
    };
    let mut out = bytes[..12].to_vec();
    for c in &webp.chunks {
        match &c.kind {
            b"VP8X" => {
                let mut header = c.data.to_vec();
                header[0] =
                    header[0] & !(EXIF_FLAG | XMP_FLAG) | if has_exif { EXIF_FLAG } else { 0 };
                out.extend(chunk(b"VP8X", &header));
            }
            b"EXIF" => match std::mem::replace(&mut exif, Block::Becomes(None)) {
                Block::Stays => out.extend_from_slice(&bytes[c.span.clone()]),
                Block::Becomes(block) => out.extend(
                    block
                        .map(|block| chunk(b"EXIF", &block))
                        .unwrap_or_default(),
                ),
            },
            b"ANMF" => out.extend(frame(bytes, c)?),
            b"VP8 " | b"VP8L" | b"ALPH" | b"ANIM" | b"ICCP" => {
                out.extend_from_slice(&bytes[c.span.clone()])
            }
            _ => {}
        }
    }
    let size = u32::try_from(out.len() - 8)
        .expect("it is not longer than the file, which is less than 256 MiB");
    out[4..8].copy_from_slice(&size.to_le_bytes());
    changed(bytes, out)
}

/// A frame of an animation holds chunks itself.
fn frame(bytes: &[u8], c: &Chunk<'_>) -> Result<Vec<u8>, Fault> {
    const HEADER: usize = 16;
    if c.data.len() < HEADER {
        return Err(Fault::Malformed("a frame is shorter than its header"));
    }
    let inner = chunks(c.data, HEADER)?;
    if inner.iter().all(is_picture) {
        return Ok(bytes[c.span.clone()].to_vec());
    }
    let kept = inner
        .iter()
        .filter(|c| is_picture(c))
        .flat_map(|i| &c.data[i.span.clone()])
        .copied();
    let data: Vec<u8> = c.data[..HEADER].iter().copied().chain(kept).collect();
    Ok(chunk(b"ANMF", &data))
}

fn is_picture(c: &Chunk<'_>) -> bool {
    matches!(&c.kind, b"VP8 " | b"VP8L" | b"ALPH")
}
