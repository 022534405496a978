//! Sending (DESIGN 5, seed S1 to S5): content key → read, clean and cut each item → seal each part once → manifest →
//! per household permit and grant → outbox, in one commit → confirm.

pub(super) mod awaited;
pub(super) mod chosen;
pub(super) mod companions;
pub(super) mod convert;
pub mod document;
mod foresee;
pub(super) mod granting;
pub(super) mod ground;
pub(super) mod last_given;
pub(super) mod left;
mod named;
mod order;
pub(super) mod outgoing;
pub(super) mod parts;
pub(super) mod plan;
pub(super) mod released;
mod seal;
mod size;
mod unfit;

pub use self::foresee::Foreseen;
use self::order::{Checked, check_words};
pub use self::order::{Order, default_rules};
use self::seal::NewlyShared;
pub use self::unfit::{Unfit, WhyUnfit, with_beginnings};

use self::awaited::Unknown;
use self::chosen::note_choice;
pub use self::granting::Line;
use self::granting::{Recipient, queue_grant, queue_parts};
pub use self::left::Left;
use self::outgoing::{Outgoing, beside_their_pictures};
use self::plan::{cannot_yet, gives_much, travels};
use super::accounts::person::refuse_unknown;
use super::contacts::{ask_first, ask_first_of_unknown};
use super::correspond::Writer;
use super::forward::onward::{onward_of_nobody, refuse_empty};
use super::identity::refuse_replaced;
use super::own::import::Progress;
use super::requests::answering::Answering;
use super::{Fault, Household, Now};
use crate::album::{DestinationState, NewHolding, NewShare, Reason, ShareState};
use crate::encoding::Timestamp;
use crate::envelope::{Id, seal_letter};
use crate::message::Station;

/// What was recorded (seed E5).
#[derive(Debug, Clone)]
pub struct Recorded {
    /// The share's short name.
    pub share: String,
    /// One line a household.
    pub destinations: Vec<Line>,
    /// What belongs to the pictures and stays at home all the same.
    pub left: Vec<Left>,
}

impl Household {
    /// Shares items. Returns when the outbox is durable.
    pub fn share(
        &mut self,
        order: &Order,
        now: Now,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Recorded, Fault> {
        self.share_for(order, None, now, progress)
    }

    /// The same, where it answers a request of the household to which it goes.
    pub(super) fn share_for(
        &mut self,
        order: &Order,
        answer: Option<&Answering<'_>>,
        now: Now,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Recorded, Fault> {
        self.refuse_without_people()?;
        check_words(order)?;
        if let Some(pem) = &order.certificate {
            self.meet_on_the_way(order, pem, now)?;
        }
        let checked = self.checked(order, order.yes, true, now)?;
        let _unfinished = self.album.blobs().begin()?;
        let share = NewlyShared::seal(self, &checked, order, now.now, progress)?;
        crate::crash::point("share.sealed");
        let recorded = self.record(share, &checked, (order, answer), now.now)?;
        Ok(Recorded {
            left: checked.left,
            ..recorded
        })
    }

    /// Gets to know the household whose certificate file comes with an order. At the command line it counts as compared;
    /// of a person's order nothing else may be wrong.
    fn meet_on_the_way(&mut self, order: &Order, pem: &[u8], now: Now) -> Result<(), Fault> {
        let card = self.card_in(pem)?;
        if order.viewer.is_none() {
            let mailbox = card.identity.mailbox().clone();
            return self.add_contact_file(&mailbox, pem, now.now).map(drop);
        }
        // As yet no relay could pass on to it.
        let straight = Order {
            relay_via: None,
            ..order.clone()
        };
        self.checked(&straight, true, true, now)?;
        self.meet_by_file(&card, now.now)
    }

    /// The households and items of an order that can be carried out. `yes`: what would be asked is answered yes; `opens`:
    /// files are opened for it, as in [`Household::take_along`].
    fn checked(&self, order: &Order, yes: bool, opens: bool, now: Now) -> Result<Checked, Fault> {
        let (households, unknown) = self.resolve(order, now.now)?;
        if let (Some(one), Some(_)) = (unknown.first(), &order.relay_via) {
            let words = format!(
                "{} is not known here yet: no relay can pass on to it",
                one.mailbox
            );
            return Err(Fault::usage("relay", words).hint("share it without --relay-via"));
        }
        let relay = order.relay_via.as_ref();
        let others = || households.iter().map(|one| &one.contact);
        let relay = relay.map(|mailbox| self.relay_contact(mailbox, others(), now.now));
        let relay = relay.transpose()?;
        let mut items = self.items_of(order)?;
        // Before any is opened, and again with what goes along.
        check_count(&items)?;
        refuse_onward_of_nobody(order, &households, &unknown)?;
        let known = households.iter().flat_map(|one| &one.stations);
        let others = unknown.iter().flat_map(|one| &one.stations);
        let stations: Vec<Station> = known.chain(others).cloned().collect();
        let left = match order.alone {
            true => Vec::new(),
            false => self.take_along(&mut items, &stations, order, opens)?,
        };
        let mut items = beside_their_pictures(items);
        let rules = stations.iter().map(|station| &station.rules);
        for item in &mut items {
            item.remade_for(rules.clone().chain(&order.onward));
        }
        check_count(&items)?;
        let each = households
            .iter()
            .map(|one| (&one.contact.mailbox, &one.stations));
        for (at, stations) in each.chain(unknown.iter().map(|one| (&one.mailbox, &one.stations))) {
            let on = travels(stations, order.onward.as_ref(), None, now.now);
            refuse_empty(at, stations, on.as_ref(), now.now)?;
        }
        for household in &households {
            let much = gives_much(&household.stations, items.iter().map(|item| item.kind));
            ask_first(&household.contact, much, yes)?;
        }
        for one in &unknown {
            let much = gives_much(&one.stations, items.iter().map(|item| item.kind));
            ask_first_of_unknown(&one.mailbox, much, yes)?;
        }
        for (station, item) in stations
            .iter()
            .flat_map(|s| items.iter().map(move |i| (s, i)))
        {
            if let Some(words) = cannot_yet(&station.rules, &item.form(&order.excerpt)) {
                return Err(Fault::usage("cannot_yet", words));
            }
        }
        Ok(Checked {
            households,
            unknown,
            items,
            left,
            relay,
        })
    }

    /// One commit: share, own holding, destinations, letters and parts.
    fn record(
        &mut self,
        new: NewlyShared,
        checked: &Checked,
        (order, answer): (&Order, Option<&Answering<'_>>),
        now: Timestamp,
    ) -> Result<Recorded, Fault> {
        let me = self.me();
        let own = self
            .keys
            .encryption
            .last()
            .ok_or_else(|| Fault::new("keys", "no encryption key"))?;
        // The origin keeps its content key as a grant to itself.
        let sealed_key = seal_letter(new.content.as_bytes(), own.certificate())?;
        self.album.blobs().sync_parts(&new.held.digests)?;
        crate::crash::point("share.before_commit");
        let writer = Writer::new(&self.keys, &self.config, now);
        let (budget, language) = (self.config.smtp.message_budget, self.language);
        let recorded = self.album.commit(|rows| {
            // Sealing took its time, and not every share brings a letter about at once.
            refuse_replaced(rows, me)?;
            if let Some(answer) = answer {
                answer.note(rows, &writer)?;
            }
            let share = rows.add_share(
                &NewShare {
                    manifest: &new.manifest,
                    title: &order.title,
                    message: &order.message,
                    state: ShareState::Complete,
                },
                now,
            )?;
            if let Some(person) = &order.viewer {
                // Whoever left meanwhile would leave it to a later person of that name.
                refuse_unknown(rows, person)?;
                rows.set_shared_by(share.id, person)?;
            }
            for (item, planned) in checked.items.iter().zip(&new.items) {
                if let Some(own) = item.own() {
                    rows.link_own_item(share.id, planned.id, own)?;
                }
            }
            for (row, about) in rows.share_items(share.id)?.iter().zip(&new.abouts) {
                rows.describe_item(row.id, about)?;
            }
            rows.put_holding(&NewHolding {
                share: share.id,
                granter: me,
                letter: Id::random(),
                issued: now,
                permit: new.manifest.digest(),
                passed_on: true,
                grant_der: &sealed_key,
                chain: &[],
                title: &order.title,
                message: &order.message,
                stations: &[],
                items: &[],
            })?;
            for digest in &new.held.digests {
                rows.hold_part(share.id, *digest, true)?;
            }
            let mut lines = Vec::new();
            let mut ready = Vec::new();
            for grant in &new.grants {
                let (id, state) = queue_grant(rows, &writer, &share, &new.manifest, grant, now)?;
                note_choice(rows, id, None, &grant.grant.stations, answer)?;
                if state == DestinationState::Queued {
                    ready.push((
                        grant.contact.mailbox.clone(),
                        Reason::Given(id),
                        grant.expected.clone(),
                    ));
                }
                lines.push(grant.line(state, language));
            }
            if let Some(way) = &new.by_way {
                let (id, _) = queue_grant(rows, &writer, &share, &new.manifest, &way.relay, now)?;
                let relay = &way.relay;
                ready.push((
                    relay.contact.mailbox.clone(),
                    Reason::Given(id),
                    relay.expected.clone(),
                ));
                lines.push(relay.line(DestinationState::Queued, language));
                lines.extend(way.record(rows, &share, language, now)?);
            }
            for one in &checked.unknown {
                one.record(rows, &writer, &share, order.onward.as_ref())?;
                lines.push(one.line_from(language, order.onward.as_ref(), now));
            }
            queue_parts(rows, &share, &ready, writer.mailbox, budget, now)?;
            Ok::<_, Fault>(Recorded {
                share: share.reference,
                destinations: lines,
                left: Vec::new(),
            })
        })?;
        crate::crash::point("share.after_commit");
        new.held.recorded();
        Ok(recorded)
    }
}

/// What may travel on says nothing where nobody may pass on, and is not dropped without a word.
fn refuse_onward_of_nobody(
    order: &Order,
    households: &[Recipient],
    unknown: &[Unknown],
) -> Result<(), Fault> {
    let known = households.iter().flat_map(|one| &one.stations);
    let mut stations = known.chain(unknown.iter().flat_map(|one| &one.stations));
    match order.onward.is_none() || stations.any(|one| one.rules.forward) {
        true => Ok(()),
        false => Err(onward_of_nobody()),
    }
}

fn check_count(items: &[Outgoing]) -> Result<(), Fault> {
    match items.len() > crate::message::manifest::MAX_ITEMS {
        true => Err(Fault::usage(
            "too_many_items",
            "a share has at most 2,000 items; make several",
        )),
        false => Ok(()),
    }
}
