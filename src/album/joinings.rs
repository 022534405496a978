//! Invitations of other households that this one follows, and how far each got.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, named, parsed, time};
use crate::address::{Mailbox, StationName};
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};

/// How far it got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JoiningState {
    /// The inviter was asked for its card.
    Asked,
    /// Our card went to it.
    Sent,
    /// The two have met.
    Joined,
    /// Not let in, for good.
    Refused,
}

/// An invitation of another household.
#[derive(Debug, Clone)]
pub struct Joining {
    /// Where the inviter is asked.
    pub mailbox: Mailbox,
    /// The nonce of the card-request.
    pub nonce: Id,
    /// Who it is, where the link said it.
    pub inviter: Option<Fingerprint>,
    /// Until when it lets in, as the link said.
    pub ends: Option<Timestamp>,
    /// The name under which the secret is sealed.
    pub file: Id,
    /// The sealed secret; empty once it has served.
    pub secret: Vec<u8>,
    /// Who of the house follows it; `None`: somebody at the command line.
    pub person: Option<StationName>,
    /// Since when.
    pub begun: Timestamp,
    /// When the inviter was last asked.
    pub asked: Timestamp,
    /// The join, and to whom it went.
    pub sent: Option<(Id, Fingerprint)>,
    /// How far it got.
    pub state: JoiningState,
    /// Why not, or why not yet, in words.
    pub reason: Option<String>,
}

impl JoiningState {
    const ALL: [JoiningState; 4] = [
        JoiningState::Asked,
        JoiningState::Sent,
        JoiningState::Joined,
        JoiningState::Refused,
    ];

    /// The name in rows and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            JoiningState::Asked => "asked",
            JoiningState::Sent => "sent",
            JoiningState::Joined => "joined",
            JoiningState::Refused => "refused",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        let mut all = JoiningState::ALL.into_iter();
        all.find(|state| state.as_str() == name)
    }
}

/// Reads the column `person`.
pub(super) fn person(row: &Row<'_>) -> rusqlite::Result<Option<StationName>> {
    match row.get::<_, Option<String>>("person")? {
        Some(_) => parsed(row, "person").map(Some),
        None => Ok(None),
    }
}

impl Joining {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let inviter = match row.get::<_, Option<String>>("inviter")? {
            Some(_) => Some(parsed(row, "inviter")?),
            None => None,
        };
        let sent = match row.get::<_, Option<String>>("letter")? {
            Some(_) => Some((parsed(row, "letter")?, parsed(row, "sent_to")?)),
            None => None,
        };
        let ends: Option<i64> = row.get("ends")?;
        Ok(Joining {
            mailbox: parsed(row, "mailbox")?,
            nonce: parsed(row, "nonce")?,
            inviter,
            ends: ends.map(Timestamp::from_unix),
            file: parsed(row, "file")?,
            secret: row.get("secret")?,
            person: person(row)?,
            begun: time(row, "begun")?,
            asked: time(row, "asked")?,
            sent,
            state: named(row, "state", JoiningState::from_name)?,
            reason: row.get("reason")?,
        })
    }
}

impl Rows<'_> {
    /// Ends all invitations that are still followed: they are under an identity that this household has no more.
    pub fn end_joinings(&self, why: &str) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE joining SET state = 'refused', secret = x'', reason = ?1 WHERE state IN ('asked', 'sent')",
            [why],
        )?;
        Ok(())
    }

    /// Stores how far an invitation got, in the place of any other of that mailbox.
    pub fn put_joining(&self, joining: &Joining) -> Result<(), AlbumError> {
        let (letter, sent_to) = joining.sent.unzip();
        self.0.execute(
            "INSERT OR REPLACE INTO joining (mailbox, nonce, inviter, ends, file, secret, person, begun, asked, letter, sent_to, state, reason)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            params![
                joining.mailbox.as_str(),
                joining.nonce.to_string(),
                joining.inviter.map(|who| who.to_string()),
                joining.ends.map(Timestamp::unix),
                joining.file.to_string(),
                joining.secret,
                joining.person.as_ref().map(StationName::as_str),
                joining.begun.unix(),
                joining.asked.unix(),
                letter.map(|id| id.to_string()),
                sent_to.map(|who| who.to_string()),
                joining.state.as_str(),
                joining.reason,
            ],
        )?;
        Ok(())
    }

    /// All that are remembered, the newest first.
    pub fn joinings(&self) -> Result<Vec<Joining>, AlbumError> {
        let sql = "SELECT * FROM joining ORDER BY begun DESC, mailbox";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([], Joining::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The one whose card-request had that nonce.
    pub fn joining_of_nonce(&self, nonce: Id) -> Result<Option<Joining>, AlbumError> {
        let sql = "SELECT * FROM joining WHERE nonce = ?1";
        let mut query = self.0.prepare_cached(sql)?;
        let found = query.query_row([nonce.to_string()], Joining::from_row);
        Ok(found.optional()?)
    }

    /// The one whose join was that letter, to that household.
    pub fn joining_of_letter(
        &self,
        letter: Id,
        to: Fingerprint,
    ) -> Result<Option<Joining>, AlbumError> {
        let sql = "SELECT * FROM joining WHERE letter = ?1 AND sent_to = ?2";
        let mut query = self.0.prepare_cached(sql)?;
        let found = query.query_row([letter.to_string(), to.to_string()], Joining::from_row);
        Ok(found.optional()?)
    }

    /// Forgets the one of that mailbox; gives whether there was one.
    pub fn forget_joining(&self, mailbox: &Mailbox) -> Result<bool, AlbumError> {
        let sql = "DELETE FROM joining WHERE mailbox = ?1";
        Ok(self.0.execute(sql, [mailbox.as_str()])? > 0)
    }

    /// When an inviter that has not answered was last asked, of all of them the longest ago.
    pub fn joining_asked_first(&self) -> Result<Option<Timestamp>, AlbumError> {
        let sql = "SELECT min(asked) FROM joining WHERE state IN ('asked', 'sent')";
        let asked: Option<i64> = self.0.query_row(sql, [], |row| row.get(0))?;
        Ok(asked.map(Timestamp::from_unix))
    }
}
