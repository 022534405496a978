//! A copy of the rows as they are at one moment, while the box goes on; and what must be changed in such a copy before
//! it takes the place of the album.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::{Album, AlbumError, PartFile, Rows, SCHEMA, SCHEMA_VERSION, as_sqlite_says, parsed};
use crate::disk;
use crate::envelope::{Digest, Fingerprint, Id};

/// A copy of the database; it is gone when this is dropped.
pub struct Snapshot {
    file: PartFile,
}

/// The blobs that rows name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Sealed parts, with their lengths.
    pub parts: Vec<(Digest, u64)>,
    /// Own files.
    pub files: Vec<Id>,
}

/// What rows name and the blob folders do not have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Missing {
    /// Sealed parts that are asked for again.
    pub parts: u64,
    /// Own items whose file is gone; they are forgotten.
    pub items: u64,
}

impl Album {
    /// Copies the rows into a file beside the blobs, as one moment shows them.
    pub fn snapshot(&self) -> Result<Snapshot, AlbumError> {
        let file = self.blobs.new_part()?;
        // The file is there, empty and private: SQLite fills it.
        let path = file.path().to_string_lossy().into_owned();
        let copied = disk::room()
            .map_err(|error| as_sqlite_says(&error))
            .and_then(|()| self.connection.execute("VACUUM INTO ?1", [path]));
        copied.map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => AlbumError::full(file.path()),
            _ => error.into(),
        })?;
        Ok(Snapshot { file })
    }
}

impl Snapshot {
    /// Where it lies.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// The blobs that its rows name.
    pub fn blobs(&self) -> Result<Named, AlbumError> {
        let copy = open_copy(self.path())?;
        let parts = copy
            .prepare("SELECT DISTINCT digest, len FROM part WHERE held = 1 ORDER BY digest")?
            .query_map([], |row| Ok((parsed(row, "digest")?, row.get("len")?)))?
            .collect::<Result<_, _>>()?;
        let files = copy
            .prepare("SELECT file FROM item ORDER BY id")?
            .query_map([], |row| parsed(row, "file"))?
            .collect::<Result<_, _>>()?;
        Ok(Named { parts, files })
    }
}

/// Looks through a copy of an album: whole, of a version that is known, and nothing in it that runs by itself but what
/// is our own, word for word. Says what is wrong with it.
pub fn check_copy(path: &Path) -> Result<(), String> {
    let words = |error: rusqlite::Error| error.to_string();
    let copy = open_copy(path).map_err(|error| error.to_string())?;
    let text = |sql: &str| copy.query_row(sql, [], |row| row.get::<_, String>(0));
    let number = |sql: &str| copy.query_row(sql, [], |row| row.get::<_, i64>(0));
    let said = text("PRAGMA integrity_check(1)").map_err(words)?;
    if said != "ok" {
        return Err(said);
    }
    let version = number("PRAGMA user_version").map_err(words)?;
    if version > SCHEMA_VERSION {
        return Err(AlbumError::Version(version).to_string());
    }
    if version < 1 {
        return Err("it is no album".to_owned());
    }
    let foreign = "SELECT count(*) FROM sqlite_schema WHERE type NOT IN ('table', 'index', 'trigger') OR sql LIKE '%VIRTUAL%'";
    let ours = Connection::open_in_memory().and_then(|ours| {
        ours.execute_batch(SCHEMA)?;
        triggers(&ours)
    });
    let ours = ours.map_err(words)?;
    if number(foreign).map_err(words)? > 0 || !triggers(&copy).map_err(words)?.is_subset(&ours) {
        return Err("it holds more than the tables of an album".to_owned());
    }
    let broken = number("SELECT count(*) FROM pragma_foreign_key_check").map_err(words)?;
    if broken > 0 {
        return Err(format!("{broken} of its rows point nowhere"));
    }
    Ok(())
}

/// Reads rows of an album without opening it: nothing in it is changed, not even to a newer version.
pub fn peek<T>(folder: &Path, read: impl FnOnce(Rows<'_>) -> T) -> Option<T> {
    // Not read-only: only who may write puts the log away again.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let rows = Connection::open_with_flags(folder.join("album.sqlite"), flags).ok()?;
    Some(read(Rows(&rows)))
}

/// What runs by itself: its name, its table and its words.
fn triggers(album: &Connection) -> rusqlite::Result<BTreeSet<(String, String, String)>> {
    let sql = "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger'";
    let mut query = album.prepare(sql)?;
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    rows.collect()
}

fn open_copy(path: &Path) -> Result<Connection, AlbumError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copy = Connection::open_with_flags(path, flags)?;
    copy.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
    Ok(copy)
}

impl Rows<'_> {
    /// Makes of an older state one from which it can go on (CASES O-24).
    ///
    /// The mailbox is read whole again: what was found in it is an older find, and all of it is idempotent. Notices that
    /// waited were sent long ago; letters and parts that waited may have been, and are folded by their digests. Parts and
    /// files that are not here are not held, so that they are asked for. Pictures of own items are made again, and what was
    /// coming in by pieces begins anew: neither is in a copy. In a store it begins under a name of its own, and leaves alone
    /// what the household had there that the copy is of.
    pub fn resume_from_copy(
        &self,
        me: Fingerprint,
        has_part: impl Fn(Digest) -> bool,
        has_file: impl Fn(Id) -> bool,
    ) -> Result<Missing, AlbumError> {
        self.0.execute_batch(
            "DELETE FROM verdict; DELETE FROM folder; DELETE FROM setting WHERE name LIKE 'unreadable %';
             DELETE FROM outbox_recipient WHERE message IN (SELECT id FROM outbox WHERE kind = 'notice');
             DELETE FROM outbox WHERE kind = 'notice'; DELETE FROM gathered; DELETE FROM knock;
             DELETE FROM own_picture; DELETE FROM upload; DELETE FROM setting WHERE name = 'store';
             UPDATE destination SET went = 2 WHERE went < 2 AND state NOT IN ('revoked', 'deleted');
             UPDATE by_way SET went = 1 WHERE went < 1 AND state NOT IN ('revoked', 'deleted');
             UPDATE relay_job SET went = 1;",
        )?;
        let mut missing = Missing::default();
        let held: Vec<Digest> = self
            .0
            .prepare("SELECT DISTINCT digest FROM part WHERE held = 1")?
            .query_map([], |row| parsed(row, "digest"))?
            .collect::<Result<_, _>>()?;
        for digest in held.into_iter().filter(|digest| !has_part(*digest)) {
            self.0.execute(
                "UPDATE part SET held = 0, opened = 0 WHERE digest = ?1",
                [digest.to_string()],
            )?;
            missing.parts += 1;
        }
        self.0.execute(
            "UPDATE share SET state = 'arriving' WHERE state = 'complete' AND origin <> ?1
             AND origin NOT IN (SELECT fingerprint FROM former_identity)
             AND EXISTS (SELECT 1 FROM part WHERE part.share = share.id AND wanted = 1 AND held = 0)",
            [me.to_string()],
        )?;
        let files: Vec<(i64, Id)> = self
            .0
            .prepare("SELECT id, file FROM item")?
            .query_map([], |row| Ok((row.get("id")?, parsed(row, "file")?)))?
            .collect::<Result<_, _>>()?;
        for (item, _) in files.into_iter().filter(|(_, file)| !has_file(*file)) {
            self.remove_item(item)?;
            missing.items += 1;
        }
        Ok(missing)
    }
}
