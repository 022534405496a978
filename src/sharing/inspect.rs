//! What is this file, and what does it say? For the one who runs the box and wants to see with own eyes.
//!
//! Says what is public of anything, and all of a letter that a key here opens, but never a key. It judges nothing: that a
//! letter is shown here does not mean that it would be taken. What it finds is said in the reader's language; names that
//! stand in the file itself, and those of the protocol, are left as they are.

mod identity;
mod letter;

use mail_parser::{HeaderName, Message, MessageParser, MimeHeaders, PartType};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::x509::X509;
use serde::Serialize;

use super::words::clean_line;
use crate::album::Keys;
use crate::encoding::{Timestamp, hex_of};
use crate::envelope::{
    Addressed, Card, Digest, EnvelopeError, IdentityCertificate, addressed, content_len,
    open_letter, part_key_id, verify,
};
use crate::message::mime::read_pkcs7_entity;
use crate::message::parts::part_of_content_id;
use crate::rendition::{Format, SNIFF_LENGTH};
use crate::words::{Language, retell, say, told};

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
    /// In which all of this is said.
    #[serde(skip)]
    language: Language,
}

/// One thing that a file says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fact {
    /// What it is about.
    pub name: String,
    /// What it says.
    pub value: String,
}

impl Inspection {
    fn new(language: Language, is: String) -> Self {
        Inspection {
            is,
            facts: Vec::new(),
            inside: Vec::new(),
            language,
        }
    }

    /// `name`: the key of what it is called.
    fn fact(self, name: &str, value: impl ToString) -> Self {
        let name = say(self.language, name, &[]);
        self.named(name, value)
    }

    /// A fact under a name that is the same in all languages.
    fn named(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.facts.push(Fact {
            name: name.into(),
            value: clean_line(&value.to_string()),
        });
        self
    }

    fn bytes(self, name: &str, count: usize) -> Self {
        let words = told!(self.language, "cli-bytes", count = count);
        self.fact(name, words)
    }

    fn with(mut self, inside: Inspection) -> Self {
        self.inside.push(inside);
        self
    }
}

/// Why not, in the language of the reader.
fn why(language: Language, error: &impl ToString) -> String {
    retell(language, &error.to_string())
}

/// Says what `bytes` are. `keys`: those of this household, which may open a letter.
pub fn inspect(bytes: &[u8], keys: Option<&Keys>, language: Language) -> Inspection {
    let plain = |key: &str| Inspection::new(language, say(language, key, &[]));
    let size = |found: Inspection| found.bytes("inspect-size", bytes.len());
    if bytes.is_empty() {
        return plain("inspect-empty");
    }
    if bytes.first() == Some(&0x30) {
        return size(inspect_der(bytes, keys, language));
    }
    if has(bytes, b"PRIVATE KEY-----") {
        return size(plain("inspect-private-keys"));
    }
    if has(bytes, b"-----BEGIN CERTIFICATE-----") {
        return size(inspect_pem(bytes, language));
    }
    if let Some(kept) = identity::inspect_kept(bytes, keys, language) {
        return size(kept);
    }
    if let Some(mail) = inspect_mail(bytes, keys, language) {
        return size(mail);
    }
    let format = Format::sniff(&bytes[..bytes.len().min(SNIFF_LENGTH)]);
    let is = told!(language, "inspect-no-message", format = format.media_type());
    size(Inspection::new(language, is))
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(64 * 1024)];
    head.windows(text.len()).any(|window| window == text)
}

fn inspect_mail(bytes: &[u8], keys: Option<&Keys>, language: Language) -> Option<Inspection> {
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
    let parts = sealed_parts(&message, language);
    let is = match (is_pkcs7, parts.is_empty()) {
        (true, _) => told!(language, "inspect-mail-letter"),
        (false, false) => told!(language, "inspect-mail-parts"),
        (false, true) => told!(language, "inspect-mail-other"),
    };
    let mut found = Inspection::new(language, is);
    for name in ["From", "To", "Date", "Message-ID", "Subject"] {
        if let Some(value) = message.header_raw(name) {
            found = found.named(name, value.trim());
        }
    }
    if let Some(hint) = hint {
        found = found.named("Hearthpost", hint);
    }
    if is_pkcs7 {
        let inside = match read_pkcs7_entity(bytes) {
            Ok(der) => inspect_der(&der, keys, language).bytes("inspect-size", der.len()),
            Err(refused) => Inspection::new(
                language,
                told!(
                    language,
                    "inspect-not-readable",
                    why = why(language, &refused)
                ),
            ),
        };
        return Some(found.with(inside));
    }
    Some(parts.into_iter().fold(found, Inspection::with))
}

/// The body parts of a mail that name themselves as sealed parts.
fn sealed_parts(message: &Message<'_>, language: Language) -> Vec<Inspection> {
    let parts = message.parts.iter().filter_map(|part| {
        let named = part_of_content_id(part.content_id()?)?;
        let (PartType::Binary(der) | PartType::InlineBinary(der)) = &part.body else {
            let is = told!(language, "inspect-part-unreadable");
            return Some(Inspection::new(language, is).fact("inspect-named", named));
        };
        let digest = named.to_string();
        let says = match Digest::of(der) == named {
            true => told!(language, "inspect-part-is", digest = digest),
            false => told!(language, "inspect-part-is-not", digest = digest),
        };
        let found = inspect_part(der, language).unwrap_or_else(|error| {
            let why = why(language, &error);
            Inspection::new(language, told!(language, "inspect-not-a-part", why = why))
        });
        Some(
            found
                .bytes("inspect-size", der.len())
                .fact("inspect-says-it-is", says),
        )
    });
    parts.collect()
}

fn inspect_der(der: &[u8], keys: Option<&Keys>, language: Language) -> Inspection {
    if let Ok(part) = inspect_part(der, language) {
        return part;
    }
    if let Ok(addressed) = addressed(der) {
        return inspect_envelope(der, &addressed, keys, language);
    }
    match verify(der) {
        Ok(signed) => return letter::inspect_signed(der, &signed, false, language),
        Err(EnvelopeError::Signature) => {
            return Inspection::new(language, told!(language, "inspect-signature-bad"));
        }
        Err(_) => {}
    }
    if X509::from_der(der).is_ok() {
        return inspect_certificate(der, language);
    }
    // What a letter would be refused for says the most.
    let refused = open_letter(der, &[]).err();
    let why = refused.map_or_else(String::new, |error| why(language, &error));
    Inspection::new(language, told!(language, "inspect-der-unknown", why = why))
}

fn inspect_part(der: &[u8], language: Language) -> Result<Inspection, EnvelopeError> {
    let key_id = part_key_id(der)?;
    let content = content_len(der.len());
    let found = Inspection::new(language, told!(language, "inspect-part"))
        .fact("inspect-digest", Digest::of(der))
        .fact("inspect-opens-with-key", key_id);
    Ok(match content {
        Some(content) => found.bytes("inspect-content", content),
        None => found,
    })
}

fn inspect_envelope(
    der: &[u8],
    addressed: &Addressed,
    keys: Option<&Keys>,
    language: Language,
) -> Inspection {
    let by = match addressed.is_quantum_safe {
        true => told!(language, "inspect-sealed-by-both"),
        false => "P-256".to_owned(),
    };
    let found = Inspection::new(language, told!(language, "inspect-sealed"))
        .fact("inspect-opens-with-key", hex_of(&addressed.key_id))
        .fact("inspect-sealed-by", by);
    let Some(keys) = keys else {
        let no = told!(language, "inspect-opened-nobody");
        return found.fact("inspect-opened", no);
    };
    let signed = match open_letter(der, &keys.encryption) {
        Ok(entity) => read_pkcs7_entity(&entity),
        Err(error) => {
            let why = why(language, &error);
            let no = told!(language, "inspect-opened-no", why = why);
            return found.fact("inspect-opened", no);
        }
    };
    let found = found.fact("inspect-opened", told!(language, "inspect-opened-yes"));
    match signed.and_then(|signed| Ok((verify(&signed)?, signed))) {
        Ok((object, signed)) => {
            found.with(letter::inspect_signed(&signed, &object, true, language))
        }
        Err(refused) => {
            let why = why(language, &refused);
            let is = told!(language, "inspect-unsigned", why = why);
            found.with(Inspection::new(language, is))
        }
    }
}

fn inspect_pem(bytes: &[u8], language: Language) -> Inspection {
    let error = match Card::from_pem(bytes) {
        Ok(card) => {
            let is = told!(language, "inspect-certificates");
            let found = identity(Inspection::new(language, is), &card.identity);
            return card.encryption.iter().fold(found, |found, certificate| {
                let span = told!(
                    language,
                    "inspect-from-to",
                    from = certificate.not_before().to_string(),
                    to = certificate.not_after().to_string()
                );
                found.fact("inspect-letters-can-be-sent", span)
            });
        }
        Err(error) => why(language, &error),
    };
    let Ok(all) = X509::stack_from_pem(bytes) else {
        let is = told!(language, "inspect-certificates-unreadable");
        return Inspection::new(language, is);
    };
    let is = told!(language, "inspect-certificates-other", why = error);
    let ders = all.iter().filter_map(|one| one.to_der().ok());
    ders.map(|der| inspect_certificate(&der, language))
        .fold(Inspection::new(language, is), Inspection::with)
}

fn inspect_certificate(der: &[u8], language: Language) -> Inspection {
    if let Ok(certificate) = IdentityCertificate::from_der(der) {
        let is = told!(language, "inspect-identity");
        return identity(Inspection::new(language, is), &certificate);
    }
    let found = Inspection::new(language, told!(language, "inspect-certificate-other"));
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
        .fact("inspect-of", name(certificate.subject_name()))
        .fact("inspect-issued-by", name(certificate.issuer_name()))
        .fact("inspect-from", time(certificate.not_before()))
        .fact("inspect-until", time(certificate.not_after()))
}

fn identity(found: Inspection, certificate: &IdentityCertificate) -> Inspection {
    found
        .fact("inspect-household", certificate.name())
        .fact("inspect-mailbox", certificate.mailbox())
        .fact("inspect-fingerprint", certificate.fingerprint())
        .fact("inspect-words", certificate.fingerprint().words())
}

/// A time as it stands in letters: this is the one place where the letter's own form is the right one.
fn plain(time: Timestamp) -> String {
    time.to_string()
}

/// The same of a certificate that is none of ours; as OpenSSL says it where no year of ours holds it.
fn time(time: &Asn1TimeRef) -> String {
    let since = Asn1Time::from_unix(0).and_then(|first| first.diff(time));
    match since {
        Ok(since) => plain(Timestamp::from_unix(
            i64::from(since.days) * 86_400 + i64::from(since.secs),
        )),
        Err(_) => time.to_string(),
    }
}
