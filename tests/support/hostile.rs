//! Files that mean ill, each with a name that says how; and good ones, cut short.

use crate::make::{Say, chunk, exif, jpeg, plain_tiff, png, quadrants, tiff, webp, with_chunks};
use image::DynamicImage;

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

fn riff(kind: &[u8; 4], parts: &[(&[u8; 4], u32, &[u8])]) -> Vec<u8> {
    let mut body = kind.to_vec();
    for (kind, size, content) in parts {
        body.extend_from_slice(*kind);
        body.extend(size.to_le_bytes());
        body.extend_from_slice(content);
    }
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

fn picture() -> DynamicImage {
    DynamicImage::ImageRgb8(quadrants(64, 48))
}

fn header(width: u32, height: u32, bits: u8, colour: u8, woven: u8) -> Vec<u8> {
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    chunk(b"IHDR", &[&size[..], &[bits, colour, 0, 0, woven]].concat())
}

/// A PNG of these chunks, its pixels stored as they are.
fn png_of(header: Vec<u8>, pixels: &[u8]) -> Vec<u8> {
    let len = pixels.len() as u16;
    let (mut a, mut b) = (1u32, 0u32);
    for byte in pixels {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    let sum = (b << 16 | a).to_be_bytes();
    let stored = [
        &[0x78, 1, 1][..],
        &len.to_le_bytes(),
        &(!len).to_le_bytes(),
        pixels,
        &sum,
    ]
    .concat();
    [
        &b"\x89PNG\r\n\x1A\n"[..],
        &header,
        &chunk(b"IDAT", &stored),
        &chunk(b"IEND", &[]),
    ]
    .concat()
}

pub fn pictures() -> Vec<(&'static str, Vec<u8>)> {
    let frames = |count: u32| {
        let one = [chunk(b"fcTL", &[0; 26]), chunk(b"fdAT", &[0; 5])].concat();
        let control = chunk(b"acTL", &[[0xFF; 4], [0; 4]].concat());
        with_chunks(
            &png(&picture(), None, None),
            &[control, one.repeat(count as usize)].concat(),
        )
    };
    let gif = |count: usize| {
        let frame = b"\x21\xF9\x04\0\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
        let start = b"GIF89a\x01\0\x01\0\x80\0\0\xFF\xFF\xFF\0\0\0";
        [&start[..], &frame.repeat(count), b"\x3B"].concat()
    };
    let mut circle = tiff(&quadrants(8, 8), Say::default(), vec![], false);
    let first = u32::from_be_bytes(*circle[4..].first_chunk().expect("an offset")) as usize;
    let next = first + 2 + 12 * usize::from(u16::from_be_bytes([circle[first], circle[first + 1]]));
    circle.copy_within(4..8, next);
    let mut wide = webp(&picture(), Some(exif(Say::default())));
    wide[24..30].fill(0xFF);
    let mut deep = jpeg(&quadrants(64, 48), false);
    let at = deep
        .windows(2)
        .position(|at| at == [0xFF, 0xDA])
        .expect("a scan");
    let again = deep[at..deep.len() - 2].to_vec();
    deep.truncate(deep.len() - 2);
    deep.extend(again.repeat(90));
    deep.extend([0xFF, 0xD9]);
    vec![
        (
            "sixteen-woven.png",
            png_of(header(1, 1, 16, 6, 1), &[0, 9, 9, 9, 9, 9, 9, 128, 0]),
        ),
        (
            "huge.png",
            png_of(header(65_000, 65_000, 8, 6, 0), &[0; 16]),
        ),
        (
            "long.png",
            png_of(header(1, 199_999_999, 1, 0, 0), &[0; 16]),
        ),
        ("less.png", png_of(header(500, 500, 8, 2, 0), &[0; 16])),
        ("moves.png", frames(90_000)),
        ("moves-more.png", frames(110_000)),
        ("moves.gif", gif(100_000)),
        ("moves-more.gif", gif(150_000)),
        (
            "inks.jpg",
            include_bytes!("../fixtures/pictures/cmyk.jpg").to_vec(),
        ),
        ("scans.jpg", deep),
        ("circle.tif", circle),
        ("within.tif", directories_within()),
        ("wide.webp", wide),
        (
            "drawing.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>".to_vec(),
        ),
        (
            "archive.jpg",
            b"PK\x03\x04\x14\0\0\0\x08\0 and more".to_vec(),
        ),
        (
            "page.jpg",
            b"<!DOCTYPE html><script>alert(1)</script>".to_vec(),
        ),
        ("start.jpg", b"\xFF\xD8\xFF".to_vec()),
        ("one.png", b"\x89".to_vec()),
    ]
}

/// A grey pixel, and nine hundred directories that begin one in the other, each of fifty thousand authors.
fn directories_within() -> Vec<u8> {
    const COUNT: u32 = 900;
    let entries: [(u16, u16, u32, u32); 10] = [
        (256, 3, 1, 1 << 16),
        (257, 3, 1, 1 << 16),
        (258, 3, 1, 8 << 16),
        (259, 3, 1, 1 << 16),
        (262, 3, 1, 1 << 16),
        (273, 4, 1, 8),
        (277, 3, 1, 1 << 16),
        (278, 3, 1, 1 << 16),
        (279, 4, 1, 1),
        (330, 4, COUNT, 16 + 2 + 10 * 12 + 4),
    ];
    let mut out = b"MM\0*\0\0\0\x10\x80\0\0\0\0\0\0\0".to_vec();
    out.extend((entries.len() as u16).to_be_bytes());
    for (tag, kind, count, value) in entries {
        out.extend([tag.to_be_bytes(), kind.to_be_bytes()].concat());
        out.extend([count.to_be_bytes(), value.to_be_bytes()].concat());
    }
    out.extend([0; 4]);
    let first = out.len() as u32 + 4 * COUNT;
    out.extend((0..COUNT).flat_map(|n| (first + 12 * n).to_be_bytes()));
    // How many, which is a tag as well; then tag, kind, count.
    let pattern = [0xC5, 0xF2, 0x01, 0x3B, 0, 2, 0, 0, 0, 4, b'm', b'e'];
    out.extend(pattern.repeat(52_000));
    out
}

fn heif(parts: &[Vec<u8>]) -> Vec<u8> {
    let handler = boxed(b"hdlr", &[&[0; 8][..], b"pict", &[0; 13]].concat());
    let meta = [&[0; 4][..], &handler, &parts.concat()].concat();
    [
        boxed(b"ftyp", b"heic\0\0\0\0mif1heic"),
        boxed(b"meta", &meta),
        boxed(b"mdat", &[7; 64]),
    ]
    .concat()
}

pub fn boxes() -> Vec<(&'static str, Vec<u8>)> {
    let start = boxed(b"ftyp", b"isom\0\0\0\0mp42");
    let nested = |depth: usize| {
        let inside = (0..depth).fold(Vec::new(), |inside, _| boxed(b"udta", &inside));
        [
            &start[..],
            &boxed(b"moov", &inside),
            &boxed(b"mdat", &[7; 64]),
        ]
        .concat()
    };
    let info = |count: u32| {
        let entry = boxed(b"infe", b"\x02\0\0\0\0\x01\0\0hvc1\0");
        let entries = entry.repeat(count as usize);
        boxed(
            b"iinf",
            &[&[1, 0, 0, 0][..], &count.to_be_bytes(), &entries].concat(),
        )
    };
    // Each item takes the whole file many times over.
    let places = {
        let extent = [&0u32.to_be_bytes()[..], &0xFFFF_FFFFu32.to_be_bytes()].concat();
        let item = [&[0, 1, 0, 0, 0xFF, 0xFF][..], &extent.repeat(0xFFFF)].concat();
        boxed(b"iloc", &[&[0, 0, 0, 0, 0x44, 0, 0, 1][..], &item].concat())
    };
    // Items of many pieces, none of which takes a byte of the list.
    let weightless = {
        let item = [0, 1, 0, 0, 0xFF, 0xFF];
        boxed(
            b"iloc",
            &[&[0, 0, 0, 0, 0, 0, 0xFF, 0xFF][..], &item.repeat(0xFFFF)].concat(),
        )
    };
    let room = boxed(b"free", &[]).repeat(150_000);
    // Thousands of descriptions in the same ten megabytes.
    let heavy = {
        let entries: Vec<u8> = (1..4_000u16)
            .flat_map(|id| {
                boxed(
                    b"infe",
                    &[&[2, 0, 0, 0][..], &id.to_be_bytes(), b"\0\0Exif\0"].concat(),
                )
            })
            .collect();
        let places: Vec<u8> = (1..4_000u16)
            .flat_map(|id| {
                let extent = [200u32.to_be_bytes(), (10u32 << 20).to_be_bytes()].concat();
                [&id.to_be_bytes()[..], &[0, 0, 0, 1], &extent].concat()
            })
            .collect();
        let count = 3_999u16.to_be_bytes();
        heif(&[
            boxed(b"iinf", &[&[0; 4][..], &count, &entries].concat()),
            boxed(
                b"iloc",
                &[&[0, 0, 0, 0, 0x44, 0][..], &count, &places].concat(),
            ),
        ])
    };
    let heavy = [heavy, boxed(b"mdat", &vec![7; 12 << 20])].concat();
    vec![
        ("heavy.heic", heavy),
        ("weightless.heic", heif(&[info(1), weightless])),
        ("room.heic", [heif(&[info(2)]), room].concat()),
        ("nothing.heic", heif(&[])),
        ("no-first.heic", heif(&[info(1)])),
        ("many.heic", heif(&[info(150_000)])),
        ("everywhere.heic", heif(&[info(1), places])),
        ("deep.mp4", nested(17)),
        ("deeper.mp4", nested(20_000)),
        ("to-the-end.mp4", [&start[..], b"\0\0\0\0moov\0\0\0\0udta"].concat()),
        ("short.mp4", [&start[..], b"\0\0\0\x07moov"].concat()),
        ("endless.mp4", [&start[..], b"\0\0\0\x01mdat\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"].concat()),
        ("many.mp4", [start.clone(), boxed(b"moov", &boxed(b"free", &[]).repeat(300_000))].concat()),
        ("wide.mkv", b"\x1A\x45\xDF\xA3\x84webm\x18\x53\x80\x67\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x15\x49\xA9\x66\x08\xFF\xFF\xFF\xFF".to_vec()),
        ("zeros.mkv", [&b"\x1A\x45\xDF\xA3\x84webm"[..], &[0; 4096]].concat()),
        ("many.mkv", [&b"\x1A\x45\xDF\xA3\x84webm"[..], &b"\xEC\x80".repeat(300_000)].concat()),
    ]
}

pub fn sounds() -> Vec<(&'static str, Vec<u8>)> {
    let (mp3, flac) = (
        include_bytes!("../fixtures/sounds/mill.mp3"),
        include_bytes!("../fixtures/sounds/mill.flac"),
    );
    let format = b"\x01\0\x01\0\x40\x1F\0\0\x40\x1F\0\0\x01\0\x08\0";
    let block = [&[1, 0, 0, 4][..], &[0; 4]].concat();
    let ogg = include_bytes!("../fixtures/sounds/mill.ogg");
    vec![
        ("claims.mp3", b"ID3\x04\0\0\x7F\x7F\x7F\x7F".to_vec()),
        (
            "giant.mp3",
            [&b"ID3\x04\0\0\x0A\0\0\0"[..], &vec![b'x'; 20 << 20], mp3].concat(),
        ),
        (
            "tags.mp3",
            [&b"ID3\x04\0\0\0\0\0\0".repeat(100_000), &mp3[..]].concat(),
        ),
        ("sync.mp3", vec![0xFF; 3 << 20]),
        (
            "giant.flac",
            [
                b"fLaC",
                &flac[4..42],
                &[0x06, 0xFF, 0xFF, 0xFF],
                &vec![9; 0xFF_FFFF],
                &flac[42..],
            ]
            .concat(),
        ),
        (
            "blocks.flac",
            [b"fLaC", &block.repeat(100_000)[..], &flac[4..]].concat(),
        ),
        (
            "cut.flac",
            [b"fLaC", &flac[4..42], &[0x86, 0xFF, 0xFF, 0xFF, 1]].concat(),
        ),
        (
            "more.wav",
            riff(
                b"WAVE",
                &[(b"fmt ", 16, format), (b"data", 0xFFFF_FFF0, &[128; 4000])],
            ),
        ),
        (
            "none.wav",
            riff(
                b"WAVE",
                &[(b"fmt ", 16, format), (b"data", 0, &[128; 4000])],
            ),
        ),
        (
            "format.wav",
            riff(b"WAVE", &[(b"fmt ", 0x7FFF_FFFF, format)]),
        ),
        (
            "chunks.wav",
            riff(b"WAVE", &vec![(b"junk", 0, &b""[..]); 100_000]),
        ),
        (
            "pages.ogg",
            [
                &ogg[..58],
                &b"OggS\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0".repeat(100_000),
            ]
            .concat(),
        ),
    ]
}

pub fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let file = |objects: &[String]| {
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut places = Vec::new();
        for (n, object) in objects.iter().enumerate() {
            places.push(out.len());
            out.extend(format!("{} 0 obj\n{object}\nendobj\n", n + 1).bytes());
        }
        let start = out.len();
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).bytes());
        for place in places {
            out.extend(format!("{place:010} 00000 n \n").bytes());
        }
        out.extend(
            format!(
                "trailer\n<</Root 1 0 R/Size {}>>\nstartxref\n{start}\n%%EOF",
                objects.len() + 1
            )
            .bytes(),
        );
        out
    };
    let root = "<</Type/Catalog/Pages 2 0 R>>".to_owned();
    // A page tree that holds itself, one that is very deep, and arrays in arrays.
    let circle = file(&[
        root.clone(),
        "<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000>>".to_owned(),
    ]);
    let deep: Vec<String> = (3..20_003)
        .map(|n| format!("<</Type/Pages/Kids[{n} 0 R]/Count 1>>"))
        .collect();
    let deep = file(&[vec![root.clone()], deep].concat());
    let arrays = format!("<</Type/Pages/Kids {}>>", "[".repeat(200_000));
    let arrays = file(&[root.clone(), arrays]);
    let before = b"%PDF-1.7\nxref\n0 0\ntrailer\n<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF".to_vec();
    // A stream of a gigabyte, folded twice.
    let mut dict = lopdf::Dictionary::new();
    dict.set("Type", lopdf::Object::Name(b"Metadata".to_vec()));
    let mut stream = lopdf::Stream::new(dict, vec![b' '; 200 << 20]);
    stream.compress().expect("it is folded");
    let mut document = lopdf::Document::with_version("1.7");
    let said = document.add_object(stream);
    let mut catalog = lopdf::Dictionary::new();
    catalog.set("Type", lopdf::Object::Name(b"Catalog".to_vec()));
    catalog.set("Metadata", lopdf::Object::Reference(said));
    let root_id = document.add_object(catalog);
    document
        .trailer
        .set("Root", lopdf::Object::Reference(root_id));
    let mut bomb = Vec::new();
    document.save_to(&mut bomb).expect("written");
    vec![
        ("circle.pdf", circle),
        ("deep.pdf", deep),
        ("arrays.pdf", arrays),
        ("before.pdf", before),
        ("bomb.pdf", bomb),
        (
            "stray.pdf",
            [
                &b"%PDF-1.7\n"[..],
                &b"\xFF\xD8\xFF\xE1\xFF\xFF".repeat(500_000),
            ]
            .concat(),
        ),
        (
            "packets.pdf",
            [&b"%PDF-1.7\n"[..], &b"<x:xmpmeta".repeat(300_000)].concat(),
        ),
        (
            "packets-of-a-place.pdf",
            [
                &b"%PDF-1.7\n"[..],
                &b"<x:xmpmeta city</x:xmpmeta>".repeat(100_000),
            ]
            .concat(),
        ),
        ("line.txt", vec![b'x'; 8 << 20]),
        ("returns.txt", b"\r\n".repeat(2 << 20)),
        (
            "signs.bin",
            [
                &[0u8, 1][..],
                &b"Exif\0\0MM\0*\0\0\0\x08\xFF\xFF".repeat(50_000),
            ]
            .concat(),
        ),
        (
            "blocks.bin",
            [
                &[0u8, 1][..],
                &b"Exif\0\0MM\0*\0\0\0\x08\x15\0".repeat(150_000),
            ]
            .concat(),
        ),
        (
            "records.bin",
            [
                &[0u8, 1][..],
                &b"\x9A\x66MDPM\xFF\x18\0\0\0\0".repeat(500_000),
            ]
            .concat(),
        ),
    ]
}

/// Each of these formats, cut at each quarter.
pub fn cut_short() -> Vec<(String, Vec<u8>)> {
    let whole: Vec<(&str, Vec<u8>)> = vec![
        ("jpg", jpeg(&quadrants(320, 200), false)),
        ("progressive.jpg", jpeg(&quadrants(320, 200), true)),
        ("png", png(&picture(), None, None)),
        ("webp", webp(&picture(), None)),
        ("tif", plain_tiff(&picture())),
        (
            "heic",
            include_bytes!("../fixtures/pictures/place.heic").to_vec(),
        ),
        (
            "avif",
            include_bytes!("../fixtures/pictures/place.avif").to_vec(),
        ),
        (
            "gif",
            include_bytes!("../fixtures/pictures/large-frame.gif").to_vec(),
        ),
        (
            "mp3",
            include_bytes!("../fixtures/sounds/mill.mp3").to_vec(),
        ),
        (
            "flac",
            include_bytes!("../fixtures/sounds/mill.flac").to_vec(),
        ),
        (
            "wav",
            include_bytes!("../fixtures/sounds/mill.wav").to_vec(),
        ),
        (
            "ogg",
            include_bytes!("../fixtures/sounds/mill.ogg").to_vec(),
        ),
        (
            "m4a",
            include_bytes!("../fixtures/sounds/mill.m4a").to_vec(),
        ),
    ];
    let quarters = whole.into_iter().flat_map(|(ending, bytes)| {
        (1..4).map(move |n| {
            (
                format!("cut-{n}.{ending}"),
                bytes[..bytes.len() * n / 4].to_vec(),
            )
        })
    });
    quarters.collect()
}
