//! A notice as a mail: its header, its two bodies, and a resend.

use super::*;

#[test]
fn umlauts_go_as_encoded_words_and_come_back() {
    let notice = Notice {
        household: "Familie Müller-Größe 🏡",
        person: "Jürgen",
        ..for_bob()
    };
    let composed = compose(&notice);
    let bytes = mail(&composed, "Haus am Übersee");
    let head = bytes
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .expect("a head");
    assert!(bytes[..head].is_ascii());
    assert!(
        bytes.is_ascii(),
        "seven bits throughout, for relays without 8BITMIME"
    );
    let mail = read(&bytes);
    assert_eq!(mail.subject(), Some(composed.subject.as_str()));
    let from = mail.from().and_then(|from| from.first()).expect("From");
    assert_eq!(from.name(), Some("Haus am Übersee"));
    assert_eq!(from.address(), Some("home-b@b.example"));
    assert_eq!(
        mail.body_text(0).expect("text").replace("\r\n", "\n"),
        composed.text
    );
    assert_eq!(
        mail.body_html(0).expect("html").replace("\r\n", "\n"),
        composed.html
    );
}

#[test]
fn mail_reads_back_as_text_and_html_from_the_box_to_bob() {
    let composed = compose(&with_details());
    let bytes = mail(&composed, "House B");
    let mail = read(&bytes);
    assert_eq!(mail.message_id(), Some(ID));
    assert_eq!(mail.date().expect("Date").to_timestamp(), 1_800_000_000);
    assert_eq!(
        mail.header_raw("Auto-Submitted").map(str::trim),
        Some("auto-generated")
    );
    let to = mail.to().and_then(|to| to.first()).expect("To");
    assert_eq!((to.name(), to.address()), (None, Some("bob@b.example")));
    let top = mail.content_type().expect("Content-Type");
    assert_eq!(
        (top.ctype(), top.subtype()),
        ("multipart", Some("alternative"))
    );
    assert_eq!(mail.parts.len(), 3);
    assert_eq!(
        mail.body_text(0).expect("text").replace("\r\n", "\n"),
        composed.text
    );
    assert_eq!(
        mail.body_html(0).expect("html").replace("\r\n", "\n"),
        composed.html
    );
}

#[test]
fn every_line_ends_with_crlf_and_none_is_too_long() {
    let bytes = mail(&compose(&with_details()), "House B");
    let text = String::from_utf8(bytes).expect("ASCII");
    assert!(!text.replace("\r\n", "").contains(['\r', '\n']));
    assert!(text.split("\r\n").all(|line| line.len() <= 998));
}

#[test]
fn resend_is_byte_identical_and_another_notice_has_another_boundary() {
    let composed = compose(&for_bob());
    assert_eq!(mail(&composed, "House B"), mail(&composed, "House B"));
    let (from, to) = (mailbox("home-b@b.example"), mailbox("bob@b.example"));
    let boundary = |id: &str| {
        let bytes =
            message(&composed, &from, "", &to, id, Timestamp::from_unix(0)).expect("a mail");
        let parsed = read(&bytes);
        let top = parsed.content_type().expect("Content-Type");
        top.attribute("boundary").expect("a boundary").to_owned()
    };
    assert_ne!(boundary("1@b.example"), boundary("2@b.example"));
    assert_eq!(boundary("1@b.example"), boundary("<1@b.example>"));
}

#[test]
fn message_id_that_would_break_the_header_is_refused() {
    let composed = compose(&for_bob());
    let (from, to) = (mailbox("home-b@b.example"), mailbox("bob@b.example"));
    for id in ["", "a", "a@b\r\nBcc: eve@e.example", "a b@c.example"] {
        let refused = message(&composed, &from, "", &to, id, Timestamp::from_unix(0));
        assert!(
            matches!(refused, Err(NoticeError::Unmailable { .. })),
            "{id:?}"
        );
    }
}
