//! How much is new on the cards that are in: looked up now and then, and remembered.

use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use crate::sharing::card::Card;

/// A look at the cards holds for so long.
const HOLDS: Duration = Duration::from_secs(10);

/// When the cards were last looked at, and how much was new.
#[derive(Default)]
pub(super) struct Glance(Mutex<(Option<Instant>, usize)>);

impl Glance {
    fn held(&self) -> MutexGuard<'_, (Option<Instant>, usize)> {
        self.0.lock().unwrap_or_else(|broken| broken.into_inner())
    }

    /// How many pictures were new.
    pub(super) fn count(&self) -> usize {
        self.held().1
    }

    pub(super) fn remember(&self, cards: &[Card]) {
        let new = cards.iter().map(|card| card.new).sum();
        *self.held() = (Some(Instant::now()), new);
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
