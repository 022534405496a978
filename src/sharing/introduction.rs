//! What this household says of itself.

use crate::address::{Mailbox, StationName};
use crate::album::Keys;
use crate::config::Config;
use crate::encoding::Integer;
use crate::envelope::Id;
use crate::message::grant::Bytes;
use crate::message::{Body, CardLetter, VERSION, Word};

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
