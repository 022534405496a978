//! A backup that is broken or made to harm changes nothing.

use std::fs;

use crate::backups::{Scene, back_up, bring_back, config, content, scene, while_closed};
use crate::house::House;

/// A tar of plain files, with the list that a backup has.
fn forged(members: &[(&str, &[u8])], bend: impl Fn(&mut tar::Header, usize)) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut list = Vec::new();
    for (n, (name, bytes)) in members.iter().enumerate() {
        let mut header = tar::Header::new_ustar();
        header.as_ustar_mut().expect("ustar").name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        bend(&mut header, n);
        header.set_cksum();
        tar.append(&header, *bytes).expect("written");
        let sha256 = hearthpost::envelope::Digest::of(bytes);
        list.push(serde_json::json!({"name": name, "size": bytes.len(), "sha256": sha256}));
    }
    let list = serde_json::json!({
        "type": "hearthpost-backup", "version": 1, "created": "2027-01-15T08:00:00Z",
        "mailbox": "home-a@a.example", "fingerprint": "0".repeat(64), "members": list,
    });
    let list = list.to_string();
    let mut header = tar::Header::new_ustar();
    header.set_path("manifest.json").expect("a path");
    header.set_size(list.len() as u64);
    header.set_cksum();
    tar.append(&header, list.as_bytes()).expect("written");
    tar.into_inner().expect("written")
}

/// The rows of a house, with one thing more, or with one of ours that does something else.
fn rows_with_a_trigger(house: &House, trigger: &str) -> Vec<u8> {
    let copy = house.folder.join("copy.sqlite");
    let database = rusqlite::Connection::open(house.folder.join("data/album.sqlite"));
    let database = database.expect("opens");
    let path = copy.to_string_lossy().into_owned();
    database.execute("VACUUM INTO ?1", [path]).expect("copied");
    rusqlite::Connection::open(&copy)
        .and_then(|copy| {
            copy.execute_batch(&format!(
                "DROP TRIGGER IF EXISTS {trigger};
                 CREATE TRIGGER {trigger} AFTER INSERT ON item BEGIN DELETE FROM contact; END;"
            ))
        })
        .expect("a trigger");
    let bytes = fs::read(&copy).expect("a file");
    fs::remove_file(&copy).expect("a file");
    bytes
}

#[test]
fn broken_or_hostile_backup_changes_nothing() {
    let Scene {
        village: _village,
        mut a,
        b: _,
    } = scene();
    let file = a.folder.join("a.backup");
    back_up(&mut a, &file);
    let good = fs::read(&file).expect("a file");
    let settings = fs::read(config(&a)).expect("a file");
    let keys = fs::read(a.folder.join("data/keys.toml")).expect("a file");
    let three: [(&str, &[u8]); 3] = [
        ("hearthpost.toml", &settings),
        ("keys.toml", &keys),
        ("album.sqlite", b"no database at all"),
    ];
    let with = |name: &'static str, bytes: &'static [u8]| {
        let mut members = three.to_vec();
        members.push((name, bytes));
        members
    };
    let plain = |_: &mut tar::Header, _: usize| {};
    let mut bad = vec![
        ("empty", "end is missing", Vec::new()),
        (
            "no tar",
            "no backup of Hearthpost, or its beginning is cut off or damaged",
            b"x".repeat(5_000),
        ),
        ("only a tar's end", "end is missing", vec![0; 10_240]),
        ("no album", "its album", forged(&three, plain)),
        (
            "a name that leads out",
            "no part of a backup",
            forged(&with("../evil", b"x"), plain),
        ),
        (
            "a name from the root",
            "no part of a backup",
            forged(&with("/tmp/evil", b"x"), plain),
        ),
        ("a part under another name", "not what the list says", {
            let name = "parts/00/0000000000000000000000000000000000000000000000000000000000000000";
            forged(&with(name, b"x"), plain)
        }),
        (
            "one twice",
            "twice",
            forged(&with("keys.toml", b"x"), plain),
        ),
        (
            "no keys",
            "keys.toml is missing",
            forged(&[three[0], three[2]], plain),
        ),
        ("a link", "no plain file", {
            let link = |header: &mut tar::Header, n: usize| {
                if n == 2 {
                    header.set_entry_type(tar::EntryType::Symlink);
                    header.set_link_name("/etc/passwd").expect("a name");
                }
            };
            forged(&three, link)
        }),
        ("a length of exabytes", "cut off in the middle of", {
            let long = |header: &mut tar::Header, n: usize| {
                if n == 2 {
                    header.set_size(1 << 60);
                }
            };
            forged(&three, long)
        }),
    ];
    bad.push(("a sector lost", "cut off or damaged behind", {
        let mut tar = tar::Archive::new(good.as_slice());
        let second = tar.entries().expect("a tar").nth(1).expect("a member");
        let at = second.expect("a member").raw_header_position() as usize;
        let mut lost = good.clone();
        lost[at..at + 512].fill(b'?');
        lost
    }));
    for at in [100, good.len() / 3, good.len() / 2, good.len() - 2_000] {
        bad.push(("cut", "cut off", good[..at].to_vec()));
    }
    // In the midst of each member; what fills the blocks up behind one means nothing.
    let mut tar = tar::Archive::new(good.as_slice());
    let entries = tar
        .entries()
        .expect("a tar")
        .map(|entry| entry.expect("a member"));
    let places: Vec<u64> = entries
        .map(|entry| entry.raw_file_position() + entry.size() / 2)
        .collect();
    assert!(places.len() > 5);
    for at in places {
        let mut changed = good.clone();
        changed[at as usize] ^= 1;
        bad.push(("changed", "", changed));
    }
    for trigger in ["evil", "item_came"] {
        let album = rows_with_a_trigger(&a, trigger);
        let three = [three[0], three[1], ("album.sqlite", album.as_slice())];
        let words = "more than the tables";
        bad.push(("rows that do something", words, forged(&three, plain)));
    }
    let renamed = |header: &mut tar::Header, n: usize| {
        if n == 1 {
            header.set_entry_type(tar::EntryType::XHeader);
        }
    };
    bad.push(("an extension", "no plain file", forged(&three, renamed)));
    let (a, _) = while_closed(a, |house| {
        let before = content(&house.folder);
        for (what, words, bytes) in bad {
            let path = house.folder.join("bad.backup");
            fs::write(&path, &bytes).expect("a file");
            let refused = bring_back(house, &path, true).expect_err(what);
            assert_eq!(refused.code, "backup", "{what}: {refused}");
            assert!(refused.message.contains(words), "{what}: {refused}");
            let named = format!("{}: the backup cannot be used: ", path.display());
            assert!(refused.message.starts_with(&named), "{what}: {refused}");
            let hint = refused.hint.unwrap_or_default();
            assert!(hint.starts_with("nothing was changed"), "{what}: {hint}");
            fs::remove_file(&path).expect("a file");
            assert!(content(&house.folder) == before, "{what} changed something");
        }
    });
    assert!(!a.folder.parent().expect("a folder").join("evil").exists());
}
