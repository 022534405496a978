//! The film that a telephone puts into one file with a picture: a motion photo. It stands behind the end of the JPEG, or in
//! a box of its own in a HEIC, where no program for pictures looks, and goes when the place is taken out.

use std::ops::Range;

use super::Format;
use super::container::boxes::boxes;
use super::container::jpeg::Jpeg;

/// What a film consists of at its top (ISO/IEC 14496-12; QuickTime File Format).
const BOXES: [&[u8; 4]; 13] = [
    b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"udta", b"moof",
    b"mfra", b"sidx", b"styp",
];

/// Where in the file of a picture its film lies, if there is a whole one. What stands before and behind it there, such as
/// a further picture or a maker's own index, is none of it.
pub fn clip_behind(picture: &[u8]) -> Option<Range<usize>> {
    if Format::sniff(picture).boxed_picture() {
        return clip_in_box(picture);
    }
    let end = Jpeg::parse(picture).ok()?.end;
    let behind = &picture[end..];
    let mut marks = behind.windows(8).enumerate();
    marks.find_map(|(at, eight)| {
        let begins = eight.ends_with(b"ftyp");
        let len = begins.then(|| film_len(&behind[at..])).flatten()?;
        Some(end + at..end + at + len)
    })
}

/// The box that telephones have for it (Android, Motion Photo 1.0).
fn clip_in_box(heif: &[u8]) -> Option<Range<usize>> {
    let outer = boxes(heif).ok()?;
    let film = outer.iter().find(|one| &one.kind == b"mpvd")?;
    let start = film.span.end - film.body.len();
    let begins = film.body.get(4..8) == Some(b"ftyp");
    let len = begins.then(|| film_len(film.body)).flatten()?;
    Some(start..start + len)
}

/// How long the film is that these bytes begin with; `None`: there is no whole one.
fn film_len(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut index, mut content) = (0, false, false);
    while let Some((size, kind)) = head(&bytes[at..]) {
        if !BOXES.contains(&&kind) || size > bytes.len() - at {
            break;
        }
        index |= &kind == b"moov";
        content |= &kind == b"mdat";
        at += size;
    }
    (index && content).then_some(at)
}

/// Size and kind of the box that stands here.
fn head(bytes: &[u8]) -> Option<(usize, [u8; 4])> {
    let size = u32::from_be_bytes(*bytes.first_chunk()?);
    let kind = *bytes.get(4..)?.first_chunk()?;
    let (least, size) = match size {
        // To the end.
        0 => (8, bytes.len()),
        1 => {
            let large = u64::from_be_bytes(*bytes.get(8..)?.first_chunk()?);
            (16, usize::try_from(large).ok()?)
        }
        size => (8, size as usize),
    };
    (size >= least).then_some((size, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Vec<u8> {
        let mut out = std::io::Cursor::new(Vec::new());
        let made = image::RgbImage::new(8, 8).write_to(&mut out, image::ImageFormat::Jpeg);
        made.expect("it is well formed");
        out.into_inner()
    }

    fn one(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
        let size = u32::try_from(body.len() + 8).expect("it is small");
        [&size.to_be_bytes()[..], kind, body].concat()
    }

    #[test]
    fn a_film_is_found_behind_a_picture_and_ends_with_its_boxes() {
        let picture = picture();
        let film = [
            one(b"ftyp", b"mp42\0\0\0\0"),
            one(b"mdat", &[7; 100]),
            one(b"moov", &[0; 20]),
        ]
        .concat();
        assert_eq!(clip_behind(&picture), None);
        for (before, behind) in [
            (&b""[..], &b""[..]),
            (b"MotionPhoto_Data", b"\0\0\x30\x0aSEFH\0\0\0\x6a"),
            (b"\0\0\0\x10ftyp is no film", b"SEFT"),
        ] {
            let file = [&picture[..], before, &film, behind].concat();
            let found = clip_behind(&file).expect("a film");
            assert_eq!(&file[found], &film);
        }
    }

    #[test]
    fn what_is_no_whole_film_is_none() {
        let picture = picture();
        let (kind, content) = (one(b"ftyp", b"mp42"), one(b"mdat", &[7; 100]));
        let index = one(b"moov", &[0; 20]);
        for behind in [
            [&kind[..], &content].concat(),
            [&kind[..], &index].concat(),
            [&kind[..], &content, &index[..27]].concat(),
            [&content[..], &index].concat(),
            [
                &kind[..],
                b"\0\0\0\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff",
                &index,
            ]
            .concat(),
            [&kind[..], b"\0\0\0\x07mdat", &index].concat(),
        ] {
            assert_eq!(clip_behind(&[&picture[..], &behind].concat()), None);
        }
        // Not behind, but instead of a picture.
        assert_eq!(clip_behind(&[&kind[..], &content, &index].concat()), None);
    }
}
