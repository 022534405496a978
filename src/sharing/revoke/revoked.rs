//! What ended a copy.

use crate::album::Rows;
use crate::envelope::{Fingerprint, Id};
use crate::message::{SignedPermit, SignedRevocation};
use crate::sharing::Fault;

/// The revocation that ends what stands on this chain, if there is one here.
pub(in crate::sharing) fn revocation_of(
    rows: Rows<'_>,
    of: (Fingerprint, Id),
    chain: &[SignedPermit],
) -> Result<Option<SignedRevocation>, Fault> {
    for der in rows.revocations(of.0, of.1)? {
        let signed = SignedRevocation::of_stored(&der)?;
        if signed.ends(chain) {
            return Ok(Some(signed));
        }
    }
    Ok(None)
}
