//! What a revocation ends from here: states, what still waits to go out, and the word to each holder, daily until it says
//! that its copy is gone.

use crate::album::{
    ByWay, Contact, CopyState, Destination, DestinationState, OnwardCopy, Rows, Share, Went,
};
use crate::encoding::Timestamp;
use crate::message::grant::Bytes;
use crate::message::permit;
use crate::message::{Body, SignedPermit, SignedRevocation};
use crate::sharing::contacts::successor::{heard_now, successor};
use crate::sharing::correspond::Writer;
use crate::sharing::relay::on_its_way::{note_answer, way_of};
use crate::sharing::{Fault, Household, Now};

/// How long until a household is told again, in seconds.
pub(in crate::sharing) const TELL_AGAIN: u64 = 86_400;

/// How long it is told, in seconds, of the time in which it can be.
const TELL_FOR: u64 = 30 * 86_400;

impl Household {
    /// Tells again those who have not said yet that their copy is gone.
    pub(in crate::sharing) fn tell_again(&mut self, now: Now) -> Result<(), Fault> {
        let due = self.album.rows().due_recalls(now.now, TELL_AGAIN)?;
        if due.is_empty() {
            return Ok(());
        }
        let writer = Writer::new(&self.keys, &self.config, now.now);
        crate::crash::point("again.before_commit");
        self.album.commit(|rows| {
            for recall in &due {
                let over = recall.begun.plus_seconds(TELL_FOR) <= now.floor;
                let contact = heard_now(rows, recall.contact)?;
                let cannot = match &contact {
                    Some(contact) => contact.certificate(now.now)?.is_none(),
                    None => false,
                };
                let told = match contact {
                    Some(contact) if !over || cannot => {
                        let body = Body::Revocation(Bytes(recall.signed.clone()));
                        writer.send(rows, &body, &contact)?
                    }
                    _ => true,
                };
                match (told, over) {
                    // The days on which nothing can be written to it do not count.
                    (false, _) => rows.put_off_recall(recall.id, now.now, TELL_AGAIN)?,
                    (true, true) => rows.end_recall(recall.id)?,
                    (true, false) => {
                        rows.defer_recall(recall.id, now.now.plus_seconds(TELL_AGAIN))?;
                    }
                }
            }
            Ok::<_, Fault>(())
        })?;
        crate::crash::point("again.after_commit");
        Ok(())
    }
}

/// The revocation of a copy that a relay gave a household from which the share was taken back before.
pub(in crate::sharing) fn follow(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    copy: &OnwardCopy,
) -> Result<Option<SignedRevocation>, Fault> {
    let (identity, of) = (&writer.keys.identity, (share.origin, share.wire));
    let Some(way) = way_of(rows, share.id, &permit::all_of_stored(&copy.chain)?)? else {
        return Ok(None);
    };
    // That it was not passed on is the word of the relay alone.
    let back = [DestinationState::Revoked, DestinationState::Deleted];
    if share.origin != identity.fingerprint() || !back.contains(&way.state) {
        return Ok(None);
    }
    let signed = SignedRevocation::sign(of, Some(copy.permit), writer.now, identity)?;
    remember(rows, writer, share, &signed)?;
    let state = DestinationState::Revoked;
    rows.set_way_went(share.id, way.contact, true)?;
    rows.put_by_way(&ByWay { state, ..way })?;
    Ok(Some(signed))
}

/// Whether a household may have anything of what it was given here.
pub(in crate::sharing) fn may_have_a_copy(destination: &Destination) -> bool {
    destination.state != DestinationState::Deleted && destination.went != Went::Nothing
}

/// Tells a household to which something was given from here of a revocation, unless it is of a permit that never left.
pub(super) fn recall_given(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    destination: &Destination,
    contact: &Contact,
    revocation: &SignedRevocation,
) -> Result<(), Fault> {
    let unsent = destination.went == Went::Earlier
        && revocation.revocation().permit
            == Some(SignedPermit::of_stored(&destination.permit)?.digest());
    match unsent {
        true => Ok(()),
        false => recall(rows, writer, destination.share, contact, revocation),
    }
}

/// A destination is taken back: what still waits for it does not go out any more. What is due there for another reason
/// goes.
pub(in crate::sharing) fn end_destination(
    rows: Rows<'_>,
    destination: &Destination,
    now: Timestamp,
) -> Result<(), Fault> {
    rows.set_destination_state(destination.id, DestinationState::Revoked, None, now)?;
    Ok(rows.cancel_given(destination.id)?)
}

/// A copy further on is taken back.
pub(in crate::sharing) fn end_copy(
    rows: Rows<'_>,
    copy: &OnwardCopy,
    now: Timestamp,
) -> Result<(), Fault> {
    rows.put_onward_copy(&OnwardCopy {
        state: CopyState::Revoked,
        changed: now,
        ..copy.clone()
    })?;
    let chain = permit::all_of_stored(&copy.chain)?;
    if let Some(way) = way_of(rows, copy.share, &chain)? {
        note_answer(rows, way, (DestinationState::Revoked, None), now)?;
    }
    Ok(())
}

/// Parts that somebody asked for with a permit that is taken back do not go out any more.
pub(super) fn end_answers(
    rows: Rows<'_>,
    share: i64,
    revocation: &SignedRevocation,
) -> Result<(), Fault> {
    for answer in rows.answers(share)? {
        // Of what an older version put there it is not known with which permit.
        if answer.chain.is_empty() || revocation.ends(&permit::all_of_stored(&answer.chain)?) {
            rows.cancel_answer(&answer)?;
        }
    }
    Ok(())
}

/// Tells a household of a revocation now, and again until it says that its copy is gone. Of an identity that has ended, or was
/// shut out for another, the one that took its place is told.
pub(in crate::sharing) fn recall(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: i64,
    contact: &Contact,
    revocation: &SignedRevocation,
) -> Result<(), Fault> {
    let next = writer.now.plus_seconds(TELL_AGAIN);
    let signed = (revocation.digest(), revocation.der());
    if rows.put_recall(share, contact.fingerprint, signed, writer.now, next)? {
        let body = Body::Revocation(Bytes(revocation.der().to_vec()));
        writer.send(rows, &body, contact)?;
        if let Some(now) = successor(rows, contact)? {
            writer.send(rows, &body, &now)?;
        }
    }
    Ok(())
}

/// As [`recall`], once the household says that it has the grant that replaces what is revoked, or after a day without
/// word: coming first, it would take away what stands on the new permit too. Here it counts at once.
pub(in crate::sharing) fn recall_later(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    contact: &Contact,
    revocation: &SignedRevocation,
) -> Result<(), Fault> {
    remember(rows, writer, share, revocation)?;
    let next = writer.now.plus_seconds(TELL_AGAIN);
    let signed = (revocation.digest(), revocation.der());
    rows.put_recall(share.id, contact.fingerprint, signed, writer.now, next)?;
    Ok(())
}

/// What stands on it gets nothing from here any more.
pub(in crate::sharing) fn remember(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    revocation: &SignedRevocation,
) -> Result<(), Fault> {
    let me = writer.keys.identity.fingerprint();
    if let Some(permit) = revocation.revocation().permit {
        rows.forget_given_permit(permit)?;
    }
    end_answers(rows, share.id, revocation)?;
    let (of, signed) = (
        (share.origin, share.wire),
        (revocation.digest(), revocation.der()),
    );
    Ok(rows.put_revocation(of, signed, me, writer.now)?)
}
