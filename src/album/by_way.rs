//! Which households get a share of this one by way of another, and how far it got.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, DestinationState, Rows, named, parsed, time};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::message::Station;

/// A household that gets a share by way of another.
#[derive(Debug, Clone)]
pub struct ByWay {
    /// The share.
    pub share: i64,
    /// Who gets it.
    pub contact: Fingerprint,
    /// By way of whom.
    pub relay: Fingerprint,
    /// The rules there, where the relay makes the grant; `None`: there is a destination, whose letter is only handed on.
    pub stations: Option<Vec<Station>>,
    /// How far it got; of a destination, that one says it.
    pub state: DestinationState,
    /// Why not further.
    pub error: Option<String>,
    /// When that last changed.
    pub changed: Timestamp,
    /// Whether the letter that asks the relay for it may have left the house; the rows alone say it, and of a destination
    /// that one.
    pub went: bool,
    /// Whether the household itself said that it has it, where the relay makes the grant; the rows alone say it.
    pub confirmed: bool,
    /// The letter that asks the relay for it; `None`: an older version put it there.
    pub letter: Option<Id>,
}

impl ByWay {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let stations: Option<String> = row.get("stations")?;
        let wrong = |_| {
            let column = "stations".to_owned();
            rusqlite::Error::InvalidColumnType(0, column, rusqlite::types::Type::Text)
        };
        let stations = stations.map(|text| serde_json::from_str(&text).map_err(wrong));
        Ok(ByWay {
            share: row.get("share")?,
            contact: parsed(row, "contact")?,
            relay: parsed(row, "relay")?,
            stations: stations.transpose()?,
            state: named(row, "state", DestinationState::from_name)?,
            error: row.get("error")?,
            changed: time(row, "changed")?,
            went: row.get::<_, i64>("went")? > 0,
            confirmed: row.get::<_, i64>("went")? > 1,
            letter: row
                .get::<_, Option<String>>("letter")?
                .map(|_| parsed(row, "letter"))
                .transpose()?,
        })
    }
}

impl Rows<'_> {
    /// The households that get a share by way of others.
    pub fn by_way(&self, share: i64) -> Result<Vec<ByWay>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM by_way WHERE share = ?1 ORDER BY contact")?;
        let rows = query.query_map([share], ByWay::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One of them.
    pub fn by_way_to(&self, share: i64, contact: Fingerprint) -> Result<Option<ByWay>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM by_way WHERE share = ?1 AND contact = ?2")?;
        let found = query.query_row(params![share, contact.to_string()], ByWay::from_row);
        Ok(found.optional()?)
    }

    /// Those that were sent before a time and of which nothing has come since.
    pub fn ways_unanswered(&self, before: Timestamp) -> Result<Vec<ByWay>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT by_way.* FROM by_way LEFT JOIN destination ON by_way.stations IS NULL
                AND destination.share = by_way.share AND destination.contact = by_way.contact
             WHERE iif(by_way.stations IS NULL, destination.state, by_way.state) = 'sent'
                AND iif(by_way.stations IS NULL, destination.changed, by_way.changed) <= ?1
             ORDER BY by_way.share, by_way.contact",
        )?;
        let rows = query.query_map([before.unix()], ByWay::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Sets how far it got there.
    pub fn set_way_state(
        &self,
        way: ByWay,
        state: DestinationState,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.put_by_way(&ByWay {
            state,
            error: error.map(str::to_owned),
            changed: now,
            ..way
        })
    }

    /// Adds one, or replaces what was known of it.
    pub fn put_by_way(&self, way: &ByWay) -> Result<(), AlbumError> {
        let stations = way.stations.as_ref();
        let stations = stations
            .map(|list| serde_json::to_string(list).expect("stations have only string keys"));
        self.0.execute(
            "INSERT INTO by_way (share, contact, relay, stations, state, error, changed, letter)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (share, contact) DO UPDATE SET relay = excluded.relay, stations = excluded.stations,
                state = excluded.state, error = excluded.error, changed = excluded.changed, letter = excluded.letter",
            params![
                way.share,
                way.contact.to_string(),
                way.relay.to_string(),
                stations,
                way.state.as_str(),
                way.error,
                way.changed.unix(),
                way.letter.map(|letter| letter.to_string()),
            ],
        )?;
        self.look_again(way.share)
    }

    /// A household is given the share from here itself now.
    pub fn forget_by_way(&self, share: i64, contact: Fingerprint) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM by_way WHERE share = ?1 AND contact = ?2",
            params![share, contact.to_string()],
        )?;
        Ok(())
    }
}
