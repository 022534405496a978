//! A household moves to another mailbox by its own identity: who is meant by the old one is that household still, until
//! somebody else is known there.

use super::{Fault, Household};
use crate::address::{Mailbox, StationAddress};
use crate::album::{Contact, Rows, Share};
use crate::encoding::Timestamp;

/// What the people here said of a household at its old mailbox follows it, in the commit that moves it: key words, and where
/// its shares are.
pub(super) fn follow_move(
    rows: Rows<'_>,
    from: &Mailbox,
    contact: &Contact,
    now: Timestamp,
) -> Result<(), Fault> {
    if *from == contact.mailbox {
        return Ok(());
    }
    rows.move_destinations(contact.fingerprint, &contact.mailbox)?;
    let another = |one: &Contact| one.is_heard() && one.mailbox == *from;
    if rows.contacts()?.iter().any(another) {
        return Ok(());
    }
    rows.put_former_mailbox(from, contact.fingerprint, now)?;
    Ok(rows.move_keywords(from, &contact.mailbox)?)
}

/// The mailbox that somebody means who says this one.
pub(super) fn meant_mailbox(rows: Rows<'_>, said: &Mailbox) -> Result<Mailbox, Fault> {
    if rows.contact_at(said)?.is_some() {
        return Ok(said.clone());
    }
    let moved = rows.moved_from(said)?;
    Ok(moved.map_or_else(|| said.clone(), |contact| contact.mailbox))
}

/// The same, of whom a share is for: it may wait for whoever answers at that very mailbox.
pub(super) fn meant_of_share(
    rows: Rows<'_>,
    share: &Share,
    said: &Mailbox,
) -> Result<Mailbox, Fault> {
    match rows
        .awaited(share.id)?
        .iter()
        .any(|one| one.mailbox == *said)
    {
        true => Ok(said.clone()),
        false => meant_mailbox(rows, said),
    }
}

impl Household {
    /// The address that somebody means who says this one.
    pub(super) fn meant_address(&self, said: StationAddress) -> Result<StationAddress, Fault> {
        if said.mailbox == self.config.mailbox {
            return Ok(said);
        }
        Ok(StationAddress {
            mailbox: meant_mailbox(self.album.rows(), &said.mailbox)?,
            station: said.station,
        })
    }

    /// The household of a share that somebody names: by its mailbox now, or by what else they said.
    pub(super) fn meant_of(&self, share: &Share, said: &str) -> Result<String, Fault> {
        match said.parse::<Mailbox>() {
            Ok(mailbox) => Ok(meant_of_share(self.album.rows(), share, &mailbox)?.to_string()),
            Err(_) => Ok(said.to_owned()),
        }
    }
}
