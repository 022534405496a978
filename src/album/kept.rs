//! Who elsewhere may have kept files, by what a household was given before.

use rusqlite::params;

use super::{AlbumError, Rows, parsed};
use crate::address::StationName;
use crate::envelope::Fingerprint;

impl Rows<'_> {
    /// Notes a person of another household who may have kept files of a share.
    pub fn put_kept_elsewhere(
        &self,
        share: i64,
        contact: Fingerprint,
        station: &StationName,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO kept_elsewhere (share, contact, station) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![share, contact.to_string(), station.as_str()],
        )?;
        Ok(())
    }

    /// The people of a household who may have kept files of a share by a grant that is no longer.
    pub fn kept_elsewhere(
        &self,
        share: i64,
        contact: Fingerprint,
    ) -> Result<Vec<StationName>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT station FROM kept_elsewhere WHERE share = ?1 AND contact = ?2 ORDER BY station",
        )?;
        let rows = query.query_map(params![share, contact.to_string()], |row| {
            parsed(row, "station")
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether the grant that a destination has now went out, though not all of its parts did.
    pub fn letter_went(&self, destination: i64) -> Result<bool, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox_recipient JOIN outbox ON outbox.id = message
                WHERE destination = ?1 AND kind = 'letter' AND state = 'sent')",
        )?;
        Ok(query.query_row([destination], |row| row.get(0))?)
    }
}
