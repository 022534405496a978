//! HEIF: what stands in its Exif and XMP items is written over where it stands. Lengths and offsets stay, so pixels do.

use std::io::Cursor;
use std::ops::Range;

use super::super::container::Fault;
use super::super::container::boxes::Stopped;
use super::super::container::heif::{self, Item};
use super::super::container::isobmff;
use super::super::exif::Exif;
use super::Cleaned;

/// TIFF with nothing in it: a header, and a directory of no entries.
const EMPTY: &[u8] = b"MM\0*\0\0\0\x08\0\0\0\0\0\0";

/// None: a place is, or may be, where it cannot be written over.
pub(super) fn clean(bytes: &[u8]) -> Result<Option<Cleaned>, Fault> {
    if !tells(bytes)? {
        return Ok(Some(Cleaned::Unchanged));
    }
    let Some(items) = heif::items_of_file(bytes)? else {
        return Ok(None);
    };
    let (telling, shown): (Vec<Item>, Vec<Item>) = items.into_iter().partition(Item::tells);
    let pixels: Vec<&Range<usize>> = shown.iter().flat_map(|item| &item.spans).collect();
    let mut out = bytes.to_vec();
    for item in telling {
        let meets = |span: &Range<usize>| {
            let mut others = pixels.iter();
            others.any(|other| span.start < other.end && other.start < span.end)
        };
        if item.spans.iter().any(meets) {
            return Ok(None);
        }
        let length = item.spans.iter().map(Range::len).sum();
        let Some(mut content) = written(&item, bytes, length) else {
            return Ok(None);
        };
        for span in item.spans {
            let rest = content.split_off(span.len());
            out[span].copy_from_slice(&content);
            content = rest;
        }
    }
    // It may stand elsewhere too.
    Ok((!tells(&out)?).then_some(Cleaned::Changed(out)))
}

/// What an item becomes, of the same length.
fn written(item: &Item, bytes: &[u8], length: usize) -> Option<Vec<u8>> {
    if !item.is_exif() {
        return Some(vec![b' '; length]);
    }
    let content: Vec<u8> = item
        .spans
        .iter()
        .flat_map(|span| &bytes[span.clone()])
        .copied()
        .collect();
    let kept = heif::tiff_in_item(&content).and_then(|block| Exif::read(block).kept());
    let block = kept.unwrap_or_else(|| EMPTY.to_vec());
    // Four bytes before it say that it follows at once.
    let mut new = [&[0; 4], &block[..]].concat();
    if new.len() > length {
        new = [&[0; 4], EMPTY].concat();
    }
    (new.len() <= length).then(|| {
        new.resize(length, 0);
        new
    })
}

fn tells(bytes: &[u8]) -> Result<bool, Fault> {
    match isobmff::survey(&mut Cursor::new(bytes)) {
        Ok(found) => Ok(found.place),
        Err(Stopped::Fault(fault)) => Err(fault),
        Err(Stopped::Io(_)) => Err(Fault::Truncated),
    }
}
