//! The holdings that were opened of late: who looks through a share does not have its grant opened anew for each picture.
//!
//! What a person may do is decided each time; here are keys alone, in memory, of a few holdings, for a moment. They serve
//! only while the very grant that they came from is stored: with the end of a share it is gone, and so are they.

use std::sync::Arc;

use super::super::Fault;
use super::super::opened::{Opened, open_sealed, sealed};
use crate::album::{Holding, Keys, Rows};
use crate::encoding::Timestamp;
use crate::envelope::Digest;

/// So many holdings are kept open at most.
const MOST: usize = 8;
/// For so long, in seconds.
const LASTS: u64 = 30;

/// A few opened holdings, the newest last.
#[derive(Default)]
pub(in crate::sharing) struct Recent(Vec<Kept>);

struct Kept {
    opened: Arc<Opened>,
    /// Of the grant that was opened.
    grant: Digest,
    at: Timestamp,
}

impl Recent {
    /// The keys of a live holding.
    pub fn open(
        &mut self,
        rows: Rows<'_>,
        holding: &Holding,
        own: &Keys,
        now: Timestamp,
    ) -> Result<Arc<Opened>, Fault> {
        self.forget(now);
        let sealed = match sealed(rows, holding.id) {
            Ok(sealed) => sealed,
            Err(fault) => {
                self.0.retain(|kept| kept.opened.holding != holding.id);
                return Err(fault);
            }
        };
        let grant = Digest::of(&sealed);
        let found = self
            .0
            .iter()
            .find(|kept| kept.opened.holding == holding.id && kept.grant == grant);
        if let Some(kept) = found {
            return Ok(Arc::clone(&kept.opened));
        }
        let opened = Arc::new(open_sealed(&sealed, holding, own)?);
        self.0.retain(|kept| kept.opened.holding != holding.id);
        if self.0.len() == MOST {
            self.0.remove(0);
        }
        self.0.push(Kept {
            opened: Arc::clone(&opened),
            grant,
            at: now,
        });
        Ok(opened)
    }

    /// Leaves out what was opened too long ago, or later than now.
    fn forget(&mut self, now: Timestamp) {
        self.0
            .retain(|kept| kept.at <= now && now <= kept.at.plus_seconds(LASTS));
    }
}
