//! Letters of this household: put into the outbox, frozen, in the commit that decides on them.

pub(super) mod send;

use super::Fault;
use super::identity::refuse_replaced;
use crate::address::Mailbox;
use crate::album::{Keys, Reason, Rows};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::{EncryptionCertificate, Fingerprint, Id};
use crate::message::mime::{Outer, read_pkcs7_entity};
use crate::message::{Body, Header, seal_letter_mail};

/// Who writes.
pub(super) struct Writer<'h> {
    /// Signs.
    pub keys: &'h Keys,
    /// Where the letters come from.
    pub mailbox: &'h Mailbox,
    /// When.
    pub now: Timestamp,
}

/// A letter that is ready to go.
pub(super) struct Written {
    /// Its id.
    pub id: Id,
    /// What its mail is called.
    pub message_id: String,
    /// Who signed it.
    from: Fingerprint,
    mail: Vec<u8>,
}

impl<'h> Writer<'h> {
    /// Writes for a household at a time.
    pub fn new(keys: &'h Keys, config: &'h Config, now: Timestamp) -> Self {
        Writer {
            keys,
            mailbox: &config.mailbox,
            now,
        }
    }

    /// Writes a letter to a household, enveloped to its certificate.
    pub fn write(
        &self,
        body: &Body,
        to: Fingerprint,
        mailbox: &Mailbox,
        certificate: &EncryptionCertificate,
        issued: Timestamp,
    ) -> Result<Written, Fault> {
        self.seal(body, Some(to), mailbox, Some(certificate), issued)
    }

    /// Writes an open letter, to a household whose certificate is not known.
    pub fn write_open(&self, body: &Body, mailbox: &Mailbox) -> Result<Written, Fault> {
        self.seal(body, None, mailbox, None, self.now)
    }

    fn seal(
        &self,
        body: &Body,
        to: Option<Fingerprint>,
        mailbox: &Mailbox,
        certificate: Option<&EncryptionCertificate>,
        issued: Timestamp,
    ) -> Result<Written, Fault> {
        let outer = Outer::new(self.mailbox.clone(), Some(mailbox.clone()), self.now);
        let header = Header {
            id: Id::random(),
            from: self.keys.identity.fingerprint(),
            to,
            issued,
        };
        let mail = seal_letter_mail(&outer, &header, body, &self.keys.identity, certificate)?;
        Ok(Written {
            id: header.id,
            message_id: outer.message_id,
            from: header.from,
            mail,
        })
    }
}

impl Written {
    /// The whole mail, to be queued by who has no contact for it.
    pub fn into_mail(self) -> Vec<u8> {
        self.mail
    }

    /// The DER of its envelope, for another household to hand on.
    pub fn der(&self) -> Result<Vec<u8>, Fault> {
        Ok(read_pkcs7_entity(&self.mail)?)
    }

    /// Puts the letter into the outbox, if the household is still the one that signed it.
    pub fn queue(
        &self,
        rows: Rows<'_>,
        mailbox: &Mailbox,
        share: Option<i64>,
        destination: Option<i64>,
        now: Timestamp,
    ) -> Result<i64, Fault> {
        refuse_replaced(rows, self.from)?;
        // From it they know this household, and are told when that identity ends.
        rows.put_introduced(self.from, mailbox, now)?;
        let to = [(mailbox.clone(), Reason::of(destination))];
        Ok(rows.queue_whole("letter", &self.message_id, &self.mail, share, &to, now)?)
    }
}
