//! One item becomes its tiers, each sealed once into parts: cleaned of its place, cut to preview and thumb, described.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::convert::{Means, beside, stripped};
use super::outgoing::Outgoing;
use super::plan::Shown;
use crate::album::Blobs;
use crate::encoding::Integer;
use crate::envelope::{ContentKey, Digest, Id, PART_SIZE, PartBuffer, StorageKey};
use crate::message::{About, TierParts};
use crate::rendition::{self, Cleaned, Format, PlaceError};
use crate::rules::Tier;
use crate::sharing::Fault;

/// Seals the items of one share.
pub(super) struct Sealer<'h> {
    pub means: Means<'h>,
    pub content: &'h ContentKey,
    pub buffer: PartBuffer,
    pub held: Unrecorded,
}

/// Parts in the blob folder that no row names yet. Dropped so, because the share comes to nothing, they are removed.
pub(super) struct Unrecorded {
    pub blobs: Blobs,
    pub digests: BTreeSet<Digest>,
}

impl Unrecorded {
    /// The rows name them now.
    pub fn recorded(mut self) {
        self.digests.clear();
    }
}

impl Drop for Unrecorded {
    fn drop(&mut self) {
        for digest in &self.digests {
            // Best effort: sealed bytes under a key that is gone are lost space and nothing else.
            let _ = self.blobs.remove_part(*digest);
        }
    }
}

/// A sealed item.
pub(super) struct SealedItem {
    pub tiers: BTreeMap<Tier, TierParts>,
    pub about: About,
}

impl Sealer<'_> {
    /// Seals all tiers of an item, which belongs to the item `goes_with` of the same share. Only parts of tiers that someone is sent are kept; the others are named in the
    /// manifest all the same.
    pub fn seal(
        &mut self,
        item: &Outgoing,
        id: Id,
        goes_with: Option<Id>,
        sent: &dyn Fn(Tier) -> bool,
    ) -> Result<SealedItem, Fault> {
        let mut sealed = SealedItem {
            tiers: BTreeMap::new(),
            about: About {
                goes_with,
                ..about(item)
            },
        };
        let named = |fault: Fault| Fault {
            message: format!("{}: {}", item.name, fault.message),
            ..fault
        };
        if item.shown() == Shown::Decoded {
            let bytes = match item.remade {
                true => super::convert::in_full(&self.means, item)?,
                false => item.read_all(self.means.blobs, self.means.storage)?,
            };
            let tiers =
                rendition::tiers(&bytes).map_err(|e| named(Fault::new("broken", e.to_string())))?;
            set_dimensions(&mut sealed.about, (tiers.width, tiers.height));
            self.tier(
                &mut sealed,
                id,
                Tier::Preview,
                &mut tiers.preview.as_slice(),
                sent,
            )?;
            self.tier(
                &mut sealed,
                id,
                Tier::Thumb,
                &mut tiers.thumb.as_slice(),
                sent,
            )?;
            let cleaned = match self.means.keep_location {
                true => Cleaned::Unchanged,
                false => rendition::clean(&bytes).map_err(|e| named(place(e)))?,
            };
            let original: &[u8] = match &cleaned {
                Cleaned::Unchanged => &bytes,
                Cleaned::Changed(cleaned) => cleaned,
            };
            self.tier(&mut sealed, id, Tier::Original, &mut &*original, sent)?;
        } else {
            let made = beside(&self.means, item)?;
            if let Some(pixels) = made.dimensions {
                set_dimensions(&mut sealed.about, pixels);
            }
            for (tier, bytes) in [(Tier::Preview, made.preview), (Tier::Thumb, made.thumb)] {
                if let Some(bytes) = bytes {
                    self.tier(&mut sealed, id, tier, &mut bytes.as_slice(), sent)?;
                }
            }
            // Of an original that stays here only digests are told, of bytes under a key that nobody is given.
            let cleaned = match self.means.keep_location || !sent(Tier::Original) {
                true => None,
                false => {
                    without_place(self.means.blobs, self.means.storage, item).map_err(named)?
                }
            };
            match cleaned {
                Some(cleaned) => {
                    self.tier(
                        &mut sealed,
                        id,
                        Tier::Original,
                        &mut cleaned.as_slice(),
                        sent,
                    )?;
                }
                None => {
                    let mut file = item.open(self.means.blobs, self.means.storage)?;
                    self.tier(&mut sealed, id, Tier::Original, &mut file, sent)?;
                }
            }
        }
        let about = serde_json::to_vec(&sealed.about).expect("about has only string keys");
        self.tier(&mut sealed, id, Tier::About, &mut about.as_slice(), sent)?;
        Ok(sealed)
    }

    fn tier(
        &mut self,
        sealed: &mut SealedItem,
        id: Id,
        tier: Tier,
        source: &mut impl Read,
        sent: &dyn Fn(Tier) -> bool,
    ) -> Result<(), Fault> {
        let key = self.content.item(id, tier);
        let (mut size, mut parts) = (0u64, Vec::new());
        loop {
            let read = self.buffer.fill(source).map_err(reading)?;
            if read == 0 {
                break;
            }
            size += read as u64;
            let part = self.buffer.seal(&key)?;
            if sent(tier) {
                self.means.blobs.put_part(part.digest, part.der)?;
                self.held.digests.insert(part.digest);
            }
            parts.push(part.digest);
            if read < PART_SIZE {
                break;
            }
        }
        let size = Integer::new(size)
            .ok_or_else(|| Fault::new("too_large", "a file of more than 2^53 bytes"))?;
        sealed.tiers.insert(tier, TierParts { size, parts });
        Ok(())
    }
}

/// What is sent instead of a file that says where it was, and is no picture that is decoded here; `None`: it says
/// nothing. Refused where its place cannot be taken out.
pub(super) fn without_place(
    blobs: &Blobs,
    storage: &StorageKey,
    item: &Outgoing,
) -> Result<Option<zeroize::Zeroizing<Vec<u8>>>, Fault> {
    let format = item.format;
    if format == Format::Raw {
        return Err(place(PlaceError::CannotRemove { format }));
    }
    let small = item.size <= rendition::MAX_BYTES as u64;
    if small && (format.cleaned() || format.media_type().starts_with("image/")) {
        let bytes = item.read_all(blobs, storage)?;
        return match rendition::clean(&bytes).map_err(place)? {
            Cleaned::Changed(cleaned) => Ok(Some(zeroize::Zeroizing::new(cleaned))),
            Cleaned::Unchanged => Ok(None),
        };
    }
    let mut file = item.open(blobs, storage)?;
    if !rendition::has_place_reader(&mut file, format).map_err(place)? {
        return Ok(None);
    }
    let refused = || place(PlaceError::CannotRemove { format });
    let input = || item.input(blobs, storage);
    stripped(format, input).map(Some).ok_or_else(refused)
}

fn about(item: &Outgoing) -> About {
    let mut about = About {
        name: Some(item.name_there().chars().take(200).collect()),
        media_type: Some(item.format.media_type().to_owned()),
        caption: item.caption.clone(),
        taken: item
            .taken
            .clone()
            .filter(|text| crate::message::manifest::is_taken(text)),
        duration_ms: None,
        goes_with: None,
        width: None,
        height: None,
    };
    item.dimensions
        .into_iter()
        .for_each(|pixels| set_dimensions(&mut about, pixels));
    about
}

fn set_dimensions(about: &mut About, (width, height): (u32, u32)) {
    about.width = Integer::new(u64::from(width));
    about.height = Integer::new(u64::from(height));
}

fn place(error: PlaceError) -> Fault {
    let fault = Fault::usage("place", error.to_string());
    fault.hint("share it with its place: --location keep")
}

fn reading(error: std::io::Error) -> Fault {
    Fault::of_reading(&error)
}
