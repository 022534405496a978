//! What a fault names: the setting with file and line, the file that is damaged, the option that is wrong.

use std::fs;

use crate::command::{House, run, write_private};

/// Writes `line` into a section of the settings, in the place of the line that begins with `key`, or as its first; gives
/// the number of the line.
fn set(house: &House, section: &str, key: &str, line: &str) -> usize {
    let path = house.path("hearthpost.toml");
    let text = fs::read_to_string(&path).expect("settings");
    let mut lines: Vec<&str> = text.lines().collect();
    let head = format!("[{section}]");
    let begin = lines.iter().position(|line| *line == head);
    let begin = begin.expect("the section");
    let there = lines[begin..].iter().position(|line| line.starts_with(key));
    let at = match there {
        Some(there) => {
            lines[begin + there] = line;
            begin + there
        }
        None => {
            lines.insert(begin + 1, line);
            begin + 1
        }
    };
    fs::write(&path, lines.join("\n")).expect("written");
    at + 1
}

fn trouble(house: &House) -> String {
    let ran = house.run(["sync"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    ran.json()["trouble"].to_string()
}

#[test]
fn a_server_that_cannot_be_reached_is_told_by_its_setting() {
    let house = House::new("a");
    let said = trouble(&house);
    assert!(said.contains("imap.url in the settings"), "{said}");
    assert!(!said.contains("--imap"), "{said}");
    let doctor = house.run(["doctor"]).stdout;
    for url in ["imap.url", "smtp.url"] {
        assert!(doctor.contains(url), "{url}: {doctor}");
    }
}

#[test]
fn a_file_of_an_authority_that_is_no_good_is_told_with_the_line_that_names_it() {
    let house = House::new("a");
    let line = set(&house, "imap", "ca_file", "ca_file = \"gone.pem\"");
    let said = trouble(&house);
    let place = format!("hearthpost.toml:{line}: imap.ca_file names ");
    assert!(said.contains(&place), "{said}");
    assert!(said.contains("gone.pem, which cannot be read"), "{said}");
    fs::write(house.path("gone.pem"), "no certificate").expect("a file");
    let said = trouble(&house);
    assert!(said.contains(&place), "{said}");
    assert!(said.contains("which holds no certificate"), "{said}");
    // Where SMTP names none of its own, it is that of IMAP.
    let doctor = house.run(["doctor"]).json();
    let bad = doctor["findings"].as_array().expect("a list").iter();
    let of_ca = bad.filter(|one| one.to_string().contains(&place)).count();
    assert_eq!(of_ca, 2, "{doctor}");
    let line = set(&house, "imap", "url", "url = \"imaps://a.example:0\"");
    let said = trouble(&house);
    let place = format!("hearthpost.toml:{line}: imap.url: ");
    assert!(said.contains(&place), "{said}");
}

#[test]
fn init_takes_no_authority_that_is_none_and_writes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    write_private(&folder.path().join("password"), "secret\n");
    fs::write(folder.path().join("text.pem"), "no certificate").expect("a file");
    let init = |ca: &str| {
        let all = format!(
            "--json --config h.toml init --mailbox a@a.example --name A --imap imaps://a.example --smtp smtps://a.example \
             --username a --password-file password --ca {ca}"
        );
        run(folder.path(), all.split(' '))
    };
    for ca in ["none.pem", "text.pem"] {
        let (code, message) = init(ca).failed(2);
        assert_eq!(code, "ca");
        assert!(message.starts_with(ca), "{message}");
        assert!(!folder.path().join("h.toml").exists(), "{ca}");
        assert!(!folder.path().join("data").exists(), "{ca}");
    }
    let house = House::new("b");
    let card = house.say(["contact", "export"]).stdout;
    fs::write(folder.path().join("good.pem"), card).expect("a file");
    init("good.pem").done();
}

#[test]
fn a_damaged_album_or_key_file_is_named_with_the_way_back() {
    let house = House::new("a");
    for (name, code) in [("album.sqlite", "database"), ("keys.toml", "keys")] {
        let path = house.path("data").join(name);
        let good = fs::read(&path).expect("a file");
        for bad in [&[0; 4096][..], b"hello there\n", b"\xff\xfe\0", b""] {
            fs::write(&path, bad).expect("a file");
            let ran = house.run(["user", "list"]);
            let (found, message) = ran.failed(1);
            assert_eq!(found, code, "{message}");
            let damaged = format!("{} is damaged: ", path.display());
            assert!(message.contains(&damaged), "{message}");
            let hint = ran.json()["error"]["hint"].to_string();
            assert!(hint.contains("hearthpost restore FILE"), "{hint}");
            assert!(
                fs::read(&path).expect("a file") == bad,
                "nothing was changed"
            );
        }
        fs::write(&path, good).expect("a file");
        house.run(["user", "list"]).done();
    }
}

#[test]
fn what_is_wrong_with_an_option_is_told_with_its_name() {
    let house = House::new("a");
    let (_, message) = house.run(["user", "add", "bob"]).failed(2);
    assert!(message.contains("--mail"), "{message}");
    let (_, message) = house.run(["sync", "--wait", "abc"]).failed(2);
    for part in ["--wait", "'abc'", "a whole number of seconds"] {
        assert!(message.contains(part), "{part}: {message}");
    }
}

#[test]
fn a_backup_that_is_cut_off_is_said_to_be() {
    let house = House::new("a");
    house.run(["backup", "a.backup"]).done();
    let whole = fs::read(house.path("a.backup")).expect("a file");
    for at in [0, 100, 600, 5_000, whole.len() / 2, whole.len() - 1_500] {
        fs::write(house.path("cut.backup"), &whole[..at]).expect("a file");
        let (_, message) = house.run(["restore", "cut.backup", "--yes"]).failed(1);
        assert!(message.starts_with("cut.backup: "), "{at}: {message}");
        assert!(message.contains("cut off"), "{at}: {message}");
    }
}
