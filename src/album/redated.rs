//! What a clock that was ahead has noted, once it is right again.

use super::{AlbumError, Rows};
use crate::encoding::Timestamp;

/// What is done again so long after, or kept for so long: dated ahead it would be neither.
const DATED: [(&str, &str); 9] = [
    ("card_request", "sent"),
    ("contact", "card_answered"),
    ("recall", "begun"),
    ("part_answer", "at"),
    ("awaited", "begun"),
    ("joining", "begun"),
    ("joining", "asked"),
    ("sent", "at"),
    ("asked_once", "at"),
];

impl Rows<'_> {
    /// What is dated ahead was noted by a clock that was wrong: it counts from now.
    pub fn redate(&self, now: Timestamp) -> Result<(), AlbumError> {
        for (table, column) in DATED {
            let sql = format!("UPDATE {table} SET {column} = ?1 WHERE {column} > ?1");
            self.0.prepare_cached(&sql)?.execute([now.unix()])?;
        }
        Ok(())
    }
}
