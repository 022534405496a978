//! Is this file whole, and what does it say about itself? Nothing is decoded here.

use std::io::Cursor;

use super::container::Fault;
use super::container::boxes::Stopped;
use super::container::gif::{self, Gif};
use super::container::isobmff;
use super::container::jpeg::Jpeg;
use super::container::png::{self, Png};
use super::container::tiff::{Ifd, Tiff, tag};
use super::container::webp::WebP;
use super::exif::Exif;
use super::format::whole_format;
use super::{Cleaned, Format, MAX_BYTES, MAX_PIXELS, clean, words};

/// What a file says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// By its content.
    pub format: Format,
    /// Width as seen, after orientation; None unless it is a picture that we render.
    pub width: Option<u32>,
    /// Height as seen, after orientation; None unless it is a picture that we render.
    pub height: Option<u32>,
    /// Exif orientation, 1 to 8; 1 where none is named.
    pub orientation: u8,
    /// Local time of taking, `2024-07-01T10:11:12`, with `±hh:mm` behind it only where the file
    /// names an offset.
    pub taken: Option<String>,
    /// It names a place, or, for formats that are no pictures or made of boxes, may name one.
    pub has_place: bool,
}

/// Why a file is not taken in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Broken {
    /// Zero bytes, as a card reader leaves them behind.
    #[error("the file is empty: copy it again from the camera or card")]
    Empty,
    /// It ends too early.
    #[error("this {format} file ends before it is complete: copy it again from where it came")]
    Truncated {
        /// Its format.
        format: Format,
    },
    /// It contradicts its format.
    #[error("this {format} file is damaged ({what}): open and save it again with another program")]
    Malformed {
        /// Its format.
        format: Format,
        /// What is wrong, in words.
        what: &'static str,
    },
    /// More pixels than we decode.
    #[error(
        "this picture has {width} x {height} pixels, more than 200 megapixels: scale it down first"
    )]
    TooManyPixels {
        /// As in its header.
        width: u32,
        /// As in its header.
        height: u32,
    },
    /// More bytes than we take into memory.
    #[error("this picture file has {bytes} bytes, more than 256 MiB: save it smaller first")]
    TooManyBytes {
        /// Its length.
        bytes: usize,
    },
}

impl Broken {
    pub(super) fn from_fault(format: Format, fault: Fault) -> Self {
        match fault {
            Fault::Truncated => Self::Truncated { format },
            Fault::Malformed(what) => Self::Malformed { format, what },
        }
    }
}

/// Reads header and metadata, and checks that the file is complete as its format counts it.
pub fn examine(bytes: &[u8]) -> Result<Facts, Broken> {
    if bytes.is_empty() {
        return Err(Broken::Empty);
    }
    let format = whole_format(bytes);
    if format.decodable() {
        return Ok(look(bytes, format)?.facts);
    }
    let mut facts = Facts {
        format,
        width: None,
        height: None,
        orientation: 1,
        taken: None,
        has_place: false,
    };
    if format.boxed() {
        let found = isobmff::survey(&mut Cursor::new(bytes)).map_err(|stopped| match stopped {
            Stopped::Fault(fault) => Broken::from_fault(format, fault),
            Stopped::Io(_) => Broken::Truncated { format },
        })?;
        // HEIF turns its pictures by properties of its own; the Exif value is information only.
        facts.taken = found.exif.and_then(|block| Exif::read(&block).taken());
        facts.has_place = found.place;
    } else if format == Format::Raw {
        let exif = Exif::read(bytes);
        facts.taken = exif.taken();
        facts.has_place = exif.has_place;
    } else {
        facts.has_place = !matches!(clean(bytes), Ok(Cleaned::Unchanged));
    }
    Ok(facts)
}

/// A picture that we render, found complete and within bounds.
pub(super) struct Looked<'a> {
    pub facts: Facts,
    /// As coded, before orientation.
    pub width: u32,
    /// As coded, before orientation.
    pub height: u32,
    /// The structure, where decoding needs it again.
    pub jpeg: Option<Jpeg<'a>>,
}

/// [`examine`] for a picture that we render.
pub(super) fn look(bytes: &[u8], format: Format) -> Result<Looked<'_>, Broken> {
    if bytes.len() > MAX_BYTES {
        return Err(Broken::TooManyBytes { bytes: bytes.len() });
    }
    let broken = |fault| Broken::from_fault(format, fault);
    let mut jpeg = None;
    let (width, height, exif, says_more) = match format {
        Format::Jpeg => {
            let parsed = Jpeg::parse(bytes).map_err(broken)?;
            let exif = parsed.exif().map(Exif::read);
            let place = parsed.tells_place();
            let frame = parsed.frame;
            jpeg = Some(parsed);
            (frame.width, frame.height, exif, place)
        }
        Format::Png => {
            // An absurd size is refused in words about size, even where the rest is missing too.
            if let Some((width, height)) = png::claimed_size(bytes) {
                check_size(width, height)?;
            }
            let png = Png::parse(bytes).map_err(broken)?;
            let place = png
                .chunks
                .iter()
                .any(|c| matches!(&c.kind, b"iTXt" | b"tEXt") && words::xmp_tells(c.data));
            (png.width, png.height, png.exif().map(Exif::read), place)
        }
        Format::WebP => {
            let webp = WebP::parse(bytes).map_err(broken)?;
            (
                webp.width,
                webp.height,
                webp.exif().map(Exif::read),
                webp.data(b"XMP ").is_some_and(words::xmp_tells),
            )
        }
        Format::Gif => {
            let gif = Gif::parse(bytes).map_err(broken)?;
            let place = gif.blocks.iter().any(|(kind, span)| {
                *kind != gif::Kind::Image && words::xmp_tells(&bytes[span.clone()])
            });
            (gif.width, gif.height, None, place)
        }
        _ => {
            let tiff = Tiff::parse(bytes).map_err(broken)?;
            let first = tiff.ifd(tiff.first).map_err(broken)?;
            let (width, height) = tiff_size(&tiff, &first).map_err(broken)?;
            let says = |wanted, tells: fn(&[u8]) -> bool| {
                first
                    .find(wanted)
                    .and_then(|entry| tiff.value(entry))
                    .is_some_and(tells)
            };
            let place = says(tag::XMP, words::xmp_tells) || says(tag::IPTC, words::iptc_tells);
            (width, height, Some(Exif::read(bytes)), place)
        }
    };
    check_size(width, height)?;
    let exif = exif.unwrap_or_default();
    let orientation = exif.orientation.unwrap_or(1);
    let (seen_width, seen_height) = if orientation >= 5 {
        (height, width)
    } else {
        (width, height)
    };
    let facts = Facts {
        format,
        width: Some(seen_width),
        height: Some(seen_height),
        orientation,
        taken: exif.taken(),
        has_place: exif.has_place || says_more,
    };
    Ok(Looked {
        facts,
        width,
        height,
        jpeg,
    })
}

fn check_size(width: u32, height: u32) -> Result<(), Broken> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        Err(Broken::TooManyPixels { width, height })
    } else {
        Ok(())
    }
}

/// Size of the first picture; its strips or tiles must all lie within the file.
fn tiff_size(tiff: &Tiff<'_>, first: &Ifd) -> Result<(u32, u32), Fault> {
    let side = |wanted| {
        tiff.number(first, wanted)
            .and_then(|n| u32::try_from(n).ok())
            .filter(|n| *n > 0)
    };
    let size = side(tag::WIDTH)
        .zip(side(tag::HEIGHT))
        .ok_or(Fault::Malformed("its first directory names no size"))?;
    for (offsets, counts) in [
        (tag::STRIP_OFFSETS, tag::STRIP_COUNTS),
        (tag::TILE_OFFSETS, tag::TILE_COUNTS),
    ] {
        let Some((offsets, counts)) = first.find(offsets).zip(first.find(counts)) else {
            continue;
        };
        let list = |entry| {
            tiff.numbers(entry, super::container::MAX_PIECES)
                .ok_or(Fault::Truncated)
        };
        let within = list(offsets)?
            .into_iter()
            .zip(list(counts)?)
            .all(|(at, len)| {
                at.checked_add(len)
                    .is_some_and(|end| end <= tiff.bytes.len())
            });
        if !within {
            return Err(Fault::Truncated);
        }
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_is_refused_by_its_product_not_its_sides() {
        assert!(check_size(65_535, 3_000).is_ok());
        assert!(matches!(
            check_size(65_000, 65_000),
            Err(Broken::TooManyPixels { .. })
        ));
    }
}
