//! Albums in the people's sense: named selections of own items.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Filter, Rows};
use crate::encoding::Timestamp;
use crate::envelope::Digest;

/// A named selection, as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collection {
    /// What people type.
    pub reference: String,
    /// Its name.
    pub name: String,
    /// How many items of it that person sees.
    pub items: u64,
    /// The newest picture of those.
    pub cover: Option<String>,
}

impl Rows<'_> {
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
        let reference = self.free_collection(Digest::of(name.as_bytes()))?;
        self.0.execute(
            "INSERT INTO collection (ref, name, added) VALUES (?1, ?2, ?3)",
            params![reference, name, now.unix()],
        )?;
        Ok(reference)
    }

    /// As [`Rows::free_reference`], beside the other collections: one that was renamed keeps its reference.
    fn free_collection(&self, digest: Digest) -> Result<String, AlbumError> {
        let mut digest = digest;
        loop {
            let reference = self.free_reference(digest)?;
            if self.find_collection(&reference)?.is_none() {
                return Ok(reference);
            }
            digest = Digest::of(digest.as_bytes());
        }
    }

    /// The reference and name of a collection, by either.
    pub fn find_collection(&self, named: &str) -> Result<Option<(String, String)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT ref, name FROM collection WHERE ref = ?1 OR name = ?1 ORDER BY ref = ?1 DESC LIMIT 1",
        )?;
        Ok(query
            .query_row([named], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    /// Gives a collection another name; `false` where another one has it.
    pub fn rename_collection(&self, reference: &str, name: &str) -> Result<bool, AlbumError> {
        let renamed = self.0.execute(
            "UPDATE OR IGNORE collection SET name = ?2 WHERE ref = ?1",
            params![reference, name],
        )?;
        Ok(renamed > 0)
    }

    /// Forgets a collection; its items stay.
    pub fn remove_collection(&self, reference: &str) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM collection_item WHERE collection = ?1",
            [reference],
        )?;
        self.0
            .execute("DELETE FROM collection WHERE ref = ?1", [reference])?;
        Ok(())
    }

    /// Puts an item into a collection.
    pub fn add_to_collection(&self, collection: &str, item: i64) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO collection_item (collection, item) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![collection, item],
        )?;
        Ok(())
    }

    /// Takes an item out of a collection.
    pub fn take_from_collection(&self, collection: &str, item: i64) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM collection_item WHERE collection = ?1 AND item = ?2",
            params![collection, item],
        )?;
        Ok(())
    }

    /// All collections by name, with what a filter leaves of their items.
    pub fn collections(&self, filter: &Filter) -> Result<Vec<Collection>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT ref, name FROM collection ORDER BY name")?;
        let names = query
            .query_map([], |row| Ok((row.get("ref")?, row.get("name")?)))?
            .collect::<Result<Vec<(String, String)>, _>>()?;
        let mut all = Vec::new();
        for (reference, name) in names {
            let of_it = Filter {
                album: Some(reference.clone()),
                ..filter.clone()
            };
            all.push(Collection {
                items: self.count_items(&of_it)?,
                cover: self.cover(&of_it)?,
                reference,
                name,
            });
        }
        Ok(all)
    }

    /// The names of the collections in which an item is.
    pub fn collections_of(&self, item: i64) -> Result<Vec<(String, String)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT ref, name FROM collection_item JOIN collection ON ref = collection
             WHERE item = ?1 ORDER BY name",
        )?;
        let names = query.query_map([item], |row| Ok((row.get("ref")?, row.get("name")?)))?;
        Ok(names.collect::<Result<_, _>>()?)
    }
}
