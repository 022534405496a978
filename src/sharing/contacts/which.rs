//! Which household somebody means who names one at the box: by its mailbox, or by the beginning of its fingerprint, where
//! several say that they are at one mailbox. None is chosen for them.

use std::str::FromStr;

use super::moved::mailbox_of_any;
use super::typed::{asked_at, known_at};
use crate::address::{AddressError, Mailbox};
use crate::album::{Contact, Rows};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::contacts::known;
use crate::sharing::{Fault, Household};

/// The fewest digits of a fingerprint that name somebody.
const FEWEST: usize = 8;

/// A household as somebody names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// By its mailbox.
    At(Mailbox),
    /// By what its fingerprint begins with, in lower-case hex: 8 digits at least.
    Begins(String),
}

/// What was forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forgotten {
    /// Where that was, as it said.
    pub mailbox: Mailbox,
    /// Which one, where others say that they are at that mailbox: those stay.
    pub one_of: Option<Fingerprint>,
}

/// What is to be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Hear from it.
    Accept,
    /// Take nothing from it any more.
    Block,
    /// Hear from it again.
    Unblock,
    /// Forget it.
    Remove,
    /// Something that one does with households that are known: of several at a mailbox it is the best known one.
    Other,
}

impl FromStr for Named {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let digits = text.to_ascii_lowercase();
        let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        match (FEWEST..=64).contains(&digits.len()) && is_hex {
            true => Ok(Named::Begins(digits)),
            false => text.parse().map(Named::At),
        }
    }
}

impl Household {
    /// The household that is meant.
    pub fn household_named(&self, named: &Named, deed: Deed) -> Result<Fingerprint, Fault> {
        let rows = self.album.rows();
        let mailbox = match named {
            Named::Begins(digits) => return beginning_with(rows, digits),
            Named::At(mailbox) => mailbox_of_any(rows, mailbox)?,
        };
        let there = rows.contacts_at(&mailbox)?;
        if deed == Deed::Accept
            && let Some(known) = there.iter().find(|one| one.accepted)
        {
            refuse_beside(rows, known)?;
        }
        let mut meant = Vec::new();
        for one in there {
            let ended = rows.ended(one.fingerprint)?.is_some();
            let fits = match deed {
                Deed::Accept | Deed::Block => !one.blocked && !ended,
                Deed::Unblock => one.blocked && !ended,
                Deed::Remove => true,
                Deed::Other => false,
            };
            if fits {
                meant.push(one.fingerprint);
            }
        }
        match meant.as_slice() {
            [one] => Ok(*one),
            // Why it cannot be done is said of the one that is known best.
            [] => Ok(known(rows, (&mailbox).into())?.fingerprint),
            several => Err(several_at(mailbox.as_str(), several)),
        }
    }

    /// Forgets a household, and nobody else at its mailbox.
    pub fn remove_named(&mut self, named: &Named, now: Timestamp) -> Result<Forgotten, Fault> {
        if let Named::At(mailbox) = named {
            let rows = self.album.rows();
            let mailbox = &match asked_at(rows, mailbox)? {
                Some(asked) => asked,
                None => known_at(rows, mailbox)?.unwrap_or_else(|| mailbox.clone()),
            };
            if rows.contacts_at(mailbox)?.len() < 2 {
                // Nobody need be known there: it may have been asked alone.
                self.remove_contact(mailbox, now)?;
                return Ok(Forgotten {
                    mailbox: mailbox.clone(),
                    one_of: None,
                });
            }
        }
        let who = self.household_named(named, Deed::Remove)?;
        let mailbox = known(self.album.rows(), who.into())?.mailbox;
        self.remove_contact(who, now)?;
        let stays = !self.album.rows().contacts_at(&mailbox)?.is_empty();
        Ok(Forgotten {
            mailbox,
            one_of: stays.then_some(who),
        })
    }
}

/// Refuses to let anybody in at a mailbox at which one household is known and another claims that it is there.
fn refuse_beside(rows: Rows<'_>, one: &Contact) -> Result<(), Fault> {
    for claims in rows.claims(&one.mailbox)? {
        if claims != one.fingerprint {
            let (mailbox, short) = (&one.mailbox, claims.short());
            let words = format!(
                "a household is known at {mailbox}, and another one ({short}) says that this is its mailbox: it is not let in beside that"
            );
            return Err(Fault::new("second_identity", words).hint(format!(
                "ask the people you know, by telephone: `hearthpost contact verify {mailbox} --fingerprint WORDS` with the words that they read out says which of the two it is"
            )));
        }
    }
    Ok(())
}

fn beginning_with(rows: Rows<'_>, digits: &str) -> Result<Fingerprint, Fault> {
    let contacts = rows.contacts()?.into_iter();
    let all = contacts.map(|one| one.fingerprint);
    let found: Vec<Fingerprint> = all
        .filter(|one| one.to_string().starts_with(digits))
        .collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let words = format!("no household is known whose fingerprint begins with {digits}");
            Err(Fault::usage("unknown_contact", words).hint("`hearthpost contact list` shows them"))
        }
        several => Err(several_at(digits, several)),
    }
}

fn several_at(what: &str, several: &[Fingerprint]) -> Fault {
    let named: Vec<String> = several.iter().map(Fingerprint::short).collect();
    let words = format!(
        "several households are meant by {what}: {}",
        named.join(", ")
    );
    Fault::usage("several", words).hint(
        "`hearthpost contact list` tells them apart; give the fingerprint of the one that you mean in place of the mailbox",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_or_digits_name_a_household() {
        let at = "home-b@b.example".parse().expect("a mailbox");
        assert_eq!("home-b@b.example".parse(), Ok(Named::At(at)));
        let begins = |digits: &str| Ok(Named::Begins(digits.to_owned()));
        assert_eq!("7BF5eaf7b05e".parse(), begins("7bf5eaf7b05e"));
        assert_eq!("7bf5eaf7".parse::<Named>(), begins("7bf5eaf7"));
        for wrong in ["7bf5eaf", "bob", "", "7bf5eaf7b05g"] {
            assert!(wrong.parse::<Named>().is_err(), "{wrong}");
        }
        // A local part of digits alone is a mailbox all the same.
        assert!(matches!("12345678@b.example".parse(), Ok(Named::At(_))));
    }
}
