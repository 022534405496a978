//! Grants that wait for a household's new certificate go out once its card has come.

use super::correspond::Writer;
use super::granting::{NewGrant, queue_grant, queue_parts};
use super::opened::Openers;
use super::plan::{Planned, rights};
use super::{Fault, Household, Now};
use crate::album::{Destination, DestinationState};
use crate::message::grant::Bytes;
use crate::message::{Grant, Keys, SignedManifest, SignedPermit, expected_parts};
use crate::rules::Rules;

impl Household {
    /// Queues what waits and can go now.
    pub(super) fn release_waiting(&mut self, now: Now) -> Result<(), Fault> {
        for destination in self
            .album
            .rows()
            .destinations_in(DestinationState::Waiting)?
        {
            self.release(&destination, now)?;
        }
        Ok(())
    }

    fn release(&mut self, destination: &Destination, now: Now) -> Result<(), Fault> {
        let rows = self.album.rows();
        let Some(contact) = rows
            .contact(destination.contact)?
            .filter(|contact| !contact.blocked)
        else {
            return Ok(());
        };
        let Some(certificate) = contact.certificate(now.now)? else {
            return Ok(());
        };
        let share = rows.share_by_id(destination.share)?;
        let manifest = SignedManifest::verify(&share.manifest)?;
        let permit = SignedPermit::verify(&destination.permit)?;
        let mut openers = Openers::default();
        let opened = openers.of(rows, &self.keys, share.id)?;
        let Some(Keys::Share(content)) = opened.iter().map(|one| &one.keys).next() else {
            return Err(Fault::new("grant", "an own share without its content key"));
        };
        let items: Vec<Planned> = manifest
            .manifest()
            .items
            .iter()
            .filter(|item| permit.permit().covers(item.id))
            .map(|item| Planned {
                id: item.id,
                kind: item.kind,
            })
            .collect();
        // The permit was signed when the share was made; the keys are worked out from it and the rules again.
        let ceiling: Option<&Rules> = permit.permit().onward.as_ref().map(|onward| &onward.rules);
        let Some(given) = rights(&destination.stations, ceiling, &items, now.now) else {
            return Ok(());
        };
        let whole = given.tiers.len() == manifest.manifest().items.len();
        let keys = match given.keys(content) {
            Keys::Share(_) if !whole => Keys::Items(
                given
                    .tiers
                    .iter()
                    .map(|(&id, &tier)| (id, content.item(id, tier)))
                    .collect(),
            ),
            keys => keys,
        };
        let grant = Grant {
            share: share.wire,
            origin: share.origin,
            chain: vec![Bytes(permit.der().to_vec())],
            keys,
            stations: destination.stations.clone(),
            relay: Vec::new(),
            title: share.title.clone(),
            message: share.message.clone(),
        };
        let new = NewGrant {
            expected: expected_parts(
                manifest.manifest(),
                &grant,
                permit.permit().onward.is_some(),
            ),
            certificate: Some(certificate),
            contact,
            permit,
            grant,
        };
        let writer = Writer {
            keys: &self.keys,
            mailbox: &self.config.mailbox,
            now: now.now,
        };
        let budget = self.config.smtp.message_budget;
        self.album.commit(|rows| {
            let (id, _) = queue_grant(rows, &writer, &share, &manifest, &new, now.now)?;
            let ready = [(new.contact.mailbox.clone(), id, new.expected.clone())];
            queue_parts(rows, &share, &ready, writer.mailbox, budget, now.now)
        })
    }
}
