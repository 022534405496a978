//! The outbox goes out: each message in one transaction for all its mailboxes, each mailbox with its own state.
//!
//! At least once: what the provider may have taken is sent again, byte for byte, and folded by its digests over there.

mod answers;
mod begun;
pub(super) mod pace;
pub(super) mod streamed;

use std::collections::VecDeque;

use serde::Serialize;

pub(super) use self::answers::is_of_mailbox;
use self::answers::{defer_all, fail, note_all_sent, note_answers, too_much};

use self::pace::{Pace, Pause};
use self::streamed::Streamed;
use super::backup::awaits_mailbox;
use super::contacts::ended::ENDED_UNSENT;
use super::{Fault, Household, Now};
use crate::address::Mailbox;
use crate::album::{Contact, OutboxMessage, OutboxRecipient, QueuedBody, Reason, Rows};
use crate::encoding::Timestamp;
use crate::message::parts::{PartsMessage, bundle};
use crate::message::permit;
use crate::submission::{Connection, Outcome, SubmissionError};

/// Nothing waits longer: a provider counts by the day at most, and a full mailbox is tried sooner.
const LONGEST_PUT_OFF: u64 = 86_400;
/// What is said of parts that a full mailbox sent back, and that were let go of meanwhile.
const LETTER_ALONE: &str = "mailbox full; the letter goes again without its pictures, which are not here any more: \
    share them again where that household gets them from nobody else";

/// What one pass submitted.
#[derive(Debug, Default)]
pub struct Submitted {
    /// Messages that the provider took for at least one mailbox.
    pub messages: u64,
    /// What stopped the pass, in words.
    pub trouble: Option<String>,
    /// What the provider refused for good.
    pub refused: Vec<Unsent>,
}

/// A letter, or parts of a share, that the provider does not take for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unsent {
    /// Of which share, by its short name; `None`: of none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share: Option<String>,
    /// For whom.
    pub to: Mailbox,
    /// Why.
    pub reason: String,
}

/// What has not gone out yet, for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waits {
    /// How many mails: letters, parts and notices, each mailbox counted.
    pub count: u64,
    /// What was said when it was tried last; `None`: its time has not come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// How the pass goes on behind one message; `bool`: whether the provider took it for at least one mailbox.
enum Pass {
    On(bool),
    /// Nothing more goes out in this pass; what waits says why.
    Rests(bool),
    /// The connection is of no more use.
    Wrong(SubmissionError),
}

impl Household {
    /// Submits everything that is due.
    pub async fn submit(&mut self, now: Now) -> Result<Submitted, Fault> {
        let Now { now, floor, .. } = now;
        let mut done = Submitted::default();
        let due = self.album.rows().due_messages(now, LONGEST_PUT_OFF)?;
        if due.is_empty() || awaits_mailbox(self.album.rows())? {
            return Ok(done);
        }
        if let Err(full) = self.album.room_for(0) {
            done.trouble = Some(full.to_string());
            return Ok(done);
        }
        let mut pace = match Pace::begin(self.album.rows(), &self.config.smtp, now)? {
            Ok(pace) => pace,
            Err(words) => {
                self.album
                    .commit(|rows| Ok::<_, Fault>(rows.explain_queued(&words)?))?;
                return Ok(done);
            }
        };
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
                if let Some(said) = too_much(&error) {
                    self.album.commit(|rows| Pause::begin(rows, &said, now))?;
                    return Ok(done);
                }
                done.trouble = Some(error.to_string());
                self.note_trouble(&due, &error, now)?;
                return Ok(done);
            }
        };
        if let Err(error) = self.album.try_to_write() {
            // What could not be noted would go out again and again.
            connection.close().await;
            done.trouble = Some(error.to_string());
            return Ok(done);
        }
        pace.allow(connection.recipient_limit());
        for id in due {
            let mut message =
                self.album
                    .rows()
                    .outbox_message(id, &self.config.mailbox, now, LONGEST_PUT_OFF)?;
            self.leave_out_blocked(&mut message, now)?;
            if message.recipients.is_empty() {
                continue;
            }
            if let Err(full) = self.album.room_for(0) {
                done.trouble = Some(full.to_string());
                break;
            }
            let refused = &mut done.refused;
            let submitted = self.submit_one(&mut connection, &message, &mut pace, refused, now);
            let submitted = match submitted.await {
                // It is due still; letters need no store.
                Err(fault) if fault.is_of_store() => {
                    done.trouble = Some(fault.message);
                    continue;
                }
                submitted => submitted?,
            };
            match submitted {
                Pass::On(sent) => done.messages += u64::from(sent),
                Pass::Rests(sent) => {
                    done.messages += u64::from(sent);
                    break;
                }
                Pass::Wrong(error) => {
                    tracing::warn!(message = id, %error, "submission stopped");
                    done.trouble = Some(error.to_string());
                    break;
                }
            }
        }
        if connection.is_usable() {
            connection.close().await;
        }
        self.album.commit(|rows| {
            // A clock that leapt ahead takes nothing away that may come back still.
            rows.forget_sent(floor)?;
            Ok::<_, Fault>(rows.clear_outbox(floor)?)
        })?;
        Ok(done)
    }

    /// What waits to go out, and why.
    pub fn waiting(&self) -> Result<Vec<Waits>, Fault> {
        let waiting = self.album.rows().waiting()?.into_iter();
        Ok(waiting.map(|(count, why)| Waits { count, why }).collect())
    }

    /// Whether a message is due that was not tried.
    pub(super) fn has_due(&self, now: Timestamp) -> Result<bool, Fault> {
        Ok(!self
            .album
            .rows()
            .due_messages(now, LONGEST_PUT_OFF)?
            .is_empty())
    }

    /// Submits one message, in as many transactions as the provider's recipient limit asks for.
    async fn submit_one(
        &mut self,
        connection: &mut Connection,
        message: &OutboxMessage,
        pace: &mut Pace,
        refused: &mut Vec<Unsent>,
        now: Timestamp,
    ) -> Result<Pass, Fault> {
        if self.lacks_parts(message, now)? {
            return Ok(Pass::On(false));
        }
        let from = self.config.mailbox.clone();
        let mut waiting: VecDeque<Mailbox> = message
            .recipients
            .iter()
            .map(|recipient| recipient.mailbox.clone())
            .collect();
        let mut any = false;
        while !waiting.is_empty() {
            let to = match pace.next(waiting.len()) {
                Ok(count) => waiting.drain(..count).collect::<Vec<_>>(),
                Err(words) => {
                    self.album
                        .commit(|rows| Ok::<_, Fault>(rows.explain_queued(&words)?))?;
                    return Ok(Pass::Rests(any));
                }
            };
            let begun = self.begin(message, to)?;
            let to = &begun.to;
            if to.is_empty() {
                continue;
            }
            crate::crash::point("submit.before");
            let answers = match &message.body {
                QueuedBody::Whole(bytes) => {
                    let body = std::iter::once(Ok(bytes.as_slice()));
                    connection.submit(&from, to, message.size, body).await
                }
                QueuedBody::Parts(parts) => {
                    let body = Streamed::new(parts, self.album.blobs().clone());
                    connection.submit(&from, to, message.size, body).await
                }
            };
            let answers = match answers {
                Ok(answers) => answers,
                Err(error @ SubmissionError::TooLarge { size, limit }) => {
                    self.album.commit(|rows| begun.failed(rows, &error))?;
                    // The smaller ones go to all mailboxes, also to those of the other transactions.
                    self.cut_smaller(message, size, limit, now)?;
                    return Ok(Pass::On(any));
                }
                Err(error) => {
                    self.album.commit(|rows| {
                        begun.failed(rows, &error)?;
                        defer_all(rows, message, &error, now)
                    })?;
                    return Ok(Pass::Wrong(error));
                }
            };
            crate::crash::point("submit.accepted");
            let said = self.album.commit(|rows| {
                begun.answered(rows, &answers)?;
                note_answers(rows, message, &answers, pace, now)
            })?;
            crate::crash::point("submit.noted");
            self.note_refused(refused, message, said.refused)?;
            any |= answers.iter().any(|answer| answer.outcome == Outcome::Sent);
            for again in said.again.into_iter().rev() {
                waiting.push_front(again);
            }
            if said.rests.is_some() {
                return Ok(Pass::Rests(any));
            }
            if !connection.is_usable() {
                // It hung up after the answers; what is left is due still, and goes in the next pass.
                return Ok(Pass::Rests(any));
            }
        }
        Ok(Pass::On(any))
    }

    /// Notes what the provider refused: of all that is of one share and for one mailbox once.
    fn note_refused(
        &self,
        noted: &mut Vec<Unsent>,
        message: &OutboxMessage,
        refused: Vec<(Mailbox, String)>,
    ) -> Result<(), Fault> {
        let rows = self.album.rows();
        for (to, reason) in refused {
            let share = message.share.map(|id| rows.share_by_id(id)).transpose()?;
            let share = share.map(|share| share.reference);
            tracing::warn!(share, %to, reason, "the provider refuses it");
            let one = Unsent { share, to, reason };
            let is_of = |other: &Unsent| (&other.share, &other.to) == (&one.share, &one.to);
            if one.share.is_none() || !noted.iter().any(is_of) {
                noted.push(one);
            }
        }
        Ok(())
    }

    /// What is shared does not go to a household that was blocked since.
    fn leave_out_blocked(
        &mut self,
        message: &mut OutboxMessage,
        now: Timestamp,
    ) -> Result<(), Fault> {
        if message.share.is_none() {
            return Ok(());
        }
        let rows = self.album.rows();
        let (mut open, mut blocked) = (Vec::new(), Vec::new());
        for recipient in std::mem::take(&mut message.recipients) {
            match household_of(rows, &recipient)?.filter(|contact| contact.blocked) {
                Some(contact) => blocked.push((recipient, contact.fingerprint)),
                None => open.push(recipient),
            }
        }
        message.recipients = open;
        if blocked.is_empty() {
            return Ok(());
        }
        self.album.commit(|rows| {
            for (one, who) in &blocked {
                let words = match rows.ended(*who)? {
                    Some(_) => ENDED_UNSENT,
                    None => "it was blocked before this went out",
                };
                fail(rows, message, &one.mailbox, one.destination(), words, now)?;
            }
            Ok(())
        })
    }

    /// Fails a message of parts that are not here any more, and says so; gives whether that is so.
    fn lacks_parts(&mut self, message: &OutboxMessage, now: Timestamp) -> Result<bool, Fault> {
        let QueuedBody::Parts(parts) = &message.body else {
            return Ok(false);
        };
        let blobs = self.album.blobs();
        let mut all = true;
        for (digest, _) in &parts.parts {
            all = all && blobs.has_part(*digest)?;
        }
        if all {
            return Ok(false);
        }
        let words = "its sealed parts are not here any more; share it again";
        self.album.commit(|rows| {
            for recipient in &message.recipients {
                let (mailbox, destination) = (&recipient.mailbox, recipient.destination());
                if recipient.returned == 0 {
                    fail(rows, message, mailbox, destination, words, now)?;
                    continue;
                }
                // The letter goes again all the same: who lacks parts asks for them, and others may have them.
                rows.set_recipient_sent(message.id, mailbox)?;
                if let Some(id) = destination {
                    rows.set_bounce(id, LETTER_ALONE, true)?;
                }
                note_all_sent(rows, destination, now)?;
            }
            Ok::<_, Fault>(true)
        })
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
                .map(|r| (r.mailbox.clone(), r.reason.clone()))
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
            for one in &message.recipients {
                let destination = one.destination();
                fail(rows, message, &one.mailbox, destination, &words, now)?;
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
                let message = rows.outbox_message(id, &from, now, LONGEST_PUT_OFF)?;
                defer_all(rows, &message, error, now)?;
            }
            Ok(())
        })
    }
}

/// For whom it is: who was given it, or asked for it, whatever mailbox that household has now; else whoever is there.
fn household_of(rows: Rows<'_>, recipient: &OutboxRecipient) -> Result<Option<Contact>, Fault> {
    let who = match &recipient.reason {
        Reason::Given(id) => rows.destination(*id)?.map(|one| one.contact),
        Reason::Asked(chain) => permit::all_of_stored(chain)?
            .last()
            .map(|last| last.permit().to),
        Reason::Itself | Reason::Carried(_) => None,
    };
    Ok(match who {
        Some(who) => rows.contact(who)?,
        None => rows.contact_at(&recipient.mailbox)?,
    })
}
