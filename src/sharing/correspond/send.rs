//! A letter to a household that is known: written and queued at once.

use crate::album::{Contact, Rows};
use crate::envelope::Fingerprint;
use crate::message::Body;
use crate::sharing::Fault;
use crate::sharing::contacts::card_request::{ASK_AGAIN, ask_for_card};
use crate::sharing::correspond::Writer;

/// A household to which this one writes: accepted, and not blocked.
pub(in crate::sharing) fn heard(
    rows: Rows<'_>,
    who: Fingerprint,
) -> Result<Option<Contact>, Fault> {
    let contact = rows.contact(who)?;
    Ok(contact.filter(Contact::is_heard))
}

impl Writer<'_> {
    /// Answers a contact: written and queued at once. A contact without a usable certificate gets nothing, and `false`
    /// comes back; one that is heard is asked for its card, every few days at most. To an identity that has ended nothing
    /// goes, and nothing has to be tried again.
    pub fn send(&self, rows: Rows<'_>, body: &Body, to: &Contact) -> Result<bool, Fault> {
        self.send_of(rows, None, body, to)
    }

    /// As [`Writer::send`], of a share: it stays here where the household is blocked before it went out.
    pub fn send_of(
        &self,
        rows: Rows<'_>,
        share: Option<i64>,
        body: &Body,
        to: &Contact,
    ) -> Result<bool, Fault> {
        if rows.ended(to.fingerprint)?.is_some() {
            return Ok(true);
        }
        let Some(certificate) = to.certificate(self.now)? else {
            if to.is_heard() {
                ask_for_card(rows, self, &to.mailbox, ASK_AGAIN)?;
            }
            return Ok(false);
        };
        let letter = self.write(body, to.fingerprint, &to.mailbox, &certificate, self.now)?;
        letter.queue(rows, &to.mailbox, share, None, self.now)?;
        Ok(true)
    }
}
