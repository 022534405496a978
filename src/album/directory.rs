//! What the directory answered of late.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows, time};
use crate::encoding::Timestamp;

/// So many answers are kept.
const MOST: i64 = 200;

impl Rows<'_> {
    /// What a directory answered to a question, as JSON, and when.
    pub fn directory_answer(
        &self,
        place: &str,
        query: &str,
    ) -> Result<Option<(String, Timestamp)>, AlbumError> {
        let sql = "SELECT households, at FROM directory_answer WHERE place = ?1 AND query = ?2";
        let mut answer = self.0.prepare_cached(sql)?;
        let found = answer.query_row([place, query], |row| {
            Ok((row.get("households")?, time(row, "at")?))
        });
        Ok(found.optional()?)
    }

    /// Keeps an answer in the place of the one before; the oldest go.
    pub fn put_directory_answer(
        &self,
        place: &str,
        query: &str,
        households: &str,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO directory_answer (place, query, households, at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (place, query) DO UPDATE SET households = excluded.households, at = excluded.at",
            params![place, query, households, now.unix()],
        )?;
        self.0.execute(
            "DELETE FROM directory_answer WHERE (place, query) IN
                (SELECT place, query FROM directory_answer ORDER BY at DESC, query LIMIT -1 OFFSET ?1)",
            [MOST],
        )?;
        Ok(())
    }

    /// The directory has nobody like that any more.
    pub fn forget_directory_answer(&self, place: &str, query: &str) -> Result<(), AlbumError> {
        let sql = "DELETE FROM directory_answer WHERE place = ?1 AND query = ?2";
        self.0.execute(sql, [place, query])?;
        Ok(())
    }
}
