//! Where households were before they moved, and what moves along with one.

use rusqlite::{OptionalExtension, params};

use super::{AlbumError, Contact, Rows, parsed};
use crate::address::{Mailbox, StationAddress};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;

/// So many former mailboxes of one household are kept in mind; the oldest go.
const KEPT: u64 = 8;

impl Rows<'_> {
    /// Notes that a household has left a mailbox.
    pub fn put_former_mailbox(
        &self,
        mailbox: &Mailbox,
        who: Fingerprint,
        now: Timestamp,
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO former_mailbox (mailbox, contact, moved) VALUES (?1, ?2, ?3)
             ON CONFLICT (mailbox) DO UPDATE SET contact = excluded.contact, moved = excluded.moved",
            params![mailbox.as_str(), who.to_string(), now.unix()],
        )?;
        self.0.execute(
            "DELETE FROM former_mailbox WHERE contact = ?1 AND mailbox NOT IN
                (SELECT mailbox FROM former_mailbox WHERE contact = ?1 ORDER BY moved DESC, mailbox LIMIT ?2)",
            params![who.to_string(), KEPT],
        )?;
        Ok(())
    }

    /// The household that was known at a mailbox, and is elsewhere now. Capitals that somebody typed do not matter where none
    /// was known at that very one.
    pub fn moved_from(&self, mailbox: &Mailbox) -> Result<Option<Contact>, AlbumError> {
        let sql = "SELECT contact FROM former_mailbox WHERE mailbox = ?1 COLLATE NOCASE
                   ORDER BY mailbox <> ?1, moved DESC LIMIT 1";
        let mut query = self.0.prepare_cached(sql)?;
        let found = query.query_row([mailbox.as_str()], |row| parsed(row, "contact"));
        let who: Option<Fingerprint> = found.optional()?;
        let contact = who.map(|who| self.contact(who)).transpose()?.flatten();
        Ok(contact.filter(|contact| contact.mailbox != *mailbox))
    }

    /// What was granted to a household is at the mailbox where it is now.
    pub fn move_destinations(&self, who: Fingerprint, to: &Mailbox) -> Result<(), AlbumError> {
        self.0.execute(
            "UPDATE destination SET mailbox = ?2 WHERE contact = ?1",
            params![who.to_string(), to.as_str()],
        )?;
        Ok(())
    }

    /// What key words name at one mailbox they name at the other.
    pub fn move_keywords(&self, from: &Mailbox, to: &Mailbox) -> Result<(), AlbumError> {
        for (word, address) in self.keywords()? {
            if address.mailbox != *from {
                continue;
            }
            let moved = StationAddress {
                mailbox: to.clone(),
                station: address.station.clone(),
            };
            self.0.execute(
                "INSERT INTO keyword (word, address) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![word, moved.to_string()],
            )?;
            self.0.execute(
                "DELETE FROM keyword WHERE word = ?1 AND address = ?2",
                params![word, address.to_string()],
            )?;
        }
        Ok(())
    }
}
