//! What somebody asked more of may have to be sealed anew for a yes: then it comes by a share of its own, and the person has the
//! same things twice. The better one is listed, as long as it gives all that the one before gives.

use std::path::Path;

use super::personal::{May, PersonalItem, PersonalShare};
use crate::address::StationName;
use crate::album::{RequestState, Share};
use crate::sharing::view::gate::Asked;
use crate::sharing::{Fault, Household, Now};

/// The shares of which a person asked for more, and was told yes; by their row ids.
pub(super) type Granted = Vec<i64>;

impl Household {
    /// Of which shares a person was granted more.
    pub(super) fn granted_more(&self, person: &StationName) -> Result<Granted, Fault> {
        let mut requests = self.album.rows().requests()?;
        requests.retain(|one| {
            !one.incoming && one.state == RequestState::Yes && one.station == *person
        });
        Ok(requests.iter().map(|one| one.share).collect())
    }

    /// Whether a person has all that `seen` gives by a later one of `shares`, from whom it is.
    pub(super) fn is_given_anew(
        &self,
        (share, seen): (&Share, &PersonalShare),
        (shares, granted): (&[Share], &Granted),
        person: &StationName,
        now: Now,
    ) -> Result<bool, Fault> {
        if !granted.contains(&share.id) {
            return Ok(false);
        }
        let rows = self.album.rows();
        let later = |other: &&Share| {
            other.origin == share.origin && other.created > share.created && self.came(other)
        };
        for other in shares.iter().filter(later) {
            let asked = Asked::about(rows, other.clone())?;
            let other = self.personal(&asked, person, usize::MAX, now)?;
            if other.is_some_and(|other| other.is_there && has_all(&other, seen)) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whether the one gives all that the other gives, for as long.
fn has_all(better: &PersonalShare, other: &PersonalShare) -> bool {
    let lasts = match (better.until, other.until) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(better), Some(other)) => better >= other,
    };
    // Screenshots are called alike and have no date: what nothing tells apart may be two.
    let is_told = |item: &PersonalItem| !other.title.is_empty() || item.taken.is_some();
    let has = |item: &PersonalItem| {
        let mut all = better.items.iter();
        is_told(item) && all.any(|one| is_same(one, item) && may_all(one.may, item.may))
    };
    better.complete
        && lasts
        && better.title == other.title
        && better.from_name == other.from_name
        && better.count >= other.count
        && other.items.iter().all(has)
}

/// Whether both were made of the same, as far as can be told: the name may end otherwise where its format was changed.
fn is_same(one: &PersonalItem, other: &PersonalItem) -> bool {
    let stem = |item: &PersonalItem| Path::new(&item.name).file_stem().map(ToOwned::to_owned);
    let looks = |item: &PersonalItem| (item.kind, item.width, item.height);
    let said = |item: &PersonalItem| (item.taken.clone(), item.caption.clone());
    looks(one) == looks(other) && said(one) == said(other) && stem(one) == stem(other)
}

fn may_all(better: May, other: May) -> bool {
    let all = [
        (better.look || better.excerpt, other.look || other.excerpt),
        (better.print, other.print),
        (better.keep, other.keep),
        (better.pass_on, other.pass_on),
    ];
    all.into_iter().all(|(better, other)| better || !other)
}
