//! What somebody was given last: it is offered first next time.

use super::accounts::Visitor;
use super::listing::outgoing::mine;
use super::{Fault, Household};
use crate::address::StationAddress;
use crate::rules::Rules;

impl Household {
    /// What these were given last, each in the latest share that the visitor, or somebody at the command line, made for them;
    /// `None`: nothing so far.
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
                for (address, last) in to.iter().zip(&mut given) {
                    if last.is_some() || destination.mailbox != address.mailbox {
                        continue;
                    }
                    let mut stations = destination.stations.iter();
                    let station = stations.find(|one| one.name == address.station);
                    *last = station.map(|one| one.rules.clone());
                }
            }
        }
        Ok(given)
    }
}
