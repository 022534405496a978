//! The parts of shares: which of them are wanted, which are here.

use rusqlite::{Row, params};

use super::{AlbumError, Rows, named, parsed};
use crate::envelope::{Digest, Fingerprint};
use crate::rules::Tier;

/// What is counted for the rows of one part, and for those of one item, with their indexes: bytes.
pub const PART_ROW: u64 = 512;

/// The bytes of one row of `share` with its items and parts; `?3` is [`PART_ROW`].
const SHARE_BYTES: &str = "(SELECT coalesce(sum(?3 + CASE
        WHEN tier = 'about' OR (wanted = 1 AND share.state IN ('arriving', 'complete')) THEN len ELSE 0 END), 0)
    FROM part WHERE part.share = share.id)
    + ?3 * (SELECT count(*) FROM share_item WHERE share_item.share = share.id)
    + length(CAST(title AS BLOB)) + length(CAST(message AS BLOB))
    + coalesce((SELECT length(der) FROM manifest WHERE manifest.share = share.id), 0)";

/// The bytes of one row of `holding` with what hangs on it.
const HOLDING_BYTES: &str =
    "length(chain) + length(CAST(title AS BLOB)) + length(CAST(message AS BLOB))
    + coalesce((SELECT length(der) FROM holding_grant WHERE holding_grant.holding = holding.id), 0)
    + (SELECT coalesce(sum(length(station) + length(rules)), 0)
        FROM holding_station WHERE holding_station.holding = holding.id)";

/// One part.
#[derive(Debug, Clone)]
pub struct PartRow {
    /// The share.
    pub share: i64,
    /// The item.
    pub item: i64,
    /// The tier.
    pub tier: Tier,
    /// Its place in the tier.
    pub position: u32,
    /// Its name.
    pub digest: Digest,
    /// DER bytes.
    pub len: u64,
    /// A grant here makes us expect it.
    pub wanted: bool,
    /// Its blob is here.
    pub held: bool,
    /// It was opened once.
    pub opened: bool,
}

impl PartRow {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(PartRow {
            share: row.get("share")?,
            item: row.get("item")?,
            tier: named(row, "tier", Tier::from_name)?,
            position: row.get("position")?,
            digest: parsed(row, "digest")?,
            len: row.get("len")?,
            wanted: row.get("wanted")?,
            held: row.get("held")?,
            opened: row.get("opened")?,
        })
    }
}

impl Rows<'_> {
    /// The parts of a share.
    pub fn parts(&self, share: i64) -> Result<Vec<PartRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM part WHERE share = ?1 ORDER BY item, tier, position")?;
        let rows = query.query_map([share], PartRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The parts of an item, in order.
    pub fn item_parts(&self, item: i64) -> Result<Vec<PartRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM part WHERE item = ?1 ORDER BY tier, position")?;
        let rows = query.query_map([item], PartRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The parts of one tier of an item, in order.
    pub fn tier_parts(&self, item: i64, tier: Tier) -> Result<Vec<PartRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM part WHERE item = ?1 AND tier = ?2 ORDER BY position")?;
        let rows = query.query_map(params![item, tier.as_str()], PartRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A part by digest, once for each share here that wants and does not hold it. An honest part is of one share alone;
    /// a hostile manifest may name the parts of another.
    pub fn waits_for_part(&self, digest: Digest) -> Result<Vec<PartRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM part WHERE digest = ?1 AND wanted = 1 AND held = 0")?;
        let rows = query.query_map([digest.to_string()], PartRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether any share here knows the part.
    pub fn part_is_known(&self, digest: Digest) -> Result<bool, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM part WHERE digest = ?1)")?;
        Ok(query.query_row([digest.to_string()], |row| row.get(0))?)
    }

    /// All parts that some share here wants and does not hold.
    pub fn missing_parts(&self) -> Result<Vec<PartRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM part WHERE wanted = 1 AND held = 0")?;
        let rows = query.query_map([], PartRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Marks exactly these parts of a share as wanted.
    pub fn want_parts<'d>(
        &self,
        share: i64,
        digests: impl IntoIterator<Item = &'d Digest>,
    ) -> Result<(), AlbumError> {
        self.0
            .execute("UPDATE part SET wanted = 0 WHERE share = ?1", [share])?;
        let mut want = self
            .0
            .prepare_cached("UPDATE part SET wanted = 1 WHERE share = ?1 AND digest = ?2")?;
        for digest in digests {
            want.execute(params![share, digest.to_string()])?;
        }
        Ok(())
    }

    /// Notes that a part's blob is here (and opened, where it was), for the one share whose key opens it.
    pub fn hold_part(&self, share: i64, digest: Digest, opened: bool) -> Result<(), AlbumError> {
        self.0
            .prepare_cached(
                "UPDATE part SET held = 1, opened = opened OR ?3 WHERE share = ?1 AND digest = ?2",
            )?
            .execute(params![share, digest.to_string(), opened])?;
        self.look_again(share)
    }

    /// Notes that a part's blob is gone.
    pub fn drop_part(&self, share: i64, digest: Digest) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE part SET held = 0, opened = 0, wanted = 0 WHERE share = ?1 AND digest = ?2",
            params![share, digest.to_string()],
        )?;
        Ok(())
    }

    /// Whether another share still holds that part's blob.
    pub fn part_is_held_elsewhere(&self, share: i64, digest: Digest) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM part WHERE digest = ?2 AND share <> ?1 AND held = 1)",
            params![share, digest.to_string()],
            |row| row.get(0),
        )?)
    }

    /// Whether any share here holds the blob of that name.
    pub(super) fn is_part_held(&self, digest: &str) -> Result<bool, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM part WHERE digest = ?1 AND held = 1)")?;
        Ok(query.query_row([digest], |row| row.get(0))?)
    }

    /// Bytes that received shares take or may yet take: in all, and those of one granter. Wanted parts of live shares
    /// count, and for good what stays as rows: manifest and words, the text of each item, [`PART_ROW`] an item and part,
    /// permits and rules; the grant letter while it lives. It looks at every part: for a grant that came, not for every pass.
    pub fn reserved(
        &self,
        granter: Fingerprint,
        me: Fingerprint,
    ) -> Result<(u64, u64), AlbumError> {
        let sql = format!(
            "SELECT coalesce(sum(bytes), 0), coalesce(sum(bytes) FILTER (WHERE mine), 0) FROM (
                SELECT {SHARE_BYTES} AS bytes,
                    EXISTS (SELECT 1 FROM holding WHERE holding.share = share.id AND granter = ?1) AS mine
                FROM share WHERE origin <> ?2 AND origin NOT IN (SELECT fingerprint FROM former_identity)
                UNION ALL SELECT {HOLDING_BYTES}, granter = ?1 FROM holding
                WHERE granter <> ?2 AND granter NOT IN (SELECT fingerprint FROM former_identity))"
        );
        let found = self.0.query_row(
            &sql,
            params![granter.to_string(), me.to_string(), PART_ROW],
            |row| Ok((row.get(0)?, row.get(1)?)),
        );
        Ok(found?)
    }

    /// Bytes of sealed parts that are here: of this household's own shares, and of those that came.
    pub fn held_bytes(&self, me: Fingerprint) -> Result<(u64, u64), AlbumError> {
        let sql = "SELECT coalesce(sum(len) FILTER (WHERE own), 0), coalesce(sum(len) FILTER (WHERE NOT own), 0) FROM
             (SELECT len, origin = ?1 OR origin IN (SELECT fingerprint FROM former_identity) AS own
              FROM part JOIN share ON share.id = part.share WHERE held = 1)";
        let found = self
            .0
            .query_row(sql, [me.to_string()], |row| Ok((row.get(0)?, row.get(1)?)));
        Ok(found?)
    }

    /// What of it is one granter's letter, permits and rules for one share: what a newer grant replaces.
    pub fn reserved_by_holding(&self, share: i64, granter: Fingerprint) -> Result<u64, AlbumError> {
        let sql = format!(
            "SELECT coalesce(sum({HOLDING_BYTES}), 0) FROM holding WHERE share = ?1 AND granter = ?2"
        );
        let found = self
            .0
            .query_row(&sql, params![share, granter.to_string()], |row| row.get(0));
        Ok(found?)
    }
}
