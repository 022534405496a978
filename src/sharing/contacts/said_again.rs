//! What a household may not have heard, for letters to an identity of before come to nothing: that a copy is here, or gone. It is
//! said again to the one that took its place.

use super::successor::before;
use crate::album::{Contact, HoldingState, Rows};
use crate::message::{ReceiptState, permit};
use crate::sharing::Fault;
use crate::sharing::correspond::Writer;
use crate::sharing::identity::is_to;
use crate::sharing::receipts::receipt::{chain_of, receipt};

/// Words were compared with a household that took the place of others.
pub(in crate::sharing) fn say_again(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    contact: &Contact,
) -> Result<(), Fault> {
    let me = writer.keys.identity.fingerprint();
    for one in before(rows, contact)? {
        let was = one.fingerprint;
        // The next pass says what is complete.
        rows.receipt_again(was)?;
        let Some(since) = rows.ended(was)? else {
            continue;
        };
        for share in rows.shares_ended_since(since)? {
            for holding in rows.holdings(share.id)? {
                let chain = permit::all_of_stored(&holding.chain)?;
                let is_theirs = chain.iter().any(|one| one.permit().from == was);
                if holding.state != HoldingState::Live && is_theirs && is_to(&holding.chain, me)? {
                    let of = (share.origin, share.wire);
                    let gone = receipt(of, ReceiptState::Deleted, chain_of(&holding.chain));
                    writer.send_word(rows, &gone, contact)?;
                }
            }
        }
    }
    Ok(())
}
