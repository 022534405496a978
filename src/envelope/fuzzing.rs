//! The outer envelope by itself, around anything, for the fuzz targets.

use super::cipher::FreshKey;
use super::frame::{self, Frame};
use super::{EncryptionCertificate, EncryptionKey, EnvelopeError, encapsulation};

/// An outer envelope around these bytes; `None` where the certificate has no key for that.
pub fn seal_outer(content: &[u8], to: &EncryptionCertificate) -> Option<Vec<u8>> {
    let fresh = FreshKey::random().ok()?;
    let recipient = encapsulation::give(&fresh, to.key_id(), to.second_key()?).ok()?;
    frame::seal(content, &fresh, recipient).ok()
}

/// What is in an outer envelope.
pub fn open_outer(der: &[u8], key: &EncryptionKey) -> Result<Vec<u8>, EnvelopeError> {
    let frame = Frame::read(der)?;
    let given = encapsulation::Given::read(&frame.recipient)?;
    let second = key.second.as_ref().ok_or(EnvelopeError::Sealed)?;
    let cek = given.take(second)?;
    frame.open(&cek)
}
