//! When the box has something to do next, apart from mail that comes: the outbox, and what ends.

use super::stations::live_voices;
use super::{Fault, Household, Now};
use crate::encoding::Timestamp;

impl Household {
    /// The seconds until the outbox or the end of a share next asks for a pass; `None` where nothing is known.
    pub(super) fn due_in(&self, now: Now) -> Result<Option<u64>, Fault> {
        let rows = self.album.rows();
        let mut next = rows.next_try_after(now.now)?;
        let mut consider = |end: Option<Timestamp>| {
            if let Some(end) = end.filter(|end| *end > now.now) {
                next = Some(next.map_or(end, |next| next.min(end)));
            }
        };
        consider(rows.next_search()?);
        consider(rows.next_recall()?);
        let people = rows.people()?;
        for share in rows.shares()? {
            if share.state.is_ended() || share.origin == self.me() {
                continue;
            }
            for voice in live_voices(rows, share.id)? {
                for station in &voice.stations {
                    consider(station.rules.end(None));
                    consider(station.rules.end(Some(share.arrived)));
                    for person in &people {
                        let since = rows.viewable_since(share.id, &person.station)?;
                        consider(station.rules.end(since));
                    }
                }
            }
        }
        Ok(next.map(|next| next.unix().abs_diff(now.now.unix())))
    }
}
