//! People and key words that other households announce: suggestions, which nothing uses before somebody saves them.

use rusqlite::params;

use super::{AlbumError, Rows, parsed};
use crate::address::StationName;
use crate::envelope::Fingerprint;

/// A person of another household, with the key word that it suggests, if any.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Announced {
    /// The household.
    pub contact: Fingerprint,
    /// The key word; empty where it suggests none.
    pub word: String,
    /// The person.
    pub station: StationName,
}

impl Rows<'_> {
    /// Replaces what a household announces.
    pub fn set_announced(
        &self,
        contact: Fingerprint,
        announced: &[(String, StationName)],
    ) -> Result<(), AlbumError> {
        self.0.execute(
            "DELETE FROM announced WHERE contact = ?1",
            [contact.to_string()],
        )?;
        let sql = "INSERT INTO announced (contact, word, station) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let mut add = self.0.prepare_cached(sql)?;
        for (word, station) in announced {
            add.execute(params![contact.to_string(), word, station.as_str()])?;
        }
        Ok(())
    }

    /// What households announce that are heard.
    pub fn announced(&self) -> Result<Vec<Announced>, AlbumError> {
        let sql = "SELECT announced.contact, word, station FROM announced
             JOIN contact ON contact.fingerprint = announced.contact
             WHERE accepted = 1 AND blocked = 0 ORDER BY contact.mailbox, word, station";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([], |row| {
            Ok(Announced {
                contact: parsed(row, "contact")?,
                word: row.get("word")?,
                station: parsed(row, "station")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The same of one household.
    pub fn announced_of(&self, contact: Fingerprint) -> Result<Vec<Announced>, AlbumError> {
        let sql = "SELECT word, station FROM announced
             JOIN contact ON contact.fingerprint = announced.contact
             WHERE announced.contact = ?1 AND accepted = 1 AND blocked = 0 ORDER BY word, station";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([contact.to_string()], |row| {
            Ok(Announced {
                contact,
                word: row.get("word")?,
                station: parsed(row, "station")?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The households that are heard and were last sent something else of this one's people and words than `what`.
    pub fn contacts_told_other(&self, what: &str) -> Result<Vec<Fingerprint>, AlbumError> {
        // Twice, so that the index leads past all that were told.
        let sql = "SELECT fingerprint, added FROM contact
             WHERE accepted = 1 AND blocked = 0 AND announced < ?1
             UNION ALL SELECT fingerprint, added FROM contact
             WHERE accepted = 1 AND blocked = 0 AND announced > ?1 ORDER BY added, fingerprint";
        let mut query = self.0.prepare_cached(sql)?;
        let rows = query.query_map([what], |row| parsed(row, "fingerprint"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Notes what of this household's people and words a contact was sent.
    pub fn set_announced_to(&self, contact: Fingerprint, what: &str) -> Result<(), AlbumError> {
        let sql = "UPDATE contact SET announced = ?2 WHERE fingerprint = ?1";
        self.0.execute(sql, params![contact.to_string(), what])?;
        Ok(())
    }
}
