//! `identity` by the real command.

use crate::command;
use std::fs;
use std::io::Write;
use std::process::Stdio;

use crate::command::{House, command, write_private};

#[test]
fn identity_is_exported_and_imported_by_the_command() {
    let (a, b) = (House::new("a"), House::new("b"));
    a.add(&b);
    write_private(&a.path("words"), "four ducks on a pond\nnot this\n");
    let export = [
        "identity",
        "export",
        "a.identity",
        "--passphrase-file",
        "words",
    ];
    let done = a.run(export).done();
    assert_eq!(
        (&done["file"], &done["contacts"]),
        (&"a.identity".into(), &1.into())
    );
    let (code, words) = a.run(export).failed(1);
    assert_eq!(code, "exists");
    assert!(words.contains("nothing was changed"), "{words}");

    let new = House::new("n");
    fs::copy(a.path("a.identity"), new.path("a.identity")).expect("carried");
    let (code, words) = import(&new, "another passphrase\n").failed(1);
    assert_eq!(code, "passphrase");
    assert!(words.contains("nothing was changed"), "{words}");
    let moved = import(&new, "four ducks on a pond\n").done();
    assert_eq!(moved["fingerprint"], done["fingerprint"]);
    assert_eq!(moved["from"], a.mailbox.as_str());
    assert_eq!(moved["mailbox"], new.mailbox.as_str());
    // Once more, as a person does it: what is not there is said.
    let again = [
        "identity",
        "import",
        "a.identity",
        "--passphrase-file",
        "again",
    ];
    write_private(&new.path("again"), "four ducks on a pond\n");
    let said = new.say(again);
    for words in [
        "Stop the box",
        "stayed there",
        "hearthpost restore",
        "share again",
        "cannot be taken back",
    ] {
        assert!(said.stdout.contains(words), "{words}: {said:?}");
    }
    let known = new.run(["contact", "list"]).done();
    assert_eq!(known["contacts"][0]["mailbox"], b.mailbox.as_str());
    assert_eq!(known["contacts"][0]["trust"], "verified");
    // Another one does not get in over it.
    let (code, _) = b_over(&new, &b).failed(1);
    assert_eq!(code, "in_use");
}

/// The passphrase comes by standard input.
fn import(house: &House, passphrase: &str) -> command::Ran {
    let mut child = command(house.folder.path())
        .args(["--config", "hearthpost.toml", "--json"])
        .args(["identity", "import", "a.identity"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(passphrase.as_bytes()).expect("written");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    command::Ran {
        code: output.status.code().expect("it ends by itself"),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn b_over(new: &House, b: &House) -> command::Ran {
    write_private(&b.path("words"), "four ducks on a pond\n");
    let file = new.path("b.identity");
    let file = file.to_str().expect("UTF-8");
    let words = b.path("words");
    let words = words.to_str().expect("UTF-8");
    b.run(["identity", "export", file, "--passphrase-file", words])
        .done();
    new.run(["identity", "import", file, "--passphrase-file", words])
}

#[test]
fn identity_is_replaced_and_ended_by_the_command() {
    let (a, b) = (House::new("a"), House::new("b"));
    b.add(&a);
    let me = |house: &House| {
        let pem = house.run(["contact", "export"]).done()["pem"].clone();
        pem.as_str().expect("a text").to_owned()
    };
    let before = me(&a);
    let (code, words) = a.run(["identity", "rekey"]).failed(1);
    assert_eq!(code, "asks_first");
    assert!(words.contains("compared words"), "{words}");
    assert_eq!(me(&a), before);

    let written = a.run(["identity", "ended", "--out", "end.pem"]).done();
    a.run(["identity", "ended", "--out", "end.pem"]).failed(1);
    fs::copy(a.path("end.pem"), b.path("end.pem")).expect("carried");
    let end = ["identity", "end", "end.pem", "--to", "home-c@c.example"];
    let (code, words) = b.run(end).failed(1);
    assert_eq!(code, "asks_first", "another household's");
    assert!(
        words.contains(&a.mailbox) && words.contains("for good"),
        "{words}"
    );
    let shown = b.run(["contact", "show", &a.mailbox]).done();
    assert!(shown.get("ended").is_none(), "nothing was done");
    let told = b.run(end.iter().chain(&["--yes"])).done();
    assert_eq!(told["fingerprint"], written["fingerprint"]);
    assert_eq!(told["to"], serde_json::json!(["home-c@c.example"]));
    let shown = b.say(["contact", "show", &a.mailbox]);
    assert!(shown.stdout.contains("its identity has ended"), "{shown:?}");
    let (code, words) = b.run(["contact", "unblock", &a.mailbox]).failed(1);
    assert_eq!(code, "ended");
    assert!(words.contains("for good"), "{words}");

    let (code, _) = a.run(["identity", "end", "end.pem"]).failed(1);
    assert_eq!(code, "asks_first", "its own");
    let said = a.say(["identity", "rekey", "--yes"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains("has a new identity"), "{said:?}");
    let kept = "Keep a copy of ";
    assert!(
        said.stdout.contains(kept) && said.stdout.contains("ended.pem"),
        "the new one: {said:?}"
    );
    assert_ne!(me(&a), before);
    let (code, _) = a.run(["identity", "end", "words"]).failed(2);
    assert_eq!(code, "ended_file");
}

#[test]
fn init_lays_the_last_word_down_and_a_backup_keeps_it() {
    let house = House::new("a");
    let kept = fs::read_to_string(house.path("data/ended.pem")).expect("laid down");
    assert!(kept.contains("home-a@a.example"), "{kept}");
    house.run(["backup", "a.backup"]).done();
    fs::remove_dir_all(house.path("data")).expect("gone");
    house.run(["restore", "a.backup"]).done();
    let back = fs::read_to_string(house.path("data/ended.pem")).expect("back");
    assert_eq!(back, kept);
}
