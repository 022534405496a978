//! Shares known here, own and received, with their items and parts.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, named, parsed, time};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint, Id, PART_SIZE, part_len};
use crate::message::{About, SignedManifest};
use crate::rules::{Kind, Tier};

/// How a share stands here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShareState {
    /// Parts are missing.
    Arriving,
    /// All expected parts are here.
    Complete,
    /// Over for everyone here.
    Expired,
    /// Taken back.
    Revoked,
}

/// A share.
#[derive(Debug, Clone)]
pub struct Share {
    /// Row id.
    pub id: i64,
    /// What people type.
    pub reference: String,
    /// Who made it.
    pub origin: Fingerprint,
    /// Its id on the wire.
    pub wire: Id,
    /// How permits name its manifest.
    pub manifest_digest: Digest,
    /// The SignedData of its manifest; empty once it is gone.
    pub manifest: Vec<u8>,
    /// Its title.
    pub title: String,
    /// Its message.
    pub message: String,
    /// When it was made.
    pub created: Timestamp,
    /// When its first grant was taken here.
    pub arrived: Timestamp,
    /// How it stands.
    pub state: ShareState,
}

/// One item of a share.
#[derive(Debug, Clone)]
pub struct ShareItem {
    /// Row id.
    pub id: i64,
    /// What people type.
    pub reference: String,
    /// The share it belongs to.
    pub share: i64,
    /// Its id on the wire.
    pub wire: Id,
    /// What it is, as the sender says.
    pub kind: Kind,
    /// Cleaned name, once `about` was opened.
    pub name: Option<String>,
    /// A hint.
    pub media_type: Option<String>,
    /// Caption.
    pub caption: Option<String>,
    /// Local time.
    pub taken: Option<String>,
    /// Pixels as seen.
    pub width: Option<u32>,
    /// Pixels as seen.
    pub height: Option<u32>,
}

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

/// What a share needs to be stored.
pub struct NewShare<'a> {
    /// The manifest.
    pub manifest: &'a SignedManifest,
    /// Title.
    pub title: &'a str,
    /// Message.
    pub message: &'a str,
    /// State to begin with.
    pub state: ShareState,
}

impl ShareState {
    /// The name in rows and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            ShareState::Arriving => "arriving",
            ShareState::Complete => "complete",
            ShareState::Expired => "expired",
            ShareState::Revoked => "revoked",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [
            ShareState::Arriving,
            ShareState::Complete,
            ShareState::Expired,
            ShareState::Revoked,
        ]
        .into_iter()
        .find(|state| state.as_str() == name)
    }

    /// Whether it is over for good.
    pub fn is_ended(self) -> bool {
        matches!(self, ShareState::Expired | ShareState::Revoked)
    }
}

impl Share {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Share {
            id: row.get("id")?,
            reference: row.get("ref")?,
            origin: parsed(row, "origin")?,
            wire: parsed(row, "wire")?,
            manifest_digest: parsed(row, "manifest_digest")?,
            manifest: row.get("manifest")?,
            title: row.get("title")?,
            message: row.get("message")?,
            created: time(row, "created")?,
            arrived: time(row, "arrived")?,
            state: named(row, "state", ShareState::from_name)?,
        })
    }
}

impl ShareItem {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(ShareItem {
            id: row.get("id")?,
            reference: row.get("ref")?,
            share: row.get("share")?,
            wire: parsed(row, "wire")?,
            kind: named(row, "kind", Kind::from_name)?,
            name: row.get("name")?,
            media_type: row.get("media_type")?,
            caption: row.get("caption")?,
            taken: row.get("taken")?,
            width: row.get("width")?,
            height: row.get("height")?,
        })
    }
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

/// A number of pixels; more than any picture has is none, whatever a sender says.
fn pixels(number: Option<crate::encoding::Integer>) -> Option<u32> {
    number.and_then(|n| u32::try_from(n.get()).ok())
}

/// The short name of a share or of one of its items, the same at every household and chosen by none.
fn reference_digest(origin: Fingerprint, share: Id, item: Option<Id>) -> Digest {
    let item = item.map(|id| id.to_string()).unwrap_or_default();
    Digest::of(format!("hearthpost reference {origin} {share} {item}").as_bytes())
}

impl Rows<'_> {
    /// The share of that origin and wire id.
    pub fn share_by_wire(
        &self,
        origin: Fingerprint,
        wire: Id,
    ) -> Result<Option<Share>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM share WHERE origin = ?1 AND wire = ?2")?;
        let keys = [origin.to_string(), wire.to_string()];
        Ok(query.query_row(keys, Share::from_row).optional()?)
    }

    /// The share that people call `reference`.
    pub fn share(&self, reference: &str) -> Result<Option<Share>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM share WHERE ref = ?1")?;
        Ok(query.query_row([reference], Share::from_row).optional()?)
    }

    /// The share of a row id.
    pub fn share_by_id(&self, id: i64) -> Result<Share, AlbumError> {
        let mut query = self.0.prepare_cached("SELECT * FROM share WHERE id = ?1")?;
        Ok(query.query_row([id], Share::from_row)?)
    }

    /// All shares, newest first.
    pub fn shares(&self) -> Result<Vec<Share>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM share ORDER BY arrived DESC, id DESC")?;
        let rows = query.query_map([], Share::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Stores a share with its items and parts, none of them wanted or held yet.
    pub fn add_share(&self, new: &NewShare<'_>, now: Timestamp) -> Result<Share, AlbumError> {
        let manifest = new.manifest.manifest();
        let (origin, wire) = (manifest.origin, manifest.share);
        let reference = self.free_reference(reference_digest(origin, wire, None))?;
        self.0.execute(
            "INSERT INTO share (ref, origin, wire, manifest_digest, manifest, title, message, created, arrived, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                reference,
                origin.to_string(),
                wire.to_string(),
                new.manifest.digest().to_string(),
                new.manifest.der(),
                new.title,
                new.message,
                manifest.created.unix(),
                now.unix(),
                new.state.as_str(),
            ],
        )?;
        let share = self.0.last_insert_rowid();
        let mut part = self.0.prepare_cached(
            "INSERT INTO part (share, item, tier, position, digest, len) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for (position, item) in manifest.items.iter().enumerate() {
            let reference = self.free_reference(reference_digest(origin, wire, Some(item.id)))?;
            self.0.execute(
                "INSERT INTO share_item (ref, share, wire, position, kind) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![reference, share, item.id.to_string(), position as i64, item.kind.as_str()],
            )?;
            let row = self.0.last_insert_rowid();
            for (tier, parts) in &item.tiers {
                let mut left = parts.size.get();
                for (position, digest) in parts.parts.iter().enumerate() {
                    let content = left.min(PART_SIZE as u64);
                    left -= content;
                    part.execute(params![
                        share,
                        row,
                        tier.as_str(),
                        position as i64,
                        digest.to_string(),
                        part_len(content as usize) as u64,
                    ])?;
                }
            }
        }
        self.share_by_id(share)
    }

    /// The items of a share, in order.
    pub fn share_items(&self, share: i64) -> Result<Vec<ShareItem>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM share_item WHERE share = ?1 ORDER BY position")?;
        let rows = query.query_map([share], ShareItem::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The shared item of a row id.
    pub fn share_item_by_id(&self, id: i64) -> Result<ShareItem, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM share_item WHERE id = ?1")?;
        Ok(query.query_row([id], ShareItem::from_row)?)
    }

    /// The shared item that people call `reference`.
    pub fn share_item(&self, reference: &str) -> Result<Option<ShareItem>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM share_item WHERE ref = ?1")?;
        Ok(query
            .query_row([reference], ShareItem::from_row)
            .optional()?)
    }

    /// Keeps what an item's `about` says.
    pub fn describe_item(&self, item: i64, about: &About) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE share_item SET name = ?2, media_type = ?3, caption = ?4, taken = ?5, width = ?6, height = ?7 WHERE id = ?1",
            params![
                item,
                about.name,
                about.media_type,
                about.caption,
                about.taken,
                pixels(about.width),
                pixels(about.height),
            ],
        )?;
        Ok(())
    }

    /// Notes which own item a shared one was made from.
    pub fn link_own_item(&self, share: i64, wire: Id, own: i64) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE share_item SET own = ?3 WHERE share = ?1 AND wire = ?2",
            params![share, wire.to_string(), own],
        )?;
        Ok(())
    }

    /// The own items of which an own share was made; `None` where one was made of a file.
    pub fn own_items(&self, share: i64) -> Result<Option<Vec<String>>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT item.ref FROM share_item LEFT JOIN item ON item.id = share_item.own
             WHERE share = ?1 ORDER BY position",
        )?;
        let rows = query.query_map([share], |row| row.get::<_, Option<String>>(0))?;
        Ok(rows.collect::<Result<Option<Vec<_>>, _>>()?)
    }

    /// The parts of a share.
    pub fn parts(&self, share: i64) -> Result<Vec<PartRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM part WHERE share = ?1 ORDER BY item, tier, position")?;
        let rows = query.query_map([share], PartRow::from_row)?;
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

    /// Whether any share here knows the part, and whether one still waits for it.
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

    /// DER bytes reserved by wanted parts: in all, and by shares of one granter.
    pub fn reserved(&self, granter: Fingerprint) -> Result<(u64, u64), AlbumError> {
        let all = self.0.query_row(
            "SELECT coalesce(sum(len), 0) FROM part JOIN share ON share.id = part.share WHERE wanted = 1 AND state IN ('arriving', 'complete')",
            [],
            |row| row.get(0),
        )?;
        let by_granter = self.0.query_row(
            "SELECT coalesce(sum(len), 0) FROM part JOIN share ON share.id = part.share WHERE wanted = 1
             AND state IN ('arriving', 'complete')
             AND EXISTS (SELECT 1 FROM holding WHERE holding.share = part.share AND granter = ?1)",
            [granter.to_string()],
            |row| row.get(0),
        )?;
        Ok((all, by_granter))
    }

    /// Shares that still arrive, or of which a granter was not yet told that they are complete.
    pub fn unsettled_shares(&self) -> Result<Vec<i64>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT id FROM share WHERE state = 'arriving'
             UNION SELECT share FROM holding JOIN share ON share.id = holding.share
                WHERE holding.state = 'live' AND receipted = 0 AND share.state = 'complete'",
        )?;
        let rows = query.query_map([], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Shares of which something may be over by then.
    pub fn shares_to_look_at(&self, at: Timestamp) -> Result<Vec<Share>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT * FROM share WHERE look <= ?1 AND state IN ('arriving', 'complete') ORDER BY id",
        )?;
        let rows = query.query_map([at.unix()], Share::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The first time after that at which something of a share may be over.
    pub fn next_look(&self, after: Timestamp) -> Result<Option<Timestamp>, AlbumError> {
        let sql =
            "SELECT min(look) FROM share WHERE look > ?1 AND state IN ('arriving', 'complete')";
        let next: Option<i64> = self.0.query_row(sql, [after.unix()], |row| row.get(0))?;
        Ok(next.map(Timestamp::from_unix))
    }

    /// Says when something of a share may next be over; `None`: not until it changes.
    pub fn set_look(&self, share: i64, at: Option<Timestamp>) -> Result<(), AlbumError> {
        self.0
            .prepare_cached("UPDATE share SET look = ?2 WHERE id = ?1")?
            .execute(params![share, at.map(Timestamp::unix)])?;
        Ok(())
    }

    /// A share changed in what ends it: it is looked at at the next pass.
    pub(super) fn look_again(&self, share: i64) -> Result<(), AlbumError> {
        self.set_look(share, Some(Timestamp::from_unix(0)))
    }

    /// Sets how a share stands, with the time for a tombstone.
    pub fn set_share_state(
        &self,
        share: i64,
        state: ShareState,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE share SET state = ?2, ended = CASE WHEN ?4 THEN ?3 ELSE NULL END WHERE id = ?1",
            params![share, state.as_str(), now.unix(), state.is_ended()],
        )?;
        self.look_again(share)
    }

    /// Renews title and message from a newer grant.
    pub fn set_share_words(
        &self,
        share: i64,
        title: &str,
        message: &str,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE share SET title = ?2, message = ?3 WHERE id = ?1",
            params![share, title, message],
        )?;
        Ok(())
    }
}
