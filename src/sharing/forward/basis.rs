//! On what somebody passes a share on: a holding, the person's own rules as the ceiling, and the items that may go.

use std::collections::BTreeSet;

use super::onward::{may_give, may_not};
use crate::address::StationName;
use crate::album::Share;
use crate::message::SignedManifest;
use crate::rules::{Action, Decision, Denial, Rules, decide};
use crate::sharing::listing::granter::refuse_over;
use crate::sharing::opened::{Opened, Openers};
use crate::sharing::share::ground::Ground;
use crate::sharing::share::plan::Planned;
use crate::sharing::stations::{Voice, live_voices, rules_for};
use crate::sharing::{Fault, Household, Now};

/// On what a person passes on.
pub(in crate::sharing) struct Basis {
    pub ground: Ground,
    /// The widest that may be given; `None` at the origin.
    pub ceiling: Option<Rules>,
    /// The items that may be passed on.
    pub items: Vec<Planned>,
    /// The holding, for grants within the house.
    pub holding: i64,
}

impl Household {
    pub(in crate::sharing) fn refuse_ended(&self, share: &Share) -> Result<(), Fault> {
        refuse_over(self.album.rows(), share)
    }

    /// The holding on which a person may pass on, with the person's own rules as ceiling.
    pub(in crate::sharing) fn basis(
        &self,
        share: &Share,
        person: Option<&StationName>,
        now: Now,
        manifest: &SignedManifest,
    ) -> Result<Basis, Fault> {
        let rows = self.album.rows();
        let own = self.keys.is_ours(share.origin);
        if let Some(person) = person {
            self.refuse_unknown_person(person)?;
        }
        let mut openers = Openers::default();
        openers.of(rows, &self.keys, share.id)?;
        let mut denied = None;
        for voice in live_voices(rows, share.id)? {
            let Some(opened) = openers.get(share.id, voice.holding.id) else {
                continue;
            };
            if own {
                let ground = Ground::of_holding(&voice.holding, opened)?
                    .ok_or_else(|| Fault::new("grant", "an own share that is bounded"))?;
                let items = ground.items(manifest);
                return Ok(Basis {
                    ground,
                    ceiling: None,
                    items,
                    holding: voice.holding.id,
                });
            }
            let person =
                person.ok_or_else(|| Fault::usage("who", "say who passes it on: --as USER"))?;
            match self.basis_of(share, &voice, opened, person, now, manifest)? {
                Ok(basis) => return Ok(basis),
                Err(denial) => denied = denied.or(Some(denial)),
            }
        }
        let denial = denied.unwrap_or(Denial::NotAllowed(Action::Forward));
        Err(may_not(rows, share, person, denial)?)
    }

    fn basis_of(
        &self,
        share: &Share,
        voice: &Voice,
        opened: &Opened,
        person: &StationName,
        now: Now,
        manifest: &SignedManifest,
    ) -> Result<Result<Basis, Denial>, Fault> {
        let rows = self.album.rows();
        let no = Denial::NotAllowed(Action::Forward);
        let Some(rules) = rules_for(&voice.stations, person).filter(|rules| rules.forward) else {
            return Ok(Err(no));
        };
        let Some(ground) = Ground::of_holding(&voice.holding, opened)? else {
            return Ok(Err(no));
        };
        let (mut allowed, mut denied) = (BTreeSet::new(), None);
        for item in rows.share_items(share.id)? {
            if voice.tier(rows, item.id)?.is_none() {
                continue;
            }
            let usage = rows.usage(share.id, item.id, person)?;
            match decide(rules, Action::Forward, item.kind, now.now, usage) {
                Decision::Allow(_) => {
                    allowed.insert(item.wire);
                }
                Decision::Deny(denial) => denied = denied.or(Some(denial)),
            }
        }
        let mut items = ground.items(manifest);
        items.retain(|item| allowed.contains(&item.id));
        let Some(onward) = ground.onward().filter(|_| !items.is_empty()) else {
            return Ok(Err(denied.unwrap_or(no)));
        };
        let since = rows.viewable_since(share.id, person)?;
        let Some(ceiling) = may_give(rules, &onward.rules, since.unwrap_or(now.now)) else {
            return Ok(Err(no));
        };
        Ok(Ok(Basis {
            ceiling: Some(ceiling),
            ground,
            items,
            holding: voice.holding.id,
        }))
    }

    pub(super) fn items_to_pass_on(
        &self,
        share: &Share,
        named: &[String],
        person: Option<&StationName>,
        basis: &Basis,
    ) -> Result<Vec<Planned>, Fault> {
        if named.is_empty() {
            return Ok(basis.items.clone());
        }
        let rows = self.album.rows();
        let mut items: Vec<Planned> = Vec::new();
        for name in named {
            let item = rows.share_item(name)?.filter(|item| item.share == share.id);
            let item = item.ok_or_else(|| {
                let words = format!("{} has no item {name:?}", share.reference);
                Fault::usage("unknown_item", words)
                    .hint(format!("`hearthpost show {}` names them", share.reference))
            })?;
            let Some(planned) = basis.items.iter().find(|planned| planned.id == item.wire) else {
                let denial = Denial::NotAllowed(Action::Forward);
                return Err(may_not(rows, share, person, denial)?);
            };
            items.push(*planned);
        }
        Ok(items)
    }
}
