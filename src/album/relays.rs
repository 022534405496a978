//! What this household passes on for others, as a relay: for whom it may, and what it was asked.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, named, parsed, time};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

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

    /// Adds what is to be passed on, or replaces it where it was asked before; one that is done stays done.
    pub fn put_relay_job(&self, job: &RelayJob) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO relay_job (holding, household, mailbox, entry, state, changed) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (holding, household) DO UPDATE SET mailbox = excluded.mailbox, entry = excluded.entry,
                state = excluded.state, changed = excluded.changed WHERE relay_job.state <> 'arrived'",
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
}
