//! Households that are to get a share and are not known here yet: it goes once their card has come.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, DestinationState, Rows, named, parsed, time};
use crate::address::{Mailbox, StationName};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::message::Station;
use crate::rules::Rules;

/// A household for whose card a share waits, or waited in vain.
#[derive(Debug, Clone)]
pub struct Awaited {
    /// The share.
    pub share: i64,
    /// Where the household is.
    pub mailbox: Mailbox,
    /// The rules there.
    pub stations: Vec<Station>,
    /// What may travel on, where it was said.
    pub onward: Option<Rules>,
    /// Who it is, as the directory says.
    pub identity: Option<Fingerprint>,
    /// `Waiting`, `Failed` or `Revoked`.
    pub state: DestinationState,
    /// Why it failed, in words.
    pub error: Option<String>,
    /// Since when it waits.
    pub begun: Timestamp,
    /// When that last changed.
    pub changed: Timestamp,
    /// Which items; `None`: all of the share.
    pub items: Option<Vec<Id>>,
    /// Who of the house passes it on; `None`: it is shared from here. What each of them gives waits by itself.
    pub person: Option<StationName>,
}

impl Awaited {
    /// Whether that person passes it on; of `None`, whoever it is.
    pub fn is_by(&self, by: Option<&StationName>) -> bool {
        by.is_none() || self.person.as_ref() == by
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let wrong = |column: &str| {
            let column = column.to_owned();
            rusqlite::Error::InvalidColumnType(0, column, rusqlite::types::Type::Text)
        };
        let stations: String = row.get("stations")?;
        let onward: Option<String> = row.get("onward")?;
        let identity: Option<String> = row.get("identity")?;
        let (items, person): (Option<String>, String) = (row.get("items")?, row.get("person")?);
        Ok(Awaited {
            share: row.get("share")?,
            mailbox: parsed(row, "mailbox")?,
            stations: serde_json::from_str(&stations).map_err(|_| wrong("stations"))?,
            onward: onward
                .map(|text| serde_json::from_str(&text).map_err(|_| wrong("onward")))
                .transpose()?,
            identity: identity
                .map(|text| text.parse().map_err(|_| wrong("identity")))
                .transpose()?,
            state: named(row, "state", DestinationState::from_name)?,
            error: row.get("error")?,
            begun: time(row, "begun")?,
            changed: time(row, "changed")?,
            items: items
                .map(|text| serde_json::from_str(&text).map_err(|_| wrong("items")))
                .transpose()?,
            person: match person.as_str() {
                "" => None,
                name => Some(name.parse().map_err(|_| wrong("person"))?),
            },
        })
    }
}

impl Rows<'_> {
    /// The households that a share waits for, or waited for, by mailbox.
    pub fn awaited(&self, share: i64) -> Result<Vec<Awaited>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM awaited WHERE share = ?1 ORDER BY mailbox, person")?;
        let rows = query.query_map([share], Awaited::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One of them, of what that person gives.
    pub fn awaited_at(
        &self,
        share: i64,
        mailbox: &Mailbox,
        person: Option<&StationName>,
    ) -> Result<Option<Awaited>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT * FROM awaited WHERE share = ?1 AND mailbox = ?2 AND person = ?3",
        )?;
        let key = params![share, mailbox.as_str(), written(person)];
        Ok(query.query_row(key, Awaited::from_row).optional()?)
    }

    /// All that wait, the oldest first.
    pub fn all_awaited(&self) -> Result<Vec<Awaited>, AlbumError> {
        let sql =
            "SELECT * FROM awaited WHERE state = 'waiting' ORDER BY begun, share, mailbox, person";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([], Awaited::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Those of what a person passes on, and what that one gives of own shares.
    pub fn awaited_by(&self, person: &StationName) -> Result<Vec<Awaited>, AlbumError> {
        let sql = "SELECT * FROM awaited WHERE person = ?1 ORDER BY share, mailbox";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([person.as_str()], Awaited::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets all that a person gives.
    pub fn forget_awaited_by(&self, person: &StationName) -> Result<(), AlbumError> {
        let sql = "DELETE FROM awaited WHERE person = ?1";
        self.0.execute(sql, [person.as_str()])?;
        Ok(())
    }

    /// Adds one, or replaces what was known of it.
    pub fn put_awaited(&self, one: &Awaited) -> Result<(), AlbumError> {
        let stations =
            serde_json::to_string(&one.stations).expect("stations have only string keys");
        let items = one.items.as_ref();
        let items = items.map(|ids| serde_json::to_string(ids).expect("ids are strings"));
        self.0.execute(
            "INSERT INTO awaited (share, mailbox, stations, onward, identity, state, error, begun, changed, items, person)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
             ON CONFLICT (share, mailbox, person) DO UPDATE SET stations = excluded.stations, onward = excluded.onward,
                identity = excluded.identity, state = excluded.state, error = excluded.error, begun = excluded.begun,
                changed = excluded.changed, items = excluded.items",
            params![
                one.share,
                one.mailbox.as_str(),
                stations,
                one.onward.as_ref().map(super::written),
                one.identity.map(|who| who.to_string()),
                one.state.as_str(),
                one.error,
                one.begun.unix(),
                one.changed.unix(),
                items,
                written(one.person.as_ref()),
            ],
        )?;
        self.look_again(one.share)
    }

    /// Forgets one that still waits; gives whether there was one.
    pub fn take_awaited(
        &self,
        share: i64,
        mailbox: &Mailbox,
        person: Option<&StationName>,
    ) -> Result<bool, AlbumError> {
        let sql = "DELETE FROM awaited
                   WHERE share = ?1 AND mailbox = ?2 AND person = ?3 AND state = 'waiting'";
        let key = params![share, mailbox.as_str(), written(person)];
        Ok(self.0.execute(sql, key)? > 0)
    }

    /// When a mailbox was last asked for a card that it has not sent.
    pub fn card_requested_at(&self, mailbox: &Mailbox) -> Result<Option<Timestamp>, AlbumError> {
        let sql = "SELECT max(sent) FROM card_request WHERE mailbox = ?1";
        let sent: Option<i64> = self
            .0
            .query_row(sql, [mailbox.as_str()], |row| row.get(0))?;
        Ok(sent.map(Timestamp::from_unix))
    }
}

/// As it stands in a row: a key has no NULL.
fn written(person: Option<&StationName>) -> &str {
    person.map_or("", StationName::as_str)
}
