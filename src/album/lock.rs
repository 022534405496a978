//! One run at a time may submit and poll for a household.

use std::fs::{File, OpenOptions, TryLockError};

use super::{Album, AlbumError};

/// Held while a run has the mailbox in hand; freed on drop, and by the system when the process dies.
pub struct SyncLock(#[expect(dead_code, reason = "holds the lock until it is dropped")] File);

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
}
