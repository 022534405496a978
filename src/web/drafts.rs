//! Forms that somebody left half filled in, to choose other pictures or to bring in a household: in memory, the last of each
//! person.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::address::StationName;
use crate::envelope::Id;

/// The last of each person, with the name under which it is asked for.
#[derive(Default)]
pub(super) struct Drafts(Mutex<BTreeMap<StationName, (Id, Vec<u8>)>>);

impl Drafts {
    /// Keeps a form as it was sent, in place of the one before; gives its name.
    pub fn keep(&self, person: &StationName, form: &[u8]) -> Id {
        let name = Id::random();
        self.held().insert(person.clone(), (name, form.to_vec()));
        name
    }

    /// The form of that person by that name, if it is still kept.
    pub fn kept(&self, person: &StationName, name: &str) -> Option<Vec<u8>> {
        let held = self.held();
        let (kept, form) = held.get(person)?;
        (kept.to_string() == name).then(|| form.clone())
    }

    /// The name of the last form of that person.
    pub fn last(&self, person: &StationName) -> Option<Id> {
        self.held().get(person).map(|(name, _)| *name)
    }

    /// It is done with.
    pub fn forget(&self, person: &StationName) {
        self.held().remove(person);
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<StationName, (Id, Vec<u8>)>> {
        // Each form is as good after a panic as before.
        self.0.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}
