//! A new identity for a household whose keys somebody else may have.
//!
//! 1. New keys are in the key file, beside the old ones, which open what is stored and take back what was shared.
//! 2. What waits under the old identity does not go out any more.
//! 3. Whoever has the card of the old one is told that it has ended, by that one. Those who are heard here are asked to hear
//!    the new one: to them it is a stranger at a known mailbox, until they have compared words.
//!
//! A run that died after the first step is gone on with by the next pass, or by the next command before it does its own.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::told::{note_who_has_our_card, tell_of_ends};
use super::{ENDED_FILE, lay_down, note, noted};
use crate::album::{Contact, DestinationState, KeyFile, Rows};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Identity};
use crate::sharing::clock::Reading;
use crate::sharing::contacts::card_request::queue_card_request;
use crate::sharing::identity::renew::seal_anew_from_now;
use crate::sharing::relay::on_its_way::relay_moved;
use crate::sharing::share::awaited::fail_all;
use crate::sharing::{Fault, Household, Now};

/// What was replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rekeyed {
    /// Who the household was.
    pub was: Fingerprint,
    /// Who it is.
    pub fingerprint: Fingerprint,
    /// How many other households may know the old one, and hear of it.
    pub contacts: usize,
    /// Where the message lies that ends it.
    pub ended: PathBuf,
}

impl Household {
    /// Gives the household a new identity and new keys for letters. Nobody takes anything of the old one any more. `yes`:
    /// the keeper was asked.
    pub fn rekey(&mut self, yes: bool, now: Now) -> Result<Rekeyed, Fault> {
        ask_first(yes)?;
        // No pass goes on meanwhile under what is replaced. What a page or a command has in hand is refused when it
        // would be written down.
        let _alone = self.album.try_lock()?;
        self.refresh_keys()?;
        self.replace_identity(now)
    }

    /// The same with the identity that somebody was shown: where it was replaced since, as by a form that was sent twice,
    /// nothing is done, and `None` comes back.
    pub fn rekey_shown(
        &mut self,
        shown: Fingerprint,
        yes: bool,
        now: Now,
    ) -> Result<Option<Rekeyed>, Fault> {
        ask_first(yes)?;
        let _alone = self.album.try_lock()?;
        self.refresh_keys()?;
        match self.me() == shown {
            true => self.replace_identity(now).map(Some),
            false => Ok(None),
        }
    }

    fn replace_identity(&mut self, now: Now) -> Result<Rekeyed, Fault> {
        self.finish_rekey(now.now)?;
        let folder = self.album.folder().to_owned();
        let file = KeyFile::hold(&folder)?;
        let mut keys = file.read()?;
        let was = keys.identity.fingerprint();
        let new = Identity::generate(&self.config.name, &self.config.mailbox, now.now)?;
        let key = new.issue_encryption_key(now.now)?;
        let fingerprint = new.fingerprint();
        keys.former.push(std::mem::replace(&mut keys.identity, new));
        keys.encryption.push(key);
        // Told from this, the next pass sees what is still to be done.
        self.album.commit(|rows| note(rows, was))?;
        crate::crash::point("rekey.before_keys");
        file.replace(&keys)?;
        drop(file);
        crate::crash::point("rekey.after_keys");
        self.keys = keys;
        let contacts = self.finish_rekey(now.now)?;
        Ok(Rekeyed {
            was,
            fingerprint,
            contacts,
            ended: folder.join(ENDED_FILE),
        })
    }

    /// The time of a command. What a run that died left of a new identity is done first: what the command signs would be
    /// refused otherwise. A pass that goes on meanwhile does it itself.
    pub fn take_up(&mut self, reading: &Reading) -> Result<Now, Fault> {
        let now = self.tick(reading, &[])?;
        let is_half_done = noted(self.album.rows())?.is_some_and(|was| was != self.me());
        if is_half_done && let Ok(_alone) = self.album.try_lock() {
            self.refresh_keys()?;
            match self.finish_rekey(now.now) {
                // On a full disk what is there can be looked at all the same.
                Err(fault) if fault.is_of_disk() => {}
                done => drop(done?),
            }
        }
        Ok(now)
    }

    /// Whether this household had another identity before, which was given up.
    pub fn had_another_identity(&self) -> bool {
        !self.keys.former.is_empty()
    }

    /// Does what the album does not know of yet: gives how many households hear of it.
    pub(in crate::sharing) fn finish_rekey(&mut self, now: Timestamp) -> Result<usize, Fault> {
        let me = self.me();
        let was = noted(self.album.rows())?.filter(|was| *was != me);
        let Some(was) = was.filter(|was| self.keys.is_ours(*was)) else {
            return Ok(0);
        };
        let mailbox = &self.config.mailbox;
        lay_down(self.album.folder(), &self.keys, mailbox, now)?;
        let keys = &self.keys;
        let told = self.album.commit(|rows| {
            // From here on nothing is written down any more that the old one signed.
            note(rows, me)?;
            stop_what_waits(rows, now)?;
            let contacts = rows.contacts()?;
            rows.tell_of_ends_that_failed()?;
            note_who_has_our_card(rows, was, &contacts, now)?;
            tell_of_ends(rows, keys, mailbox, now)?;
            let mut told: BTreeSet<_> = rows.introduced(was)?.into_iter().collect();
            for contact in contacts.iter().filter(|one| Contact::is_heard(one)) {
                queue_card_request(rows, keys, mailbox, &contact.mailbox, now)?;
                told.insert(contact.mailbox.clone());
            }
            seal_anew_from_now(rows)?;
            for one in &keys.former {
                rows.put_former_identity(one.fingerprint())?;
            }
            Ok::<_, Fault>(told.len())
        })?;
        crate::crash::point("rekey.after_commit");
        tracing::info!("this household has a new identity, and the others are told of it");
        Ok(told)
    }
}

fn ask_first(yes: bool) -> Result<(), Fault> {
    if yes {
        return Ok(());
    }
    let words = "all other households take nothing from this one until they have compared words with it again, and what \
                 was shared so far cannot be passed on any more. Replace the identity all the same?";
    Err(Fault::new("asks_first", words).hint(
        "do it when somebody else may have the keys, as after a stolen box; in scripts --yes",
    ))
}

/// What waits under an identity that is replaced does not go out any more.
pub(super) fn stop_what_waits(rows: Rows<'_>, now: Timestamp) -> Result<(), Fault> {
    let words = "the identity of this household was replaced before this went out; share it anew";
    use DestinationState::{Failed, Queued, Waiting};
    for state in [Waiting, Queued] {
        for one in rows.destinations_in(state)? {
            rows.set_destination_state(one.id, Failed, Some(words), now)?;
            relay_moved(rows, &one, Failed, now)?;
        }
    }
    fail_all(rows, words, now)?;
    rows.cancel_letters(words)?;
    rows.withdraw_invitations()?;
    let words = "the identity of this household was replaced; follow the invitation again";
    Ok(rows.end_joinings(words)?)
}
