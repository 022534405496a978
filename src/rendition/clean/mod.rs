//! Takes the place out of an original, never its pixels. What is kept is listed; everything else
//! goes.
//!
//! A file that carries nothing to remove stays bit for bit. Cleaning twice is cleaning once. A
//! structure that cannot be followed to its end is an error: it is never passed as clean.

mod gif;
mod heif;
mod jpeg;
mod pdf;
mod png;
mod sound;
mod tiff;
mod webp;

use std::io::Cursor;

use super::container::Fault;
use super::exif::Exif;
use super::format::whole_format;
use super::{Format, MAX_BYTES, PlaceError, has_place_reader};

/// What cleaning came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cleaned {
    /// Nothing had to go: send the file as it is.
    Unchanged,
    /// The file without its place, with the same pixels.
    Changed(Vec<u8>),
}

/// Removes the place from an original. A format that we cannot rewrite is refused if it has, or may
/// have, a place.
///
/// Of what is followed by nobody here ([`Format::Other`]) only the common signs of one are known;
/// text is what somebody wrote, and `Unchanged`. For large files use [`has_place_reader`], which
/// does not need them in memory.
pub fn clean(bytes: &[u8]) -> Result<Cleaned, PlaceError> {
    let format = whole_format(bytes);
    if (format.decodable() || format.boxed_picture()) && bytes.len() > MAX_BYTES {
        return Err(PlaceError::TooManyBytes { bytes: bytes.len() });
    }
    let cleaned = match format {
        Format::Jpeg => jpeg::clean(bytes),
        Format::Png => png::clean(bytes),
        Format::WebP => webp::clean(bytes),
        Format::Gif => gif::clean(bytes),
        Format::Tiff => match tiff::clean(bytes) {
            Ok(Some(cleaned)) => Ok(cleaned),
            Ok(None) => return Err(PlaceError::CannotRemove { format }),
            Err(fault) => Err(fault),
        },
        Format::Heic | Format::Avif => match heif::clean(bytes) {
            Ok(Some(cleaned)) => Ok(cleaned),
            Ok(None) => return Err(PlaceError::CannotRemove { format }),
            Err(fault) => Err(fault),
        },
        // Makers hide positions in notes of their own, and rewriting such a file may spoil it.
        Format::Raw => return Err(PlaceError::CannotRemove { format }),
        Format::Pdf => match pdf::clean(bytes) {
            Some(cleaned) => Ok(cleaned),
            None => return Err(PlaceError::CannotRemove { format }),
        },
        _ if !tells(bytes, format)? => Ok(Cleaned::Unchanged),
        Format::Mp3 | Format::Flac | Format::Wav => match sound::bare(bytes, format) {
            // What is left may be another format, or tell it all the same.
            Ok(bare) if whole_format(&bare) == format && !tells(&bare, format)? => {
                Ok(Cleaned::Changed(bare))
            }
            Ok(_) => return Err(PlaceError::CannotRemove { format }),
            Err(fault) => Err(fault),
        },
        _ => return Err(PlaceError::CannotRemove { format }),
    };
    cleaned.map_err(|fault| PlaceError::from_fault(format, fault))
}

fn tells(bytes: &[u8], format: Format) -> Result<bool, PlaceError> {
    has_place_reader(&mut Cursor::new(bytes), format)
}

/// What becomes of an Exif block in PNG and WebP.
enum Block {
    /// There is none, or it has only what we keep.
    Stays,
    /// It is replaced by this one, or by none.
    Becomes(Option<Vec<u8>>),
}

fn judge(exif: Option<&[u8]>) -> Block {
    match exif.map(Exif::read) {
        None => Block::Stays,
        Some(exif) if exif.only_kept => Block::Stays,
        Some(exif) => Block::Becomes(exif.kept()),
    }
}

/// `out` if anything changed.
fn changed(bytes: &[u8], out: Vec<u8>) -> Result<Cleaned, Fault> {
    Ok(if out == bytes {
        Cleaned::Unchanged
    } else {
        Cleaned::Changed(out)
    })
}
