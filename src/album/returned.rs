//! Messages that a full mailbox sent back: kept for a while after they went out, and put into the outbox again.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows, parsed};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::Digest;

/// So long a message is kept that nobody answered, in seconds: servers try for five days before they send it back.
const KEPT: u64 = 7 * 86_400;

/// How it stands with what came back from one destination.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Returned {
    /// How often a message came back, of the one that did most often.
    pub times: u32,
    /// When the next of them goes again.
    pub again: Option<Timestamp>,
}

impl Rows<'_> {
    /// How often a message that was sent to a mailbox came back before; `None` where it is not kept any more, waits to
    /// go again, or is not to. Providers change the case of addresses.
    pub fn times_returned(
        &self,
        message_id: &str,
        mailbox: &Mailbox,
    ) -> Result<Option<(i64, u32)>, AlbumError> {
        // CROSS: the name first, of which there are few, and not all that was sent and is kept.
        let sql = "SELECT message, returned FROM outbox CROSS JOIN outbox_recipient ON outbox.id = message
             WHERE message_id = ?1 AND mailbox = ?2 COLLATE NOCASE AND kind <> 'notice' AND state = 'sent'
             AND (destination IS NULL OR destination IN (SELECT id FROM destination WHERE state IN ('queued', 'sent')))";
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let mut query = self.0.prepare_cached(sql)?;
        Ok(query
            .query_row(params![message_id, mailbox.as_str()], row)
            .optional()?)
    }

    /// Puts a message that came back into the outbox again, for one mailbox.
    pub fn send_again(
        &self,
        message: i64,
        mailbox: &Mailbox,
        at: Timestamp,
        error: &str,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'queued', tries = 0, next_try = ?3, error = ?4, returned = returned + 1
             WHERE message = ?1 AND mailbox = ?2 COLLATE NOCASE AND state = 'sent'",
            params![message, mailbox.as_str(), at.unix(), error],
        )?;
        Ok(())
    }

    /// How it stands with what came back from a destination.
    pub fn returned(&self, destination: i64) -> Result<Returned, AlbumError> {
        let sql =
            "SELECT coalesce(max(returned), 0), min(CASE WHEN state = 'queued' THEN next_try END)
             FROM outbox_recipient WHERE destination = ?1 AND returned > 0";
        Ok(self.0.query_row(sql, [destination], |row| {
            let again: Option<i64> = row.get(1)?;
            Ok(Returned {
                times: row.get(0)?,
                again: again.map(Timestamp::from_unix),
            })
        })?)
    }

    /// A destination is given something newer: the letter before it does not go out any more, nor again.
    pub(super) fn replace_letter(&self, destination: i64) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM outbox_recipient WHERE destination = ?1
             AND message IN (SELECT id FROM outbox WHERE kind = 'letter')",
            [destination],
        )?;
        Ok(())
    }

    /// The letters that wait for a destination: messages, and the mailboxes.
    pub fn letters_queued(&self, destination: i64) -> Result<Vec<(i64, Mailbox)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT message, mailbox FROM outbox_recipient JOIN outbox ON outbox.id = message
             WHERE destination = ?1 AND kind = 'letter' AND state = 'queued' ORDER BY message",
        )?;
        let row = |row: &rusqlite::Row<'_>| Ok((row.get("message")?, parsed(row, "mailbox")?));
        let rows = query.query_map([destination], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A letter that waited for a destination, and was replaced by a newer one, goes out all the same.
    pub fn queue_letter_still(
        &self,
        message: i64,
        mailbox: &Mailbox,
        destination: i64,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO outbox_recipient (message, mailbox, destination, state) VALUES (?1, ?2, ?3, 'queued')",
            params![message, mailbox.as_str(), destination],
        )?;
        Ok(())
    }

    /// Messages with parts that a destination is not to have any more do not go out to it, nor again. Gives the parts
    /// that it is to have and that waited in one of them.
    pub fn keep_back_parts(
        &self,
        destination: i64,
        expected: &BTreeSet<Digest>,
    ) -> Result<BTreeSet<Digest>, AlbumError> {
        let sql = "SELECT message, state = 'queued' FROM outbox_recipient JOIN outbox ON outbox.id = message
             WHERE destination = ?1 AND kind = 'parts' AND state IN ('queued', 'sent')";
        let messages: Vec<(i64, bool)> = self
            .0
            .prepare_cached(sql)?
            .query_map([destination], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<Result<_, _>>()?;
        let mut held_back = BTreeSet::new();
        for (message, waited) in messages {
            let parts: BTreeSet<Digest> = self
                .0
                .prepare_cached("SELECT digest FROM outbox_part WHERE message = ?1")?
                .query_map([message], |row| parsed(row, "digest"))?
                .collect::<Result<_, _>>()?;
            if parts.is_subset(expected) {
                continue;
            }
            self.0.execute(
                "UPDATE outbox_recipient SET state = 'failed', error = 'replaced'
                 WHERE message = ?1 AND destination = ?2",
                [message, destination],
            )?;
            if waited {
                held_back.extend(parts.intersection(expected));
            }
        }
        Ok(held_back)
    }

    /// What waits for a destination is due at once.
    pub fn try_now(&self, destination: i64) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET next_try = 0 WHERE destination = ?1 AND state = 'queued'",
            [destination],
        )?;
        Ok(())
    }

    /// What was given up on of a destination, or waits for it, makes room for the same anew.
    pub fn forget_unsent(&self, destination: i64) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM outbox_recipient WHERE destination = ?1 AND state <> 'sent'",
            [destination],
        )?;
        Ok(())
    }

    /// A destination has answered: what waits for it, or is to go again, does not go any more.
    pub(super) fn keep_back_queued(&self, destination: i64) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'sent', error = NULL
             WHERE destination = ?1 AND state = 'queued'",
            [destination],
        )?;
        Ok(())
    }

    /// Forgets messages of which nothing waits, and which cannot come back any more.
    pub fn clear_outbox(&self, now: Timestamp) -> Result<(), AlbumError> {
        let waits = "SELECT message FROM outbox_recipient WHERE state = 'queued'
            UNION SELECT mine.message FROM outbox_recipient AS mine JOIN outbox_recipient AS other
                ON other.destination = mine.destination WHERE other.state = 'queued'";
        let may_return = "state = 'sent'
            AND (destination IS NULL OR destination IN (SELECT id FROM destination WHERE state IN ('queued', 'sent')))
            AND EXISTS (SELECT 1 FROM outbox JOIN sent USING (message_id) WHERE outbox.id = outbox_recipient.message
                AND sent.mailbox = outbox_recipient.mailbox AND kind <> 'notice' AND sent.at > ?1)";
        self.0
            .prepare_cached(&format!(
                "DELETE FROM outbox_recipient WHERE message NOT IN ({waits}) AND NOT ({may_return})"
            ))?
            .execute([now.minus_seconds(KEPT).unix()])?;
        for (table, id) in [("outbox_part", "message"), ("outbox", "id")] {
            let sql = format!(
                "DELETE FROM {table} WHERE {id} NOT IN (SELECT message FROM outbox_recipient)"
            );
            self.0.prepare_cached(&sql)?.execute([])?;
        }
        Ok(())
    }
}
