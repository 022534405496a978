//! An identity that is no more: it said so itself (`ended`, for good), or the keeper compared words with the one that took
//! its place. Nothing more goes to it, and of its letters only what takes something back counts.

use crate::address::Mailbox;
use crate::album::{Contact, DestinationState, Rows, Trust};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::relay::on_its_way::relay_moved;
use crate::sharing::{Fault, Household};

impl Household {
    /// When that identity said that it is no more.
    pub fn ended(&self, who: Fingerprint) -> Result<Option<Timestamp>, Fault> {
        Ok(self.album.rows().ended(who)?)
    }
}

/// Ends a household's identity, as it said itself: `at` that mailbox.
pub(in crate::sharing) fn end_for_good(
    rows: Rows<'_>,
    contact: Contact,
    at: &Mailbox,
    now: Timestamp,
) -> Result<(), Fault> {
    rows.put_ended(contact.fingerprint, at, now)?;
    let words = Words {
        unsent: ENDED_UNSENT,
        unconfirmed: "its identity ended before it confirmed this; compare words with the one that it has now, and share it anew",
    };
    shut_out(rows, contact, words, now)
}

/// Why nothing came of what was to go there.
pub(in crate::sharing) const ENDED_UNSENT: &str = "its identity ended before this went out; compare words with the one that it has now, and share it anew";

/// Another one took the place of that identity.
pub(super) const REPLACED: Words = Words {
    unsent: "another identity took its place before this went out; share it anew",
    unconfirmed: "another identity took its place before it confirmed this; share it anew",
};

/// Why something failed that waited to go there, and what had gone and was not confirmed: nobody there answers any more.
#[derive(Clone, Copy)]
pub(in crate::sharing) struct Words {
    unsent: &'static str,
    unconfirmed: &'static str,
}

/// Nothing goes to it or comes from it any more; what waits for it or for its answer fails, with these words.
pub(super) fn shut_out(
    rows: Rows<'_>,
    mut contact: Contact,
    words: Words,
    now: Timestamp,
) -> Result<(), Fault> {
    contact.blocked = true;
    contact.accepted = false;
    contact.trust = Trust::Pending;
    rows.put_contact(&contact)?;
    let who = contact.fingerprint;
    use DestinationState::{Failed, Queued, Sent, Waiting};
    for state in [Waiting, Queued, Sent] {
        for one in rows.destinations_in(state)? {
            if one.contact != who {
                continue;
            }
            // What a relay may still hand on can be stopped as long as it stands so, and is not waited for without end.
            if state == Sent && rows.by_way_to(one.share, who)?.is_some() {
                continue;
            }
            let why = words.of(state);
            rows.set_destination_state(one.id, Failed, Some(why), now)?;
            // What had gone to it as a relay, it may have passed on.
            if state != Sent {
                relay_moved(rows, &one, Failed, now)?;
            }
        }
    }
    rows.remove_all_open_requests(contact.fingerprint)?;
    // It was sealed to that identity, whoever is heard at the mailbox by now.
    rows.cancel_all_given(contact.fingerprint)?;
    if !rows
        .contacts_at(&contact.mailbox)?
        .iter()
        .any(Contact::is_heard)
    {
        rows.cancel_mailbox(&contact.mailbox, words.unsent)?;
    }
    Ok(())
}

impl Words {
    fn of(self, state: DestinationState) -> &'static str {
        match state {
            DestinationState::Sent => self.unconfirmed,
            _ => self.unsent,
        }
    }
}

/// Refuses what nobody would take, since the identity of this household is no more.
pub(in crate::sharing) fn refuse_own_end(rows: Rows<'_>, me: Fingerprint) -> Result<(), Fault> {
    match rows.ended(me)? {
        None => Ok(()),
        Some(_) => Err(own_has_ended()),
    }
}

/// The identity of this household is no more, and the way on from there.
pub(in crate::sharing) fn own_has_ended() -> Fault {
    let words = "the identity of this household has ended: the message that ends it was sent, and others take nothing more from here";
    Fault::new("own_ended", words).hint("`hearthpost identity rekey` gives the household a new one; then the others compare words again")
}

/// Why nothing goes to a household that was at a mailbox, and the way out.
pub(in crate::sharing) fn has_ended(mailbox: &Mailbox) -> Fault {
    let words = format!(
        "the identity of {mailbox} has ended for good: its household said so itself, and nothing goes there any more"
    );
    Fault::new("ended", words).hint(format!(
        "get to know the identity that they have now: follow an invitation of theirs (`hearthpost contact join`), or compare words: `hearthpost contact verify {mailbox} --fingerprint WORDS`"
    ))
}

/// Refuses what cannot be done with an identity that is no more.
pub(in crate::sharing) fn refuse_ended_identity(
    rows: Rows<'_>,
    who: Fingerprint,
) -> Result<(), Fault> {
    if rows.ended(who)?.is_none() {
        return Ok(());
    }
    let words = "that identity has ended for good: its household said so itself";
    Err(Fault::new("ended", words)
        .hint("compare words with the people there, and verify the identity that they have now"))
}
