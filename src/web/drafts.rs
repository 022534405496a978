//! Forms that somebody left half filled in, to choose other pictures or to bring in a household, and those that were answered
//! with a page: in memory, the last few of each person. They are for the session alone in which they were sent: a later person
//! of the same name is another one.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::address::StationName;
use crate::envelope::{Digest, Id};
use crate::sharing::Fault;
use crate::sharing::accounts::Visitor;

/// So many are kept of each person: as far as somebody goes back in their browser.
const KEPT: usize = 4;

/// The last few of each person.
pub(super) struct Drafts<T = Vec<u8>>(Mutex<BTreeMap<StationName, Vec<Draft<T>>>>);

struct Draft<T> {
    session: Digest,
    /// Under which it is asked for.
    name: Id,
    form: T,
}

/// A form that was sent and is to be looked at again. Its page has an address of its own: a browser cannot go back to the
/// answer to a form, which it must not keep.
#[derive(Clone)]
pub(super) struct Answered {
    pub form: Vec<u8>,
    /// What stood in the way when it was sent.
    pub trouble: Option<Fault>,
}

impl<T> Default for Drafts<T> {
    fn default() -> Self {
        Drafts(Mutex::default())
    }
}

impl<T: Clone> Drafts<T> {
    /// Keeps a form as it was sent; gives its name.
    pub fn keep(&self, person: &Visitor, form: T) -> Id {
        let name = Id::random();
        let draft = Draft {
            session: person.session,
            name,
            form,
        };
        let mut held = self.held();
        let of_person = held.entry(person.station.clone()).or_default();
        of_person.retain(|one| one.session == person.session);
        let over = (of_person.len() + 1).saturating_sub(KEPT);
        of_person.drain(..over);
        of_person.push(draft);
        name
    }

    /// The form of that person by that name, if it is still kept.
    pub fn kept(&self, person: &Visitor, name: &str) -> Option<T> {
        let held = self.held();
        let mut of_person = held.get(&person.station)?.iter();
        let kept =
            of_person.find(|one| one.session == person.session && one.name.to_string() == name)?;
        Some(kept.form.clone())
    }

    /// The name of the last form of that person.
    pub fn last(&self, person: &Visitor) -> Option<Id> {
        let held = self.held();
        let kept = held.get(&person.station)?.last()?;
        (kept.session == person.session).then_some(kept.name)
    }

    /// All of them are done with.
    pub fn forget(&self, person: &StationName) {
        self.held().remove(person);
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<StationName, Vec<Draft<T>>>> {
        // Each form is as good after a panic as before.
        self.0.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}
