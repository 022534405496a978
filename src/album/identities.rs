//! Identities that are no more: those of other households that said so, and those that this one had before.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows, time};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

impl Rows<'_> {
    /// Notes that an identity has ended; the first time counts.
    pub fn put_ended(&self, who: Fingerprint, now: Timestamp) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO ended_identity (fingerprint, at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![who.to_string(), now.unix()],
        )?;
        Ok(())
    }

    /// When an identity ended.
    pub fn ended(&self, who: Fingerprint) -> Result<Option<Timestamp>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT at FROM ended_identity WHERE fingerprint = ?1")?;
        let found = query.query_row([who.to_string()], |row| time(row, "at"));
        Ok(found.optional()?)
    }

    /// Notes an identity that this household had before.
    pub fn put_former_identity(&self, who: Fingerprint) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO former_identity (fingerprint) VALUES (?1) ON CONFLICT DO NOTHING",
            [who.to_string()],
        )?;
        Ok(())
    }

    /// Whether this household had that identity before.
    pub fn is_former(&self, who: Fingerprint) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM former_identity WHERE fingerprint = ?1)";
        Ok(self.0.query_row(sql, [who.to_string()], |row| row.get(0))?)
    }

    /// Takes out of the outbox what waits for a mailbox, but for mail to people, and for the word that an identity of this
    /// household has ended.
    pub fn cancel_mailbox(&self, mailbox: &Mailbox, why: &str) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'failed', error = ?2 WHERE mailbox = ?1 AND state = 'queued'
             AND message IN (SELECT id FROM outbox WHERE kind IN ('letter', 'parts'))
             AND message NOT IN (SELECT word FROM introduced WHERE word IS NOT NULL)",
            [mailbox.as_str(), why],
        )?;
        Ok(())
    }

    /// Takes all that waits out of the outbox, but for mail to people, and for the word that an identity of this household
    /// has ended: it is true whoever this household is.
    pub fn cancel_letters(&self, why: &str) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'failed', error = ?1 WHERE state = 'queued'
             AND message IN (SELECT id FROM outbox WHERE kind IN ('letter', 'parts'))
             AND message NOT IN (SELECT word FROM introduced WHERE word IS NOT NULL)",
            [why],
        )?;
        Ok(())
    }
}
