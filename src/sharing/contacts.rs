//! Other households: how they become known, and how far they are trusted (PROTOCOL 7, Trust).
//!
//! `pending` (it wrote to us) → `seen` (our nonce came back from its mailbox) → `verified` (the keeper compared words,
//! or brought a certificate file). A second identity for a known mailbox is only a claim.

pub(super) mod card_request;
pub(super) mod cards;
pub(super) mod claims;
pub(super) mod ended;
pub mod households;
pub(super) mod inherited;
pub(super) mod introduction;
pub(super) mod last_letter;
pub(super) mod met;
pub(super) mod moved;
pub(super) mod said_again;
pub(super) mod successor;
pub(super) mod typed;
pub mod which;

use std::collections::BTreeSet;

use self::card_request::queue_card_request;
use self::claims::{refuse_claimant, refuse_second_identity, refuse_successor, settle_claims};
use self::ended::{REPLACED, refuse_ended_identity, shut_out};
use self::inherited::take_over_recalls;
use self::met::{goes_back, take_card};
use self::moved::{mail_follows, mailbox_of_any};
use self::said_again::say_again;
use self::typed::{is_typed, known_at};
use super::correspond::Writer;
use super::directory::answers::compare_with_kept;
use super::relay::jobs::end_all_for;
use super::share::awaited::forget_awaited;
use super::{Fault, Household};
use crate::address::Mailbox;
use crate::album::{CardRequested, Contact, Rows, Trust};
use crate::encoding::Timestamp;
use crate::envelope::{Card, EnvelopeError, Fingerprint};

/// Why letters of a household that was forgotten are not looked at.
const FORGOTTEN: &str = "the household that sent it was forgotten here";

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
        let card = self.card_in(pem)?;
        if !is_typed(mailbox, card.identity.mailbox()) {
            return Err(Fault::new(
                "certificate",
                format!(
                    "the certificate file is of {}, not of {mailbox}",
                    card.identity.mailbox()
                ),
            ));
        }
        let mailbox = card.identity.mailbox();
        let writer = Writer::new(&self.keys, &self.config, now);
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
            // The keeper says where it is.
            let before = contact.clone();
            contact.unproven &= contact.mailbox != *mailbox;
            rows.put_contact(&contact)?;
            mail_follows(rows, &before, &contact, now)?;
            settle_claims(rows, &contact)?;
            take_over_recalls(rows, &contact, now)?;
            say_again(rows, &writer, &contact)?;
            Ok(contact)
        })
    }

    /// Gets to know a household by the certificate file with which a member of the house shares: as one whose words were
    /// not compared, and only where nobody is known there. Who waits for the keeper goes on waiting.
    pub(super) fn meet_by_file(&mut self, card: &Card, now: Timestamp) -> Result<(), Fault> {
        let (who, mailbox) = (card.identity.fingerprint(), card.identity.mailbox());
        let config = &self.config;
        self.album.commit(|rows| {
            if rows.contact(who)?.is_some() {
                return Ok(());
            }
            refuse_ended_identity(rows, who)?;
            refuse_claimant(rows, mailbox, who)?;
            let mut contact = Contact::stranger(&card.identity, now);
            refuse_successor(rows, &contact)?;
            take_card(&mut contact, card);
            contact.trust = Trust::Seen;
            contact.accepted = true;
            rows.put_contact(&contact)?;
            compare_with_kept(rows, config, &contact, now)
        })
    }

    /// The certificates of another household in a file.
    pub(super) fn card_in(&self, pem: &[u8]) -> Result<Card, Fault> {
        let card = Card::from_pem(pem).map_err(|error| {
            let words = format!("the certificate file is not usable: {}", why_no_card(error));
            Fault::new("certificate", words)
                .hint("ask for a new one: `hearthpost contact export` there")
        })?;
        if card.identity.fingerprint() == self.me() {
            let words = "that is this household's own certificate file";
            return Err(Fault::usage("self", words));
        }
        Ok(card)
    }

    /// Asks the household at a mailbox to introduce itself; gives the mailbox that was asked. Who says there that it took the
    /// place of one that has ended shows nothing by answering, and is not asked.
    pub fn request_card(&mut self, mailbox: &Mailbox, now: Timestamp) -> Result<Mailbox, Fault> {
        let (keys, own) = (&self.keys, &self.config.mailbox);
        let asked = match known_at(self.album.rows(), mailbox)? {
            Some(known) => known,
            None if is_typed(mailbox, own) => own.clone(),
            None => mailbox.clone(),
        };
        if asked == *own {
            return Err(Fault::usage("self", "that is this household's own mailbox"));
        }
        self.album.commit(|rows| {
            if let Some(there) = rows.contact_at(&asked)? {
                refuse_successor(rows, &there)?;
            }
            queue_card_request(rows, keys, own, &asked, now)
        })?;
        Ok(asked)
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
            refuse_claimant(rows, &contact.mailbox, contact.fingerprint)?;
            refuse_successor(rows, &contact)?;
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
        let writer = Writer::new(keys, &self.config, now);
        self.album.commit(|rows| {
            // Also one that nobody here met, whose words somebody reads out all the same.
            refuse_ended_identity(rows, *compared)?;
            let mailbox = &mailbox_of_any(rows, mailbox)?;
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
            let is_new = !contact.accepted;
            let others = rows.contacts_at(mailbox)?;
            let other = |one: &&Contact| one.accepted && one.fingerprint != *compared;
            // Of one that claimed the mailbox, or was shut out for another one there, it was said before that it is not it.
            let was_another = rows.claimed_by(contact.fingerprint)?.is_some();
            contact.blocked &= !was_another && !others.iter().any(|one| other(&one));
            contact.trust = Trust::Verified;
            contact.accepted = true;
            rows.put_contact(&contact)?;
            if is_new {
                queue_card_request(rows, keys, own, &contact.mailbox, now)?;
            }
            // Who compared words knows whose mailbox it is.
            settle_claims(rows, &contact)?;
            for one in others.iter().filter(other) {
                shut_out(rows, one.clone(), REPLACED, now)?;
            }
            take_over_recalls(rows, &contact, now)?;
            say_again(rows, &writer, &contact)?;
            Ok(contact)
        })
    }

    /// Blocks a household, or lets it in again. What waits here to be passed on for it is not passed on, and it is told nothing.
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
            if blocked {
                end_all_for(rows, contact.fingerprint, None)?;
            }
            Ok(contact)
        })
    }

    /// Forgets a household to which nothing was shared, or that one was asked and never answered. What it wrote that waits is
    /// forgotten, too; what it writes next is looked at anew. What waits here to be passed on for it is not, and it is told so.
    pub fn remove_contact<'w>(
        &mut self,
        whom: impl Into<Whom<'w>>,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let whom = whom.into();
        let writer = Writer::new(&self.keys, &self.config, now);
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
            if rows.is_recalled_from(contact.fingerprint)? {
                let words = format!(
                    "{} is being told that something was taken back, and has not said yet that its copy is gone",
                    contact.mailbox
                );
                return Err(Fault::new("in_use", words)
                    .hint("remove it when it has said so, or after 30 days; until then it has to be told"));
            }
            end_all_for(rows, contact.fingerprint, Some(&writer))?;
            // Nor is it asked for a certificate any more: its answer would let it in.
            rows.forget_card_requests(&contact.mailbox)?;
            if !rows.remove_contact(contact.fingerprint)? {
                let words = format!("something was shared with {}", contact.mailbox);
                return Err(Fault::new("in_use", words)
                    .hint("`hearthpost contact block` keeps it out instead"));
            }
            // Or what it wrote so far would bring it back with the next pass.
            rows.refuse_pending_letters(contact.fingerprint, FORGOTTEN)?;
            Ok(rows.forget_claim(contact.fingerprint)?)
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
        let small = |mailbox: &Mailbox| mailbox.as_str().to_ascii_lowercase();
        let mut known = BTreeSet::new();
        for contact in rows.contacts()? {
            // One that answered once, and is asked for a newer card, is no stranger.
            if contact.trust > Trust::Pending {
                known.insert(small(&contact.mailbox));
            }
        }
        asked.retain(|one| !known.contains(&small(&one.mailbox)));
        Ok(asked)
    }

    /// Whether a household was asked who it is, by an invitation of its own or without, and its answer may still come.
    pub fn answer_is_awaited(&self, mailbox: &Mailbox) -> Result<bool, Fault> {
        let mut joinings = self.joinings()?.into_iter();
        if joinings.any(|one| one.is_open() && is_typed(mailbox, &one.mailbox)) {
            return Ok(true);
        }
        let mut asked = self.asked()?.into_iter();
        Ok(asked.any(|one| one.trouble.is_none() && is_typed(mailbox, &one.mailbox)))
    }

    /// The household of that identity.
    pub fn contact_of(&self, who: Fingerprint) -> Result<Contact, Fault> {
        known(self.album.rows(), who.into())
    }

    /// The household at a mailbox.
    pub fn contact_at(&self, mailbox: &Mailbox) -> Result<Contact, Fault> {
        known(self.album.rows(), mailbox.into())
    }

    /// This household's own certificates, to be handed over by other ways than mail.
    pub fn own_card_pem(&self) -> Result<String, Fault> {
        Ok(self.keys.card().to_pem()?)
    }
}

/// Why a file is not that of a household's certificates, for whoever brought it.
pub(super) fn why_no_card(error: EnvelopeError) -> String {
    match error {
        EnvelopeError::Profile(why) => why.to_owned(),
        other => other.to_string(),
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

pub(super) fn known(rows: Rows<'_>, whom: Whom<'_>) -> Result<Contact, Fault> {
    match whom {
        Whom::At(mailbox) => rows
            .contact_at(&mailbox_of_any(rows, mailbox)?)?
            .ok_or_else(|| {
                let words = format!("no household at {mailbox} is known");
                Fault::usage("unknown_contact", words).hint(format!(
                    "ask it to introduce itself: `hearthpost contact request {mailbox}`"
                ))
            }),
        Whom::Is(who) => rows
            .contact(who)?
            .ok_or_else(|| Fault::usage("unknown_contact", "that household is not known")),
    }
}
