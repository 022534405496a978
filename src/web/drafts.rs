//! Forms that somebody left half filled in, to choose other pictures or to bring in a household, and those that were answered
//! with a page: in memory, the last few of each session. They are for the session alone in which they were sent: a later person
//! of the same name is another one.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use crate::address::StationName;
use crate::envelope::{Digest, Id};
use crate::sharing::Fault;
use crate::sharing::accounts::Visitor;

/// So many are kept of each session: as far as somebody goes back in their browser.
const KEPT: usize = 4;
/// So many of each person, in all their browsers.
const MOST: usize = 2 * KEPT;

/// The last few, by the person whose they are; the oldest first.
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

/// What is said where a form is asked for and not kept any more.
pub(super) fn not_kept() -> Fault {
    Fault::usage("not_kept", "What was chosen is not kept any more.").hint("choose again")
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
        of_person.push(draft);
        // What is kept in one browser is not lost by what is done in another.
        let is_here = |one: &Draft<T>| one.session == person.session;
        if of_person.iter().filter(|one| is_here(one)).count() > KEPT
            && let Some(oldest) = of_person.iter().position(is_here)
        {
            of_person.remove(oldest);
        }
        let over = of_person.len().saturating_sub(MOST);
        of_person.drain(..over);
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

    /// The name of the last form of that session.
    pub fn last(&self, person: &Visitor) -> Option<Id> {
        let held = self.held();
        let mut newest = held.get(&person.station)?.iter().rev();
        let kept = newest.find(|one| one.session == person.session)?;
        Some(kept.name)
    }

    /// All of that session are done with.
    pub fn forget(&self, person: &Visitor) {
        if let Some(of_person) = self.held().get_mut(&person.station) {
            of_person.retain(|one| one.session != person.session);
        }
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<StationName, Vec<Draft<T>>>> {
        // Each form is as good after a panic as before.
        self.0.lock().unwrap_or_else(|broken| broken.into_inner())
    }
}
