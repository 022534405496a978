//! A relay is given more, or asked for other households, while the letter that asks it waits in the outbox: that one goes out
//! all the same, ahead of the new one, with what the relay is to carry. Only where the new one gives less, or asks for the same
//! household, it does not; for whom nothing is asked any more then, it came to nothing.

use std::collections::BTreeSet;

use super::not_passed::fail;
use super::on_its_way::NOT_ASKED;
use crate::address::Mailbox;
use crate::album::{ByWay, DestinationState, Rows, Share};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint};
use crate::sharing::Fault;

/// What a relay was asked, as far as it waits in the outbox.
pub(in crate::sharing) struct StillAsked {
    /// For whom, where nothing is asked anew.
    ways: Vec<ByWay>,
    /// The letters that ask.
    letters: Vec<(i64, Mailbox)>,
    /// They go out.
    stands: bool,
}

impl StillAsked {
    /// Before it is given something new. `anew`: for whom it is asked with that; `less`: it is given less by it.
    pub fn of(
        rows: Rows<'_>,
        share: &Share,
        relay: Fingerprint,
        anew: &BTreeSet<Fingerprint>,
        less: bool,
    ) -> Result<Self, Fault> {
        let mut asked = StillAsked {
            ways: Vec::new(),
            letters: Vec::new(),
            stands: false,
        };
        let waits = DestinationState::Queued;
        let Some(destination) = rows.destination_at(share.id, relay)? else {
            return Ok(asked);
        };
        if destination.state != waits {
            return Ok(asked);
        }
        let mut again = false;
        for way in rows.by_way(share.id)? {
            let state = match &way.stations {
                Some(_) => Some(way.state),
                None => rows
                    .destination_at(share.id, way.contact)?
                    .map(|one| one.state),
            };
            if way.relay != relay || state != Some(waits) {
                continue;
            }
            match anew.contains(&way.contact) {
                true => again = true,
                false => asked.ways.push(way),
            }
        }
        asked.stands = !asked.ways.is_empty() && !less && !again;
        if asked.stands {
            asked.letters = rows.letters_queued(destination.id)?;
        }
        Ok(asked)
    }

    /// Once the new letter is queued, for the destination with this row and these parts. Gives the parts that were held back
    /// and are to go all the same.
    pub fn settle(
        self,
        rows: Rows<'_>,
        destination: i64,
        expected: &BTreeSet<Digest>,
        now: Timestamp,
    ) -> Result<BTreeSet<Digest>, Fault> {
        if self.stands {
            for (message, mailbox) in &self.letters {
                rows.queue_letter_still(*message, mailbox, destination)?;
            }
            // What it is to carry goes beyond what it is given.
            return Ok(BTreeSet::new());
        }
        for way in self.ways {
            fail(rows, way, NOT_ASKED, now)?;
        }
        Ok(rows.keep_back_parts(destination, expected)?)
    }
}
