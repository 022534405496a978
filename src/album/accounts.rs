//! Who may sign in, which browsers are signed in, and the links that let people in once. Secrets are here only as digests.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, parsed, time};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::Digest;

/// An account.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose.
    pub station: StationName,
    /// Argon2id, as a PHC string.
    pub password: String,
    /// Manages households, people and settings.
    pub keeper: bool,
}

/// A browser that is signed in.
#[derive(Debug, Clone)]
pub struct SessionRow {
    /// Of what the browser holds.
    pub digest: Digest,
    /// Who.
    pub station: StationName,
    /// Whether it stays for long.
    pub remembered: bool,
    /// What the browser calls itself.
    pub browser: String,
    /// Since when.
    pub begun: Timestamp,
    /// When it was last used, to within an hour.
    pub used: Timestamp,
}

/// A link that opens once.
#[derive(Debug, Clone)]
pub struct Welcome {
    /// For whom; `None`: for the first keeper.
    pub station: Option<StationName>,
    /// Until when.
    pub ends: Timestamp,
}

impl SessionRow {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(SessionRow {
            digest: parsed(row, "digest")?,
            station: parsed(row, "station")?,
            remembered: row.get("remembered")?,
            browser: row.get("browser")?,
            begun: time(row, "begun")?,
            used: time(row, "used")?,
        })
    }
}

impl Rows<'_> {
    /// The account of a person.
    pub fn account(&self, station: &StationName) -> Result<Option<Account>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT station, password, keeper FROM account WHERE station = ?1")?;
        let account = query.query_row([station.as_str()], |row| {
            Ok(Account {
                station: parsed(row, "station")?,
                password: row.get("password")?,
                keeper: row.get("keeper")?,
            })
        });
        Ok(account.optional()?)
    }

    /// How many keepers there are.
    pub fn keepers(&self) -> Result<u64, AlbumError> {
        let sql = "SELECT count(*) FROM account WHERE keeper = 1";
        Ok(self.0.query_row(sql, [], |row| row.get(0))?)
    }

    /// Makes an account, or gives it another password. Whether it is a keeper's stays as it was.
    pub fn set_password(
        &self,
        station: &StationName,
        password: &str,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO account (station, password, keeper, changed) VALUES (?1, ?2, 0, ?3)
             ON CONFLICT (station) DO UPDATE SET password = excluded.password, changed = excluded.changed",
            params![station.as_str(), password, now.unix()],
        )?;
        Ok(())
    }

    /// Makes an account a keeper's, or not; gives whether there is one.
    pub fn set_keeper(&self, station: &StationName, keeper: bool) -> Result<bool, AlbumError> {
        let sql = "UPDATE account SET keeper = ?2 WHERE station = ?1";
        Ok(self.0.execute(sql, params![station.as_str(), keeper])? > 0)
    }

    /// A browser is signed in.
    pub fn add_session(&self, session: &SessionRow) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO session (digest, station, remembered, browser, begun, used)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                session.digest.to_string(),
                session.station.as_str(),
                session.remembered,
                session.browser,
                session.begun.unix(),
                session.used.unix(),
            ],
        )?;
        Ok(())
    }

    /// The session of what a browser holds.
    pub fn session(&self, digest: Digest) -> Result<Option<SessionRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM session WHERE digest = ?1")?;
        let session = query.query_row([digest.to_string()], SessionRow::from_row);
        Ok(session.optional()?)
    }

    /// The sessions of a person, the one used last first.
    pub fn sessions(&self, station: &StationName) -> Result<Vec<SessionRow>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT * FROM session WHERE station = ?1 ORDER BY used DESC, begun DESC, digest",
        )?;
        let rows = query.query_map([station.as_str()], SessionRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes that a session is used.
    pub fn use_session(&self, digest: Digest, now: Timestamp) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE session SET used = ?2 WHERE digest = ?1",
            params![digest.to_string(), now.unix()],
        )?;
        Ok(())
    }

    /// Ends a session.
    pub fn end_session(&self, digest: Digest) -> Result<(), AlbumError> {
        let sql = "DELETE FROM session WHERE digest = ?1";
        self.0.execute(sql, [digest.to_string()])?;
        Ok(())
    }

    /// Ends the sessions of a person, but for one.
    pub fn end_sessions(
        &self,
        station: &StationName,
        but: Option<Digest>,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM session WHERE station = ?1 AND digest IS NOT ?2",
            params![station.as_str(), but.map(|digest| digest.to_string())],
        )?;
        Ok(())
    }

    /// Ends the sessions that were silent too long: those that were to be remembered since `remembered`, others since `others`.
    pub fn end_silent_sessions(
        &self,
        remembered: Timestamp,
        others: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM session WHERE used < CASE remembered WHEN 1 THEN ?1 ELSE ?2 END",
            params![remembered.unix(), others.unix()],
        )?;
        self.0.execute(
            "DELETE FROM known_browser WHERE used < ?1",
            [remembered.unix()],
        )?;
        Ok(())
    }

    /// Whether a person was signed in before in the browser that holds that.
    pub fn knows_browser(&self, digest: Digest, station: &StationName) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM known_browser WHERE digest = ?1 AND station = ?2)",
            params![digest.to_string(), station.as_str()],
            |row| row.get(0),
        )?)
    }

    /// Notes that a person was signed in in that browser.
    pub fn know_browser(
        &self,
        digest: Digest,
        station: &StationName,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO known_browser (digest, station, used) VALUES (?1, ?2, ?3)
             ON CONFLICT (digest, station) DO UPDATE SET used = excluded.used",
            params![digest.to_string(), station.as_str(), now.unix()],
        )?;
        Ok(())
    }

    /// Makes a link that opens once; earlier ones for the same person open nothing any more.
    pub fn add_welcome(&self, digest: Digest, welcome: &Welcome) -> Result<(), AlbumError> {
        let station = welcome.station.as_ref().map(StationName::as_str);
        self.0
            .execute("DELETE FROM welcome WHERE station IS ?1", [station])?;
        self.0.execute(
            "INSERT INTO welcome (digest, station, ends) VALUES (?1, ?2, ?3)",
            params![digest.to_string(), station, welcome.ends.unix()],
        )?;
        Ok(())
    }

    /// The links for a person open nothing any more.
    pub fn end_welcomes(&self, station: &StationName) -> Result<(), AlbumError> {
        let sql = "DELETE FROM welcome WHERE station = ?1";
        self.0.execute(sql, [station.as_str()])?;
        Ok(())
    }

    /// The link of that secret.
    pub fn welcome(&self, digest: Digest) -> Result<Option<Welcome>, AlbumError> {
        let sql = "SELECT station, ends FROM welcome WHERE digest = ?1";
        let welcome = self.0.query_row(sql, [digest.to_string()], |row| {
            let station: Option<String> = row.get("station")?;
            let station = station.map(|_| parsed(row, "station")).transpose()?;
            Ok(Welcome {
                station,
                ends: time(row, "ends")?,
            })
        });
        Ok(welcome.optional()?)
    }

    /// A link is opened, and opens nothing any more; nor do those that were to make the first account. Gives whether it
    /// was there.
    pub fn use_welcome(&self, digest: Digest) -> Result<bool, AlbumError> {
        let sql = "DELETE FROM welcome WHERE digest = ?1";
        let used = self.0.execute(sql, [digest.to_string()])?;
        self.0
            .execute("DELETE FROM welcome WHERE station IS NULL", [])?;
        Ok(used == 1)
    }
}
