//! The envelope of a letter: AuthEnvelopedData for one encryption certificate by ephemeral ECDH, and around that, where the
//! certificate has a key of ML-KEM-768 too, a second one for that key. Who wants to read it must break both.
//!
//! Each layer by itself is plain CMS, so that other programs open one after the other with the two keys.

use cms::enveloped_data::RecipientInfo;

use super::certificate::EncryptionCertificate;
use super::cipher::FreshKey;
use super::frame::{self, Frame};
use super::identity::EncryptionKey;
use super::profile::ID_SIGNED_DATA;
use super::{EnvelopeError, agreement, encapsulation};

/// Envelopes `content` to one certificate, with every key it has; gives the DER of the ContentInfo. There is no other way
/// to envelope, so nothing goes out under less.
pub fn seal_letter(content: &[u8], to: &EncryptionCertificate) -> Result<Vec<u8>, EnvelopeError> {
    let fresh = FreshKey::random()?;
    let inner = frame::seal(content, &fresh, agreement::give(&fresh, to)?)?;
    let Some(second) = to.second_key() else {
        return Ok(inner);
    };
    let fresh = FreshKey::random()?;
    let recipient = encapsulation::give(&fresh, to.key_id(), second)?;
    frame::seal(&inner, &fresh, recipient)
}

/// Opens a letter's envelope, or both, with the one of `keys` they name. Nothing is given out before its tag is good, and a
/// key that is not here, a changed wrap, ciphertext and content all end as [`EnvelopeError::Sealed`].
///
/// A letter under the first key alone is read too: what is sealed how is the sender's choice, and the signature inside says
/// who that was.
pub fn open_letter(der: &[u8], keys: &[EncryptionKey]) -> Result<Vec<u8>, EnvelopeError> {
    let outer = Frame::read(der)?;
    match outer.recipient {
        RecipientInfo::Kari(_) => return open_agreed(outer, keys),
        RecipientInfo::Ori(_) => {}
        _ => {
            let words = "a recipient by other means than key agreement or encapsulation";
            return Err(EnvelopeError::Profile(words));
        }
    }
    let given = encapsulation::Given::read(&outer.recipient)?;
    let key = named(keys, &given.key_id)?;
    let second = key.second.as_ref().ok_or(EnvelopeError::Sealed)?;
    let cek = given.take(second)?;
    // Both envelopes are for the same certificate, and the inner one is never left out.
    let inner = Frame::read(&outer.open(&cek)?)?;
    open_agreed(inner, std::slice::from_ref(key))
}

fn open_agreed(frame: Frame, keys: &[EncryptionKey]) -> Result<Vec<u8>, EnvelopeError> {
    let given = agreement::Given::read(&frame.recipient)?;
    let key = named(keys, &given.key_id)?;
    let cek = given.take(&key.key)?;
    frame.open(&cek)
}

fn named<'k>(keys: &'k [EncryptionKey], id: &[u8]) -> Result<&'k EncryptionKey, EnvelopeError> {
    let mut all = keys.iter();
    all.find(|key| key.certificate().key_id() == id)
        .ok_or(EnvelopeError::Sealed)
}

/// What the envelope of a letter says before it is opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// Names the certificate that it is for.
    pub key_id: Vec<u8>,
    /// It is under the key of ML-KEM-768 too, as far as its form tells.
    pub is_quantum_safe: bool,
}

impl Addressed {
    /// Whether it names that certificate.
    pub fn names(&self, certificate: &EncryptionCertificate) -> bool {
        self.key_id == certificate.key_id()
    }

    /// Whether it is for that certificate, under all the keys it has.
    pub fn is_to(&self, certificate: &EncryptionCertificate) -> bool {
        self.key_id == certificate.key_id() && self.is_quantum_safe == certificate.is_quantum_safe()
    }
}

/// Reads the outside of a letter's envelope.
pub fn addressed(der: &[u8]) -> Result<Addressed, EnvelopeError> {
    let frame = Frame::read(der)?;
    let is_quantum_safe = matches!(frame.recipient, RecipientInfo::Ori(_));
    let key_id = match is_quantum_safe {
        true => encapsulation::Given::read(&frame.recipient)?.key_id,
        false => agreement::Given::read(&frame.recipient)?.key_id,
    };
    Ok(Addressed {
        key_id,
        is_quantum_safe,
    })
}

/// Whether what begins like this may be a letter to one of `keys`, or is signed and open: enough to leave alone the
/// enveloped mail of other programs without reading all of it. `start`: the first kilobyte or so of the DER.
pub fn may_be_ours(start: &[u8], keys: &[EncryptionKey]) -> bool {
    let holds = |bytes: &[u8]| start.windows(bytes.len()).any(|window| window == bytes);
    let signed = ID_SIGNED_DATA.as_bytes();
    holds(signed) || keys.iter().any(|key| holds(key.certificate().key_id()))
}
