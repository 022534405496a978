//! Colours become sRGB. A profile that is broken, or made for other channels than the picture has,
//! is ignored.

use std::sync::Arc;

use moxcms::{ColorProfile, DataColorSpace, Layout, Transform8BitExecutor, TransformOptions};

use super::decode::{Channels, Pixels};

/// The picture in sRGB, three channels.
pub(super) fn to_srgb(mut pixels: Pixels, profile: Option<&[u8]>) -> Pixels {
    let Some(transform) = profile.and_then(|profile| transform(pixels.channels, profile)) else {
        return plain(pixels);
    };
    let done = match pixels.channels {
        Channels::Rgb => convert_in_place(&mut pixels.data, &*transform).map(|()| None),
        Channels::Grey | Channels::Cmyk => {
            let mut out = vec![0; pixels.width as usize * pixels.height as usize * 3];
            transform
                .transform(&pixels.data, &mut out)
                .ok()
                .map(|()| Some(out))
        }
    };
    match done {
        None => plain(pixels),
        Some(None) => pixels,
        Some(Some(data)) => Pixels {
            data,
            channels: Channels::Rgb,
            ..pixels
        },
    }
}

fn transform(channels: Channels, profile: &[u8]) -> Option<Arc<Transform8BitExecutor>> {
    let profile = ColorProfile::new_from_slice(profile).ok()?;
    let source = match (channels, profile.color_space) {
        (Channels::Grey, DataColorSpace::Gray) => Layout::Gray,
        (Channels::Rgb, DataColorSpace::Rgb) => Layout::Rgb,
        // Four channels; what they are called does not matter.
        (Channels::Cmyk, DataColorSpace::Cmyk) => Layout::Rgba,
        _ => return None,
    };
    let srgb = ColorProfile::new_srgb();
    profile
        .create_transform_8bit(source, &srgb, Layout::Rgb, TransformOptions::default())
        .ok()
}

/// Piece by piece, because a second copy of a large picture would double the peak.
fn convert_in_place(data: &mut [u8], transform: &Transform8BitExecutor) -> Option<()> {
    const PIECE: usize = 3 * 16_384;
    let mut before = Vec::with_capacity(PIECE);
    for piece in data.chunks_mut(PIECE) {
        before.clear();
        before.extend_from_slice(piece);
        transform.transform(&before, piece).ok()?;
    }
    Some(())
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
