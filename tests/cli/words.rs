//! The command line by itself: people, names, import, help, and what it says when the words are wrong.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::command::{House, command, picture, run, write_private};

#[test]
fn people_come_and_go() {
    let house = House::new("a");
    let added = house
        .run(["user", "add", "bob", "--mail", "bob@p.example"])
        .done();
    assert_eq!(added["address"], "home-a+bob@a.example");
    assert_eq!(
        house
            .run(["user", "add", "bob", "--mail", "b@p.example"])
            .failed(1)
            .0,
        "exists"
    );
    for wrong in ["Bob", "everyone", "a b", ""] {
        house
            .run(["user", "add", wrong, "--mail", "b@p.example"])
            .failed(2);
    }
    house
        .run(["user", "add", "bea", "--mail", "no address"])
        .failed(2);
    let users = house.run(["user", "list"]).done();
    assert_eq!(users["users"].as_array().expect("a list").len(), 1);
    assert_eq!(users["users"][0]["name"], "bob");
    assert_eq!(users["users"][0]["mail"], "bob@p.example");
    assert_eq!(users["users"][0]["notices"], "at-once");
    for when in ["daily", "none", "at-once", "daily"] {
        let told = house.run(["user", "notices", "bob", when]).done();
        assert_eq!(told["notices"], when);
    }
    house.run(["user", "notices", "bob", "hourly"]).failed(2);
    house.run(["user", "notices", "zoe", "none"]).failed(2);
    let users = house.run(["user", "list"]).done();
    assert_eq!(users["users"][0]["notices"], "daily");
    let announce = [
        "user", "announce", "bob", "on", "--word", "gramps", "--word", "uncle",
    ];
    let told = house.run(announce).done();
    assert_eq!(told["words"], serde_json::json!(["gramps", "uncle"]));
    house
        .run(["user", "announce", "bob", "on", "--word", "a@b"])
        .failed(2);
    house.run(["user", "announce", "zoe", "off"]).failed(2);
    let users = house.run(["user", "list"]).done();
    let announced = &users["users"][0]["announced"];
    assert_eq!(*announced, serde_json::json!(["gramps", "uncle"]));
    house.run(["user", "announce", "bob", "off"]).done();
    let users = house.run(["user", "list"]).done();
    assert_eq!(users["users"][0].get("announced"), None);
    house.run(["user", "remove", "bob"]).done();
    house.run(["user", "remove", "bob"]).failed(2);
}

#[test]
fn a_program_is_let_in_once_and_its_token_is_not_shown_again() {
    let house = House::new("b");
    house
        .run(["user", "add", "bob", "--mail", "bob@p.example"])
        .done();
    let make = [
        "user",
        "token",
        "bob",
        "gallery",
        "--scope",
        "share,read",
        "--days",
        "30",
    ];
    let token = house.run(make).done()["token"].as_str().map(str::to_owned);
    let token = token.expect("a token");
    assert!(token.starts_with("hearthpost_"), "{token}");
    assert_eq!(house.run(make).failed(2).0, "exists");
    let listed = house.run(["user", "tokens", "bob"]);
    assert!(!listed.stdout.contains(&token));
    let listed = listed.done();
    let one = &listed["tokens"][0];
    assert_eq!(one["program"], "gallery");
    assert_eq!(one["scopes"], serde_json::json!(["read", "share"]));
    assert!(one["ends"].is_string() && one["used"].is_null(), "{one}");
    let wrong = ["user", "token", "bob", "other", "--scope", "everything"];
    house.run(wrong).failed(2);
    let nobody = ["user", "token", "nobody", "other", "--scope", "read"];
    house.run(nobody).failed(2);
    house.run(["user", "end-token", "bob", "gallery"]).done();
    let again = house.run(["user", "end-token", "bob", "gallery"]);
    assert_eq!(again.failed(2).0, "unknown_token");
    house.run(make).done();
}

#[test]
fn a_name_stands_for_addresses() {
    let house = House::new("a");
    let set = [
        "keyword",
        "set",
        "grandma",
        "home-b+bob@b.example",
        "home-c@c.example",
    ];
    house.run(set).done();
    let words = house.run(["keyword", "list"]).done();
    assert_eq!(words["keywords"][0]["word"], "grandma");
    assert_eq!(
        words["keywords"][0]["addresses"]
            .as_array()
            .expect("a list")
            .len(),
        2
    );
    for wrong in ["", "a b", "a@b"] {
        house
            .run(["keyword", "set", wrong, "home-b@b.example"])
            .failed(2);
    }
    house.run(["keyword", "remove", "grandma"]).done();
    assert_eq!(
        house.run(["keyword", "remove", "grandma"]).failed(2).0,
        "unknown_word"
    );
}

#[test]
fn good_files_go_in_and_bad_ones_are_named() {
    let house = House::new("a");
    let folder = house.path("card/DCIM/100CANON");
    fs::create_dir_all(&folder).expect("folders");
    let bytes = picture(&folder.join("lake.jpg"), 640, 480);
    fs::write(folder.join("again.jpg"), &bytes).expect("a file");
    fs::write(folder.join("broken.jpg"), &bytes[..bytes.len() / 2]).expect("a file");
    fs::write(folder.join("empty.jpg"), b"").expect("a file");
    fs::write(folder.join("notes.txt"), b"a text\n").expect("a file");
    let ran = house.run(["import", "card", "nowhere", "--album", "The lake"]);
    assert_eq!(ran.code, 1, "something was not taken: {ran:?}");
    let done = ran.json();
    let items = done["items"].as_array().expect("a list");
    assert_eq!(items.len(), 3);
    assert_eq!(done["known"], 1);
    let lake = items
        .iter()
        .find(|item| item["media_type"] == "image/jpeg")
        .expect("the picture");
    let digest = hearthpost::envelope::Digest::of(&bytes).to_string();
    assert_eq!(lake["sha256"], digest.as_str());
    let skipped: Vec<&str> = done["skipped"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|s| s["path"].as_str().expect("a path"))
        .collect();
    assert_eq!(skipped.len(), 3, "{skipped:?}");
    for name in ["broken.jpg", "empty.jpg", "nowhere"] {
        assert!(
            skipped.iter().any(|path| path.ends_with(name)),
            "{name}: {skipped:?}"
        );
        assert!(ran.stderr.contains(name));
    }
    let again = house.run(["import", "card/DCIM/100CANON/lake.jpg"]).done();
    assert_eq!(
        (again["known"].as_u64(), &again["items"][0]["id"]),
        (Some(1), &lake["id"])
    );

    let all = house.run(["album", "list"]).done();
    assert_eq!(all["items"].as_array().expect("a list").len(), 2);
    assert_eq!(all["albums"][0]["name"], "The lake");
    let one = house.run(["album", "show", "The lake"]).done();
    assert_eq!(one["items"].as_array().expect("a list").len(), 2);
    house.run(["album", "show", "The sea"]).failed(2);

    let leak = bytes[bytes.len() / 2..][..64].to_vec();
    let blobs = fs::read_dir(house.path("data/files")).expect("a folder");
    for blob in blobs {
        let bytes = fs::read(blob.expect("an entry").path()).expect("a blob");
        assert!(
            !bytes.windows(64).any(|window| window == leak),
            "plain at rest"
        );
    }
}

#[test]
fn wrong_words_are_a_matter_of_usage_in_one_document() {
    let house = House::new("a");
    for words in [
        &["frobnicate"][..],
        &["share"],
        &["share", "x", "--to"],
        &["sync", "--wait", "soon"],
        &["user", "add", "bob"],
        &[
            "view", "x", "--as", "bob", "--action", "forward", "--out", "f",
        ],
        &["contact", "add", "no address"],
        &["sent", "--nonsense"],
    ] {
        let (code, message) = house.run(words).failed(2);
        assert_eq!(code, "usage", "{words:?}");
        assert!(!message.is_empty(), "{words:?}");
    }
    // Behind the verb it means the same.
    run(house.folder.path(), ["frobnicate", "--json"]).failed(2);
    let ran = run(house.folder.path(), ["frobnicate"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert_eq!(run(house.folder.path(), ["--help"]).code, 0);
    assert_eq!(run(house.folder.path(), Vec::<String>::new()).code, 2);
}

#[test]
fn every_verb_that_names_what_is_not_there_is_a_matter_of_usage() {
    let house = House::new("a");
    house
        .run(["user", "add", "ann", "--mail", "ann@p.example"])
        .done();
    write_private(&house.path("words"), "a passphrase that is long\n");
    for words in [
        "contact show home-x@x.example",
        "contact accept home-x@x.example",
        "contact block home-x@x.example",
        "contact unblock home-x@x.example",
        "contact remove home-x@x.example",
        "contact relay home-x@x.example on",
        "contact add home-x@x.example --cert none.pem",
        "contact withdraw nobody",
        "keyword remove grandma",
        "user remove zoe",
        "user notices zoe none",
        "user mail zoe zoe@p.example",
        "user announce zoe on",
        "user tokens zoe",
        "item show nothing1",
        "album show none",
        "import --card none",
        "share nothing1 --to home-x@x.example",
        "share words --to grandma",
        "show nothing1",
        "view nothing1 --as ann --out f",
        "view nothing1 --as zoe --out f",
        "forward nothing1 --as ann --to home-x@x.example",
        "ask nothing1 --as ann --print full",
        "answer nothing1 yes",
        "resend nothing1",
        "revoke nothing1",
        "inspect none.eml",
        "restore none.backup",
        "identity import none.id --passphrase-file words",
        "identity end none.pem --yes",
    ] {
        let (code, message) = house.run(words.split(' ')).failed(2);
        assert_ne!(code, "usage", "{words}: {message}");
    }
}

#[test]
fn help_lists_what_there_is() {
    let folder = tempfile::tempdir().expect("a folder");
    let help = run(folder.path(), ["--help"]).stdout;
    for verb in [
        "demo", "init", "serve", "sync", "doctor", "share", "received", "view", "forward",
        "revoke", "ask", "requests", "answer", "inspect",
    ] {
        assert!(help.contains(&format!("\n  {verb} ")), "{verb}: {help}");
    }
}

#[test]
fn a_reader_that_went_away_is_no_fault() {
    let house = House::new("a");
    let mut child = command(house.folder.path())
        .args(["--config", "hearthpost.toml", "user", "list"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    drop(child.stdout.take());
    let mut said = String::new();
    child
        .stderr
        .take()
        .expect("a pipe")
        .read_to_string(&mut said)
        .expect("UTF-8");
    assert!(child.wait().expect("it ends").success(), "{said}");
    assert_eq!(said, "");
}

#[test]
fn doctor_names_each_fault_with_the_way_out() {
    let house = House::new("a");
    let ran = house.run(["doctor"]);
    assert_eq!(ran.code, 1);
    let document = ran.json();
    assert_eq!(document["good"], false);
    let findings = document["findings"].as_array().expect("a list");
    let find = |what: &str| {
        let found = findings
            .iter()
            .find(|f| f["what"].as_str().is_some_and(|w| w.contains(what)));
        found.unwrap_or_else(|| panic!("{what}: {findings:?}"))
    };
    for what in ["settings", "keys", "data folder", "people"] {
        assert_eq!(find(what)["good"], true, "{what}");
    }
    for what in ["IMAP)", "SMTP)"] {
        assert_eq!(find(what)["good"], false, "{what}");
        assert!(find(what)["hint"].is_string(), "{what}");
    }
    let keys = house.path("data/keys.toml");
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o644)).expect("mode");
    let ran = house.run(["doctor"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("chmod 600"), "{ran:?}");
}

#[test]
fn who_made_the_certificate_is_not_told_to_make_it() {
    let house = House::new("a");
    let said = house.say(["tls", "--host", "box.home"]).stdout;
    assert!(
        said.contains("Only this machine reaches it so far"),
        "{said}"
    );
    assert!(!said.contains("hearthpost tls"), "{said}");
    let steps: Vec<_> = said
        .lines()
        .filter_map(|line| line.strip_prefix("  ")?.split_once(". "))
        .collect();
    let numbers: Vec<_> = steps.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, ["1", "2", "3"], "{said}");
}

#[test]
fn a_person_is_meant_with_whatever_capitals() {
    let house = House::new("a");
    house
        .run(["user", "add", "ann", "--mail", "ann@p.example"])
        .done();
    for words in [
        "view nothing1 --as Ann --out f",
        "forward nothing1 --as ANN --to home-x@x.example",
        "ask nothing1 --as Ann --print full",
    ] {
        let (code, message) = house.run(words.split(' ')).failed(2);
        assert_ne!(code, "usage", "{words}: {message}");
        assert_ne!(code, "unknown_person", "{words}: {message}");
    }
    let told = house.run(["user", "notices", "Ann", "daily"]).done();
    assert_eq!(told["name"], "ann");
    house.run(["user", "remove", "aNN"]).done();
    assert_eq!(
        house.run(["user", "list"]).done()["users"],
        serde_json::json!([])
    );
}

#[test]
fn a_person_is_told_by_no_mail_where_they_have_no_address() {
    let house = House::new("a");
    house
        .run(["user", "add", "ann", "--mail", "ann@p.example"])
        .done();
    let listed = || house.run(["user", "list"]).done()["users"][0].clone();
    house.run(["user", "mail", "ann", "none"]).done();
    assert_eq!(listed().get("mail"), None);
    assert_eq!(listed()["notices"], "none");
    house.run(["user", "mail", "ann", "ann@q.example"]).done();
    assert_eq!(listed()["mail"], "ann@q.example");
    assert_eq!(listed()["notices"], "at-once");
}
