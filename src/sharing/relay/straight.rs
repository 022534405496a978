//! What a relay was to grant a household, and did not, goes to it straight: it is given from here what it was to have.

use super::stop::stop_relay;
use crate::address::Mailbox;
use crate::album::{ByWay, Contact, DestinationState, Share};
use crate::encoding::Timestamp;
use crate::message::{SignedManifest, SignedPermit, Station};
use crate::sharing::contacts::ended::has_ended;
use crate::sharing::correspond::Writer;
use crate::sharing::correspond::send::heard;
use crate::sharing::forward::together::Together;
use crate::sharing::give::Gift;
use crate::sharing::give::gone_wrong::{parts_gone, way_goes_wrong};
use crate::sharing::identity::replaced;
use crate::sharing::{Fault, Household, Now};

impl Household {
    /// The households that a relay was to grant a share, and that go wrong; or the one at that mailbox, whatever became of it.
    pub(in crate::sharing) fn ways_again(
        &self,
        share: &Share,
        to: Option<&Mailbox>,
    ) -> Result<Vec<ByWay>, Fault> {
        let rows = self.album.rows();
        let mut again = Vec::new();
        for way in rows.by_way(share.id)? {
            let wanted = match to {
                Some(mailbox) => {
                    let at = rows.contact(way.contact)?.map(|contact| contact.mailbox);
                    way.stations.is_some() && at.as_ref() == Some(mailbox)
                }
                None => way_goes_wrong(rows, share, &way)?,
            };
            if wanted {
                again.push(way);
            }
        }
        Ok(again)
    }

    /// Gives each of them from here what it was to have. A relay that may still pass it on is told not to.
    pub(in crate::sharing) fn give_straight(
        &mut self,
        share: &Share,
        ways: Vec<ByWay>,
        now: Now,
    ) -> Result<Vec<Mailbox>, Fault> {
        let mut gifts = Vec::new();
        let manifest = SignedManifest::verify(&self.album.rows().manifest(share.id)?)?;
        let basis = self.basis(share, None, now, &manifest)?;
        if !basis.ground.is_for(self.me()) {
            return Err(replaced(&share.reference));
        }
        for way in &ways {
            let (rows, contact) = (self.album.rows(), self.heard_for(share, way)?);
            let over = || {
                let words = format!("what {} was allowed is over", contact.mailbox);
                Fault::new("over", words).hint("share the pictures anew")
            };
            let stations = way.stations.clone().unwrap_or_default();
            let back = matches!(way.state, DestinationState::Revoked);
            if back || share.state.is_ended() || are_over(&stations, now.now) {
                return Err(over());
            }
            // The relay passes on just what its permit says.
            let asked = rows.destination_at(share.id, way.relay)?.ok_or_else(over)?;
            let asked = SignedPermit::of_stored(&asked.permit)?;
            let items = basis.items.iter().map(|item| item.id);
            gifts.push(Gift {
                items: items.filter(|id| asked.permit().covers(*id)).collect(),
                contact,
                stations,
                onward: None,
                passed_by: None,
                relay: Vec::new(),
                waited: false,
                together: Together::default(),
            });
        }
        let mailboxes = gifts.iter().map(|gift| gift.contact.mailbox.clone());
        let mailboxes = mailboxes.collect();
        if !self
            .album
            .rows()
            .parts(share.id)?
            .iter()
            .any(|part| part.held)
        {
            return Err(parts_gone());
        }
        let writer = Writer::new(&self.keys, &self.config, now.now);
        self.album.commit(|rows| {
            for way in ways.iter().filter(|way| way.went) {
                stop_relay(rows, &writer, share, way.contact, &[])?;
            }
            Ok::<_, Fault>(())
        })?;
        self.give(share, &basis.ground, gifts, now.now)?;
        Ok(mailboxes)
    }

    /// The household, where anything may be given to it now.
    pub(in crate::sharing) fn heard_for(
        &self,
        share: &Share,
        way: &ByWay,
    ) -> Result<Contact, Fault> {
        let rows = self.album.rows();
        if let Some(contact) = rows.contact(way.contact)?
            && rows.ended(contact.fingerprint)?.is_some()
        {
            return Err(has_ended(&contact.mailbox));
        }
        let contact = heard(rows, way.contact)?.ok_or_else(|| {
            let words = format!(
                "a household to which {} was to be passed on is blocked, or not known any more",
                share.reference
            );
            Fault::new("blocked", words)
        })?;
        self.refuse_to_give(&contact)?;
        Ok(contact)
    }
}

fn are_over(stations: &[Station], now: Timestamp) -> bool {
    let mut ends = stations.iter().map(|station| station.rules.not_after);
    ends.all(|end| end.is_some_and(|end| end <= now))
}
