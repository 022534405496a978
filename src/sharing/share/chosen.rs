//! Whether what people elsewhere have was chosen for them, or came of a yes to a request: only the one is offered again.

use crate::address::StationName;
use crate::album::{Destination, Rows};
use crate::message::Station;
use crate::rules::Rules;
use crate::sharing::Fault;
use crate::sharing::requests::answering::Answering;

/// Notes it of what people at a destination have now.
pub(in crate::sharing) fn note_choice(
    rows: Rows<'_>,
    destination: i64,
    before: Option<&Destination>,
    stations: &[Station],
    answer: Option<&Answering<'_>>,
) -> Result<(), Fault> {
    let had = |name: &StationName| rules_of(before.map_or(&[], |one| &one.stations), name);
    match answer {
        Some(answer) => {
            let who = &answer.request.station;
            rows.keep_chosen(destination, who, had(who))?;
        }
        None => {
            let chosen = |one: &&Station| had(&one.name) != Some(&one.rules);
            for one in stations.iter().filter(chosen) {
                rows.forget_chosen(destination, &one.name)?;
            }
        }
    }
    Ok(())
}

/// The rules of the one of that name.
pub(in crate::sharing) fn rules_of<'s>(
    stations: &'s [Station],
    name: &StationName,
) -> Option<&'s Rules> {
    let mut stations = stations.iter();
    let station = stations.find(|one| one.name == *name);
    station.map(|one| &one.rules)
}
