//! Identities that are no more: those of other households that said so, and those that this one had before.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows, parsed, time};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

/// So many ends of identities that nobody here knew are kept of one mailbox; the oldest go.
const KEPT: u64 = 1_000;

impl Rows<'_> {
    /// Notes that an identity has ended, which was at that mailbox as it says itself; the first time counts.
    pub fn put_ended(
        &self,
        who: Fingerprint,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO ended_identity (fingerprint, at, mailbox, met) VALUES (?1, ?2, ?3, 1)
             ON CONFLICT (fingerprint) DO UPDATE SET mailbox = excluded.mailbox, met = 1",
            params![who.to_string(), now.unix(), mailbox.as_str()],
        )?;
        Ok(())
    }

    /// The same of one that nobody here knew.
    pub fn put_ended_unmet(
        &self,
        who: Fingerprint,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO ended_identity (fingerprint, at, mailbox, met) VALUES (?1, ?2, ?3, 0)
             ON CONFLICT DO NOTHING",
            params![who.to_string(), now.unix(), mailbox.as_str()],
        )?;
        self.0.execute(
            "DELETE FROM ended_identity WHERE met = 0 AND mailbox = ?1 AND fingerprint IN
                (SELECT fingerprint FROM ended_identity WHERE met = 0 AND mailbox = ?1
                 ORDER BY at DESC, fingerprint LIMIT -1 OFFSET ?2)",
            params![mailbox.as_str(), KEPT],
        )?;
        Ok(())
    }

    /// Whether an identity that was known here said at its end that it was at that mailbox.
    pub fn has_ended_at(&self, mailbox: &Mailbox) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM ended_identity WHERE mailbox = ?1 AND met = 1)";
        let mut query = self.0.prepare_cached(sql)?;
        Ok(query.query_row([mailbox.as_str()], |row| row.get(0))?)
    }

    /// The identities that have ended and are no contacts: who, and where they were, as far as that is known.
    pub fn ended_strangers(&self) -> Result<Vec<(Fingerprint, Mailbox)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT fingerprint, mailbox FROM ended_identity
             WHERE mailbox IS NOT NULL AND fingerprint NOT IN (SELECT fingerprint FROM contact)
             ORDER BY fingerprint",
        )?;
        let rows = query.query_map([], |row| {
            Ok((parsed(row, "fingerprint")?, parsed(row, "mailbox")?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
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
