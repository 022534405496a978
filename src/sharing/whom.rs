//! With whom one can share: households, people there of whom we know, and key words; and what a person means who types one.

pub(super) mod key_words;
pub mod suggested;

use std::collections::BTreeMap;

use super::accounts::Visitor;
use super::listing::clean_line;
use super::listing::outgoing::sees;
use super::{Fault, Household};
use crate::address::{Mailbox, StationAddress, StationName};
use crate::album::{Contact, Destination, SharedBy, Trust};
use crate::encoding::Timestamp;
use crate::message::Station;

/// Somebody with whom one can share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Where.
    pub address: StationAddress,
    /// What the household calls itself.
    pub household: String,
    /// When something was last shared there from here.
    pub last: Option<Timestamp>,
    /// Whether its words were compared.
    pub checked: bool,
}

impl Household {
    /// Households and people there, those with whom was shared last first. People are known where something was shared with
    /// them by name before, as far as the visitor sees that, or where their household announces them.
    pub fn known_addresses(&self, visitor: &Visitor) -> Result<Vec<Known>, Fault> {
        let rows = self.album.rows();
        let mut last: BTreeMap<(Mailbox, StationName), Timestamp> = BTreeMap::new();
        for share in rows.shares()? {
            let own = match self.keys.is_ours(share.origin) {
                true => Some(rows.shared_by(share.id)?),
                false => None,
            };
            for destination in rows.destinations(share.id)? {
                let mailbox = destination.mailbox.clone();
                for station in self.seen_of(visitor, own.as_ref(), destination)? {
                    let at = last.entry((mailbox.clone(), station.name));
                    let at = at.or_insert(share.created);
                    *at = share.created.max(*at);
                }
            }
        }
        let announced = rows.announced()?;
        let mut known = Vec::new();
        for contact in rows.contacts()? {
            if !is_met(&contact) {
                continue;
            }
            let named = last
                .keys()
                .filter(|(mailbox, _)| *mailbox == contact.mailbox);
            let mut stations: Vec<StationName> = named.map(|(_, name)| name.clone()).collect();
            let of_it = announced
                .iter()
                .filter(|one| one.contact == contact.fingerprint);
            for one in of_it {
                if !stations.contains(&one.station) {
                    stations.push(one.station.clone());
                }
            }
            if !stations.iter().any(StationName::is_everyone) {
                stations.push(StationName::everyone());
            }
            for station in stations {
                let key = (contact.mailbox.clone(), station);
                known.push(Known {
                    last: last.get(&key).copied(),
                    address: StationAddress {
                        mailbox: key.0,
                        station: key.1,
                    },
                    household: clean_line(&contact.name),
                    checked: contact.trust == Trust::Verified,
                });
            }
        }
        known.sort_by(|a, b| {
            let name = |known: &Known| (known.household.to_lowercase(), known.address.to_string());
            b.last.cmp(&a.last).then_with(|| name(a).cmp(&name(b)))
        });
        Ok(known)
    }

    /// Who of a destination a visitor knows of: of a share of this house, which `own` made; of another's, of what they passed on.
    fn seen_of(
        &self,
        visitor: &Visitor,
        own: Option<&SharedBy>,
        destination: Destination,
    ) -> Result<Vec<Station>, Fault> {
        let given = match own {
            Some(_) => Vec::new(),
            None => self.album.rows().given_by(destination.id)?,
        };
        if given.is_empty() {
            return Ok(match sees(visitor, own, destination.passed_by.as_ref()) {
                true => destination.stations,
                false => Vec::new(),
            });
        }
        let given = given.into_iter();
        let given = given.filter(|one| sees(visitor, None, Some(&one.person)));
        Ok(given.flat_map(|one| one.stations).collect())
    }

    /// Whom somebody means who types that: an address, a key word, what a household calls itself, or
    /// `bob, The Brooks family`. Several can stand behind one another with semicolons, addresses with commas and spaces too.
    pub fn meant_by(&self, typed: &str) -> Result<Vec<StationAddress>, Fault> {
        let mut read = self.typed(typed)?;
        match read.left.is_empty() {
            true => Ok(read.meant),
            false => Err(read.left.swap_remove(0).1),
        }
    }

    /// The same, where what is not understood keeps nobody from understanding the rest.
    pub fn typed(&self, typed: &str) -> Result<Typed, Fault> {
        let mut read = Typed::default();
        let pieces = typed.split([';', '\n']).map(str::trim);
        for one in pieces.filter(|one| !one.is_empty()) {
            let whole = self.understood(one)?;
            let mut apart = Typed::default();
            if whole.is_err() {
                for one in several(one) {
                    apart.note(one, self.understood(one)?);
                }
            }
            match apart.meant.is_empty() {
                true => read.note(one, whole),
                false => read.take(apart),
            }
        }
        Ok(read)
    }

    /// Outside: that the album cannot be read. Inside: that it is not understood.
    fn understood(&self, one: &str) -> Result<Result<Vec<StationAddress>, Fault>, Fault> {
        match self.meant_by_one(one) {
            Err(fault) if !fault.usage => Err(fault),
            understood => Ok(understood),
        }
    }

    fn meant_by_one(&self, typed: &str) -> Result<Vec<StationAddress>, Fault> {
        if typed.contains('@') {
            return self.addresses_of(typed);
        }
        let by_word = self.meant_by_word(typed)?;
        if !by_word.is_empty() {
            return Ok(by_word);
        }
        let (person, household) = match typed.split_once(',') {
            Some((person, household)) => (Some(person.trim()), household.trim()),
            None => (None, typed),
        };
        // A stranger may call itself what it wants.
        let mut contacts = self.contacts()?;
        contacts.retain(is_met);
        let called = |is: &dyn Fn(&str) -> bool| {
            let named = contacts.iter().filter(|one| is(&clean_line(&one.name)));
            named.collect::<Vec<_>>()
        };
        let mut found = called(&|name| name.to_lowercase() == household.to_lowercase());
        if found.is_empty() {
            // A key word that somebody suggests is not taken for a part of a name.
            if let Some(suggested) = self.suggested(typed)? {
                return Err(suggested);
            }
            found = called(&|name| is_part_of(household, name));
        }
        match *found {
            [contact] => {
                let station = match person {
                    Some(person) => person.to_lowercase().parse().map_err(|_| unknown(typed))?,
                    None => StationName::everyone(),
                };
                Ok(vec![StationAddress {
                    mailbox: contact.mailbox.clone(),
                    station,
                }])
            }
            [] => Err(self.announced_as(typed)?.unwrap_or_else(|| unknown(typed))),
            [..] => {
                let words = format!("several households are called {household}: give the address");
                Err(Fault::usage("unknown_word", words))
            }
        }
    }
}

/// What somebody typed, as far as it is understood.
#[derive(Debug, Default)]
pub struct Typed {
    /// Who is meant, each once.
    pub meant: Vec<StationAddress>,
    /// What is not understood, as it was typed, with why.
    pub left: Vec<(String, Fault)>,
}

impl Typed {
    fn note(&mut self, typed: &str, understood: Result<Vec<StationAddress>, Fault>) {
        match understood {
            Ok(meant) => self.take(Typed {
                meant,
                left: Vec::new(),
            }),
            Err(fault) => self.left.push((typed.to_owned(), fault)),
        }
    }

    fn take(&mut self, other: Typed) {
        for address in other.meant {
            if !self.meant.contains(&address) {
                self.meant.push(address);
            }
        }
        self.left.extend(other.left);
    }
}

/// What could be several names or addresses behind one another, where it is not one.
fn several(typed: &str) -> Vec<&str> {
    let pieces = typed.split(',').map(str::trim);
    let pieces = pieces.filter(|one| !one.is_empty());
    pieces
        .flat_map(|one| {
            let addresses = || one.split_whitespace();
            match addresses().all(|word| word.contains('@')) {
                true => addresses().collect(),
                false => vec![one],
            }
        })
        .collect()
}

/// Whether every word that was typed begins a word of that name, large or small. One letter says too little.
fn is_part_of(typed: &str, name: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let (typed, name) = (words(typed), words(name));
    let begins = |word: &String| name.iter().any(|one| one.starts_with(word.as_str()));
    let letters: usize = typed.iter().map(|word| word.chars().count()).sum();
    letters > 1 && typed.iter().all(begins)
}

/// Whether the people here know a household: the keeper lets it in, and its mailbox has answered.
fn is_met(contact: &Contact) -> bool {
    contact.is_heard() && contact.trust > Trust::Pending
}

fn unknown(typed: &str) -> Fault {
    let shown: String = clean_line(typed).chars().take(80).collect();
    let words =
        format!("nobody here is known as {shown}: choose one of the names, or give an address");
    Fault::usage("unknown_word", words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn part_of_a_name_is_enough_and_one_letter_is_not() {
        for (typed, is) in [
            ("brooks", true),
            ("Broo", true),
            ("the brooks", true),
            ("brooks family", true),
            ("b", false),
            ("rooks", false),
            ("brooks of york", false),
            ("", false),
            ("<b>", false),
        ] {
            assert_eq!(is_part_of(typed, "The Brooks Family"), is, "{typed}");
        }
    }

    #[test]
    fn addresses_stand_behind_one_another_as_people_write_them() {
        assert_eq!(
            several("a@x.example, b@y.example"),
            ["a@x.example", "b@y.example"]
        );
        assert_eq!(
            several("a@x.example b@y.example"),
            ["a@x.example", "b@y.example"]
        );
        assert_eq!(several("The Brooks, Mo & Jo"), ["The Brooks", "Mo & Jo"]);
        assert_eq!(several("The Brooks"), ["The Brooks"]);
    }
}
