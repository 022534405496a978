//! From a file to pixels of 8 bits, on white, in the colours and the position in which the file has
//! them.
//!
//! The memory that decoding takes is computed from the header and compared with [`MAX_MEMORY`]
//! before anything is allocated: `image` itself does not count when asked for a decoder. JPEG is
//! scaled while decoding, which saves most of the work.

use std::io::Cursor;

use image::codecs::{gif::GifDecoder, png::PngDecoder, tiff::TiffDecoder, webp::WebPDecoder};
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, Limits};
use turbojpeg::{Colorspace, Decompressor, PixelFormat, ScalingFactor};

use super::container::jpeg::Jpeg;
use super::examine::Looked;
use super::fault::RenderError;
use super::{Format, MAX_MEMORY};

/// A colour profile larger than this is ignored; those of printers have about two.
pub(super) const MAX_PROFILE: usize = 4 << 20;

/// What `png` may keep of other chunks than pixels: bounds an inflated profile.
const MAX_PNG_EXTRAS: u64 = 32 << 20;

/// The channels of [`Pixels`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channels {
    Grey,
    Rgb,
    /// 255 is full ink.
    Cmyk,
}

/// A picture, 8 bits for each channel, rows without gaps.
#[derive(Debug, Clone)]
pub(super) struct Pixels {
    pub data: Vec<u8>,
    pub width: u32,
    pub height: u32,
    pub channels: Channels,
}

/// Decodes what [`look`](super::examine::look) found to be whole. At least `edge` pixels of its
/// long edge are kept, if it has them. With it comes its colour profile.
pub(super) fn decode(
    bytes: &[u8],
    looked: &Looked<'_>,
    edge: u32,
) -> Result<(Pixels, Option<Vec<u8>>), RenderError> {
    let format = looked.facts.format;
    if let Some(jpeg) = &looked.jpeg {
        return Ok((decode_jpeg(bytes, jpeg, edge)?, jpeg.icc(MAX_PROFILE)));
    }
    let damaged = |e: ImageError| RenderError::Damaged {
        format,
        cause: e.to_string(),
    };
    let input = Cursor::new(bytes);
    match format {
        Format::Png => {
            let mut limits = Limits::no_limits();
            limits.max_alloc = Some(MAX_PNG_EXTRAS);
            finish(
                PngDecoder::with_limits(input, limits).map_err(damaged)?,
                looked,
                1,
            )
        }
        Format::WebP => finish(WebPDecoder::new(input).map_err(damaged)?, looked, 2),
        Format::Gif => finish(GifDecoder::new(input).map_err(damaged)?, looked, 2),
        _ => {
            let mut decoder = TiffDecoder::new(input).map_err(damaged)?;
            let mut limits = Limits::no_limits();
            limits.max_alloc = Some(MAX_MEMORY);
            decoder.set_limits(limits).map_err(damaged)?;
            finish(decoder, looked, 2)
        }
    }
}

/// Refuses a step that would hold this many bytes of pixels at once.
pub(super) fn afford(bytes: u64) -> Result<(), RenderError> {
    if bytes > MAX_MEMORY {
        Err(RenderError::TooMuchMemory { bytes })
    } else {
        Ok(())
    }
}

/// `copies`: how many times the decoder holds the whole picture while it works.
fn finish(
    mut decoder: impl ImageDecoder,
    looked: &Looked<'_>,
    copies: u64,
) -> Result<(Pixels, Option<Vec<u8>>), RenderError> {
    let format = looked.facts.format;
    let (width, height) = decoder.dimensions();
    if (width, height) != (looked.width, looked.height) {
        return Err(RenderError::Damaged {
            format,
            cause: "it names two different sizes".to_owned(),
        });
    }
    let colour = decoder.color_type();
    let narrowed = match colour.bytes_per_pixel() / colour.channel_count() {
        1 => 0,
        _ => u64::from(width) * u64::from(height) * u64::from(colour.channel_count()),
    };
    afford(
        decoder
            .total_bytes()
            .saturating_mul(copies)
            .saturating_add(narrowed),
    )?;
    // A profile that cannot be read is as good as none.
    let profile = decoder
        .icc_profile()
        .ok()
        .flatten()
        .filter(|profile| profile.len() <= MAX_PROFILE);
    let picture = DynamicImage::from_decoder(decoder).map_err(|e| RenderError::Damaged {
        format,
        cause: e.to_string(),
    })?;
    let (data, channels) = match colour {
        ColorType::L8 | ColorType::L16 => (picture.into_luma8().into_raw(), Channels::Grey),
        ColorType::La8 | ColorType::La16 => (
            on_white::<2>(picture.into_luma_alpha8().into_raw()),
            Channels::Grey,
        ),
        ColorType::Rgba8 | ColorType::Rgba16 | ColorType::Rgba32F => (
            on_white::<4>(picture.into_rgba8().into_raw()),
            Channels::Rgb,
        ),
        _ => (picture.into_rgb8().into_raw(), Channels::Rgb),
    };
    Ok((
        Pixels {
            data,
            width,
            height,
            channels,
        },
        profile,
    ))
}

/// Lays pixels of `N` channels, the last of them alpha, on white. Done in place: a second copy
/// would double the peak.
fn on_white<const N: usize>(mut data: Vec<u8>) -> Vec<u8> {
    let count = data.len() / N;
    for n in 0..count {
        let alpha = u32::from(data[n * N + N - 1]);
        for channel in 0..N - 1 {
            let value = u32::from(data[n * N + channel]);
            // Rounded; the result is at most 255 because the weights add up to 255.
            data[n * (N - 1) + channel] = ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8;
        }
    }
    data.truncate(count * (N - 1));
    data
}

fn decode_jpeg(bytes: &[u8], jpeg: &Jpeg<'_>, edge: u32) -> Result<Pixels, RenderError> {
    let damaged = |cause: String| RenderError::Damaged {
        format: Format::Jpeg,
        cause,
    };
    let own = |e: turbojpeg::Error| damaged(e.to_string());
    let mut decoder = Decompressor::new().map_err(own)?;
    let header = decoder.read_header(bytes).map_err(own)?;
    if (header.width, header.height) != (jpeg.frame.width as usize, jpeg.frame.height as usize) {
        return Err(damaged("it names two different sizes".to_owned()));
    }
    let factor = if header.is_lossless {
        ScalingFactor::ONE
    } else {
        factor(header.width.max(header.height), edge)
    };
    let scaled = header.scaled(factor);
    let (format, channels) = match header.colorspace {
        Colorspace::Gray => (PixelFormat::GRAY, Channels::Grey),
        Colorspace::CMYK | Colorspace::YCCK => (PixelFormat::CMYK, Channels::Cmyk),
        _ => (PixelFormat::RGB, Channels::Rgb),
    };
    let pitch = scaled.width * format.size();
    let size = pitch * scaled.height;
    // With several scans, libjpeg holds all coefficients, two bytes for each sample, however small
    // the result.
    let pixels = header.width as u64 * header.height as u64;
    let coefficients = if jpeg.scans > 1 || header.is_progressive {
        pixels * 2 * jpeg.frame.samples / 256
    } else {
        0
    };
    afford(size as u64 + coefficients)?;
    decoder.set_scaling_factor(factor).map_err(own)?;
    let mut data = vec![0; size];
    let output = turbojpeg::Image {
        pixels: &mut data[..],
        width: scaled.width,
        pitch,
        height: scaled.height,
        format,
    };
    match decoder.decompress(bytes, output) {
        Ok(()) => {}
        // Cameras pad scans and label them oddly; the picture is whole all the same.
        Err(turbojpeg::Error::TurboJpegError(warning)) if harmless(&warning) => {}
        Err(e) => return Err(own(e)),
    }
    if channels == Channels::Cmyk && jpeg.adobe() {
        // Adobe's files have it the other way round.
        data.iter_mut().for_each(|ink| *ink = 255 - *ink);
    }
    Ok(Pixels {
        data,
        width: scaled.width as u32,
        height: scaled.height as u32,
        channels,
    })
}

fn harmless(warning: &str) -> bool {
    warning.contains("extraneous bytes before marker")
        || warning.contains("Invalid SOS parameters for sequential JPEG")
}

/// The smallest eighth that still leaves `edge` pixels.
fn factor(long: usize, edge: u32) -> ScalingFactor {
    let eighths = (1..8)
        .find(|n| ScalingFactor::new(*n, 8).scale(long) >= edge as usize)
        .unwrap_or(8);
    ScalingFactor::new(eighths, 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaled_decoding_never_undershoots() {
        assert_eq!(factor(4032, 2048), ScalingFactor::new(5, 8));
        assert_eq!(factor(4096, 2048), ScalingFactor::ONE_HALF);
        assert_eq!(factor(1000, 2048), ScalingFactor::ONE);
        assert_eq!(factor(65_000, 1), ScalingFactor::ONE_EIGHTH);
    }

    #[test]
    fn what_is_transparent_is_white_and_what_is_not_stays() {
        assert_eq!(
            on_white::<4>(vec![10, 20, 30, 0, 10, 20, 30, 255, 0, 100, 200, 128]),
            [255, 255, 255, 10, 20, 30, 127, 177, 227]
        );
        assert_eq!(on_white::<2>(vec![7, 0, 7, 255]), [255, 7]);
    }
}
