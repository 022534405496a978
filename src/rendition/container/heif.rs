//! The item list of a HEIF file (ISO/IEC 23008-12): where its Exif and XMP lie, and whether they
//! tell a place.

use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;

use super::super::{exif::Exif, words};
use super::boxes::{Inner, Stopped, Survey, boxes};
use super::{Fault, be16, be32};

/// Exif and XMP of a phone are some kilobytes.
const MAX_ITEM: u64 = 16 << 20;
/// Of all of them.
pub(in super::super) const MAX_TOLD: usize = 64 << 20;
/// Large pictures are put together of some hundred tiles, each an item in one piece.
const MAX_ITEMS: usize = 5_000;
const MAX_EXTENTS: usize = 20_000;

struct Entry {
    id: u32,
    kind: [u8; 4],
    /// A `mime` item whose content is not compressed.
    plain: bool,
}

/// An item of a whole file, and where its bytes lie in it.
pub(in super::super) struct Item {
    kind: [u8; 4],
    /// In their order.
    pub spans: Vec<Range<usize>>,
}

impl Item {
    /// It describes, and is not seen.
    pub fn tells(&self) -> bool {
        matches!(&self.kind, b"Exif" | b"mime")
    }

    /// It is Exif.
    pub fn is_exif(&self) -> bool {
        &self.kind == b"Exif"
    }
}

/// All items of a file; None where one lies where we do not follow.
pub(in super::super) fn items_of_file(bytes: &[u8]) -> Result<Option<Vec<Item>>, Fault> {
    let outer = boxes(bytes)?;
    let Some(meta) = find(&outer, b"meta").filter(|meta| is_item_list(meta)) else {
        return Ok(None);
    };
    let list = boxes(meta.get(4..).unwrap_or_default())?;
    let bad = Fault::Malformed("its list of items makes no sense");
    let entries = find(&list, b"iinf").map(items).transpose()?;
    let located = find(&list, b"iloc").map(|body| locations(body).ok_or(bad));
    let located = located.transpose()?.unwrap_or_default();
    let inside = find(&list, b"idat").unwrap_or_default();
    // Both are parts of the same bytes.
    let begin = (inside.as_ptr() as usize).checked_sub(bytes.as_ptr() as usize);
    let place = |location: &Location| -> Option<Vec<Range<usize>>> {
        let (base, limit) = match location.method {
            0 => (0, bytes.len()),
            1 => (begin?, inside.len()),
            _ => return None,
        };
        let span = |&(start, length): &(u64, u64)| {
            let start = usize::try_from(start).ok()?;
            let end = start.checked_add(usize::try_from(length).ok()?)?;
            (end <= limit).then_some(base + start..base + end)
        };
        location.extents.iter().map(span).collect()
    };
    let located = entries.unwrap_or_default().into_iter().map(|entry| {
        let location = located.iter().find(|l| l.id == entry.id);
        let spans = location.map_or(Some(Vec::new()), place)?;
        Some(Item {
            kind: entry.kind,
            spans,
        })
    });
    Ok(located.collect())
}

struct Location {
    id: u32,
    /// 0: offsets count in the file, 1: in `idat`; else we do not follow.
    method: u16,
    extents: Vec<(u64, u64)>,
}

/// Does this `meta` box describe items, as in a picture, rather than a film?
pub(super) fn is_item_list(meta: &[u8]) -> bool {
    meta.get(4..)
        .and_then(|rest| boxes(rest).ok())
        .is_some_and(|list| find(&list, b"iinf").is_some())
}

/// Reads Exif and XMP of all items. What cannot be read may hold a place.
pub(super) fn survey(
    meta: &[u8],
    file: &mut (impl Read + Seek),
    found: &mut Survey,
) -> Result<(), Stopped> {
    let list = boxes(meta.get(4..).unwrap_or_default())?;
    let bad = Fault::Malformed("its list of items makes no sense");
    let items = find(&list, b"iinf")
        .map(items)
        .transpose()?
        .unwrap_or_default();
    let locations = match find(&list, b"iloc") {
        Some(body) => locations(body).ok_or(bad)?,
        None => Vec::new(),
    };
    let inside = find(&list, b"idat").unwrap_or_default();
    found.place |= list.iter().any(|inner| match &inner.kind {
        b"hdlr" | b"pitm" | b"iinf" | b"iloc" | b"iref" | b"idat" | b"dinf" | b"grpl" | b"ipro" => {
            false
        }
        b"iprp" | b"free" | b"skip" => words::box_tells(inner.body),
        _ => true,
    });
    let mut told = 0;
    for item in items {
        let mut content = || match locations.iter().find(|l| l.id == item.id) {
            Some(_) if told > MAX_TOLD => Ok(None),
            Some(location) => {
                let content = read(location, inside, file)?;
                told += content.as_ref().map_or(0, Vec::len);
                Ok::<_, Stopped>(content)
            }
            None => Ok(None),
        };
        match (&item.kind, item.plain) {
            (b"Exif", _) => match content()?.as_deref().and_then(tiff_in_item) {
                Some(block) => {
                    let exif = Exif::read(block);
                    found.place |= exif.has_place || super::tiff::Tiff::parse(block).is_err();
                    found.exif.get_or_insert_with(|| block.to_vec());
                }
                None => found.place = true,
            },
            (b"mime", true) => {
                found.place |= content()?.is_none_or(|packet| words::xmp_tells(&packet))
            }
            (
                b"hvc1" | b"hev1" | b"av01" | b"jpeg" | b"avc1" | b"grid" | b"iden" | b"iovl"
                | b"tmap",
                _,
            ) => {}
            _ => found.place = true,
        }
    }
    Ok(())
}

fn find<'a>(list: &[Inner<'a>], kind: &[u8; 4]) -> Option<&'a [u8]> {
    list.iter()
        .find(|inner| &inner.kind == kind)
        .map(|inner| inner.body)
}

/// ISO/IEC 14496-12, 8.11.6.
fn items(iinf: &[u8]) -> Result<Vec<Entry>, Fault> {
    let bad = Fault::Malformed("its list of items makes no sense");
    let entries = if iinf.first() == Some(&0) { 6 } else { 8 };
    let parse = |entry: &Inner<'_>| {
        let b = entry.body;
        let (id, rest) = match b.first()? {
            2 => (be16(b, 4)?.into(), b.get(8..)?),
            3 => (be32(b, 4)?, b.get(10..)?),
            _ => return None,
        };
        let kind = *rest.first_chunk()?;
        // Name, content type and, if any, encoding of the content follow, each ended by a zero.
        let encoding = rest.get(4..)?.split(|byte| *byte == 0).nth(2);
        Some(Entry {
            id,
            kind,
            plain: encoding.is_none_or(<[u8]>::is_empty),
        })
    };
    let entries = boxes(iinf.get(entries..).ok_or(bad)?)?;
    if entries.len() > MAX_ITEMS {
        return Err(bad);
    }
    entries
        .iter()
        .map(|entry| parse(entry).ok_or(bad))
        .collect()
}

/// ISO/IEC 14496-12, 8.11.3.
fn locations(iloc: &[u8]) -> Option<Vec<Location>> {
    let version = *iloc.first()?;
    let (sizes, mut at) = (be16(iloc, 4)?, 6);
    let width = |shift: u16| usize::from(sizes >> shift & 15);
    let (offset, length, base) = (width(12), width(8), width(4));
    let index = if version == 0 { 0 } else { width(0) };
    let mut take = |bytes: usize| -> Option<u64> {
        let part = iloc.get(at..at + bytes).filter(|_| bytes <= 8)?;
        at += bytes;
        Some(part.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let wide = if version < 2 { 2 } else { 4 };
    let count = take(wide)?;
    let (mut list, mut pieces) = (Vec::new(), 0);
    if count > MAX_ITEMS as u64 {
        return None;
    }
    for _ in 0..count {
        let id = take(wide)? as u32;
        let method = if version == 0 {
            0
        } else {
            take(2)? as u16 & 15
        };
        let elsewhere = take(2)? != 0;
        let start = take(base)?;
        let extents = take(2)?;
        // Their numbers may take no room at all.
        pieces += extents as usize;
        if pieces > MAX_EXTENTS {
            return None;
        }
        let mut spans = Vec::new();
        for _ in 0..extents {
            take(index)?;
            let begin = start.checked_add(take(offset)?)?;
            spans.push((begin, take(length)?));
        }
        list.push(Location {
            id,
            method: if elsewhere { 15 } else { method },
            extents: spans,
        });
    }
    Some(list)
}

/// The content of an item, or None where we do not follow.
fn read(
    location: &Location,
    inside: &[u8],
    file: &mut (impl Read + Seek),
) -> Result<Option<Vec<u8>>, Stopped> {
    let size = location
        .extents
        .iter()
        .try_fold(0u64, |sum, (_, length)| sum.checked_add(*length));
    if size.is_none_or(|size| size > MAX_ITEM)
        || location.extents.iter().any(|(_, length)| *length == 0)
    {
        return Ok(None);
    }
    let mut content = Vec::new();
    for &(start, length) in &location.extents {
        match location.method {
            0 => {
                let from = content.len();
                content.resize(from + length as usize, 0);
                file.seek(SeekFrom::Start(start))?;
                file.read_exact(&mut content[from..])?;
            }
            1 => {
                let span = usize::try_from(start)
                    .ok()
                    .and_then(|s| inside.get(s..)?.get(..length as usize));
                content.extend_from_slice(span.ok_or(Fault::Truncated)?);
            }
            _ => return Ok(None),
        }
    }
    Ok(Some(content))
}

/// ISO/IEC 23008-12, A.2.1: four bytes say where the TIFF header is.
pub(in super::super) fn tiff_in_item(content: &[u8]) -> Option<&[u8]> {
    content.get(4..)?.get(be32(content, 0)? as usize..)
}
