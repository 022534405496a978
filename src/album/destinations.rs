//! What was granted to others, and how far it got.

use rusqlite::{OptionalExtension, Row, params};

use super::look::Of;
use super::{AlbumError, Rows, Went, ders, named, parsed, time};
use crate::address::{Mailbox, StationName};
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
    /// It was taken back: the household is asked to delete its copy.
    Revoked,
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
    /// DERs of the permits before the one given, origin first; none of an own share.
    pub ancestors: Vec<Vec<u8>>,
    /// The person of the house who passed it on last; what each gave is [`super::GivenBy`].
    pub passed_by: Option<StationName>,
    /// What a mail said that came back, until the household itself answers.
    pub bounce: Option<String>,
    /// Whether anything of it may have left the house; of a new grant the rows know it.
    pub went: Went,
}

impl DestinationState {
    const ALL: [DestinationState; 8] = [
        DestinationState::Waiting,
        DestinationState::Queued,
        DestinationState::Sent,
        DestinationState::Delivered,
        DestinationState::Refused,
        DestinationState::Failed,
        DestinationState::Revoked,
        DestinationState::Deleted,
    ];

    pub(super) fn from_name(name: &str) -> Option<Self> {
        DestinationState::ALL
            .into_iter()
            .find(|state| state.as_str() == name)
    }

    /// The name in rows and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            DestinationState::Waiting => "waiting",
            DestinationState::Queued => "queued",
            DestinationState::Sent => "sent",
            DestinationState::Delivered => "delivered",
            DestinationState::Refused => "refused",
            DestinationState::Failed => "failed",
            DestinationState::Revoked => "revoked",
            DestinationState::Deleted => "deleted",
        }
    }
}

impl Destination {
    /// DERs of all permits that it stands on, origin first, its own last.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        let mut chain = self.ancestors.clone();
        chain.push(self.permit.clone());
        chain
    }

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
            state: named(row, "state", DestinationState::from_name)?,
            error: row.get("error")?,
            changed: time(row, "changed")?,
            ancestors: ders::split(&row.get::<_, Vec<u8>>("ancestors")?),
            passed_by: row
                .get::<_, Option<String>>("passed_by")?
                .and_then(|name| name.parse().ok()),
            bounce: row.get("bounce")?,
            went: Went::from_row(row)?,
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

    /// What was granted of a share to one household.
    pub fn destination_at(
        &self,
        share: i64,
        contact: Fingerprint,
    ) -> Result<Option<Destination>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM destination WHERE share = ?1 AND contact = ?2")?;
        let found = query.query_row(params![share, contact.to_string()], Destination::from_row);
        Ok(found.optional()?)
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
        self.look_again(new.share)?;
        let id = self.0.query_row(
            "INSERT INTO destination (share, contact, mailbox, letter, issued, permit, stations, state, error, changed,
                ancestors, passed_by, bounce)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (share, contact) DO UPDATE SET mailbox = excluded.mailbox, letter = excluded.letter,
                issued = excluded.issued, permit = excluded.permit, stations = excluded.stations,
                state = excluded.state, error = excluded.error, changed = excluded.changed,
                ancestors = excluded.ancestors, passed_by = excluded.passed_by, bounce = excluded.bounce,
                went = CASE WHEN destination.state = 'deleted' OR destination.went = 0 THEN 0
                    WHEN destination.permit = excluded.permit THEN destination.went ELSE 1 END
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
                ders::join(&new.ancestors),
                new.passed_by.as_ref().map(StationName::as_str),
                new.bounce,
            ],
            |row| row.get(0),
        )?;
        self.replace_letter(id)?;
        Ok(id)
    }

    /// Sets how far a destination got. An answer of the household ends the doubt of a bounce, and nothing more goes to it.
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
        use DestinationState::{Deleted, Delivered, Refused};
        if matches!(state, Delivered | Refused | Deleted) {
            self.keep_back_queued(id)?;
        }
        self.look_again_for(Of::Destination, id)
    }
}
