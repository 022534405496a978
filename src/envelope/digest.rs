//! Names of things: digests of bytes, fingerprints of identities, random ids.

use std::fmt;
use std::str::FromStr;

use crate::encoding::{base32_of, hex_of, parse_base32, parse_hex, serde_as_text};

/// A SHA-256, written as lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

/// Who a home server is: the SHA-256 of its identity's SubjectPublicKeyInfo, written as lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint([u8; 32]);

/// 128 random bits that name a share, an item, a letter or a nonce, written as 26 characters of base32.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 16]);

/// A text is not the hex or base32 of the right length.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not {what}")]
pub struct NotAName {
    what: &'static str,
    text: String,
}

/// SHA-256 of bytes that come in pieces.
pub struct Hasher(openssl::sha::Sha256);

impl Default for Hasher {
    fn default() -> Self {
        Hasher(openssl::sha::Sha256::new())
    }
}

impl Hasher {
    /// Takes the next piece.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The digest of all pieces.
    pub fn finish(self) -> Digest {
        Digest(self.0.finish())
    }
}

impl Digest {
    /// The digest of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Digest(openssl::sha::sha256(bytes))
    }

    /// The digest itself.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 12 hex digits, enough for a log line.
    pub fn short(&self) -> String {
        hex_of(&self.0[..6])
    }
}

impl Fingerprint {
    /// The fingerprint of a public key given as DER of SubjectPublicKeyInfo.
    pub fn of_key(spki_der: &[u8]) -> Self {
        Fingerprint(openssl::sha::sha256(spki_der))
    }

    /// The digest itself.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Twenty-four English words of the BIP-39 list, for two people to compare.
    pub fn words(&self) -> String {
        bip39::Mnemonic::from_entropy(&self.0)
            .expect("32 bytes are a size of BIP-39 entropy")
            .to_string()
    }

    /// The first 12 hex digits, enough for a log line.
    pub fn short(&self) -> String {
        hex_of(&self.0[..6])
    }
}

impl Id {
    /// A new random id.
    pub fn random() -> Self {
        let mut bytes = [0; 16];
        openssl::rand::rand_bytes(&mut bytes)
            .expect("OpenSSL's random generator is seeded by the system");
        Id(bytes)
    }

    /// The id that these bytes are.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Id(bytes)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex_of(&self.0))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex_of(&self.0))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base32_of(&self.0))
    }
}

macro_rules! debug_as_display {
    ($($type:ty),*) => {$(
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}
debug_as_display!(Digest, Fingerprint, Id);

fn not(what: &'static str, text: &str) -> NotAName {
    NotAName {
        what,
        text: text.chars().take(80).collect(),
    }
}

impl FromStr for Digest {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        parse_hex(text)
            .map(Digest)
            .ok_or_else(|| not("a digest (64 lower-case hex digits)", text))
    }
}

impl FromStr for Fingerprint {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        parse_hex(text)
            .map(Fingerprint)
            .ok_or_else(|| not("a fingerprint (64 lower-case hex digits)", text))
    }
}

impl FromStr for Id {
    type Err = NotAName;
    fn from_str(text: &str) -> Result<Self, NotAName> {
        parse_base32(text)
            .map(Id)
            .ok_or_else(|| not("an id (26 characters of base32)", text))
    }
}

serde_as_text!(Digest, Fingerprint, Id);
