//! Sharing by way of a relay, as the origin sees it (Figure 6): one transfer to one household, which passes on to the
//! others. Whoever is to have just what the relay may pass on gets a grant that it makes; for everybody else the letter is
//! finished and sealed here.

use std::collections::BTreeMap;

use crate::address::{Mailbox, StationName};
use crate::album::{ByWay, Contact, DestinationState, Rows, Share};
use crate::encoding::Timestamp;
use crate::envelope::{Card, Fingerprint, Id};
use crate::message::grant::Bytes;
use crate::message::relay::{Wish, ceiling};
use crate::message::{Onward, RelayEntry, SignedManifest, Station};
use crate::rules::{Further, Rules, Who};
use crate::sharing::correspond::{Writer, Written};
use crate::sharing::share::granting::{Line, Making, NewGrant, Recipient, put_granted, sentences};
use crate::sharing::share::plan::{Rights, absolute};
use crate::sharing::{Fault, Household};
use crate::words::Language;

/// The most households to which one relay passes a share on.
const MOST: usize = 256;
/// How long something is carried for others, in seconds.
pub(in crate::sharing) const KEPT: u64 = 30 * 86_400;

/// What goes by way of a relay.
pub(in crate::sharing) struct NewByWay {
    /// What the relay itself is given, with what it is asked.
    pub relay: NewGrant,
    /// Whose finished letters it hands on, each with the letter's id.
    sealed: Vec<(NewGrant, Id)>,
    /// For whom it makes a grant, with the rules there.
    made_there: Vec<(Contact, Vec<Station>)>,
}

impl Household {
    /// The household by way of which a share is to go.
    pub(in crate::sharing) fn relay_contact<'c>(
        &self,
        mailbox: &Mailbox,
        households: impl Iterator<Item = &'c Contact>,
        now: Timestamp,
    ) -> Result<Contact, Fault> {
        let mailbox = &self.meant_at(mailbox)?;
        if *mailbox == self.config.mailbox {
            let words = "this household cannot be its own relay";
            return Err(Fault::usage("relay", words).hint("leave out --relay-via"));
        }
        // Unlike who gets it, a relay is not looked for: it does this for nobody whom its keeper does not know.
        if self.is_unknown(mailbox)? {
            let words =
                format!("{mailbox} is not known here, and passes on only for those whom it lets");
            return Err(Fault::usage("relay", words).hint(format!(
                "`hearthpost contact request {mailbox}`; then, over there: `hearthpost contact relay {} on`",
                self.config.mailbox
            )));
        }
        let relay = self.destination_contact(mailbox)?;
        let mut count = 0;
        for household in households {
            if household.fingerprint != relay.fingerprint {
                card_of(household, now)?;
                count += 1;
            }
        }
        if count == 0 || count > MOST {
            let words =
                format!("{mailbox} passes on to 1 to {MOST} other households, not to {count}");
            return Err(Fault::usage("relay", words)
                .hint("--to names them; without others, leave out --relay-via"));
        }
        if relay.certificate(now)?.is_none() {
            return Err(no_certificate(&relay));
        }
        Ok(relay)
    }

    /// Makes the grants of a share that goes by way of a relay.
    pub(in crate::sharing) fn grants_by_way(
        &self,
        relay: &Contact,
        households: &[Recipient],
        all_rights: &[Rights],
        making: &Making<'_>,
    ) -> Result<NewByWay, Fault> {
        let now = making.now;
        let is_relay = |household: &Recipient| household.contact.fingerprint == relay.fingerprint;
        let mut wishes: BTreeMap<Fingerprint, Wish> = BTreeMap::new();
        for (household, rights) in households.iter().zip(all_rights) {
            let wish = wish(household, rights, now);
            wishes.insert(wish.household, wish);
        }
        let own = wishes.remove(&relay.fingerprint);
        let others: Vec<Wish> = wishes.into_values().collect();
        let onward = own.as_ref().and_then(|own| ceiling(own, &others));
        let named = |who: &Contact| {
            let to = onward.as_ref().and_then(|onward| onward.to.as_ref());
            to.is_some_and(|to| to.contains(&who.fingerprint))
        };
        let writer = Writer::new(&self.keys, &self.config, now);
        let (mut entries, mut sealed, mut made_there) = (Vec::new(), Vec::new(), Vec::new());
        for (household, rights) in households.iter().zip(all_rights) {
            if is_relay(household) {
                continue;
            }
            let contact = &household.contact;
            let entry = if named(contact) {
                let stations = household.stations.iter();
                let entry = RelayEntry {
                    mailbox: contact.mailbox.clone(),
                    certificates: card_of(contact, now)?,
                    tier: rights.tier,
                    items: rights.items.clone(),
                    stations: stations.map(|one| until(one, now)).collect(),
                    sealed: None,
                };
                made_there.push((contact.clone(), entry.stations.clone()));
                entry
            } else {
                let grant = making.grant(household, rights)?;
                let letter = grant.write(&writer, making.manifest)?;
                let entry = sealed_entry(&grant, &letter, now)?;
                sealed.push((grant, letter.id));
                entry
            };
            entries.push(entry);
        }
        let relay = self.grant_of_relay(relay, households, all_rights, onward, entries, making)?;
        Ok(NewByWay {
            relay,
            sealed,
            made_there,
        })
    }

    fn grant_of_relay(
        &self,
        relay: &Contact,
        households: &[Recipient],
        all_rights: &[Rights],
        onward: Option<Onward>,
        entries: Vec<RelayEntry>,
        making: &Making<'_>,
    ) -> Result<NewGrant, Fault> {
        let own = households
            .iter()
            .zip(all_rights)
            .find(|(household, _)| household.contact.fingerprint == relay.fingerprint);
        let grant = match own {
            Some((household, rights)) => {
                let onward = onward.or_else(|| rights.onward.clone());
                let rights = Rights {
                    onward,
                    ..rights.clone()
                };
                making.grant_that_asks(household, &rights, entries)?
            }
            None => making.grant_to_carry(relay, entries)?,
        };
        self.refuse_too_long(&grant, making.manifest, making.now)?;
        Ok(grant)
    }

    /// The length of a letter to a relay shows only once it is written.
    pub(in crate::sharing) fn refuse_too_long(
        &self,
        grant: &NewGrant,
        manifest: &SignedManifest,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let writer = Writer::new(&self.keys, &self.config, now);
        let written = grant.write(&writer, manifest);
        written.map(drop).map_err(|_| {
            let words =
                "with so many items and households, the letter to the relay would be too long";
            Fault::new("relay", words).hint("make several shares of it, or leave out --relay-via")
        })
    }
}

impl NewByWay {
    /// Notes who gets the share by way of the relay; gives what there is to say of each.
    pub fn record(
        &self,
        rows: Rows<'_>,
        share: &Share,
        language: Language,
        now: Timestamp,
    ) -> Result<Vec<Line>, Fault> {
        let relay = &self.relay.contact;
        let asks = letter_to(rows, share, relay.fingerprint)?;
        let way = |contact, stations: &Vec<Station>| {
            let stations = Some(stations.clone());
            new_way(share, contact, relay.fingerprint, asks, stations, now)
        };
        let mut lines = Vec::new();
        for (grant, letter) in &self.sealed {
            put_sealed(rows, share, (grant, *letter), relay.fingerprint, now)?;
            lines.push(grant.line(DestinationState::Queued, language));
        }
        for (contact, stations) in &self.made_there {
            rows.put_by_way(&way(contact.fingerprint, stations))?;
            lines.push(Line {
                mailbox: contact.mailbox.clone(),
                name: contact.name.clone(),
                stations: sentences(language, stations, Who::EveryoneThere, Further::Unsaid),
                state: DestinationState::Queued,
                via: None,
                unknown: false,
            });
        }
        for line in &mut lines {
            line.via = Some(relay.mailbox.clone());
        }
        Ok(lines)
    }
}

/// Notes a household whose finished letter a relay hands on; gives the row of the destination.
pub(in crate::sharing) fn put_sealed(
    rows: Rows<'_>,
    share: &Share,
    (grant, letter): (&NewGrant, Id),
    relay: Fingerprint,
    now: Timestamp,
) -> Result<i64, Fault> {
    let id = put_granted(rows, share, grant, letter, DestinationState::Queued, now)?;
    let contact = grant.contact.fingerprint;
    let asks = letter_to(rows, share, relay)?;
    rows.put_by_way(&new_way(share, contact, relay, asks, None, now))?;
    Ok(id)
}

fn new_way(
    share: &Share,
    contact: Fingerprint,
    relay: Fingerprint,
    letter: Option<Id>,
    stations: Option<Vec<Station>>,
    now: Timestamp,
) -> ByWay {
    ByWay {
        share: share.id,
        contact,
        relay,
        stations,
        state: DestinationState::Queued,
        error: None,
        changed: now,
        went: false,
        confirmed: false,
        letter,
    }
}

/// The letter that asks a relay now.
fn letter_to(rows: Rows<'_>, share: &Share, relay: Fingerprint) -> Result<Option<Id>, Fault> {
    let asked = rows.destination_at(share.id, relay)?;
    Ok(asked.map(|relay| relay.letter))
}

/// What a relay is asked for a household whose letter is finished: to hand it on. Of the rules it learns only the end.
pub(in crate::sharing) fn sealed_entry(
    grant: &NewGrant,
    letter: &Written,
    now: Timestamp,
) -> Result<RelayEntry, Fault> {
    let permit = grant.permit.permit();
    Ok(RelayEntry {
        mailbox: grant.contact.mailbox.clone(),
        certificates: card_of(&grant.contact, now)?,
        tier: permit.tier,
        items: permit.items.clone(),
        stations: only_the_end(&grant.grant.stations),
        sealed: Some(Bytes(letter.der()?)),
    })
}

fn wish(household: &Recipient, rights: &Rights, now: Timestamp) -> Wish {
    Wish {
        household: household.contact.fingerprint,
        items: rights.items.clone(),
        tiers: rights.tiers.clone(),
        stations: household
            .stations
            .iter()
            .map(|one| until(one, now))
            .collect(),
        further: rights.onward.is_some(),
    }
}

/// A station with its period made an end: a period would start anew with each that passes it on.
fn until(station: &Station, now: Timestamp) -> Station {
    Station {
        name: station.name.clone(),
        rules: absolute(&station.rules, now),
    }
}

/// What a relay is told of a letter that it cannot open: until when there is any use in handing it on.
fn only_the_end(stations: &[Station]) -> Vec<Station> {
    let ends = stations.iter().map(|station| station.rules.not_after);
    let Some(last) = ends
        .collect::<Option<Vec<_>>>()
        .and_then(|ends| ends.into_iter().max())
    else {
        return Vec::new();
    };
    vec![Station {
        name: StationName::everyone(),
        rules: Rules {
            not_after: Some(last),
            ..Rules::default()
        },
    }]
}

/// The certificates of a household as they stand in what a relay is asked.
fn card_of(contact: &Contact, now: Timestamp) -> Result<Vec<Bytes>, Fault> {
    let ders: Vec<&[u8]> = std::iter::once(contact.identity.as_slice())
        .chain(contact.encryption.iter().map(Vec::as_slice))
        .collect();
    if contact.unproven {
        return Err(no_certificate(contact));
    }
    let card = Card::from_ders(&ders).ok();
    let Some(card) = card.filter(|card| card.current(now).is_some()) else {
        return Err(no_certificate(contact));
    };
    if *card.identity.mailbox() != contact.mailbox {
        let words = format!(
            "the certificate of {} names another mailbox",
            contact.mailbox
        );
        return Err(Fault::new("relay", words).hint("share it without --relay-via"));
    }
    Ok(ders.into_iter().map(|der| Bytes(der.to_vec())).collect())
}

/// Nothing can be written to a household now.
pub(in crate::sharing) fn no_certificate(contact: &Contact) -> Fault {
    let words = match contact.unproven {
        true => format!("the mailbox {} has not answered yet", contact.mailbox),
        false => format!("the certificate of {} has ended", contact.mailbox),
    };
    Fault::new("certificate", words)
        .hint(format!("`hearthpost contact request {}`", contact.mailbox))
}
