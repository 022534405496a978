//! Places in what is no picture that we rewrite: is there one in this file?

use std::io::{self, Read, Seek};

use super::Format;
use super::container::Fault;
use super::container::boxes::Stopped;
use super::container::{isobmff, matroska, mpegts};
use super::loose::{self, Signs};

/// Why the place could not be removed, or looked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlaceError {
    /// It has a place, or may have one, and we cannot rewrite its format.
    #[error(
        "this {format} file says where it was taken, or may say it, and the place cannot be removed: \
         export it without its location, a picture as JPEG, or send it with its place on purpose"
    )]
    CannotRemove {
        /// Its format.
        format: Format,
    },
    /// It contradicts its format, so that we cannot tell what is in it.
    #[error(
        "the place cannot be removed from this {format} file, it is damaged ({what}): open and save it again"
    )]
    Malformed {
        /// Its format.
        format: Format,
        /// What is wrong, in words.
        what: &'static str,
    },
    /// Larger than we take into memory.
    #[error(
        "the place cannot be removed from a picture file of {bytes} bytes, more than 256 MiB: save it smaller first"
    )]
    TooManyBytes {
        /// Its length.
        bytes: usize,
    },
    /// Reading failed.
    #[error("the file could not be read to look for a place: {0}")]
    Io(#[from] io::Error),
}

impl PlaceError {
    pub(super) fn from_fault(format: Format, fault: Fault) -> Self {
        let what = match fault {
            Fault::Truncated => "it ends before it is complete",
            Fault::Malformed(what) => what,
        };
        Self::Malformed { format, what }
    }
}

/// Does this file hold a place, or something of which we cannot tell? Reads all of it but the media data of films. A
/// picture that [`clean`](super::clean) rewrites is none of its business; text never does, for it is what somebody wrote.
/// `format` says how it is read.
pub fn has_place_reader(file: &mut (impl Read + Seek), format: Format) -> Result<bool, PlaceError> {
    let told = match format {
        _ if format.boxed() => isobmff::survey(file).map(|found| found.place),
        Format::Matroska => matroska::survey(file),
        Format::MpegTs => mpegts::survey(file),
        Format::Mp3 | Format::Aac | Format::Ogg | Format::Flac | Format::Wav => {
            loose::speaks(file, Signs::AmongTags).map_err(Stopped::Io)
        }
        Format::Avi | Format::Pdf | Format::Other => {
            loose::speaks(file, Signs::Anywhere).map_err(Stopped::Io)
        }
        // Makers hide positions in notes of their own.
        Format::Raw => Ok(true),
        _ => Ok(false),
    };
    told.map_err(|stopped| match stopped {
        Stopped::Io(e) => PlaceError::Io(e),
        Stopped::Fault(fault) => PlaceError::from_fault(format, fault),
    })
}
