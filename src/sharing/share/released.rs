//! What waited for a card goes out once that has come, and ends where it waited in vain.

use super::awaited::{PATIENCE, no_card, set_state, wait_at};
use super::ground::Ground;
use crate::address::{Mailbox, StationName};
use crate::album::{Awaited, Contact, DestinationState, Share, Trust};
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::message::SignedManifest;
use crate::sharing::contacts::card_request::{ASK_AGAIN, ask_for_card, is_to_be_asked};
use crate::sharing::contacts::typed::heard_at;
use crate::sharing::correspond::Writer;
use crate::sharing::forward::together::Together;
use crate::sharing::give::Gift;
use crate::sharing::identity::replaced;
use crate::sharing::{Fault, Household, Now};

impl Household {
    /// Gives what waited to the households whose card has come, and ends what waited too long.
    pub(in crate::sharing) fn release_awaited(&mut self, now: Now) -> Result<(), Fault> {
        self.find_awaited()?;
        for one in self.album.rows().all_awaited()? {
            match self.standing(&one, now)? {
                Standing::Waits(false) => {}
                Standing::Waits(true) => {
                    let writer = Writer::new(&self.keys, &self.config, now.now);
                    self.album
                        .commit(|rows| ask_for_card(rows, &writer, &one.mailbox, ASK_AGAIN))?;
                }
                Standing::Over(words) => self.fail_awaited(&one, words, now.now)?,
                Standing::Known(contact) => self.give_awaited(&one, *contact, now)?,
            }
        }
        Ok(())
    }

    /// Those who are known by now, though somebody typed their mailbox with other capitals when nobody knew them.
    fn find_awaited(&mut self) -> Result<(), Fault> {
        for one in self.album.rows().all_awaited()? {
            let heard = heard_at(self.album.rows(), &one.mailbox);
            // Of several none is chosen for the people here: it waits for the very one.
            if let Ok(Some(mailbox)) = heard
                && mailbox != one.mailbox
            {
                self.album.commit(|rows| wait_at(rows, &one, &mailbox))?;
            }
        }
        Ok(())
    }

    fn standing(&self, one: &Awaited, now: Now) -> Result<Standing, Fault> {
        let (rows, mailbox) = (self.album.rows(), &one.mailbox);
        if rows.share_by_id(one.share)?.state.is_ended() {
            return Ok(Standing::Over("what it stood on has ended".to_owned()));
        }
        if let Some(contact) = rows.contact_at(mailbox)? {
            if contact.blocked {
                return Ok(Standing::Over(format!("{mailbox} is blocked")));
            }
            if contact.accepted && contact.trust > Trust::Pending {
                let other = one.identity.is_some_and(|who| who != contact.fingerprint);
                let differs = other || !rows.claims_in_directory(mailbox)?.is_empty();
                // Whose words were compared is who it is, whatever the directory says.
                if differs && contact.trust < Trust::Verified {
                    let words = format!(
                        "the card that came from {mailbox} is of another household than the directory says"
                    );
                    return Ok(Standing::Over(words));
                }
                return Ok(Standing::Known(Box::new(contact)));
            }
        }
        let mut ends = one.stations.iter().map(|one| one.rules.not_after);
        if ends.all(|end| end.is_some_and(|end| end <= now.floor)) {
            return Ok(Standing::Over(format!(
                "what {mailbox} was allowed is over"
            )));
        }
        // A clock that is in doubt ends nothing.
        if one.begun.plus_seconds(PATIENCE) <= now.floor {
            return Ok(Standing::Over(no_card(mailbox)));
        }
        let again = is_to_be_asked(rows, mailbox, ASK_AGAIN, now.now)?;
        Ok(Standing::Waits(again))
    }

    fn give_awaited(&mut self, one: &Awaited, contact: Contact, now: Now) -> Result<(), Fault> {
        let share = self.album.rows().share_by_id(one.share)?;
        let given = self
            .gift_of_awaited(&share, one, contact, now)
            .and_then(|(ground, gift)| self.give(&share, &ground, vec![gift], now.now));
        match given {
            Ok(_) => Ok(()),
            // Another time it may do.
            Err(fault) if fault.is_of_box() || fault.code == "busy" => Err(fault),
            // What is passed on may itself be on its way here.
            Err(fault) if fault.code == "arriving" => Ok(()),
            Err(fault) => self.fail_awaited(one, fault.message, now.now),
        }
    }

    /// What a household is given now, whatever was allowed when it began to wait.
    fn gift_of_awaited(
        &self,
        share: &Share,
        one: &Awaited,
        contact: Contact,
        now: Now,
    ) -> Result<(Ground, Gift), Fault> {
        let rows = self.album.rows();
        let manifest = SignedManifest::verify(&rows.manifest(share.id)?)?;
        if let Some(person) = &one.person {
            return self.gift_passed_on(share, &manifest, (one, person), contact, now);
        }
        let ground = Ground::with_chain(rows, &self.keys, share, &[])?
            .ok_or_else(|| Fault::new("ended", "what it stood on has ended"))?;
        if !ground.is_for(self.me()) {
            return Err(replaced(&share.reference));
        }
        let named = |id: &Id| one.items.as_ref().is_none_or(|ids| ids.contains(id));
        let items = ground.items(&manifest).into_iter().map(|item| item.id);
        let gift = Gift {
            contact,
            stations: one.stations.clone(),
            items: items.filter(named).collect(),
            onward: one.onward.clone(),
            passed_by: None,
            relay: Vec::new(),
            waited: true,
            together: Together::default(),
        };
        Ok((ground, gift))
    }

    fn fail_awaited(&mut self, one: &Awaited, words: String, now: Timestamp) -> Result<(), Fault> {
        tracing::info!(to = %one.mailbox, why = %words, "a share that waited for a card comes to nothing");
        self.album.commit(|rows| {
            // It may have been taken back meanwhile.
            let waits = rows.awaited_at(one.share, &one.mailbox, one.person.as_ref())?;
            if waits.is_some_and(|one| one.state == DestinationState::Waiting) {
                set_state(rows, one, DestinationState::Failed, Some(words), now)?;
            }
            Ok(())
        })
    }

    /// What of a share is to wait once more: where it failed, or for one household; only what `by` gives, where that is said.
    pub(in crate::sharing) fn awaited_again(
        &self,
        share: &Share,
        to: Option<&Mailbox>,
        by: Option<&StationName>,
    ) -> Result<Vec<Awaited>, Fault> {
        let rows = self.album.rows();
        let mut all = rows.awaited(share.id)?;
        let states = match to {
            Some(_) => &[DestinationState::Failed, DestinationState::Waiting][..],
            None => &[DestinationState::Failed],
        };
        let named = |one: &Awaited| one.is_by(by) && to.is_none_or(|to| one.mailbox == *to);
        all.retain(|one| states.contains(&one.state) && named(one));
        // Few wait, and a share may have thousands of parts.
        let goes = !all.is_empty()
            && !share.state.is_ended()
            && rows.parts(share.id)?.iter().any(|part| part.held);
        if !goes {
            all.clear();
        }
        Ok(all)
    }
}

/// How it stands with a share that waits.
enum Standing {
    /// It goes on waiting; `true`: the household is asked again.
    Waits(bool),
    /// The card came.
    Known(Box<Contact>),
    /// It comes to nothing, in words.
    Over(String),
}
