//! The grant: the letter that gives one server the keys of a share, and the rules for each station there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::address::{Mailbox, StationName};
use crate::encoding::{self, base64_of, parse_base64};
use crate::envelope::{ContentKey, Fingerprint, Id, ItemKey};
use crate::rules::{Rules, Tier};

/// The most stations of one household that a letter names.
pub const MAX_STATIONS: usize = 256;
/// The most households to which a destination is asked to pass a share on.
const MAX_RELAY: usize = 256;

/// The body of a grant letter.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    /// The share, with the origin.
    pub share: Id,
    /// Who made the share.
    pub origin: Fingerprint,
    /// The permits from the origin to here, each the DER of its SignedData.
    #[serde(deserialize_with = "encoding::unique")]
    pub chain: Vec<Bytes>,
    /// What the destination can open.
    pub keys: Keys,
    /// The rules of each station.
    #[serde(deserialize_with = "stations")]
    pub stations: Vec<Station>,
    /// Households to which the destination is asked to pass the share on, each once.
    #[serde(deserialize_with = "relay")]
    pub relay: Vec<RelayEntry>,
    /// The title.
    #[serde(deserialize_with = "encoding::name_text")]
    pub title: String,
    /// A message to the people.
    #[serde(deserialize_with = "encoding::bounded_text")]
    pub message: String,
}

/// Bytes in padded base64.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub Vec<u8>);

/// The keys of a grant: the share's content key, or one key per item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Keys {
    /// Every item, from original down.
    Share(ContentKey),
    /// These items, each up to its key's tier. None at all only where the destination carries finished letters for others
    /// (checked in `check`).
    Items(BTreeMap<Id, ItemKey>),
}

/// One station and its rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Station {
    /// Which.
    pub name: StationName,
    /// What it may do.
    pub rules: Rules,
}

/// A household to which a share is to be relayed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelayEntry {
    /// Where.
    pub mailbox: Mailbox,
    /// Its identity and encryption certificates.
    #[serde(deserialize_with = "encoding::non_empty")]
    pub certificates: Vec<Bytes>,
    /// Up to which tier; with a finished letter, of which the parts go along.
    pub tier: Tier,
    /// Which items; null: all.
    #[serde(deserialize_with = "encoding::nullable_list")]
    pub items: Option<Vec<Id>>,
    /// The rules of each station there.
    #[serde(deserialize_with = "stations")]
    pub stations: Vec<Station>,
    /// The DER of the finished letter, enveloped to that household, where the sender made it itself. The rules stand in
    /// there; `stations` then says no more than when it is over.
    #[serde(deserialize_with = "encoding::nullable")]
    pub sealed: Option<Bytes>,
}

/// The key of one item as it stands in a grant.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemGrant {
    tier: Tier,
    key: Bytes,
}

impl Keys {
    /// The best tier of an item that these keys open.
    pub fn tier(&self, item: Id) -> Option<Tier> {
        match self {
            Keys::Share(_) => Some(Tier::Original),
            Keys::Items(items) => items.get(&item).map(ItemKey::tier),
        }
    }

    /// The key of one tier of one item, if these keys reach it.
    pub fn key(&self, item: Id, tier: Tier) -> Option<ItemKey> {
        match self {
            Keys::Share(share) => Some(share.item(item, tier)),
            Keys::Items(items) => items.get(&item)?.at(tier),
        }
    }
}

impl Grant {
    /// The rules for a person of the house: those of the named station, else those of everyone, else none.
    pub fn rules_for(&self, station: &StationName) -> Option<&Rules> {
        let named = self.stations.iter().find(|s| s.name == *station);
        let everyone = self.stations.iter().find(|s| s.name.is_everyone());
        named.or(everyone).map(|s| &s.rules)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKeys {
    #[serde(
        default,
        deserialize_with = "encoding::present",
        skip_serializing_if = "Option::is_none"
    )]
    share: Option<Bytes>,
    #[serde(
        default,
        deserialize_with = "present_map",
        skip_serializing_if = "Option::is_none"
    )]
    items: Option<BTreeMap<Id, ItemGrant>>,
}

fn present_map<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<BTreeMap<Id, ItemGrant>>, D::Error> {
    encoding::unique_map_or_empty(deserializer).map(Some)
}

impl Serialize for Keys {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self {
            Keys::Share(key) => WrittenKeys {
                share: Some(Bytes(key.as_bytes().to_vec())),
                items: None,
            },
            Keys::Items(items) => WrittenKeys {
                share: None,
                items: Some(
                    items
                        .iter()
                        .map(|(&id, key)| {
                            let tier = key.tier();
                            let key = Bytes(key.as_bytes().to_vec());
                            (id, ItemGrant { tier, key })
                        })
                        .collect(),
                ),
            },
        };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let key = |bytes: &Bytes| -> Result<[u8; 32], D::Error> {
            let wrong = || D::Error::custom("a key that is not 32 bytes");
            bytes.0.as_slice().try_into().map_err(|_| wrong())
        };
        match WrittenKeys::deserialize(deserializer)? {
            WrittenKeys {
                share: Some(bytes),
                items: None,
            } => Ok(Keys::Share(ContentKey::from_bytes(key(&bytes)?))),
            WrittenKeys {
                share: None,
                items: Some(items),
            } => {
                let item = |(id, grant): (Id, ItemGrant)| {
                    Ok((id, ItemKey::from_bytes(grant.tier, key(&grant.key)?)))
                };
                Ok(Keys::Items(items.into_iter().map(item).collect::<Result<
                    _,
                    D::Error,
                >>(
                )?))
            }
            _ => Err(D::Error::custom("keys are either of the share or of items")),
        }
    }
}

/// Stations, perhaps none, no name twice: two sets of rules for one person would leave a choice.
fn stations<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Station>, D::Error> {
    let list = encoding::short(Vec::<Station>::deserialize(deserializer)?, MAX_STATIONS)?;
    match stands_twice(list.iter().map(|station| &station.name)) {
        true => Err(serde::de::Error::custom("a station stands twice")),
        false => Ok(list),
    }
}

/// Relay entries, perhaps none, no household twice.
fn relay<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<RelayEntry>, D::Error> {
    let list = encoding::short(Vec::<RelayEntry>::deserialize(deserializer)?, MAX_RELAY)?;
    match stands_twice(list.iter().map(|entry| &entry.mailbox)) {
        true => Err(serde::de::Error::custom("a household stands twice")),
        false => Ok(list),
    }
}

fn stands_twice<T: Ord>(names: impl Iterator<Item = T>) -> bool {
    let mut met = std::collections::BTreeSet::new();
    names.into_iter().any(|name| !met.insert(name))
}

impl Serialize for Bytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&base64_of(&self.0))
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = parse_base64(&text);
        bytes
            .map(Bytes)
            .ok_or_else(|| serde::de::Error::custom("not padded base64 in one line"))
    }
}

impl std::fmt::Debug for Bytes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.0.len())
    }
}
