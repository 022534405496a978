//! What programs act with for a person. The tokens themselves are not here, only their digests.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, parsed, time};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::Digest;

/// A token.
#[derive(Debug, Clone)]
pub struct TokenRow {
    /// Of what the program holds.
    pub digest: Digest,
    /// For whom it acts.
    pub station: StationName,
    /// What the person calls the program.
    pub name: String,
    /// What it may do, with spaces between.
    pub scopes: String,
    /// Since when it is there.
    pub made: Timestamp,
    /// When it was last used, to within an hour.
    pub used: Option<Timestamp>,
    /// Until when it is good.
    pub ends: Option<Timestamp>,
}

impl TokenRow {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let at = |column| {
            let seconds: Option<i64> = row.get(column)?;
            Ok::<_, rusqlite::Error>(seconds.map(Timestamp::from_unix))
        };
        Ok(TokenRow {
            digest: parsed(row, "digest")?,
            station: parsed(row, "station")?,
            name: row.get("name")?,
            scopes: row.get("scopes")?,
            made: time(row, "made")?,
            used: at("used")?,
            ends: at("ends")?,
        })
    }
}

impl Rows<'_> {
    /// Keeps a new token.
    pub fn add_token(&self, token: &TokenRow) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO token (digest, station, name, scopes, made, used, ends)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                token.digest.to_string(),
                token.station.as_str(),
                token.name,
                token.scopes,
                token.made.unix(),
                token.used.map(Timestamp::unix),
                token.ends.map(Timestamp::unix),
            ],
        )?;
        Ok(())
    }

    /// The token of what a program holds.
    pub fn token(&self, digest: Digest) -> Result<Option<TokenRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM token WHERE digest = ?1")?;
        let token = query.query_row([digest.to_string()], TokenRow::from_row);
        Ok(token.optional()?)
    }

    /// The tokens of a person, the newest first.
    pub fn tokens(&self, station: &StationName) -> Result<Vec<TokenRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM token WHERE station = ?1 ORDER BY made DESC, name")?;
        let rows = query.query_map([station.as_str()], TokenRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes that a token is used.
    pub fn use_token(&self, digest: Digest, now: Timestamp) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE token SET used = ?2 WHERE digest = ?1",
            params![digest.to_string(), now.unix()],
        )?;
        Ok(())
    }

    /// Ends a token; gives whether there was one.
    pub fn end_token(&self, station: &StationName, name: &str) -> Result<bool, AlbumError> {
        let sql = "DELETE FROM token WHERE station = ?1 AND name = ?2";
        Ok(self.0.execute(sql, params![station.as_str(), name])? > 0)
    }

    /// Ends the tokens of a person that were good until then.
    pub fn end_old_tokens(&self, station: &StationName, now: Timestamp) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM token WHERE station = ?1 AND ends <= ?2",
            params![station.as_str(), now.unix()],
        )?;
        Ok(())
    }
}
