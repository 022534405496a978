//! Does this text or metadata speak of a place? Errs towards yes: what follows from a yes is only a
//! refusal or a cleaning.

/// Property names of XMP that tell a place, in lower case, and what they all contain.
const XMP: [&[u8]; 10] = [
    b"gps",
    b"latitude",
    b"longitude",
    b"location",
    b"city",
    b"country",
    b"province",
    b"geo:",
    b"geotag",
    b"sublocation",
];

/// What stands in the boxes of videos beside a place. Longer words only: these are searched in
/// binary data too.
const BOXES: [&[u8]; 10] = [
    b"location",
    b"latitude",
    b"longitude",
    b"iso6709",
    b"exif\0\0",
    b"gpscoord",
    b"gpsl",
    b"gps_",
    b"$gprmc",
    b"$gpgga",
];

/// Boxes for a place, where nothing should lie.
const LEFTOVER: [&[u8]; 4] = [b"\xA9xyz", b"@xyz", b"loci", b"gpmf"];

/// Datasets of IPTC-IIM record 2 for a place: content location, city, sublocation, province,
/// country.
const IPTC: [u8; 7] = [26, 27, 90, 92, 95, 100, 101];

/// Does this XMP packet name a place?
pub(super) fn xmp_tells(packet: &[u8]) -> bool {
    contains_any(packet, &XMP)
}

/// Does this payload of a box name a place?
pub(super) fn box_tells(payload: &[u8]) -> bool {
    contains_any(payload, &BOXES)
        || (contains_any(payload, &[b"ns.adobe.com/xap", b"xmpmeta"]) && xmp_tells(payload))
}

/// Does what lies where nothing should hold a box for a place?
pub(super) fn leftover_tells(bytes: &[u8]) -> bool {
    contains_any(bytes, &LEFTOVER)
}

/// Does this IPTC block, bare or inside Photoshop's, name a place?
pub(super) fn iptc_tells(block: &[u8]) -> bool {
    block
        .windows(3)
        .any(|w| w[0] == 0x1C && w[1] == 2 && IPTC.contains(&w[2]))
}

fn contains_any(haystack: &[u8], words: &[&[u8]]) -> bool {
    haystack.iter().enumerate().any(|(at, byte)| {
        let first = byte.to_ascii_lowercase();
        words.iter().any(|word| {
            word[0] == first
                && haystack[at..]
                    .get(..word.len())
                    .is_some_and(|here| here.eq_ignore_ascii_case(word))
        })
    })
}
