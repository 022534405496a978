//! Watched folders: what appears there comes in when it has been still for a while, so that nothing half copied does.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::CardReading;
use crate::card::{Found, Place};
use crate::encoding::Timestamp;
use crate::sharing::import::Adding;
use crate::sharing::{Fault, Household};

/// A file of the same size and date for so long is whole, in seconds.
const STILL: u64 = 5;
/// The next look where there are some that are not still yet, in seconds.
const SOON: u64 = STILL + 1;
/// The next look at folders where nothing happens, in seconds.
const LATER: u64 = 60;
/// Files are taken in for so long in one go; the household has other things to do.
const AT_ONCE: Duration = Duration::from_secs(10);

/// Files that are new, and since when they are as they are.
#[derive(Debug, Default)]
pub(in crate::sharing) struct Settling(BTreeMap<(String, PathBuf), (u64, i64, u64)>);

impl Settling {
    /// Of the new files of a place, those that have been still. `uptime`: seconds by a clock that nobody sets.
    fn still(&mut self, place: &str, files: Vec<Found>, uptime: u64) -> Vec<Found> {
        let mut of_place = BTreeMap::new();
        self.0.retain(|(of, path), seen| {
            let here = of == place;
            if here {
                of_place.insert(path.clone(), *seen);
            }
            !here
        });
        let mut still = Vec::new();
        for file in files {
            let since = match of_place.get(&file.path) {
                Some((size, changed, since)) if (*size, *changed) == (file.size, file.changed) => {
                    *since
                }
                _ => uptime,
            };
            let key = (place.to_owned(), file.path.clone());
            self.0.insert(key, (file.size, file.changed, since));
            if uptime.saturating_sub(since) >= STILL {
                still.push(file);
            }
        }
        still
    }
}

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
        if still.is_empty() {
            return Ok(if unsettled { SOON } else { LATER });
        }
        let reading = CardReading {
            place: place.clone(),
            new: still,
            gone,
            lamp: None,
            until: Some(Instant::now() + AT_ONCE),
        };
        let brought = self.read_card(reading, &Adding::default(), now, &mut |_| {})?;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, size: u64) -> Found {
        Found {
            path: PathBuf::from(name),
            size,
            changed: 7,
        }
    }

    #[test]
    fn what_still_grows_is_not_still() {
        let mut settling = Settling::default();
        let names = |files: Vec<Found>| -> Vec<String> {
            let names = files.iter().map(|file| file.path.display().to_string());
            names.collect()
        };
        let look = |settling: &mut Settling, size, uptime| {
            names(settling.still("m", vec![file("a", 1), file("b", size)], uptime))
        };
        assert!(look(&mut settling, 10, 100).is_empty());
        // Other places change nothing, before or behind it in the order.
        for place in ["a", "z"] {
            assert!(settling.still(place, vec![file("a", 1)], 100).is_empty());
        }
        assert_eq!(look(&mut settling, 20, 105), ["a"]);
        assert_eq!(look(&mut settling, 20, 109), ["a"]);
        assert_eq!(look(&mut settling, 20, 110), ["a", "b"]);
        for place in ["a", "z"] {
            assert_eq!(names(settling.still(place, vec![file("a", 1)], 106)), ["a"]);
        }
        // What was gone meanwhile begins anew.
        assert!(settling.still("m", Vec::new(), 111).is_empty());
        assert!(look(&mut settling, 20, 112).is_empty());
    }
}
