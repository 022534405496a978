//! The message `ended`: signed while the key is at hand, kept where the box is not, and sent when the box is lost. Whoever
//! has it can end the identity, and do nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use crate::address::Mailbox;
use crate::album::{self, Keys, Reason, Rows};
use crate::encoding::{Timestamp, base64_of, parse_base64};
use crate::envelope::{Fingerprint, Id, Identity};
use crate::message::mime::{Outer, letter_message};
use crate::message::{Body, Ended, Header, read_letter, write_letter};
use crate::sharing::ended::end_for_good;
use crate::sharing::household::write_once;
use crate::sharing::words::clean_line;
use crate::sharing::{Fault, Household};
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

/// Whose end such a message is, as far as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whose {
    /// It is that of this very household.
    pub is_own: bool,
    /// What the other household calls itself, cleaned; `None`: nobody here knows it.
    pub name: Option<String>,
    /// When it was learnt that this identity has ended.
    pub ended: Option<Timestamp>,
    /// How many households would be told.
    pub tells: usize,
}

/// Whom it was sent to.
#[derive(Debug, Clone)]
pub struct Told {
    /// What it says.
    pub ending: Ending,
    /// Where it goes.
    pub to: Vec<Mailbox>,
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

    /// Puts it into the outbox, open: so it can be handed on by whoever has it.
    pub(super) fn queue(
        &self,
        rows: Rows<'_>,
        from: &Mailbox,
        to: &Mailbox,
        now: Timestamp,
    ) -> Result<(), Fault> {
        let outer = Outer::new(from.clone(), Some(to.clone()), now);
        let mail = letter_message(&outer, "signed-data", &self.der);
        let to = [(to.clone(), Reason::Itself)];
        rows.queue_whole("letter", &outer.message_id, &mail, None, &to, now)?;
        Ok(())
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

impl Household {
    /// Signs the message that ends this household's identity, and writes it into a new file.
    pub fn write_ended(&self, file: &Path, now: Timestamp) -> Result<Ending, Fault> {
        if file.exists() {
            let words = format!("{} exists already; nothing was changed", file.display());
            return Err(Fault::new("exists", words).hint("name a file that is not there yet"));
        }
        let ending = self.own_ending(now)?;
        write_once(file, ending.text().as_bytes(), 0o600)?;
        Ok(ending)
    }

    /// Signs the message that ends this household's identity.
    pub fn own_ending(&self, now: Timestamp) -> Result<Ending, Fault> {
        Ending::sign(&self.keys.identity, &self.config.mailbox, now)
    }

    /// Whose end it is.
    pub fn whose_end(&self, ending: &Ending) -> Result<Whose, Fault> {
        let (rows, who) = (self.album.rows(), ending.fingerprint);
        let contact = rows.contact(who)?;
        Ok(Whose {
            is_own: who == self.me(),
            name: contact.map(|contact| clean_line(&contact.name)),
            ended: rows.ended(who)?,
            tells: self.hear_of_end(ending, &[])?.len(),
        })
    }

    /// The mailboxes to which it goes: of all households that are heard here and whose mailbox has answered, and these.
    fn hear_of_end(&self, ending: &Ending, also: &[Mailbox]) -> Result<Vec<Mailbox>, Fault> {
        let contacts = self.album.rows().contacts()?.into_iter();
        let heard = contacts
            .filter(|one| one.is_heard() && !one.unproven && one.fingerprint != ending.fingerprint);
        let mut to: Vec<Mailbox> = heard.map(|one| one.mailbox).collect();
        to.extend(also.iter().cloned());
        to.sort();
        to.dedup();
        to.retain(|one| *one != self.config.mailbox);
        Ok(to)
    }

    /// Sends such a message to all households that are heard here, and to these mailboxes too. `yes`: also where it ends
    /// this very household.
    pub fn send_ended(
        &mut self,
        file: &Path,
        also: &[Mailbox],
        yes: bool,
        now: Timestamp,
    ) -> Result<Told, Fault> {
        self.send_ending(Ending::read(file)?, also, yes, now)
    }

    /// As [`Household::send_ended`], of a message that was read.
    pub fn send_ending(
        &mut self,
        ending: Ending,
        also: &[Mailbox],
        yes: bool,
        now: Timestamp,
    ) -> Result<Told, Fault> {
        let own = ending.fingerprint == self.me();
        if own && !yes {
            let words = "that is this household's own identity: the others will take nothing more from it, for good";
            return Err(Fault::new("asks_first", words)
                .hint("`hearthpost identity rekey` gives the household a new one at once; --yes ends it all the same"));
        }
        let to = self.hear_of_end(&ending, also)?;
        let mailbox = &self.config.mailbox;
        self.album.commit(|rows| {
            if let Some(contact) = rows.contact(ending.fingerprint)? {
                end_for_good(rows, contact, now)?;
            } else if own {
                rows.put_ended(ending.fingerprint, now)?;
            }
            for one in &to {
                ending.queue(rows, mailbox, one, now)?;
            }
            Ok::<_, Fault>(())
        })?;
        Ok(Told { ending, to })
    }
}
