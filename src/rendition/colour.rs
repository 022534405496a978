//! Colours become sRGB. A profile that is broken, or made for other channels than the picture has, is ignored.

use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::decode::{Channels, Pixels};

/// The picture in sRGB, three channels.
pub(super) fn to_srgb(pixels: Pixels, profile: Option<&[u8]>) -> Pixels {
    match profile.and_then(|profile| convert(&pixels, profile)) {
        Some(data) => Pixels {
            data,
            channels: Channels::Rgb,
            ..pixels
        },
        None => plain(pixels),
    }
}

fn convert(pixels: &Pixels, profile: &[u8]) -> Option<Vec<u8>> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    let source = match (pixels.channels, profile.color_space) {
        (Channels::Grey, DataColorSpace::Gray) => Layout::Gray,
        (Channels::Rgb, DataColorSpace::Rgb) => Layout::Rgb,
        (Channels::Cmyk, DataColorSpace::Cmyk) => Layout::Rgba,
        _ => return None,
    };
    let srgb = ColorProfile::new_srgb();
    let transform = profile
        .create_transform_8bit(source, &srgb, Layout::Rgb, TransformOptions::default())
        .ok()?;
    let mut out = vec![0; pixels.width as usize * pixels.height as usize * 3];
    transform.transform(&pixels.data, &mut out).ok()?;
    Some(out)
}

/// Without a profile: the values as they are.
fn plain(pixels: Pixels) -> Pixels {
    let data = match pixels.channels {
        Channels::Rgb => return pixels,
        Channels::Grey => pixels.data.iter().flat_map(|grey| [*grey; 3]).collect(),
        Channels::Cmyk => pixels
            .data
            .chunks_exact(4)
            .flat_map(|inks| {
                let paper = 255 - u32::from(inks[3]);
                [inks[0], inks[1], inks[2]].map(|ink| ((255 - u32::from(ink)) * paper / 255) as u8)
            })
            .collect(),
    };
    Pixels {
        data,
        channels: Channels::Rgb,
        ..pixels
    }
}
