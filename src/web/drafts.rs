//! Forms that somebody left half filled in, to choose other pictures or to bring in a household: in memory, the last of each
//! person. It is for the session alone in which it was sent: a later person of the same name is another one.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::address::StationName;
use crate::envelope::{Digest, Id};
use crate::sharing::accounts::Visitor;

/// The last of each person.
#[derive(Default)]
pub(super) struct Drafts(Mutex<BTreeMap<StationName, Draft>>);

struct Draft {
    session: Digest,
    /// Under which it is asked for.
    name: Id,
    form: Vec<u8>,
}

impl Drafts {
    /// Keeps a form as it was sent, in place of the one before; gives its name.
    pub fn keep(&self, person: &Visitor, form: &[u8]) -> Id {
        let name = Id::random();
        let draft = Draft {
            session: person.session,
            name,
            form: form.to_vec(),
        };
        self.held().insert(person.station.clone(), draft);
        name
    }

    /// The form of that person by that name, if it is still kept.
    pub fn kept(&self, person: &Visitor, name: &str) -> Option<Vec<u8>> {
        let held = self.held();
        let kept = held.get(&person.station)?;
        (kept.session == person.session && kept.name.to_string() == name).then(|| kept.form.clone())
    }

    /// The name of the last form of that person.
    pub fn last(&self, person: &Visitor) -> Option<Id> {
        let held = self.held();
        let kept = held.get(&person.station)?;
        (kept.session == person.session).then_some(kept.name)
    }

    /// It is done with.
    pub fn forget(&self, person: &StationName) {
        self.held().remove(person);
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<StationName, Draft>> {
        // Each form is as good after a panic as before.
        self.0.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}
