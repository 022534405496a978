//! `backup` and `restore` by the real command.

mod command;

use command::{House, picture};

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
    let (_, words) = house.run(["restore", "nothing"]).failed(1);
    assert!(words.contains("nothing"), "{words}");
    house.run(["restore", "data"]).failed(2);
    house.run(["backup"]).failed(2);
}
