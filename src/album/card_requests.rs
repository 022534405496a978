//! Households that were asked to introduce themselves and have not answered: by whose nonce, since when, and what the mail
//! met on its way.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows, parsed, time};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::Id;

/// A card-request without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardRequested {
    /// Who was asked.
    pub mailbox: Mailbox,
    /// When.
    pub sent: Timestamp,
    /// Why the mail did not arrive, or perhaps did not, in words.
    pub trouble: Option<String>,
}

impl Rows<'_> {
    /// Notes a card-request that goes out in a mail of that name.
    pub fn put_card_request(
        &self,
        nonce: Id,
        mailbox: &Mailbox,
        message_id: &str,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO card_request (nonce, mailbox, sent, message_id, trouble) VALUES (?1, ?2, ?3, ?4, NULL)",
            params![nonce.to_string(), mailbox.as_str(), now.unix(), message_id],
        )?;
        Ok(())
    }

    /// The mailbox that a card's nonce was sent to; it is used up by this.
    pub fn take_card_request(&self, nonce: Id) -> Result<Option<Mailbox>, AlbumError> {
        let text: Option<String> = self
            .0
            .query_row(
                "DELETE FROM card_request WHERE nonce = ?1 RETURNING mailbox",
                [nonce.to_string()],
                |row| row.get(0),
            )
            .optional()?;
        Ok(text.and_then(|text| text.parse().ok()))
    }

    /// Takes a card-request out of the outbox, if it has not gone out.
    pub fn cancel_card_request(&self, nonce: Id) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'failed', error = 'taken back'
             WHERE state = 'queued' AND message IN (SELECT outbox.id FROM card_request
                JOIN outbox ON outbox.message_id = card_request.message_id WHERE nonce = ?1)",
            [nonce.to_string()],
        )?;
        Ok(())
    }

    /// Whether a nonce belongs to a card-request that is not answered yet.
    pub fn is_card_requested(&self, nonce: Id) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM card_request WHERE nonce = ?1)";
        Ok(self
            .0
            .query_row(sql, [nonce.to_string()], |row| row.get(0))?)
    }

    /// The newest card-request to each mailbox that did not answer it, oldest first.
    pub fn card_requests(&self) -> Result<Vec<CardRequested>, AlbumError> {
        // With max(), the other columns are of the row that has it.
        let sql = "SELECT mailbox, max(sent) AS sent, trouble FROM card_request GROUP BY mailbox ORDER BY sent, mailbox";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([], |row| {
            Ok(CardRequested {
                mailbox: parsed(row, "mailbox")?,
                sent: time(row, "sent")?,
                trouble: row.get("trouble")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes what a card-request met on its way, the mail of that name. Only where nothing is noted yet, unless
    /// `stronger`. Providers change the case of addresses.
    pub fn set_card_request_trouble(
        &self,
        message_id: &str,
        mailbox: &Mailbox,
        words: &str,
        stronger: bool,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE card_request SET trouble = ?3
             WHERE message_id = ?1 AND mailbox = ?2 COLLATE NOCASE AND (?4 OR trouble IS NULL)",
            params![message_id, mailbox.as_str(), words, stronger],
        )?;
        Ok(())
    }

    /// Forgets that a mailbox was asked; gives whether it was.
    pub fn forget_card_requests(&self, mailbox: &Mailbox) -> Result<bool, AlbumError> {
        let sql = "DELETE FROM card_request WHERE mailbox = ?1";
        Ok(self.0.execute(sql, [mailbox.as_str()])? > 0)
    }
}
