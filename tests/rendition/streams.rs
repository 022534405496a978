//! MPEG transport streams, as camcorders write them.

use std::io::Cursor;

use hearthpost::rendition::{Cleaned, Format, PlaceError, clean, has_place_reader};

const PROGRAM: u16 = 0x100;
const PICTURES: u16 = 0x1011;
const SOUND: u16 = 0x1100;
const OTHER: u16 = 0x1200;
const WRITING: u16 = 0x1400;
/// What a camcorder has in it: H.264, AC-3, and the date as it is drawn over the picture.
const CAMCORDER: [(u8, u16); 3] = [(0x1B, PICTURES), (0x81, SOUND), (0x90, WRITING)];

/// A packet of a stream; what does not fill it is filled up in front.
fn packet(stream: u16, begins: bool, payload: &[u8]) -> Vec<u8> {
    let filler = 184 - payload.len();
    let [high, low] = (stream | u16::from(begins) << 14).to_be_bytes();
    let mut packet = vec![0x47, high, low, if filler > 0 { 0x30 } else { 0x10 }];
    if filler > 0 {
        packet.push(filler as u8 - 1);
        packet.extend([0].iter().take(filler - 1));
        packet.extend(vec![0xFF; filler.saturating_sub(2)]);
    }
    packet.extend(payload);
    packet
}

/// A table in one packet.
fn table(stream: u16, kind: u8, body: &[u8]) -> Vec<u8> {
    let [high, low] = (body.len() as u16 + 9).to_be_bytes();
    let head = [0, kind, 0xB0 | high, low, 0, 1, 0xC1, 0, 0];
    packet(stream, true, &[&head, body, &[0; 4]].concat())
}

/// The tables of a file with those streams, then the packets.
fn stream(streams: &[(u8, u16)], packets: &[Vec<u8>]) -> Vec<u8> {
    let numbered = |number: u16| (number | 0xE000).to_be_bytes();
    let programs = [&[0, 1][..], &numbered(PROGRAM)].concat();
    let mut program = [&numbered(0x1001)[..], &[0xF0, 0]].concat();
    for (kind, number) in streams {
        program.push(*kind);
        program.extend(numbered(*number));
        program.extend([0xF0, 0]);
    }
    let tables = [table(0, 0, &programs), table(PROGRAM, 2, &program)];
    let quiet = (0..4).map(|at| packet(PICTURES, at == 0, &[at; 184]));
    let all = tables.into_iter().chain(quiet);
    all.chain(packets.iter().cloned())
        .collect::<Vec<_>>()
        .concat()
}

/// The same with four bytes before each packet.
fn of_disc(stream: &[u8]) -> Vec<u8> {
    let packets = stream.chunks(188);
    packets
        .flat_map(|packet| [&[0x0E, 0xBF, 0x46, 0x22], packet].concat())
        .collect()
}

fn told(file: &[u8]) -> bool {
    assert_eq!(Format::sniff(file), Format::MpegTs);
    has_place_reader(&mut Cursor::new(file), Format::MpegTs).expect("it is read")
}

/// The record of a camcorder, with tags of five bytes each.
fn record(tags: &[u8]) -> Vec<u8> {
    let begin = b"\x17\xEE\x8C\x60\xF8\x4D\x11\xD9\x8C\xD6\x08\0\x20\x0C\x9A\x66MDPM";
    let tags = tags.iter().flat_map(|tag| [*tag, 1, 2, 3, 4]);
    let count = tags.clone().count() / 5;
    [&begin[..], &[count as u8], &tags.collect::<Vec<_>>()].concat()
}

#[test]
fn a_film_of_a_camcorder_is_known_by_its_packets() {
    let plain = stream(&CAMCORDER, &[]);
    for file in [plain.clone(), of_disc(&plain)] {
        let format = Format::sniff(&file);
        assert_eq!(
            (format, format.media_type()),
            (Format::MpegTs, "video/mp2t")
        );
        assert_eq!(Format::of_media_type("video/mp2t"), format);
        assert!(!told(&file));
        assert_eq!(clean(&file).expect("it is sound"), Cleaned::Unchanged);
    }
    assert_eq!(Format::sniff(&[b'G'; 4096]), Format::Text);
    assert_eq!(Format::sniff(&plain[..4 * 188]), Format::Other);
    assert_eq!(Format::sniff(&plain[1..]), Format::Other);
    let mut broken = plain.clone();
    broken[188] = 0x46;
    assert_eq!(Format::sniff(&broken), Format::Other);
}

#[test]
fn the_record_of_a_camcorder_is_found_where_packets_cut_it_in_two() {
    let with_place = record(&[0x18, 0x19, 0x70, 0xB0, 0xB2, 0xB5]);
    let without = record(&[0x18, 0x19, 0x70, 0x7F]);
    for cut in 0..with_place.len() {
        let film = |record: &[u8]| {
            let cut = cut.min(record.len());
            let before = [&vec![9; 184 - cut][..], &record[..cut]].concat();
            let rest = [&record[cut..], &vec![9; 184 + cut - record.len()]].concat();
            let sound = packet(SOUND, true, &[1; 184]);
            let pictures = [
                packet(PICTURES, true, &before),
                sound,
                packet(PICTURES, false, &rest),
            ];
            stream(&CAMCORDER, &pictures)
        };
        for file in [film(&with_place), of_disc(&film(&with_place))] {
            assert!(told(&file), "cut behind {cut} bytes");
            let fault = clean(&file).expect_err("it cannot be removed");
            assert!(matches!(fault, PlaceError::CannotRemove { .. }), "{fault}");
        }
        assert!(!told(&film(&without)), "cut behind {cut} bytes");
    }
}

#[test]
fn a_stream_of_which_nobody_says_what_it_is_may_tell_a_place() {
    let held = packet(OTHER, true, &[3; 100]);
    for kind in [0x05, 0x06, 0x15] {
        let listed = [CAMCORDER[0], CAMCORDER[1], (kind, OTHER)];
        assert!(
            told(&stream(&listed, std::slice::from_ref(&held))),
            "{kind:#x}"
        );
    }
    assert!(told(&stream(&CAMCORDER, &[held])));
    let mut locked = packet(PICTURES, false, &[3; 184]);
    locked[3] |= 0x80;
    assert!(told(&stream(&CAMCORDER, &[locked])));
    // Bytes of a maker before the payload, which no stream has.
    let mut private = packet(PICTURES, false, &[3; 100]);
    private[5] = 0x02;
    assert!(told(&stream(&CAMCORDER, &[private])));
    // What stands between the packets, and behind the last.
    let sound = stream(&CAMCORDER, &vec![packet(SOUND, false, &[1; 184]); 30]);
    let lost = [&sound[..], b"anything", &sound].concat();
    assert!(told(&lost));
    assert!(told(&[&sound[..], b"GPSLatitude"].concat()));
    assert!(!told(&[&sound[..], &sound[..100]].concat()), "cut off");
}
