//! A TIFF structure (TIFF 6.0, 2): header and directories. It is also what an Exif block consists
//! of.

use std::ops::Range;

use super::Fault;

/// The tags that matter here, by their names in TIFF 6.0 and Exif 3.0.
pub(in super::super) mod tag {
    pub const NEW_SUBFILE_TYPE: u16 = 254;
    pub const WIDTH: u16 = 256;
    pub const HEIGHT: u16 = 257;
    pub const COMPRESSION: u16 = 259;
    pub const MAKE: u16 = 271;
    pub const MODEL: u16 = 272;
    pub const STRIP_OFFSETS: u16 = 273;
    pub const ORIENTATION: u16 = 274;
    pub const STRIP_COUNTS: u16 = 279;
    pub const DATE_TIME: u16 = 306;
    pub const TILE_OFFSETS: u16 = 324;
    pub const TILE_COUNTS: u16 = 325;
    pub const SUB_IFDS: u16 = 330;
    pub const THUMBNAIL: u16 = 513;
    pub const THUMBNAIL_COUNT: u16 = 514;
    pub const XMP: u16 = 700;
    pub const IPTC: u16 = 33723;
    pub const EXIF: u16 = 34665;
    pub const GPS: u16 = 34853;
    pub const EXIF_VERSION: u16 = 36864;
    pub const DATE_TIME_ORIGINAL: u16 = 36867;
    pub const DATE_TIME_DIGITIZED: u16 = 36868;
    pub const OFFSET_TIME: u16 = 36880;
    pub const OFFSET_TIME_ORIGINAL: u16 = 36881;
    pub const OFFSET_TIME_DIGITIZED: u16 = 36882;
    pub const INTEROPERABILITY: u16 = 40965;
    pub const DNG_VERSION: u16 = 50706;
}

/// A structure whose header is right; directories are read on demand.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Tiff<'a> {
    pub bytes: &'a [u8],
    big_endian: bool,
    /// Where the first directory lies.
    pub first: usize,
}

/// One directory.
#[derive(Debug)]
pub(in super::super) struct Ifd {
    pub entries: Vec<Entry>,
    /// Where it lies itself, from its count to its pointer to the next.
    pub span: Range<usize>,
    /// Where the next lies; 0 when it is the last.
    pub next: usize,
}

/// One tag of a directory.
#[derive(Debug, Clone)]
pub(in super::super) struct Entry {
    pub tag: u16,
    pub kind: u16,
    /// Where the twelve bytes of the entry itself are.
    pub at: usize,
    /// Where its value is: within the entry or elsewhere. None: beyond the end, or of an unknown
    /// type.
    pub value: Option<Range<usize>>,
}

impl<'a> Tiff<'a> {
    pub fn parse(bytes: &'a [u8]) -> Result<Self, Fault> {
        let big_endian = match bytes.get(..4) {
            Some(b"MM\0*") => true,
            // The other two are raw files of Panasonic and Olympus, laid out alike.
            Some(b"II*\0" | b"IIU\0" | b"IIRO" | b"IIRS") => false,
            Some(b"MMOR") => true,
            Some(_) => return Err(Fault::Malformed("its header is not that of TIFF")),
            None => return Err(Fault::Truncated),
        };
        let mut tiff = Self {
            bytes,
            big_endian,
            first: 0,
        };
        tiff.first = tiff.u32(4).ok_or(Fault::Truncated)? as usize;
        Ok(tiff)
    }

    pub fn u16(&self, at: usize) -> Option<u16> {
        let pair = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.big_endian {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        })
    }

    pub fn u32(&self, at: usize) -> Option<u32> {
        let four = *self.bytes.get(at..)?.first_chunk()?;
        Some(if self.big_endian {
            u32::from_be_bytes(four)
        } else {
            u32::from_le_bytes(four)
        })
    }

    /// `value` in this file's order of bytes.
    pub fn order16(&self, value: u16) -> [u8; 2] {
        if self.big_endian {
            value.to_be_bytes()
        } else {
            value.to_le_bytes()
        }
    }

    /// The directory at `at`.
    pub fn ifd(&self, at: usize) -> Result<Ifd, Fault> {
        if at < 8 {
            return Err(Fault::Malformed("a directory lies within the header"));
        }
        let count = usize::from(self.u16(at).ok_or(Fault::Truncated)?);
        let end = at + 2 + count * 12;
        let next = self.u32(end).ok_or(Fault::Truncated)? as usize;
        let entries = (0..count)
            .map(|n| self.entry(at + 2 + n * 12))
            .collect::<Option<_>>()
            .ok_or(Fault::Truncated)?;
        Ok(Ifd {
            entries,
            span: at..end + 4,
            next,
        })
    }

    fn entry(&self, at: usize) -> Option<Entry> {
        let (tag, kind, count) = (self.u16(at)?, self.u16(at + 2)?, self.u32(at + 4)? as usize);
        let unit = match kind {
            1 | 2 | 6 | 7 => Some(1),
            3 | 8 => Some(2),
            4 | 9 | 11 | 13 => Some(4),
            5 | 10 | 12 => Some(8),
            _ => None,
        };
        let value = unit.and_then(|unit| {
            let length = count.checked_mul(unit)?;
            let start = if length <= 4 {
                at + 8
            } else {
                self.u32(at + 8)? as usize
            };
            let end = start.checked_add(length)?;
            (end <= self.bytes.len()).then_some(start..end)
        });
        Some(Entry {
            tag,
            kind,
            at,
            value,
        })
    }

    /// The bytes of a value.
    pub fn value(&self, entry: &Entry) -> Option<&'a [u8]> {
        self.bytes.get(entry.value.clone()?)
    }

    /// The numbers of a value of type BYTE, SHORT, LONG or IFD; at most `max` of them.
    pub fn numbers(&self, entry: &Entry, max: usize) -> Option<Vec<usize>> {
        let range = entry.value.clone()?;
        let unit = match entry.kind {
            1 => 1,
            3 => 2,
            4 | 13 => 4,
            _ => return None,
        };
        if range.len() / unit > max {
            return None;
        }
        let read = |at| match unit {
            1 => self.bytes.get(at).map(|b| usize::from(*b)),
            2 => self.u16(at).map(usize::from),
            _ => self.u32(at).map(|n| n as usize),
        };
        range.step_by(unit).map(read).collect()
    }

    /// The one number of a tag.
    pub fn number(&self, ifd: &Ifd, tag: u16) -> Option<usize> {
        self.numbers(ifd.find(tag)?, 1)?.first().copied()
    }

    /// Is its first picture a stand-in, or is it a DNG: a camera's raw file?
    pub fn is_raw(&self) -> bool {
        let Ok(first) = self.ifd(self.first) else {
            return false;
        };
        let reduced = self
            .number(&first, tag::NEW_SUBFILE_TYPE)
            .is_some_and(|kind| kind & 1 == 1);
        first.find(tag::DNG_VERSION).is_some() || (reduced && first.find(tag::SUB_IFDS).is_some())
    }
}

impl Ifd {
    /// The first entry of this tag.
    pub fn find(&self, tag: u16) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }
}
