//! What a person may pass on, said before it is done: how far, which items, to whom. A choice becomes an order that is
//! never wider; [`Household::forward`] holds it against the same limits once more.

use std::collections::BTreeSet;

use super::onward::{onward_of_chain, refuse_loops};
use crate::address::{Mailbox, StationAddress, StationName};
use crate::album::{DestinationState, Trust};
use crate::encoding::Timestamp;
use crate::message::{SignedManifest, SignedPermit, Station};
use crate::rules::{Further, Kind, Limits, PREVIEW_EDGE, Rules, Who, describe_exactly};
use crate::sharing::accounts::Visitor;
use crate::sharing::forward::{ForwardOrder, Forwarded};
use crate::sharing::listing::outgoing::mine;
use crate::sharing::share::granting::{Line, sentences};
use crate::sharing::share::plan::travels;
use crate::sharing::share::{Foreseen, with_beginnings};
use crate::sharing::words::{clean_line, show_time};
use crate::sharing::{Fault, Household, Now};

/// How far a person may pass a share on.
#[derive(Debug, Clone)]
pub struct MayPassOn {
    /// The widest that another person may be given.
    pub most: Rules,
    /// The same as a sentence.
    pub words: String,
    /// The items, by their short names.
    pub items: BTreeSet<String>,
    /// The households that may have it, with their names.
    pub households: Vec<(Mailbox, String)>,
    /// The other people of this house.
    pub people: Vec<StationName>,
    /// Key words that name nobody but those.
    pub words_for: Vec<String>,
}

/// What a person chose to pass on, to whom, and what those may do with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// The items, by their short names.
    pub items: Vec<String>,
    /// Station addresses and key words.
    pub to: Vec<String>,
    /// Others, as a person types them: see [`Household::meant_by`].
    pub also: String,
    /// People of this house.
    pub inside: Vec<StationName>,
    /// What they may do.
    pub allowed: Allowed,
    /// What single ones may do, instead of that.
    pub each: Vec<(StationAddress, Allowed)>,
    /// By way of which household those of other houses get it; `None`: straight.
    pub relay_via: Option<Mailbox>,
    /// What would be asked is answered yes.
    pub yes: bool,
}

/// What somebody may do with what is passed on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Allowed {
    /// They may look, …
    pub look: bool,
    /// … at screen size only, where more could be given.
    pub small: bool,
    /// They may print.
    pub print: bool,
    /// They may keep a file.
    pub keep: bool,
    /// They may pass it on.
    pub further: bool,
    /// Until then, where that is earlier than must be.
    pub until: Option<Timestamp>,
    /// So many times.
    pub views: Option<u64>,
}

impl Household {
    /// [`Household::forward`] for a person, to whom what is not theirs is not there: of another household's shares they pass
    /// on those that came for them, of the house's those that they, or somebody at the command line, shared. The keeper
    /// too: others may have shared what they have alone.
    pub fn forward_as(
        &mut self,
        visitor: &Visitor,
        order: ForwardOrder,
        now: Now,
    ) -> Result<Forwarded, Fault> {
        let order = self.order_as(visitor, order, now)?;
        self.forward(&order, now)
    }

    /// What [`Household::forward_as`] would do. Nothing is recorded, and no directory is asked.
    pub fn foresee_forward_as(
        &self,
        visitor: &Visitor,
        order: ForwardOrder,
        now: Now,
    ) -> Result<Foreseen, Fault> {
        let order = self.order_as(visitor, order, now)?;
        self.foresee_forward(&order, now)
    }

    fn order_as(
        &self,
        visitor: &Visitor,
        order: ForwardOrder,
        now: Now,
    ) -> Result<ForwardOrder, Fault> {
        let person = visitor.station.clone();
        let rows = self.album.rows();
        let share = rows.share(&order.share)?;
        if let Some(share) = share.filter(|share| self.keys.is_ours(share.origin)) {
            if !mine(&rows.shared_by(share.id)?, &person) {
                return Err(Fault::new("unknown_share", "There is no such share."));
            }
        } else {
            self.opened_by(&order.share, &person, now)?;
        }
        let person = Some(person);
        Ok(ForwardOrder { person, ..order })
    }

    /// How far a person may pass on what came for them.
    pub fn may_pass_on(
        &self,
        reference: &str,
        person: &StationName,
        now: Now,
    ) -> Result<MayPassOn, Fault> {
        // What is not for this person is not there.
        self.opened_by(reference, person, now)?;
        let rows = self.album.rows();
        let share = self.share_called(reference)?;
        self.refuse_ended(&share)?;
        let manifest = SignedManifest::verify(&rows.manifest(share.id)?)?;
        let basis = self.basis(&share, Some(person), now, &manifest)?;
        let most = basis.ceiling.clone().unwrap_or_default();
        let wires: BTreeSet<_> = basis.items.iter().map(|item| item.id).collect();
        let mut items = rows.share_items(share.id)?;
        items.retain(|item| wires.contains(&item.wire));
        let mut households = Vec::new();
        for contact in rows.contacts()? {
            let known = contact.is_heard() && contact.trust > Trust::Pending;
            if known && refuse_loops(&basis.ground, &contact).is_ok() {
                households.push((contact.mailbox.clone(), clean_line(&contact.name)));
            }
        }
        let mut people: Vec<StationName> =
            rows.people()?.into_iter().map(|one| one.station).collect();
        people.retain(|one| one != person);
        // A word is offered where all that it names may have it.
        let (mut words, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (word, address) in rows.keywords()? {
            let may = address.mailbox == self.config.mailbox
                || households
                    .iter()
                    .any(|(mailbox, _)| *mailbox == address.mailbox);
            if may { &mut words } else { &mut others }.insert(word);
        }
        let show = |time| show_time(self.language, time);
        Ok(MayPassOn {
            words: describe_exactly(self.language, Who::Others, &most, Further::Same, show),
            most,
            items: items.into_iter().map(|item| item.reference).collect(),
            households,
            people,
            words_for: words.difference(&others).cloned().collect(),
        })
    }

    /// To whom a choice goes, each once.
    pub fn passed_on_to(&self, choice: &Choice) -> Result<Vec<StationAddress>, Fault> {
        let mut meant: Vec<StationAddress> = Vec::new();
        let mut add = |address: StationAddress| {
            if !meant.contains(&address) {
                meant.push(address);
            }
        };
        for word in &choice.to {
            self.addresses_of(word)?.into_iter().for_each(&mut add);
        }
        self.meant_by(&choice.also)?.into_iter().for_each(&mut add);
        for station in &choice.inside {
            add(StationAddress {
                mailbox: self.config.mailbox.clone(),
                station: station.clone(),
            });
        }
        Ok(meant)
    }

    /// What would be passed on, person by person. Nothing is recorded.
    pub fn plan_pass_on(
        &self,
        reference: &str,
        person: &StationName,
        choice: &Choice,
        now: Now,
    ) -> Result<Vec<Line>, Fault> {
        let order = self.order_of(reference, person, choice, now)?;
        self.plan_forward(&order, now)
    }

    /// Passes on what was chosen.
    pub fn pass_on(
        &mut self,
        reference: &str,
        person: &StationName,
        choice: &Choice,
        now: Now,
    ) -> Result<Forwarded, Fault> {
        let order = self.order_of(reference, person, choice, now)?;
        self.forward(&order, now)
    }

    fn order_of(
        &self,
        reference: &str,
        person: &StationName,
        choice: &Choice,
        now: Now,
    ) -> Result<ForwardOrder, Fault> {
        let may = self.may_pass_on(reference, person, now)?;
        if choice.items.is_empty() {
            return Err(Fault::usage("nothing", "Choose at least one picture."));
        }
        let meant = self.passed_on_to(choice)?;
        if meant.is_empty() {
            return Err(Fault::usage("nobody", "Say to whom."));
        }
        let others = self.holds_others(reference, &choice.items)?;
        let mut stations = Vec::new();
        for address in meant {
            let own = choice.each.iter().find(|(who, _)| *who == address);
            let rules = match own {
                Some((_, allowed)) => allowed.rules(&may.most, &address.to_string())?,
                None => choice.allowed.rules(&may.most, "they")?,
            };
            let rules = match others {
                true => with_beginnings(rules),
                false => rules,
            };
            stations.push((address, rules.into()));
        }
        Ok(ForwardOrder {
            share: reference.to_owned(),
            items: choice.items.clone(),
            person: Some(person.clone()),
            stations,
            relay_via: choice.relay_via.clone(),
            yes: choice.yes,
            ..ForwardOrder::default()
        })
    }

    /// Whether not all of these items of a share are pictures.
    fn holds_others(&self, reference: &str, items: &[String]) -> Result<bool, Fault> {
        let share = self.share_called(reference)?;
        let mut all = self.album.rows().share_items(share.id)?.into_iter();
        Ok(all.any(|item| item.kind != Kind::Picture && items.contains(&item.reference)))
    }

    /// What a person passed on of a share, and how far it got.
    pub fn passed_on_by(
        &self,
        reference: &str,
        person: &StationName,
        now: Now,
    ) -> Result<Vec<Line>, Fault> {
        self.opened_by(reference, person, now)?;
        let rows = self.album.rows();
        let share = self.share_called(reference)?;
        let mut lines = Vec::new();
        for destination in rows.destinations(share.id)? {
            let mut given = rows.given_by(destination.id)?.into_iter();
            let Some(mine) = given.find(|one| one.person == *person) else {
                continue;
            };
            let contact = rows.contact(destination.contact)?;
            let name = contact.map(|contact| clean_line(&contact.name));
            let permit = SignedPermit::of_stored(&destination.permit)?;
            let way = rows.by_way_to(share.id, destination.contact)?;
            let via = way.map(|way| self.mailbox_of(way.relay)).transpose()?;
            lines.push(Line {
                via: via.flatten(),
                unknown: false,
                name: name.unwrap_or_else(|| destination.mailbox.to_string()),
                mailbox: destination.mailbox,
                stations: sentences(
                    self.language,
                    &mine.stations,
                    Who::EveryoneThere,
                    permit.permit().onward.as_ref().map(|one| &one.rules).into(),
                ),
                state: mine.state(destination.state),
            });
        }
        for one in rows.awaited(share.id)? {
            if one.person.as_ref() == Some(person) {
                let onward = travels(&one.stations, one.onward.as_ref(), None, one.begun);
                lines.push(Line {
                    via: None,
                    unknown: one.state == DestinationState::Waiting,
                    name: one.mailbox.to_string(),
                    stations: sentences(
                        self.language,
                        &one.stations,
                        Who::EveryoneThere,
                        onward.as_ref().into(),
                    ),
                    state: one.state,
                    mailbox: one.mailbox,
                });
            }
        }
        let mut told = Vec::new();
        for holding in rows.holdings(share.id)? {
            let mut stations = Vec::new();
            for local in rows.local_grants(holding.id)? {
                if local.passed_by == *person {
                    stations.push(Station {
                        name: local.station,
                        rules: local.rules,
                    });
                }
            }
            let onward = onward_of_chain(&holding.chain)?;
            let further = onward.as_ref().into();
            told.extend(sentences(self.language, &stations, Who::Everyone, further));
        }
        if !told.is_empty() {
            lines.push(Line {
                unknown: false,
                via: None,
                mailbox: self.config.mailbox.clone(),
                name: self.config.name.clone(),
                stations: told,
                state: DestinationState::Delivered,
            });
        }
        Ok(lines)
    }
}

impl Allowed {
    /// What was chosen for `who`, each as far as it may be given and no further.
    fn rules(&self, most: &Rules, who: &str) -> Result<Rules, Fault> {
        let smaller = |limits: Limits| Limits {
            max_edge: Some(
                limits
                    .max_edge
                    .map_or(PREVIEW_EDGE, |edge| edge.min(PREVIEW_EDGE)),
            ),
            ..limits
        };
        let given = |chosen: bool, limits: Option<Limits>| {
            // What may not be given is asked for all the same, so that it is refused in words.
            chosen.then(|| limits.unwrap_or_default())
        };
        let display = given(self.look, most.display);
        let rules = Rules {
            display: match self.small {
                true => display.map(smaller),
                false => display,
            },
            print: given(self.print, most.print),
            store: given(self.keep, most.store),
            forward: self.further,
            not_after: self.until,
            views: self.views,
            ..Rules::default()
        };
        match rules.is_nothing() {
            true => Err(Fault::usage(
                "nothing_allowed",
                format!("Say what {who} may do with it."),
            )),
            false => Ok(rules),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::parse_rules;

    #[test]
    fn a_choice_takes_the_limits_of_what_may_be_given() {
        let most = parse_rules("display=4000,print=1280,watermark=yes").expect("rules");
        let choice = Allowed {
            look: true,
            print: true,
            ..Allowed::default()
        };
        let rules = choice.rules(&most, "they").expect("something");
        assert_eq!((rules.display, rules.print), (most.display, most.print));
        let small = Allowed {
            small: true,
            ..choice
        };
        let display = small.rules(&most, "they").expect("something").display;
        let display = display.expect("may look");
        assert_eq!((display.max_edge, display.watermark), (Some(2048), true));
        assert!(Allowed::default().rules(&most, "they").is_err());
    }
}
