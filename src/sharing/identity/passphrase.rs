//! A passphrase for a file that may lie anywhere: whoever finds the file can try for as long as they like.

use zeroize::Zeroizing;

use crate::sharing::Fault;

/// The fewest characters.
pub const LEAST: usize = 12;
/// The most bytes: what is worked through is bounded.
const MOST: usize = 1_000;

/// A passphrase as a person typed it: silent, and wiped.
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes what was typed.
    pub fn new(typed: String) -> Self {
        Passphrase(Zeroizing::new(typed))
    }

    /// Takes what was typed twice: a slip would lock the file for good.
    pub fn twice(typed: String, again: String) -> Result<Self, Fault> {
        let (passphrase, again) = (Passphrase::new(typed), Passphrase::new(again));
        match passphrase.0 == again.0 {
            true => Ok(passphrase),
            false => {
                let words = "the two passphrases are not the same; nothing was written";
                Err(Fault::usage("passphrase", words))
            }
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.0
    }

    /// Refuses what is too short to keep anybody out, or too long to be one.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.0.chars().count() < LEAST {
            let words = format!("a passphrase has at least {LEAST} characters");
            return Err(Fault::usage("passphrase_short", words)
                .hint("several words in a row are easy to keep and hard to guess"));
        }
        if self.0.len() > MOST {
            let words = "a passphrase has at most 1,000 bytes";
            return Err(Fault::usage("passphrase_long", words));
        }
        Ok(())
    }
}
