//! The command line by itself: setting up, people, names, import, and what it says when the words are wrong.

use std::fs;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use crate::command::{House, command, picture, run, write_private};

#[test]
fn init_makes_a_household_that_only_its_owner_can_read() {
    let house = House::new("a");
    let shown = house.run(["contact", "export"]).done();
    assert!(
        shown["pem"]
            .as_str()
            .expect("PEM")
            .starts_with("-----BEGIN CERTIFICATE-----")
    );
    let mode = |name| {
        let about = fs::metadata(house.path(name)).expect("is there");
        about.permissions().mode() & 0o777
    };
    assert_eq!(mode("data/keys.toml"), 0o600);
    assert_eq!(mode("data"), 0o700);
    let mut folders = vec![house.path("data")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let mode = fs::metadata(&path).expect("is there").permissions().mode();
            assert_eq!(mode & 0o007, 0, "others can read {}", path.display());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
}

#[test]
fn init_says_who_this_is_and_never_replaces_a_key() {
    let house = House::new("a");
    fs::remove_file(house.path("hearthpost.toml")).expect("removed");
    let again = house
        .init("a", "imaps://localhost:1", "smtps://localhost:1")
        .done();
    assert_eq!(again["mailbox"], "home-a@a.example");
    assert_eq!(again["config"], "hearthpost.toml");
    assert_eq!(
        again["words"].as_str().expect("words").split(' ').count(),
        24
    );
    let fingerprint = again["fingerprint"].as_str().expect("hex");
    assert_eq!(fingerprint.len(), 64);

    let before = fs::read(house.path("data/keys.toml")).expect("keys");
    let twice = house.init(
        "b",
        "imaps://elsewhere.example",
        "smtps://elsewhere.example",
    );
    assert_eq!(twice.failed(1).0, "exists");
    assert_eq!(
        fs::read(house.path("data/keys.toml")).expect("keys"),
        before
    );
    let text = fs::read_to_string(house.path("hearthpost.toml")).expect("settings");
    assert!(!text.contains("elsewhere"));
}

#[test]
fn init_refuses_an_address_or_server_that_is_none_and_writes_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("password"), "secret").expect("a file");
    let init = |mailbox, imap| {
        run(
            folder.path(),
            [
                "--json",
                "--config",
                "h.toml",
                "init",
                "--mailbox",
                mailbox,
                "--name",
                "A",
                "--imap",
                imap,
                "--smtp",
                "smtps://localhost:1",
                "--username",
                "a",
                "--password-file",
                "password",
            ],
        )
    };
    for (mailbox, imap) in [
        ("not an address", "imaps://localhost:1"),
        ("home-a@a.example", "http://localhost"),
        ("home-a@a.example", "imaps://user:secret@localhost"),
        ("home-a@a.example", "imap+plain://mail.example.org"),
    ] {
        init(mailbox, imap).failed(2);
        assert!(!folder.path().join("h.toml").exists(), "{mailbox} {imap}");
        assert!(!folder.path().join("data").exists(), "{mailbox} {imap}");
    }
}

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
fn a_slip_in_the_settings_is_named_with_file_line_and_the_nearest_key() {
    let house = House::new("a");
    let path = house.path("hearthpost.toml");
    let text = fs::read_to_string(&path).expect("settings");
    let wrong = text.replacen("username", "usrename", 1);
    let line = 1 + wrong
        .lines()
        .position(|line| line.starts_with("usrename"))
        .expect("the slip");
    fs::write(&path, wrong).expect("written");
    let (code, message) = house.run(["sent"]).failed(2);
    assert_eq!(code, "config");
    assert!(
        message.contains(&format!("hearthpost.toml:{line}")),
        "{message}"
    );
    assert!(message.contains("imap.username"), "{message}");
}

#[test]
fn without_settings_the_way_to_them_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let (code, message) =
        run(folder.path(), ["--json", "--config", "no.toml", "received"]).failed(2);
    assert_eq!(code, "config");
    assert!(
        message.contains("no.toml") && message.contains("hearthpost init"),
        "{message}"
    );
    let ran = command(folder.path())
        .env("HEARTHPOST_CONFIG", "other.toml")
        .args(["sent", "--json"])
        .output()
        .expect("the command starts");
    assert!(
        String::from_utf8_lossy(&ran.stderr).contains("other.toml"),
        "{ran:?}"
    );
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
fn inspect_says_what_is_public_without_a_household() {
    let folder = tempfile::tempdir().expect("a folder");
    let vectors = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    for (file, is) in [
        ("share-1/letter.eml", "a sealed letter"),
        ("share-1/parts-thumb-01.eml", "a sealed part of a share"),
        ("card-1/card-request.eml", "a letter: card-request"),
        ("home-a/card.pem", "the certificates of a household"),
        ("README.md", "no message of Hearthpost"),
    ] {
        let ran = run(
            folder.path(),
            ["inspect".as_ref(), vectors.join(file).as_os_str()],
        );
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains(is), "{file}: {}", ran.stdout);
    }
    let part = run(
        folder.path(),
        [
            "inspect".as_ref(),
            vectors.join("share-1/parts-thumb-01.eml").as_os_str(),
        ],
    );
    assert!(
        part.stdout.contains("906fe314443e066c4ab40c0371df1046"),
        "{part:?}"
    );
}

#[test]
fn inspect_says_what_is_kept_of_an_identity_and_opens_nothing() {
    let house = House::new("a");
    write_private(&house.path("words"), "a passphrase that is long\n");
    let export = [
        "identity",
        "export",
        "a.identity",
        "--passphrase-file",
        "words",
    ];
    house.run(export).done();
    let kept = fs::read_to_string(house.path("data/ended.pem")).expect("a file");
    let altered = kept.replacen("BEGIN CMS-----\nMII", "BEGIN CMS-----\n###", 1);
    fs::write(house.path("altered.pem"), altered).expect("a file");
    let exported = fs::read(house.path("a.identity")).expect("a file");
    fs::write(house.path("cut.identity"), &exported[..exported.len() / 2]).expect("a file");
    for (file, is) in [
        (
            "data/ended.pem",
            "the message that ends the identity of a household",
        ),
        ("altered.pem", "damaged"),
        (
            "a.identity",
            "the identity of a household, sealed under a passphrase",
        ),
        ("cut.identity", "its end is missing"),
    ] {
        let found = house.run(["inspect", file]).done();
        let said = found["is"].as_str().expect("a text");
        assert!(said.contains(is), "{file}: {said}");
    }
    let said = house.say(["inspect", "data/ended.pem"]).stdout;
    assert!(said.contains(&house.mailbox), "{said}");
    let said = house.say(["inspect", "a.identity"]).stdout;
    assert!(
        said.contains("opened: no: with its passphrase alone"),
        "{said}"
    );
    assert!(!said.contains("PRIVATE KEY"), "{said}");
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
