//! The MIME around letters with one fault each, and mails built to exhaust whoever reads them.

use std::time::{Duration, Instant};

use hearthpost::envelope::{seal_letter, sign};
use hearthpost::message::mime::{
    letter_message, pkcs7_entity, read_content, read_pkcs7_entity, write_content,
};
use hearthpost::message::{
    Code, Refused, open_letter_mail, read_letter, seal_letter_mail, write_letter,
};

use crate::content::grant_text;
use crate::households::{anna, bob, header, now, outer, refusal};

#[track_caller]
fn refused<T>(name: &str, result: Result<T, Refused>, words: &str) {
    match result {
        Ok(_) => panic!("{name} is taken"),
        Err(refusal) => {
            assert_eq!(refusal.code, Code::Unsupported, "{name}: {refusal}");
            assert!(refusal.words.contains(words), "{name}: {refusal}");
        }
    }
}

fn good_mail() -> Vec<u8> {
    let header = header(anna(), Some(bob()));
    let to = bob().encryption.certificate();
    seal_letter_mail(
        &outer(anna(), bob()),
        &header,
        &refusal(),
        &anna().identity,
        Some(to),
    )
    .expect("sealed")
}

/// A letter to Bob around this entity.
fn around(entity: &[u8]) -> Vec<u8> {
    let sealed = seal_letter(entity, bob().encryption.certificate()).expect("sealed");
    letter_message(&outer(anna(), bob()), "authEnveloped-data", &sealed)
}

fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let at = bytes
        .windows(from.len())
        .position(|window| window == from.as_bytes())
        .expect(from);
    [&bytes[..at], to.as_bytes(), &bytes[at + from.len()..]].concat()
}

#[test]
fn a_mail_with_one_fault_is_refused() {
    let good = good_mail();
    let open = |mail: &[u8]| open_letter_mail(mail, &bob().keys());
    open(&good).expect("the good one opens");
    let not_pkcs7 = "not application/pkcs7-mime in base64";
    for (name, from, to, words) in [
        (
            "another_media_type",
            "application/pkcs7-mime",
            "application/octet-stream",
            not_pkcs7,
        ),
        (
            "a_multipart",
            "application/pkcs7-mime;",
            "multipart/mixed; boundary=x;",
            not_pkcs7,
        ),
        (
            "quoted_printable",
            "Content-Transfer-Encoding: base64",
            "Content-Transfer-Encoding: quoted-printable",
            not_pkcs7,
        ),
        (
            "no_encoding",
            "Content-Transfer-Encoding: base64",
            "X-Nothing: base64",
            not_pkcs7,
        ),
        (
            "no_media_type",
            "Content-Type:",
            "X-Nothing:",
            "not a MIME message",
        ),
        ("no_body", "\r\n\r\n", "\r\n", "not a MIME message"),
        (
            "a_foot_line",
            "\r\n\r\nM",
            "\r\n\r\n-- Sent by a gateway\r\nM",
            "its base64 is broken",
        ),
    ] {
        refused(name, open(&replaced(&good, from, to)), words);
    }
    refused("nothing", open(b""), "not a MIME message");
    refused(
        "a_header_without_end",
        open(&b"Subject: x\r\n".repeat(10)),
        "not a MIME message",
    );
}

#[test]
fn what_a_provider_may_do_to_a_mail_does_no_harm() {
    let good = good_mail();
    let open = |mail: &[u8]| open_letter_mail(mail, &bob().keys()).expect("opens");
    let received = [
        &b"Received: from a by b; Mon, 1 Jun 2026 12:00:00 +0000\r\n"[..],
        &good,
    ]
    .concat();
    open(&received);
    let bare: Vec<u8> = good.iter().copied().filter(|&b| b != b'\r').collect();
    open(&bare);
    let stripped = replaced(&good, "Hearthpost: letter\r\n", "");
    open(&replaced(
        &stripped,
        "Message-ID: <",
        "Message-ID: <rewritten.",
    ));
    let folded = replaced(
        &good,
        "pkcs7-mime; smime-type",
        "PKCS7-MIME;\r\n\tsmime-type",
    );
    open(&folded);
    open(&[good.as_slice(), b"\r\n\r\n"].concat());
}

#[test]
fn a_signed_entity_that_is_not_base64_is_refused() {
    let signed =
        write_letter(&header(anna(), Some(bob())), &refusal(), &anna().identity).expect("written");
    let open = |entity: &[u8]| open_letter_mail(&around(entity), &bob().keys());
    let good = pkcs7_entity("signed-data", &signed);
    open(&good).expect("the good one opens");
    let not_pkcs7 = "not application/pkcs7-mime in base64";
    let head = "Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: binary\r\n\r\n";
    refused(
        "a_binary_signed_entity",
        open(&[head.as_bytes(), &signed].concat()),
        not_pkcs7,
    );
    refused("the_bare_signed_data", open(&signed), "not a MIME message");
    refused(
        "a_text_in_the_envelope",
        open(b"Content-Type: text/plain\r\n\r\nHello"),
        not_pkcs7,
    );
    let envelope = seal_letter(&good, bob().encryption.certificate()).expect("sealed");
    let twice = open(&pkcs7_entity("authEnveloped-data", &envelope));
    refused("an_envelope_in_an_envelope", twice, "not SignedData");
}

#[test]
fn content_with_one_fault_is_refused() {
    let text = grant_text();
    let content = write_content(text.json.as_bytes(), text.manifest.as_deref());
    read_content(&content).expect("the good one is read");
    let binary = "Content-Transfer-Encoding: binary";
    let json = "Content-Type: application/vnd.hearthpost+json\r\n";
    let other_parts = "other body parts than text, JSON and perhaps a manifest";
    for (name, from, to, words) in [
        (
            "not_multipart",
            "multipart/mixed",
            "text/plain",
            "not multipart/mixed",
        ),
        (
            "multipart_alternative",
            "multipart/mixed",
            "multipart/alternative",
            "not multipart/mixed",
        ),
        ("no_boundary", "boundary=", "border=", "not multipart/mixed"),
        (
            "another_boundary",
            "boundary=\"=_",
            "boundary=\"=_x",
            "body parts are broken",
        ),
        (
            "a_preamble",
            "\r\n\r\n--",
            "\r\n\r\nHello\r\n--",
            "body parts are broken",
        ),
        (
            "text_in_eight_bits",
            binary,
            "Content-Transfer-Encoding: 8bit",
            "a body part that is not unencoded",
        ),
        (
            "text_as_html",
            "text/plain; charset=utf-8",
            "text/html; charset=utf-8",
            other_parts,
        ),
        (
            "json_of_another_type",
            json,
            "Content-Type: application/json\r\n",
            other_parts,
        ),
        ("json_without_type", json, "", "a body part without header"),
        (
            "a_message_for_the_text",
            "text/plain; charset=utf-8",
            "message/rfc822",
            other_parts,
        ),
    ] {
        refused(name, read_content(&replaced(&content, from, to)), words);
    }
    refused(
        "an_epilogue",
        read_content(&[content.as_slice(), b"Hello"].concat()),
        "body parts are broken",
    );
    refused(
        "a_cut_content",
        read_content(&content[..content.len() - 6]),
        "body parts are broken",
    );
    let boundary = &content[content
        .windows(2)
        .position(|w| w == b"=_")
        .expect("a boundary")..][..28];
    let extra = format!(
        "\r\n--{}\r\nContent-Type: text/plain\r\n{binary}\r\n\r\nx",
        String::from_utf8_lossy(boundary)
    );
    let end = content.len() - boundary.len() - 8;
    let four = [&content[..end], extra.as_bytes(), &content[end..]].concat();
    refused(
        "a_fourth_body_part",
        read_content(&four),
        "body parts are broken",
    );
    refused("nothing", read_content(b""), "not a MIME message");
}

#[test]
fn a_grant_without_its_manifest_is_refused() {
    let text = grant_text();
    let content = write_content(text.json.as_bytes(), None);
    let signed = sign(&anna().identity, &content, now()).expect("signed");
    assert_eq!(
        read_letter(&signed, true).expect_err("refused").code,
        Code::Manifest
    );
    let other = write_content(text.json.as_bytes(), Some(b"not a manifest"));
    let signed = sign(&anna().identity, &other, now()).expect("signed");
    refused(
        "something_else_for_the_manifest",
        read_letter(&signed, true),
        "outside the profile",
    );
}

#[test]
fn a_letter_of_more_than_8_mib_is_neither_read_nor_written() {
    let long = [good_mail(), b"\r\n".repeat(4 * 1024 * 1024)].concat();
    refused(
        "a_mail_of_more_than_8_mib",
        open_letter_mail(&long, &bob().keys()),
        "more than 8 MiB",
    );
    let mut draft = crate::households::draft::Draft::whole(1);
    let station =
        |n: usize| crate::households::draft::station(&format!("station-{n}"), Default::default());
    draft.stations = (0..120_000).map(station).collect();
    let letter = header(anna(), Some(bob()));
    let to = Some(bob().encryption.certificate());
    seal_letter_mail(
        &outer(anna(), bob()),
        &letter,
        &draft.body(),
        &anna().identity,
        to,
    )
    .expect_err("too long");
}

/// Reads it as a whole mail and as the content of a letter, on a small stack and in a short time.
fn survives(name: &'static str, bytes: Vec<u8>) {
    assert!(bytes.len() <= 8 * 1024 * 1024, "{name}");
    let read = move || {
        let start = Instant::now();
        read_pkcs7_entity(&bytes).expect_err(name);
        read_content(&bytes).expect_err(name);
        start.elapsed()
    };
    let thread = std::thread::Builder::new()
        .stack_size(256 * 1024)
        .spawn(read)
        .expect("a thread");
    let took = thread
        .join()
        .unwrap_or_else(|_| panic!("{name} brought its reader down"));
    // Far above what it takes, far below what anyone would wait for.
    assert!(took < Duration::from_secs(5), "{name} took {took:?}");
}

#[test]
fn mails_made_to_exhaust_their_reader_do_not() {
    let whole = 8 * 1024 * 1024;
    let times = |piece: &str| piece.repeat(whole / piece.len()).into_bytes();
    survives(
        "messages_in_messages",
        times("Content-Type: message/rfc822\r\n\r\n"),
    );
    survives(
        "multiparts_in_multiparts",
        times("Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"),
    );
    let nested = (0..100_000)
        .map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"));
    survives(
        "multiparts_100_000_deep",
        nested.collect::<String>().into_bytes(),
    );
    let open = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n";
    survives(
        "a_multipart_of_empty_parts",
        [open.as_bytes(), &b"--x\r\n".repeat(1_600_000)].concat(),
    );
    survives(
        "a_multipart_of_line_ends",
        [open.as_bytes(), &times("\r\n")[..whole - 100]].concat(),
    );
    survives(
        "a_multipart_of_almost_delimiters",
        [open.as_bytes(), &times("\r\n--")[..whole - 100]].concat(),
    );
    survives("header_lines_without_end", times("A: b\r\n"));
    survives("one_endless_header_line", times("Content-Type: a"));
    survives(
        "an_endless_fold",
        [
            b"Content-Type:\r\n".to_vec(),
            times(" \r\n")[..whole - 100].to_vec(),
        ]
        .concat(),
    );
    // Within the longest header that is read.
    let header = |piece: &str| {
        [
            b"Content-Type: text/plain",
            piece.repeat(250_000 / piece.len()).as_bytes(),
            b"\r\n\r\nx",
        ]
        .concat()
    };
    survives("many_parameters", header(";a=b"));
    survives("many_split_parameters", header("; a*1*=x''y"));
    survives("many_open_quotes", header("; a=\"\\"));
    survives("many_comments", header("("));
    survives("many_encoded_words", header("; =?utf-8?q?a?="));
    survives("zeros", vec![0; whole]);
    survives("line_ends", times("\n"));
}
