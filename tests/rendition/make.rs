//! Pictures and metadata to test with. Exif is written by `kamadak-exif`, so that another
//! implementation judges our reader.

use std::io::Cursor;

use exif::experimental::Writer;
use exif::{Field, In, Rational, Tag, Value};
use image::codecs::png::PngEncoder;
use image::codecs::tiff::TiffEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, ImageEncoder, RgbImage};

/// Words that must not be found in a cleaned file.
pub const SECRET: &str = "behind the old mill";

pub const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0\
    <x:xmpmeta exif:GPSLatitude='48,12.5N'>behind the old mill</x:xmpmeta>";

/// Red, green / blue, grey: no two turns of it look alike.
pub fn quadrants(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        image::Rgb(match (x < width / 2, y < height / 2) {
            (true, true) => [220, 20, 20],
            (false, true) => [20, 200, 20],
            (true, false) => [20, 20, 220],
            (false, false) => [128, 128, 128],
        })
    })
}

/// The name of the colour in the middle of each quadrant: top left, top right, bottom left, bottom
/// right.
pub fn seen(picture: &RgbImage) -> String {
    let (w, h) = picture.dimensions();
    [
        (w / 4, h / 4),
        (w * 3 / 4, h / 4),
        (w / 4, h * 3 / 4),
        (w * 3 / 4, h * 3 / 4),
    ]
    .map(|(x, y)| match picture.get_pixel(x, y).0 {
        [r, g, b] if r > 180 && g < 80 && b < 80 => 'R',
        [r, g, b] if g > 160 && r < 80 && b < 80 => 'G',
        [r, g, b] if b > 180 && r < 80 && g < 80 => 'B',
        [r, g, b] if r.abs_diff(g) < 12 && r.abs_diff(b) < 12 => 'w',
        _ => '?',
    })
    .iter()
    .collect()
}

pub fn decoded(jpeg: &[u8]) -> RgbImage {
    image::load_from_memory_with_format(jpeg, image::ImageFormat::Jpeg)
        .expect("it is a JPEG")
        .into_rgb8()
}

pub fn jpeg(picture: &RgbImage, progressive: bool) -> Vec<u8> {
    let mut compressor = turbojpeg::Compressor::new().expect("libjpeg-turbo starts");
    compressor.set_quality(95).expect("95 is a quality");
    compressor
        .set_subsamp(turbojpeg::Subsamp::None)
        .expect("4:4:4 is known");
    compressor
        .set_progressive(progressive)
        .expect("progressive is known");
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let (pixels, format) = (&picture.as_raw()[..], turbojpeg::PixelFormat::RGB);
    compressor
        .compress_to_vec(turbojpeg::Image {
            pixels,
            width,
            pitch: width * 3,
            height,
            format,
        })
        .expect("it is well formed")
}

/// `jpeg` with these segments behind its JFIF header.
pub fn with_segments(jpeg: &[u8], segments: &[(u8, &[u8])]) -> Vec<u8> {
    let behind = 4 + usize::from(jpeg[5]);
    assert_eq!(
        &jpeg[..4],
        b"\xFF\xD8\xFF\xE0",
        "our encoder writes JFIF first"
    );
    let mut out = jpeg[..behind].to_vec();
    for (marker, payload) in segments {
        out.extend([0xFF, *marker]);
        out.extend((payload.len() as u16 + 2).to_be_bytes());
        out.extend_from_slice(payload);
    }
    out.extend_from_slice(&jpeg[behind..]);
    out
}

/// The payload of an Exif segment.
pub fn app1(block: &[u8]) -> Vec<u8> {
    [b"Exif\0\0", block].concat()
}

/// What an Exif block is to hold.
#[derive(Default, Clone, Copy)]
pub struct Say {
    pub orientation: u16,
    pub place: bool,
    pub thumbnail: bool,
    pub comment: bool,
}

fn text(tag: Tag, value: &str) -> Field {
    Field {
        tag,
        ifd_num: In::PRIMARY,
        value: Value::Ascii(vec![value.as_bytes().to_vec()]),
    }
}

/// The fields for it: date and camera always.
fn fields(say: Say) -> Vec<Field> {
    let degrees = |n| {
        Value::Rational(vec![
            Rational { num: n, denom: 1 },
            Rational {
                num: 777_777,
                denom: 10_000,
            },
            (0, 1).into(),
        ])
    };
    let mut fields = vec![
        text(Tag::Make, "Maker"),
        text(Tag::Model, "Model 7"),
        text(Tag::DateTimeOriginal, "2024:07:01 10:11:12"),
        text(Tag::OffsetTimeOriginal, "+02:00"),
        Field {
            tag: Tag::Orientation,
            ifd_num: In::PRIMARY,
            value: Value::Short(vec![say.orientation]),
        },
        Field {
            tag: Tag::FNumber,
            ifd_num: In::PRIMARY,
            value: Value::Rational(vec![(28, 10).into()]),
        },
    ];
    if say.place {
        fields.push(text(Tag::GPSLatitudeRef, "N"));
        fields.push(Field {
            tag: Tag::GPSLatitude,
            ifd_num: In::PRIMARY,
            value: degrees(48),
        });
    }
    if say.comment {
        fields.push(Field {
            tag: Tag::UserComment,
            ifd_num: In::PRIMARY,
            value: Value::Undefined(SECRET.into(), 0),
        });
        fields.push(Field {
            tag: Tag::MakerNote,
            ifd_num: In::PRIMARY,
            value: Value::Undefined(SECRET.into(), 0),
        });
        fields.push(text(Tag::ImageDescription, SECRET));
    }
    fields
}

pub fn exif(say: Say) -> Vec<u8> {
    let fields = fields(say);
    let thumbnail = jpeg(&quadrants(16, 16), false);
    let (mut writer, mut out) = (Writer::new(), Cursor::new(Vec::new()));
    fields.iter().for_each(|field| writer.push_field(field));
    if say.thumbnail {
        writer.set_jpeg(&thumbnail, In::THUMBNAIL);
    }
    writer
        .write(&mut out, false)
        .expect("the fields are well formed");
    out.into_inner()
}

/// An uncompressed TIFF with an Exif directory, and a GPS one if wanted, and these tags besides.
pub fn tiff(
    picture: &RgbImage,
    say: Say,
    more: Vec<(u16, Vec<u8>)>,
    little_endian: bool,
) -> Vec<u8> {
    let (width, height) = picture.dimensions();
    let number = |tag, value| Field {
        tag: Tag(exif::Context::Tiff, tag),
        ifd_num: In::PRIMARY,
        value: Value::Short(value),
    };
    let mut all = fields(say);
    all.extend([
        number(256, vec![width as u16]),
        number(257, vec![height as u16]),
        number(258, vec![8, 8, 8]),
        number(259, vec![1]),
        number(262, vec![2]),
        number(277, vec![3]),
        number(278, vec![height as u16]),
    ]);
    all.extend(more.into_iter().map(|(tag, value)| Field {
        tag: Tag(exif::Context::Tiff, tag),
        ifd_num: In::PRIMARY,
        value: Value::Undefined(value, 0),
    }));
    let strips = [&picture.as_raw()[..]];
    let (mut writer, mut out) = (Writer::new(), Cursor::new(Vec::new()));
    all.iter().for_each(|field| writer.push_field(field));
    writer.set_strips(&strips, In::PRIMARY);
    writer
        .write(&mut out, little_endian)
        .expect("the fields are well formed");
    out.into_inner()
}

pub fn plain_tiff(picture: &DynamicImage) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture
        .write_with_encoder(TiffEncoder::new(&mut out))
        .expect("it is well formed");
    out.into_inner()
}

pub fn png(picture: &DynamicImage, icc: Option<Vec<u8>>, exif: Option<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = PngEncoder::new(&mut out);
    if let Some(icc) = icc {
        encoder.set_icc_profile(icc).expect("PNG has profiles");
    }
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).expect("PNG has Exif");
    }
    picture
        .write_with_encoder(encoder)
        .expect("it is well formed");
    out
}

pub fn webp(picture: &DynamicImage, exif: Option<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut out);
    if let Some(exif) = exif {
        encoder.set_exif_metadata(exif).expect("WebP has Exif");
    }
    picture
        .write_with_encoder(encoder)
        .expect("it is well formed");
    out
}

/// A chunk of PNG.
pub fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&kind[..], data].concat();
    let sum = !body.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                0xEDB8_8320 ^ (crc >> 1)
            } else {
                crc >> 1
            }
        })
    });
    [
        &(data.len() as u32).to_be_bytes()[..],
        &body,
        &sum.to_be_bytes(),
    ]
    .concat()
}

/// `png` with `chunks` behind its header.
pub fn with_chunks(png: &[u8], chunks: &[u8]) -> Vec<u8> {
    [&png[..33], chunks, &png[33..]].concat()
}

pub fn holds(bytes: &[u8], words: &[u8]) -> bool {
    bytes.windows(words.len()).any(|w| w == words)
}
