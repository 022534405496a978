//! The word of a relay that a household gets nothing of what was to be passed on to it: it ended on the way, or may not be
//! passed on any more. While the relay keeps its own copy, or still carries for others, nothing else would tell the origin.

use super::never_went::{self, tell_if_never_went};
use super::not_passed::{TAKEN_FROM_RELAY, fail, state_of};
use super::on_its_way::{FORGOTTEN, why_forgotten};
use super::untold::{came_to_nothing, sealed_for};
use super::word_about::word_of_items;
use crate::album::{ByWay, Contact, DestinationState, Holding, RelayJob, RelayState, Rows, Share};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::message::check::check_chain;
use crate::message::{Receipt, ReceiptState, SignedPermit};
use crate::sharing::Fault;
use crate::sharing::correspond::Writer;
use crate::sharing::correspond::send::heard;
use crate::sharing::ingest::judge::{Judge, Judged};

/// Tells who asked, with that holding, that nothing goes to `who`. False where nothing can be written to that one just now, so
/// that it [is still to be told](to_be_told).
pub(in crate::sharing) fn tell_not_passed(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    holding: &Holding,
    who: Fingerprint,
) -> Result<bool, Fault> {
    let (identity, asker) = (&writer.keys.identity, heard(rows, holding.granter)?);
    let asked = holding.chain.last().map(|der| SignedPermit::of_stored(der));
    let (Some(asker), Some(asked)) = (asker, asked.transpose()?) else {
        return Ok(true);
    };
    // By an identity of before it would be the word of another household.
    if asked.permit().to != identity.fingerprint() {
        return Ok(true);
    }
    // The grant that is meant says of which items: once is enough.
    let (above, issued) = (&holding.chain, asked.permit().issued);
    let body = word_of_items(identity, share, who, (above, None), issued)?;
    writer.send(rows, &body, &asker)
}

/// Nothing goes on of what is to be passed on, but who asked has not been told: all of it is forgotten but that.
pub(in crate::sharing) fn to_be_told(rows: Rows<'_>, job: RelayJob) -> Result<(), Fault> {
    Ok(rows.move_relay_job(&RelayJob {
        entry: Vec::new(),
        state: RelayState::Waits,
        ..job
    })?)
}

impl Judge<'_> {
    /// The word of a relay that it was asked from here to pass on to a household, and does not. `None` where the receipt is
    /// another.
    pub(in crate::sharing) fn take_word_of_nothing(
        &self,
        rows: Rows<'_>,
        share: Option<&Share>,
        relay: &Contact,
        receipt: &Receipt,
    ) -> Result<Option<Judged>, Fault> {
        let (Some(share), Some((above, word))) = (share, word_of(relay.fingerprint, receipt))
        else {
            return Ok(None);
        };
        if !above.iter().any(|one| self.keys.is_ours(one.permit().from)) {
            return Ok(None);
        }
        never_went::take(rows, &self.writer, share, (&above, &word), receipt)?;
        let (asked, who) = (
            above.last().expect("check_chain refuses an empty chain"),
            word.permit().to,
        );
        if self.keys.identity_of(asked.permit().from).is_none() {
            return Ok(Some(Judged::Taken));
        }
        // It may have been asked anew since.
        if let Some(destination) = rows.destination_at(share.id, relay.fingerprint)?
            && SignedPermit::of_stored(&destination.permit)?.digest() == asked.digest()
            && let Some(way) = rows.by_way_to(share.id, who)?
            && way.relay == relay.fingerprint
            && word.permit().from == relay.fingerprint
        {
            end_way(rows, way, self.now.now)?;
            tell_if_never_went(rows, &self.writer, share, who)?;
        }
        Ok(Some(Judged::Taken))
    }
}

/// The permits up to that by which the household was asked, or could pass it on, and the one that names the household that gets
/// nothing; `None` where it says something else. The last permit need not follow from the one before, by which nothing may be
/// passed on where the letter was only to be handed on. Whoever is in the chain may bring it.
fn word_of(sender: Fingerprint, receipt: &Receipt) -> Option<(Vec<SignedPermit>, SignedPermit)> {
    if receipt.state != ReceiptState::Deleted {
        return None;
    }
    let (last, before) = receipt.chain.split_last()?;
    let chain = check_chain(before).ok()?;
    let of = (receipt.origin, receipt.share);
    let word = SignedPermit::verify(&last.0).ok()?;
    let said = word.permit();
    let of_share = is_of_share(&chain, of) && (said.origin, said.share) == of;
    let asked = chain.last()?;
    let says_so = of_share
        && chain.iter().any(|one| one.permit().to == sender)
        && said.from == asked.permit().to
        && said.parent == Some(asked.digest())
        && said.only_carries();
    says_so.then_some((chain, word))
}

/// Whether all permits of a chain are of that share.
pub(super) fn is_of_share(chain: &[SignedPermit], of: (Fingerprint, Id)) -> bool {
    let mut permits = chain.iter().map(SignedPermit::permit);
    permits.all(|permit| (permit.origin, permit.share) == of)
}

/// What was to go there did not, and will not.
fn end_way(rows: Rows<'_>, way: ByWay, now: Timestamp) -> Result<(), Fault> {
    use DestinationState::{Deleted, Failed, Queued, Revoked, Sent};
    let state = state_of(rows, &way)?;
    if !matches!(state, Queued | Sent) {
        // It may have failed without word; now it is known that nothing went there.
        return match state {
            Failed => came_to_nothing(rows, &way),
            _ => stays_away(rows, &way),
        };
    }
    came_to_nothing(rows, &way)?;
    let stations = match sealed_for(rows, &way)? {
        Some(one) => one.stations,
        None => way.stations.clone().unwrap_or_default(),
    };
    let relay = rows.destination_at(way.share, way.relay)?;
    let taken_back = relay.is_some_and(|one| matches!(one.state, Revoked | Deleted));
    let why = match why_forgotten(&stations, now) {
        why if why == FORGOTTEN && taken_back => TAKEN_FROM_RELAY,
        why => why,
    };
    fail(rows, way, why, now)
}

/// What was taken back from a household did not go there: there is nothing that it has to confirm.
pub(super) fn stays_away(rows: Rows<'_>, way: &ByWay) -> Result<(), Fault> {
    match state_of(rows, way)? {
        DestinationState::Revoked => came_to_nothing(rows, way),
        _ => Ok(()),
    }
}
