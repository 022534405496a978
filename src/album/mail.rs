//! How far the mailbox was read, and what was found there.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, named, time};
use crate::encoding::Timestamp;
use crate::envelope::{Digest, Fingerprint, Id};

/// What a letter waits for of which something is to be answered to the household of the fingerprint behind it, to which nothing
/// can be written yet.
pub const TO_ANSWER: &str = "to answer ";

/// What was found about a message or body part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A letter that waits for a contact or for the clock.
    Pending,
    /// A part that no grant asks for yet.
    Unclaimed,
    /// Not taken, for good.
    Refused,
    /// Taken; only the mail is left to be removed.
    Taken,
}

/// A verdict that was recorded.
#[derive(Debug, Clone)]
pub struct VerdictRow {
    /// The message.
    pub uid: u32,
    /// The body part; empty for the whole message.
    pub section: String,
    /// What was found.
    pub verdict: Verdict,
    /// The part that lies there.
    pub digest: Option<Digest>,
    /// Encoded octets.
    pub size: u64,
    /// What a pending letter waits for: a fingerprint, or `clock`.
    pub waits: Option<String>,
    /// Why it was refused.
    pub reason: Option<String>,
    /// When it was found.
    pub at: Timestamp,
}

/// How far a folder was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FolderState {
    /// UIDs hold only with it.
    pub uid_validity: u32,
    /// The first UID not yet looked at.
    pub next_uid: u32,
}

impl Verdict {
    fn as_str(self) -> &'static str {
        match self {
            Verdict::Pending => "pending",
            Verdict::Unclaimed => "unclaimed",
            Verdict::Refused => "refused",
            Verdict::Taken => "taken",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [
            Verdict::Pending,
            Verdict::Unclaimed,
            Verdict::Refused,
            Verdict::Taken,
        ]
        .into_iter()
        .find(|verdict| verdict.as_str() == name)
    }
}

impl VerdictRow {
    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        let digest: Option<String> = row.get("digest")?;
        Ok(VerdictRow {
            uid: row.get("uid")?,
            section: row.get("section")?,
            verdict: named(row, "verdict", Verdict::from_name)?,
            digest: digest.and_then(|text| text.parse().ok()),
            size: row.get("size")?,
            waits: row.get("waits")?,
            reason: row.get("reason")?,
            at: time(row, "at")?,
        })
    }
}

impl Rows<'_> {
    /// How far a folder was read.
    pub fn folder_state(&self, folder: &str) -> Result<Option<FolderState>, AlbumError> {
        let found = self.0.query_row(
            "SELECT uid_validity, next_uid FROM folder WHERE name = ?1",
            [folder],
            |row| {
                Ok(FolderState {
                    uid_validity: row.get(0)?,
                    next_uid: row.get(1)?,
                })
            },
        );
        Ok(found.optional()?)
    }

    /// Notes how far a folder was read. Another UIDVALIDITY forgets all verdicts of the folder, and which of its messages
    /// could not be looked at.
    pub fn set_folder_state(&self, folder: &str, state: FolderState) -> Result<(), AlbumError> {
        if let Some(old) = self.folder_state(folder)?
            && old.uid_validity != state.uid_validity
        {
            self.0
                .execute("DELETE FROM verdict WHERE folder = ?1", [folder])?;
            self.0.execute(
                "DELETE FROM setting WHERE substr(name, 1, length(?1)) = ?1",
                [unreadable(folder, "")],
            )?;
        }
        self.0.execute(
            "INSERT INTO folder (name, uid_validity, next_uid) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET uid_validity = excluded.uid_validity, next_uid = excluded.next_uid",
            params![folder, state.uid_validity, state.next_uid],
        )?;
        Ok(())
    }

    /// Counts a look at a message about which the server did not answer; gives how many there were.
    pub fn looked_in_vain(&self, folder: &str, uid: u32) -> Result<u32, AlbumError> {
        let name = unreadable(folder, &uid.to_string());
        let looks = self.setting(&name)?.and_then(|text| text.parse().ok());
        let looks = looks.unwrap_or(0u32).saturating_add(1);
        self.set_setting(&name, &looks.to_string())?;
        Ok(looks)
    }

    /// The verdicts of a folder.
    pub fn verdicts(&self, folder: &str) -> Result<Vec<VerdictRow>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM verdict WHERE folder = ?1 ORDER BY uid, section")?;
        let rows = query.query_map([folder], VerdictRow::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Records a verdict.
    pub fn put_verdict(&self, folder: &str, row: &VerdictRow) -> Result<(), AlbumError> {
        self.0
            .prepare_cached(
                "INSERT INTO verdict (folder, uid, section, verdict, digest, size, waits, reason, at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (folder, uid, section) DO UPDATE SET verdict = excluded.verdict, digest = excluded.digest,
                    size = excluded.size, waits = excluded.waits, reason = excluded.reason, at = excluded.at",
            )?
            .execute(params![
                folder,
                row.uid,
                row.section,
                row.verdict.as_str(),
                row.digest.map(|digest| digest.to_string()),
                row.size,
                row.waits,
                row.reason,
                row.at.unix(),
            ])?;
        Ok(())
    }

    /// Forgets the verdicts of a message that is gone from the folder.
    pub fn forget_message(&self, folder: &str, uid: u32) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM verdict WHERE folder = ?1 AND uid = ?2",
            params![folder, uid],
        )?;
        Ok(())
    }

    /// What was refused since a time, with why, newest first, at most so many.
    pub fn refused_since(
        &self,
        since: Timestamp,
        most: usize,
    ) -> Result<Vec<(Timestamp, String)>, AlbumError> {
        let mut query = self.0.prepare_cached(
            "SELECT at, reason FROM verdict WHERE verdict = 'refused' AND at >= ?1 AND reason IS NOT NULL
             ORDER BY at DESC, folder, uid LIMIT ?2",
        )?;
        let rows = query.query_map(params![since.unix(), most], |row| {
            Ok((time(row, "at")?, row.get("reason")?))
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many letters wait for the keeper to accept this household.
    pub fn pending_letters(&self, who: Fingerprint) -> Result<u64, AlbumError> {
        let sql = "SELECT count(*) FROM verdict WHERE verdict = 'pending' AND waits = ?1";
        Ok(self.0.query_row(sql, [who.to_string()], |row| row.get(0))?)
    }

    /// How many letters of which something is to be answered wait until that household can be written to.
    pub fn letters_to_answer(&self, who: Fingerprint) -> Result<u64, AlbumError> {
        let sql = "SELECT count(*) FROM verdict WHERE verdict = 'pending' AND waits = ?1";
        let waits = format!("{TO_ANSWER}{who}");
        Ok(self.0.query_row(sql, [waits], |row| row.get(0))?)
    }

    /// The letters that wait for a household are not looked at any more.
    pub fn refuse_pending_letters(&self, who: Fingerprint, reason: &str) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE verdict SET verdict = 'refused', waits = NULL, reason = ?2
             WHERE verdict = 'pending' AND waits IN (?1, ?3 || ?1)",
            params![who.to_string(), reason, TO_ANSWER],
        )?;
        Ok(())
    }

    /// Whether a letter of that sender was acted on before.
    pub fn letter_seen(&self, sender: Fingerprint, id: Id) -> Result<bool, AlbumError> {
        Ok(self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM letter_seen WHERE sender = ?1 AND id = ?2 AND unread = 0)",
            [sender.to_string(), id.to_string()],
            |row| row.get(0),
        )?)
    }

    /// Notes that a letter could not be read by this version; gives whether that is the first time.
    pub fn put_letter_unread(
        &self,
        sender: Fingerprint,
        id: Id,
        now: Timestamp,
    ) -> Result<bool, AlbumError> {
        let new = self.0.execute(
            "INSERT INTO letter_seen (id, sender, at, unread) VALUES (?1, ?2, ?3, 1) ON CONFLICT DO NOTHING",
            params![id.to_string(), sender.to_string(), now.unix()],
        )?;
        Ok(new > 0)
    }

    /// Notes that a letter was acted on.
    pub fn put_letter_seen(
        &self,
        sender: Fingerprint,
        id: Id,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO letter_seen (id, sender, at) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET unread = 0",
            params![id.to_string(), sender.to_string(), now.unix()],
        )?;
        Ok(())
    }
}

/// The setting that counts the looks at a message; of all of a folder, how it begins.
fn unreadable(folder: &str, uid: &str) -> String {
    format!("unreadable {folder} {uid}")
}
