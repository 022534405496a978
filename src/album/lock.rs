//! Who may do what at the same time: one run submits and polls for a household; one program changes the key file; an album
//! that is open anywhere is not replaced.

use std::fs::{File, OpenOptions, TryLockError};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use super::{Album, AlbumError};
use crate::disk;

/// Beside the album, as all of these.
const SYNC: &str = "sync.lock";
const IN_USE: &str = "in-use.lock";
/// The key file is in hand for moments alone, so that it is tried so often.
const TRIES: usize = 100;
const PAUSE: Duration = Duration::from_millis(50);
/// What this program let go of, a program that it has just started holds still, for the moment until that one begins.
const BRIEF_TRIES: usize = 40;
const BRIEF_PAUSE: Duration = Duration::from_millis(5);

/// Held while a run has the mailbox in hand; freed on drop, and by the system when the process dies.
pub struct SyncLock(#[expect(dead_code, reason = "holds the lock until it is dropped")] File);

/// Held by every open album, and by who replaces its folder.
pub struct InUse(#[expect(dead_code, reason = "holds the lock until it is dropped")] File);

impl Album {
    /// Takes the lock, or says that another run has it.
    pub fn try_lock(&self) -> Result<SyncLock, AlbumError> {
        take(self.folder(), SYNC, briefly, AlbumError::Busy).map(SyncLock)
    }

    /// As [`Album::try_lock`], where others are served meanwhile.
    pub async fn try_lock_aside(&self) -> Result<SyncLock, AlbumError> {
        for _ in 1..BRIEF_TRIES {
            match take(self.folder(), SYNC, File::try_lock, AlbumError::Busy) {
                Err(AlbumError::Busy) => tokio::time::sleep(BRIEF_PAUSE).await,
                done => return done.map(SyncLock),
            }
        }
        take(self.folder(), SYNC, File::try_lock, AlbumError::Busy).map(SyncLock)
    }

    /// Takes a data folder for its replacement: nobody has the album open, and nobody opens it until this is dropped.
    pub fn seize(folder: &Path) -> Result<InUse, AlbumError> {
        take(folder, IN_USE, briefly, AlbumError::InUse).map(InUse)
    }
}

/// An open album says so.
pub(super) fn in_use(folder: &Path) -> Result<InUse, AlbumError> {
    take(folder, IN_USE, File::try_lock_shared, AlbumError::Replaced).map(InUse)
}

/// The key file is changed by whoever holds this, from before it is read until it is written.
pub(super) fn keys_in_hand(folder: &Path) -> Result<File, AlbumError> {
    take(folder, "keys.lock", patiently, AlbumError::KeysInHand)
}

fn patiently(file: &File) -> Result<(), TryLockError> {
    trying(file, TRIES, PAUSE)
}

pub(super) fn briefly(file: &File) -> Result<(), TryLockError> {
    trying(file, BRIEF_TRIES, BRIEF_PAUSE)
}

fn trying(file: &File, tries: usize, pause: Duration) -> Result<(), TryLockError> {
    for _ in 1..tries {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => sleep(pause),
            done => return done,
        }
    }
    file.try_lock()
}

fn take(
    folder: &Path,
    name: &str,
    lock: impl Fn(&File) -> Result<(), TryLockError>,
    taken: AlbumError,
) -> Result<File, AlbumError> {
    let path = folder.join(name);
    if !path.exists() {
        disk::room().map_err(AlbumError::file(&path))?;
    }
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(AlbumError::file(&path))?;
    match lock(&file) {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(taken),
        Err(TryLockError::Error(cause)) => Err(AlbumError::File { path, cause }),
    }
}
