//! The word of a relay that a household gets nothing of what was to be passed on to it: it ended on the way, or may not be
//! passed on any more. While the relay keeps its own copy, or still carries for others, nothing else would tell the origin.

use super::Fault;
use super::by_way::{note_answer, why_forgotten};
use super::correspond::Writer;
use super::judge::{Judge, Judged};
use super::receipt::{chain_of, receipt};
use super::send::heard;
use super::untold::{came_to_nothing, sealed_for};
use crate::album::{ByWay, Contact, DestinationState, Holding, RelayJob, RelayState, Rows, Share};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id, Identity};
use crate::message::check::check_chain;
use crate::message::grant::Bytes;
use crate::message::permit::NewPermit;
use crate::message::{Body, Receipt, ReceiptState, SignedPermit};
use crate::rules::Tier;

/// Tells who asked, with that holding, that nothing goes to `who`. False where nothing can be written to that one just now, so
/// that it [is still to be told](to_be_told).
pub(super) fn tell_not_passed(
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

/// A receipt `deleted` about what is passed on to `who`: behind the permits `above`, one that opens nothing and ends nothing.
/// It names the household, by its parent the grant that is meant, and by its time until when.
pub(super) fn word_about(
    identity: &Identity,
    share: &Share,
    who: Fingerprint,
    above: &[Vec<u8>],
    issued: Timestamp,
) -> Result<Body, Fault> {
    let last = above.last().map(|der| SignedPermit::of_stored(der));
    let items = last.transpose()?.and_then(|one| one.permit().items.clone());
    word_of_items(identity, share, who, (above, items), issued)
}

/// Nothing goes on of what is to be passed on, but who asked has not been told: all of it is forgotten but that.
pub(super) fn to_be_told(rows: Rows<'_>, job: RelayJob) -> Result<(), Fault> {
    Ok(rows.move_relay_job(&RelayJob {
        entry: Vec::new(),
        state: RelayState::Waits,
        ..job
    })?)
}

fn word_of_items(
    identity: &Identity,
    share: &Share,
    who: Fingerprint,
    (above, items): (&[Vec<u8>], Option<Vec<Id>>),
    issued: Timestamp,
) -> Result<Body, Fault> {
    let last = above.last().map(|der| SignedPermit::of_stored(der));
    let last = last.transpose()?;
    let new = NewPermit {
        share: share.wire,
        origin: share.origin,
        manifest: share.manifest_digest,
        to: who,
        parent: last.as_ref().map(SignedPermit::digest),
        items,
        tier: Tier::About,
        onward: None,
        issued,
    };
    let word = SignedPermit::sign(new, identity)?;
    let mut chain = chain_of(above);
    chain.push(Bytes(word.der().to_vec()));
    Ok(receipt(
        (share.origin, share.wire),
        ReceiptState::Deleted,
        chain,
    ))
}

impl Judge<'_> {
    /// The word of a relay that it was asked from here to pass on to a household, and does not. `None` where the receipt is
    /// another.
    pub(super) fn take_word_of_nothing(
        &self,
        rows: Rows<'_>,
        share: Option<&Share>,
        relay: &Contact,
        receipt: &Receipt,
    ) -> Result<Option<Judged>, Fault> {
        let (Some(share), Some((asked, who))) = (share, word_of(relay.fingerprint, receipt)) else {
            return Ok(None);
        };
        if self.keys.identity_of(asked.permit().from).is_none() {
            return Ok(None);
        }
        // It may have been asked anew since.
        if let Some(destination) = rows.destination_at(share.id, relay.fingerprint)?
            && SignedPermit::of_stored(&destination.permit)?.digest() == asked.digest()
            && let Some(way) = rows.by_way_to(share.id, who)?
            && way.relay == relay.fingerprint
        {
            end_way(rows, way, self.now.now)?;
        }
        Ok(Some(Judged::Taken))
    }
}

/// The permit by which the relay was asked, and the household that gets nothing; `None` where it says something else. The last
/// permit need not follow from the one before, by which nothing may be passed on where the letter was only to be handed on.
fn word_of(relay: Fingerprint, receipt: &Receipt) -> Option<(SignedPermit, Fingerprint)> {
    if receipt.state != ReceiptState::Deleted {
        return None;
    }
    let (last, before) = receipt.chain.split_last()?;
    let mut chain = check_chain(before).ok()?;
    let of = (receipt.origin, receipt.share);
    let word = SignedPermit::verify(&last.0).ok()?;
    let said = word.permit();
    let of_share = is_of_share(&chain, of) && (said.origin, said.share) == of;
    let asked = chain.pop()?;
    let says_so = of_share
        && asked.permit().to == relay
        && said.from == relay
        && said.parent == Some(asked.digest())
        && said.only_carries();
    says_so.then(|| (asked, word.permit().to))
}

/// Whether all permits of a chain are of that share.
pub(super) fn is_of_share(chain: &[SignedPermit], of: (Fingerprint, Id)) -> bool {
    let mut permits = chain.iter().map(SignedPermit::permit);
    permits.all(|permit| (permit.origin, permit.share) == of)
}

/// What was to go there did not, and will not.
fn end_way(rows: Rows<'_>, way: ByWay, now: Timestamp) -> Result<(), Fault> {
    use DestinationState::{Failed, Queued, Sent};
    let sealed = sealed_for(rows, &way)?;
    let state = sealed.as_ref().map_or(way.state, |one| one.state);
    if !matches!(state, Queued | Sent) {
        return stays_away(rows, &way);
    }
    came_to_nothing(rows, &way)?;
    match (sealed, &way.stations) {
        (Some(one), _) => {
            let why = why_forgotten(&one.stations, now);
            Ok(rows.set_destination_state(one.id, Failed, Some(why), now)?)
        }
        (None, Some(stations)) => {
            let why = why_forgotten(stations, now);
            note_answer(rows, way, (Failed, Some(why)), now)
        }
        (None, None) => Ok(()),
    }
}

/// What was taken back from a household did not go there: there is nothing that it has to confirm.
pub(super) fn stays_away(rows: Rows<'_>, way: &ByWay) -> Result<(), Fault> {
    let state = sealed_for(rows, way)?.map_or(way.state, |one| one.state);
    match state {
        DestinationState::Revoked => came_to_nothing(rows, way),
        _ => Ok(()),
    }
}
