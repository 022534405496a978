//! What a program made of a received picture of a telephone is kept, sealed, as long as the picture itself, and no longer.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::house::{House, Village, order};
use hearthpost::rules::Action;

/// Tells the test, run once more by itself, that its programs are those of a folder of its own.
const FOLDER: &str = "HEARTHPOST_TEST_COUNTED";

/// Where the program is; `None`: it is not here.
fn real() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut all = std::env::split_paths(&path).map(|folder| folder.join("heif-convert"));
    all.find(|program| program.is_file())
}

pub fn runs(folder: &Path) -> usize {
    let runs = fs::read_to_string(folder.join("runs")).unwrap_or_default();
    runs.lines().count()
}

/// Where the program of that test, run once more by itself, lies and notes its runs; `None`: it ran, or the program is not here.
pub fn alone(test: &str) -> Option<PathBuf> {
    if let Some(folder) = std::env::var_os(FOLDER) {
        return Some(folder.into());
    }
    let Some(real) = real() else {
        assert!(!crate::tool::is_here("heif-convert"));
        return None;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let (counted, at) = (folder.path().join("heif-convert"), folder.path());
    let does = format!("exec '{}' \"$@\"", real.display());
    is_to(at, &does);
    fs::set_permissions(&counted, fs::Permissions::from_mode(0o755)).expect("its own file");
    let usual = std::env::var("PATH").expect("PATH");
    let output = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "--nocapture"])
        .arg(test)
        .env(FOLDER, at)
        .env("PATH", format!("{}:{usual}", at.display()))
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{why}");
    assert!(said.contains("1 passed"), "{said}");
    None
}

/// From now on the program notes that it runs, and does that.
pub fn is_to(folder: &Path, what: &str) {
    let noted = folder.join("runs").display().to_string();
    let text = format!("#!/bin/sh\necho run >> '{noted}'\n{what}\n");
    fs::write(folder.join("heif-convert"), text).expect("written");
}

/// What is kept of what was made.
pub fn kept(house: &House) -> Vec<PathBuf> {
    let all = fs::read_dir(house.folder.join("data/made")).expect("a folder");
    all.map(|one| one.expect("a file").path()).collect()
}

#[test]
fn a_program_is_asked_once_for_what_is_looked_at_again_and_again() {
    let test = "converted::a_program_is_asked_once_for_what_is_looked_at_again_and_again";
    let Some(folder) = alone(test) else {
        return;
    };
    let folder = Path::new(&folder);
    let village = Village::new("ab");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bob", "bea"]);
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("mill.heic");
    fs::write(&path, include_bytes!("../fixtures/pictures/place.heic")).expect("a file");
    let item = a.import(&[path]).remove(0);
    let people = ["home-b+bob@b.example", "home-b+bea@b.example"];
    let order = order(&[&item], &people, "display=full,store=full");
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let item = b.items(&share).remove(0).reference;
    let before = runs(folder);
    assert!(b.home.is_by_program(&item).expect("rows"));
    let (_, first) = b.view(&item, "bob", Action::Display).expect("looks");
    assert_eq!(runs(folder), before + 1);
    assert!(
        !b.home.is_by_program(&item).expect("rows"),
        "nobody waits for it again"
    );
    // By another run of the box, too.
    let mut again = b.twin();
    let (_, second) = again.view(&item, "bob", Action::Display).expect("looks");
    assert!(first == second);
    let (_, hers) = b.view(&item, "bea", Action::Display).expect("looks");
    assert!(first == hers);
    assert_eq!(runs(folder), before + 1);
    let kept = kept(&b);
    let [sealed] = &kept[..] else {
        panic!("{kept:?}");
    };
    let bytes = fs::read(sealed).expect("readable");
    assert!(
        !bytes
            .windows(16)
            .any(|at| first.windows(16).next() == Some(at))
    );
    // One that is damaged is made again.
    fs::write(sealed, b"damaged").expect("written");
    let (_, third) = b.view(&item, "bob", Action::Display).expect("looks");
    assert!(first == third);
    assert_eq!(runs(folder), before + 2);
    let now = a.clock();
    a.home.revoke(&share, None, now).expect("taken back");
    village.settle(&mut [&mut a, &mut b]);
    assert!(!sealed.exists(), "it goes with the picture");
    assert!(b.view(&item, "bob", Action::Display).is_err());

    // What it gives up on is not asked of it again: the small picture is shown at once.
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    is_to(folder, "exit 1");
    let item = b.items(&share).remove(0).reference;
    let before = runs(folder);
    for who in ["bob", "bea", "bob"] {
        b.view(&item, who, Action::Display).expect("the small one");
        assert_eq!(runs(folder), before + 1);
    }
    assert!(!b.home.is_by_program(&item).expect("rows"));
}
