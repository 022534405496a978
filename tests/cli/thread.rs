//! From one household to another by the command line alone, over the embedded mail server: the documents it prints.

use crate::command::{House, picture};
use serde_json::{Value, json};
use testmail::{Account, Options, Server};

fn provider() -> Server {
    let accounts = ["home-a@a.example", "home-b@b.example", "people@p.example"];
    Server::start(Options {
        accounts: accounts.map(|name| Account::new(name, "secret")).to_vec(),
        ..Options::default()
    })
    .expect("testmail starts")
}

fn at(server: &Server, x: &str) -> House {
    let imap = format!("imap+plain://127.0.0.1:{}", server.imap_port());
    let smtp = format!("smtp+plain://127.0.0.1:{}", server.smtp_port());
    House::at(x, &imap, &smtp)
}

fn settle(houses: &[&House]) {
    for _ in 0..3 {
        for house in houses {
            house.run(["sync"]).done();
        }
    }
}

fn only(document: &Value) -> &Value {
    let shares = document["shares"].as_array().expect("a list");
    assert_eq!(shares.len(), 1, "{document}");
    &shares[0]
}

#[test]
fn a_picture_travels_and_every_document_says_so() {
    let server = provider();
    let (a, b) = (at(&server, "a"), at(&server, "b"));
    b.run(["user", "add", "bob", "--mail", "people@p.example"])
        .done();
    let doctor = b.run(["doctor"]);
    assert_eq!(doctor.code, 0, "{doctor:?}");

    // They get to know one another by mail.
    a.run(["contact", "request", &b.mailbox]).done();
    settle(&[&a, &b]);
    let known = a.run(["contact", "show", &b.mailbox]).done();
    assert_eq!(known["trust"], "seen");
    b.run(["contact", "accept", &a.mailbox]).done();
    settle(&[&a, &b]);

    let original = picture(&a.path("lake.jpg"), 2400, 1600);
    let much = [
        "share",
        "lake.jpg",
        "--to",
        "home-b+bob@b.example",
        "--display",
        "1280",
        "--store",
        "full",
        "--period",
        "P7D",
        "--title",
        "Summer",
    ];
    assert_eq!(a.run(much).failed(1).0, "asks_first");
    let done = a.run(much.into_iter().chain(["--yes"])).done();
    let share = done["share"].as_str().expect("a short id");
    let sync = a.run(["sync"]).done();
    assert!(sync["submitted"].as_u64() > Some(0), "{sync}");
    let sync = b.run(["sync"]).done();
    assert!(sync["ingested"].as_u64() > Some(0), "{sync}");
    assert_eq!(
        (&sync["refused"], &sync["notified"]),
        (&json!([]), &json!(1))
    );
    settle(&[&a, &b]);

    let received = b.run(["received"]).done();
    let one = only(&received);
    assert_eq!(one["share"], share);
    assert_eq!(
        (&one["from"], &one["title"]),
        (&json!("home-a@a.example"), &json!("Summer"))
    );
    assert_eq!(one["state"], "complete");
    assert_eq!(one["items"][0]["name"], "lake.jpg");
    assert_eq!(one["items"][0]["media_type"], "image/jpeg");
    let station = &one["stations"][0];
    assert_eq!(station["address"], "home-b+bob@b.example");
    assert_eq!(
        station["rules"],
        json!({"display": {"max_edge": 1280}, "store": {}, "period": "P7D"})
    );
    assert!(
        station["expires"]
            .as_str()
            .is_some_and(|end| end.ends_with('Z')),
        "{station}"
    );
    let sent = a.run(["sent"]).done();
    assert_eq!(only(&sent)["destinations"][0]["state"], "delivered");
    assert_eq!(only(&sent)["destinations"][0].get("error"), None);

    let item = one["items"][0]["id"].as_str().expect("an id");
    let view = ["view", item, "--as", "bob", "--out", "bob.jpg"];
    let seen = b.run(view).done();
    assert_eq!(
        (&seen["action"], &seen["width"], &seen["height"]),
        (&json!("display"), &json!(1280), &json!(853))
    );
    b.run([
        "view", item, "--as", "bob", "--action", "store", "--out", "kept.jpg",
    ])
    .done();
    assert_eq!(std::fs::read(b.path("kept.jpg")).expect("kept"), original);
    let denied = b.run([
        "view", item, "--as", "bob", "--action", "print", "--out", "no.jpg",
    ]);
    denied.failed(1);
    assert!(!b.path("no.jpg").exists());
    let nowhere = ["view", item, "--as", "bob", "--out", "nowhere/bob.jpg"];
    let (_, message) = b.run(nowhere).failed(1);
    assert!(message.starts_with("nowhere/bob.jpg: "), "{message}");

    let shown = b.run(["show", share]).done();
    assert_eq!(shown["own"], false);
    assert_eq!(shown["permits"][0]["from_mailbox"], "home-a@a.example");
    assert_eq!(shown["permits"][0]["to_mailbox"], "home-b@b.example");
    let original = shown["parts"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|p| p["tier"] == "original");
    let original = original.expect("the original came");
    assert_eq!(
        (&original["wanted"], &original["held"]),
        (&json!(1), &json!(1))
    );
    for (house, word) in [(&a, "delivered"), (&b, "keep the originals")] {
        let said = house.say(["show", share]);
        assert!(said.stdout.contains(word), "{said:?}");
    }
}

#[test]
fn what_was_passed_on_is_listed_with_what_came() {
    let server = provider();
    let (a, b, c) = (at(&server, "a"), at(&server, "b"), House::new("c"));
    a.add(&b);
    b.add(&a);
    b.add(&c);
    for name in ["bea", "bob"] {
        b.run(["user", "add", name, "--mail", "people@p.example"])
            .done();
    }
    picture(&a.path("lake.jpg"), 640, 480);
    let to = "home-b+bea@b.example=display=640,forward=yes,until=2099-12-24";
    let done = a.run(["share", "lake.jpg", "--for", to, "--yes"]).done();
    let share = done["share"].as_str().expect("a short id");
    a.run(["sync"]).done();
    b.run(["sync"]).done();
    for list in [["received"].as_slice(), &["show", share]] {
        let shown = b.run(list).done();
        let one = if list.len() == 1 {
            only(&shown)
        } else {
            &shown
        };
        assert_eq!(
            (&one["inside"], &one["destinations"]),
            (&json!([]), &json!([]))
        );
    }
    for to in ["home-b+bob@b.example", "home-c@c.example"] {
        let pass = [
            "forward",
            share,
            "--as",
            "bea",
            "--to",
            to,
            "--display",
            "320",
            "--yes",
        ];
        b.run(pass).done();
    }
    for list in [["received"].as_slice(), &["show", share]] {
        let shown = b.run(list).done();
        let one = if list.len() == 1 {
            only(&shown)
        } else {
            &shown
        };
        let inside = one["inside"].as_array().expect("a list");
        assert_eq!(inside.len(), 1, "{one}");
        assert_eq!(inside[0]["address"], "home-b+bob@b.example");
        assert_eq!(
            (&inside[0]["passed_by"], &inside[0]["items"]),
            (&json!("bea"), &json!(1))
        );
        assert_eq!(inside[0]["rules"]["display"], json!({"max_edge": 320}));
        let out = one["destinations"].as_array().expect("a list");
        assert_eq!(out.len(), 1, "{one}");
        assert_eq!(
            (&out[0]["mailbox"], &out[0]["passed_by"]),
            (&json!("home-c@c.example"), &json!("bea"))
        );
        let said = b.say(list).stdout;
        for part in [
            "home-b+bob@b.example, passed on by bea (1 item): bob can look",
            "home-c@c.example), passed on by bea: queued",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
    }
}

#[test]
fn a_letter_is_opened_by_inspect_without_its_keys() {
    let server = provider();
    let (a, b) = (at(&server, "a"), at(&server, "b"));
    a.add(&b);
    picture(&a.path("lake.jpg"), 640, 480);
    a.run([
        "share",
        "lake.jpg",
        "--to",
        "home-b+bob@b.example",
        "--title",
        "Summer",
    ])
    .done();
    a.run(["sync"]).done();
    let messages = server.messages("home-b@b.example", "INBOX");
    let letter = messages
        .iter()
        .find(|m| m.bytes.windows(18).any(|w| w == b"Hearthpost: letter"));
    std::fs::write(b.path("letter.eml"), &letter.expect("a letter").bytes).expect("a file");
    let found = b.run(["inspect", "letter.eml"]).done();
    let text = found.to_string();
    for part in [
        "a letter: grant",
        "Summer",
        "bob can look at these",
        "a permit",
        "a manifest",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    std::fs::write(a.path("letter.eml"), &letter.expect("a letter").bytes).expect("a file");
    let closed = a.run(["inspect", "letter.eml"]).done().to_string();
    assert!(
        !closed.contains("Summer") && closed.contains("opens with key"),
        "{closed}"
    );
}

#[test]
fn two_passes_at_once_are_one_after_the_other_or_say_so() {
    let server = provider();
    let a = at(&server, "a");
    let lock = std::fs::File::create(a.path("data/sync.lock")).expect("a file");
    lock.lock().expect("the lock");
    assert_eq!(a.run(["sync"]).failed(1).0, "busy");
    assert_eq!(a.run(["sync", "--wait", "1"]).failed(1).0, "busy");
    drop(lock);
    a.run(["sync", "--wait", "30"]).done();
}
