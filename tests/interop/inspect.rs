//! What `inspect` says of the letters of a second implementation, and that bent ones cost no more than a line.

use std::path::Path;

use hearthpost::album::Keys;
use hearthpost::envelope::{Card, EncryptionKey, Identity, StorageKey};
use hearthpost::sharing::inspect::{Inspection, inspect as inspect_in};
use hearthpost::words::Language;

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

/// What programs are told.
fn inspect(bytes: &[u8], keys: Option<&Keys>) -> Inspection {
    inspect_in(bytes, keys, Language::En)
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

/// All letters of the second implementation, by whom they are read.
const ALL: [(&str, &str); 10] = [
    ("share-1/letter.eml", "home-b"),
    ("share-1/parts-thumb-01.eml", "home-b"),
    ("share-2/letter.eml", "home-b"),
    ("forward-1/letter.eml", "home-c"),
    ("receipt-1/complete.eml", "home-a"),
    ("card-1/card-to-contact.eml", "home-b"),
    ("card-1/card-open.eml", "home-b"),
    ("revocation-1/share.eml", "home-b"),
    ("revocation-1/permit.eml", "home-c"),
    ("home-a/card.pem", "home-b"),
];

/// Each line and each fact once, side by side in two languages.
fn side_by_side<'f>(
    english: &'f Inspection,
    other: &'f Inspection,
    all: &mut Vec<(&'f str, &'f str)>,
) {
    all.push((&english.is, &other.is));
    assert_eq!(english.facts.len(), other.facts.len());
    for (english, other) in english.facts.iter().zip(&other.facts) {
        all.push((&english.name, &other.name));
        all.push((&english.value, &other.value));
    }
    assert_eq!(english.inside.len(), other.inside.len());
    for (english, other) in english.inside.iter().zip(&other.inside) {
        side_by_side(english, other, all);
    }
}

#[test]
fn people_are_told_in_their_language_and_the_file_keeps_its_own() {
    // What stands in a mail's header or is a name of the protocol is the same in all languages.
    let same = ["From", "To", "Date", "Message-ID", "Subject", "Hearthpost"];
    let words = |text: &str| text.contains(' ') && text.chars().any(char::is_lowercase);
    for (file, home) in ALL {
        let (bytes, keys) = (read(file), keys(home));
        let english = inspect_in(&bytes, Some(&keys), Language::En);
        let german = inspect_in(&bytes, Some(&keys), Language::De);
        let mut all = Vec::new();
        side_by_side(&english, &german, &mut all);
        for (english, german) in &all {
            assert!(!german.starts_with("inspect-"), "{file}: {german}");
            assert!(!english.starts_with("inspect-"), "{file}: {english}");
        }
        let mut found = vec![(&english, &german)];
        while let Some((english, german)) = found.pop() {
            assert_ne!(english.is, german.is, "{file}");
            for (said, told) in english.facts.iter().zip(&german.facts) {
                let is_same = said.name == told.name;
                assert_eq!(is_same, same.contains(&said.name.as_str()), "{}", said.name);
                if ["opened", "rules", "keys", "takes back", "size"].contains(&said.name.as_str()) {
                    assert!(words(&told.value), "{file}: {}", told.value);
                    assert_ne!(said.value, told.value, "{file}: {}", said.name);
                }
            }
            found.extend(english.inside.iter().zip(&german.inside));
        }
    }
}
