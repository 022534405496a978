//! What another program made of a received picture of a telephone is kept, so that a frame does not ask for it at each turn.
//!
//! It lies sealed under the storage key beside the pictures of own items, as large as the original and for nobody in particular:
//! whoever looks has been let through the gate and has opened the original itself, and is given what their rules and their name
//! make of it, as of a picture that came so. It goes with the original, with any of its parts. No quota counts it, so it is
//! little that is kept: of one no more than its original allows, and of all together no more than a part of the disk.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard};

use zeroize::Zeroizing;

use super::super::{Fault, Household};
use crate::album::{Made, ShareItem};
use crate::disk;
use crate::envelope::PartBuffer;
use crate::sharing::own::file::open_sealed;

/// So much stays free on the disk, in bytes: it can be made again, and what comes by mail cannot.
const SPARE: u64 = 1 << 30;
/// All together take no more than so many bytes, nor than this part of what would be free without them.
const MOST: u64 = 2 << 30;
const PART_OF_DISK: u64 = 10;
/// One is at most so many bytes long, and so many times as long as the original where that is more than is worth a thought.
const MOST_OF_ONE: u64 = 32 << 20;
const TIMES: u64 = 8;
const SMALL: u64 = 1 << 20;
/// How many bytes tell how long the picture is, in a part of their own before it.
const LENGTH: usize = 8;

/// Originals of which nothing comes: a program is not asked for two minutes each time that somebody looks.
/// One for all households of the process, of so many at most.
static HOPELESS: Mutex<BTreeSet<Made>> = Mutex::new(BTreeSet::new());
const MOST_HOPELESS: usize = 10_000;

fn hopeless() -> MutexGuard<'static, BTreeSet<Made>> {
    // It is as good after a panic as before.
    HOPELESS.lock().unwrap_or_else(|broken| broken.into_inner())
}

/// Whether a picture of so many bytes, made of so many, is kept.
fn is_worth_keeping(length: u64, original: u64) -> bool {
    length <= MOST_OF_ONE && length <= SMALL.max(original.saturating_mul(TIMES))
}

impl Household {
    /// Whether the picture of an item was made before.
    pub(super) fn is_converted(&self, item: &ShareItem) -> Result<bool, Fault> {
        let made = self.made_of(item)?;
        Ok(made.is_some_and(|made| self.album.blobs().open_made(made).is_ok()))
    }

    /// Whether a program was asked for the picture of an item before, and none will come of it.
    pub(super) fn is_hopeless(&self, item: &ShareItem) -> Result<bool, Fault> {
        let made = self.made_of(item)?;
        Ok(made.is_some_and(|made| hopeless().contains(&made)))
    }

    /// Notes that no picture comes of an item, by its own fault.
    pub(super) fn note_hopeless(&self, item: &ShareItem) {
        if let Ok(Some(made)) = self.made_of(item) {
            let mut all = hopeless();
            if all.len() < MOST_HOPELESS {
                all.insert(made);
            }
        }
    }

    /// The picture that was made of an item; `None`: none that opens.
    pub(super) fn converted(&self, item: &ShareItem) -> Option<Zeroizing<Vec<u8>>> {
        let made = self.made_of(item).ok()??;
        let mut file = self.album.blobs().open_made(made).ok()?;
        let key = self.keys.storage.file(made.file());
        let length = open_sealed(&mut file, &key, LENGTH as u64).ok()?;
        let length = u64::from_be_bytes(length.try_into().ok()?);
        open_sealed(&mut file, &key, length)
            .map(Zeroizing::new)
            .ok()
    }

    /// Keeps the picture that was made of an item of so many bytes, where there is room; it can be looked at all the same.
    pub(super) fn keep_converted(&self, item: &ShareItem, picture: &[u8], original: usize) {
        if !is_worth_keeping(picture.len() as u64, original as u64) {
            return;
        }
        if let Err(fault) = self.try_to_keep(item, picture) {
            tracing::debug!(item = %item.reference, %fault, "a picture that was made is not kept");
        }
    }

    fn try_to_keep(&self, item: &ShareItem, picture: &[u8]) -> Result<(), Fault> {
        let Some(made) = self.made_of(item)? else {
            return Ok(());
        };
        let blobs = self.album.blobs();
        let free = disk::free(&self.config.data).unwrap_or(0);
        let room = free.saturating_add(blobs.made_bytes()?) / PART_OF_DISK;
        if free < SPARE + picture.len() as u64 {
            return Ok(());
        }
        let _unfinished = blobs.begin()?;
        let key = self.keys.storage.file(made.file());
        let mut writer = blobs.new_made(made)?;
        let mut buffer = PartBuffer::default();
        let length = (picture.len() as u64).to_be_bytes();
        for mut source in [&length[..], picture] {
            let reading = |error: std::io::Error| Fault::new("read", error.to_string());
            while buffer.fill(&mut source).map_err(reading)? > 0 {
                writer.push(buffer.seal_undigested(&key)?)?;
            }
        }
        writer.keep(blobs)?;
        blobs.keep_made_within(room.min(MOST))?;
        // The original may have gone meanwhile, and nobody else would take this away.
        if self.made_of(item)?.is_none() {
            blobs.remove_made(made)?;
        }
        Ok(())
    }

    /// How that is called which is made of the original of an item, while all of that is here.
    fn made_of(&self, item: &ShareItem) -> Result<Option<Made>, Fault> {
        let made = self.album.rows().made_of(item.id)?;
        Ok(made.filter(|(_, held)| *held).map(|(made, _)| made))
    }
}
