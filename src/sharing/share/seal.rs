//! A share on its way into the album: each item sealed once, the manifest signed, a grant made for each household.

use std::collections::BTreeSet;

use super::order::{Checked, Order};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::{ContentKey, Digest, Id, PartBuffer};
use crate::message::manifest::parts_of_tiers;
use crate::message::{Item, Keys, Manifest, SignedManifest};
use crate::rules::{Action, Tier};
use crate::sharing::own::import::Progress;
use crate::sharing::relay::by_way::NewByWay;
use crate::sharing::share::convert::Means;
use crate::sharing::share::granting::{Making, NewGrant};
use crate::sharing::share::ground::Ground;
use crate::sharing::share::parts::{Sealer, Unrecorded};
use crate::sharing::share::plan::{Planned, Rights, rights};
use crate::sharing::{Fault, Household};

/// A share that is sealed and signed, but not yet recorded.
pub(super) struct NewlyShared {
    pub content: ContentKey,
    pub manifest: SignedManifest,
    pub items: Vec<Planned>,
    pub abouts: Vec<crate::message::About>,
    pub grants: Vec<NewGrant>,
    /// What goes by way of a relay; then there are no other grants.
    pub by_way: Option<NewByWay>,
    /// Parts that lie in the blob folder.
    pub held: Unrecorded,
}

impl NewlyShared {
    pub fn seal(
        home: &Household,
        checked: &Checked,
        order: &Order,
        now: Timestamp,
        progress: &mut dyn FnMut(&Progress),
    ) -> Result<Self, Fault> {
        let (items, households) = (&checked.items, checked.households.as_slice());
        let relay = checked.relay.as_ref();
        let content = ContentKey::random();
        let planned: Vec<Planned> = items
            .iter()
            .map(|item| Planned {
                id: Id::random(),
                kind: item.kind,
            })
            .collect();
        let mut all_rights = Vec::new();
        let ceiling = order.onward.as_ref();
        for household in households {
            let given = rights(&household.stations, ceiling, &planned, None, now)
                .ok_or_else(|| nothing_allowed(&household.contact.mailbox))?;
            all_rights.push(given);
        }
        // What those get of whom nobody knows yet lies here until they are known.
        let mut later = Vec::new();
        for one in &checked.unknown {
            let given = rights(&one.stations, ceiling, &planned, None, now)
                .ok_or_else(|| nothing_allowed(&one.mailbox))?;
            later.push(given);
        }
        let mut sealer = Sealer {
            means: Means {
                blobs: home.album.blobs(),
                storage: &home.keys.storage,
                keep_location: order.keep_location,
                excerpt: asks_for_excerpt(checked, order).then_some(order.excerpt),
            },
            content: &content,
            buffer: PartBuffer::default(),
            held: Unrecorded {
                blobs: home.album.blobs().clone(),
                digests: BTreeSet::new(),
            },
        };
        let (mut entries, mut abouts) = (Vec::new(), Vec::new());
        let mut state = Progress {
            total: items.iter().map(|item| item.size).sum(),
            ..Progress::default()
        };
        for (item, plan) in items.iter().zip(&planned) {
            state.file = item.name.clone();
            progress(&state);
            // What a relay carries sealed, it carries up to the best tier of any item.
            let carried = |rights: &Rights, tier: Tier| {
                relay.is_some() && rights.tiers.contains_key(&plan.id) && tier <= rights.tier
            };
            let wanted = |tier: Tier| {
                let mut all = all_rights.iter().chain(&later);
                all.any(|rights| sends(rights, plan.id, tier) || carried(rights, tier))
            };
            let with = items.iter().position(|other| item.goes_with(other));
            let with = with.map(|at| planned[at].id);
            let sealed = sealer.seal(item, plan.id, with, &wanted)?;
            entries.push(Item {
                id: plan.id,
                kind: item.kind,
                tiers: sealed.tiers,
            });
            abouts.push(sealed.about);
            state.done += item.size;
            progress(&state);
        }
        let manifest = Manifest::new(Id::random(), home.me(), now, entries)?;
        let manifest = SignedManifest::sign(manifest, &home.keys.identity)?;
        let words = (order.title.clone(), order.message.clone());
        let ground = Ground::of_origin(Keys::Share(content.clone()), home.me(), words);
        let (mut grants, mut by_way) = (Vec::new(), None);
        let making = Making {
            identity: &home.keys.identity,
            ground: &ground,
            manifest: &manifest,
            issued: now,
            now,
        };
        if let Some(relay) = relay {
            by_way = Some(home.grants_by_way(relay, households, &all_rights, &making)?);
        } else {
            for (household, rights) in households.iter().zip(&all_rights) {
                grants.push(making.grant(household, rights)?);
            }
        }
        let kept: BTreeSet<Digest> = later
            .iter()
            .flat_map(|rights| {
                let tier = |item| rights.tiers.get(&item).copied();
                parts_of_tiers(manifest.manifest(), tier, rights.onward.is_some())
            })
            .collect();
        let sent = |digest: &Digest| {
            let relay = by_way.iter().map(|way| &way.relay);
            let mut all = grants.iter().chain(relay);
            kept.contains(digest) || all.any(|grant| grant.expected.contains(digest))
        };
        let mut held = sealer.held;
        for digest in held.digests.extract_if(.., |digest| !sent(digest)) {
            home.album.blobs().remove_part(digest)?;
        }
        Ok(NewlyShared {
            content,
            manifest,
            items: planned,
            abouts,
            grants,
            by_way,
            held,
        })
    }
}

/// Whether a household with these rights may be sent a tier of an item; which it is, `expected_parts` says once there
/// are digests.
fn sends(rights: &Rights, item: Id, tier: Tier) -> bool {
    // Where an item lacks the granted tier the next lower one is sent instead: so nothing below it is left out here.
    rights
        .tiers
        .get(&item)
        .is_some_and(|&granted| tier <= granted)
}

/// Whether anyone is allowed an excerpt only, here or further on.
fn asks_for_excerpt(checked: &Checked, order: &Order) -> bool {
    let known = checked.households.iter().flat_map(|one| &one.stations);
    let unknown = checked.unknown.iter().flat_map(|one| &one.stations);
    known
        .chain(unknown)
        .map(|station| &station.rules)
        .chain(&order.onward)
        .any(|rules| {
            let mut limits = Action::ALL.into_iter().filter_map(|a| rules.limits(a));
            limits.any(|limits| limits.excerpt)
        })
}

pub(super) fn nothing_allowed(mailbox: &Mailbox) -> Fault {
    let words = format!("the rules for {mailbox} allow nothing");
    Fault::usage("nothing_allowed", words)
}
