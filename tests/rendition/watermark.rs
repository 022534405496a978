//! The viewer's name and the date across the picture.

use hearthpost::rendition::{RenderLimits, render};
use image::{Rgb, RgbImage};
use proptest::prelude::*;

use crate::make::*;

const TEXT: &str = "bob · 29 Nov 2026";

fn shown(file: &[u8], text: Option<&str>) -> RgbImage {
    let limits = RenderLimits {
        max_edge: None,
        watermark: text,
    };
    decoded(&render(file, limits).expect("the picture is whole").jpeg)
}

/// How bright each pixel became and how dark, at most: of a window, with the mark against without.
fn marks(marked: &RgbImage, plain: &RgbImage, window: (u32, u32, u32, u32)) -> (i16, i16, usize) {
    let (left, top, width, height) = window;
    let (mut lighter, mut darker, mut changed) = (0, 0, 0);
    for y in top..top + height {
        for x in left..left + width {
            let by = i16::from(marked.get_pixel(x, y).0[1]) - i16::from(plain.get_pixel(x, y).0[1]);
            lighter = lighter.max(by);
            darker = darker.max(-by);
            changed += usize::from(by.abs() > 40);
        }
    }
    (lighter, darker, changed)
}

fn halves(width: u32, height: u32) -> [(u32, u32, u32, u32); 6] {
    let (w, h) = (width / 2, height / 2);
    [
        (0, 0, w, height),
        (width - w, 0, w, height),
        (width / 4, 0, w, height),
        (0, 0, width, h),
        (0, height - h, width, h),
        (0, height / 4, width, h),
    ]
}

#[test]
fn it_is_seen_on_white_on_black_and_on_grey() {
    for (grey, lighter, darker) in [(255u8, 0, 80), (0, 80, 0), (128, 40, 40)] {
        let file = jpeg(&RgbImage::from_pixel(640, 480, Rgb([grey; 3])), false);
        let (marked, plain) = (shown(&file, Some(TEXT)), shown(&file, None));
        for window in halves(640, 480) {
            let (light, dark, changed) = marks(&marked, &plain, window);
            assert!(light >= lighter, "{grey}: only {light} lighter");
            assert!(dark >= darker, "{grey}: only {dark} darker");
            assert!(changed > 600, "{grey}: {changed} pixels in {window:?}");
        }
    }
}

#[test]
fn a_turned_picture_has_it_upright_like_any_other() {
    let say = Say {
        orientation: 6,
        ..Say::default()
    };
    let picture = RgbImage::from_pixel(480, 640, Rgb([255; 3]));
    let turned = with_segments(&jpeg(&picture, false), &[(0xE1, &app1(&exif(say)))]);
    let upright = jpeg(&RgbImage::from_pixel(640, 480, Rgb([255; 3])), false);
    let (turned, upright) = (shown(&turned, Some(TEXT)), shown(&upright, Some(TEXT)));
    assert_eq!(turned.dimensions(), (640, 480));
    assert!(turned == upright);
}

#[test]
fn another_name_is_another_mark_and_no_text_is_none() {
    let file = jpeg(&quadrants(320, 240), false);
    assert!(shown(&file, Some("bob · 29 Nov 2026")) != shown(&file, Some("bea · 29 Nov 2026")));
    assert!(shown(&file, Some("  ")) == shown(&file, None));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_half_is_free_of_it(
        width in 200u32..700,
        height in 160u32..700,
        grey in any::<u8>(),
        name in "[a-z]{1,16}",
    ) {
        let picture = RgbImage::from_fn(width, height, |x, y| {
            Rgb([grey, grey.wrapping_add((x / 8) as u8), grey.wrapping_add((y / 8) as u8)])
        });
        let file = jpeg(&picture, false);
        let text = format!("{name} · 29 Nov 2026");
        let (marked, plain) = (shown(&file, Some(&text)), shown(&file, None));
        for window in halves(width, height) {
            let (light, dark, changed) = marks(&marked, &plain, window);
            prop_assert!(light.max(dark) > 50 && changed > 60, "{light} {dark} {changed} in {window:?}");
        }
    }
}

/// Panoramas, columns, and pictures of a few dozen pixels.
#[test]
fn no_half_of_any_shape_is_free_of_it_on_any_ground() {
    let shapes = [
        (2000, 200),
        (200, 2000),
        (2048, 68),
        (68, 2048),
        (640, 64),
        (64, 640),
        (120, 90),
        (64, 64),
        (64, 48),
        (48, 64),
        (32, 32),
    ];
    for (width, height) in shapes {
        for grey in [0u8, 128, 255] {
            let clear = image::RgbaImage::from_pixel(width, height, image::Rgba([0, 0, 0, 0]));
            let plain = RgbImage::from_pixel(width, height, Rgb([grey; 3]));
            let files = [
                Some(jpeg(&plain, false)),
                // What is transparent lies on white.
                (grey == 255).then(|| png(&clear.into(), None, None)),
            ];
            for file in files.into_iter().flatten() {
                let (marked, plain) = (shown(&file, Some(TEXT)), shown(&file, None));
                for window in halves(width, height) {
                    let (light, dark, changed) = marks(&marked, &plain, window);
                    let part = window.2 * window.3 / 40;
                    assert!(
                        light.max(dark) > 40 && changed as u32 > part,
                        "{width} x {height} on {grey}: {light} {dark} {changed} in {window:?}"
                    );
                }
            }
        }
    }
}
