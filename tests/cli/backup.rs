//! `backup` and `restore` by the real command.

use std::os::unix::process::ExitStatusExt;

use crate::command::{House, command, picture};

#[test]
fn backup_and_restore_by_the_command() {
    let house = House::new("a");
    picture(&house.path("lake.jpg"), 60, 40);
    house.run(["import", "lake.jpg"]).done();
    let before = house.run(["album", "list"]).done();
    let made = house.run(["backup", "a.backup"]).done();
    assert_eq!(made["files"], 1);
    let again = house.run(["backup", "a.backup"]).done();
    assert_eq!(made["files"], again["files"], "the older one is replaced");

    let (code, words) = house.run(["restore", "a.backup"]).failed(1);
    assert_eq!(code, "exists");
    assert!(words.contains("nothing was changed"));
    let done = house.run(["restore", "a.backup", "--yes"]).done();
    assert!(house.path(done["kept"].as_str().expect("kept")).is_dir());
    std::fs::remove_dir_all(house.path("data")).expect("gone");
    std::fs::remove_file(house.path("hearthpost.toml")).expect("gone");
    std::fs::remove_file(house.path("password")).expect("gone");
    let done = house.run(["restore", "a.backup"]).done();
    assert_eq!(done["mailbox"], house.mailbox.as_str());
    let password = done["password_missing"].as_str().expect("named");
    assert!(password.ends_with("password"), "{password}");
    assert_eq!(house.run(["album", "list"]).done(), before);
}

#[test]
fn what_cannot_be_written_or_read_is_named() {
    let house = House::new("a");
    let (_, words) = house.run(["backup", "nowhere/a.backup"]).failed(1);
    assert!(words.contains("nowhere/a.backup"), "{words}");
    house.run(["backup", "data"]).failed(2);
    let (_, words) = house.run(["restore", "nothing"]).failed(2);
    assert!(words.contains("nothing"), "{words}");
    house.run(["restore", "data"]).failed(2);
    house.run(["backup"]).failed(2);
}

/// Runs the command and stops it at a point, as a power cut would.
fn stopped(house: &House, point: &str, words: &[&str]) {
    let ran = command(house.folder.path())
        .args(["--config", "hearthpost.toml"])
        .args(words)
        .env("HEARTHPOST_CRASH_AT", point)
        .output()
        .expect("the command starts");
    assert!(ran.status.signal().is_some(), "{point}: {ran:?}");
}

#[test]
fn backup_that_is_killed_leaves_the_older_one_and_no_hindrance() {
    let house = House::new("a");
    house.run(["backup", "a.backup"]).done();
    let before = std::fs::read(house.path("a.backup")).expect("a file");
    picture(&house.path("lake.jpg"), 60, 40);
    house.run(["import", "lake.jpg"]).done();
    stopped(&house, "backup.checked", &["backup", "a.backup"]);
    assert!(std::fs::read(house.path("a.backup")).expect("a file") == before);
    let again = house.run(["backup", "a.backup"]).done();
    assert_eq!(again["files"], 1);
    assert!(!house.path("a.backup.part").exists());
}

#[test]
fn restore_that_is_killed_leaves_one_of_the_two_whole_and_loses_neither() {
    for (point, done) in [
        ("restore.unpacked", false),
        ("restore.before_exchange", false),
        ("restore.after_exchange", true),
    ] {
        let house = House::new("a");
        let items = |house: &House| {
            let list = house.run(["album", "list"]).done();
            list["items"].as_array().expect("a list").len()
        };
        house.run(["backup", "a.backup"]).done();
        picture(&house.path("lake.jpg"), 60, 40);
        house.run(["import", "lake.jpg"]).done();
        stopped(&house, point, &["restore", "a.backup", "--yes"]);
        assert_eq!(items(&house), usize::from(!done), "{point}");
        let kept: Vec<_> = std::fs::read_dir(house.folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name())
            .filter(|name| name.to_string_lossy().starts_with("data.before-"))
            .collect();
        assert_eq!(
            kept.len(),
            usize::from(point != "restore.unpacked"),
            "{point}"
        );
        house.run(["restore", "a.backup", "--yes"]).done();
        assert_eq!(items(&house), 0, "{point}");
    }
}
