//! What went by way of a relay and nobody has confirmed for 30 days: it stands so, and who shared it is told once. Should a word
//! of the relay or of the household itself come later, it counts.

use super::by_way::KEPT;
use super::not_passed::fail;
use super::untold::{sealed_for, told_of};
use crate::album::{ByWay, DestinationState, Rows};
use crate::encoding::Timestamp;
use crate::sharing::{Fault, Household, Now};

/// Why: nothing was heard of the relay either.
const NOT_ANSWERED: &str = "not confirmed: the household that was to pass it on did not answer for 30 days; send it again, and it goes straight";
/// Why: that one said that it has it, or had.
const NOT_CONFIRMED: &str = "not confirmed for 30 days, though the household that was to pass it on answered; send it again, and it goes straight";

impl Household {
    /// Waits no longer for what went by way of others so long ago, by a clock that is confirmed.
    pub(in crate::sharing) fn wait_no_longer(&mut self, now: Now) -> Result<(), Fault> {
        let before = now.floor.minus_seconds(KEPT);
        if waits_too_long(self.album.rows(), before)?.is_empty() {
            return Ok(());
        }
        self.album.commit(|rows| {
            for way in waits_too_long(rows, before)? {
                let person = match sealed_for(rows, &way)?.and_then(|one| one.passed_by) {
                    Some(person) => Some(person),
                    None => rows.shared_by(way.share)?.person().cloned(),
                };
                let who = way.contact;
                fail(rows, way.clone(), why(rows, &way)?, now.now)?;
                rows.put_unconfirmed(person.as_ref(), who, now.now)?;
                tracing::info!(to = %who.short(), "what went by way of another household is not confirmed");
            }
            Ok::<_, Fault>(())
        })
    }
}

/// Without those of a grant that the relay made and told of: like what goes straight, that waits for the household itself.
fn waits_too_long(rows: Rows<'_>, before: Timestamp) -> Result<Vec<ByWay>, Fault> {
    let mut ways = Vec::new();
    for way in rows.ways_unanswered(before)? {
        if way.stations.is_none() || told_of(rows, way.share, way.contact)?.is_empty() {
            ways.push(way);
        }
    }
    Ok(ways)
}

fn why(rows: Rows<'_>, way: &ByWay) -> Result<&'static str, Fault> {
    use DestinationState::{Deleted, Delivered};
    let relay = rows.destination_at(way.share, way.relay)?;
    Ok(match relay.map(|one| one.state) {
        Some(Delivered | Deleted) => NOT_CONFIRMED,
        _ => NOT_ANSWERED,
    })
}
