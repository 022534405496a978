//! Two identities at one mailbox: the second is a claim, until words are compared (PROTOCOL 7, Trust).

use super::Fault;
use super::knock::alarm;
use crate::address::Mailbox;
use crate::album::{Contact, KnockKind, Rows};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

/// Records where another, accepted identity already has this contact's mailbox; gives whether that is so.
pub(super) fn note_claim(rows: Rows<'_>, contact: &Contact, now: Timestamp) -> Result<bool, Fault> {
    match rows.contact_at(&contact.mailbox)? {
        Some(other) if other.accepted && other.fingerprint != contact.fingerprint => {
            tracing::warn!(mailbox = %contact.mailbox, claimed_by = %contact.fingerprint.short(),
                "another identity claims the mailbox of a known household");
            put_claim(rows, contact.fingerprint, &contact.mailbox, now)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// As [`note_claim`], also where the identity that was known there has ended, and this one is not accepted yet.
pub(super) fn note_any_claim(
    rows: Rows<'_>,
    contact: &Contact,
    now: Timestamp,
) -> Result<bool, Fault> {
    if note_claim(rows, contact, now)? {
        return Ok(true);
    }
    let claims = !contact.accepted && succeeds(rows, contact)?;
    if claims {
        put_claim(rows, contact.fingerprint, &contact.mailbox, now)?;
    }
    Ok(claims)
}

/// The first time it is an alarm.
pub(super) fn put_claim(
    rows: Rows<'_>,
    who: Fingerprint,
    mailbox: &Mailbox,
    now: Timestamp,
) -> Result<(), Fault> {
    if rows.put_claim(who, mailbox, now)? {
        alarm(rows, KnockKind::Claim, who, now)?;
    }
    Ok(())
}

pub(super) fn refuse_second_identity(
    rows: Rows<'_>,
    mailbox: &Mailbox,
    who: Fingerprint,
) -> Result<(), Fault> {
    match rows.contact_at(mailbox)? {
        Some(other) if other.accepted && other.fingerprint != who => Err(Fault::new(
            "second_identity",
            format!("{mailbox} is known with another fingerprint: {}", other.fingerprint),
        )
        .hint("if the household really began anew, compare words with the people there and say which they read out: `hearthpost contact verify ADDR --fingerprint WORDS` puts the new identity in the place of the old one")),
        _ => Ok(()),
    }
}

/// Refuses one that is not heard yet and would take the place of an identity that has ended: no button alone does that.
pub(super) fn refuse_successor(rows: Rows<'_>, contact: &Contact) -> Result<(), Fault> {
    if contact.accepted || !succeeds(rows, contact)? {
        return Ok(());
    }
    let mailbox = &contact.mailbox;
    let words = format!(
        "the identity that was known at {mailbox} has ended, and this one says that it took its place"
    );
    Err(Fault::new("asks_first", words).hint(format!(
        "compare words with the people there first: `hearthpost contact verify {mailbox} --fingerprint WORDS`"
    )))
}

/// Whether an identity that has ended was known at the mailbox of this one.
pub(super) fn succeeds(rows: Rows<'_>, contact: &Contact) -> Result<bool, Fault> {
    for other in rows.contacts()? {
        let same = other.fingerprint == contact.fingerprint;
        if !same && other.mailbox == contact.mailbox && rows.ended(other.fingerprint)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
