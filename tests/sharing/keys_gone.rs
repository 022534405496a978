//! The key file is gone: what no longer opens is said, with whom to ask, and nothing is written.

use std::fs;

use crate::house::Village;
use crate::house::identity::share;
use hearthpost::sharing::Household;

#[test]
fn keys_that_are_gone_are_said_to_be_and_nothing_is_written() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    share(&mut b, "lake.jpg", &a).expect("shared");
    share(&mut a, "own.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    let config = a.folder.join("hearthpost.toml");
    let keys = a.folder.join("data/keys.toml");
    fs::remove_file(&keys).expect("lost");
    // The box that runs stops; one that starts does not.
    let fault = village.try_sync(&mut a).expect_err("no keys");
    assert_eq!(fault.code, "keys");
    let Err(fault) = Household::open(&config) else {
        panic!("it opens without keys");
    };
    assert_eq!(fault.code, "keys");
    assert!(fault.message.contains("is gone"), "{fault}");
    let findings = hearthpost::sharing::doctor::without_keys(&config);
    let said: Vec<&str> = findings.iter().map(|one| one.words.as_str()).collect();
    assert_eq!(
        said,
        [
            "one item of this household's own does not open without the keys",
            "one share of others does not open without the keys"
        ]
    );
    let hint = findings[1].hint.as_deref().expect("whom to ask");
    assert!(hint.contains("House B (home-b@b.example)"), "{hint}");
    // Nor does a second init make new ones for the old album.
    fs::rename(&config, a.folder.join("was.toml")).expect("moved");
    let new = hearthpost::sharing::NewHousehold {
        mailbox: a.mailbox.clone(),
        name: "A".to_owned(),
        imap_url: "imaps://localhost".to_owned(),
        smtp_url: "smtps://localhost".to_owned(),
        username: "a".to_owned(),
        password_file: a.folder.join("password"),
        data: Some(a.folder.join("data")),
        ca_file: None,
    };
    let made = Household::init(&config, &new, a.time());
    assert_eq!(made.expect_err("an album without keys").code, "keys");
    assert!(!keys.exists() && !config.exists());
}
