//! The revocation: a share, or one permit, is taken back. Passed on downstream as the SignedData it came as.

use serde::{Deserialize, Serialize};

use super::permit::SignedPermit;
use super::{Code, Refused, Version};
use crate::encoding::{self, Timestamp, parse_object};
use crate::envelope::{self, Digest, Fingerprint, Id, Identity};

/// The longest revocation as it travels. It is kept, and told to others.
const MAX_REVOCATION: usize = 16 * 1024;

/// What is taken back, and by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revocation {
    r#type: RevocationType,
    version: Version,
    /// The share, with the origin.
    pub share: Id,
    /// Who made the share.
    pub origin: Fingerprint,
    /// The permit that ends; null: the whole share, for good, which only the origin may say.
    #[serde(deserialize_with = "encoding::nullable")]
    pub permit: Option<Digest>,
    /// Who takes it back, and signs this.
    pub from: Fingerprint,
    /// When.
    pub issued: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum RevocationType {
    Revocation,
}

/// A revocation whose signature is good and by its `from`, or was when it was stored.
#[derive(Debug, Clone)]
pub struct SignedRevocation {
    revocation: Revocation,
    digest: Digest,
    der: Vec<u8>,
}

impl SignedRevocation {
    /// Makes and signs a revocation.
    pub fn sign(
        (origin, share): (Fingerprint, Id),
        permit: Option<Digest>,
        issued: Timestamp,
        identity: &Identity,
    ) -> Result<Self, Refused> {
        let revocation = Revocation {
            r#type: RevocationType::Revocation,
            version: Version,
            share,
            origin,
            permit,
            from: identity.fingerprint(),
            issued,
        };
        let json = serde_json::to_vec(&revocation).expect("a revocation has only string keys");
        Ok(SignedRevocation {
            digest: Digest::of(&json),
            der: envelope::sign(identity, &json, issued)?,
            revocation,
        })
    }

    /// Reads a revocation: signature good, signer its `from`, and a whole share only by its origin.
    pub fn verify(der: &[u8]) -> Result<Self, Refused> {
        if der.len() > MAX_REVOCATION {
            let words = "a revocation of more than 16 KiB";
            return Err(Refused::new(Code::Unsupported, words));
        }
        let signed = envelope::verify(der)?;
        let revocation: Revocation = parse_object(signed.content())?;
        let refuse = |words| Err(Refused::new(Code::Signature, words));
        if signed.signer().fingerprint() != revocation.from {
            return refuse("a revocation is not signed by whom it is from");
        }
        if revocation.permit.is_none() && revocation.from != revocation.origin {
            return refuse("only the origin can end a whole share");
        }
        Ok(SignedRevocation {
            digest: signed.digest(),
            der: der.to_vec(),
            revocation,
        })
    }

    /// Reads a revocation out of a row of the album: it was verified when it was put there, and is not again. Never for
    /// what comes by mail.
    pub fn of_stored(der: &[u8]) -> Result<Self, Refused> {
        let content = envelope::content_of_stored(der)?;
        Ok(SignedRevocation {
            revocation: parse_object(&content)?,
            digest: Digest::of(&content),
            der: der.to_vec(),
        })
    }

    /// Whether it ends a copy that stands on this chain: by the origin for the share or any permit of it, or by the
    /// `from` of the very permit it names.
    pub fn ends(&self, chain: &[SignedPermit]) -> bool {
        let Some(first) = chain.first() else {
            return false;
        };
        let same = |permit: &SignedPermit| {
            (permit.permit().origin, permit.permit().share)
                == (self.revocation.origin, self.revocation.share)
        };
        if !same(first) {
            return false;
        }
        let by_origin = self.revocation.from == self.revocation.origin;
        match self.revocation.permit {
            None => by_origin,
            Some(digest) => chain.iter().any(|permit| {
                permit.digest() == digest
                    && (by_origin || permit.permit().from == self.revocation.from)
            }),
        }
    }

    /// What it says.
    pub fn revocation(&self) -> &Revocation {
        &self.revocation
    }

    /// How it is named.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The SignedData as it travels.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}
