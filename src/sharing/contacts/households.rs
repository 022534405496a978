//! Other households as the people of this one see them: known, waiting, blocked; and the ways to get to know one.

use super::claims::{is_at, succeeds};
use super::typed::known_at;
use super::which::{Deed, Named};
use crate::address::Mailbox;
use crate::album::{Contact, Rows, Trust};
use crate::encoding::Timestamp;
use crate::envelope::{Card, Fingerprint};
use crate::sharing::contacts::{known, why_no_card};
use crate::sharing::words::clean_line;
use crate::sharing::{Fault, Household};

/// Another household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownHousehold {
    /// Who.
    pub fingerprint: Fingerprint,
    /// Where mail for it goes.
    pub mailbox: Mailbox,
    /// What it calls itself, cleaned.
    pub name: String,
    /// How well it is known.
    pub trust: Trust,
    /// How this household stands to it.
    pub standing: Standing,
    /// When it became known.
    pub since: Timestamp,
    /// Whether another identity says that this mailbox is its own.
    pub is_claimed: bool,
    /// Whether to know it by its words would put it in the place of another one at its mailbox: they have to be typed.
    pub takes_place: bool,
    /// Whether it is blocked while another one is known at its mailbox: it was kept out for that one, though it may have been
    /// known there before.
    pub kept_out: bool,
    /// Whether it is known by the directory alone, which has it at the mailbox of another one.
    pub in_directory: bool,
    /// Whether it may use this household as a relay.
    pub relay: bool,
    /// Whether letters to it are safe from a quantum computer to come.
    pub quantum_safe: bool,
}

/// How this household stands to another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is heard.
    Heard,
    /// It wrote, and waits for the keeper.
    Waits,
    /// It wrote from the mailbox of another one that is known: it is not let in beside that.
    Claims,
    /// Nothing of it is taken.
    Blocked,
    /// It said itself that this identity is no more.
    Ended,
}

impl Household {
    /// All other households, those that wait for the keeper first, then by name.
    pub fn households(&self) -> Result<Vec<KnownHousehold>, Fault> {
        let _moment = self.album.moment()?;
        let rows = self.album.rows();
        let mut all = Vec::new();
        for contact in &rows.contacts()? {
            all.push(seen(rows, contact)?);
        }
        let waits = |one: &KnownHousehold| match one.standing {
            Standing::Waits | Standing::Claims => 0,
            Standing::Heard => 1,
            Standing::Blocked | Standing::Ended => 2,
        };
        all.sort_by_key(|one| (waits(one), one.name.to_lowercase(), one.since));
        Ok(all)
    }

    /// One of them.
    pub fn household(&self, who: Fingerprint) -> Result<KnownHousehold, Fault> {
        let rows = self.album.rows();
        let contact = known(rows, who.into())?;
        seen(rows, &contact)
    }

    /// How many households that wrote wait to be accepted; not those that claim the mailbox of another one.
    pub fn waiting_households(&self) -> Result<usize, Fault> {
        let rows = self.album.rows();
        let mut waiting = 0;
        for contact in &rows.contacts_waiting()? {
            waiting += usize::from(seen(rows, contact)?.standing == Standing::Waits);
        }
        Ok(waiting)
    }

    /// How many things wait for the keeper: households that wrote, and people elsewhere who ask for more.
    pub fn waiting_for_keeper(&self) -> Result<u64, Fault> {
        let rows = self.album.rows();
        Ok(rows.waiting_contacts()? + rows.open_requests()?)
    }

    /// Gets to know the household at a mailbox: one that wrote is accepted, and given; another one is asked to introduce
    /// itself.
    pub fn meet(&mut self, mailbox: &Mailbox, now: Timestamp) -> Result<Option<Contact>, Fault> {
        if let Some(known) = known_at(self.album.rows(), mailbox)? {
            let who = self.household_named(&Named::At(known), Deed::Accept)?;
            return self.accept_contact(who, now).map(Some);
        }
        self.request_card(mailbox, now)?;
        Ok(None)
    }

    /// Notes that the keeper compared the words of a household that a page shows: by looking, or with those that were
    /// `typed`. One that would take the place of another has to be typed: no button alone replaces anybody.
    pub fn verify_household(
        &mut self,
        who: Fingerprint,
        typed: Option<&Fingerprint>,
        now: Timestamp,
    ) -> Result<Contact, Fault> {
        let one = self.household(who)?;
        if typed.is_none() && one.takes_place {
            let words = "This one would take the place of another. Type the words that the people there read out.";
            return Err(Fault::new("asks_first", words));
        }
        self.verify_contact(&one.mailbox, typed.unwrap_or(&who), now)
    }

    /// Adds a household by its certificate file alone, which the keeper trusts: it names its own mailbox.
    pub fn add_household_file(&mut self, file: &[u8], now: Timestamp) -> Result<Contact, Fault> {
        let pem = certificates_of(file);
        let card = Card::from_pem(&pem).map_err(|error| {
            let why = why_no_card(error);
            let words = format!("this is no file of a household's certificates: {why}");
            Fault::usage("certificate", words)
        })?;
        self.add_contact_file(card.identity.mailbox(), &pem, now)
    }
}

fn seen(rows: Rows<'_>, contact: &Contact) -> Result<KnownHousehold, Fault> {
    let all = rows.contacts_typed(&contact.mailbox)?;
    let other = |one: &&Contact| {
        one.accepted && is_at(one, &contact.mailbox) && one.fingerprint != contact.fingerprint
    };
    let succeeds = succeeds(rows, contact)?;
    let standing = match (contact.blocked, contact.accepted) {
        _ if rows.ended(contact.fingerprint)?.is_some() => Standing::Ended,
        (true, _) => Standing::Blocked,
        (false, true) => Standing::Heard,
        (false, false) if succeeds || all.iter().any(|one| other(&one)) => Standing::Claims,
        (false, false) => Standing::Waits,
    };
    let claims = rows.claims(&contact.mailbox)?;
    // One that was shut out for another is as much somebody there as one that is heard.
    let somebody = |one: &Contact| {
        (one.accepted || one.blocked)
            && is_at(one, &contact.mailbox)
            && one.fingerprint != contact.fingerprint
    };
    // One that has ended takes nobody's place any more.
    let may = !matches!(standing, Standing::Heard | Standing::Ended);
    let takes_place = may && (succeeds || all.iter().any(somebody));
    Ok(KnownHousehold {
        takes_place,
        kept_out: standing == Standing::Blocked
            && !contact.accepted
            && all.iter().any(|one| other(&one)),
        fingerprint: contact.fingerprint,
        mailbox: contact.mailbox.clone(),
        name: clean_line(&contact.name),
        trust: contact.trust,
        standing,
        since: contact.added,
        quantum_safe: contact.is_quantum_safe(),
        relay: rows.is_relay_for(contact.fingerprint)?,
        in_directory: !contact.accepted && rows.claims_by_directory_alone(contact.fingerprint)?,
        is_claimed: contact.accepted && claims.iter().any(|who| *who != contact.fingerprint),
    })
}

/// The certificates in a file that `contact export` wrote, with or without `--json`.
pub fn certificates_of(file: &[u8]) -> Vec<u8> {
    #[derive(serde::Deserialize)]
    struct Exported {
        pem: String,
    }
    match serde_json::from_slice::<Exported>(file) {
        Ok(exported) => exported.pem.into_bytes(),
        Err(_) => file.to_vec(),
    }
}

/// Reads the 24 comparing words, or the 64 digits, with any blanks and colons between.
pub fn read_fingerprint(text: &str) -> Result<Fingerprint, Fault> {
    let text = text.to_ascii_lowercase();
    let digits: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != ':')
        .collect();
    if let Ok(fingerprint) = digits.parse() {
        return Ok(fingerprint);
    }
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let entropy = bip39::Mnemonic::parse_in_normalized(bip39::Language::English, &words);
    let read = entropy
        .ok()
        .and_then(|words| crate::encoding::hex_of(&words.to_entropy()).parse().ok());
    read.ok_or_else(|| {
        Fault::usage(
            "fingerprint",
            "that is neither 24 comparing words nor 64 hex digits",
        )
        .hint("a slip of the pen among the words is noticed: read them out once more")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_read_as_words_and_as_digits_however_they_are_spaced() {
        let fingerprint = Fingerprint::of_key(b"a key");
        let digits = fingerprint.to_string();
        for text in [
            digits.clone(),
            digits.to_uppercase(),
            format!("{} {}", &digits[..32], &digits[32..]),
            fingerprint.words(),
            fingerprint.words().replace(' ', "\n  ").to_uppercase(),
        ] {
            assert_eq!(read_fingerprint(&text).as_ref(), Ok(&fingerprint), "{text}");
        }
        let words = fingerprint.words();
        let fewer = words.rsplit_once(' ').expect("words").0;
        for text in ["", "abc", fewer, &digits[1..]] {
            assert!(read_fingerprint(text).is_err(), "{text}");
        }
    }
}
