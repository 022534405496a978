//! What another program made of a received picture of a telephone is kept, so that a frame does not ask for it at each turn.
//!
//! It lies sealed under the storage key beside the pictures of own items, as large as the original and for nobody in particular:
//! whoever looks has been let through the gate and has opened the original itself, and is given what their rules and their name
//! make of it, as of a picture that came so. It goes with the original: removed along with its first part.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

use zeroize::Zeroizing;

use super::super::file::open_sealed;
use super::super::{Fault, Household};
use crate::album::{ShareItem, made_of};
use crate::convert::ConvertError;
use crate::disk;
use crate::envelope::{Digest, PartBuffer};
use crate::rules::Tier;

/// So much stays free on the disk, in bytes: it can be made again, and what comes by mail cannot.
const SPARE: u64 = 1 << 30;
/// How many bytes tell how long the picture is, in a part of their own before it.
const LENGTH: usize = 8;

/// The first parts of originals of which nothing comes: a program is not asked for two minutes each time that somebody looks.
/// One for all households of the process, of so many at most.
static HOPELESS: Mutex<BTreeSet<Digest>> = Mutex::new(BTreeSet::new());
const MOST_HOPELESS: usize = 10_000;

fn hopeless() -> MutexGuard<'static, BTreeSet<Digest>> {
    // It is as good after a panic as before.
    HOPELESS.lock().unwrap_or_else(|broken| broken.into_inner())
}

impl Household {
    /// Whether the picture of an item was made before.
    pub(super) fn is_converted(&self, item: &ShareItem) -> Result<bool, Fault> {
        let first = self.first_part(item)?;
        let opens = |part| self.album.blobs().open_pictures(made_of(part)).is_ok();
        Ok(first.is_some_and(opens))
    }

    /// Whether a program was asked for the picture of an item before, and none will come of it.
    pub(super) fn is_hopeless(&self, item: &ShareItem) -> Result<bool, Fault> {
        let first = self.first_part(item)?;
        Ok(first.is_some_and(|part| hopeless().contains(&part)))
    }

    /// Notes that no picture came of an item, where that is its own fault.
    pub(super) fn note_hopeless(&self, item: &ShareItem, error: &ConvertError) {
        let own = error.is_of_input() || matches!(error, ConvertError::TooSlow(_));
        if own && let Ok(Some(part)) = self.first_part(item) {
            let mut all = hopeless();
            if all.len() < MOST_HOPELESS {
                all.insert(part);
            }
        }
    }

    /// The picture that was made of an item; `None`: none that opens.
    pub(super) fn converted(&self, item: &ShareItem) -> Option<Zeroizing<Vec<u8>>> {
        let name = made_of(self.first_part(item).ok()??);
        let mut file = self.album.blobs().open_pictures(name).ok()?;
        let key = self.keys.storage.file(name);
        let length = open_sealed(&mut file, &key, LENGTH as u64).ok()?;
        let length = u64::from_be_bytes(length.try_into().ok()?);
        open_sealed(&mut file, &key, length)
            .map(Zeroizing::new)
            .ok()
    }

    /// Keeps the picture that was made of an item, where there is room; it can be looked at all the same.
    pub(super) fn keep_converted(&self, item: &ShareItem, picture: &[u8]) {
        if let Err(fault) = self.try_to_keep(item, picture) {
            tracing::debug!(item = %item.reference, %fault, "a picture that was made is not kept");
        }
    }

    fn try_to_keep(&self, item: &ShareItem, picture: &[u8]) -> Result<(), Fault> {
        let Some(part) = self.first_part(item)? else {
            return Ok(());
        };
        let free = disk::free(&self.config.data).unwrap_or(0);
        if free < SPARE + picture.len() as u64 {
            return Ok(());
        }
        let (blobs, name) = (self.album.blobs(), made_of(part));
        let _unfinished = blobs.begin()?;
        let key = self.keys.storage.file(name);
        let mut writer = blobs.new_pictures(name)?;
        let mut buffer = PartBuffer::default();
        let length = (picture.len() as u64).to_be_bytes();
        for mut source in [&length[..], picture] {
            let reading = |error: std::io::Error| Fault::new("read", error.to_string());
            while buffer.fill(&mut source).map_err(reading)? > 0 {
                writer.push(buffer.seal_undigested(&key)?)?;
            }
        }
        writer.keep(blobs)?;
        // The original may have gone meanwhile, and nobody else would take this away.
        if self.first_part(item)?.is_none() || !blobs.has_part(part)? {
            blobs.remove_pictures(name)?;
        }
        Ok(())
    }

    /// The first part of the original of an item, while it is here.
    fn first_part(&self, item: &ShareItem) -> Result<Option<Digest>, Fault> {
        let parts = self.album.rows().tier_parts(item.id, Tier::Original)?;
        let first = parts.first().filter(|part| part.held);
        Ok(first.map(|part| part.digest))
    }
}
