//! A card that stands inside another letter: signed and open, as a card alone would be.

use super::body::{Body, CardLetter};
use super::grant::Bytes;
use super::letter::{Header, read_letter, write_letter};
use super::{Code, Refused};
use crate::encoding::Timestamp;
use crate::envelope::{self, Digest, EnvelopeError, Fingerprint, Id, Identity};

/// The longest signed card inside a letter: eight certificates and room.
const MAX_CARD: usize = 128 * 1024;

/// A card inside a join or a welcome, whose signature is good.
#[derive(Debug, Clone)]
pub struct SignedCard {
    /// What it says.
    pub card: CardLetter,
    /// When it was written.
    pub issued: Timestamp,
    /// How it is named: what the code is made of.
    pub digest: Digest,
}

impl SignedCard {
    /// Signs a card for a join or a welcome; gives its bytes and digest.
    pub fn write(
        card: CardLetter,
        identity: &Identity,
        issued: Timestamp,
    ) -> Result<(Bytes, Digest), EnvelopeError> {
        let header = Header {
            id: Id::random(),
            from: identity.fingerprint(),
            to: None,
            issued,
        };
        let der = write_letter(&header, &Body::Card(card), identity)?;
        let digest = envelope::verify(&der)?.digest();
        Ok((Bytes(der), digest))
    }

    /// Reads one; it must be by whom the letter around it is.
    pub fn read(der: &Bytes, by: Fingerprint) -> Result<Self, Refused> {
        if der.0.len() > MAX_CARD {
            return Err(Refused::new(
                Code::Unsupported,
                "a card of more than 128 KiB",
            ));
        }
        let digest = envelope::verify(&der.0)?.digest();
        let letter = read_letter(&der.0, false)?;
        let Body::Card(card) = letter.body else {
            let words = format!("a {} in the place of a card", letter.body.kind());
            return Err(Refused::new(Code::Unsupported, words));
        };
        if letter.header.from != by {
            return Err(Refused::new(
                Code::Signature,
                "a card that is signed by another than its letter",
            ));
        }
        Ok(SignedCard {
            card,
            issued: letter.header.issued,
            digest,
        })
    }
}
