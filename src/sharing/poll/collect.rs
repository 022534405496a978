//! Parts that came: checked by digest, kept as they are, opened once, and counted towards the share being complete.

use std::collections::BTreeSet;

use crate::address::StationName;
use crate::album::{PartRow, Rows, Share, ShareState};
use crate::encoding::{Timestamp, parse_object};
use crate::envelope::{Digest, ItemKey, open_part, part_key_id};
use crate::message::About;
use crate::rules::{Rules, Tier};
use crate::sharing::ingest::judge::Judge;
use crate::sharing::notify::tell;
use crate::sharing::opened::Openers;
use crate::sharing::receipts::send_complete;
use crate::sharing::stations::allowed_people;
use crate::sharing::words::clean_name;
use crate::sharing::{Fault, Household};

/// Why a part is refused that another copy may replace.
pub(in crate::sharing) const CHANGED: &str =
    "a part is not what its name says: it was changed on the way";

/// A part that is on disk and not yet in the rows.
pub(in crate::sharing) struct Kept {
    pub digest: Digest,
    pub share: i64,
    /// It was opened; what is carried for others cannot be.
    pub opened: bool,
    /// What an `about` says, with its item.
    pub about: Option<(i64, About)>,
}

/// Why a part is not kept.
pub(super) enum NotKept {
    /// It is not what it should be.
    Refused(&'static str),
    /// No share here waits for it. What it is can be told now, also where it came without its name.
    Unclaimed(Digest),
}

/// Checks a part that was fetched and writes its blob. Where it is not what some share here waits for, or does not open,
/// nothing is kept.
pub(super) fn keep_part(
    home: &Household,
    openers: &mut Openers,
    der: &mut [u8],
    expected: Option<Digest>,
) -> Result<Result<Kept, NotKept>, Fault> {
    let refuse = |reason| Ok(Err(NotKept::Refused(reason)));
    let digest = Digest::of(der);
    if expected.is_some_and(|expected| expected != digest) {
        return refuse(CHANGED);
    }
    let rows = home.album.rows();
    let waiting = rows.waits_for_part(digest)?;
    if waiting.is_empty() {
        return Ok(Err(NotKept::Unclaimed(digest)));
    }
    let Ok(kek_id) = part_key_id(der) else {
        return refuse("a part is outside the profile");
    };
    for part in waiting {
        if key_of(home, openers, &part)?.is_none()
            && !rows.relay_jobs(part.share)?.is_empty()
            && der.len() as u64 == part.len
        {
            // For others: here its name is all that can be checked.
            home.album.blobs().put_part(digest, der)?;
            crate::crash::point("parts.kept");
            return Ok(Ok(Kept {
                digest,
                share: part.share,
                opened: false,
                about: None,
            }));
        }
        let Some(key) = key_of(home, openers, &part)?.filter(|key| key.kek_id() == kek_id) else {
            continue;
        };
        // The quota was reserved for the declared length.
        if der.len() as u64 != part.len {
            return refuse("a part is not as long as was declared");
        }
        home.album.blobs().put_part(digest, der)?;
        crate::crash::point("parts.kept");
        // Opening it shows now, while the mail is still there, that nothing else will come to light later.
        let about = match open_part(der, &key) {
            Ok(content) if part.tier == Tier::About => parse_object::<About>(content).ok(),
            Ok(_) => None,
            Err(_) => {
                if !rows.part_is_held_elsewhere(part.share, digest)? {
                    home.album.blobs().remove_part(digest)?;
                }
                return refuse("a part does not open with the key that was granted");
            }
        };
        return Ok(Ok(Kept {
            digest,
            share: part.share,
            opened: true,
            about: about.map(|about| (part.item, clean(about))),
        }));
    }
    refuse("no grant here opens this part")
}

/// The key of the tier to which a part belongs, if a grant here reaches it.
fn key_of(
    home: &Household,
    openers: &mut Openers,
    part: &PartRow,
) -> Result<Option<ItemKey>, Fault> {
    let rows = home.album.rows();
    let item = rows.share_item_by_id(part.item)?;
    openers.key(rows, &home.keys, part.share, item.wire, part.tier)
}

/// Enters kept parts into the rows, and ends the waiting of shares that are complete by them. Gives the number of
/// notices queued.
pub(super) fn enter_parts(rows: Rows<'_>, judge: &Judge<'_>, kept: &[Kept]) -> Result<u64, Fault> {
    let mut shares = BTreeSet::new();
    for part in kept {
        rows.hold_part(part.share, part.digest, part.opened)?;
        if let Some((item, about)) = &part.about {
            rows.describe_item(*item, about)?;
        }
        // Something came: whoever is asked next is asked about what is missing then.
        rows.end_search(part.share)?;
        shares.insert(part.share);
    }
    let mut told = 0;
    for share in shares {
        told += settle(rows, judge, share)?;
    }
    Ok(told)
}

/// Looks whether a share can be viewed, and whether it is complete. Gives the number of notices queued.
pub(in crate::sharing) fn settle(
    rows: Rows<'_>,
    judge: &Judge<'_>,
    share: i64,
) -> Result<u64, Fault> {
    let share = rows.share_by_id(share)?;
    let parts = rows.parts(share.id)?;
    let people = allowed_people(rows, share.id)?;
    if can_be_viewed(&parts) {
        note_viewable(rows, share.id, &people, judge.now.now)?;
    }
    let complete = parts.iter().all(|part| part.held || !part.wanted);
    if !complete || share.state.is_ended() {
        return Ok(0);
    }
    if share.state == ShareState::Arriving {
        rows.set_share_state(share.id, ShareState::Complete, judge.now.now)?;
        tracing::info!(share = %share.reference, "share complete");
    }
    send_complete(rows, &judge.writer, &share)?;
    tell(rows, judge.config, &share, &people, judge.now.now)
}

/// Whether any item is here so far that it can be viewed.
pub(in crate::sharing) fn can_be_viewed(parts: &[PartRow]) -> bool {
    let mut above = parts.iter().filter(|part| part.tier > Tier::About);
    above.any(|part| tier_is_held(parts, part))
}

/// Notes since when these people can view a share: from now, or from when their rules let them.
pub(in crate::sharing) fn note_viewable(
    rows: Rows<'_>,
    share: i64,
    people: &[(StationName, Vec<Rules>)],
    now: Timestamp,
) -> Result<(), Fault> {
    for (station, rules) in people {
        let opens = rules.iter().map(|rules| rules.not_before.unwrap_or(now));
        let since = opens.min().map_or(now, |from| from.max(now));
        rows.set_viewable(share, station, since)?;
    }
    Ok(())
}

/// Whether all parts of the tier to which `one` belongs are here.
pub(super) fn tier_is_held(parts: &[PartRow], one: &PartRow) -> bool {
    parts
        .iter()
        .filter(|part| part.item == one.item && part.tier == one.tier)
        .all(|part| part.held)
}

/// Ends a share's sealed bytes here: blobs first, so that a crash in between is only repeated.
pub(in crate::sharing) fn drop_parts(
    home: &Household,
    share: &Share,
    parts: &[PartRow],
) -> Result<(), Fault> {
    let (rows, blobs) = (home.album.rows(), home.album.blobs());
    blobs.remove_made_of(rows, parts)?;
    // Also those without a row that says held: a kill may have come between the two.
    for part in parts {
        if !rows.part_is_held_elsewhere(share.id, part.digest)? {
            blobs.remove_part(part.digest)?;
        }
    }
    Ok(())
}

fn clean(about: About) -> About {
    About {
        name: about.name.map(|name| clean_name(&name, "item")),
        media_type: about
            .media_type
            .map(|text| crate::sharing::words::clean_line(&text)),
        caption: about
            .caption
            .map(|text| crate::sharing::words::clean_text(&text)),
        ..about
    }
}
