//! Files of memory cards, cameras and watched folders that were read: so that the next look at one is quick.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use rusqlite::params;

use super::{AlbumError, Rows};

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardFile {
    /// Bytes.
    pub size: u64,
    /// When it was written, in seconds, as the card says.
    pub changed: i64,
    /// Why it stayed out, if it did.
    pub trouble: Option<String>,
}

impl Rows<'_> {
    /// What was read of a card, by the paths on it.
    pub fn card_files(&self, card: &str) -> Result<BTreeMap<PathBuf, CardFile>, AlbumError> {
        let sql = "SELECT path, size, changed, trouble FROM card_file WHERE card = ?1";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([card], |row| {
            let path: Vec<u8> = row.get("path")?;
            let file = CardFile {
                size: row.get("size")?,
                changed: row.get("changed")?,
                trouble: row.get("trouble")?,
            };
            Ok((PathBuf::from(OsString::from_vec(path)), file))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes that a file was read; how it was to come in is forgotten.
    pub fn note_card_file(
        &self,
        card: &str,
        path: &Path,
        file: &CardFile,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO card_file (card, path, size, changed, trouble) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (card, path) DO UPDATE
             SET size = excluded.size, changed = excluded.changed, trouble = excluded.trouble",
            params![
                card,
                path.as_os_str().as_bytes(),
                file.size,
                file.changed,
                file.trouble
            ],
        )?;
        self.forget_card_begun(card, path)?;
        Ok(())
    }

    /// Forgets a file that is on the card no more.
    pub fn forget_card_file(&self, card: &str, path: &Path) -> Result<(), AlbumError> {
        let sql = "DELETE FROM card_file WHERE card = ?1 AND path = ?2";
        self.0
            .execute(sql, params![card, path.as_os_str().as_bytes()])?;
        Ok(())
    }
}
