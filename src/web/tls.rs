//! The certificate with which the site shows who it is: read from its files, and again when they change.
//!
//! Files that do not fit together, as in the middle of being replaced, leave the one before in use. Nothing ever leads from
//! TLS back to plain text.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use openssl::error::ErrorStack;
use openssl::ssl::{AlpnError, SslAcceptor, SslMethod, SslVersion, select_next_proto};

use crate::album::own_certificate;
use crate::config::{CertificateFiles, Config};
use crate::envelope::{SitePair, SitePairError};
use crate::sharing::Fault;

/// The one protocol that is spoken inside (RFC 7301, 3.1).
const HTTP_1_1: &[u8] = b"\x08http/1.1";

/// What a site shows to browsers, as its files are now.
pub(super) struct Tls {
    files: Option<CertificateFiles>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    seen: Option<Stamps>,
    acceptor: Option<SslAcceptor>,
}

/// By which it is known that a file is another one, or has something else in it.
type Stamp = (u64, u64, u64, i64, i64, i64, i64);
type Stamps = (Stamp, Stamp);

impl Tls {
    /// None: plain text.
    pub fn none() -> Self {
        Tls {
            files: None,
            held: Mutex::default(),
        }
    }

    /// By the files of the settings, or those of `hearthpost tls`, which need not be there yet.
    pub fn of(config: &Config) -> Result<Self, Fault> {
        let own = || {
            let both = own_certificate(&config.data);
            CertificateFiles {
                certificate: both.clone(),
                key: both,
            }
        };
        let files = config.web.certificate.clone().unwrap_or_else(own);
        let may_be_absent = config.web.certificate.is_none();
        let held = match stamps(&files) {
            Err(error) if may_be_absent && error.kind() == io::ErrorKind::NotFound => {
                Held::default()
            }
            seen => Held {
                acceptor: Some(read(&files)?),
                seen: seen.ok(),
            },
        };
        Ok(Tls {
            files: Some(files),
            held: Mutex::new(held),
        })
    }

    /// With what the next browser is answered; `None`: in plain text. Two looks at the disk, mostly.
    pub fn acceptor(&self) -> Option<SslAcceptor> {
        let files = self.files.as_ref()?;
        // What a thread that panicked left is whole: each field is set at once.
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(now) = stamps(files)
            && held.seen != Some(now)
        {
            held.seen = Some(now);
            match read(files) {
                Ok(acceptor) => {
                    tracing::info!(certificate = %files.certificate.display(), "a new certificate is in use");
                    held.acceptor = Some(acceptor);
                }
                Err(fault) => {
                    tracing::warn!(trouble = %fault, "the certificate of before stays in use");
                }
            }
        }
        held.acceptor.clone()
    }
}

fn stamps(files: &CertificateFiles) -> io::Result<Stamps> {
    let stamp = |path: &Path| fs::metadata(path).map(|metadata| stamp(&metadata));
    Ok((stamp(&files.certificate)?, stamp(&files.key)?))
}

fn stamp(file: &Metadata) -> Stamp {
    (
        file.dev(),
        file.ino(),
        file.len(),
        file.mtime(),
        file.mtime_nsec(),
        file.ctime(),
        file.ctime_nsec(),
    )
}

fn read(files: &CertificateFiles) -> Result<SslAcceptor, Fault> {
    let fault = |path: &Path, cause: &dyn std::fmt::Display| {
        let words = format!("{} cannot be used for HTTPS: {cause}", path.display());
        Fault::new("certificate", words).hint(
            "web.certificate is a PEM file with the certificate and its issuers, web.key one with its private key",
        )
    };
    let bytes = |path: &Path| fs::read(path).map_err(|error| fault(path, &error));
    let certificate = bytes(&files.certificate)?;
    let key = zeroize::Zeroizing::new(bytes(&files.key)?);
    let pair = SitePair::read(&certificate, &key).map_err(|error| match error {
        SitePairError::NotPem | SitePairError::NoCertificate => fault(&files.certificate, &error),
        SitePairError::NoKey => fault(&files.key, &error),
        SitePairError::OtherKey => {
            let cause = format!("its key is not that of {}", files.key.display());
            fault(&files.certificate, &cause)
        }
    })?;
    acceptor(&pair).map_err(|error| fault(&files.certificate, &error))
}

/// TLS 1.2 and 1.3 with the suites that Mozilla calls intermediate (version 5).
fn acceptor(pair: &SitePair) -> Result<SslAcceptor, ErrorStack> {
    let mut builder = SslAcceptor::mozilla_intermediate_v5(SslMethod::tls_server())?;
    builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    for (at, certificate) in pair.chain.iter().enumerate() {
        match at {
            0 => builder.set_certificate(certificate)?,
            _ => builder.add_extra_chain_cert(certificate.clone())?,
        }
    }
    builder.set_private_key(&pair.key)?;
    builder.set_alpn_select_callback(|_, offered| {
        select_next_proto(HTTP_1_1, offered).ok_or(AlpnError::NOACK)
    });
    Ok(builder.build())
}
