//! What a clock that was ahead has noted, once it is right again.

use super::{AlbumError, Rows};
use crate::encoding::Timestamp;

/// What is done again so long after, or kept for so long: dated ahead it would be neither. Each run looks there, so that
/// what grows with the households that are known has an index by it.
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
            let mut redate = self.0.prepare_cached(&redating(table, column))?;
            redate.execute([now.unix()])?;
        }
        Ok(())
    }
}

fn redating(table: &str, column: &str) -> String {
    format!("UPDATE {table} SET {column} = ?1 WHERE {column} > ?1")
}

#[cfg(test)]
mod tests {
    use super::super::SCHEMA;
    use rusqlite::Connection;

    #[test]
    fn what_grows_with_the_households_is_not_read_through_at_each_run() {
        let album = Connection::open_in_memory().expect("memory");
        album.execute_batch(SCHEMA).expect("the schema");
        for (table, column) in super::DATED {
            // A household has few of these at a time.
            if ["card_request", "recall", "awaited", "joining"].contains(&table) {
                continue;
            }
            let sql = format!("EXPLAIN QUERY PLAN {}", super::redating(table, column));
            let plan: String = album
                .query_row(&sql, [1], |row| row.get("detail"))
                .expect("a plan");
            assert!(plan.starts_with("SEARCH"), "{table}: {plan}");
        }
    }
}
