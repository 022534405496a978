//! What album programs have chosen for people to share.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows, parsed, time};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::Id;

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelectionRow {
    /// How it is called: chance, so that nobody guesses it.
    pub id: Id,
    /// For whom.
    pub station: StationName,
    /// What the share is to be called.
    pub title: String,
    /// The items, by their references.
    pub items: Vec<String>,
    /// Until when it is kept.
    pub ends: Timestamp,
}

impl Rows<'_> {
    /// Keeps one.
    pub fn add_selection(&self, new: &SelectionRow) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO selection (id, station, title, items, ends) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                new.id.to_string(),
                new.station.as_str(),
                new.title,
                new.items.join(" "),
                new.ends.unix(),
            ],
        )?;
        Ok(())
    }

    /// One of them.
    pub fn selection(&self, id: Id) -> Result<Option<SelectionRow>, AlbumError> {
        let sql = "SELECT * FROM selection WHERE id = ?1";
        let found = self.0.query_row(sql, [id.to_string()], |row| {
            let items: String = row.get("items")?;
            Ok(SelectionRow {
                id: parsed(row, "id")?,
                station: parsed(row, "station")?,
                title: row.get("title")?,
                items: items.split(' ').map(str::to_owned).collect(),
                ends: time(row, "ends")?,
            })
        });
        Ok(found.optional()?)
    }

    /// Forgets those that were kept until then.
    pub fn forget_selections(&self, now: Timestamp) -> Result<(), AlbumError> {
        self.0
            .execute("DELETE FROM selection WHERE ends <= ?1", [now.unix()])?;
        Ok(())
    }
}
