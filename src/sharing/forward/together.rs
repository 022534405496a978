//! Several people of the house pass the same share on to one household. It has one grant of this house, whose newest letter
//! counts, so that what they give is put together: each person there may do what any of them allows, with all the items that
//! they gave. What one of them takes back leaves it as the others gave it.
//!
//! Rules of two people for one and the same person must be of a kind, one within the other: what lies in neither is
//! nobody's to give. And all that comes together must be what each of them might pass on.

use std::collections::BTreeSet;

use crate::address::{Mailbox, StationName};
use crate::album::{Destination, DestinationState, GivenBy, Rows, Share};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::message::{Onward, SignedManifest, SignedPermit, Station};
use crate::rules::Rules;
use crate::sharing::share::ground::Ground;
use crate::sharing::share::plan::absolute;
use crate::sharing::stations::rules_for;
use crate::sharing::{Fault, Household};

/// What a household is given by people of the house.
#[derive(Debug, Clone, Default)]
pub(in crate::sharing) struct Together {
    /// By each, as far as it stands.
    pub parts: Vec<GivenBy>,
    /// As it stood in the rows when it was worked out.
    pub read: Vec<GivenBy>,
    /// It says all, whatever the household had.
    pub is_all: bool,
}

/// All of it, as one grant.
pub(in crate::sharing) struct AsOne {
    pub stations: Vec<Station>,
    pub items: BTreeSet<Id>,
    /// What may travel on.
    pub onward: Option<Rules>,
}

impl Together {
    /// Of people who give with nobody beside them, as far as they are known.
    pub fn of_one(
        person: Option<&StationName>,
        stations: &[Station],
        items: &BTreeSet<Id>,
    ) -> Self {
        let one = person.map(|person| GivenBy {
            person: person.clone(),
            stations: stations.to_vec(),
            items: Some(items.clone()),
            onward: None,
            ended: None,
        });
        Together {
            parts: one.into_iter().collect(),
            ..Together::default()
        }
    }

    /// Whether it is worked out of what each gives, and not of what one says now and the household had.
    pub fn is_of_several(&self) -> bool {
        self.is_all
            || self
                .parts
                .iter()
                .filter(|one| !one.stations.is_empty())
                .count()
                > 1
    }

    /// All that the household has is by the one who gives it something.
    pub fn set_all(&mut self, stations: &[Station], items: impl Iterator<Item = Id>) {
        let mut gives = self.parts.iter_mut().filter(|one| !one.stations.is_empty());
        if let Some(one) = gives.next() {
            one.stations = stations.to_vec();
            one.items = Some(items.collect());
        }
    }

    /// Puts it together; `None` where it is not of a kind.
    pub fn as_one(&self, now: Timestamp) -> Option<AsOne> {
        let stations = stations_of(&self.parts, now)?;
        let mut onward: Vec<Rules> = Vec::new();
        for part in &self.parts {
            let forwarders = part.stations.iter().filter(|one| one.rules.forward);
            let own = forwarders.map(|one| Rules {
                forward: false,
                ..absolute(&one.rules, now)
            });
            let own = own.reduce(|a, b| a.join(&b));
            onward.extend(own.map(|own| part.onward.clone().unwrap_or(own)));
        }
        let onward = match onward.is_empty() {
            true => None,
            false => Some(widest(&onward.iter().collect::<Vec<_>>())?.clone()),
        };
        let items = self.parts.iter().filter_map(|part| part.items.clone());
        Some(AsOne {
            stations,
            items: items.flatten().collect(),
            onward,
        })
    }

    /// Notes it at the destination. What somebody else did meanwhile is not written over.
    pub fn record(&self, rows: Rows<'_>, destination: i64, now: Timestamp) -> Result<(), Fault> {
        if self.parts.is_empty() {
            return Ok(());
        }
        if rows.given_by(destination)? != self.read {
            let words = "somebody else of this house passed it on there meanwhile; do it again";
            return Err(Fault::new("busy", words));
        }
        Ok(rows.set_given_by(destination, &self.parts, now)?)
    }
}

impl Household {
    /// What is left for a household where one person takes back what they gave; `None` where nobody else gives it anything.
    pub(in crate::sharing) fn without(
        &self,
        destination: &Destination,
        person: &StationName,
        (ground, manifest): (&Ground, &SignedManifest),
        now: Timestamp,
    ) -> Result<Option<Together>, Fault> {
        let read = self.album.rows().given_by(destination.id)?;
        let mut parts = standing(destination, &read, now)?;
        parts.retain(|one| one.person != *person);
        let Some(onward) = ground.onward() else {
            return Ok(None);
        };
        let items = items_of(ground, manifest);
        for part in &mut parts {
            within(part, onward, &items);
        }
        let gives = |one: &GivenBy| !one.stations.is_empty();
        Ok(parts.iter().any(gives).then_some(Together {
            parts,
            read,
            is_all: true,
        }))
    }

    /// What a household is given that is to carry a share for a person: what others gave it itself stays.
    pub(in crate::sharing) fn carrying(
        &self,
        share: &Share,
        who: Fingerprint,
        person: Option<&StationName>,
        (ground, manifest): (&Ground, &SignedManifest),
        now: Timestamp,
    ) -> Result<Together, Fault> {
        let (Some(person), Some(onward)) = (person, ground.onward()) else {
            return Ok(Together::default());
        };
        let Some(before) = self.album.rows().destination_at(share.id, who)? else {
            return Ok(Together::of_one(Some(person), &[], &BTreeSet::new()));
        };
        let read = self.album.rows().given_by(before.id)?;
        let mut parts = standing(&before, &read, now)?;
        let items = items_of(ground, manifest);
        for part in &mut parts {
            within(part, onward, &items);
        }
        if parts.iter().all(|one| one.person != *person) {
            parts.extend(Together::of_one(Some(person), &[], &BTreeSet::new()).parts);
        }
        Ok(Together {
            parts,
            read,
            is_all: false,
        })
    }
}

/// What people give cannot be put together.
pub(in crate::sharing) fn unlike(mailbox: &Mailbox) -> Fault {
    let words = format!(
        "somebody of this house passed it on to {mailbox} in another way, and both together cannot be said in one grant"
    );
    Fault::new("unlike", words)
        .hint("let them do all that they may do already, or nothing more than that")
}

/// Whether a person gave a household something that they have not taken back; of an own share, whoever passed it on counts.
pub(in crate::sharing) fn gave(
    rows: Rows<'_>,
    destination: &Destination,
    by: Option<&StationName>,
) -> Result<bool, Fault> {
    let Some(by) = by else {
        return Ok(true);
    };
    let all = rows.given_by(destination.id)?;
    let mut stand = all.iter().filter(|one| one.ended.is_none());
    Ok(match all.is_empty() {
        true => destination.passed_by.as_ref() == Some(by),
        false => stand.any(|one| one.person == *by),
    })
}

/// What people gave a household that counts yet: not what was taken back from it, is gone there, or is over.
pub(in crate::sharing) fn standing(
    destination: &Destination,
    read: &[GivenBy],
    now: Timestamp,
) -> Result<Vec<GivenBy>, Fault> {
    use DestinationState::{Deleted, Revoked};
    if matches!(destination.state, Revoked | Deleted) {
        return Ok(Vec::new());
    }
    let of_permit = || -> Result<Option<BTreeSet<Id>>, Fault> {
        let permit = SignedPermit::of_stored(&destination.permit)?;
        let items = permit.permit().items.clone();
        Ok(items.map(|items| items.into_iter().collect()))
    };
    let mut all = Vec::new();
    for one in read.iter().filter(|one| one.ended.is_none()) {
        let mut one = one.clone();
        if one.items.is_none() {
            one.items = of_permit()?;
        }
        let over = |station: &Station| station.rules.not_after.is_some_and(|end| end <= now);
        let carries = one.stations.is_empty();
        one.stations.retain(|station| !over(station));
        if carries || !one.stations.is_empty() {
            all.push(one);
        }
    }
    Ok(all)
}

/// Who granted this house what a destination stands on.
pub(in crate::sharing) fn granter_of(
    destination: &Destination,
) -> Result<Option<Fingerprint>, Fault> {
    let last = destination.ancestors.last();
    let last = last.map(|der| SignedPermit::of_stored(der)).transpose()?;
    Ok(last.map(|last| last.permit().from))
}

/// What a person gave before stays where they do not say it anew; items come on top.
pub(super) fn add_before(mine: &mut GivenBy, before: GivenBy) {
    let named = |one: &Station| mine.stations.iter().any(|new| new.name == one.name);
    let old: Vec<Station> = before
        .stations
        .into_iter()
        .filter(|one| !named(one))
        .collect();
    mine.stations.extend(old);
    mine.items = match (mine.items.take(), before.items) {
        (Some(mine), Some(before)) => Some(mine.union(&before).copied().collect()),
        _ => None,
    };
    mine.onward = mine.onward.take().or(before.onward);
}

pub(in crate::sharing) fn items_of(ground: &Ground, manifest: &SignedManifest) -> BTreeSet<Id> {
    let items = ground.items(manifest).into_iter();
    items.map(|item| item.id).collect()
}

/// As far as it may still be given.
pub(in crate::sharing) fn within(part: &mut GivenBy, onward: &Onward, items: &BTreeSet<Id>) {
    for station in &mut part.stations {
        station.rules = station.rules.meet(&onward.rules);
    }
    part.items = Some(match part.items.take() {
        Some(own) => own.intersection(items).copied().collect(),
        None => items.clone(),
    });
}

/// Each person there with the widest that anyone gives them: by name, or as one of everyone.
fn stations_of(parts: &[GivenBy], now: Timestamp) -> Option<Vec<Station>> {
    let mut stations: Vec<Station> = Vec::new();
    for name in parts
        .iter()
        .flat_map(|part| &part.stations)
        .map(|one| &one.name)
    {
        if stations.iter().any(|one| one.name == *name) {
            continue;
        }
        let each: Vec<&Rules> = parts
            .iter()
            .filter_map(|part| rules_for(&part.stations, name))
            .filter(|rules| rules.not_after.is_none_or(|end| end > now))
            .collect();
        if each.is_empty() {
            continue;
        }
        stations.push(Station {
            name: name.clone(),
            rules: widest(&each)?.clone(),
        });
    }
    Some(stations)
}

/// The one within which the others lie, where each two are of a kind.
fn widest<'r>(all: &[&'r Rules]) -> Option<&'r Rules> {
    let alike = |a: &Rules, b: &Rules| a.within(b) || b.within(a);
    let of_a_kind = all.iter().all(|a| all.iter().all(|b| alike(a, b)));
    let mut widest = all.iter().filter(|a| all.iter().all(|b| b.within(a)));
    widest.next().copied().filter(|_| of_a_kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::parse_rules;

    const NOW: i64 = 1_800_000_000;

    fn given(person: &str, to: &[(&str, &str)]) -> GivenBy {
        let station = |(name, rules): &(&str, &str)| Station {
            name: name.parse().expect("a station"),
            rules: parse_rules(rules).expect("rules"),
        };
        GivenBy {
            person: person.parse().expect("a station"),
            stations: to.iter().map(station).collect(),
            items: Some(BTreeSet::new()),
            onward: None,
            ended: None,
        }
    }

    fn edges(parts: &[GivenBy]) -> Option<Vec<String>> {
        let edge = |one: Station| {
            let edge = one.rules.display.and_then(|limits| limits.max_edge);
            format!("{} {}", one.name, edge.unwrap_or(0))
        };
        let stations = stations_of(parts, Timestamp::from_unix(NOW))?;
        Some(stations.into_iter().map(edge).collect())
    }

    #[test]
    fn each_person_may_do_what_any_of_them_allows() {
        let parts = [
            given("bea", &[("carol", "display=640"), ("carl", "display=100")]),
            given("bob", &[("carol", "display=320"), ("cleo", "display=200")]),
        ];
        let all = edges(&parts).expect("of a kind");
        assert_eq!(all, ["carol 640", "carl 100", "cleo 200"]);
    }

    #[test]
    fn who_is_named_by_one_keeps_what_another_gives_everyone() {
        let parts = [
            given("bea", &[("everyone", "display=640")]),
            given("bob", &[("carol", "display=320"), ("carl", "display=900")]),
        ];
        let all = edges(&parts).expect("of a kind");
        assert_eq!(all, ["everyone 640", "carol 640", "carl 900"]);
    }

    #[test]
    fn what_is_in_neither_is_not_given() {
        let parts = |other: &str| {
            [
                given(
                    "bea",
                    &[("carol", "display=640,until=2027-03-01T00:00:00Z")],
                ),
                given("bob", &[("carol", other)]),
            ]
        };
        assert_eq!(edges(&parts("print=640")), None);
        assert_eq!(
            edges(&parts("display=900,until=2027-02-01T00:00:00Z")),
            None
        );
        assert!(edges(&parts("display=900,until=2027-04-01T00:00:00Z")).is_some());
    }
}
