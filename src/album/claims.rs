//! Identities that claim the mailbox of a household that is known: by what they write, or as the directory says. A claim is
//! open until the keeper has said what is to become of it: who claims is blocked, forgotten, or takes the place.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Rows, parsed};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

/// Who says that an identity is at a mailbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClaimedBy {
    /// It does itself.
    Itself,
    /// The directory does, of one that has written here, or is known otherwise.
    DirectoryToo,
    /// The directory alone.
    Directory,
}

/// Of claims those that are open: nobody has looked into them, and who claims has not ended.
const OPEN: &str = "fingerprint NOT IN (SELECT fingerprint FROM contact WHERE blocked = 1)
    AND fingerprint NOT IN (SELECT fingerprint FROM ended_identity)";

impl Rows<'_> {
    /// Notes that another identity claims a known contact's mailbox; gives whether that is new.
    pub fn put_claim(
        &self,
        who: Fingerprint,
        mailbox: &Mailbox,
        by: ClaimedBy,
        now: Timestamp,
    ) -> Result<bool, AlbumError> {
        let is_new = self.claimed_by(who)?.is_none();
        self.0.execute(
            "INSERT INTO claim (fingerprint, mailbox, seen, wrote, directory) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (fingerprint) DO UPDATE SET wrote = max(wrote, excluded.wrote),
                directory = max(directory, excluded.directory)",
            params![
                who.to_string(),
                mailbox.as_str(),
                now.unix(),
                by != ClaimedBy::Directory,
                by != ClaimedBy::Itself,
            ],
        )?;
        Ok(is_new)
    }

    /// The mailbox that an identity claims.
    pub fn claimed_by(&self, who: Fingerprint) -> Result<Option<Mailbox>, AlbumError> {
        let sql = "SELECT mailbox FROM claim WHERE fingerprint = ?1";
        let mut query = self.0.prepare_cached(sql)?;
        let found = query.query_row([who.to_string()], |row| parsed(row, "mailbox"));
        Ok(found.optional()?)
    }

    /// A claim that was looked into is none any more.
    pub fn forget_claim(&self, who: Fingerprint) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM claim WHERE fingerprint = ?1",
            [who.to_string()],
        )?;
        Ok(())
    }

    /// The identities that claim a mailbox, but for those that are blocked or have ended.
    pub fn claims(&self, mailbox: &Mailbox) -> Result<Vec<Fingerprint>, AlbumError> {
        let sql = format!("SELECT fingerprint FROM claim WHERE mailbox = ?1 AND {OPEN}");
        self.claimants(&sql, mailbox)
    }

    /// Those of them that are there as the directory says.
    pub fn claims_in_directory(&self, mailbox: &Mailbox) -> Result<Vec<Fingerprint>, AlbumError> {
        let sql = format!(
            "SELECT fingerprint FROM claim WHERE mailbox = ?1 AND directory = 1 AND {OPEN}"
        );
        self.claimants(&sql, mailbox)
    }

    /// Whether an identity claims a mailbox by the word of the directory alone.
    pub fn claims_by_directory_alone(&self, who: Fingerprint) -> Result<bool, AlbumError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM claim WHERE fingerprint = ?1 AND wrote = 0)";
        Ok(self.0.query_row(sql, [who.to_string()], |row| row.get(0))?)
    }

    /// The mailboxes at which another household is known than the directory says, while that is open.
    pub fn mailboxes_that_differ(&self) -> Result<Vec<Mailbox>, AlbumError> {
        let sql = format!(
            "SELECT DISTINCT mailbox FROM claim WHERE directory = 1 AND {OPEN} ORDER BY mailbox"
        );
        let mut query = self.0.prepare_cached(&sql)?;
        let rows = query.query_map([], |row| parsed(row, "mailbox"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The directory does not say any more that an identity is at its mailbox. Where nobody else does, the claim is over, and
    /// so is all that is known of it.
    pub fn take_claim_of_directory_back(&self, who: Fingerprint) -> Result<(), AlbumError> {
        let who = who.to_string();
        self.0.execute(
            "UPDATE claim SET directory = 0 WHERE fingerprint = ?1",
            [&who],
        )?;
        let alone = "SELECT fingerprint FROM claim WHERE fingerprint = ?1 AND wrote = 0";
        self.0.execute(
            &format!(
                "DELETE FROM contact WHERE accepted = 0 AND blocked = 0 AND fingerprint IN ({alone})"
            ),
            [&who],
        )?;
        self.0.execute(
            "DELETE FROM claim WHERE fingerprint = ?1 AND wrote = 0",
            [&who],
        )?;
        Ok(())
    }

    fn claimants(&self, sql: &str, mailbox: &Mailbox) -> Result<Vec<Fingerprint>, AlbumError> {
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([mailbox.as_str()], |row| parsed(row, "fingerprint"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}
