//! What waits for a household that has moved goes to the mailbox where it is now: the rows are the same, and the mailbox
//! another.

use rusqlite::{Row, params};

use super::{AlbumError, Answer, Rows, parsed};
use crate::address::Mailbox;
use crate::envelope::Fingerprint;
use crate::message::mime::readdressed;

/// Of a letter that went out nobody may have fetched it; of parts the same, but who has the letter asks for those.
const UNSENT: &str =
    "(outbox_recipient.state = 'queued' OR (outbox_recipient.state = 'sent' AND kind = 'letter'";

impl Rows<'_> {
    /// The mailboxes that a household is known to have left.
    pub fn former_mailboxes(&self, who: Fingerprint) -> Result<Vec<Mailbox>, AlbumError> {
        let sql = "SELECT mailbox FROM former_mailbox WHERE contact = ?1 ORDER BY mailbox";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([who.to_string()], |row| parsed(row, "mailbox"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a household was given from here and waits to go to another mailbox than this one, or went there as a letter that
    /// nobody has answered: messages, and the mailboxes.
    pub fn given_elsewhere(
        &self,
        who: Fingerprint,
        than: &Mailbox,
    ) -> Result<Vec<(i64, Mailbox)>, AlbumError> {
        let mut query = self.0.prepare_cached(&format!(
            "SELECT message, outbox_recipient.mailbox FROM destination
             JOIN outbox_recipient ON outbox_recipient.destination = destination.id
             JOIN outbox ON outbox.id = message
             WHERE contact = ?1 AND outbox_recipient.mailbox <> ?2
                AND {UNSENT} AND destination.state IN ('queued', 'sent')))
             ORDER BY message"
        ))?;
        let row = |row: &Row<'_>| Ok((row.get("message")?, parsed(row, "mailbox")?));
        let rows = query.query_map(params![who.to_string(), than.as_str()], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The same of what is passed on to a mailbox for whoever granted a holding: messages.
    pub fn carried_to(&self, holding: i64, mailbox: &Mailbox) -> Result<Vec<i64>, AlbumError> {
        let mut query = self.0.prepare_cached(&format!(
            "SELECT message FROM outbox_recipient JOIN outbox ON outbox.id = message
             WHERE carried = ?1 AND mailbox = ?2 AND {UNSENT})) ORDER BY message"
        ))?;
        let rows = query.query_map(params![holding, mailbox.as_str()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The parts that wait to go to a mailbox where somebody asked for them.
    pub fn answers_waiting_for(&self, mailbox: &Mailbox) -> Result<Vec<Answer>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT message, mailbox, asked FROM outbox_recipient
             WHERE mailbox = ?1 AND asked IS NOT NULL AND state = 'queued' ORDER BY message",
        )?;
        let rows = query.query_map([mailbox.as_str()], Answer::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The letters that wait to go to a mailbox and are of no share that was given there: messages with their mails.
    pub fn letters_waiting_for(
        &self,
        mailbox: &Mailbox,
    ) -> Result<Vec<(i64, Vec<u8>)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT message, body FROM outbox_recipient JOIN outbox ON outbox.id = message
             WHERE mailbox = ?1 AND kind = 'letter' AND state = 'queued' AND body IS NOT NULL
                AND destination IS NULL AND carried IS NULL AND asked IS NULL
             ORDER BY message",
        )?;
        let row = |row: &Row<'_>| Ok((row.get("message")?, row.get("body")?));
        let rows = query.query_map([mailbox.as_str()], row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A message goes to one mailbox instead of another, at once. A letter says so in its header, which nothing is bound to.
    pub fn readdress(&self, message: i64, from: &Mailbox, to: &Mailbox) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE OR IGNORE outbox_recipient
             SET mailbox = ?3, state = 'queued', tries = 0, next_try = 0, error = NULL
             WHERE message = ?1 AND mailbox = ?2 AND state IN ('queued', 'sent')",
            params![message, from.as_str(), to.as_str()],
        )?;
        let body: Option<Vec<u8>> = self.0.query_row(
            "SELECT iif(kind = 'letter', body, NULL) FROM outbox WHERE id = ?1",
            [message],
            |row| row.get(0),
        )?;
        if let Some(mail) = body.and_then(|mail| readdressed(&mail, to)) {
            self.0.execute(
                "UPDATE outbox SET body = ?2, size = ?3 WHERE id = ?1",
                params![message, mail, mail.len() as u64],
            )?;
        }
        Ok(())
    }
}
