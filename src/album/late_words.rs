//! Words about what goes nowhere, or is gone, that could not be written when they were due.

use rusqlite::{Row, params};

use super::{AlbumError, Rows, ders, parsed, time};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};

/// The most that are kept for one household, and bytes of them.
const MOST: i64 = 1_000;
const MOST_BYTES: i64 = 1 << 20;

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
    /// Keeps a word until it can be written. One that waits already does not wait twice.
    pub fn put_late_word(
        &self,
        to: Fingerprint,
        of: (Fingerprint, Id),
        chain: &[Vec<u8>],
        since: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO late_word (contact, origin, share, chain, since) SELECT ?1, ?2, ?3, ?4, ?5
             WHERE (SELECT count(*) < ?6 AND coalesce(sum(length(chain)), 0) + length(?4) <= ?7
                    FROM late_word WHERE contact = ?1)
                AND NOT EXISTS (SELECT 1 FROM late_word
                    WHERE contact = ?1 AND origin = ?2 AND share = ?3 AND chain = ?4)",
            params![
                to.to_string(),
                of.0.to_string(),
                of.1.to_string(),
                ders::join(chain),
                since.unix(),
                MOST,
                MOST_BYTES,
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

#[cfg(test)]
mod tests {
    use super::super::{Rows, SCHEMA};
    use super::MOST_BYTES;
    use crate::encoding::Timestamp;
    use crate::envelope::{Digest, Fingerprint, Id};
    use rusqlite::Connection;

    /// A SEQUENCE of that many bytes.
    fn der(size: usize, fill: u8) -> Vec<u8> {
        let mut der = vec![0x30, 0x83];
        der.extend(&(size as u32).to_be_bytes()[1..]);
        der.resize(5 + size, fill);
        der
    }

    #[test]
    fn words_for_one_household_are_few_and_none_waits_twice() {
        let album = Connection::open_in_memory().expect("memory");
        album.execute_batch(SCHEMA).expect("the schema");
        album
            .execute_batch("PRAGMA foreign_keys = OFF")
            .expect("off");
        let rows = Rows(&album);
        let who: Fingerprint = Digest::of(b"x").to_string().parse().expect("one");
        let of = (who, Id::random());
        let waits = || rows.late_words().expect("rows").len();
        let put = |chain: &[Vec<u8>]| {
            let since = Timestamp::from_unix(0);
            rows.put_late_word(who, of, chain, since).expect("put");
            waits()
        };
        let most = MOST_BYTES as usize;
        assert_eq!(put(&[der(100, 1)]), 1);
        assert_eq!(put(&[der(100, 1)]), 1, "it waits already");
        assert_eq!(put(&[der(most / 2, 2), der(most / 4, 2)]), 2);
        assert_eq!(put(&[der(most / 2, 3)]), 2, "too many bytes");
        assert_eq!(put(&[der(100, 4)]), 3);
    }
}
