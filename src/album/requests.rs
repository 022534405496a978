//! Stations that ask for more: of other households, and of this one.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, named, parsed, rules, time, written};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};
use crate::rules::Rules;

/// How a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestState {
    /// Not answered yet.
    Open,
    /// Granted.
    Yes,
    /// Turned down.
    No,
}

/// A station that asks for more of a share.
#[derive(Debug, Clone)]
pub struct Request {
    /// What people type.
    pub reference: String,
    /// Of another household, to be answered here.
    pub incoming: bool,
    /// The letter that asks.
    pub letter: Id,
    /// Who asks, or who is asked.
    pub contact: Fingerprint,
    /// The share.
    pub share: i64,
    /// The person who asks.
    pub station: StationName,
    /// For what.
    pub rules: Rules,
    /// With which words.
    pub message: String,
    /// How it stands.
    pub state: RequestState,
    /// The words of the answer.
    pub answer: String,
    /// When it was asked.
    pub at: Timestamp,
}

impl Request {
    /// Whether it is to be answered here.
    pub fn waits_here(&self) -> bool {
        self.incoming && self.state == RequestState::Open
    }
}

impl RequestState {
    /// The name in rows and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            RequestState::Open => "open",
            RequestState::Yes => "yes",
            RequestState::No => "no",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [RequestState::Open, RequestState::Yes, RequestState::No]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}

impl Request {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Request {
            reference: row.get("ref")?,
            incoming: row.get("incoming")?,
            letter: parsed(row, "letter")?,
            contact: parsed(row, "contact")?,
            share: row.get("share")?,
            station: parsed(row, "station")?,
            rules: rules(row)?,
            message: row.get("message")?,
            state: named(row, "state", RequestState::from_name)?,
            answer: row.get("answer")?,
            at: time(row, "at")?,
        })
    }
}

impl Rows<'_> {
    /// All requests, newest first.
    pub fn requests(&self) -> Result<Vec<Request>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM request ORDER BY at DESC, ref")?;
        let rows = query.query_map([], Request::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The request that people call `reference`.
    pub fn request(&self, reference: &str) -> Result<Option<Request>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM request WHERE ref = ?1")?;
        Ok(query.query_row([reference], Request::from_row).optional()?)
    }

    /// The request of this house that a household answers.
    pub fn own_request(
        &self,
        contact: Fingerprint,
        letter: Id,
    ) -> Result<Option<Request>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT * FROM request WHERE contact = ?1 AND letter = ?2 AND incoming = 0",
        )?;
        let found = query.query_row([contact.to_string(), letter.to_string()], Request::from_row);
        Ok(found.optional()?)
    }

    /// How many requests of others wait for an answer; who is blocked, or not heard any more, waits for none.
    pub fn open_requests(&self) -> Result<u64, AlbumError> {
        let sql = "SELECT count(*) FROM request WHERE incoming = 1 AND state = 'open'
                    AND contact IN (SELECT fingerprint FROM contact WHERE accepted = 1 AND blocked = 0)";
        Ok(self.0.query_row(sql, [], |row| row.get(0))?)
    }

    /// How many of them are of one household.
    pub fn open_requests_of(&self, contact: Fingerprint) -> Result<u64, AlbumError> {
        let sql =
            "SELECT count(*) FROM request WHERE incoming = 1 AND state = 'open' AND contact = ?1";
        let who = [contact.to_string()];
        Ok(self.0.query_row(sql, who, |row| row.get(0))?)
    }

    /// When a person of the house asked for more of a share, while nobody has answered.
    pub fn asked_about(
        &self,
        share: i64,
        person: &StationName,
    ) -> Result<Option<Timestamp>, AlbumError> {
        let sql = "SELECT max(at) AS at FROM request
             WHERE share = ?1 AND station = ?2 AND incoming = 0 AND state = 'open'";
        let mut query = self.0.prepare_cached(sql)?;
        let at: Option<i64> =
            query.query_row(params![share, person.as_str()], |row| row.get("at"))?;
        Ok(at.map(Timestamp::from_unix))
    }

    /// Stores a request.
    pub fn put_request(&self, new: &Request) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO request (ref, incoming, letter, contact, share, station, rules, message, state, answer, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
            params![
                new.reference,
                new.incoming,
                new.letter.to_string(),
                new.contact.to_string(),
                new.share,
                new.station.as_str(),
                written(&new.rules),
                new.message,
                new.state.as_str(),
                new.answer,
                new.at.unix(),
            ],
        )?;
        Ok(())
    }

    /// Forgets the open requests of a person for a share, of another household's or of this one's: who asks anew has one
    /// request, on both sides.
    pub fn remove_open_requests(
        &self,
        contact: Fingerprint,
        share: i64,
        station: &StationName,
        incoming: bool,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM request WHERE contact = ?1 AND share = ?2 AND station = ?3 AND incoming = ?4 AND state = 'open'",
            params![contact.to_string(), share, station.as_str(), incoming],
        )?;
        Ok(())
    }

    /// Forgets all open requests of another household: nobody is there any more to be answered.
    pub fn remove_all_open_requests(&self, contact: Fingerprint) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM request WHERE contact = ?1 AND incoming = 1 AND state = 'open'",
            [contact.to_string()],
        )?;
        Ok(())
    }

    /// Whether a request from before `until` was answered.
    pub fn has_old_requests(&self, until: Timestamp) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM request WHERE state <> 'open' AND at <= ?1)";
        Ok(self.0.query_row(sql, [until.unix()], |row| row.get(0))?)
    }

    /// Forgets those.
    pub fn forget_old_requests(&self, until: Timestamp) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM request WHERE state <> 'open' AND at <= ?1",
            [until.unix()],
        )?;
        Ok(())
    }

    /// Notes the answer to a request.
    pub fn answer_request(
        &self,
        reference: &str,
        state: RequestState,
        answer: &str,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE request SET state = ?2, answer = ?3 WHERE ref = ?1",
            params![reference, state.as_str(), answer],
        )?;
        Ok(())
    }
}
