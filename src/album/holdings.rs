//! What each granter has granted to this server.

use rusqlite::{OptionalExtension, Row, params};

use super::look::Of;
use super::{AlbumError, Rows, ders, named, parsed, rules, time, written};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint, Id};
use crate::message::Station;
use crate::rules::Tier;

/// How a holding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HoldingState {
    /// Its rules decide.
    Live,
    /// Over for everyone.
    Expired,
    /// Taken back.
    Revoked,
}

/// A grant that was taken: (share, granter).
#[derive(Debug, Clone)]
pub struct Holding {
    /// Row id.
    pub id: i64,
    /// The share.
    pub share: i64,
    /// Who granted.
    pub granter: Fingerprint,
    /// The grant letter.
    pub letter: Id,
    /// When that was written; an older one is ignored.
    pub issued: Timestamp,
    /// The permit it stands on.
    pub permit: Digest,
    /// It may be passed on.
    pub passed_on: bool,
    /// DERs of the permits it stands on, origin first; empty for an own share.
    pub chain: Vec<Vec<u8>>,
    /// How it stands.
    pub state: HoldingState,
    /// `complete` was put into the outbox.
    pub receipted: bool,
    /// The title, as its granter wrote it.
    pub title: String,
    /// The message, as its granter wrote it.
    pub message: String,
}

/// What a grant stores.
pub struct NewHolding<'a> {
    /// The share.
    pub share: i64,
    /// Who granted.
    pub granter: Fingerprint,
    /// The grant letter.
    pub letter: Id,
    /// When it was written.
    pub issued: Timestamp,
    /// The permit it stands on.
    pub permit: Digest,
    /// It may be passed on.
    pub passed_on: bool,
    /// The grant letter, enveloped to this server.
    pub grant_der: &'a [u8],
    /// DERs of the permits it stands on, origin first.
    pub chain: &'a [Vec<u8>],
    /// The title.
    pub title: &'a str,
    /// The message.
    pub message: &'a str,
    /// The rules.
    pub stations: &'a [Station],
    /// Items and the best tier of each.
    pub items: &'a [(i64, Tier)],
}

impl HoldingState {
    fn as_str(self) -> &'static str {
        match self {
            HoldingState::Live => "live",
            HoldingState::Expired => "expired",
            HoldingState::Revoked => "revoked",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [
            HoldingState::Live,
            HoldingState::Expired,
            HoldingState::Revoked,
        ]
        .into_iter()
        .find(|state| state.as_str() == name)
    }
}

impl Holding {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Holding {
            id: row.get("id")?,
            share: row.get("share")?,
            granter: parsed(row, "granter")?,
            letter: parsed(row, "letter")?,
            issued: time(row, "issued")?,
            permit: parsed(row, "permit")?,
            passed_on: row.get("passed_on")?,
            chain: ders::split(&row.get::<_, Vec<u8>>("chain")?),
            state: named(row, "state", HoldingState::from_name)?,
            receipted: row.get("receipted")?,
            title: row.get("title")?,
            message: row.get("message")?,
        })
    }
}

impl Rows<'_> {
    /// All holdings of a share.
    pub fn holdings(&self, share: i64) -> Result<Vec<Holding>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM holding WHERE share = ?1 ORDER BY id")?;
        let rows = query.query_map([share], Holding::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Stores a holding, wholly replacing an older one of the same granter; what hangs on it stays on it.
    pub fn put_holding(&self, new: &NewHolding<'_>) -> Result<i64, AlbumError> {
        let holding: i64 = self.0.query_row(
            "INSERT INTO holding
                (share, granter, letter, issued, permit, passed_on, chain, state, receipted, title, message)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'live', 0, ?8, ?9)
             ON CONFLICT (share, granter) DO UPDATE SET letter = excluded.letter, issued = excluded.issued,
                permit = excluded.permit, passed_on = excluded.passed_on,
                chain = excluded.chain, state = 'live', receipted = 0,
                title = excluded.title, message = excluded.message
             RETURNING id",
            params![
                new.share,
                new.granter.to_string(),
                new.letter.to_string(),
                new.issued.unix(),
                new.permit.to_string(),
                new.passed_on,
                ders::join(new.chain),
                new.title,
                new.message,
            ],
            |row| row.get(0),
        )?;
        self.0.execute(
            "INSERT INTO holding_grant (holding, der) VALUES (?1, ?2)
             ON CONFLICT (holding) DO UPDATE SET der = excluded.der",
            params![holding, new.grant_der],
        )?;
        for table in ["holding_station", "holding_item"] {
            self.0.execute(
                &format!("DELETE FROM {table} WHERE holding = ?1"),
                [holding],
            )?;
        }
        for station in new.stations {
            self.0.execute(
                "INSERT INTO holding_station (holding, station, rules) VALUES (?1, ?2, ?3)",
                params![holding, station.name.as_str(), written(&station.rules)],
            )?;
        }
        for (item, tier) in new.items {
            self.0.execute(
                "INSERT INTO holding_item (holding, item, tier) VALUES (?1, ?2, ?3)",
                params![holding, item, tier.as_str()],
            )?;
        }
        self.look_again(new.share)?;
        Ok(holding)
    }

    /// The grant letter of a holding, enveloped to this server; `None` once ended.
    pub fn holding_grant(&self, holding: i64) -> Result<Option<Vec<u8>>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT der FROM holding_grant WHERE holding = ?1")?;
        Ok(query.query_row([holding], |row| row.get(0)).optional()?)
    }

    /// The next grant letters behind a holding, with those they are of.
    pub fn holding_grants_after(
        &self,
        holding: i64,
        most: u64,
    ) -> Result<Vec<(i64, Vec<u8>)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT holding, der FROM holding_grant WHERE holding > ?1 ORDER BY holding LIMIT ?2",
        )?;
        let rows = query.query_map(params![holding, most], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps the same grant letter of a holding under another envelope.
    pub fn set_holding_grant(&self, holding: i64, der: &[u8]) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE holding_grant SET der = ?2 WHERE holding = ?1",
            params![holding, der],
        )?;
        Ok(())
    }

    /// The stations of a holding with their rules.
    pub fn holding_stations(&self, holding: i64) -> Result<Vec<Station>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT station, rules FROM holding_station WHERE holding = ?1 ORDER BY station",
        )?;
        let rows = query.query_map([holding], |row| {
            Ok(Station {
                name: parsed(row, "station")?,
                rules: rules(row)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The best tier of an item that a holding's keys open.
    pub fn holding_tier(&self, holding: i64, item: i64) -> Result<Option<Tier>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT tier FROM holding_item WHERE holding = ?1 AND item = ?2")?;
        let found = query.query_row([holding, item], |row| named(row, "tier", Tier::from_name));
        Ok(found.optional()?)
    }

    /// What is complete here, by that household or of a share of its own, is to be said once more.
    pub fn receipt_again(&self, who: Fingerprint) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE holding SET receipted = 0 WHERE state = 'live'
                AND (granter = ?1 OR share IN (SELECT id FROM share WHERE origin = ?1))",
            [who.to_string()],
        )?;
        Ok(())
    }

    /// Notes that `complete` was put into the outbox.
    pub fn set_receipted(&self, holding: i64) -> Result<(), AlbumError> {
        self.0
            .execute("UPDATE holding SET receipted = 1 WHERE id = ?1", [holding])?;
        Ok(())
    }

    /// Live holdings of an album of version 1, which did not keep their chains.
    pub fn holdings_without_chain(&self, me: Fingerprint) -> Result<Vec<Holding>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT * FROM holding WHERE state = 'live' AND chain = x'' AND granter <> ?1",
        )?;
        let rows = query.query_map([me.to_string()], Holding::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps the chain of a holding.
    pub fn set_holding_chain(&self, holding: i64, chain: &[Vec<u8>]) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE holding SET chain = ?2 WHERE id = ?1",
            params![holding, ders::join(chain)],
        )?;
        Ok(())
    }

    /// Ends a holding: its keys go, and what was passed on on it within the house; its rules stay as the tombstone.
    pub fn end_holding(&self, holding: i64, state: HoldingState) -> Result<(), AlbumError> {
        for local in self.local_grants(holding)? {
            self.remove_local_grant(local.id)?;
        }
        self.0
            .execute("DELETE FROM holding_grant WHERE holding = ?1", [holding])?;
        self.0.execute(
            "UPDATE holding SET state = ?2 WHERE id = ?1",
            params![holding, state.as_str()],
        )?;
        self.look_again_for(Of::Holding, holding)
    }
}
