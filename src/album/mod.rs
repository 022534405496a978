//! The album of one home server: one SQLite file, one folder of sealed blobs, one key file.
//!
//! It keeps and finds; it decides nothing. Times come from the caller. Every change that must not be half done happens
//! in one [`Album::commit`]: blobs are on disk before the rows that name them are.

mod accounts;
mod announced;
mod asked_once;
mod awaited;
mod bell;
mod blobs;
mod bucket;
mod by_way;
mod card_begun;
mod card_files;
mod card_requests;
mod certificate;
mod chosen;
mod claims;
mod collections;
mod contacts;
mod ders;
mod destinations;
mod directory;
mod error;
mod find;
mod former;
mod given_by;
mod holdings;
mod identities;
mod in_bucket;
mod introduced;
mod invitations;
mod items;
mod joinings;
mod kept;
mod keyfile;
mod knock;
mod lamp;
mod late_words;
mod local;
mod lock;
mod look;
mod made;
mod mail;
mod outbox;
mod parts;
mod people;
mod pictures;
mod readdressed;
mod reading;
mod recalls;
mod redated;
mod relays;
mod requests;
mod returned;
mod search;
mod selections;
mod sent;
mod settings;
mod shared_by;
mod shares;
mod snapshot;
mod sweep;
mod tokens;
mod unconfirmed;
mod uploads;
mod usage;
mod watched;
mod went;
mod writing;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, Transaction, ffi};

use crate::disk;

pub use accounts::{Account, SessionRow, Welcome};
pub use announced::Announced;
pub use asked_once::AskedOnce;
pub use awaited::Awaited;
pub use bell::{Bell, ring};
pub use blobs::{Blobs, file_name, part_name};
pub use bucket::{AskSecret, Asking, BucketPlace, Trouble};
pub use by_way::ByWay;
pub use card_begun::CardBegun;
pub use card_files::CardFile;
pub use card_requests::CardRequested;
pub use certificate::{
    authority_certificate, own_certificate, read_certificate, write_certificate,
};
pub use claims::ClaimedBy;
pub use collections::Collection;
pub use contacts::{Contact, Trust};
pub use destinations::{Destination, DestinationState};
pub use error::AlbumError;
pub use find::{Dated, Filter};
pub use given_by::GivenBy;
pub use holdings::{Holding, HoldingState, NewHolding};
pub use in_bucket::Sealed;
pub use invitations::{InvitationRow, News};
pub use items::{NewItem, OwnItem};
pub use joinings::{Joining, JoiningState};
pub use keyfile::{KeyFile, Keys};
pub use knock::KnockKind;
pub use lamp::{Lamp, Lit};
pub use late_words::LateWord;
pub use local::LocalGrant;
pub use lock::{InUse, SyncLock};
pub use made::Made;
pub use mail::{FolderState, TO_ANSWER, Verdict, VerdictRow};
pub use outbox::{Answer, OutboxMessage, OutboxRecipient, QueuedBody, Reason};
pub use parts::{PART_ROW, PartRow};
pub use people::{Person, WhenTold};
pub use pictures::{OwnPictures, Stored};
pub use reading::{FileReader, PartReader};
pub use recalls::{CopyState, OnwardCopy, Recall};
pub use relays::{RelayJob, RelayState, RelayStop};
pub use requests::{Request, RequestState};
pub use returned::Returned;
pub use search::Search;
pub use selections::SelectionRow;
pub use shared_by::SharedBy;
pub use shares::{NewShare, Share, ShareItem, ShareState};
pub use snapshot::{Missing, Named, Snapshot, check_copy, peek};
pub use sweep::Unfinished;
pub use tokens::TokenRow;
pub use uploads::Upload;
pub use watched::{Watched, WatchedVoice, WatchedWay};
pub use went::{Mark, Went};
pub use writing::{GrowingFile, NewFile, PartFile};

/// The version of the schema, in SQLite's `user_version`.
const SCHEMA_VERSION: i64 = 13;
/// The tables of a new album.
const SCHEMA: &str = include_str!("schema.sql");
/// More than a commit takes that follows on a mail going out or coming in, in bytes.
const TO_NOTE: u64 = 1024 * 1024;
/// What is written to see whether that is so, in bytes: more than the note of one message with all its recipients.
const TRY: usize = 128 * 1024;
/// The setting that it is.
const TRIED: &str = "tried";
/// What brings an older album to the next version, from version 1 on.
const UPGRADES: [&str; 12] = [
    include_str!("upgrade_2.sql"),
    include_str!("upgrade_3.sql"),
    include_str!("upgrade_4.sql"),
    include_str!("upgrade_5.sql"),
    include_str!("upgrade_6.sql"),
    include_str!("upgrade_7.sql"),
    include_str!("upgrade_8.sql"),
    include_str!("upgrade_9.sql"),
    include_str!("upgrade_10.sql"),
    include_str!("upgrade_11.sql"),
    include_str!("upgrade_12.sql"),
    include_str!("upgrade_13.sql"),
];

/// An open album.
pub struct Album {
    folder: PathBuf,
    connection: Connection,
    blobs: Blobs,
    /// So that nobody puts another album in its place meanwhile.
    _in_use: InUse,
}

/// How long is waited for another program that writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// By whom nobody else waits for.
    Long,
    /// By whom others wait for.
    Short,
}

impl Patience {
    fn time(self) -> Duration {
        Duration::from_secs(match self {
            Patience::Long => 30,
            Patience::Short => 5,
        })
    }
}

/// A view of the rows, inside or outside a transaction. All queries are methods of it.
#[derive(Clone, Copy)]
pub struct Rows<'c>(&'c Connection);

impl Rows<'_> {
    /// SQLite's `data_version`: another one when another connection changed something.
    pub fn changes(&self) -> Result<i64, AlbumError> {
        Ok(self
            .0
            .query_row("PRAGMA data_version", [], |row| row.get(0))?)
    }
}

impl Album {
    /// Creates the folder, the database and the blob folder where they are missing, and opens them.
    pub fn create(folder: &Path) -> Result<Self, AlbumError> {
        let make = |path: &Path| blobs::private_dir(path).map_err(AlbumError::file(path));
        make(folder)?;
        let database = folder.join("album.sqlite");
        if !database.exists() {
            blobs::private_file(&database).map_err(AlbumError::file(&database))?;
        }
        Album::connect(folder)
    }

    /// Opens an album that exists.
    pub fn open(folder: &Path) -> Result<Self, AlbumError> {
        let database = folder.join("album.sqlite");
        if !database.exists() {
            return Err(AlbumError::Open {
                path: database,
                cause: "there is no such file".to_owned(),
            });
        }
        if is_empty(&database) && is_empty(&folder.join("album.sqlite-wal")) {
            // SQLite would begin a new one there.
            return Err(AlbumError::Damaged {
                path: database,
                cause: "the file is empty".to_owned(),
            });
        }
        Album::connect(folder)
    }

    fn connect(folder: &Path) -> Result<Self, AlbumError> {
        let database = folder.join("album.sqlite");
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let in_use = lock::in_use(folder)?;
        let connection =
            Connection::open_with_flags(&database, flags).map_err(|error| AlbumError::Open {
                path: database.clone(),
                cause: error.to_string(),
            })?;
        let fault = AlbumError::opening(&database);
        connection.busy_timeout(Patience::Long.time())?;
        // FULL: a commit is on disk before mail is removed. secure_delete: what ends leaves no trace in the file.
        let modes = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF;";
        connection.execute_batch(modes).map_err(&fault)?;
        bring_up_to_date(&connection).map_err(|error| match error {
            AlbumError::Database(error) => fault(error),
            other => other,
        })?;
        connection.execute_batch("PRAGMA foreign_keys = ON;")?;
        Ok(Album {
            blobs: Blobs::open(folder)?,
            folder: folder.to_owned(),
            connection,
            _in_use: in_use,
        })
    }

    /// Whether somebody else writes just now, so that who wants to write would wait.
    pub fn is_held(&self) -> bool {
        let immediate = rusqlite::TransactionBehavior::Immediate;
        // What cannot be set is as it was, and the wait is longer than it should be.
        let _ = self.connection.busy_timeout(Duration::ZERO);
        let begun = Transaction::new_unchecked(&self.connection, immediate);
        let held = begun.is_err_and(|error| matches!(error.into(), AlbumError::Held));
        self.wait_for_others(Patience::Long);
        held
    }

    /// From now on it is waited for others as long as that.
    pub fn wait_for_others(&self, patience: Patience) {
        // As above.
        let _ = self.connection.busy_timeout(patience.time());
    }

    /// Reads outside a transaction.
    pub fn rows(&self) -> Rows<'_> {
        Rows(&self.connection)
    }

    /// While it is held, all that is read is of one moment, and no lock is taken for each query.
    pub fn moment(&self) -> Result<Moment<'_>, AlbumError> {
        Ok(Moment(self.connection.unchecked_transaction()?))
    }

    /// Does all of `change` or nothing of it. Returns when it is on disk.
    pub fn commit<T, E: From<AlbumError>>(
        &mut self,
        change: impl FnOnce(Rows<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let lift = |error: rusqlite::Error| E::from(AlbumError::from(error));
        let connection = &mut self.connection;
        let commit = || {
            let immediate = rusqlite::TransactionBehavior::Immediate;
            let transaction = Transaction::new(connection, immediate).map_err(lift)?;
            let done = change(Rows(&transaction))?;
            disk::room().map_err(|error| lift(as_sqlite_says(&error)))?;
            transaction.commit().map_err(lift)?;
            Ok(done)
        };
        self.blobs.noting(commit())
    }

    /// The sealed blobs.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The folder in which all of it lies.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Fails where there is no room on the disk for so many bytes and for a note of what is about to be done, which would
    /// be done again and again.
    pub fn room_for(&self, bytes: u64) -> Result<(), AlbumError> {
        match disk::free(&self.folder) {
            Ok(free) if free < bytes.saturating_add(TO_NOTE) => Err(AlbumError::full(&self.folder)),
            // Where it cannot be told, it is found out.
            _ => Ok(()),
        }
    }

    /// Fails where the rows cannot grow by what a note of a deed takes, before that is done: what a user may have of a disk
    /// is found out by trying alone. What was tried leaves its room to the note, also where there is no more than that.
    pub fn try_to_write(&mut self) -> Result<(), AlbumError> {
        self.commit(|rows| {
            let was = rows.setting(TRIED)?.unwrap_or_default();
            let other = if was.starts_with('a') { "b" } else { "a" };
            rows.set_setting(TRIED, &other.repeat(TRY))
        })?;
        // The log begins anew in the room that it has. While somebody reads it goes on behind, which does no harm.
        self.connection
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
        Ok(())
    }

    /// Empties the write-ahead log, so that nothing deleted stays readable in it.
    pub fn truncate_log(&self) -> Result<(), AlbumError> {
        disk::room().map_err(|error| as_sqlite_says(&error))?;
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(())
    }
}

/// One moment of the rows. Nothing is changed in it.
pub struct Moment<'a>(#[expect(dead_code, reason = "it is held")] Transaction<'a>);

/// What SQLite makes of a write that failed.
fn as_sqlite_says(error: &io::Error) -> rusqlite::Error {
    let code = match error.kind() {
        io::ErrorKind::StorageFull => ffi::SQLITE_FULL,
        _ => ffi::SQLITE_IOERR_WRITE,
    };
    rusqlite::Error::SqliteFailure(ffi::Error::new(code), None)
}

/// Whether nothing lies there.
fn is_empty(file: &Path) -> bool {
    std::fs::metadata(file).map_or(true, |about| about.len() == 0)
}

/// Makes the tables of a new album, or brings those of an older version to this one; one process does it.
fn bring_up_to_date(connection: &Connection) -> Result<(), AlbumError> {
    let version = || connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i64>(0));
    if version()? == SCHEMA_VERSION {
        return Ok(());
    }
    disk::room().map_err(|error| as_sqlite_says(&error))?;
    connection.execute_batch("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE;")?;
    let steps = match version()? {
        0 => vec![SCHEMA],
        old @ 1..=SCHEMA_VERSION => UPGRADES[old as usize - 1..].to_vec(),
        newer => return Err(AlbumError::Version(newer)),
    };
    for step in steps {
        connection.execute_batch(step)?;
    }
    Rows(connection).write_words()?;
    connection.execute_batch(&format!("PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"))?;
    Ok(())
}

/// Reads a column that holds the text form of a value.
fn parsed<T: std::str::FromStr>(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    text.parse().map_err(|_| {
        rusqlite::Error::InvalidColumnType(0, column.to_owned(), rusqlite::types::Type::Text)
    })
}

/// Reads a column that holds seconds.
fn time(row: &rusqlite::Row<'_>, column: &str) -> rusqlite::Result<crate::encoding::Timestamp> {
    row.get(column).map(crate::encoding::Timestamp::from_unix)
}

/// Reads a column that holds one of an enum's names.
fn named<T>(
    row: &rusqlite::Row<'_>,
    column: &str,
    find: impl Fn(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    find(&text).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(0, column.to_owned(), rusqlite::types::Type::Text)
    })
}

/// Reads the column `rules`: JSON of PROTOCOL 5.
fn rules(row: &rusqlite::Row<'_>) -> rusqlite::Result<crate::rules::Rules> {
    let text: String = row.get("rules")?;
    serde_json::from_str(&text).map_err(|_| {
        rusqlite::Error::InvalidColumnType(0, "rules".to_owned(), rusqlite::types::Type::Text)
    })
}

/// Rules as they stand in that column.
fn written(rules: &crate::rules::Rules) -> String {
    serde_json::to_string(rules).expect("rules have only string keys")
}
