//! The identity of a household in one file, sealed under a passphrase, for a new box or a new mailbox.
//!
//! With it go the keys that open letters, the households that are known, with who of them may use this one as a relay, and
//! the key words: so that all of them hear of the move, and none has to compare words again. Pictures, shares and open
//! invitations stay; `backup` and `restore` move those.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::rekey::stop_what_waits;
use super::told::note_who_has_our_card;
use super::{Passphrase, note};
use crate::address::{Mailbox, StationAddress};
use crate::album::{Contact, KeyFile, Keys, Rows, Trust};
use crate::encoding::{self, Integer, Timestamp, base64_of, parse_base64, parse_object};
use crate::envelope::{Card, EnvelopeError, Fingerprint, open_under, seal_under};
use crate::message::grant::Bytes;
use crate::sharing::backup::write::write_once;
use crate::sharing::identity::renew::to_be_told;
use crate::sharing::{Fault, Household, Now};

const BEGIN: &str = "-----BEGIN HEARTHPOST IDENTITY-----";
const END: &str = "-----END HEARTHPOST IDENTITY-----";
/// The first one had nobody in `introduced`, and the second one nobody in `ended`; both are read.
const VERSIONS: [u64; 3] = [1, 2, 3];
/// The longest such file; an address book of thousands of households fits.
const LONGEST: u64 = 64 * 1024 * 1024;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Where it is.
    pub file: PathBuf,
    /// Whose identity it is.
    pub fingerprint: Fingerprint,
    /// How many other households go with it.
    pub contacts: usize,
}

/// What was taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// Who this household is now.
    pub fingerprint: Fingerprint,
    /// Where that was before; the same where only the box is another.
    pub from: Mailbox,
    /// Where it is now.
    pub mailbox: Mailbox,
    /// How many other households hear of it.
    pub contacts: usize,
}

/// What is sealed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    version: Integer,
    created: Timestamp,
    mailbox: Mailbox,
    /// As in the key file.
    keys: String,
    contacts: Vec<Known>,
    keywords: Vec<Word>,
    #[serde(default)]
    introduced: Vec<Introduced>,
    #[serde(default)]
    ended: Vec<Gone>,
}

impl Drop for Content {
    fn drop(&mut self) {
        self.keys.zeroize();
    }
}

/// Another household, as it is known.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    mailbox: Mailbox,
    name: String,
    /// Identity certificate, then encryption certificates.
    #[serde(deserialize_with = "encoding::non_empty")]
    certificates: Vec<Bytes>,
    verified: bool,
    blocked: bool,
    /// Its identity is no more.
    ended: bool,
    card_issued: Timestamp,
    added: Timestamp,
    /// It may use this household as a relay. Files from before that was kept do not say it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    relay: bool,
}

/// Who has the card of an identity: they are told when it ends, and may not have been yet.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Introduced {
    identity: Fingerprint,
    mailboxes: Vec<Mailbox>,
}

/// An identity that has ended, of a household that is not known, or that had another one by then.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Gone {
    identity: Fingerprint,
    mailbox: Mailbox,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Word {
    word: String,
    address: String,
}

impl Household {
    /// Writes the identity into a new file, sealed under the passphrase.
    pub fn export_identity(
        &self,
        file: &Path,
        passphrase: &Passphrase,
        now: Timestamp,
    ) -> Result<Exported, Fault> {
        passphrase.check()?;
        if file.exists() {
            let words = format!("{} exists already; nothing was changed", file.display());
            return Err(Fault::new("exists", words).hint("name a file that is not there yet"));
        }
        let (text, contacts) = self.sealed_identity(passphrase, now)?;
        write_once(file, text.as_bytes(), 0o600)?;
        Ok(Exported {
            file: file.to_owned(),
            fingerprint: self.me(),
            contacts,
        })
    }

    /// The text of such a file, and how many other households go with it.
    pub fn sealed_identity(
        &self,
        passphrase: &Passphrase,
        now: Timestamp,
    ) -> Result<(String, usize), Fault> {
        passphrase.check()?;
        let rows = self.album.rows();
        let mut contacts = rows.contacts()?;
        // Who only wrote, and was never let in, writes again. Whose mailbox has not answered is not known to be there.
        contacts.retain(|one| one.blocked || (one.accepted && !one.unproven));
        let known = contacts.iter().map(|contact| known(rows, contact));
        let keywords = rows.keywords()?.into_iter();
        let keys = self.keys.identity_text();
        let mut content = Content {
            version: version(),
            created: now,
            mailbox: self.config.mailbox.clone(),
            keys: String::new(),
            contacts: known.collect::<Result<_, _>>()?,
            keywords: keywords
                .map(|(word, address)| Word {
                    word,
                    address: address.to_string(),
                })
                .collect(),
            introduced: introduced(rows, &self.keys)?,
            ended: rows
                .ended_strangers()?
                .into_iter()
                .filter(|(identity, _)| !self.keys.is_ours(*identity))
                .map(|(identity, mailbox)| Gone { identity, mailbox })
                .collect(),
        };
        content
            .keys
            .push_str(&keys.map_err(|words| Fault::new("keys", words))?);
        let written = serde_json::to_vec(&content).expect("it has only string keys");
        let sealed = seal_under(passphrase.text(), &Zeroizing::new(written))?;
        Ok((armoured(&sealed), contacts.len()))
    }

    /// Takes over the identity of such a file, in a household that has shared nothing and knows nobody yet. All households
    /// of its address book hear where it is now.
    pub fn import_identity(
        &mut self,
        file: &Path,
        passphrase: &Passphrase,
        now: Now,
    ) -> Result<Imported, Fault> {
        // No pass goes on meanwhile under what is replaced; what else was begun under it is stopped or refused below.
        let _alone = self.album.try_lock()?;
        let content = read(file, passphrase)?;
        let broken = |words: String| {
            let words = format!("{} cannot be used: {words}", file.display());
            Fault::new("identity_file", words)
        };
        let folder = self.album.folder().to_owned();
        let key_file = KeyFile::hold(&folder)?;
        let own = key_file.read()?;
        let mut keys = own.with_identity_of(&content.keys).map_err(broken)?;
        let (from, here) = (
            keys.identity.certificate().mailbox().clone(),
            &self.config.mailbox,
        );
        if from != *here {
            keys.identity = keys.identity.moved_to(here, now.now)?;
        }
        let contacts = content.contacts.iter().map(contact);
        let contacts: Vec<Contact> = contacts.collect::<Result<_, _>>().map_err(broken)?;
        let words = content.keywords.iter().map(|one| {
            let address: StationAddress = one.address.parse().map_err(|_| &one.address)?;
            Ok((one.word.clone(), address))
        });
        let words: Vec<(String, StationAddress)> = words
            .collect::<Result<_, &String>>()
            .map_err(|address| broken(format!("{address} is no address")))?;
        refuse_used(self.album.rows(), &contacts)?;
        let me = keys.identity.fingerprint();
        // Whose album it is stays open until the keys are there: one that dies in between is done again.
        self.album
            .commit(|rows| Ok::<_, Fault>(rows.forget_setting(super::IDENTITY)?))?;
        crate::crash::point("takeover.before_keys");
        key_file.replace(&keys)?;
        drop(key_file);
        crate::crash::point("takeover.after_keys");
        super::lay_down(&folder, &keys, &self.config.mailbox, now.now)?;
        self.album.commit(|rows| {
            stop_what_waits(rows, now.now)?;
            for (contact, known) in contacts.iter().zip(&content.contacts) {
                rows.put_contact(contact)?;
                if known.ended {
                    rows.put_ended(contact.fingerprint, &contact.mailbox, now.now)?;
                }
                if known.relay && !known.ended && contact.is_heard() {
                    rows.set_relay_for(contact.fingerprint, true, now.now)?;
                }
            }
            for one in &content.ended {
                rows.put_ended_unmet(one.identity, &one.mailbox, now.now)?;
            }
            for one in &keys.former {
                rows.put_former_identity(one.fingerprint())?;
                // The box that it was on may have had no time to tell them.
                note_who_has_our_card(rows, one.fingerprint(), &contacts, now.now)?;
            }
            note_who_has_our_card(rows, me, &contacts, now.now)?;
            for one in content
                .introduced
                .iter()
                .filter(|one| keys.is_ours(one.identity))
            {
                let others = one.mailboxes.iter().filter(|there| *there != here);
                for mailbox in others {
                    rows.put_introduced(one.identity, mailbox, now.now)?;
                }
            }
            for (word, address) in &words {
                let others = words.iter().filter(|(other, _)| other == word);
                let addresses: Vec<_> = others.map(|(_, address)| address.clone()).collect();
                if addresses.first() == Some(address) {
                    rows.set_keyword(word, &addresses)?;
                }
            }
            to_be_told(rows)?;
            note(rows, me)
        })?;
        self.keys = keys;
        Ok(Imported {
            fingerprint: me,
            from,
            mailbox: self.config.mailbox.clone(),
            contacts: contacts.iter().filter(|one| one.is_heard()).count(),
        })
    }
}

fn version() -> Integer {
    let newest = VERSIONS.into_iter().max();
    newest
        .and_then(Integer::new)
        .expect("a small number is an integer")
}

fn introduced(rows: Rows<'_>, keys: &Keys) -> Result<Vec<Introduced>, Fault> {
    let mut all = Vec::new();
    for one in keys.former.iter().chain([&keys.identity]) {
        let identity = one.fingerprint();
        let mailboxes = rows.introduced(identity)?;
        all.push(Introduced {
            identity,
            mailboxes,
        });
    }
    Ok(all)
}

fn known(rows: Rows<'_>, contact: &Contact) -> Result<Known, Fault> {
    let identity = std::iter::once(&contact.identity);
    let ders = identity.chain(&contact.encryption);
    Ok(Known {
        mailbox: contact.mailbox.clone(),
        name: contact.name.clone(),
        certificates: ders.map(|der| Bytes(der.clone())).collect(),
        verified: contact.trust == Trust::Verified && !contact.unproven,
        blocked: contact.blocked,
        ended: rows.ended(contact.fingerprint)?.is_some(),
        card_issued: contact.card_issued,
        added: contact.added,
        relay: rows.is_relay_for(contact.fingerprint)?,
    })
}

fn contact(known: &Known) -> Result<Contact, String> {
    let ders: Vec<&[u8]> = known
        .certificates
        .iter()
        .map(|der| der.0.as_slice())
        .collect();
    let identity = crate::envelope::IdentityCertificate::from_der(ders[0]);
    let identity = identity.map_err(|error| error.to_string())?;
    if ders.len() > 1 {
        Card::from_ders(&ders).map_err(|error| error.to_string())?;
    }
    Ok(Contact {
        mailbox: known.mailbox.clone(),
        name: known.name.clone(),
        encryption: ders[1..].iter().map(|der| der.to_vec()).collect(),
        // Who is blocked may have a mailbox that never answered: let in, it is asked.
        trust: match (known.verified, known.blocked) {
            (true, _) => Trust::Verified,
            (false, true) => Trust::Pending,
            (false, false) => Trust::Seen,
        },
        blocked: known.blocked,
        accepted: !known.blocked,
        card_issued: known.card_issued,
        ..Contact::stranger(&identity, known.added)
    })
}

/// What was shared from here, or is known to others, is under the identity that would go.
fn refuse_used(rows: Rows<'_>, coming: &[Contact]) -> Result<(), Fault> {
    let is_coming = |one: &Contact| {
        coming
            .iter()
            .any(|other| other.fingerprint == one.fingerprint)
    };
    let strangers = rows.contacts()?.iter().any(|one| !is_coming(one));
    if !strangers && rows.shares()?.is_empty() {
        return Ok(());
    }
    let words = "this household has shared something or knows others already, under an identity of its own; nothing was changed";
    Err(Fault::new("in_use", words)
        .hint("import into a household that `hearthpost init` has just made, in another folder: `--data DIR`"))
}

/// Whether these bytes are such a file, and one that has its end; `None`: they are none.
pub(in crate::sharing) fn exported(bytes: &[u8]) -> Option<bool> {
    let bytes = bytes.trim_ascii();
    let body = bytes.strip_prefix(BEGIN.as_bytes())?;
    Some(body.ends_with(END.as_bytes()))
}

/// Opens such a file.
fn read(file: &Path, passphrase: &Passphrase) -> Result<Content, Fault> {
    let shown = file.display();
    let damaged = || {
        let words = format!("{shown} is cut off or damaged; nothing was changed");
        Fault::new("identity_file", words).hint("copy it again from where it was written")
    };
    let newer = || {
        let words = format!("{shown} was written by a newer Hearthpost; nothing was changed");
        Fault::new("identity_file", words).hint("update this one")
    };
    let unreadable = |error| Fault::of_named_file("identity_file", file, &error);
    if fs::metadata(file).map_err(unreadable)?.len() > LONGEST {
        return Err(not_one(file));
    }
    let bytes = fs::read(file).map_err(unreadable)?;
    let text = String::from_utf8_lossy(&bytes);
    let body = text
        .trim()
        .strip_prefix(BEGIN)
        .ok_or_else(|| not_one(file))?;
    let body = body.strip_suffix(END).ok_or_else(damaged)?;
    let body: String = body.split_whitespace().collect();
    let sealed = parse_base64(&body).ok_or_else(damaged)?;
    let content = open_under(passphrase.text(), &sealed).map_err(|error| match error {
        EnvelopeError::Sealed => {
            let words = format!(
                "{shown} does not open: the passphrase is another one; nothing was changed"
            );
            Fault::new("passphrase", words)
        }
        EnvelopeError::Profile("of another version") => newer(),
        _ => damaged(),
    })?;
    let content: Content = parse_object(&content).map_err(|_| damaged())?;
    match VERSIONS.contains(&content.version.get()) {
        true => Ok(content),
        false => Err(newer()),
    }
}

fn not_one(file: &Path) -> Fault {
    let words = format!(
        "{} is no exported identity; nothing was changed",
        file.display()
    );
    Fault::new("identity_file", words)
}

fn armoured(sealed: &[u8]) -> String {
    let text = base64_of(sealed);
    let mut all = format!("{BEGIN}\n");
    for at in (0..text.len()).step_by(64) {
        all += &text[at..text.len().min(at + 64)];
        all.push('\n');
    }
    all + END + "\n"
}
