//! Who of the house shared something.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, parsed};
use crate::address::StationName;

/// Who of the house shared something, and so whose it is to see and to end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SharedBy {
    /// Somebody at the command line, or another household: it is the house's.
    #[default]
    House,
    /// That person.
    Person(StationName),
    /// Somebody who does not belong to the house any more: it is for whoever keeps the house.
    Gone,
}

impl SharedBy {
    /// The person, where they belong to the house.
    pub fn person(&self) -> Option<&StationName> {
        match self {
            SharedBy::Person(person) => Some(person),
            SharedBy::House | SharedBy::Gone => None,
        }
    }

    /// Reads the column `by_whom`.
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(match row.get::<_, Option<String>>("by_whom")?.as_deref() {
            None => SharedBy::House,
            Some("") => SharedBy::Gone,
            Some(_) => SharedBy::Person(parsed(row, "by_whom")?),
        })
    }
}

impl Rows<'_> {
    /// Who of the house shared it.
    pub fn shared_by(&self, share: i64) -> Result<SharedBy, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT station AS by_whom FROM shared_by WHERE share = ?1")?;
        let by = query.query_row([share], SharedBy::from_row).optional()?;
        Ok(by.unwrap_or_default())
    }

    /// Notes who of the house shared it.
    pub fn set_shared_by(&self, share: i64, station: &StationName) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO shared_by (share, station) VALUES (?1, ?2)",
            params![share, station.as_str()],
        )?;
        Ok(())
    }
}
