//! Who has the card of this household, by which of its identities: so that all of them can be told when one ends, whether
//! they are known here or not.

use rusqlite::params;

use super::{AlbumError, Rows, parsed};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

/// So many mailboxes are kept in mind of one identity beside those of households that were let in; the oldest go.
const KEPT: u64 = 1_000;

impl Rows<'_> {
    /// Notes that a mailbox has, or gets, the card of that identity of this household.
    pub fn put_introduced(
        &self,
        identity: Fingerprint,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        let who = identity.to_string();
        let sql = "UPDATE introduced SET at = max(at, ?3) WHERE identity = ?1 AND mailbox = ?2";
        let mut update = self.0.prepare_cached(sql)?;
        if update.execute(params![who, mailbox.as_str(), now.unix()])? > 0 {
            return Ok(());
        }
        self.0.execute(
            "INSERT INTO introduced (identity, mailbox, at) VALUES (?1, ?2, ?3)",
            params![who, mailbox.as_str(), now.unix()],
        )?;
        self.keep_newest_introduced(identity)
    }

    /// Strangers get a card every day.
    fn keep_newest_introduced(&self, identity: Fingerprint) -> Result<(), AlbumError> {
        let accepted = "SELECT mailbox FROM contact WHERE accepted = 1";
        self.0.execute(
            &format!(
                "DELETE FROM introduced WHERE identity = ?1 AND mailbox IN (SELECT mailbox FROM introduced
                 WHERE identity = ?1 AND mailbox NOT IN ({accepted}) ORDER BY at DESC, mailbox LIMIT -1 OFFSET ?2)"
            ),
            params![identity.to_string(), KEPT],
        )?;
        Ok(())
    }

    /// Who has the card of one of the identities of before counts as if it had those of all: whoever has the keys of another
    /// one could write there as if that were who this household is now.
    pub fn introduce_of_all(&self, former: &[Fingerprint]) -> Result<(), AlbumError> {
        let all: Vec<String> = former.iter().map(Fingerprint::to_string).collect();
        let all = serde_json::to_string(&all).expect("a list of strings");
        for one in former {
            self.0.execute(
                "INSERT INTO introduced (identity, mailbox, at)
                 SELECT ?1, mailbox, max(at) FROM introduced
                 WHERE identity IN (SELECT value FROM json_each(?2)) GROUP BY mailbox
                 ON CONFLICT (identity, mailbox) DO UPDATE SET at = max(at, excluded.at)",
                params![one.to_string(), all],
            )?;
        }
        for one in former {
            self.keep_newest_introduced(*one)?;
        }
        Ok(())
    }

    /// Whether somebody who has the card of an identity of before was not told that it has ended, or that another one has.
    pub fn is_end_untold(&self, former: &[Fingerprint]) -> Result<bool, AlbumError> {
        let all: Vec<String> = former.iter().map(Fingerprint::to_string).collect();
        let all = serde_json::to_string(&all).expect("a list of strings");
        let sql = "SELECT EXISTS (SELECT 1 FROM introduced WHERE identity IN (SELECT value FROM json_each(?1))
             GROUP BY mailbox HAVING count(word) < json_array_length(?1))";
        let mut query = self.0.prepare_cached(sql)?;
        Ok(query.query_row([all], |row| row.get(0))?)
    }

    /// Who has a card is at another mailbox now, and may have read nothing at the one before.
    pub fn introduced_follows(&self, from: &Mailbox, to: &Mailbox) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO introduced (identity, mailbox, at)
             SELECT identity, ?2, at FROM introduced WHERE mailbox = ?1
             ON CONFLICT DO NOTHING",
            [from.as_str(), to.as_str()],
        )?;
        Ok(())
    }

    /// The mailboxes that have the card of that identity.
    pub fn introduced(&self, identity: Fingerprint) -> Result<Vec<Mailbox>, AlbumError> {
        self.mailboxes_of(
            "SELECT mailbox FROM introduced WHERE identity = ?1 ORDER BY mailbox",
            identity,
        )
    }

    /// Those of them that were not told that it has ended.
    pub fn untold_of_end(&self, identity: Fingerprint) -> Result<Vec<Mailbox>, AlbumError> {
        self.mailboxes_of(
            "SELECT mailbox FROM introduced WHERE identity = ?1 AND word IS NULL ORDER BY mailbox",
            identity,
        )
    }

    fn mailboxes_of(&self, sql: &str, identity: Fingerprint) -> Result<Vec<Mailbox>, AlbumError> {
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([identity.to_string()], |row| parsed(row, "mailbox"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes the message by which a mailbox is told that the identity has ended.
    pub fn set_told_of_end(
        &self,
        identity: Fingerprint,
        mailbox: &Mailbox,
        message: i64,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        let sql = "UPDATE introduced SET word = ?3, told = ?4 WHERE identity = ?1 AND mailbox = ?2";
        self.0.execute(
            sql,
            params![identity.to_string(), mailbox.as_str(), message, now.unix()],
        )?;
        Ok(())
    }

    /// A mailbox is to be told again that the identities of before have ended, if it was before `since`: what it wrote then
    /// shows that it does not know.
    pub fn tell_of_ends_again(
        &self,
        mailbox: &Mailbox,
        since: Timestamp,
    ) -> Result<(), AlbumError> {
        let sql = "UPDATE introduced SET word = NULL WHERE mailbox = ?1 AND told < ?2";
        self.0
            .execute(sql, params![mailbox.as_str(), since.unix()])?;
        Ok(())
    }

    /// So are those that it could not be brought to.
    pub fn tell_of_ends_that_failed(&self) -> Result<(), AlbumError> {
        let sql = "UPDATE introduced SET word = NULL WHERE EXISTS (SELECT 1 FROM outbox_recipient AS one
             WHERE one.message = introduced.word AND one.mailbox = introduced.mailbox AND one.state = 'failed')";
        self.0.execute(sql, [])?;
        Ok(())
    }
}
