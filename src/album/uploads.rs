//! Files that come in by pieces, until they are items.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, parsed, time};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::Id;

/// A file that is coming in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// How it is called: chance, so that nobody guesses it.
    pub id: Id,
    /// Who of the house sends it.
    pub person: Option<StationName>,
    /// The file's name, cleaned.
    pub name: String,
    /// It becomes an item for that person alone.
    pub private: bool,
    /// Bytes of plaintext in all.
    pub size: u64,
    /// Bytes of plaintext that are sealed and on disk: whole parts, or all.
    pub received: u64,
    /// The sealed file.
    pub file: Id,
    /// When something came last.
    pub touched: Timestamp,
}

impl Upload {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let person: Option<String> = row.get("person")?;
        Ok(Upload {
            id: parsed(row, "id")?,
            person: person.map(|_| parsed(row, "person")).transpose()?,
            name: row.get("name")?,
            private: row.get("private")?,
            size: row.get("size")?,
            received: row.get("received")?,
            file: parsed(row, "file")?,
            touched: time(row, "touched")?,
        })
    }
}

impl Rows<'_> {
    /// One of them.
    pub fn upload(&self, id: Id) -> Result<Option<Upload>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM upload WHERE id = ?1")?;
        Ok(query
            .query_row([id.to_string()], Upload::from_row)
            .optional()?)
    }

    /// Those of a person.
    pub fn uploads(&self, person: Option<&StationName>) -> Result<Vec<Upload>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM upload WHERE person IS ?1 ORDER BY touched, id")?;
        let rows = query.query_map([person.map(StationName::as_str)], Upload::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Those of which nothing came since before `until`.
    pub fn uploads_untouched(&self, until: Timestamp) -> Result<Vec<Upload>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM upload WHERE touched <= ?1 ORDER BY touched, id")?;
        let rows = query.query_map([until.unix()], Upload::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Begins one.
    pub fn add_upload(&self, new: &Upload) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO upload (id, person, name, private, size, received, file, touched)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                new.id.to_string(),
                new.person.as_ref().map(StationName::as_str),
                new.name,
                new.private,
                new.size,
                new.received,
                new.file.to_string(),
                new.touched.unix(),
            ],
        )?;
        Ok(())
    }

    /// Notes how much of it is on disk; gives whether it is there still.
    pub fn advance_upload(
        &self,
        id: Id,
        received: u64,
        now: Timestamp,
    ) -> Result<bool, AlbumError> {
        let noted = self.0.execute(
            "UPDATE upload SET received = ?2, touched = ?3 WHERE id = ?1",
            params![id.to_string(), received, now.unix()],
        )?;
        Ok(noted > 0)
    }

    /// Notes for whom it is.
    pub fn set_upload_private(&self, id: Id, private: bool) -> Result<(), AlbumError> {
        let sql = "UPDATE upload SET private = ?2 WHERE id = ?1";
        self.0.execute(sql, params![id.to_string(), private])?;
        Ok(())
    }

    /// Forgets one; gives whether there was one.
    pub fn remove_upload(&self, id: Id) -> Result<bool, AlbumError> {
        let sql = "DELETE FROM upload WHERE id = ?1";
        Ok(self.0.execute(sql, [id.to_string()])? > 0)
    }

    /// Notes what became of one, and whether the item was there before; forgets those from before `until`.
    pub fn note_finished(
        &self,
        upload: &Upload,
        (item, known): (i64, bool),
        now: Timestamp,
        until: Timestamp,
    ) -> Result<(), AlbumError> {
        let sql = "DELETE FROM finished_upload WHERE at <= ?1";
        self.0.execute(sql, [until.unix()])?;
        self.0.execute(
            "INSERT INTO finished_upload (id, person, item, known, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                upload.id.to_string(),
                upload.person.as_ref().map(StationName::as_str),
                item,
                known,
                now.unix(),
            ],
        )?;
        Ok(())
    }

    /// What became of one: who sent it, the item's reference, and whether that was there before.
    pub fn finished(
        &self,
        id: Id,
    ) -> Result<Option<(Option<StationName>, String, bool)>, AlbumError> {
        let sql = "SELECT person, item.ref, known
            FROM finished_upload JOIN item ON item.id = finished_upload.item WHERE finished_upload.id = ?1";
        let mut query = self.0.prepare_cached(sql)?;
        let found = query.query_row([id.to_string()], |row| {
            let person = super::joinings::person(row)?;
            Ok((person, row.get("ref")?, row.get("known")?))
        });
        Ok(found.optional()?)
    }
}
