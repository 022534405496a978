//! Sharing and taking back by a program: what is recorded, what is foreseen, and never what the person could not do.

use crate::site::Site;
use crate::three::{SHARES, Three, sent, three};
use hearthpost::album::{Contact, Trust};
use serde_json::{Value, json};

#[test]
fn a_share_is_foreseen_in_the_sentences_that_are_recorded() {
    let mut t = three();
    let mut ann = t.ann();
    let mut order = t.order();
    order["stations"] =
        json!([{"address": "home-b+bea@b.example", "rules": {"display": {"max_edge": 640}}}]);
    order["dry_run"] = json!(true);
    order["yes"] = json!(false);
    let foreseen = ann.send("POST", SHARES, &order).done(200);
    assert_eq!(foreseen["no_end"], true, "bea's has none");
    assert_eq!(
        foreseen["asks"].as_array().map(Vec::len),
        Some(1),
        "words were never compared"
    );
    assert!(sent(&mut ann).is_empty());
    order["dry_run"] = json!(false);
    assert_eq!(ann.send("POST", SHARES, &order).problem(409), "asks_first");
    order["yes"] = json!(true);
    let recorded = ann.send("POST", SHARES, &order).done(201);
    let stations = &recorded["destinations"][0]["stations"];
    assert_eq!(stations, &foreseen["destinations"][0]["stations"]);
    assert_eq!(stations.as_array().map(Vec::len), Some(2));
    t.settle();
    let list = sent(&mut ann);
    assert_eq!(list[0]["share"], recorded["share"]);
    assert_eq!(list[0]["destinations"][0]["state"], "delivered");
    let received = t.b.home.received().expect("received");
    assert_eq!(
        (received.len(), received[0].title.as_str()),
        (1, "At the lake")
    );
}

#[test]
fn a_share_for_who_is_not_known_waits_and_says_for_what() {
    let mut t = three();
    let mut ann = t.ann();
    let mut order = t.order();
    order["to"] = json!(["home-x@x.example", "home-b+bob@b.example"]);
    order["dry_run"] = json!(true);
    let foreseen = ann.send("POST", SHARES, &order).done(200);
    order["dry_run"] = json!(false);
    let recorded = ann.send("POST", SHARES, &order).done(201);
    for said in [&foreseen, &recorded] {
        let all = said["destinations"].as_array().expect("a list");
        let of = |one: &Value| (one["mailbox"].clone(), one["unknown"].clone());
        let all: Vec<_> = all.iter().map(of).collect();
        let known = (json!("home-b@b.example"), Value::Null);
        assert_eq!(all, [known, (json!("home-x@x.example"), json!(true))]);
    }
    let listed = sent(&mut ann).remove(0)["destinations"].clone();
    assert_eq!(
        (&listed[0]["state"], &listed[1]["state"]),
        (&json!("queued"), &json!("waiting"))
    );
    assert_eq!(listed[0].get("asked"), None);
    assert!(listed[1]["asked"].is_string(), "{listed}");
}

#[test]
fn what_is_wrong_with_an_order_is_said_and_nothing_is_recorded() {
    let mut t = three();
    let mut ann = t.ann();
    for (field, value, status, code) in [
        ("items", json!([]), 400, "nothing"),
        ("items", json!(["nowhere1"]), 404, "unknown_item"),
        ("to", json!([]), 400, "nobody"),
        ("to", json!(["home-b"]), 400, "unknown_word"),
        ("to", json!(["a@b@c"]), 400, "address"),
        ("rules", json!("display=1280,copy=yes"), 400, "rules"),
        ("rules", json!({"display": true}), 400, "json"),
        ("rules", json!([]), 400, "json"),
        ("rules", json!({"display": []}), 400, "json"),
        (
            "stations",
            json!([["home-b@b.example", "display=full"]]),
            400,
            "json",
        ),
        ("rules", json!("display=no"), 400, "nothing_allowed"),
        (
            "rules",
            json!("display=full,until=2020-01-01T00:00:00Z"),
            400,
            "over",
        ),
        ("title", json!("x".repeat(201)), 400, "title"),
        ("onward", json!(7), 400, "json"),
        (
            "stations",
            json!([{"address": "x", "rules": "display=full"}]),
            400,
            "address",
        ),
        ("certificate", json!("no certificate"), 409, "certificate"),
    ] {
        let mut order = t.order();
        order[field] = value.clone();
        assert_eq!(
            ann.send("POST", SHARES, &order).problem(status),
            code,
            "{field}: {value}"
        );
    }
    // What is wrong with rules is said by its name.
    let mut order = t.order();
    order["rules"] = json!({"display": {}, "copy": true});
    let said = ann.send("POST", SHARES, &order).text();
    assert!(said.contains("`copy`"), "{said}");
    // A file of the box is no item of the album, whoever could read it there.
    let path = t.a.folder.join("lake.jpg").display().to_string();
    let mut order = t.order();
    order["items"] = json!([path]);
    assert_eq!(
        ann.send("POST", SHARES, &order).problem(404),
        "unknown_item"
    );
    assert!(sent(&mut ann).is_empty());
}

#[test]
fn what_failed_is_sent_again() {
    let mut t = three();
    let mut ann = t.ann();
    let order = t.order();
    let done = ann.send("POST", SHARES, &order).done(201);
    let share = done["share"].as_str().expect("a share").to_owned();
    let faults = t.village.server.faults();
    let no = testmail::Reply::new(550, "5.7.1 not today");
    faults.smtp_rcpt("home-b@b.example", no, testmail::Times::Always);
    t.village.sync(&mut t.a);
    faults.clear();
    let sent = ann.get("/api/v1/sent").done(200);
    let to = &sent["shares"][0]["destinations"][0];
    assert_eq!(
        (&to["state"], &to["goes_wrong"]),
        (&json!("failed"), &json!(true))
    );
    let (path, key) = (
        format!("{SHARES}/{share}/resend"),
        [("idempotency-key", "x")],
    );
    let to = json!({"to": "home-b@b.example"});
    let again = ann.send_with("POST", &path, &to, &key).done(200);
    assert_eq!(
        again,
        json!({"share": share, "households": ["home-b@b.example"]})
    );
    t.settle();
    // Whoever had no answer asks once more, and it goes no second time.
    let gone = t.village.server.transactions().len();
    assert_eq!(ann.send_with("POST", &path, &to, &key).done(200), again);
    t.settle();
    assert_eq!(t.village.server.transactions().len(), gone);
    let other = ann.send_with("POST", &path, &json!({}), &key);
    assert_eq!(other.problem(422), "another_request");
    let sent = ann.get("/api/v1/sent").done(200);
    assert_eq!(sent["shares"][0]["destinations"][0]["state"], "delivered");
}

#[test]
fn a_certificate_with_a_share_makes_nobody_checked_and_lets_in_nobody_who_waits() {
    let mut t = three();
    let pem = t.c.home.own_card_pem().expect("a file");
    let mut ann = t.ann();
    let mut order = t.order();
    order["to"] = json!(["home-c+cleo@c.example"]);
    order["certificate"] = json!(pem);
    let known = |t: &Three| {
        let found = t.a.home.contact_at(&t.c.mailbox);
        found.ok().map(|one| (one.trust, one.accepted))
    };
    // Nothing is known of anybody by a share that cannot be.
    let mut wrong = order.clone();
    wrong["items"] = json!(["nothing"]);
    assert_eq!(
        ann.send("POST", SHARES, &wrong).problem(404),
        "unknown_item"
    );
    assert_eq!(known(&t), None);
    // Who wrote and waits goes on waiting.
    let identity = t.c.home.keys.identity.certificate();
    let waits = Contact::stranger(identity, t.a.now());
    t.a.home
        .album
        .commit(|rows| rows.put_contact(&waits))
        .expect("noted");
    assert_eq!(ann.send("POST", SHARES, &order).problem(409), "pending");
    assert_eq!(known(&t), Some((Trust::Pending, false)));
    let who = waits.fingerprint;
    t.a.home
        .album
        .commit(|rows| rows.remove_contact(who))
        .expect("forgotten");
    // Whom nobody knows is known by it, and its words were compared with nobody.
    ann.send("POST", SHARES, &order).done(201);
    assert_eq!(known(&t), Some((Trust::Seen, true)));
}

#[test]
fn people_and_households_are_listed_for_whoever_shares() {
    let mut t = three();
    let mut ann = t.ann();
    let people = ann.get("/api/v1/people").done(200);
    let of = |name: &str| json!({"name": name, "address": format!("home-a+{name}@a.example")});
    assert_eq!(people, json!({"people": [of("ann"), of("ben")]}));
    let known = ann.get("/api/v1/contacts").done(200);
    assert_eq!(known["contacts"][0]["mailbox"], "home-b@b.example");
    assert_eq!(known["contacts"][0]["trust"], "seen");
    let bob = "home-b+bob@b.example".parse().expect("an address");
    t.a.home.set_keyword("bob", &[bob]).expect("set");
    let known = ann.get("/api/v1/contacts").done(200);
    assert_eq!(
        known["keywords"],
        json!([{"word": "bob", "address": "home-b+bob@b.example"}])
    );
    let mut order = t.order();
    order["to"] = json!(["bob"]);
    ann.send("POST", SHARES, &order).done(201);
}

#[test]
fn a_dry_run_says_for_whom_the_directory_would_be_asked_and_asks_nobody() {
    let mut t = three();
    let directory = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    directory.set_nonblocking(true).expect("set");
    let url = format!("ldap://{}", directory.local_addr().expect("bound"));
    let path = t.a.folder.join("hearthpost.toml");
    let text = std::fs::read_to_string(&path).expect("a file");
    let more = format!("\n[directory]\nurl = \"{url}\"\nbase = \"dc=example\"\n");
    std::fs::write(&path, text + &more).expect("written");
    t.site = Site::of(&t.a);
    let mut ann = t.ann();
    let mut order = t.order();
    order["to"] = json!(["home-b+bob@b.example", "home-x@x.example"]);
    order["dry_run"] = json!(true);
    let foreseen = ann.send("POST", SHARES, &order).done(200);
    assert_eq!(foreseen["looked_for"], json!(["home-x@x.example"]));
    let named = foreseen["destinations"].as_array().expect("a list");
    let unknown: Vec<_> = named.iter().filter(|to| to["unknown"] == true).collect();
    assert_eq!(unknown.len(), 1);
    assert_eq!(unknown[0]["mailbox"], "home-x@x.example");
    let asked = directory.accept().expect_err("nobody was asked");
    assert_eq!(asked.kind(), std::io::ErrorKind::WouldBlock);
    order["to"] = json!(["home-b+bob@b.example"]);
    let foreseen = ann.send("POST", SHARES, &order).done(200);
    assert_eq!(foreseen["looked_for"], json!([]));
}

#[test]
fn rules_are_written_as_on_the_command_line() {
    let mut t = three();
    let mut ann = t.ann();
    for (rules, edge, field) in [
        ("display=640,until=2099-01-01", 640, "not_after"),
        ("views=3", 2048, "views"),
        ("period=P7D", 2048, "period"),
    ] {
        let mut order = t.order();
        order["rules"] = json!(rules);
        ann.send("POST", SHARES, &order).done(201);
        let given = &sent(&mut ann)[0]["destinations"][0]["stations"][0]["rules"];
        assert_eq!(given["display"]["max_edge"], edge, "{given}");
        assert!(!given[field].is_null(), "{given}");
    }
    let mut order = t.order();
    order["rules"] = json!("display=no");
    assert_eq!(
        ann.send("POST", SHARES, &order).problem(400),
        "nothing_allowed"
    );
}
