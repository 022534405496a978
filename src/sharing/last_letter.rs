//! The last letter of an identity comes: from then on it is no more.

use super::Fault;
use super::ended::end_for_good;
use super::joining::end_joining_of;
use super::judge::{Judge, Judged, refused};
use super::knock::alarm;
use crate::album::{KnockKind, Rows};
use crate::message::{Body, Code, Letter};

impl Judge<'_> {
    /// The last letter of an identity. It counts whenever it was written and whoever brings it: the signature alone says
    /// whose end it is.
    pub(super) fn take_ended(&self, rows: Rows<'_>, letter: &Letter) -> Result<Judged, Fault> {
        let (who, now) = (letter.header.from, self.now.now);
        if self.keys.is_ours(who) {
            if who == self.keys.identity.fingerprint() {
                // Others have it too, so the keeper must learn of it.
                tracing::warn!("the message that ends this household's own identity has come");
                if rows.ended(who)?.is_none() {
                    alarm(rows, KnockKind::Ended, who, now)?;
                }
                rows.put_ended(who, now)?;
            }
            return Ok(Judged::Taken);
        }
        let Some(contact) = rows.contact(who)? else {
            if self.is_looked_for(rows, letter)? {
                rows.put_ended(who, now)?;
                end_joining_of(rows, who, now)?;
                return Ok(Judged::Taken);
            }
            let words = "the end of a household that is not known";
            return Ok(refused(Code::Addressee, words));
        };
        tracing::warn!(contact = %who.short(), mailbox = %contact.mailbox, "the identity of a household has ended");
        if contact.is_heard() && rows.ended(who)?.is_none() {
            alarm(rows, KnockKind::Ended, who, now)?;
        }
        end_for_good(rows, contact, now)?;
        Ok(Judged::Taken)
    }

    /// Whether this household is about to know who has ended: it follows an invitation of theirs, or asked at the mailbox that
    /// the letter names. What strangers can have remembered so is counted with all their letters.
    fn is_looked_for(&self, rows: Rows<'_>, letter: &Letter) -> Result<bool, Fault> {
        let (who, Body::Ended(ended)) = (letter.header.from, &letter.body) else {
            return Ok(false);
        };
        let joinings = rows.joinings()?;
        let mut open = joinings.iter().filter(|one| one.is_open());
        Ok(
            open.any(|one| one.is_of(who) || one.mailbox == ended.mailbox)
                || rows.card_requested_at(&ended.mailbox)?.is_some(),
        )
    }
}
