//! What home servers say to one another: manifest, permit, grant, receipt and the other letters, their MIME forms, and
//! the checks that a grant must pass (PROTOCOL 5 to 7).
//!
//! Pure: bytes in, values out. A value of [`check::Verified`] or [`manifest::SignedManifest`] exists only where its
//! signature was good.

pub mod body;
pub mod bounce;
pub mod check;
pub mod grant;
pub mod invitation;
pub mod join;
pub mod letter;
pub mod manifest;
pub mod mime;
pub mod parts;
pub mod permit;
pub mod relay;
pub mod reply;
pub mod revocation;
pub mod signed_card;

pub use body::{
    Body, CardLetter, CardRequest, Ended, GrantAnswer, GrantRequest, PartRequest, Receipt,
    ReceiptState, Word, YesNo,
};
pub use check::{Standing, Verified, check_chain, check_grant, check_standing};
pub use grant::{Grant, ItemGrant, Keys, RelayEntry, Station};
pub use invitation::{Invitation, LINK_PATH, Named, NotAnInvitation};
pub use join::{Answer, Join, JoinAnswer};
pub use letter::{
    GrantName, Header, Letter, name_of_grant, open_letter_mail, read_letter, seal_letter_mail,
    write_letter,
};
pub use manifest::{About, Item, Manifest, SignedManifest, TierParts, expected_parts};
pub use permit::{Onward, Permit, SignedPermit};
pub use relay::{brought_parts, is_named_by_origin, is_vouched_for};
pub use revocation::{Revocation, SignedRevocation};
pub use signed_card::SignedCard;

use crate::envelope::EnvelopeError;

/// The one version of the protocol that this code reads and writes.
pub const VERSION: u64 = 1;

/// Why a message is refused. The codes are the fixed list that a receipt may carry (PROTOCOL 6).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Code {
    /// A signature is not good, or not by whom it should be.
    Signature,
    /// Meant for another server.
    Addressee,
    /// The chain of permits is broken, looping or too long.
    Chain,
    /// Something allows more than what it stands on.
    Wider,
    /// Too old, or from the future.
    Stale,
    /// Seen before.
    Replayed,
    /// The manifest is not the one named, or another one is known.
    Manifest,
    /// More than this household takes.
    Quota,
    /// A version, algorithm or form this server does not know.
    Unsupported,
}

/// A refusal: the code for the sender's receipt, and one line for the keeper.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{words}")]
pub struct Refused {
    /// What the sender may be told.
    pub code: Code,
    /// What the keeper reads.
    pub words: String,
}

impl Refused {
    /// A refusal with its one line.
    pub fn new(code: Code, words: impl Into<String>) -> Self {
        Refused {
            code,
            words: words.into(),
        }
    }
}

impl From<EnvelopeError> for Refused {
    fn from(error: EnvelopeError) -> Self {
        let code = match error {
            EnvelopeError::Profile(_) => Code::Unsupported,
            _ => Code::Signature,
        };
        Refused::new(code, error.to_string())
    }
}

impl From<crate::encoding::JsonError> for Refused {
    fn from(error: crate::encoding::JsonError) -> Self {
        Refused::new(Code::Unsupported, format!("JSON: {error}"))
    }
}

impl Code {
    /// The code as it stands in a receipt.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Signature => "signature",
            Code::Addressee => "addressee",
            Code::Chain => "chain",
            Code::Wider => "wider",
            Code::Stale => "stale",
            Code::Replayed => "replayed",
            Code::Manifest => "manifest",
            Code::Quota => "quota",
            Code::Unsupported => "unsupported",
        }
    }
}

/// The constant `1` of a `version` field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version;

impl serde::Serialize for Version {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(VERSION)
    }
}

impl<'de> serde::Deserialize<'de> for Version {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match u64::deserialize(deserializer)? {
            VERSION => Ok(Version),
            other => Err(serde::de::Error::custom(format!("version {other}"))),
        }
    }
}
