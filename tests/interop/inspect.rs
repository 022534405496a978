//! What `inspect` says of the letters of a second implementation, and that bent ones cost no more than a line.

use std::path::Path;

use hearthpost::album::Keys;
use hearthpost::envelope::{Card, EncryptionKey, Identity, StorageKey};
use hearthpost::sharing::inspect::{Inspection, inspect};

fn read(name: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/vectors")
        .join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn keys(home: &str) -> Keys {
    let card = Card::from_pem(&read(&format!("{home}/card.pem"))).expect("a card");
    let identity = read(&format!("{home}/identity.der"));
    let encryption = read(&format!("{home}/encryption.der"));
    Keys {
        identity: Identity::from_der(&identity, card.identity.der()).expect("a key"),
        encryption: card
            .encryption
            .iter()
            .map(|one| {
                EncryptionKey::from_der(&encryption, None, one.der(), &card.identity)
                    .expect("a key")
            })
            .collect(),
        storage: StorageKey::random(),
        former: Vec::new(),
        authority: None,
    }
}

fn text(found: &Inspection) -> String {
    serde_json::to_string(found).expect("JSON")
}

#[test]
fn each_letter_is_told_from_the_others() {
    for (file, home, parts) in [
        (
            "share-1/letter.eml",
            "home-b",
            &[
                "a letter: grant",
                "the key of the whole share",
                "a permit",
                "a manifest",
            ][..],
        ),
        (
            "share-2/letter.eml",
            "home-b",
            &["a letter: grant", "of 1 items"],
        ),
        (
            "forward-1/letter.eml",
            "home-c",
            &["a letter: grant", "may be passed on"],
        ),
        (
            "receipt-1/complete.eml",
            "home-a",
            &["a letter: receipt", "complete"],
        ),
        (
            "card-1/card-to-contact.eml",
            "home-b",
            &["a letter: card", "people", "key word"],
        ),
        (
            "card-1/card-open.eml",
            "home-b",
            &["a letter: card", "nobody in particular"],
        ),
        (
            "revocation-1/share.eml",
            "home-b",
            &["a letter: revocation", "the whole share"],
        ),
        (
            "revocation-1/permit.eml",
            "home-c",
            &["a letter: revocation", "the permit "],
        ),
    ] {
        let found = text(&inspect(&read(file), Some(&keys(home))));
        for part in parts {
            assert!(found.contains(part), "{file}: {part}: {found}");
        }
    }
}

#[test]
fn no_key_is_ever_shown() {
    for (share, home) in [
        ("share-1", "home-b"),
        ("share-2", "home-b"),
        ("forward-1", "home-c"),
    ] {
        let expected: serde_json::Value =
            serde_json::from_slice(&read(&format!("{share}/expected.json"))).expect("JSON");
        let found = text(&inspect(
            &read(&format!("{share}/letter.eml")),
            Some(&keys(home)),
        ));
        let mut secrets = Vec::new();
        collect(&expected, "", &mut secrets);
        assert!(!secrets.is_empty(), "{share}");
        for secret in secrets {
            assert!(!found.contains(&secret), "{share}: {secret}");
        }
    }
}

/// The values of everything that is named a key.
fn collect(value: &serde_json::Value, name: &str, secrets: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(fields) => {
            for (name, value) in fields {
                collect(value, name, secrets);
            }
        }
        serde_json::Value::Array(list) => list.iter().for_each(|one| collect(one, name, secrets)),
        serde_json::Value::String(text) if ["key", "content_key", "share_key"].contains(&name) => {
            secrets.push(text.clone());
        }
        _ => {}
    }
}

#[test]
fn without_the_key_only_the_envelope_is_told() {
    let letter = read("share-1/letter.eml");
    for keys in [None, Some(keys("home-c"))] {
        let found = inspect(&letter, keys.as_ref());
        assert_eq!(found.inside.len(), 1);
        assert!(found.inside[0].inside.is_empty());
        assert!(text(&found).contains("e98cfb1119fb8d0e563fcd6acdac07d8bd221e41"));
    }
}

#[test]
fn bent_and_cut_files_are_told_in_a_line() {
    let keys = keys("home-b");
    for file in [
        "share-2/letter.eml",
        "card-1/card-open.eml",
        "share-1/parts-thumb-01.eml",
        "home-a/card.pem",
        "home-a/identity.der",
    ] {
        let whole = read(file);
        for step in (0..whole.len()).step_by(whole.len() / 60 + 1) {
            inspect(&whole[..step], Some(&keys));
            let mut bent = whole.clone();
            bent[step] ^= 1;
            inspect(&bent, Some(&keys));
        }
    }
    let deep = [[0x30, 0x80].repeat(50_000), vec![0; 100_000]].concat();
    for hostile in [
        &b""[..],
        b"\x30",
        b"\x30\x84\xff\xff\xff\xff",
        &deep,
        b"\xff\xd8\xff\xe0",
        b"From: \r\n\r\n",
    ] {
        assert!(!inspect(hostile, Some(&keys)).is.is_empty());
    }
}
