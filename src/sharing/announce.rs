//! The people and key words that this household tells others of, and what is kept of those that they tell it.

use std::collections::BTreeSet;

use super::accounts::person::refuse_unknown;
use super::contacts::introduction::{announce_these, announced, known_card};
use super::correspond::Writer;
use super::words::clean_line;
use super::{Fault, Household};
use crate::address::{StationName, is_key_word};
use crate::album::Rows;
use crate::config::Announce;
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint};
use crate::message::CardLetter;

/// The most people, and key words, that a card has room for.
const MOST: usize = 256;

impl Household {
    /// Whom of the house the households that this one knows are told of, and which key words are suggested to them.
    pub fn announced(&self) -> Result<Announce, Fault> {
        announced(self.album.rows(), &self.config)
    }

    /// Chooses that anew, whatever the settings file says. The others learn of it by a card.
    pub fn set_announced(&mut self, chosen: Announce) -> Result<(), Fault> {
        self.album.commit(|rows| choose(rows, chosen))
    }

    /// Says whether others are told of one person, and by which key words; `None`: they are not.
    pub fn announce_person(
        &mut self,
        name: &StationName,
        words: Option<&[String]>,
    ) -> Result<(), Fault> {
        let config = &self.config;
        self.album.commit(|rows| {
            refuse_unknown(rows, name)?;
            let mut all = announced(rows, config)?;
            all.people.retain(|one| one != name);
            all.words.retain(|(_, one)| one != name);
            if let Some(words) = words {
                all.people.push(name.clone());
                let words = words.iter().map(|word| (word.clone(), name.clone()));
                all.words.extend(words);
            }
            choose(rows, all)
        })
    }

    /// Tells the households that are heard of the people and words that this one chose, where they were last told other ones.
    pub(super) fn announce(&mut self, now: Timestamp) -> Result<(), Fault> {
        let what = named(&announced(self.album.rows(), &self.config)?);
        let others = self.album.rows().contacts_told_other(&what)?;
        let writer = Writer::new(&self.keys, &self.config, now);
        let config = &self.config;
        // A card of the same second, which may have gone before, would shut it out.
        let issued = now.plus_seconds(1);
        for who in others {
            self.album.commit(|rows| {
                let body = known_card(rows, writer.keys, config, None)?;
                // Whose certificate has ended is told once it has another.
                if let Some(contact) = rows.contact(who)?.filter(|one| one.is_heard())
                    && let Some(certificate) = contact.certificate(now)?
                {
                    let mailbox = &contact.mailbox;
                    let card = writer.write(&body, who, mailbox, &certificate, issued)?;
                    card.queue(rows, mailbox, None, None, now)?;
                    rows.set_announced_to(who, &what)?;
                }
                Ok::<_, Fault>(())
            })?;
        }
        Ok(())
    }
}

/// Checks what is to be announced, and keeps it.
fn choose(rows: Rows<'_>, chosen: Announce) -> Result<(), Fault> {
    let Announce { people, words } = &chosen;
    if people.len().max(words.len()) > MOST {
        let words = format!("at most {MOST} people and {MOST} key words are told of");
        return Err(Fault::usage("announce", words));
    }
    for (word, _) in words {
        if !is_key_word(word) {
            let words = format!("{word:?} is not a key word for addresses");
            return Err(Fault::usage("word", words)
                .hint("a key word is 1 to 64 characters without blanks or @"));
        }
    }
    for name in chosen.named() {
        refuse_unknown(rows, name)?;
    }
    announce_these(rows, chosen)
}

/// A short name for what is announced; empty where that is nothing.
fn named(announce: &Announce) -> String {
    if *announce == Announce::default() {
        return String::new();
    }
    let people = announce.people.iter().map(|name| format!("{name}\n"));
    let words = announce.words.iter();
    let words = words.map(|(word, name)| format!("{word}={name}\n"));
    let all: String = people.chain(words).collect();
    Digest::of(all.as_bytes()).short()
}

/// Keeps what a household's newest card announces, as far as it can be used.
pub(super) fn take_announced(
    rows: Rows<'_>,
    who: Fingerprint,
    card: &CardLetter,
) -> Result<(), Fault> {
    let clean = |word: &str| is_key_word(word) && clean_line(word) == word;
    let words = card.words.iter().filter(|one| clean(&one.word));
    let words = words.map(|one| (one.word.clone(), one.station.clone()));
    let people = card
        .stations
        .iter()
        .map(|name| (String::new(), name.clone()));
    let all: BTreeSet<(String, StationName)> = words.chain(people).collect();
    Ok(rows.set_announced(who, &all.into_iter().collect::<Vec<_>>())?)
}
