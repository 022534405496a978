//! Small pictures with and without a place, as the tests of `rendition` make them.

use image::DynamicImage;

use crate::Seeds;

#[allow(dead_code, reason = "the tests use the rest")]
#[path = "../../tests/rendition/make.rs"]
mod make;

use make::{Say, XMP};

pub fn all() -> Seeds {
    let small = make::quadrants(24, 16);
    let dynamic = DynamicImage::ImageRgb8(small.clone());
    let said = Say {
        place: true,
        ..Say::default()
    };
    let exif = make::exif(said);
    let mut seeds = vec![
        make::jpeg(&small, false),
        make::jpeg(&small, true),
        make::with_segments(&make::jpeg(&small, false), &[(0xE1, &make::app1(&exif))]),
        make::with_segments(&make::jpeg(&small, false), &[(0xE1, XMP)]),
        make::png(&dynamic, None, None),
        make::png(&dynamic, None, Some(exif.clone())),
        make::webp(&dynamic, None),
        make::webp(&dynamic, Some(exif.clone())),
        make::plain_tiff(&dynamic),
        make::tiff(&small, said, Vec::new(), true),
        make::tiff(&small, Say::default(), Vec::new(), false),
        gif(&dynamic),
        exif,
        b"%PDF-1.4\n".to_vec(),
        b"plain text\n".to_vec(),
    ];
    let fixtures = hearthpost_fuzz::homes::folder("tests/fixtures/pictures");
    let mut files: Vec<_> = std::fs::read_dir(fixtures)
        .expect("the fixtures are there")
        .map(|entry| entry.expect("it is readable").path())
        .collect();
    files.sort();
    seeds.extend(
        files
            .iter()
            .map(|path| std::fs::read(path).expect("it is readable")),
    );
    seeds
}

fn gif(picture: &DynamicImage) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut out, image::ImageFormat::Gif)
        .expect("it is well formed");
    out.into_inner()
}
