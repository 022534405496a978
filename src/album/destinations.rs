//! What was granted to others, and how far it got.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, named, parsed, time};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::message::Station;

/// How far a grant got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DestinationState {
    /// Something must happen before it is sent: a card must come.
    Waiting,
    /// In the outbox.
    Queued,
    /// The provider has all of it.
    Sent,
    /// The household says that all of it arrived.
    Delivered,
    /// The household did not take it.
    Refused,
    /// The provider did not take it.
    Failed,
    /// The household says that its copy is gone.
    Deleted,
}

/// One household to which a share was granted.
#[derive(Debug, Clone)]
pub struct Destination {
    /// Row id.
    pub id: i64,
    /// The share.
    pub share: i64,
    /// Who.
    pub contact: Fingerprint,
    /// Where.
    pub mailbox: Mailbox,
    /// The grant letter.
    pub letter: Id,
    /// When it was written.
    pub issued: Timestamp,
    /// The signed permit that was given.
    pub permit: Vec<u8>,
    /// The rules there.
    pub stations: Vec<Station>,
    /// How far it got.
    pub state: DestinationState,
    /// Why not further.
    pub error: Option<String>,
    /// When that last changed.
    pub changed: Timestamp,
    /// What a mail said that came back, until the household itself answers.
    pub bounce: Option<String>,
}

impl DestinationState {
    const ALL: [DestinationState; 7] = [
        DestinationState::Waiting,
        DestinationState::Queued,
        DestinationState::Sent,
        DestinationState::Delivered,
        DestinationState::Refused,
        DestinationState::Failed,
        DestinationState::Deleted,
    ];

    /// The name in rows and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            DestinationState::Waiting => "waiting",
            DestinationState::Queued => "queued",
            DestinationState::Sent => "sent",
            DestinationState::Delivered => "delivered",
            DestinationState::Refused => "refused",
            DestinationState::Failed => "failed",
            DestinationState::Deleted => "deleted",
        }
    }
}

impl Destination {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let stations: String = row.get("stations")?;
        Ok(Destination {
            id: row.get("id")?,
            share: row.get("share")?,
            contact: parsed(row, "contact")?,
            mailbox: parsed(row, "mailbox")?,
            letter: parsed(row, "letter")?,
            issued: time(row, "issued")?,
            permit: row.get("permit")?,
            stations: serde_json::from_str(&stations).map_err(|_| {
                rusqlite::Error::InvalidColumnType(
                    0,
                    "stations".to_owned(),
                    rusqlite::types::Type::Text,
                )
            })?,
            state: named(row, "state", |name| {
                DestinationState::ALL
                    .into_iter()
                    .find(|state| state.as_str() == name)
            })?,
            error: row.get("error")?,
            changed: time(row, "changed")?,
            bounce: row.get("bounce")?,
        })
    }
}

impl Rows<'_> {
    /// The destinations of a share, in the order they were added.
    pub fn destinations(&self, share: i64) -> Result<Vec<Destination>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM destination WHERE share = ?1 ORDER BY id")?;
        let rows = query.query_map([share], Destination::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The destination of a row id.
    pub fn destination(&self, id: i64) -> Result<Option<Destination>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM destination WHERE id = ?1")?;
        Ok(query.query_row([id], Destination::from_row).optional()?)
    }

    /// All destinations in a state.
    pub fn destinations_in(&self, state: DestinationState) -> Result<Vec<Destination>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM destination WHERE state = ?1 ORDER BY id")?;
        let rows = query.query_map([state.as_str()], Destination::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds a destination, or replaces what was granted there before; gives its row id.
    pub fn put_destination(&self, new: &Destination) -> Result<i64, AlbumError> {
        let stations =
            serde_json::to_string(&new.stations).expect("stations have only string keys");
        Ok(self.0.query_row(
            "INSERT INTO destination (share, contact, mailbox, letter, issued, permit, stations, state, error, changed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (share, contact) DO UPDATE SET mailbox = excluded.mailbox, letter = excluded.letter,
                issued = excluded.issued, permit = excluded.permit, stations = excluded.stations,
                state = excluded.state, error = excluded.error, changed = excluded.changed,
                bounce = NULL
             RETURNING id",
            params![
                new.share,
                new.contact.to_string(),
                new.mailbox.as_str(),
                new.letter.to_string(),
                new.issued.unix(),
                new.permit,
                stations,
                new.state.as_str(),
                new.error,
                new.changed.unix(),
            ],
            |row| row.get(0),
        )?)
    }

    /// Sets how far a destination got. An answer of the household ends the doubt of a bounce.
    pub fn set_destination_state(
        &self,
        id: i64,
        state: DestinationState,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE destination SET state = ?2, error = ?3, changed = ?4,
                bounce = CASE WHEN ?2 IN ('delivered', 'refused', 'deleted') THEN NULL ELSE bounce END
             WHERE id = ?1",
            params![id, state.as_str(), error, now.unix()],
        )?;
        Ok(())
    }
}
