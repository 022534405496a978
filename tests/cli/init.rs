//! A household is made by the program, and what it says where the settings are wrong or missing.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::command::{House, command, run};

#[test]
fn init_makes_a_household_that_only_its_owner_can_read() {
    let house = House::new("a");
    let shown = house.run(["contact", "export"]).done();
    assert!(
        shown["pem"]
            .as_str()
            .expect("PEM")
            .starts_with("-----BEGIN CERTIFICATE-----")
    );
    let mode = |name| {
        let about = fs::metadata(house.path(name)).expect("is there");
        about.permissions().mode() & 0o777
    };
    assert_eq!(mode("data/keys.toml"), 0o600);
    assert_eq!(mode("data"), 0o700);
    let mut folders = vec![house.path("data")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let mode = fs::metadata(&path).expect("is there").permissions().mode();
            assert_eq!(mode & 0o007, 0, "others can read {}", path.display());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
}

#[test]
fn init_says_who_this_is_and_never_replaces_a_key() {
    let house = House::new("a");
    fs::remove_file(house.path("hearthpost.toml")).expect("removed");
    let again = house
        .init("a", "imaps://localhost:1", "smtps://localhost:1")
        .done();
    assert_eq!(again["mailbox"], "home-a@a.example");
    assert_eq!(again["config"], "hearthpost.toml");
    assert_eq!(
        again["words"].as_str().expect("words").split(' ').count(),
        24
    );
    let fingerprint = again["fingerprint"].as_str().expect("hex");
    assert_eq!(fingerprint.len(), 64);

    let before = fs::read(house.path("data/keys.toml")).expect("keys");
    let twice = house.init(
        "b",
        "imaps://elsewhere.example",
        "smtps://elsewhere.example",
    );
    assert_eq!(twice.failed(1).0, "exists");
    assert_eq!(
        fs::read(house.path("data/keys.toml")).expect("keys"),
        before
    );
    let text = fs::read_to_string(house.path("hearthpost.toml")).expect("settings");
    assert!(!text.contains("elsewhere"));
}

#[test]
fn init_refuses_an_address_or_server_that_is_none_and_writes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("password"), "secret").expect("a file");
    let init = |mailbox, imap| {
        run(
            folder.path(),
            [
                "--json",
                "--config",
                "h.toml",
                "init",
                "--mailbox",
                mailbox,
                "--name",
                "A",
                "--imap",
                imap,
                "--smtp",
                "smtps://localhost:1",
                "--username",
                "a",
                "--password-file",
                "password",
            ],
        )
    };
    for (mailbox, imap) in [
        ("not an address", "imaps://localhost:1"),
        ("home-a@a.example", "http://localhost"),
        ("home-a@a.example", "imaps://user:secret@localhost"),
        ("home-a@a.example", "imap+plain://mail.example.org"),
    ] {
        init(mailbox, imap).failed(2);
        assert!(!folder.path().join("h.toml").exists(), "{mailbox} {imap}");
        assert!(!folder.path().join("data").exists(), "{mailbox} {imap}");
    }
}

#[test]
fn a_slip_in_the_settings_is_named_with_file_line_and_the_nearest_key() {
    let house = House::new("a");
    let path = house.path("hearthpost.toml");
    let text = fs::read_to_string(&path).expect("settings");
    let wrong = text.replacen("username", "usrename", 1);
    let line = 1 + wrong
        .lines()
        .position(|line| line.starts_with("usrename"))
        .expect("the slip");
    fs::write(&path, wrong).expect("written");
    let (code, message) = house.run(["sent"]).failed(2);
    assert_eq!(code, "config");
    assert!(
        message.contains(&format!("hearthpost.toml:{line}")),
        "{message}"
    );
    assert!(message.contains("imap.username"), "{message}");
}

#[test]
fn without_settings_the_way_to_them_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, message) =
        run(folder.path(), ["--json", "--config", "no.toml", "received"]).failed(2);
    assert_eq!(code, "config");
    assert!(
        message.contains("no.toml") && message.contains("hearthpost init"),
        "{message}"
    );
    let ran = command(folder.path())
        .env("HEARTHPOST_CONFIG", "other.toml")
        .args(["sent", "--json"])
        .output()
        .expect("the command starts");
    assert!(
        String::from_utf8_lossy(&ran.stderr).contains("other.toml"),
        "{ran:?}"
    );
}
