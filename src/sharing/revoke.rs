//! Taking back: a signed revocation goes to every household that has a copy, daily until it says `deleted`. What was
//! kept as a file cannot be recalled, and the command says for whom that is so.

mod endings;
pub(super) mod recall;
pub(super) mod recalled;
pub(super) mod revoked;

use std::collections::BTreeSet;

use self::endings::{Ending, ended_by, there};
use self::recall::{end_copy, end_destination, may_have_a_copy, recall, recall_given, remember};
use super::contacts::successor::{is_unreached, reached};
use super::correspond::Writer;
use super::forward::together::gave;
use super::forward::withdraw::Withdrawn;
use super::relay::never_went::tell_never_went;
use super::relay::not_passed::end_behind;
use super::relay::on_its_way::{end_ways, note_answer};
use super::relay::stop::stop_relay;
use super::relay::unsent::{is_asked, stop_ways};
use super::share::awaited::end_awaited;
use super::share::granting::note_kept;
use super::share::ground::became_other;
use super::share::plan::most_further_on;
use super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{
    ByWay, CopyState, DestinationState, HoldingState, Rows, Share, ShareState, Went,
};
use crate::encoding::Timestamp;
use crate::message::Station;
use crate::message::permit;
use crate::words::{Language, told};

/// What was taken back.
#[derive(Debug, Clone)]
pub struct Revoked {
    /// The share's short name.
    pub share: String,
    /// Who is asked to delete: mailbox, or fingerprint where that is all that is known.
    pub households: Vec<String>,
    /// Whose identity is no more, and who is told once words are compared with the one that took its place: mailboxes.
    pub unreached: Vec<String>,
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
            &mut revoked.unreached,
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
            // Where one identity took the place of another, somebody else may have given that one something.
            if !gave(self.album.rows(), destination, Some(person))? {
                continue;
            }
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
            unreached: Vec::new(),
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
        let mut gone = rows.parts(share.id)?;
        gone.retain(|part| !part.held);
        self.album.blobs().remove_made_of(rows, &gone)?;
        for part in gone {
            if !rows.part_is_held_elsewhere(share.id, part.digest)? {
                self.album.blobs().remove_part(part.digest)?;
            }
        }
        Ok(self.album.truncate_log()?)
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
                let named = match is_unreached(rows, destination.contact)? {
                    true => &mut revoked.unreached,
                    false => &mut revoked.households,
                };
                named.push(destination.mailbox.to_string());
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

/// A household is to lose what a relay passes on to it. There is no permit to revoke yet: where the relay was quicker than
/// the word to [stop](stop_relay), the first word of its grant is [followed](self::recall::follow) by the revocation.
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
