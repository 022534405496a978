//! Shares that this household made or passed on: where they went, how far each got, and copies further on.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use utoipa::ToSchema;

use super::{StationRules, Told, clean_line, name_of};
use crate::address::{Mailbox, StationName};
use crate::album::{
    Awaited, ByWay, CopyState, DestinationState, Returned, Rows, Share, SharedBy, Went,
};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::message::{SignedPermit, Station, permit};
use crate::rules::{Further, Tier, Together, Who, describe_ended, describe_exactly};
use crate::sharing::bounces::what_follows;
use crate::sharing::by_way::way_of;
use crate::sharing::gone_wrong::{goes_wrong, way_goes_wrong};
use crate::sharing::plan::{most_further_on, travels};
use crate::sharing::revoked::revocation_of;
use crate::sharing::words::show_time;
use crate::sharing::{Fault, Household};

/// A share of this household's own.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SentShare {
    /// Its short name here.
    pub share: String,
    /// The title.
    pub title: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created: Timestamp,
    /// Whether it is this household's own; another's was passed on from here.
    pub own: bool,
    /// Who of the house shared it; none: somebody at the command line, or who has left the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    pub by: Option<StationName>,
    /// Whose it is.
    #[serde(skip)]
    pub whose: SharedBy,
    /// How many items it has.
    pub count: u64,
    /// What they are, for people.
    #[serde(skip)]
    pub kind: Together,
    /// The own items that it was made from, by their short names, as far as they are in the album and whoever asks sees them.
    pub made_from: Vec<String>,
    /// The households it was granted to.
    pub destinations: Vec<SentTo>,
    /// Copies further on, as far as receipts told.
    pub copies: Vec<Copy>,
}

/// A copy that another household passed on.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Copy {
    /// Who has it.
    #[schema(value_type = String)]
    pub household: Fingerprint,
    /// Where that is, if it is known here.
    #[schema(value_type = Option<String>)]
    pub mailbox: Option<Mailbox>,
    /// What that household calls itself, if it is known here.
    pub name: Option<String>,
    /// Who passed it on.
    #[schema(value_type = String)]
    pub by: Fingerprint,
    /// What that household calls itself, if it is known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    pub by_name: Option<String>,
    /// Where that is, if it is known here.
    #[schema(value_type = Option<String>)]
    pub by_mailbox: Option<Mailbox>,
    /// The best tier that it has of any item.
    #[schema(value_type = String)]
    pub tier: Tier,
    /// How many items; `None`: all.
    pub items: Option<usize>,
    /// The most that may be done there, as a sentence: what really was granted only that household knows.
    pub words: String,
    /// Until when at most.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub until: Option<Timestamp>,
    /// `forwarded`, `revoked` or `deleted`.
    pub state: &'static str,
    /// It was taken back before anything of it had gone there.
    pub never_went: bool,
    /// When that last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
}

/// How far a share got at one household.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SentTo {
    /// Where.
    #[schema(value_type = String)]
    pub mailbox: Mailbox,
    /// Which household, where its card is known: others may have been at that mailbox before.
    #[serde(skip)]
    pub household: Option<Fingerprint>,
    /// What the people there may do.
    pub stations: Vec<StationRules>,
    /// What the household calls itself.
    pub name: String,
    /// `waiting`, `queued`, `sent`, `delivered`, `refused`, `failed`, `revoked` or `deleted`.
    pub state: &'static str,
    /// Why not further.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The person of this house who passed it on.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub passed_by: Option<StationName>,
    /// When that last changed.
    #[schema(value_type = String, format = DateTime)]
    pub changed: Timestamp,
    /// What a mail about it said that came back. Anybody can write one: a doubt, until the household answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounce: Option<String>,
    /// By way of which household it goes, if not straight.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, required = false)]
    pub via: Option<Mailbox>,
    /// Since when it is asked for its card, where nobody here knows it: what waits goes once that has come.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime, required = false)]
    pub asked: Option<Timestamp>,
    /// When what a full mailbox sent back goes again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    pub again: Option<Timestamp>,
    /// It did not get there, came back, or is missing there, and can be sent again.
    pub goes_wrong: bool,
    /// It was taken back before anything of it had gone there: nobody is asked to delete it.
    pub never_went: bool,
    /// It is gone there, and nobody stopped it: it ended by its rules.
    #[serde(skip)]
    pub ended: bool,
    /// It was given this by the household by way of which it went, on whose own copy it stands.
    #[serde(skip)]
    pub stands_on: bool,
    /// It has no copy of its own: it only carries this for others.
    #[serde(skip)]
    pub carries: bool,
    /// It only carried this for others, and has forgotten it since: what it did with it before, as far as is known.
    #[serde(skip)]
    pub carried: Option<Carried>,
}

/// What a household did with what it carried for others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carried {
    /// It handed something on.
    HandedOn,
    /// It handed nothing on: that was over, or taken back before.
    Nothing,
    /// It has not said.
    Unsaid,
}

impl SentTo {
    /// Whether somebody means it who says this mailbox, or the whole fingerprint.
    pub(super) fn is_called(&self, who: &str) -> bool {
        let household = self.household.map(|household| household.to_string());
        self.mailbox.as_str() == who || household.as_deref() == Some(who)
    }

    /// Whether it only carried this for others, and has forgotten it since: then it had nothing to delete.
    pub fn has_carried(&self) -> bool {
        self.carried.is_some()
    }
}

impl Household {
    /// What this household shared or passed on, newest first.
    pub fn sent(&self) -> Result<Vec<SentShare>, Fault> {
        self.all_sent(None)
    }

    /// The same as a viewer of the album sees it, who is told of no items that are another's alone.
    pub(super) fn all_sent(&self, viewer: Option<&StationName>) -> Result<Vec<SentShare>, Fault> {
        let _moment = self.album.moment()?;
        let shares = self.album.rows().shares()?;
        let sent = shares.iter().map(|share| self.sent_out(share, viewer));
        sent.filter_map(Result::transpose).collect()
    }

    /// A share as it went out; `None`: nothing of it did.
    pub(super) fn sent_out(
        &self,
        share: &Share,
        viewer: Option<&StationName>,
    ) -> Result<Option<SentShare>, Fault> {
        let rows = self.album.rows();
        let own = self.keys.is_ours(share.origin);
        let destinations = self.sent_to(share)?;
        if !own && destinations.is_empty() {
            return Ok(None);
        }
        let whose = rows.shared_by(share.id)?;
        Ok(Some(SentShare {
            by: whose.person().cloned(),
            whose,
            share: share.reference.clone(),
            title: clean_line(&share.title),
            created: share.created,
            own,
            count: match own {
                true => rows.count_share_items(share.id)?,
                false => passed_on(rows, share)?,
            },
            kind: rows.kinds_of_share(share.id)?,
            made_from: rows.own_items_of(share.id, viewer)?,
            destinations,
            copies: self.copies(share)?,
        }))
    }

    /// The copies further on of which receipts told. Of those that one household gave another, one after the other, the
    /// newest: it has taken the place of those before.
    pub(super) fn copies(&self, share: &Share) -> Result<Vec<Copy>, Fault> {
        let rows = self.album.rows();
        let mut copies = Vec::new();
        let mut newest: BTreeMap<(Fingerprint, Fingerprint), (bool, Timestamp)> = BTreeMap::new();
        let mut known = Vec::new();
        for copy in rows.onward_copies(share.id)? {
            let chain = permit::all_of_stored(&copy.chain)?;
            if let Some(last) = chain.last() {
                // One that never went has taken no place.
                let which = (!copy.never_went, last.permit().issued);
                let so_far = newest.entry((copy.holder, last.permit().from));
                let so_far = so_far.or_insert(which);
                *so_far = which.max(*so_far);
                known.push((copy, chain));
            }
        }
        let language = self.language;
        let show = |time| show_time(language, time);
        for (copy, chain) in known {
            let Some(last) = chain.last() else {
                continue;
            };
            let which = (!copy.never_went, last.permit().issued);
            if newest.get(&(copy.holder, last.permit().from)) != Some(&which) {
                continue;
            }
            // What was to be passed on there is listed with the households it was shared with.
            if way_of(rows, share.id, &chain)?.is_some() {
                continue;
            }
            let most = most_further_on(&chain);
            let contact = rows.contact(copy.holder)?;
            copies.push(Copy {
                household: copy.holder,
                mailbox: self.mailbox_of(copy.holder)?,
                name: contact.map(|contact| clean_line(&contact.name)),
                by: last.permit().from,
                by_name: rows
                    .contact(last.permit().from)?
                    .map(|contact| clean_line(&contact.name)),
                by_mailbox: self.mailbox_of(last.permit().from)?,
                tier: last.permit().tier,
                items: last.permit().items.as_ref().map(Vec::len),
                words: match copy.state {
                    CopyState::Forwarded => {
                        // What travels on from there is told by whom it reaches.
                        let further = Further::Unsaid;
                        describe_exactly(language, Who::SomeoneThere, &most, further, show)
                    }
                    _ => {
                        let end = most
                            .not_after
                            .map_or(copy.changed, |end| end.min(copy.changed));
                        describe_ended(language, Who::SomeoneThere, &most, end, show)
                    }
                },
                until: most.not_after,
                state: copy.state.as_str(),
                changed: copy.changed,
                never_went: copy.never_went,
            });
        }
        Ok(copies)
    }

    pub(super) fn sent_to(&self, share: &Share) -> Result<Vec<SentTo>, Fault> {
        let rows = self.album.rows();
        let mut all = Vec::new();
        let ways = rows.by_way(share.id)?;
        for destination in rows.destinations(share.id)? {
            let returned = match &destination.bounce {
                Some(_) => rows.returned(destination.id)?,
                None => Returned::default(),
            };
            let waits = destination.state == DestinationState::Queued;
            let met = if waits {
                rows.outbox_error(destination.id)?
            } else {
                None
            };
            use DestinationState::{Deleted, Revoked};
            let gone = match destination.state {
                Revoked | Deleted => Some(destination.changed),
                _ => share.ended,
            };
            let goes_wrong = goes_wrong(rows, share, &destination)?;
            let given = rows.given_by(destination.id)?;
            let permit = SignedPermit::of_stored(&destination.permit)?;
            let onward = permit.permit().onward.as_ref();
            let rules_of = |stations: &[Station], gone, state| {
                let told = Told {
                    language: self.language,
                    mailbox: &destination.mailbox,
                    stations,
                    there: true,
                    further: onward.map(|onward| &onward.rules).into(),
                };
                // It was all there when its receipt came, at the latest.
                let there = state == DestinationState::Delivered;
                told.all(gone, Some(destination.changed).filter(|_| there))
            };
            let untold = |state| state == Revoked && destination.went == Went::Nothing;
            let ended =
                destination.state == Deleted && !was_stopped(rows, share, &destination.chain())?;
            let whole = SentTo {
                goes_wrong,
                stands_on: false,
                carries: destination.stations.is_empty(),
                never_went: untold(destination.state),
                carried: None,
                household: Some(destination.contact),
                name: name_of(self.language, rows.contact(destination.contact)?.as_ref()),
                stations: rules_of(&destination.stations, gone, destination.state),
                ended,
                mailbox: destination.mailbox.clone(),
                state: destination.state.as_str(),
                error: destination
                    .error
                    .clone()
                    .or(met)
                    .map(|error| clean_line(&error)),
                passed_by: destination.passed_by.clone(),
                changed: destination.changed,
                bounce: destination
                    .bounce
                    .as_ref()
                    .map(|said| clean_line(said) + &what_follows(returned)),
                again: returned.again,
                asked: None,
                via: match ways.iter().find(|way| way.contact == destination.contact) {
                    Some(way) => self.mailbox_of(way.relay)?,
                    None => None,
                },
            };
            // Of another's share, a line for each person who passed it on.
            if given.is_empty() {
                all.push(whole);
                continue;
            }
            for one in given {
                let gone = one.ended.or(gone);
                let state = one.state(destination.state);
                all.push(SentTo {
                    stations: rules_of(&one.stations, gone, state),
                    ended: ended && one.ended.is_none(),
                    state: state.as_str(),
                    never_went: untold(state),
                    goes_wrong: goes_wrong && one.ended.is_none() && !one.stations.is_empty(),
                    changed: one.ended.unwrap_or(whole.changed),
                    passed_by: Some(one.person).filter(|by| !by.is_nobody()),
                    ..whole.clone()
                });
            }
        }
        for way in ways {
            all.extend(self.sent_by_way(share, &way)?);
        }
        for n in 0..all.len() {
            all[n].carried = carried(&all[n], &all);
        }
        let again = self.awaited_again(share, None, None)?;
        for one in rows.awaited(share.id)? {
            let is_it =
                |again: &Awaited| (&again.mailbox, &again.person) == (&one.mailbox, &one.person);
            let goes_wrong = again.iter().any(is_it);
            all.push(self.awaits(share, one, goes_wrong)?);
        }
        Ok(all)
    }

    /// How it stands with a household whose card a share waits for.
    fn awaits(&self, share: &Share, one: Awaited, goes_wrong: bool) -> Result<SentTo, Fault> {
        let gone = match one.state {
            DestinationState::Revoked => Some(one.changed),
            _ => share.ended,
        };
        let onward = travels(&one.stations, one.onward.as_ref(), None, one.begun);
        let told = Told {
            language: self.language,
            mailbox: &one.mailbox,
            stations: &one.stations,
            there: true,
            further: onward.as_ref().into(),
        };
        let asked = self.album.rows().card_requests()?;
        let mut asked = asked.into_iter().filter(|to| to.mailbox == one.mailbox);
        let waits = one.state == DestinationState::Waiting;
        Ok(SentTo {
            stations: told.all(gone, None),
            ended: false,
            household: None,
            name: one.mailbox.to_string(),
            state: one.state.as_str(),
            error: one.error.as_deref().map(clean_line),
            passed_by: one.person,
            changed: one.changed,
            // The question may not have arrived.
            bounce: asked
                .find_map(|to| to.trouble)
                .filter(|_| waits)
                .map(|said| clean_line(&said)),
            via: None,
            asked: Some(one.begun),
            again: None,
            goes_wrong,
            stands_on: false,
            carries: false,
            never_went: one.state == DestinationState::Revoked,
            carried: None,
            mailbox: one.mailbox,
        })
    }

    /// How far a share got at a household to which a relay makes the grant.
    fn sent_by_way(&self, share: &Share, way: &ByWay) -> Result<Option<SentTo>, Fault> {
        let contact = self.album.rows().contact(way.contact)?;
        let (Some(stations), Some(contact)) = (&way.stations, contact) else {
            return Ok(None);
        };
        use DestinationState::{Deleted, Revoked};
        let gone = match way.state {
            Revoked | Deleted => Some(way.changed),
            _ => share.ended,
        };
        let told = Told {
            language: self.language,
            mailbox: &contact.mailbox,
            stations,
            there: true,
            further: Further::Unsaid,
        };
        let there = way.state == DestinationState::Delivered;
        Ok(Some(SentTo {
            goes_wrong: way_goes_wrong(self.album.rows(), share, way)?,
            stands_on: true,
            carries: false,
            ended: false,
            never_went: way.state == Revoked && !way.went,
            carried: None,
            household: Some(way.contact),
            name: name_of(self.language, Some(&contact)),
            stations: told.all(gone, Some(way.changed).filter(|_| there)),
            state: way.state.as_str(),
            error: way.error.clone(),
            passed_by: None,
            changed: way.changed,
            bounce: None,
            via: self.mailbox_of(way.relay)?,
            again: None,
            asked: None,
            mailbox: contact.mailbox,
        }))
    }

    /// The mailbox of an identity, this household's own included.
    pub(in crate::sharing) fn mailbox_of(
        &self,
        who: Fingerprint,
    ) -> Result<Option<Mailbox>, Fault> {
        if self.keys.is_ours(who) {
            return Ok(Some(self.config.mailbox.clone()));
        }
        Ok(self
            .album
            .rows()
            .contact(who)?
            .map(|contact| contact.mailbox))
    }
}

/// What a household did with what it carried, by how far that got at those it was to hand it on to.
fn carried(one: &SentTo, all: &[SentTo]) -> Option<Carried> {
    use DestinationState::{Deleted, Delivered, Failed, Refused};
    if !one.stations.is_empty() || one.state != Deleted.as_str() {
        return None;
    }
    let mut behind = all
        .iter()
        .filter(|to| to.via.as_ref() == Some(&one.mailbox));
    let is = |to: &SentTo, states: &[DestinationState]| {
        states.iter().any(|state| state.as_str() == to.state)
    };
    if behind
        .clone()
        .any(|to| is(to, &[Delivered, Deleted, Refused]))
    {
        return Some(Carried::HandedOn);
    }
    match behind.all(|to| to.never_went || is(to, &[Failed])) {
        true => Some(Carried::Nothing),
        false => Some(Carried::Unsaid),
    }
}

/// Whether somebody took back what stands on these permits.
fn was_stopped(rows: Rows<'_>, share: &Share, chain: &[Vec<u8>]) -> Result<bool, Fault> {
    let chain = permit::all_of_stored(chain)?;
    Ok(revocation_of(rows, (share.origin, share.wire), &chain)?.is_some())
}

/// How many items of another's share went on from here.
fn passed_on(rows: Rows<'_>, share: &Share) -> Result<u64, Fault> {
    let mut items = BTreeSet::new();
    for destination in rows.destinations(share.id)? {
        let permit = SignedPermit::of_stored(&destination.permit)?;
        match &permit.permit().items {
            Some(named) => items.extend(named.iter().copied()),
            None => return Ok(rows.count_share_items(share.id)?),
        }
    }
    match items.len() {
        // What waits for a card alone has no permit yet.
        0 => Ok(rows.count_share_items(share.id)?),
        count => Ok(count as u64),
    }
}
