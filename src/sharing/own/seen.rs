//! What there is to see of an own item, before a picture of it is opened; and pictures that are made while nobody waits for
//! them.
//!
//! Pictures of telephones and films are asked of another program, which takes its time: one at a time, when nobody else of
//! this process has one made, and for a bounded time.

use std::sync::{Mutex, TryLockError};
use std::time::{Duration, Instant};

use super::AlbumItem;
use super::passed::{self, is_passed_over};
use crate::album::OwnPictures;
use crate::convert::MAX_INPUT;
use crate::rendition::{Format, MAX_MOVING};
use crate::sharing::share::convert::converted;
use crate::sharing::{Fault, Household};

/// So many are looked up at once.
const AT_ONCE: usize = 200;
/// What is left is gone on with after so many seconds.
const AGAIN: u64 = 30;

/// Held by whoever makes pictures while nobody waits for them.
static AT_WORK: Mutex<()> = Mutex::new(());

/// What can be seen of an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// Pixels, where they are known.
    pub width: Option<u32>,
    /// Pixels, where they are known.
    pub height: Option<u32>,
}

/// Whether a picture of an item is to be had here, as far as its format tells.
pub fn may_be_seen(item: &AlbumItem) -> bool {
    item.width.is_some() || is_converted(item)
}

/// Whether an item is shown by its file, because that may move and is no larger than a browser takes with ease.
pub fn moves(item: &AlbumItem) -> bool {
    item.media_type == Format::Gif.media_type() && item.size <= MAX_MOVING
}

/// Whether another program that is here makes the picture of an item.
pub(super) fn is_converted(item: &AlbumItem) -> bool {
    let format = Format::of_media_type(&item.media_type);
    item.size <= MAX_INPUT && has_program(item, format)
}

/// The same whatever its size.
pub(super) fn has_program(item: &AlbumItem, format: Format) -> bool {
    item.width.is_none() && converted().any(|one| one == format)
}

impl Household {
    /// What can be seen of an item; `None`: nothing, it is a file.
    pub fn own_seen(&self, item: &AlbumItem) -> Result<Option<Seen>, Fault> {
        if item.width.is_some() {
            let (width, height) = (item.width, item.height);
            return Ok(Some(Seen { width, height }));
        }
        Ok(match self.album.rows().own_pictures(item.id)? {
            Some(OwnPictures::Made { screen, .. }) => Some(Seen {
                width: Some(screen.width),
                height: Some(screen.height),
            }),
            Some(OwnPictures::Impossible(_)) => None,
            None => is_converted(item).then(Seen::default),
        })
    }

    /// Makes missing pictures, one after the other, for about so long; says in how many seconds to go on, if there are more.
    /// What this process passed over is not tried again.
    pub fn make_pictures_meanwhile(&mut self, most: Duration) -> Result<Option<u64>, Fault> {
        let mut missing = self.own_pictures_missing(AT_ONCE + passed::count())?;
        missing.retain(|reference| !is_passed_over(reference));
        missing.truncate(AT_ONCE);
        if missing.is_empty() {
            return Ok(None);
        }
        let _at_work = match AT_WORK.try_lock() {
            Ok(held) => held,
            // It guards nothing but the time of this machine.
            Err(TryLockError::Poisoned(broken)) => broken.into_inner(),
            Err(TryLockError::WouldBlock) => return Ok(Some(AGAIN)),
        };
        let begun = Instant::now();
        let more = (missing.len() == AT_ONCE).then_some(AGAIN);
        for reference in missing {
            if begun.elapsed() >= most {
                return Ok(Some(AGAIN));
            }
            self.make_own_pictures(&[reference])?;
        }
        Ok(more)
    }
}
