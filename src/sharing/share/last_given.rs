//! What was chosen last for somebody: it is offered first next time. A yes to a request is no such choice.

use super::chosen::rules_of;
use crate::address::StationAddress;
use crate::rules::Rules;
use crate::sharing::accounts::Visitor;
use crate::sharing::listing::outgoing::mine;
use crate::sharing::{Fault, Household};

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
