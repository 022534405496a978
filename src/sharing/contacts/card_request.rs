//! A household is asked for its card.

use crate::address::Mailbox;
use crate::album::{Keys, Rows};
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::message::grant::Bytes;
use crate::message::{Body, CardRequest};
use crate::sharing::Fault;
use crate::sharing::correspond::Writer;

/// Who does not send its card is asked again after so long, in seconds.
pub(in crate::sharing) const ASK_AGAIN: u64 = 3 * 86_400;

/// Who does not answer is asked so often by itself, for some three months; then when somebody here does something for which
/// its card is needed.
const MOST: u32 = 30;

/// Asks a household for its card, unless it was asked within so many seconds: several may want it, and a mail may be lost.
pub(in crate::sharing) fn ask_for_card(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    mailbox: &Mailbox,
    seconds: u64,
) -> Result<(), Fault> {
    if !is_to_be_asked(rows, mailbox, seconds, writer.now)? {
        return Ok(());
    }
    let in_vain = asked_in_vain(rows, mailbox)?;
    queue_card_request(rows, writer.keys, writer.mailbox, mailbox, writer.now)?;
    if seconds >= ASK_AGAIN {
        let in_vain = in_vain + 1;
        rows.set_setting(&counted(mailbox), &in_vain.to_string())?;
        if in_vain == MOST {
            tracing::warn!(%mailbox, times = MOST, "a household does not answer: it is asked for its card no more until somebody here asks");
        }
    }
    Ok(())
}

/// How often a household was asked by itself since somebody here did.
fn asked_in_vain(rows: Rows<'_>, mailbox: &Mailbox) -> Result<u32, Fault> {
    let times = rows.setting(&counted(mailbox))?;
    Ok(times.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn counted(mailbox: &Mailbox) -> String {
    format!("asked in vain {mailbox}")
}

/// It answered, or somebody here asks.
pub(super) fn count_anew(rows: Rows<'_>, mailbox: &Mailbox) -> Result<(), Fault> {
    Ok(rows.forget_setting(&counted(mailbox))?)
}

/// Whether [`ask_for_card`] would ask.
pub(in crate::sharing) fn is_to_be_asked(
    rows: Rows<'_>,
    mailbox: &Mailbox,
    seconds: u64,
    now: Timestamp,
) -> Result<bool, Fault> {
    if seconds >= ASK_AGAIN && asked_in_vain(rows, mailbox)? >= MOST {
        return Ok(false);
    }
    let asked = rows.card_requested_at(mailbox)?;
    Ok(asked.is_none_or(|at| at.plus_seconds(seconds) <= now))
}

pub(in crate::sharing) fn queue_card_request(
    rows: Rows<'_>,
    keys: &Keys,
    own: &Mailbox,
    mailbox: &Mailbox,
    now: Timestamp,
) -> Result<(), Fault> {
    queue_card_request_with(rows, keys, own, mailbox, Id::random(), now)
}

/// As [`queue_card_request`], with this nonce.
pub(in crate::sharing) fn queue_card_request_with(
    rows: Rows<'_>,
    keys: &Keys,
    own: &Mailbox,
    mailbox: &Mailbox,
    nonce: Id,
    now: Timestamp,
) -> Result<(), Fault> {
    let body = Body::CardRequest(CardRequest {
        mailbox: own.clone(),
        certificates: keys.card().ders().map(|der| Bytes(der.to_vec())).collect(),
        nonce,
    });
    let writer = Writer {
        keys,
        mailbox: own,
        now,
    };
    count_anew(rows, mailbox)?;
    let letter = writer.write_open(&body, mailbox)?;
    letter.queue(rows, mailbox, None, None, now)?;
    Ok(rows.put_card_request(nonce, mailbox, &letter.message_id, now)?)
}
