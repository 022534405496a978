//! Whether what a household was given went wrong, and can be sent again.

use std::collections::BTreeSet;

use crate::album::{ByWay, Destination, DestinationState, Rows, Share};
use crate::envelope::Digest;
use crate::message::permit;
use crate::sharing::Fault;
use crate::sharing::correspond::send::heard;
use crate::sharing::revoke::revoked::revocation_of;

/// Why nothing of it can go again.
pub(super) const PARTS_GONE: &str = "the sealed parts of this share are not kept any more";

/// Whether what a household was given did not get there, or came back, or is missing there without having been taken back, and
/// can go there again.
pub(in crate::sharing) fn goes_wrong(
    rows: Rows<'_>,
    share: &Share,
    destination: &Destination,
) -> Result<bool, Fault> {
    use DestinationState::{Deleted, Failed, Queued, Refused, Sent};
    let wrong = match destination.state {
        Failed | Refused | Deleted => true,
        Sent => destination.bounce.is_some(),
        Queued => in_outbox(rows, destination)?.is_none(),
        _ => false,
    };
    // Who only carried it forgets it once it has arrived.
    let is_for_them = !destination.stations.is_empty();
    Ok(wrong
        && is_for_them
        && !share.state.is_ended()
        && heard(rows, destination.contact)?.is_some()
        && !is_taken_back(rows, share, destination)?
        && rows.parts(share.id)?.iter().any(|part| part.held))
}

/// As [`PARTS_GONE`].
pub(in crate::sharing) fn parts_gone() -> Fault {
    Fault::new("parts_gone", PARTS_GONE).hint("share the pictures anew")
}

/// The destination to which mail waits that is for this one: itself, or the relay that hands it on. `None`: none waits.
pub(in crate::sharing) fn in_outbox(
    rows: Rows<'_>,
    destination: &Destination,
) -> Result<Option<i64>, Fault> {
    if destination.state != DestinationState::Queued {
        return Ok(None);
    }
    let way = rows.by_way_to(destination.share, destination.contact)?;
    let relay = match way.filter(|way| way.stations.is_none()) {
        Some(way) => rows.destination_at(destination.share, way.relay)?,
        None => None,
    };
    let carries = relay.map_or(destination.id, |relay| relay.id);
    Ok(rows.waits_for(carries)?.then_some(carries))
}

/// Whether all these parts are kept yet.
pub(in crate::sharing) fn holds(
    rows: Rows<'_>,
    share: &Share,
    expected: &BTreeSet<Digest>,
) -> Result<bool, Fault> {
    let parts = rows.parts(share.id)?;
    let mut missing = parts.iter().filter(|part| !part.held);
    Ok(!missing.any(|part| expected.contains(&part.digest)))
}

/// Whether it was taken back from there.
pub(in crate::sharing) fn is_taken_back(
    rows: Rows<'_>,
    share: &Share,
    destination: &Destination,
) -> Result<bool, Fault> {
    if destination.state == DestinationState::Revoked {
        return Ok(true);
    }
    let chain = permit::all_of_stored(&destination.chain())?;
    Ok(revocation_of(rows, (share.origin, share.wire), &chain)?.is_some())
}

/// Whether nothing came of what a relay was to grant, and it can be given from here.
pub(in crate::sharing) fn way_goes_wrong(
    rows: Rows<'_>,
    share: &Share,
    way: &ByWay,
) -> Result<bool, Fault> {
    use DestinationState::{Failed, Refused};
    let (Failed | Refused, Some(_)) = (way.state, &way.stations) else {
        return Ok(false);
    };
    Ok(!share.state.is_ended()
        && heard(rows, way.contact)?.is_some()
        && rows.parts(share.id)?.iter().any(|part| part.held))
}
