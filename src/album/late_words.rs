//! Words about what goes nowhere, or is gone, that could not be written when they were due.

use rusqlite::{Row, params};

use super::{AlbumError, Rows, ders, parsed, time};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};

/// The most that are kept for one household.
const MOST: i64 = 1_000;

/// A receipt `deleted` that is still to be written.
#[derive(Debug, Clone)]
pub struct LateWord {
    /// Row id.
    pub id: i64,
    /// Who is to hear it.
    pub to: Fingerprint,
    /// Of which share.
    pub of: (Fingerprint, Id),
    /// DERs of the permits that say so.
    pub chain: Vec<Vec<u8>>,
    /// When it was due.
    pub since: Timestamp,
}

impl LateWord {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(LateWord {
            id: row.get("id")?,
            to: parsed(row, "contact")?,
            of: (parsed(row, "origin")?, parsed(row, "share")?),
            chain: ders::split(&row.get::<_, Vec<u8>>("chain")?),
            since: time(row, "since")?,
        })
    }
}

impl Rows<'_> {
    /// Keeps a word until it can be written.
    pub fn put_late_word(
        &self,
        to: Fingerprint,
        of: (Fingerprint, Id),
        chain: &[Vec<u8>],
        since: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO late_word (contact, origin, share, chain, since) SELECT ?1, ?2, ?3, ?4, ?5
             WHERE (SELECT count(*) FROM late_word WHERE contact = ?1) < ?6",
            params![
                to.to_string(),
                of.0.to_string(),
                of.1.to_string(),
                ders::join(chain),
                since.unix(),
                MOST,
            ],
        )?;
        Ok(())
    }

    /// The words that wait, the oldest first.
    pub fn late_words(&self) -> Result<Vec<LateWord>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM late_word ORDER BY id")?;
        let rows = query.query_map([], LateWord::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One is written, or waits no longer.
    pub fn forget_late_word(&self, id: i64) -> Result<(), AlbumError> {
        let sql = "DELETE FROM late_word WHERE id = ?1";
        self.0.execute(sql, [id])?;
        Ok(())
    }
}
