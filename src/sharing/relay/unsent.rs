//! What is taken back that was to go by way of a relay: where the letter that asks the relay has not left the house, it stays
//! here; where it has, the relay is told.

use std::collections::BTreeSet;

use super::not_passed::is_open;
use super::stop::stop_relay;
use super::untold::{came_to_nothing, sealed_for, told_of};
use crate::album::{ByWay, DestinationState, Rows, Share, Went};
use crate::encoding::Timestamp;
use crate::sharing::Fault;
use crate::sharing::correspond::Writer;
use crate::sharing::revoke::recall::end_destination;

/// Whether a relay is asked, or may be, for a household that is to get nothing any more. The letter that asks it stays here
/// where it is for nobody else; where it goes all the same, for others, it may be passed on. `ended`: the destinations that
/// end too.
pub(in crate::sharing) fn is_asked(
    rows: Rows<'_>,
    way: &ByWay,
    ended: &BTreeSet<i64>,
    now: Timestamp,
) -> Result<bool, Fault> {
    use DestinationState::{Queued, Sent};
    let sealed = sealed_for(rows, way)?;
    let went = match &sealed {
        Some(one) => one.went >= Went::This,
        None => way.went,
    };
    if went {
        return Ok(true);
    }
    let relay = rows.destination_at(way.share, way.relay)?;
    let Some(relay) =
        relay.filter(|one| matches!(one.state, Queued | Sent) && !ended.contains(&one.id))
    else {
        return Ok(false);
    };
    let unsent = relay.state == Queued && relay.went == Went::Nothing;
    if unsent && relay.stations.is_empty() && !is_for_others(rows, way)? {
        end_destination(rows, &relay, now)?;
        for other in rows.by_way(way.share)? {
            if other.relay == way.relay && other.contact != way.contact {
                came_to_nothing(rows, &other)?;
            }
        }
        return Ok(false);
    }
    match sealed {
        Some(one) => rows.set_went(one.id, Went::This)?,
        None => rows.set_way_went(way.share, way.contact, true)?,
    }
    Ok(true)
}

/// Whether a relay is to pass the share on to another household too.
fn is_for_others(rows: Rows<'_>, way: &ByWay) -> Result<bool, Fault> {
    for other in rows.by_way(way.share)? {
        if other.relay == way.relay && other.contact != way.contact && is_open(rows, &other)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A share is taken back from all: each relay is told to pass nothing on to those of whom it has told nothing, so that it says
/// whether it did.
pub(in crate::sharing) fn stop_ways(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
) -> Result<(), Fault> {
    for way in rows.by_way(share.id)? {
        let went = match sealed_for(rows, &way)? {
            Some(one) => one.went >= Went::This,
            None => way.went && told_of(rows, share.id, way.contact)?.is_empty(),
        };
        if went && is_open(rows, &way)? {
            stop_relay(rows, writer, share, way.contact, &[])?;
        }
    }
    Ok(())
}
