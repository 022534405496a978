//! What a second implementation made: its files, and what it expects to be read in them.

use std::path::{Path, PathBuf};

use hearthpost::envelope::{Card, EncryptionKey, Fingerprint, Identity};
use hearthpost::message::check::GrantLetter;
use hearthpost::message::{Verified, check_grant, open_letter_mail};
use serde_json::Value;

pub const GRANTS: [(&str, &str); 3] = [
    ("share-1", "home-b"),
    ("share-2", "home-b"),
    ("forward-1", "home-c"),
];

pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name)
}

pub fn read(path: &str) -> Vec<u8> {
    std::fs::read(folder(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

pub fn expected(name: &str) -> Value {
    serde_json::from_slice(&read(&format!("{name}/expected.json"))).expect("expected.json is JSON")
}

pub fn card(home: &str) -> Card {
    Card::from_pem(&read(&format!("{home}/card.pem"))).expect("a card")
}

pub fn keys(home: &str) -> Vec<EncryptionKey> {
    let (card, key) = (card(home), read(&format!("{home}/encryption.der")));
    let key = |cert| EncryptionKey::from_der(&key, None, cert, &card.identity).expect("a key");
    card.encryption.iter().map(|cert| key(cert.der())).collect()
}

pub fn grant(name: &str, home: &str) -> Verified<GrantLetter> {
    let letter = open_letter_mail(&read(&format!("{name}/letter.eml")), &keys(home)).expect(name);
    assert!(letter.enveloped);
    let now = text(&expected(name)["now"]).parse().expect("a time");
    check_grant(letter, card(home).identity.fingerprint(), now).expect(name)
}

pub fn text(value: &Value) -> &str {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value} is not a text"))
}

pub fn json_of(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).expect("JSON")
}

pub fn fingerprint(home: &str) -> Fingerprint {
    card(home).identity.fingerprint()
}

pub fn identity(home: &str) -> Identity {
    let key = read(&format!("{home}/identity.der"));
    Identity::from_der(&key, card(home).identity.der()).expect("an identity")
}
