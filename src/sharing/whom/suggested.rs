//! People and key words that other households tell of: suggestions. Each is offered with the address and the household that it
//! comes from, and means nothing before somebody here saved it.

use super::key_words::is_same_word;
use crate::address::StationAddress;
use crate::album::Contact;
use crate::sharing::listing::clean_line;
use crate::sharing::{Fault, Household};

/// So many are named where a word could mean several.
const NAMED: usize = 8;

/// A key word that another household suggests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The word.
    pub word: String,
    /// Whom it would mean.
    pub address: StationAddress,
    /// What the household calls itself, cleaned.
    pub household: String,
    /// Whether the word means something else here already; saving it would replace that.
    pub is_taken: bool,
}

/// A person of another household, which tells of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnouncedPerson {
    /// Where.
    pub address: StationAddress,
    /// What the household calls itself, cleaned.
    pub household: String,
}

impl From<&Suggestion> for AnnouncedPerson {
    fn from(one: &Suggestion) -> Self {
        AnnouncedPerson {
            address: one.address.clone(),
            household: one.household.clone(),
        }
    }
}

/// Key words that a household suggests, each with whom it names.
pub type Suggested = Vec<(String, StationAddress)>;

impl Household {
    /// The key words that other households suggest and nobody here saved as they are.
    pub fn suggestions(&self) -> Result<Vec<Suggestion>, Fault> {
        let rows = self.album.rows();
        let saved = rows.keywords()?;
        let mut suggestions = Vec::new();
        for one in rows.announced()? {
            let Some(contact) = rows.contact(one.contact)?.filter(|_| !one.word.is_empty()) else {
                continue;
            };
            let address = StationAddress {
                mailbox: contact.mailbox,
                station: one.station,
            };
            let same = |word: &str| is_same_word(word, &one.word);
            let mut means = saved.iter().filter(|(word, _)| same(word));
            if !means.any(|(_, saved)| *saved == address) {
                suggestions.push(Suggestion {
                    is_taken: saved.iter().any(|(word, _)| same(word)),
                    word: one.word,
                    address,
                    household: clean_line(&contact.name),
                });
            }
        }
        Ok(suggestions)
    }

    /// The people that other households tell of, with what each household calls itself.
    pub fn announced_people(&self) -> Result<Vec<AnnouncedPerson>, Fault> {
        let rows = self.album.rows();
        let mut people = Vec::new();
        for one in rows.announced()? {
            let contact = rows.contact(one.contact)?;
            if let Some(contact) = contact.filter(|_| one.word.is_empty()) {
                people.push(AnnouncedPerson {
                    household: clean_line(&contact.name),
                    address: StationAddress {
                        mailbox: contact.mailbox,
                        station: one.station,
                    },
                });
            }
        }
        Ok(people)
    }

    /// What one household tells of: its people, and the key words that it suggests.
    pub fn announced_by(
        &self,
        contact: &Contact,
    ) -> Result<(Vec<StationAddress>, Suggested), Fault> {
        let (mut people, mut words) = (Vec::new(), Vec::new());
        for one in self.album.rows().announced_of(contact.fingerprint)? {
            let address = StationAddress {
                mailbox: contact.mailbox.clone(),
                station: one.station,
            };
            match one.word.is_empty() {
                true => people.push(address),
                false => words.push((one.word, address)),
            }
        }
        Ok((people, words))
    }

    /// What to say of a word that means nothing here, where other households suggest it. People of that name stand beside it.
    pub(in crate::sharing) fn suggested(&self, word: &str) -> Result<Option<Fault>, Fault> {
        let mut found = self.suggestions()?;
        found.retain(|one| is_same_word(&one.word, word));
        let Some(first) = found.first() else {
            return Ok(None);
        };
        let mut offered: Vec<AnnouncedPerson> = found.iter().map(AnnouncedPerson::from).collect();
        for one in self.people_called(word)? {
            if !offered.iter().any(|had| had.address == one.address) {
                offered.push(one);
            }
        }
        let words = match offered.len() {
            1 => format!(
                "{} means nothing here yet; {} suggests it for {}",
                first.word, first.household, first.address
            ),
            _ => could_be(&first.word, &offered),
        };
        let hint = if_that_is_meant(&first.word, &offered);
        Ok(Some(Fault::usage("suggested_word", words).hint(hint)))
    }

    /// The same of a word that is the name of people whom other households tell of.
    pub(in crate::sharing) fn announced_as(&self, word: &str) -> Result<Option<Fault>, Fault> {
        let people = self.people_called(word)?;
        let Some(first) = people.first() else {
            return Ok(None);
        };
        let name = first.address.station.as_str();
        let hint = if_that_is_meant(name, &people);
        Ok(Some(
            Fault::usage("announced_person", could_be(name, &people)).hint(hint),
        ))
    }

    fn people_called(&self, word: &str) -> Result<Vec<AnnouncedPerson>, Fault> {
        let mut people = self.announced_people()?;
        people.retain(|one| is_same_word(one.address.station.as_str(), word));
        Ok(people)
    }
}

/// Of a word that nobody saved: all whom it could mean, as far as a line holds them.
fn could_be(word: &str, all: &[AnnouncedPerson]) -> String {
    let named = all.iter().take(NAMED).map(|one| {
        let (person, address) = (&one.address.station, &one.address);
        format!("{person}, {}: {address}", one.household)
    });
    let mut named: Vec<String> = named.collect();
    if all.len() > NAMED {
        named.push("…".to_owned());
    }
    let named = named.join("; ");
    format!("{word} means nothing here yet; it could be {named}")
}

fn if_that_is_meant(word: &str, all: &[AnnouncedPerson]) -> String {
    match all {
        [only] => format!(
            "if that is who you mean: `hearthpost keyword set {word} {}`",
            only.address
        ),
        _ => format!("save it for whom you mean: `hearthpost keyword set {word} ADDR`"),
    }
}
