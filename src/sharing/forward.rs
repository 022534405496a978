//! Passing on (seed U1 to U5): within the permit and the person's own rules, narrower if asked. The keys are rewrapped;
//! the sealed parts go out byte for byte as they came. What is over is not passed on but forgotten.

pub(super) mod basis;
pub(super) mod beside;
pub(super) mod give_inside;
pub(super) mod inside;
pub mod narrow;
pub(super) mod onward;
pub mod pass_on;
pub(super) mod passed_later;
pub(super) mod together;
pub(super) mod withdraw;

use std::collections::BTreeSet;

use self::basis::Basis;
use self::give_inside::further_inside;
use self::narrow::{Narrowing, narrowed};
use self::onward::{onward_of, onward_of_nobody, refuse_empty, refuse_loops};
use self::together::Together;
use super::contacts::ask_first;
use super::directory::question::Question;
use super::give::Gift;
use super::identity::replaced;
use super::requests::answering::Answering;
use super::share::Foreseen;
use super::share::awaited::Unknown;
use super::share::granting::{Line, sentences};
use super::share::ground::Ground;
use super::share::plan::{Planned, gives_much, travels};
use super::{Fault, Household, Now};
use crate::address::{Mailbox, StationAddress, StationName};
use crate::album::{Awaited, Contact, DestinationState, Share};
use crate::envelope::Id;
use crate::message::{SignedManifest, Station};
use crate::rules::{Rules, Who};

/// What a person says who passes a share on.
#[derive(Debug, Clone, Default)]
pub struct ForwardOrder {
    /// The share's short name.
    pub share: String,
    /// Only these items, by their short names; none: all that may be passed on.
    pub items: Vec<String>,
    /// Who passes it on; needed where the share is another household's.
    pub person: Option<StationName>,
    /// To whom: station addresses, or key words.
    pub to: Vec<String>,
    /// The rules for everyone who has none of their own; `None`: as far as the person may.
    pub rules: Option<Narrowing>,
    /// Rules of single stations.
    pub stations: Vec<(StationAddress, Narrowing)>,
    /// What may travel on from there.
    pub onward: Option<Rules>,
    /// By way of which household the others get it; `None`: straight.
    pub relay_via: Option<Mailbox>,
    /// What would be asked is answered yes.
    pub yes: bool,
}

/// What was recorded.
#[derive(Debug, Clone)]
pub struct Forwarded {
    /// The share's short name.
    pub share: String,
    /// One line a household; this one too, where its own people were given it.
    pub destinations: Vec<Line>,
}

/// An order, worked out.
struct Prepared {
    share: Share,
    basis: Basis,
    items: Vec<Planned>,
    gifts: Vec<Gift>,
    /// What waits for the cards of households that nobody here knows.
    later: Vec<(Unknown, Awaited)>,
    /// For people of this house.
    inside: Vec<(StationAddress, Rules)>,
    /// By way of whom it goes to other households.
    relay: Option<Contact>,
}

impl ForwardOrder {
    /// Everyone that is named, as they are named.
    pub fn addressees(&self) -> Vec<String> {
        let each = self.stations.iter().map(|(address, _)| address.to_string());
        self.to.iter().cloned().chain(each).collect()
    }
}

impl Household {
    /// Passes a share on; an own one is given to further households, or once more with other rights.
    pub fn forward(&mut self, order: &ForwardOrder, now: Now) -> Result<Forwarded, Fault> {
        self.forward_for(order, None, now)
    }

    /// The same, where it answers a request of the household to which it goes.
    pub(super) fn forward_for(
        &mut self,
        order: &ForwardOrder,
        answer: Option<&Answering<'_>>,
        now: Now,
    ) -> Result<Forwarded, Fault> {
        let mut prepared = self.prepare(order, now)?;
        // What waited for a household whose card has come was passed on before this, and this comes on top.
        if self.release_for(&prepared.share, &prepared.gifts, now)? {
            prepared = self.prepare(order, now)?;
        }
        let Prepared {
            share,
            basis,
            items,
            gifts,
            later,
            inside,
            relay,
        } = prepared;
        let mut destinations = Vec::new();
        if let Some(relay) = &relay {
            destinations = self.give_by_way(&share, &basis.ground, gifts, relay, now.now)?;
        } else if !gifts.is_empty() || !later.is_empty() {
            let later = (&later[..], answer);
            destinations = self.give_and_wait(&share, &basis.ground, gifts, later, now.now)?;
        }
        if !inside.is_empty() {
            let by = order.person.clone();
            destinations.push(self.give_inside(&share, &basis, &items, by, inside, now)?);
        }
        Ok(Forwarded {
            share: share.reference,
            destinations,
        })
    }

    /// What [`Household::forward`] would do, person by person, or why it would not. Nothing is recorded.
    pub fn plan_forward(&self, order: &ForwardOrder, now: Now) -> Result<Vec<Line>, Fault> {
        let prepared = self.prepare(order, now)?;
        let mut lines: Vec<Line> = Vec::new();
        for gift in &prepared.gifts {
            let relay = prepared.relay.as_ref();
            let via = relay.filter(|relay| relay.fingerprint != gift.contact.fingerprint);
            let bounds = prepared.basis.ground.onward();
            let onward = travels(&gift.stations, gift.onward.as_ref(), bounds, now.now);
            lines.push(Line {
                via: via.map(|relay| relay.mailbox.clone()),
                unknown: false,
                mailbox: gift.contact.mailbox.clone(),
                name: gift.contact.name.clone(),
                stations: sentences(
                    self.language,
                    &gift.stations,
                    Who::EveryoneThere,
                    onward.as_ref().into(),
                ),
                state: DestinationState::Queued,
            });
        }
        let later = prepared.later.iter();
        lines.extend(
            later.map(|(one, waits)| one.line_from(self.language, waits.onward.as_ref(), now.now)),
        );
        if !prepared.inside.is_empty() {
            let station = |(address, rules): (StationAddress, Rules)| Station {
                name: address.station,
                rules,
            };
            let stations: Vec<Station> = prepared.inside.into_iter().map(station).collect();
            let inside_further = further_inside(&prepared.basis);
            lines.push(Line {
                via: None,
                unknown: false,
                mailbox: self.config.mailbox.clone(),
                name: self.config.name.clone(),
                stations: sentences(self.language, &stations, Who::Everyone, inside_further),
                state: DestinationState::Delivered,
            });
        }
        Ok(lines)
    }

    /// The same, with what would be asked first and for whom the directory would be.
    pub fn foresee_forward(&self, order: &ForwardOrder, now: Now) -> Result<Foreseen, Fault> {
        let (mut asks, mut yes) = (Vec::new(), order.clone());
        let destinations = match self.plan_forward(order, now) {
            Err(question) if question.code == "asks_first" => {
                asks.push(question.message);
                yes.yes = true;
                self.plan_forward(&yes, now)?
            }
            planned => planned?,
        };
        let question = self.question_for(&order.addressees(), now.now)?;
        let prepared = self.prepare(&yes, now)?;
        let outside = prepared.gifts.iter().flat_map(|gift| &gift.stations);
        let later = prepared.later.iter().flat_map(|(one, _)| &one.stations);
        let mut rules = outside.chain(later).map(|station| &station.rules);
        Ok(Foreseen {
            no_end: rules.any(Rules::has_no_end),
            destinations,
            asks,
            looked_for: question.map(Question::asked_about).unwrap_or_default(),
            left: Vec::new(),
            bytes: 0,
        })
    }

    /// What an order gives to other households, and on what ground.
    pub(super) fn gifts_of(
        &self,
        order: &ForwardOrder,
        now: Now,
    ) -> Result<(Share, Ground, Vec<Gift>), Fault> {
        let prepared = self.prepare(order, now)?;
        Ok((prepared.share, prepared.basis.ground, prepared.gifts))
    }

    fn prepare(&self, order: &ForwardOrder, now: Now) -> Result<Prepared, Fault> {
        let share = self.share_called(&order.share)?;
        let manifest = SignedManifest::verify(&self.album.rows().manifest(share.id)?)?;
        self.refuse_ended(&share)?;
        let basis = self.basis(&share, order.person.as_ref(), now, &manifest)?;
        let items = self.items_to_pass_on(&share, &order.items, order.person.as_ref(), &basis)?;
        let given = self.given(order, basis.ceiling.as_ref(), now)?;
        let onward = onward_of(order.onward.as_ref(), basis.ceiling.as_ref())?;
        let mut rules = given.iter().map(|(_, rules)| rules);
        if order.onward.is_some() && !rules.any(|rules| rules.forward) {
            return Err(onward_of_nobody());
        }
        let (inside, outside): (Vec<_>, Vec<_>) = given
            .into_iter()
            .partition(|(address, _)| address.mailbox == self.config.mailbox);
        if !outside.is_empty() && !basis.ground.is_for(self.me()) {
            return Err(replaced(&share.reference));
        }
        let (unknown, known): (Vec<_>, Vec<_>) = self.apart(outside)?;
        let mut gifts = self.gifts(order, &basis, &items, known, (&onward, now))?;
        for gift in &mut gifts {
            gift.together = self.together(&share, &basis, gift, (&manifest, now))?;
        }
        let later =
            self.gifts_for_later(order, (&share, &basis), &items, unknown, (&onward, now))?;
        self.check_inside(&share, &inside)?;
        let relay = order.relay_via.as_ref();
        let relay = relay.map(|mailbox| self.relay_to_pass_on(mailbox, &basis.ground, &gifts, now));
        Ok(Prepared {
            relay: relay.transpose()?,
            share,
            basis,
            items,
            gifts,
            later,
            inside,
        })
    }

    /// The household by way of which a share is passed on. It is given a copy, be it one that it cannot open, and so must be
    /// one to which it may be passed on.
    fn relay_to_pass_on(
        &self,
        mailbox: &Mailbox,
        ground: &Ground,
        gifts: &[Gift],
        now: Now,
    ) -> Result<Contact, Fault> {
        let others = gifts.iter().map(|gift| &gift.contact);
        let relay = self.relay_contact(mailbox, others, now.now)?;
        refuse_loops(ground, &relay)?;
        Ok(relay)
    }

    /// The addresses that `to` and `for` name, each with what it is given.
    fn given(
        &self,
        order: &ForwardOrder,
        ceiling: Option<&Rules>,
        now: Now,
    ) -> Result<Vec<(StationAddress, Rules)>, Fault> {
        let mut given: Vec<(StationAddress, Rules)> = Vec::new();
        let mut put = |address: StationAddress, rules: Rules| match given
            .iter_mut()
            .find(|(other, _)| *other == address)
        {
            Some((_, old)) => *old = rules,
            None => given.push((address, rules)),
        };
        for word in &order.to {
            for address in self.addresses_of(word)? {
                put(address, narrowed(order.rules.as_ref(), ceiling, now.now)?);
            }
        }
        for (address, asked) in &order.stations {
            let address = self.meant_address(address.clone())?;
            put(address, narrowed(Some(asked), ceiling, now.now)?);
        }
        if given.is_empty() {
            return Err(Fault::usage(
                "nobody",
                "say to whom: --to ADDRESS or a key word",
            ));
        }
        Ok(given)
    }

    fn gifts(
        &self,
        order: &ForwardOrder,
        basis: &Basis,
        items: &[Planned],
        outside: Vec<(StationAddress, Rules)>,
        (onward, now): (&Option<Rules>, Now),
    ) -> Result<Vec<Gift>, Fault> {
        let mut gifts: Vec<(Mailbox, Gift)> = Vec::new();
        for (address, rules) in outside {
            let station = Station {
                name: address.station,
                rules,
            };
            if let Some((_, gift)) = gifts.iter_mut().find(|(at, _)| *at == address.mailbox) {
                gift.stations.push(station);
                continue;
            }
            let contact = self.destination_contact(&address.mailbox)?;
            refuse_loops(&basis.ground, &contact)?;
            gifts.push((
                address.mailbox,
                Gift {
                    contact,
                    stations: vec![station],
                    items: items.iter().map(|item| item.id).collect::<BTreeSet<Id>>(),
                    onward: onward.clone(),
                    passed_by: order.person.clone(),
                    relay: Vec::new(),
                    waited: false,
                    together: Together::default(),
                },
            ));
        }
        let gifts: Vec<Gift> = gifts.into_iter().map(|(_, gift)| gift).collect();
        for gift in &gifts {
            let bounds = basis.ground.onward();
            let onward = travels(&gift.stations, gift.onward.as_ref(), bounds, now.now);
            let at = &gift.contact.mailbox;
            refuse_empty(at, &gift.stations, onward.as_ref(), now.now)?;
            let much = gives_much(&gift.stations, items.iter().map(|item| item.kind));
            ask_first(&gift.contact, much, order.yes)?;
        }
        Ok(gifts)
    }
}
