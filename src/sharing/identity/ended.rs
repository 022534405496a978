//! The message `ended`: signed while the key is at hand, kept where the box is not, and sent when the box is lost. Whoever
//! has it can end the identity, and do nothing else.

use std::path::Path;

use super::ending::Ending;
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::sharing::backup::write::write_once;
use crate::sharing::contacts::ended::end_for_good;
use crate::sharing::words::clean_line;
use crate::sharing::{Fault, Household};

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

/// The message that ends an identity, which was sent.
#[derive(Debug, Clone)]
pub struct EndingSent {
    /// What it says.
    pub ending: Ending,
    /// Where it goes.
    pub to: Vec<Mailbox>,
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

    /// The mailboxes to which it goes: of all households that are heard here and whose mailbox has answered, and these; of an
    /// identity of this very household, to whoever has its card.
    fn hear_of_end(&self, ending: &Ending, also: &[Mailbox]) -> Result<Vec<Mailbox>, Fault> {
        let rows = self.album.rows();
        let contacts = rows.contacts()?.into_iter();
        let heard = contacts
            .filter(|one| one.is_heard() && !one.unproven && one.fingerprint != ending.fingerprint);
        let mut to: Vec<Mailbox> = heard.map(|one| one.mailbox).collect();
        if self.keys.is_ours(ending.fingerprint) {
            to.extend(rows.introduced(ending.fingerprint)?);
        }
        to.extend(also.iter().cloned());
        to.sort();
        to.dedup();
        to.retain(|one| *one != self.config.mailbox);
        Ok(to)
    }

    /// Sends such a message to all households that are heard here, and to these mailboxes too. Without `yes` it asks first:
    /// nothing undoes it.
    pub fn send_ended(
        &mut self,
        file: &Path,
        also: &[Mailbox],
        yes: bool,
        now: Timestamp,
    ) -> Result<EndingSent, Fault> {
        let ending = Ending::read(file)?;
        if ending.fingerprint != self.me() && !yes {
            let words = format!(
                "this ends the identity that was at {} ({}), for good: all who are told take nothing more from it. Send it?",
                ending.mailbox,
                ending.fingerprint.short()
            );
            return Err(
                Fault::new("asks_first", words).hint("nobody can take it back; in scripts --yes")
            );
        }
        self.send_ending(ending, also, yes, now)
    }

    /// As [`Household::send_ended`], of a message that was read, where whose end it is was shown. Without `yes` it asks first
    /// where that is this very household's.
    pub fn send_ending(
        &mut self,
        ending: Ending,
        also: &[Mailbox],
        yes: bool,
        now: Timestamp,
    ) -> Result<EndingSent, Fault> {
        let own = ending.fingerprint == self.me();
        let is_ours = self.keys.is_ours(ending.fingerprint);
        if own && !yes {
            let words = "that is this household's own identity: the others will take nothing more from it, for good";
            return Err(Fault::new("asks_first", words)
                .hint("`hearthpost identity rekey` gives the household a new one at once; --yes ends it all the same"));
        }
        let to = self.hear_of_end(&ending, also)?;
        let mailbox = &self.config.mailbox;
        self.album.commit(|rows| {
            let at = &ending.mailbox;
            if let Some(contact) = rows.contact(ending.fingerprint)? {
                end_for_good(rows, contact, at, now)?;
            } else if own || !is_ours {
                // Somebody may write here in its name later.
                rows.put_ended(ending.fingerprint, at, now)?;
            }
            for one in &to {
                ending.queue(rows, mailbox, one, now)?;
            }
            Ok::<_, Fault>(())
        })?;
        Ok(EndingSent { ending, to })
    }
}
