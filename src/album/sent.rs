//! What was handed in, for a month: whose mail a bounce is about, and how many recipients a day had.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows};
use crate::address::Mailbox;
use crate::encoding::Timestamp;

/// So long a bounce may take, in seconds; what is older is forgotten.
const MONTH: u64 = 30 * 86_400;
/// The time in which providers count, in seconds.
const DAY: u64 = 86_400;

impl Rows<'_> {
    /// Notes that the provider took a message for a recipient.
    pub fn note_sent(
        &self,
        message_id: &str,
        mailbox: &Mailbox,
        destination: Option<i64>,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0
            .prepare_cached(
                "INSERT INTO sent (message_id, mailbox, destination, at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (message_id, mailbox) DO UPDATE SET at = excluded.at",
            )?
            .execute(params![
                message_id,
                mailbox.as_str(),
                destination,
                now.unix()
            ])?;
        Ok(())
    }

    /// Forgets what was handed in longer ago than any bounce takes.
    pub fn forget_sent(&self, now: Timestamp) -> Result<(), AlbumError> {
        let sql = "DELETE FROM sent WHERE at < ?1";
        self.0.execute(sql, [now.minus_seconds(MONTH).unix()])?;
        Ok(())
    }

    /// Whether anything was handed in of which a bounce may still come.
    pub fn awaits_bounces(&self) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sent WHERE destination IS NOT NULL)
            OR EXISTS (SELECT 1 FROM outbox WHERE kind <> 'notice')
            OR EXISTS (SELECT 1 FROM card_request JOIN sent USING (message_id))";
        Ok(self.0.query_row(sql, [], |row| row.get(0))?)
    }

    /// Whether a mail of that name went from here, or waits to go again.
    pub fn is_remembered(&self, message_id: &str) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM sent WHERE message_id = ?1)
            OR EXISTS (SELECT 1 FROM outbox WHERE message_id = ?1)";
        let mut query = self.0.prepare_cached(sql)?;
        Ok(query.query_row([message_id], |row| row.get(0))?)
    }

    /// The destination whose mail was handed in under that name for that mailbox. Providers change the case of addresses.
    pub fn sent_to(
        &self,
        message_id: &str,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<Option<i64>, AlbumError> {
        let found: Option<Option<i64>> = self
            .0
            .prepare_cached(
                "SELECT destination FROM sent WHERE message_id = ?1 AND mailbox = ?2 COLLATE NOCASE AND at >= ?3",
            )?
            .query_row(
                params![message_id, mailbox.as_str(), now.minus_seconds(MONTH).unix()],
                |row| row.get(0),
            )
            .optional()?;
        Ok(found.flatten())
    }

    /// Notes what a bounce said about a destination that has not answered. Only where nothing is noted yet, unless
    /// `stronger`.
    pub fn set_bounce(
        &self,
        destination: i64,
        said: &str,
        stronger: bool,
    ) -> Result<bool, AlbumError> {
        let noted = self.0.execute(
            "UPDATE destination SET bounce = ?2
             WHERE id = ?1 AND state IN ('queued', 'sent', 'failed') AND (?3 OR bounce IS NULL)",
            params![destination, said, stronger],
        )?;
        Ok(noted > 0)
    }

    /// How many recipients were served in the last day, and when the oldest of them was.
    pub fn sent_in_a_day(&self, now: Timestamp) -> Result<(u64, Option<Timestamp>), AlbumError> {
        Ok(self.0.query_row(
            "SELECT count(*), min(at) FROM sent WHERE at > ?1 AND at <= ?2",
            [now.minus_seconds(DAY).unix(), now.unix()],
            |row| {
                let oldest: Option<i64> = row.get(1)?;
                Ok((row.get(0)?, oldest.map(Timestamp::from_unix)))
            },
        )?)
    }
}
