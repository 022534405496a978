//! The key file as text: TOML with PEM in it.

use openssl::pkey::PKey;
use openssl::x509::X509;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::Keys;
use crate::encoding::{base64_of, parse_base64};
use crate::envelope::{Authority, EncryptionKey, Identity, StorageKey};

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    identity_key: String,
    identity_certificate: String,
    storage_key: String,
    encryption: Vec<WrittenPair>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    former: Vec<WrittenKey>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    authority: Option<WrittenKey>,
}

/// The keys of one encryption certificate.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPair {
    /// Of P-256.
    key: String,
    /// Of ML-KEM-768; OpenSSL reads it from version 3.5 on. Keys of older versions have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    quantum_safe_key: Option<String>,
    certificate: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenKey {
    key: String,
    certificate: String,
}

impl Drop for Written {
    fn drop(&mut self) {
        self.identity_key.zeroize();
        self.storage_key.zeroize();
    }
}

impl Drop for WrittenPair {
    fn drop(&mut self) {
        self.key.zeroize();
        self.quantum_safe_key.zeroize();
    }
}

impl Drop for WrittenKey {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl Keys {
    pub(super) fn to_text(&self) -> Result<Zeroizing<String>, String> {
        let authority = self.authority.as_ref().map(|one| {
            let certificate = one.certificate_der().map_err(words)?;
            write_key(&one.key_der().map_err(words)?, &certificate)
        });
        let mut written = self.written_identity()?;
        written.storage_key = base64_of(self.storage.as_bytes());
        written.authority = authority.transpose()?;
        let body = Zeroizing::new(toml::to_string(&written).map_err(words)?);
        Ok(Zeroizing::new(format!(
            "# The private keys of this household. Who has this file can read all its shares: keep it, and keep it secret.\n{}",
            *body
        )))
    }

    pub(super) fn from_text(text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        let authority = written.authority.as_ref().map(|one| {
            let (key, certificate) = read_key(one)?;
            Authority::from_der(&key, &certificate).map_err(words)
        });
        let storage = parse_base64(&written.storage_key).and_then(|bytes| bytes.try_into().ok());
        let storage =
            StorageKey::from_bytes(storage.ok_or("storage_key is not 32 bytes of base64")?);
        Keys::of_written(&written, storage, authority.transpose()?)
    }

    /// The identity and what opens letters to it, as text for another box; nothing of what seals this album.
    pub fn identity_text(&self) -> Result<Zeroizing<String>, String> {
        let written = self.written_identity()?;
        toml::to_string(&written).map(Zeroizing::new).map_err(words)
    }

    /// These keys, with the identity of such a text in the place of theirs.
    pub fn with_identity_of(self, text: &str) -> Result<Self, String> {
        let written: Written = toml::from_str(text).map_err(|error| error.message().to_owned())?;
        Keys::of_written(&written, self.storage, self.authority)
    }

    fn written_identity(&self) -> Result<Written, String> {
        let pair = |key: &EncryptionKey| {
            let second = key.second_key_der().map_err(words)?;
            Ok(WrittenPair {
                key: key_pem(&key.key_der().map_err(words)?)?,
                quantum_safe_key: second.map(|der| private_pem(&der)),
                certificate: certificate_pem(key.certificate().der())?,
            })
        };
        let former =
            |one: &Identity| write_key(&one.key_der().map_err(words)?, one.certificate().der());
        let pairs: Result<_, String> = self.encryption.iter().map(pair).collect();
        Ok(Written {
            identity_key: key_pem(&self.identity.key_der().map_err(words)?)?,
            identity_certificate: certificate_pem(self.identity.certificate().der())?,
            storage_key: String::new(),
            encryption: pairs?,
            former: self.former.iter().map(former).collect::<Result<_, _>>()?,
            authority: None,
        })
    }

    fn of_written(
        written: &Written,
        storage: StorageKey,
        authority: Option<Authority>,
    ) -> Result<Self, String> {
        let certificate = certificate_der(&written.identity_certificate)?;
        let identity =
            Identity::from_der(&*key_der(&written.identity_key)?, &certificate).map_err(words)?;
        let former = written.former.iter().map(|one| {
            let (key, certificate) = read_key(one)?;
            Identity::from_der(&key, &certificate).map_err(words)
        });
        let former = former.collect::<Result<Vec<_>, String>>()?;
        let encryption = written.encryption.iter().map(|one| {
            let second = one.quantum_safe_key.as_deref().map(private_of_pem);
            let second = second.transpose()?;
            let (key, certificate) = (key_der(&one.key)?, certificate_der(&one.certificate)?);
            let of = |issuer: &Identity| {
                let second = second.as_ref().map(|der| der.as_slice());
                EncryptionKey::from_der(&key, second, &certificate, issuer.certificate())
            };
            let own = of(&identity).map_err(words);
            own.or_else(|error| former.iter().find_map(|one| of(one).ok()).ok_or(error))
        });
        let encryption = encryption.collect::<Result<Vec<_>, String>>()?;
        Ok(Keys {
            identity,
            encryption,
            former,
            storage,
            authority,
        })
    }
}

fn words(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn write_key(key: &[u8], certificate: &[u8]) -> Result<WrittenKey, String> {
    Ok(WrittenKey {
        key: key_pem(key)?,
        certificate: certificate_pem(certificate)?,
    })
}

fn read_key(written: &WrittenKey) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>), String> {
    Ok((
        key_der(&written.key)?,
        certificate_der(&written.certificate)?,
    ))
}

fn key_pem(der: &[u8]) -> Result<String, String> {
    let key = PKey::private_key_from_der(der).map_err(words)?;
    let pem = key.private_key_to_pem_pkcs8().map_err(words)?;
    String::from_utf8(pem).map_err(words)
}

fn key_der(pem: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let key = PKey::private_key_from_pem(pem.as_bytes()).map_err(words)?;
    key.private_key_to_pkcs8()
        .map(Zeroizing::new)
        .map_err(words)
}

fn certificate_pem(der: &[u8]) -> Result<String, String> {
    let certificate = X509::from_der(der).map_err(words)?;
    String::from_utf8(certificate.to_pem().map_err(words)?).map_err(words)
}

fn certificate_der(pem: &str) -> Result<Vec<u8>, String> {
    let certificate = X509::from_pem(pem.as_bytes()).map_err(words)?;
    certificate.to_der().map_err(words)
}

const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";

/// PEM of a private key that this OpenSSL does not know (RFC 7468 §10).
fn private_pem(der: &[u8]) -> String {
    let text = Zeroizing::new(base64_of(der));
    // In the size that it will have, so that no copy of the key stays where the text was.
    let mut pem = String::with_capacity(2 * text.len() + PEM_BEGIN.len() + PEM_END.len() + 3);
    pem += PEM_BEGIN;
    for at in (0..text.len()).step_by(64) {
        pem.push('\n');
        pem += &text[at..text.len().min(at + 64)];
    }
    pem.push('\n');
    pem += PEM_END;
    pem.push('\n');
    pem
}

fn private_of_pem(pem: &str) -> Result<Zeroizing<Vec<u8>>, String> {
    let body = pem.trim().strip_prefix(PEM_BEGIN);
    let body = body.and_then(|rest| rest.strip_suffix(PEM_END));
    let mut text = Zeroizing::new(String::with_capacity(pem.len()));
    text.extend(body.into_iter().flat_map(str::lines).map(str::trim));
    let der = parse_base64(&text).filter(|der| !der.is_empty());
    let der = der.ok_or("quantum_safe_key is not the PEM of a private key");
    der.map(Zeroizing::new).map_err(str::to_owned)
}
