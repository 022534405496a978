//! What a station sees.

use hearthpost::rendition::{RenderError, RenderLimits, Rendered, examine, render, tiers};
use image::{DynamicImage, GrayImage, ImageBuffer, Rgb, Rgba, RgbaImage};
use moxcms::ColorProfile;

use crate::make::*;

const UNLIMITED: RenderLimits<'static> = RenderLimits {
    max_edge: None,
    watermark: None,
};

fn at(max_edge: u32) -> RenderLimits<'static> {
    RenderLimits {
        max_edge: Some(max_edge),
        watermark: None,
    }
}

fn full(bytes: &[u8]) -> Rendered {
    render(bytes, UNLIMITED).expect("the picture is whole")
}

/// By Exif 3.0, table 6: what is seen of red, green / blue, grey ('w') stored upright.
const TURNS: [(u16, &str); 8] = [
    (1, "RGBw"),
    (2, "GRwB"),
    (3, "wBGR"),
    (4, "BwRG"),
    (5, "RBGw"),
    (6, "BRwG"),
    (7, "wGBR"),
    (8, "GwRB"),
];

#[test]
fn each_orientation_is_applied_once_in_every_format() {
    let picture = quadrants(64, 32);
    let other = DynamicImage::ImageRgb8(picture.clone());
    for (orientation, expected) in TURNS {
        let say = Say {
            orientation,
            ..Say::default()
        };
        let files = [
            (
                "JPEG",
                with_segments(&jpeg(&picture, false), &[(0xE1, &app1(&exif(say)))]),
            ),
            ("PNG", png(&other, None, Some(exif(say)))),
            ("WebP", webp(&other, Some(exif(say)))),
            ("TIFF", tiff(&picture, say, vec![], false)),
        ];
        for (name, file) in files {
            let size = if orientation >= 5 { (32, 64) } else { (64, 32) };
            let facts = examine(&file).expect("the picture is whole");
            assert_eq!(
                (facts.width, facts.height),
                (Some(size.0), Some(size.1)),
                "{name} {orientation}"
            );
            assert_eq!(u16::from(facts.orientation), orientation, "{name}");

            let shown = full(&file);
            assert_eq!((shown.width, shown.height), size, "{name} {orientation}");
            assert_eq!(
                seen(&decoded(&shown.jpeg)),
                expected,
                "{name} {orientation}"
            );

            let tiers = tiers(&file).expect("the picture is whole");
            assert_eq!((tiers.width, tiers.height), size, "{name} {orientation}");
            assert_eq!(
                seen(&decoded(&tiers.thumb)),
                expected,
                "{name} {orientation}"
            );
        }
    }
}

#[test]
fn tiers_have_the_edges_of_the_protocol_and_name_the_size_of_the_original() {
    let say = Say {
        orientation: 6,
        ..Say::default()
    };
    let file = with_segments(
        &jpeg(&quadrants(3000, 2001), true),
        &[(0xE1, &app1(&exif(say)))],
    );
    let tiers = tiers(&file).expect("the picture is whole");
    assert_eq!((tiers.width, tiers.height), (2001, 3000));
    assert_eq!(decoded(&tiers.preview).dimensions(), (1366, 2048));
    assert_eq!(decoded(&tiers.thumb).dimensions(), (213, 320));
    assert_eq!(seen(&decoded(&tiers.preview)), "BRwG");
}

#[test]
fn nothing_is_scaled_up() {
    let file = jpeg(&quadrants(100, 60), false);
    let tiers = tiers(&file).expect("the picture is whole");
    assert_eq!(decoded(&tiers.preview).dimensions(), (100, 60));
    assert_eq!(decoded(&tiers.thumb).dimensions(), (100, 60));
    let shown = render(&file, at(5000)).expect("the picture is whole");
    assert_eq!((shown.width, shown.height), (100, 60));
    let shown = render(&file, at(50)).expect("the picture is whole");
    assert_eq!((shown.width, shown.height), (50, 30));
}

#[test]
fn a_rendition_holds_no_metadata() {
    let say = Say {
        orientation: 6,
        place: true,
        thumbnail: true,
        comment: true,
    };
    let segments: [(u8, &[u8]); 3] = [
        (0xE1, &app1(&exif(say))),
        (0xE1, XMP),
        (0xFE, SECRET.as_bytes()),
    ];
    let file = with_segments(&jpeg(&quadrants(64, 32), false), &segments);
    for jpeg in [
        full(&file).jpeg,
        tiers(&file).expect("the picture is whole").thumb,
    ] {
        for words in [
            SECRET.as_bytes(),
            b"Exif",
            b"ns.adobe.com",
            b"ICC_PROFILE",
            b"Model 7",
        ] {
            assert!(!holds(&jpeg, words), "{}", String::from_utf8_lossy(words));
        }
        assert!(jpeg.ends_with(b"\xFF\xD9"));
    }
}

#[test]
fn what_is_transparent_is_white() {
    let clear = RgbaImage::from_pixel(20, 20, Rgba([200, 0, 0, 0]));
    let half = RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 128]));
    for (picture, expected) in [(clear, 255u8), (half, 127)] {
        let picture = DynamicImage::ImageRgba8(picture);
        let deep = DynamicImage::ImageRgba16(picture.to_rgba16());
        let grey = DynamicImage::ImageLumaA8(picture.to_luma_alpha8());
        for file in [
            png(&picture, None, None),
            webp(&picture, None),
            png(&deep, None, None),
            png(&grey, None, None),
            plain_tiff(&picture),
        ] {
            let [r, g, b] = decoded(&full(&file).jpeg).get_pixel(10, 10).0;
            assert!(
                [r, g, b].iter().all(|v| v.abs_diff(expected) <= 1),
                "{r} {g} {b}, not {expected}"
            );
        }
    }
}

#[test]
fn grey_palette_and_deep_pictures_keep_their_values() {
    let grey = DynamicImage::ImageLuma8(GrayImage::from_pixel(16, 16, image::Luma([77])));
    let deep: ImageBuffer<Rgb<u16>, _> =
        ImageBuffer::from_pixel(16, 16, Rgb([77 * 257, 77 * 257, 77 * 257]));
    let deep = DynamicImage::ImageRgb16(deep);
    let mut gif = Vec::new();
    let frame = image::Frame::new(RgbaImage::from_pixel(16, 16, Rgba([77, 77, 77, 255])));
    image::codecs::gif::GifEncoder::new(&mut gif)
        .encode_frame(frame)
        .expect("it is well formed");
    let mut grey_jpeg = Vec::new();
    grey.write_with_encoder(image::codecs::jpeg::JpegEncoder::new_with_quality(
        &mut grey_jpeg,
        95,
    ))
    .expect("it is well formed");
    for file in [
        png(&grey, None, None),
        png(&deep, None, None),
        plain_tiff(&grey),
        plain_tiff(&deep),
        gif,
        grey_jpeg,
    ] {
        let pixel = decoded(&full(&file).jpeg).get_pixel(8, 8).0;
        assert!(pixel.iter().all(|v| v.abs_diff(77) <= 1), "{pixel:?}");
    }
}

/// Adobe RGB (1998) to sRGB, by the two specifications: (150, 100, 50) becomes (167, 100, 42).
#[test]
fn adobe_rgb_becomes_srgb() {
    let profile = ColorProfile::new_adobe_rgb()
        .encode()
        .expect("it is well formed");
    let picture = image::RgbImage::from_pixel(32, 32, Rgb([150, 100, 50]));
    let icc = [b"ICC_PROFILE\0\x01\x01", &profile[..]].concat();
    let other = DynamicImage::ImageRgb8(picture.clone());
    for file in [
        with_segments(&jpeg(&picture, false), &[(0xE2, &icc)]),
        png(&other, Some(profile), None),
    ] {
        let [r, g, b] = decoded(&full(&file).jpeg).get_pixel(16, 16).0;
        assert!(
            r.abs_diff(167) <= 2 && g.abs_diff(100) <= 2 && b.abs_diff(42) <= 4,
            "{r} {g} {b}"
        );
    }
}

#[test]
fn a_profile_that_does_not_fit_is_ignored() {
    let picture = DynamicImage::ImageRgb8(image::RgbImage::from_pixel(32, 32, Rgb([150, 100, 50])));
    let grey = ColorProfile::new_gray_with_gamma(1.8)
        .encode()
        .expect("it is well formed");
    for profile in [grey, b"no profile at all".to_vec(), vec![0; 200]] {
        let [r, g, b] = decoded(&full(&png(&picture, Some(profile), None)).jpeg)
            .get_pixel(16, 16)
            .0;
        assert!(
            r.abs_diff(150) <= 2 && g.abs_diff(100) <= 2 && b.abs_diff(50) <= 2,
            "{r} {g} {b}"
        );
    }
}

#[test]
fn a_grey_profile_counts_for_a_grey_picture() {
    let picture = DynamicImage::ImageLuma8(GrayImage::from_pixel(32, 32, image::Luma([100])));
    let linear = ColorProfile::new_gray_with_gamma(1.0)
        .encode()
        .expect("it is well formed");
    let [r, g, b] = decoded(&full(&png(&picture, Some(linear), None)).jpeg)
        .get_pixel(16, 16)
        .0;
    // (100/255) of linear light is 0.392; the curve of sRGB makes 168 of it.
    assert!(
        [r, g, b].iter().all(|v| v.abs_diff(168) <= 3),
        "{r} {g} {b}"
    );
}

#[test]
fn inks_of_a_cmyk_jpeg_are_not_taken_for_light() {
    let shown = decoded(&full(include_bytes!("../fixtures/pictures/cmyk.jpg")).jpeg);
    for (x, expected) in [(8, [0, 255, 255]), (24, [255, 0, 0]), (40, [127, 127, 127])] {
        let pixel = shown.get_pixel(x, 16).0;
        assert!(
            pixel
                .iter()
                .zip(expected)
                .all(|(have, want)| have.abs_diff(want) <= 3),
            "{pixel:?} at {x}"
        );
    }
}

/// Four pixels of a palette, of which the second is half and the third wholly transparent.
#[test]
fn a_palette_with_transparency_lies_on_white() {
    let head = [&[0, 0, 0, 4, 0, 0, 0, 1][..], &[8, 3, 0, 0, 0]].concat();
    let row = [0u8, 0, 1, 2, 3];
    let (a, b) = row.iter().fold((1u32, 0u32), |(a, b), byte| {
        (a + u32::from(*byte), b + a + u32::from(*byte))
    });
    // A stored block of zlib.
    let data = [
        &[0x78, 0x01, 1, 5, 0, 0xFA, 0xFF][..],
        &row,
        &((b << 16) | a).to_be_bytes(),
    ]
    .concat();
    let file = [
        b"\x89PNG\r\n\x1A\n".to_vec(),
        chunk(b"IHDR", &head),
        chunk(b"PLTE", &[200, 0, 0, 0, 0, 0, 0, 0, 200, 10, 20, 30]),
        chunk(b"tRNS", &[255, 128, 0]),
        chunk(b"IDAT", &data),
        chunk(b"IEND", b""),
    ]
    .concat();
    let shown = decoded(&full(&file).jpeg);
    for (x, expected) in [[200u8, 0, 0], [127; 3], [255; 3], [10, 20, 30]]
        .into_iter()
        .enumerate()
    {
        let pixel = shown.get_pixel(x as u32, 0).0;
        let near = pixel
            .iter()
            .zip(expected)
            .all(|(have, want)| have.abs_diff(want) <= 6);
        assert!(near, "{pixel:?} at {x}, not {expected:?}");
    }
}

#[test]
fn what_is_transparent_in_a_gif_is_white_too() {
    let mut gif = Vec::new();
    let picture = RgbaImage::from_fn(16, 16, |x, _| {
        Rgba([10, 10, 10, if x < 8 { 0 } else { 255 }])
    });
    image::codecs::gif::GifEncoder::new(&mut gif)
        .encode_frame(image::Frame::new(picture))
        .expect("it is well formed");
    let shown = decoded(&full(&gif).jpeg);
    assert!(shown.get_pixel(3, 8).0[0] >= 253 && shown.get_pixel(12, 8).0[0] <= 13);
}

/// Cameras and scanners write their colours deeper than a screen shows them; black stays black, white white.
#[test]
fn deep_colours_keep_their_ends() {
    let deep: ImageBuffer<Rgb<u16>, _> = ImageBuffer::from_fn(48, 16, |x, _| match x / 16 {
        0 => Rgb([0, 0, 0]),
        1 => Rgb([65_535, 0, 32_896]),
        _ => Rgb([65_535; 3]),
    });
    let deep = DynamicImage::ImageRgb16(deep);
    for file in [png(&deep, None, None), plain_tiff(&deep)] {
        let shown = decoded(&full(&file).jpeg);
        for (x, expected) in [(8, [0u8, 0, 0]), (24, [255, 0, 128]), (40, [255, 255, 255])] {
            let pixel = shown.get_pixel(x, 8).0;
            let near = pixel
                .iter()
                .zip(expected)
                .all(|(have, want)| have.abs_diff(want) <= 2);
            assert!(near, "{pixel:?} at {x}, not {expected:?}");
        }
    }
}

#[test]
fn only_the_first_frame_of_an_animation_is_shown() {
    let mut gif = Vec::new();
    {
        let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
        for grey in [200, 10] {
            let frame =
                image::Frame::new(RgbaImage::from_pixel(16, 16, Rgba([grey, grey, grey, 255])));
            encoder.encode_frame(frame).expect("it is well formed");
        }
    }
    assert!(decoded(&full(&gif).jpeg).get_pixel(8, 8).0[0].abs_diff(200) <= 2);
}

#[test]
fn what_is_no_picture_is_named_in_the_refusal() {
    let refused = render(b"%PDF-1.7", UNLIMITED).expect_err("a PDF is no picture");
    assert!(
        matches!(refused, RenderError::NotAPicture { .. }) && refused.to_string().contains("PDF"),
        "{refused}"
    );
}

#[test]
fn padding_behind_a_scan_does_no_harm() {
    let file = jpeg(&quadrants(64, 32), false);
    let padded = [&file[..file.len() - 2], &[0; 7], b"\xFF\xD9"].concat();
    assert_eq!(seen(&decoded(&full(&padded).jpeg)), "RGBw");
}
