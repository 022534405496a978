//! One person of the house takes back what they passed on to a household to which others passed on something too: it is
//! granted anew what those gave, and what is not in that ends, as where one person gives less than before.

use crate::address::StationName;
use crate::album::{Destination, Share};
use crate::encoding::Timestamp;
use crate::message::SignedManifest;
use crate::sharing::give::{Beside, Gift};
use crate::sharing::share::ground::Ground;
use crate::sharing::{Fault, Household};

/// What became of it.
pub(in crate::sharing) enum Withdrawn {
    /// Nobody else gives that household anything: all of it is to be taken back.
    All,
    /// It was taken back before, or others give all of it there.
    Nothing,
    /// The household is given less; these people there may have kept files of what was taken back.
    Less(Vec<StationName>),
}

impl Household {
    /// Takes back from a household what one person passed on there.
    pub(in crate::sharing) fn withdraw(
        &mut self,
        share: &Share,
        destination: &Destination,
        person: &StationName,
        now: Timestamp,
    ) -> Result<Withdrawn, Fault> {
        let rows = self.album.rows();
        let mut given = rows.given_by(destination.id)?.into_iter();
        let Some(mine) = given.find(|one| one.person == *person) else {
            return Ok(Withdrawn::All);
        };
        if mine.ended.is_some() {
            return Ok(Withdrawn::Nothing);
        }
        let manifest = SignedManifest::verify(&rows.manifest(share.id)?)?;
        let ground = Ground::with_chain(rows, &self.keys, share, &destination.ancestors)?;
        let (Some(ground), Some(contact)) = (ground, rows.contact(destination.contact)?) else {
            return Ok(Withdrawn::All);
        };
        let left = self.without(destination, person, (&ground, &manifest), now)?;
        let Some(together) = left.filter(|left| left.as_one(now).is_some()) else {
            return Ok(Withdrawn::All);
        };
        let gift = Gift {
            contact,
            stations: Vec::new(),
            items: Default::default(),
            onward: None,
            passed_by: {
                let mut people = together.parts.iter().map(|one| &one.person);
                people.find(|person| !person.is_nobody()).cloned()
            },
            relay: Vec::new(),
            waited: false,
            together: together.clone(),
        };
        let less = self.work_out(share, &ground, &manifest, gift, now)?;
        if !less.is_less() {
            self.album.commit(|rows| {
                together.record(rows, destination.id, now)?;
                Ok::<_, Fault>(())
            })?;
            return Ok(Withdrawn::Nothing);
        }
        let nothing = Beside::default();
        self.give_worked(share, (&ground, &manifest), vec![less], nothing, now)?;
        let mut kept = self
            .album
            .rows()
            .kept_elsewhere(share.id, destination.contact)?;
        kept.retain(|name| mine.stations.iter().any(|one| one.name == *name));
        Ok(Withdrawn::Less(kept))
    }
}
