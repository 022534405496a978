//! The CMS forms of Hearthpost (RFC 5652, 5083, 5084) in the one profile of PROTOCOL 2: seal and open a part, the key
//! ladder, sign and verify, envelope and open a letter, certificates.
//!
//! Structures are read and written with `cms` and `der`, primitives come from OpenSSL. Strict DER only, every size is
//! checked before it is allocated, and nothing is handed on before its tag or signature is good. Knows no mail and no
//! JSON.

mod agreement;
mod authority;
mod certificate;
mod cipher;
mod digest;
mod encapsulation;
mod frame;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod identity;
mod invitation;
mod kem;
mod key;
mod letter;
mod part;
mod passphrase;
mod profile;
mod signed;
mod site_pair;

pub use authority::{Authority, SiteCertificate, SiteName, authority_name};
pub use certificate::{Card, EncryptionCertificate, IdentityCertificate};
pub use digest::{Digest, Fingerprint, Hasher, Id};
pub use identity::{EncryptionKey, Identity};
pub use invitation::{InvitationSecret, Mac, NotAMac};
pub use key::{ContentKey, ItemKey, KekId, StorageKey};
pub use letter::{Addressed, addressed, may_be_ours, open_letter, seal_letter};
pub use part::{
    PART_OVERHEAD, PART_SIZE, PartBuffer, SealedPart, content_len, open_part, part_content,
    part_key_id, part_len,
};
pub use passphrase::{open_under, seal_under};
pub use signed::{MAX_SIGNED, SignedObject, content_of_stored, sign, verify};
pub use site_pair::{SitePair, SitePairError};

/// Why bytes are refused, or why a primitive failed. One text per cause for the keeper's log; nothing of it is ever
/// answered to a sender.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnvelopeError {
    /// Not in the profile: another structure, algorithm or encoding. The text says which.
    #[error("outside the profile: {0}")]
    Profile(&'static str),
    /// The signature is not good.
    #[error("the signature is not good")]
    Signature,
    /// No key here opens it, or it was changed: the two are never told apart.
    #[error("it does not open: it was changed, or is meant for another key")]
    Sealed,
    /// OpenSSL failed at something that cannot fail with sound inputs.
    #[error("OpenSSL: {0}")]
    OpenSsl(String),
}

impl From<openssl::error::ErrorStack> for EnvelopeError {
    fn from(stack: openssl::error::ErrorStack) -> Self {
        let first = stack.errors().first().map(ToString::to_string);
        EnvelopeError::OpenSsl(first.unwrap_or_else(|| "no reason given".to_owned()))
    }
}

impl From<der::Error> for EnvelopeError {
    fn from(_: der::Error) -> Self {
        EnvelopeError::Profile("not the DER of the expected structure")
    }
}
