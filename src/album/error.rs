//! What can go wrong while keeping.

use std::io;
use std::path::{Path, PathBuf};

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
    /// Written by a newer Hearthpost.
    #[error("the album was written by a newer Hearthpost (schema {0}); update this one")]
    Version(i64),
    /// The disk: full, gone, or not readable.
    #[error("{}: {cause}", path.display())]
    File {
        /// Which file or folder.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// SQLite: the disk, or our bug.
    #[error("the album database: {0}")]
    Database(#[from] rusqlite::Error),
    /// The key file is missing, open to others, or broken.
    #[error("key file {}: {cause}", path.display())]
    Keys {
        /// The key file.
        path: PathBuf,
        /// What is wrong, and the way out.
        cause: String,
    },
    /// Another run has the mailbox in hand.
    #[error(
        "another `hearthpost` is syncing this household; it is waited for with `sync --wait SECONDS`"
    )]
    Busy,
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
        move |cause| AlbumError::File {
            path: path.to_owned(),
            cause,
        }
    }
}
