//! How far each came on its way by a relay, as the origin notes it: what befalls the letter to the relay befalls what that
//! was to pass on, until one of the two tells.

use super::by_way::KEPT;
use crate::album::{ByWay, Destination, DestinationState, Rows, Share};
use crate::encoding::Timestamp;
use crate::message::grant::Bytes;
use crate::message::{Body, ReceiptState, SignedPermit, Station};
use crate::sharing::Fault;
use crate::sharing::correspond::Writer;
use crate::sharing::correspond::send::heard;
use crate::sharing::receipts::receipt::receipt;

/// Why nothing came of what a relay was to be asked.
pub(super) const NOT_ASKED: &str = "it did not get as far as the household that was to pass it on, or that one does not do so; share it without";

/// Why nothing came of what a relay had, where it had not ended.
pub(in crate::sharing) const FORGOTTEN: &str =
    "the household that was to pass it on has forgotten it, and did not do so; share it without";

/// The provider took, or did not take, what went to a relay; or the relay did not take it, or has it. What it was to pass on
/// follows.
pub(in crate::sharing) fn relay_moved(
    rows: Rows<'_>,
    relay: &Destination,
    state: DestinationState,
    now: Timestamp,
) -> Result<(), Fault> {
    let (state, words) = match state {
        DestinationState::Sent => (state, None),
        _ => (DestinationState::Failed, Some(NOT_ASKED)),
    };
    use DestinationState::{Queued, Sent};
    for way in rows.by_way(relay.share)? {
        // What was asked with a letter before this one is not touched by what befalls this one.
        let asked = way.letter.is_none_or(|asked| asked == relay.letter);
        let moves = |from| from == Queued || (from == Sent && state != Sent && asked);
        if way.relay == relay.contact {
            move_way(rows, way, moves, (state, words), now)?;
        }
    }
    Ok(())
}

/// A relay did not take the letter that asks it for a household.
pub(super) fn fails_where_open(rows: Rows<'_>, way: ByWay, now: Timestamp) -> Result<(), Fault> {
    use DestinationState::{Failed, Queued, Sent};
    let open = |from| matches!(from, Queued | Sent);
    move_way(rows, way, open, (Failed, Some(NOT_ASKED)), now)
}

fn move_way(
    rows: Rows<'_>,
    way: ByWay,
    moves: impl Fn(DestinationState) -> bool,
    (state, words): (DestinationState, Option<&str>),
    now: Timestamp,
) -> Result<(), Fault> {
    if way.stations.is_some() && moves(way.state) {
        rows.set_way_state(way, state, words, now)?;
    } else if way.stations.is_none()
        && let Some(one) = rows.destination_at(way.share, way.contact)?
        && moves(one.state)
    {
        rows.set_destination_state(one.id, state, words, now)?;
    }
    Ok(())
}

/// A relay has forgotten a share. While it had not waited out its time, whoever has told nothing since was passed nothing on.
pub(in crate::sharing) fn relay_forgot(
    rows: Rows<'_>,
    relay: &Destination,
    now: Timestamp,
) -> Result<(), Fault> {
    use DestinationState::{Failed, Queued, Sent};
    if relay.issued.plus_seconds(KEPT) <= now {
        return Ok(());
    }
    let told = rows.onward_copies(relay.share)?;
    for way in rows.by_way(relay.share)? {
        if way.relay != relay.contact {
            continue;
        }
        if let Some(stations) = &way.stations {
            // Of what it made it tells first.
            let passed = told.iter().any(|copy| copy.holder == way.contact);
            if matches!(way.state, Queued | Sent) && !passed {
                let words = why_forgotten(stations, now);
                rows.set_way_state(way, Failed, Some(words), now)?;
            }
        } else if let Some(one) = rows.destination_at(relay.share, way.contact)?
            && matches!(one.state, Queued | Sent)
        {
            let words = why_forgotten(&one.stations, now);
            rows.set_destination_state(one.id, Failed, Some(words), now)?;
        }
    }
    Ok(())
}

/// Why nothing of it was passed on by who has forgotten it.
pub(super) fn why_forgotten(stations: &[Station], now: Timestamp) -> &'static str {
    let over = |station: &Station| station.rules.not_after.is_some_and(|end| end <= now);
    match stations.iter().all(over) {
        true => "it ended before it was passed on",
        false => FORGOTTEN,
    }
}

/// The way on which a copy came that stands on this chain, where a relay was to make the grant. It is of that relay, on what
/// it was given here: who has the share too may pass it on to the same household, and says nothing of this.
pub(in crate::sharing) fn way_of(
    rows: Rows<'_>,
    share: i64,
    chain: &[SignedPermit],
) -> Result<Option<ByWay>, Fault> {
    let [_given_here, made] = chain else {
        return Ok(None);
    };
    let way = rows.by_way_to(share, made.permit().to)?;
    Ok(way.filter(|way| way.stations.is_some() && way.relay == made.permit().from))
}

/// Notes how far it got on its way, where a relay makes the grant.
pub(in crate::sharing) fn note_answer(
    rows: Rows<'_>,
    way: ByWay,
    (state, error): (DestinationState, Option<&str>),
    now: Timestamp,
) -> Result<(), Fault> {
    use DestinationState::{Deleted, Delivered, Failed, Queued, Revoked, Sent};
    // The word of the relay may come after that of the household itself, and either may cross a revocation.
    let late = (state == Sent && !matches!(way.state, Queued | Failed))
        || (state == Delivered && way.state == Revoked);
    if way.stations.is_some() && way.state != Deleted && !late {
        rows.set_way_state(way, state, error, now)?;
    }
    Ok(())
}

/// A share is taken back from everyone, also from those of whom the relay has not told yet.
pub(in crate::sharing) fn end_ways(
    rows: Rows<'_>,
    share: i64,
    now: Timestamp,
) -> Result<(), Fault> {
    for way in rows.by_way(share)? {
        let revoked = (DestinationState::Revoked, None);
        note_answer(rows, way, revoked, now)?;
    }
    Ok(())
}

/// Tells a relay that a household has what it passed on, so that it forgets it. `chain`: of that very copy.
pub(in crate::sharing) fn tell_relay(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    way: &ByWay,
    chain: &[SignedPermit],
) -> Result<(), Fault> {
    if let Some(relay) = heard(rows, way.relay)? {
        let of = (share.origin, share.wire);
        let chain = chain.iter().map(|permit| Bytes(permit.der().to_vec()));
        let body: Body = receipt(of, ReceiptState::Complete, chain.collect());
        writer.send(rows, &body, &relay)?;
    }
    Ok(())
}
