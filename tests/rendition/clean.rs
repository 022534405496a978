//! The place goes from a JPEG, the pixels stay.

use hearthpost::rendition::{Cleaned, PlaceError, clean, examine};

use crate::make::*;

/// The cleaned file; it must be clean itself.
pub fn cleaned(file: &[u8]) -> Vec<u8> {
    let Cleaned::Changed(out) = clean(file).expect("the structure is sound") else {
        panic!("something had to go")
    };
    assert_eq!(
        clean(&out).expect("what we write is sound"),
        Cleaned::Unchanged,
        "cleaning twice is cleaning once"
    );
    assert!(!examine(&out).expect("what we write is whole").has_place);
    out
}

fn dirty(picture: &[u8]) -> Vec<u8> {
    let say = Say {
        orientation: 6,
        place: true,
        thumbnail: true,
        comment: true,
    };
    let iptc = [
        b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x18\x1C\x02\x5A\0\x13",
        SECRET.as_bytes(),
    ]
    .concat();
    let segments: [(u8, &[u8]); 7] = [
        (0xE1, &app1(&exif(say))),
        (0xE1, XMP),
        (0xE2, b"MPF\0MM\0*"),
        (0xE2, b"ICC_PROFILE\0\x01\x01not really one"),
        (0xED, &iptc),
        (0xFE, SECRET.as_bytes()),
        (0xE4, SECRET.as_bytes()),
    ];
    let trailer = [b"\0\0\0\x18ftypmp42", SECRET.as_bytes()].concat();
    [with_segments(picture, &segments), trailer].concat()
}

/// From the first table on: all that makes pixels.
fn from_tables(jpeg: &[u8]) -> &[u8] {
    &jpeg[jpeg
        .windows(2)
        .position(|w| w == [0xFF, 0xDB])
        .expect("it has tables")..]
}

#[test]
fn only_date_camera_orientation_and_profile_are_left() {
    for progressive in [false, true] {
        let picture = jpeg(&quadrants(64, 48), progressive);
        let out = cleaned(&dirty(&picture));
        // The thumbnail had tables too, so this also shows that it is gone.
        assert_eq!(
            from_tables(&out),
            from_tables(&picture),
            "the coded picture is the same, bit for bit"
        );
        for words in [
            SECRET.as_bytes(),
            b"http://ns.adobe.com/xap",
            b"GPSLatitude",
            b"MPF",
            b"8BIM",
            b"ftyp",
            &777_777u32.to_be_bytes(),
        ] {
            assert!(!holds(&out, words), "{}", String::from_utf8_lossy(words));
        }
        assert!(holds(&out, b"ICC_PROFILE\0\x01\x01not really one"));
        assert!(out.ends_with(b"\xFF\xD9"));

        let left = exif::Reader::new()
            .read_from_container(&mut std::io::Cursor::new(&out))
            .expect("another reader reads it");
        let mut tags: Vec<String> = left
            .fields()
            .map(|f| format!("{}={}", f.tag, f.display_value()))
            .collect();
        tags.sort();
        assert_eq!(
            tags,
            [
                "DateTimeOriginal=2024-07-01 10:11:12",
                "Make=\"Maker\"",
                "Model=\"Model 7\"",
                "OffsetTimeOriginal=\"+02:00\"",
                "Orientation=row 0 at right and column 0 at top",
            ]
        );
    }
}

#[test]
fn one_reason_is_enough() {
    let picture = jpeg(&quadrants(64, 48), false);
    let plain = Say {
        orientation: 1,
        ..Say::default()
    };
    let place = app1(&exif(Say {
        place: true,
        ..plain
    }));
    let thumbnail = app1(&exif(Say {
        thumbnail: true,
        ..plain
    }));
    let comment = app1(&exif(Say {
        comment: true,
        ..plain
    }));
    let cases: [(&str, u8, &[u8]); 7] = [
        ("GPS", 0xE1, &place),
        ("a thumbnail", 0xE1, &thumbnail),
        ("a comment in Exif", 0xE1, &comment),
        ("XMP", 0xE1, XMP),
        ("IPTC", 0xED, b"Photoshop 3.0\0"),
        ("a comment", 0xFE, b"x"),
        ("an unknown segment", 0xE7, b"x"),
    ];
    for (name, marker, payload) in cases {
        let out = cleaned(&with_segments(&picture, &[(marker, payload)]));
        assert_eq!(from_tables(&out), from_tables(&picture), "{name}");
    }
    assert_eq!(
        cleaned(&[&picture[..], b"x"].concat()),
        picture,
        "a byte behind the end"
    );
}

#[test]
fn a_jpeg_without_any_of_it_goes_bit_for_bit() {
    let picture = jpeg(&quadrants(64, 48), true);
    assert_eq!(clean(&picture).expect("it is sound"), Cleaned::Unchanged);
    let exposure = app1(&exif(Say {
        orientation: 8,
        ..Say::default()
    }));
    let icc = [b"ICC_PROFILE\0\x01\x01", &[7; 60][..]].concat();
    let file = with_segments(
        &picture,
        &[
            (0xE1, &exposure),
            (0xE2, &icc),
            (0xEE, b"Adobe\0\x64\0\0\0\0\x01"),
        ],
    );
    assert_eq!(clean(&file).expect("it is sound"), Cleaned::Unchanged);
}

#[test]
fn a_thumbnail_in_jfif_goes_and_jfif_stays() {
    let picture = jpeg(&quadrants(64, 48), false);
    let mut file = picture[..4].to_vec();
    file.extend([0, 16 + 3]);
    file.extend(&picture[6..18]);
    file.extend([1, 1, 9, 9, 9]);
    file.extend(&picture[20..]);
    assert_eq!(cleaned(&file), picture);
}

#[test]
fn a_second_exif_block_is_no_hiding_place() {
    let say = Say {
        orientation: 1,
        ..Say::default()
    };
    let place = app1(&exif(Say { place: true, ..say }));
    let file = with_segments(
        &jpeg(&quadrants(64, 48), false),
        &[(0xE1, &app1(&exif(say))), (0xE1, &place)],
    );
    assert!(!holds(&cleaned(&file), &777_777u32.to_be_bytes()));
}

#[test]
fn a_structure_that_cannot_be_followed_is_an_error() {
    let picture = jpeg(&quadrants(64, 48), false);
    let mut short = picture.clone();
    short[5] = 1;
    let mut between = picture[..20].to_vec();
    between.extend_from_slice(b"GPS");
    between.extend_from_slice(&picture[20..]);
    for file in [
        short,
        between,
        picture[..picture.len() - 2].to_vec(),
        b"\xFF\xD8\xFF\xD9".to_vec(),
    ] {
        assert!(matches!(clean(&file), Err(PlaceError::Malformed { .. })));
    }
}
