//! Another program that is ended, or fails: what is noted of a picture, and what is tried again.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use crate::own::{code, house};
use hearthpost::sharing::own::Size;

/// Tells the test, run once more by itself, that its programs are those of a folder of its own.
const FOLDER: &str = "HEARTHPOST_TEST_PROGRAMS";

/// Puts a program there that notes each of its runs, and ends so.
fn program(folder: &Path, end: &str) {
    let path = folder.join("heif-convert");
    let runs = folder.join("runs");
    let text = format!("#!/bin/sh\necho run >> '{}'\n{end}\n", runs.display());
    fs::write(&path, text).expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("its own file");
}

fn runs(folder: &Path) -> usize {
    let runs = fs::read_to_string(folder.join("runs")).unwrap_or_default();
    runs.lines().count()
}

#[test]
fn a_program_that_was_ended_says_nothing_of_the_picture() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        let folder = tempfile::tempdir().expect("a folder");
        program(folder.path(), "kill -KILL $$");
        let output = Command::new(std::env::current_exe().expect("this test"))
            .args(["--exact", "--nocapture"])
            .arg("ended::a_program_that_was_ended_says_nothing_of_the_picture")
            .env(FOLDER, folder.path())
            .env("PATH", folder.path())
            .output()
            .expect("it starts");
        let said = String::from_utf8_lossy(&output.stdout);
        let why = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}{why}");
        assert!(said.contains("1 passed"), "{said}");
        return;
    };
    let folder = Path::new(&folder);
    let (_village, mut house) = house();
    let path = house.folder.join("mill.heic");
    fs::write(&path, include_bytes!("../fixtures/pictures/place.heic")).expect("a file");
    let item = house.import(&[path]).remove(0).reference;
    let missing = Ok(vec![item.clone()]);
    // Once by this process while nobody waits, however often there is time for it.
    for _ in 0..2 {
        let most = Duration::from_secs(600);
        assert_eq!(house.home.make_pictures_meanwhile(most), Ok(None));
        assert_eq!(house.home.own_pictures_missing(10), missing);
        assert_eq!(runs(folder), 1);
    }
    // Again for whoever looks.
    let look = |house: &mut crate::house::House| {
        let looked = house.home.own_picture(None, &item, Size::Thumb);
        code(looked)
    };
    assert_eq!(look(&mut house), "no_picture");
    assert_eq!(runs(folder), 2);
    assert_eq!(house.home.own_pictures_missing(10), missing);
    // What it says itself is noted.
    program(folder, "echo broken >&2; exit 1");
    for _ in 0..2 {
        assert_eq!(look(&mut house), "no_picture");
        assert_eq!(runs(folder), 3);
        assert_eq!(house.home.own_pictures_missing(10), Ok(Vec::new()));
    }
}
