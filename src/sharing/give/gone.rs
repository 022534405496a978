//! What a household may have let go of by itself since it was given a share: a quality of which only people there had the use
//! whose time, or whose looks, may be over. What it has is not sent again; this is as if it had never gone there.

use std::collections::BTreeSet;

use crate::album::Destination;
use crate::encoding::Timestamp;
use crate::envelope::Digest;
use crate::message::manifest::Item;
use crate::message::{Manifest, SignedPermit, Station};
use crate::rules::{Rules, Tier, needed_tier};

/// Of the parts that were `sent`, those that may be gone there. A period begins over there, but not before `begun`.
pub(super) fn may_be_gone(
    destination: &Destination,
    permit: &SignedPermit,
    (manifest, sent): (&Manifest, &BTreeSet<Digest>),
    (begun, now): (Timestamp, Timestamp),
) -> BTreeSet<Digest> {
    // What may be passed on is kept there until the whole of it ends.
    if permit.permit().onward.is_some() {
        return BTreeSet::new();
    }
    let may_be_over = |rules: &Rules| {
        let end = rules.end(Some(begun));
        rules.views.is_some() || end.is_some_and(|end| end <= now)
    };
    let able = destination.stations.iter();
    let able = able.filter(|station| !station.rules.is_nothing());
    let (unsure, lasting): (Vec<&Station>, Vec<&Station>) =
        able.partition(|station| may_be_over(&station.rules));
    // With the last of them all of it ends, and it says so: somebody is left.
    let left: Vec<Vec<&Station>> = match lasting.is_empty() {
        true => unsure.into_iter().map(|station| vec![station]).collect(),
        false => vec![lasting],
    };
    let mut gone = BTreeSet::new();
    for item in &manifest.items {
        for who in &left {
            gone.extend(without_use(item, who, sent));
        }
    }
    gone
}

/// The parts of an item of a better quality than these people need, where that one went there too.
fn without_use(item: &Item, left: &[&Station], sent: &BTreeSet<Digest>) -> BTreeSet<Digest> {
    let needs = |station: &&Station| needed_tier(&station.rules, item.kind, None);
    let Some(needed) = left.iter().filter_map(needs).max() else {
        return BTreeSet::new();
    };
    let of = |tier: &Tier| item.tiers[tier].parts.iter().copied();
    let has_needed = item.tiers.contains_key(&needed) && of(&needed).any(|one| sent.contains(&one));
    let better = item.tiers.keys().filter(|tier| **tier > needed);
    better
        .flat_map(of)
        .filter(|digest| has_needed && sent.contains(digest))
        .collect()
}

/// The parts that these people need for what they may do.
pub(super) fn needed_by(stations: &[Station], manifest: &Manifest) -> BTreeSet<Digest> {
    let mut parts = BTreeSet::new();
    for item in &manifest.items {
        let needs = |station: &Station| needed_tier(&station.rules, item.kind, None);
        let needed = stations.iter().filter_map(needs).max();
        let tiers = item.tiers.iter();
        let up_to = tiers.filter(|(tier, _)| needed.is_some_and(|needed| **tier <= needed));
        parts.extend(up_to.flat_map(|(_, tier)| tier.parts.iter().copied()));
    }
    parts
}
