//! The household's own album at the command line: items one by one, and named albums.

use crate::command::{House, picture};
use serde_json::Value;

/// A household of two people with three items in its album; their ids.
fn house() -> (House, String, String, String) {
    let house = House::new("a");
    for person in ["ann", "bob"] {
        let mail = format!("{person}@p.example");
        house.run(["user", "add", person, "--mail", &mail]).done();
    }
    picture(&house.path("lake.jpg"), 320, 200);
    picture(&house.path("gift.jpg"), 200, 320);
    std::fs::write(house.path("note.txt"), "a note").expect("a file");
    let id = |words: &[&str]| {
        let done = house.run(words).done();
        text(&done["items"][0]["id"])
    };
    let lake = id(&["import", "lake.jpg"]);
    let gift = id(&["import", "gift.jpg", "--as", "ann", "--private"]);
    let note = id(&["import", "note.txt", "--as", "bob", "--album", "Papers"]);
    (house, lake, gift, note)
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .unwrap_or_else(|| panic!("{value}"))
        .to_owned()
}

fn names(document: &Value) -> Vec<String> {
    let items = document["items"].as_array().expect("a list");
    let mut names: Vec<String> = items.iter().map(|item| text(&item["name"])).collect();
    names.sort();
    names
}

#[test]
fn items_are_found_described_hidden_and_deleted() {
    let (house, lake, gift, note) = house();
    let all = house.run(["item", "list"]).done();
    assert_eq!(names(&all), ["gift.jpg", "lake.jpg", "note.txt"]);
    let caption = ["item", "caption", &lake, "Anna at the Steg"];
    house.run(caption).done();
    let found = house.run(["item", "list", "steg", "ANNA"]).done();
    assert_eq!(names(&found), ["lake.jpg"]);
    assert_eq!(found["items"][0]["caption"], "Anna at the Steg");
    let of = house.run(["item", "list", "--album", "Papers"]).done();
    assert_eq!(names(&of), ["note.txt"]);
    let of = house.run(["item", "list", "--until", "1999-12"]).done();
    assert_eq!(names(&of), [""; 0]);

    let shown = house.run(["item", "show", &gift]).done();
    assert_eq!(
        (&shown["private"], &shown["added_by"]),
        (&true.into(), &"ann".into())
    );
    let said = house.say(["item", "show", &gift]).stdout;
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[0], format!("{gift}  gift.jpg"));
    assert!(
        lines[1].starts_with("image/jpeg, 200 x 320 pixels, "),
        "{said}"
    );
    assert!(
        lines[2].ends_with(" by ann") && lines[3] == "for ann alone",
        "{said}"
    );
    house.run(["item", "private", &gift, "no"]).done();
    let said = house.say(["item", "show", &gift]).stdout;
    assert!(!said.contains("alone"), "{said}");
    house.run(["item", "private", &gift, &note, "yes"]).done();
    let (code, words) = house.run(["item", "private", &lake, "yes"]).failed(1);
    assert_eq!(code, "not_yours", "{words}");

    house.run(["item", "delete", &lake, &note]).done();
    let all = house.run(["item", "list"]).done();
    assert_eq!(names(&all), ["gift.jpg"]);
    let bin = house.run(["item", "list", "--deleted"]).done();
    assert_eq!(names(&bin), ["lake.jpg", "note.txt"]);
    assert!(bin["items"][0]["deleted"].is_string());
    house.run(["item", "restore", &lake]).done();
    let again = house.run(["import", "note.txt", "--as", "bob"]).done();
    assert_eq!(again["items"][0]["id"], note.as_str());
    let all = house.run(["item", "list"]).done();
    assert_eq!(names(&all).len(), 3);
}

#[test]
fn albums_are_filled_renamed_and_removed() {
    let (house, lake, gift, note) = house();
    let said = house.say(["album", "add", "The lake", &lake, &gift]).stdout;
    assert_eq!(said, "2 items put into a new album \"The lake\".\n");
    let said = house.say(["album", "add", "The lake", &note]).stdout;
    assert_eq!(said, "1 item put into the album \"The lake\".\n");
    house.run(["album", "take", "The lake", &gift]).done();
    house.run(["album", "rename", "The lake", "Summer"]).done();
    let all = house.run(["album", "list"]).done();
    let albums = all["albums"].as_array().expect("a list");
    let albums: Vec<_> = albums
        .iter()
        .map(|album| (text(&album["name"]), album["items"].as_u64()))
        .collect();
    let expected = [("Papers", Some(1)), ("Summer", Some(2))];
    assert_eq!(albums, expected.map(|(name, n)| (name.to_owned(), n)));
    assert_eq!(all["albums"][1]["cover"], lake.as_str());
    let shown = house.run(["album", "show", "Summer"]).done();
    assert_eq!(names(&shown), ["lake.jpg", "note.txt"]);
    let taken = house.run(["album", "rename", "Summer", "Papers"]);
    assert_eq!(taken.failed(1).0, "exists");
    house.run(["album", "remove", "Papers"]).done();
    let all = house.run(["album", "list"]).done();
    assert_eq!(all["albums"].as_array().map(Vec::len), Some(1));
    assert_eq!(names(&all).len(), 3, "its items stay");
}

#[test]
fn wrong_words_are_one_clear_error_and_change_nothing() {
    let (house, lake, _, _) = house();
    for (words, code) in [
        (&["item", "show", "nothing"][..], "unknown_item"),
        (&["item", "caption", "nothing", "x"], "unknown_item"),
        (&["item", "delete", &lake, "nothing"], "unknown_item"),
        (&["item", "restore", "nothing"], "unknown_item"),
        (&["item", "private", "nothing", "no"], "unknown_item"),
        (&["item", "private", &lake], "usage"),
        (&["item", "list", "--from", "May"], "date"),
        (&["item", "list", "--album", "none"], "unknown_album"),
        (&["album", "add", "New", "nothing"], "unknown_item"),
        (&["album", "add", "New"], "usage"),
        (&["album", "take", "Papers", "nothing"], "unknown_item"),
        (&["album", "rename", "none", "x"], "unknown_album"),
        (&["album", "rename", "Papers", " "], "album_name"),
        (&["album", "remove", "none"], "unknown_album"),
        (&["import", "lake.jpg", "--private"], "usage"),
        (&["import", "lake.jpg", "--as", "carol"], "unknown_person"),
    ] {
        let (found, message) = house.run(words).failed(2);
        assert_eq!(found, code, "{words:?}: {message}");
    }
    let all = house.run(["album", "list"]).done();
    assert_eq!(names(&all).len(), 3);
    assert_eq!(all["albums"].as_array().map(Vec::len), Some(1));
}
