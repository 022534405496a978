//! What a station is shown: JPEG in sRGB, turned as taken, on white, never scaled up, with no
//! metadata.
//!
//! 1 look at the structure; what is cut short is refused. 2 decode, JPEG already scaled. 3 scale. 4
//! colours. 5 turn. 6 the viewer's name across it, where that is asked. 7 encode. Scaling comes first because the other steps then have less to do.
//! Each step that holds two copies counts them before.

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};
use turbojpeg::{Compressor, PixelFormat, Subsamp};

use super::container::jpeg::{APP1, EXIF, Jpeg};
use super::decode::{Channels, Pixels, afford, decode};
use super::examine::look;
use super::fault::RenderError;
use super::format::whole_format;
use super::{Broken, colour, exif, watermark};

/// Long edge of the tier `preview`, a constant of the protocol.
pub const PREVIEW_EDGE: u32 = 2048;

/// Long edge of the tier `thumb`, a constant of the protocol.
pub const THUMB_EDGE: u32 = 320;

/// The longest edge libjpeg writes.
const MAX_JPEG_EDGE: u32 = 65_500;

/// How good a JPEG is to be.
#[derive(Clone, Copy)]
struct Quality {
    of_100: i32,
    subsampling: Subsamp,
}

const PREVIEW: Quality = Quality {
    of_100: 85,
    subsampling: Subsamp::Sub2x2,
};
const THUMB: Quality = Quality {
    of_100: 80,
    subsampling: Subsamp::Sub2x2,
};
/// For a picture that somebody may print or keep.
const FULL: Quality = Quality {
    of_100: 92,
    subsampling: Subsamp::None,
};

/// The two tiers made from a picture beside its original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tiers {
    /// JPEG, long edge at most [`PREVIEW_EDGE`].
    pub preview: Vec<u8>,
    /// JPEG, long edge at most [`THUMB_EDGE`].
    pub thumb: Vec<u8>,
    /// Of the original, as seen, after orientation.
    pub width: u32,
    /// Of the original, as seen, after orientation.
    pub height: u32,
}

/// How far a rendition may go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RenderLimits<'t> {
    /// The longest edge in pixels; None for all that the file has.
    pub max_edge: Option<u32>,
    /// What stands visibly across it, such as `Bob · 29 Nov 2026`; at a dot it may be broken into two lines.
    pub watermark: Option<&'t str>,
}

/// A picture made for one station.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The file.
    pub jpeg: Vec<u8>,
    /// Its width.
    pub width: u32,
    /// Its height.
    pub height: u32,
}

/// Makes preview and thumb with one decode.
pub fn tiers(bytes: &[u8]) -> Result<Tiers, RenderError> {
    let (preview, (width, height)) = picture(bytes, PREVIEW_EDGE)?;
    let thumb = encode(&shrink(&preview, THUMB_EDGE)?, THUMB)?;
    Ok(Tiers {
        preview: encode(&preview, PREVIEW)?,
        thumb,
        width,
        height,
    })
}

/// Makes one picture within `limits`, for display, print, or a copy that may be kept.
pub fn render(bytes: &[u8], limits: RenderLimits<'_>) -> Result<Rendered, RenderError> {
    let edge = limits.max_edge.unwrap_or(u32::MAX).clamp(1, MAX_JPEG_EDGE);
    let (mut pixels, _) = picture(bytes, edge)?;
    if let Some(text) = limits.watermark {
        watermark::draw(&mut pixels, text)?;
    }
    let quality = if edge <= PREVIEW_EDGE { PREVIEW } else { FULL };
    Ok(Rendered {
        jpeg: encode(&pixels, quality)?,
        width: pixels.width,
        height: pixels.height,
    })
}

/// Says of a JPEG that it is upright as it lies, where its Exif says otherwise.
pub fn set_upright(jpeg: &mut [u8]) {
    let Ok(parsed) = Jpeg::parse(jpeg) else {
        return;
    };
    let blocks = parsed.segments.iter().filter(|s| s.marker == APP1);
    let said: Vec<_> = blocks
        .filter_map(|s| {
            let block = s.payload.strip_prefix(EXIF)?;
            let (at, one) = exif::upright(block)?;
            Some((s.span.end - block.len() + at, one))
        })
        .collect();
    for (at, one) in said {
        jpeg[at..at + 2].copy_from_slice(&one);
    }
}

/// The picture as seen, in sRGB, its long edge at most `edge`; and the size it has in full.
fn picture(bytes: &[u8], edge: u32) -> Result<(Pixels, (u32, u32)), RenderError> {
    if bytes.is_empty() {
        return Err(Broken::Empty.into());
    }
    let format = whole_format(bytes);
    if !format.decodable() {
        return Err(RenderError::NotAPicture { format });
    }
    let looked = look(bytes, format)?;
    let (pixels, profile) = decode(bytes, &looked, edge)?;
    // The size wanted follows from the whole picture: that of a scaled JPEG is rounded.
    let (width, height) = fit(looked.width, looked.height, edge);
    let pixels = resize(pixels, width, height)?;
    // Turning, and colours of other than three channels, need a second copy.
    if looked.facts.orientation != 1 || pixels.channels != Channels::Rgb {
        afford(pixels.data.len() as u64 + u64::from(width) * u64::from(height) * 3)?;
    }
    let pixels = turn(
        colour::to_srgb(pixels, profile.as_deref()),
        looked.facts.orientation,
    );
    let turned = looked.facts.orientation >= 5;
    let seen = if turned {
        (looked.height, looked.width)
    } else {
        (looked.width, looked.height)
    };
    Ok((pixels, seen))
}

/// The size of a `width` x `height` picture whose long edge is to be at most `edge`.
pub fn fit(width: u32, height: u32, edge: u32) -> (u32, u32) {
    let long = u64::from(width.max(height));
    if long <= u64::from(edge) {
        return (width, height);
    }
    // No overflow and no loss: the result is at most `edge`, which is 32 bits wide.
    let scale = |side: u32| (((u64::from(side) * u64::from(edge) + long / 2) / long) as u32).max(1);
    (scale(width), scale(height))
}

fn shrink(pixels: &Pixels, edge: u32) -> Result<Pixels, RenderError> {
    let (width, height) = fit(pixels.width, pixels.height, edge);
    resize(pixels.clone(), width, height)
}

fn resize(pixels: Pixels, width: u32, height: u32) -> Result<Pixels, RenderError> {
    if (pixels.width, pixels.height) == (width, height) {
        return Ok(pixels);
    }
    let (kind, channels) = match pixels.channels {
        Channels::Grey => (PixelType::U8, 1),
        Channels::Rgb => (PixelType::U8x3, 3),
        Channels::Cmyk => (PixelType::U8x4, 4),
    };
    // Source, target, and what lies between the two passes: as wide as the one, as high as the
    // other.
    let rows = u64::from(pixels.height) + u64::from(height);
    afford(pixels.data.len() as u64 + u64::from(width) * rows * channels)?;
    let failed = |cause: String| RenderError::Encode { cause };
    let source = Image::from_vec_u8(pixels.width, pixels.height, pixels.data, kind)
        .map_err(|e| failed(e.to_string()))?;
    let mut target = Image::new(width, height, kind);
    // The fourth channel of CMYK is ink, not alpha.
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(false);
    Resizer::new()
        .resize(&source, &mut target, &options)
        .map_err(|e| failed(e.to_string()))?;
    Ok(Pixels {
        data: target.into_vec(),
        width,
        height,
        channels: pixels.channels,
    })
}

fn turn(pixels: Pixels, orientation: u8) -> Pixels {
    let Some(orientation) =
        Orientation::from_exif(orientation).filter(|o| *o != Orientation::NoTransforms)
    else {
        return pixels;
    };
    let picture = RgbImage::from_raw(pixels.width, pixels.height, pixels.data)
        .expect("sRGB pixels have three bytes each, rows without gaps");
    let mut picture = DynamicImage::ImageRgb8(picture);
    picture.apply_orientation(orientation);
    let (width, height) = (picture.width(), picture.height());
    Pixels {
        data: picture.into_rgb8().into_raw(),
        width,
        height,
        channels: Channels::Rgb,
    }
}

fn encode(pixels: &Pixels, quality: Quality) -> Result<Vec<u8>, RenderError> {
    let (width, height) = (pixels.width as usize, pixels.height as usize);
    let image = turbojpeg::Image {
        pixels: &pixels.data[..],
        width,
        pitch: width * 3,
        height,
        format: PixelFormat::RGB,
    };
    let write = || -> turbojpeg::Result<Vec<u8>> {
        let mut compressor = Compressor::new()?;
        compressor.set_quality(quality.of_100)?;
        compressor.set_subsamp(quality.subsampling)?;
        compressor.compress_to_vec(image)
    };
    write().map_err(|e| RenderError::Encode {
        cause: e.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::fit;

    #[test]
    fn sizes_are_rounded_never_zero_and_never_larger() {
        assert_eq!(fit(4032, 3024, 2048), (2048, 1536));
        assert_eq!(fit(3024, 4032, 320), (240, 320));
        assert_eq!(fit(100, 50, 320), (100, 50));
        assert_eq!(fit(60_000, 3, 320), (320, 1));
    }
}
