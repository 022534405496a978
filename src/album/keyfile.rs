//! The key file: every private key of the household, mode 0600, as PEM in TOML.

use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use openssl::pkey::PKey;
use openssl::x509::X509;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{AlbumError, blobs};
use crate::disk::{self, Roomy};
use crate::encoding::{Timestamp, base64_of, parse_base64};
use crate::envelope::{Authority, Card, EncryptionKey, Identity, StorageKey};

/// The private keys of this household.
pub struct Keys {
    /// Signs.
    pub identity: Identity,
    /// Open letters; the newest last.
    pub encryption: Vec<EncryptionKey>,
    /// Seals own files at rest.
    pub storage: StorageKey,
    /// Vouches for the web interface, where one was made.
    pub authority: Option<Authority>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    identity_key: String,
    identity_certificate: String,
    storage_key: String,
    encryption: Vec<WrittenPair>,
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
    /// New keys for a household.
    pub fn generate(
        name: &str,
        mailbox: &crate::address::Mailbox,
        now: Timestamp,
    ) -> Result<Self, crate::envelope::EnvelopeError> {
        let identity = Identity::generate(name, mailbox, now)?;
        let encryption = identity.issue_encryption_key(now)?;
        Ok(Keys {
            identity,
            encryption: vec![encryption],
            storage: StorageKey::random(),
            authority: None,
        })
    }

    /// Where the key file of a data folder lies.
    pub fn path(folder: &Path) -> PathBuf {
        folder.join("keys.toml")
    }

    /// Tells one writing of the key file from another; `None`: there is none.
    pub fn stamp(folder: &Path) -> Option<(SystemTime, u64)> {
        let about = fs::metadata(Keys::path(folder)).ok()?;
        Some((about.modified().ok()?, about.ino()))
    }

    /// Writes a new key file. One that exists is never overwritten.
    pub fn write_new(&self, folder: &Path) -> Result<(), AlbumError> {
        // A hard link fails where the name exists, unlike a rename: keys are never replaced.
        self.write(folder, |temporary, path| fs::hard_link(temporary, path))
    }

    /// Takes an authority into the key file, in the place of one that was there. All else in it stays.
    pub fn adopt(folder: &Path, authority: Authority) -> Result<Self, AlbumError> {
        let keys = Keys {
            authority: Some(authority),
            ..Keys::read(folder)?
        };
        keys.replace(folder)?;
        Ok(keys)
    }

    /// Writes these keys in the place of those of the same identity.
    pub fn replace(&self, folder: &Path) -> Result<(), AlbumError> {
        self.write(folder, |temporary, path| fs::rename(temporary, path))
    }

    /// Whole, or not at all: `name` gives the written file its name.
    fn write(
        &self,
        folder: &Path,
        name: impl Fn(&Path, &Path) -> io::Result<()>,
    ) -> Result<(), AlbumError> {
        let path = Keys::path(folder);
        let fault = |error: &dyn std::fmt::Display| AlbumError::Keys {
            path: path.clone(),
            cause: error.to_string(),
        };
        let full_or = |error: io::Error| match disk::is_full(&error) {
            true => AlbumError::full(&path),
            false => fault(&error),
        };
        let text = self.to_text().map_err(|error| fault(&error))?;
        blobs::private_dir(folder).map_err(full_or)?;
        let temporary = path.with_extension("new");
        // Left from a run that died before it had its name; it was never in use.
        let _ = fs::remove_file(&temporary);
        let write = || {
            let mut file = Roomy(blobs::private_file(&temporary)?);
            file.write_all(text.as_bytes())?;
            disk::room()?;
            file.0.sync_all()?;
            disk::room()?;
            name(&temporary, &path)
        };
        let written = write();
        let _ = fs::remove_file(&temporary);
        written.map_err(full_or)?;
        blobs::sync_dir(folder).map_err(full_or)
    }

    /// Reads the key file. It must be a file that only its owner can read.
    pub fn read(folder: &Path) -> Result<Self, AlbumError> {
        let path = Keys::path(folder);
        let fault = |error: &dyn std::fmt::Display| AlbumError::Keys {
            path: path.clone(),
            cause: error.to_string(),
        };
        let mode = fs::metadata(&path)
            .map_err(|error| fault(&error))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            return Err(fault(&format!(
                "others may read it (mode {:03o}); run `chmod 600` on it",
                mode & 0o777
            )));
        }
        let text = Zeroizing::new(fs::read_to_string(&path).map_err(|error| fault(&error))?);
        let written: Written = toml::from_str(&text).map_err(|error| fault(&error.message()))?;
        Keys::from_written(&written).map_err(|error| fault(&error))
    }

    /// The certificates that others are given.
    pub fn card(&self) -> Card {
        Card {
            identity: self.identity.certificate().clone(),
            encryption: self
                .encryption
                .iter()
                .map(|key| key.certificate().clone())
                .collect(),
        }
    }

    fn to_text(&self) -> Result<Zeroizing<String>, String> {
        let words = |error: &dyn std::fmt::Display| error.to_string();
        let key_pem = |der: &[u8]| -> Result<String, String> {
            let key = PKey::private_key_from_der(der).map_err(|e| words(&e))?;
            let pem = key.private_key_to_pem_pkcs8().map_err(|e| words(&e))?;
            String::from_utf8(pem).map_err(|e| words(&e))
        };
        let certificate_pem = |der: &[u8]| -> Result<String, String> {
            let pem = X509::from_der(der)
                .and_then(|c| c.to_pem())
                .map_err(|e| words(&e))?;
            String::from_utf8(pem).map_err(|e| words(&e))
        };
        let written = Written {
            identity_key: key_pem(&self.identity.key_der().map_err(|e| words(&e))?)?,
            identity_certificate: certificate_pem(self.identity.certificate().der())?,
            storage_key: base64_of(self.storage.as_bytes()),
            encryption: self
                .encryption
                .iter()
                .map(|key| {
                    let second = key.second_key_der().map_err(|e| words(&e))?;
                    Ok(WrittenPair {
                        key: key_pem(&key.key_der().map_err(|e| words(&e))?)?,
                        quantum_safe_key: second.map(|der| private_pem(&der)),
                        certificate: certificate_pem(key.certificate().der())?,
                    })
                })
                .collect::<Result<_, String>>()?,
            authority: self
                .authority
                .as_ref()
                .map(|one| -> Result<_, String> {
                    Ok(WrittenKey {
                        key: key_pem(&one.key_der().map_err(|e| words(&e))?)?,
                        certificate: certificate_pem(
                            &one.certificate_der().map_err(|e| words(&e))?,
                        )?,
                    })
                })
                .transpose()?,
        };
        let body = Zeroizing::new(toml::to_string(&written).map_err(|e| words(&e))?);
        Ok(Zeroizing::new(format!(
            "# The private keys of this household. Who has this file can read all its shares: keep it, and keep it secret.\n{}",
            *body
        )))
    }

    fn from_written(written: &Written) -> Result<Self, String> {
        let words = |error: &dyn std::fmt::Display| error.to_string();
        let key = |pem: &str| -> Result<Zeroizing<Vec<u8>>, String> {
            let key = PKey::private_key_from_pem(pem.as_bytes()).map_err(|e| words(&e))?;
            key.private_key_to_pkcs8()
                .map(Zeroizing::new)
                .map_err(|e| words(&e))
        };
        let certificate = |pem: &str| -> Result<Vec<u8>, String> {
            X509::from_pem(pem.as_bytes())
                .and_then(|c| c.to_der())
                .map_err(|e| words(&e))
        };
        let identity = Identity::from_der(
            &key(&written.identity_key)?,
            &certificate(&written.identity_certificate)?,
        )
        .map_err(|e| words(&e))?;
        let encryption = written
            .encryption
            .iter()
            .map(|one| {
                let second = one.quantum_safe_key.as_deref().map(private_of_pem);
                let second = second.transpose()?;
                EncryptionKey::from_der(
                    &key(&one.key)?,
                    second.as_ref().map(|der| der.as_slice()),
                    &certificate(&one.certificate)?,
                    identity.certificate(),
                )
                .map_err(|e| words(&e))
            })
            .collect::<Result<Vec<_>, String>>()?;
        let authority = written.authority.as_ref().map(|one| {
            Authority::from_der(&key(&one.key)?, &certificate(&one.certificate)?)
                .map_err(|e| words(&e))
        });
        let storage = parse_base64(&written.storage_key).and_then(|bytes| bytes.try_into().ok());
        Ok(Keys {
            identity,
            encryption,
            storage: StorageKey::from_bytes(
                storage.ok_or("storage_key is not 32 bytes of base64")?,
            ),
            authority: authority.transpose()?,
        })
    }
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
