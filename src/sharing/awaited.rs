//! A share for a household that nobody here knows yet. It is asked for its card by mail, and gets the share once that has
//! come; what is passed on is held against the limits then ([`super::passed_later`]). Nothing leaves the house before;
//! after two weeks without an answer it fails, and says so.

use std::collections::BTreeSet;

use super::cards::{ASK_AGAIN, ask_for_card, is_to_be_asked};
use super::correspond::Writer;
use super::give::Gift;
use super::granting::{Line, sentences};
use super::ground::Ground;
use super::identity::replaced;
use super::plan::travels;
use super::together::Together;
use super::{Fault, Household, Now};
use crate::address::{Mailbox, StationName};
use crate::album::{Awaited, Contact, DestinationState, Keys, Rows, Share, Trust};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::message::{SignedManifest, Station};
use crate::rules::{Further, Rules, Who};
use crate::words::Language;

const DAY: u64 = 86_400;
/// So long a share waits for a card, in seconds.
pub(super) const PATIENCE: u64 = 14 * DAY;

/// A household that is not known here, with what its stations may do.
#[derive(Debug, Clone)]
pub(super) struct Unknown {
    /// Where it is.
    pub mailbox: Mailbox,
    /// What each may do.
    pub stations: Vec<Station>,
    /// Who it is, as the directory says.
    pub identity: Option<Fingerprint>,
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

impl Unknown {
    /// What there is to say of it.
    pub fn line(&self, language: Language, further: Further<'_>) -> Line {
        Line {
            mailbox: self.mailbox.clone(),
            name: self.mailbox.to_string(),
            stations: sentences(language, &self.stations, Who::EveryoneThere, further),
            state: DestinationState::Waiting,
            via: None,
            unknown: true,
        }
    }

    /// The same with what may travel on from there, where the sender says how far.
    pub fn line_from(&self, language: Language, onward: Option<&Rules>, now: Timestamp) -> Line {
        let travels = travels(&self.stations, onward, None, now);
        self.line(language, travels.as_ref().into())
    }

    /// Notes that a share waits for it, and asks it for its card.
    pub fn record(
        &self,
        rows: Rows<'_>,
        writer: &Writer<'_>,
        share: &Share,
        onward: Option<&Rules>,
    ) -> Result<(), Fault> {
        let awaited = self.awaited(share, onward.cloned(), writer.now);
        put(rows, writer, &awaited)
    }

    /// What waits for it of a share.
    pub fn awaited(&self, share: &Share, onward: Option<Rules>, now: Timestamp) -> Awaited {
        Awaited {
            share: share.id,
            mailbox: self.mailbox.clone(),
            stations: self.stations.clone(),
            onward,
            identity: self.identity,
            state: DestinationState::Waiting,
            error: None,
            begun: now,
            changed: now,
            items: None,
            person: None,
        }
    }
}

impl Household {
    /// Gives what waited to the households whose card has come, and ends what waited too long.
    pub(super) fn release_awaited(&mut self, now: Now) -> Result<(), Fault> {
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
                // Whose words were compared is who it is, whatever the directory says.
                if other && contact.trust < Trust::Verified {
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
    pub(super) fn awaited_again(
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
        if !share.state.is_ended() && rows.parts(share.id)?.iter().any(|part| part.held) {
            return Ok(all);
        }
        Ok(Vec::new())
    }
}

/// What is said of a household for whose card a share waited in vain.
pub(super) fn no_card(mailbox: &Mailbox) -> String {
    format!("{mailbox} has not sent its card for two weeks")
}

/// Notes that a share waits for a household, and asks that one for its card. What the same person gives there and waits
/// already stays: other people there keep theirs, and items come on top.
pub(super) fn put(rows: Rows<'_>, writer: &Writer<'_>, new: &Awaited) -> Result<(), Fault> {
    let before = rows.awaited_at(new.share, &new.mailbox, new.person.as_ref())?;
    let waits = before.filter(|one| one.state == DestinationState::Waiting);
    match waits {
        Some(before) => rows.put_awaited(&on_top(before, new.clone()))?,
        None => rows.put_awaited(new)?,
    }
    ask_for_card(rows, writer, &new.mailbox, DAY)
}

fn on_top(before: Awaited, new: Awaited) -> Awaited {
    let mut stations = new.stations.clone();
    let named = |one: &Station| new.stations.iter().any(|other| other.name == one.name);
    stations.extend(before.stations.into_iter().filter(|one| !named(one)));
    let items = match (before.items, new.items) {
        (Some(before), Some(new)) => {
            let both: BTreeSet<_> = before.into_iter().chain(new).collect();
            Some(both.into_iter().collect())
        }
        _ => None,
    };
    Awaited {
        stations,
        items,
        onward: new.onward.or(before.onward),
        ..new
    }
}

/// Lets it wait anew, and asks the household once more. Gives whether it does: it may have been taken back meanwhile, or
/// given.
pub(super) fn wait_again(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    one: &Awaited,
) -> Result<bool, Fault> {
    let stands = rows.awaited_at(one.share, &one.mailbox, one.person.as_ref())?;
    let Some(stands) = stands.filter(|one| one.state != DestinationState::Revoked) else {
        return Ok(false);
    };
    let anew = Awaited {
        begun: writer.now,
        ..stands
    };
    set_state(rows, &anew, DestinationState::Waiting, None, writer.now)?;
    ask_for_card(rows, writer, &one.mailbox, 0)?;
    Ok(true)
}

/// Nothing waits any more for a household, or for any; only what `by` gives, where that is said.
pub(super) fn end_awaited(
    rows: Rows<'_>,
    share: i64,
    (from, by): (Option<&str>, Option<&StationName>),
    now: Timestamp,
) -> Result<(), Fault> {
    for one in rows.awaited(share)? {
        let named = from.is_none_or(|who| one.mailbox.as_str() == who);
        if named && one.is_by(by) && one.state != DestinationState::Revoked {
            set_state(rows, &one, DestinationState::Revoked, None, now)?;
        }
    }
    Ok(())
}

/// Nothing waits any more for anybody, for that reason.
pub(super) fn fail_all(rows: Rows<'_>, words: &str, now: Timestamp) -> Result<(), Fault> {
    for one in rows.all_awaited()? {
        set_state(
            rows,
            &one,
            DestinationState::Failed,
            Some(words.to_owned()),
            now,
        )?;
    }
    Ok(())
}

/// A household that was asked is forgotten: what waited for its card fails.
pub(super) fn forget_awaited(rows: Rows<'_>, mailbox: &Mailbox) -> Result<bool, Fault> {
    let mut forgotten = false;
    for one in rows.all_awaited()? {
        if one.mailbox == *mailbox {
            let words = format!("{mailbox} was removed here before its card came");
            let since = one.changed;
            set_state(rows, &one, DestinationState::Failed, Some(words), since)?;
            forgotten = true;
        }
    }
    Ok(forgotten)
}

/// A person leaves the house: what they give of its own shares goes on as the house's, what they pass on ends with them.
pub(super) fn leave_awaited(
    rows: Rows<'_>,
    keys: &Keys,
    person: &StationName,
) -> Result<(), Fault> {
    let given = rows.awaited_by(person)?;
    rows.forget_awaited_by(person)?;
    for one in given {
        let share = rows.share_by_id(one.share)?;
        if !keys.is_ours(share.origin) || one.state != DestinationState::Waiting {
            continue;
        }
        let before = rows.awaited_at(one.share, &one.mailbox, None)?;
        let waits = before.filter(|one| one.state == DestinationState::Waiting);
        let of_house = Awaited {
            person: None,
            ..one
        };
        rows.put_awaited(&match waits {
            Some(before) => on_top(before, of_house),
            None => of_house,
        })?;
    }
    Ok(())
}

fn set_state(
    rows: Rows<'_>,
    one: &Awaited,
    state: DestinationState,
    error: Option<String>,
    now: Timestamp,
) -> Result<(), Fault> {
    Ok(rows.put_awaited(&Awaited {
        state,
        error,
        changed: now,
        ..one.clone()
    })?)
}
