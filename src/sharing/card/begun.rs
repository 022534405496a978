//! How the files of a card come in whose reading was begun before and did not come to its end: as it was chosen then, and
//! never for more people than that.
//!
//! The choice is noted for each file before the first is read, and forgotten when the file is in: it holds whatever ended
//! the reading, and whoever goes on. What somebody has begun to bring in alone is nobody else's to bring in, but for the
//! command line, where it goes on as it was begun.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::CardReading;
use crate::address::StationName;
use crate::album::CardBegun;
use crate::card::{Found, Place};
use crate::sharing::own::import::{Adding, Skipped};
use crate::sharing::{Fault, Household};

const ALONE: &str = "somebody else here has begun to bring it in, for themselves alone";

/// What a reading finds to do.
pub(super) struct Coming {
    /// What comes in, each file with how.
    pub files: Vec<(Found, Adding)>,
    /// What others are bringing in alone.
    pub held: Vec<PathBuf>,
}

/// What of the new files of a card a person may bring in.
pub(super) struct Allowed {
    pub new: Vec<Found>,
    /// How the first of them was begun, where one was.
    pub first: Option<Adding>,
    /// By whom, where that one is of the house.
    pub by: Option<StationName>,
    /// How many more others are bringing in alone.
    pub held: usize,
}

/// What was chosen before for files of a card.
struct Before {
    files: BTreeMap<PathBuf, CardBegun>,
    /// Who is of the house.
    people: BTreeSet<StationName>,
}

impl Before {
    fn of(&self, file: &Found) -> Option<&CardBegun> {
        let begun = self.files.get(&file.path);
        begun.filter(|begun| (begun.size, begun.changed) == (file.size, file.changed))
    }

    /// Whether another one than `person` has begun to bring it in alone.
    fn is_of_another(&self, begun: &CardBegun, person: Option<&StationName>) -> bool {
        let theirs = begun.person.as_ref().filter(|_| begun.private);
        let theirs = theirs.filter(|one| self.people.contains(*one));
        theirs.is_some_and(|theirs| person.is_some_and(|person| person != theirs))
    }

    /// What is said now, and what is not as it was.
    fn with(&self, begun: &CardBegun, said: &Adding) -> Adding {
        let person = begun.person.as_ref();
        let person = person.filter(|one| self.people.contains(*one));
        Adding {
            album: said.album.clone().or_else(|| begun.album.clone()),
            person: said.person.clone().or_else(|| person.cloned()),
            private: said.private || begun.private,
        }
    }
}

impl Household {
    /// What comes of the new files of a card. `seen`: whoever says it knows what was chosen before.
    pub(super) fn as_begun(
        &self,
        place: &Place,
        new: Vec<Found>,
        said: &Adding,
        seen: bool,
    ) -> Result<Coming, Fault> {
        let before = self.before(place)?;
        let (mut files, mut held) = (Vec::new(), Vec::new());
        for file in new {
            let adding = match before.of(&file) {
                Some(begun) if before.is_of_another(begun, said.person.as_ref()) => {
                    held.push(file.path);
                    continue;
                }
                Some(begun) if !seen => before.with(begun, said),
                _ => said.clone(),
            };
            // Who began it alone may be of the house no more.
            if adding.private && adding.person.is_none() {
                self.check_adding(&adding)?;
            }
            files.push((file, adding));
        }
        if files.is_empty() && !held.is_empty() {
            let hint = "it comes in when they go on, or `hearthpost import --card` does";
            return Err(Fault::new("begun_alone", ALONE).hint(hint));
        }
        Ok(Coming { files, held })
    }

    /// What comes in though nobody is there to choose: as it was begun, else for the whole house. What somebody began alone
    /// who is of the house no more waits for whoever brings it in.
    pub(super) fn by_itself(
        &self,
        place: &Place,
        new: Vec<Found>,
    ) -> Result<Vec<(Found, Adding)>, Fault> {
        let before = self.before(place)?;
        let nothing = Adding::default();
        let coming = new.into_iter().filter_map(|file| {
            let begun = before.of(&file);
            let adding = begun.map_or_else(Adding::default, |begun| before.with(begun, &nothing));
            let is_of_one = !adding.private || adding.person.is_some();
            is_of_one.then_some((file, adding))
        });
        Ok(coming.collect())
    }

    /// Of the new files those that a person may bring in.
    pub(super) fn begun_before(
        &self,
        place: &Place,
        new: Vec<Found>,
        viewer: Option<&StationName>,
    ) -> Result<Allowed, Fault> {
        let before = self.before(place)?;
        let all = new.len();
        let of_others = |file: &Found| {
            let begun = before.of(file);
            begun.is_some_and(|begun| before.is_of_another(begun, viewer))
        };
        let new: Vec<Found> = new.into_iter().filter(|file| !of_others(file)).collect();
        let begun = || new.iter().filter_map(|file| before.of(file));
        let own = begun().find(|begun| begun.person.as_ref() == viewer);
        let said = Adding {
            person: viewer.cloned(),
            private: begun().any(|begun| begun.private),
            ..Adding::default()
        };
        let first = own.or_else(|| begun().next());
        let by = first.and_then(|begun| begun.person.clone());
        let by = by.filter(|one| before.people.contains(one));
        let first = first.map(|begun| before.with(begun, &said));
        let held = all - new.len();
        Ok(Allowed {
            new,
            first,
            by,
            held,
        })
    }

    /// Notes how the files of a reading come in.
    pub(super) fn remember_begun(&mut self, reading: &CardReading) -> Result<(), Fault> {
        let nothing = Adding::default();
        let chosen = |adding: &Adding| *adding != nothing;
        if !reading.new.iter().any(|(_, adding)| chosen(adding)) {
            return Ok(());
        }
        self.album.commit(|rows| {
            for (file, adding) in &reading.new {
                let begun = CardBegun {
                    size: file.size,
                    changed: file.changed,
                    album: adding.album.clone(),
                    person: adding.person.clone(),
                    private: adding.private,
                };
                rows.note_card_begun(&reading.place.id, &file.path, &begun)?;
            }
            Ok(())
        })
    }

    fn before(&self, place: &Place) -> Result<Before, Fault> {
        let files = self.album.rows().card_begun(&place.id)?;
        let mut people = BTreeSet::new();
        if !files.is_empty() {
            people.extend(self.people()?.into_iter().map(|one| one.station));
        }
        Ok(Before { files, people })
    }
}

/// Files that stay out because others are bringing them in.
pub(super) fn left_to_others(held: &[PathBuf]) -> Vec<Skipped> {
    let skipped = held.iter().map(|path| Skipped {
        path: path.clone(),
        reason: ALONE.to_owned(),
    });
    skipped.collect()
}
