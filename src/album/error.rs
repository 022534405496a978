//! What can go wrong while keeping.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};

use super::bucket::{Bucket, Trouble};
use crate::disk;

/// An album error: whose fault it is decides the variant.
#[derive(Debug, thiserror::Error)]
pub enum AlbumError {
    /// There is no album, or it cannot be opened.
    #[error("cannot open the album {}: {cause}; run `hearthpost init` first, or check who may read it", path.display())]
    Open {
        /// The database.
        path: PathBuf,
        /// Why.
        cause: String,
    },
    /// What lies there is no album any more.
    #[error("the album {} is damaged: {cause}", path.display())]
    Damaged {
        /// The database.
        path: PathBuf,
        /// What SQLite says.
        cause: String,
    },
    /// Written by a newer Hearthpost.
    #[error("the album was written by a newer Hearthpost (schema {0}); update this one")]
    Version(i64),
    /// No more fits on the disk.
    #[error("the disk is full: {what} cannot be written")]
    Full {
        /// Which file or folder.
        what: String,
    },
    /// SQLite could not write and does not say why: only a disk that is full has a word of its own there, and a user's
    /// part of it has none.
    #[error(
        "the album (album.sqlite in the data folder) cannot be written ({0}): the quota of this user on that disk is \
         used up, or the disk fails"
    )]
    Unwritten(rusqlite::Error),
    /// The disk: gone, or not readable.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// The store of sealed bytes does not do it, or cannot be reached.
    #[error("the store {place}: {trouble}")]
    Store {
        /// Which one.
        place: String,
        /// Why.
        trouble: Trouble,
    },
    /// The sealed bytes lie in a store, and the settings name none.
    #[error("the sealed pictures of this household lie in a store, and the settings name none")]
    NoStore,
    /// Another program writes to it, and did not let go for as long as was waited.
    #[error(
        "another program holds the album (album.sqlite in the data folder) and does not let go; try again when it is done"
    )]
    Held,
    /// SQLite: the disk, or our bug.
    #[error("the album database: {0}")]
    Database(rusqlite::Error),
    /// The key file is missing, open to others, or broken.
    #[error("key file {}: {cause}", path.display())]
    Keys {
        /// The key file.
        path: PathBuf,
        /// What is wrong, and the way out.
        cause: String,
    },
    /// The key file is there, and what stands in it are no keys.
    #[error("the key file {} is damaged: {cause}", path.display())]
    BrokenKeys {
        /// The key file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// Another run has the mailbox in hand.
    #[error(
        "another `hearthpost` is syncing this household; it is waited for with `sync --wait SECONDS`"
    )]
    Busy,
    /// Another run changes the key file.
    #[error("another program is writing the key file of this household; try again in a moment")]
    KeysInHand,
    /// Somebody else writes to the same file that comes in by pieces.
    #[error("another piece of this file is being taken in; send one after the other")]
    InHand,
    /// Another run reads a memory card.
    #[error("a memory card is being read already; this one has its turn after it")]
    CardInHand,
    /// Somebody has the album open that is to be replaced.
    #[error(
        "the album is in use; stop `hearthpost serve` and whatever else runs for this household, then try again"
    )]
    InUse,
    /// The album is being replaced by a backup.
    #[error("a backup is being restored here; try again when it is done")]
    Replaced,
}

impl AlbumError {
    pub(super) fn file(path: &Path) -> impl Fn(io::Error) -> AlbumError + '_ {
        move |cause| match disk::is_full(&cause) {
            true => AlbumError::full(path),
            false => AlbumError::File {
                path: path.to_owned(),
                cause,
            },
        }
    }

    pub(super) fn store(bucket: &Bucket, trouble: Trouble) -> AlbumError {
        AlbumError::Store {
            place: bucket.shown().to_owned(),
            trouble,
        }
    }

    /// What SQLite says of the database at `path` as it is opened.
    pub(super) fn opening(path: &Path) -> impl Fn(rusqlite::Error) -> AlbumError + '_ {
        move |error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => AlbumError::Damaged {
                path: path.to_owned(),
                cause: error.to_string(),
            },
            _ => error.into(),
        }
    }

    pub(super) fn full(path: &Path) -> AlbumError {
        AlbumError::Full {
            what: path.display().to_string(),
        }
    }
}

impl From<rusqlite::Error> for AlbumError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error() {
            Some(cause) if is_full(cause) => AlbumError::Full {
                what: "the album (album.sqlite in the data folder)".to_owned(),
            },
            Some(cause) if is_unwritten(cause) => AlbumError::Unwritten(error),
            Some(cause) if cause.code == ErrorCode::DatabaseBusy => AlbumError::Held,
            _ => AlbumError::Database(error),
        }
    }
}

/// Whether SQLite says that no more fits; its shared index has a word of its own for it.
fn is_full(cause: &ffi::Error) -> bool {
    cause.code == ErrorCode::DiskFull || cause.extended_code == ffi::SQLITE_IOERR_SHMSIZE
}

/// Whether a write failed otherwise. What was written fits or does not as late as when the disk is told to keep it.
fn is_unwritten(cause: &ffi::Error) -> bool {
    matches!(
        cause.extended_code,
        ffi::SQLITE_IOERR_WRITE
            | ffi::SQLITE_IOERR_FSYNC
            | ffi::SQLITE_IOERR_DIR_FSYNC
            | ffi::SQLITE_IOERR_TRUNCATE
            | ffi::SQLITE_IOERR_CLOSE
    )
}
