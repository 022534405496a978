//! Does this file speak of a place anywhere? Looked for by its signs, in files whose parts are not followed one by one:
//! sound, documents, films of other makers, and what nobody knows.
//!
//! The signs: an Exif block with a position, the words that name one in XMP and in tags, in one byte a letter or in two,
//! and the record of a camcorder. What is packed or under a password shows none of them.

use std::io::{self, Read, Seek, SeekFrom};

use super::exif;

/// Words that go with a place wherever they stand.
const ANYWHERE: [&[u8]; 14] = [
    b"gpslatitude",
    b"gpslongitude",
    b"gpscoordinates",
    b"photoshop:city",
    b"photoshop:country",
    b"photoshop:state",
    b"iptc4xmpcore:location",
    b"iptc4xmpcore:countrycode",
    b"iptc4xmpext:location",
    b"location.iso6709",
    b"$gprmc,",
    b"$gpgga,",
    b"$gnrmc,",
    b"freegps ",
];

/// The same, and what stands for one among the tags of a sound or film.
const AMONG_TAGS: [&[u8]; 20] = [
    ANYWHERE[0],
    ANYWHERE[1],
    ANYWHERE[2],
    ANYWHERE[3],
    ANYWHERE[4],
    ANYWHERE[5],
    ANYWHERE[6],
    ANYWHERE[7],
    ANYWHERE[8],
    ANYWHERE[9],
    ANYWHERE[10],
    ANYWHERE[11],
    ANYWHERE[12],
    ANYWHERE[13],
    b"location",
    b"latitude",
    b"longitude",
    b"iso6709",
    b"gpscoord",
    b"gps_position",
];

/// How the record of a camcorder begins: the end of the UUID that stands before it, and its name. The name alone stands
/// somewhere in many a large file, by chance.
const MDPM: &[u8] = b"\x9A\x66MDPM";

/// What is held at once, and how much of it comes again with the next piece: an Exif block of a picture is no longer.
const PIECE: usize = 1 << 20;
const OVERLAP: usize = 64 << 10;
/// Blocks of pictures that are looked into, each of thousands of tags; behind so many there may be any.
const MAX_BLOCKS: usize = 10_000;

/// Which words count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signs {
    /// In any file: those that mean nothing else.
    Anywhere,
    /// In tags, where "location" alone is enough.
    AmongTags,
}

/// Reads a whole file in pieces.
pub(super) fn speaks(file: &mut (impl Read + Seek), signs: Signs) -> io::Result<bool> {
    file.seek(SeekFrom::Start(0))?;
    speaks_from_here(file, signs)
}

/// The same, from where the file stands.
pub(super) fn speaks_from_here(file: &mut impl Read, signs: Signs) -> io::Result<bool> {
    let mut look = Look::new(signs);
    let mut piece = Vec::with_capacity(PIECE);
    loop {
        piece.clear();
        file.by_ref().take(PIECE as u64).read_to_end(&mut piece)?;
        if piece.is_empty() {
            return Ok(look.end());
        }
        if look.more(&piece) {
            return Ok(true);
        }
    }
}

/// A look at bytes that come piece by piece.
pub(super) struct Look {
    held: Vec<u8>,
    signs: Signs,
    /// Blocks of pictures so far.
    blocks: usize,
}

impl Look {
    pub fn new(signs: Signs) -> Self {
        Look {
            held: Vec::new(),
            signs,
            blocks: 0,
        }
    }

    /// Whether a sign was found by now.
    pub fn more(&mut self, bytes: &[u8]) -> bool {
        self.held.extend_from_slice(bytes);
        if self.held.len() < PIECE {
            return false;
        }
        // What begins near the end is looked at when the rest of it is here.
        let until = self.held.len() - OVERLAP;
        let found = in_bytes(&self.held, until, self.signs, &mut self.blocks);
        self.held.drain(..until);
        found
    }

    /// Whether there was one up to the end.
    pub fn end(mut self) -> bool {
        in_bytes(&self.held, self.held.len(), self.signs, &mut self.blocks)
    }
}

/// In bytes that are all here.
pub(super) fn in_all(bytes: &[u8], signs: Signs) -> bool {
    in_bytes(bytes, bytes.len(), signs, &mut 0)
}

/// Of what begins before `until`. Counts the blocks of pictures.
fn in_bytes(bytes: &[u8], until: usize, signs: Signs, blocks: &mut usize) -> bool {
    let words: &[&[u8]] = match signs {
        Signs::Anywhere => &ANYWHERE,
        Signs::AmongTags => &AMONG_TAGS,
    };
    let mut first = [false; 256];
    for word in words {
        first[usize::from(word[0])] = true;
        first[usize::from(word[0].to_ascii_uppercase())] = true;
    }
    first[usize::from(b'E')] = true;
    first[usize::from(MDPM[0])] = true;
    let begins = bytes[..until].iter().enumerate();
    begins
        .filter(|(_, byte)| first[usize::from(**byte)])
        .any(|(at, _)| {
            let here = &bytes[at..];
            let letter = here[0].to_ascii_lowercase();
            let mut words = words.iter().filter(|word| word[0] == letter);
            words.any(|word| stands(here, word))
                || exif_tells(here, blocks)
                || camcorder_tells(here)
        })
}

/// Whether a word stands here, its letters one or two bytes apart.
fn stands(here: &[u8], word: &[u8]) -> bool {
    let close = here.get(..word.len());
    if close.is_some_and(|close| close.eq_ignore_ascii_case(word)) {
        return true;
    }
    let wide = here.get(..word.len() * 2 - 1);
    wide.is_some_and(|wide| {
        let pairs = wide.chunks(2).zip(word);
        pairs.fold(true, |all, (pair, letter)| {
            all && pair[0].eq_ignore_ascii_case(letter) && pair.get(1).is_none_or(|b| *b == 0)
        })
    })
}

/// The block of a picture that lies inside, such as the cover of a sound.
fn exif_tells(here: &[u8], blocks: &mut usize) -> bool {
    let Some(block) = here.strip_prefix(super::container::jpeg::EXIF) else {
        return false;
    };
    *blocks += 1;
    *blocks > MAX_BLOCKS || exif::tells_place(&block[..block.len().min(OVERLAP)])
}

/// The record that camcorders put into each group of pictures (AVCHD): tags of five bytes each, those of a position from
/// 0xB0 on. One that is cut in two by the packets around it may hold any.
fn camcorder_tells(here: &[u8]) -> bool {
    const POSITION: std::ops::RangeInclusive<u8> = 0xB0..=0xCA;
    let Some((count, tags)) = here.strip_prefix(MDPM).and_then(<[u8]>::split_first) else {
        return false;
    };
    let count = usize::from(*count);
    // Tags are in order; where they are not, something came between them.
    let mut last = 0;
    for tag in tags.chunks(5).take(count) {
        if POSITION.contains(&tag[0]) || tag.len() < 5 || tag[0] < last {
            return true;
        }
        last = tag[0];
    }
    false
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn told(bytes: &[u8], signs: Signs) -> bool {
        speaks(&mut Cursor::new(bytes), signs).expect("it is read")
    }

    #[test]
    fn a_word_is_found_where_two_pieces_meet_and_in_two_bytes_a_letter() {
        for before in [0, PIECE - 4, PIECE - OVERLAP - 4, PIECE + 7, 3 * PIECE - 1] {
            let narrow = [&vec![7; before][..], b"GPSLatitude"].concat();
            assert!(told(&narrow, Signs::Anywhere), "{before}");
            let wide: Vec<u8> = b"Location".iter().flat_map(|b| [*b, 0]).collect();
            let wide = [&vec![7; before][..], &wide].concat();
            assert!(told(&wide, Signs::AmongTags), "{before}");
            assert!(!told(&wide, Signs::Anywhere), "{before}");
        }
        assert!(!told(b"", Signs::Anywhere) && !told(b"gpslatitud", Signs::AmongTags));
    }

    #[test]
    fn the_record_of_a_camcorder_tells_only_with_a_position() {
        let record = |tags: &[u8]| {
            let tags: Vec<u8> = tags.iter().flat_map(|tag| [*tag, 1, 2, 3, 4]).collect();
            [&[0; 40][..], MDPM, &[(tags.len() / 5) as u8], &tags].concat()
        };
        assert!(!told(&record(&[0x18, 0x19, 0x70, 0x7f]), Signs::Anywhere));
        assert!(told(&record(&[0x18, 0xb2, 0xb5]), Signs::Anywhere));
        assert!(
            told(&record(&[0x18, 0x70, 0x19]), Signs::Anywhere),
            "in two"
        );
        assert!(!told(b"MDPM\x01\xb2\x01\x02\x03\x04", Signs::Anywhere));
    }
}
