//! The outbox goes out: each message in one transaction for all its mailboxes, each mailbox with its own state.
//!
//! At least once: what the provider may have taken is sent again, byte for byte, and folded by its digests over there.

use std::io::{self, Read};

use super::{Fault, Household};
use crate::address::Mailbox;
use crate::album::{Blobs, DestinationState, OutboxMessage, QueuedBody, Rows};
use crate::encoding::{Timestamp, base64_body, encoded_body_len};
use crate::message::parts::{PartsMessage, Segment, bundle};
use crate::submission::{Answer, Connection, Outcome, SubmissionError};

/// First wait after a failed try, in seconds; it doubles up to the longest.
const FIRST_WAIT: u64 = 60;
/// Longest wait between two tries.
const LONGEST_WAIT: u64 = 6 * 3_600;
/// After so many tries, about four days, a destination has failed.
const MAX_TRIES: u32 = 24;
/// How much of a part is encoded at once: whole base64 lines.
const PIECE: usize = 57 * 1_150;

/// What one pass submitted.
#[derive(Debug, Default)]
pub struct Submitted {
    /// Messages that the provider took for at least one mailbox.
    pub messages: u64,
    /// What stopped the pass, in words.
    pub trouble: Option<String>,
}

impl Household {
    /// Submits everything that is due.
    pub async fn submit(&mut self, now: Timestamp) -> Result<Submitted, Fault> {
        let mut done = Submitted::default();
        let due = self.album.rows().due_messages(now, LONGEST_WAIT)?;
        if due.is_empty() {
            return Ok(done);
        }
        let account = match self.smtp_account_to_try().await {
            Ok(account) => account,
            Err(fault) => {
                done.trouble = Some(fault.message);
                return Ok(done);
            }
        };
        let mut connection = match Connection::open(&account).await {
            Ok(connection) => connection,
            Err(error) => {
                self.refused.note_smtp(&account, &error);
                done.trouble = Some(error.to_string());
                self.note_trouble(&due, &error, now)?;
                return Ok(done);
            }
        };
        for id in due {
            let message =
                self.album
                    .rows()
                    .outbox_message(id, &self.config.mailbox, now, LONGEST_WAIT)?;
            if message.recipients.is_empty() {
                continue;
            }
            match self.submit_one(&mut connection, &message, now).await? {
                Ok(sent) => done.messages += u64::from(sent),
                Err(error) => {
                    tracing::warn!(message = id, %error, "submission stopped");
                    done.trouble = Some(error.to_string());
                    break;
                }
            }
        }
        if connection.is_usable() {
            connection.close().await;
        }
        self.album
            .commit(|rows| Ok::<_, Fault>(rows.clear_outbox()?))?;
        Ok(done)
    }

    /// Whether a message is due that was not tried.
    pub(super) fn has_due(&self, now: Timestamp) -> Result<bool, Fault> {
        Ok(!self
            .album
            .rows()
            .due_messages(now, LONGEST_WAIT)?
            .is_empty())
    }

    /// Submits one message, in as many transactions as the provider's recipient limit asks for. Inner error: the
    /// connection is of no more use.
    async fn submit_one(
        &mut self,
        connection: &mut Connection,
        message: &OutboxMessage,
        now: Timestamp,
    ) -> Result<Result<bool, SubmissionError>, Fault> {
        let mut any = false;
        if let QueuedBody::Parts(parts) = &message.body
            && !parts
                .parts
                .iter()
                .all(|(digest, _)| self.album.blobs().has_part(*digest))
        {
            let words = "its sealed parts are not here any more; share it again";
            self.album.commit(|rows| {
                for recipient in &message.recipients {
                    fail(
                        rows,
                        message,
                        &recipient.mailbox,
                        recipient.destination,
                        words,
                        now,
                    )?;
                }
                Ok::<_, Fault>(())
            })?;
            return Ok(Ok(false));
        }
        let from = self.config.mailbox.clone();
        for recipients in message
            .recipients
            .chunks(self.config.smtp.max_recipients as usize)
        {
            let to: Vec<Mailbox> = recipients.iter().map(|r| r.mailbox.clone()).collect();
            let answers = match &message.body {
                QueuedBody::Whole(bytes) => {
                    let body = std::iter::once(Ok(bytes.as_slice()));
                    connection.submit(&from, &to, message.size, body).await
                }
                QueuedBody::Parts(parts) => {
                    let body = Body::new(parts, self.album.blobs().clone());
                    connection.submit(&from, &to, message.size, body).await
                }
            };
            match answers {
                Ok(answers) => {
                    any |= answers.iter().any(|answer| answer.outcome == Outcome::Sent);
                    self.album
                        .commit(|rows| note_answers(rows, message, &answers, now))?;
                }
                Err(SubmissionError::TooLarge { size, limit }) => {
                    // The smaller ones go to all mailboxes, also to those of the other transactions.
                    self.cut_smaller(message, size, limit, now)?;
                    return Ok(Ok(any));
                }
                Err(error) => {
                    self.album
                        .commit(|rows| defer_all(rows, message, &error, now))?;
                    return Ok(Err(error));
                }
            }
        }
        Ok(Ok(any))
    }

    /// The provider takes less than the budget: a bundle of parts is cut into smaller ones, anything else has failed.
    fn cut_smaller(
        &mut self,
        message: &OutboxMessage,
        size: u64,
        limit: u64,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let words = format!("one message has {size} bytes and the provider takes {limit}");
        self.album.commit(|rows| {
            let recipients: Vec<_> = message
                .recipients
                .iter()
                .map(|r| (r.mailbox.clone(), r.destination))
                .collect();
            if let (QueuedBody::Parts(parts), Some(share)) = (&message.body, message.share)
                && parts.parts.len() > 1
            {
                for smaller in bundle(parts.parts.clone(), limit.saturating_sub(limit / 20)) {
                    if smaller.len() == parts.parts.len() {
                        break;
                    }
                    let outer =
                        crate::message::mime::Outer::new(parts.outer.from.clone(), None, now);
                    rows.queue_parts(
                        &PartsMessage {
                            outer,
                            parts: smaller,
                        },
                        share,
                        &recipients,
                    )?;
                }
                for (mailbox, _) in &recipients {
                    rows.set_recipient_sent(message.id, mailbox)?;
                }
                return Ok(());
            }
            for (mailbox, destination) in &recipients {
                fail(rows, message, mailbox, *destination, &words, now)?;
            }
            Ok(())
        })
    }

    /// The provider could not be reached or turned us away: everything due waits, and says why.
    fn note_trouble(
        &mut self,
        due: &[i64],
        error: &SubmissionError,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let from = self.config.mailbox.clone();
        self.album.commit(|rows| {
            for &id in due {
                let message = rows.outbox_message(id, &from, now, LONGEST_WAIT)?;
                defer_all(rows, &message, error, now)?;
            }
            Ok(())
        })
    }
}

fn note_answers(
    rows: Rows<'_>,
    message: &OutboxMessage,
    answers: &[Answer],
    now: Timestamp,
) -> Result<(), Fault> {
    for answer in answers {
        let Some(recipient) = message.recipients.iter().find(|r| r.mailbox == answer.to) else {
            continue;
        };
        match &answer.outcome {
            Outcome::Sent => {
                rows.set_recipient_sent(message.id, &answer.to)?;
                if let Some(id) = recipient.destination
                    && rows.all_sent(id)?
                    && let Some(destination) = rows.destination(id)?
                    && destination.state == DestinationState::Queued
                {
                    rows.set_destination_state(id, DestinationState::Sent, None, now)?;
                }
            }
            Outcome::Deferred { code, text } => {
                let words = format!(
                    "{} said {code} {text}; it is tried again",
                    answer.to.domain()
                );
                defer(rows, message, &answer.to, recipient.tries, &words, now)?;
            }
            Outcome::Rejected { code, text } => {
                let words = format!("the provider does not take it: {code} {text}");
                fail(
                    rows,
                    message,
                    &answer.to,
                    recipient.destination,
                    &words,
                    now,
                )?;
            }
        }
    }
    Ok(())
}

/// The whole message waits. Trouble with our own provider is no household's fault and gives up on none, however long it
/// lasts; only what may have gone out already is sent again a bounded number of times.
fn defer_all(
    rows: Rows<'_>,
    message: &OutboxMessage,
    error: &SubmissionError,
    now: Timestamp,
) -> Result<(), Fault> {
    let bounded = matches!(error, SubmissionError::Uncertain { .. });
    for recipient in &message.recipients {
        let tries = match bounded {
            true => recipient.tries,
            false => recipient.tries.min(MAX_TRIES - 1),
        };
        let words = error.to_string();
        defer(rows, message, &recipient.mailbox, tries, &words, now)?;
    }
    Ok(())
}

fn defer(
    rows: Rows<'_>,
    message: &OutboxMessage,
    mailbox: &Mailbox,
    tries: u32,
    words: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    if tries >= MAX_TRIES {
        let recipient = message.recipients.iter().find(|r| r.mailbox == *mailbox);
        let destination = recipient.and_then(|r| r.destination);
        return fail(rows, message, mailbox, destination, words, now);
    }
    let wait = FIRST_WAIT
        .saturating_mul(1 << tries.min(12))
        .min(LONGEST_WAIT);
    Ok(rows.defer_recipient(message.id, mailbox, now.plus_seconds(wait), words)?)
}

fn fail(
    rows: Rows<'_>,
    message: &OutboxMessage,
    mailbox: &Mailbox,
    destination: Option<i64>,
    words: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    rows.fail_recipient(message.id, mailbox, destination, words)?;
    if let Some(id) = destination {
        rows.set_destination_state(id, DestinationState::Failed, Some(words), now)?;
    }
    Ok(())
}

/// The bytes of a message of parts, made as they are sent.
struct Body {
    segments: std::vec::IntoIter<Segment>,
    blobs: Blobs,
    part: Option<(std::fs::File, u64)>,
    plain: Vec<u8>,
}

impl Body {
    fn new(message: &PartsMessage, blobs: Blobs) -> Self {
        Body {
            segments: message.segments().collect::<Vec<_>>().into_iter(),
            blobs,
            part: None,
            plain: vec![0; PIECE],
        }
    }

    fn piece(&mut self) -> io::Result<Option<Vec<u8>>> {
        if let Some((file, left)) = &mut self.part {
            let len = (*left).min(PIECE as u64) as usize;
            file.read_exact(&mut self.plain[..len])?;
            *left -= len as u64;
            if *left == 0 {
                self.part = None;
            }
            let mut encoded = Vec::with_capacity(encoded_body_len(len as u64) as usize);
            base64_body(&self.plain[..len], &mut encoded);
            return Ok(Some(encoded));
        }
        match self.segments.next() {
            None => Ok(None),
            Some(Segment::Text(text)) => Ok(Some(text.into_bytes())),
            Some(Segment::Part(digest)) => {
                let (file, len) = self
                    .blobs
                    .open_part(digest)
                    .map_err(|e| io::Error::other(e.to_string()))?;
                self.part = Some((file, len));
                self.piece()
            }
        }
    }
}

impl Iterator for Body {
    type Item = io::Result<Vec<u8>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.piece().transpose()
    }
}
