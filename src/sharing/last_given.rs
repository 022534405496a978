//! What was chosen last for somebody: it is offered first next time. A yes to a request is no such choice.

use super::accounts::Visitor;
use super::answering::Answering;
use super::listing::outgoing::mine;
use super::{Fault, Household};
use crate::address::{StationAddress, StationName};
use crate::album::{Destination, Rows};
use crate::message::Station;
use crate::rules::Rules;

impl Household {
    /// What was chosen for these last, each in the latest share that the visitor, or somebody at the command line, made for
    /// them; `None`: nothing so far.
    pub fn last_given(
        &self,
        visitor: &Visitor,
        to: &[StationAddress],
    ) -> Result<Vec<Option<Rules>>, Fault> {
        let rows = self.album.rows();
        let mut given: Vec<Option<Rules>> = vec![None; to.len()];
        if to.is_empty() {
            return Ok(given);
        }
        let mut shares = rows.shares()?;
        shares.retain(|share| self.keys.is_ours(share.origin));
        shares.sort_by_key(|share| std::cmp::Reverse((share.created, share.id)));
        for share in shares {
            if given.iter().all(Option::is_some) {
                break;
            }
            let by = rows.shared_by(share.id)?;
            if !mine(&by, &visitor.station) {
                continue;
            }
            for destination in rows.destinations(share.id)? {
                if !to.iter().any(|one| one.mailbox == destination.mailbox) {
                    continue;
                }
                let chosen = rows.chosen(destination.id)?;
                for (address, last) in to.iter().zip(&mut given) {
                    if last.is_some() || destination.mailbox != address.mailbox {
                        continue;
                    }
                    *last = match chosen.get(&address.station) {
                        Some(chosen) => chosen.clone(),
                        None => rules_of(&destination.stations, &address.station).cloned(),
                    };
                }
            }
        }
        Ok(given)
    }
}

/// Notes whether what people at a destination have now was chosen, or came of a yes to a request.
pub(super) fn note_choice(
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

fn rules_of<'s>(stations: &'s [Station], name: &StationName) -> Option<&'s Rules> {
    let mut stations = stations.iter();
    let station = stations.find(|one| one.name == *name);
    station.map(|one| &one.rules)
}
