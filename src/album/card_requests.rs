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

    /// The mailbox to which the card-request with that nonce went, where it is not answered yet.
    pub fn card_requested(&self, nonce: Id) -> Result<Option<Mailbox>, AlbumError> {
        let sql = "SELECT mailbox FROM card_request WHERE nonce = ?1";
        let mut query = self.0.prepare_cached(sql)?;
        let found = query.query_row([nonce.to_string()], |row| parsed(row, "mailbox"));
        Ok(found.optional()?)
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

    /// The card-request with that nonce is answered, or asked once more.
    pub fn end_card_request(&self, nonce: Id) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM card_request WHERE nonce = ?1",
            [nonce.to_string()],
        )?;
        Ok(())
    }

    /// Something came with the nonce of a card-request that does not answer it: the nonce has served, and the household was
    /// asked all the same. `other`: a nonce that nobody was told.
    pub fn spend_card_request(&self, nonce: Id, other: Id) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE card_request SET nonce = ?2 WHERE nonce = ?1",
            params![nonce.to_string(), other.to_string()],
        )?;
        Ok(())
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
