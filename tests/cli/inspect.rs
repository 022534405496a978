//! What `inspect` tells of a file: what is public of it, without a household, and never a key.

use std::fs;

use crate::command::{House, run, write_private};

#[test]
fn inspect_says_what_is_public_without_a_household() {
    let folder = tempfile::tempdir().expect("a folder");
    let vectors = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for (file, is) in [
        ("share-1/letter.eml", "a sealed letter"),
        ("share-1/parts-thumb-01.eml", "a sealed part of a share"),
        ("card-1/card-request.eml", "a letter: card-request"),
        ("home-a/card.pem", "the certificates of a household"),
        ("README.md", "no message of Hearthpost"),
    ] {
        let ran = run(
            folder.path(),
            ["inspect".as_ref(), vectors.join(file).as_os_str()],
        );
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains(is), "{file}: {}", ran.stdout);
    }
    let part = run(
        folder.path(),
        [
            "inspect".as_ref(),
            vectors.join("share-1/parts-thumb-01.eml").as_os_str(),
        ],
    );
    assert!(
        part.stdout.contains("906fe314443e066c4ab40c0371df1046"),
        "{part:?}"
    );
}

#[test]
fn inspect_says_what_is_kept_of_an_identity_and_opens_nothing() {
    let house = House::new("a");
    write_private(&house.path("words"), "a passphrase that is long\n");
    let export = [
        "identity",
        "export",
        "a.identity",
        "--passphrase-file",
        "words",
    ];
    house.run(export).done();
    let kept = fs::read_to_string(house.path("data/ended.pem")).expect("a file");
    let altered = kept.replacen("BEGIN CMS-----\nMII", "BEGIN CMS-----\n###", 1);
    fs::write(house.path("altered.pem"), altered).expect("a file");
    let exported = fs::read(house.path("a.identity")).expect("a file");
    fs::write(house.path("cut.identity"), &exported[..exported.len() / 2]).expect("a file");
    for (file, is) in [
        (
            "data/ended.pem",
            "the message that ends the identity of a household",
        ),
        ("altered.pem", "damaged"),
        (
            "a.identity",
            "the identity of a household, sealed under a passphrase",
        ),
        ("cut.identity", "its end is missing"),
    ] {
        let found = house.run(["inspect", file]).done();
        let said = found["is"].as_str().expect("a text");
        assert!(said.contains(is), "{file}: {said}");
    }
    let said = house.say(["inspect", "data/ended.pem"]).stdout;
    assert!(said.contains(&house.mailbox), "{said}");
    let said = house.say(["inspect", "a.identity"]).stdout;
    assert!(
        said.contains("opened: no: with its passphrase alone"),
        "{said}"
    );
    assert!(!said.contains("PRIVATE KEY"), "{said}");
}
