//! A household moves to another mailbox by its own identity: who is meant by the old one is that household still, until
//! somebody else is known there.

use super::typed::{heard_at, is_typed, known_at, only_one};
use crate::address::{Mailbox, StationAddress};
use crate::album::{Contact, DestinationState, Rows, Share};
use crate::encoding::Timestamp;
use crate::envelope::addressed;
use crate::message::mime::read_pkcs7_entity;
use crate::message::permit;
use crate::sharing::give::gone_wrong::goes_wrong;
use crate::sharing::give::waiting::is_over;
use crate::sharing::submit::is_of_mailbox;
use crate::sharing::{Fault, Household};

/// Why something that failed waits for the next pass.
const MOVED: &str = "that household has moved: it goes to its mailbox of now";

/// What the people here said of a household at its old mailbox follows it, in the commit that moves it: key words, and where
/// its shares are. A mailbox that it only said was its own is nothing that it leaves.
pub(super) fn follow_move(
    rows: Rows<'_>,
    before: &Contact,
    contact: &Contact,
    now: Timestamp,
) -> Result<(), Fault> {
    let from = &before.mailbox;
    if *from == contact.mailbox {
        return Ok(());
    }
    rows.move_destinations(contact.fingerprint, &contact.mailbox)?;
    if !before.is_proven() {
        return Ok(());
    }
    if rows.contacts_at(from)?.iter().any(Contact::is_heard) {
        return Ok(());
    }
    // Who was asked there is elsewhere.
    rows.forget_card_requests(from)?;
    rows.put_former_mailbox(from, contact.fingerprint, now)?;
    Ok(rows.move_keywords(from, &contact.mailbox)?)
}

/// What waits in the outbox for a household goes to the mailbox where it is now, once that one has answered: what it was
/// given or asked for, what is passed on to it for others, and letters that are sealed to it. A grant that went to the mailbox
/// before, unanswered, goes once more: who has it knows it again, and who lacks its parts asks for them. What that mailbox did
/// not take goes too.
pub(in crate::sharing) fn mail_follows(
    rows: Rows<'_>,
    before: &Contact,
    contact: &Contact,
    now: Timestamp,
) -> Result<(), Fault> {
    if before.mailbox == contact.mailbox && !before.unproven {
        return Ok(());
    }
    bring_along(rows, before, contact)?;
    failed_follows(rows, contact, now)
}

/// What a household was given and its mailbox of before did not take: the next pass sends it as it was given, unless it has ended
/// or was taken back.
fn failed_follows(rows: Rows<'_>, contact: &Contact, now: Timestamp) -> Result<(), Fault> {
    if contact.unproven || !contact.is_heard() {
        return Ok(());
    }
    for one in rows.destinations_in(DestinationState::Failed)? {
        let share = rows.share_by_id(one.share)?;
        // What a relay was to hand on did not fail there.
        if one.contact != contact.fingerprint
            || !one.error.as_deref().is_some_and(is_of_mailbox)
            || rows.by_way_to(share.id, one.contact)?.is_some()
            || !goes_wrong(rows, &share, &one)?
            || is_over(&one, now)
        {
            continue;
        }
        rows.forget_unsent(one.id)?;
        let waiting = DestinationState::Waiting;
        rows.set_destination_state(one.id, waiting, Some(MOVED), now)?;
    }
    Ok(())
}

/// The same, whenever it moved.
pub(in crate::sharing) fn bring_along(
    rows: Rows<'_>,
    before: &Contact,
    contact: &Contact,
) -> Result<(), Fault> {
    if contact.unproven {
        return Ok(());
    }
    let (who, to) = (contact.fingerprint, &contact.mailbox);
    let mut left = rows.former_mailboxes(who)?;
    left.push(before.mailbox.clone());
    left.retain(|mailbox| mailbox != to);
    for from in &left {
        rows.introduced_follows(from, to)?;
    }
    for (message, from) in rows.given_elsewhere(who, to)? {
        rows.readdress(message, &from, to)?;
    }
    for from in &left {
        for holding in rows.move_relay_jobs(who, from, to)? {
            for message in rows.carried_to(holding, from)? {
                rows.readdress(message, from, to)?;
            }
        }
        for answer in rows.answers_waiting_for(from)? {
            let chain = permit::all_of_stored(&answer.chain)?;
            if chain.last().is_some_and(|last| last.permit().to == who) {
                rows.readdress(answer.message, from, to)?;
            }
        }
        // Somebody else may be at that mailbox too. What names a key of theirs is theirs: anybody may call a key of their own
        // the same. A stranger says so of itself alone.
        let another = |one: &&Contact| one.fingerprint != who && (one.accepted || one.blocked);
        let there = rows.contacts_at(from)?;
        let others: Vec<&Contact> = there.iter().filter(another).collect();
        for (message, mail) in rows.letters_waiting_for(from)? {
            if is_sealed_to(&mail, &[before, contact])? && !is_sealed_to(&mail, &others)? {
                rows.readdress(message, from, to)?;
            }
        }
    }
    Ok(())
}

/// Whether a mail is a letter to one of the certificates of these, as it calls it. An open one is to nobody.
fn is_sealed_to(mail: &[u8], contacts: &[&Contact]) -> Result<bool, Fault> {
    let Some(addressed) = read_pkcs7_entity(mail)
        .ok()
        .and_then(|der| addressed(&der).ok())
    else {
        return Ok(false);
    };
    for contact in contacts {
        let card = contact.card()?;
        let mut certificates = card.iter().flat_map(|card| &card.encryption);
        if certificates.any(|one| addressed.names(one)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A household that was asked answers from its mailbox, which somebody here had typed with other capitals: what they said of
/// it follows, and nobody is asked any more who is not there. What waits for it is given by [`crate::sharing::share::released`].
pub(in crate::sharing) fn follow_typed(
    rows: Rows<'_>,
    typed: &Mailbox,
    mailbox: &Mailbox,
) -> Result<(), Fault> {
    if typed == mailbox || rows.contact_at(typed)?.is_some() {
        return Ok(());
    }
    rows.forget_card_requests(typed)?;
    Ok(rows.move_keywords(typed, mailbox)?)
}

/// The mailbox that somebody means who says this one, with whatever capitals, to give something there: a stranger who says
/// that it is there now does not come before a household that was.
pub(super) fn meant_mailbox(rows: Rows<'_>, said: &Mailbox) -> Result<Mailbox, Fault> {
    if let Some(heard) = heard_at(rows, said)? {
        return Ok(heard);
    }
    let there = known_at(rows, said)?;
    Ok(match rows.moved_from(said)? {
        Some(moved) if there.is_none() || moved.is_heard() => moved.mailbox,
        _ => there.unwrap_or_else(|| said.clone()),
    })
}

/// The mailbox of whoever is there, strangers too; where nobody is, of who has left it.
pub(super) fn mailbox_of_any(rows: Rows<'_>, said: &Mailbox) -> Result<Mailbox, Fault> {
    if let Some(known) = known_at(rows, said)? {
        return Ok(known);
    }
    let moved = rows.moved_from(said)?;
    Ok(moved.map_or_else(|| said.clone(), |contact| contact.mailbox))
}

/// The same, of whom a share is for: it may wait for whoever answers at that very mailbox.
pub(in crate::sharing) fn meant_of_share(
    rows: Rows<'_>,
    share: &Share,
    said: &Mailbox,
) -> Result<Mailbox, Fault> {
    let awaited = rows.awaited(share.id)?;
    let waits = || awaited.iter().map(|one| one.mailbox.clone());
    if waits().any(|one| one == *said) {
        return Ok(said.clone());
    }
    let meant = meant_mailbox(rows, said)?;
    if rows.contact_at(&meant)?.is_some() {
        return Ok(meant);
    }
    Ok(only_one(said, waits())?.unwrap_or(meant))
}

impl Household {
    /// The address that somebody means who says this one.
    pub fn meant_address(&self, said: StationAddress) -> Result<StationAddress, Fault> {
        Ok(StationAddress {
            mailbox: self.meant_at(&said.mailbox)?,
            station: said.station,
        })
    }

    /// The mailbox that somebody means who says this one; it may be the household's own.
    pub(in crate::sharing) fn meant_at(&self, said: &Mailbox) -> Result<Mailbox, Fault> {
        let (rows, own) = (self.album.rows(), &self.config.mailbox);
        if said == own {
            return Ok(own.clone());
        }
        let meant = meant_mailbox(rows, said)?;
        match is_typed(said, own) && rows.contact_at(&meant)?.is_none() {
            true => Ok(own.clone()),
            false => Ok(meant),
        }
    }

    /// The household of a share that somebody names: by its mailbox now, or by what else they said.
    pub(in crate::sharing) fn meant_of(&self, share: &Share, said: &str) -> Result<String, Fault> {
        match said.parse::<Mailbox>() {
            Ok(mailbox) => Ok(meant_of_share(self.album.rows(), share, &mailbox)?.to_string()),
            Err(_) => Ok(said.to_owned()),
        }
    }
}
