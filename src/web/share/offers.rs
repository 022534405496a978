//! Whom a word could mean that nobody here gave a meaning: what other households announce, and what the directory said. Each is
//! offered with where it comes from, and counts once somebody chose it.

use minijinja::{Value, context};

use super::super::spoken::shown_time;
use super::draft::Draft;
use crate::address::{StationAddress, StationName};
use crate::encoding::Timestamp;
use crate::sharing::directory::Answer;
use crate::sharing::listing::clean_line;
use crate::sharing::{Fault, Household};

/// Somebody who is offered.
pub(super) struct Offer {
    /// Where.
    pub address: StationAddress,
    /// What it calls itself there.
    pub name: String,
    /// To compare; none where it is known already.
    words: Option<String>,
    known: bool,
    differs: bool,
    /// Of when that is, where the directory is silent.
    as_of: Option<Timestamp>,
}

impl Offer {
    /// For the page, and whether it was chosen.
    pub fn shown(&self, chosen: bool) -> Value {
        context! {
            address => self.address.to_string(),
            name => self.name,
            words => self.words,
            known => self.known,
            differs => self.differs,
            chosen,
            as_of => self.as_of.map(shown_time),
        }
    }
}

/// Those whom the words of a form could mean.
pub(super) fn offers(home: &Household, draft: &Draft, now: Timestamp) -> Result<Vec<Offer>, Fault> {
    let words = draft.words();
    let small: Vec<String> = words.iter().map(|word| word.to_lowercase()).collect();
    let suggestions = home.suggestions()?.into_iter();
    let suggested = suggestions.filter(|one| small.contains(&one.word.to_lowercase()));
    let mut offers: Vec<Offer> = suggested
        .map(|one| Offer {
            name: format!("{}, {}", one.word, one.household),
            address: one.address,
            words: None,
            known: true,
            differs: false,
            as_of: None,
        })
        .collect();
    let people = home.announced_people()?.into_iter();
    let called = people.filter(|one| small.contains(&one.address.station.as_str().to_lowercase()));
    for one in called {
        if !offers.iter().any(|had| had.address == one.address) {
            offers.push(Offer {
                name: format!("{}, {}", one.address.station, one.household),
                address: one.address,
                words: None,
                known: true,
                differs: false,
                as_of: None,
            });
        }
    }
    // What was only typed may be somebody whom one knows.
    if !draft.looked.is_empty() {
        for answer in home.kept_in_directory(&words, now)? {
            for offer in of_answer(answer) {
                if !offers.iter().any(|had| had.address == offer.address) {
                    offers.push(offer);
                }
            }
        }
    }
    Ok(offers)
}

fn of_answer(answer: Answer) -> Vec<Offer> {
    let as_of = answer.as_of;
    let found = answer.found.into_iter();
    let offer = found.map(|one| Offer {
        name: clean_line(&one.name),
        words: Some(one.card.identity.fingerprint().words()),
        known: one.known,
        differs: one.differs,
        as_of,
        address: StationAddress {
            mailbox: one.mailbox,
            station: StationName::everyone(),
        },
    });
    offer.collect()
}
