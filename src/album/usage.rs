//! What people have used of their rights, and who was told of what.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::rules::Usage;

impl Rows<'_> {
    /// What a person has used of an item of a share.
    pub fn usage(&self, share: i64, item: i64, station: &StationName) -> Result<Usage, AlbumError> {
        let viewed = self
            .0
            .query_row(
                "SELECT views, last FROM view WHERE item = ?1 AND station = ?2",
                params![item, station.as_str()],
                |row| Ok((row.get(0)?, Timestamp::from_unix(row.get(1)?))),
            )
            .optional()?;
        Ok(Usage {
            first_viewable: self.viewable_since(share, station)?,
            views: viewed.map_or(0, |(views, _)| views),
            viewed_at: viewed.map(|(_, last)| last),
        })
    }

    /// Since when a person can view anything of a share.
    pub fn viewable_since(
        &self,
        share: i64,
        station: &StationName,
    ) -> Result<Option<Timestamp>, AlbumError> {
        let since: Option<i64> = self
            .0
            .query_row(
                "SELECT since FROM viewable WHERE share = ?1 AND station = ?2",
                params![share, station.as_str()],
                |row| row.get(0),
            )
            .optional()?;
        Ok(since.map(Timestamp::from_unix))
    }

    /// Notes that the share became viewable to a person; the first time counts. A time that lies ahead came from a clock
    /// that was wrong: the period would run longer than was granted.
    pub fn set_viewable(
        &self,
        share: i64,
        station: &StationName,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO viewable (share, station, since) VALUES (?1, ?2, ?3)
             ON CONFLICT (share, station) DO UPDATE SET since = min(since, excluded.since)",
            params![share, station.as_str(), now.unix()],
        )?;
        Ok(())
    }

    /// Counts a view.
    pub fn count_view(
        &self,
        item: i64,
        station: &StationName,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO view (item, station, views, last) VALUES (?1, ?2, 1, ?3)
             ON CONFLICT (item, station) DO UPDATE SET views = views + 1, last = excluded.last",
            params![item, station.as_str(), now.unix()],
        )?;
        Ok(())
    }

    /// Whether a person was told of a share.
    pub fn was_told(&self, share: i64, station: &StationName) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM noticed WHERE share = ?1 AND station = ?2)",
            params![share, station.as_str()],
            |row| row.get(0),
        )?)
    }

    /// Notes that a person was told of a share.
    pub fn set_told(
        &self,
        share: i64,
        station: &StationName,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO noticed (share, station, told) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![share, station.as_str(), now.unix()],
        )?;
        Ok(())
    }
}
