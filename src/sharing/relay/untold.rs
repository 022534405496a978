//! Nothing had gone to a household by way of a relay: the letter that asks the relay never left the house, or the relay says
//! that it passed nothing on.

use std::collections::BTreeSet;

use super::on_its_way::{fails_where_open, way_of};
use crate::album::{ByWay, CopyState, Destination, DestinationState, OnwardCopy, Rows, Went};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::message::{SignedPermit, SignedRevocation, permit};
use crate::sharing::Fault;

/// A relay refused that letter: what it was asked with it comes to nothing, and nothing of what it was asked with another.
pub(in crate::sharing) fn refused_by_relay(
    rows: Rows<'_>,
    relay: &Destination,
    letter: Id,
    now: Timestamp,
) -> Result<(), Fault> {
    for way in rows.by_way(relay.share)? {
        // An older version did not note which it was.
        let asked = way.letter.is_none_or(|asked| asked == letter);
        if way.relay == relay.contact && asked {
            fails_where_open(rows, way.clone(), now)?;
            where_failed(rows, relay.share, way.contact)?;
        }
    }
    Ok(())
}

/// A relay took nothing of what it was to pass on, or has forgotten it: it went to none of those where it failed.
pub(in crate::sharing) fn passed_nothing_on(
    rows: Rows<'_>,
    relay: &Destination,
) -> Result<(), Fault> {
    for way in rows.by_way(relay.share)? {
        if way.relay == relay.contact {
            where_failed(rows, way.share, way.contact)?;
        }
    }
    Ok(())
}

fn where_failed(rows: Rows<'_>, share: i64, who: Fingerprint) -> Result<(), Fault> {
    let Some(way) = rows.by_way_to(share, who)? else {
        return Ok(());
    };
    let state = sealed_for(rows, &way)?.map_or(way.state, |one| one.state);
    match state {
        DestinationState::Failed => came_to_nothing(rows, &way),
        _ => Ok(()),
    }
}

/// The destination whose letter a relay only hands on.
pub(super) fn sealed_for(rows: Rows<'_>, way: &ByWay) -> Result<Option<Destination>, Fault> {
    match way.stations {
        Some(_) => Ok(None),
        None => Ok(rows.destination_at(way.share, way.contact)?),
    }
}

/// Nothing of what was given last went to a household that gets it by way of a relay. What was given it before, it may have; and
/// what it said itself that it has, it has.
pub(super) fn came_to_nothing(rows: Rows<'_>, way: &ByWay) -> Result<(), Fault> {
    if let Some(destination) = sealed_for(rows, way)? {
        return sealed_came_to_nothing(rows, &destination);
    }
    if way.confirmed {
        return Ok(());
    }
    let (has, told): (Vec<_>, Vec<_>) = told_of(rows, way.share, way.contact)?
        .into_iter()
        .partition(|copy| copy.confirmed);
    if has.is_empty() {
        rows.set_way_went(way.share, way.contact, false)?;
    }
    for copy in told {
        rows.put_onward_copy(&OnwardCopy {
            state: CopyState::Deleted,
            never_went: true,
            ..copy.clone()
        })?;
        end_recalls(rows, way.share, way.contact, &copy.chain)?;
    }
    Ok(())
}

fn sealed_came_to_nothing(rows: Rows<'_>, destination: &Destination) -> Result<(), Fault> {
    if destination.went == Went::Confirmed {
        return Ok(());
    }
    let (share, who) = (destination.share, destination.contact);
    let newest = SignedPermit::of_stored(&destination.permit)?.digest();
    let mut before: BTreeSet<_> = rows.given_permits(share, who)?;
    for recall in rows.recalls(share, who)? {
        let revoked = SignedRevocation::of_stored(&recall.signed)?;
        before.extend(revoked.revocation().permit);
        if revoked.revocation().permit == Some(newest) {
            rows.end_recall(recall.id)?;
        }
    }
    before.remove(&newest);
    for copy in rows.onward_copies(share)? {
        before.remove(&copy.permit);
    }
    if !before.is_empty() {
        return Ok(rows.set_went(destination.id, Went::Earlier)?);
    }
    rows.set_went(destination.id, Went::Nothing)?;
    end_recalls(rows, share, who, &destination.chain())
}

/// A household is told no more of what ends that chain, unless it ends another copy there.
pub(super) fn end_recalls(
    rows: Rows<'_>,
    share: i64,
    who: Fingerprint,
    chain: &[Vec<u8>],
) -> Result<(), Fault> {
    let chain = permit::all_of_stored(chain)?;
    let mut copies = rows.onward_copies(share)?;
    copies.retain(|copy| copy.holder == who && copy.state != CopyState::Deleted);
    for recall in rows.recalls(share, who)? {
        let signed = SignedRevocation::of_stored(&recall.signed)?;
        let mut another = false;
        for copy in &copies {
            another |= signed.ends(&permit::all_of_stored(&copy.chain)?);
        }
        if signed.ends(&chain) && !another {
            rows.end_recall(recall.id)?;
        }
    }
    Ok(())
}

/// The copies that a household has by way of a relay that made its grant, of which word came.
pub(super) fn told_of(
    rows: Rows<'_>,
    share: i64,
    who: Fingerprint,
) -> Result<Vec<OnwardCopy>, Fault> {
    let mut told = Vec::new();
    for copy in rows.onward_copies(share)? {
        if copy.holder == who
            && copy.state != CopyState::Deleted
            && way_of(rows, share, &permit::all_of_stored(&copy.chain)?)?.is_some()
        {
            told.push(copy);
        }
    }
    Ok(told)
}
