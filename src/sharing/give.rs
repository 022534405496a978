//! A share that exists is given to a household: for the first time, or once more with other rights. One small letter;
//! parts travel only where they are missing.

mod before;
mod by_way;
mod gone;
pub(super) mod gone_wrong;
pub(super) mod waiting;

use std::collections::BTreeSet;

pub(super) use self::before::stands;
use self::before::{Before, merged};
use self::gone::needed_by;
use super::correspond::Writer;
use super::forward::together::{Together, unlike};
use super::receipts::send_forwarded;
use super::relay::still_asked::StillAsked;
use super::requests::answering::Answering;
use super::revoke::recall::{recall_later, remember};
use super::share::awaited::{Unknown, put};
use super::share::chosen::note_choice;
use super::share::granting::{
    Line, Making, NewGrant, Recipient, date_after, queue_grant, queue_parts,
};
use super::share::ground::{Ground, became_other};
use super::share::plan::{Planned, rights};
use super::{Fault, Household};
use crate::address::StationName;
use crate::album::{Awaited, Contact, DestinationState, Reason, Rows, Share, Went};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Id};
use crate::message::{RelayEntry, SignedManifest, SignedRevocation, Station};
use crate::rules::Rules;

/// What a household is to be given of a share.
pub(super) struct Gift {
    /// To whom.
    pub contact: Contact,
    /// The rules of the stations that are named; others that it has keep theirs.
    pub stations: Vec<Station>,
    /// Which items; they come on top of those it has.
    pub items: BTreeSet<Id>,
    /// What may travel on, where it was said.
    pub onward: Option<Rules>,
    /// The person of this house who passes it on.
    pub passed_by: Option<StationName>,
    /// To whom the household is asked to pass it on.
    pub relay: Vec<RelayEntry>,
    /// It waited for the household's card, and is given only where it still does.
    pub waited: bool,
    /// With what others of the house give there.
    pub together: Together,
}

/// What was worked out for a gift.
pub(super) struct Worked {
    /// On what the household had.
    had: Had,
    grant: NewGrant,
    /// Parts that the household has not been sent.
    missing: BTreeSet<Digest>,
    /// The permits that it had, where the new one gives less in anything.
    replaced: Vec<SignedRevocation>,
    /// As in [`Gift::waited`].
    waited: bool,
    /// As in [`Gift::together`].
    together: Together,
}

/// What is recorded along with gifts.
#[derive(Default)]
pub(super) struct Beside<'b> {
    /// What waits for the cards of households that nobody here knows.
    pub later: &'b [(Unknown, Awaited)],
    /// The people who pass it on: as far as they may.
    pub people: BTreeSet<StationName>,
    /// The request that it answers.
    pub answer: Option<&'b Answering<'b>>,
}

/// The letter with which a household was given the share last, and whether it counts; `None`: it was given nothing.
type Had = Option<(Id, bool)>;

impl Worked {
    /// Refuses it where the household was given something else meanwhile, or it was taken back: what came of that would be
    /// undone.
    fn refuse_outrun(&self, rows: Rows<'_>, share: &Share) -> Result<(), Fault> {
        let has = rows.destination_at(share.id, self.grant.contact.fingerprint)?;
        let has = has.map(|one| (one.letter, stands(&one)));
        match has == self.had {
            true => Ok(()),
            false => Err(became_other()),
        }
    }

    /// Whether it gives less than the household had.
    pub fn is_less(&self) -> bool {
        !self.replaced.is_empty()
    }
}

impl Household {
    /// Gives a share to households: letters, missing parts, the word to whoever granted it here, in one commit.
    pub(super) fn give(
        &mut self,
        share: &Share,
        ground: &Ground,
        gifts: Vec<Gift>,
        now: Timestamp,
    ) -> Result<Vec<Line>, Fault> {
        self.give_and_wait(share, ground, gifts, (&[], None), now)
    }

    /// As [`Household::give`]; what is for households that nobody here knows waits for their cards. What answers a request
    /// is noted as its answer.
    pub(super) fn give_and_wait(
        &mut self,
        share: &Share,
        ground: &Ground,
        gifts: Vec<Gift>,
        (later, answer): (&[(Unknown, Awaited)], Option<&Answering<'_>>),
        now: Timestamp,
    ) -> Result<Vec<Line>, Fault> {
        let manifest = SignedManifest::verify(&self.album.rows().manifest(share.id)?)?;
        let worked = gifts
            .into_iter()
            .map(|gift| self.work_out(share, ground, &manifest, gift, now))
            .collect::<Result<Vec<_>, _>>()?;
        let given = worked.iter().map(|work| &work.grant.passed_by);
        let waiting = later.iter().map(|(_, awaited)| &awaited.person);
        let people = given.chain(waiting).flatten().cloned().collect();
        let beside = Beside {
            later,
            people,
            answer,
        };
        self.give_worked(share, (ground, &manifest), worked, beside, now)
    }

    /// The same of what was worked out.
    pub(super) fn give_worked(
        &mut self,
        share: &Share,
        (ground, manifest): (&Ground, &SignedManifest),
        worked: Vec<Worked>,
        beside: Beside<'_>,
        now: Timestamp,
    ) -> Result<Vec<Line>, Fault> {
        let writer = Writer::new(&self.keys, &self.config, now);
        let (budget, language) = (self.config.smtp.message_budget, self.language);
        crate::crash::point("give.before_commit");
        let lines = self.album.commit(|rows| {
            if let Some(answer) = beside.answer {
                answer.note(rows, &writer)?;
            }
            ground.refuse_fallen(rows, share, &beside.people)?;
            let (mut lines, mut ready) = (Vec::new(), Vec::new());
            for work in &worked {
                let new = &work.grant;
                if work.waited {
                    let (at, by) = (&new.contact.mailbox, new.passed_by.as_ref());
                    if !rows.take_awaited(share.id, at, by)? {
                        continue;
                    }
                }
                work.refuse_outrun(rows, share)?;
                refuse_what_is_not_here(rows, share, &work.missing, ground)?;
                let who = new.contact.fingerprint;
                let asked = StillAsked::of(rows, share, who, &BTreeSet::new(), work.is_less())?;
                let before = rows.destination_at(share.id, who)?;
                let (id, state) = queue_grant(rows, &writer, share, manifest, new, now)?;
                let stations = &new.grant.stations;
                note_choice(rows, id, before.as_ref(), stations, beside.answer)?;
                work.together.record(rows, id, now)?;
                let mut missing = work.missing.clone();
                missing.extend(asked.settle(rows, id, &new.expected, now)?);
                if state == DestinationState::Queued {
                    ready.push((new.contact.mailbox.clone(), Reason::Given(id), missing));
                }
                follow_up(rows, &writer, share, ground, work)?;
                lines.push(new.line(state, language));
            }
            for (unknown, awaited) in beside.later {
                put(rows, &writer, awaited)?;
                lines.push(unknown.line_from(language, awaited.onward.as_ref(), now));
            }
            queue_parts(rows, share, &ready, writer.mailbox, budget, now)?;
            Ok::<_, Fault>(lines)
        })?;
        crate::crash::point("give.after_commit");
        Ok(lines)
    }

    pub(super) fn work_out(
        &self,
        share: &Share,
        ground: &Ground,
        manifest: &SignedManifest,
        mut gift: Gift,
        now: Timestamp,
    ) -> Result<Worked, Fault> {
        let rows = self.album.rows();
        let before = rows
            .destination_at(share.id, gift.contact.fingerprint)?
            .map(|destination| Before::of(destination, ground, manifest, (share.created, now)))
            .transpose()?;
        let issued = before
            .as_ref()
            .map_or(now, |before| date_after(before.destination.issued, now));
        let had = before
            .as_ref()
            .map(|before| (before.destination.letter, before.stands()));
        let standing = before.filter(Before::stands);
        let mut items = ground.items(manifest);
        let has = |item: &Planned| {
            standing
                .as_ref()
                .is_some_and(|before| before.permit.permit().covers(item.id))
        };
        let mut together = std::mem::take(&mut gift.together);
        let several = match together.is_of_several() {
            true => Some(
                together
                    .as_one(now)
                    .ok_or_else(|| unlike(&gift.contact.mailbox))?,
            ),
            false => None,
        };
        match &several {
            Some(one) => items.retain(|item| one.items.contains(&item.id)),
            None => items.retain(|item| gift.items.contains(&item.id) || has(item)),
        }
        let stations = match &several {
            Some(one) => one.stations.clone(),
            None => merged(&gift.stations, standing.as_ref(), ground.onward()),
        };
        let making = Making {
            identity: &self.keys.identity,
            ground,
            manifest,
            issued,
            now,
        };
        if stations.is_empty() && !gift.relay.is_empty() {
            let mut grant = making.grant_to_carry(&gift.contact, gift.relay)?;
            grant.passed_by = gift.passed_by;
            return Ok(Worked {
                had,
                missing: grant.expected.clone(),
                grant,
                replaced: Vec::new(),
                waited: false,
                together,
            });
        }
        let ceiling = match several {
            Some(one) => one.onward,
            None => {
                together.set_all(&stations, items.iter().map(|item| item.id));
                let before = standing.as_ref();
                let as_before = || before.and_then(|before| before.onward_for(&stations, now));
                gift.onward.clone().or_else(as_before)
            }
        };
        let bounds = ground.bounds();
        let mut given = rights(&stations, ceiling.as_ref(), &items, bounds.as_ref(), now)
            .ok_or_else(|| {
                let words = format!("the rules for {} allow nothing", gift.contact.mailbox);
                Fault::usage("nothing_allowed", words)
            })?
            .of_share_with(manifest.manifest().items.len());
        if given.onward.is_none() && ground.is_origin() {
            let before = standing.as_ref();
            given.onward = before.and_then(|before| before.as_relay(given.tier));
        }
        let replaced = match &standing {
            Some(before) if before.is_wider_than(&given, &stations) => {
                self.take_back(share, before, issued)?
            }
            _ => Vec::new(),
        };
        let waited = gift.waited;
        let wanted = needed_by(&gift.stations, manifest.manifest());
        let household = Recipient {
            contact: gift.contact,
            stations,
        };
        let mut grant = making.grant_that_asks(&household, &given, gift.relay)?;
        grant.passed_by = gift.passed_by;
        let mut missing = grant.expected.clone();
        if let Some(before) = &standing {
            missing = before.lacks(missing, &wanted, &rows.parts(share.id)?);
        }
        refuse_what_is_not_here(rows, share, &missing, ground)?;
        Ok(Worked {
            had,
            grant,
            missing,
            replaced,
            waited,
            together,
        })
    }

    /// The end of all that a household had of a share.
    fn take_back(
        &self,
        share: &Share,
        before: &Before,
        issued: Timestamp,
    ) -> Result<Vec<SignedRevocation>, Fault> {
        let rows = self.album.rows();
        let mut permits = rows.given_permits(share.id, before.destination.contact)?;
        permits.insert(before.permit.digest());
        let of = (share.origin, share.wire);
        let end = |permit| SignedRevocation::sign(of, Some(permit), issued, &self.keys.identity);
        Ok(permits.into_iter().map(end).collect::<Result<_, _>>()?)
    }
}

/// Refuses to give what cannot be sent: to be asked once more in the commit, for another program of the house may let go of
/// parts that nobody needed meanwhile.
fn refuse_what_is_not_here(
    rows: Rows<'_>,
    share: &Share,
    missing: &BTreeSet<Digest>,
    ground: &Ground,
) -> Result<(), Fault> {
    let parts = rows.parts(share.id)?;
    if parts
        .iter()
        .all(|part| part.held || !missing.contains(&part.digest))
    {
        return Ok(());
    }
    if ground.is_origin() {
        let words = "the sealed parts of this share are not kept any more at that quality";
        return Err(Fault::new("parts_gone", words)
            .hint("share the items anew: `hearthpost share ITEM… --to ADDR`"));
    }
    Err(Fault::new(
        "arriving",
        "This has not arrived completely yet. Try again in a while.",
    ))
}

/// What goes along with a gift: the end of what it replaces, and the word to whoever granted the share here.
fn follow_up(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    ground: &Ground,
    work: &Worked,
) -> Result<(), Fault> {
    let new = &work.grant;
    let given = rows.destination_at(share.id, new.contact.fingerprint)?;
    let untold = given.is_none_or(|given| given.went == Went::Nothing);
    for revocation in &work.replaced {
        match untold {
            // What is replaced never left the house.
            true => remember(rows, writer, share, revocation)?,
            false => recall_later(rows, writer, share, &new.contact, revocation)?,
        }
    }
    // What is only carried, without a key, is no copy.
    if !ground.is_origin() && !new.grant.stations.is_empty() {
        let of = (share.origin, share.wire);
        send_forwarded(rows, writer, of, ground.granter, &new.grant.chain)?;
    }
    Ok(())
}
