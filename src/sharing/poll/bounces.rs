//! Mail that came back (RFC 3464): shown as doubt at the destination it is about, until that household answers. What a
//! full mailbox sent back goes again, byte for byte, later each time.
//!
//! Anybody can write such a mail. So it counts only where it names a mail that went from here to that very recipient, it
//! changes nothing but words and when that same mail goes again, a bounded number of times, and it stays where it lies.
//! Of it nothing is fetched but the status and the header of the returned mail.

use super::look::{Polled, Stop};
use crate::address::Mailbox;
use crate::album::{Returned, Rows};
use crate::encoding::{Timestamp, decode_base64_body};
use crate::mailbox::{BodyPart, FetchError, MailboxError, Session, Structure};
use crate::message::bounce::{Bounce, Unserved};
use crate::message::reply::Meaning;
use crate::sharing::contacts::moved::bring_along;
use crate::sharing::words::english_time;
use crate::sharing::{Fault, Household};

/// So much of a part of a bounce is fetched.
const PIECE: u64 = 64 * 1024;
/// So many of them are read in one look at the mailbox: a flood of them costs no more. Each is good for a bounded number
/// of looks at the rows, most of which end at the name of a mail that never went from here.
const MOST: usize = 100;
/// How long mail from a full mailbox waits before it goes again, in seconds; it doubles up to the longest.
const FIRST_WAIT: u64 = 2 * 3_600;
const LONGEST_WAIT: u64 = 16 * 3_600;
/// So often it goes again: for about a week.
const MOST_RETURNS: u32 = 12;

impl Household {
    /// Reads those of these mails that may be about one of ours.
    pub(super) async fn read_bounces(
        &mut self,
        session: &mut Session,
        folder: &str,
        mut uids: Vec<u32>,
        polled: &mut Polled,
    ) -> Result<Vec<Bounce>, Stop> {
        // The newest are the likeliest to be about something that is remembered.
        let most = MOST.saturating_sub(polled.bounces).min(uids.len());
        uids.drain(..uids.len() - most);
        let mut bounces = Vec::new();
        if uids.is_empty() || !self.album.rows().awaits_bounces()? {
            return Ok(bounces);
        }
        polled.bounces += uids.len();
        for (uid, structure) in session.structure(&uids).await? {
            let Ok(structure) = structure else { continue };
            let Some((status, returned)) = halves(&structure) else {
                continue;
            };
            match read_one(session, uid, status, returned).await {
                Ok(bounce) => bounces.push(bounce),
                Err(MailboxError::NoSuchMessage { .. }) => {}
                Err(error) => self.recover(session, folder, error, polled).await?,
            }
        }
        Ok(bounces)
    }
}

/// The status, and what of the mail was returned, if anything.
fn halves(structure: &Structure) -> Option<(&BodyPart, Option<&BodyPart>)> {
    let of_type = |types: &[&str]| {
        let mut parts = structure.parts.iter();
        parts.find(|part| types.contains(&part.media_type.as_str()))
    };
    let status = of_type(&["message/delivery-status", "message/global-delivery-status"])?;
    let returned = of_type(&[
        "text/rfc822-headers",
        "message/rfc822",
        "message/global-headers",
        "message/global",
    ]);
    Some((status, returned))
}

async fn read_one(
    session: &mut Session,
    uid: u32,
    status: &BodyPart,
    returned: Option<&BodyPart>,
) -> Result<Bounce, MailboxError> {
    let status = beginning(session, uid, status).await?;
    let returned = match returned {
        Some(part) => beginning(session, uid, part).await?,
        None => Vec::new(),
    };
    Ok(Bounce::read(&status, &returned))
}

/// The first bytes of a part.
async fn beginning(
    session: &mut Session,
    uid: u32,
    part: &BodyPart,
) -> Result<Vec<u8>, MailboxError> {
    let mut bytes = Vec::new();
    let fetched = session
        .fetch(uid, &part.section, PIECE, |piece| {
            bytes.extend_from_slice(piece);
            Ok::<_, ()>(())
        })
        .await;
    match fetched {
        // The rest of it is not wanted.
        Ok(_) | Err(FetchError::Mailbox(MailboxError::TooLong { .. }) | FetchError::Sink(())) => {}
        Err(FetchError::Mailbox(error)) => return Err(error),
    }
    Ok(match part.encoding.as_str() {
        "base64" => decode_base64_body(&bytes).unwrap_or_default(),
        _ => bytes,
    })
}

/// Notes what came back at the destinations it is about, and lets go again what a full mailbox sent back.
pub(super) fn note_doubts(rows: Rows<'_>, bounces: &[Bounce], now: Timestamp) -> Result<(), Fault> {
    for bounce in bounces {
        let mut ours = Vec::new();
        for id in &bounce.message_ids {
            if rows.is_remembered(id)? {
                ours.push(id.as_str());
            }
        }
        for (id, recipient, mailbox) in bounce.pairs(&ours) {
            if !recipient.delayed && recipient.meaning == Meaning::MailboxFull {
                send_again(rows, id, mailbox, &words(recipient), now)?;
            }
            rows.set_card_request_trouble(id, mailbox, &words(recipient), !recipient.delayed)?;
            if let Some(destination) = rows.sent_to(id, mailbox, now)?
                && rows.set_bounce(destination, &words(recipient), !recipient.delayed)?
            {
                tracing::warn!(destination, meaning = ?recipient.meaning, "a mail came back");
            }
        }
    }
    Ok(())
}

fn send_again(
    rows: Rows<'_>,
    id: &str,
    mailbox: &Mailbox,
    words: &str,
    now: Timestamp,
) -> Result<(), Fault> {
    let Some((message, times)) = rows.times_returned(id, mailbox)? else {
        return Ok(());
    };
    if times >= MOST_RETURNS {
        return Ok(());
    }
    let wait = FIRST_WAIT.saturating_mul(1 << times).min(LONGEST_WAIT);
    tracing::info!(message, wait, "a full mailbox sent it back; it goes again");
    rows.send_again(message, mailbox, now.plus_seconds(wait), words)?;
    match rows.moved_from(mailbox)? {
        Some(moved) => bring_along(rows, &moved, &moved),
        None => Ok(()),
    }
}

/// What follows of a message from a full mailbox, behind the reason.
pub(in crate::sharing) fn what_follows(returned: Returned) -> String {
    match (returned.again, returned.times) {
        (Some(again), _) => format!("; it is sent again after {}", english_time(again)),
        (None, 0) => String::new(),
        (None, MOST_RETURNS..) => "; it is not sent again".to_owned(),
        (None, _) => "; it was sent again".to_owned(),
    }
}

/// The reason in words from life, and the provider's own behind it.
fn words(recipient: &Unserved) -> String {
    let reason = match (recipient.delayed, recipient.meaning) {
        (true, _) => "not delivered yet, and still tried",
        (_, Meaning::MailboxFull) => "mailbox full",
        (_, Meaning::NoSuchMailbox) => "there is no such mailbox",
        (_, Meaning::TooLarge) => "the mail was too large for their provider",
        (_, Meaning::Spam) => "their provider refused it as spam, or by a rule of its own",
        _ => "it came back",
    };
    if recipient.said.is_empty() {
        reason.to_owned()
    } else {
        format!("{reason} ({})", recipient.said)
    }
}
