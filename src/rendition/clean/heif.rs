//! HEIF: what stands in its Exif and XMP items is written over where it stands. Lengths and offsets stay, so pixels do.
//! What lies beside the picture in boxes of its own, such as the film of a telephone, goes: at the end it is cut off,
//! before that it becomes empty room.

use std::io::Cursor;
use std::ops::Range;

use super::super::container::Fault;
use super::super::container::boxes::{Inner, Stopped, boxes};
use super::super::container::heif::{self, Item};
use super::super::container::isobmff;
use super::super::exif::Exif;
use super::super::loose::{Signs, in_all};
use super::{Cleaned, changed};

/// TIFF with nothing in it: a header, and a directory of no entries.
const EMPTY: &[u8] = b"MM\0*\0\0\0\x08\0\0\0\0\0\0";

/// A picture has a handful.
const MAX_OUTER: usize = 1_000;

/// The boxes that the picture needs.
const SHOWN: [&[u8; 4]; 4] = [b"ftyp", b"meta", b"mdat", b"moov"];

/// None: a place is, or may be, where it cannot be written over.
pub(super) fn clean(bytes: &[u8]) -> Result<Option<Cleaned>, Fault> {
    let outer = boxes(bytes)?;
    if outer.len() > MAX_OUTER {
        return Err(Fault::Malformed("it has too many boxes"));
    }
    let mut out = bytes.to_vec();
    let gone = take_away_beside(&outer, &mut out);
    let Some(items) = heif::items_of_file(bytes)? else {
        let unchanged = out == bytes && !tells(bytes)?;
        return Ok(unchanged.then_some(Cleaned::Unchanged));
    };
    if items
        .iter()
        .flat_map(|item| &item.spans)
        .any(|span| meets(span, &gone))
    {
        return Ok(None);
    }
    take_away_unclaimed(&outer, &items, &mut out);
    if tells(&out)? && !write_over(items, bytes, &mut out) {
        return Ok(None);
    }
    // It may stand elsewhere too.
    if tells(&out)? {
        return Ok(None);
    }
    changed(bytes, out).map(Some)
}

/// Boxes that are not part of the picture; where they were.
fn take_away_beside(outer: &[Inner<'_>], out: &mut Vec<u8>) -> Vec<Range<usize>> {
    let shown = |one: &Inner<'_>| SHOWN.contains(&&one.kind);
    let end = outer
        .iter()
        .filter(|one| shown(one))
        .map(|one| one.span.end);
    let end = end.max().unwrap_or(out.len());
    let mut gone: Vec<Range<usize>> = std::iter::once(end..out.len()).collect();
    out.truncate(end);
    for one in outer
        .iter()
        .filter(|one| !shown(one) && one.span.end <= end)
    {
        out[one.span.start + 4..one.span.start + 8].copy_from_slice(b"free");
        out[one.span.end - one.body.len()..one.span.end].fill(0);
        gone.push(one.span.clone());
    }
    gone
}

/// What no item refers to, where it speaks of a place: a program took the item out of the list and left its bytes.
fn take_away_unclaimed(outer: &[Inner<'_>], items: &[Item], out: &mut [u8]) {
    let mut claimed: Vec<&Range<usize>> = items.iter().flat_map(|item| &item.spans).collect();
    // A film has lists of its own; an item of no stated length takes all that follows.
    if outer.iter().any(|one| &one.kind == b"moov") || claimed.iter().any(|span| span.is_empty()) {
        return;
    }
    claimed.sort_by_key(|span| span.start);
    for one in outer.iter().filter(|one| &one.kind == b"mdat") {
        let body = one.span.end - one.body.len()..one.span.end;
        let mut from = body.start;
        for end in claimed.iter().copied().chain([&(body.end..body.end)]) {
            let gap = from.max(body.start)..end.start.min(body.end);
            from = from.max(end.end);
            if !gap.is_empty() && in_all(&out[gap.clone()], Signs::AmongTags) {
                out[gap].fill(0);
            }
        }
    }
}

/// Writes over what tells; false where that would touch what is seen.
fn write_over(items: Vec<Item>, bytes: &[u8], out: &mut [u8]) -> bool {
    let (telling, shown): (Vec<Item>, Vec<Item>) = items.into_iter().partition(Item::tells);
    let told = telling.iter().flat_map(|item| &item.spans).map(Range::len);
    if told.sum::<usize>() > heif::MAX_TOLD {
        return false;
    }
    let pixels: Vec<Range<usize>> = shown.into_iter().flat_map(|item| item.spans).collect();
    for item in telling {
        if item.spans.iter().any(|span| meets(span, &pixels)) {
            return false;
        }
        let length = item.spans.iter().map(Range::len).sum();
        let Some(mut content) = written(&item, bytes, length) else {
            return false;
        };
        for span in item.spans {
            let rest = content.split_off(span.len());
            out[span].copy_from_slice(&content);
            content = rest;
        }
    }
    true
}

fn meets(span: &Range<usize>, others: &[Range<usize>]) -> bool {
    let mut others = others.iter();
    others.any(|other| span.start < other.end && other.start < span.end)
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
