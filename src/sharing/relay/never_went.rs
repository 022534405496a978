//! What was passed on from here, taken back before anything of it left the house: whoever granted the share heard that it was
//! passed on, and hears now that nothing went there. The word goes up the chain to the origin.

use super::on_its_way::way_of;
use super::untold::end_recalls;
use super::word_about::word_about;
use crate::album::{CopyState, Destination, DestinationState, OnwardCopy, Rows, Share, Went};
use crate::envelope::Fingerprint;
use crate::message::{Receipt, ReceiptState, SignedPermit, SignedRevocation, permit};
use crate::sharing::Fault;
use crate::sharing::correspond::Writer;
use crate::sharing::correspond::send::heard;
use crate::sharing::receipts::receipt::receipt as receipt_of;

/// Tells whoever granted the share that nothing went to a destination of what it was given last. An own share was granted by
/// nobody, and of what is only carried nobody heard.
pub(in crate::sharing) fn tell_never_went(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    destination: &Destination,
) -> Result<(), Fault> {
    let Some(above) = destination.ancestors.last() else {
        return Ok(());
    };
    if destination.went >= Went::This || destination.stations.is_empty() {
        return Ok(());
    }
    let given = SignedPermit::of_stored(&destination.permit)?;
    let granter = SignedPermit::of_stored(above)?.permit().from;
    let (Some(identity), Some(granter)) = (
        writer.keys.identity_of(given.permit().from),
        heard(rows, granter)?,
    ) else {
        return Ok(());
    };
    let (who, issued) = (destination.contact, given.permit().issued);
    let body = word_about(identity, share, who, &destination.ancestors, issued)?;
    writer.send_word(rows, &body, &granter)
}

/// The same, where a relay says that it passed nothing on of what was taken back.
pub(super) fn tell_if_never_went(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    who: Fingerprint,
) -> Result<(), Fault> {
    match rows.destination_at(share.id, who)? {
        Some(one) if one.state == DestinationState::Revoked => {
            tell_never_went(rows, writer, share, &one)
        }
        _ => Ok(()),
    }
}

/// Such a word came: `above` are the permits on which the copy was to stand, `said` the one that it shows for it. Its copy never
/// went, and nobody there is told any more. It is passed on to whoever granted the share here.
pub(in crate::sharing) fn take(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    (above, said): (&[SignedPermit], &SignedPermit),
    receipt: &Receipt,
) -> Result<(), Fault> {
    let (said, last) = (said.permit(), above.last().map(SignedPermit::digest));
    for copy in rows.onward_copies(share.id)? {
        // What its holder said itself that it has, it has.
        if copy.holder != said.to || copy.state == CopyState::Deleted || copy.confirmed {
            continue;
        }
        let chain = permit::all_of_stored(&copy.chain)?;
        let [.., before, given] = chain.as_slice() else {
            continue;
        };
        // The grant that is meant is of that date.
        if given.permit().from != said.from
            || given.permit().issued != said.issued
            || Some(before.digest()) != last
        {
            continue;
        }
        // So it is where it said so before word of that copy came.
        if way_of(rows, share.id, &chain)?.is_some_and(|way| way.confirmed) {
            continue;
        }
        rows.put_onward_copy(&OnwardCopy {
            state: CopyState::Deleted,
            never_went: true,
            changed: writer.now,
            ..copy.clone()
        })?;
        end_recalls(rows, share.id, copy.holder, &copy.chain)?;
        // Whoever gave it knows of the end, then.
        for recall in rows.recalls(share.id, said.from)? {
            let revoked = SignedRevocation::of_stored(&recall.signed)?;
            if revoked.revocation().permit == Some(copy.permit) {
                rows.end_recall(recall.id)?;
            }
        }
        let mine = chain
            .iter()
            .position(|one| writer.keys.is_ours(one.permit().from));
        if let Some(above) = mine.and_then(|at| at.checked_sub(1))
            && let Some(granter) = heard(rows, chain[above].permit().from)?
        {
            let of = (share.origin, share.wire);
            let body = receipt_of(of, ReceiptState::Deleted, receipt.chain.clone());
            writer.send_word(rows, &body, &granter)?;
        }
    }
    Ok(())
}
