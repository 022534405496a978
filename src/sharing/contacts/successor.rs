//! Who is spoken to in the place of an identity that is no more: the one whose words were compared and that is heard at its
//! mailbox since, or has gone on from there. What an identity of before was given stays noted as given to that one.

use crate::album::{Contact, Rows, Trust};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::message::check::check_chain;
use crate::message::{Receipt, ReceiptState};
use crate::sharing::correspond::send::heard;
use crate::sharing::{Fault, Household};

/// The household of that identity, whichever it has by now, where it is heard.
pub(in crate::sharing) fn heard_now(
    rows: Rows<'_>,
    who: Fingerprint,
) -> Result<Option<Contact>, Fault> {
    match heard(rows, who)? {
        Some(contact) => Ok(Some(contact)),
        None => match rows.contact(who)? {
            Some(contact) => successor(rows, &contact),
            None => Ok(None),
        },
    }
}

/// Who took the place of that one.
pub(in crate::sharing) fn successor(
    rows: Rows<'_>,
    contact: &Contact,
) -> Result<Option<Contact>, Fault> {
    // One that is only kept out by the keeper is who it is still.
    let shut_out = contact.blocked && !contact.accepted;
    if contact.is_heard() || !(shut_out || rows.ended(contact.fingerprint)?.is_some()) {
        return Ok(None);
    }
    let stands = |one: &Contact| one.is_heard() && one.trust == Trust::Verified;
    let there = rows.contact_at(&contact.mailbox)?.filter(stands);
    Ok(match there {
        Some(there) => Some(there),
        None => rows.moved_from(&contact.mailbox)?.filter(stands),
    })
}

/// Who is known by that identity, where it is heard, or whoever took its place is.
pub(in crate::sharing) fn reached(
    rows: Rows<'_>,
    who: Fingerprint,
) -> Result<Option<Contact>, Fault> {
    match heard_now(rows, who)? {
        Some(_) => Ok(rows.contact(who)?),
        None => Ok(None),
    }
}

/// Whether nobody can be told what is taken back from that identity: it is no more, and of none that took its place were words
/// compared yet.
pub(in crate::sharing) fn is_unreached(rows: Rows<'_>, who: Fingerprint) -> Result<bool, Fault> {
    Ok(rows.ended(who)?.is_some() && heard_now(rows, who)?.is_none())
}

/// The identities in whose place that one stands.
pub(in crate::sharing) fn before(rows: Rows<'_>, contact: &Contact) -> Result<Vec<Contact>, Fault> {
    let mut mailboxes = rows.former_mailboxes(contact.fingerprint)?;
    mailboxes.push(contact.mailbox.clone());
    let mut before = Vec::new();
    mailboxes.sort();
    mailboxes.dedup();
    for mailbox in &mailboxes {
        for one in rows.contacts_at(mailbox)? {
            if successor(rows, &one)?.is_some_and(|now| now.fingerprint == contact.fingerprint) {
                before.push(one);
            }
        }
    }
    Ok(before)
}

/// A household can be written to: what it was to be told, by whichever identity, is told now.
pub(super) fn tell_now(rows: Rows<'_>, contact: &Contact, now: Timestamp) -> Result<(), Fault> {
    rows.tell_now(contact.fingerprint, now)?;
    for one in before(rows, contact)? {
        rows.tell_now(one.fingerprint, now)?;
    }
    Ok(())
}

/// For whom a receipt speaks: that a copy is gone which an identity of before was given, its household says by the one that
/// it has now.
pub(in crate::sharing) fn speaks_for(
    rows: Rows<'_>,
    from: &Contact,
    receipt: &Receipt,
) -> Result<Fingerprint, Fault> {
    let me = from.fingerprint;
    if receipt.state != ReceiptState::Deleted {
        return Ok(me);
    }
    // What is wrong with a chain is said by who acts on it.
    let Ok(chain) = check_chain(&receipt.chain) else {
        return Ok(me);
    };
    let last = chain.last().map_or(me, |last| last.permit().to);
    let now = heard_now(rows, last)?.map(|now| now.fingerprint);
    Ok(if now == Some(me) { last } else { me })
}

impl Household {
    /// Whether another identity stands in the place of that one.
    pub(in crate::sharing) fn has_successor(&self, who: Fingerprint) -> Result<bool, Fault> {
        let now = heard_now(self.album.rows(), who)?;
        Ok(now.is_some_and(|now| now.fingerprint != who))
    }
}
