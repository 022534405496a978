//! PDF: what is said of it and of the pictures in it is written over where it stands, so that nothing moves.
//!
//! Not seen: what stands under a password, and what pictures in other formats say.

use std::ops::Range;

use lopdf::{Document, LoadOptions, Object};

use super::super::container::jpeg::{APP0, APP2, APP14, ICC, Jpeg};
use super::super::loose::{Signs, in_all};
use super::super::words::xmp_tells;
use super::Cleaned;

/// The largest file whose objects are looked at one by one.
const MAX_FILE: usize = 64 << 20;
/// The most that one stream of it may unfold to.
const MAX_STREAM: usize = 32 << 20;
/// What begins like a picture and is none; each may be followed to the end of the file.
const MAX_STRAY: usize = 100;

/// None: it tells a place where it cannot be written over, or is signed as it is.
pub(super) fn clean(bytes: &[u8]) -> Option<Cleaned> {
    let mut out = bytes.to_vec();
    for packet in packets(bytes).filter(|packet| xmp_tells(&bytes[packet.clone()])) {
        out[packet].fill(b' ');
    }
    for said in said_in_pictures(bytes)? {
        out[said].fill(0);
    }
    if in_all(&out, Signs::Anywhere) || says_folded(&out) {
        return None;
    }
    if out == bytes {
        return Some(Cleaned::Unchanged);
    }
    let signed = b"/ByteRange";
    let signed = bytes.windows(signed.len()).any(|here| here == signed);
    (!signed).then_some(Cleaned::Changed(out))
}

/// What stands between the ends of each XMP packet.
fn packets(bytes: &[u8]) -> impl Iterator<Item = Range<usize>> {
    const BEGIN: &[u8] = b"<x:xmpmeta";
    const END: &[u8] = b"</x:xmpmeta>";
    let find = |from: usize, words: &[u8]| {
        let mut windows = bytes.get(from..)?.windows(words.len());
        windows.position(|here| here == words).map(|at| from + at)
    };
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = find(from, BEGIN)?;
        from = find(start, END)? + END.len();
        Some(start..from)
    })
}

/// Of each JPEG that tells a place, all that is said beside the picture. None: too much only looks like one.
fn said_in_pictures(bytes: &[u8]) -> Option<Vec<Range<usize>>> {
    let (mut said, mut at, mut stray) = (Vec::new(), 0, 0);
    while let Some(found) = bytes[at..]
        .windows(3)
        .position(|here| here == b"\xFF\xD8\xFF")
    {
        let start = at + found;
        at = start + 3;
        let Ok(jpeg) = Jpeg::parse(&bytes[start..]) else {
            stray += 1;
            if stray > MAX_STRAY {
                return None;
            }
            continue;
        };
        at = start + jpeg.end;
        if !jpeg.tells_place() {
            continue;
        }
        let more = jpeg.segments.iter().filter(|s| match s.marker {
            APP0 | APP14 => false,
            APP2 => !s.payload.starts_with(ICC),
            marker => matches!(marker, 0xE0..=0xEF | 0xFE),
        });
        // Marker and length stay.
        said.extend(more.map(|s| start + s.span.start + 4..start + s.span.end));
    }
    Some(said)
}

/// Whether something that is said of it, and lies folded in the file, tells a place.
fn says_folded(bytes: &[u8]) -> bool {
    if bytes.len() > MAX_FILE {
        return false;
    }
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM);
    let Ok(document) = Document::load_mem_with_options(bytes, options) else {
        return false;
    };
    let mut streams = document.objects.values().filter_map(|object| match object {
        Object::Stream(stream) => Some(stream),
        _ => None,
    });
    streams.any(|stream| {
        let kind = stream.dict.get(b"Type").and_then(Object::as_name);
        let folded = matches!(kind, Ok(b"Metadata")) && stream.dict.has(b"Filter");
        folded
            && stream
                .get_plain_content_with_limit(MAX_STREAM)
                .map_or(true, |content| xmp_tells(&content))
    })
}
