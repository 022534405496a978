//! What comes in: whole or broken, and what it says about itself.

use hearthpost::rendition::{Broken, Format, RenderLimits, examine, render, tiers};
use image::DynamicImage;

use crate::make::*;

#[test]
fn formats_are_told_by_their_bytes() {
    let cases: [(&[u8], Format); 18] = [
        (b"\xFF\xD8\xFF\xE0", Format::Jpeg),
        (b"\x89PNG\r\n\x1A\n", Format::Png),
        (b"RIFF\0\0\0\0WEBPVP8 ", Format::WebP),
        (b"GIF89a", Format::Gif),
        (b"II*\0\x08\0\0\0", Format::Tiff),
        (b"II*\0\x10\0\0\0CR\x02\0", Format::Raw),
        (b"MM\0+\0\x08\0\0", Format::Raw),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", Format::Heic),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1avif", Format::Avif),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", Format::Mov),
        (b"\0\0\0\x08wide\0\0\0\0mdat", Format::Mov),
        (b"\0\0\0\x14ftypisom\0\0\0\0mp42", Format::Mp4),
        (b"\0\0\0\x14ftypM4A \0\0\0\0mp42", Format::M4a),
        (b"%PDF-1.4\n", Format::Pdf),
        (b"ID3\x04\0", Format::Mp3),
        ("Grüße\n".as_bytes(), Format::Text),
        (b"\x7FELF\x02\x01\x01\0", Format::Other),
        (b"", Format::Other),
    ];
    for (bytes, expected) in cases {
        assert_eq!(Format::sniff(bytes), expected, "{bytes:?}");
    }
}

#[test]
fn date_and_place_are_read_as_another_writer_wrote_them() {
    let say = Say {
        orientation: 3,
        place: true,
        ..Say::default()
    };
    let file = with_segments(&jpeg(&quadrants(8, 8), false), &[(0xE1, &app1(&exif(say)))]);
    let facts = examine(&file).expect("the picture is whole");
    assert_eq!(facts.taken.as_deref(), Some("2024-07-01T10:11:12+02:00"));
    assert!(facts.has_place);
    let say = Say {
        place: false,
        ..say
    };
    let file = with_segments(&jpeg(&quadrants(8, 8), false), &[(0xE1, &app1(&exif(say)))]);
    assert!(!examine(&file).expect("the picture is whole").has_place);
}

#[test]
fn an_empty_file_is_broken() {
    assert_eq!(examine(b""), Err(Broken::Empty));
    assert!(tiers(b"").is_err());
}

#[test]
fn a_picture_cut_anywhere_is_broken_and_not_rendered() {
    let picture = quadrants(160, 120);
    let other = DynamicImage::ImageRgb8(picture.clone());
    let mut gif = Vec::new();
    let frame = image::Frame::new(other.to_rgba8());
    image::codecs::gif::GifEncoder::new(&mut gif)
        .encode_frame(frame)
        .expect("it is well formed");
    let files = [
        ("baseline", jpeg(&picture, false)),
        ("progressive", jpeg(&picture, true)),
        ("PNG", png(&other, None, None)),
        ("WebP", webp(&other, None)),
        ("GIF", gif),
        ("TIFF", tiff(&picture, Say::default(), vec![], true)),
    ];
    for (name, file) in files {
        assert!(examine(&file).is_ok(), "{name}");
        for cut in [file.len() - 1, file.len() / 2, file.len() / 3, 20] {
            let part = &file[..cut];
            assert!(
                examine(part).is_err(),
                "{name} cut at {cut} of {}",
                file.len()
            );
            assert!(
                render(part, RenderLimits::default()).is_err(),
                "{name} cut at {cut}"
            );
        }
    }
}

#[test]
fn a_jpeg_with_its_end_pasted_on_is_no_whole_picture() {
    let noisy = image::RgbImage::from_fn(200, 200, |x, y| {
        let n = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761) >> 24;
        image::Rgb([n as u8, (n * 3) as u8, (n * 7) as u8])
    });
    let file = jpeg(&noisy, false);
    let forged = [&file[..file.len() / 2], b"\xFF\xD9"].concat();
    assert!(render(&forged, RenderLimits::default()).is_err());
}

#[test]
fn messages_name_what_and_the_way_out() {
    let cut = jpeg(&quadrants(64, 64), false);
    let broken = examine(&cut[..cut.len() - 2]).expect_err("it is cut");
    assert_eq!(
        broken.to_string(),
        "this JPEG file ends before it is complete: copy it again from where it came"
    );
}
