//! The manifest: the signed list of a share's items and the digests of their parts. It holds no names, and is the same
//! for every destination.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::grant::Grant;
use super::{Code, Refused, Version};
use crate::encoding::{self, Integer, Timestamp, parse_object};
use crate::envelope::{self, Digest, Fingerprint, Id, Identity, PART_SIZE, SignedObject};
use crate::rules::{Kind, Tier};

/// The most items of a share, and so of a permit.
pub const MAX_ITEMS: usize = 2_000;
/// The most parts of a share.
pub const MAX_PARTS: usize = 8_000;

/// The items of a share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    r#type: ManifestType,
    version: Version,
    /// The share, with the origin.
    pub share: Id,
    /// Who made it.
    pub origin: Fingerprint,
    /// When.
    pub created: Timestamp,
    /// Invariant: 1 to 2,000, ids and part digests unique, part counts fit the sizes.
    pub items: Vec<Item>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ManifestType {
    Manifest,
}

/// One photo, sound, video, document or file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its id within the share.
    pub id: Id,
    /// What it is, as the sender says.
    pub kind: Kind,
    /// The tiers it has. Invariant: `original` and `about` are among them.
    #[serde(
        deserialize_with = "encoding::unique_map",
        serialize_with = "best_first"
    )]
    pub tiers: BTreeMap<Tier, TierParts>,
}

/// One tier of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TierParts {
    /// Bytes of plaintext.
    pub size: Integer,
    /// The parts in order; an empty tier has none.
    pub parts: Vec<Digest>,
}

/// What everyone who may know of an item is told about it (the plaintext of its `about` tier).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The file's name; a hint, cleaned before use.
    #[serde(deserialize_with = "nullable_name")]
    pub name: Option<String>,
    /// A hint; the receiver looks for itself.
    #[serde(deserialize_with = "nullable_name")]
    pub media_type: Option<String>,
    /// A caption.
    #[serde(deserialize_with = "nullable_text")]
    pub caption: Option<String>,
    /// Local time, with the offset if it is known: `2024-07-01T10:11:12+02:00`.
    #[serde(deserialize_with = "nullable_taken")]
    pub taken: Option<String>,
    /// Pixels as seen, after orientation.
    #[serde(deserialize_with = "encoding::nullable")]
    pub width: Option<Integer>,
    /// Pixels as seen, after orientation.
    #[serde(deserialize_with = "encoding::nullable")]
    pub height: Option<Integer>,
    /// Of sound and video.
    #[serde(deserialize_with = "encoding::nullable")]
    pub duration_ms: Option<Integer>,
    /// The item this one belongs to: the sound of a picture, the RAW of a JPEG.
    #[serde(deserialize_with = "encoding::nullable")]
    pub goes_with: Option<Id>,
}

/// A manifest whose signature is good and by its origin. Only [`SignedManifest::verify`] and
/// [`SignedManifest::sign`] make one.
#[derive(Debug, Clone)]
pub struct SignedManifest {
    manifest: Manifest,
    digest: Digest,
    der: Vec<u8>,
}

impl Manifest {
    /// A manifest of `items`; fails where the invariants do not hold.
    pub fn new(
        share: Id,
        origin: Fingerprint,
        created: Timestamp,
        items: Vec<Item>,
    ) -> Result<Self, Refused> {
        let manifest = Manifest {
            r#type: ManifestType::Manifest,
            version: Version,
            share,
            origin,
            created,
            items,
        };
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), Refused> {
        let refuse =
            |words: String| Err(Refused::new(Code::Manifest, format!("manifest: {words}")));
        if self.items.is_empty() || self.items.len() > MAX_ITEMS {
            return refuse(format!(
                "{} items; 1 to {MAX_ITEMS} are allowed",
                self.items.len()
            ));
        }
        let (mut ids, mut digests) = (BTreeSet::new(), BTreeSet::new());
        for item in &self.items {
            if !ids.insert(item.id) {
                return refuse(format!("item {} stands twice", item.id));
            }
            if !item.tiers.contains_key(&Tier::Original) || !item.tiers.contains_key(&Tier::About) {
                return refuse(format!("item {} lacks original or about", item.id));
            }
            for (tier, parts) in &item.tiers {
                let needed = parts.size.get().div_ceil(PART_SIZE as u64);
                if parts.parts.len() as u64 != needed {
                    let tier = tier.as_str();
                    return refuse(format!("{tier} of {} has not {needed} parts", item.id));
                }
                if let Some(twice) = parts.parts.iter().find(|&&part| !digests.insert(part)) {
                    return refuse(format!("part {} stands twice", twice.short()));
                }
            }
            if digests.len() > MAX_PARTS {
                return refuse(format!("more than {MAX_PARTS} parts"));
            }
        }
        Ok(())
    }

    /// The item of that id.
    pub fn item(&self, id: Id) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }
}

impl Item {
    /// The best tier it has at or below `tier`.
    pub fn best_at(&self, tier: Tier) -> Option<Tier> {
        self.tiers.keys().copied().filter(|&t| t <= tier).max()
    }
}

impl SignedManifest {
    /// Signs a manifest as its origin.
    pub fn sign(manifest: Manifest, identity: &Identity) -> Result<Self, Refused> {
        let json = serde_json::to_vec(&manifest).expect("a manifest has only string keys");
        Ok(SignedManifest {
            digest: Digest::of(&json),
            der: envelope::sign(identity, &json, manifest.created)?,
            manifest,
        })
    }

    /// Reads a manifest: signature good, signer its origin, invariants held.
    pub fn verify(der: &[u8]) -> Result<Self, Refused> {
        let signed: SignedObject = envelope::verify(der)?;
        let manifest: Manifest = parse_object(signed.content())?;
        if signed.signer().fingerprint() != manifest.origin {
            let words = "the manifest is not signed by its origin";
            return Err(Refused::new(Code::Signature, words));
        }
        manifest.check()?;
        Ok(SignedManifest {
            digest: signed.digest(),
            der: der.to_vec(),
            manifest,
        })
    }

    /// What it says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// How permits name it.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// The SignedData as it travels.
    pub fn der(&self) -> &[u8] {
        &self.der
    }
}

/// Which parts a destination needs before a share is complete there, and so which are sent (PROTOCOL 4): per item the
/// best tier granted, `thumb` and `about`, and `preview` where it may be passed on. Of what is no picture `preview` always:
/// it is an excerpt, which cannot be made from the whole over there.
pub fn expected_parts(manifest: &Manifest, grant: &Grant, passed_on: bool) -> BTreeSet<Digest> {
    parts_of_tiers(manifest, |item| grant.keys.tier(item), passed_on)
}

/// As [`expected_parts`], by the best tier that is granted of each item.
pub fn parts_of_tiers(
    manifest: &Manifest,
    granted: impl Fn(Id) -> Option<Tier>,
    passed_on: bool,
) -> BTreeSet<Digest> {
    let mut parts = BTreeSet::new();
    for item in &manifest.items {
        let Some(granted) = granted(item.id) else {
            continue;
        };
        for tier in needed_tiers(item, granted, passed_on) {
            parts.extend(item.tiers[&tier].parts.iter().copied());
        }
    }
    parts
}

/// The tiers of one item that a destination needs that was granted up to `granted`.
pub fn needed_tiers(item: &Item, granted: Tier, passed_on: bool) -> BTreeSet<Tier> {
    let least = [Tier::Thumb, Tier::About];
    let preview = (passed_on || item.kind != Kind::Picture).then_some(Tier::Preview);
    item.best_at(granted)
        .into_iter()
        .chain(least)
        .chain(preview)
        .filter(|tier| *tier <= granted && item.tiers.contains_key(tier))
        .collect()
}

fn best_first<S: serde::Serializer>(
    tiers: &BTreeMap<Tier, TierParts>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(tiers.iter().rev())
}

fn nullable_name<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Name(#[serde(deserialize_with = "encoding::name_text")] String);
    Ok(encoding::nullable::<D, Name>(deserializer)?.map(|Name(text)| text))
}

fn nullable_text<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    struct Text(#[serde(deserialize_with = "encoding::bounded_text")] String);
    Ok(encoding::nullable::<D, Text>(deserializer)?.map(|Text(text)| text))
}

fn nullable_taken<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    let text = encoding::nullable::<D, String>(deserializer)?;
    match text {
        Some(text) if !is_taken(&text) => Err(serde::de::Error::custom(
            "taken is not 2024-07-01T10:11:12 with an offset or none",
        )),
        other => Ok(other),
    }
}

/// `dddd-dd-ddTdd:dd:dd` and nothing, or `±dd:dd`.
pub fn is_taken(text: &str) -> bool {
    let fits = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(c, s)| match s {
                b'd' => c.is_ascii_digit(),
                b'+' => c == b'+' || c == b'-',
                _ => c == s,
            })
    };
    fits(text, "dddd-dd-ddTdd:dd:dd") || fits(text, "dddd-dd-ddTdd:dd:dd+dd:dd")
}
