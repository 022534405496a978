//! This household's own entry. Once it was written it is kept as it should be: when the certificate was renewed, or the name is
//! another one, it is written again by itself.

use tokio::time::timeout;

use super::{household_of, place};
use crate::address::Mailbox;
use crate::config;
use crate::encoding::Timestamp;
use crate::envelope::Digest;
use crate::sharing::{Fault, Household};

/// What was last written, as a digest.
const WRITTEN: &str = "directory.written";
/// The key words that were written, a line each.
const WORDS: &str = "directory.words";
/// When it was last tried to write it again.
const TRIED: &str = "directory.tried";
/// How long until it is tried again, in seconds.
const TRY_AGAIN: u64 = 3_600;

/// How this household stands in the directory.
pub(in crate::sharing) enum OwnEntry {
    /// With its newest certificate.
    Current,
    /// With an older one.
    Older,
    /// Not at all; `true`: it was written there once.
    Missing(bool),
    /// Another household has its mailbox.
    Another(String),
}

/// This household as it should stand in the directory.
pub struct Entry {
    settings: config::Directory,
    mailbox: Mailbox,
    name: String,
    words: Vec<String>,
    ders: Vec<Vec<u8>>,
    /// A short name for all of it.
    written: String,
}

impl Entry {
    /// Writes it there; gives its place. Nobody needs to hold the household meanwhile.
    pub async fn write(&self) -> Result<String, Fault> {
        let place = place(&self.settings).await?;
        let written = place.publish(&self.mailbox, &self.name, &self.words, &self.ders);
        Ok(written.await?)
    }
}

impl Household {
    /// Writes this household's own entry, with these key words; gives its place.
    pub async fn publish(&mut self, words: &[String]) -> Result<String, Fault> {
        let entry = self.entry(words)?;
        let dn = entry.write().await?;
        self.note_published(&entry)?;
        Ok(dn)
    }

    /// What this household's own entry should be, with these key words. Fails where no directory is set.
    pub fn entry(&self, words: &[String]) -> Result<Entry, Fault> {
        Ok(Entry {
            settings: self.directory_settings()?.clone(),
            mailbox: self.config.mailbox.clone(),
            name: self.config.name.clone(),
            words: words.to_vec(),
            ders: self.own_entry(),
            written: self.written(words)?,
        })
    }

    /// Notes that it stands there, so that it is kept as it should be.
    pub fn note_published(&mut self, entry: &Entry) -> Result<(), Fault> {
        self.album.commit(|rows| {
            rows.set_setting(WORDS, &entry.words.join("\n"))?;
            Ok::<_, Fault>(rows.set_setting(WRITTEN, &entry.written)?)
        })
    }

    /// The key words with which this household was written into its directory; `None`: it was not, or none is set.
    pub fn published(&self) -> Result<Option<Vec<String>>, Fault> {
        let rows = self.album.rows();
        if self.config.directory.is_none() || rows.setting(WRITTEN)?.is_none() {
            return Ok(None);
        }
        let words = rows.setting(WORDS)?.unwrap_or_default();
        Ok(Some(words.lines().map(str::to_owned).collect()))
    }

    /// Writes the entry again where it was written once and is not what it should be. A directory that is of no use is left
    /// alone for an hour, and keeps nobody longer than the time that is set for it.
    pub(in crate::sharing) async fn publish_again(&mut self, now: Timestamp) -> Result<(), Fault> {
        let rows = self.album.rows();
        let (Some(settings), Some(written)) = (&self.config.directory, rows.setting(WRITTEN)?)
        else {
            return Ok(());
        };
        let words = rows.setting(WORDS)?.unwrap_or_default();
        let words: Vec<String> = words.lines().map(str::to_owned).collect();
        if written == self.written(&words)? {
            return Ok(());
        }
        let tried = rows.setting(TRIED)?.and_then(|text| text.parse().ok());
        let tried = tried.map(Timestamp::from_unix);
        if tried.is_some_and(|at| at <= now && at.plus_seconds(TRY_AGAIN) > now) {
            return Ok(());
        }
        let patience = settings.timeout;
        self.album
            .commit(|rows| Ok::<_, Fault>(rows.set_setting(TRIED, &now.unix().to_string())?))?;
        match timeout(patience, self.publish(&words)).await {
            Ok(Ok(dn)) => tracing::info!(dn, "the directory has the new certificate"),
            Ok(Err(fault)) => {
                tracing::warn!(trouble = %fault, "the entry in the directory is not renewed");
            }
            Err(_) => tracing::warn!("the directory does not answer; its entry is not renewed"),
        }
        Ok(())
    }

    /// Looks at this household's own entry. Changes nothing.
    pub(in crate::sharing) async fn look_at_entry(&self) -> Result<OwnEntry, Fault> {
        let place = place(self.directory_settings()?).await?;
        let entries = place.find(self.config.mailbox.as_str()).await?;
        let found = entries.iter().filter_map(household_of);
        let (own, others): (Vec<_>, Vec<_>) = found
            .filter(|one| one.mailbox == self.config.mailbox)
            .partition(|one| one.card.identity.fingerprint() == self.me());
        if let Some(other) = others.first() {
            return Ok(OwnEntry::Another(other.card.identity.fingerprint().words()));
        }
        let newest = self.keys.card();
        let newest = newest.newest().map(|newest| newest.der().to_vec());
        let has_newest = own.iter().any(|one| {
            let mut certificates = one.card.encryption.iter();
            certificates.any(|one| Some(one.der()) == newest.as_deref())
        });
        Ok(match (own.is_empty(), has_newest) {
            (true, _) => OwnEntry::Missing(self.album.rows().setting(WRITTEN)?.is_some()),
            (_, true) => OwnEntry::Current,
            (_, false) => OwnEntry::Older,
        })
    }

    /// DERs of the identity and of the newest certificate.
    fn own_entry(&self) -> Vec<Vec<u8>> {
        let card = self.keys.card();
        let newest = card.newest().map(|newest| newest.der().to_vec());
        [card.identity.der().to_vec()]
            .into_iter()
            .chain(newest)
            .collect()
    }

    /// A short name for what the entry should be.
    fn written(&self, words: &[String]) -> Result<String, Fault> {
        let settings = self.directory_settings()?;
        let mut all = [&settings.url, &settings.base, &self.config.name]
            .map(String::as_str)
            .join("\n");
        all += self.config.mailbox.as_str();
        for word in words {
            all += &format!("\n{word}");
        }
        for der in self.own_entry() {
            all += &format!("\n{}", Digest::of(&der));
        }
        Ok(Digest::of(all.as_bytes()).short())
    }
}
