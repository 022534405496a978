//! Rows yet to be submitted. A row is frozen: a resend is the same bytes. What goes to one mailbox may go there for several
//! reasons, and each ends by itself.

use rusqlite::{Row, params};

use super::{AlbumError, Rows, ders, parsed, time};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint};
use crate::message::mime::Outer;
use crate::message::parts::PartsMessage;

/// What is to be sent.
#[derive(Debug, Clone)]
pub enum QueuedBody {
    /// A letter or notice, whole.
    Whole(Vec<u8>),
    /// A frame whose parts are streamed from the blob folder.
    Parts(PartsMessage),
}

/// A message with the recipients that are due.
#[derive(Debug, Clone)]
pub struct OutboxMessage {
    /// Row id.
    pub id: i64,
    /// What it is called in its header.
    pub message_id: String,
    /// Its bytes, or where they are.
    pub body: QueuedBody,
    /// How many.
    pub size: u64,
    /// The share, where its state follows.
    pub share: Option<i64>,
    /// To whom it is due.
    pub recipients: Vec<OutboxRecipient>,
}

/// Why something goes to a mailbox: where that ends, it does not go any more, and nothing else stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// No share that could be taken back.
    Itself,
    /// It was given there from here: the destination, whose state follows.
    Given(i64),
    /// It is passed on for whoever granted that holding.
    Carried(i64),
    /// The household there asked for it: DERs of the permits that it showed, origin first.
    Asked(Vec<Vec<u8>>),
}

/// Parts that are on their way to a household that asked for them.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The message.
    pub message: i64,
    /// To whom.
    pub mailbox: Mailbox,
    /// As in [`Reason::Asked`]; empty where an older version did not note it.
    pub chain: Vec<Vec<u8>>,
}

impl Answer {
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Answer {
            message: row.get("message")?,
            mailbox: parsed(row, "mailbox")?,
            chain: ders::split(&row.get::<_, Vec<u8>>("asked")?),
        })
    }
}

/// One recipient of a message.
#[derive(Debug, Clone)]
pub struct OutboxRecipient {
    /// Where.
    pub mailbox: Mailbox,
    /// Why.
    pub reason: Reason,
    /// How often it was tried.
    pub tries: u32,
    /// How often a full mailbox sent it back.
    pub returned: u32,
}

impl Reason {
    /// Something for a destination, if there is one.
    pub fn of(destination: Option<i64>) -> Self {
        destination.map_or(Reason::Itself, Reason::Given)
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let (destination, carried) = (row.get("destination")?, row.get("carried")?);
        let asked: Option<Vec<u8>> = row.get("asked")?;
        Ok(match (destination, carried, asked) {
            (Some(id), _, _) => Reason::Given(id),
            (_, Some(holding), _) => Reason::Carried(holding),
            (_, _, Some(chain)) => Reason::Asked(ders::split(&chain)),
            _ => Reason::Itself,
        })
    }
}

impl OutboxRecipient {
    /// Whose state follows.
    pub fn destination(&self) -> Option<i64> {
        match self.reason {
            Reason::Given(id) => Some(id),
            _ => None,
        }
    }
}

impl Rows<'_> {
    /// Queues a whole message; gives its row id. `kind` is `letter` or `notice`.
    pub fn queue_whole(
        &self,
        kind: &str,
        message_id: &str,
        body: &[u8],
        share: Option<i64>,
        to: &[(Mailbox, Reason)],
        now: Timestamp,
    ) -> Result<i64, AlbumError> {
        self.0.execute(
            "INSERT INTO outbox (kind, message_id, date, body, size, share) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![kind, message_id, now.unix(), body, body.len() as u64, share],
        )?;
        self.add_recipients(to)
    }

    /// Queues a message of parts; gives its row id.
    pub fn queue_parts(
        &self,
        message: &PartsMessage,
        share: i64,
        to: &[(Mailbox, Reason)],
    ) -> Result<i64, AlbumError> {
        self.0.execute(
            "INSERT INTO outbox (kind, message_id, date, body, size, share) VALUES ('parts', ?1, ?2, NULL, ?3, ?4)",
            params![message.outer.message_id, message.outer.date.unix(), message.size(), share],
        )?;
        let id = self.0.last_insert_rowid();
        for (position, (digest, len)) in message.parts.iter().enumerate() {
            self.0.execute(
                "INSERT INTO outbox_part (message, position, digest, len) VALUES (?1, ?2, ?3, ?4)",
                params![id, position as i64, digest.to_string(), len],
            )?;
        }
        self.add_recipients_to(id, to)
    }

    fn add_recipients(&self, to: &[(Mailbox, Reason)]) -> Result<i64, AlbumError> {
        self.add_recipients_to(self.0.last_insert_rowid(), to)
    }

    fn add_recipients_to(&self, id: i64, to: &[(Mailbox, Reason)]) -> Result<i64, AlbumError> {
        for (mailbox, reason) in to {
            let (mut destination, mut carried, mut asked) = (None, None, None);
            match reason {
                Reason::Itself => {}
                Reason::Given(id) => destination = Some(id),
                Reason::Carried(holding) => carried = Some(holding),
                Reason::Asked(chain) => asked = Some(ders::join(chain)),
            }
            self.0.execute(
                "INSERT INTO outbox_recipient (message, mailbox, destination, carried, asked, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, 'queued')",
                params![id, mailbox.as_str(), destination, carried, asked],
            )?;
        }
        Ok(id)
    }

    /// Ids of the messages with a recipient that is due, oldest first: letters stand before the parts they announce.
    /// What would wait longer than `longest` was put off by a clock that was ahead, and is due.
    pub fn due_messages(&self, now: Timestamp, longest: u64) -> Result<Vec<i64>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT DISTINCT message FROM outbox_recipient
             WHERE state = 'queued' AND (next_try <= ?1 OR next_try > ?2) ORDER BY message",
        )?;
        let ahead = now.plus_seconds(longest).unix();
        let rows = query.query_map([now.unix(), ahead], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the next recipient that is put off is due, after `now`.
    pub fn next_try_after(&self, now: Timestamp) -> Result<Option<Timestamp>, AlbumError> {
        let sql =
            "SELECT min(next_try) FROM outbox_recipient WHERE state = 'queued' AND next_try > ?1";
        let next: Option<i64> = self.0.query_row(sql, [now.unix()], |row| row.get(0))?;
        Ok(next.map(Timestamp::from_unix))
    }

    /// A message with the recipients that are due, as [`Rows::due_messages`] counts. `from` is this household's mailbox.
    pub fn outbox_message(
        &self,
        id: i64,
        from: &Mailbox,
        now: Timestamp,
        longest: u64,
    ) -> Result<OutboxMessage, AlbumError> {
        let recipients = self
            .0
            .prepare_cached(
                "SELECT mailbox, destination, carried, asked, tries, returned FROM outbox_recipient
                 WHERE message = ?1 AND state = 'queued' AND (next_try <= ?2 OR next_try > ?3) ORDER BY mailbox",
            )?
            .query_map([id, now.unix(), now.plus_seconds(longest).unix()], |row| {
                Ok(OutboxRecipient {
                    mailbox: parsed(row, "mailbox")?,
                    reason: Reason::from_row(row)?,
                    tries: row.get("tries")?,
                    returned: row.get("returned")?,
                })
            })?
            .collect::<Result<Vec<_>, _>>()?;
        let parts = self
            .0
            .prepare_cached(
                "SELECT digest, len FROM outbox_part WHERE message = ?1 ORDER BY position",
            )?
            .query_map([id], |row: &Row<'_>| {
                Ok((parsed::<Digest>(row, "digest")?, row.get("len")?))
            })?
            .collect::<Result<Vec<(Digest, u64)>, _>>()?;
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM outbox WHERE id = ?1")?;
        Ok(query.query_row([id], |row| {
            let body: Option<Vec<u8>> = row.get("body")?;
            let body = match body {
                Some(body) => QueuedBody::Whole(body),
                None => QueuedBody::Parts(PartsMessage {
                    outer: Outer {
                        message_id: row.get("message_id")?,
                        date: time(row, "date")?,
                        from: from.clone(),
                        to: None,
                    },
                    parts: parts.clone(),
                }),
            };
            Ok(OutboxMessage {
                id,
                message_id: row.get("message_id")?,
                body,
                size: row.get("size")?,
                share: row.get("share")?,
                recipients: recipients.clone(),
            })
        })?)
    }

    /// Notes that the provider took the message for a recipient. What was taken back meanwhile stays so, and is not sent
    /// again where it comes back.
    pub fn set_recipient_sent(&self, message: i64, mailbox: &Mailbox) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'sent', error = NULL
             WHERE message = ?1 AND mailbox = ?2 AND state = 'queued'",
            params![message, mailbox.as_str()],
        )?;
        Ok(())
    }

    /// Whether a message has not gone to a recipient yet, and is to.
    pub fn recipient_waits(&self, message: i64, mailbox: &Mailbox) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM outbox_recipient
                WHERE message = ?1 AND mailbox = ?2 AND state = 'queued')",
            params![message, mailbox.as_str()],
            |row| row.get(0),
        )?)
    }

    /// Notes that a recipient is to be tried again.
    pub fn defer_recipient(
        &self,
        message: i64,
        mailbox: &Mailbox,
        next_try: Timestamp,
        error: &str,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET tries = tries + 1, next_try = ?3, error = ?4
             WHERE message = ?1 AND mailbox = ?2 AND state = 'queued'",
            params![message, mailbox.as_str(), next_try.unix(), error],
        )?;
        Ok(())
    }

    /// Lets a recipient wait without counting it as a try.
    pub fn put_off_recipient(
        &self,
        message: i64,
        mailbox: &Mailbox,
        next_try: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET next_try = ?3 WHERE message = ?1 AND mailbox = ?2 AND state = 'queued'",
            params![message, mailbox.as_str(), next_try.unix()],
        )?;
        Ok(())
    }

    /// Says of everything that waits why it does.
    pub fn explain_queued(&self, error: &str) -> Result<(), AlbumError> {
        let sql = "UPDATE outbox_recipient SET error = ?1 WHERE state = 'queued'";
        self.0.execute(sql, [error])?;
        Ok(())
    }

    /// Gives up on a recipient: this message, and whatever else waits for the same destination.
    pub fn fail_recipient(
        &self,
        message: i64,
        mailbox: &Mailbox,
        destination: Option<i64>,
        error: &str,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'failed', error = ?4
             WHERE state = 'queued' AND ((message = ?1 AND mailbox = ?2) OR destination = ?3)",
            params![message, mailbox.as_str(), destination, error],
        )?;
        Ok(())
    }

    /// Takes what goes to a destination out of the outbox; what went out does not go again.
    pub fn cancel_given(&self, destination: i64) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'failed', error = 'taken back'
             WHERE destination = ?1 AND state IN ('queued', 'sent')",
            [destination],
        )?;
        Ok(())
    }

    /// As [`Rows::cancel_given`], of all that one household was given from here, whatever its mailbox is now.
    pub fn cancel_all_given(&self, contact: Fingerprint) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'failed', error = 'taken back'
             WHERE destination IN (SELECT id FROM destination WHERE contact = ?1) AND state IN ('queued', 'sent')",
            [contact.to_string()],
        )?;
        Ok(())
    }

    /// As [`Rows::cancel_given`], of what is passed on to a household for whoever granted a holding: at the mailbox where it
    /// is, and at those that it has left.
    pub fn cancel_carried(
        &self,
        holding: i64,
        who: Fingerprint,
        mailbox: &Mailbox,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'failed', error = 'taken back'
             WHERE carried = ?1 AND state IN ('queued', 'sent') AND (mailbox = ?3
                OR mailbox IN (SELECT mailbox FROM former_mailbox WHERE contact = ?2
                    EXCEPT SELECT mailbox FROM relay_job WHERE holding = ?1 AND household <> ?2))",
            params![holding, who.to_string(), mailbox.as_str()],
        )?;
        Ok(())
    }

    /// As [`Rows::cancel_given`], of parts that were asked for.
    pub fn cancel_answer(&self, answer: &Answer) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE outbox_recipient SET state = 'failed', error = 'taken back' WHERE message = ?1 AND mailbox = ?2",
            params![answer.message, answer.mailbox.as_str()],
        )?;
        Ok(())
    }

    /// The parts of a share that go, or went, to whoever asked for them.
    pub fn answers(&self, share: i64) -> Result<Vec<Answer>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT message, mailbox, asked FROM outbox_recipient JOIN outbox ON outbox.id = message
             WHERE share = ?1 AND asked IS NOT NULL AND state IN ('queued', 'sent')",
        )?;
        let rows = query.query_map([share], Answer::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a part waits in the outbox for a mailbox.
    pub fn part_is_queued_for(
        &self,
        digest: Digest,
        mailbox: &Mailbox,
    ) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM outbox_part JOIN outbox_recipient USING (message)
                WHERE digest = ?1 AND mailbox = ?2 AND state = 'queued')",
            params![digest.to_string(), mailbox.as_str()],
            |row| row.get(0),
        )?)
    }

    /// The error that a queued recipient of a destination last met.
    pub fn outbox_error(&self, destination: i64) -> Result<Option<String>, AlbumError> {
        // By the destination, which has few of them: with the line down, nearly all that there is is queued.
        let sql =
            "SELECT max(error) FROM outbox_recipient WHERE destination = ?1 AND +state = 'queued'";
        Ok(self.0.query_row(sql, [destination], |row| row.get(0))?)
    }

    /// How many mails wait to go out, each mailbox counted, by what each met last.
    pub fn waiting(&self) -> Result<Vec<(u64, Option<String>)>, AlbumError> {
        let sql = "SELECT count(*), error FROM outbox_recipient WHERE state = 'queued' GROUP BY error ORDER BY error";
        let mut statement = self.0.prepare_cached(sql)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether anything still waits to go out to a destination. What was replaced, taken back or given up on does not.
    pub fn waits_for(&self, destination: i64) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM outbox_recipient WHERE destination = ?1 AND state = 'queued')",
            [destination],
            |row| row.get(0),
        )?)
    }

    /// Whether any queued message carries that part.
    pub fn part_is_queued(&self, digest: Digest) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM outbox_part JOIN outbox_recipient USING (message)
                WHERE digest = ?1 AND state = 'queued')",
            [digest.to_string()],
            |row| row.get(0),
        )?)
    }
}
