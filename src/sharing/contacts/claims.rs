//! Two identities at one mailbox: the second is a claim, until words are compared (PROTOCOL 7, Trust).

use super::met::take_card;
use super::typed::is_typed;
use crate::address::Mailbox;
use crate::album::{ClaimedBy, Contact, KnockKind, Rows, Trust};
use crate::encoding::Timestamp;
use crate::envelope::{Card, Fingerprint};
use crate::sharing::Fault;
use crate::sharing::notify::knock::alarm;
use crate::sharing::words::clean_name;

/// The most contacts that wait for the keeper, beside those who claim the mailbox of a household that is known.
const MAX_PENDING: u64 = 100;
/// So many other identities of one mailbox are open while there is no room for more strangers, and as many as the directory
/// says. Those that claim it themselves have no part in it:
/// strangers are to keep nothing out that the directory has to say.
const MOST: usize = 8;

/// Records where another, accepted identity already has this contact's mailbox, with whatever capitals; gives whether that
/// is so.
pub(in crate::sharing) fn note_claim(
    rows: Rows<'_>,
    contact: &Contact,
    now: Timestamp,
) -> Result<bool, Fault> {
    let Some(other) = known_there(rows, &contact.mailbox, contact.fingerprint)? else {
        return Ok(false);
    };
    tracing::warn!(mailbox = %other.mailbox, claimed_by = %contact.fingerprint.short(),
        "another identity claims the mailbox of a known household");
    list_claimant(rows, contact)?;
    put_claim(rows, contact.fingerprint, &other.mailbox, now)?;
    Ok(true)
}

/// Another household that is accepted at the mailbox of this one: the best known there, or one whose mailbox differs in
/// capitals alone. To most providers that is the same; where it is not, the keeper brought both in, and neither claims
/// anything.
fn known_there(
    rows: Rows<'_>,
    mailbox: &Mailbox,
    who: Fingerprint,
) -> Result<Option<Contact>, Fault> {
    let best = rows.contact_at(mailbox)?.filter(|one| one.accepted);
    if let Some(best) = best {
        return Ok(Some(best).filter(|one| one.fingerprint != who));
    }
    let mut alike = rows.contacts_typed(mailbox)?.into_iter();
    Ok(alike.find(|one| one.fingerprint != who && one.accepted && is_at(one, mailbox)))
}

/// Whether a household stands in the way of another one at that mailbox. One that came by an invitation and has not answered
/// does so at the very one alone.
pub(super) fn is_at(one: &Contact, mailbox: &Mailbox) -> bool {
    one.mailbox == *mailbox || (is_typed(mailbox, &one.mailbox) && !one.unproven)
}

/// As [`note_claim`], also where the identity that was known there has ended, and this one is not accepted yet.
pub(in crate::sharing) fn note_any_claim(
    rows: Rows<'_>,
    contact: &Contact,
    now: Timestamp,
) -> Result<bool, Fault> {
    if note_claim(rows, contact, now)? {
        return Ok(true);
    }
    let claims = !contact.accepted && succeeds(rows, contact)?;
    if claims {
        list_claimant(rows, contact)?;
        put_claim(rows, contact.fingerprint, &contact.mailbox, now)?;
    }
    Ok(claims)
}

/// Whether one more may wait for the keeper. A flood of strangers hides no alarm: there is room beside them for a few who claim
/// the mailbox of a household that is known.
pub(in crate::sharing) fn has_room(rows: Rows<'_>, contact: &Contact) -> Result<bool, Fault> {
    if rows.waiting_contacts()? < MAX_PENDING {
        return Ok(true);
    }
    let claimed = match known_there(rows, &contact.mailbox, contact.fingerprint)? {
        Some(known) => known.mailbox,
        None if succeeds(rows, contact)? => contact.mailbox.clone(),
        None => return Ok(false),
    };
    Ok(rows.claims(&claimed)?.len() < MOST)
}

/// Who claims the mailbox of another one stands among those who wait, so that the keeper can say what is to become of it.
fn list_claimant(rows: Rows<'_>, contact: &Contact) -> Result<(), Fault> {
    if rows.contact(contact.fingerprint)?.is_none() && has_room(rows, contact)? {
        rows.put_contact(&Contact {
            name: clean_name(&contact.name, contact.mailbox.as_str()),
            ..contact.clone()
        })?;
    }
    Ok(())
}

/// The first time it is an alarm.
fn put_claim(
    rows: Rows<'_>,
    who: Fingerprint,
    mailbox: &Mailbox,
    now: Timestamp,
) -> Result<(), Fault> {
    claim_by(rows, (who, mailbox), ClaimedBy::Itself, now)
}

fn claim_by(
    rows: Rows<'_>,
    (who, mailbox): (Fingerprint, &Mailbox),
    by: ClaimedBy,
    now: Timestamp,
) -> Result<(), Fault> {
    if rows.put_claim(who, mailbox, by, now)? {
        alarm(rows, KnockKind::Claim, who, now)?;
    }
    Ok(())
}

/// The directory has another household at the mailbox of a known one: that is an alarm as if that one had written.
pub(in crate::sharing) fn claim_of_directory(
    rows: Rows<'_>,
    card: &Card,
    now: Timestamp,
) -> Result<(), Fault> {
    let (who, mailbox) = (card.identity.fingerprint(), card.identity.mailbox());
    let known = rows.claimed_by(who)?.is_some();
    if !known && rows.claims_in_directory(mailbox)?.len() >= MOST {
        return Ok(());
    }
    let by = match rows.contact(who)? {
        Some(_) if !known => ClaimedBy::DirectoryToo,
        Some(_) => ClaimedBy::Directory,
        None => {
            let mut contact = Contact::stranger(&card.identity, now);
            take_card(&mut contact, card);
            list_claimant(rows, &contact)?;
            ClaimedBy::Directory
        }
    };
    tracing::warn!(%mailbox, claimed_by = %who.short(),
        "the directory has another identity for the mailbox of a known household");
    claim_by(rows, (who, mailbox), by, now)
}

/// The keeper has said which household is at a mailbox: the others that claim it are kept out, and the alarm is over. One that
/// writes after that is a new one.
pub(super) fn settle_claims(rows: Rows<'_>, right: &Contact) -> Result<(), Fault> {
    rows.forget_claim(right.fingerprint)?;
    for who in rows.claims(&right.mailbox)? {
        match rows.contact(who)? {
            Some(mut one) if !one.accepted => {
                one.blocked = true;
                rows.put_contact(&one)?;
            }
            // It is heard elsewhere, and did not get here.
            _ => rows.forget_claim(who)?,
        }
    }
    Ok(())
}

/// Refuses to give anything to a household whose words were never compared, where the directory has another one at its
/// mailbox: which of the two it is nobody here knows.
pub(in crate::sharing) fn refuse_differing(rows: Rows<'_>, contact: &Contact) -> Result<(), Fault> {
    let mailbox = &contact.mailbox;
    if contact.trust == Trust::Verified || rows.claims_in_directory(mailbox)?.is_empty() {
        return Ok(());
    }
    let words = format!(
        "the directory says that {mailbox} is another household than the one that answered from there: nothing was sent"
    );
    Err(Fault::new("differs", words).hint(format!(
        "compare words with the people there: `hearthpost contact verify {mailbox}`; if it is the directory that is wrong, `hearthpost contact list` shows whom to block"
    )))
}

pub(in crate::sharing) fn refuse_second_identity(
    rows: Rows<'_>,
    mailbox: &Mailbox,
    who: Fingerprint,
) -> Result<(), Fault> {
    match rows.contact_at(mailbox)? {
        Some(other) if other.accepted && other.fingerprint != who => Err(second_identity(&other)),
        _ => Ok(()),
    }
}

/// The same of one that nobody vouches for: also where the other is known with other capitals.
pub(super) fn refuse_claimant(
    rows: Rows<'_>,
    mailbox: &Mailbox,
    who: Fingerprint,
) -> Result<(), Fault> {
    match known_there(rows, mailbox, who)? {
        Some(other) => Err(second_identity(&other)),
        None => Ok(()),
    }
}

fn second_identity(known: &Contact) -> Fault {
    let (mailbox, fingerprint) = (&known.mailbox, known.fingerprint);
    Fault::new(
        "second_identity",
        format!("{mailbox} is known with another fingerprint: {fingerprint}"),
    )
    .hint("if the household really began anew, compare words with the people there and say which they read out: `hearthpost contact verify ADDR --fingerprint WORDS` puts the new identity in the place of the old one")
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
pub(in crate::sharing) fn succeeds(rows: Rows<'_>, contact: &Contact) -> Result<bool, Fault> {
    for other in rows.contacts_typed(&contact.mailbox)? {
        let same = other.fingerprint == contact.fingerprint;
        if !same && rows.ended(other.fingerprint)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
