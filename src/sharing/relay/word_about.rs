//! The word that nothing goes to a household: a receipt that shows a permit which opens nothing.

use crate::album::Share;
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id, Identity};
use crate::message::grant::Bytes;
use crate::message::permit::NewPermit;
use crate::message::{Body, ReceiptState, SignedPermit};
use crate::rules::Tier;
use crate::sharing::Fault;
use crate::sharing::receipts::receipt::{chain_of, receipt};

/// A receipt `deleted` about what is passed on to `who`: behind the permits `above`, one that opens nothing and ends nothing.
/// It names the household, by its parent the grant that is meant, and by its time until when.
pub(in crate::sharing) fn word_about(
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

/// The same of some items; `None`: of those of the grant that is meant.
pub(super) fn word_of_items(
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
