//! What programs asked for with a key of theirs, and what they were answered.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows, parsed};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::Digest;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedOnce {
    /// Of all of it.
    pub request: Digest,
    /// JSON; `None`: begun, and nobody knows how it ended.
    pub answer: Option<String>,
}

impl Rows<'_> {
    /// What was asked for with that key.
    pub fn asked_once(
        &self,
        station: &StationName,
        key: &str,
    ) -> Result<Option<AskedOnce>, AlbumError> {
        let sql = "SELECT request, answer FROM asked_once WHERE station = ?1 AND key = ?2";
        let found = self
            .0
            .query_row(sql, params![station.as_str(), key], |row| {
                Ok(AskedOnce {
                    request: parsed(row, "request")?,
                    answer: row.get("answer")?,
                })
            });
        Ok(found.optional()?)
    }

    /// Begins one.
    pub fn begin_once(
        &self,
        station: &StationName,
        key: &str,
        request: Digest,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO asked_once (station, key, request, answer, at) VALUES (?1, ?2, ?3, NULL, ?4)",
            params![station.as_str(), key, request.to_string(), now.unix()],
        )?;
        Ok(())
    }

    /// Notes how it ended.
    pub fn answer_once(
        &self,
        station: &StationName,
        key: &str,
        answer: &str,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE asked_once SET answer = ?3 WHERE station = ?1 AND key = ?2",
            params![station.as_str(), key, answer],
        )?;
        Ok(())
    }

    /// Forgets one: it may be asked for again.
    pub fn forget_once(&self, station: &StationName, key: &str) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM asked_once WHERE station = ?1 AND key = ?2",
            params![station.as_str(), key],
        )?;
        Ok(())
    }

    /// Forgets those from before `until`.
    pub fn forget_asked_once(&self, until: Timestamp) -> Result<(), AlbumError> {
        self.0
            .execute("DELETE FROM asked_once WHERE at <= ?1", [until.unix()])?;
        Ok(())
    }
}
