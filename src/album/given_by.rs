//! What each person of the house passed on to a household: what that one is granted is made of all of it.

use std::collections::BTreeSet;

use rusqlite::{Row, params};

use super::{AlbumError, DestinationState, Rows, parsed};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::Id;
use crate::message::Station;
use crate::rules::Rules;

/// What one person gave of another household's share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenBy {
    /// Who.
    pub person: StationName,
    /// The rules there; none where the household only carries it.
    pub stations: Vec<Station>,
    /// Which items, by their ids on the wire; `None`: those of the permit that it has.
    pub items: Option<BTreeSet<Id>>,
    /// What may travel on, where it was said.
    pub onward: Option<Rules>,
    /// When the person took it back, if so.
    pub ended: Option<Timestamp>,
}

impl GivenBy {
    /// How far it is, where that household's grant is so far.
    pub fn state(&self, grant: DestinationState) -> DestinationState {
        use DestinationState::{Deleted, Delivered, Revoked};
        match (self.ended, grant) {
            (None, state) => state,
            (Some(_), Delivered | Deleted) => Deleted,
            (Some(_), _) => Revoked,
        }
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let wrong = |column: &str| {
            let column = column.to_owned();
            rusqlite::Error::InvalidColumnType(0, column, rusqlite::types::Type::Text)
        };
        let stations: String = row.get("stations")?;
        let (items, onward): (Option<String>, Option<String>) =
            (row.get("items")?, row.get("onward")?);
        let ended: Option<i64> = row.get("ended")?;
        Ok(GivenBy {
            person: parsed(row, "person")?,
            stations: serde_json::from_str(&stations).map_err(|_| wrong("stations"))?,
            items: items
                .map(|text| serde_json::from_str(&text).map_err(|_| wrong("items")))
                .transpose()?,
            onward: onward
                .map(|text| serde_json::from_str(&text).map_err(|_| wrong("onward")))
                .transpose()?,
            ended: ended.map(Timestamp::from_unix),
        })
    }
}

impl Rows<'_> {
    /// What each person gave a destination, also what was taken back; nothing of an own share.
    pub fn given_by(&self, destination: i64) -> Result<Vec<GivenBy>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM given_by WHERE destination = ?1 ORDER BY person")?;
        let rows = query.query_map([destination], GivenBy::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// From now on this is what a destination is given; what others gave there before has ended.
    pub fn set_given_by(
        &self,
        destination: i64,
        all: &[GivenBy],
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE given_by SET ended = ?2 WHERE destination = ?1 AND ended IS NULL",
            params![destination, now.unix()],
        )?;
        for one in all {
            let text = |rules: &Rules| serde_json::to_string(rules);
            let items = one.items.as_ref().map(serde_json::to_string);
            self.0.execute(
                "INSERT INTO given_by (destination, person, stations, items, onward, ended) VALUES (?1, ?2, ?3, ?4, ?5, NULL)
                 ON CONFLICT (destination, person) DO UPDATE SET stations = excluded.stations, items = excluded.items,
                    onward = excluded.onward, ended = NULL",
                params![
                    destination,
                    one.person.as_str(),
                    serde_json::to_string(&one.stations).expect("stations have only string keys"),
                    items.transpose().expect("ids are text"),
                    one.onward.as_ref().map(text).transpose().expect("rules have only string keys"),
                ],
            )?;
        }
        Ok(())
    }
}
