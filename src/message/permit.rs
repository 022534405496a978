//! The permit: a signed statement of how far one copy of a share may go. No key is in it.

use serde::{Deserialize, Serialize};

use super::manifest::MAX_ITEMS;
use super::{Code, Refused, Version};
use crate::encoding::{self, Timestamp, parse_object};
use crate::envelope::{self, Digest, Fingerprint, Id, Identity};
use crate::rules::{Rules, Tier};

/// The most households that one permit names for what travels on.
pub const MAX_HOUSEHOLDS: usize = 256;
/// The longest permit as it travels: its longest lists, and room for blanks between them. What tells of a copy is kept.
const MAX_PERMIT: usize = 128 * 1024;

/// From whom, to whom, which items, up to which tier, and what any further copy may carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Permit {
    r#type: PermitType,
    version: Version,
    /// The share, with the origin.
    pub share: Id,
    /// Who made the share.
    pub origin: Fingerprint,
    /// The digest of its manifest.
    pub manifest: Digest,
    /// Who grants, and signs this.
    pub from: Fingerprint,
    /// Who is granted.
    pub to: Fingerprint,
    /// The digest of the permit before it in the chain; null in the origin's.
    #[serde(deserialize_with = "encoding::nullable")]
    pub parent: Option<Digest>,
    /// Which items; null: all of the manifest. Invariant: at most as many as a manifest has.
    #[serde(deserialize_with = "encoding::nullable_list")]
    pub items: Option<Vec<Id>>,
    /// The best tier granted of any item.
    pub tier: Tier,
    /// Null: it may not be passed on.
    #[serde(deserialize_with = "encoding::nullable")]
    pub onward: Option<Onward>,
    /// When.
    pub issued: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum PermitType {
    Permit,
}

/// The widest tier and rules that any further copy may carry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Onward {
    /// Invariant: at most the permit's own tier (checked in `check`).
    pub tier: Tier,
    /// Invariant: without `period`, which would start anew at every hop.
    pub rules: Rules,
    /// To whom; null: anyone. Invariant: at most [`MAX_HOUSEHOLDS`].
    #[serde(deserialize_with = "encoding::nullable_list")]
    pub to: Option<Vec<Fingerprint>>,
}

/// What a new permit says.
pub struct NewPermit {
    /// The share's id.
    pub share: Id,
    /// Who made the share.
    pub origin: Fingerprint,
    /// The digest of its manifest.
    pub manifest: Digest,
    /// Who is granted.
    pub to: Fingerprint,
    /// The digest of the granter's own permit.
    pub parent: Option<Digest>,
    /// Which items; `None`: all.
    pub items: Option<Vec<Id>>,
    /// The best tier granted.
    pub tier: Tier,
    /// What may travel on.
    pub onward: Option<Onward>,
    /// When.
    pub issued: Timestamp,
}

/// A permit whose signature is good and by its `from`, or was when it was stored.
#[derive(Debug, Clone)]
pub struct SignedPermit {
    permit: Permit,
    digest: Digest,
    der: Vec<u8>,
}

impl SignedPermit {
    /// Makes and signs a permit.
    pub fn sign(new: NewPermit, identity: &Identity) -> Result<Self, Refused> {
        let permit = Permit {
            r#type: PermitType::Permit,
            version: Version,
            share: new.share,
            origin: new.origin,
            manifest: new.manifest,
            from: identity.fingerprint(),
            to: new.to,
            parent: new.parent,
            items: new.items,
            tier: new.tier,
            onward: new.onward,
            issued: new.issued,
        };
        permit.check()?;
        let json = serde_json::to_vec(&permit).expect("a permit has only string keys");
        Ok(SignedPermit {
            digest: Digest::of(&json),
            der: envelope::sign(identity, &json, permit.issued)?,
            permit,
        })
    }

    /// Reads a permit: signature good, signer its `from`.
    pub fn verify(der: &[u8]) -> Result<Self, Refused> {
        if der.len() > MAX_PERMIT {
            let words = "a permit of more than 128 KiB";
            return Err(Refused::new(Code::Unsupported, words));
        }
        let signed = envelope::verify(der)?;
        let permit: Permit = parse_object(signed.content())?;
        if signed.signer().fingerprint() != permit.from {
            let words = "a permit is not signed by whom it is from";
            return Err(Refused::new(Code::Signature, words));
        }
        permit.check()?;
        Ok(SignedPermit {
            digest: signed.digest(),
            der: der.to_vec(),
            permit,
        })
    }

    /// Reads a permit out of a row of the album: it was verified when it was put there, and is not again. Never for what
    /// comes by mail.
    pub fn of_stored(der: &[u8]) -> Result<Self, Refused> {
        let content = envelope::content_of_stored(der)?;
        Ok(SignedPermit {
            permit: parse_object(&content)?,
            digest: Digest::of(&content),
            der: der.to_vec(),
        })
    }

    /// What it says.
    pub fn permit(&self) -> &Permit {
        &self.permit
    }

    /// How the next permit of a chain, or a revocation, names it.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The SignedData as it travels.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

/// The permits of a chain as they travel.
pub fn ders(chain: &[SignedPermit]) -> Vec<Vec<u8>> {
    chain.iter().map(|permit| permit.der().to_vec()).collect()
}

/// The permits of a chain in a row of the album, each as [`SignedPermit::of_stored`].
pub fn all_of_stored(chain: &[Vec<u8>]) -> Result<Vec<SignedPermit>, Refused> {
    let permits = chain.iter();
    permits.map(|der| SignedPermit::of_stored(der)).collect()
}

impl Permit {
    /// Whether nothing can be looked at by it: who has it carries the share for others.
    pub fn only_carries(&self) -> bool {
        self.tier == Tier::About && self.onward.is_none()
    }

    fn check(&self) -> Result<(), Refused> {
        let refuse = |words: String| Err(Refused::new(Code::Unsupported, words));
        let items = self.items.as_ref().map_or(0, Vec::len);
        if items > MAX_ITEMS {
            return refuse(format!("a permit for {items} items; {MAX_ITEMS} at most"));
        }
        let Some(onward) = &self.onward else {
            return Ok(());
        };
        let named = onward.to.as_ref().map_or(0, Vec::len);
        if named > MAX_HOUSEHOLDS {
            return refuse(format!(
                "a permit that names {named} households; {MAX_HOUSEHOLDS} at most"
            ));
        }
        if onward.rules.period.is_some() {
            let words = "a permit has a period in onward, where only an end can stand";
            return refuse(words.to_owned());
        }
        Ok(())
    }

    /// Whether it names the item.
    pub fn covers(&self, item: Id) -> bool {
        self.items
            .as_ref()
            .is_none_or(|items| items.contains(&item))
    }
}
