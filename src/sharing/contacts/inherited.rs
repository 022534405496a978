//! What is still open with an identity that is no more goes on with the one that took its place: it is told what was taken
//! back from the one before, and says for both that it is gone.

use super::successor::{before, tell_now};
use crate::album::{Contact, Destination, DestinationState, Rows};
use crate::encoding::Timestamp;
use crate::message::{SignedRevocation, permit};
use crate::sharing::Fault;
use crate::sharing::revoke::recall::{TELL_AGAIN, may_have_a_copy};
use crate::sharing::revoke::revoked::revocation_of;

/// Words were compared with a household: what was taken back from those in whose place it stands it is told, though that
/// was long ago, for nobody could be told then.
pub(super) fn take_over_recalls(
    rows: Rows<'_>,
    contact: &Contact,
    now: Timestamp,
) -> Result<(), Fault> {
    let before = before(rows, contact)?;
    if before.is_empty() {
        return Ok(());
    }
    let was = |who| before.iter().any(|one| one.fingerprint == who);
    for destination in rows.destinations_in(DestinationState::Revoked)? {
        if !was(destination.contact) || !may_have_a_copy(&destination) {
            continue;
        }
        let share = rows.share_by_id(destination.share)?;
        let chain = permit::all_of_stored(&destination.chain())?;
        if let Some(signed) = revocation_of(rows, (share.origin, share.wire), &chain)? {
            let signed = (signed.digest(), signed.der());
            let next = now.plus_seconds(TELL_AGAIN);
            rows.put_recall(share.id, destination.contact, signed, now, next)?;
        }
    }
    tell_now(rows, contact, now)
}

/// A household says that what it was given here is gone. With that went what the identities before had of the same share by
/// this house: of one giver a household has but the newest.
pub(in crate::sharing) fn gone_before(
    rows: Rows<'_>,
    destination: &Destination,
    now: Timestamp,
) -> Result<(), Fault> {
    let share = destination.share;
    let Some(contact) = rows.contact(destination.contact)? else {
        return Ok(());
    };
    for one in before(rows, &contact)? {
        let was = rows.destination_at(share, one.fingerprint)?;
        let Some(was) = was.filter(|was| was.state == DestinationState::Revoked) else {
            continue;
        };
        rows.set_destination_state(was.id, DestinationState::Deleted, None, now)?;
        let chain = permit::all_of_stored(&was.chain())?;
        for recall in rows.recalls(share, one.fingerprint)? {
            if SignedRevocation::of_stored(&recall.signed)?.ends(&chain) {
                rows.end_recall(recall.id)?;
            }
        }
    }
    Ok(())
}
