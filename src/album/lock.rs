//! Who may do what at the same time: one run submits and polls for a household; an album that is open anywhere is not
//! replaced.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::{Album, AlbumError};

/// Held while a run has the mailbox in hand; freed on drop, and by the system when the process dies.
pub struct SyncLock(#[expect(dead_code, reason = "holds the lock until it is dropped")] File);

/// Held by every open album, and by who replaces its folder.
pub struct InUse(#[expect(dead_code, reason = "holds the lock until it is dropped")] File);

impl Album {
    /// Takes the lock, or says that another run has it.
    pub fn try_lock(&self) -> Result<SyncLock, AlbumError> {
        let path = self.folder().join("sync.lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(AlbumError::file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(SyncLock(file)),
            Err(TryLockError::WouldBlock) => Err(AlbumError::Busy),
            Err(TryLockError::Error(cause)) => Err(AlbumError::File { path, cause }),
        }
    }

    /// Takes a data folder for its replacement: nobody has the album open, and nobody opens it until this is dropped.
    pub fn seize(folder: &Path) -> Result<InUse, AlbumError> {
        take(folder, File::try_lock, AlbumError::InUse)
    }
}

/// An open album says so.
pub(super) fn in_use(folder: &Path) -> Result<InUse, AlbumError> {
    take(folder, File::try_lock_shared, AlbumError::Replaced)
}

fn take(
    folder: &Path,
    lock: impl Fn(&File) -> Result<(), TryLockError>,
    taken: AlbumError,
) -> Result<InUse, AlbumError> {
    let path = folder.join("in-use.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(AlbumError::file(&path))?;
    match lock(&file) {
        Ok(()) => Ok(InUse(file)),
        Err(TryLockError::WouldBlock) => Err(taken),
        Err(TryLockError::Error(cause)) => Err(AlbumError::File { path, cause }),
    }
}
