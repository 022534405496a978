//! Copies further on, and what was taken back: revocations that came, and those that are told to others.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, ders, named, parsed, time};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint, Id};

/// How a copy further on stands, as far as is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyState {
    /// It was passed on.
    Forwarded,
    /// It was taken back: its holder is asked to delete it.
    Revoked,
    /// Its holder says that it is gone.
    Deleted,
}

/// A copy below a destination of this household, of which a receipt told.
#[derive(Debug, Clone)]
pub struct OnwardCopy {
    /// The last permit of its chain.
    pub permit: Digest,
    /// The share.
    pub share: i64,
    /// The household to which this one gave what it stands on.
    pub branch: Fingerprint,
    /// Who has it.
    pub holder: Fingerprint,
    /// DERs of its permits, origin first.
    pub chain: Vec<Vec<u8>>,
    /// How it stands.
    pub state: CopyState,
    /// When that last changed.
    pub changed: Timestamp,
    /// It is gone because it was taken back before anything of it had left for its holder.
    pub never_went: bool,
    /// Its holder itself said that it has it.
    pub confirmed: bool,
}

/// A revocation that a household is told until it says that its copy is gone.
#[derive(Debug, Clone)]
pub struct Recall {
    /// Row id.
    pub id: i64,
    /// The share.
    pub share: i64,
    /// Who is told.
    pub contact: Fingerprint,
    /// The revocation as it was signed.
    pub signed: Vec<u8>,
    /// When it was first told.
    pub begun: Timestamp,
}

impl CopyState {
    /// The name in rows and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            CopyState::Forwarded => "forwarded",
            CopyState::Revoked => "revoked",
            CopyState::Deleted => "deleted",
        }
    }

    pub(super) fn from_name(name: &str) -> Option<Self> {
        [CopyState::Forwarded, CopyState::Revoked, CopyState::Deleted]
            .into_iter()
            .find(|state| state.as_str() == name)
    }
}

impl OnwardCopy {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(OnwardCopy {
            permit: parsed(row, "permit")?,
            share: row.get("share")?,
            branch: parsed(row, "branch")?,
            holder: parsed(row, "holder")?,
            chain: ders::split(&row.get::<_, Vec<u8>>("chain")?),
            state: named(row, "state", CopyState::from_name)?,
            changed: time(row, "changed")?,
            never_went: row.get("never_went")?,
            confirmed: row.get("confirmed")?,
        })
    }
}

impl Recall {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Recall {
            id: row.get("id")?,
            share: row.get("share")?,
            contact: parsed(row, "contact")?,
            signed: row.get("signed")?,
            begun: time(row, "begun")?,
        })
    }
}

impl Rows<'_> {
    /// The copies of a share further on, the nearest first, of one distance in the order in which word of them came.
    pub fn onward_copies(&self, share: i64) -> Result<Vec<OnwardCopy>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT * FROM onward_copy WHERE share = ?1 ORDER BY changed, permit",
        )?;
        let rows = query.query_map([share], OnwardCopy::from_row)?;
        let mut copies = rows.collect::<Result<Vec<_>, _>>()?;
        copies.sort_by_key(|copy| copy.chain.len());
        Ok(copies)
    }

    /// How many copies of a share further on are known below one household, and how many bytes their permits have.
    pub fn onward_copies_below(
        &self,
        share: i64,
        branch: Fingerprint,
    ) -> Result<(u64, u64), AlbumError> {
        let sql = "SELECT count(*), coalesce(sum(length(chain)), 0) FROM onward_copy
             WHERE share = ?1 AND branch = ?2";
        let found = self
            .0
            .query_row(sql, params![share, branch.to_string()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            });
        Ok(found?)
    }

    /// The copy that stands on this permit.
    pub fn onward_copy(&self, permit: Digest) -> Result<Option<OnwardCopy>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM onward_copy WHERE permit = ?1")?;
        let found = query.query_row([permit.to_string()], OnwardCopy::from_row);
        Ok(found.optional()?)
    }

    /// Adds a copy further on, or replaces what was known of it. What its holder confirmed stays so.
    pub fn put_onward_copy(&self, copy: &OnwardCopy) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO onward_copy (permit, share, branch, holder, chain, state, changed, never_went, confirmed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (permit) DO UPDATE SET state = excluded.state, changed = excluded.changed,
                never_went = excluded.never_went, confirmed = max(confirmed, excluded.confirmed)",
            params![
                copy.permit.to_string(),
                copy.share,
                copy.branch.to_string(),
                copy.holder.to_string(),
                ders::join(&copy.chain),
                copy.state.as_str(),
                copy.changed.unix(),
                copy.never_went,
                copy.confirmed,
            ],
        )?;
        Ok(())
    }

    /// The holder of a copy, where it is known, itself said that it has it.
    pub fn confirm_copy(&self, permit: Digest) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE onward_copy SET confirmed = 1 WHERE permit = ?1",
            [permit.to_string()],
        )?;
        Ok(())
    }

    /// Notes a permit that a household is given.
    pub fn put_given_permit(
        &self,
        share: i64,
        contact: Fingerprint,
        permit: Digest,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO given_permit (permit, share, contact) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![permit.to_string(), share, contact.to_string()],
        )?;
        Ok(())
    }

    /// The permits of a share that a household was given and that were not taken back.
    pub fn given_permits(
        &self,
        share: i64,
        contact: Fingerprint,
    ) -> Result<BTreeSet<Digest>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT permit FROM given_permit WHERE share = ?1 AND contact = ?2")?;
        let rows = query.query_map(params![share, contact.to_string()], |row| {
            parsed(row, "permit")
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// A permit was taken back.
    pub fn forget_given_permit(&self, permit: Digest) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM given_permit WHERE permit = ?1",
            [permit.to_string()],
        )?;
        Ok(())
    }

    /// Begins to tell a household of a revocation; gives whether it was not begun before.
    pub fn put_recall(
        &self,
        share: i64,
        contact: Fingerprint,
        (digest, signed): (Digest, &[u8]),
        now: Timestamp,
        next: Timestamp,
    ) -> Result<bool, AlbumError> {
        let begun = self.0.execute(
            "INSERT INTO recall (share, contact, digest, signed, begun, next) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (contact, digest) DO NOTHING",
            params![
                share,
                contact.to_string(),
                digest.to_string(),
                signed,
                now.unix(),
                next.unix()
            ],
        )?;
        Ok(begun > 0)
    }

    /// Those that are due to be told again. What would wait longer than `longest` seconds was put off by a clock that
    /// was ahead, and is due.
    pub fn due_recalls(&self, now: Timestamp, longest: u64) -> Result<Vec<Recall>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM recall WHERE next <= ?1 OR next > ?2 ORDER BY id")?;
        let ahead = now.plus_seconds(longest).unix();
        let rows = query.query_map([now.unix(), ahead], Recall::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a household is told of a share.
    pub fn recalls(&self, share: i64, contact: Fingerprint) -> Result<Vec<Recall>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM recall WHERE share = ?1 AND contact = ?2 ORDER BY id")?;
        let rows = query.query_map(params![share, contact.to_string()], Recall::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether a household is told of anything that was taken back.
    pub fn is_recalled_from(&self, contact: Fingerprint) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM recall WHERE contact = ?1)";
        let who = [contact.to_string()];
        Ok(self.0.query_row(sql, who, |row| row.get(0))?)
    }

    /// When the next household is to be told again.
    pub fn next_recall(&self) -> Result<Option<Timestamp>, AlbumError> {
        let sql = "SELECT min(next) FROM recall";
        let next: Option<i64> = self.0.query_row(sql, [], |row| row.get(0))?;
        Ok(next.map(Timestamp::from_unix))
    }

    /// Puts off the next time.
    pub fn defer_recall(&self, id: i64, next: Timestamp) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE recall SET next = ?2 WHERE id = ?1",
            params![id, next.unix()],
        )?;
        Ok(())
    }

    /// Nothing could be written to a household: the next time is put off by so many seconds, and what went by since the
    /// last, `wait` before the one that is noted, does not count.
    pub fn put_off_recall(&self, id: i64, now: Timestamp, wait: u64) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE recall SET begun = begun + max(0, ?2 - (next - ?3)), next = ?2 + ?3 WHERE id = ?1",
            params![id, now.unix(), wait],
        )?;
        Ok(())
    }

    /// A household to which nothing could be written is told at once of all that it is to be told.
    pub fn tell_now(&self, contact: Fingerprint, now: Timestamp) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE recall SET next = ?2 WHERE contact = ?1 AND next > ?2",
            params![contact.to_string(), now.unix()],
        )?;
        Ok(())
    }

    /// Tells a household no more of a revocation.
    pub fn end_recall(&self, id: i64) -> Result<(), AlbumError> {
        self.0.execute("DELETE FROM recall WHERE id = ?1", [id])?;
        Ok(())
    }

    /// Remembers a revocation under the name of a household, for which it counts.
    pub fn put_revocation(
        &self,
        (origin, share): (Fingerprint, Id),
        (digest, signed): (Digest, &[u8]),
        sender: Fingerprint,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO revocation (digest, origin, share, signed, sender, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (digest) DO NOTHING",
            params![
                digest.to_string(),
                origin.to_string(),
                share.to_string(),
                signed,
                sender.to_string(),
                now.unix()
            ],
        )?;
        Ok(())
    }

    /// The revocations of a share that came, as they were signed.
    pub fn revocations(&self, origin: Fingerprint, share: Id) -> Result<Vec<Vec<u8>>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT signed FROM revocation WHERE origin = ?1 AND share = ?2 ORDER BY at, digest",
        )?;
        let rows = query.query_map([origin.to_string(), share.to_string()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether that revocation is remembered.
    pub fn is_revocation_known(&self, digest: Digest) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM revocation WHERE digest = ?1)";
        Ok(self
            .0
            .query_row(sql, [digest.to_string()], |row| row.get(0))?)
    }

    /// How many revocations are remembered under a household's name.
    pub fn revocations_sent(&self, sender: Fingerprint) -> Result<u64, AlbumError> {
        let sql = "SELECT count(*) FROM revocation WHERE sender = ?1";
        Ok(self
            .0
            .query_row(sql, [sender.to_string()], |row| row.get(0))?)
    }
}
