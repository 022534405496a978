//! The checks of a grant, one function for sender and receiver alike (PROTOCOL 7).
//!
//! The five checks: (1) who signed what, and to whom; (2) the chain is short and meets nobody twice; (3) each permit
//! only narrows; (4) keys and rules stay within the chain; (5) the letter is of this time. What passes is a
//! [`Verified`] grant, and nothing else makes one.

use std::collections::BTreeSet;
use std::ops::Deref;

use super::body::Body;
use super::grant::{Bytes, Grant, Keys, MAX_STATIONS, RelayEntry, Station};
use super::letter::{Header, Letter};
use super::manifest::SignedManifest;
use super::permit::{Onward, Permit, SignedPermit};
use super::{Code, Refused};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::rules::{Rules, Tier};

/// The most permits of a chain.
pub const MAX_CHAIN: usize = 4;
/// How long after it was written a grant is still taken.
const MAX_AGE: u64 = 90 * 86_400;
/// How far in the future a grant may be dated, in seconds.
pub const MAX_AHEAD: u64 = 86_400;

/// Something that has passed its checks. Only functions of this module make one.
#[derive(Debug, Clone)]
pub struct Verified<T>(T);

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// A grant with what it stands on.
#[derive(Debug, Clone)]
pub struct GrantLetter {
    /// The letter's header.
    pub header: Header,
    /// Keys and rules.
    pub grant: Grant,
    /// The items.
    pub manifest: SignedManifest,
    /// From the origin to here; never empty.
    pub chain: Vec<SignedPermit>,
}

impl GrantLetter {
    /// The permit that was given to the destination.
    pub fn permit(&self) -> &SignedPermit {
        self.chain
            .last()
            .expect("check_chain refuses an empty chain")
    }

    /// Whether the destination may pass it on at all.
    pub fn passed_on(&self) -> bool {
        self.permit().permit().onward.is_some()
    }
}

/// Checks a grant letter for the server `me` at the time `now`. The code [`Code::Stale`] stands for check 5 alone:
/// while the clock is not confirmed such a letter waits.
pub fn check_grant(
    letter: Letter,
    me: Fingerprint,
    now: Timestamp,
) -> Result<Verified<GrantLetter>, Refused> {
    let Body::Grant(grant, manifest) = letter.body else {
        return Err(Refused::new(Code::Unsupported, "not a grant"));
    };
    if letter.header.to != Some(me) {
        return Err(Refused::new(
            Code::Addressee,
            "the grant is for another server",
        ));
    }
    let chain = check_chain(&grant.chain)?;
    let last = chain
        .last()
        .expect("check_chain refuses an empty chain")
        .permit();
    if last.to != me {
        let words = "the last permit of its chain is for another server";
        return Err(Refused::new(Code::Addressee, words));
    }
    if last.from != letter.header.from {
        let words = "the grant is not signed by whom its last permit is from";
        return Err(Refused::new(Code::Signature, words));
    }
    check_manifest(&grant, &chain, &manifest)?;
    check_rights(&grant, &chain)?;
    check_age(letter.header.issued, now)?;
    Ok(Verified(GrantLetter {
        header: letter.header,
        grant: *grant,
        manifest: *manifest,
        chain,
    }))
}

/// Checks a chain by itself: signatures, links, length, loops, and that each permit only narrows (1 to 3).
pub fn check_chain(chain: &[Bytes]) -> Result<Vec<SignedPermit>, Refused> {
    let refuse = |words: String| Err(Refused::new(Code::Chain, words));
    if chain.is_empty() || chain.len() > MAX_CHAIN {
        return refuse(format!(
            "a chain of {} permits; 1 to {MAX_CHAIN} are read",
            chain.len()
        ));
    }
    let chain = chain
        .iter()
        .map(|der| SignedPermit::verify(&der.0))
        .collect::<Result<Vec<_>, _>>()?;
    let first = chain[0].permit();
    if first.from != first.origin || first.parent.is_some() {
        return refuse("the chain does not begin at the origin".to_owned());
    }
    let mut met = BTreeSet::from([first.origin]);
    for (step, pair) in chain.windows(2).enumerate() {
        let (parent, child) = (pair[0].permit(), pair[1].permit());
        let step = step + 2;
        if child.from != parent.to || child.parent != Some(pair[0].digest()) {
            return refuse(format!(
                "step {step} of the chain does not follow from the one before"
            ));
        }
        if (child.origin, child.share, child.manifest)
            != (first.origin, first.share, first.manifest)
        {
            return refuse(format!("step {step} of the chain is of another share"));
        }
    }
    for (step, signed) in chain.iter().enumerate() {
        let permit = signed.permit();
        if !met.insert(permit.to) {
            return refuse(format!(
                "step {} of the chain comes back to a server it met",
                step + 1
            ));
        }
        check_ceiling(permit).map_err(|words| wider(step + 1, words))?;
    }
    for (step, pair) in chain.windows(2).enumerate() {
        check_step(pair[0].permit(), pair[1].permit()).map_err(|words| wider(step + 2, words))?;
    }
    Ok(chain)
}

/// How the signer of a receipt or part-request stands to the chain in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The last permit is for the signer: `complete`, `deleted`, a part-request.
    Holds,
    /// The signer gave one of the permits below mine: `forwarded`.
    PassedOn,
}

/// Checks the chain of a receipt or part-request that came to `me` (PROTOCOL 6): good by itself, of the share it says,
/// with a permit that I gave, and below that the signer.
pub fn check_standing(
    chain: &[Bytes],
    of: (Fingerprint, Id),
    signer: (Fingerprint, Standing),
    me: Fingerprint,
) -> Result<Vec<SignedPermit>, Refused> {
    check_standing_with(chain, of, signer, |who| who == me)
}

/// As [`check_standing`], of a household that has been several: the permit is by one that `is_mine`.
pub fn check_standing_with(
    chain: &[Bytes],
    (origin, share): (Fingerprint, Id),
    (signer, standing): (Fingerprint, Standing),
    is_mine: impl Fn(Fingerprint) -> bool,
) -> Result<Vec<SignedPermit>, Refused> {
    let refuse = |words: &str| Err(Refused::new(Code::Chain, words));
    let chain = check_chain(chain)?;
    let permits: Vec<&Permit> = chain.iter().map(SignedPermit::permit).collect();
    if permits
        .iter()
        .any(|permit| (permit.origin, permit.share) != (origin, share))
    {
        return refuse("the chain is of another share");
    }
    let Some(mine) = permits.iter().position(|permit| is_mine(permit.from)) else {
        return refuse("no permit of the chain is from here");
    };
    let stands = match standing {
        Standing::Holds => permits.last().is_some_and(|last| last.to == signer),
        Standing::PassedOn => permits[mine + 1..]
            .iter()
            .any(|permit| permit.from == signer),
    };
    match stands {
        true => Ok(chain),
        false => refuse("the chain does not lead to whom it is signed by"),
    }
}

/// Check 5.
pub fn check_age(issued: Timestamp, now: Timestamp) -> Result<(), Refused> {
    if issued.plus_seconds(MAX_AGE) <= now {
        return Err(Refused::new(
            Code::Stale,
            format!("it was written on {issued}, too long ago"),
        ));
    }
    if issued > now.plus_seconds(MAX_AHEAD) {
        return Err(Refused::new(
            Code::Stale,
            format!("it is dated {issued}, in the future"),
        ));
    }
    Ok(())
}

fn wider(step: usize, words: &str) -> Refused {
    Refused::new(Code::Wider, format!("step {step} of the chain {words}"))
}

/// A permit alone: what may travel on is not better than what it gives.
fn check_ceiling(permit: &Permit) -> Result<(), &'static str> {
    match &permit.onward {
        Some(onward) if onward.tier > permit.tier => {
            Err("lets a better tier travel on than it gives")
        }
        _ => Ok(()),
    }
}

/// A permit against the one before it.
fn check_step(parent: &Permit, child: &Permit) -> Result<(), &'static str> {
    let Some(onward) = &parent.onward else {
        return Err("passes on what may not be passed on");
    };
    if !allows(&onward.to, child.to) {
        return Err("is for a household that the step before does not name");
    }
    if child.tier > onward.tier {
        return Err("gives a better tier than may travel on");
    }
    if !is_subset(&child.items, &parent.items) {
        return Err("gives items that the step before does not");
    }
    if let Some(next) = &child.onward {
        check_onward(onward, next)?;
    }
    Ok(())
}

fn check_onward(parent: &Onward, child: &Onward) -> Result<(), &'static str> {
    if !parent.rules.forward {
        return Err("allows a further step where none is allowed");
    }
    if child.tier > parent.tier {
        return Err("lets a better tier travel on than the step before");
    }
    if !child.rules.within(&parent.rules) {
        return Err("lets wider rules travel on than the step before");
    }
    if !is_subset(&child.to, &parent.to) {
        return Err("names households that the step before does not");
    }
    Ok(())
}

/// Whether a list, or all for `None`, lies within another. By a set, since a hostile list may be long.
fn is_subset<T: Ord>(inner: &Option<Vec<T>>, outer: &Option<Vec<T>>) -> bool {
    match (inner, outer) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(inner), Some(outer)) => {
            let outer: BTreeSet<&T> = outer.iter().collect();
            inner.iter().all(|one| outer.contains(one))
        }
    }
}

fn allows(to: &Option<Vec<Fingerprint>>, who: Fingerprint) -> bool {
    to.as_ref().is_none_or(|list| list.contains(&who))
}

/// Grant, chain and manifest are of one share, the manifest is the one that all permits name, and it has every item
/// that is named.
fn check_manifest(
    grant: &Grant,
    chain: &[SignedPermit],
    signed: &SignedManifest,
) -> Result<(), Refused> {
    let refuse = |words: &str| Err(Refused::new(Code::Manifest, words));
    let manifest = signed.manifest();
    let of_share = |permit: &Permit| (permit.origin, permit.share) == (grant.origin, grant.share);
    if !chain.iter().all(|permit| of_share(permit.permit())) {
        return Err(Refused::new(Code::Chain, "the chain is of another share"));
    }
    if (manifest.origin, manifest.share) != (grant.origin, grant.share) {
        return refuse("the manifest is of another share");
    }
    if chain
        .iter()
        .any(|permit| permit.permit().manifest != signed.digest())
    {
        return refuse("the manifest is not the one that the permits name");
    }
    let ids: BTreeSet<Id> = manifest.items.iter().map(|item| item.id).collect();
    let known = |id: &Id| ids.contains(id);
    let permitted = chain
        .iter()
        .filter_map(|permit| permit.permit().items.as_ref());
    if !permitted.flatten().all(known) {
        return refuse("a permit names an item that the manifest does not have");
    }
    let relayed = grant.relay.iter().filter_map(|entry| entry.items.as_ref());
    if !relayed.flatten().all(known) {
        return refuse("a relay is asked for of an item that the manifest does not have");
    }
    match &grant.keys {
        Keys::Items(items) if !items.keys().all(known) => {
            refuse("a key is for an item that the manifest does not have")
        }
        _ => Ok(()),
    }
}

/// Check 4: keys, station rules and relay entries.
fn check_rights(grant: &Grant, chain: &[SignedPermit]) -> Result<(), Refused> {
    let (last, ancestors) = chain
        .split_last()
        .expect("check_chain refuses an empty chain");
    let permit = last.permit();
    check_keys(&grant.keys, permit)?;
    let carries = grant.stations.is_empty()
        && !grant.relay.is_empty()
        && grant.relay.iter().all(|entry| entry.sealed.is_some());
    if matches!(&grant.keys, Keys::Items(items) if items.is_empty()) && !carries {
        let words = "a grant without a key";
        return Err(Refused::new(Code::Unsupported, words));
    }
    let ceilings: Vec<&Rules> = ancestors
        .iter()
        .filter_map(|ancestor| ancestor.permit().onward.as_ref())
        .map(|onward| &onward.rules)
        .collect();
    check_stations(&grant.stations, &ceilings)?;
    for entry in &grant.relay {
        check_relay(entry, chain, &ceilings)?;
    }
    Ok(())
}

fn check_keys(keys: &Keys, permit: &Permit) -> Result<(), Refused> {
    let refuse = |words: String| Err(Refused::new(Code::Wider, words));
    match keys {
        Keys::Share(_) if permit.items.is_some() || permit.tier != Tier::Original => {
            refuse("the key of the whole share, where the permit gives less".to_owned())
        }
        Keys::Share(_) => Ok(()),
        Keys::Items(items) => {
            for (&id, key) in items {
                if !permit.covers(id) || key.tier() > permit.tier {
                    return refuse(format!("the key of {id} opens more than the permit gives"));
                }
            }
            Ok(())
        }
    }
}

fn check_stations(stations: &[Station], ceilings: &[&Rules]) -> Result<(), Refused> {
    for station in stations {
        if let Some(step) = ceilings
            .iter()
            .position(|rules| !station.rules.within(rules))
        {
            let words = format!(
                "the rules of a station are wider than step {} allows",
                step + 1
            );
            return Err(Refused::new(Code::Wider, words));
        }
    }
    Ok(())
}

/// A household to which the destination is asked to pass the share on. A letter that is finished gives nothing of the
/// destination's: it is only handed on, and has its own check where it is opened.
fn check_relay(
    entry: &RelayEntry,
    chain: &[SignedPermit],
    ceilings: &[&Rules],
) -> Result<(), Refused> {
    let refuse = |words: &str| Err(Refused::new(Code::Wider, words));
    let permit = chain
        .last()
        .expect("check_chain refuses an empty chain")
        .permit();
    let household = entry.card()?.identity.fingerprint();
    if entry.sealed.is_none() {
        let Some(onward) = &permit.onward else {
            return refuse("a relay is asked for, where nothing may be passed on");
        };
        if !allows(&onward.to, household) {
            return refuse("a relay is asked for to a household that the permit does not name");
        }
        if entry.tier > onward.tier {
            return refuse("a relay is asked for at a better tier than may travel on");
        }
        if !is_subset(&entry.items, &permit.items) {
            return refuse("a relay is asked for of items that the permit does not give");
        }
        let all: Vec<&Rules> = ceilings.iter().copied().chain([&onward.rules]).collect();
        check_stations(&entry.stations, &all)?;
        if chain.len() >= MAX_CHAIN {
            let words = format!(
                "a relay is asked for to a household {} steps away",
                MAX_CHAIN + 1
            );
            return Err(Refused::new(Code::Chain, words));
        }
    }
    let met = |one: &SignedPermit| [one.permit().from, one.permit().to].contains(&household);
    if chain.iter().any(met) {
        let words = "a relay is asked for back to a household of the chain";
        return Err(Refused::new(Code::Chain, words));
    }
    Ok(())
}

/// For a sender: the whole check on what it is about to send, before it is signed.
pub fn check_outgoing(grant: &Grant, manifest: &SignedManifest) -> Result<(), Refused> {
    if grant.stations.len() > MAX_STATIONS {
        let words = format!("more than {MAX_STATIONS} stations of one household");
        return Err(Refused::new(Code::Unsupported, words));
    }
    let chain = check_chain(&grant.chain)?;
    check_manifest(grant, &chain, manifest)?;
    check_rights(grant, &chain)
}
