//! Households that did not confirm what they were to get by way of others, and who of the house is still to be told.

use rusqlite::params;

use super::{AlbumError, Rows, parsed};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

impl Rows<'_> {
    /// A person of the house is to be told of that household; without one, or where they do not belong to it any more, all who
    /// keep it.
    pub fn put_unconfirmed(
        &self,
        person: Option<&StationName>,
        contact: Fingerprint,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO unconfirmed (station, contact, at)
             SELECT person.station, ?2, ?3 FROM person LEFT JOIN account ON account.station = person.station
             WHERE person.station = ?1 OR (account.keeper = 1 AND (?1 IS NULL OR ?1 NOT IN (SELECT station FROM person)))
             ON CONFLICT DO NOTHING",
            params![person.map(StationName::as_str), contact.to_string(), now.unix()],
        )?;
        Ok(())
    }

    /// The households of which a person is to be told, in the order in which it was known.
    pub fn unconfirmed(&self, person: &StationName) -> Result<Vec<Fingerprint>, AlbumError> {
        let sql = "SELECT contact FROM unconfirmed WHERE station = ?1 ORDER BY at, contact";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([person.as_str()], |row| parsed(row, "contact"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A person was told of all of them.
    pub fn forget_unconfirmed(&self, person: &StationName) -> Result<(), AlbumError> {
        let sql = "DELETE FROM unconfirmed WHERE station = ?1";
        self.0.prepare_cached(sql)?.execute([person.as_str()])?;
        Ok(())
    }

    /// Forgets what was for people who do not belong to the house any more.
    pub fn forget_old_unconfirmed(&self) -> Result<(), AlbumError> {
        let sql = "DELETE FROM unconfirmed WHERE station NOT IN (SELECT station FROM person)";
        self.0.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}
