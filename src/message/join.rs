//! The two letters by which an invited household comes in.
//!
//! 1. The joiner asks for the inviter's card; the nonce of that card-request is made with the secret.
//! 2. It sends a [`Join`]: its own card, with a code over it. Whose card the inviter's is, the link said; where words were
//!    read out, the code is good for the true inviter alone, so that it may go to whoever answered.
//! 3. The inviter answers with a [`JoinAnswer`]; a welcome brings its card with a code over it, and only that counts.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::grant::Bytes;
use crate::encoding;
use crate::envelope::{Id, Mac};

/// The joiner's card, with a code over it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The joiner's card letter, signed and open.
    pub card: Bytes,
    /// [`InvitationSecret::join`] of the inviter's fingerprint and the card's digest.
    pub mac: Mac,
}

/// What became of a join.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinAnswer {
    /// The letter it answers.
    pub join: Id,
    /// Whether it was let in.
    pub answer: Answer,
    /// In a welcome, the inviter's card letter, signed and open.
    #[serde(deserialize_with = "encoding::nullable")]
    pub card: Option<Bytes>,
    /// In a welcome, [`InvitationSecret::welcome`] of the joiner's fingerprint and that card's digest.
    #[serde(deserialize_with = "encoding::nullable")]
    pub mac: Option<Mac>,
}

/// The answers to a join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// It was let in.
    Welcome,
    /// Another household came in with the invitation before.
    Used,
    /// The invitation is over, or was withdrawn.
    Ended,
    /// The inviter knows another household at that mailbox.
    No,
}

impl Answer {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Welcome => "welcome",
            Answer::Used => "used",
            Answer::Ended => "ended",
            Answer::No => "no",
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl JoinAnswer {
    /// A card and a code stand in a welcome, and in nothing else.
    pub(super) fn is_formed(&self) -> bool {
        let welcome = self.answer == Answer::Welcome;
        (self.card.is_some(), self.mac.is_some()) == (welcome, welcome)
    }
}
