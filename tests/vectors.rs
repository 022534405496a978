//! The vectors of a second implementation: everything opens to the same bytes, keys and rules.

use std::path::{Path, PathBuf};

use hearthpost::envelope::{Card, EncryptionKey};
use hearthpost::message::{Body, check_grant, open_letter_mail};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name)
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn keys(home: &str) -> Vec<EncryptionKey> {
    let card = Card::from_pem(&read(&folder(home).join("card.pem"))).expect("a card");
    let key = read(&folder(home).join("encryption.der"));
    card.encryption
        .iter()
        .map(|cert| EncryptionKey::from_der(&key, cert.der(), &card.identity).expect("a key"))
        .collect()
}

#[test]
fn grants_open_and_pass_the_check() {
    for (path, home) in [
        ("share-1/letter.eml", "home-b"),
        ("share-2/letter.eml", "home-b"),
        ("forward-1/letter.eml", "home-c"),
    ] {
        let letter = open_letter_mail(&read(&folder(path)), &keys(home)).expect(path);
        let me = Card::from_pem(&read(&folder(home).join("card.pem")))
            .expect("card")
            .identity
            .fingerprint();
        let now = "2026-11-02T09:10:00Z".parse().expect("a time");
        assert!(matches!(letter.body, Body::Grant(..)));
        check_grant(letter, me, now).expect(path);
    }
}
