//! The last letter of an identity comes: from then on it is no more.

use super::ended::end_for_good;
use crate::address::Mailbox;
use crate::album::{KnockKind, Rows};
use crate::envelope::Fingerprint;
use crate::message::{Code, Ended, Letter};
use crate::sharing::Fault;
use crate::sharing::ingest::judge::{Judge, Judged, refused};
use crate::sharing::invite::joining::end_joining_of;
use crate::sharing::notify::knock::alarm;

impl Judge<'_> {
    /// The last letter of an identity. It counts whenever it was written and whoever brings it: the signature alone says
    /// whose end it is.
    pub(in crate::sharing) fn take_ended(
        &self,
        rows: Rows<'_>,
        letter: &Letter,
        ended: &Ended,
    ) -> Result<Judged, Fault> {
        let (who, at, now) = (letter.header.from, &ended.mailbox, self.now.now);
        if self.keys.is_ours(who) {
            if who == self.keys.identity.fingerprint() {
                // Others have it too, so the keeper must learn of it.
                tracing::warn!("the message that ends this household's own identity has come");
                if rows.ended(who)?.is_none() {
                    alarm(rows, KnockKind::Ended, who, now)?;
                }
                rows.put_ended(who, at, now)?;
            }
            return Ok(Judged::Taken);
        }
        let Some(contact) = rows.contact(who)? else {
            if !is_looked_for(rows, who, at)? && !is_somebody_at(rows, at)? {
                let words = "the end of a household that is not known";
                return Ok(refused(Code::Addressee, words));
            }
            rows.put_ended_unmet(who, at, now)?;
            end_joining_of(rows, who, now)?;
            return Ok(Judged::Taken);
        };
        tracing::warn!(contact = %who.short(), mailbox = %contact.mailbox, "the identity of a household has ended");
        if contact.is_heard() && rows.ended(who)?.is_none() {
            alarm(rows, KnockKind::Ended, who, now)?;
        }
        end_for_good(rows, contact, at, now)?;
        Ok(Judged::Taken)
    }
}

/// Whether this household is about to know who has ended: it follows an invitation of theirs, or asked at the mailbox that
/// the letter names. What strangers can have remembered so is counted with all their letters.
fn is_looked_for(rows: Rows<'_>, who: Fingerprint, at: &Mailbox) -> Result<bool, Fault> {
    let joinings = rows.joinings()?;
    let mut open = joinings.iter().filter(|one| one.is_open());
    Ok(open.any(|one| one.is_of(who) || one.mailbox == *at)
        || rows.card_requested_at(at)?.is_some())
}

/// Whether a household is or was known at the mailbox that the letter names. One that replaced its identity twice says so of
/// both of them, though this house never met the second one: whoever has its keys could claim that mailbox later.
fn is_somebody_at(rows: Rows<'_>, at: &Mailbox) -> Result<bool, Fault> {
    let there = rows.contacts_typed(at)?;
    Ok(there.iter().any(|one| one.accepted || one.blocked)
        || rows.moved_from(at)?.is_some()
        || rows.has_ended_at(at)?)
}
