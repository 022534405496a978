//! What an invitation hangs on: a secret of 128 bits that two households share for one meeting, and the codes made with it
//! (HMAC-SHA256, RFC 2104). It goes over no mailbox; of the codes none says anything about it to who does not hold it.

use std::fmt;
use std::str::FromStr;

use openssl::hash::MessageDigest;
use openssl::memcmp;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use zeroize::Zeroizing;

use super::digest::{Digest, Fingerprint, Id};
use crate::encoding::{base64_of, parse_base64, serde_as_text};

/// The secret of one invitation. Never used for a second one; wiped, and silent in Debug.
#[derive(Clone, PartialEq, Eq)]
pub struct InvitationSecret(Zeroizing<[u8; 16]>);

/// A code by which one household shows that it holds the secret. Compared in constant time.
#[derive(Clone, Copy)]
pub struct Mac([u8; 32]);

/// A text is not the base64 of 32 bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a code (32 bytes in base64)")]
pub struct NotAMac;

impl InvitationSecret {
    /// A new one.
    pub fn random() -> Self {
        let mut bytes = Zeroizing::new([0; 16]);
        openssl::rand::rand_priv_bytes(&mut *bytes)
            .expect("OpenSSL's random generator is seeded by the system");
        InvitationSecret(bytes)
    }

    /// The secret that these bytes are.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        InvitationSecret(Zeroizing::new(bytes))
    }

    /// The secret itself, for the link and the sealed row.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Twelve English words of the BIP-39 list, to be read out; four of their bits are a check.
    pub fn words(&self) -> Zeroizing<String> {
        let words =
            bip39::Mnemonic::from_entropy(&*self.0).expect("16 bytes are a size of BIP-39 entropy");
        Zeroizing::new(words.to_string())
    }

    /// Reads those twelve words, in small letters with single blanks between.
    pub fn from_words(words: &str) -> Option<Self> {
        let words = bip39::Mnemonic::parse_in_normalized(bip39::Language::English, words).ok()?;
        let (entropy, len) = words.to_entropy_array();
        let entropy = Zeroizing::new(entropy);
        let bytes = entropy[..len].try_into().ok()?;
        Some(InvitationSecret(Zeroizing::new(bytes)))
    }

    /// The nonce of the card-request by which `joiner` asks the inviter for its card: the inviter knows by it that no
    /// stranger asks.
    pub fn ask(&self, joiner: Fingerprint) -> Id {
        let code = self.code("hearthpost/1 ask", &[joiner.as_bytes()]);
        let mut nonce = [0; 16];
        nonce.copy_from_slice(&code[..16]);
        Id::from_bytes(nonce)
    }

    /// Goes with the joiner's card, of that digest, to the inviter.
    pub fn join(&self, inviter: Fingerprint, card: Digest) -> Mac {
        let said: [&[u8]; 2] = [inviter.as_bytes(), card.as_bytes()];
        Mac(self.code("hearthpost/1 join", &said))
    }

    /// Goes with the inviter's card, of that digest, to the joiner.
    pub fn welcome(&self, joiner: Fingerprint, card: Digest) -> Mac {
        let said: [&[u8]; 2] = [joiner.as_bytes(), card.as_bytes()];
        Mac(self.code("hearthpost/1 welcome", &said))
    }

    /// HMAC of a label and fields of fixed length, one after the other.
    fn code<F: AsRef<[u8]>>(&self, label: &str, fields: &[F]) -> [u8; 32] {
        let sign = || {
            let key = PKey::hmac(&*self.0)?;
            let mut signer = Signer::new(MessageDigest::sha256(), &key)?;
            signer.update(label.as_bytes())?;
            for field in fields {
                signer.update(field.as_ref())?;
            }
            signer.sign_to_vec()
        };
        let code: Result<Vec<u8>, openssl::error::ErrorStack> = sign();
        code.ok()
            .and_then(|code| code.try_into().ok())
            .expect("HMAC-SHA256 of a few bytes cannot fail, and is 32 bytes long")
    }
}

impl PartialEq for Mac {
    fn eq(&self, other: &Self) -> bool {
        memcmp::eq(&self.0, &other.0)
    }
}

impl Eq for Mac {}

impl fmt::Debug for InvitationSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvitationSecret(..)")
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac(..)")
    }
}

impl fmt::Display for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&base64_of(&self.0))
    }
}

impl FromStr for Mac {
    type Err = NotAMac;
    fn from_str(text: &str) -> Result<Self, NotAMac> {
        let bytes = parse_base64(text).and_then(|bytes| bytes.try_into().ok());
        bytes.map(Mac).ok_or(NotAMac)
    }
}

serde_as_text!(Mac);

#[cfg(test)]
mod tests {
    use super::*;

    fn secret() -> InvitationSecret {
        InvitationSecret::from_bytes(*b"0123456789abcdef")
    }

    fn households() -> (Fingerprint, Fingerprint) {
        (Fingerprint::of_key(b"a"), Fingerprint::of_key(b"b"))
    }

    /// What an independent program makes of the same: Python's `hmac`, over label, SHA-256 of `a` or `b`, SHA-256 of
    /// `card`.
    #[test]
    fn codes_are_those_of_another_program() {
        let (secret, (a, b)) = (secret(), households());
        let card = Digest::of(b"card");
        assert_eq!(secret.join(a, card).to_string(), JOIN);
        assert_eq!(secret.welcome(b, card).to_string(), WELCOME);
        assert_eq!(secret.ask(b).to_string(), ASK);
        assert_eq!(secret.words().as_str(), WORDS);
    }

    const JOIN: &str = "iZaLNa56v1GR+wsrXq7Bsv+m4sUf8gjqu0M+HyeOIt0=";
    const WELCOME: &str = "1u76rn57sDyM9Nn3O5AQHRYFbqt2d0Nwz89mtcsgj88=";
    const ASK: &str = "7v2xo26jv4wxa6pcabivb6jpqq";
    const WORDS: &str = "coral maze mimic half fat breeze thought club give brass bone snake";

    #[test]
    fn a_code_is_of_one_secret_one_way_one_household_and_one_card() {
        let (secret, (a, b)) = (secret(), households());
        let (card, other) = (Digest::of(b"card"), Digest::of(b"other"));
        let code = secret.join(a, card);
        assert_eq!(code, secret.join(a, card));
        for wrong in [
            secret.join(b, card),
            secret.join(a, other),
            secret.welcome(a, card),
            InvitationSecret::random().join(a, card),
        ] {
            assert_ne!(code, wrong);
        }
        assert_ne!(secret.ask(a), secret.ask(b));
    }

    #[test]
    fn words_are_read_back_and_a_slip_among_them_is_noticed() {
        let secret = InvitationSecret::from_bytes([7; 16]);
        let words = secret.words();
        assert_eq!(words.split(' ').count(), 12);
        assert_eq!(InvitationSecret::from_words(&words), Some(secret.clone()));
        let fewer = words.rsplit_once(' ').expect("words").0;
        let swapped = {
            let mut words: Vec<&str> = words.split(' ').collect();
            words.swap(0, 11);
            words.join(" ")
        };
        // The words of a fingerprint are of another length.
        let longer = Fingerprint::of_key(b"a").words();
        for text in ["", fewer, &swapped, &longer, "zebra zebra"] {
            assert_eq!(InvitationSecret::from_words(text), None, "{text}");
        }
    }

    #[test]
    fn nothing_of_a_secret_stands_in_debug() {
        let said = format!("{:?}", secret());
        assert_eq!(said, "InvitationSecret(..)");
    }
}
