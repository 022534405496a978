//! The key file: every private key of the household, mode 0600, as PEM in TOML.

mod text;

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use zeroize::Zeroizing;

use super::{AlbumError, blobs, lock};
use crate::disk::{self, Roomy};
use crate::encoding::Timestamp;
use crate::envelope::{
    Authority, Card, EncryptionCertificate, EncryptionKey, Fingerprint, Identity, StorageKey,
};

/// The private keys of this household.
pub struct Keys {
    /// Signs.
    pub identity: Identity,
    /// Open letters; the newest last. Those of former identities open what was sealed to them, and are told to nobody.
    pub encryption: Vec<EncryptionKey>,
    /// What this household was before, the newest last: they take back what they shared, and sign nothing else.
    pub former: Vec<Identity>,
    /// Seals own files at rest.
    pub storage: StorageKey,
    /// Vouches for the web interface, where one was made.
    pub authority: Option<Authority>,
}

/// The key file in the hand of who changes it: what another program of the house wrote into it is not lost.
pub struct KeyFile {
    folder: PathBuf,
    /// Freed on drop, and by the system when the process dies.
    _lock: File,
}

impl KeyFile {
    /// Takes it in hand; waits a moment for whoever has it.
    pub fn hold(folder: &Path) -> Result<Self, AlbumError> {
        Ok(KeyFile {
            folder: folder.to_owned(),
            _lock: lock::keys_in_hand(folder)?,
        })
    }

    /// What is in it now.
    pub fn read(&self) -> Result<Keys, AlbumError> {
        Keys::read(&self.folder)
    }

    /// Writes these keys in the place of those of the same household.
    pub fn replace(&self, keys: &Keys) -> Result<(), AlbumError> {
        keys.write(&self.folder, |temporary, path| fs::rename(temporary, path))
    }

    /// Takes an authority into it, in the place of one that was there. All else in it stays.
    pub fn adopt(&self, authority: Authority) -> Result<Keys, AlbumError> {
        let keys = Keys {
            authority: Some(authority),
            ..self.read()?
        };
        self.replace(&keys)?;
        Ok(keys)
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
            former: Vec::new(),
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
        let broken = |cause: String| AlbumError::BrokenKeys {
            path: path.clone(),
            cause,
        };
        let text = fs::read_to_string(&path).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => broken(error.to_string()),
            _ => fault(&error),
        })?;
        Keys::from_text(&Zeroizing::new(text)).map_err(broken)
    }

    /// The certificates that others are given.
    pub fn card(&self) -> Card {
        let identity = self.identity.certificate().clone();
        let own = |key: &EncryptionKey| {
            EncryptionCertificate::from_der(key.certificate().der(), &identity).ok()
        };
        Card {
            encryption: self.encryption.iter().filter_map(own).collect(),
            identity,
        }
    }

    /// The key whose certificate began last, of those that others are given.
    pub fn newest(&self) -> Option<&EncryptionKey> {
        let newest = self.card().newest()?.der().to_vec();
        let mut keys = self.encryption.iter();
        keys.find(|key| key.certificate().der() == newest)
    }

    /// Whether that is this household, now or before its identity was replaced.
    pub fn is_ours(&self, who: Fingerprint) -> bool {
        self.identity_of(who).is_some()
    }

    /// The identity of that name, now or before.
    pub fn identity_of(&self, who: Fingerprint) -> Option<&Identity> {
        let mut all = self.former.iter().chain([&self.identity]);
        all.find(|one| one.fingerprint() == who)
    }
}
