//! Shares known here, own and received, with their items and parts.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, named, parsed, time};
use crate::address::StationName;
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint, Id, PART_SIZE, part_len};
use crate::message::{About, SignedManifest};
use crate::rules::{Kind, Together};

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
    /// When it ended.
    pub ended: Option<Timestamp>,
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
    /// Id on the wire of the item that it belongs to, as the sender says; there may be none of that id.
    pub goes_with: Option<Id>,
}

/// An item in a list, with what is needed there alone.
#[derive(Debug, Clone)]
pub struct ItemName {
    /// Its place in the share.
    pub position: i64,
    /// What people type.
    pub reference: String,
    /// What it is, as the sender says.
    pub kind: Kind,
    /// Cleaned name, once `about` was opened.
    pub name: Option<String>,
    /// A hint.
    pub media_type: Option<String>,
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
    pub(super) fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Share {
            id: row.get("id")?,
            reference: row.get("ref")?,
            origin: parsed(row, "origin")?,
            wire: parsed(row, "wire")?,
            manifest_digest: parsed(row, "manifest_digest")?,
            title: row.get("title")?,
            message: row.get("message")?,
            created: time(row, "created")?,
            arrived: time(row, "arrived")?,
            state: named(row, "state", ShareState::from_name)?,
            ended: row
                .get::<_, Option<i64>>("ended")?
                .map(Timestamp::from_unix),
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
            goes_with: row
                .get::<_, Option<String>>("goes_with")?
                .map(|_| parsed(row, "goes_with"))
                .transpose()?,
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

    /// The SignedData of a share's manifest.
    pub fn manifest(&self, share: i64) -> Result<Vec<u8>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT der FROM manifest WHERE share = ?1")?;
        Ok(query.query_row([share], |row| row.get(0))?)
    }

    /// All shares, newest first.
    pub fn shares(&self) -> Result<Vec<Share>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM share ORDER BY arrived DESC, id DESC")?;
        let rows = query.query_map([], Share::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The own items from which those of a share were made, in its order, where they are in the album still and the viewer
    /// sees them; `None` sees all.
    pub fn own_items_of(
        &self,
        share: i64,
        viewer: Option<&StationName>,
    ) -> Result<Vec<String>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT item.ref FROM share_item JOIN item ON item.id = share_item.own
             WHERE share_item.share = ?1 AND (?2 IS NULL OR private = 0 OR added_by = ?2)
             ORDER BY share_item.position",
        )?;
        let viewer = viewer.map(StationName::as_str);
        let rows = query.query_map(params![share, viewer], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many items a share has.
    pub fn count_share_items(&self, share: i64) -> Result<u64, AlbumError> {
        let sql = "SELECT count(*) FROM share_item WHERE share = ?1";
        let mut query = self.0.prepare_cached(sql)?;
        Ok(query.query_row([share], |row| row.get(0))?)
    }

    /// What its items are.
    pub fn kinds_of_share(&self, share: i64) -> Result<Together, AlbumError> {
        let sql = "SELECT DISTINCT kind FROM share_item WHERE share = ?1";
        let mut query = self.0.prepare_cached(sql)?;
        let kinds = query.query_map([share], |row| row.get::<_, String>("kind"))?;
        let kinds = kinds.collect::<Result<Vec<_>, _>>()?;
        Ok(Together::of(
            kinds.iter().filter_map(|kind| Kind::from_name(kind)),
        ))
    }

    /// Stores a share with its items and parts, none of them wanted or held yet.
    pub fn add_share(&self, new: &NewShare<'_>, now: Timestamp) -> Result<Share, AlbumError> {
        let manifest = new.manifest.manifest();
        let (origin, wire) = (manifest.origin, manifest.share);
        let reference = self.free_reference(reference_digest(origin, wire, None))?;
        self.0.execute(
            "INSERT INTO share (ref, origin, wire, manifest_digest, title, message, created, arrived, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                reference,
                origin.to_string(),
                wire.to_string(),
                new.manifest.digest().to_string(),
                new.title,
                new.message,
                manifest.created.unix(),
                now.unix(),
                new.state.as_str(),
            ],
        )?;
        let share = self.0.last_insert_rowid();
        self.0.execute(
            "INSERT INTO manifest (share, der) VALUES (?1, ?2)",
            params![share, new.manifest.der()],
        )?;
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

    /// The items of these shares, by share and in order: one look at the table, for it may be long.
    pub fn item_names(
        &self,
        shares: &BTreeSet<i64>,
    ) -> Result<BTreeMap<i64, Vec<ItemName>>, AlbumError> {
        let sql = "SELECT share, position, ref, kind, name, media_type FROM share_item";
        let mut query = self.0.prepare_cached(sql)?;
        let mut rows = query.query([])?;
        let mut names: BTreeMap<i64, Vec<ItemName>> =
            shares.iter().map(|share| (*share, Vec::new())).collect();
        // By place, not by name of the column: this is read a hundred thousand times.
        while let Some(row) = rows.next()? {
            let Some(names) = names.get_mut(&row.get(0)?) else {
                continue;
            };
            let kind = row.get_ref(3)?.as_str().ok().and_then(Kind::from_name);
            names.push(ItemName {
                position: row.get(1)?,
                reference: row.get(2)?,
                kind: kind.unwrap_or(Kind::File),
                name: row.get(4)?,
                media_type: row.get(5)?,
            });
        }
        for names in names.values_mut() {
            names.sort_by_key(|name| name.position);
        }
        Ok(names)
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
            "UPDATE share_item SET name = ?2, media_type = ?3, caption = ?4, taken = ?5, width = ?6, height = ?7,
             goes_with = ?8 WHERE id = ?1",
            params![
                item,
                about.name,
                about.media_type,
                about.caption,
                about.taken,
                pixels(about.width),
                pixels(about.height),
                about.goes_with.map(|id| id.to_string()),
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

    /// The own item of which an item of an own share was made; `None` where it was made of a file, or is no more.
    pub fn own_item_of(&self, item: i64) -> Result<Option<String>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT item.ref FROM share_item JOIN item ON item.id = share_item.own WHERE share_item.id = ?1",
        )?;
        Ok(query.query_row([item], |row| row.get(0)).optional()?)
    }

    /// Shares that are over, since that time.
    pub fn shares_ended_since(&self, since: Timestamp) -> Result<Vec<Share>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM share WHERE ended >= ?1 ORDER BY id")?;
        let rows = query.query_map([since.unix()], Share::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
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

    /// Sets title and message.
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
