//! A household is asked for its card.

use super::Fault;
use super::correspond::Writer;
use crate::address::Mailbox;
use crate::album::{Keys, Rows};
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::message::grant::Bytes;
use crate::message::{Body, CardRequest};

/// Who does not send its card is asked again after so long, in seconds.
pub(super) const ASK_AGAIN: u64 = 3 * 86_400;

/// Asks a household for its card, unless it was asked within so many seconds: several may want it, and a mail may be lost.
pub(super) fn ask_for_card(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    mailbox: &Mailbox,
    seconds: u64,
) -> Result<(), Fault> {
    if !is_to_be_asked(rows, mailbox, seconds, writer.now)? {
        return Ok(());
    }
    queue_card_request(rows, writer.keys, writer.mailbox, mailbox, writer.now)
}

/// Whether [`ask_for_card`] would ask.
pub(super) fn is_to_be_asked(
    rows: Rows<'_>,
    mailbox: &Mailbox,
    seconds: u64,
    now: Timestamp,
) -> Result<bool, Fault> {
    let asked = rows.card_requested_at(mailbox)?;
    Ok(asked.is_none_or(|at| at.plus_seconds(seconds) <= now))
}

pub(super) fn queue_card_request(
    rows: Rows<'_>,
    keys: &Keys,
    own: &Mailbox,
    mailbox: &Mailbox,
    now: Timestamp,
) -> Result<(), Fault> {
    queue_card_request_with(rows, keys, own, mailbox, Id::random(), now)
}

/// As [`queue_card_request`], with this nonce.
pub(super) fn queue_card_request_with(
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
    let letter = writer.write_open(&body, mailbox)?;
    letter.queue(rows, mailbox, None, None, now)?;
    Ok(rows.put_card_request(nonce, mailbox, &letter.message_id, now)?)
}
