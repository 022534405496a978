//! Passwords at rest: argon2id (RFC 9106) with 19 MiB, two passes and one lane, the least that OWASP recommends: a small
//! box has to do it too. A stored text carries its own parameters, so that these can grow.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use zeroize::Zeroizing;

use super::super::Fault;

/// The fewest characters: shorter ones are tried through in an afternoon.
pub const LEAST: usize = 8;
/// The most bytes: what is hashed is bounded.
pub const MOST: usize = 1_000;

/// A password as a person typed it: silent, and wiped.
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes what was typed.
    pub fn new(typed: String) -> Self {
        Password(Zeroizing::new(typed))
    }

    /// Refuses what is too short to keep anybody out, or too long to be one.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if self.0.chars().count() < LEAST {
            let words = format!("a password has at least {LEAST} characters");
            return Err(Fault::usage("password_short", words));
        }
        if self.0.len() > MOST {
            let words = "a password has at most 1,000 bytes";
            return Err(Fault::usage("password_long", words));
        }
        Ok(())
    }

    /// What is kept of it.
    pub(super) fn hash(&self) -> Result<String, Fault> {
        let mut salt = [0; 16];
        openssl::rand::rand_bytes(&mut salt)
            .map_err(|error| Fault::new("system", format!("no chance to be had: {error}")))?;
        let hashed = Argon2::default().hash_password_with_salt(self.0.as_bytes(), &salt);
        let hashed = hashed.map_err(|error| Fault::new("password", error.to_string()))?;
        Ok(hashed.to_string())
    }

    /// Whether `kept` was made of it. Where nothing is kept it takes as long to say no.
    pub(super) fn is(&self, kept: Option<&str>) -> bool {
        let one = kept.unwrap_or(NOBODY);
        let right = PasswordHash::new(one).is_ok_and(|kept| {
            Argon2::default()
                .verify_password(self.0.as_bytes(), &kept)
                .is_ok()
        });
        right && kept.is_some() && self.0.len() <= MOST
    }
}

/// Of no password that anybody has: it is compared where there is no account.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
