//! To whom a share went, and how far it got there: households that were given it, that a relay is to give it, and that nobody
//! here knows yet.

use serde::Serialize;
use utoipa::ToSchema;

use super::{StationRules, Told, clean_line, name_of};
use crate::address::{Mailbox, StationName};
use crate::album::{Awaited, ByWay, Destination, DestinationState, Returned, Rows, Share, Went};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::message::{SignedPermit, Station, permit};
use crate::rules::Further;
use crate::sharing::contacts::successor::is_unreached;
use crate::sharing::give::gone_wrong::{goes_wrong, way_goes_wrong};
use crate::sharing::poll::bounces::what_follows;
use crate::sharing::revoke::revoked::revocation_of;
use crate::sharing::share::plan::travels;
use crate::sharing::{Fault, Household};

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
    /// Something of it went there from here, or may have.
    #[serde(skip)]
    pub went: bool,
    /// It was taken back from an identity that is no more, and whoever has its place is told once words are compared.
    pub unreached: bool,
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
}

impl Household {
    /// To whom a share went from here, and how it stands there.
    pub(super) fn sent_to(&self, share: &Share) -> Result<Vec<SentTo>, Fault> {
        let rows = self.album.rows();
        let mut all = Vec::new();
        let ways = rows.by_way(share.id)?;
        for destination in rows.destinations(share.id)? {
            all.extend(self.at_destination(share, &destination, &ways)?);
        }
        for way in ways {
            all.extend(self.sent_by_way(share, &way)?);
        }
        for n in 0..all.len() {
            all[n].carried = carried(&all[n], &all);
        }
        let awaited = rows.awaited(share.id)?;
        if awaited.is_empty() {
            return Ok(all);
        }
        let again = self.awaited_again(share, None, None)?;
        for one in awaited {
            let is_it =
                |again: &Awaited| (&again.mailbox, &again.person) == (&one.mailbox, &one.person);
            let goes_wrong = again.iter().any(is_it);
            all.push(self.awaits(share, one, goes_wrong)?);
        }
        Ok(all)
    }

    /// How it stands with one household that was given it, a line for each of the house who gave.
    fn at_destination(
        &self,
        share: &Share,
        destination: &Destination,
        ways: &[ByWay],
    ) -> Result<Vec<SentTo>, Fault> {
        let rows = self.album.rows();
        let mut all = Vec::new();
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
        let goes_wrong = goes_wrong(rows, share, destination)?;
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
        let unreached = destination.state == Revoked && is_unreached(rows, destination.contact)?;
        let untold = |state| state == Revoked && destination.went == Went::Nothing;
        let ended =
            destination.state == Deleted && !was_stopped(rows, share, &destination.chain())?;
        let whole = SentTo {
            goes_wrong,
            stands_on: false,
            carries: destination.stations.is_empty(),
            never_went: untold(destination.state),
            went: destination.went != Went::Nothing,
            unreached,
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
            return Ok(vec![whole]);
        }
        for one in given {
            let gone = one.ended.or(gone);
            let state = one.state(destination.state);
            all.push(SentTo {
                stations: rules_of(&one.stations, gone, state),
                ended: ended && one.ended.is_none(),
                state: state.as_str(),
                never_went: untold(state),
                unreached: unreached && state == Revoked,
                goes_wrong: goes_wrong && one.ended.is_none() && !one.stations.is_empty(),
                changed: one.ended.unwrap_or(whole.changed),
                passed_by: Some(one.person).filter(|by| !by.is_nobody()),
                ..whole.clone()
            });
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
            went: false,
            unreached: false,
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
            // That was made at the relay.
            went: false,
            unreached: false,
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
