//! How a receipt reads.

use crate::envelope::{Fingerprint, Id};
use crate::message::grant::Bytes;
use crate::message::{Body, Code, Receipt, ReceiptState};

pub(in crate::sharing) fn receipt(
    of: (Fingerprint, Id),
    state: ReceiptState,
    chain: Vec<Bytes>,
) -> Body {
    Body::Receipt(Receipt {
        share: of.1,
        origin: of.0,
        state,
        reason: None,
        letter: None,
        chain,
    })
}

/// The grant letter was not taken, and why.
pub(in crate::sharing) fn refusal(of: (Fingerprint, Id), letter: Id, code: Code) -> Body {
    Body::Receipt(Receipt {
        share: of.1,
        origin: of.0,
        state: ReceiptState::Refused,
        reason: Some(code),
        letter: Some(letter),
        chain: Vec::new(),
    })
}

pub(in crate::sharing) fn chain_of(ders: &[Vec<u8>]) -> Vec<Bytes> {
    ders.iter().map(|der| Bytes(der.clone())).collect()
}
