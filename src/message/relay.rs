//! Relays (Figure 6): one household passes a share on to others, because the origin asks it to in the grant.
//!
//! A relay makes a grant of its own only where its permit says exactly what the entry says: to whom, up to which tier, by
//! which rules. So whatever a dishonest one makes of it, no destination takes more than its entry. For everybody else the
//! origin seals the letter, and the relay hands it on unopened.

use std::collections::{BTreeMap, BTreeSet};

use super::grant::{Grant, RelayEntry, Station};
use super::manifest::{Manifest, expected_parts, parts_of_tiers};
use super::permit::{Onward, SignedPermit};
use super::{Code, Refused};
use crate::envelope::{Card, Digest, Fingerprint, Id};
use crate::rules::{Rules, Tier};

impl RelayEntry {
    /// The certificates of the household, which must be those of the mailbox.
    pub fn card(&self) -> Result<Card, Refused> {
        let ders: Vec<&[u8]> = self
            .certificates
            .iter()
            .map(|der| der.0.as_slice())
            .collect();
        let card = Card::from_ders(&ders)?;
        if *card.identity.mailbox() != self.mailbox {
            let words = "a relay is asked for to another mailbox than the certificate names";
            return Err(Refused::new(Code::Addressee, words));
        }
        Ok(card)
    }

    /// Whether it is about the item.
    pub fn covers(&self, item: Id) -> bool {
        self.items
            .as_ref()
            .is_none_or(|items| items.contains(&item))
    }

    /// The parts that go along with it. Of a sealed letter nobody on the way knows more than the best tier.
    pub fn parts(&self, manifest: &Manifest) -> BTreeSet<Digest> {
        let tier = |item| self.covers(item).then_some(self.tier);
        parts_of_tiers(manifest, tier, true)
    }
}

/// The parts that a grant brings: those that its destination needs, and those that it only carries for others.
pub fn brought_parts(manifest: &Manifest, grant: &Grant, passed_on: bool) -> BTreeSet<Digest> {
    let mut parts = expected_parts(manifest, grant, passed_on);
    let sealed = grant.relay.iter().filter(|entry| entry.sealed.is_some());
    for entry in sealed {
        parts.extend(entry.parts(manifest));
    }
    parts
}

/// Whether the origin itself named `me` as one to whom its copy is passed on: then the household that did so need not be
/// known here. The chain is one that [`super::check_chain`] let pass, so that every step after the first stays within that
/// list, whoever stands on the way.
pub fn is_named_by_origin(chain: &[SignedPermit], me: Fingerprint) -> bool {
    let [first, .., last] = chain else {
        return false;
    };
    let onward = first.permit().onward.as_ref();
    let named = onward.and_then(|onward| onward.to.as_ref());
    last.permit().to == me && named.is_some_and(|to| to.contains(&me))
}

/// Whether the origin's own permit says that `signer` passes this on to `me`: reason enough to check the whole of it, and to
/// say what became of it. Only what passes, and is [named by the origin](is_named_by_origin), is taken.
pub fn is_vouched_for(grant: &Grant, signer: Fingerprint, me: Fingerprint) -> bool {
    let Some(first) = grant.chain.first() else {
        return false;
    };
    let Ok(first) = SignedPermit::verify(&first.0) else {
        return false;
    };
    let permit = first.permit();
    let onward = permit.onward.as_ref();
    let Some(to) = onward.and_then(|onward| onward.to.as_ref()) else {
        return false;
    };
    let of_share = (permit.origin, permit.share) == (grant.origin, grant.share);
    let stands_between = permit.to == signer || (grant.chain.len() > 2 && to.contains(&signer));
    of_share && permit.from == permit.origin && to.contains(&me) && stands_between
}

/// What one household is to have of a share.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Who.
    pub household: Fingerprint,
    /// Which items; `None`: all.
    pub items: Option<Vec<Id>>,
    /// The tier of each item that is given.
    pub tiers: BTreeMap<Id, Tier>,
    /// The rules of each station, without a period.
    pub stations: Vec<Station>,
    /// It may itself pass it on.
    pub further: bool,
}

impl Wish {
    /// The one tier and the one set of rules that say all of it; `None` where it takes more to say.
    fn as_one(&self) -> Option<(Tier, &Rules)> {
        let [station] = self.stations.as_slice() else {
            return None;
        };
        let mut tiers = self.tiers.values();
        let tier = *tiers.next()?;
        let plain = station.name.is_everyone()
            && !self.further
            && !station.rules.forward
            && station.rules.period.is_none()
            && tiers.all(|other| *other == tier);
        plain.then_some((tier, &station.rules))
    }

    /// Whether this household, as a relay, is given all that the other is to have.
    fn has_all_of(&self, other: &Wish, rules: &Rules) -> bool {
        let has = |(item, tier): (&Id, &Tier)| self.tiers.get(item) >= Some(tier);
        let may = |station: &Station| rules.within(&station.rules);
        !self.further
            && self.items == other.items
            && other.tiers.iter().all(has)
            && self.stations.iter().any(may)
    }
}

/// What a relay may pass on with keys of its own, to whom: those with the same wish, as many as there are. `None` where
/// every letter must be sealed. `relay`: what it is given itself.
pub fn ceiling(relay: &Wish, others: &[Wish]) -> Option<Onward> {
    let mut groups: Vec<Onward> = Vec::new();
    for wish in others {
        let Some((tier, rules)) = wish
            .as_one()
            .filter(|(_, rules)| relay.has_all_of(wish, rules))
        else {
            continue;
        };
        let same = |group: &&mut Onward| group.tier == tier && group.rules == *rules;
        match groups.iter_mut().find(same) {
            Some(group) => group.to.get_or_insert_default().push(wish.household),
            None => groups.push(Onward {
                tier,
                rules: rules.clone(),
                to: Some(vec![wish.household]),
            }),
        }
    }
    let size = |group: &Onward| group.to.as_ref().map_or(0, Vec::len);
    let largest = groups.iter().map(size).max()?;
    groups.into_iter().find(|group| size(group) == largest)
}
