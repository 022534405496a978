//! What is passed on to a household that nobody here knows waits for its card. When that has come, it is held against what
//! the person may then: what is over or was taken back meanwhile is forgotten.

use std::collections::BTreeSet;

use super::basis::Basis;
use super::narrow::{Narrowing, narrowed};
use super::onward::{may_not, refuse_empty, refuse_loops, refuse_unfit};
use super::together::Together;
use crate::address::{StationAddress, StationName};
use crate::album::{Awaited, Contact, DestinationState, Share};
use crate::message::{SignedManifest, Station};
use crate::rules::{Action, Denial, Rules};
use crate::sharing::contacts::ask_first_of_unknown;
use crate::sharing::contacts::ended::refuse_own_end;
use crate::sharing::contacts::typed::is_typed;
use crate::sharing::forward::ForwardOrder;
use crate::sharing::give::Gift;
use crate::sharing::identity::replaced;
use crate::sharing::share::awaited::Unknown;
use crate::sharing::share::ground::Ground;
use crate::sharing::share::plan::{Planned, gives_much, travels};
use crate::sharing::{Fault, Household, Now};

/// An address with what is given there.
type Given = (StationAddress, Rules);

impl Household {
    /// Those of households that nobody here knows, and the others.
    pub(in crate::sharing) fn apart(
        &self,
        given: Vec<Given>,
    ) -> Result<(Vec<Given>, Vec<Given>), Fault> {
        let (mut unknown, mut known) = (Vec::new(), Vec::new());
        for one in given {
            match self.is_unknown(&one.0.mailbox)? {
                true => unknown.push(one),
                false => known.push(one),
            }
        }
        Ok((unknown, known))
    }

    /// What is to wait for households that nobody here knows.
    pub(super) fn gifts_for_later(
        &self,
        order: &ForwardOrder,
        (share, basis): (&Share, &Basis),
        items: &[Planned],
        given: Vec<Given>,
        (onward, now): (&Option<Rules>, Now),
    ) -> Result<Vec<(Unknown, Awaited)>, Fault> {
        if !given.is_empty() {
            refuse_own_end(self.album.rows(), self.me())?;
        }
        let mut unknown: Vec<Unknown> = Vec::new();
        for (address, rules) in given {
            let station = Station {
                name: address.station,
                rules,
            };
            if let Some(one) = unknown
                .iter_mut()
                .find(|one| one.mailbox == address.mailbox)
            {
                one.stations.push(station);
                continue;
            }
            let identity = self.identity_in_directory(&address.mailbox, now.now)?;
            refuse_unfit(&basis.ground, identity, &address.mailbox)?;
            unknown.push(Unknown {
                mailbox: address.mailbox,
                stations: vec![station],
                identity,
            });
        }
        if let (Some(one), Some(_)) = (unknown.first(), &order.relay_via) {
            let words = format!(
                "{} is not known here yet: no relay can pass on to it",
                one.mailbox
            );
            return Err(Fault::usage("relay", words).hint("share it without --relay-via"));
        }
        let mut later = Vec::new();
        for one in unknown {
            let much = gives_much(&one.stations, items.iter().map(|item| item.kind));
            ask_first_of_unknown(&one.mailbox, much, order.yes)?;
            let bounds = basis.ground.onward();
            let on = travels(&one.stations, onward.as_ref(), bounds, now.now);
            refuse_empty(&one.mailbox, &one.stations, on.as_ref(), now.now)?;
            let awaited = Awaited {
                items: Some(items.iter().map(|item| item.id).collect()),
                person: order.person.clone(),
                ..one.awaited(share, onward.clone(), now.now)
            };
            later.push((one, awaited));
        }
        Ok(later)
    }

    /// Gives what waits for one of these households, whose card has come; gives whether something did.
    pub(super) fn release_for(
        &mut self,
        share: &Share,
        gifts: &[Gift],
        now: Now,
    ) -> Result<bool, Fault> {
        for gift in gifts {
            let mut awaited = self.album.rows().awaited(share.id)?.into_iter();
            if awaited.any(|one| {
                is_typed(&one.mailbox, &gift.contact.mailbox)
                    && one.state == DestinationState::Waiting
            }) {
                self.release_awaited(now)?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a person passes on, within what that one may now.
    pub(in crate::sharing) fn gift_passed_on(
        &self,
        share: &Share,
        manifest: &SignedManifest,
        (one, person): (&Awaited, &StationName),
        contact: Contact,
        now: Now,
    ) -> Result<(Ground, Gift), Fault> {
        self.refuse_ended(share)?;
        let basis = self.basis(share, Some(person), now, manifest)?;
        if !basis.ground.is_for(self.me()) {
            return Err(replaced(&share.reference));
        }
        refuse_loops(&basis.ground, &contact)?;
        let named = |item: &&Planned| one.items.as_ref().is_none_or(|ids| ids.contains(&item.id));
        let items: BTreeSet<_> = basis
            .items
            .iter()
            .filter(named)
            .map(|item| item.id)
            .collect();
        if items.is_empty() {
            let denial = Denial::NotAllowed(Action::Forward);
            return Err(may_not(self.album.rows(), share, Some(person), denial)?);
        }
        let ceiling = basis.ceiling.as_ref();
        let within = |rules: &Rules| ceiling.map_or_else(|| rules.clone(), |most| rules.meet(most));
        let (mut stations, mut over) = (Vec::new(), None);
        for station in &one.stations {
            let asked = Narrowing {
                says_what: true,
                ..within(&station.rules).into()
            };
            match narrowed(Some(&asked), ceiling, now.now) {
                Ok(rules) => stations.push(Station {
                    name: station.name.clone(),
                    rules,
                }),
                Err(fault) => over = Some(fault),
            }
        }
        if let (Some(fault), true) = (over, stations.is_empty()) {
            return Err(fault);
        }
        let further = ceiling.is_none_or(|most| most.forward);
        let mut gift = Gift {
            contact,
            stations,
            items,
            onward: one.onward.as_ref().filter(|_| further).map(within),
            passed_by: Some(person.clone()),
            relay: Vec::new(),
            waited: true,
            together: Together::default(),
        };
        gift.together = self.together(share, &basis, &gift, (manifest, now))?;
        Ok((basis.ground, gift))
    }
}
