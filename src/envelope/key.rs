//! The content key of a share and its ladder, downward only (PROTOCOL 3).
//!
//! `K → I.original → I.preview → I.thumb → I.about`, each step HKDF-Expand (RFC 5869 §2.3) with SHA-256. Who holds one
//! key can make the ones below it, and nothing else.

use std::fmt;

use openssl::kdf::{HkdfMode, hkdf};
use openssl::md::Md;
use zeroize::Zeroizing;

use super::digest::Id;
use crate::encoding::hex_of;
use crate::rules::Tier;

/// The root key of one share: grants every item in every tier. Random, and never used for a second share.
#[derive(Clone, PartialEq, Eq)]
pub struct ContentKey(Zeroizing<[u8; 32]>);

/// Wraps the parts of one tier of one item. Never used for a second item or tier.
#[derive(Clone, PartialEq, Eq)]
pub struct ItemKey {
    tier: Tier,
    key: Zeroizing<[u8; 32]>,
}

/// Seals this household's own originals at rest. Lies with the private keys and never travels.
#[derive(Clone)]
pub struct StorageKey(Zeroizing<[u8; 32]>);

/// Which key wraps a part: the identifier in its KEKRecipientInfo.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KekId(pub [u8; 16]);

impl ContentKey {
    /// A new random key.
    pub fn random() -> Self {
        ContentKey(random_key())
    }

    /// The key that these bytes are.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        ContentKey(Zeroizing::new(bytes))
    }

    /// The key itself, to be put into a grant.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key of one item at `tier`.
    pub fn item(&self, item: Id, tier: Tier) -> ItemKey {
        let original = ItemKey {
            tier: Tier::Original,
            key: expand(&self.0, &format!("hearthpost/1 item {item}")),
        };
        original
            .at(tier)
            .expect("every tier lies at or below original")
    }
}

impl ItemKey {
    /// The key that these bytes are, for `tier`.
    pub fn from_bytes(tier: Tier, bytes: [u8; 32]) -> Self {
        ItemKey {
            tier,
            key: Zeroizing::new(bytes),
        }
    }

    /// The tier whose parts it wraps.
    pub fn tier(&self) -> Tier {
        self.tier
    }

    /// The key itself, to be put into a grant or used as key-encryption key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.key
    }

    /// The key of a tier at or below this one; `None` above it.
    pub fn at(&self, tier: Tier) -> Option<ItemKey> {
        if tier > self.tier {
            return None;
        }
        let mut key = self.clone();
        for step in [Tier::Preview, Tier::Thumb, Tier::About] {
            if step < key.tier && step >= tier {
                let info = format!("hearthpost/1 {}", step.as_str());
                key = ItemKey {
                    tier: step,
                    key: expand(&key.key, &info),
                };
            }
        }
        Some(key)
    }

    /// The identifier that its parts carry.
    pub fn kek_id(&self) -> KekId {
        let mut id = [0; 16];
        id.copy_from_slice(&expand(&self.key, "hearthpost/1 kid")[..16]);
        KekId(id)
    }
}

impl StorageKey {
    /// A new random key.
    pub fn random() -> Self {
        StorageKey(random_key())
    }

    /// The key that these bytes are.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        StorageKey(Zeroizing::new(bytes))
    }

    /// The key itself, for the key file.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key that wraps the parts of one own file. Parts at rest have the form of parts on the way.
    pub fn file(&self, file: Id) -> ItemKey {
        ItemKey {
            tier: Tier::Original,
            key: expand(&self.0, &format!("hearthpost/1 storage {file}")),
        }
    }
}

fn random_key() -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    openssl::rand::rand_priv_bytes(&mut *key)
        .expect("OpenSSL's random generator is seeded by the system");
    key
}

/// HKDF-Expand, L = 32, with the key itself as pseudo-random key.
fn expand(key: &[u8; 32], info: &str) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    hkdf(
        Md::sha256(),
        key,
        None,
        Some(info.as_bytes()),
        HkdfMode::ExpandOnly,
        None,
        &mut *out,
    )
    .expect("HKDF-Expand of 32 bytes cannot fail with a 32-byte key");
    out
}

impl fmt::Debug for ContentKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ContentKey(..)")
    }
}

impl fmt::Debug for ItemKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ItemKey({}, ..)", self.tier.as_str())
    }
}

impl fmt::Debug for StorageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StorageKey(..)")
    }
}

impl fmt::Display for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex_of(&self.0))
    }
}

impl fmt::Debug for KekId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ladder_goes_down_only() {
        let item = Id::random();
        let share = ContentKey::random();
        let preview = share.item(item, Tier::Preview);
        assert_eq!(preview.at(Tier::Original), None);
        for tier in [Tier::Preview, Tier::Thumb, Tier::About] {
            assert_eq!(preview.at(tier), Some(share.item(item, tier)));
        }
        assert_ne!(share.item(Id::random(), Tier::Preview), preview);
    }

    #[test]
    fn keys_are_silent_in_debug() {
        let share = ContentKey::from_bytes([0xab; 32]);
        let item = share.item(Id::random(), Tier::About);
        let said = format!(
            "{share:?} {item:?} {:?}",
            StorageKey::from_bytes([0xab; 32])
        );
        assert_eq!(said, "ContentKey(..) ItemKey(about, ..) StorageKey(..)");
    }
}
