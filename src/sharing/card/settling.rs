//! Which files of watched folders have been still for a while.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::card::Found;

/// A file of the same size and date for so long is whole, in seconds.
pub(super) const STILL: u64 = 5;

/// Files that are new, and since when they are as they are.
#[derive(Debug, Default)]
pub(in crate::sharing) struct Settling(BTreeMap<(String, PathBuf), (u64, i64, u64)>);

impl Settling {
    /// Of the new files of a place, those that have been still. `uptime`: seconds by a clock that nobody sets.
    pub(super) fn still(&mut self, place: &str, files: Vec<Found>, uptime: u64) -> Vec<Found> {
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
