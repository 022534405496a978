//! What a person passes on to a household to which others of the house passed on something of the same share: held against
//! what can be [put together](super::together).

use std::collections::BTreeSet;

use super::basis::Basis;
use super::together::{Together, add_before, granter_of, items_of, standing, unlike, within};
use crate::address::{Mailbox, StationName};
use crate::album::Share;
use crate::envelope::Id;
use crate::message::SignedManifest;
use crate::sharing::give::Gift;
use crate::sharing::{Fault, Household, Now};

impl Household {
    /// What a person gives, with what others of the house gave that household already.
    pub(in crate::sharing) fn together(
        &self,
        share: &Share,
        basis: &Basis,
        gift: &Gift,
        (manifest, now): (&SignedManifest, Now),
    ) -> Result<Together, Fault> {
        let (rows, onward) = (self.album.rows(), basis.ground.onward());
        let (Some(person), Some(onward)) = (&gift.passed_by, onward) else {
            return Ok(Together::default());
        };
        let mailbox = &gift.contact.mailbox;
        let mut mine = Together::of_one(Some(person), &gift.stations, &gift.items);
        mine.parts[0].onward = gift.onward.clone();
        let before = rows.destination_at(share.id, gift.contact.fingerprint)?;
        let Some(before) = before else {
            return Ok(mine);
        };
        let read = rows.given_by(before.id)?;
        let (own, beside): (Vec<_>, Vec<_>) = standing(&before, &read, now.now)?
            .into_iter()
            .partition(|one| one.person == *person);
        let mut parts = mine.parts;
        for own in own {
            add_before(&mut parts[0], own);
        }
        parts.extend(beside);
        let others = read
            .iter()
            .any(|one| one.ended.is_none() && one.person != *person);
        let same_granter = granter_of(&before)? == Some(basis.ground.granter);
        if parts.len() > 1 && !same_granter {
            let words = format!(
                "{mailbox} has it from this house already, on the grant of another household"
            );
            return Err(Fault::new("denied", words)
                .hint("who passed it on first can do so for more of them"));
        }
        let items = items_of(&basis.ground, manifest);
        for part in &mut parts {
            within(part, onward, &items);
        }
        let together = Together {
            parts,
            is_all: others,
            read,
        };
        if together.is_of_several() {
            self.refuse_unlike(share, basis, &together, (person, mailbox), (manifest, now))?;
        }
        Ok(together)
    }

    /// What people give must be of a kind, and all of it such that each of them might pass it on.
    fn refuse_unlike(
        &self,
        share: &Share,
        basis: &Basis,
        together: &Together,
        (person, mailbox): (&StationName, &Mailbox),
        (manifest, now): (&SignedManifest, Now),
    ) -> Result<(), Fault> {
        let one = together.as_one(now.now).ok_or_else(|| unlike(mailbox))?;
        for part in &together.parts {
            let own = part.items.clone().unwrap_or_default();
            let may: BTreeSet<Id> = match part.person == *person {
                true => basis.items.iter().map(|item| item.id).collect(),
                false => match self.basis(share, Some(&part.person), now, manifest) {
                    Ok(theirs) => theirs.items.iter().map(|item| item.id).collect(),
                    // They may not, or have left the house.
                    Err(fault) if ["denied", "unknown_person"].contains(&fault.code) => {
                        BTreeSet::new()
                    }
                    Err(fault) => return Err(fault),
                },
            };
            if one
                .items
                .iter()
                .any(|id| !own.contains(id) && !may.contains(id))
            {
                let words = format!(
                    "somebody of this house passed other pictures of it on to {mailbox}, and there all see all of them"
                );
                return Err(Fault::new("unlike", words).hint("pass on the same pictures"));
            }
        }
        Ok(())
    }
}
