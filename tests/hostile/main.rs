//! Hostile input to the core: one vector, one fault, named for it, with the refusal at which it must end.
//!
//! Each is a good structure with one field bent and, where a signature or lengths would fail first, made good again
//! around the fault, so that no earlier check can hide that the one in question is missing.

#[path = "../support/households/mod.rs"]
mod households;
#[allow(dead_code, reason = "the tests of mail at the door bend with it too")]
mod tree;

mod card;
mod certificate;
mod chance;
mod content;
mod envelope;
mod layers;
mod mail;
mod object;
mod outer;
mod part;
mod signed;
mod turned;

use hearthpost::envelope::EnvelopeError;

/// What bends a good structure.
type Fault = Box<dyn Fn(&mut tree::Node)>;
/// A vector: its name, its fault, and where it must fail.
type Row = (&'static str, Fault, Refusal);

/// Where a vector must fail.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Refusal {
    /// Outside the profile, with these words.
    Profile(&'static str),
    /// In the profile, but no key opens it: always the same words.
    Sealed,
    /// In the profile, but the signature is not good.
    Signature,
}

#[track_caller]
fn refused<T>(name: &str, result: Result<T, EnvelopeError>, refusal: Refusal) {
    let wanted = match refusal {
        Refusal::Profile(words) => EnvelopeError::Profile(words),
        Refusal::Sealed => EnvelopeError::Sealed,
        Refusal::Signature => EnvelopeError::Signature,
    };
    match result {
        Ok(_) => panic!("{name} is taken"),
        Err(error) => assert_eq!(error, wanted, "{name}"),
    }
    // What OpenSSL still has to say the next reading over TLS in this thread would take for its own trouble.
    let left = openssl::error::ErrorStack::get();
    assert!(left.errors().is_empty(), "{name} leaves {left}");
}
