//! A grant goes out as it was signed: for the first time, once the new certificate that it waited for has come; and again
//! (`resend.rs`).

use super::gone_wrong::{PARTS_GONE, holds};
use crate::album::{Destination, DestinationState, Reason, Rows, Share};
use crate::encoding::Timestamp;
use crate::message::{Grant, SignedManifest, SignedPermit, expected_parts};
use crate::sharing::contacts::card_request::{ASK_AGAIN, ask_for_card, is_to_be_asked};
use crate::sharing::correspond::Writer;
use crate::sharing::correspond::send::heard;
use crate::sharing::share::awaited::{PATIENCE, no_card};
use crate::sharing::share::granting::{NewGrant, date_after, queue_grant, queue_parts};
use crate::sharing::share::ground::Ground;
use crate::sharing::share::plan::{Rights, rights};
use crate::sharing::{Fault, Household, Now};

impl Household {
    /// Queues what waits and can go now. Whose certificate is waited for is asked for it every few days, and after two weeks
    /// it fails.
    pub(in crate::sharing) fn release_waiting(&mut self, now: Now) -> Result<(), Fault> {
        for destination in self
            .album
            .rows()
            .destinations_in(DestinationState::Waiting)?
        {
            match self.as_it_was(&destination, now.now)? {
                Some(ready) => self.release(&destination, &ready, now.now)?,
                None => self.wait_on(&destination, now)?,
            }
        }
        Ok(())
    }

    fn release(
        &mut self,
        destination: &Destination,
        ready: &Ready,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let writer = Writer::new(&self.keys, &self.config, now);
        let budget = self.config.smtp.message_budget;
        crate::crash::point("waiting.before_commit");
        self.album.commit(|rows| {
            // It may have been taken back meanwhile, or given anew.
            if !waits_still(rows, destination)? {
                return Ok(());
            }
            match ready {
                Ready::Goes(share, _, new) if !holds(rows, share, &new.expected)? => {
                    fail(rows, destination, PARTS_GONE, now)
                }
                Ready::Goes(share, manifest, new) => {
                    queue(rows, &writer, (share, manifest), new, budget)
                }
                Ready::Ended => fail(rows, destination, "what it stood on has ended", now),
            }
        })?;
        crate::crash::point("waiting.after_commit");
        Ok(())
    }

    /// It cannot go now: its household is asked for a certificate once more, or it waited in vain.
    fn wait_on(&mut self, destination: &Destination, now: Now) -> Result<(), Fault> {
        let (rows, mailbox) = (self.album.rows(), &destination.mailbox);
        let heard = heard(rows, destination.contact)?;
        // A clock that is in doubt ends nothing.
        let in_vain = destination.changed.plus_seconds(PATIENCE) <= now.floor;
        let words = match &heard {
            _ if is_over(destination, now.floor) => format!("what {mailbox} was allowed is over"),
            None if in_vain => format!("{mailbox} is blocked"),
            Some(_) if in_vain => no_card(mailbox),
            Some(contact)
                if contact.certificate(now.now)?.is_none()
                    && is_to_be_asked(rows, &contact.mailbox, ASK_AGAIN, now.now)? =>
            {
                let (writer, at) = (
                    Writer::new(&self.keys, &self.config, now.now),
                    &contact.mailbox,
                );
                return self
                    .album
                    .commit(|rows| ask_for_card(rows, &writer, at, ASK_AGAIN));
            }
            _ => return Ok(()),
        };
        tracing::info!(to = %mailbox, why = %words, "a share that waited for a certificate comes to nothing");
        self.album
            .commit(|rows| match waits_still(rows, destination)? {
                true => fail(rows, destination, &words, now.now),
                false => Ok(()),
            })
    }

    /// What a destination was given, ready to be written in a new letter; `None` where that cannot be now.
    pub(in crate::sharing) fn as_it_was(
        &self,
        destination: &Destination,
        now: Timestamp,
    ) -> Result<Option<Ready>, Fault> {
        let rows = self.album.rows();
        let Some(contact) = rows
            .contact(destination.contact)?
            .filter(|contact| !contact.blocked)
        else {
            return Ok(None);
        };
        let Some(certificate) = contact.certificate(now)? else {
            return Ok(None);
        };
        let share = rows.share_by_id(destination.share)?;
        let manifest = SignedManifest::verify(&rows.manifest(share.id)?)?;
        let permit = SignedPermit::of_stored(&destination.permit)?;
        let Some(ground) = Ground::with_chain(rows, &self.keys, &share, &destination.ancestors)?
        else {
            return Ok(Some(Ready::Ended));
        };
        // The permit was signed before; the keys are worked out from it and the rules again.
        let Some(given) = rights_given(destination, &permit, &ground, &manifest, now) else {
            return Ok(None);
        };
        let grant = Grant {
            share: share.wire,
            origin: share.origin,
            chain: ground.chain_with(&permit),
            keys: given.keys(&ground.keys),
            stations: destination.stations.clone(),
            relay: Vec::new(),
            title: ground.words.0.clone(),
            message: ground.words.1.clone(),
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
            ancestors: destination.ancestors.clone(),
            passed_by: destination.passed_by.clone(),
            issued: date_after(destination.issued, now),
        };
        Ok(Some(Ready::Goes(
            Box::new(share),
            Box::new(manifest),
            Box::new(new),
        )))
    }
}

fn waits_still(rows: Rows<'_>, destination: &Destination) -> Result<bool, Fault> {
    let now = rows.destination(destination.id)?;
    Ok(now.is_some_and(|one| {
        one.state == DestinationState::Waiting && one.letter == destination.letter
    }))
}

fn fail(
    rows: Rows<'_>,
    destination: &Destination,
    words: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let state = DestinationState::Failed;
    Ok(rows.set_destination_state(destination.id, state, Some(words), now)?)
}

/// Whether nobody there may do anything with it any more, by the end that was said.
pub(in crate::sharing) fn is_over(destination: &Destination, now: Timestamp) -> bool {
    let mut stations = destination.stations.iter();
    stations.all(|station| station.rules.not_after.is_some_and(|end| end <= now))
}

/// What can be done for a destination.
pub(in crate::sharing) enum Ready {
    /// The share, its manifest, and what goes.
    Goes(Box<Share>, Box<SignedManifest>, Box<NewGrant>),
    /// What it stood on has ended.
    Ended,
}

/// Queues the letter, and the parts that it is about.
pub(in crate::sharing) fn queue(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    (share, manifest): (&Share, &SignedManifest),
    new: &NewGrant,
    budget: u64,
) -> Result<(), Fault> {
    let (id, _) = queue_grant(rows, writer, share, manifest, new, writer.now)?;
    let ready = [(
        new.contact.mailbox.clone(),
        Reason::Given(id),
        new.expected.clone(),
    )];
    queue_parts(rows, share, &ready, writer.mailbox, budget, writer.now)
}

/// What a destination was given by a permit, worked out again.
pub(super) fn rights_given(
    destination: &Destination,
    permit: &SignedPermit,
    ground: &Ground,
    manifest: &SignedManifest,
    now: Timestamp,
) -> Option<Rights> {
    let permit = permit.permit();
    let mut items = ground.items(manifest);
    items.retain(|item| permit.covers(item.id));
    let ceiling = permit.onward.as_ref().map(|onward| &onward.rules);
    let given = rights(
        &destination.stations,
        ceiling,
        &items,
        ground.bounds().as_ref(),
        now,
    )?;
    Some(given.of_share_with(manifest.manifest().items.len()))
}
