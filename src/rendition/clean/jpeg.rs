//! JPEG: tables, frame and scans are copied; of the rest only JFIF, ICC and Adobe's colour
//! transform, and a small Exif block.

use super::super::container::Fault;
use super::super::container::jpeg::{APP0, APP1, APP2, APP14, EXIF, ICC, Jpeg, Segment};
use super::super::exif::Exif;
use super::Cleaned;

/// What becomes of a segment.
enum Fate {
    Stays,
    Becomes(Vec<u8>),
    Goes,
}

pub(super) fn clean(bytes: &[u8]) -> Result<Cleaned, Fault> {
    let jpeg = Jpeg::parse(bytes)?;
    let exif = jpeg.exif().map(Exif::read);
    let exifs = jpeg.segments.iter().filter(|s| is_exif(s)).count();
    let keep_exif = exifs == 1 && exif.as_ref().is_some_and(|exif| !exif.carries_more);
    let fates: Vec<Fate> = jpeg
        .segments
        .iter()
        .map(|s| {
            if keep_exif && is_exif(s) {
                Fate::Stays
            } else {
                fate(s)
            }
        })
        .collect();
    if jpeg.end == bytes.len() && fates.iter().all(|fate| matches!(fate, Fate::Stays)) {
        return Ok(Cleaned::Unchanged);
    }
    // Now that the file is rewritten, its Exif block too keeps only what is listed.
    let mut block = exif
        .and_then(|exif| exif.kept())
        .map(|block| segment(APP1, &[EXIF, &block].concat()));
    let mut out = bytes[..2].to_vec();
    for (s, fate) in jpeg.segments.iter().zip(fates) {
        // JFIF wants to be first; Exif comes right behind it.
        if s.marker != APP0 {
            out.extend(block.take().unwrap_or_default());
        }
        match fate {
            Fate::Stays if is_exif(s) => {}
            Fate::Stays => out.extend_from_slice(&bytes[s.span.clone()]),
            Fate::Becomes(new) => out.extend(new),
            Fate::Goes => {}
        }
    }
    out.extend_from_slice(&bytes[jpeg.end - 2..jpeg.end]);
    Ok(Cleaned::Changed(out))
}

fn is_exif(s: &Segment<'_>) -> bool {
    s.marker == APP1 && s.payload.starts_with(EXIF)
}

fn fate(s: &Segment<'_>) -> Fate {
    match s.marker {
        APP0 if s.payload.starts_with(b"JFIF\0") && s.payload.len() >= 14 => {
            // The last two bytes of JFIF's header are the size of its thumbnail.
            let mut bare = s.payload[..14].to_vec();
            bare[12..].fill(0);
            if s.payload == bare {
                Fate::Stays
            } else {
                Fate::Becomes(segment(APP0, &bare))
            }
        }
        APP2 if s.payload.starts_with(ICC) => Fate::Stays,
        APP14 if s.payload.starts_with(b"Adobe") && s.payload.len() >= 12 => {
            if s.payload.len() == 12 {
                Fate::Stays
            } else {
                Fate::Becomes(segment(APP14, &s.payload[..12]))
            }
        }
        0xE0..=0xEF | 0xFE => Fate::Goes,
        _ => Fate::Stays,
    }
}

fn segment(marker: u8, payload: &[u8]) -> Vec<u8> {
    let length =
        u16::try_from(payload.len() + 2).expect("we only write segments of a few hundred bytes");
    [&[0xFF, marker][..], &length.to_be_bytes(), payload].concat()
}
