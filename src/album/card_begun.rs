//! Files of memory cards whose reading was begun and did not come to its end: how each of them is to come in.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rusqlite::params;

use super::{AlbumError, Rows, parsed};
use crate::address::StationName;

/// How a file is to come in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardBegun {
    /// Bytes.
    pub size: u64,
    /// When it was written, in seconds, as the card says.
    pub changed: i64,
    /// Under which name it is gathered.
    pub album: Option<String>,
    /// Who brings it in, if that was said. Nobody's name, where that one is of the house no more.
    pub person: Option<StationName>,
    /// For that person alone.
    pub private: bool,
}

impl Rows<'_> {
    /// How files of a card are to come in, by the paths on it.
    pub fn card_begun(&self, card: &str) -> Result<BTreeMap<PathBuf, CardBegun>, AlbumError> {
        let sql =
            "SELECT path, size, changed, album, person, private FROM card_begun WHERE card = ?1";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([card], |row| {
            let path: Vec<u8> = row.get("path")?;
            let person: Option<String> = row.get("person")?;
            let begun = CardBegun {
                size: row.get("size")?,
                changed: row.get("changed")?,
                album: row.get("album")?,
                person: person.map(|_| parsed(row, "person")).transpose()?,
                private: row.get("private")?,
            };
            Ok((PathBuf::from(OsString::from_vec(path)), begun))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes how a file is to come in.
    pub fn note_card_begun(
        &self,
        card: &str,
        path: &Path,
        begun: &CardBegun,
    ) -> Result<(), AlbumError> {
        let mut insert = self.0.prepare_cached(
            "INSERT INTO card_begun (card, path, size, changed, album, person, private)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (card, path) DO UPDATE
             SET size = excluded.size, changed = excluded.changed, album = excluded.album,
                 person = excluded.person, private = excluded.private",
        )?;
        insert.execute(params![
            card,
            path.as_os_str().as_bytes(),
            begun.size,
            begun.changed,
            begun.album,
            begun.person.as_ref().map(StationName::as_str),
            begun.private
        ])?;
        Ok(())
    }

    /// Forgets how a file was to come in.
    pub fn forget_card_begun(&self, card: &str, path: &Path) -> Result<(), AlbumError> {
        let mut delete = self
            .0
            .prepare_cached("DELETE FROM card_begun WHERE card = ?1 AND path = ?2")?;
        delete.execute(params![card, path.as_os_str().as_bytes()])?;
        Ok(())
    }
}
