//! What a household had of a share that it is given once more: how far it stands, and what of it need not go again.

use std::collections::BTreeSet;

use super::gone::may_be_gone;
use crate::address::StationName;
use crate::album::{Destination, DestinationState, PartRow};
use crate::encoding::Timestamp;
use crate::envelope::Digest;
use crate::message::manifest::parts_of_tiers;
use crate::message::{Onward, SignedManifest, SignedPermit, Station};
use crate::rules::{Rules, Tier};
use crate::sharing::Fault;
use crate::sharing::give::waiting::rights_given;
use crate::sharing::requests::on_top::{PeriodStart, keeps};
use crate::sharing::share::ground::Ground;
use crate::sharing::share::plan::{Rights, absolute};

/// What a household had been given of the share.
pub(super) struct Before {
    pub destination: Destination,
    pub permit: SignedPermit,
    /// The parts that went there and are there yet, or wait in the outbox to.
    sent: BTreeSet<Digest>,
    /// Those of which it may have let go since.
    gone: BTreeSet<Digest>,
}

impl Before {
    pub fn of(
        destination: Destination,
        ground: &Ground,
        manifest: &SignedManifest,
        (begun, now): (Timestamp, Timestamp),
    ) -> Result<Self, Fault> {
        let permit = SignedPermit::of_stored(&destination.permit)?;
        let given = rights_given(&destination, &permit, ground, manifest, now);
        let passed_on = permit.permit().onward.is_some();
        let mut sent = given.map_or_else(BTreeSet::new, |given| {
            let tier = |item| given.tiers.get(&item).copied();
            parts_of_tiers(manifest.manifest(), tier, passed_on)
        });
        let of = (manifest.manifest(), &sent);
        let gone = may_be_gone(&destination, &permit, of, (begun, now));
        sent.retain(|digest| !gone.contains(digest));
        Ok(Before {
            destination,
            permit,
            sent,
            gone,
        })
    }

    pub fn stands(&self) -> bool {
        stands(&self.destination)
    }

    /// Whether it gave more, in anything, than what is given now.
    pub fn is_wider_than(&self, given: &Rights, stations: &[Station]) -> bool {
        let permit = self.permit.permit();
        let rules_of = |name: &StationName| stations.iter().find(|new| new.name == *name);
        let begun = PeriodStart::of(&self.destination);
        let less_for = |old: &Station| {
            let new = rules_of(&old.name).map(|new| &new.rules);
            !new.is_some_and(|new| keeps(&old.rules, new, begun))
        };
        let items = match (&permit.items, &given.items) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(old), Some(new)) => old.iter().any(|id| !new.contains(id)),
        };
        let onward = match (&permit.onward, &given.onward) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(old), Some(new)) => {
                old.tier > new.tier || !old.rules.within(&new.rules) || old.to != new.to
            }
        };
        items
            || onward
            || permit.tier > given.tier
            || self.destination.stations.iter().any(less_for)
    }

    /// What it passes on as a relay stands on its permit.
    pub fn as_relay(&self, tier: Tier) -> Option<Onward> {
        let onward = self.permit.permit().onward.clone();
        let onward = onward.filter(|onward| onward.to.is_some())?;
        Some(Onward {
            tier: onward.tier.min(tier),
            ..onward
        })
    }

    /// Of the parts that it is to have those that go there. Who is given something, which takes the parts that are `needed`,
    /// has to have it; that others there may have let go of theirs stops nothing.
    pub fn lacks(
        &self,
        mut parts: BTreeSet<Digest>,
        needed: &BTreeSet<Digest>,
        all: &[PartRow],
    ) -> BTreeSet<Digest> {
        let held = |digest: &Digest| all.iter().any(|part| part.held && part.digest == *digest);
        parts.retain(|digest| {
            !self.sent.contains(digest)
                && (!self.gone.contains(digest) || needed.contains(digest) || held(digest))
        });
        parts
    }

    /// What may travel on where a gift does not say: as before, unless someone there may do less now.
    pub fn onward_for(&self, stations: &[Station], now: Timestamp) -> Option<Rules> {
        let onward = self.permit.permit().onward.as_ref()?;
        let begun = PeriodStart::of(&self.destination);
        let less = |old: &Station| {
            let new = stations.iter().find(|new| new.name == old.name);
            !new.is_some_and(|new| keeps(&old.rules, &new.rules, begun))
        };
        if !self.destination.stations.iter().any(less) {
            return Some(onward.rules.clone());
        }
        let forwarders = stations.iter().filter(|station| station.rules.forward);
        let now_given = forwarders.map(|station| absolute(&station.rules, now));
        now_given
            .reduce(|a, b| a.join(&b))
            .map(|rules| rules.meet(&onward.rules))
    }
}

/// Whether it still counts: what was refused, failed or taken back is as if never given.
pub(in crate::sharing) fn stands(destination: &Destination) -> bool {
    matches!(
        destination.state,
        DestinationState::Queued | DestinationState::Sent | DestinationState::Delivered
    )
}

/// The named stations with their new rules, the others with those they have, as far as these may still be given.
pub(super) fn merged(
    named: &[Station],
    before: Option<&Before>,
    onward: Option<&Onward>,
) -> Vec<Station> {
    let mut stations = named.to_vec();
    let old = before.map_or(&[][..], |before| before.destination.stations.as_slice());
    for station in old {
        if stations.iter().all(|new| new.name != station.name) {
            let rules = match onward {
                Some(onward) => station.rules.meet(&onward.rules),
                None => station.rules.clone(),
            };
            stations.push(Station {
                name: station.name.clone(),
                rules,
            });
        }
    }
    stations
}
