//! Wherever a place can stand in a file, it goes or the file is refused; `docs/places.md` has the list.

use std::io::Cursor;

use hearthpost::rendition::{Cleaned, Format, PlaceError, clean, examine, has_place_reader};

use crate::clean::cleaned;
use crate::make::*;

const MP3: &[u8] = include_bytes!("../fixtures/sounds/mill.mp3");
const FLAC: &[u8] = include_bytes!("../fixtures/sounds/mill.flac");
const WAV: &[u8] = include_bytes!("../fixtures/sounds/mill.wav");
const OGG: &[u8] = include_bytes!("../fixtures/sounds/mill.ogg");
const HEIC: &[u8] = include_bytes!("../fixtures/pictures/place.heic");

/// As it stands in a film of a telephone.
const ISO: &str = "+48.2085+016.3725/";

fn told(file: &[u8]) -> bool {
    has_place_reader(&mut Cursor::new(file), Format::sniff(file)).expect("it can be followed")
}

/// What is sent: of the same format, telling nothing, and the same when cleaned again.
fn sent(file: &[u8]) -> Vec<u8> {
    let out = cleaned(file);
    let facts = examine(&out).expect("it is whole");
    assert!(!facts.has_place);
    assert_eq!(facts.format, Format::sniff(file));
    assert_eq!(clean(&out).expect("it is sound"), Cleaned::Unchanged);
    out
}

fn refused(file: &[u8]) {
    let error = clean(file).expect_err("its place cannot be removed");
    assert!(matches!(error, PlaceError::CannotRemove { .. }), "{error}");
    assert!(examine(file).expect("it is whole").has_place);
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, body].concat()
}

/// A JPEG that tells its place in Exif.
fn cover() -> Vec<u8> {
    let say = Say {
        place: true,
        ..Say::default()
    };
    with_segments(
        &jpeg(&quadrants(16, 16), false),
        &[(0xE1, &app1(&exif(say)))],
    )
}

fn wide(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn exif_of_a_jpeg_keeps_no_tag_unknown_to_us_and_no_byte_without_a_tag() {
    let settings = exif(Say::default());
    let file =
        |block: &[u8]| with_segments(&jpeg(&quadrants(16, 16), false), &[(0xE1, &app1(block))]);
    let plain = file(&settings);
    assert_eq!(clean(&plain).expect("it is sound"), Cleaned::Unchanged);
    // Left behind by a program that took the position out of the list.
    let left = file(&[&settings[..], SECRET.as_bytes()].concat());
    assert!(!holds(&sent(&left), SECRET.as_bytes()));
    // Its aperture becomes a tag of a geographic picture.
    let aperture = 33437u16.to_be_bytes();
    let at = settings
        .windows(2)
        .position(|at| at == aperture)
        .expect("it is there");
    let mut other = settings;
    other[at..at + 2].copy_from_slice(&33922u16.to_be_bytes());
    assert!(!holds(&sent(&file(&other)), &33922u16.to_be_bytes()));
}

/// An ID3 tag of these frames.
fn id3(frames: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let frames: Vec<u8> = frames
        .iter()
        .flat_map(|(kind, body)| {
            let size = (body.len() as u32).to_be_bytes();
            [&kind[..], &size, &[0, 0], body].concat()
        })
        .collect();
    let size = [21, 14, 7, 0].map(|shift| (frames.len() >> shift & 0x7F) as u8);
    [&b"ID3\x03\0\0"[..], &size, &frames].concat()
}

#[test]
fn tags_of_mp3_go_where_they_tell_a_place_and_the_sound_stays_byte_for_byte() {
    let sound = &MP3[MP3
        .windows(2)
        .position(|at| at == [0xFF, 0xFB])
        .expect("a frame")..];
    let text = ["\0LOCATION\0", ISO].concat();
    let utf16 = [&[1, 0xFF, 0xFE][..], &wide("Location"), &[0, 0], &wide(ISO)].concat();
    let picture = [b"\0image/jpeg\0\x03\0", &cover()[..]].concat();
    let ape = {
        let item = [
            &20u32.to_le_bytes()[..],
            &[0; 4],
            b"Latitude\0",
            b"48.2085",
            &[0; 13],
        ]
        .concat();
        let size = (item.len() as u32 + 32).to_le_bytes();
        [
            &item[..],
            b"APETAGEX",
            &2000u32.to_le_bytes(),
            &size,
            &[1, 0, 0, 0],
            &[0; 12],
        ]
        .concat()
    };
    let old = [&b"TAG"[..], b"geo", &[0; 122]].concat();
    for (name, before, behind) in [
        (
            "a text of its own",
            id3(&[(b"TXXX", text.as_bytes())]),
            vec![],
        ),
        ("in two bytes a letter", id3(&[(b"TXXX", &utf16)]), vec![]),
        ("the cover", id3(&[(b"APIC", &picture)]), vec![]),
        ("a tag behind", vec![], [&ape[..], &old].concat()),
    ] {
        let file = [&before[..], sound, &behind].concat();
        assert!(told(&file), "{name}");
        assert!(sent(&file) == sound, "{name}");
    }
    // A title alone is nobody's business, and stays.
    let titled = [&id3(&[(b"TIT2", b"\0the mill")])[..], sound].concat();
    assert_eq!(clean(&titled).expect("it is sound"), Cleaned::Unchanged);
}

#[test]
fn blocks_of_flac_go_where_they_tell_a_place_and_the_frames_stay() {
    let words = format!("LOCATION={ISO}");
    let comment = [
        &0u32.to_le_bytes()[..],
        &1u32.to_le_bytes(),
        &(words.len() as u32).to_le_bytes(),
        words.as_bytes(),
    ]
    .concat();
    let block = |kind: u32, body: &[u8]| {
        [&(kind << 24 | body.len() as u32).to_be_bytes()[..], body].concat()
    };
    // The fixture tells its place too.
    let bare = sent(FLAC);
    let frames = 4 + 38;
    assert_eq!(bare[8..frames], FLAC[8..frames], "its form and digest");
    assert!(FLAC.ends_with(&bare[frames..]));
    for mut more in [block(4, &comment), block(6, &cover()), block(2, &cover())] {
        more[0] |= 0x80;
        let form = [&[0], &bare[5..frames]].concat();
        let file = [b"fLaC", &form[..], &more, &bare[frames..]].concat();
        assert!(sent(&file) == bare);
    }
}

#[test]
fn chunks_of_wav_go_where_they_tell_a_place_and_the_samples_stay() {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let size = (body.len() as u32).to_le_bytes();
        [&kind[..], &size, body, &[0][..body.len() % 2]].concat()
    };
    let recorder =
        format!("<BWFXML><LOCATION><LOCATION_GPS>{ISO}</LOCATION_GPS></LOCATION></BWFXML>");
    let samples = |file: &[u8]| {
        let at = file
            .windows(4)
            .position(|at| at == b"data")
            .expect("samples");
        file[at..].to_vec()
    };
    for more in [
        chunk(b"iXML", recorder.as_bytes()),
        chunk(b"_PMX", XMP),
        chunk(
            b"LIST",
            format!("INFOICMT\x20\0\0\0Location: {ISO}    ").as_bytes(),
        ),
        chunk(b"id3 ", &id3(&[(b"APIC", &cover())])),
    ] {
        let behind = [WAV, &more].concat();
        let before = [&WAV[..12], &more, &WAV[12..]].concat();
        for mut file in [behind, before] {
            let size = (file.len() as u32 - 8).to_le_bytes();
            file[4..8].copy_from_slice(&size);
            let out = sent(&file);
            assert!(samples(&out) == samples(WAV)[..samples(&out).len()]);
            assert_eq!(
                u32::from_le_bytes([out[4], out[5], out[6], out[7]]) as usize,
                out.len() - 8
            );
        }
    }
    assert_eq!(clean(WAV).expect("it is sound"), Cleaned::Unchanged);
}

#[test]
fn ogg_and_matroska_that_tell_a_place_are_left_to_another_program() {
    refused(OGG);
    let mut quiet = OGG.to_vec();
    let at = OGG.windows(8).position(|at| at == b"location");
    quiet[at.expect("it tells one")..][..8].copy_from_slice(b"nowhere!");
    assert!(!told(&quiet));

    // A size of three bytes behind a mark for four.
    let element = |id: &[u8], body: &[u8]| {
        [id, &[0x10], &(body.len() as u32).to_be_bytes()[1..], body].concat()
    };
    let file = |parts: &[Vec<u8>]| {
        let head = element(b"\x1A\x45\xDF\xA3", b"\x42\x82\x84webm");
        [head, element(b"\x18\x53\x80\x67", &parts.concat())].concat()
    };
    let tag = element(
        b"\x12\x54\xC3\x67",
        b"\x45\xA3\x88LOCATION\x44\x87\x92+48.2085+016.3725/",
    );
    let attached = element(b"\x19\x41\xA4\x69", &cover());
    let pictures = element(b"\x1F\x43\xB6\x75", b"LOCATION here is chance");
    assert!(!told(&file(&[
        element(b"\x15\x49\xA9\x66", b"title"),
        pictures.clone()
    ])));
    for part in [tag.clone(), attached] {
        refused(&file(&[pictures.clone(), part]));
    }
    // Recorded live: nobody noted how long anything is.
    let mut live = file(&[[
        &b"\x1F\x43\xB6\x75\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF"[..],
        &tag,
    ]
    .concat()]);
    let segment = live
        .windows(4)
        .position(|at| at == b"\x18\x53\x80\x67")
        .expect("it");
    live.splice(
        segment + 4..segment + 8,
        *b"\x01\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
    );
    refused(&live);
    let whole = file(&[tag]);
    let cut = clean(&whole[..whole.len() - 1]).expect_err("it ends too early");
    assert!(matches!(cut, PlaceError::Malformed { .. }), "{cut}");
}

fn pdf(objects: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut document = lopdf::Document::with_version("1.7");
    let mut catalog = lopdf::Dictionary::new();
    catalog.set("Type", lopdf::Object::Name(b"Catalog".to_vec()));
    for (words, content) in objects {
        let mut dict = lopdf::Dictionary::new();
        for pair in words.split_whitespace() {
            let (key, name) = pair.split_once('=').expect("a pair");
            dict.set(key, lopdf::Object::Name(name.into()));
        }
        let mut stream = lopdf::Stream::new(dict, content.clone());
        stream.allows_compression = false;
        let id = document.add_object(stream);
        catalog.set(format!("Of{}", id.0), lopdf::Object::Reference(id));
    }
    let root = document.add_object(catalog);
    document.trailer.set("Root", lopdf::Object::Reference(root));
    let mut out = Vec::new();
    document.save_to(&mut out).expect("it is well formed");
    out
}

fn folded(content: &[u8]) -> Vec<u8> {
    let mut stream = lopdf::Stream::new(lopdf::Dictionary::new(), content.to_vec());
    stream.compress().expect("it is folded");
    stream.content
}

#[test]
fn what_a_pdf_says_of_itself_and_of_its_pictures_is_written_over_and_nothing_moves() {
    let packet = XMP[29..].to_vec();
    let said = ("Type=Metadata Subtype=XML", packet.clone());
    let picture = ("Type=XObject Subtype=Image Filter=DCTDecode", cover());
    for object in [said.clone(), picture] {
        let file = pdf(std::slice::from_ref(&object));
        let out = sent(&file);
        assert_eq!(out.len(), file.len());
        assert!(!holds(&out, SECRET.as_bytes()) && !holds(&out, b"GPSLatitude"));
        let pixels = |file: &[u8]| {
            let at = file.windows(3).position(|at| at == b"\xFF\xD8\xFF");
            at.map(|at| {
                image::load_from_memory(&file[at..])
                    .expect("a picture")
                    .to_rgb8()
            })
        };
        assert_eq!(pixels(&out), pixels(&file));
    }
    let text = (
        "Type=Metadata Subtype=XML",
        b"<x:xmpmeta>a title</x:xmpmeta>".to_vec(),
    );
    let plain = pdf(&[text, ("Filter=DCTDecode", jpeg(&quadrants(8, 8), false))]);
    assert_eq!(clean(&plain).expect("it is sound"), Cleaned::Unchanged);
    // Folded it cannot be written over; signed it may not be.
    let long = [&packet[..], &[b' '; 400]].concat();
    refused(&pdf(&[(
        "Type=Metadata Subtype=XML Filter=FlateDecode",
        folded(&long),
    )]));
    refused(&[&pdf(&[said])[..], b"% /ByteRange [0 1 2 3]"].concat());
}

#[test]
fn of_what_nobody_follows_the_signs_are_known() {
    let record = [&[0xB0, 0xB2][..]].concat();
    let record: Vec<u8> = record.iter().flat_map(|tag| [*tag, 0, 0, 0, 0]).collect();
    let camcorder = [
        &b"\0\0\0\0G\x40\0\x10"[..],
        &[0xFF; 180],
        b"\x9A\x66MDPM\x02",
        &record,
    ]
    .concat();
    let film = [
        &b"RIFF\x10\0\0\0AVI LIST"[..],
        &app1(&exif(Say {
            place: true,
            ..Say::default()
        })),
    ]
    .concat();
    let layers = [&b"8BPS\0\x01"[..], &[0; 20], XMP].concat();
    let dashcam = [
        &b"RIFF\x10\0\0\0AVI LIST"[..],
        &[0; 64],
        b"$GPRMC,120000,A,4812.5,N",
    ]
    .concat();
    for file in [camcorder, film, layers, dashcam] {
        let format = Format::sniff(&file);
        assert!(matches!(format, Format::Other | Format::Avi), "{format}");
        refused(&file);
    }
    for raw in [
        &b"II\x1A\0\0\0HEAPCCDR\x02\0\x01\0"[..],
        b"FOVb\0\0\x02\0",
        b"\0MRM\0\0\0\0\0PRD",
    ] {
        assert_eq!(Format::sniff(raw), Format::Raw);
        assert!(clean(raw).is_err());
    }
    for file in [
        &b"PK\x03\x04 a location, a city, a latitude"[..],
        b"8BPS\0\x01",
    ] {
        assert_eq!(
            clean(file).expect("nothing is known of it"),
            Cleaned::Unchanged
        );
    }
}

#[test]
fn boxes_of_makers_may_tell_a_place_and_those_of_all_are_known() {
    let film = |parts: &[Vec<u8>], beside: &[u8]| {
        let moov = [&boxed(b"mvhd", &[0; 100])[..], &parts.concat()].concat();
        [
            &boxed(b"ftyp", b"isom\0\0\0\0mp42")[..],
            &boxed(b"moov", &moov),
            beside,
        ]
        .concat()
    };
    let within = |one: Vec<u8>| vec![boxed(b"udta", &one)];
    for (name, file) in [
        ("Nikon", film(&within(boxed(b"NCTG", &[0; 40])), b"")),
        (
            "Samsung, long ago",
            film(&within(boxed(b"@xyz", ISO.as_bytes())), b""),
        ),
        (
            "Sony",
            film(
                &[boxed(
                    b"uuid",
                    &[
                        &b"USMT\x21\xD2\x4F\xCE\xBB\x88\x69\x5C\xFA\xC9\xC7\x40"[..],
                        &[0; 40],
                    ]
                    .concat(),
                )],
                b"",
            ),
        ),
        ("a trailer", film(&[], &boxed(b"inst", &[7; 60]))),
        (
            "taken out by an editor",
            film(&[], &boxed(b"free", &boxed(b"\xA9xyz", ISO.as_bytes()))),
        ),
    ] {
        assert!(told(&file), "{name}");
        refused(&file);
    }
    let samsung = within(
        [
            boxed(b"smta", &boxed(b"mdln", b"SM-G")),
            boxed(b"SDLN", b"SEQ_PLAY"),
        ]
        .concat(),
    );
    for file in [
        film(&samsung, b""),
        film(&[], &boxed(b"free", b"made by a program")),
    ] {
        assert_eq!(clean(&file).expect("it is sound"), Cleaned::Unchanged);
    }
}

fn small_film(place: bool) -> Vec<u8> {
    let inner = boxed(b"\xA9xyz", ISO.as_bytes());
    let udta = if place {
        boxed(b"udta", &inner)
    } else {
        vec![]
    };
    [
        boxed(b"ftyp", b"mp42\0\0\0\0mp42isom"),
        boxed(b"moov", &udta),
        boxed(b"mdat", &[7; 64]),
    ]
    .concat()
}

#[test]
fn what_lies_beside_the_picture_of_a_heic_goes() {
    let bare = cleaned(HEIC);
    for place in [false, true] {
        let film = small_film(place);
        // As Samsung and Google have it, with a maker's own behind.
        let file = [
            &bare[..],
            &boxed(b"mpvd", &film),
            &boxed(b"sefd", b"MCC_Data310"),
        ]
        .concat();
        let clip = hearthpost::rendition::clip_behind(&file).expect("a film");
        assert_eq!(&file[clip], &film);
        assert!(sent(&file) == bare);
    }
    assert_eq!(hearthpost::rendition::clip_behind(&bare), None);
    // In the midst of the file nothing may move: it becomes empty room.
    let midst = [
        &bare[..],
        &boxed(b"sefd", b"MCC_Data310"),
        &boxed(b"mdat", &[0; 8]),
    ]
    .concat();
    let out = sent(&midst);
    assert_eq!(out.len(), midst.len());
    assert!(!holds(&out, b"sefd") && !holds(&out, b"MCC") && holds(&out, b"free\0\0"));
    // What the picture itself lies in stays.
    let mut own = bare;
    let at = own
        .windows(4)
        .position(|at| at == b"mdat")
        .expect("it is there");
    own[at..at + 4].copy_from_slice(b"mine");
    refused(&own);
}

#[test]
fn what_an_editor_left_in_a_heic_goes() {
    let bare = cleaned(HEIC);
    let left = boxed(
        b"mdat",
        &[
            &[0; 4],
            &app1(&exif(Say {
                place: true,
                ..Say::default()
            }))[..],
        ]
        .concat(),
    );
    let file = [&bare[..], &left].concat();
    let out = sent(&file);
    assert_eq!(out.len(), file.len());
    assert_eq!(&out[..bare.len()], &bare[..]);
    assert!(out[bare.len() + 8..].iter().all(|byte| *byte == 0));
}
