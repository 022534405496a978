//! What letters say: one kind each (PROTOCOL 6). How they are written and read stands in `letter`.

use serde::{Deserialize, Serialize};

use super::Code;
use super::grant::{Bytes, Grant, MAX_STATIONS};
use super::join::{Join, JoinAnswer};
use super::manifest::{MAX_PARTS, SignedManifest};
use crate::address::{Mailbox, StationName};
use crate::encoding::{self, Integer};
use crate::envelope::{Digest, Fingerprint, Id};
use crate::rules::Rules;

/// The most versions that a card names.
const MAX_VERSIONS: usize = 64;
/// The most key words that a card suggests.
const MAX_WORDS: usize = 256;

/// The kinds of letters.
#[derive(Debug, Clone)]
pub enum Body {
    /// Keys and rules, with the manifest.
    Grant(Box<Grant>, Box<SignedManifest>),
    /// The answer to a grant.
    Receipt(Receipt),
    /// Parts are missing.
    PartRequest(PartRequest),
    /// A station asks for more.
    GrantRequest(GrantRequest),
    /// The answer to that.
    GrantAnswer(GrantAnswer),
    /// Something is taken back.
    Revocation(Bytes),
    /// A self-introduction.
    Card(CardLetter),
    /// Please introduce yourself.
    CardRequest(CardRequest),
    /// An invited household comes in.
    Join(Join),
    /// The answer to that.
    JoinAnswer(JoinAnswer),
    /// The household is no more.
    Ended(Ended),
}

/// How a grant fared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The share, with the origin.
    pub share: Id,
    /// Who made the share.
    pub origin: Fingerprint,
    /// How.
    pub state: ReceiptState,
    /// Why it was refused.
    #[serde(deserialize_with = "encoding::nullable")]
    pub reason: Option<Code>,
    /// The grant letter that was refused.
    #[serde(deserialize_with = "encoding::nullable")]
    pub letter: Option<Id>,
    /// The permits on which the receiver's copy stands; empty in `refused`.
    #[serde(deserialize_with = "encoding::unique")]
    pub chain: Vec<Bytes>,
}

/// The states of a receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ReceiptState {
    /// All parts are here and open.
    Complete,
    /// The grant was not taken.
    Refused,
    /// The copy is gone.
    Deleted,
    /// The copy was passed on.
    Forwarded,
}

/// Parts that are missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartRequest {
    /// The share, with the origin.
    pub share: Id,
    /// Who made the share.
    pub origin: Fingerprint,
    /// Which: at most as many as a manifest has.
    #[serde(deserialize_with = "encoding::non_empty_up_to::<MAX_PARTS, _, _>")]
    pub parts: Vec<Digest>,
    /// The permits on which the asker's copy stands.
    #[serde(deserialize_with = "encoding::unique")]
    pub chain: Vec<Bytes>,
}

/// A station asks for more than it may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    /// The share, with the origin.
    pub share: Id,
    /// Who made the share.
    pub origin: Fingerprint,
    /// Who asks.
    pub station: StationName,
    /// For what.
    pub rules: Rules,
    /// With which words.
    #[serde(deserialize_with = "encoding::bounded_text")]
    pub message: String,
}

/// The answer to a [`GrantRequest`]; a yes is followed by a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GrantAnswer {
    /// The letter it answers.
    pub request: Id,
    /// Yes or no.
    pub answer: YesNo,
    /// With which words.
    #[serde(deserialize_with = "encoding::bounded_text")]
    pub message: String,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum YesNo {
    /// Yes.
    Yes,
    /// No.
    No,
}

/// A self-introduction; the letter's signature makes it the identity's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardLetter {
    /// The versions that its server reads.
    #[serde(deserialize_with = "encoding::non_empty_up_to::<MAX_VERSIONS, _, _>")]
    pub versions: Vec<Integer>,
    /// The household's name.
    #[serde(deserialize_with = "encoding::name_text")]
    pub name: String,
    /// Where mail for it goes.
    pub mailbox: Mailbox,
    /// Identity certificate, then encryption certificates.
    #[serde(deserialize_with = "encoding::non_empty")]
    pub certificates: Vec<Bytes>,
    /// The people of the house, as far as it wants to say.
    #[serde(deserialize_with = "encoding::unique_up_to::<MAX_STATIONS, _, _>")]
    pub stations: Vec<StationName>,
    /// Key words that it suggests.
    #[serde(deserialize_with = "encoding::unique_up_to::<MAX_WORDS, _, _>")]
    pub words: Vec<Word>,
    /// Of the request that it answers.
    #[serde(deserialize_with = "encoding::nullable")]
    pub nonce: Option<Id>,
}

/// A key word that a card suggests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Word {
    /// The word.
    #[serde(deserialize_with = "encoding::name_text")]
    pub word: String,
    /// For which of its stations.
    pub station: StationName,
}

/// Please introduce yourself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardRequest {
    /// Where the answer goes.
    pub mailbox: Mailbox,
    /// The asker's identity certificate, then encryption certificates.
    #[serde(deserialize_with = "encoding::non_empty")]
    pub certificates: Vec<Bytes>,
    /// What the card shall return.
    pub nonce: Id,
}

/// A household is no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ended {
    /// Its mailbox.
    pub mailbox: Mailbox,
}

impl Body {
    /// The `type` of the letter.
    pub fn kind(&self) -> &'static str {
        match self {
            Body::Grant(..) => "grant",
            Body::Receipt(_) => "receipt",
            Body::PartRequest(_) => "part-request",
            Body::GrantRequest(_) => "grant-request",
            Body::GrantAnswer(_) => "grant-answer",
            Body::Revocation(_) => "revocation",
            Body::Card(_) => "card",
            Body::CardRequest(_) => "card-request",
            Body::Join(_) => "join",
            Body::JoinAnswer(_) => "join-answer",
            Body::Ended(_) => "ended",
        }
    }

    /// Whether it may travel without an envelope.
    pub(super) fn may_be_open(&self) -> bool {
        matches!(self, Body::Card(_) | Body::CardRequest(_) | Body::Ended(_))
    }
}
