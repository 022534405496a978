//! Cards and card-requests as they come and go: who a household says it is, and from which mailbox (PROTOCOL 7, Trust).

use std::cmp::Ordering;

use super::card_request::{count_anew, queue_card_request};
use super::claims::{has_room, note_any_claim};
use super::introduction::{known_card, own_card};
use super::met::{MAX_AHEAD, age_of, card_of, goes_back, take_card};
use super::moved::{follow_move, follow_typed, mail_follows};
use super::successor::tell_now;
use super::typed::is_typed;
use crate::address::Mailbox;
use crate::album::{Contact, JoiningState, Rows, Trust};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::message::{CardLetter, CardRequest, Letter};
use crate::sharing::Fault;
use crate::sharing::announce::take_announced;
use crate::sharing::correspond::Writer;
use crate::sharing::invite::joining::take_inviter_card;
use crate::sharing::notify::daily::{Mails, one_more_today};
use crate::sharing::notify::knock::waits;

/// How often a stranger is sent our card, in seconds: once a day per identity.
const CARD_INTERVAL: u64 = 86_400;

/// How many strangers a day are sent our card.
const CARDS_A_DAY: u64 = 20;

/// Answers a card-request: notes who asked, and introduces this household. Strangers are answered once a day each and
/// twenty a day in all; they learn the certificates and nothing about the people.
pub(in crate::sharing) fn answer_card_request(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    config: &Config,
    letter: &Letter,
    request: &CardRequest,
) -> Result<(), Fault> {
    let now = writer.now;
    let card = card_of(&request.certificates, letter)?;
    let known = rows.contact(letter.header.from)?;
    let is_new = known.is_none();
    let mut contact = match known {
        Some(contact) => contact,
        None => {
            let mut contact = Contact::stranger(&card.identity, now);
            contact.mailbox = request.mailbox.clone();
            if !has_room(rows, &contact)? {
                return Err(Fault::new(
                    "quota",
                    "too many households wait to be accepted",
                ));
            }
            contact
        }
    };
    if !note_any_claim(rows, &contact, now)? && is_new {
        waits(rows, contact.fingerprint, now)?;
    }
    // The mailbox of a contact moves only with a card, never by a request. Where none of its certificates can be used
    // any more, those of the request must do, or it could never be answered.
    let unusable = contact.certificate(now)?.is_none() || contact.trust == Trust::Pending;
    if unusable && !goes_back(&contact, &card)? {
        let was_silent = contact.certificate(now)?.is_none();
        take_card(&mut contact, &card);
        tell_at_last(rows, &contact, was_silent, now)?;
    }
    let stranger = !contact.accepted;
    let too_soon = contact.card_answered.plus_seconds(CARD_INTERVAL) > now;
    let day_ago = now.minus_seconds(CARD_INTERVAL);
    if contact.blocked
        || (stranger && (too_soon || rows.cards_answered_since(day_ago)? >= CARDS_A_DAY))
        || (!stranger && !one_more_today(rows, Mails::Cards, contact.fingerprint, now)?)
    {
        return Ok(rows.put_contact(&contact)?);
    }
    let known = match contact.is_heard() {
        true => known_card(rows, writer.keys, config, Some(request.nonce))?,
        false => own_card(
            writer.keys,
            &config.name,
            writer.mailbox,
            Some(request.nonce),
        ),
    };
    if !writer.send(rows, &known, &contact)? {
        let body = own_card(
            writer.keys,
            &config.name,
            writer.mailbox,
            Some(request.nonce),
        );
        let card = writer.write_open(&body, &contact.mailbox)?;
        card.queue(rows, &contact.mailbox, None, None, now)?;
    }
    contact.card_answered = now;
    Ok(rows.put_contact(&contact)?)
}

/// Takes a card: certificates and name of a household, and `seen` where it returns our nonce from the mailbox that was
/// asked. An older card is passed over.
pub(in crate::sharing) fn take_card_letter(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    name: &str,
    letter: &Letter,
    received: &CardLetter,
) -> Result<(), Fault> {
    let now = writer.now;
    let card = card_of(&received.certificates, letter)?;
    if let Some(nonce) = received.nonce
        && let Some(joining) = rows.joining_of_nonce(nonce)?
        && joining.is_open()
    {
        if joining.state == JoiningState::Asked {
            take_inviter_card(rows, writer, name, (letter, received, &card), joining)?;
        }
        // It becomes a contact by its welcome alone; one that is known may bring something new.
        let known = rows.contact(letter.header.from)?;
        if known.is_none_or(|contact| !contact.accepted) {
            return Ok(());
        }
    }
    let asked = match received.nonce {
        Some(nonce) => rows.card_requested(nonce)?.map(|asked| (nonce, asked)),
        None => None,
    };
    // Whoever typed the mailbox may have written capitals.
    let round_trip = asked
        .as_ref()
        .is_some_and(|(_, asked)| is_typed(asked, &received.mailbox));
    let known = rows.contact(letter.header.from)?;
    if let Some((nonce, asked)) = &asked {
        // Else who is at that mailbox has not answered: it was asked all the same, and is not asked at once again.
        match round_trip || has_left(rows, known.as_ref(), asked)? {
            true => rows.end_card_request(*nonce)?,
            false => rows.spend_card_request(*nonce, Id::random())?,
        }
    }
    if known.is_none() && !round_trip {
        // A card that nobody asked for, from nobody we know.
        return Ok(());
    }
    let is_new = known.is_none();
    let mut contact = known.unwrap_or_else(|| Contact::stranger(&card.identity, now));
    let was_silent = contact.certificate(now)?.is_none();
    let mut claim = Contact {
        mailbox: received.mailbox.clone(),
        ..contact.clone()
    };
    if is_new {
        take_card(&mut claim, &card);
    }
    // Whoever was asked: that it answers from there proves no more than that it reads that mailbox.
    if note_any_claim(rows, &claim, now)? {
        return Ok(());
    }
    // A card dated ahead, by a clock that was wrong there, must not shut out all that come after it.
    let issued = letter.header.issued.min(now.plus_seconds(MAX_AHEAD));
    // Of one second, the one with the newer certificate; else one that answers, which is none of before.
    let is_newest = match issued.cmp(&contact.card_issued) {
        Ordering::Equal => match age_of(&contact, &card)? {
            Ordering::Equal => round_trip,
            age => age == Ordering::Greater,
        },
        order => order == Ordering::Greater,
    };
    let before = contact.clone();
    if is_newest {
        // A mailbox moves only once the new one has answered; an old card never moves it back.
        if round_trip || is_new {
            contact.mailbox = received.mailbox.clone();
        } else if contact.mailbox != received.mailbox {
            if one_more_today(rows, Mails::Cards, contact.fingerprint, now)? {
                contact.card_issued = issued;
                queue_card_request(rows, writer.keys, writer.mailbox, &received.mailbox, now)?;
            }
            return Ok(rows.put_contact(&contact)?);
        }
        contact.card_issued = issued;
        let was_safe = contact.is_quantum_safe();
        take_card(&mut contact, &card);
        if was_safe && !contact.is_quantum_safe() {
            // Only the identity itself can say so, by a newer card; and all the same it is not passed over in silence.
            tracing::warn!(contact = %contact.fingerprint.short(),
                "the newest card of a household has no key of ML-KEM any more: letters to it are under P-256 alone");
        }
        contact.name = crate::sharing::words::clean_name(&received.name, contact.mailbox.as_str());
    }
    if let Some((_, asked)) = asked.filter(|_| round_trip) {
        count_anew(rows, &received.mailbox)?;
        follow_typed(rows, &asked, &received.mailbox)?;
        contact.answered |= contact.mailbox == received.mailbox;
        contact.unproven &= contact.mailbox != received.mailbox;
        contact.trust = contact.trust.max(Trust::Seen);
        contact.accepted = true;
    }
    rows.put_contact(&contact)?;
    follow_move(rows, &before, &contact, now)?;
    mail_follows(rows, &before, &contact, now)?;
    tell_at_last(rows, &contact, was_silent, now)?;
    // An open card says nothing of people, and so takes nothing back.
    if is_newest && letter.enveloped {
        take_announced(rows, contact.fingerprint, received)?;
    }
    Ok(())
}

/// Whether a household was known at that mailbox before it moved.
fn has_left(rows: Rows<'_>, known: Option<&Contact>, mailbox: &Mailbox) -> Result<bool, Fault> {
    let moved = rows.moved_from(mailbox)?.map(|one| one.fingerprint);
    Ok(moved.is_some() && moved == known.map(|one| one.fingerprint))
}

/// Of a household to which nothing could be written so far, and now can: what it is to be told is not put off any more.
fn tell_at_last(
    rows: Rows<'_>,
    contact: &Contact,
    was_silent: bool,
    now: Timestamp,
) -> Result<(), Fault> {
    if was_silent && contact.certificate(now)?.is_some() {
        tell_now(rows, contact, now)?;
    }
    Ok(())
}
