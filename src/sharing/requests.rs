//! A person asks for more of a share, and the household that granted it answers: yes is followed by a grant.

pub(super) mod anew;
pub(super) mod answering;
pub mod asking;
pub mod offer;
pub(super) mod on_top;
pub(super) mod wish;

use std::collections::BTreeMap;

use self::anew::taken_back;
use self::answering::{Answering, open_request};
use serde::Serialize;
use utoipa::ToSchema;

use self::offer::Offer;
use self::wish::{Had, asked_for};
use super::accounts::person::refuse_unknown;
use super::contacts::card_request::{ASK_AGAIN, ask_for_card};
use super::correspond::Writer;
use super::forward::narrow::Narrowing;
use super::identity::{is_to, replaced};
use super::ingest::judge::{Judge, Judged, refused};
use super::listing::granter::asked_of;
use super::listing::named::named_to;
use super::relay::by_way::no_certificate;
use super::stations::rules_for;
use super::words::{check_message, clean_line, clean_text, show_time};
use super::{Fault, Household, Now};
use crate::address::{Mailbox, StationName};
use crate::album::{Contact, DestinationState, Request, RequestState, Rows, Share, ShareState};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint, Id};
use crate::message::{Body, Code, GrantAnswer, GrantRequest, Letter, YesNo};
use crate::rules::{Further, Rules, Who, describe_asked, describe_exactly};
use crate::words::{Language, say};

/// The most requests of others that wait for an answer (PROTOCOL 7).
const MAX_OPEN: u64 = 100;
/// And of one household, so that it keeps no place from the others.
const MAX_OPEN_OF_ONE: u64 = 20;
/// So many of those are looked at, oldest first, for what a yes would give: each costs the opening of keys and more.
const LOOKED_AT: u64 = 25;
/// And of one household, so that the others come to their turn.
const LOOKED_AT_OF_ONE: u64 = 5;
/// What was answered is listed so long after it was asked, in seconds.
const LISTED: u64 = 365 * 86_400;

/// A request as people see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListedRequest {
    /// Its short name.
    pub request: String,
    /// To be answered here; else it was asked from here.
    pub incoming: bool,
    /// The other household.
    #[schema(value_type = Option<String>)]
    pub mailbox: Option<Mailbox>,
    /// What it calls itself.
    pub name: String,
    /// The share.
    pub share: String,
    /// Its title.
    pub title: String,
    /// The person who asks.
    #[schema(value_type = String)]
    pub station: StationName,
    /// For what.
    #[schema(value_type = Object)]
    pub rules: Rules,
    /// The same as a sentence.
    pub words: String,
    /// What the person wrote.
    pub message: String,
    /// `open`, `yes` or `no`.
    pub state: &'static str,
    /// What was answered.
    pub answer: String,
    /// When it was asked.
    #[schema(value_type = String, format = DateTime)]
    pub asked: Timestamp,
    /// What a yes would give now, where it waits for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(ignore)]
    pub offer: Option<Offer>,
}

impl Household {
    /// Asks the household that granted a share for more; gives the request's short name. What `rules` leave open is asked
    /// for as the person has it; without any, the same for another 30 days. What is allowed already is not asked for.
    pub fn ask(
        &mut self,
        reference: &str,
        person: &StationName,
        rules: Option<Narrowing>,
        message: &str,
        now: Now,
    ) -> Result<String, Fault> {
        let share = self.share_called(reference)?;
        let had = self.had(&share, person, now)?;
        let rules = asked_for(rules.as_ref(), &had);
        self.ask_exactly(&share, person, (rules, &had), message, now)
    }

    /// The same with all that is asked for, by somebody who had that.
    pub(super) fn ask_exactly(
        &mut self,
        share: &Share,
        person: &StationName,
        (rules, had): (Rules, &Had),
        message: &str,
        now: Now,
    ) -> Result<String, Fault> {
        let (rows, reference) = (self.album.rows(), &share.reference);
        if self.keys.is_ours(share.origin) {
            let words = format!("{reference} is this household's own");
            return Err(Fault::usage("own", words));
        }
        self.refuse_unknown_person(person)?;
        check_message(message)?;
        let me = self.me();
        let holdings = rows.holdings(share.id)?;
        let to_me = holdings.iter().map(|one| is_to(&one.chain, me));
        if !holdings.is_empty() && !to_me.collect::<Result<Vec<_>, _>>()?.contains(&true) {
            return Err(replaced(reference));
        }
        let granter = asked_of(rows, share)?.map(|(_, contact)| contact);
        let granter = granter
            .ok_or_else(|| Fault::new("unknown_contact", "who shared it is not known any more"))?;
        if had.holds(&rules, now.now) {
            let words = "all of that is allowed already";
            return Err(Fault::usage("allowed_already", words));
        }
        let body = Body::GrantRequest(GrantRequest {
            share: share.wire,
            origin: share.origin,
            station: person.clone(),
            rules: rules.clone(),
            message: message.to_owned(),
        });
        let writer = Writer::new(&self.keys, &self.config, now.now);
        let Some(certificate) = granter.certificate(now.now)? else {
            let asks = |rows: Rows<'_>| ask_for_card(rows, &writer, &granter.mailbox, ASK_AGAIN);
            self.album.commit(asks)?;
            return Err(no_certificate(&granter));
        };
        let (to, at) = (granter.fingerprint, &granter.mailbox);
        let letter = writer.write(&body, to, at, &certificate, now.now)?;
        let request = Request {
            reference: reference_of(self.keys.identity.fingerprint(), letter.id),
            incoming: false,
            letter: letter.id,
            contact: to,
            share: share.id,
            station: person.clone(),
            rules,
            message: message.to_owned(),
            state: RequestState::Open,
            answer: String::new(),
            at: now.now,
        };
        crate::crash::point("ask.before_commit");
        self.album.commit(|rows| {
            refuse_unknown(rows, person)?;
            rows.remove_open_requests(to, share.id, person, false)?;
            rows.put_request(&request)?;
            letter.queue(rows, at, Some(share.id), None, now.now)?;
            Ok::<_, Fault>(())
        })?;
        crate::crash::point("ask.after_commit");
        Ok(request.reference)
    }

    /// All requests, with what a yes would give now to those that wait for one, or why none can be said. Only the disk and
    /// the box itself keep anybody from that list.
    pub fn requests_foreseen(&self, now: Now) -> Result<Vec<ListedRequest>, Fault> {
        let rows = self.album.rows();
        let mut listed = self.requests()?;
        let (mut looked_at, mut of_each) = (0, BTreeMap::new());
        for one in listed.iter_mut().rev() {
            let request = rows.request(&one.request)?.filter(Request::waits_here);
            let Some(request) = request else {
                continue;
            };
            let Some(contact) = rows.contact(request.contact)? else {
                continue;
            };
            // Of who is shut out nothing is looked at that costs anything.
            if contact.is_heard() {
                let of_one: &mut u64 = of_each.entry(contact.fingerprint).or_default();
                if looked_at >= LOOKED_AT || *of_one >= LOOKED_AT_OF_ONE {
                    one.offer = Some(Offer::none(others_first()));
                    continue;
                }
                looked_at += 1;
                *of_one += 1;
            }
            let share = rows.share_by_id(request.share)?;
            let mut offer = self.offer(&request, &contact, &share, now)?;
            if offer.rules.is_some() {
                let show = |time| show_time(self.language, time);
                let who = Who::Named(request.station.as_str());
                let told =
                    |has: &Rules| describe_exactly(self.language, who, has, Further::Unsaid, show);
                let has = had(rows, &request)?.map(|has| told(&has));
                offer.words = so_far(self.language, offer.words, has);
            }
            one.offer = Some(offer);
        }
        Ok(listed)
    }

    /// All requests, those of others and those of this house, newest first.
    pub fn requests(&self) -> Result<Vec<ListedRequest>, Fault> {
        let rows = self.album.rows();
        let language = self.language;
        let show = |time| show_time(language, time);
        let mut listed = Vec::new();
        for request in rows.requests()? {
            let contact = rows.contact(request.contact)?;
            let share = rows.share_by_id(request.share)?;
            let name = contact.as_ref().map(|contact| clean_line(&contact.name));
            let has = had(rows, &request)?;
            let who = Who::Named(request.station.as_str());
            let has_now = |has: &Rules| describe_exactly(language, who, has, Further::Unsaid, show);
            // Whoever may pass on anew may do so with all that they may themselves.
            let anew = has.as_ref().is_none_or(|has| !has.forward);
            let further = if anew { Further::Same } else { Further::Unsaid };
            let asked = describe_asked(language, who, &request.rules, further, show);
            let words = so_far(language, asked, has.as_ref().map(has_now));
            // Who asks here calls it as it was called to them.
            let theirs = match request.incoming {
                true => None,
                false => named_to(rows, share.id, &request.station)?,
            };
            listed.push(ListedRequest {
                name: name.unwrap_or_else(|| say(language, "forgotten-household", &[])),
                mailbox: contact.map(|contact| contact.mailbox),
                share: share.reference,
                title: clean_line(theirs.as_ref().map_or(&share.title, |one| &one.title)),
                words,
                message: clean_text(&request.message),
                answer: clean_text(&request.answer),
                state: request.state.as_str(),
                request: request.reference,
                incoming: request.incoming,
                station: request.station,
                rules: request.rules,
                asked: request.at,
                offer: None,
            });
        }
        Ok(listed)
    }

    /// Forgets requests that were answered long ago. The letters that brought them are still known, so that none comes back.
    pub(super) fn forget_requests(&mut self, floor: Timestamp) -> Result<(), Fault> {
        let until = floor.minus_seconds(LISTED);
        if self.album.rows().has_old_requests(until)? {
            self.album.commit(|rows| rows.forget_old_requests(until))?;
        }
        Ok(())
    }

    /// Answers a request of another household. Yes grants what was asked, within what may be granted from here; where the
    /// parts it needs are not kept any more, the items are shared anew. Gives the share that was granted.
    pub fn answer(
        &mut self,
        reference: &str,
        yes: bool,
        message: &str,
        now: Now,
    ) -> Result<Option<String>, Fault> {
        let rows = self.album.rows();
        let request = open_request(rows, reference)?;
        check_message(message)?;
        let contact = rows.contact(request.contact)?;
        // What is granted waits for a certificate by itself; a no would be lost. Who is not heard is told nothing of it.
        if let Some(heard) = contact.as_ref().filter(|one| !yes && one.is_heard())
            && heard.certificate(now.now)?.is_none()
        {
            let writer = Writer::new(&self.keys, &self.config, now.now);
            let asks = |rows: Rows<'_>| ask_for_card(rows, &writer, &heard.mailbox, ASK_AGAIN);
            self.album.commit(asks)?;
            return Err(no_certificate(heard));
        }
        let answer = Answering {
            request: &request,
            yes,
            message,
        };
        crate::crash::point("answer.before_commit");
        let granted = match yes {
            true => {
                let unknown = || Fault::new("unknown_contact", "who asks is not known any more");
                let contact = contact.ok_or_else(unknown)?;
                let share = rows.share_by_id(request.share)?;
                Some(self.grant_request(&answer, &contact, &share, now)?)
            }
            false => {
                let writer = Writer::new(&self.keys, &self.config, now.now);
                self.album.commit(|rows| answer.note(rows, &writer))?;
                None
            }
        };
        crate::crash::point("answer.after_commit");
        Ok(granted)
    }

    fn grant_request(
        &mut self,
        answer: &Answering<'_>,
        contact: &Contact,
        share: &Share,
        now: Now,
    ) -> Result<String, Fault> {
        let yes = self.yes_to(answer.request, contact, share, now)?;
        let order = yes.order(share);
        let given = match share.state == ShareState::Revoked {
            true => Err(taken_back()),
            false => self
                .forward_for(&order, Some(answer), now)
                .map(|forwarded| forwarded.share),
        };
        match given {
            Err(fault) if self.is_shared_anew(share, &fault) => {
                let order = self.order_anew(share, yes)?.ok_or(fault)?;
                let shared = self.share_for(&order, Some(answer), now, &mut |_| {})?;
                Ok(shared.share)
            }
            given => given,
        }
    }
}

/// Why it is not said what a yes would give to one of many.
fn others_first() -> Fault {
    let words = "others that came before this one wait for an answer: answer those first";
    Fault::new("others_first", words)
}

/// What the person who asks has, where the request is of another household and waits for an answer.
fn had(rows: Rows<'_>, request: &Request) -> Result<Option<Rules>, Fault> {
    if !request.waits_here() {
        return Ok(None);
    }
    let destination = rows.destination_at(request.share, request.contact)?;
    let has = destination.and_then(|one| rules_for(&one.stations, &request.station).cloned());
    Ok(has.filter(|has| !has.is_nothing()))
}

/// What is asked for or would be given, and what the person has.
fn so_far(language: Language, asked: String, has: Option<String>) -> String {
    match has {
        Some(has) => {
            let values = [("asked", asked.into()), ("has", has.into())];
            say(language, "asked-so-far", &values)
        }
        None => asked,
    }
}

impl Judge<'_> {
    /// A station of another household asks for more of what that household was granted here.
    pub(super) fn take_grant_request(
        &self,
        rows: Rows<'_>,
        from: &Contact,
        letter: &Letter,
        asked: &GrantRequest,
    ) -> Result<Judged, Fault> {
        let granted_nothing = "a grant-request from a household that was granted nothing of it";
        let Some(share) = rows.share_by_wire(asked.origin, asked.share)? else {
            return Ok(refused(Code::Chain, granted_nothing));
        };
        let destination = rows.destination_at(share.id, from.fingerprint)?;
        let Some(destination) = destination else {
            return Ok(refused(Code::Chain, granted_nothing));
        };
        if destination.state == DestinationState::Refused {
            return Ok(refused(Code::Chain, granted_nothing));
        }
        rows.remove_open_requests(from.fingerprint, share.id, &asked.station, true)?;
        let of_one = rows.open_requests_of(from.fingerprint)?;
        if of_one >= MAX_OPEN_OF_ONE || rows.open_requests()? >= MAX_OPEN {
            return Ok(refused(Code::Quota, "too many requests wait for an answer"));
        }
        rows.put_request(&Request {
            reference: reference_of(from.fingerprint, letter.header.id),
            incoming: true,
            letter: letter.header.id,
            contact: from.fingerprint,
            share: share.id,
            station: asked.station.clone(),
            rules: asked.rules.clone(),
            message: asked.message.clone(),
            state: RequestState::Open,
            answer: String::new(),
            at: self.now.now,
        })?;
        super::notify::knock::asks(rows, from.fingerprint, self.now.now)?;
        Ok(Judged::Taken)
    }

    /// The answer to a request of this house.
    pub(super) fn take_grant_answer(
        &self,
        rows: Rows<'_>,
        from: &Contact,
        answer: &GrantAnswer,
    ) -> Result<Judged, Fault> {
        let Some(request) = rows.own_request(from.fingerprint, answer.request)? else {
            return Ok(refused(Code::Addressee, "an answer to what was not asked"));
        };
        let state = match answer.answer {
            YesNo::Yes => RequestState::Yes,
            YesNo::No => RequestState::No,
        };
        if request.state == RequestState::Open {
            rows.answer_request(&request.reference, state, &answer.message)?;
        }
        Ok(Judged::Taken)
    }
}

/// What people type; chosen by nobody.
fn reference_of(who: Fingerprint, letter: Id) -> String {
    Digest::of(format!("hearthpost request {who} {letter}").as_bytes()).to_string()[..8].to_owned()
}
