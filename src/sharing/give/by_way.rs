//! A share that exists goes by way of a relay: one transfer to it, and it hands on to each household the letter that was
//! sealed for it here. What is passed on is never a grant that the relay makes: a household takes one of somebody unknown only
//! on the word of the origin, and who passes on is not that.

use std::collections::BTreeSet;

use super::{Gift, Worked, follow_up, refuse_what_is_not_here};
use crate::album::{Contact, DestinationState, Reason, Share};
use crate::encoding::Timestamp;
use crate::message::{RelayEntry, SignedManifest};
use crate::sharing::correspond::{Writer, Written};
use crate::sharing::relay::by_way::{put_sealed, sealed_entry};
use crate::sharing::relay::still_asked::StillAsked;
use crate::sharing::share::granting::{Line, queue_grant, queue_parts};
use crate::sharing::share::ground::Ground;
use crate::sharing::{Fault, Household};

impl Household {
    /// As [`Household::give`], by way of a relay, which may be one of those that are given something.
    pub(in crate::sharing) fn give_by_way(
        &mut self,
        share: &Share,
        ground: &Ground,
        gifts: Vec<Gift>,
        relay: &Contact,
        now: Timestamp,
    ) -> Result<Vec<Line>, Fault> {
        let manifest = SignedManifest::verify(&self.album.rows().manifest(share.id)?)?;
        let writer = Writer::new(&self.keys, &self.config, now);
        let passed_by = gifts.first().and_then(|gift| gift.passed_by.clone());
        let is_relay = |gift: &Gift| gift.contact.fingerprint == relay.fingerprint;
        let (own, others): (Vec<Gift>, Vec<Gift>) = gifts.into_iter().partition(is_relay);
        let (mut entries, mut sealed): (Vec<RelayEntry>, Vec<(Worked, Written)>) =
            Default::default();
        for gift in others {
            let work = self.work_out(share, ground, &manifest, gift, now)?;
            let letter = work.grant.write(&writer, &manifest)?;
            let entry = sealed_entry(&work.grant, &letter, now)?;
            self.refuse_uneven(share, &manifest, &entry)?;
            entries.push(entry);
            sealed.push((work, letter));
        }
        let (who, by) = (relay.fingerprint, passed_by.as_ref());
        let carried = self.carrying(share, who, by, (ground, &manifest), now)?;
        let mut gift = own.into_iter().next().unwrap_or_else(|| Gift {
            contact: relay.clone(),
            stations: Vec::new(),
            items: BTreeSet::new(),
            onward: None,
            passed_by,
            relay: Vec::new(),
            waited: false,
            together: carried,
        });
        gift.relay = entries;
        let to_relay = self.work_out(share, ground, &manifest, gift, now)?;
        self.refuse_too_long(&to_relay.grant, &manifest, now)?;
        let (budget, language) = (self.config.smtp.message_budget, self.language);
        crate::crash::point("give.before_commit");
        let lines = self.album.commit(|rows| {
            ground.refuse_fallen(rows, share, &to_relay.grant.passed_by)?;
            to_relay.refuse_outrun(rows, share)?;
            refuse_what_is_not_here(rows, share, &to_relay.missing, ground)?;
            let new = &to_relay.grant;
            let anew = sealed
                .iter()
                .map(|(work, _)| work.grant.contact.fingerprint);
            let (anew, less) = (anew.collect(), to_relay.is_less());
            let asked = StillAsked::of(rows, share, relay.fingerprint, &anew, less)?;
            let (id, state) = queue_grant(rows, &writer, share, &manifest, new, now)?;
            let mut missing = to_relay.missing.clone();
            missing.extend(asked.settle(rows, id, &new.expected, now)?);
            to_relay.together.record(rows, id, now)?;
            follow_up(rows, &writer, share, ground, &to_relay)?;
            let mut lines = vec![new.line(state, language)];
            for (work, letter) in &sealed {
                work.refuse_outrun(rows, share)?;
                let new = &work.grant;
                let id = put_sealed(rows, share, (new, letter.id), relay.fingerprint, now)?;
                work.together.record(rows, id, now)?;
                follow_up(rows, &writer, share, ground, work)?;
                lines.push(Line {
                    via: Some(relay.mailbox.clone()),
                    ..new.line(DestinationState::Queued, language)
                });
            }
            let ready = [(relay.mailbox.clone(), Reason::Given(id), missing)];
            queue_parts(rows, share, &ready, writer.mailbox, budget, now)?;
            Ok::<_, Fault>(lines)
        })?;
        crate::crash::point("give.after_commit");
        Ok(lines)
    }

    /// A relay is told one quality for all items, and waits for the parts of it: here they may be of several.
    fn refuse_uneven(
        &self,
        share: &Share,
        manifest: &SignedManifest,
        entry: &RelayEntry,
    ) -> Result<(), Fault> {
        let mut wanted = entry.parts(manifest.manifest());
        for part in self.album.rows().parts(share.id)? {
            if part.held {
                wanted.remove(&part.digest);
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let words = "not all of this is here at one quality, so that it cannot go by way of another household";
        Err(Fault::new("relay", words)
            .hint("pass it on without --relay-via, or single items of it"))
    }
}
