//! The certificate with which a site shows who it is, with its issuers and its private key, as PEM files hold them.

use openssl::pkey::{PKey, Private};
use openssl::x509::X509;

/// Certificates and a key that belong together.
pub struct SitePair {
    /// That of the site first, then those of its issuers.
    pub chain: Vec<X509>,
    /// The private key of the first.
    pub key: PKey<Private>,
}

/// Why two files are no such pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SitePairError {
    /// The certificate's file is something else.
    #[error("it is not PEM")]
    NotPem,
    /// It is PEM, and no certificate is in it.
    #[error("no certificate is in it")]
    NoCertificate,
    /// No key, or one that a password locks.
    #[error("no private key without a password is in it")]
    NoKey,
    /// As in the middle of being replaced.
    #[error("its key is another one")]
    OtherKey,
}

impl SitePair {
    /// Reads both; of one file that holds both, twice the same.
    pub fn read(certificate: &[u8], key: &[u8]) -> Result<Self, SitePairError> {
        let chain = X509::stack_from_pem(certificate).map_err(|_| SitePairError::NotPem)?;
        let first = chain.first().ok_or(SitePairError::NoCertificate)?;
        // Without an answer of ours OpenSSL would ask whoever sits at the terminal.
        let key = PKey::private_key_from_pem_callback(key, |_| Ok(0));
        let key = key.map_err(|_| SitePairError::NoKey)?;
        if !first.public_key().is_ok_and(|own| own.public_eq(&key)) {
            return Err(SitePairError::OtherKey);
        }
        Ok(SitePair { chain, key })
    }
}
