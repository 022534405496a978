//! This household's own items and collections of them.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, named, parsed, time};
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
}

impl OwnItem {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(OwnItem {
            id: row.get("id")?,
            reference: row.get("ref")?,
            file: parsed(row, "file")?,
            sha256: parsed(row, "sha256")?,
            size: row.get("size")?,
            kind: named(row, "kind", Kind::from_name)?,
            name: row.get("name")?,
            media_type: row.get("media_type")?,
            taken: row.get("taken")?,
            width: row.get("width")?,
            height: row.get("height")?,
            added: time(row, "added")?,
        })
    }
}

impl Rows<'_> {
    /// The item whose content has that digest.
    pub fn item_of_content(&self, sha256: Digest) -> Result<Option<OwnItem>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM item WHERE sha256 = ?1")?;
        Ok(query
            .query_row([sha256.to_string()], OwnItem::from_row)
            .optional()?)
    }

    /// The item that people call `reference`.
    pub fn item(&self, reference: &str) -> Result<Option<OwnItem>, AlbumError> {
        let mut query = self.0.prepare_cached("SELECT * FROM item WHERE ref = ?1")?;
        Ok(query.query_row([reference], OwnItem::from_row).optional()?)
    }

    /// All own items, newest picture first.
    pub fn items(&self) -> Result<Vec<OwnItem>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM item ORDER BY taken DESC, id DESC")?;
        let rows = query.query_map([], OwnItem::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds an item.
    pub fn add_item(&self, new: &NewItem, now: Timestamp) -> Result<OwnItem, AlbumError> {
        let reference = self.free_reference(new.sha256)?;
        self.0.execute(
            "INSERT INTO item (ref, file, sha256, size, kind, name, media_type, taken, width, height, source, added)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
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
            ],
        )?;
        let added = self.item(&reference)?;
        added.ok_or(AlbumError::Database(rusqlite::Error::QueryReturnedNoRows))
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

    /// The collection of that name, made if it is new; gives its reference.
    pub fn collection(&self, name: &str, now: Timestamp) -> Result<String, AlbumError> {
        let found: Option<String> = self
            .0
            .query_row(
                "SELECT ref FROM collection WHERE name = ?1",
                [name],
                |row| row.get(0),
            )
            .optional()?;
        if let Some(reference) = found {
            return Ok(reference);
        }
        let reference = self.free_reference(Digest::of(name.as_bytes()))?;
        self.0.execute(
            "INSERT INTO collection (ref, name, added) VALUES (?1, ?2, ?3)",
            params![reference, name, now.unix()],
        )?;
        Ok(reference)
    }

    /// Puts an item into a collection.
    pub fn add_to_collection(&self, collection: &str, item: i64) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO collection_item (collection, item) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![collection, item],
        )?;
        Ok(())
    }

    /// All collections: reference, name, number of items.
    pub fn collections(&self) -> Result<Vec<(String, String, u64)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT ref, name, (SELECT count(*) FROM collection_item WHERE collection = ref) AS items
             FROM collection ORDER BY name",
        )?;
        let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The items of a collection, by reference or name.
    pub fn collection_items(&self, collection: &str) -> Result<Option<Vec<OwnItem>>, AlbumError> {
        let reference: Option<String> = self
            .0
            .query_row(
                "SELECT ref FROM collection WHERE ref = ?1 OR name = ?1",
                [collection],
                |row| row.get(0),
            )
            .optional()?;
        let Some(reference) = reference else {
            return Ok(None);
        };
        let mut query = self.0.prepare_cached(
            "SELECT item.* FROM item JOIN collection_item ON item.id = collection_item.item
             WHERE collection = ?1 ORDER BY taken, item.id",
        )?;
        let rows = query.query_map([reference], OwnItem::from_row)?;
        Ok(Some(rows.collect::<Result<_, _>>()?))
    }

    /// Whether an item's sealed file has that name.
    pub(super) fn is_file_known(&self, file: &str) -> Result<bool, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM item WHERE file = ?1)")?;
        Ok(query.query_row([file], |row| row.get(0))?)
    }
}
