//! What ends when something is taken back: copies, with the revocation of the permit that they stand on.

use std::collections::BTreeSet;

use super::super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{
    Awaited, ByWay, CopyState, Destination, DestinationState, OnwardCopy, Rows, Share,
};
use crate::envelope::{Digest, Fingerprint};
use crate::message::permit;
use crate::message::{SignedPermit, SignedRevocation};
use crate::sharing::contacts::successor::heard_now;
use crate::sharing::forward::together::gave;
use crate::sharing::relay::not_passed::open_behind;
use crate::sharing::relay::on_its_way::way_of;

/// Copies that are to end, with the revocation that ends them.
pub(super) struct Ending {
    pub revocation: SignedRevocation,
    pub destinations: Vec<Destination>,
    pub copies: Vec<OnwardCopy>,
}

impl Household {
    pub(super) fn ending_of_all(&self, share: &Share, now: Now) -> Result<Ending, Fault> {
        let rows = self.album.rows();
        Ok(Ending {
            revocation: self.sign_revocation(share, None, share.origin, now)?,
            destinations: rows.destinations(share.id)?,
            copies: rows.onward_copies(share.id)?,
        })
    }

    /// One for each household to which this one passed the share on.
    pub(super) fn endings_of_given(&self, share: &Share, now: Now) -> Result<Vec<Ending>, Fault> {
        let destinations = self.album.rows().destinations(share.id)?;
        let awaited = self.album.rows().awaited(share.id)?;
        let waits = |one: &Awaited| one.state != DestinationState::Revoked;
        if destinations.is_empty() && !awaited.iter().any(waits) {
            let words = format!("{} was not passed on from here", share.reference);
            return Err(Fault::usage("nothing_given", words));
        }
        let mut endings = Vec::new();
        for destination in destinations {
            endings.extend(self.endings_of_destination(share, destination, now)?);
        }
        Ok(endings)
    }

    /// One for each permit that the household was given: it may not have the newest yet, and copies further on may stand
    /// on any of them.
    fn endings_of_destination(
        &self,
        share: &Share,
        destination: Destination,
        now: Now,
    ) -> Result<Vec<Ending>, Fault> {
        let rows = self.album.rows();
        let mut permits = rows.given_permits(share.id, destination.contact)?;
        let newest = SignedPermit::of_stored(&destination.permit)?;
        let giver = newest.permit().from;
        permits.insert(newest.digest());
        let copies = rows.onward_copies(share.id)?;
        let one = |permit| {
            let below = |copy: &&OnwardCopy| stands_on(&copy.chain, permit);
            Ok(Ending {
                revocation: self.sign_revocation(share, Some(permit), giver, now)?,
                destinations: vec![destination.clone()],
                copies: copies.iter().filter(below).cloned().collect(),
            })
        };
        permits.into_iter().map(one).collect()
    }

    pub(super) fn endings_of_one(
        &self,
        share: &Share,
        (who, by): (&str, Option<&StationName>),
        now: Now,
    ) -> Result<Vec<Ending>, Fault> {
        let rows = self.album.rows();
        let at = at_mailbox(rows, who)?;
        let named = |fingerprint| is_named(fingerprint, &at, who);
        let mut endings = Vec::new();
        let mut carries = None;
        for destination in there(rows, share, who)? {
            if !gave(rows, &destination, by)? {
                continue;
            }
            match destination.stations.is_empty() {
                true => carries = Some(destination),
                false => endings.extend(self.endings_of_destination(share, destination, now)?),
            }
        }
        let waits = rows.awaited(share.id)?.iter().any(|one: &Awaited| {
            one.is_by(by) && one.mailbox.as_str() == who && one.state != DestinationState::Revoked
        });
        let copies = rows.onward_copies(share.id)?;
        let mut theirs = copies.iter().filter(|copy| named(copy.holder)).peekable();
        if self.keys.is_ours(share.origin) {
            // It may have several, one by another or one after the other: each stands on a permit of its own.
            for copy in theirs.filter(|copy| copy.state != CopyState::Deleted) {
                endings.push(self.ending_of_copy(share, copy, &copies, now)?);
            }
        } else if endings.is_empty() && theirs.peek().is_some() && !waits {
            let words = format!("{who} was granted its copy by another household");
            return Err(Fault::new("not_given", words)
                .hint("take it back from the household that passed it on"));
        }
        if endings.is_empty() && self.way_to(share, who)?.is_none() && !waits {
            if let Some(relay) = carries {
                self.refuse_only_carried(share, &relay)?;
            }
            let words = format!("{who} has no copy of {} from here", share.reference);
            return Err(Fault::usage("no_copy", words).hint(format!(
                "`hearthpost show {}` names those who have",
                share.reference
            )));
        }
        Ok(endings)
    }

    /// Refuses to take back from a household what it only carries for others, while it does.
    fn refuse_only_carried(&self, share: &Share, relay: &Destination) -> Result<(), Fault> {
        let rows = self.album.rows();
        let mut others = Vec::new();
        for way in open_behind(rows, relay)? {
            others.extend(
                rows.contact(way.contact)?
                    .map(|one| one.mailbox.to_string()),
            );
        }
        if others.is_empty() {
            return Ok(());
        }
        let (reference, others) = (&share.reference, others.join(", "));
        let words = format!(
            "{} has no copy of {reference} that it could open, and only carries it for {others}",
            relay.mailbox
        );
        Err(Fault::usage("only_carries", words).hint(format!(
            "`hearthpost revoke {reference} --to` one of those, or `hearthpost revoke {reference}` for all"
        )))
    }

    /// A household to which a relay is to make a grant, of which it has told nothing yet.
    pub(super) fn way_to(&self, share: &Share, who: &str) -> Result<Option<ByWay>, Fault> {
        use DestinationState::{Delivered, Queued, Sent};
        let rows = self.album.rows();
        let at = at_mailbox(rows, who)?;
        let ways = rows.by_way(share.id)?.into_iter();
        let mut open = ways
            .filter(|way| way.stations.is_some() && matches!(way.state, Queued | Sent | Delivered));
        let Some(way) = open.find(|way| is_named(way.contact, &at, who)) else {
            return Ok(None);
        };
        for copy in rows.onward_copies(share.id)? {
            let told = copy.holder == way.contact && copy.state != CopyState::Deleted;
            if told && way_of(rows, share.id, &permit::all_of_stored(&copy.chain)?)?.is_some() {
                return Ok(None);
            }
        }
        Ok(Some(way))
    }

    /// Of a copy further on. Through whom it went there is told as well: it passes the word on where this household cannot.
    fn ending_of_copy(
        &self,
        share: &Share,
        copy: &OnwardCopy,
        copies: &[OnwardCopy],
        now: Now,
    ) -> Result<Ending, Fault> {
        let rows = self.album.rows();
        let permit = copy.permit;
        let way: BTreeSet<Fingerprint> = permit::all_of_stored(&copy.chain)?
            .iter()
            .map(|permit| permit.permit().from)
            .filter(|from| !self.keys.is_ours(*from))
            .collect();
        let below =
            |copy: &&OnwardCopy| stands_on(&copy.chain, permit) || way.contains(&copy.holder);
        let destinations = rows.destinations(share.id)?.into_iter();
        let destinations = destinations.filter(|one| way.contains(&one.contact));
        Ok(Ending {
            revocation: self.sign_revocation(share, Some(permit), share.origin, now)?,
            destinations: destinations.collect(),
            copies: copies.iter().filter(below).cloned().collect(),
        })
    }

    /// `by`: who gave what is taken back. What a former identity gave, it takes back itself.
    fn sign_revocation(
        &self,
        share: &Share,
        permit: Option<Digest>,
        by: Fingerprint,
        now: Now,
    ) -> Result<SignedRevocation, Fault> {
        let of = (share.origin, share.wire);
        let identity = self.keys.identity_of(by).unwrap_or(&self.keys.identity);
        Ok(SignedRevocation::sign(of, permit, now.now, identity)?)
    }
}

/// The destinations that end with these.
pub(super) fn ended_by(endings: &[Ending]) -> Result<BTreeSet<i64>, Fault> {
    let mut ended = BTreeSet::new();
    for ending in endings {
        for destination in &ending.destinations {
            let chain = permit::all_of_stored(&destination.chain())?;
            if ending.revocation.ends(&chain) {
                ended.insert(destination.id);
            }
        }
    }
    Ok(ended)
}

/// What was given to a household, named by its mailbox or the beginning of its fingerprint. Where one identity took the place
/// of another, a mailbox alone means all that stand there; of those that have theirs yet, if any has.
pub(super) fn there(rows: Rows<'_>, share: &Share, who: &str) -> Result<Vec<Destination>, Fault> {
    let at = at_mailbox(rows, who)?;
    let mut there = Vec::new();
    for one in rows.destinations(share.id)? {
        let stands_for = || {
            let now = heard_now(rows, one.contact)?;
            Ok::<_, Fault>(now.is_some_and(|now| at.contains(&now.fingerprint)))
        };
        if is_named(one.contact, &at, who) || one.mailbox.as_str() == who || stands_for()? {
            there.push(one);
        }
    }
    let ended = [DestinationState::Revoked, DestinationState::Deleted];
    let stands = |one: &Destination| !ended.contains(&one.state);
    if there.iter().any(stands) {
        there.retain(stands);
    }
    Ok(there)
}

/// All who were ever known at the mailbox that `who` is: one whose identity has ended may have a copy, too.
fn at_mailbox(rows: Rows<'_>, who: &str) -> Result<Vec<Fingerprint>, Fault> {
    let Ok(mailbox) = who.parse() else {
        return Ok(Vec::new());
    };
    let at = rows.contacts_at(&mailbox)?.into_iter();
    Ok(at.map(|contact| contact.fingerprint).collect())
}

/// Whether `who` is the mailbox of that household, one of these there, or the beginning of its fingerprint.
fn is_named(fingerprint: Fingerprint, at: &[Fingerprint], who: &str) -> bool {
    at.contains(&fingerprint) || (who.len() >= 8 && fingerprint.to_string().starts_with(who))
}

fn stands_on(chain: &[Vec<u8>], permit: Digest) -> bool {
    permit::all_of_stored(chain).is_ok_and(|chain| chain.iter().any(|one| one.digest() == permit))
}
