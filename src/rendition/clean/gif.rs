//! GIF: pictures and their timing are copied; comments, XMP and applications unknown to us go.

use super::super::container::Fault;
use super::super::container::gif::{Gif, Kind};
use super::{Cleaned, changed};

const GRAPHIC_CONTROL: u8 = 0xF9;
const PLAIN_TEXT: u8 = 0x01;
const APPLICATION: u8 = 0xFF;

pub(super) fn clean(bytes: &[u8]) -> Result<Cleaned, Fault> {
    let gif = Gif::parse(bytes)?;
    let mut out = bytes[..gif.start].to_vec();
    for (kind, span) in &gif.blocks {
        let kept = match kind {
            Kind::Image => true,
            // Plain text is part of what is seen.
            Kind::Extension(GRAPHIC_CONTROL | PLAIN_TEXT, _) => true,
            Kind::Extension(APPLICATION, name) => {
                matches!(*name, b"NETSCAPE2.0" | b"ANIMEXTS1.0" | b"ICCRGBG1012")
            }
            Kind::Extension(..) => false,
        };
        if kept {
            out.extend_from_slice(&bytes[span.clone()]);
        }
    }
    out.extend_from_slice(&bytes[gif.end - 1..gif.end]);
    changed(bytes, out)
}
