//! Other home servers, and key words.

use rusqlite::{OptionalExtension, Row, params};

use super::{AlbumError, Rows, ders, named, parsed, time};
use crate::address::{Mailbox, StationAddress};
use crate::encoding::Timestamp;
use crate::envelope::{
    Card, EncryptionCertificate, EnvelopeError, Fingerprint, IdentityCertificate,
};

const AT: &str = "SELECT * FROM contact WHERE mailbox = ?1 ORDER BY added";
const TYPED: &str =
    "SELECT * FROM contact WHERE mailbox = ?1 COLLATE NOCASE ORDER BY mailbox, added";

const WAITING: &str = "SELECT * FROM contact WHERE accepted = 0 AND blocked = 0";

/// How well a contact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trust {
    /// It wrote, or a file named it; nothing is checked.
    Pending,
    /// A round trip to its mailbox.
    Seen,
    /// Words compared, or a certificate file that the keeper trusts.
    Verified,
}

/// Another home server.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Who.
    pub fingerprint: Fingerprint,
    /// Where mail for it goes.
    pub mailbox: Mailbox,
    /// What it calls itself.
    pub name: String,
    /// DER of its identity certificate.
    pub identity: Vec<u8>,
    /// DERs of its encryption certificates.
    pub encryption: Vec<Vec<u8>>,
    /// How well it is known.
    pub trust: Trust,
    /// Nothing from it is taken.
    pub blocked: bool,
    /// The keeper wants to hear from it.
    pub accepted: bool,
    /// When its newest card was written.
    pub card_issued: Timestamp,
    /// When it was last sent our card.
    pub card_answered: Timestamp,
    /// When it became known.
    pub added: Timestamp,
    /// It came by an invitation, and its mailbox has not answered yet: nothing goes there.
    pub unproven: bool,
    /// It answered from a mailbox of its own when it was asked there.
    pub answered: bool,
}

impl Trust {
    /// The name in rows and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Trust::Pending => "pending",
            Trust::Seen => "seen",
            Trust::Verified => "verified",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Trust::Pending, Trust::Seen, Trust::Verified]
            .into_iter()
            .find(|trust| trust.as_str() == name)
    }
}

impl Contact {
    /// A contact that is only pending.
    pub fn stranger(identity: &IdentityCertificate, now: Timestamp) -> Self {
        Contact {
            fingerprint: identity.fingerprint(),
            mailbox: identity.mailbox().clone(),
            name: identity.name().to_owned(),
            identity: identity.der().to_vec(),
            encryption: Vec::new(),
            trust: Trust::Pending,
            blocked: false,
            accepted: false,
            card_issued: Timestamp::from_unix(0),
            card_answered: Timestamp::from_unix(0),
            added: now,
            unproven: false,
            answered: false,
        }
    }

    /// Whether its mailbox is its own, as far as is known: it answered from there, or the keeper vouched for it. A
    /// certificate file that a member shared with says so of itself alone.
    pub fn is_proven(&self) -> bool {
        self.accepted && !self.unproven && (self.answered || self.trust == Trust::Verified)
    }

    /// Whether this household hears it and writes to it: accepted, and not blocked.
    pub fn is_heard(&self) -> bool {
        self.accepted && !self.blocked
    }

    /// The encryption certificate to use now, if one is known and has not ended, for a mailbox that is known to be theirs.
    pub fn certificate(
        &self,
        now: Timestamp,
    ) -> Result<Option<EncryptionCertificate>, EnvelopeError> {
        let card = self.card()?.filter(|_| !self.unproven);
        Ok(card.and_then(|card| card.current(now).cloned()))
    }

    /// Whether letters to it are under ML-KEM too: its newest certificate has a key for that.
    pub fn is_quantum_safe(&self) -> bool {
        let card = self.card().ok().flatten();
        let newest = card.as_ref().and_then(Card::newest);
        newest.is_some_and(EncryptionCertificate::is_quantum_safe)
    }

    /// Its certificates, where there is one for letters.
    pub fn card(&self) -> Result<Option<Card>, EnvelopeError> {
        if self.encryption.is_empty() {
            return Ok(None);
        }
        let ders: Vec<&[u8]> = std::iter::once(self.identity.as_slice())
            .chain(self.encryption.iter().map(Vec::as_slice))
            .collect();
        Card::from_ders(&ders).map(Some)
    }

    fn from_row(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Contact {
            fingerprint: parsed(row, "fingerprint")?,
            mailbox: parsed(row, "mailbox")?,
            name: row.get("name")?,
            identity: row.get("identity")?,
            encryption: ders::split(&row.get::<_, Vec<u8>>("encryption")?),
            trust: named(row, "trust", Trust::from_name)?,
            blocked: row.get("blocked")?,
            accepted: row.get("accepted")?,
            card_issued: time(row, "card_issued")?,
            card_answered: time(row, "card_answered")?,
            added: time(row, "added")?,
            unproven: row.get("unproven")?,
            answered: row.get("answered")?,
        })
    }
}

impl Rows<'_> {
    /// All contacts, by mailbox.
    pub fn contacts(&self) -> Result<Vec<Contact>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM contact ORDER BY mailbox, added")?;
        let rows = query.query_map([], Contact::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The contact of that identity.
    pub fn contact(&self, who: Fingerprint) -> Result<Option<Contact>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT * FROM contact WHERE fingerprint = ?1")?;
        Ok(query
            .query_row([who.to_string()], Contact::from_row)
            .optional()?)
    }

    /// The contacts at that very mailbox.
    pub fn contacts_at(&self, mailbox: &Mailbox) -> Result<Vec<Contact>, AlbumError> {
        let mut query = self.0.prepare_cached(AT)?;
        let rows = query.query_map([mailbox.as_str()], Contact::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The contact to whom mail for that mailbox belongs; of several the best trusted one.
    pub fn contact_at(&self, mailbox: &Mailbox) -> Result<Option<Contact>, AlbumError> {
        let at = self.contacts_at(mailbox)?.into_iter();
        Ok(at.max_by_key(|contact| {
            (
                contact.trust,
                contact.accepted,
                !contact.blocked,
                std::cmp::Reverse(contact.added),
            )
        }))
    }

    /// The contacts at that mailbox, and at those that differ from it in capitals alone.
    pub fn contacts_typed(&self, mailbox: &Mailbox) -> Result<Vec<Contact>, AlbumError> {
        let mut query = self.0.prepare_cached(TYPED)?;
        let rows = query.query_map([mailbox.as_str()], Contact::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The households that wait for the keeper.
    pub fn contacts_waiting(&self) -> Result<Vec<Contact>, AlbumError> {
        let mut query = self.0.prepare_cached(WAITING)?;
        let rows = query.query_map([], Contact::from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many households wait for the keeper.
    pub fn waiting_contacts(&self) -> Result<u64, AlbumError> {
        let sql = "SELECT count(*) FROM contact WHERE accepted = 0 AND blocked = 0";
        Ok(self.0.query_row(sql, [], |row| row.get(0))?)
    }

    /// Stores a contact, replacing what was known of that identity.
    pub fn put_contact(&self, contact: &Contact) -> Result<(), AlbumError> {
        self.0.execute(
            "INSERT INTO contact (fingerprint, mailbox, name, identity, encryption, trust, blocked, accepted, card_issued, card_answered, added, unproven, answered)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
             ON CONFLICT (fingerprint) DO UPDATE SET mailbox = excluded.mailbox, name = excluded.name,
                identity = excluded.identity, encryption = excluded.encryption, trust = excluded.trust,
                blocked = excluded.blocked, accepted = excluded.accepted, card_issued = excluded.card_issued,
                card_answered = excluded.card_answered, unproven = excluded.unproven,
                answered = excluded.answered",
            params![
                contact.fingerprint.to_string(),
                contact.mailbox.as_str(),
                contact.name,
                contact.identity,
                contact.encryption.concat(),
                contact.trust.as_str(),
                contact.blocked,
                contact.accepted,
                contact.card_issued.unix(),
                contact.card_answered.unix(),
                contact.added.unix(),
                contact.unproven,
                contact.answered,
            ],
        )?;
        Ok(())
    }

    /// Forgets a contact that no destination needs.
    pub fn remove_contact(&self, who: Fingerprint) -> Result<bool, AlbumError> {
        let used: bool = self.0.query_row(
            "SELECT EXISTS (SELECT 1 FROM destination WHERE contact = ?1)
                OR EXISTS (SELECT 1 FROM by_way WHERE contact = ?1 OR relay = ?1)",
            [who.to_string()],
            |row| row.get(0),
        )?;
        if used {
            return Ok(false);
        }
        Ok(self.0.execute(
            "DELETE FROM contact WHERE fingerprint = ?1",
            [who.to_string()],
        )? > 0)
    }

    /// How many cards were sent to strangers since a time.
    pub fn cards_answered_since(&self, since: Timestamp) -> Result<u64, AlbumError> {
        let sql = "SELECT count(*) FROM contact WHERE card_answered >= ?1 AND accepted = 0";
        Ok(self.0.query_row(sql, [since.unix()], |row| row.get(0))?)
    }

    /// Gives a key word these addresses, replacing what it named.
    pub fn set_keyword(&self, word: &str, addresses: &[StationAddress]) -> Result<(), AlbumError> {
        self.0
            .execute("DELETE FROM keyword WHERE word = ?1", [word])?;
        for address in addresses {
            self.0.execute(
                "INSERT INTO keyword (word, address) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                params![word, address.to_string()],
            )?;
        }
        Ok(())
    }

    /// All key words with their addresses.
    pub fn keywords(&self) -> Result<Vec<(String, StationAddress)>, AlbumError> {
        let mut query = self
            .0
            .prepare_cached("SELECT word, address FROM keyword ORDER BY word, address")?;
        let rows = query.query_map([], |row| Ok((row.get("word")?, parsed(row, "address")?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Forgets a key word; gives whether it was known.
    pub fn remove_keyword(&self, word: &str) -> Result<bool, AlbumError> {
        Ok(self
            .0
            .execute("DELETE FROM keyword WHERE word = ?1", [word])?
            > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::{AT, TYPED};
    use crate::album::SCHEMA;
    use rusqlite::Connection;

    #[test]
    fn who_is_at_a_mailbox_is_found_without_a_look_at_all() {
        let album = Connection::open_in_memory().expect("memory");
        album.execute_batch(SCHEMA).expect("the schema");
        for sql in [AT, TYPED] {
            let plan = format!("EXPLAIN QUERY PLAN {sql}");
            let plan: String = album
                .query_row(&plan, ["a@a.example"], |row| row.get("detail"))
                .expect("a plan");
            assert!(plan.starts_with("SEARCH"), "{sql}: {plan}");
        }
    }
}
