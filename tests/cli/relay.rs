//! Relays at the command line: who may use one, sharing by way of it, and a box that is nothing else.

use crate::command::{House, command, picture};

#[test]
fn who_may_use_this_household_as_a_relay_is_said_and_ended() {
    let (a, b) = (House::new("a"), House::new("b"));
    a.add(&b);
    let shown = || a.run(["contact", "show", &b.mailbox]).done()["relay"].clone();
    assert_eq!(shown(), false);
    let on = a.run(["contact", "relay", &b.mailbox, "on"]).done();
    assert_eq!((&on["relay"], shown()), (&true.into(), true.into()));
    let said = a.say(["contact", "show", &b.mailbox]).stdout;
    assert!(said.contains("as a relay"), "{said}");
    a.run(["contact", "relay", &b.mailbox, "off"]).done();
    assert_eq!(shown(), false);
    a.run(["contact", "block", &b.mailbox]).done();
    let blocked = a.run(["contact", "relay", &b.mailbox, "on"]);
    assert_eq!(blocked.failed(1).0, "not_accepted");
    let unknown = a.run(["contact", "relay", "home-x@x.example", "on"]);
    assert_eq!(unknown.failed(2).0, "unknown_contact");
}

#[test]
fn share_says_by_way_of_whom_it_goes() {
    let [a, b, c] = ["a", "b", "c"].map(House::new);
    a.add(&b);
    a.add(&c);
    picture(&a.path("lake.jpg"), 320, 240);
    let share = |to: &[&str], via: &str| {
        let all = [
            &["share", "lake.jpg", "--yes", "--to"],
            to,
            &["--relay-via", via],
        ]
        .concat();
        a.run(all)
    };
    let (b, c) = (b.mailbox.as_str(), c.mailbox.as_str());
    let recorded = share(&[c], b).done();
    let to = |n: usize, key: &str| recorded["destinations"][n][key].clone();
    assert_eq!(
        (to(0, "mailbox"), to(0, "via")),
        (b.into(), serde_json::Value::Null)
    );
    assert_eq!((to(1, "mailbox"), to(1, "via")), (c.into(), b.into()));
    let name = recorded["share"].as_str().expect("a name");
    let said = a.say(["show", name]).stdout;
    assert!(said.contains(&format!("by way of {b}")), "{said}");
    // A relay needs others, and must be known.
    assert_eq!(share(&[b], b).failed(2).0, "relay");
    assert_eq!(share(&[c], "home-x@x.example").failed(2).0, "relay");
    assert_eq!(a.run(["contact", "remove", c]).failed(1).0, "in_use");
}

#[test]
fn what_exists_is_given_to_more_households_by_way_of_one() {
    let [a, b, c] = ["a", "b", "c"].map(House::new);
    a.add(&b);
    a.add(&c);
    picture(&a.path("lake.jpg"), 320, 240);
    let to = |mailbox: &str| format!("--to={mailbox}");
    let (b, c) = (b.mailbox.as_str(), c.mailbox.as_str());
    let first = a.run(["share", "lake.jpg", "--yes", &to(b)]).done();
    let share = first["share"].as_str().expect("a name");
    let forward = |to: &str, via: &str| {
        a.run([
            "forward",
            share,
            "--yes",
            to,
            "--display=640",
            "--relay-via",
            via,
        ])
    };
    let given = forward(&to(c), b).done();
    let one = &given["destinations"][1];
    assert_eq!((&one["mailbox"], &one["via"]), (&c.into(), &b.into()));
    assert_eq!(forward(&to(b), b).failed(2).0, "relay");
}

#[test]
fn box_that_is_nothing_but_a_relay() {
    let a = House::new("a");
    std::fs::remove_file(a.path("hearthpost.toml")).expect("a file");
    let mut init = command(a.folder.path());
    init.args(["--config", "hearthpost.toml", "init", "--role", "relay"])
        .args(["--mailbox", &a.mailbox, "--name", "A relay"])
        .args([
            "--imap",
            "imaps://localhost:1",
            "--smtp",
            "smtps://localhost:1",
        ])
        .args([
            "--username",
            &a.mailbox,
            "--password-file",
            "password",
            "--data",
            "data",
        ]);
    let said = init.output().expect("it runs");
    let words = String::from_utf8_lossy(&said.stdout);
    assert!(
        said.status.success() && words.contains("contact relay"),
        "{said:?}"
    );
    let added = a.run(["user", "add", "ann", "--mail", "ann@p.example"]);
    assert_eq!(added.failed(2).0, "relay");
    picture(&a.path("lake.jpg"), 64, 40);
    assert_eq!(a.run(["import", "lake.jpg"]).failed(2).0, "relay");
}
