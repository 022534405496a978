//! What is ready to be handed over is counted: decided once more, in the commit that counts it.
//!
//! To make a picture takes its time, and several ask at once: two of them open one view between them, and what was taken
//! back, has ended or became less meanwhile does not leave.

use super::super::{Fault, Household, Now};
use super::gate::{Allowed, Asked};
use crate::address::StationName;
use crate::album::{Rows, ShareItem};
use crate::rules::{Action, Limits};
use crate::sharing::accounts::person::refuse_unknown;

/// What stands ready and was not counted yet: nothing of it may leave before it is.
pub(super) struct Ready<T> {
    /// Row id.
    pub share: i64,
    pub item: ShareItem,
    /// As what it was made.
    pub basis: Basis,
    pub handed: T,
}

/// What was decided when something was made ready.
pub(super) struct Basis {
    action: Action,
    /// How it was narrowed.
    limits: Limits,
    cost: Cost,
    /// How many views had been counted.
    views: u64,
    /// The moment of the album: [`Rows::changes`].
    changes: i64,
}

/// What it costs to be handed something.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cost {
    /// A view.
    View,
    /// Nothing: a view is open, or it is kept.
    Nothing,
    /// Nothing: it is the small picture of what may be opened as often as one likes.
    Thumb,
}

impl Basis {
    pub fn of(
        allowed: &Allowed,
        (action, limits): (Action, Limits),
        cost: Cost,
        changes: i64,
    ) -> Self {
        Basis {
            action,
            limits,
            cost,
            views: allowed.views,
            changes,
        }
    }
}

impl Household {
    /// Notes that a person looks: since when the share can be seen by them, and the view where it counts. Gives `false`
    /// where what they may have is not what was made ready: then it is made anew, or refused.
    pub(super) fn count<T>(
        &mut self,
        ready: &Ready<T>,
        person: &StationName,
        now: Now,
    ) -> Result<bool, Fault> {
        crate::crash::point("view.ready");
        let rows = self.album.rows();
        let since = rows.viewable_since(ready.share, person)?;
        if ready.basis.cost != Cost::View && since.is_some_and(|since| since <= now.now) {
            if rows.changes()? == ready.basis.changes {
                return Ok(true);
            }
            // Nobody who writes is waited for where nothing is to be written.
            let _moment = self.album.moment()?;
            return Ok(stands(rows, ready, person, now)?.is_some());
        }
        let stands = self.album.commit(|rows| {
            let Some(counts) = stands(rows, ready, person, now)? else {
                return Ok(false);
            };
            rows.set_viewable(ready.share, person, now.now)?;
            if counts {
                rows.count_view(ready.item.id, person, now.now)?;
            }
            Ok::<_, Fault>(true)
        })?;
        if stands {
            crate::crash::point("view.counted");
        }
        Ok(stands)
    }
}

/// Whether a person may have now what was made ready, at the moment at which it is counted: `None` where they may have
/// something else, else whether it costs a view.
fn stands<T>(
    rows: Rows<'_>,
    ready: &Ready<T>,
    person: &StationName,
    now: Now,
) -> Result<Option<bool>, Fault> {
    refuse_unknown(rows, person)?;
    let asked = Asked::about(rows, rows.share_by_id(ready.share)?)?;
    let facts = asked.look_at(rows, &ready.item, person)?;
    let (basis, usage) = (&ready.basis, facts.usage);
    // Somebody opened a view while this was made: it is open, though that one read the clock later.
    let opened = usage.viewed_at.filter(|_| usage.views > basis.views);
    let now = Now {
        now: opened.map_or(now.now, |at| at.max(now.now)),
        ..now
    };
    let decided = asked.decide(&facts, person, basis.action, now)?;
    let counts = decided.rendition.counts;
    let as_cheap = match basis.cost {
        Cost::View => true,
        Cost::Nothing => !counts,
        Cost::Thumb => decided.left.is_none(),
    };
    let same = decided.rendition.limits == basis.limits && as_cheap;
    Ok(same.then_some(counts && basis.cost == Cost::View))
}
