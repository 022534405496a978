//! What TLS asks of a server, and what to tell people when it does not give it.

use std::fs;
use std::path::Path;
use std::pin::Pin;

use openssl::error::ErrorStack;
use openssl::ssl::{
    Error, Ssl, SslContext, SslFiletype, SslMethod, SslMode, SslOptions, SslVerifyMode, SslVersion,
};
use openssl::x509::store::{X509Lookup, X509StoreBuilder};
use openssl::x509::verify::X509CheckFlags;
use openssl::x509::{X509, X509VerifyResult};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_openssl::SslStream;

use super::Account;
use super::place::is_loopback;

/// Why no safe connection came about.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TlsFault {
    /// No authority known here signed the certificate.
    #[error(
        "the certificate of {host} is not signed by an authority known here; if it is your own server, name that \
         authority's certificate as {setting} in the settings"
    )]
    UnknownAuthority {
        /// The host that showed it.
        host: String,
        /// Where its authority is named.
        setting: &'static str,
    },
    /// The same at this very machine, where a program such as Proton Bridge signs for itself.
    #[error(
        "the mail program on this machine ({host}) shows a certificate of its own; export it there (Proton Bridge: \
         Settings, Export TLS certificates) and name the file as {setting} in the settings"
    )]
    OwnCertificateOnLoopback {
        /// The host that showed it.
        host: String,
        /// Where the file is named.
        setting: &'static str,
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
    #[error("the file of {setting} holds no certificate in PEM form: {reason}")]
    ExtraAuthority {
        /// Where it is named.
        setting: &'static str,
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
    /// Brings a stream to this server under TLS: see [`secure`].
    pub async fn secure<S>(&self, stream: S) -> Result<SslStream<S>, TlsFault>
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let setting = self.endpoint.service.setting_of_authority();
        secure(
            &self.endpoint.host,
            self.extra_ca.as_deref(),
            setting,
            stream,
        )
        .await
    }

    /// The fault of a server that speaks only plain text where STARTTLS was asked for.
    pub fn starttls_missing(&self) -> TlsFault {
        TlsFault::NotOffered {
            host: self.endpoint.host.clone(),
            secure: self.endpoint.service.secure(),
        }
    }
}

/// Brings a stream to a server under TLS: system authorities and the extra one (PEM), TLS 1.2 or newer, host name checked.
/// `setting`: where the extra one is named.
pub(crate) async fn secure<S>(
    host: &str,
    extra_ca: Option<&[u8]>,
    setting: &'static str,
    stream: S,
) -> Result<SslStream<S>, TlsFault>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let unready = |error: ErrorStack| TlsFault::Handshake {
        host: host.to_owned(),
        reason: error.to_string(),
    };
    let session = ready(host, authorities(extra_ca, setting)?).map_err(unready)?;
    let mut stream = SslStream::new(session, stream).map_err(unready)?;
    match Pin::new(&mut stream).connect().await {
        Ok(()) => Ok(stream),
        Err(error) => {
            let verdict = stream.ssl().verify_result();
            Err(tls_fault(host, setting, &error, verdict))
        }
    }
}

/// Refuses what is no file of an authority, with the reason.
pub(crate) fn check_authority(pem: &[u8]) -> Result<(), String> {
    authorities_in(pem).map(drop)
}

fn authorities_in(pem: &[u8]) -> Result<Vec<X509>, String> {
    let found = X509::stack_from_pem(pem).map_err(|error| error.to_string())?;
    match found.is_empty() {
        true => Err("there is none in it".to_owned()),
        false => Ok(found),
    }
}

fn authorities(
    extra_ca: Option<&[u8]>,
    setting: &'static str,
) -> Result<X509StoreBuilder, TlsFault> {
    let because = |reason| TlsFault::ExtraAuthority { setting, reason };
    let unreadable = |error: ErrorStack| because(error.to_string());
    let mut authorities = system_authorities().map_err(unreadable)?;
    if let Some(pem) = extra_ca {
        for authority in authorities_in(pem).map_err(because)? {
            authorities.add_cert(authority).map_err(unreadable)?;
        }
    }
    Ok(authorities)
}

/// What a failed handshake means for people.
fn tls_fault(
    host: &str,
    setting: &'static str,
    error: &Error,
    verdict: X509VerifyResult,
) -> TlsFault {
    let host = host.to_owned();
    let mut reason = error.to_string();
    if verdict != X509VerifyResult::OK {
        reason = format!("{reason} ({verdict})");
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
        match is_loopback(&host) {
            true => TlsFault::OwnCertificateOnLoopback { host, setting },
            false => TlsFault::UnknownAuthority { host, setting },
        }
    } else {
        TlsFault::Handshake { host, reason }
    }
}

/// A session that names the host to the server, and takes a certificate only if one of these authorities signed it for that
/// host. (`SslConnector` would do the same, but reads all authorities of the machine before it can be told others.)
fn ready(host: &str, authorities: X509StoreBuilder) -> Result<Ssl, ErrorStack> {
    let mut context = SslContext::builder(SslMethod::tls_client())?;
    context.set_options(SslOptions::NO_COMPRESSION);
    context.set_mode(
        SslMode::AUTO_RETRY
            | SslMode::ACCEPT_MOVING_WRITE_BUFFER
            | SslMode::ENABLE_PARTIAL_WRITE
            | SslMode::RELEASE_BUFFERS,
    );
    context.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    context.set_cipher_list("DEFAULT:!aNULL:!eNULL:!MD5:!3DES:!RC4:!PSK:!SRP")?;
    context.set_verify(SslVerifyMode::PEER);
    context.set_cert_store(authorities.build());
    let mut session = Ssl::new(&context.build())?;
    match host.parse() {
        Ok(address) => session.param_mut().set_ip(address)?,
        Err(_) => {
            session.set_hostname(host)?;
            let wanted = session.param_mut();
            wanted.set_hostflags(X509CheckFlags::NO_PARTIAL_WILDCARDS);
            wanted.set_host(host)?;
        }
    }
    Ok(session)
}

/// The authorities that this machine trusts. Where their folder is in order, each is read when a server names it; a file
/// with all of them takes more than a megabyte for as long as a connection lasts, and is read only without that.
fn system_authorities() -> Result<X509StoreBuilder, ErrorStack> {
    let found = openssl_probe::probe();
    let mut store = X509StoreBuilder::new()?;
    let mut by_name = false;
    for folder in found.cert_dir.iter().filter(|folder| is_by_name(folder)) {
        let Some(name) = folder.to_str() else {
            continue;
        };
        let lookup = store.add_lookup(X509Lookup::hash_dir())?;
        lookup.add_dir(name, SslFiletype::PEM)?;
        by_name = true;
    }
    // Whoever names a file means it.
    let named = std::env::var_os("SSL_CERT_FILE").is_some();
    if let Some(file) = found.cert_file.filter(|_| named || !by_name) {
        let lookup = store.add_lookup(X509Lookup::file())?;
        if let Err(error) = lookup.load_cert_file(&file, SslFiletype::PEM) {
            // Without it only the extra one is known, and the handshake says so.
            tracing::debug!(file = %file.display(), %error, "authorities are not read");
        }
    }
    Ok(store)
}

/// Whether certificates can be found there by the digest of their name, as `openssl rehash` and the system's own tools
/// leave them: `5ed36f99.0`.
fn is_by_name(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    let digest = |name: &str| name.len() == 8 && name.bytes().all(|c| c.is_ascii_hexdigit());
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_str().and_then(|name| name.strip_suffix(".0"));
        name.is_some_and(digest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_in_order_when_certificates_have_the_names_of_their_digests() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |name: &str| std::fs::write(folder.path().join(name), "").expect("a file");
        assert!(!is_by_name(folder.path()));
        write("ca-certificates.crt");
        write("authority.0");
        assert!(!is_by_name(folder.path()));
        write("5ed36f99.0");
        assert!(is_by_name(folder.path()));
        assert!(!is_by_name(&folder.path().join("none")));
    }
}
