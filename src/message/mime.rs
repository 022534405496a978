//! The MIME forms of letters (RFC 2045, 5322, 8551), written in one way and read with the same strictness.

use mail_parser::{MessageParser, MimeHeaders};

use super::{Code, Refused};
use crate::address::Mailbox;
use crate::encoding::{Timestamp, base64_body, decode_base64_body};
use crate::envelope::Id;

/// The sentence inside every letter, for whoever opens one with another program.
const SENTENCE: &str =
    "This is a Hearthpost letter from one household to another; a Hearthpost home server opens it.";

/// The media type of a letter's JSON.
const JSON_TYPE: &str = "application/vnd.hearthpost+json";

/// The media type of a CMS object.
const PKCS7_TYPE: &str = "application/pkcs7-mime";

/// The longest header that is read; providers add a few kilobytes.
const MAX_HEADER: usize = 256 * 1024;
/// The most body parts of a letter's content.
const MAX_BODY_PARTS: usize = 3;

/// The outer header of a message. Frozen in the outbox, so that a resend is the same bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outer {
    /// Names the message for the provider and for bounces; never trusted.
    pub message_id: String,
    /// When it was made.
    pub date: Timestamp,
    /// This household's mailbox.
    pub from: Mailbox,
    /// The destination, or `None` for several that shall not see one another.
    pub to: Option<Mailbox>,
}

/// What the `Hearthpost:` header says, so that a receiver knows where to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// One letter.
    Letter,
    /// Sealed parts.
    Parts,
}

/// What stands inside a letter.
#[derive(Debug)]
pub struct LetterContent {
    /// The JSON.
    pub json: Vec<u8>,
    /// The signed manifest of a grant.
    pub manifest: Option<Vec<u8>>,
}

impl Outer {
    /// A header with a new random Message-ID.
    pub fn new(from: Mailbox, to: Option<Mailbox>, date: Timestamp) -> Self {
        Outer {
            message_id: format!("{}@{}", Id::random(), from.domain()),
            date,
            from,
            to,
        }
    }

    /// The header's lines, up to the MIME headers.
    pub fn lines(&self, hint: Hint) -> String {
        let date = jiff::Timestamp::from_second(self.date.unix()).unwrap_or_default();
        let date = date.strftime("%a, %d %b %Y %H:%M:%S +0000");
        let to = match &self.to {
            Some(mailbox) => mailbox.to_string(),
            None => "undisclosed-recipients:;".to_owned(),
        };
        let hint = match hint {
            Hint::Letter => "letter",
            Hint::Parts => "parts",
        };
        format!(
            "Message-ID: <{}>\r\nDate: {date}\r\nFrom: {}\r\nTo: {to}\r\nSubject: Hearthpost\r\n\
             Auto-Submitted: auto-generated\r\nHearthpost: {hint}\r\nMIME-Version: 1.0\r\n",
            self.message_id, self.from
        )
    }
}

/// A whole letter message around the DER of its envelope, or of its SignedData where it travels open.
pub fn letter_message(outer: &Outer, smime_type: &str, der: &[u8]) -> Vec<u8> {
    let mut mail = outer.lines(Hint::Letter).into_bytes();
    mail.extend_from_slice(&pkcs7_entity(smime_type, der));
    mail
}

/// A message of this household with another mailbox in its `To`; `None` where it has none. Nothing is bound to that line:
/// whom a letter is for stands in its envelope and in what is signed.
pub fn readdressed(mail: &[u8], to: &Mailbox) -> Option<Vec<u8>> {
    const TO: &[u8] = b"\r\nTo: ";
    let at = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|one| one == what);
    let header = &mail[..at(mail, b"\r\n\r\n")?];
    let begin = at(header, TO)? + TO.len();
    let end = at(&header[begin..], b"\r\n").map_or(header.len(), |end| begin + end);
    Some([&mail[..begin], to.as_str().as_bytes(), &mail[end..]].concat())
}

/// One `application/pkcs7-mime` entity in base64.
pub fn pkcs7_entity(smime_type: &str, der: &[u8]) -> Vec<u8> {
    let mut entity = format!(
        "Content-Type: application/pkcs7-mime; smime-type={smime_type}; name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n"
    )
    .into_bytes();
    base64_body(der, &mut entity);
    entity
}

/// The DER in a message or entity whose top is `application/pkcs7-mime` in base64.
///
/// Only the header is given to `mail-parser`: its whole-message parser follows nested messages as deep as they go, and
/// what it builds of a hostile one overflows the stack when dropped.
pub fn read_pkcs7_entity(entity: &[u8]) -> Result<Vec<u8>, Refused> {
    let refuse = |words: &str| Refused::new(Code::Unsupported, words);
    let (header, body) = split_header(entity).ok_or_else(|| refuse("not a MIME message"))?;
    if header.media_type != PKCS7_TYPE || header.encoding != "base64" {
        return Err(refuse("not application/pkcs7-mime in base64"));
    }
    decode_base64_body(body).ok_or_else(|| refuse("its base64 is broken"))
}

/// What the header of a message or body part says about its body, in lower case where case means nothing.
struct MimeHeader {
    media_type: String,
    encoding: String,
    boundary: Option<String>,
}

/// Cuts an entity after its header's blank line and reads the header.
fn split_header(entity: &[u8]) -> Option<(MimeHeader, &[u8])> {
    let limit = entity.len().min(MAX_HEADER);
    let ends = |at: usize| entity[at..].starts_with(b"\n\r\n") || entity[at..].starts_with(b"\n\n");
    let end = (0..limit).find(|&at| entity[at] == b'\n' && ends(at))? + 1;
    let blank = if entity[end] == b'\r' { 2 } else { 1 };
    let parser = MessageParser::new()
        .with_mime_headers()
        .default_header_ignore();
    let parsed = parser.parse_headers(&entity[..end + blank])?;
    let part = parsed.parts.first()?;
    let content_type = part.content_type()?;
    let subtype = content_type.subtype().unwrap_or_default();
    let header = MimeHeader {
        media_type: format!("{}/{subtype}", content_type.ctype()).to_ascii_lowercase(),
        encoding: part
            .content_transfer_encoding()
            .unwrap_or_default()
            .to_ascii_lowercase(),
        boundary: content_type.attribute("boundary").map(str::to_owned),
    };
    Some((header, &entity[end + blank..]))
}

/// The content that is signed: a sentence, the JSON, and for a grant the manifest, all unencoded.
pub fn write_content(json: &[u8], manifest: Option<&[u8]>) -> Vec<u8> {
    let boundary = format!("=_{}", Id::random());
    let mut out =
        format!("Content-Type: multipart/mixed; boundary=\"{boundary}\"\r\n\r\n").into_bytes();
    let mut part = |media_type: &str, body: &[u8]| {
        out.extend_from_slice(
            format!(
                "--{boundary}\r\nContent-Type: {media_type}\r\n\
                 Content-Transfer-Encoding: binary\r\n\r\n"
            )
            .as_bytes(),
        );
        out.extend_from_slice(body);
        out.extend_from_slice(b"\r\n");
    };
    part(
        "text/plain; charset=utf-8",
        format!("{SENTENCE}\r\n").as_bytes(),
    );
    part(JSON_TYPE, json);
    if let Some(manifest) = manifest {
        part(
            "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
            manifest,
        );
    }
    out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    out
}

/// Reads what [`write_content`] writes: nothing before, between or after the body parts, and none nested.
pub fn read_content(content: &[u8]) -> Result<LetterContent, Refused> {
    let refuse =
        |words: &str| Refused::new(Code::Unsupported, format!("inside the letter: {words}"));
    let (top, body) = split_header(content).ok_or_else(|| refuse("not a MIME message"))?;
    let boundary = match (top.media_type.as_str(), top.boundary) {
        ("multipart/mixed", Some(boundary)) if (1..=70).contains(&boundary.len()) => boundary,
        _ => return Err(refuse("not multipart/mixed")),
    };
    let mut bodies = Vec::new();
    for entity in body_parts(body, &boundary).ok_or_else(|| refuse("its body parts are broken"))? {
        let (header, body) =
            split_header(entity).ok_or_else(|| refuse("a body part without header"))?;
        if header.encoding != "binary" {
            return Err(refuse("a body part that is not unencoded"));
        }
        bodies.push((header.media_type, body));
    }
    let kinds: Vec<&str> = bodies.iter().map(|(kind, _)| kind.as_str()).collect();
    match kinds.as_slice() {
        ["text/plain", JSON_TYPE] => Ok(LetterContent {
            json: bodies[1].1.to_vec(),
            manifest: None,
        }),
        ["text/plain", JSON_TYPE, PKCS7_TYPE] => Ok(LetterContent {
            json: bodies[1].1.to_vec(),
            manifest: Some(bodies[2].1.to_vec()),
        }),
        _ => Err(refuse(
            "other body parts than text, JSON and perhaps a manifest",
        )),
    }
}

/// Cuts a multipart body at its delimiter lines (RFC 2046 §5.1.1). `None` where one is missing, where anything stands
/// before the first or after the last, or where there are more than a letter has.
fn body_parts<'c>(body: &'c [u8], boundary: &str) -> Option<Vec<&'c [u8]>> {
    let delimiter = format!("\r\n--{boundary}");
    let mut rest = body
        .strip_prefix(&delimiter.as_bytes()[2..])?
        .strip_prefix(b"\r\n")?;
    let mut parts = Vec::new();
    let mut at = 0;
    while parts.len() < MAX_BODY_PARTS {
        at += rest[at..].iter().position(|&b| b == b'\r')?;
        match rest[at..].strip_prefix(delimiter.as_bytes()) {
            Some(b"--" | b"--\r\n") => {
                parts.push(&rest[..at]);
                return Some(parts);
            }
            Some(after) if after.starts_with(b"\r\n") => {
                parts.push(&rest[..at]);
                (rest, at) = (&after[2..], 0);
            }
            _ => at += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_reads_back_to_the_byte_whatever_is_in_it() {
        for manifest in [
            None,
            Some(&b"\0\r\n--\r\n\x80--=_\n\r\n"[..]),
            Some(&b"\r\n"[..]),
        ] {
            let json = b"{\"a\":\"--=_x\\r\\n\"}";
            let content = write_content(json, manifest);
            let read = read_content(&content).expect("reads");
            assert_eq!(read.json, json);
            assert_eq!(read.manifest.as_deref(), manifest);
        }
    }

    #[test]
    fn readdressed_message_is_the_same_but_for_its_to() {
        let mailbox = |text: &str| text.parse::<Mailbox>().expect("a mailbox");
        let (from, old) = (mailbox("home-a@a.example"), mailbox("home-b@b.example"));
        let outer = Outer::new(from, Some(old), Timestamp::from_unix(0));
        let mail = letter_message(&outer, "authEnveloped-data", b"To: nobody");
        let new = Outer {
            to: Some(mailbox("elsewhere@c.example")),
            ..outer
        };
        let expected = letter_message(&new, "authEnveloped-data", b"To: nobody");
        let to = new.to.expect("set");
        assert_eq!(readdressed(&mail, &to).as_deref(), Some(&expected[..]));
        assert_eq!(
            readdressed(b"Subject: x\r\n\r\n\r\nTo: y\r\n\r\n", &to),
            None
        );
    }

    #[test]
    fn another_encoding_or_order_is_refused() {
        let content = write_content(b"{}", Some(b"x"));
        let text = String::from_utf8(content).expect("ASCII here");
        for (from, to) in [
            (
                "Content-Transfer-Encoding: binary",
                "Content-Transfer-Encoding: 8bit",
            ),
            ("multipart/mixed", "text/plain"),
            ("text/plain; charset", "text/html; charset"),
            ("vnd.hearthpost+json", "json"),
        ] {
            let bent = text.replacen(from, to, 1);
            assert_ne!(bent, text);
            assert!(read_content(bent.as_bytes()).is_err(), "{from} → {to}");
        }
    }
}
