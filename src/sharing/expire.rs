//! What is over goes: keys, parts, and nothing but a tombstone stays. A tier that nobody may use any more goes earlier.
//!
//! Deletion waits until a confirmed clock has passed the date (`floor`); denial did not.

use std::collections::BTreeMap;
use std::time::Duration;

use super::correspond::Writer;
use super::listing::named::renew_words;
use super::poll::collect::{can_be_viewed, drop_parts, note_viewable};
use super::receipts::send_deleted;
use super::relay::jobs::{carried_until, end_relay, parts_for_others};
use super::relay::not_passed::lacked_until;
use super::stations::{Voice, allowed_people, live_voices, rules_for};
use super::{Fault, Household, Now};
use crate::address::StationName;
use crate::album::{DestinationState, Holding, HoldingState, PartRow, Rows, Share, ShareState};
use crate::encoding::Timestamp;
use crate::message::Station;
use crate::rules::{Action, Decision, Denial, Rules, Tier, decide, needed_tier};

impl Household {
    /// Ends what is over; gives the number of shares that ended.
    pub fn expire(&mut self, now: Now) -> Result<u64, Fault> {
        let mut expired = 0;
        let version = self.album.rows().data_version()?;
        let shares = self.album.rows().shares_to_look_at(now.floor)?;
        if shares.is_empty() {
            return Ok(0);
        }
        for share in shares {
            if self.keys.is_ours(share.origin) {
                self.release_sent_parts(&share, now)?;
            } else if self.expire_share(&share, now)? {
                expired += 1;
            }
        }
        if expired > 0 {
            self.album.truncate_log()?;
        }
        let (keys, keep) = (&self.keys, self.config.limits.keep_parts);
        self.album.commit(|rows| {
            // What another process changed meanwhile is looked at once more.
            if rows.data_version()? != version {
                return Ok(());
            }
            for share in rows.shares_to_look_at(now.floor)? {
                let next = match keys.is_ours(share.origin) {
                    true => next_release(rows, &share, keep, now.floor)?,
                    false => next_end(rows, &share, now.floor)?,
                };
                rows.set_look(share.id, next)?;
            }
            Ok::<_, Fault>(())
        })?;
        Ok(expired)
    }

    /// Who came to the house after a share can view it from now on, at the latest: a period does not wait until they look.
    fn begin_for_newcomers(&mut self, share: &Share, now: Now) -> Result<(), Fault> {
        let rows = self.album.rows();
        let mut newcomers = Vec::new();
        for (person, rules) in allowed_people(rows, share.id)? {
            if rows.viewable_since(share.id, &person)?.is_none() {
                newcomers.push((person, rules));
            }
        }
        if newcomers.is_empty() || !can_be_viewed(&rows.parts(share.id)?) {
            return Ok(());
        }
        self.album
            .commit(|rows| note_viewable(rows, share.id, &newcomers, now.now))
    }

    fn expire_share(&mut self, share: &Share, now: Now) -> Result<bool, Fault> {
        self.begin_for_newcomers(share, now)?;
        let rows = self.album.rows();
        let (mut over, mut live) = (Vec::new(), Vec::new());
        let for_others = parts_for_others(rows, share.id)?;
        for voice in live_voices(rows, share.id)? {
            let until = carried_until(rows, share.id, voice.holding.id)?;
            let carried = until.is_some_and(|until| until > now.floor);
            match !carried && stations_are_over(rows, share, &voice.stations, now.floor)? {
                true => over.push(voice),
                false => live.push(voice),
            }
        }
        // A holding is over once nobody speaks on it any more.
        let lives = |voice: &Voice| {
            live.iter()
                .any(|other| other.holding.id == voice.holding.id)
        };
        over.retain(|voice| voice.passed_by.is_none() && !lives(voice));
        let over: Vec<Holding> = over.into_iter().map(|voice| voice.holding).collect();
        let writer = Writer::new(&self.keys, &self.config, now.now);
        if live.is_empty() && !over.is_empty() {
            let parts = rows.parts(share.id)?;
            crate::crash::point("expire.begin");
            drop_parts(self, share, &parts)?;
            crate::crash::point("expire.before_commit");
            self.album.commit(|rows| {
                end_holdings(rows, &writer, share, &over)?;
                for part in &parts {
                    rows.drop_part(share.id, part.digest)?;
                }
                rows.set_share_state(share.id, ShareState::Expired, now.now)?;
                Ok::<_, Fault>(())
            })?;
            crate::crash::point("expire.after_commit");
            tracing::info!(share = %share.reference, "share over, its parts and keys are deleted");
            return Ok(true);
        }
        let mut useless = useless_parts(rows, share, &live, now.floor)?;
        useless.retain(|part| !for_others.contains(&part.digest));
        if !useless.is_empty() || !over.is_empty() {
            crate::crash::point("partial.begin");
            drop_parts(self, share, &useless)?;
            crate::crash::point("partial.before_commit");
            self.album.commit(|rows| {
                end_holdings(rows, &writer, share, &over)?;
                for part in &useless {
                    rows.drop_part(share.id, part.digest)?;
                }
                Ok::<_, Fault>(())
            })?;
            crate::crash::point("partial.after_commit");
        }
        Ok(false)
    }

    /// The sealed parts of an own share are kept until every destination has them, or `keep_parts` is over: where it
    /// failed, they can be sent again until then.
    fn release_sent_parts(&mut self, share: &Share, now: Now) -> Result<(), Fault> {
        let keep = self.config.limits.keep_parts;
        if released(self.album.rows(), share, keep, now.floor)?.is_empty() {
            return Ok(());
        }
        let unfinished = self.album.blobs().begin()?;
        crate::crash::point("release.before_commit");
        let parts = self.album.commit(|rows| {
            // Another program of the house may have given it to somebody meanwhile.
            let parts = released(rows, share, keep, now.floor)?;
            for part in &parts {
                rows.drop_part(share.id, part.digest)?;
            }
            Ok::<_, Fault>(parts)
        })?;
        crate::crash::point("release.after_commit");
        drop_parts(self, share, &parts)?;
        crate::crash::point("release.blobs_gone");
        drop(unfinished);
        Ok(())
    }
}

/// The parts of an own share that nobody needs any more, and that wait for nobody in the outbox.
fn released(
    rows: Rows<'_>,
    share: &Share,
    keep: Duration,
    floor: Timestamp,
) -> Result<Vec<PartRow>, Fault> {
    match kept_until(rows, share, keep)? {
        Kept::WhileItIsSo => return Ok(Vec::new()),
        Kept::Until(then) if then > floor => return Ok(Vec::new()),
        Kept::Until(_) | Kept::NoMore => {}
    }
    let mut parts = Vec::new();
    for part in rows.parts(share.id)? {
        if part.held && !rows.part_is_queued(part.digest)? {
            parts.push(part);
        }
    }
    Ok(parts)
}

/// How long the sealed parts of an own share are kept.
enum Kept {
    /// Nobody needs them. They may wait for a message in the outbox.
    NoMore,
    /// Until then, or until somebody who is waited for answers.
    Until(Timestamp),
    /// Until something of the share changes.
    WhileItIsSo,
}

fn kept_until(rows: Rows<'_>, share: &Share, keep: Duration) -> Result<Kept, Fault> {
    use DestinationState::{Deleted, Delivered, Failed, Revoked, Waiting};
    let (destinations, awaited) = (rows.destinations(share.id)?, rows.awaited(share.id)?);
    let mut all = destinations.iter().map(|one| one.state);
    if all.any(|state| state == Waiting) || awaited.iter().any(|one| one.state == Waiting) {
        return Ok(Kept::WhileItIsSo);
    }
    // What no card came for can wait once more.
    let failed = awaited.iter().any(|one| one.state == Failed);
    let mut states = destinations.iter().map(|one| one.state);
    let served = states.all(|state| matches!(state, Delivered | Revoked | Deleted));
    let lacked = lacked_until(rows, share.id, keep)?;
    if served && !failed && lacked.is_none() {
        return Ok(Kept::NoMore);
    }
    let kept = share.created.plus_seconds(keep.as_secs());
    Ok(Kept::Until(lacked.map_or(kept, |lacked| lacked.max(kept))))
}

/// When the parts of an own share may be released; `None`: there are none. What it waits for brings it back by itself; that the
/// settings say another time is seen the next day.
fn next_release(
    rows: Rows<'_>,
    share: &Share,
    keep: Duration,
    floor: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    if !rows.parts(share.id)?.iter().any(|part| part.held) {
        return Ok(None);
    }
    let tomorrow = floor.plus_seconds(86_400);
    Ok(Some(match kept_until(rows, share, keep)? {
        Kept::WhileItIsSo => tomorrow,
        Kept::Until(then) if then > floor => then.min(tomorrow),
        // At every pass, while they are here.
        Kept::Until(_) | Kept::NoMore => Timestamp::from_unix(0),
    }))
}

/// The next time at which anybody's rights in a share end.
fn next_end(rows: Rows<'_>, share: &Share, after: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let mut next: Option<Timestamp> = None;
    let mut consider = |end: Option<Timestamp>| {
        if let Some(end) = end.filter(|end| *end > after) {
            next = Some(next.map_or(end, |next| next.min(end)));
        }
    };
    let people = rows.people()?;
    for voice in live_voices(rows, share.id)? {
        consider(carried_until(rows, share.id, voice.holding.id)?);
        for station in &voice.stations {
            consider(station.rules.end(None));
            consider(station.rules.end(Some(share.arrived)));
            for person in &people {
                let since = rows.viewable_since(share.id, &person.station)?;
                consider(station.rules.end(since));
            }
        }
    }
    Ok(next)
}

/// Ends what is over, and says so to those who granted it.
fn end_holdings(
    rows: Rows<'_>,
    writer: &Writer<'_>,
    share: &Share,
    over: &[Holding],
) -> Result<(), Fault> {
    for holding in over {
        rows.end_holding(holding.id, HoldingState::Expired)?;
        end_relay(rows, share, holding.id, writer.now)?;
        let of = (share.origin, share.wire);
        send_deleted(rows, writer, of, &holding.chain)?;
    }
    renew_words(rows, share.id)
}

/// Whether no station of a holding may do anything any more, nor will.
fn stations_are_over(
    rows: Rows<'_>,
    share: &Share,
    stations: &[Station],
    at: Timestamp,
) -> Result<bool, Fault> {
    let people: Vec<StationName> = rows
        .people()?
        .into_iter()
        .map(|person| person.station)
        .collect();
    for station in stations {
        let concerned: Vec<&StationName> = if station.name.is_everyone() {
            let others = |person: &&StationName| !stations.iter().any(|s| s.name == **person);
            people.iter().filter(others).collect()
        } else {
            vec![&station.name]
        };
        if concerned.is_empty() && !rules_are_over_for_nobody(share, &station.rules, at) {
            return Ok(false);
        }
        for person in concerned {
            if !is_over(rows, share, person, &station.rules, at)? {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Rules for people whom this house does not have: a period counts from the arrival, so that nothing stays for ever.
fn rules_are_over_for_nobody(share: &Share, rules: &Rules, at: Timestamp) -> bool {
    rules.is_nothing() || rules.end(Some(share.arrived)).is_some_and(|end| end <= at)
}

fn is_over(
    rows: Rows<'_>,
    share: &Share,
    person: &StationName,
    rules: &Rules,
    at: Timestamp,
) -> Result<bool, Fault> {
    let since = rows.viewable_since(share.id, person)?;
    if since.is_none() && rules_are_over_for_nobody(share, rules, at) {
        return Ok(share.state != ShareState::Arriving
            || rules.end(None).is_some_and(|end| end <= at)
            || rules.is_nothing());
    }
    for item in rows.share_items(share.id)? {
        let usage = rows.usage(share.id, item.id, person)?;
        for action in Action::ALL {
            let decision = decide(rules, action, item.kind, at, usage);
            if !is_final(decision) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Whether a denial stays one for ever.
fn is_final(decision: Decision) -> bool {
    match decision {
        Decision::Allow(_) | Decision::Deny(Denial::NotYet(_)) => false,
        Decision::Deny(Denial::NotAllowed(_) | Denial::Ended(_) | Denial::ViewsUsed(_)) => true,
    }
}

/// Held parts of tiers above all that anyone may still use.
fn useless_parts(
    rows: Rows<'_>,
    share: &Share,
    live: &[Voice],
    at: Timestamp,
) -> Result<Vec<PartRow>, Fault> {
    let people: Vec<StationName> = rows
        .people()?
        .into_iter()
        .map(|person| person.station)
        .collect();
    // By person and once, not by item: a share may have thousands.
    let mut voices = Vec::new();
    for voice in live {
        voices.push((voice, rules_in_use(rows, share, voice, &people, at)?));
    }
    let mut parts: BTreeMap<i64, Vec<PartRow>> = BTreeMap::new();
    for part in rows.parts(share.id)? {
        parts.entry(part.item).or_default().push(part);
    }
    let mut useless = Vec::new();
    for item in rows.share_items(share.id)? {
        let mut needed: Option<Tier> = None;
        for (voice, in_use) in &voices {
            let Some(granted) = voice.tier(rows, item.id)? else {
                continue;
            };
            // What may be passed on is needed while the holding lives.
            if voice.holding.passed_on {
                needed = needed.max(Some(granted));
            }
            for rules in in_use {
                needed = needed.max(needed_tier(rules, item.kind, None));
            }
        }
        let Some(needed) = needed else {
            continue;
        };
        let held: Vec<PartRow> = (parts.remove(&item.id).unwrap_or_default().into_iter())
            .filter(|part| part.held)
            .collect();
        // Without the tier that is needed, the better one that is here stands in for it.
        if held.iter().any(|part| part.tier == needed) {
            useless.extend(held.into_iter().filter(|part| part.tier > needed));
        }
    }
    Ok(useless)
}

/// The rules by which somebody may still do something, or somebody who is not of the house yet might.
fn rules_in_use<'v>(
    rows: Rows<'_>,
    share: &Share,
    voice: &'v Voice,
    people: &[StationName],
    at: Timestamp,
) -> Result<Vec<&'v Rules>, Fault> {
    let stations = &voice.stations;
    let mut in_use = Vec::new();
    for station in stations {
        let mut used = vec![&station.name];
        if station.name.is_everyone() {
            used = people
                .iter()
                .filter(|person| rules_for(stations, person) == Some(&station.rules))
                .collect();
        }
        let mut over = !used.is_empty();
        for person in used {
            over = over && is_over(rows, share, person, &station.rules, at)?;
        }
        if !over {
            in_use.push(&station.rules);
        }
    }
    Ok(in_use)
}
