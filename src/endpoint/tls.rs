//! What TLS asks of a server, and what to tell people when it does not give it.

use std::error::Error;

use native_tls::{Certificate, Protocol, TlsConnector};

use super::Account;

/// Why no safe connection came about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// No authority known here signed the certificate.
    #[error(
        "the certificate of {host} is not signed by an authority known here; if it is your own server, give that \
         authority's certificate with --ca FILE"
    )]
    UnknownAuthority {
        /// The host that showed it.
        host: String,
    },
    /// The same at this very machine, where a program such as Proton Bridge signs for itself.
    #[error(
        "the mail program on this machine ({host}) shows a certificate of its own; export it there (Proton Bridge: \
         Settings, Export TLS certificates) and give it with --ca FILE"
    )]
    OwnCertificateOnLoopback {
        /// The host that showed it.
        host: String,
    },
    /// The certificate belongs to another name.
    #[error(
        "the certificate shown by {host} is for another name; use the host name the provider documents"
    )]
    WrongName {
        /// The host that showed it.
        host: String,
    },
    /// The certificate's time is over, or has not begun.
    #[error(
        "the certificate of {host} is not valid today; check the clock of this machine (hearthpost doctor), else tell \
         the provider"
    )]
    NotValidNow {
        /// The host that showed it.
        host: String,
    },
    /// The server does not offer STARTTLS, and nothing was said to it.
    #[error(
        "{host} does not offer STARTTLS, so nothing was sent; use {secure}:// with the port for TLS, or ask the \
         provider"
    )]
    NotOffered {
        /// The host.
        host: String,
        /// Scheme for TLS from the first byte.
        secure: &'static str,
    },
    /// The extra authority cannot be read.
    #[error("the file given with --ca holds no certificate in PEM form: {reason}")]
    ExtraAuthority {
        /// What OpenSSL says.
        reason: String,
    },
    /// Anything else that OpenSSL refuses; at least TLS 1.2 is asked for.
    #[error(
        "no TLS with {host}: {reason}; check the port, and that the server speaks TLS 1.2 or newer there"
    )]
    Handshake {
        /// The host.
        host: String,
        /// What OpenSSL says.
        reason: String,
    },
}

impl TlsFault {
    /// Whether the same may work later without anybody doing something: never, a person has to look.
    pub fn retryable(&self) -> bool {
        matches!(self, TlsFault::NotValidNow { .. })
    }
}

impl Account {
    /// The rules for TLS with this server: system authorities and the extra one, TLS 1.2 or newer, host name checked.
    pub fn tls_connector(&self) -> Result<TlsConnector, TlsFault> {
        let unreadable = |reason: String| TlsFault::ExtraAuthority { reason };
        let mut builder = TlsConnector::builder();
        builder.min_protocol_version(Some(Protocol::Tlsv12));
        if let Some(pem) = &self.extra_ca {
            let authorities =
                Certificate::stack_from_pem(pem).map_err(|e| unreadable(e.to_string()))?;
            if authorities.is_empty() {
                return Err(unreadable("it is empty".to_owned()));
            }
            for authority in authorities {
                builder.add_root_certificate(authority);
            }
        }
        builder.build().map_err(|e| unreadable(e.to_string()))
    }

    /// What a failed handshake means for people.
    pub fn tls_fault(&self, error: &native_tls::Error) -> TlsFault {
        let host = self.endpoint.host.clone();
        let mut reason = error.to_string();
        let mut cause = error.source();
        while let Some(next) = cause {
            reason.push_str(": ");
            reason.push_str(&next.to_string());
            cause = next.source();
        }
        let says = |words: &[&str]| words.iter().any(|word| reason.contains(word));
        // The words are OpenSSL's X509_verify_cert_error_string, stable across 1.1 to 3.x.
        if says(&["mismatch"]) {
            TlsFault::WrongName { host }
        } else if says(&["has expired", "not yet valid"]) {
            TlsFault::NotValidNow { host }
        } else if says(&[
            "self-signed",
            "self signed",
            "local issuer",
            "first certificate",
        ]) {
            match self.endpoint.is_loopback() {
                true => TlsFault::OwnCertificateOnLoopback { host },
                false => TlsFault::UnknownAuthority { host },
            }
        } else {
            TlsFault::Handshake { host, reason }
        }
    }

    /// The fault of a server that speaks only plain text where STARTTLS was asked for.
    pub fn starttls_missing(&self) -> TlsFault {
        TlsFault::NotOffered {
            host: self.endpoint.host.clone(),
            secure: self.endpoint.service.secure(),
        }
    }
}
