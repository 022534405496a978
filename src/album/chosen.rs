//! What was chosen for people elsewhere who have other rights since by a yes to a request.

use std::collections::BTreeMap;

use rusqlite::{Row, params};

use super::{AlbumError, Rows, parsed};
use crate::address::StationName;
use crate::rules::Rules;

fn rules_in(row: &Row<'_>) -> rusqlite::Result<Option<Rules>> {
    let rules: Option<String> = row.get("rules")?;
    let read = rules.map(|text| serde_json::from_str(&text)).transpose();
    read.map_err(|_| {
        let column = "rules".to_owned();
        rusqlite::Error::InvalidColumnType(0, column, rusqlite::types::Type::Text)
    })
}

impl Rows<'_> {
    /// Those at a destination for whom it is kept what was chosen, with that; `None`: nothing was.
    pub fn chosen(
        &self,
        destination: i64,
    ) -> Result<BTreeMap<StationName, Option<Rules>>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT station, rules FROM chosen WHERE destination = ?1")?;
        let rows = query.query_map([destination], |row| {
            Ok((parsed(row, "station")?, rules_in(row)?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Keeps what was chosen for somebody whose rights a yes changes. What is kept already stays.
    pub fn keep_chosen(
        &self,
        destination: i64,
        station: &StationName,
        chosen: Option<&Rules>,
    ) -> Result<(), AlbumError> {
        let chosen =
            chosen.map(|rules| serde_json::to_string(rules).expect("rules have only string keys"));
        self.0.execute(
            "INSERT OR IGNORE INTO chosen (destination, station, rules) VALUES (?1, ?2, ?3)",
            params![destination, station.as_str(), chosen],
        )?;
        Ok(())
    }

    /// What somebody at a destination has was chosen anew.
    pub fn forget_chosen(&self, destination: i64, station: &StationName) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM chosen WHERE destination = ?1 AND station = ?2",
            params![destination, station.as_str()],
        )?;
        Ok(())
    }
}
