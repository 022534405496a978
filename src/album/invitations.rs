//! Invitations that were given from here, and what people of the house are still to be told of any.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, parsed, time};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};

/// So much a person is told of at once; what comes beyond says the same again.
const MOST_NEWS: u64 = 20;

/// An invitation that was given from here.
#[derive(Debug, Clone)]
pub struct InvitationRow {
    /// What people type.
    pub reference: String,
    /// The name under which the secret is sealed.
    pub file: Id,
    /// The sealed secret.
    pub secret: Vec<u8>,
    /// Who of the house gave it; `None`: somebody at the command line.
    pub person: Option<StationName>,
    /// When.
    pub made: Timestamp,
    /// Until when it lets in.
    pub ends: Timestamp,
    /// Taken back.
    pub withdrawn: bool,
    /// When somebody last asked for our card with it.
    pub asked: Option<Timestamp>,
    /// Who came in with it, and when.
    pub joined: Option<(Fingerprint, Timestamp)>,
    /// What came with it last and was refused, in words.
    pub trouble: Option<String>,
}

/// What a person is told of invitations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A household of that name is met.
    Met(String),
    /// Somebody was not let in, or this household was not, in words.
    Failed(String),
}

impl News {
    fn columns(&self) -> (&'static str, &str) {
        match self {
            News::Met(name) => ("met", name),
            News::Failed(words) => ("failed", words),
        }
    }
}

impl InvitationRow {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let joined: Option<String> = row.get("joined")?;
        let joined = match joined {
            Some(_) => Some((parsed(row, "joined")?, time(row, "joined_at")?)),
            None => None,
        };
        let asked: Option<i64> = row.get("asked")?;
        Ok(InvitationRow {
            reference: row.get("ref")?,
            file: parsed(row, "file")?,
            secret: row.get("secret")?,
            person: super::joinings::person(row)?,
            made: time(row, "made")?,
            ends: time(row, "ends")?,
            withdrawn: row.get("withdrawn")?,
            asked: asked.map(Timestamp::from_unix),
            joined,
            trouble: row.get("trouble")?,
        })
    }
}

impl Rows<'_> {
    /// Stores a new invitation.
    pub fn add_invitation(&self, new: &InvitationRow) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO invitation (ref, file, secret, person, made, ends) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                new.reference,
                new.file.to_string(),
                new.secret,
                new.person.as_ref().map(StationName::as_str),
                new.made.unix(),
                new.ends.unix(),
            ],
        )?;
        Ok(())
    }

    /// All invitations that are remembered, the newest first.
    pub fn invitations(&self) -> Result<Vec<InvitationRow>, AlbumError> {
        let sql = "SELECT * FROM invitation ORDER BY made DESC, ref";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([], InvitationRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The invitation that people call `reference`.
    pub fn invitation(&self, reference: &str) -> Result<Option<InvitationRow>, AlbumError> {
        let sql = "SELECT * FROM invitation WHERE ref = ?1";
        let mut query = self.0.prepare_cached(sql)?;
        let found = query.query_row([reference], InvitationRow::from_row);
        Ok(found.optional()?)
    }

    /// Notes that somebody asked for our card with an invitation.
    pub fn set_invitation_asked(&self, reference: &str, now: Timestamp) -> Result<(), AlbumError> {
        let sql = "UPDATE invitation SET asked = ?2 WHERE ref = ?1";
        self.0.execute(sql, params![reference, now.unix()])?;
        Ok(())
    }

    /// An invitation is used up by who came in with it.
    pub fn set_invitation_joined(
        &self,
        reference: &str,
        who: Fingerprint,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE invitation SET joined = ?2, joined_at = ?3, trouble = NULL WHERE ref = ?1",
            params![reference, who.to_string(), now.unix()],
        )?;
        Ok(())
    }

    /// Notes what came with an invitation and was refused.
    pub fn set_invitation_trouble(&self, reference: &str, words: &str) -> Result<(), AlbumError> {
        let sql = "UPDATE invitation SET trouble = ?2 WHERE ref = ?1";
        self.0.execute(sql, [reference, words])?;
        Ok(())
    }

    /// Takes an invitation back that nobody has used; gives whether there is one.
    pub fn withdraw_invitation(&self, reference: &str) -> Result<bool, AlbumError> {
        let sql = "UPDATE invitation SET withdrawn = 1 WHERE ref = ?1 AND joined IS NULL";
        Ok(self.0.execute(sql, [reference])? > 0)
    }

    /// Takes back all invitations that nobody has used.
    pub fn withdraw_invitations(&self) -> Result<(), AlbumError> {
        let sql = "UPDATE invitation SET withdrawn = 1 WHERE joined IS NULL";
        self.0.execute(sql, [])?;
        Ok(())
    }

    /// Forgets the invitations that ended before `until`.
    pub fn forget_invitations(&self, until: Timestamp) -> Result<(), AlbumError> {
        let sql = "DELETE FROM invitation WHERE ends < ?1";
        self.0.prepare_cached(sql)?.execute([until.unix()])?;
        Ok(())
    }

    /// A person of the house is to be told; without one, or where they do not belong to it any more, all who keep it.
    pub fn put_news(
        &self,
        person: Option<&StationName>,
        news: &News,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        let (kind, words) = news.columns();
        self.0.execute(
            "INSERT INTO invitation_news (station, kind, words, at)
             SELECT person.station, ?2, ?3, ?4 FROM person LEFT JOIN account ON account.station = person.station
             WHERE (person.station = ?1 OR (account.keeper = 1 AND (?1 IS NULL OR ?1 NOT IN (SELECT station FROM person))))
               AND (SELECT count(*) FROM invitation_news AS news WHERE news.station = person.station) < ?5
             ON CONFLICT DO NOTHING",
            params![
                person.map(StationName::as_str),
                kind,
                words,
                now.unix(),
                MOST_NEWS
            ],
        )?;
        Ok(())
    }

    /// What a person is to be told, in the order in which it happened.
    pub fn news(&self, person: &StationName) -> Result<Vec<News>, AlbumError> {
        let sql =
            "SELECT kind, words FROM invitation_news WHERE station = ?1 ORDER BY at, kind, words";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([person.as_str()], |row| {
            let (kind, words): (String, String) = (row.get("kind")?, row.get("words")?);
            Ok(match kind.as_str() {
                "met" => News::Met(words),
                _ => News::Failed(words),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A person was told of all of it.
    pub fn forget_news(&self, person: &StationName) -> Result<(), AlbumError> {
        let sql = "DELETE FROM invitation_news WHERE station = ?1";
        self.0.prepare_cached(sql)?.execute([person.as_str()])?;
        Ok(())
    }

    /// Forgets what was for people who do not belong to the house any more.
    pub fn forget_old_news(&self) -> Result<(), AlbumError> {
        let sql = "DELETE FROM invitation_news WHERE station NOT IN (SELECT station FROM person)";
        self.0.prepare_cached(sql)?.execute([])?;
        Ok(())
    }
}
