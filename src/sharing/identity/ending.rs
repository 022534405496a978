//! The message `ended` itself, and the file in which it is kept.

use std::fs;
use std::path::{Path, PathBuf};

use crate::address::Mailbox;
use crate::album::{self, Keys, Reason, Rows};
use crate::encoding::{Timestamp, base64_of, parse_base64};
use crate::envelope::{Fingerprint, Id, Identity};
use crate::message::mime::{Outer, letter_message};
use crate::message::{Body, Ended, Header, read_letter, write_letter};
use crate::sharing::Fault;
use crate::words::{Language, told};

/// What it is called in the data folder, and in a backup.
pub(in crate::sharing) const FILE: &str = "ended.pem";
const BEGIN: &str = "-----BEGIN CMS-----";
const END: &str = "-----END CMS-----";
/// Some two kilobytes; longer is something else.
const LONGEST: u64 = 64 * 1024;

/// Such a message, its signature checked.
#[derive(Debug, Clone)]
pub struct Ending {
    /// Whose end it is.
    pub fingerprint: Fingerprint,
    /// Where that was, as it says.
    pub mailbox: Mailbox,
    /// When it was signed.
    pub signed: Timestamp,
    der: Vec<u8>,
}

impl Ending {
    pub(super) fn sign(
        identity: &Identity,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let header = Header {
            id: Id::random(),
            from: identity.fingerprint(),
            to: None,
            issued: now,
        };
        let body = Body::Ended(Ended {
            mailbox: mailbox.clone(),
        });
        Ok(Ending {
            fingerprint: header.from,
            mailbox: mailbox.clone(),
            signed: now,
            der: write_letter(&header, &body, identity)?,
        })
    }

    /// Reads one out of a file.
    pub fn read(file: &Path) -> Result<Self, Fault> {
        let shown = file.display();
        let not_one = || {
            let words = format!("{shown} is no message that ends an identity, or is damaged");
            Fault::new("ended_file", words)
        };
        let unreadable = |error| Fault::of_named_file("ended_file", file, &error);
        if fs::metadata(file).map_err(unreadable)?.len() > LONGEST {
            return Err(not_one());
        }
        let bytes = fs::read(file).map_err(unreadable)?;
        Ending::parse(&bytes).ok_or_else(not_one)
    }

    /// Reads one that somebody gave.
    pub fn of_bytes(bytes: &[u8]) -> Result<Self, Fault> {
        Ending::parse(bytes).ok_or_else(|| {
            let words = "That is no message that ends an identity, or it is damaged.";
            Fault::usage("ended_file", words)
        })
    }

    /// What stands between the marks of such a message, whatever that is; `None` where they are not there, and nothing
    /// inside where it cannot be read.
    pub(in crate::sharing) fn der_in(bytes: &[u8]) -> Option<Option<Vec<u8>>> {
        let text = String::from_utf8_lossy(bytes);
        let (_, rest) = text.split_once(BEGIN)?;
        let body = rest.split_once(END).map(|(body, _)| body);
        let body: Option<String> = body.map(|body| body.split_whitespace().collect());
        Some(body.and_then(|body| parse_base64(&body)))
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let der = Self::der_in(bytes)??;
        let letter = read_letter(&der, false).ok()?;
        let Body::Ended(ended) = letter.body else {
            return None;
        };
        Some(Ending {
            fingerprint: letter.header.from,
            mailbox: ended.mailbox,
            signed: letter.header.issued,
            der,
        })
    }

    /// As a file, with words for whoever finds it in a drawer: in all languages, for nobody knows who that will be.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for language in Language::ALL {
            let words = told!(
                language,
                "ended-file",
                mailbox = self.mailbox.as_str(),
                fingerprint = self.fingerprint.to_string()
            );
            text += &(words + "\n\n");
        }
        text += BEGIN;
        text.push('\n');
        let body = base64_of(&self.der);
        for at in (0..body.len()).step_by(64) {
            text += &body[at..body.len().min(at + 64)];
            text.push('\n');
        }
        text + END + "\n"
    }

    /// Puts it into the outbox, open: so it can be handed on by whoever has it. Gives the message.
    pub(super) fn queue(
        &self,
        rows: Rows<'_>,
        from: &Mailbox,
        to: &Mailbox,
        now: Timestamp,
    ) -> Result<i64, Fault> {
        let outer = Outer::new(from.clone(), Some(to.clone()), now);
        let mail = letter_message(&outer, "signed-data", &self.der);
        let to = [(to.clone(), Reason::Itself)];
        Ok(rows.queue_whole("letter", &outer.message_id, &mail, None, &to, now)?)
    }
}

/// Lays the message of these keys down beside them, in the place of an older one.
pub(in crate::sharing) fn lay_down(
    folder: &Path,
    keys: &Keys,
    mailbox: &Mailbox,
    now: Timestamp,
) -> Result<PathBuf, Fault> {
    let path = folder.join(FILE);
    let ending = Ending::sign(&keys.identity, mailbox, now)?;
    album::write_certificate(&path, ending.text().as_bytes())?;
    Ok(path)
}
