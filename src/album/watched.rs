//! How far everything is that came and that goes out, of all shares at once: for whoever watches, in few queries, and
//! without what any of it is.

use rusqlite::Row;

use super::recalls::CopyState;
use super::{AlbumError, DestinationState, Rows, SharedBy, named, parsed, rules};
use crate::address::{Mailbox, StationName};
use crate::envelope::{Digest, Fingerprint};
use crate::message::Station;

/// How far one share is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched<T> {
    /// The short name of the share.
    pub share: String,
    /// Whose it is.
    pub origin: Fingerprint,
    /// Who of the house shared it.
    pub by: SharedBy,
    /// What of it.
    pub what: T,
}

/// How far it is at one household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchedWay {
    /// Where.
    pub mailbox: Mailbox,
    /// Who of the house passes it on there.
    pub passed_by: Option<StationName>,
    /// How far.
    pub state: DestinationState,
}

/// Rules that speak for people of the house about a share that is here.
#[derive(Debug, Clone)]
pub struct WatchedVoice {
    /// Whether all of the share is here.
    pub complete: bool,
    /// The rules, as they belong together: a named person's stand in place of everyone's.
    pub stations: Vec<Station>,
}

impl<T> Watched<T> {
    fn from_row(row: &Row<'_>, what: T) -> rusqlite::Result<Self> {
        Ok(Watched {
            share: row.get("ref")?,
            origin: parsed(row, "origin")?,
            by: SharedBy::from_row(row)?,
            what,
        })
    }
}

impl WatchedWay {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(WatchedWay {
            mailbox: parsed(row, "mailbox")?,
            passed_by: person(row, "person")?,
            state: named(row, "state", DestinationState::from_name)?,
        })
    }
}

impl Rows<'_> {
    /// All that went or goes out, to households that are known and to those that are awaited.
    pub fn watched_ways(&self) -> Result<Vec<Watched<WatchedWay>>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT share.ref, share.origin, shared_by.station AS by_whom, way.mailbox, way.person, way.state
             FROM (SELECT share, mailbox, coalesce(person, passed_by) AS person,
                       CASE WHEN ended IS NULL THEN state WHEN state IN ('delivered', 'deleted') THEN 'deleted'
                            ELSE 'revoked' END AS state
                   FROM destination LEFT JOIN given_by ON given_by.destination = destination.id
                   UNION ALL
                   SELECT share, mailbox, nullif(person, '') AS person, state FROM awaited) AS way
             JOIN share ON share.id = way.share LEFT JOIN shared_by ON shared_by.share = way.share",
        )?;
        let rows = query.query_map([], |row| Watched::from_row(row, WatchedWay::from_row(row)?))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// All copies further on, by the last permit of each.
    pub fn watched_copies(&self) -> Result<Vec<Watched<(Digest, CopyState)>>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT share.ref, share.origin, shared_by.station AS by_whom, onward_copy.permit, onward_copy.state
             FROM onward_copy
             JOIN share ON share.id = onward_copy.share LEFT JOIN shared_by ON shared_by.share = onward_copy.share",
        )?;
        let rows = query.query_map([], |row| {
            let state = named(row, "state", CopyState::from_name)?;
            Watched::from_row(row, (parsed(row, "permit")?, state))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What speaks for one person, or for everyone, about the shares that are here: of each live holding, and of what was
    /// passed on to them within the house.
    pub fn watched_voices(
        &self,
        person: &StationName,
    ) -> Result<Vec<Watched<WatchedVoice>>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT share.ref, share.origin, NULL AS by_whom, share.state = 'complete' AS complete,
                 voice.id, voice.station, voice.rules
             FROM (SELECT holding AS id, holding, station, rules FROM holding_station
                   UNION ALL
                   SELECT -id, holding, station, rules FROM local_grant) AS voice
             JOIN holding ON holding.id = voice.holding AND holding.state = 'live'
             JOIN share ON share.id = holding.share
             WHERE share.state IN ('arriving', 'complete') AND voice.station IN (?1, ?2)
             ORDER BY voice.id",
        )?;
        let everyone = StationName::everyone();
        let mut rows = query.query([person.as_str(), everyone.as_str()])?;
        let mut voices: Vec<Watched<WatchedVoice>> = Vec::new();
        let mut last = None;
        while let Some(row) = rows.next()? {
            let station = Station {
                name: parsed(row, "station")?,
                rules: rules(row)?,
            };
            let id: i64 = row.get("id")?;
            match (voices.last_mut(), last.replace(id) == Some(id)) {
                (Some(voice), true) => voice.what.stations.push(station),
                _ => {
                    let complete = row.get("complete")?;
                    let stations = vec![station];
                    let what = WatchedVoice { complete, stations };
                    voices.push(Watched::from_row(row, what)?);
                }
            }
        }
        Ok(voices)
    }
}

fn person(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<StationName>> {
    let name: Option<String> = row.get(column)?;
    Ok(name.and_then(|name| name.parse().ok()))
}
