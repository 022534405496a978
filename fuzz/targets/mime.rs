//! Any bytes as the MIME forms of letters, and base64 in whatever pieces it comes.
#![no_main]

use hearthpost::encoding::{BodyDecoder, base64_body, decode_base64_body};
use hearthpost::message::mime::{pkcs7_entity, read_content, read_pkcs7_entity, write_content};
use hearthpost::message::parts::part_of_content_id;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = read_content(bytes);
    if let Ok(der) = read_pkcs7_entity(bytes) {
        let again = read_pkcs7_entity(&pkcs7_entity("signed-data", &der));
        assert_eq!(again.expect("what we write we read"), der);
    }
    if let Some(digest) = part_of_content_id(&String::from_utf8_lossy(bytes)) {
        let id = format!("<{digest}@hearthpost.invalid>");
        assert_eq!(part_of_content_id(&id), Some(digest));
    }
    let [piece, rest @ ..] = bytes else { return };
    in_pieces(rest, usize::from(*piece).max(1));
    written(rest, usize::from(*piece));
});

/// A body decodes to the same in pieces, and what was decoded can be written and read again.
fn in_pieces(body: &[u8], piece: usize) {
    let mut out = Vec::new();
    let mut decoder = BodyDecoder::default();
    let pushed = body
        .chunks(piece)
        .all(|piece| decoder.push(piece, &mut out).is_some());
    let pieces = (pushed && decoder.finish(&mut out).is_some()).then_some(out);
    let whole = decode_base64_body(body);
    assert_eq!(pieces, whole);
    if let Some(bytes) = whole {
        let mut body = Vec::new();
        base64_body(&bytes, &mut body);
        assert_eq!(decode_base64_body(&body), Some(bytes));
    }
}

/// A letter's content reads back to the byte, whatever its JSON and its manifest are.
fn written(bytes: &[u8], cut: usize) {
    let (json, manifest) = bytes.split_at(cut.min(bytes.len()));
    let read = read_content(&write_content(json, Some(manifest))).expect("what we write we read");
    assert_eq!(
        (read.json.as_slice(), read.manifest.as_deref()),
        (json, Some(manifest))
    );
}
