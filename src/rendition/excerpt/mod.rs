//! The beginning of a sound or a document, cut by the sender: what stands in the tier `preview` of what is no picture.
//!
//! Nothing is decoded: whole frames, pages or lines are copied, so that nothing is lost of what they say. Everything
//! else of the file goes: titles, embedded pictures, places, and how long the whole is. Sound is never longer than what
//! was asked, save that at least one frame of it is there.
//!
//! Not here: films, and sound inside the boxes of MP4. Those need another program, see `convert`.

mod adts;
mod flac;
mod mp3;
mod ogg;
mod pdf;
mod text;
mod wav;

pub use self::pdf::MAX_FILE as MAX_PDF;

use std::str::FromStr;

use super::container::Fault;
use super::{Broken, Format};

/// Of a sound no more of its beginning than this is looked at, in bytes: it bounds the memory of a cut.
pub const MAX_EXCERPT_SOURCE: usize = 256 << 20;

/// In what a format is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Of sound and film.
    Seconds,
    /// Of PDF.
    Pages,
    /// Of text.
    Lines,
}

/// How much of a file an excerpt is, for each unit that is counted. Invariant: none is zero.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Lengths {
    /// Of sound and film.
    pub seconds: Option<u32>,
    /// Of PDF.
    pub pages: Option<u32>,
    /// Of text.
    pub lines: Option<u32>,
}

/// Why there is no excerpt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExcerptError {
    /// Nobody said how much of such a file.
    #[error("it is not said how much of this {format} file: add {}, such as --excerpt {}", .unit.name(), .unit.sample())]
    NoLength {
        /// Its format.
        format: Format,
        /// In what it is counted.
        unit: Unit,
    },
    /// A format of which we know no beginning.
    #[error("{format} files cannot be cut: share the whole, or save it in a format that can")]
    NotCut {
        /// Its format.
        format: Format,
    },
    /// Of a format that is none of those we know.
    #[error(
        "files of an unknown kind cannot be cut: share the whole, or save it in a format that can"
    )]
    NotKnown,
    /// It is not cut here, but another program may.
    #[error("this {format} file is not cut without another program")]
    Outside {
        /// Its format.
        format: Format,
    },
    /// It contradicts its format.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// A PDF under a password.
    #[error("this PDF is under a password, so that it cannot be cut: save it without one")]
    Encrypted,
    /// Larger than we take into memory.
    #[error("this {format} file is too large to be cut: more than {} MiB", .most >> 20)]
    TooLarge {
        /// Its format.
        format: Format,
        /// What is taken, in bytes.
        most: u64,
    },
}

impl Unit {
    fn name(self) -> &'static str {
        match self {
            Unit::Seconds => "seconds",
            Unit::Pages => "pages",
            Unit::Lines => "lines",
        }
    }

    fn sample(self) -> &'static str {
        match self {
            Unit::Seconds => "30s",
            Unit::Pages => "2p",
            Unit::Lines => "20l",
        }
    }
}

impl Lengths {
    /// What is cut where nobody says how much.
    pub const USUAL: Lengths = Lengths {
        seconds: Some(30),
        pages: Some(2),
        lines: Some(20),
    };

    /// How much of what is counted so.
    pub fn of(&self, unit: Unit) -> Option<u32> {
        match unit {
            Unit::Seconds => self.seconds,
            Unit::Pages => self.pages,
            Unit::Lines => self.lines,
        }
    }
}

/// `30s`, `2p`, `20l`, or several with commas between them.
impl FromStr for Lengths {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut lengths = Lengths::default();
        for piece in text.split(',') {
            let number = piece.strip_suffix(['s', 'p', 'l']);
            let Some(Ok(length @ 1..)) = number.map(str::parse::<u32>) else {
                return Err(format!(
                    "{text}: an excerpt is so many seconds, pages or lines"
                ));
            };
            let place = match piece.as_bytes().last() {
                Some(b's') => &mut lengths.seconds,
                Some(b'p') => &mut lengths.pages,
                _ => &mut lengths.lines,
            };
            if place.replace(length).is_some() {
                return Err(format!("{text}: one of its units stands there twice"));
            }
        }
        Ok(lengths)
    }
}

impl Format {
    /// In what an excerpt of it is counted; `None` where there is none.
    pub fn cut_by(&self) -> Option<Unit> {
        match self {
            Format::Wav | Format::Mp3 | Format::Aac | Format::Ogg | Format::Flac => {
                Some(Unit::Seconds)
            }
            Format::M4a | Format::Mp4 | Format::Mov => Some(Unit::Seconds),
            Format::Matroska | Format::Avi | Format::MpegTs => Some(Unit::Seconds),
            Format::Pdf => Some(Unit::Pages),
            Format::Text => Some(Unit::Lines),
            _ => None,
        }
    }
}

impl ExcerptError {
    /// That of such a file no beginning is known.
    pub fn not_cut(format: Format) -> Self {
        match format {
            Format::Other => ExcerptError::NotKnown,
            format => ExcerptError::NotCut { format },
        }
    }
}

/// Cuts the beginning of a file. Of a sound or text `bytes` may be its first [`MAX_EXCERPT_SOURCE`] bytes.
pub fn excerpt(bytes: &[u8], lengths: &Lengths) -> Result<Vec<u8>, ExcerptError> {
    let format = Format::sniff(bytes);
    let unit = format.cut_by().ok_or(ExcerptError::not_cut(format))?;
    let length = lengths
        .of(unit)
        .ok_or(ExcerptError::NoLength { format, unit })?;
    let cut = match format {
        Format::Wav => wav::cut(bytes, length),
        Format::Mp3 => mp3::cut(bytes, length),
        Format::Aac => adts::cut(bytes, length),
        Format::Flac => flac::cut(bytes, length),
        Format::Ogg => match ogg::cut(bytes, length) {
            Ok(None) => return Err(ExcerptError::Outside { format }),
            Ok(Some(cut)) => Ok(cut),
            Err(fault) => Err(fault),
        },
        Format::Text => Ok(text::cut(bytes, length)),
        Format::Pdf => return pdf::cut(bytes, length),
        _ => return Err(ExcerptError::Outside { format }),
    };
    cut.map_err(|fault: Fault| Broken::from_fault(format, fault).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_each_unit_once() {
        let both: Lengths = "30s,2p".parse().expect("lengths");
        assert_eq!(
            (both.seconds, both.pages, both.lines),
            (Some(30), Some(2), None)
        );
        for text in [
            "",
            "s",
            "0s",
            "30",
            "30x",
            "-1p",
            "30s,",
            "1s,2s",
            "4294967296l",
        ] {
            assert!(text.parse::<Lengths>().is_err(), "{text}");
        }
    }
}
