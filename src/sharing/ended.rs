//! An identity that is no more: it said so itself (`ended`, for good), or the keeper compared words with the one that took
//! its place. Nothing more goes to it, and of its letters only what takes something back counts.

use super::on_its_way::relay_moved;
use super::{Fault, Household};
use crate::address::Mailbox;
use crate::album::{Contact, DestinationState, Rows, Trust};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

impl Household {
    /// When that identity said that it is no more.
    pub fn ended(&self, who: Fingerprint) -> Result<Option<Timestamp>, Fault> {
        Ok(self.album.rows().ended(who)?)
    }
}

/// Ends a household's identity, as it said itself: `at` that mailbox.
pub(super) fn end_for_good(
    rows: Rows<'_>,
    contact: Contact,
    at: &Mailbox,
    now: Timestamp,
) -> Result<(), Fault> {
    rows.put_ended(contact.fingerprint, at, now)?;
    shut_out(
        rows,
        contact,
        "its identity ended before this went out",
        now,
    )
}

/// Nothing goes to it or comes from it any more; what waits for it fails, with these words.
pub(super) fn shut_out(
    rows: Rows<'_>,
    mut contact: Contact,
    words: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    contact.blocked = true;
    contact.accepted = false;
    contact.trust = Trust::Pending;
    rows.put_contact(&contact)?;
    use DestinationState::{Failed, Queued, Waiting};
    for state in [Waiting, Queued] {
        let waiting = rows.destinations_in(state)?.into_iter();
        for one in waiting.filter(|one| one.contact == contact.fingerprint) {
            rows.set_destination_state(one.id, Failed, Some(words), now)?;
            relay_moved(rows, &one, Failed, now)?;
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
        rows.cancel_mailbox(&contact.mailbox, words)?;
    }
    Ok(())
}

/// Refuses what nobody would take, since the identity of this household is no more.
pub(super) fn refuse_own_end(rows: Rows<'_>, me: Fingerprint) -> Result<(), Fault> {
    match rows.ended(me)? {
        None => Ok(()),
        Some(_) => Err(own_has_ended()),
    }
}

/// The identity of this household is no more, and the way on from there.
pub(super) fn own_has_ended() -> Fault {
    let words = "the identity of this household has ended: the message that ends it was sent, and others take nothing more from here";
    Fault::new("own_ended", words).hint("`hearthpost identity rekey` gives the household a new one; then the others compare words again")
}

/// Why nothing goes to a household that was at a mailbox, and the way out.
pub(super) fn has_ended(mailbox: &Mailbox) -> Fault {
    let words = format!(
        "the identity of {mailbox} has ended for good: its household said so itself, and nothing goes there any more"
    );
    Fault::new("ended", words).hint(format!(
        "get to know the identity that they have now: follow an invitation of theirs (`hearthpost contact join`), or compare words: `hearthpost contact verify {mailbox} --fingerprint WORDS`"
    ))
}

/// Refuses what cannot be done with an identity that is no more.
pub(super) fn refuse_ended_identity(rows: Rows<'_>, who: Fingerprint) -> Result<(), Fault> {
    if rows.ended(who)?.is_none() {
        return Ok(());
    }
    let words = "that identity has ended for good: its household said so itself";
    Err(Fault::new("ended", words)
        .hint("compare words with the people there, and verify the identity that they have now"))
}
