//! What is this file, and what does it say? For the one who runs the box and wants to see with own eyes.
//!
//! Says what is public of anything, and all of a letter that a key here opens, but never a key. It judges nothing: that a
//! letter is shown here does not mean that it would be taken.

mod letter;

use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders, PartType};
use openssl::x509::X509;
use serde::Serialize;

use super::words::clean_line;
use crate::album::Keys;
use crate::encoding::{Timestamp, hex_of};
use crate::envelope::{
    Addressed, Card, Digest, EnvelopeError, IdentityCertificate, addressed, open_letter,
    part_key_id, part_len, verify,
};
use crate::message::mime::read_pkcs7_entity;
use crate::message::parts::part_of_content_id;
use crate::rendition::{Format, SNIFF_LENGTH};

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Inspection {
    /// In one line.
    pub is: String,
    /// What it says.
    pub facts: Vec<Fact>,
    /// What is inside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<Inspection>,
}

/// One thing that a file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is about.
    pub name: &'static str,
    /// What it says.
    pub value: String,
}

impl Inspection {
    fn new(is: impl Into<String>) -> Self {
        Inspection {
            is: is.into(),
            facts: Vec::new(),
            inside: Vec::new(),
        }
    }

    fn fact(mut self, name: &'static str, value: impl ToString) -> Self {
        self.facts.push(Fact {
            name,
            value: clean_line(&value.to_string()),
        });
        self
    }

    fn with(mut self, inside: Inspection) -> Self {
        self.inside.push(inside);
        self
    }
}

/// Says what `bytes` are. `keys`: those of this household, which may open a letter.
pub fn inspect(bytes: &[u8], keys: Option<&Keys>) -> Inspection {
    let size = |found: Inspection| found.fact("size", format!("{} bytes", bytes.len()));
    if bytes.is_empty() {
        return Inspection::new("an empty file");
    }
    if bytes.first() == Some(&0x30) {
        return size(inspect_der(bytes, keys));
    }
    if has(bytes, b"PRIVATE KEY-----") {
        return size(Inspection::new(
            "private keys: keep them, and keep them secret",
        ));
    }
    if has(bytes, b"-----BEGIN CERTIFICATE-----") {
        return size(inspect_pem(bytes));
    }
    if let Some(mail) = inspect_mail(bytes, keys) {
        return size(mail);
    }
    let format = Format::sniff(&bytes[..bytes.len().min(SNIFF_LENGTH)]);
    size(Inspection::new(format!(
        "no message of Hearthpost; by its first bytes {}",
        format.media_type()
    )))
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64 * 1024)];
    head.windows(text.len()).any(|window| window == text)
}

fn inspect_mail(bytes: &[u8], keys: Option<&Keys>) -> Option<Inspection> {
    let message = MessageParser::default().parse(bytes)?;
    let top = message.parts.first()?;
    let field = |name: &'static str| message.header_raw(HeaderName::Other(name.into()));
    let hint = field("Hearthpost").map(|hint| hint.trim().to_owned());
    if message.from().is_none() && message.message_id().is_none() && top.content_type().is_none() {
        return None;
    }
    let is_pkcs7 = top.content_type().is_some_and(|kind| {
        kind.ctype().eq_ignore_ascii_case("application")
            && kind
                .subtype()
                .is_some_and(|subtype| subtype.eq_ignore_ascii_case("pkcs7-mime"))
    });
    let parts = sealed_parts(&message);
    let is = match (is_pkcs7, parts.is_empty()) {
        (true, _) => "a mail with a letter of Hearthpost",
        (false, false) => "a mail with sealed parts of a share",
        (false, true) => "a mail that is not of Hearthpost",
    };
    let mut found = Inspection::new(is);
    for name in ["From", "To", "Date", "Message-ID", "Subject"] {
        if let Some(value) = message.header_raw(name) {
            found = found.fact(header_name(name), value.trim());
        }
    }
    if let Some(hint) = hint {
        found = found.fact("Hearthpost", hint);
    }
    if is_pkcs7 {
        let inside = match read_pkcs7_entity(bytes) {
            Ok(der) => inspect_der(&der, keys).fact("size", format!("{} bytes", der.len())),
            Err(refused) => Inspection::new(format!("not readable: {refused}")),
        };
        return Some(found.with(inside));
    }
    Some(parts.into_iter().fold(found, Inspection::with))
}

fn header_name(name: &str) -> &'static str {
    ["From", "To", "Date", "Message-ID", "Subject"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("Header")
}

/// The body parts of a mail that name themselves as sealed parts.
fn sealed_parts(message: &Message<'_>) -> Vec<Inspection> {
    let parts = message.parts.iter().filter_map(|part| {
        let named = part_of_content_id(part.content_id()?)?;
        let (PartType::Binary(der) | PartType::InlineBinary(der)) = &part.body else {
            return Some(Inspection::new("a sealed part that cannot be read").fact("named", named));
        };
        let agrees = if Digest::of(der) == named {
            "and is"
        } else {
            "but is not: it was changed"
        };
        let found = inspect_part(der)
            .unwrap_or_else(|error| Inspection::new(format!("not a sealed part: {error}")));
        Some(
            found
                .fact("size", format!("{} bytes", der.len()))
                .fact("says it is", format!("{named}, {agrees}")),
        )
    });
    parts.collect()
}

fn inspect_der(der: &[u8], keys: Option<&Keys>) -> Inspection {
    if let Ok(part) = inspect_part(der) {
        return part;
    }
    if let Ok(addressed) = addressed(der) {
        return inspect_envelope(der, &addressed, keys);
    }
    match verify(der) {
        Ok(signed) => return letter::inspect_signed(der, &signed, false),
        Err(EnvelopeError::Signature) => {
            return Inspection::new("a signed object whose signature is not good");
        }
        Err(_) => {}
    }
    if X509::from_der(der).is_ok() {
        return inspect_certificate(der);
    }
    // What a letter would be refused for says the most.
    let why = match open_letter(der, &[]) {
        Err(error) => error.to_string(),
        Ok(_) => "unknown".to_owned(),
    };
    Inspection::new(format!(
        "DER or BER, but nothing that Hearthpost reads: {why}"
    ))
}

fn inspect_part(der: &[u8]) -> Result<Inspection, EnvelopeError> {
    let key_id = part_key_id(der)?;
    // The frame around the content has a few bytes more where the content is longer.
    let content = (0..=200)
        .filter_map(|frame| der.len().checked_sub(frame))
        .find(|&len| part_len(len) == der.len());
    let found = Inspection::new("a sealed part of a share")
        .fact("digest", Digest::of(der))
        .fact("opens with key", key_id);
    Ok(match content {
        Some(content) => found.fact("content", format!("{content} bytes")),
        None => found,
    })
}

fn inspect_envelope(der: &[u8], addressed: &Addressed, keys: Option<&Keys>) -> Inspection {
    let by = match addressed.is_quantum_safe {
        true => "P-256 and ML-KEM-768",
        false => "P-256",
    };
    let found = Inspection::new("a sealed letter")
        .fact("opens with key", hex_of(&addressed.key_id))
        .fact("sealed by", by);
    let Some(keys) = keys else {
        return found.fact("opened", "no: there is no household here");
    };
    let signed = match open_letter(der, &keys.encryption) {
        Ok(entity) => read_pkcs7_entity(&entity),
        Err(error) => return found.fact("opened", format!("no: {error}")),
    };
    let found = found.fact("opened", "yes, with a key of this household");
    match signed.and_then(|signed| Ok((verify(&signed)?, signed))) {
        Ok((object, signed)) => found.with(letter::inspect_signed(&signed, &object, true)),
        Err(refused) => found.with(Inspection::new(format!(
            "what is inside is not a signed letter: {refused}"
        ))),
    }
}

fn inspect_pem(bytes: &[u8]) -> Inspection {
    match Card::from_pem(bytes) {
        Ok(card) => card.encryption.iter().fold(
            identity(
                Inspection::new("the certificates of a household"),
                &card.identity,
            ),
            |found, certificate| {
                found.fact(
                    "letters can be sent to it",
                    format!(
                        "from {} to {}",
                        certificate.not_before(),
                        certificate.not_after()
                    ),
                )
            },
        ),
        Err(error) => match X509::stack_from_pem(bytes) {
            Ok(all) => {
                let ders = all.iter().filter_map(|one| one.to_der().ok());
                let found = Inspection::new(format!(
                    "certificates, but not those of a household: {error}"
                ));
                ders.map(|der| inspect_certificate(&der))
                    .fold(found, Inspection::with)
            }
            Err(_) => Inspection::new("certificates that cannot be read"),
        },
    }
}

fn inspect_certificate(der: &[u8]) -> Inspection {
    if let Ok(certificate) = IdentityCertificate::from_der(der) {
        return identity(
            Inspection::new("the identity certificate of a household"),
            &certificate,
        );
    }
    let found = Inspection::new("a certificate that is not the identity of a household");
    let Ok(certificate) = X509::from_der(der) else {
        return found;
    };
    let name = |name: &openssl::x509::X509NameRef| {
        let entries = name
            .entries()
            .filter_map(|entry| entry.data().to_string().ok());
        entries.collect::<Vec<_>>().join(", ")
    };
    found
        .fact("of", name(certificate.subject_name()))
        .fact("issued by", name(certificate.issuer_name()))
        .fact("from", certificate.not_before())
        .fact("until", certificate.not_after())
}

fn identity(found: Inspection, certificate: &IdentityCertificate) -> Inspection {
    found
        .fact("household", certificate.name())
        .fact("mailbox", certificate.mailbox())
        .fact("fingerprint", certificate.fingerprint())
        .fact("comparing words", certificate.fingerprint().words())
}

/// A time as it stands in letters: this is the one place where the letter's own form is the right one.
fn plain(time: Timestamp) -> String {
    time.to_string()
}
