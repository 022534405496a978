//! With whom one can share: households, people there of whom we know, and key words; and what a person means who types one.

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
    /// `bob, The Brooks family`. Several can stand behind one another with semicolons.
    pub fn meant_by(&self, typed: &str) -> Result<Vec<StationAddress>, Fault> {
        let mut meant = Vec::new();
        for one in typed
            .split(';')
            .map(str::trim)
            .filter(|one| !one.is_empty())
        {
            for address in self.meant_by_one(one)? {
                if !meant.contains(&address) {
                    meant.push(address);
                }
            }
        }
        Ok(meant)
    }

    fn meant_by_one(&self, typed: &str) -> Result<Vec<StationAddress>, Fault> {
        if typed.contains('@') {
            return self.addresses_of(typed);
        }
        let small = typed.to_lowercase();
        let words = self.keywords()?;
        let by_word = words
            .into_iter()
            .filter(|(word, _)| word.to_lowercase() == small);
        let by_word: Vec<StationAddress> = by_word.map(|(_, address)| address).collect();
        if !by_word.is_empty() {
            return Ok(by_word);
        }
        let (person, household) = match typed.split_once(',') {
            Some((person, household)) => (Some(person.trim()), household.trim()),
            None => (None, typed),
        };
        let named = |contact: &Contact| {
            clean_line(&contact.name).to_lowercase() == household.to_lowercase()
        };
        let contacts = self.contacts()?;
        // A stranger may call itself what it wants.
        let mut found = contacts
            .iter()
            .filter(|contact| is_met(contact) && named(contact));
        match (found.next(), found.next()) {
            (Some(contact), None) => {
                let station = match person {
                    Some(person) => person.to_lowercase().parse().map_err(|_| unknown(typed))?,
                    None => StationName::everyone(),
                };
                Ok(vec![StationAddress {
                    mailbox: contact.mailbox.clone(),
                    station,
                }])
            }
            (Some(_), Some(_)) => {
                let words = format!("several households are called {household}: give the address");
                Err(Fault::usage("unknown_word", words))
            }
            (None, _) => Err(self.suggested(typed)?.unwrap_or_else(|| unknown(typed))),
        }
    }
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
