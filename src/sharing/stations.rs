//! Who of the house may do what with a share: the rules of its live holdings, by person.

use std::collections::BTreeSet;

use super::Fault;
use crate::address::StationName;
use crate::album::{Holding, HoldingState, Rows};
use crate::encoding::Timestamp;
use crate::message::Station;
use crate::rules::{Rules, Tier};

/// The people of the house who may do something with a share, with the rules of each holding that is for them.
pub(super) fn allowed_people(
    rows: Rows<'_>,
    share: i64,
) -> Result<Vec<(StationName, Vec<Rules>)>, Fault> {
    let mut people = Vec::new();
    let voices = live_voices(rows, share)?;
    for person in rows.people()? {
        let rules: Vec<Rules> = voices
            .iter()
            .filter_map(|voice| rules_for(&voice.stations, &person.station))
            .filter(|rules| !rules.is_nothing())
            .cloned()
            .collect();
        if !rules.is_empty() {
            people.push((person.station, rules));
        }
    }
    Ok(people)
}

/// One set of rules that speaks for people of the house: of a grant, or of a person who passed it on within the house.
/// Where several speak for a person, that person may do what either allows.
pub(super) struct Voice {
    /// The holding on whose keys it stands.
    pub holding: Holding,
    /// The rules.
    pub stations: Vec<Station>,
    /// The shared items of which it speaks, within the holding; `None`: all.
    items: Option<BTreeSet<i64>>,
    /// Who passed it on within the house.
    pub passed_by: Option<StationName>,
}

impl Voice {
    /// The best tier of an item that its keys open, if it speaks of that item.
    pub fn tier(&self, rows: Rows<'_>, item: i64) -> Result<Option<Tier>, Fault> {
        let speaks = self
            .items
            .as_ref()
            .is_none_or(|items| items.contains(&item));
        Ok(match speaks {
            true => rows.holding_tier(self.holding.id, item)?,
            false => None,
        })
    }
}

/// What speaks for the people of the house about a share: its live holdings, and what was passed on within the house.
pub(super) fn live_voices(rows: Rows<'_>, share: i64) -> Result<Vec<Voice>, Fault> {
    let mut voices = Vec::new();
    for holding in rows.holdings(share)? {
        if holding.state != HoldingState::Live {
            continue;
        }
        for local in rows.local_grants(holding.id)? {
            voices.push(Voice {
                holding: holding.clone(),
                stations: vec![Station {
                    name: local.station,
                    rules: local.rules,
                }],
                items: Some(local.items),
                passed_by: Some(local.passed_by),
            });
        }
        voices.push(Voice {
            stations: rows.holding_stations(holding.id)?,
            holding,
            items: None,
            passed_by: None,
        });
    }
    Ok(voices)
}

/// A named station replaces everyone for that person.
pub(super) fn rules_for<'s>(stations: &'s [Station], person: &StationName) -> Option<&'s Rules> {
    let named = stations.iter().find(|station| station.name == *person);
    let everyone = stations.iter().find(|station| station.name.is_everyone());
    named.or(everyone).map(|station| &station.rules)
}

/// When a person's rights end, where several sets of rules hold; `None` where one of them has no end.
pub(super) fn ends(rules: &[Rules], since: Option<Timestamp>) -> Option<Timestamp> {
    let ends: Vec<Option<Timestamp>> = rules.iter().map(|rules| rules.end(since)).collect();
    // Without an end in one of them the person may go on.
    ends.iter()
        .copied()
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .max()
}
