//! What a person of the house passed on to another one of the same house.

use std::collections::BTreeSet;

use rusqlite::{Row, params};

use super::look::Of;
use super::{AlbumError, Rows, parsed, rules, time, written};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::rules::Rules;

/// A grant within the house, for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalGrant {
    /// Row id.
    pub id: i64,
    /// The holding on whose keys and permit it stands.
    pub holding: i64,
    /// For whom.
    pub station: StationName,
    /// By whom.
    pub passed_by: StationName,
    /// What that person may do.
    pub rules: Rules,
    /// Of which shared items.
    pub items: BTreeSet<i64>,
    /// When.
    pub issued: Timestamp,
}

impl LocalGrant {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(LocalGrant {
            id: row.get("id")?,
            holding: row.get("holding")?,
            station: parsed(row, "station")?,
            passed_by: parsed(row, "passed_by")?,
            rules: rules(row)?,
            items: BTreeSet::new(),
            issued: time(row, "issued")?,
        })
    }
}

impl Rows<'_> {
    /// What was passed on within the house on a holding.
    pub fn local_grants(&self, holding: i64) -> Result<Vec<LocalGrant>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM local_grant WHERE holding = ?1 ORDER BY id")?;
        let mut grants = query
            .query_map([holding], LocalGrant::from_row)?
            .collect::<Result<Vec<_>, _>>()?;
        let mut query = self
            .0
            .prepare_cached("SELECT item FROM local_grant_item WHERE local_grant = ?1")?;
        for grant in &mut grants {
            let items = query.query_map([grant.id], |row| row.get(0))?;
            grant.items = items.collect::<Result<_, _>>()?;
        }
        Ok(grants)
    }

    /// Stores one; what the same person passed on to the same person before is replaced. The id is not looked at.
    pub fn put_local_grant(&self, new: &LocalGrant) -> Result<(), AlbumError> {
        let id: i64 = self.0.query_row(
            "INSERT INTO local_grant (holding, station, passed_by, rules, issued) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (holding, station, passed_by) DO UPDATE SET rules = excluded.rules, issued = excluded.issued
             RETURNING id",
            params![
                new.holding,
                new.station.as_str(),
                new.passed_by.as_str(),
                written(&new.rules),
                new.issued.unix()
            ],
            |row| row.get(0),
        )?;
        self.0
            .execute("DELETE FROM local_grant_item WHERE local_grant = ?1", [id])?;
        let mut insert = self
            .0
            .prepare_cached("INSERT INTO local_grant_item (local_grant, item) VALUES (?1, ?2)")?;
        for item in &new.items {
            insert.execute([id, *item])?;
        }
        self.look_again_for(Of::Holding, new.holding)
    }

    /// What a person passed on within the house, and what was passed on to that one: each with the share of its holding.
    pub fn local_grants_of(
        &self,
        person: &StationName,
    ) -> Result<Vec<(i64, i64, i64)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT holding.share, holding.id, local_grant.id
             FROM local_grant JOIN holding ON holding.id = local_grant.holding
             WHERE local_grant.station = ?1 OR local_grant.passed_by = ?1 ORDER BY local_grant.id",
        )?;
        let rows = query.query_map([person.as_str()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets one.
    pub fn remove_local_grant(&self, id: i64) -> Result<(), AlbumError> {
        self.0
            .execute("DELETE FROM local_grant_item WHERE local_grant = ?1", [id])?;
        self.0
            .execute("DELETE FROM local_grant WHERE id = ?1", [id])?;
        Ok(())
    }
}
