//! Letters: small JSON from one home server to another, signed, then enveloped (RFC 8551 §3.6, sign then encrypt).

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::body::{Body, ReceiptState};
use super::grant::Bytes;
use super::manifest::SignedManifest;
use super::mime::{self, Outer};
use super::{Code, Refused, Version};
use crate::encoding::{self, Timestamp, parse_object};
use crate::envelope::{
    self, EncryptionCertificate, EncryptionKey, EnvelopeError, Fingerprint, Id, Identity,
    IdentityCertificate,
};

/// The longest JSON of a letter.
const MAX_JSON: usize = 4 * 1024 * 1024;
/// The longest letter on the wire, header included.
const MAX_LETTER: usize = 8 * 1024 * 1024;

/// What every letter says first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Names the letter itself, whatever providers do to its Message-ID.
    pub id: Id,
    /// Who wrote and signed it.
    pub from: Fingerprint,
    /// To whom; `None` only in an open card, card-request or ended.
    pub to: Option<Fingerprint>,
    /// When.
    pub issued: Timestamp,
}

/// A letter whose signature is good. What it asks for is checked by those who act on it.
#[derive(Debug, Clone)]
pub struct Letter {
    /// The common fields. Invariant: `from` is the fingerprint of `signer`.
    pub header: Header,
    /// What it says.
    pub body: Body,
    /// The certificate inside its signature.
    pub signer: IdentityCertificate,
    /// Whether it came enveloped to this server.
    pub enveloped: bool,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RevocationBody {
    signed: Bytes,
}

/// Signs a letter; gives the DER of the SignedData around its MIME content.
pub fn write_letter(
    header: &Header,
    body: &Body,
    identity: &Identity,
) -> Result<Vec<u8>, EnvelopeError> {
    let (rest, manifest) = match body {
        Body::Grant(grant, manifest) => (json(grant), Some(manifest.der())),
        Body::Receipt(receipt) => (json(receipt), None),
        Body::PartRequest(request) => (json(request), None),
        Body::GrantRequest(request) => (json(request), None),
        Body::GrantAnswer(answer) => (json(answer), None),
        Body::Revocation(signed) => (
            json(&RevocationBody {
                signed: signed.clone(),
            }),
            None,
        ),
        Body::Card(card) => (json(card), None),
        Body::CardRequest(request) => (json(request), None),
        Body::Join(join) => (json(join), None),
        Body::JoinAnswer(answer) => (json(answer), None),
        Body::Ended(ended) => (json(ended), None),
    };
    #[derive(Serialize)]
    struct First<'a> {
        r#type: &'a str,
        version: Version,
        id: Id,
        from: Fingerprint,
        to: Option<Fingerprint>,
        issued: Timestamp,
    }
    let first = json(&First {
        r#type: body.kind(),
        version: Version,
        id: header.id,
        from: header.from,
        to: header.to,
        issued: header.issued,
    });
    // Two non-empty objects are joined into one.
    let whole = format!("{},{}", &first[..first.len() - 1], &rest[1..]);
    if whole.len() > MAX_JSON {
        return Err(EnvelopeError::Profile("a letter's JSON of more than 4 MiB"));
    }
    let content = mime::write_content(whole.as_bytes(), manifest);
    envelope::sign(identity, &content, header.issued)
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("letters have only string keys")
}

/// The whole mail of a letter: signed, and enveloped to `to` where its certificate is known.
pub fn seal_letter_mail(
    outer: &Outer,
    header: &Header,
    body: &Body,
    identity: &Identity,
    to: Option<&EncryptionCertificate>,
) -> Result<Vec<u8>, EnvelopeError> {
    let signed = write_letter(header, body, identity)?;
    let mail = match to {
        None => mime::letter_message(outer, "signed-data", &signed),
        Some(certificate) => {
            let entity = mime::pkcs7_entity("signed-data", &signed);
            let sealed = envelope::seal_letter(&entity, certificate)?;
            mime::letter_message(outer, "authEnveloped-data", &sealed)
        }
    };
    if mail.len() > MAX_LETTER {
        return Err(EnvelopeError::Profile("a letter of more than 8 MiB"));
    }
    Ok(mail)
}

/// Opens the mail of a letter: out of the envelope with one of `keys`, then the signature, then the JSON.
pub fn open_letter_mail(mail: &[u8], keys: &[EncryptionKey]) -> Result<Letter, Refused> {
    if mail.len() > MAX_LETTER {
        return Err(Refused::new(
            Code::Unsupported,
            "a letter of more than 8 MiB",
        ));
    }
    let der = mime::read_pkcs7_entity(mail)?;
    match envelope::open_letter(&der, keys) {
        Ok(entity) => read_letter(&mime::read_pkcs7_entity(&entity)?, true),
        Err(EnvelopeError::Profile(_)) if is_signed_data(&der) => read_letter(&der, false),
        Err(error) => Err(error.into()),
    }
}

/// What a grant says first, where the rest of it cannot be read: enough to tell its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrantName {
    /// The letter.
    pub id: Id,
    /// Who wrote and signed it.
    pub from: Fingerprint,
    /// To whom.
    pub to: Fingerprint,
    /// The share, with the origin.
    pub share: Id,
    /// Who made the share.
    pub origin: Fingerprint,
}

/// The name of a well signed and enveloped grant that [`open_letter_mail`] could not read: of a newer version, or with
/// fields that are not known here.
pub fn name_of_grant(mail: &[u8], keys: &[EncryptionKey]) -> Option<GrantName> {
    let der = mime::read_pkcs7_entity(mail).ok()?;
    let entity = envelope::open_letter(&der, keys).ok()?;
    let object = envelope::verify(&mime::read_pkcs7_entity(&entity).ok()?).ok()?;
    let content = mime::read_content(object.content()).ok()?;
    if content.json.len() > MAX_JSON {
        return None;
    }
    let mut fields = Fields::split(&content.json).ok()?;
    let kind: String = fields.take("type").ok()?;
    let name = GrantName {
        id: fields.take("id").ok()?,
        from: fields.take("from").ok()?,
        to: fields.take("to").ok()?,
        share: fields.take("share").ok()?,
        origin: fields.take("origin").ok()?,
    };
    (kind == "grant" && name.from == object.signer().fingerprint()).then_some(name)
}

/// Whether the ContentInfo says SignedData, so that the right refusal is shown.
fn is_signed_data(der: &[u8]) -> bool {
    use der::Encode;
    const_oid::db::rfc5911::ID_SIGNED_DATA
        .to_der()
        .is_ok_and(|oid| der.windows(oid.len()).take(16).any(|window| window == oid))
}

/// Reads the SignedData of a letter. `enveloped`: whether it was found inside an envelope to this server.
pub fn read_letter(signed: &[u8], enveloped: bool) -> Result<Letter, Refused> {
    let object = envelope::verify(signed)?;
    let content = mime::read_content(object.content())?;
    let unsupported = |words: String| Refused::new(Code::Unsupported, words);
    if content.json.len() > MAX_JSON {
        return Err(unsupported("a letter's JSON of more than 4 MiB".to_owned()));
    }
    let mut fields = Fields::split(&content.json)?;
    let kind: String = fields.take("type")?;
    let Version = fields.take("version")?;
    let header = Header {
        id: fields.take("id")?,
        from: fields.take("from")?,
        to: fields.take("to")?,
        issued: fields.take("issued")?,
    };
    if header.from != object.signer().fingerprint() {
        let words = "a letter is not signed by whom it is from";
        return Err(Refused::new(Code::Signature, words));
    }
    let body = match (kind.as_str(), &content.manifest) {
        ("grant", Some(manifest)) => {
            Body::Grant(fields.rest()?, Box::new(SignedManifest::verify(manifest)?))
        }
        ("grant", None) => {
            return Err(Refused::new(Code::Manifest, "a grant without its manifest"));
        }
        (_, Some(_)) => return Err(unsupported(format!("a manifest in a {kind}"))),
        ("receipt", None) => Body::Receipt(fields.rest()?),
        ("part-request", None) => Body::PartRequest(fields.rest()?),
        ("grant-request", None) => Body::GrantRequest(fields.rest()?),
        ("grant-answer", None) => Body::GrantAnswer(fields.rest()?),
        ("revocation", None) => Body::Revocation(fields.rest::<RevocationBody>()?.signed),
        ("card", None) => Body::Card(fields.rest()?),
        ("card-request", None) => Body::CardRequest(fields.rest()?),
        ("join", None) => Body::Join(fields.rest()?),
        ("join-answer", None) => Body::JoinAnswer(fields.rest()?),
        ("ended", None) => Body::Ended(fields.rest()?),
        (other, None) => {
            return Err(unsupported(format!(
                "a letter of the unknown type {other:?}"
            )));
        }
    };
    check_form(&header, &body, enveloped)?;
    Ok(Letter {
        header,
        body,
        signer: object.signer().clone(),
        enveloped,
    })
}

/// What the type of a field cannot refuse: what may travel without an envelope and say what there (PROTOCOL 6).
fn check_form(header: &Header, body: &Body, enveloped: bool) -> Result<(), Refused> {
    let kind = body.kind();
    if enveloped && header.to.is_none() {
        return Err(Refused::new(Code::Addressee, format!("a {kind} to nobody")));
    }
    if !enveloped && (!body.may_be_open() || header.to.is_some()) {
        return Err(Refused::new(
            Code::Unsupported,
            format!("a {kind} that is not enveloped"),
        ));
    }
    match body {
        Body::Card(card) if !enveloped && (!card.stations.is_empty() || !card.words.is_empty()) => {
            Err(Refused::new(
                Code::Unsupported,
                "an open card that names people",
            ))
        }
        Body::Receipt(receipt)
            if receipt.state == ReceiptState::Refused && !receipt.chain.is_empty() =>
        {
            Err(Refused::new(Code::Unsupported, "a refusal with a chain"))
        }
        Body::JoinAnswer(answer) if !answer.is_formed() => Err(Refused::new(
            Code::Unsupported,
            "a welcome without card and code, or another answer with them",
        )),
        _ => Ok(()),
    }
}

/// The fields of a letter's object, each still as it was written.
struct Fields(BTreeMap<String, Box<RawValue>>);

impl Fields {
    fn split(json: &[u8]) -> Result<Self, Refused> {
        #[derive(Serialize, Deserialize)]
        #[serde(transparent)]
        struct Split(
            #[serde(deserialize_with = "encoding::unique_map")] BTreeMap<String, Box<RawValue>>,
        );
        let Split(fields) = parse_object(json)?;
        Ok(Fields(fields))
    }

    fn take<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Refused> {
        let missing = || Refused::new(Code::Unsupported, format!("JSON: missing field `{name}`"));
        let raw = self.0.remove(name).ok_or_else(missing)?;
        serde_json::from_str(raw.get())
            .map_err(|error| Refused::new(Code::Unsupported, format!("JSON: {name}: {error}")))
    }

    /// The fields that are left, as one object without further ones.
    fn rest<T: DeserializeOwned + Serialize>(self) -> Result<T, Refused> {
        let mut object = String::from("{");
        for (name, value) in &self.0 {
            if object.len() > 1 {
                object.push(',');
            }
            object += &json(name);
            object.push(':');
            object += value.get();
        }
        object.push('}');
        Ok(parse_object(object.as_bytes())?)
    }
}
