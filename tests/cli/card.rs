//! `import` without a path and `import --card`: memory cards, and cameras that `gphoto2` reads.

use std::fs;
use std::path::{Path, PathBuf};

use crate::camera::plugged_in;
use crate::command::{House, Ran, command, picture};
use serde_json::{Value, json};

fn house_with(settings: &str) -> House {
    let house = House::new("a");
    let config = house.path("hearthpost.toml");
    let text = fs::read_to_string(&config).expect("settings");
    fs::write(&config, text + settings).expect("settings");
    house
}

/// A folder with the camera in it.
fn camera(house: &House) -> PathBuf {
    let folder = house.path("camera");
    fs::create_dir_all(&folder).expect("a folder");
    plugged_in(&folder);
    folder
}

/// Runs `import` with the camera plugged in.
fn import(house: &House, camera: &Path, words: &[&str]) -> Ran {
    let path = format!("{}:/usr/bin:/bin", camera.display());
    let output = command(house.folder.path())
        .env("PATH", path)
        .args(["--config", "hearthpost.toml", "--json", "import"])
        .args(words)
        .output()
        .expect("the command starts");
    Ran {
        code: output.status.code().expect("it ends by itself"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn count(imported: &Value, what: &str) -> usize {
    imported[what].as_array().expect("a list").len()
}

#[test]
fn a_card_is_offered_and_brought_in_once() {
    let house = house_with("\n[import]\ncards = [\"reader\"]\n");
    let none = house.run(["import"]).done();
    assert_eq!(none, json!({ "cards": [] }));
    let (code, _) = house.run(["import", "--card"]).failed(2);
    assert_eq!(code, "unknown_card");
    let folder = house.path("reader/EOS/DCIM/100");
    fs::create_dir_all(&folder).expect("a folder");
    picture(&folder.join("IMG_1.JPG"), 320, 200);
    let card = &house.run(["import"]).done()["cards"][0];
    assert_eq!((&card["name"], &card["new"]), (&json!("EOS"), &json!(1)));
    let words = house.say(["import"]);
    assert!(
        words.stdout.contains("EOS") && words.stdout.contains("1 file new"),
        "{words:?}"
    );
    let imported = house
        .run(["import", "--card", "EOS", "--album", "Spain"])
        .done();
    assert_eq!(
        (count(&imported, "items"), &imported["known"]),
        (1, &json!(0))
    );
    assert_eq!(count(&house.run(["import", "--card"]).done(), "items"), 0);
    let albums = house.run(["album", "list"]).done();
    assert_eq!(albums["albums"][0]["items"], json!(1));
    // A path and a card are two things.
    assert_eq!(house.run(["import", "reader", "--card", "EOS"]).code, 2);
}

#[test]
fn a_watched_folder_is_listed_and_brought_in_by_its_name() {
    let house = house_with("\n[import]\ncards = []\nwatch = [\"scans\"]\n");
    let folder = house.path("scans");
    fs::create_dir_all(&folder).expect("a folder");
    picture(&folder.join("page.jpg"), 320, 200);
    let listed = house.run(["import"]).done();
    let [scans] = listed["cards"].as_array().expect("a list").as_slice() else {
        panic!("{listed}");
    };
    assert_eq!(
        (&scans["name"], &scans["new"]),
        (&json!("scans"), &json!(1))
    );
    let words = house.say(["import"]).stdout;
    assert!(
        words.contains("scans") && words.contains("1 file new"),
        "{words}"
    );
    let imported = house.run(["import", "--card", "scans"]).done();
    assert_eq!(count(&imported, "items"), 1);
    assert_eq!(house.run(["import"]).done()["cards"][0]["new"], json!(0));
}

#[test]
fn a_camera_that_does_not_mount_is_read_through_a_pipe() {
    let house = house_with("");
    let camera = camera(&house);
    let offered = import(&house, &camera, &[]).done();
    let cards = offered["cards"].as_array().expect("a list");
    assert_eq!(cards.len(), 1, "{offered}");
    assert_eq!(
        (&cards[0]["name"], &cards[0]["new"]),
        (&json!("Canon EOS 350D (PTP mode)"), &json!(3))
    );
    // It breaks off in the middle of one: that one comes the next time.
    fs::write(camera.join("breaks"), "IMG 2.JPG").expect("a file");
    let first = import(&house, &camera, &["--card"]);
    assert_eq!(first.code, 1, "{first:?}");
    let first = first.json();
    assert_eq!((count(&first, "items"), count(&first, "skipped")), (2, 1));
    fs::remove_file(camera.join("breaks")).expect("mended");
    let rest = import(&house, &camera, &["--card"]).done();
    assert_eq!((count(&rest, "items"), &rest["known"]), (1, &json!(0)));
    assert_eq!(rest["items"][0]["name"], json!("IMG 2.JPG"));
    assert_eq!(
        count(&import(&house, &camera, &["--card"]).done(), "items"),
        0
    );
    let asked = fs::read_to_string(camera.join("asked")).expect("what was asked");
    for word in ["delete", "upload", "config", "capture"] {
        assert!(!asked.contains(word), "{word}");
    }
}
