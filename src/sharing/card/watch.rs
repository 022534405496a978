//! Watched folders: what appears there comes in when it has been still for a while, so that nothing half copied does.

use std::time::{Duration, Instant};

use super::CardReading;
use super::settling::STILL;
use crate::card::Place;
use crate::encoding::Timestamp;
use crate::sharing::{Fault, Household};

/// The next look where there are some that are not still yet, in seconds.
const SOON: u64 = STILL + 1;
/// The next look at folders where nothing happens, in seconds.
const LATER: u64 = 60;
/// Files are taken in for so long in one go; the household has other things to do.
const AT_ONCE: Duration = Duration::from_secs(10);

impl Household {
    /// Brings in what has appeared in the watched folders and has been still; says in how many seconds to look again,
    /// or nothing where no folder is watched. `uptime`: seconds since the machine began.
    pub fn bring_in_watched(&mut self, uptime: u64, now: Timestamp) -> Option<u64> {
        let mut next = None;
        for place in self.watched() {
            let wait = match self.bring_in_folder(&place, uptime, now) {
                Ok(wait) => wait,
                Err(fault) => {
                    tracing::warn!(folder = place.label, trouble = %fault, "a watched folder was not read");
                    LATER
                }
            };
            next = Some(next.unwrap_or(LATER).min(wait));
        }
        next
    }

    pub(super) fn watched(&self) -> Vec<Place> {
        let folders = self.config.import.watch.iter();
        folders.map(|folder| Place::watched(folder)).collect()
    }

    fn bring_in_folder(
        &mut self,
        place: &Place,
        uptime: u64,
        now: Timestamp,
    ) -> Result<u64, Fault> {
        let (new, gone) = self.new_on(place)?;
        let all = new.len();
        let still = self.settling.still(&place.id, new, uptime);
        let unsettled = all > still.len();
        let coming = self.by_itself(place, still)?;
        if coming.is_empty() {
            return Ok(if unsettled { SOON } else { LATER });
        }
        let reading = CardReading {
            place: place.clone(),
            new: coming,
            held: Vec::new(),
            gone,
            lamp: None,
            until: Some(Instant::now() + AT_ONCE),
        };
        let brought = self.read_card(reading, now, &mut |_| {})?;
        for skipped in &brought.skipped {
            tracing::warn!(
                folder = place.label,
                reason = skipped.reason,
                "a file stayed out"
            );
        }
        tracing::info!(
            folder = place.label,
            files = brought.items.len(),
            "brought in"
        );
        Ok(match brought.left {
            0 if unsettled => SOON,
            0 => LATER,
            _ => 1,
        })
    }
}
