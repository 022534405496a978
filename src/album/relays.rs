//! What this household passes on for others, as a relay: for whom it may, and what it was asked.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, ders, named, parsed, time};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::{Fingerprint, Id};

/// How far something is that is to be passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelayState {
    /// It waits for its parts.
    Waits,
    /// It is in the outbox, or went out.
    Passed,
    /// The origin says that it arrived.
    Arrived,
    /// It came to nothing: it was over, or taken back.
    Over,
}

/// A household to which a share is to be passed on.
#[derive(Debug, Clone)]
pub struct RelayJob {
    /// With which holding it was asked.
    pub holding: i64,
    /// To whom.
    pub household: Fingerprint,
    /// Where that is.
    pub mailbox: Mailbox,
    /// What is to be passed on, as JSON; empty once it is done with.
    pub entry: Vec<u8>,
    /// How far it is.
    pub state: RelayState,
    /// When that last changed.
    pub changed: Timestamp,
    /// Whether anything of it may have left the house; the rows alone say it.
    pub went: bool,
}

/// The word that nothing of a share is to be passed on to a household, come before anything was asked.
#[derive(Debug, Clone)]
pub struct RelayStop {
    /// Who said so.
    pub sender: Fingerprint,
    /// Which share.
    pub of: (Fingerprint, Id),
    /// To whom nothing is to be passed on.
    pub household: Fingerprint,
    /// It is about what was asked until then.
    pub issued: Timestamp,
    /// DERs of the permits that say so, origin first.
    pub chain: Vec<Vec<u8>>,
    /// When it came.
    pub at: Timestamp,
}

impl RelayState {
    fn as_str(self) -> &'static str {
        match self {
            RelayState::Waits => "waits",
            RelayState::Passed => "passed",
            RelayState::Arrived => "arrived",
            RelayState::Over => "over",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        use RelayState::{Arrived, Over, Passed, Waits};
        [Waits, Passed, Arrived, Over]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}

impl RelayJob {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(RelayJob {
            holding: row.get("holding")?,
            household: parsed(row, "household")?,
            mailbox: parsed(row, "mailbox")?,
            entry: row.get("entry")?,
            state: named(row, "state", RelayState::from_name)?,
            changed: time(row, "changed")?,
            went: row.get("went")?,
        })
    }
}

impl Rows<'_> {
    /// Lets a household use this one as a relay, or not any more.
    pub fn set_relay_for(
        &self,
        who: Fingerprint,
        allowed: bool,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        match allowed {
            true => self.0.execute(
                "INSERT INTO relay_for (contact, since) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![who.to_string(), now.unix()],
            )?,
            false => self.0.execute(
                "DELETE FROM relay_for WHERE contact = ?1",
                [who.to_string()],
            )?,
        };
        Ok(())
    }

    /// Whether a household may use this one as a relay.
    pub fn is_relay_for(&self, who: Fingerprint) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM relay_for WHERE contact = ?1)",
            [who.to_string()],
            |row| row.get(0),
        )?)
    }

    /// Adds what is to be passed on, or replaces it where it was asked before, whatever became of that.
    pub fn put_relay_job(&self, job: &RelayJob) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO relay_job (holding, household, mailbox, entry, state, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (holding, household) DO UPDATE SET mailbox = excluded.mailbox, entry = excluded.entry,
                state = excluded.state, changed = excluded.changed",
            params![
                job.holding,
                job.household.to_string(),
                job.mailbox.as_str(),
                job.entry,
                job.state.as_str(),
                job.changed.unix(),
            ],
        )?;
        self.look_again_for(super::look::Of::Holding, job.holding)
    }

    /// Notes how far it is with what was asked; one that arrived has arrived.
    pub fn move_relay_job(&self, job: &RelayJob) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE relay_job SET entry = ?3, state = ?4, changed = ?5
             WHERE holding = ?1 AND household = ?2 AND state <> 'arrived'",
            params![
                job.holding,
                job.household.to_string(),
                job.entry,
                job.state.as_str(),
                job.changed.unix(),
            ],
        )?;
        self.look_again_for(super::look::Of::Holding, job.holding)
    }

    /// What is to be passed on to a household at a mailbox, or was passed on and has not arrived yet, goes to another mailbox
    /// of it. Gives the holdings with which it was asked.
    pub fn move_relay_jobs(
        &self,
        who: Fingerprint,
        from: &Mailbox,
        to: &Mailbox,
    ) -> Result<Vec<i64>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "UPDATE relay_job SET mailbox = ?3
             WHERE household = ?1 AND mailbox = ?2 AND state IN ('waits', 'passed') AND NOT EXISTS
                (SELECT 1 FROM relay_job AS other WHERE other.holding = relay_job.holding
                    AND other.mailbox = ?2 AND other.household <> ?1)
             RETURNING holding",
        )?;
        let key = params![who.to_string(), from.as_str(), to.as_str()];
        let rows = query.query_map(key, |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What is to be passed on of a share, or was.
    pub fn relay_jobs(&self, share: i64) -> Result<Vec<RelayJob>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT relay_job.* FROM relay_job JOIN holding ON holding.id = relay_job.holding
             WHERE holding.share = ?1 ORDER BY holding, household",
        )?;
        let rows = query.query_map([share], RelayJob::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// One of them.
    pub fn relay_job(
        &self,
        holding: i64,
        household: Fingerprint,
    ) -> Result<Option<RelayJob>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM relay_job WHERE holding = ?1 AND household = ?2")?;
        let found = query.query_row(params![holding, household.to_string()], RelayJob::from_row);
        Ok(found.optional()?)
    }

    /// What goes from here to a mailbox for who asked it with that holding.
    pub fn relay_job_at(
        &self,
        holding: i64,
        mailbox: &Mailbox,
    ) -> Result<Option<RelayJob>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM relay_job WHERE holding = ?1 AND mailbox = ?2")?;
        let found = query.query_row(params![holding, mailbox.as_str()], RelayJob::from_row);
        Ok(found.optional()?)
    }

    /// What is in the outbox, or went, for a household that asked for it.
    pub fn passed_on_for(&self, granter: Fingerprint) -> Result<Vec<RelayJob>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT relay_job.* FROM relay_job JOIN holding ON holding.id = relay_job.holding
             WHERE holding.granter = ?1 AND relay_job.state = 'passed'",
        )?;
        let rows = query.query_map([granter.to_string()], RelayJob::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What waits to be passed on, or was, for a household that asked for it, and has not arrived; each with its share.
    pub fn open_relay_jobs_for(
        &self,
        granter: Fingerprint,
    ) -> Result<Vec<(i64, RelayJob)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT relay_job.*, holding.share FROM relay_job JOIN holding ON holding.id = relay_job.holding
             WHERE holding.granter = ?1 AND relay_job.state IN ('waits', 'passed')",
        )?;
        let rows = query.query_map([granter.to_string()], |row| {
            Ok((row.get("share")?, RelayJob::from_row(row)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The shares of which something waits to be passed on.
    pub fn shares_to_relay(&self) -> Result<Vec<i64>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT DISTINCT holding.share FROM relay_job JOIN holding ON holding.id = relay_job.holding
             WHERE relay_job.state = 'waits' ORDER BY holding.share",
        )?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The shares that are here for others alone: they are passed on, and nobody of the house was given anything.
    pub fn only_relayed(&self) -> Result<BTreeSet<i64>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT DISTINCT holding.share FROM relay_job JOIN holding ON holding.id = relay_job.holding
             WHERE NOT EXISTS (SELECT 1 FROM holding_station JOIN holding AS other ON other.id = holding_station.holding
                WHERE other.share = holding.share)",
        )?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Remembers that nothing is to be passed on; a later word replaces an earlier one.
    pub fn put_relay_stop(&self, stop: &RelayStop) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO relay_stop (sender, origin, share, household, issued, chain, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (sender, origin, share, household) DO UPDATE SET issued = excluded.issued,
                chain = excluded.chain, at = excluded.at WHERE excluded.issued > relay_stop.issued",
            params![
                stop.sender.to_string(),
                stop.of.0.to_string(),
                stop.of.1.to_string(),
                stop.household.to_string(),
                stop.issued.unix(),
                ders::join(&stop.chain),
                stop.at.unix(),
            ],
        )?;
        Ok(())
    }

    /// What a household said of a share and another household before it asked for anything.
    pub fn relay_stop(
        &self,
        sender: Fingerprint,
        of: (Fingerprint, Id),
        household: Fingerprint,
    ) -> Result<Option<RelayStop>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT issued, chain, at FROM relay_stop
             WHERE sender = ?1 AND origin = ?2 AND share = ?3 AND household = ?4",
        )?;
        let key = params![
            sender.to_string(),
            of.0.to_string(),
            of.1.to_string(),
            household.to_string()
        ];
        let found = query.query_row(key, |row| {
            Ok(RelayStop {
                sender,
                of,
                household,
                issued: time(row, "issued")?,
                chain: ders::split(&row.get::<_, Vec<u8>>("chain")?),
                at: time(row, "at")?,
            })
        });
        Ok(found.optional()?)
    }

    /// How many such words of a household are remembered, and how long their permits are together, in bytes.
    pub fn relay_stops_of(&self, sender: Fingerprint) -> Result<(u64, u64), AlbumError> {
        Ok(self.0.query_row(
            "SELECT count(*), coalesce(sum(length(chain)), 0) FROM relay_stop WHERE sender = ?1",
            [sender.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?)
    }

    /// Forgets the words that came before a time.
    pub fn forget_relay_stops(&self, before: Timestamp) -> Result<(), AlbumError> {
        let sql = "DELETE FROM relay_stop WHERE at < ?1";
        self.0.execute(sql, [before.unix()])?;
        Ok(())
    }
}
