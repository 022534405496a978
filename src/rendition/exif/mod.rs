//! An Exif block: what we read from it, and the small one we write in its stead.

mod harmless;
mod write;

use super::container::tiff::{Entry, Ifd, Tiff, tag};
use harmless::{has_strays, is_harmless};
use write::{Field, size_of_ifd, write_ifd};

/// What an Exif block says, and what it carries besides.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Exif {
    /// 1 to 8; None when absent or senseless.
    pub orientation: Option<u8>,
    make: Option<String>,
    model: Option<String>,
    date_time: Option<String>,
    original: Option<String>,
    offset: Option<String>,
    offset_original: Option<String>,
    /// A position, or a directory for one that cannot be read.
    pub has_place: bool,
    /// Something besides the settings of the camera: GPS, a thumbnail, a comment, a tag unknown to us,
    /// or bytes that no tag refers to.
    pub carries_more: bool,
    /// It has nothing but what [`Exif::kept`] would write.
    pub only_kept: bool,
}

/// Tags of the first directory that [`Exif::kept`] writes.
const KEPT: [u16; 5] = [
    tag::MAKE,
    tag::MODEL,
    tag::ORIENTATION,
    tag::DATE_TIME,
    tag::EXIF,
];
/// Tags of the Exif directory that it writes.
const KEPT_BELOW: [u16; 3] = [
    tag::DATE_TIME_ORIGINAL,
    tag::OFFSET_TIME,
    tag::OFFSET_TIME_ORIGINAL,
];
impl Exif {
    /// Reads the TIFF structure `block`. Damage makes it say less and carry more, never fail.
    pub fn read(block: &[u8]) -> Self {
        let opaque = Self {
            carries_more: true,
            has_place: false,
            ..Self::default()
        };
        let Ok(tiff) = Tiff::parse(block) else {
            return opaque;
        };
        let Ok(first) = tiff.ifd(tiff.first) else {
            return opaque;
        };
        let mut exif = Self {
            only_kept: first.next == 0,
            carries_more: first.next != 0,
            ..Self::default()
        };
        exif.judge(&first, &KEPT);
        exif.orientation = tiff
            .number(&first, tag::ORIENTATION)
            .and_then(|n| u8::try_from(n).ok())
            .filter(|n| (1..=8).contains(n));
        exif.make = text(&tiff, &first, tag::MAKE);
        exif.model = text(&tiff, &first, tag::MODEL);
        exif.date_time = text(&tiff, &first, tag::DATE_TIME).and_then(|t| date(&t));
        exif.has_place = first
            .find(tag::GPS)
            .is_some_and(|pointer| gps_tells(&tiff, pointer));
        let mut directories = vec![first];
        for (pointer, kept) in [(tag::EXIF, &KEPT_BELOW[..]), (tag::INTEROPERABILITY, &[])] {
            let above = directories.last().expect("it begins with the first one");
            let Some(at) = above.find(pointer).map(|_| tiff.number(above, pointer)) else {
                break;
            };
            match at.map(|at| tiff.ifd(at)) {
                Some(Ok(below)) => {
                    exif.judge(&below, kept);
                    directories.push(below);
                }
                _ => exif.carries_more = true,
            }
        }
        if let Some(below) = directories.get(1) {
            exif.original = text(&tiff, below, tag::DATE_TIME_ORIGINAL).and_then(|t| date(&t));
            exif.offset = text(&tiff, below, tag::OFFSET_TIME).and_then(|t| offset(&t));
            exif.offset_original =
                text(&tiff, below, tag::OFFSET_TIME_ORIGINAL).and_then(|t| offset(&t));
        }
        exif.carries_more |= has_strays(block, &directories);
        exif.only_kept &= !exif.carries_more;
        exif
    }

    fn judge(&mut self, ifd: &Ifd, kept: &[u16]) {
        for entry in &ifd.entries {
            self.carries_more |= entry.value.is_none() || !is_harmless(entry.tag);
            self.only_kept &= kept.contains(&entry.tag);
        }
    }

    /// Local time of taking, with its offset only where the file names one.
    pub fn taken(&self) -> Option<String> {
        let (date, offset) = match (&self.original, &self.date_time) {
            (Some(original), _) => (
                original,
                self.offset_original.as_ref().or(self.offset.as_ref()),
            ),
            (None, Some(changed)) => (changed, self.offset.as_ref()),
            (None, None) => return None,
        };
        let (day, time) = date.split_at(10);
        Some(format!(
            "{}T{}{}",
            day.replace(':', "-"),
            time.trim_start(),
            offset.map_or("", String::as_str)
        ))
    }

    /// A new block with orientation, date and camera, so far as they are known; None when nothing
    /// is.
    pub fn kept(&self) -> Option<Vec<u8>> {
        let below: Vec<(u16, &str)> = [
            (tag::DATE_TIME_ORIGINAL, &self.original),
            (tag::OFFSET_TIME, &self.offset),
            (tag::OFFSET_TIME_ORIGINAL, &self.offset_original),
        ]
        .into_iter()
        .filter_map(|(tag, text)| Some((tag, text.as_deref()?)))
        .collect();
        let texts = |wanted: &[(u16, &Option<String>)]| -> Vec<Field> {
            wanted
                .iter()
                .filter_map(|(tag, text)| Some(Field::text(*tag, text.as_deref()?)))
                .collect()
        };
        // In ascending order of tags, as TIFF demands.
        let mut fields = texts(&[(tag::MAKE, &self.make), (tag::MODEL, &self.model)]);
        fields.extend(self.orientation.map(Field::orientation));
        fields.extend(texts(&[(tag::DATE_TIME, &self.date_time)]));
        let below: Vec<Field> = below
            .iter()
            .map(|(tag, text)| Field::text(*tag, text))
            .collect();
        if fields.is_empty() && below.is_empty() {
            return None;
        }
        let mut block = b"MM\0*\0\0\0\x08".to_vec();
        if below.is_empty() {
            write_ifd(&mut block, &fields);
        } else {
            let pointer = 8 + size_of_ifd(&fields) + 12;
            fields.push(Field::pointer(tag::EXIF, pointer));
            write_ifd(&mut block, &fields);
            write_ifd(&mut block, &below);
        }
        Some(block)
    }
}

/// Whether the TIFF structure `block` tells a position. Reads no more than it must.
pub(super) fn tells_place(block: &[u8]) -> bool {
    let Ok(tiff) = Tiff::parse(block) else {
        return false;
    };
    let count = usize::from(tiff.u16(tiff.first).unwrap_or(0));
    let mut tags = (0..count).map_while(|n| tiff.u16(tiff.first + 2 + 12 * n));
    tags.any(|tag| tag == tag::GPS) && Exif::read(block).has_place
}

/// Where in the TIFF structure `block` the orientation stands, and as what 1 is written there.
pub(super) fn upright(block: &[u8]) -> Option<(usize, [u8; 2])> {
    let tiff = Tiff::parse(block).ok()?;
    let first = tiff.ifd(tiff.first).ok()?;
    let entry = first
        .find(tag::ORIENTATION)
        .filter(|entry| entry.kind == 3)?;
    Some((entry.value.clone()?.start, tiff.order16(1)))
}

/// A GPS directory that holds no more than its version, as some cameras write it, tells no place.
fn gps_tells(tiff: &Tiff<'_>, pointer: &Entry) -> bool {
    let at = tiff.numbers(pointer, 1).and_then(|n| n.first().copied());
    match at.map(|at| tiff.ifd(at)) {
        Some(Ok(gps)) => gps.entries.iter().any(|entry| entry.tag != 0),
        _ => true,
    }
}

/// Printable text up to its first zero, at most 64 characters: enough for a camera, too little for
/// a story.
fn text(tiff: &Tiff<'_>, ifd: &Ifd, tag: u16) -> Option<String> {
    let entry = ifd.find(tag).filter(|entry| entry.kind == 2)?;
    let raw = tiff.value(entry)?.split(|b| *b == 0).next()?;
    let text: String = raw
        .iter()
        .take(64)
        .map(|b| char::from(*b))
        .filter(|c| matches!(c, ' '..='~'))
        .collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// `YYYY:MM:DD HH:MM:SS` if it is a moment that can be; cameras without a clock write zeros or
/// blanks.
fn date(text: &str) -> Option<String> {
    let shape = b"0000:00:00 00:00:00";
    let fits = |(have, want): (u8, &u8)| {
        if *want == b'0' {
            have.is_ascii_digit()
        } else {
            have == *want
        }
    };
    if text.len() != shape.len() || !text.bytes().zip(shape).all(fits) {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text[range].parse::<u16>().unwrap_or(u16::MAX);
    let sensible = number(0..4) > 0
        && (1..=12).contains(&number(5..7))
        && (1..=31).contains(&number(8..10))
        && number(11..13) < 24
        && number(14..16) < 60
        && number(17..19) <= 60;
    sensible.then(|| text.to_owned())
}

/// `±hh:mm`, or Z for zero.
fn offset(text: &str) -> Option<String> {
    if text == "Z" {
        return Some("+00:00".to_owned());
    }
    let b = text.as_bytes();
    let digits = b.len() == 6 && [1, 2, 4, 5].iter().all(|at| b[*at].is_ascii_digit());
    let fits = digits
        && matches!(b[0], b'+' | b'-')
        && b[3] == b':'
        && &text[1..3] <= "15"
        && &text[4..6] < "60";
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn full() -> Exif {
        Exif {
            orientation: Some(6),
            make: Some("Canon".into()),
            model: Some("EOS".into()),
            date_time: Some("2024:07:02 08:00:00".into()),
            original: Some("2024:07:01 10:11:12".into()),
            offset: Some("+01:00".into()),
            offset_original: Some("+02:00".into()),
            only_kept: true,
            ..Exif::default()
        }
    }

    #[test]
    fn what_is_kept_reads_back_and_is_all_there_is() {
        assert_eq!(Exif::read(&full().kept().expect("it has fields")), full());
        let sparse = Exif {
            orientation: Some(3),
            only_kept: true,
            ..Exif::default()
        };
        assert_eq!(Exif::read(&sparse.kept().expect("it has a field")), sparse);
        assert_eq!(Exif::default().kept(), None);
    }

    #[test]
    fn offset_of_the_original_wins_and_an_unknown_zone_stays_unknown() {
        assert_eq!(full().taken().as_deref(), Some("2024-07-01T10:11:12+02:00"));
        let only_general = Exif {
            offset_original: None,
            ..full()
        };
        assert_eq!(
            only_general.taken().as_deref(),
            Some("2024-07-01T10:11:12+01:00")
        );
        let none = Exif {
            offset_original: None,
            offset: None,
            ..full()
        };
        assert_eq!(none.taken().as_deref(), Some("2024-07-01T10:11:12"));
        let changed = Exif {
            original: None,
            offset: None,
            ..full()
        };
        assert_eq!(changed.taken().as_deref(), Some("2024-07-02T08:00:00"));
    }

    #[test]
    fn moments_that_cannot_be_are_none() {
        for bad in [
            "0000:00:00 00:00:00",
            "2024:13:01 00:00:00",
            "    :  :     :  :  ",
            "2024:07:01",
            "2024-07-01T10:11:12",
        ] {
            assert_eq!(date(bad), None, "{bad}");
        }
        for bad in ["", "02:00", "+2:00", "+99:00", "+02:60", "+é:00"] {
            assert_eq!(offset(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_damaged_block_says_nothing_and_may_carry_anything() {
        let exif = Exif::read(b"MM\0*\0\0\xFF\xFF");
        assert!(exif.carries_more && !exif.only_kept && exif.taken().is_none());
    }
}
