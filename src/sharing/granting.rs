//! What one household is granted: its permit, its keys, its letter, and the messages of parts that it shares with others.

use std::collections::{BTreeMap, BTreeSet};

use super::correspond::Writer;
use super::plan::Rights;
use super::words::show_time;
use super::{Fault, Household};
use crate::address::{Mailbox, StationName};
use crate::album::{Contact, Destination, DestinationState, Rows, Share};
use crate::encoding::Timestamp;
use crate::envelope::{ContentKey, Digest, EncryptionCertificate, Id};
use crate::message::check::check_outgoing;
use crate::message::grant::Bytes;
use crate::message::mime::Outer;
use crate::message::parts::{PartsMessage, bundle};
use crate::message::permit::NewPermit;
use crate::message::{Body, Grant, SignedManifest, SignedPermit, Station, expected_parts};
use crate::rules::{Tier, describe};

/// What one household was granted.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where.
    pub mailbox: Mailbox,
    /// What it calls itself.
    pub name: String,
    /// Each station with a sentence that says what it may do.
    pub stations: Vec<(StationName, String)>,
    /// How far it is.
    pub state: DestinationState,
}

/// A household with what its stations may do.
pub(super) struct Recipient {
    pub contact: Contact,
    pub stations: Vec<Station>,
}

/// What goes to one household.
pub(super) struct NewGrant {
    pub contact: Contact,
    pub certificate: Option<EncryptionCertificate>,
    pub permit: SignedPermit,
    pub grant: Grant,
    pub expected: BTreeSet<Digest>,
}

impl NewGrant {
    /// `words`: title and message.
    pub fn new(
        home: &Household,
        household: &Recipient,
        rights: &Rights,
        content: &ContentKey,
        manifest: &SignedManifest,
        words: (&str, &str),
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let (origin, share) = (manifest.manifest().origin, manifest.manifest().share);
        let new = NewPermit {
            share,
            origin,
            manifest: manifest.digest(),
            to: household.contact.fingerprint,
            parent: None,
            items: rights.items.clone(),
            tier: rights.tier,
            onward: rights.onward.clone(),
            issued: now,
        };
        let permit = SignedPermit::sign(new, &home.keys.identity)?;
        let grant = Grant {
            share,
            origin,
            chain: vec![Bytes(permit.der().to_vec())],
            keys: rights.keys(content),
            stations: household.stations.clone(),
            relay: Vec::new(),
            title: words.0.to_owned(),
            message: words.1.to_owned(),
        };
        // What a receiver would refuse is our own bug, and must not leave the house.
        check_outgoing(&grant, manifest)?;
        Ok(NewGrant {
            expected: expected_parts(manifest.manifest(), &grant, rights.onward.is_some()),
            certificate: household.contact.certificate(now)?,
            contact: household.contact.clone(),
            permit,
            grant,
        })
    }

    pub fn line(&self, state: DestinationState) -> Line {
        let sentence = |station: &Station| {
            let person = if station.name.is_everyone() {
                "Everyone there"
            } else {
                station.name.as_str()
            };
            (
                station.name.clone(),
                describe(person, &station.rules, show_time),
            )
        };
        Line {
            mailbox: self.contact.mailbox.clone(),
            name: self.contact.name.clone(),
            stations: self.grant.stations.iter().map(sentence).collect(),
            state,
        }
    }
}

/// Records a destination and queues its letter. Without a usable certificate it waits for a card.
pub(super) fn queue_grant(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    manifest: &SignedManifest,
    new: &NewGrant,
    now: Timestamp,
) -> Result<(i64, DestinationState), Fault> {
    let mut destination = Destination {
        id: 0,
        share: share.id,
        contact: new.contact.fingerprint,
        mailbox: new.contact.mailbox.clone(),
        letter: Id::random(),
        issued: now,
        permit: new.permit.der().to_vec(),
        stations: new.grant.stations.clone(),
        state: DestinationState::Waiting,
        error: None,
        changed: now,
        bounce: None,
    };
    let Some(certificate) = &new.certificate else {
        super::contacts::queue_card_request(
            rows,
            writer.keys,
            writer.mailbox,
            &new.contact.mailbox,
            now,
        )?;
        destination.error = Some("its certificate has ended; it is asked for a new one".to_owned());
        return Ok((
            rows.put_destination(&destination)?,
            DestinationState::Waiting,
        ));
    };
    let body = Body::Grant(Box::new(new.grant.clone()), Box::new(manifest.clone()));
    let letter = writer.write(
        &body,
        new.contact.fingerprint,
        &new.contact.mailbox,
        certificate,
        now,
    )?;
    destination.letter = letter.id;
    destination.state = DestinationState::Queued;
    let id = rows.put_destination(&destination)?;
    letter.queue(rows, &new.contact.mailbox, Some(share.id), Some(id), now)?;
    Ok((id, DestinationState::Queued))
}

/// Queues the parts that these destinations need: least tiers first, one transaction for all who need the same.
pub(super) fn queue_parts(
    rows: Rows<'_>,
    share: &Share,
    destinations: &[(Mailbox, i64, BTreeSet<Digest>)],
    from: &Mailbox,
    budget: u64,
    now: Timestamp,
) -> Result<(), Fault> {
    let parts = rows.parts(share.id)?;
    for tier in Tier::ALL.into_iter().rev() {
        let mut groups: BTreeMap<Vec<usize>, Vec<(Digest, u64)>> = BTreeMap::new();
        for part in parts.iter().filter(|part| part.tier == tier) {
            let needs = |(_, _, expected): &(Mailbox, i64, BTreeSet<Digest>)| {
                expected.contains(&part.digest)
            };
            let who: Vec<usize> = (0..destinations.len())
                .filter(|&n| needs(&destinations[n]))
                .collect();
            if !who.is_empty() {
                groups.entry(who).or_default().push((part.digest, part.len));
            }
        }
        for (who, parts) in groups {
            let to: Vec<_> = who
                .iter()
                .map(|&n| (destinations[n].0.clone(), Some(destinations[n].1)))
                .collect();
            for parts in bundle(parts, budget) {
                let outer = Outer::new(from.clone(), None, now);
                rows.queue_parts(&PartsMessage { outer, parts }, share.id, &to)?;
            }
        }
    }
    Ok(())
}
