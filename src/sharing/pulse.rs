//! What goes on, for whoever watches: what came for a person, how far it is with what was sent, files that come in, that the
//! album is another one. Only names and states, so that it costs little and says nothing of pictures.

use std::collections::BTreeMap;

use super::accounts::Visitor;
use super::listing::outgoing::sees;
use super::stations::rules_for;
use super::{Fault, Household};
use crate::address::StationName;
use crate::album::{Watched, WatchedWay};
use crate::encoding::Timestamp;

/// How things stand for a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pulse {
    /// What is here, and whether all of it.
    received: BTreeMap<String, bool>,
    /// What goes out, by share, mailbox, and who passed it on: how far it is.
    sent: BTreeMap<(String, String, Option<StationName>), &'static str>,
    /// Copies further on, by share and permit: how they stand.
    copies: BTreeMap<(String, String), &'static str>,
    /// Files that come in: bytes here, and in all.
    uploads: BTreeMap<String, (u64, u64)>,
    /// The album, of which a person is told only what that one sees; another number at each change.
    album: i64,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happened {
    /// A share came, or all of it is here now.
    Arrived {
        /// Its short name.
        share: String,
        /// Whether all of it is here.
        complete: bool,
    },
    /// A share is over.
    Ended {
        /// Its short name.
        share: String,
    },
    /// A share got further at one household.
    Sent {
        /// Its short name.
        share: String,
        /// Where.
        mailbox: String,
        /// How far, in the words of the list of what was sent.
        state: &'static str,
    },
    /// Word came of a copy further on.
    Copy {
        /// The share's short name.
        share: String,
        /// How the copy stands, in the words of the list of what was sent.
        state: &'static str,
    },
    /// More of a file is here.
    Upload {
        /// What it is called.
        upload: String,
        /// Bytes that are here.
        received: u64,
        /// Bytes in all.
        size: u64,
    },
    /// A file is an item now, or was given up.
    UploadEnded {
        /// What it was called.
        upload: String,
    },
    /// The album of the house is another one for this person.
    Album,
}

impl Household {
    /// A number that is another one when somebody else changed something: another process, or another opened household.
    pub fn changes(&self) -> Result<i64, Fault> {
        Ok(self.album.rows().changes()?)
    }

    /// Whether a browser is still signed in, or a token still good; and how things stand for its person, as who they are now.
    pub fn pulse(&mut self, visitor: &Visitor, now: Timestamp) -> Result<Option<Pulse>, Fault> {
        let Some(visitor) = &self.current(visitor, now)? else {
            return Ok(None);
        };
        let _moment = self.album.moment()?;
        let rows = self.album.rows();
        let mut pulse = Pulse::default();
        for Watched {
            share,
            origin,
            what,
            ..
        } in rows.watched_voices(&visitor.station)?
        {
            let rules = rules_for(&what.stations, &visitor.station);
            if !self.keys.is_ours(origin) && rules.is_some_and(|rules| !rules.is_nothing()) {
                pulse.received.insert(share, what.complete);
            }
        }
        for way in rows.watched_ways()? {
            let own = self.keys.is_ours(way.origin).then_some(&way.by);
            let WatchedWay {
                mailbox,
                passed_by,
                state,
            } = way.what;
            if sees(visitor, own, passed_by.as_ref()) {
                let key = (way.share, mailbox.to_string(), passed_by);
                pulse.sent.insert(key, state.as_str());
            }
        }
        for copy in rows.watched_copies()? {
            let (permit, state) = copy.what;
            let own = self.keys.is_ours(copy.origin).then_some(&copy.by);
            if sees(visitor, own, None) {
                pulse
                    .copies
                    .insert((copy.share, permit.to_string()), state.as_str());
            }
        }
        for upload in rows.uploads(Some(&visitor.station))? {
            let far = (upload.received, upload.size);
            pulse.uploads.insert(upload.id.to_string(), far);
        }
        pulse.album = rows.album_changes(&visitor.station)?;
        Ok(Some(pulse))
    }
}

impl Pulse {
    /// What happened since.
    pub fn since(&self, before: &Pulse) -> Vec<Happened> {
        let mut happened = Vec::new();
        for (share, &complete) in &self.received {
            if before.received.get(share) != Some(&complete) {
                let share = share.clone();
                happened.push(Happened::Arrived { share, complete });
            }
        }
        for share in before.received.keys() {
            if !self.received.contains_key(share) {
                let share = share.clone();
                happened.push(Happened::Ended { share });
            }
        }
        for (key @ (share, mailbox, _), &state) in &self.sent {
            if before.sent.get(key) != Some(&state) {
                let (share, mailbox) = (share.clone(), mailbox.clone());
                happened.push(Happened::Sent {
                    share,
                    mailbox,
                    state,
                });
            }
        }
        for (key, &state) in &self.copies {
            if before.copies.get(key) != Some(&state) {
                let share = key.0.clone();
                happened.push(Happened::Copy { share, state });
            }
        }
        for (upload, &(received, size)) in &self.uploads {
            if before.uploads.get(upload) != Some(&(received, size)) {
                let upload = upload.clone();
                happened.push(Happened::Upload {
                    upload,
                    received,
                    size,
                });
            }
        }
        for upload in before.uploads.keys() {
            if !self.uploads.contains_key(upload) {
                let upload = upload.clone();
                happened.push(Happened::UploadEnded { upload });
            }
        }
        if before.album != self.album {
            happened.push(Happened::Album);
        }
        happened
    }
}
