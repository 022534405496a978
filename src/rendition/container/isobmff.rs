//! A file of ISO base media boxes (ISO/IEC 14496-12): MP4, QuickTime, HEIF, JPEG XL. We look for a
//! place in it.
//!
//! 1 walk the outer boxes, reading all but the media data. 2 hand a HEIF item list to
//! [`heif`](super::heif). 3 walk what is nested. 4 say "place" for a box made for one, for words
//! that go with one, and for a track whose samples may hold one.

use std::io::{Read, Seek, SeekFrom};

use super::super::words;
use super::boxes::{Stopped, Survey, boxes};
use super::{Fault, MAX_PIECES, be16, heif};

/// A box of metadata larger than this is not looked into: we then say that it may hold a place.
const MAX_BOX: u64 = 64 << 20;
const MAX_DEPTH: u8 = 16;

/// Walks a whole file.
pub(in super::super) fn survey(file: &mut (impl Read + Seek)) -> Result<Survey, Stopped> {
    let end = file.seek(SeekFrom::End(0))?;
    let mut found = Survey::default();
    let (mut at, mut boxes) = (0u64, 0usize);
    file.seek(SeekFrom::Start(0))?;
    let mut start = [0; 2];
    file.read_exact(&mut start)?;
    if start == *b"\xFF\x0A" {
        // A bare JPEG XL codestream: it has no place for metadata.
        return Ok(found);
    }
    while at < end {
        let (kind, header, size) = outer_header(file, at, end)?;
        let body = size - header;
        match &kind {
            b"mdat" | b"ftyp" | b"styp" | b"sidx" | b"mfra" | b"jxlc" | b"jxlp" | b"jbrd"
            | b"jxll" | b"JXL " => {}
            b"Exif" | b"xml " | b"brob" | b"jumb" => found.place = true,
            _ if body > MAX_BOX => found.place = true,
            _ => {
                let mut payload = vec![0; body as usize];
                file.read_exact(&mut payload)?;
                match &kind {
                    b"meta" if heif::is_item_list(&payload) => {
                        heif::survey(&payload, file, &mut found)?
                    }
                    // A motion photo: a whole video in a box of a still picture.
                    b"mpvd" => found.place |= survey_motion(&payload)?,
                    _ => found.place |= tells(&kind, &payload, Around::TOP, 0)?,
                }
            }
        }
        at += size;
        boxes += 1;
        if boxes > MAX_PIECES {
            return Err(Fault::Malformed("it has too many boxes").into());
        }
    }
    Ok(found)
}

fn survey_motion(payload: &[u8]) -> Result<bool, Fault> {
    let mut place = false;
    for inner in boxes(payload)? {
        place |= match &inner.kind {
            b"mdat" | b"ftyp" => false,
            _ => tells(&inner.kind, inner.body, Around::TOP, 1)?,
        };
    }
    Ok(place)
}

/// The kind, the length of the header and the whole length of the box at `at`.
fn outer_header(
    file: &mut (impl Read + Seek),
    at: u64,
    end: u64,
) -> Result<([u8; 4], u64, u64), Stopped> {
    file.seek(SeekFrom::Start(at))?;
    let mut head = [0; 8];
    file.read_exact(&mut head)?;
    let kind = [head[4], head[5], head[6], head[7]];
    let (header, size) = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
        0 => (8, end - at),
        1 => {
            let mut large = [0; 8];
            file.read_exact(&mut large)?;
            (16, u64::from_be_bytes(large))
        }
        size => (8, u64::from(size)),
    };
    if size < header {
        return Err(Fault::Malformed("a box is shorter than its own header").into());
    }
    if at.checked_add(size).is_none_or(|behind| behind > end) {
        return Err(Fault::Truncated.into());
    }
    Ok((kind, header, size))
}

/// What a box lies in.
#[derive(Clone, Copy)]
pub(super) struct Around {
    /// Of the track.
    handler: [u8; 4],
    /// A list of tags, each with a kind of its own.
    tags: bool,
}

impl Around {
    /// The file.
    const TOP: Around = Around {
        handler: *b"none",
        tags: false,
    };
}

/// Boxes of which the words in them alone are looked for. Makers have boxes of their own, in which a position may stand
/// in any form: those are not listed, and may tell a place.
const KNOWN: [&[u8; 4]; 71] = [
    b"hdlr", b"keys", b"data", b"mean", b"name", b"dref", b"nmhd", b"sthd", b"hmhd", b"iods",
    b"mehd", b"trex", b"leva", b"mfhd", b"mfro", b"tfra", b"saiz", b"saio", b"senc", b"pssh",
    b"subs", b"padb", b"stdp", b"stps", b"stsh", b"trep", b"trgr", b"tapt", b"load", b"imap",
    b"pnot", b"clip", b"matt", b"ctab", b"prfl", b"txas", b"elng", b"kind", b"strk", b"tsel",
    b"cprt", b"titl", b"dscp", b"perf", b"auth", b"gnre", b"rtng", b"clsf", b"kywd", b"albm",
    b"yrrc", b"coll", b"chpl", b"ludt", b"hnti", b"hinf", b"smta", b"smrd", b"SDLN", b"tagc",
    b"desc", b"LOOP", b"SelO", b"AllF", b"WLOC", b"pdin", b"prft", b"ssix", b"XMP_", b"fiel",
    b"hint",
];
/// The kinds of `uuid` that are text: XMP, and how a film is seen all around.
const TEXTS: [[u8; 16]; 2] = [
    *b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC",
    *b"\xFF\xCC\x82\x63\xF8\x55\x4A\x93\x88\x14\x58\x7A\x02\x52\x1F\xDD",
];

/// Does this box tell a place, or may it?
fn tells(kind: &[u8; 4], body: &[u8], around: Around, depth: u8) -> Result<bool, Fault> {
    if depth > MAX_DEPTH {
        return Err(Fault::Malformed("its boxes are nested too deeply"));
    }
    let children = match kind {
        b"moov" | b"trak" | b"minf" | b"stbl" | b"udta" | b"edts" | b"dinf" | b"mvex" | b"moof"
        | b"traf" | b"tref" | b"gmhd" | b"ilst" | b"----" => body,
        b"mdia" => body,
        b"meta" => meta_children(body),
        b"\xA9xyz" | b"@xyz" | b"loci" | b"CMT4" | b"GPMF" | b"\xA9gps" => return Ok(true),
        _ if kind[..3].eq_ignore_ascii_case(b"gps") => return Ok(true),
        b"stsd" => return Ok(samples_may_tell(body, around.handler)),
        b"stts" | b"ctts" | b"stss" | b"stsc" | b"stsz" | b"stz2" | b"stco" | b"co64" | b"sdtp"
        | b"sbgp" | b"sgpd" | b"cslg" | b"elst" | b"trun" | b"tfhd" | b"tfdt" | b"mvhd"
        | b"tkhd" | b"mdhd" | b"vmhd" | b"smhd" => {
            return Ok(false);
        }
        // What an editor took out may lie there still.
        b"free" | b"skip" | b"wide" | b"junk" => {
            return Ok(words::box_tells(body) || words::leftover_tells(body));
        }
        b"uuid" => {
            let text = body.first_chunk().is_some_and(|id| TEXTS.contains(id));
            return Ok(!text || words::box_tells(body));
        }
        _ => {
            let known = around.tags || kind[0] == 0xA9 || KNOWN.contains(&kind);
            return Ok(!known || words::box_tells(body));
        }
    };
    let list = boxes(children)?;
    let handler = list
        .iter()
        .find(|inner| kind == b"mdia" && &inner.kind == b"hdlr")
        .map(|inner| inner.body.get(8..12).and_then(|h| h.first_chunk()));
    let around = Around {
        handler: match handler {
            Some(handler) => handler.copied().unwrap_or(*b"none"),
            None => around.handler,
        },
        tags: matches!(
            kind,
            b"ilst" | b"----" | b"tref" | b"gmhd" | b"edts" | b"dinf"
        ),
    };
    for inner in &list {
        if tells(&inner.kind, inner.body, around, depth + 1)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// ISO puts version and flags before the children of `meta`, QuickTime does not.
fn meta_children(body: &[u8]) -> &[u8] {
    if body.get(4..8) == Some(b"hdlr") {
        body
    } else {
        body.get(4..).unwrap_or_default()
    }
}

/// A track of pictures or sound holds no place. One of text or data may, unless Apple's list of its
/// keys says otherwise.
fn samples_may_tell(stsd: &[u8], handler: [u8; 4]) -> bool {
    match &handler {
        b"vide" | b"soun" | b"auxv" | b"pict" | b"tmcd" | b"clcp" | b"hint" => {
            words::box_tells(stsd)
        }
        b"meta" => {
            let keyed = boxes(stsd.get(8..).unwrap_or_default()).is_ok_and(|entries| {
                !entries.is_empty() && entries.iter().all(|entry| &entry.kind == b"mebx")
            });
            !keyed || be16(stsd, 0).is_none() || words::box_tells(stsd)
        }
        _ => true,
    }
}
