//! Households out of the directory that the operator set. What it says counts only as far as its certificates do: a name and a
//! key word there are suggestions, and a household is taken from it by itself only where `directory.trusted` says so.

mod answer;
pub mod answers;
pub mod document;
mod kept;
mod look_again;
pub mod publish;
pub mod question;

pub use self::answer::Answer;
use super::contacts::typed::is_typed;
use super::household::credential::secret;
use super::listing::clean_line;
use super::{Fault, Household};
use crate::address::Mailbox;
use crate::album::Contact;
use crate::config::{self, Auth};
use crate::directory::{DirectoryError, Entry, Place};
use crate::encoding::Timestamp;
use crate::envelope::{Card, EncryptionCertificate, IdentityCertificate};

/// So many certificates of one kind are looked at in an entry.
const MOST: usize = 8;

/// A household that the directory knows.
#[derive(Debug, Clone)]
pub struct Found {
    /// What it calls itself.
    pub name: String,
    /// Where mail for it goes.
    pub mailbox: Mailbox,
    /// The key words that the directory has for it.
    pub words: Vec<String>,
    /// Its certificates; each is checked.
    pub card: Card,
    /// It is known here.
    pub known: bool,
    /// Another household is known here at that mailbox.
    pub differs: bool,
}

impl From<DirectoryError> for Fault {
    fn from(error: DirectoryError) -> Self {
        Fault::new("directory", error.to_string())
    }
}

impl Household {
    /// The households that the directory has for a mailbox, a name or a key word.
    pub async fn find_in_directory(&self, typed: &str) -> Result<Vec<Found>, Fault> {
        let entries = place(self.directory_settings()?).await?.find(typed).await?;
        let mut found = households_of(&entries);
        found.retain(|one| one.card.identity.fingerprint() != self.me());
        found.sort_by(|a, b| a.mailbox.as_str().cmp(b.mailbox.as_str()));
        Ok(found)
    }

    fn take_found(&mut self, found: &Found, now: Timestamp) -> Result<Contact, Fault> {
        let pem = found.card.to_pem()?;
        self.add_contact_file(&found.mailbox, pem.as_bytes(), now)
    }

    fn directory_settings(&self) -> Result<&config::Directory, Fault> {
        self.config.directory.as_ref().ok_or_else(|| {
            Fault::new("directory", "no directory is set")
                .hint("set `url` and `base` in the section [directory] of the configuration")
        })
    }
}

/// The directory of these settings, with the password to ask it.
async fn place(settings: &config::Directory) -> Result<Place, Fault> {
    let user = match (&settings.user, &settings.password) {
        (Some(user), Some(source)) => {
            let password = secret(source, Auth::Password, settings.timeout).await?;
            Some((user.clone(), password))
        }
        _ => None,
    };
    let read =
        |path| std::fs::read(path).map_err(|error| Fault::of_file("directory", path, &error));
    Ok(Place {
        url: settings.url.clone(),
        base: settings.base.clone(),
        filter: settings.filter.clone(),
        user,
        extra_ca: settings.ca_file.as_deref().map(read).transpose()?,
        timeout: settings.timeout,
    })
}

/// The one household at a mailbox, with whatever capitals somebody typed it; several are refused.
fn only(mailbox: &Mailbox, mut found: Vec<Found>) -> Result<Option<Found>, Fault> {
    let is_there = found.iter().any(|one| one.mailbox == *mailbox);
    found.retain(|one| match is_there {
        true => one.mailbox == *mailbox,
        false => is_typed(mailbox, &one.mailbox),
    });
    found.dedup_by_key(|one| one.card.identity.fingerprint());
    if found.len() < 2 {
        return Ok(found.pop());
    }
    let named: Vec<String> = found.iter().map(shown).collect();
    let words = format!(
        "the directory has several households at {mailbox}: {}",
        named.join(", ")
    );
    Err(Fault::new("several", words)
        .hint("ask the people there which it is, and take their certificate file: `hearthpost contact add`"))
}

fn shown(found: &Found) -> String {
    format!("{} ({})", clean_line(&found.name), found.mailbox)
}

/// The households of entries, each once: a directory may have one in many.
fn households_of(entries: &[Entry]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for found in entries.iter().filter_map(household_of) {
        let who = found.card.identity.fingerprint();
        let same = |one: &&mut Found| {
            one.card.identity.fingerprint() == who && one.mailbox == found.mailbox
        };
        let Some(one) = all.iter_mut().find(same) else {
            all.push(found);
            continue;
        };
        for word in found.words {
            if !one.words.contains(&word) {
                one.words.push(word);
            }
        }
        let begin = |card: &Card| card.newest().map(|newest| newest.not_before());
        if begin(&found.card) > begin(&one.card) {
            one.card = found.card;
        }
    }
    all
}

/// The household of an entry: one identity, with the certificates that it issued itself. Its mailbox and name are what the
/// identity says, whatever the directory does.
fn household_of(entry: &Entry) -> Option<Found> {
    let read = |der: &Vec<u8>| IdentityCertificate::from_der(der).ok();
    let mut identities: Vec<IdentityCertificate> =
        entry.certificates.iter().filter_map(read).collect();
    let identity = match identities.len() {
        1 => identities.pop()?,
        _ => return None,
    };
    let issued = |der: &Vec<u8>| EncryptionCertificate::from_der(der, &identity).ok();
    let encryption: Vec<EncryptionCertificate> = entry
        .certificates
        .iter()
        .filter_map(issued)
        .take(MOST)
        .collect();
    if encryption.is_empty() {
        return None;
    }
    Some(Found {
        name: identity.name().to_owned(),
        mailbox: identity.mailbox().clone(),
        words: entry.words.iter().map(|word| clean_line(word)).collect(),
        card: Card {
            identity,
            encryption,
        },
        known: false,
        differs: false,
    })
}
