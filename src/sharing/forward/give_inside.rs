//! Passing on within the house: rows and a notice, and no mail to other households.

use std::collections::BTreeSet;

use super::basis::Basis;
use super::inside::narrow_inside;
use crate::address::{StationAddress, StationName};
use crate::album::{DestinationState, LocalGrant, Share};
use crate::envelope::Id;
use crate::message::Station;
use crate::rules::{Further, Rules, Who};
use crate::sharing::accounts::person::refuse_unknown;
use crate::sharing::poll::collect::settle;
use crate::sharing::poll::look::judge_of;
use crate::sharing::share::granting::{Line, sentences};
use crate::sharing::share::plan::Planned;
use crate::sharing::{Fault, Household, Now};

/// What people of the house may pass on, to whom it was passed on here.
pub(super) fn further_inside(basis: &Basis) -> Further<'_> {
    let onward = basis.ground.onward();
    onward.map(|onward| &onward.rules).into()
}

impl Household {
    pub(super) fn check_inside(
        &self,
        share: &Share,
        inside: &[(StationAddress, Rules)],
    ) -> Result<(), Fault> {
        if !inside.is_empty() && self.keys.is_ours(share.origin) {
            return Err(Fault::usage(
                "self",
                "the people of this house see its own album; nothing needs to be passed on to them",
            ));
        }
        for (address, _) in inside {
            if !address.station.is_everyone() {
                self.refuse_unknown_person(&address.station)?;
            }
        }
        Ok(())
    }

    /// Passes it on within the house: rows and a notice, no mail to other households.
    pub(in crate::sharing) fn give_inside(
        &mut self,
        share: &Share,
        basis: &Basis,
        items: &[Planned],
        by: Option<StationName>,
        inside: Vec<(StationAddress, Rules)>,
        now: Now,
    ) -> Result<Line, Fault> {
        let passed_by = by.ok_or_else(|| Fault::usage("who", "say who passes it on: --as USER"))?;
        let rows = self.album.rows();
        let wanted: BTreeSet<Id> = items.iter().map(|item| item.id).collect();
        let items: BTreeSet<i64> = rows
            .share_items(share.id)?
            .into_iter()
            .filter(|item| wanted.contains(&item.wire))
            .map(|item| item.id)
            .collect();
        let judge = judge_of(&self.keys, &self.config, now);
        let mut line = Line {
            via: None,
            unknown: false,
            mailbox: self.config.mailbox.clone(),
            name: self.config.name.clone(),
            stations: Vec::new(),
            state: DestinationState::Delivered,
        };
        let language = self.language;
        crate::crash::point("local.before_commit");
        let line = self.album.commit(|rows| {
            basis.ground.refuse_fallen(rows, share, [&passed_by])?;
            for (address, rules) in inside {
                if !address.station.is_everyone() {
                    refuse_unknown(rows, &address.station)?;
                }
                let station = Station {
                    name: address.station.clone(),
                    rules: rules.clone(),
                };
                line.stations.extend(sentences(
                    language,
                    &[station],
                    Who::Everyone,
                    further_inside(basis),
                ));
                rows.put_local_grant(&LocalGrant {
                    id: 0,
                    holding: basis.holding,
                    station: address.station,
                    passed_by: passed_by.clone(),
                    rules,
                    items: items.clone(),
                    issued: now.now,
                })?;
            }
            // This person may have given less than before to someone who passed it on too.
            narrow_inside(rows, share.id, basis.holding, now.now)?;
            settle(rows, &judge, share.id)?;
            Ok::<_, Fault>(line)
        })?;
        crate::crash::point("local.after_commit");
        Ok(line)
    }
}
