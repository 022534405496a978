//! A share for a household that nobody here knows yet. It is asked for its card by mail, and gets the share once that has
//! come; what is passed on is held against the limits then ([`crate::sharing::forward::passed_later`]). Nothing leaves the house before;
//! after two weeks without an answer it fails, and says so.

use std::collections::BTreeSet;

use super::granting::{Line, sentences};
use super::plan::travels;
use crate::address::{Mailbox, StationName};
use crate::album::{Awaited, DestinationState, Keys, Rows, Share};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::message::Station;
use crate::rules::{Further, Rules, Who};
use crate::sharing::Fault;
use crate::sharing::contacts::card_request::ask_for_card;
use crate::sharing::correspond::Writer;
use crate::words::Language;

const DAY: u64 = 86_400;
/// So long a share waits for a card, in seconds.
pub(in crate::sharing) const PATIENCE: u64 = 14 * DAY;

/// A household that is not known here, with what its stations may do.
#[derive(Debug, Clone)]
pub(in crate::sharing) struct Unknown {
    /// Where it is.
    pub mailbox: Mailbox,
    /// What each may do.
    pub stations: Vec<Station>,
    /// Who it is, as the directory says.
    pub identity: Option<Fingerprint>,
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

/// What is said of a household for whose card a share waited in vain.
pub(in crate::sharing) fn no_card(mailbox: &Mailbox) -> String {
    format!("{mailbox} has not sent its card for two weeks")
}

/// Notes that a share waits for a household, and asks that one for its card. What the same person gives there and waits
/// already stays: other people there keep theirs, and items come on top.
pub(in crate::sharing) fn put(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    new: &Awaited,
) -> Result<(), Fault> {
    let before = rows.awaited_at(new.share, &new.mailbox, new.person.as_ref())?;
    let waits = before.filter(|one| one.state == DestinationState::Waiting);
    match waits {
        Some(before) => rows.put_awaited(&on_top(before, new.clone()))?,
        None => rows.put_awaited(new)?,
    }
    ask_for_card(rows, writer, &new.mailbox, DAY)
}

/// What waits for a mailbox as somebody typed it waits for a household at the mailbox where that is known.
pub(super) fn wait_at(rows: Rows<'_>, one: &Awaited, mailbox: &Mailbox) -> Result<(), Fault> {
    if !rows.take_awaited(one.share, &one.mailbox, one.person.as_ref())? {
        return Ok(());
    }
    rows.forget_card_requests(&one.mailbox)?;
    let before = rows.awaited_at(one.share, mailbox, one.person.as_ref())?;
    let waits = before.filter(|one| one.state == DestinationState::Waiting);
    let there = Awaited {
        mailbox: mailbox.clone(),
        ..one.clone()
    };
    rows.put_awaited(&match waits {
        Some(before) => on_top(before, there),
        None => there,
    })?;
    Ok(())
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
pub(in crate::sharing) fn wait_again(
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
pub(in crate::sharing) fn end_awaited(
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
pub(in crate::sharing) fn fail_all(
    rows: Rows<'_>,
    words: &str,
    now: Timestamp,
) -> Result<(), Fault> {
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
pub(in crate::sharing) fn forget_awaited(rows: Rows<'_>, mailbox: &Mailbox) -> Result<bool, Fault> {
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
pub(in crate::sharing) fn leave_awaited(
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

pub(super) fn set_state(
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
