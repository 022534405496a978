//! This household's own items.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, named, parsed, time};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Id};
use crate::rules::Kind;

/// An own item.
#[derive(Debug, Clone)]
pub struct OwnItem {
    /// Row id.
    pub id: i64,
    /// What people type.
    pub reference: String,
    /// Its sealed file.
    pub file: Id,
    /// Of the plaintext.
    pub sha256: Digest,
    /// Bytes of plaintext.
    pub size: u64,
    /// What it is.
    pub kind: Kind,
    /// The file's name.
    pub name: String,
    /// What people wrote to it; may be empty.
    pub caption: String,
    /// By our own look at the first bytes.
    pub media_type: String,
    /// Local time, with offset only where known.
    pub taken: Option<String>,
    /// Pixels as seen.
    pub width: Option<u32>,
    /// Pixels as seen.
    pub height: Option<u32>,
    /// When it was imported.
    pub added: Timestamp,
    /// The person of the house who added it; `None`: somebody at the command line.
    pub added_by: Option<StationName>,
    /// For that person alone.
    pub private: bool,
    /// Since when it lies in the bin.
    pub deleted: Option<Timestamp>,
    /// Where it stands in the album, `2024-05-03T10:11:12`: when it was taken, else when it was added (UTC).
    pub shown: String,
    /// Row id of the picture that it belongs to: its sound, its raw file, its clip.
    pub goes_with: Option<i64>,
}

/// What an import stores.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// Its sealed file.
    pub file: Id,
    /// Of the plaintext.
    pub sha256: Digest,
    /// Bytes of plaintext.
    pub size: u64,
    /// What it is.
    pub kind: Kind,
    /// The file's name.
    pub name: String,
    /// By our own look at the first bytes.
    pub media_type: String,
    /// Local time, with offset only where known.
    pub taken: Option<String>,
    /// Pixels as seen.
    pub dimensions: Option<(u32, u32)>,
    /// The path it came from.
    pub source: String,
    /// The person of the house who adds it.
    pub added_by: Option<StationName>,
    /// For that person alone.
    pub private: bool,
}

impl OwnItem {
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let added_by: Option<String> = row.get("added_by")?;
        let deleted: Option<i64> = row.get("deleted")?;
        Ok(OwnItem {
            id: row.get("id")?,
            reference: row.get("ref")?,
            file: parsed(row, "file")?,
            sha256: parsed(row, "sha256")?,
            size: row.get("size")?,
            kind: named(row, "kind", Kind::from_name)?,
            name: row.get("name")?,
            caption: row.get("caption")?,
            media_type: row.get("media_type")?,
            taken: row.get("taken")?,
            width: row.get("width")?,
            height: row.get("height")?,
            added: time(row, "added")?,
            added_by: added_by.map(|_| parsed(row, "added_by")).transpose()?,
            private: row.get("private")?,
            deleted: deleted.map(Timestamp::from_unix),
            shown: row.get("shown")?,
            goes_with: row.get("goes_with")?,
        })
    }
}

impl Rows<'_> {
    /// The item that `person` means by adding this content: one of their own, or one that all of the house see. Another's
    /// private one is none.
    pub fn known_content(
        &self,
        sha256: Digest,
        person: Option<&StationName>,
        private: bool,
    ) -> Result<Option<OwnItem>, AlbumError> {
        // What is added for oneself is not what lies in everyone's bin.
        let mut query = self.0.prepare_cached(
            "SELECT * FROM item WHERE sha256 = ?1
             AND (private = 1 AND added_by = ?2 OR private = 0 AND (deleted IS NULL OR NOT ?3))
             ORDER BY private = ?3 DESC, deleted IS NOT NULL, id LIMIT 1",
        )?;
        let person = person.map(StationName::as_str);
        Ok(query
            .query_row(
                params![sha256.to_string(), person, private],
                OwnItem::from_row,
            )
            .optional()?)
    }

    /// The item that people call `reference`.
    pub fn item(&self, reference: &str) -> Result<Option<OwnItem>, AlbumError> {
        let mut query = self.0.prepare_cached("SELECT * FROM item WHERE ref = ?1")?;
        Ok(query.query_row([reference], OwnItem::from_row).optional()?)
    }

    /// All own items, newest picture first, those in the bin too.
    pub fn items(&self) -> Result<Vec<OwnItem>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM item ORDER BY taken DESC, id DESC")?;
        let rows = query.query_map([], OwnItem::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds an item.
    pub fn add_item(&self, new: &NewItem, now: Timestamp) -> Result<OwnItem, AlbumError> {
        // Not from its content: a short name that is taken would tell that somebody has the same.
        let reference = self.free_reference(Digest::of(new.file.to_string().as_bytes()))?;
        // Whole seconds, without the offset.
        let taken = new.taken.as_ref().and_then(|taken| taken.get(..19));
        self.0.execute(
            "INSERT INTO item (ref, file, sha256, size, kind, name, media_type, taken, width, height, source, added,
                 added_by, private, shown, words)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)",
            params![
                reference,
                new.file.to_string(),
                new.sha256.to_string(),
                new.size,
                new.kind.as_str(),
                new.name,
                new.media_type,
                new.taken,
                new.dimensions.map(|(width, _)| width),
                new.dimensions.map(|(_, height)| height),
                new.source,
                now.unix(),
                new.added_by.as_ref().map(StationName::as_str),
                new.private,
                taken.map_or_else(|| now.to_string().replace('Z', ""), str::to_owned),
                words(&new.name, ""),
            ],
        )?;
        let added = self.item(&reference)?;
        added.ok_or(AlbumError::Database(rusqlite::Error::QueryReturnedNoRows))
    }

    /// Notes that somebody added what is there already.
    pub fn note_adder(&self, item: i64, person: Option<&StationName>) -> Result<(), AlbumError> {
        let person = person.map_or("", StationName::as_str);
        self.0.execute(
            "INSERT INTO item_also (item, person)
             SELECT id, ?2 FROM item WHERE id = ?1 AND coalesce(added_by, '') <> ?2 ON CONFLICT DO NOTHING",
            params![item, person],
        )?;
        Ok(())
    }

    /// Who else added what an item holds; empty: somebody at the command line.
    pub fn other_adders(&self, item: i64) -> Result<Vec<String>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT person FROM item_also WHERE item = ?1 ORDER BY person")?;
        let people = query.query_map([item], |row| row.get(0))?;
        Ok(people.collect::<Result<_, _>>()?)
    }

    /// Writes to an item what people say of it.
    pub fn set_caption(&self, item: &OwnItem, caption: &str) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE item SET caption = ?2, words = ?3 WHERE id = ?1",
            params![item.id, caption, words(&item.name, caption)],
        )?;
        Ok(())
    }

    /// What was added of late by the same person as that item, for the same eyes, with a name that is this one before
    /// its ending; the item itself included.
    pub fn items_of_stem(
        &self,
        like: &OwnItem,
        stem: &str,
        since: Timestamp,
    ) -> Result<Vec<OwnItem>, AlbumError> {
        // By the row ids first, of which the newest are few.
        let mut query = self.0.prepare_cached(
            "SELECT * FROM item WHERE id > (SELECT max(id) FROM item) - 2000 AND added >= ?1 AND added_by IS ?2
             AND private = ?3 AND deleted IS NULL AND lower(substr(name, 1, length(?4))) = ?4
             AND instr(substr(name, length(?4) + 1), '.') = 0
             ORDER BY id",
        )?;
        let person = like.added_by.as_ref().map(StationName::as_str);
        let rows = query.query_map(
            params![since.unix(), person, like.private, format!("{stem}.")],
            OwnItem::from_row,
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Makes an item one for the person who added it alone, or for all of the house.
    pub fn set_private(&self, item: i64, private: bool) -> Result<(), AlbumError> {
        let sql = "UPDATE item SET private = ?2 WHERE id = ?1";
        self.0.execute(sql, params![item, private])?;
        Ok(())
    }

    /// Puts an item into the bin, or takes it out.
    pub fn set_deleted(&self, item: i64, deleted: Option<Timestamp>) -> Result<(), AlbumError> {
        let sql = "UPDATE item SET deleted = ?2 WHERE id = ?1";
        self.0
            .execute(sql, params![item, deleted.map(Timestamp::unix)])?;
        Ok(())
    }

    /// Notes that an item belongs to a picture.
    pub fn set_goes_with(&self, item: i64, picture: i64) -> Result<(), AlbumError> {
        let sql = "UPDATE item SET goes_with = ?2 WHERE id = ?1";
        self.0.execute(sql, params![item, picture])?;
        Ok(())
    }

    /// What belongs to a picture and does not lie in the bin.
    pub fn going_with(&self, picture: i64) -> Result<Vec<OwnItem>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT * FROM item WHERE goes_with = ?1 AND deleted IS NULL ORDER BY id",
        )?;
        let rows = query.query_map([picture], OwnItem::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What has been in the bin since before `until`.
    pub fn in_bin_until(&self, until: Timestamp) -> Result<Vec<OwnItem>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM item WHERE deleted IS NOT NULL AND deleted <= ?1")?;
        let rows = query.query_map([until.unix()], OwnItem::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets an item. What was shared from it stays.
    pub fn remove_item(&self, item: i64) -> Result<(), AlbumError> {
        for sql in [
            "UPDATE share_item SET own = NULL WHERE own = ?1",
            "DELETE FROM collection_item WHERE item = ?1",
            "DELETE FROM item_also WHERE item = ?1",
            "DELETE FROM own_picture WHERE item = ?1",
            "DELETE FROM item WHERE id = ?1",
        ] {
            self.0.execute(sql, [item])?;
        }
        Ok(())
    }

    /// What a person had alone belongs to nobody once they are gone: a later person of that name must not see it.
    pub(super) fn disown_items(&self, person: &StationName) -> Result<(), AlbumError> {
        let sql = "UPDATE item SET added_by = NULL WHERE added_by = ?1";
        self.0.execute(sql, [person.as_str()])?;
        let sql = "DELETE FROM item_also WHERE person = ?1";
        self.0.execute(sql, [person.as_str()])?;
        let sql = "UPDATE upload SET person = NULL, touched = 0 WHERE person = ?1";
        self.0.execute(sql, [person.as_str()])?;
        Ok(())
    }

    /// Writes what all items are found by; SQLite alone knows the small letters of English only.
    pub(super) fn write_words(&self) -> Result<(), AlbumError> {
        let mut query = self.0.prepare("SELECT id, name, caption FROM item")?;
        let items = query
            .query_map([], |row| {
                Ok((row.get("id")?, row.get("name")?, row.get("caption")?))
            })?
            .collect::<Result<Vec<(i64, String, String)>, _>>()?;
        let mut write = self.0.prepare("UPDATE item SET words = ?2 WHERE id = ?1")?;
        for (id, name, caption) in items {
            write.execute(params![id, words(&name, &caption)])?;
        }
        Ok(())
    }

    /// A short name for something identified by `digest` that nothing here has yet: the first eight characters of its
    /// base32, or more. Never an id from the wire, so nobody outside can choose one.
    pub(super) fn free_reference(&self, digest: Digest) -> Result<String, AlbumError> {
        let name = crate::encoding::base32_of(digest.as_bytes());
        for len in 8..name.len() {
            let candidate = &name[..len];
            let taken: bool = self.0.query_row(
                "SELECT EXISTS (SELECT 1 FROM item WHERE ref = ?1) OR EXISTS (SELECT 1 FROM share WHERE ref = ?1)
                     OR EXISTS (SELECT 1 FROM share_item WHERE ref = ?1)",
                [candidate],
                |row| row.get(0),
            )?;
            if !taken {
                return Ok(candidate.to_owned());
            }
        }
        Ok(format!("{name}{}", Id::random()))
    }

    /// Whether an item has that file: it is whole.
    pub(super) fn is_file_of_item(&self, file: &str) -> Result<bool, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM item WHERE file = ?1)")?;
        Ok(query.query_row([file], |row| row.get(0))?)
    }

    /// Whether the sealed file of an item, or of one that is coming in, has that name.
    pub(super) fn is_file_known(&self, file: &str) -> Result<bool, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM item WHERE file = ?1) OR EXISTS (SELECT 1 FROM upload WHERE file = ?1)",
        )?;
        Ok(query.query_row([file], |row| row.get(0))?)
    }
}

/// What an item is found by.
fn words(name: &str, caption: &str) -> String {
    format!("{name}\n{caption}").to_lowercase()
}
