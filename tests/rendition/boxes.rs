//! Places in films and HEIF, which we cannot rewrite: found, or refused in doubt.

use std::io::Cursor;

use hearthpost::rendition::{Cleaned, Format, PlaceError, clean, examine, has_place_reader};

use crate::make::holds;

fn boxed(kind: &[u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    [&(body.len() as u32 + 8).to_be_bytes()[..], kind, &body].concat()
}

fn track(handler: &[u8; 4], entry: &[u8]) -> Vec<u8> {
    let hdlr = boxed(b"hdlr", &[&[0; 8], handler, &[0; 13]]);
    let stsd = boxed(b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], entry]);
    let stbl = boxed(
        b"stbl",
        &[
            &stsd,
            &boxed(b"stco", &[b"loci in a table of numbers is chance"]),
        ],
    );
    boxed(
        b"trak",
        &[&boxed(b"mdia", &[&hdlr, &boxed(b"minf", &[&stbl])])],
    )
}

fn film(in_moov: &[&[u8]]) -> Vec<u8> {
    let pictures = track(b"vide", &boxed(b"avc1", &[&[0; 78]]));
    let moov = boxed(
        b"moov",
        &[&boxed(b"mvhd", &[&[0; 100]]), &pictures, &in_moov.concat()],
    );
    [
        boxed(b"ftyp", &[b"isom\0\0\0\0mp42"]),
        boxed(b"mdat", &[b"\xA9xyz is chance here"]),
        moov,
    ]
    .concat()
}

fn place(file: &[u8]) -> bool {
    has_place_reader(&mut Cursor::new(file), Format::sniff(file)).expect("the boxes are sound")
}

#[test]
fn a_film_without_a_place_goes_bit_for_bit() {
    let sound = track(b"soun", &boxed(b"mp4a", &[&[0; 28]]));
    let title = boxed(b"udta", &[&boxed(b"\xA9nam", &[b"a day out"]), &[0; 4]]);
    let file = film(&[&sound, &title]);
    assert!(!place(&file));
    assert_eq!(
        clean(&file).expect("the boxes are sound"),
        Cleaned::Unchanged
    );
}

#[test]
fn each_way_to_tell_a_place_is_found() {
    let iso = b"+48.2085+016.3725/";
    let keys = boxed(
        b"keys",
        &[
            &[0; 8],
            &boxed(b"mdta", &[b"com.apple.quicktime.location.ISO6709"]),
        ],
    );
    let hdlr = boxed(b"hdlr", &[&[0; 25]]);
    let ways: [(&str, Vec<u8>); 9] = [
        ("Android", boxed(b"udta", &[&boxed(b"\xA9xyz", &[iso])])),
        ("3GPP", boxed(b"udta", &[&boxed(b"loci", &[&[0; 20]])])),
        ("Apple", boxed(b"meta", &[&hdlr, &keys])),
        (
            "Apple, as ISO has it",
            boxed(b"udta", &[&boxed(b"meta", &[&[0; 4], &hdlr, &keys])]),
        ),
        (
            "XMP",
            boxed(b"udta", &[&boxed(b"XMP_", &[crate::make::XMP])]),
        ),
        ("a dashcam", boxed(b"gps ", &[&[0; 8]])),
        (
            "an action camera",
            track(b"meta", &boxed(b"gpmd", &[&[0; 8]])),
        ),
        (
            "a drone's subtitles",
            track(b"text", &boxed(b"tx3g", &[&[0; 8]])),
        ),
        ("Canon", boxed(b"uuid", &[&[7; 16], b"Exif\0\0MM\0*"])),
    ];
    for (name, part) in ways {
        let file = film(&[&part]);
        assert!(place(&file), "{name}");
        assert!(
            matches!(
                clean(&file),
                Err(PlaceError::CannotRemove {
                    format: Format::Mp4
                })
            ),
            "{name}"
        );
        assert!(
            examine(&file).expect("the boxes are sound").has_place,
            "{name}"
        );
    }
}

#[test]
fn apples_other_timed_data_is_no_place() {
    let keys = boxed(b"keys", &[b"com.apple.quicktime.video-orientation"]);
    assert!(!place(&film(&[&track(
        b"meta",
        &boxed(b"mebx", &[&[0; 8], &keys])
    )])));
}

#[test]
fn boxes_that_contradict_each_other_are_an_error() {
    let file = film(&[]);
    assert!(matches!(
        clean(&file[..file.len() - 1]),
        Err(PlaceError::Malformed { .. })
    ));
    let mut inner = file.clone();
    let moov = file
        .windows(4)
        .position(|w| w == b"mvhd")
        .expect("it is there");
    inner[moov - 4] = 0x7F;
    assert!(matches!(clean(&inner), Err(PlaceError::Malformed { .. })));
    let deep = (0..40).fold(Vec::new(), |inside, _| boxed(b"udta", &[&inside]));
    assert!(matches!(
        clean(&film(&[&deep])),
        Err(PlaceError::Malformed { .. })
    ));
}

#[test]
fn a_place_in_the_items_of_heif_is_found_and_its_absence_too() {
    assert!(place(include_bytes!("../fixtures/pictures/place.avif")));
    assert!(place(include_bytes!(
        "../fixtures/pictures/place-in-xmp.avif"
    )));
    let without = include_bytes!("../fixtures/pictures/no-place.avif");
    assert!(!place(without));
    assert_eq!(
        clean(without).expect("the boxes are sound"),
        Cleaned::Unchanged
    );
    assert_eq!(
        examine(without).expect("it is whole").taken.as_deref(),
        Some("2024-07-01T10:11:12+02:00")
    );
}

#[test]
fn the_place_of_heif_is_written_over_and_nothing_moves() {
    for file in [
        &include_bytes!("../fixtures/pictures/place.avif")[..],
        include_bytes!("../fixtures/pictures/place-in-xmp.avif"),
        include_bytes!("../fixtures/pictures/place.heic"),
    ] {
        let Ok(Cleaned::Changed(cleaned)) = clean(file) else {
            panic!("it has a place that can be written over");
        };
        assert!(!place(&cleaned));
        assert_eq!(cleaned.len(), file.len());
        assert_eq!(clean(&cleaned).expect("it is sound"), Cleaned::Unchanged);
        let taken = |bytes| examine(bytes).expect("it is whole").taken;
        assert_eq!(taken(&cleaned), taken(file));
        assert!(!holds(&cleaned, b"behind mill"));
    }
}

#[test]
fn raw_files_are_refused() {
    let refused = clean(b"II*\0\x10\0\0\0CR\x02\0\0\0\0\0\0\0\0\0\0\0")
        .expect_err("a raw file is not rewritten");
    assert!(
        matches!(
            refused,
            PlaceError::CannotRemove {
                format: Format::Raw
            }
        ),
        "{refused}"
    );
}

#[test]
fn jpeg_xl_is_refused_only_with_metadata() {
    let start = b"\0\0\0\x0CJXL \r\n\x87\n";
    let plain = [
        &start[..],
        &boxed(b"ftyp", &[b"jxl \0\0\0\0jxl "]),
        &boxed(b"jxlc", &[&[0xFF, 0x0A]]),
    ]
    .concat();
    assert!(!place(&plain));
    assert!(place(&[plain, boxed(b"brob", &[b"Exif"])].concat()));
    assert!(!place(b"\xFF\x0A\x01\x02"));
}
