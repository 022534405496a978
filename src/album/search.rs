//! The search for parts that are missing, and what was sent because others searched.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint};

/// How far the search for the missing parts of a share is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Search {
    /// The share.
    pub share: i64,
    /// How many households were asked since a part last came.
    pub asked: u32,
    /// When the next one is.
    pub next: Timestamp,
}

impl Rows<'_> {
    /// The search for parts of a share, if one is on.
    pub fn search(&self, share: i64) -> Result<Option<Search>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT asked, next FROM search WHERE share = ?1")?;
        let found = query.query_row([share], |row| {
            Ok(Search {
                share,
                asked: row.get(0)?,
                next: Timestamp::from_unix(row.get(1)?),
            })
        });
        Ok(found.optional()?)
    }

    /// Begins the search, or says how far it is.
    pub fn put_search(&self, search: &Search, now: Timestamp) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO search (share, since, asked, next) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (share) DO UPDATE SET asked = excluded.asked, next = excluded.next",
            params![search.share, now.unix(), search.asked, search.next.unix()],
        )?;
        Ok(())
    }

    /// When the next household is to be asked.
    pub fn next_search(&self) -> Result<Option<Timestamp>, AlbumError> {
        let sql = "SELECT min(next) FROM search";
        let next: Option<i64> = self.0.query_row(sql, [], |row| row.get(0))?;
        Ok(next.map(Timestamp::from_unix))
    }

    /// Ends the search: all is here, or a part came and it begins anew.
    pub fn end_search(&self, share: i64) -> Result<(), AlbumError> {
        self.0
            .prepare_cached("DELETE FROM search WHERE share = ?1")?
            .execute([share])?;
        Ok(())
    }

    /// Whether a part that is missing came, and was refused for this reason.
    pub fn came_refused(&self, share: i64, reason: &str) -> Result<bool, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM verdict JOIN part USING (digest)
                WHERE part.share = ?1 AND wanted = 1 AND held = 0 AND verdict = 'refused' AND reason = ?2)",
        )?;
        Ok(query.query_row(params![share, reason], |row| row.get(0))?)
    }

    /// Shares that live and of which a part is missing.
    pub fn shares_with_missing_parts(&self) -> Result<Vec<i64>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT DISTINCT part.share FROM part JOIN share ON share.id = part.share
             WHERE wanted = 1 AND held = 0 AND share.state IN ('arriving', 'complete')",
        )?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How often a part was sent to a household because it asked, since then.
    pub fn part_answers(
        &self,
        contact: Fingerprint,
        digest: Digest,
        since: Timestamp,
    ) -> Result<u64, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT count(*) FROM part_answer WHERE contact = ?1 AND digest = ?2 AND at > ?3",
        )?;
        let keys = params![contact.to_string(), digest.to_string(), since.unix()];
        Ok(query.query_row(keys, |row| row.get(0))?)
    }

    /// Notes that a part is sent to a household because it asked; forgets what was before `since`.
    pub fn put_part_answer(
        &self,
        contact: Fingerprint,
        digest: Digest,
        now: Timestamp,
        since: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0
            .prepare_cached("INSERT INTO part_answer (contact, digest, at) VALUES (?1, ?2, ?3)")?
            .execute(params![contact.to_string(), digest.to_string(), now.unix()])?;
        self.0
            .prepare_cached(
                "DELETE FROM part_answer WHERE contact = ?1 AND digest = ?2 AND at <= ?3",
            )?
            .execute(params![
                contact.to_string(),
                digest.to_string(),
                since.unix()
            ])?;
        Ok(())
    }
}
