//! When the box has something to do next, apart from mail that comes: the outbox, and what ends.

use crate::encoding::Timestamp;
use crate::sharing::{Fault, Household, Now};

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
        consider(rows.next_gathered()?);
        consider(rows.next_search()?);
        consider(rows.next_recall()?);
        consider(crate::sharing::invite::joining::next_ask(rows)?);
        consider(rows.next_look(now.now)?);
        Ok(next.map(|next| next.unix().abs_diff(now.now.unix())))
    }
}
