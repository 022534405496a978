//! The people of the house.

use rusqlite::params;

use super::{AlbumError, Rows, parsed};
use crate::address::{Mailbox, StationName};
use crate::encoding::Timestamp;

/// A person: a station, and where notices for it go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The station name.
    pub station: StationName,
    /// The mail address for notices.
    pub mail: Mailbox,
}

impl Rows<'_> {
    /// All people, by name.
    pub fn people(&self) -> Result<Vec<Person>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT station, mail FROM person ORDER BY station")?;
        let rows = query.query_map([], |row| {
            Ok(Person {
                station: parsed(row, "station")?,
                mail: parsed(row, "mail")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Adds a person; gives `false` where the name is taken.
    pub fn add_person(&self, person: &Person, now: Timestamp) -> Result<bool, AlbumError> {
        let added = self.0.execute(
            "INSERT INTO person (station, mail, added) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![person.station.as_str(), person.mail.as_str(), now.unix()],
        )?;
        self.look_again_at_all()?;
        Ok(added > 0)
    }

    /// Removes a person; gives whether there was one. Their items stay, those for them alone as nobody's.
    pub fn remove_person(&self, station: &StationName) -> Result<bool, AlbumError> {
        let sql = "DELETE FROM person WHERE station = ?1";
        let removed = self.0.execute(sql, [station.as_str()])?;
        self.disown_items(station)?;
        self.look_again_at_all()?;
        Ok(removed > 0)
    }
}
