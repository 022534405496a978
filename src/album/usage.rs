//! What people have used of their rights, and who was told of what.

use rusqlite::{OptionalExtension, params};

use super::look::Of;
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

    /// Whether a share could ever be viewed by a person, and not only by an earlier one of that name.
    pub fn was_viewable(&self, share: i64, station: &StationName) -> Result<bool, AlbumError> {
        let sql =
            "SELECT EXISTS (SELECT 1 FROM viewable JOIN person ON person.station = viewable.station
            WHERE viewable.share = ?1 AND viewable.station = ?2 AND since >= person.added)";
        let mut query = self.0.prepare_cached(sql)?;
        Ok(query.query_row(params![share, station.as_str()], |row| row.get(0))?)
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
        self.look_again(share)
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
        self.look_again_for(Of::Item, item)
    }

    /// Whether a person was told of a share.
    pub fn was_told(&self, share: i64, station: &StationName) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM noticed WHERE share = ?1 AND station = ?2)",
            params![share, station.as_str()],
            |row| row.get(0),
        )?)
    }

    /// Whether a person has opened a share.
    pub fn was_seen(&self, share: i64, station: &StationName) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM seen WHERE share = ?1 AND station = ?2)";
        let mut query = self.0.prepare_cached(sql)?;
        Ok(query.query_row(params![share, station.as_str()], |row| row.get(0))?)
    }

    /// Notes that a person has opened a share.
    pub fn set_seen(&self, share: i64, station: &StationName) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO seen (share, station) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            params![share, station.as_str()],
        )?;
        Ok(())
    }

    /// Until when a person is left alone.
    pub fn quiet_until(&self, station: &StationName) -> Result<Option<Timestamp>, AlbumError> {
        let sql = "SELECT until FROM quiet WHERE station = ?1";
        let until: Option<i64> = self
            .0
            .query_row(sql, [station.as_str()], |row| row.get(0))
            .optional()?;
        Ok(until.map(Timestamp::from_unix))
    }

    /// Leaves a person alone until then.
    pub fn set_quiet(&self, station: &StationName, until: Timestamp) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO quiet (station, until) VALUES (?1, ?2)
             ON CONFLICT (station) DO UPDATE SET until = excluded.until",
            params![station.as_str(), until.unix()],
        )?;
        Ok(())
    }

    /// Keeps a share for the next mail to a person.
    pub fn gather(
        &self,
        station: &StationName,
        share: i64,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO gathered (station, share, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![station.as_str(), share, now.unix()],
        )?;
        Ok(())
    }

    /// The shares that are kept for the next mail to a person, in the order in which they came.
    pub fn gathered(&self, station: &StationName) -> Result<Vec<i64>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT share FROM gathered WHERE station = ?1 ORDER BY at, share")?;
        let rows = query.query_map([station.as_str()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// When the first person for whom something is kept has been left alone long enough.
    pub fn next_gathered(&self) -> Result<Option<Timestamp>, AlbumError> {
        let sql = "SELECT min(until) FROM quiet
            WHERE station IN (SELECT station FROM gathered UNION ALL SELECT station FROM knock)";
        let next: Option<i64> = self.0.query_row(sql, [], |row| row.get(0))?;
        Ok(next.map(Timestamp::from_unix))
    }

    /// The mail to that person is on its way.
    pub fn forget_gathered(&self, station: &StationName) -> Result<(), AlbumError> {
        let sql = "DELETE FROM gathered WHERE station = ?1";
        self.0.execute(sql, [station.as_str()])?;
        Ok(())
    }

    /// Forgets what was kept for people who do not belong to the house any more.
    pub fn forget_gathered_of_strangers(&self) -> Result<(), AlbumError> {
        let sql = "DELETE FROM gathered WHERE station NOT IN (SELECT station FROM person)";
        self.0.execute(sql, [])?;
        Ok(())
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
