//! What one household is granted: its permit, its keys, its letter, and the messages of parts that it shares with others.

use std::collections::{BTreeMap, BTreeSet};

use super::ground::Ground;
use super::plan::Rights;
use crate::address::{Mailbox, StationName};
use crate::album::{Contact, Destination, DestinationState, Reason, Rows, Share, Went};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, EncryptionCertificate, Id, Identity};
use crate::message::check::{MAX_AHEAD, check_outgoing};
use crate::message::mime::Outer;
use crate::message::parts::{PartsMessage, bundle};
use crate::message::permit::NewPermit;
use crate::message::{
    Body, Grant, Keys, RelayEntry, SignedManifest, SignedPermit, Station, brought_parts,
};
use crate::rules::{Further, Tier, Who, describe_exactly};
use crate::sharing::Fault;
use crate::sharing::correspond::{Writer, Written};
use crate::sharing::words::show_time;
use crate::words::Language;

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
    /// By way of whom it goes, if not straight there.
    pub via: Option<Mailbox>,
    /// Nobody here knows it yet: it is asked for its card, and gets this once that has come.
    pub unknown: bool,
}

/// A household with what its stations may do.
pub(in crate::sharing) struct Recipient {
    pub contact: Contact,
    pub stations: Vec<Station>,
}

/// What goes to one household.
pub(in crate::sharing) struct NewGrant {
    pub contact: Contact,
    pub certificate: Option<EncryptionCertificate>,
    pub permit: SignedPermit,
    pub grant: Grant,
    /// The parts that it needs in all.
    pub expected: BTreeSet<Digest>,
    /// DERs of the permits before this one.
    pub ancestors: Vec<Vec<u8>>,
    /// The person of this house who passes it on.
    pub passed_by: Option<StationName>,
    /// The date of permit and letter: later than that of any grant before.
    pub issued: Timestamp,
}

/// Of what the grants of one share are made.
pub(in crate::sharing) struct Making<'m> {
    pub identity: &'m Identity,
    pub ground: &'m Ground,
    pub manifest: &'m SignedManifest,
    /// The date of permit and letter. It may lie ahead of `now` by the seconds that two grants must differ.
    pub issued: Timestamp,
    pub now: Timestamp,
}

impl Making<'_> {
    /// The grant of one household.
    pub fn grant(&self, household: &Recipient, rights: &Rights) -> Result<NewGrant, Fault> {
        self.grant_that_asks(household, rights, Vec::new())
    }

    /// The same, which asks the household to pass on.
    pub fn grant_that_asks(
        &self,
        household: &Recipient,
        rights: &Rights,
        relay: Vec<RelayEntry>,
    ) -> Result<NewGrant, Fault> {
        let keys = rights.keys(&self.ground.keys);
        let (title, message) = &self.ground.words;
        self.grant_of(household, rights, (keys, relay), (title, message))
    }

    /// The grant of a household that only carries: it gets no key, and learns nothing of what it carries.
    pub fn grant_to_carry(
        &self,
        contact: &Contact,
        relay: Vec<RelayEntry>,
    ) -> Result<NewGrant, Fault> {
        let household = Recipient {
            contact: contact.clone(),
            stations: Vec::new(),
        };
        let keys = Keys::Items(BTreeMap::new());
        let rights = Rights::to_carry(self.ground.named_items());
        self.grant_of(&household, &rights, (keys, relay), ("", ""))
    }

    fn grant_of(
        &self,
        household: &Recipient,
        rights: &Rights,
        (keys, relay): (Keys, Vec<RelayEntry>),
        words: (&str, &str),
    ) -> Result<NewGrant, Fault> {
        let Making {
            ground,
            manifest,
            issued,
            ..
        } = *self;
        let (origin, share) = (manifest.manifest().origin, manifest.manifest().share);
        let new = NewPermit {
            share,
            origin,
            manifest: manifest.digest(),
            to: household.contact.fingerprint,
            parent: ground.parent(),
            items: rights.items.clone(),
            tier: rights.tier,
            onward: rights.onward.clone(),
            issued,
        };
        let permit = SignedPermit::sign(new, self.identity)?;
        let grant = Grant {
            share,
            origin,
            chain: ground.chain_with(&permit),
            keys,
            stations: household.stations.clone(),
            relay,
            title: words.0.to_owned(),
            message: words.1.to_owned(),
        };
        // What a receiver would refuse is our own bug, and must not leave the house.
        check_outgoing(&grant, manifest)?;
        Ok(NewGrant {
            expected: brought_parts(manifest.manifest(), &grant, rights.onward.is_some()),
            certificate: household.contact.certificate(self.now)?,
            contact: household.contact.clone(),
            permit,
            grant,
            ancestors: ground.chain.clone(),
            passed_by: None,
            issued,
        })
    }
}

impl NewGrant {
    pub fn line(&self, state: DestinationState, language: Language) -> Line {
        let onward = self.permit.permit().onward.as_ref();
        Line {
            mailbox: self.contact.mailbox.clone(),
            name: self.contact.name.clone(),
            stations: sentences(
                language,
                &self.grant.stations,
                Who::EveryoneThere,
                onward.map(|onward| &onward.rules).into(),
            ),
            state,
            via: None,
            unknown: false,
        }
    }

    /// Its letter. Without a usable certificate there is none.
    pub fn write(&self, writer: &Writer<'_>, manifest: &SignedManifest) -> Result<Written, Fault> {
        let certificate = self.certificate.as_ref().ok_or_else(|| {
            let words = format!("the certificate of {} has ended", self.contact.mailbox);
            Fault::new("certificate", words)
        })?;
        let body = Body::Grant(Box::new(self.grant.clone()), Box::new(manifest.clone()));
        let (to, at) = (self.contact.fingerprint, &self.contact.mailbox);
        writer.write(&body, to, at, certificate, self.issued)
    }
}

/// Each station with a sentence that says what it may do; `everyone` is what all people there are called, and `further` what
/// may travel on from there.
pub(in crate::sharing) fn sentences(
    language: Language,
    stations: &[Station],
    everyone: Who<'_>,
    further: Further<'_>,
) -> Vec<(StationName, String)> {
    let alone = stations.iter().all(|one| one.name.is_everyone());
    let everyone = match alone {
        true => everyone,
        false => everyone.beside_others(),
    };
    let sentence = |station: &Station| {
        let who = match station.name.is_everyone() {
            true => everyone,
            false => Who::Named(station.name.as_str()),
        };
        let show = |time| show_time(language, time);
        let words = describe_exactly(language, who, &station.rules, further, show);
        (station.name.clone(), words)
    };
    stations.iter().map(sentence).collect()
}

/// The date of a grant that follows one of `before`: later by a second at least, or it would be passed over. One dated so
/// far ahead that nobody took it, by a clock that was wrong, does not count.
pub(in crate::sharing) fn date_after(before: Timestamp, now: Timestamp) -> Timestamp {
    let next = before.plus_seconds(1);
    match next > now.plus_seconds(MAX_AHEAD) {
        true => now,
        false => now.max(next),
    }
}

/// Records a destination and queues its letter. Without a usable certificate it waits for a card.
pub(in crate::sharing) fn queue_grant(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    manifest: &SignedManifest,
    new: &NewGrant,
    now: Timestamp,
) -> Result<(i64, DestinationState), Fault> {
    if new.certificate.is_none() {
        crate::sharing::contacts::card_request::queue_card_request(
            rows,
            writer.keys,
            writer.mailbox,
            &new.contact.mailbox,
            now,
        )?;
        let waiting = DestinationState::Waiting;
        let id = put_granted(rows, share, new, Id::random(), waiting, now)?;
        return Ok((id, waiting));
    }
    let letter = new.write(writer, manifest)?;
    let queued = DestinationState::Queued;
    let id = put_granted(rows, share, new, letter.id, queued, now)?;
    letter.queue(rows, &new.contact.mailbox, Some(share.id), Some(id), now)?;
    Ok((id, queued))
}

/// Records a destination, its letter and its permit. One that waits has not left the house.
pub(in crate::sharing) fn put_granted(
    rows: Rows<'_>,
    share: &Share,
    new: &NewGrant,
    letter: Id,
    state: DestinationState,
    now: Timestamp,
) -> Result<i64, Fault> {
    if let Some(before) = rows.destination_at(share.id, new.contact.fingerprint)? {
        note_kept(rows, &before)?;
        // Nothing stands on a permit that never left the house.
        if before.went < Went::This && before.permit != new.permit.der() {
            rows.forget_given_permit(SignedPermit::of_stored(&before.permit)?.digest())?;
        }
    }
    let waits = state == DestinationState::Waiting;
    let error = waits.then(|| why_it_waits(&new.contact).to_owned());
    let id = rows.put_destination(&Destination {
        id: 0,
        share: share.id,
        contact: new.contact.fingerprint,
        mailbox: new.contact.mailbox.clone(),
        letter,
        issued: new.issued,
        permit: new.permit.der().to_vec(),
        stations: new.grant.stations.clone(),
        state,
        error,
        changed: now,
        ancestors: new.ancestors.clone(),
        passed_by: new.passed_by.clone(),
        bounce: None,
        went: Went::Nothing,
    })?;
    // Whatever went by way of others before, this goes straight.
    rows.forget_by_way(share.id, new.contact.fingerprint)?;
    if !waits {
        rows.put_given_permit(share.id, new.contact.fingerprint, new.permit.digest())?;
    }
    Ok(id)
}

/// Why nothing can be written to a household now.
pub(in crate::sharing) fn why_it_waits(contact: &Contact) -> &'static str {
    match contact.unproven {
        true => "its mailbox has not answered yet; it is asked to",
        false => "its certificate has ended; it is asked for a new one",
    }
}

/// Where parts go, why, and which.
pub(super) type Needs = (Mailbox, Reason, BTreeSet<Digest>);

/// Queues the parts that these destinations need: least tiers first, one transaction for all who need the same. What goes
/// to one mailbox for two reasons goes twice, for each of them may end by itself.
pub(in crate::sharing) fn queue_parts(
    rows: Rows<'_>,
    share: &Share,
    destinations: &[Needs],
    from: &Mailbox,
    budget: u64,
    now: Timestamp,
) -> Result<(), Fault> {
    let mut rounds: Vec<Vec<&Needs>> = Vec::new();
    for one in destinations {
        let free = |round: &&mut Vec<&Needs>| round.iter().all(|other| other.0 != one.0);
        match rounds.iter_mut().find(free) {
            Some(round) => round.push(one),
            None => rounds.push(vec![one]),
        }
    }
    for round in rounds {
        queue_round(rows, share, &round, from, budget, now)?;
    }
    Ok(())
}

/// The same, where no mailbox comes twice.
fn queue_round(
    rows: Rows<'_>,
    share: &Share,
    destinations: &[&Needs],
    from: &Mailbox,
    budget: u64,
    now: Timestamp,
) -> Result<(), Fault> {
    let parts = rows.parts(share.id)?;
    for tier in Tier::ALL.into_iter().rev() {
        let mut groups: BTreeMap<Vec<usize>, Vec<(Digest, u64)>> = BTreeMap::new();
        for part in parts.iter().filter(|part| part.tier == tier) {
            let who: Vec<usize> = (0..destinations.len())
                .filter(|&n| destinations[n].2.contains(&part.digest))
                .collect();
            if !who.is_empty() {
                groups.entry(who).or_default().push((part.digest, part.len));
            }
        }
        for (who, parts) in groups {
            let to: Vec<_> = who
                .iter()
                .map(|&n| (destinations[n].0.clone(), destinations[n].1.clone()))
                .collect();
            for parts in bundle(parts, budget) {
                let outer = Outer::new(from.clone(), None, now);
                rows.queue_parts(&PartsMessage { outer, parts }, share.id, &to)?;
            }
        }
    }
    Ok(())
}

/// Notes the people at a destination who may have files of it by now: what was kept stays, whatever they are given next.
pub(in crate::sharing) fn note_kept(
    rows: Rows<'_>,
    destination: &Destination,
) -> Result<(), Fault> {
    let came = match destination.state {
        DestinationState::Sent | DestinationState::Delivered | DestinationState::Deleted => true,
        DestinationState::Queued => rows.letter_went(destination.id)?,
        _ => false,
    };
    let may_keep = |station: &&Station| came && station.rules.store.is_some();
    for station in destination.stations.iter().filter(may_keep) {
        rows.put_kept_elsewhere(destination.share, destination.contact, &station.name)?;
    }
    Ok(())
}
