//! What a yes to a request of another household gives: what the person had, and on top of it what is asked for, as far as it
//! may be given from here. What is said of it beforehand is worked out as what is done.

use serde::Serialize;

use super::on_top::{PeriodStart, on_top};
use crate::address::{StationAddress, StationName};
use crate::album::{Contact, GivenBy, Request, Rows, Share, ShareItem};
use crate::encoding::Timestamp;
use crate::message::{Onward, SignedManifest, SignedPermit, Station};
use crate::rules::{Further, Rules, Who, describe_exactly};
use crate::sharing::forward::ForwardOrder;
use crate::sharing::forward::narrow::{Narrowing, narrowed};
use crate::sharing::forward::onward::refuse_empty;
use crate::sharing::give::stands;
use crate::sharing::share::plan::{absolute, travels};
use crate::sharing::stations::rules_for;
use crate::sharing::words::show_time;
use crate::sharing::{Fault, Household, Now};
use crate::words::{Language, say};

/// What a yes would give, as people see it.
#[derive(Debug, Clone, Serialize)]
pub struct Offer {
    /// What the person may do then; `None`: no yes can be said.
    pub rules: Option<Rules>,
    /// The same as a sentence.
    pub words: String,
    /// Something that is asked for may not be given from here, and is left out.
    pub less: bool,
    /// Why no yes can be said.
    pub why_not: Option<String>,
}

/// What a yes gives.
#[derive(Clone)]
pub(in crate::sharing) struct Yes {
    /// To whom.
    pub address: StationAddress,
    /// What that person may do then.
    pub rules: Rules,
    /// What may travel on from there, where that is said.
    pub onward: Option<Rules>,
    /// Of which items.
    pub items: Vec<ShareItem>,
    /// Who of this house gives it; `None`: the house, of its own.
    pub by: Option<StationName>,
    /// Something that is asked for may not be given from here.
    less: bool,
    /// So many looks come on top of those that the person had, where they are counted on.
    looks: Option<u64>,
    /// What may travel on from there in all.
    travels: Option<Rules>,
}

impl Offer {
    /// No yes can be said, for that reason.
    pub(in crate::sharing) fn none(why: Fault) -> Self {
        Offer {
            rules: None,
            words: String::new(),
            less: true,
            why_not: Some(why.message),
        }
    }
}

impl Yes {
    /// The order to give it.
    pub fn order(&self, share: &Share) -> ForwardOrder {
        ForwardOrder {
            share: share.reference.clone(),
            items: self.items.iter().map(|one| one.reference.clone()).collect(),
            person: self.by.clone(),
            stations: vec![(self.address.clone(), Narrowing::exactly(self.rules.clone()))],
            onward: self.onward.clone(),
            yes: true,
            ..ForwardOrder::default()
        }
    }
}

impl Household {
    /// What a yes to that request would give now.
    pub(in crate::sharing) fn offer(
        &self,
        request: &Request,
        contact: &Contact,
        share: &Share,
        now: Now,
    ) -> Result<Offer, Fault> {
        let planned = self.yes_to(request, contact, share, now).and_then(|yes| {
            self.foresee_yes(yes.clone(), share, now)?;
            Ok(yes)
        });
        let show = |time| show_time(self.language, time);
        match planned {
            Ok(yes) => Ok(Offer {
                words: with_looks(
                    self.language,
                    describe_exactly(
                        self.language,
                        Who::Named(request.station.as_str()),
                        &yes.rules,
                        Further::from(yes.travels.as_ref()),
                        show,
                    ),
                    yes.looks,
                ),
                less: yes.less,
                rules: Some(yes.rules),
                why_not: None,
            }),
            // What lies in the way of this one alone says why; it keeps nobody from the others.
            Err(fault) if fault.is_of_box() => Err(fault),
            Err(fault) => Ok(Offer::none(fault)),
        }
    }

    /// What a yes to that request gives, or why there is none.
    pub(super) fn yes_to(
        &self,
        request: &Request,
        contact: &Contact,
        share: &Share,
        now: Now,
    ) -> Result<Yes, Fault> {
        self.refuse_to_give(contact)?;
        let rows = self.album.rows();
        let destination = rows.destination_at(share.id, contact.fingerprint)?;
        let destination = destination
            .ok_or_else(|| Fault::new("not_given", "who asks was granted nothing of this share"))?;
        let permit = SignedPermit::of_stored(&destination.permit)?;
        let mut items = rows.share_items(share.id)?;
        items.retain(|item| permit.permit().covers(item.wire));
        let widest = widest_giver(rows, destination.id, &request.station, &items)?;
        if let Some(given) = &widest {
            items.retain(|item| is_given(given, item));
        }
        // An order that names no item is one of all that may be given.
        if items.is_empty() {
            let words = format!(
                "nothing is left of what {} was given of this share",
                request.station
            );
            return Err(Fault::new("not_given", words));
        }
        let by = widest.map(|one| one.person);
        let by = by.or_else(|| destination.passed_by.clone());
        let limits = self.limits(share, by.as_ref(), now)?;
        // What the person had stays, and what was asked comes on top of it.
        let had = rules_for(&destination.stations, &request.station);
        let begun = PeriodStart::of(&destination);
        // What is gone there counts from nothing when it comes again.
        let counts_on = stands(&destination);
        let wished = match had {
            Some(had) => on_top(had, &request.rules, begun, now.now),
            None => request.rules.clone(),
        };
        let (mut rules, mut less) = (wished.clone(), false);
        if let Some((ceiling, _)) = &limits {
            rules = within(had, &wished, ceiling, begun, now.now)?;
            less = !wished.within(&rules);
        }
        rules = narrowed(Some(&Narrowing::exactly(rules)), None, now.now)?;
        let looks = rules.views;
        let onward = onward_kept(&permit, had, &rules, request, now.now);
        let bounds = limits.as_ref().map(|(_, onward)| onward);
        let station = [Station {
            name: request.station.clone(),
            rules: rules.clone(),
        }];
        let travels = travels(&station, onward.as_ref(), bounds, now.now);
        refuse_empty(&contact.mailbox, &station, travels.as_ref(), now.now)?;
        Ok(Yes {
            address: StationAddress {
                mailbox: contact.mailbox.clone(),
                station: request.station.clone(),
            },
            rules,
            onward,
            items,
            by,
            less,
            looks: had
                .filter(|_| counts_on)
                .and_then(|had| had.views.zip(looks))
                .and_then(|(had, new)| new.checked_sub(had))
                .filter(|more| *more > 0),
            travels,
        })
    }

    /// The most that somebody of the house may give of a share and let travel on; `None`: it is this house's own.
    fn limits(
        &self,
        share: &Share,
        by: Option<&StationName>,
        now: Now,
    ) -> Result<Option<(Rules, Onward)>, Fault> {
        if self.keys.is_ours(share.origin) {
            return Ok(None);
        }
        if by.is_none() {
            let words = "who passed this on has left the house: nobody here may give more of it";
            return Err(Fault::new("denied", words));
        }
        self.refuse_ended(share)?;
        let manifest = SignedManifest::verify(&self.album.rows().manifest(share.id)?)?;
        let basis = self.basis(share, by, now, &manifest)?;
        let onward = basis.ground.onward().cloned();
        Ok(basis.ceiling.zip(onward))
    }
}

/// The sentence of what a yes gives, with how many looks that is more: what was used of them counts on.
fn with_looks(language: Language, words: String, more: Option<u64>) -> String {
    match more {
        Some(more) => {
            let values = [("words", words.into()), ("count", more.into())];
            say(language, "more-looks", &values)
        }
        None => words,
    }
}

/// As much of what is wished as may be given; refused where that is nothing more than the person had.
fn within(
    had: Option<&Rules>,
    wished: &Rules,
    ceiling: &Rules,
    begun: PeriodStart,
    now: Timestamp,
) -> Result<Rules, Fault> {
    let given = wished.meet(ceiling);
    let nothing = match had {
        None => given.is_nothing(),
        // Whatever was passed on otherwise stays: a yes takes nothing away.
        Some(had) => {
            let stays = absolute(had, now).within(&absolute(&given, now));
            !stays || absolute(&given, now).within(&absolute(had, begun.after))
        }
    };
    let has = |had: &Rules| absolute(wished, now).within(&absolute(had, begun.after));
    match nothing {
        true if had.is_some_and(has) => {
            let words = "all of that is allowed already";
            Err(Fault::new("allowed_already", words))
        }
        true => {
            let words = "nothing of what is asked for may be given from here";
            Err(Fault::new("denied", words))
        }
        false => Ok(given),
    }
}

/// Whether somebody gave that item; of whom it is not noted, all that went.
fn is_given(by: &GivenBy, item: &ShareItem) -> bool {
    let items = by.items.as_ref();
    items.is_none_or(|items| items.contains(&item.wire))
}

/// Of several of the house who give there, the one who gives that person the most; who gives none of these items any more is
/// the last.
fn widest_giver(
    rows: Rows<'_>,
    destination: i64,
    person: &StationName,
    items: &[ShareItem],
) -> Result<Option<GivenBy>, Fault> {
    let given = rows.given_by(destination)?.into_iter();
    let here = |one: &GivenBy| one.ended.is_none() && !one.person.is_nobody();
    let rules_of = |one: &GivenBy| rules_for(&one.stations, person).cloned();
    let stands = given.filter(|one| here(one) && rules_of(one).is_some());
    let gives = |one: &GivenBy| items.iter().any(|item| is_given(one, item));
    Ok(stands.reduce(|a, b| match (gives(&a), gives(&b)) {
        (true, false) => a,
        (false, true) => b,
        _ => match rules_of(&a).zip(rules_of(&b)) {
            Some((a_may, b_may)) if a_may.within(&b_may) => b,
            _ => a,
        },
    }))
}

/// What may travel on stays as it was, unless passing on is what is asked for and there was none any more. Where it was to
/// end no sooner than what the person may, it goes on as long as that.
fn onward_kept(
    permit: &SignedPermit,
    had: Option<&Rules>,
    rules: &Rules,
    request: &Request,
    now: Timestamp,
) -> Option<Rules> {
    let permit = permit.permit();
    let mut onward = permit
        .onward
        .as_ref()
        .filter(|_| rules.forward)?
        .rules
        .clone();
    let over = onward.not_after.is_some_and(|end| end <= now);
    if over && request.rules.forward {
        return None;
    }
    let end = had.and_then(|had| absolute(had, permit.issued).not_after);
    if let (Some(travels), Some(own)) = (onward.not_after, end)
        && travels >= own
    {
        let new = absolute(rules, now).not_after;
        onward.not_after = new.map(|new| new.max(travels));
    }
    Some(onward)
}
