//! What this household says of itself.

use serde::{Deserialize, Serialize};

use crate::address::{Mailbox, StationName};
use crate::album::{Keys, Rows};
use crate::config::{Announce, Config};
use crate::encoding::Integer;
use crate::envelope::Id;
use crate::message::grant::Bytes;
use crate::message::{Body, CardLetter, VERSION, Word};
use crate::sharing::Fault;

/// The setting that holds whom others are told of, where somebody chose that since the settings file was written.
const ANNOUNCE: &str = "announce";

/// As it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    people: Vec<StationName>,
    words: Vec<(String, StationName)>,
}

/// Whom others are told of, and which key words are suggested to them: as it was chosen last, by command or on the page, else
/// as the settings file says. Only who is of the house is told of.
pub(in crate::sharing) fn announced(rows: Rows<'_>, config: &Config) -> Result<Announce, Fault> {
    let mut announce = chosen(rows, config)?;
    if announce != Announce::default() {
        let people = rows.people()?;
        let is_here = |name: &StationName| people.iter().any(|person| person.station == *name);
        announce.people.retain(is_here);
        announce.words.retain(|(_, name)| is_here(name));
    }
    Ok(announce)
}

/// The same with those who are not of the house.
fn chosen(rows: Rows<'_>, config: &Config) -> Result<Announce, Fault> {
    let kept = rows.setting(ANNOUNCE)?;
    // What a damaged row had is chosen again.
    let kept = kept.and_then(|text| serde_json::from_str::<Kept>(&text).ok());
    Ok(match kept {
        Some(Kept { people, words }) => Announce { people, words },
        None => config.announce.clone(),
    })
}

/// Others are told no more of who leaves the house, nor of a later one of that name before somebody chooses it.
pub(in crate::sharing) fn announce_no_more(
    rows: Rows<'_>,
    config: &Config,
    name: &StationName,
) -> Result<(), Fault> {
    let mut announce = chosen(rows, config)?;
    if !announce.named().any(|one| one == name) {
        return Ok(());
    }
    announce.people.retain(|one| one != name);
    announce.words.retain(|(_, one)| one != name);
    announce_these(rows, announce)
}

/// Chooses whom others are told of, whatever the settings file says.
pub(in crate::sharing) fn announce_these(rows: Rows<'_>, chosen: Announce) -> Result<(), Fault> {
    let Announce { people, words } = chosen;
    let kept = Kept { people, words };
    let text = serde_json::to_string(&kept).expect("names and words are strings");
    Ok(rows.set_setting(ANNOUNCE, &text)?)
}

/// What this household says of itself to those who know it: also of its people, as far as it chose.
pub(in crate::sharing) fn known_card(
    rows: Rows<'_>,
    keys: &Keys,
    config: &Config,
    nonce: Option<Id>,
) -> Result<Body, Fault> {
    let announce = announced(rows, config)?;
    let word = |(word, station): &(String, StationName)| Word {
        word: word.clone(),
        station: station.clone(),
    };
    Ok(Body::Card(CardLetter {
        words: announce.words.iter().map(word).collect(),
        stations: announce.people,
        ..own_card_letter(keys, &config.name, &config.mailbox, nonce)
    }))
}

/// What this household says of itself to anybody: nothing of its people.
pub(super) fn own_card(keys: &Keys, name: &str, mailbox: &Mailbox, nonce: Option<Id>) -> Body {
    Body::Card(own_card_letter(keys, name, mailbox, nonce))
}

pub(in crate::sharing) fn own_card_letter(
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
