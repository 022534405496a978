//! The place goes from PNG, WebP, GIF and TIFF, the pixels stay.

use hearthpost::rendition::{Cleaned, clean, examine};
use image::DynamicImage;

use crate::clean::cleaned;
use crate::make::*;

const ALL: Say = Say {
    orientation: 6,
    place: true,
    thumbnail: true,
    comment: true,
};

fn picture() -> DynamicImage {
    DynamicImage::ImageRgb8(quadrants(64, 48))
}

/// Orientation and date survive, secrets do not, pixels are the same.
fn check(before: &[u8], after: &[u8]) {
    let pixels = |bytes| {
        image::load_from_memory(bytes)
            .expect("it can be decoded")
            .into_rgba8()
    };
    assert_eq!(pixels(before), pixels(after));
    for words in [
        SECRET.as_bytes(),
        b"http://ns.adobe.com/xap",
        b"GPSLatitude",
        &777_777u32.to_be_bytes(),
        &777_777u32.to_le_bytes(),
    ] {
        assert!(!holds(after, words), "{}", String::from_utf8_lossy(words));
    }
    let facts = examine(after).expect("it is whole");
    assert_eq!(facts.orientation, 6);
    assert_eq!(facts.taken.as_deref(), Some("2024-07-01T10:11:12+02:00"));
}

#[test]
fn png_loses_text_and_place_but_not_its_orientation() {
    let profile = moxcms::ColorProfile::new_display_p3()
        .encode()
        .expect("it is well formed");
    let file = png(&picture(), Some(profile), Some(exif(ALL)));
    let text = chunk(b"tEXt", &[b"Comment\0", SECRET.as_bytes()].concat());
    let xmp = chunk(b"iTXt", &[b"XML:com.adobe.xmp\0\0\0\0\0", XMP].concat());
    let own = chunk(b"prVt", SECRET.as_bytes());
    let time = chunk(b"tIME", &[7, 232, 7, 1, 10, 11, 12]);
    let file = [
        with_chunks(&file, &[text, xmp, own, time].concat()),
        SECRET.into(),
    ]
    .concat();
    let out = cleaned(&file);
    check(&file, &out);
    assert!(holds(&out, b"iCCP") && holds(&out, b"tIME"));
}

#[test]
fn webp_loses_its_chunks_and_the_flags_for_them() {
    let file = webp(&picture(), Some(exif(ALL)));
    let mut file = [
        &file[..],
        b"XMP ",
        &(XMP.len() as u32).to_le_bytes(),
        XMP,
        &[0; 1][..XMP.len() % 2],
    ]
    .concat();
    file[20] |= 0x04;
    let size = file.len() as u32 - 8;
    file[4..8].copy_from_slice(&size.to_le_bytes());
    let file = [file, SECRET.into()].concat();
    let out = cleaned(&file);
    check(&file, &out);
    assert_eq!(
        out[20] & 0x0C,
        0x08,
        "the flag for Exif stays, that for XMP goes"
    );
    assert_eq!(
        out.len() as u32 - 8,
        u32::from_le_bytes([out[4], out[5], out[6], out[7]])
    );
}

#[test]
fn tiff_keeps_its_pixels_where_they_are_and_the_rest_becomes_zero() {
    let xmp = XMP[29..].to_vec();
    let more = vec![
        (700, xmp),
        (33723, b"\x1C\x02\x5A\0\x06Munich".to_vec()),
        (34377, SECRET.into()),
        (42112, SECRET.into()),
    ];
    for little_endian in [false, true] {
        let say = Say {
            thumbnail: false,
            ..ALL
        };
        let file = tiff(&quadrants(64, 48), say, more.clone(), little_endian);
        assert!(holds(&file, SECRET.as_bytes()) && examine(&file).expect("it is whole").has_place);
        let out = cleaned(&file);
        assert_eq!(out.len(), file.len(), "no offset moves");
        check(&file, &out);
        assert!(!holds(&out, b"Munich"));
        let left = exif::Reader::new()
            .read_raw(out)
            .expect("another reader reads it");
        assert!(left.fields().all(|f| f.tag.context() != exif::Context::Gps));
        let below: Vec<_> = left
            .fields()
            .filter(|f| f.tag.context() == exif::Context::Exif)
            .map(|f| f.tag)
            .collect();
        assert_eq!(
            below,
            [exif::Tag::DateTimeOriginal, exif::Tag::OffsetTimeOriginal]
        );
    }
}

#[test]
fn a_directory_without_end_is_an_error() {
    let mut file = tiff(&quadrants(8, 8), ALL, vec![], false);
    let first = u32::from_be_bytes([file[4], file[5], file[6], file[7]]) as usize;
    let next = first + 2 + 12 * usize::from(u16::from_be_bytes([file[first], file[first + 1]]));
    let itself = file[4..8].to_vec();
    file[next..next + 4].copy_from_slice(&itself);
    assert!(clean(&file).is_err());
}

#[test]
fn gif_loses_comment_and_xmp_but_goes_on_looping() {
    let mut gif = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        encoder
            .set_repeat(image::codecs::gif::Repeat::Infinite)
            .expect("it is well formed");
        encoder
            .encode_frame(image::Frame::new(picture().to_rgba8()))
            .expect("it is well formed");
    }
    assert_eq!(clean(&gif).expect("it is sound"), Cleaned::Unchanged);
    let comment = [
        &[0x21, 0xFE, SECRET.len() as u8][..],
        SECRET.as_bytes(),
        &[0],
    ]
    .concat();
    let trick: Vec<u8> = [1].into_iter().chain((0..=255).rev()).chain([0]).collect();
    let xmp = [b"\x21\xFF\x0BXMP DataXMP", XMP, &trick].concat();
    let end = gif.len() - 1;
    let file = [&gif[..end], &comment, &xmp, b"\x3B", SECRET.as_bytes()].concat();
    assert_eq!(cleaned(&file), gif);
    assert!(holds(&gif, b"NETSCAPE2.0"));
}

#[test]
fn what_carries_nothing_goes_bit_for_bit() {
    let orientation_only = {
        let file = with_segments(&jpeg(&quadrants(8, 8), false), &[(0xE1, &app1(&exif(ALL)))]);
        let out = cleaned(&file);
        let at = out
            .windows(6)
            .position(|w| w == b"Exif\0\0")
            .expect("a block was written");
        let length = usize::from(u16::from_be_bytes([out[at - 2], out[at - 1]])) - 8;
        out[at + 6..at + 6 + length].to_vec()
    };
    for file in [
        png(&picture(), None, None),
        png(&picture(), None, Some(orientation_only.clone())),
        webp(&picture(), None),
        webp(&picture(), Some(orientation_only)),
        plain_tiff(&picture()),
        b"just text".to_vec(),
        b"%PDF-1.7".to_vec(),
    ] {
        assert_eq!(clean(&file).expect("it is sound"), Cleaned::Unchanged);
    }
}

#[test]
fn a_directory_that_lies_in_the_pixels_is_not_rewritten() {
    let mut file = tiff(&image::RgbImage::new(8, 8), ALL, vec![], false);
    let number = |at: usize| {
        u32::from_be_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize
    };
    let first = number(4);
    let count = usize::from(u16::from_be_bytes([file[first], file[first + 1]]));
    let strips = (0..count)
        .map(|n| first + 2 + 12 * n)
        .find(|at| file[*at..*at + 2] == 273u16.to_be_bytes());
    // Black pixels read as an empty directory.
    let pixels = number(strips.expect("it has a strip") + 8) as u32;
    let next = first + 2 + 12 * count;
    file[next..next + 4].copy_from_slice(&pixels.to_be_bytes());
    assert!(clean(&file).is_err());
}
