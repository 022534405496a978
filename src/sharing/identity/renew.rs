//! The keys that open letters are renewed by themselves: before their certificate ends, and where it has no ML-KEM yet.
//!
//! 1. A new key is in the key file before anybody hears of it.
//! 2. Every household that is heard gets a card. One that it never reached asks when the old certificate has ended.
//! 3. What lies sealed here to an older key is enveloped anew.
//! 4. An older key is destroyed 90 days after its certificate ended, when nothing is on its way under it any more.
//!
//! Notes in the album say how far that is, so that a run that died is gone on with.

use zeroize::Zeroizing;

use crate::album::{KeyFile, Keys, Rows};
use crate::encoding::Timestamp;
use crate::envelope::{EncryptionKey, addressed, open_letter, seal_letter};
use crate::sharing::contacts::introduction::known_card;
use crate::sharing::correspond::Writer;
use crate::sharing::{Fault, Household, Now};

const DAY: u64 = 86_400;
/// A key is renewed so long before its certificate ends, in seconds: every household hears of it in time.
const BEFORE: u64 = 60 * DAY;
/// An old key is kept so long after its certificate ended, in seconds.
const AFTER: u64 = 90 * DAY;
/// So many grants are enveloped anew in one commit.
const AT_ONCE: u64 = 50;
/// Says `yes` while others are not told of the newest key.
const TELL: &str = "keys.tell";
/// Up to which holding the grants are under the newest key; empty where all are.
const ANEW: &str = "keys.anew";

impl Household {
    /// Does what is due. A clock that is in doubt issues nothing and destroys nothing.
    pub fn renew_keys(&mut self, now: Now) -> Result<(), Fault> {
        if now.confirmed && is_due(&self.keys, now.now) {
            self.issue_key(now.now)?;
        }
        self.tell_of_key(now.now)?;
        self.seal_anew()?;
        if now.confirmed && self.keys.encryption.iter().any(|key| is_over(key, now)) {
            self.destroy_old_keys(now)?;
        }
        Ok(())
    }

    fn issue_key(&mut self, now: Timestamp) -> Result<(), Fault> {
        let file = KeyFile::hold(self.album.folder())?;
        // Another run may have done it since this one began.
        let mut keys = file.read()?;
        if keys.identity.fingerprint() != self.me() {
            return Ok(());
        }
        if is_due(&keys, now) {
            self.album.commit(to_be_told)?;
            crate::crash::point("renew.before_keys");
            keys.encryption
                .push(keys.identity.issue_encryption_key(now)?);
            file.replace(&keys)?;
            crate::crash::point("renew.after_keys");
            tracing::info!(
                "there is a new key for letters, and the other households are told of it"
            );
        }
        self.keys = keys;
        Ok(())
    }

    fn tell_of_key(&mut self, now: Timestamp) -> Result<(), Fault> {
        if self.album.rows().setting(TELL)?.as_deref() != Some("yes") {
            return Ok(());
        }
        let writer = Writer::new(&self.keys, &self.config, now);
        let config = &self.config;
        self.album.commit(|rows| {
            let body = known_card(rows, writer.keys, config, None)?;
            for contact in rows.contacts()?.iter().filter(|one| one.is_heard()) {
                writer.send(rows, &body, contact)?;
            }
            Ok::<_, Fault>(rows.set_setting(TELL, "no")?)
        })?;
        crate::crash::point("renew.told");
        Ok(())
    }

    fn seal_anew(&mut self) -> Result<(), Fault> {
        let newest = self.keys.newest().map(EncryptionKey::certificate);
        let (Some(newest), keys) = (newest, &self.keys.encryption) else {
            return Ok(());
        };
        let noted = self.album.rows().setting(ANEW)?;
        let mut after: Option<i64> = noted.and_then(|id| id.parse().ok());
        while let Some(last) = after {
            after = self.album.commit(|rows| {
                let some = rows.holding_grants_after(last, AT_ONCE)?;
                for (holding, sealed) in &some {
                    if addressed(sealed).is_ok_and(|one| one.is_to(newest)) {
                        continue;
                    }
                    match open_letter(sealed, keys).map(Zeroizing::new) {
                        Ok(content) => {
                            let anew = seal_letter(&content, newest)?;
                            rows.set_holding_grant(*holding, &anew)?;
                        }
                        // It opened nothing before and opens nothing now.
                        Err(error) => {
                            tracing::warn!(holding, %error, "a stored grant does not open")
                        }
                    }
                }
                let next = some.last().map(|(holding, _)| *holding);
                let note = next.map_or(String::new(), |id| id.to_string());
                rows.set_setting(ANEW, &note)?;
                Ok::<_, Fault>(next)
            })?;
            crate::crash::point("renew.anew");
        }
        Ok(())
    }

    fn destroy_old_keys(&mut self, now: Now) -> Result<(), Fault> {
        // What came since under an old key.
        self.album
            .commit(|rows| Ok::<_, Fault>(rows.set_setting(ANEW, "0")?))?;
        self.seal_anew()?;
        let file = KeyFile::hold(self.album.folder())?;
        let mut keys = file.read()?;
        if keys.identity.fingerprint() != self.me() {
            return Ok(());
        }
        let kept = keys.newest().map(|key| key.certificate().der().to_vec());
        keys.encryption
            .retain(|key| kept.as_deref() == Some(key.certificate().der()) || !is_over(key, now));
        crate::crash::point("renew.before_end");
        file.replace(&keys)?;
        crate::crash::point("renew.after_end");
        self.keys = keys;
        Ok(())
    }
}

/// All households are to be told of the newest key, and what lies sealed here is to be under it.
pub(in crate::sharing) fn to_be_told(rows: Rows<'_>) -> Result<(), Fault> {
    rows.set_setting(TELL, "yes")?;
    seal_anew_from_now(rows)
}

/// What lies sealed here is to be under the newest key.
pub(super) fn seal_anew_from_now(rows: Rows<'_>) -> Result<(), Fault> {
    Ok(rows.set_setting(ANEW, "0")?)
}

fn is_due(keys: &Keys, now: Timestamp) -> bool {
    keys.newest().is_none_or(|key| {
        let certificate = key.certificate();
        !certificate.is_quantum_safe() || certificate.not_after() <= now.plus_seconds(BEFORE)
    })
}

/// Long enough that a confirmed clock has passed it.
fn is_over(key: &EncryptionKey, now: Now) -> bool {
    key.certificate().not_after().plus_seconds(AFTER) < now.floor
}
