//! Somebody has the disk of a box that is switched off: what lies open there, and what does not.

use std::path::Path;

use crate::house::state::files_below;
use crate::house::{House, Village, order, picture};
use crate::site::{PASSWORD, Site};
use hearthpost::sharing::Household;

/// A share with a title, arrived; bob has a password and is signed in.
fn arrived() -> (Village, House, String) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("waterfall.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let mut order = order(&[&items[0]], &["home-b@b.example"], "display=320");
    order.title = "Summer evening".to_owned();
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    (village, b, share)
}

/// Whether any file below a folder holds these bytes.
fn lies(folder: &Path, bytes: &[u8]) -> bool {
    files_below(folder).iter().any(|file| {
        let held = std::fs::read(file).expect("a file");
        held.windows(bytes.len()).any(|window| window == bytes)
    })
}

#[test]
fn names_and_titles_lie_open_for_who_has_the_disk() {
    let (_village, b, _) = arrived();
    let disk = b.folder.join("data");
    drop(b);
    std::fs::remove_file(disk.join("keys.toml")).expect("it was there");
    for open in ["Summer evening", "waterfall.jpg", "home-a@a.example", "bob"] {
        assert!(lies(&disk, open.as_bytes()), "{open}");
    }
    assert!(!lies(&disk, b"JFIF"), "but no picture");
}

#[test]
fn album_without_its_key_file_opens_nothing() {
    let (village, mut b, share) = arrived();
    let item = b.items(&share).remove(0).reference;
    let (config, disk) = (b.folder.join("hearthpost.toml"), b.folder.join("data"));
    let (keys, elsewhere) = (disk.join("keys.toml"), disk.join("elsewhere"));
    std::fs::rename(&keys, &elsewhere).expect("moved");
    assert!(Household::open(&config).is_err());
    // Nor with the keys of another: neither by this software, nor by one that does not look whose they are.
    let mut other = village.house("b-again", &["bob"]);
    std::fs::copy(other.folder.join("data/keys.toml"), &keys).expect("copied");
    let refused = Household::open(&config).err();
    assert_eq!(refused.map(|fault| fault.code), Some("keys"));
    std::fs::rename(&elsewhere, &keys).expect("moved back");
    let reading = b.reading();
    let now = b.home.tick(&reading, &[]).expect("time");
    let bob = "bob".parse().expect("a station");
    let action = hearthpost::rules::Action::Display;
    let look = |b: &mut House, out: &str| {
        let out = b.folder.join(out);
        let looked = b.home.view(&item, &bob, action, &out, now).is_ok();
        (looked, out.exists())
    };
    std::mem::swap(&mut b.home.keys, &mut other.home.keys);
    assert_eq!(look(&mut b, "by-others"), (false, false));
    std::mem::swap(&mut b.home.keys, &mut other.home.keys);
    assert_eq!(look(&mut b, "by-its-own"), (true, true));
}

#[test]
fn no_password_or_session_lies_in_the_album() {
    let (_village, mut b, _) = arrived();
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    let cookie = format!("hearthpost-{}", &b.home.me().to_string()[..8]);
    let session = bob.holds(&cookie).expect("a session").to_owned();
    let known = bob.holds("-known").expect("known").to_owned();
    let disk = b.folder.join("data");
    assert!(lies(&disk, b"argon2id"), "the search works");
    for secret in [PASSWORD, &session, &known] {
        assert!(secret.len() >= 20);
        assert!(!lies(&disk, secret.as_bytes()));
    }
}
