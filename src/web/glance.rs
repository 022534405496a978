//! How much is new on the cards that are in: looked up now and then, and remembered.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::sharing::card::Card;

/// A look at the cards holds for so long.
const HOLDS: Duration = Duration::from_secs(5);

/// When the cards were last looked at, and what was seen.
#[derive(Default)]
pub(super) struct Glance(Mutex<(Option<Instant>, Seen)>);

/// What was seen of the cards.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    /// How many pictures were new.
    pub new: usize,
    /// Another number as soon as another card is in, or something else is new on one. Of cameras that do not mount it tells
    /// nothing: they are not asked as often.
    pub digest: u64,
}

impl Glance {
    fn held(&self) -> MutexGuard<'_, (Option<Instant>, Seen)> {
        self.0.lock().unwrap_or_else(|broken| broken.into_inner())
    }

    pub(super) fn seen(&self) -> Seen {
        self.held().1
    }

    pub(super) fn remember(&self, cards: &[Card]) {
        let new = cards.iter().map(|card| card.new + card.held).sum();
        let mut hasher = DefaultHasher::new();
        for card in cards.iter().filter(|card| !card.camera) {
            (&card.id, card.new + card.held, card.trouble.is_some()).hash(&mut hasher);
        }
        let digest = hasher.finish();
        *self.held() = (Some(Instant::now()), Seen { new, digest });
    }

    /// Whether it is time for another look; if so, the one who asks takes it.
    pub(super) fn is_due(&self) -> bool {
        let mut held = self.held();
        let due = held.0.is_none_or(|looked| looked.elapsed() >= HOLDS);
        if due {
            held.0 = Some(Instant::now());
        }
        due
    }

    pub(super) fn forget(&self) {
        self.held().0 = None;
    }
}
