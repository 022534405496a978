//! Households out of the directory that the operator set. What it says counts only as far as its certificates do: a name and a
//! key word there are suggestions, and a household is taken from it by itself only where `directory.trusted` says so.

use super::credential::secret;
use super::listing::clean_line;
use super::{Fault, Household};
use crate::address::{Mailbox, StationAddress};
use crate::album::Contact;
use crate::config::Auth;
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
}

impl From<DirectoryError> for Fault {
    fn from(error: DirectoryError) -> Self {
        Fault::new("directory", error.to_string())
    }
}

impl Household {
    /// The households that the directory has for a mailbox, a name or a key word.
    pub async fn find_in_directory(&self, typed: &str) -> Result<Vec<Found>, Fault> {
        let entries = self.directory().await?.find(typed).await?;
        let mut found: Vec<Found> = entries.iter().filter_map(household_of).collect();
        found.retain(|one| one.card.identity.fingerprint() != self.me());
        found.sort_by(|a, b| a.mailbox.as_str().cmp(b.mailbox.as_str()));
        Ok(found)
    }

    /// Writes this household's own entry, with these key words; gives its place.
    pub async fn publish(&self, words: &[String]) -> Result<String, Fault> {
        let card = self.keys.card();
        let newest = card.newest().map(|newest| newest.der().to_vec());
        let ders: Vec<Vec<u8>> = [card.identity.der().to_vec()]
            .into_iter()
            .chain(newest)
            .collect();
        let place = self.directory().await?;
        let (mailbox, name) = (&self.config.mailbox, &self.config.name);
        Ok(place.publish(mailbox, name, words, &ders).await?)
    }

    /// Takes the household of a mailbox out of the directory, on the keeper's word: they looked at whom it names.
    pub async fn add_from_directory(
        &mut self,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<Contact, Fault> {
        let found = self.find_in_directory(mailbox.as_str()).await?;
        let found = only(mailbox, found)?.ok_or_else(|| {
            let words = format!("the directory knows no household at {mailbox}");
            Fault::new("unknown_contact", words)
        })?;
        self.take_found(&found, now)
    }

    /// Looks in the directory for whom a share is meant and nobody here knows. Those of a trusted one are taken; of another they
    /// are named in the refusal.
    pub async fn look_for_unknown(
        &mut self,
        to: &[String],
        now: Timestamp,
    ) -> Result<Vec<Contact>, Fault> {
        let Some(settings) = &self.config.directory else {
            return Ok(Vec::new());
        };
        let (trusted, mut taken) = (settings.trusted, Vec::new());
        for typed in to {
            let Ok(address) = typed.parse::<StationAddress>() else {
                self.offer_by_word(typed).await?;
                continue;
            };
            let mailbox = address.mailbox;
            let is_own = mailbox == self.config.mailbox;
            if is_own || self.album.rows().contact_at(&mailbox)?.is_some() {
                continue;
            }
            let found = self.find_in_directory(mailbox.as_str()).await?;
            match only(&mailbox, found)? {
                Some(found) if trusted => taken.push(self.take_found(&found, now)?),
                Some(found) => return Err(not_taken(&found)),
                None => {}
            }
        }
        Ok(taken)
    }

    async fn offer_by_word(&self, word: &str) -> Result<(), Fault> {
        if self.meant_by(word).is_ok() {
            return Ok(());
        }
        let found = self.find_in_directory(word).await?;
        if found.is_empty() {
            return Ok(());
        }
        let named: Vec<String> = found.iter().map(shown).collect();
        let words = format!(
            "nobody here is known as {}; the directory offers {}",
            clean_line(word),
            named.join(", ")
        );
        Err(Fault::usage("unknown_word", words)
            .hint("once you are sure who it is: `hearthpost directory add ADDR`, and `hearthpost keyword set WORD ADDR`"))
    }

    fn take_found(&mut self, found: &Found, now: Timestamp) -> Result<Contact, Fault> {
        let pem = found.card.to_pem()?;
        self.add_contact_file(&found.mailbox, pem.as_bytes(), now)
    }

    async fn directory(&self) -> Result<Place, Fault> {
        let settings = self.config.directory.as_ref().ok_or_else(|| {
            Fault::new("directory", "no directory is set")
                .hint("set `url` and `base` in the section [directory] of the configuration")
        })?;
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
}

/// The one household at a mailbox; several are refused.
fn only(mailbox: &Mailbox, mut found: Vec<Found>) -> Result<Option<Found>, Fault> {
    found.retain(|one| one.mailbox == *mailbox);
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

fn not_taken(found: &Found) -> Fault {
    let words = format!(
        "{} is not known here; the directory says it is {}, with the comparing words: {}",
        found.mailbox,
        clean_line(&found.name),
        found.card.identity.fingerprint().words()
    );
    Fault::new("unknown_contact", words).hint(format!(
        "if that is so: `hearthpost directory add {}`; a directory with `trusted = true` is believed by itself",
        found.mailbox
    ))
}

fn shown(found: &Found) -> String {
    format!("{} ({})", clean_line(&found.name), found.mailbox)
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
    })
}
