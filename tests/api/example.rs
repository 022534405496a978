//! The example of docs/api.md does what it says, against a site that really listens.

use std::path::Path;
use std::process::{Command, Output};

use crate::house::{Village, picture};
use crate::served::Served;
use hearthpost::sharing::clock::Reading;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/share-folder.py");

#[test]
fn the_example_hands_over_the_pictures_of_a_folder() {
    let village = Village::new("b");
    let mut house = village.house("b", &["bob"]);
    let gallery = house.folder.join("Lake in May");
    std::fs::create_dir(&gallery).expect("a folder");
    let one = picture(&gallery.join("one.jpg"), 640, 480);
    picture(&gallery.join("two.jpg"), 320, 240);
    // More than a piece of the example.
    let mut film = vec![7; 9 * 1024 * 1024];
    film[4..12].copy_from_slice(b"ftypqt  ");
    std::fs::write(gallery.join("film.mov"), &film).expect("a file");
    std::fs::write(gallery.join("index.html"), "not a picture").expect("a file");
    let served = Served::of(&mut house);
    let token = Served::token(&mut house, "bob", "album");
    let run = |token: &str| {
        let mut command = Command::new("python3");
        command.arg(SCRIPT).arg(&gallery);
        command.env("HEARTHPOST_URL", served.url());
        let output = command.env("HEARTHPOST_TOKEN", token).output();
        output.expect("python3 is there")
    };
    let refused = run("none");
    let said = failed(&refused, 1);
    let why = "film.mov: That token is none of this house";
    assert!(said.starts_with(why), "{said}");
    let done = run(&token);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(done.status.success(), "{said}");
    let url = String::from_utf8(done.stdout).expect("text");
    let (_, id) = url
        .trim()
        .split_once("/share?selection=")
        .expect("the share page");
    let now = house.home.tick(&Reading::take(), &[]).expect("time");
    let bob = "bob".parse().expect("a station");
    let id = id.parse().expect("an id");
    let kept = house.home.selection(&bob, id, now).expect("kept");
    assert_eq!(kept.title, "Lake in May");
    let item = |reference: &String| house.home.album_item(Some(&bob), reference).expect("there");
    let items: Vec<_> = kept.items.iter().map(item).collect();
    let names: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(names, ["film.mov", "one.jpg", "two.jpg"]);
    let sizes: Vec<u64> = items.iter().map(|item| item.size).collect();
    assert_eq!(sizes[..2], [film.len() as u64, one.len() as u64]);
    // Once more: the same items, chosen anew.
    assert!(run(&token).status.success());
    let page = house
        .home
        .album_items(None, &Default::default())
        .expect("items");
    assert_eq!(page.items.len(), 3);
}

/// The one line that says why it was not done, with that code.
fn failed(output: &Output, code: i32) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(code), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    said
}

#[test]
fn the_example_says_in_a_line_what_is_missing_and_what_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("lake.jpg");
    picture(&file, 60, 40);
    let run = |arguments: &[&Path], token: Option<&str>| {
        let mut command = Command::new("python3");
        command.arg(SCRIPT).args(arguments);
        // Nobody listens there.
        command.env("HEARTHPOST_URL", "http://127.0.0.1:1");
        match token {
            Some(token) => command.env("HEARTHPOST_TOKEN", token),
            None => command.env_remove("HEARTHPOST_TOKEN"),
        };
        command.output().expect("python3 is there")
    };
    let token = Some("token");
    assert!(failed(&run(&[], token), 2).contains("FOLDER"));
    assert!(failed(&run(&[folder.path()], None), 2).contains("HEARTHPOST_TOKEN"));
    let nowhere = folder.path().join("nowhere");
    assert!(failed(&run(&[&nowhere], token), 2).contains("nowhere"));
    assert!(failed(&run(&[&file], token), 2).contains("lake.jpg"));
    assert!(failed(&run(&[folder.path()], token), 1).starts_with("lake.jpg: "));
}
