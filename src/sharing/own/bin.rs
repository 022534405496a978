//! What is deleted lies in the bin for 30 days, from which it can be taken again; then it is gone for good. What was
//! shared from it stays shared: a share has sealed parts of its own.

use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::sharing::{Fault, Household, Now};

/// How long it can be taken back, in seconds.
const KEPT: u64 = 30 * 24 * 60 * 60;

impl Household {
    /// Puts items into the bin, all of them or none. Those that lie there already stay as they are.
    pub fn delete_items(
        &mut self,
        viewer: Option<&StationName>,
        references: &[String],
        now: Timestamp,
    ) -> Result<(), Fault> {
        let items = self.items_named(viewer, references)?;
        self.album.commit(|rows| {
            for item in items.iter().filter(|item| item.deleted.is_none()) {
                rows.set_deleted(item.id, Some(now))?;
            }
            Ok(())
        })
    }

    /// Takes items out of the bin, into the albums where they were.
    pub fn undelete_items(
        &mut self,
        viewer: Option<&StationName>,
        references: &[String],
    ) -> Result<(), Fault> {
        let items = self.items_named(viewer, references)?;
        self.album.commit(|rows| {
            for item in &items {
                rows.set_deleted(item.id, None)?;
            }
            Ok(())
        })
    }

    /// Removes for good what has been in the bin for 30 days by a clock that is sure; gives how much.
    pub(in crate::sharing) fn empty_bin(&mut self, now: Now) -> Result<u64, Fault> {
        let until = now.floor.minus_seconds(KEPT);
        if self.album.rows().in_bin_until(until)?.is_empty() {
            return Ok(0);
        }
        let _unfinished = self.album.blobs().begin()?;
        let gone = self.album.commit(|rows| {
            let mut gone = Vec::new();
            for item in rows.in_bin_until(until)? {
                let pictures = rows.own_pictures(item.id)?.and_then(|made| made.file());
                rows.remove_item(item.id)?;
                gone.push((item, pictures));
            }
            Ok::<_, Fault>(gone)
        })?;
        crate::crash::point("bin.after_commit");
        for (item, pictures) in &gone {
            self.album.blobs().remove_file(item.file)?;
            if let Some(pictures) = pictures {
                self.album.blobs().remove_pictures(*pictures)?;
            }
        }
        self.album.truncate_log()?;
        tracing::info!(items = gone.len(), "gone from the bin for good");
        Ok(gone.len() as u64)
    }
}
