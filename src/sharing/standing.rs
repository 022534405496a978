//! How the box stands, for who keeps it: how much room is taken, what was turned away, when the mailbox was last read.

use super::words::clean_line;
use super::{Fault, Household, Now};
use crate::album::Rows;
use crate::disk;
use crate::encoding::Timestamp;

/// What was turned away is told of so long, in seconds.
const TOLD: u64 = 30 * 86_400;
/// And so many at most.
const MOST: usize = 200;
/// The setting that holds when the mailbox was last read.
const LOOKED: &str = "mailbox.looked";

/// How much room is taken, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// The household's own items.
    pub own: u64,
    /// Small pictures of them.
    pub small: u64,
    /// Sealed copies of what was shared from here.
    pub shared: u64,
    /// What others shared.
    pub received: u64,
    /// The most that may be taken by that.
    pub most_received: u64,
    /// What is free on the disk; `None` where it cannot be told.
    pub free: Option<u64>,
}

/// Something that was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnedAway {
    /// When it was last seen.
    pub at: Timestamp,
    /// Why.
    pub words: String,
    /// How many times of late.
    pub times: usize,
}

impl Household {
    /// How much room is taken.
    pub fn room(&self) -> Result<Room, Fault> {
        let rows = self.album.rows();
        let (own, small) = rows.own_bytes()?;
        let (shared, received) = rows.held_bytes(self.me())?;
        Ok(Room {
            own,
            small,
            shared,
            received,
            most_received: self.config.limits.quota_total,
            free: disk::free(self.album.folder()).ok(),
        })
    }

    /// What was turned away in the last 30 days, newest first; the same reason once.
    pub fn turned_away(&self, now: Now) -> Result<Vec<TurnedAway>, Fault> {
        let since = now.now.minus_seconds(TOLD);
        let mut all: Vec<TurnedAway> = Vec::new();
        for (at, words) in self.album.rows().refused_since(since, MOST)? {
            let words = clean_line(&words);
            match all.iter_mut().find(|one| one.words == words) {
                Some(one) => one.times += 1,
                None => all.push(TurnedAway {
                    at,
                    words,
                    times: 1,
                }),
            }
        }
        Ok(all)
    }

    /// When the mailbox was last read.
    pub fn last_look(&self) -> Result<Option<Timestamp>, Fault> {
        let noted = self.album.rows().setting(LOOKED)?;
        let noted = noted.and_then(|text| text.parse().ok());
        Ok(noted.map(Timestamp::from_unix))
    }
}

/// Notes that the mailbox was read.
pub(super) fn note_look(rows: Rows<'_>, now: Timestamp) -> Result<(), Fault> {
    Ok(rows.set_setting(LOOKED, &now.unix().to_string())?)
}
