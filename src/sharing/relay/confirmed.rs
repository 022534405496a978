//! A household itself says that it has a copy. That counts, whatever was known, or was said by the relay by which it came; and it
//! is told what was taken back meanwhile as something that had gone nowhere.

use super::on_its_way::{note_answer, tell_relay, way_of};
use super::untold::told_of;
use crate::album::{CopyState, Destination, DestinationState, OnwardCopy, Rows, Share, Went};
use crate::message::{SignedPermit, SignedRevocation, is_named_by_origin};
use crate::sharing::Fault;
use crate::sharing::contacts::successor::reached;
use crate::sharing::ingest::judge::{Judge, Judged};
use crate::sharing::revoke::recall::{follow, recall, remember};
use crate::sharing::revoke::revoked::revocation_of;

impl Judge<'_> {
    /// It has what it was given last; where that was taken back before anything was known to have gone there, it is told so.
    pub(in crate::sharing) fn note_confirmed(
        &self,
        rows: Rows<'_>,
        (share, destination): (&Share, &Destination),
        chain: &[SignedPermit],
    ) -> Result<(), Fault> {
        use DestinationState::{Deleted, Revoked};
        if destination.state == Deleted {
            // What it said of its end overtook this.
            return Ok(());
        }
        rows.set_went(destination.id, Went::Confirmed)?;
        let untold = destination.went < Went::This;
        if destination.state == Revoked
            && untold
            && let Some(signed) = revocation_of(rows, (share.origin, share.wire), chain)?
            && let Some(contact) = reached(rows, destination.contact)?
        {
            recall(rows, &self.writer, share.id, &contact, &signed)?;
        }
        Ok(())
    }

    /// It has what it was given before that. Where nothing of it was known to have gone there, it was forgotten here.
    pub(in crate::sharing) fn note_earlier(
        &self,
        rows: Rows<'_>,
        (share, destination): (&Share, &Destination),
        chain: &[SignedPermit],
    ) -> Result<(), Fault> {
        use DestinationState::{Deleted, Revoked};
        if destination.state == Deleted {
            return Ok(());
        }
        let last = chain.last().expect("check_chain refuses an empty chain");
        let of = (share.origin, share.wire);
        let untold = destination.went == Went::Nothing;
        if untold {
            rows.set_went(destination.id, Went::Earlier)?;
        }
        let signed = match revocation_of(rows, of, chain)? {
            Some(signed) if untold => signed,
            Some(_) => return Ok(()),
            None if destination.state == Revoked => {
                let identity = self.keys.identity_of(last.permit().from);
                let identity = identity.unwrap_or(&self.keys.identity);
                let signed =
                    SignedRevocation::sign(of, Some(last.digest()), self.now.now, identity)?;
                remember(rows, &self.writer, share, &signed)?;
                signed
            }
            None => {
                // It is taken back with the newer one.
                let who = destination.contact;
                return Ok(rows.put_given_permit(share.id, who, last.digest())?);
            }
        };
        if let Some(contact) = reached(rows, destination.contact)? {
            recall(rows, &self.writer, share.id, &contact, &signed)?;
        }
        Ok(())
    }

    /// It has what a relay made for it, whatever that one said, or did not say.
    pub(in crate::sharing) fn note_confirmed_further_on(
        &self,
        rows: Rows<'_>,
        share: &Share,
        chain: &[SignedPermit],
    ) -> Result<Judged, Fault> {
        use DestinationState::{Deleted, Delivered};
        let copy = self.copy_of(share, chain, CopyState::Forwarded);
        let Some(way) = way_of(rows, share.id, chain)? else {
            if is_named_by_origin(chain, copy.holder) {
                self.note_given_since(rows, share, chain, &copy)?;
            }
            rows.confirm_copy(copy.permit)?;
            return Ok(Judged::Taken);
        };
        let unknown = match rows.onward_copy(copy.permit)? {
            None => true,
            // Its end is the word of the relay, unless the household said so itself.
            Some(known) => known.state == CopyState::Deleted && way.state != Deleted,
        };
        // However many a relay tells of, one that the household itself tells of has room.
        let first = || Ok::<_, Fault>(told_of(rows, share.id, way.contact)?.is_empty());
        if unknown && (self.has_room(rows, &copy)? || first()?) {
            rows.put_onward_copy(&copy)?;
            let signed = match revocation_of(rows, (share.origin, share.wire), chain)? {
                Some(signed) => Some(signed),
                None => follow(rows, &self.writer, share, &copy)?,
            };
            if let Some(signed) = signed {
                self.end_further_on(rows, &copy, &signed)?;
            }
        }
        // The way may be forgotten before the copy is.
        rows.confirm_copy(copy.permit)?;
        tell_relay(rows, &self.writer, share, &way, chain)?;
        // As it stands by now.
        if let Some(way) = way_of(rows, share.id, chain)?
            && way.state != Deleted
        {
            rows.confirm_way(share.id, way.contact)?;
            note_answer(rows, way, (Delivered, None), self.now.now)?;
        }
        Ok(Judged::Taken)
    }

    /// The same, where that household was given the share from here itself since.
    fn note_given_since(
        &self,
        rows: Rows<'_>,
        share: &Share,
        chain: &[SignedPermit],
        copy: &OnwardCopy,
    ) -> Result<(), Fault> {
        let known = rows.onward_copy(copy.permit)?;
        let is_known = known.is_some_and(|known| known.state != CopyState::Deleted);
        let Some(destination) = rows.destination_at(share.id, copy.holder)? else {
            return Ok(());
        };
        if is_known || !self.has_room(rows, copy)? {
            return Ok(());
        }
        rows.put_onward_copy(copy)?;
        let of = (share.origin, share.wire);
        let signed = match revocation_of(rows, of, chain)? {
            Some(signed) => signed,
            None if destination.state == DestinationState::Revoked => {
                let identity = self.keys.identity_of(share.origin);
                let identity = identity.unwrap_or(&self.keys.identity);
                let signed = SignedRevocation::sign(of, Some(copy.permit), self.now.now, identity)?;
                remember(rows, &self.writer, share, &signed)?;
                signed
            }
            None => return Ok(()),
        };
        self.end_further_on(rows, copy, &signed)
    }
}
