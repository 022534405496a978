//! Who of the house may do what with a share: the rules of its live holdings, by person.

use super::Fault;
use crate::address::StationName;
use crate::album::{Holding, HoldingState, Rows};
use crate::encoding::Timestamp;
use crate::message::Station;
use crate::rules::Rules;

/// The people of the house who may do something with a share, with the rules of each holding that is for them.
pub(super) fn allowed_people(
    rows: Rows<'_>,
    share: i64,
) -> Result<Vec<(StationName, Vec<Rules>)>, Fault> {
    let mut people = Vec::new();
    let holdings = live_stations(rows, share)?;
    for person in rows.people()? {
        let rules: Vec<Rules> = holdings
            .iter()
            .filter_map(|(_, stations)| rules_for(stations, &person.station))
            .filter(|rules| !rules.is_nothing())
            .cloned()
            .collect();
        if !rules.is_empty() {
            people.push((person.station, rules));
        }
    }
    Ok(people)
}

/// The live holdings of a share with the rules in them.
pub(super) fn live_stations(
    rows: Rows<'_>,
    share: i64,
) -> Result<Vec<(Holding, Vec<Station>)>, Fault> {
    let mut live = Vec::new();
    for holding in rows.holdings(share)? {
        if holding.state == HoldingState::Live {
            let stations = rows.holding_stations(holding.id)?;
            live.push((holding, stations));
        }
    }
    Ok(live)
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
