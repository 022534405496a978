//! Files made to hurt: bombs are refused at once, and no bytes make us panic.

use std::time::{Duration, Instant};

use hearthpost::rendition::{
    Broken, Format, RenderError, RenderLimits, clean, examine, render, tiers,
};
use image::DynamicImage;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::make::*;
use crate::peak::measured;

fn quickly<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "it took {:?}",
        start.elapsed()
    );
    result
}

fn claims(width: u32, height: u32) -> Vec<u8> {
    let header = [
        &width.to_be_bytes()[..],
        &height.to_be_bytes(),
        &[8, 6, 0, 0, 0],
    ]
    .concat();
    [
        &b"\x89PNG\r\n\x1A\n"[..],
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &[0; 16]),
        &chunk(b"IEND", &[]),
    ]
    .concat()
}

#[test]
fn a_png_of_65000_by_65000_is_refused_at_once() {
    let file = claims(65_000, 65_000);
    let refused = Broken::TooManyPixels {
        width: 65_000,
        height: 65_000,
    };
    assert_eq!(quickly(|| examine(&file)), Err(refused.clone()));
    assert_eq!(examine(&file[..40]), Err(refused));
    assert!(matches!(
        quickly(|| tiers(&file)),
        Err(RenderError::Broken(Broken::TooManyPixels { .. }))
    ));
}

#[test]
fn depth_counts_as_memory() {
    // 190 megapixels are allowed, but not with 16 bits for each of four channels.
    let mut file = claims(19_000, 10_000);
    file[24] = 16;
    let header = file[16..29].to_vec();
    file.splice(8..33, chunk(b"IHDR", &header));
    assert!(matches!(
        quickly(|| tiers(&file)),
        Err(RenderError::TooMuchMemory { .. })
    ));
}

#[test]
fn a_jpeg_that_claims_65535_by_65535_is_refused_at_once() {
    let mut file = jpeg(&quadrants(64, 48), false);
    let frame = file
        .windows(2)
        .position(|w| w == [0xFF, 0xC0])
        .expect("it has a frame");
    file[frame + 5..frame + 9].fill(0xFF);
    assert!(matches!(
        quickly(|| tiers(&file)),
        Err(RenderError::Broken(Broken::TooManyPixels { .. }))
    ));
}

#[test]
fn a_huge_progressive_jpeg_is_refused_for_its_coefficients() {
    let mut file = jpeg(&quadrants(64, 48), true);
    let frame = file
        .windows(2)
        .position(|w| w == [0xFF, 0xC2])
        .expect("it has a frame");
    file[frame + 5..frame + 9].copy_from_slice(&[0x36, 0xB0, 0x36, 0xB0]); // 14,000 by 14,000
    assert!(examine(&file).is_ok(), "its size alone is allowed");
    assert!(matches!(
        quickly(|| tiers(&file)),
        Err(RenderError::TooMuchMemory { .. })
    ));
}

#[test]
fn an_inflating_profile_costs_little_memory() {
    let profile = vec![0; 300 << 20];
    let file = png(
        &DynamicImage::ImageRgb8(quadrants(16, 16)),
        Some(profile),
        None,
    );
    assert!(file.len() < 4 << 20);
    // Building the bomb took as much as it inflates to: forget that peak.
    let (made, more) = measured(|| tiers(&file));
    assert!(made.is_ok(), "the picture itself is fine");
    assert!(more < 100 << 20, "{} MiB", more >> 20);
}

/// Found by fuzzing: 107 bytes, a screen of 24 by 16, and on it a frame of 65,512 by 65,007.
#[test]
fn a_gif_whose_frame_is_larger_than_its_screen_is_refused_before_decoding() {
    let file = include_bytes!("../fixtures/pictures/large-frame.gif");
    assert!(matches!(
        quickly(|| tiers(file)),
        Err(RenderError::Broken(Broken::Malformed { .. }))
    ));
}

fn everything(bytes: &[u8]) {
    let _ = Format::sniff(bytes);
    let _ = examine(bytes);
    let _ = clean(bytes);
    let _ = render(
        bytes,
        RenderLimits {
            max_edge: Some(64),
            watermark: Some("bob · 2026-11-29"),
        },
    );
}

/// One small file of each format we follow.
fn seeds() -> Vec<Vec<u8>> {
    let say = Say {
        orientation: 6,
        place: true,
        thumbnail: false,
        comment: true,
    };
    let (picture, other) = (
        quadrants(24, 16),
        DynamicImage::ImageRgb8(quadrants(24, 16)),
    );
    let profile = moxcms::ColorProfile::new_display_p3()
        .encode()
        .expect("it is well formed");
    let icc = [b"ICC_PROFILE\0\x01\x01", &profile[..]].concat();
    let mut gif = Vec::new();
    image::codecs::gif::GifEncoder::new(&mut gif)
        .encode_frame(image::Frame::new(other.to_rgba8()))
        .expect("it is well formed");
    vec![
        with_segments(
            &jpeg(&picture, false),
            &[(0xE1, &app1(&exif(say))), (0xE2, &icc), (0xE1, XMP)],
        ),
        with_segments(&jpeg(&picture, true), &[(0xE1, &app1(&exif(say)))]),
        include_bytes!("../fixtures/pictures/cmyk.jpg").to_vec(),
        png(&other, Some(profile), Some(exif(say))),
        webp(&other, Some(exif(say))),
        gif,
        tiff(&picture, say, vec![(700, XMP.to_vec())], true),
        plain_tiff(&other),
        include_bytes!("../fixtures/pictures/place.avif").to_vec(),
    ]
}

/// Enough of each format for the walk over it to begin.
const STARTS: [&[u8]; 9] = [
    b"",
    b"\xFF\xD8\xFF",
    b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR",
    b"RIFF\x40\0\0\0WEBPVP8X",
    b"GIF89a",
    b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08",
    b"\0\0\0\x10ftypheic\0\0\0\0\0\0\0\x80meta",
    b"\0\0\0\x10ftypisom\0\0\0\0\0\0\0\x80moov",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes_never_panic(
        start in 0..STARTS.len(),
        mut bytes in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        bytes.splice(0..0, STARTS[start].iter().copied());
        everything(&bytes);
    }

    #[test]
    fn a_damaged_file_never_panics(
        seed in 0usize..9,
        hits in prop::collection::vec((any::<Index>(), any::<u8>()), 1..6),
        cut in any::<Option<Index>>(),
    ) {
        thread_local!(static SEEDS: Vec<Vec<u8>> = seeds());
        let mut bytes = SEEDS.with(|seeds| seeds[seed].clone());
        for (at, value) in hits {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        everything(&bytes);
        // What cleaning lets through is clean, whatever went in.
        if let Ok(hearthpost::rendition::Cleaned::Changed(out)) = clean(&bytes) {
            prop_assert_eq!(clean(&out).ok(), Some(hearthpost::rendition::Cleaned::Unchanged));
        }
    }
}
