//! Taking back: a signed revocation goes to every household that has a copy, daily until it says `deleted`. What was
//! kept as a file cannot be recalled, and the command says for whom that is so.

use std::collections::BTreeSet;

use super::awaited::end_awaited;
use super::by_way::{end_ways, note_answer, way_of};
use super::correspond::Writer;
use super::granting::note_kept;
use super::ground::became_other;
use super::never_went::tell_never_went;
use super::not_passed::{end_behind, open_behind};
use super::plan::most_further_on;
use super::recall::{end_copy, end_destination, may_have_a_copy, recall, recall_given, remember};
use super::relay_stop::stop_relay;
use super::successor::{heard_now, reached};
use super::together::gave;
use super::unsent::{is_asked, stop_ways};
use super::withdraw::Withdrawn;
use super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{
    Awaited, ByWay, CopyState, Destination, DestinationState, HoldingState, OnwardCopy, Rows,
    Share, ShareState, Went,
};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint};
use crate::message::permit;
use crate::message::{SignedPermit, SignedRevocation, Station};
use crate::words::{Language, told};

/// What was taken back.
#[derive(Debug, Clone)]
pub struct Revoked {
    /// The share's short name.
    pub share: String,
    /// Who is asked to delete: mailbox, or fingerprint where that is all that is known.
    pub households: Vec<String>,
    /// Who may have kept files, which nothing recalls; in the language of the household's reader.
    pub may_have_kept: Vec<String>,
    /// To whom a household that is asked was to pass it on, and who has not confirmed it: mailboxes. What it has not passed on
    /// by now does not go there.
    pub not_passed_on: Vec<String>,
    language: Language,
}

impl Revoked {
    /// Notes that these people there may have kept files; `None`: it is not known who.
    fn may_keep(&mut self, names: Option<&str>, there: &str) {
        let words = match names {
            Some(names) => told!(self.language, "kept-by", names = names, there = there),
            None => told!(self.language, "kept-by-someone", there = there),
        };
        self.may_have_kept.push(words);
    }
}

/// Copies that are to end, with the revocation that ends them.
struct Ending {
    revocation: SignedRevocation,
    destinations: Vec<Destination>,
    copies: Vec<OnwardCopy>,
}

impl Household {
    /// Takes a share back: from everyone, or from one household, named by its mailbox or fingerprint.
    pub fn revoke(
        &mut self,
        reference: &str,
        from: Option<&str>,
        now: Now,
    ) -> Result<Revoked, Fault> {
        self.revoke_of(reference, from, None, now)
    }

    /// The same; from one household only what `by` passed on there, where that is said.
    pub(super) fn revoke_of(
        &mut self,
        reference: &str,
        from: Option<&str>,
        by: Option<&StationName>,
        now: Now,
    ) -> Result<Revoked, Fault> {
        let share = self.share_called(reference)?;
        let own = self.keys.is_ours(share.origin);
        let from = from.map(|said| self.meant_of(&share, said)).transpose()?;
        let from = from.as_deref();
        let mut revoked = self.nothing_revoked(&share);
        if let (Some(who), Some(person)) = (from, by) {
            let (less, done) = self.take_back_of_one(&share, who, person, now)?;
            if done {
                return Ok(less);
            }
            revoked = less;
        }
        if share.state == ShareState::Revoked && own {
            let words = format!("{reference} was taken back already");
            return Err(Fault::new("revoked", words));
        }
        let endings = match from {
            None if own => vec![self.ending_of_all(&share, now)?],
            None => self.endings_of_given(&share, now)?,
            Some(who) => self.endings_of_one(&share, (who, by), now)?,
        };
        let followed = match from {
            Some(who) => self.way_to(&share, who)?,
            None => None,
        };
        let whole = own && from.is_none();
        let ended = ended_by(&endings)?;
        let writer = Writer::new(&self.keys, &self.config, now.now);
        let unfinished = self.album.blobs().begin()?;
        crate::crash::point("revoke.before_commit");
        self.album.commit(|rows| {
            if whole {
                stop_ways(rows, &writer, &share)?;
            }
            for ending in &endings {
                if !whole {
                    refuse_outrun(rows, ending)?;
                }
                end(rows, &writer, &share, (ending, &ended), &mut revoked)?;
            }
            if !whole {
                for way in end_behind(rows, &ended, now.now)? {
                    let contact = rows.contact(way.contact)?;
                    revoked
                        .not_passed_on
                        .extend(contact.map(|one| one.mailbox.to_string()));
                }
            }
            if let Some(way) = &followed {
                let asked = is_asked(rows, way, &ended, now.now)?;
                if asked {
                    stop_relay(rows, &writer, &share, way.contact, &[])?;
                }
                end_way(rows, way, asked, now.now, &mut revoked)?;
            }
            end_awaited(rows, share.id, (from, by), now.now)?;
            if whole {
                for holding in rows.holdings(share.id)? {
                    rows.end_holding(holding.id, HoldingState::Revoked)?;
                }
                for part in rows.parts(share.id)? {
                    rows.drop_part(share.id, part.digest)?;
                }
                end_ways(rows, share.id, now.now)?;
                rows.set_share_state(share.id, ShareState::Revoked, now.now)?;
            }
            Ok::<_, Fault>(())
        })?;
        crate::crash::point("revoke.after_commit");
        if whole {
            self.drop_unheld(&share)?;
            crate::crash::point("revoke.blobs_gone");
        }
        drop(unfinished);
        for named in [
            &mut revoked.households,
            &mut revoked.may_have_kept,
            &mut revoked.not_passed_on,
        ] {
            let mut met = BTreeSet::new();
            named.retain(|one| met.insert(one.clone()));
        }
        revoked.not_passed_on.sort();
        Ok(revoked)
    }

    /// What one person passed on to a household to which others passed on something too; and whether that was all.
    fn take_back_of_one(
        &mut self,
        share: &Share,
        who: &str,
        person: &StationName,
        now: Now,
    ) -> Result<(Revoked, bool), Fault> {
        let there = there(self.album.rows(), share, who)?;
        let mut whole = there.is_empty();
        let mut revoked = self.nothing_revoked(share);
        for destination in &there {
            let at = destination.mailbox.as_str();
            match self.withdraw(share, destination, person, now.now)? {
                Withdrawn::All => whole = true,
                Withdrawn::Nothing => {}
                Withdrawn::Less(kept) => {
                    revoked.households.push(at.to_owned());
                    let names: Vec<&str> = kept.iter().map(StationName::as_str).collect();
                    if !names.is_empty() {
                        revoked.may_keep(Some(&names.join(", ")), at);
                    }
                }
            }
        }
        if whole {
            return Ok((revoked, false));
        }
        self.album
            .commit(|rows| end_awaited(rows, share.id, (Some(who), Some(person)), now.now))?;
        Ok((revoked, true))
    }

    fn nothing_revoked(&self, share: &Share) -> Revoked {
        Revoked {
            share: share.reference.clone(),
            households: Vec::new(),
            may_have_kept: Vec::new(),
            not_passed_on: Vec::new(),
            language: self.language,
        }
    }

    /// The share that people call `reference`.
    pub(super) fn share_called(&self, reference: &str) -> Result<Share, Fault> {
        self.album.rows().share(reference)?.ok_or_else(|| {
            Fault::usage("unknown_share", format!("there is no share {reference:?}"))
                .hint("`hearthpost received` and `hearthpost sent` show what there is")
        })
    }

    /// Removes the blobs of parts that no row says are here any more.
    pub(super) fn drop_unheld(&self, share: &Share) -> Result<(), Fault> {
        let rows = self.album.rows();
        for part in rows.parts(share.id)? {
            if !part.held && !rows.part_is_held_elsewhere(share.id, part.digest)? {
                self.album.blobs().remove_part(part.digest)?;
            }
        }
        Ok(self.album.truncate_log()?)
    }

    fn ending_of_all(&self, share: &Share, now: Now) -> Result<Ending, Fault> {
        let rows = self.album.rows();
        Ok(Ending {
            revocation: self.sign_revocation(share, None, share.origin, now)?,
            destinations: rows.destinations(share.id)?,
            copies: rows.onward_copies(share.id)?,
        })
    }

    /// One for each household to which this one passed the share on.
    fn endings_of_given(&self, share: &Share, now: Now) -> Result<Vec<Ending>, Fault> {
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

    fn endings_of_one(
        &self,
        share: &Share,
        (who, by): (&str, Option<&StationName>),
        now: Now,
    ) -> Result<Vec<Ending>, Fault> {
        let rows = self.album.rows();
        let contact = match who.parse() {
            Ok(mailbox) => rows
                .contact_at(&mailbox)?
                .map(|contact| contact.fingerprint),
            Err(_) => None,
        };
        let named = |fingerprint| is_named(fingerprint, contact, who);
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
        let holder = copies.iter().find(|copy| named(copy.holder));
        let holder = holder.map(|copy| copy.holder);
        let theirs = copies.iter().filter(|copy| Some(copy.holder) == holder);
        if self.keys.is_ours(share.origin) {
            // It may have several, one by another or one after the other: each stands on a permit of its own.
            for copy in theirs.filter(|copy| copy.state != CopyState::Deleted) {
                endings.push(self.ending_of_copy(share, copy, &copies, now)?);
            }
        } else if endings.is_empty() && holder.is_some() && !waits {
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
    fn way_to(&self, share: &Share, who: &str) -> Result<Option<ByWay>, Fault> {
        use DestinationState::{Delivered, Queued, Sent};
        let rows = self.album.rows();
        let contact = match who.parse() {
            Ok(mailbox) => rows.contact_at(&mailbox)?,
            Err(_) => None,
        };
        let contact = contact.map(|contact| contact.fingerprint);
        let ways = rows.by_way(share.id)?.into_iter();
        let mut open = ways
            .filter(|way| way.stations.is_some() && matches!(way.state, Queued | Sent | Delivered));
        let Some(way) = open.find(|way| is_named(way.contact, contact, who)) else {
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

/// Refuses to end what was given anew meanwhile: nobody would revoke the new permit, and it may be somebody else's.
fn refuse_outrun(rows: Rows<'_>, ending: &Ending) -> Result<(), Fault> {
    for destination in &ending.destinations {
        let has = rows.destination(destination.id)?;
        if has.is_none_or(|one| one.letter != destination.letter) {
            return Err(became_other());
        }
    }
    Ok(())
}

/// The destinations that end with these.
fn ended_by(endings: &[Ending]) -> Result<BTreeSet<i64>, Fault> {
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

/// Ends the copies that stand on what is revoked: states, what is queued, and the word to each that can be reached.
fn end(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    (ending, ended): (&Ending, &BTreeSet<i64>),
    revoked: &mut Revoked,
) -> Result<(), Fault> {
    let signed = &ending.revocation;
    remember(rows, writer, share, signed)?;
    for destination in &ending.destinations {
        // As it stands by now: more of it may have left the house meanwhile.
        let Some(mut destination) = rows.destination(destination.id)? else {
            continue;
        };
        let ends = signed.ends(&permit::all_of_stored(&destination.chain())?);
        if ends {
            note_kept(rows, &destination)?;
            let kept = rows.kept_elsewhere(share.id, destination.contact)?;
            if !kept.is_empty() {
                let names: Vec<&str> = kept.iter().map(|name| name.as_str()).collect();
                revoked.may_keep(Some(&names.join(", ")), destination.mailbox.as_str());
            }
            let open = [DestinationState::Queued, DestinationState::Sent];
            if open.contains(&destination.state)
                && signed.revocation().permit.is_some()
                && let Some(way) = rows.by_way_to(share.id, destination.contact)?
                && is_asked(rows, &way, ended, writer.now)?
            {
                let who = destination.contact;
                stop_relay(rows, writer, share, who, &destination.ancestors)?;
                destination.went = Went::This;
            }
            if destination.state != DestinationState::Deleted {
                end_destination(rows, &destination, writer.now)?;
                tell_never_went(rows, writer, share, &destination)?;
            }
        }
        if may_have_a_copy(&destination)
            && let Some(contact) = rows.contact(destination.contact)?
        {
            recall_given(rows, writer, &destination, &contact, signed)?;
            if ends {
                revoked.households.push(destination.mailbox.to_string());
            }
        }
    }
    for copy in &ending.copies {
        let chain = permit::all_of_stored(&copy.chain)?;
        let ends = signed.ends(&chain);
        if ends && most_further_on(&chain).store.is_some() {
            let known = rows
                .contact(copy.holder)?
                .map(|one| one.mailbox.to_string());
            let at = known.unwrap_or_else(|| copy.holder.short());
            revoked.may_keep(None, &at);
        }
        if ends && copy.state == CopyState::Forwarded {
            end_copy(rows, copy, writer.now)?;
        }
        let contact = reached(rows, copy.holder)?;
        if ends && copy.state != CopyState::Deleted {
            let known = contact.as_ref().map(|contact| contact.mailbox.to_string());
            revoked
                .households
                .push(known.unwrap_or_else(|| copy.holder.short()));
        }
        if let Some(contact) = contact
            && copy.state != CopyState::Deleted
        {
            recall(rows, writer, share.id, &contact, signed)?;
        }
    }
    Ok(())
}

/// What was given to a household, named by its mailbox or the beginning of its fingerprint. Where one identity took the place
/// of another, a mailbox alone means all that stand there; of those that have theirs yet, if any has.
fn there(rows: Rows<'_>, share: &Share, who: &str) -> Result<Vec<Destination>, Fault> {
    let contact = match who.parse() {
        Ok(mailbox) => rows.contact_at(&mailbox)?.map(|one| one.fingerprint),
        Err(_) => None,
    };
    let mut there = Vec::new();
    for one in rows.destinations(share.id)? {
        let stands_for =
            || Ok::<_, Fault>(heard_now(rows, one.contact)?.map(|now| now.fingerprint));
        if is_named(one.contact, contact, who)
            || one.mailbox.as_str() == who
            || (contact.is_some() && stands_for()? == contact)
        {
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

/// Whether `who` is the mailbox of that contact, or the beginning of its fingerprint.
fn is_named(fingerprint: Fingerprint, contact: Option<Fingerprint>, who: &str) -> bool {
    contact == Some(fingerprint) || (who.len() >= 8 && fingerprint.to_string().starts_with(who))
}

/// A household is to lose what a relay passes on to it. There is no permit to revoke yet: where the relay was quicker than
/// the word to [stop](stop_relay), the first word of its grant is [followed](super::recall::follow) by the revocation.
fn end_way(
    rows: Rows<'_>,
    way: &ByWay,
    asked: bool,
    now: Timestamp,
    revoked: &mut Revoked,
) -> Result<(), Fault> {
    note_answer(rows, way.clone(), (DestinationState::Revoked, None), now)?;
    if !asked {
        return Ok(());
    }
    let contact = rows.contact(way.contact)?;
    let at = contact.map_or_else(|| way.contact.short(), |one| one.mailbox.to_string());
    let keeps = |station: &&Station| station.rules.store.is_some();
    if way.state != DestinationState::Queued {
        for station in way.stations.iter().flatten().filter(keeps) {
            revoked.may_keep(Some(station.name.as_str()), &at);
        }
    }
    revoked.households.push(at);
    Ok(())
}

fn stands_on(chain: &[Vec<u8>], permit: Digest) -> bool {
    permit::all_of_stored(chain).is_ok_and(|chain| chain.iter().any(|one| one.digest() == permit))
}
