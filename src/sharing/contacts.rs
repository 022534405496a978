//! Other households: how they become known, and how far they are trusted (PROTOCOL 7, Trust).
//!
//! `pending` (it wrote to us) → `seen` (our nonce came back from its mailbox) → `verified` (the keeper compared words,
//! or brought a certificate file). A second identity for a known mailbox is only a claim.

use std::collections::BTreeSet;

use super::announce::take_announced;
use super::awaited::forget_awaited;
use super::correspond::Writer;
use super::daily::{Mails, one_more_today};
use super::ended::{refuse_ended_identity, shut_out};
use super::joining::take_inviter_card;
use super::knock::{alarm, waits};
use super::{Fault, Household};
use crate::address::{Mailbox, StationAddress, StationName, is_key_word};
use crate::album::{CardRequested, Contact, JoiningState, Keys, KnockKind, Rows, Trust};
use crate::config::Config;
use crate::encoding::{Integer, Timestamp};
use crate::envelope::{Card, Fingerprint, Id};
use crate::message::grant::Bytes;
use crate::message::{Body, CardLetter, CardRequest, Letter, SignedCard, VERSION, Word};

/// How often a stranger is sent our card, in seconds: once a day per identity.
const CARD_INTERVAL: u64 = 86_400;
/// How many strangers a day are sent our card.
const CARDS_A_DAY: u64 = 20;
/// How far ahead the date of a card is believed, in seconds (CASES O-23).
const MAX_AHEAD: u64 = 60;
/// The most contacts that wait for the keeper.
pub(super) const MAX_PENDING: u64 = 100;

/// Which household is meant.
#[derive(Debug, Clone, Copy)]
pub enum Whom<'w> {
    /// The best known one at that mailbox.
    At(&'w Mailbox),
    /// The one of that identity, whichever mailbox it names.
    Is(Fingerprint),
}

impl<'w> From<&'w Mailbox> for Whom<'w> {
    fn from(mailbox: &'w Mailbox) -> Self {
        Whom::At(mailbox)
    }
}

impl From<Fingerprint> for Whom<'_> {
    fn from(who: Fingerprint) -> Self {
        Whom::Is(who)
    }
}

impl Household {
    /// Adds a household by its certificate file, which the keeper trusts.
    pub fn add_contact_file(
        &mut self,
        mailbox: &Mailbox,
        pem: &[u8],
        now: Timestamp,
    ) -> Result<Contact, Fault> {
        let card = Card::from_pem(pem).map_err(|error| {
            Fault::new(
                "certificate",
                format!("the certificate file is not usable: {error}"),
            )
            .hint("ask for a new one: `hearthpost contact export` there")
        })?;
        if card.identity.mailbox() != mailbox {
            return Err(Fault::new(
                "certificate",
                format!(
                    "the certificate file is of {}, not of {mailbox}",
                    card.identity.mailbox()
                ),
            ));
        }
        if card.identity.fingerprint() == self.me() {
            return Err(Fault::usage(
                "self",
                "that is this household's own certificate file",
            ));
        }
        self.album.commit(|rows| {
            refuse_ended_identity(rows, card.identity.fingerprint())?;
            refuse_second_identity(rows, mailbox, card.identity.fingerprint())?;
            let known = rows.contact(card.identity.fingerprint())?;
            let mut contact = known.unwrap_or_else(|| Contact::stranger(&card.identity, now));
            if !goes_back(&contact, &card)? {
                take_card(&mut contact, &card);
            }
            contact.trust = Trust::Verified;
            contact.accepted = true;
            rows.put_contact(&contact)?;
            Ok(contact)
        })
    }

    /// Asks the household at a mailbox to introduce itself.
    pub fn request_card(&mut self, mailbox: &Mailbox, now: Timestamp) -> Result<(), Fault> {
        if *mailbox == self.config.mailbox {
            return Err(Fault::usage("self", "that is this household's own mailbox"));
        }
        let (keys, own) = (&self.keys, &self.config.mailbox);
        self.album
            .commit(|rows| queue_card_request(rows, keys, own, mailbox, now))
    }

    /// Takes a household that wrote to us as one to hear from. It is asked to introduce itself, so that a round trip
    /// shows that the mailbox is its own.
    pub fn accept_contact<'w>(
        &mut self,
        whom: impl Into<Whom<'w>>,
        now: Timestamp,
    ) -> Result<Contact, Fault> {
        let (keys, own) = (&self.keys, &self.config.mailbox);
        let whom = whom.into();
        self.album.commit(|rows| {
            let mut contact = known(rows, whom)?;
            refuse_ended_identity(rows, contact.fingerprint)?;
            refuse_second_identity(rows, &contact.mailbox, contact.fingerprint)?;
            if !contact.accepted && succeeds(rows, &contact)? {
                let words = format!(
                    "the identity that was known at {} has ended, and this one says that it took its place",
                    contact.mailbox
                );
                return Err(Fault::new("asks_first", words).hint(format!(
                    "compare words with the people there first: `hearthpost contact verify {} --fingerprint WORDS`",
                    contact.mailbox
                )));
            }
            contact.accepted = true;
            rows.put_contact(&contact)?;
            if contact.trust == Trust::Pending {
                queue_card_request(rows, keys, own, &contact.mailbox, now)?;
            }
            Ok(contact)
        })
    }

    /// Notes that the keeper compared the words of a household and they were these. One that was not heard before is asked
    /// for its card: what it tells of its people, it tells those alone who know it.
    pub fn verify_contact(
        &mut self,
        mailbox: &Mailbox,
        compared: &Fingerprint,
        now: Timestamp,
    ) -> Result<Contact, Fault> {
        let (keys, own) = (&self.keys, &self.config.mailbox);
        self.album.commit(|rows| {
            let at_mailbox = |contact: &Contact| contact.mailbox == *mailbox;
            let Some(mut contact) = rows.contact(*compared)?.filter(at_mailbox) else {
                let contact = known(rows, mailbox.into())?;
                return Err(Fault::new(
                    "fingerprint",
                    format!(
                        "the fingerprint of {mailbox} is another one: {}",
                        contact.fingerprint
                    ),
                )
                .hint(
                    "compare again with the people there; if it stays different, do not trust it",
                ));
            };
            refuse_ended_identity(rows, contact.fingerprint)?;
            let is_new = !contact.accepted;
            contact.trust = Trust::Verified;
            contact.accepted = true;
            rows.put_contact(&contact)?;
            if is_new {
                queue_card_request(rows, keys, own, &contact.mailbox, now)?;
            }
            // Who compared words knows whose mailbox it is.
            rows.forget_claim(contact.fingerprint)?;
            for other in rows.contacts()? {
                if other.accepted && at_mailbox(&other) && other.fingerprint != *compared {
                    let words = "another identity took its place before this went out";
                    shut_out(rows, other, words, now)?;
                }
            }
            Ok(contact)
        })
    }

    /// Blocks a household, or lets it in again.
    pub fn block_contact<'w>(
        &mut self,
        whom: impl Into<Whom<'w>>,
        blocked: bool,
    ) -> Result<Contact, Fault> {
        let whom = whom.into();
        self.album.commit(|rows| {
            let mut contact = known(rows, whom)?;
            if !blocked {
                refuse_ended_identity(rows, contact.fingerprint)?;
            }
            contact.blocked = blocked;
            rows.put_contact(&contact)?;
            Ok(contact)
        })
    }

    /// Forgets a household to which nothing was shared, or that one was asked and never answered.
    pub fn remove_contact<'w>(&mut self, whom: impl Into<Whom<'w>>) -> Result<(), Fault> {
        let whom = whom.into();
        self.album.commit(|rows| {
            if let Whom::At(mailbox) = whom {
                let followed = rows.forget_joining(mailbox)?;
                let was_asked = rows.forget_card_requests(mailbox)? || followed;
                let waited = forget_awaited(rows, mailbox)?;
                let was_asked = was_asked || waited;
                if was_asked && rows.contact_at(mailbox)?.is_none() {
                    return Ok(());
                }
            }
            let contact = known(rows, whom)?;
            if !rows.remove_contact(contact.fingerprint)? {
                let words = format!("something was shared with {}", contact.mailbox);
                return Err(Fault::new("in_use", words)
                    .hint("`hearthpost contact block` keeps it out instead"));
            }
            Ok(())
        })
    }

    /// All households known here.
    pub fn contacts(&self) -> Result<Vec<Contact>, Fault> {
        Ok(self.album.rows().contacts()?)
    }

    /// The households that were asked to introduce themselves and have not done so, the longest-waiting first.
    pub fn asked(&self) -> Result<Vec<CardRequested>, Fault> {
        let rows = self.album.rows();
        let mut asked = rows.card_requests()?;
        let mut known = BTreeSet::new();
        for contact in rows.contacts()? {
            // One that answered once, and is asked for a newer card, is no stranger.
            if contact.trust > Trust::Pending {
                known.insert(contact.mailbox);
            }
        }
        asked.retain(|one| !known.contains(&one.mailbox));
        Ok(asked)
    }

    /// The household at a mailbox.
    pub fn contact_at(&self, mailbox: &Mailbox) -> Result<Contact, Fault> {
        known(self.album.rows(), mailbox.into())
    }

    /// This household's own certificates, to be handed over by other ways than mail.
    pub fn own_card_pem(&self) -> Result<String, Fault> {
        Ok(self.keys.card().to_pem()?)
    }

    /// Gives a key word these addresses, replacing what it named.
    pub fn set_keyword(&mut self, word: &str, addresses: &[StationAddress]) -> Result<(), Fault> {
        if !is_key_word(word) || addresses.is_empty() {
            return Err(Fault::usage("word", format!("{word:?} is not a key word for addresses"))
                .hint("a key word is 1 to 64 characters without blanks or @, and names at least one address"));
        }
        self.album
            .commit(|rows| Ok(rows.set_keyword(word, addresses)?))
    }

    /// All key words.
    pub fn keywords(&self) -> Result<Vec<(String, StationAddress)>, Fault> {
        Ok(self.album.rows().keywords()?)
    }

    /// Forgets a key word.
    pub fn remove_keyword(&mut self, word: &str) -> Result<(), Fault> {
        if self
            .album
            .commit(|rows| Ok::<_, Fault>(rows.remove_keyword(word)?))?
        {
            return Ok(());
        }
        Err(Fault::usage(
            "unknown_word",
            format!("there is no key word {word:?}"),
        ))
    }
}

/// Originals and passing on (`much`) go to a household that is only `seen` after a question (PROTOCOL 7, Trust).
pub(super) fn ask_first(who: &Contact, much: bool, yes: bool) -> Result<(), Fault> {
    if who.trust != Trust::Seen || yes || !much {
        return Ok(());
    }
    let words = format!(
        "the words of {} ({}) were never compared. Give it originals, or let it pass them on, all the same?",
        who.name, who.mailbox
    );
    Err(Fault::new("asks_first", words).hint(format!(
        "compare words first: `hearthpost contact verify {}`; in scripts --yes",
        who.mailbox
    )))
}

/// The same of a household that nobody here knows: its mailbox will answer, and its words were never compared.
pub(super) fn ask_first_of_unknown(mailbox: &Mailbox, much: bool, yes: bool) -> Result<(), Fault> {
    if yes || !much {
        return Ok(());
    }
    let words = format!(
        "nobody here knows {mailbox}. Give whoever answers there originals, or let them pass them on, all the same?"
    );
    Err(Fault::new("asks_first", words).hint(format!(
        "get to know it first: `hearthpost contact request {mailbox}`, then compare words; in scripts --yes"
    )))
}

/// Answers a card-request: notes who asked, and introduces this household. Strangers are answered once a day each and
/// twenty a day in all; they learn the certificates and nothing about the people.
pub(super) fn answer_card_request(
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
            if rows.waiting_contacts()? >= MAX_PENDING {
                return Err(Fault::new(
                    "quota",
                    "too many households wait to be accepted",
                ));
            }
            let mut contact = Contact::stranger(&card.identity, now);
            contact.mailbox = request.mailbox.clone();
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
        take_card(&mut contact, &card);
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
        true => known_card(writer.keys, config, Some(request.nonce)),
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
pub(super) fn take_card_letter(
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
        Some(nonce) => rows.take_card_request(nonce)?,
        None => None,
    };
    let round_trip = asked.as_ref() == Some(&received.mailbox);
    let known = rows.contact(letter.header.from)?;
    if known.is_none() && !round_trip {
        // A card that nobody asked for, from nobody we know.
        return Ok(());
    }
    let is_new = known.is_none();
    let mut contact = known.unwrap_or_else(|| Contact::stranger(&card.identity, now));
    let claim = Contact {
        mailbox: received.mailbox.clone(),
        ..contact.clone()
    };
    if note_claim(rows, &claim, now)? {
        return Ok(());
    }
    // A card dated ahead, by a clock that was wrong there, must not shut out all that come after it.
    let issued = letter.header.issued.min(now.plus_seconds(MAX_AHEAD));
    // One that answers within the same second is none of before.
    let is_newest = issued > contact.card_issued || (round_trip && issued == contact.card_issued);
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
        contact.name = super::words::clean_name(&received.name, contact.mailbox.as_str());
    }
    if round_trip {
        contact.trust = contact.trust.max(Trust::Seen);
        contact.accepted = true;
    }
    rows.put_contact(&contact)?;
    // An open card says nothing of people, and so takes nothing back.
    if is_newest && letter.enveloped {
        take_announced(rows, contact.fingerprint, received)?;
    }
    Ok(())
}

/// A household is met by an invitation: what its card says counts where it is the newest, and it is checked.
pub(super) fn meet(
    rows: Rows<'_>,
    mut contact: Contact,
    card: &Card,
    signed: &SignedCard,
    now: Timestamp,
) -> Result<Contact, Fault> {
    let issued = signed.issued.min(now.plus_seconds(MAX_AHEAD));
    if issued > contact.card_issued || contact.encryption.is_empty() {
        contact.card_issued = issued.max(contact.card_issued);
        contact.mailbox = signed.card.mailbox.clone();
        take_card(&mut contact, card);
        contact.name = super::words::clean_name(&signed.card.name, contact.mailbox.as_str());
    }
    contact.trust = Trust::Verified;
    contact.accepted = true;
    rows.put_contact(&contact)?;
    // What it was told before may have been by another identity of this household.
    rows.set_announced_to(contact.fingerprint, "")?;
    Ok(contact)
}

/// The certificates in a card or card-request; they must be of whom the letter is from.
pub(super) fn card_of(certificates: &[Bytes], letter: &Letter) -> Result<Card, Fault> {
    let ders: Vec<&[u8]> = certificates.iter().map(|der| der.0.as_slice()).collect();
    let card =
        Card::from_ders(&ders).map_err(|error| Fault::new("certificate", error.to_string()))?;
    if card.identity.fingerprint() != letter.header.from {
        let words = format!("a {} with the certificates of another", letter.body.kind());
        return Err(Fault::new("signature", words));
    }
    Ok(card)
}

/// Whether certificates are older than those that are known. Only a card tells when it was written, and so can go back; a
/// request that was kept and sent again, or an old file, cannot.
fn goes_back(contact: &Contact, card: &Card) -> Result<bool, Fault> {
    let begin = |card: &Card| card.newest().map(|newest| newest.not_before());
    let known = contact.card()?;
    Ok(known.is_some_and(|known| begin(&known) > begin(card)))
}

fn take_card(contact: &mut Contact, card: &Card) {
    contact.identity = card.identity.der().to_vec();
    contact.encryption = card.encryption.iter().map(|c| c.der().to_vec()).collect();
    contact.name = super::words::clean_name(card.identity.name(), card.identity.mailbox().as_str());
}

/// Records where another, accepted identity already has this contact's mailbox; gives whether that is so.
pub(super) fn note_claim(rows: Rows<'_>, contact: &Contact, now: Timestamp) -> Result<bool, Fault> {
    match rows.contact_at(&contact.mailbox)? {
        Some(other) if other.accepted && other.fingerprint != contact.fingerprint => {
            tracing::warn!(mailbox = %contact.mailbox, claimed_by = %contact.fingerprint.short(),
                "another identity claims the mailbox of a known household");
            put_claim(rows, contact.fingerprint, &contact.mailbox, now)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}

/// As [`note_claim`], also where the identity that was known there has ended, and this one is not accepted yet.
pub(super) fn note_any_claim(
    rows: Rows<'_>,
    contact: &Contact,
    now: Timestamp,
) -> Result<bool, Fault> {
    if note_claim(rows, contact, now)? {
        return Ok(true);
    }
    let claims = !contact.accepted && succeeds(rows, contact)?;
    if claims {
        put_claim(rows, contact.fingerprint, &contact.mailbox, now)?;
    }
    Ok(claims)
}

/// The first time it is an alarm.
pub(super) fn put_claim(
    rows: Rows<'_>,
    who: Fingerprint,
    mailbox: &Mailbox,
    now: Timestamp,
) -> Result<(), Fault> {
    if rows.put_claim(who, mailbox, now)? {
        alarm(rows, KnockKind::Claim, who, now)?;
    }
    Ok(())
}

pub(super) fn refuse_second_identity(
    rows: Rows<'_>,
    mailbox: &Mailbox,
    who: Fingerprint,
) -> Result<(), Fault> {
    match rows.contact_at(mailbox)? {
        Some(other) if other.accepted && other.fingerprint != who => Err(Fault::new(
            "second_identity",
            format!("{mailbox} is known with another fingerprint: {}", other.fingerprint),
        )
        .hint("if the household really began anew, compare words with the people there and say which they read out: `hearthpost contact verify ADDR --fingerprint WORDS` puts the new identity in the place of the old one")),
        _ => Ok(()),
    }
}

/// Whether an identity that has ended was known at the mailbox of this one.
pub(super) fn succeeds(rows: Rows<'_>, contact: &Contact) -> Result<bool, Fault> {
    for other in rows.contacts()? {
        let same = other.fingerprint == contact.fingerprint;
        if !same && other.mailbox == contact.mailbox && rows.ended(other.fingerprint)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What this household says of itself to those who know it: also of its people, as far as it chose.
pub(super) fn known_card(keys: &Keys, config: &Config, nonce: Option<Id>) -> Body {
    let announce = &config.announce;
    let word = |(word, station): &(String, StationName)| Word {
        word: word.clone(),
        station: station.clone(),
    };
    Body::Card(CardLetter {
        stations: announce.people.clone(),
        words: announce.words.iter().map(word).collect(),
        ..own_card_letter(keys, &config.name, &config.mailbox, nonce)
    })
}

/// What this household says of itself to anybody: nothing of its people.
pub(super) fn own_card(keys: &Keys, name: &str, mailbox: &Mailbox, nonce: Option<Id>) -> Body {
    Body::Card(own_card_letter(keys, name, mailbox, nonce))
}

pub(super) fn own_card_letter(
    keys: &Keys,
    name: &str,
    mailbox: &Mailbox,
    nonce: Option<Id>,
) -> CardLetter {
    CardLetter {
        versions: Integer::new(VERSION).into_iter().collect(),
        name: name.chars().take(200).collect(),
        mailbox: mailbox.clone(),
        certificates: keys.card().ders().map(|der| Bytes(der.to_vec())).collect(),
        stations: Vec::new(),
        words: Vec::new(),
        nonce,
    }
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

pub(super) fn known(rows: Rows<'_>, whom: Whom<'_>) -> Result<Contact, Fault> {
    match whom {
        Whom::At(mailbox) => rows.contact_at(mailbox)?.ok_or_else(|| {
            let words = format!("no household at {mailbox} is known");
            Fault::new("unknown_contact", words).hint(format!(
                "ask it to introduce itself: `hearthpost contact request {mailbox}`"
            ))
        }),
        Whom::Is(who) => rows
            .contact(who)?
            .ok_or_else(|| Fault::new("unknown_contact", "that household is not known")),
    }
}
