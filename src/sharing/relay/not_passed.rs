//! A share is taken back from a relay itself. What it had not passed on by then is not passed on, and says so: the letters that
//! are only handed on with the rest, and the grants that it was to make, which stand on its own.

use std::collections::BTreeSet;
use std::time::Duration;

use super::by_way::KEPT;
use super::untold::{came_to_nothing, sealed_for};
use crate::album::{ByWay, Destination, DestinationState, Rows, Went};
use crate::encoding::Timestamp;
use crate::sharing::Fault;

/// Why nothing came of what a relay was to pass on.
pub(super) const TAKEN_FROM_RELAY: &str = "not passed on: it was taken back from the household that was to pass it on; send it again, and it goes straight";

/// How far it got with a household that gets a share by way of a relay.
pub(super) fn state_of(rows: Rows<'_>, way: &ByWay) -> Result<DestinationState, Fault> {
    Ok(sealed_for(rows, way)?.map_or(way.state, |one| one.state))
}

/// Whether a household may get it yet by way of a relay.
pub(in crate::sharing) fn is_open(rows: Rows<'_>, way: &ByWay) -> Result<bool, Fault> {
    use DestinationState::{Queued, Sent};
    Ok(matches!(state_of(rows, way)?, Queued | Sent))
}

/// The households to which that destination is to pass the share on and that have not confirmed it.
pub(in crate::sharing) fn open_behind(
    rows: Rows<'_>,
    relay: &Destination,
) -> Result<Vec<ByWay>, Fault> {
    let mut open = Vec::new();
    for way in rows.by_way(relay.share)? {
        if way.relay == relay.contact && is_open(rows, &way)? {
            open.push(way);
        }
    }
    Ok(open)
}

/// Until when the parts of a share are kept for those who have not got it by way of others, so that it can be sent to them
/// again; `None`: all have.
pub(in crate::sharing) fn lacked_until(
    rows: Rows<'_>,
    share: i64,
    keep: Duration,
) -> Result<Option<Timestamp>, Fault> {
    use DestinationState::{Failed, Queued, Refused, Sent};
    let mut until = None;
    for way in rows.by_way(share)? {
        let (state, since) = match sealed_for(rows, &way)? {
            Some(one) => (one.state, one.changed),
            None => (way.state, way.changed),
        };
        let waits = match state {
            Queued | Sent => KEPT,
            Failed | Refused => 0,
            _ => continue,
        };
        until = until.max(Some(since.plus_seconds(waits + keep.as_secs())));
    }
    Ok(until)
}

/// Nothing comes of it for that household.
pub(in crate::sharing) fn fail(
    rows: Rows<'_>,
    way: ByWay,
    why: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let state = DestinationState::Failed;
    if let Some(one) = sealed_for(rows, &way)? {
        return Ok(rows.set_destination_state(one.id, state, Some(why), now)?);
    }
    if way.stations.is_some() {
        rows.set_way_state(way, state, Some(why), now)?;
    }
    Ok(())
}

/// These destinations were taken back: of what they were to pass on, nothing comes where the letter that asks them for it never
/// left the house. Where it did, they say what they have not passed on. Gives for whom nothing is known yet, or nothing goes.
pub(in crate::sharing) fn end_behind(
    rows: Rows<'_>,
    ended: &BTreeSet<i64>,
    now: Timestamp,
) -> Result<Vec<ByWay>, Fault> {
    let mut behind = Vec::new();
    for id in ended {
        let Some(relay) = rows.destination(*id)? else {
            continue;
        };
        for way in open_behind(rows, &relay)? {
            let went = match sealed_for(rows, &way)? {
                Some(one) => one.went >= Went::This,
                None => way.went,
            };
            if !went {
                fail(rows, way.clone(), TAKEN_FROM_RELAY, now)?;
                came_to_nothing(rows, &way)?;
            }
            behind.push(way);
        }
    }
    Ok(behind)
}
