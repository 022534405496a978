//! Sharing, passing on and taking back by a program: what is recorded, once however often it is asked for, and never what
//! the person could not do.

use std::fs::OpenOptions;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::house::{House, Village, picture, visitor};
use crate::site::{Program, Site};
use axum::body::Body;
use axum::http::Request;
use hearthpost::album::{Contact, NewItem, Trust};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Digest, Id};
use hearthpost::rules::Kind;
use hearthpost::sharing::Fault;
use hearthpost::sharing::accounts::Visitor;
use hearthpost::sharing::forward::ForwardOrder;
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tokio::time::timeout;
use tower::ServiceExt;

const SHARES: &str = "/api/v1/shares";
/// However slow the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

struct Three {
    village: Village,
    a: House,
    b: House,
    c: House,
    site: Site,
    lake: String,
}

/// Ann's house with a picture, which knows Bob's; and that knows Cleo's.
fn three() -> Three {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann", "ben"]);
    let mut b = village.house("b", &["bob", "bea"]);
    let mut c = village.house("c", &["cleo"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 480);
    let lake = a.import(&[path]).remove(0).reference;
    // Known by mail alone: its words were never compared.
    let contact = a.home.contact_at(&b.mailbox).expect("known");
    let seen = Contact {
        trust: Trust::Seen,
        ..contact
    };
    let put = a.home.album.commit(|rows| rows.put_contact(&seen));
    put.expect("noted");
    let site = Site::of(&a);
    Three {
        village,
        a,
        b,
        c,
        site,
        lake,
    }
}

impl Three {
    fn ann(&mut self) -> Program {
        self.site.program(&mut self.a, "ann", "read share")
    }

    fn order(&self) -> Value {
        json!({
            "items": [self.lake], "to": ["home-b+bob@b.example"], "rules": "display=full,forward=yes,period=P7D",
            "title": "At the lake", "message": "Look!", "yes": true
        })
    }

    fn settle(&mut self) {
        let mut houses = [&mut self.a, &mut self.b, &mut self.c];
        self.village.settle(&mut houses);
    }
}

fn sent(program: &mut Program) -> Vec<Value> {
    let list = program.get("/api/v1/sent").done(200);
    list["shares"].as_array().expect("a list").clone()
}

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
fn the_same_key_shares_once_and_another_request_with_it_is_refused() {
    let mut t = three();
    let mut ann = t.ann();
    let order = t.order();
    let key = [("idempotency-key", "8e03978e-40d5-43dd-bc93-6894a57f9324")];
    let first = ann.send_with("POST", SHARES, &order, &key).done(201);
    let again = ann.send_with("POST", SHARES, &order, &key).done(201);
    assert_eq!(first, again);
    assert_eq!(sent(&mut ann).len(), 1);
    let mut other = order.clone();
    other["title"] = json!("Another");
    let page = ann.send_with("POST", SHARES, &other, &key);
    assert_eq!(page.problem(422), "another_request");
    // A key is the person's: a new token of theirs has it too, after a restart of the box.
    t.site = Site::of(&t.a);
    let mut second = t.ann();
    assert_eq!(
        second.send_with("POST", SHARES, &order, &key).done(201),
        first
    );
    // Without one, and with another, it is another share.
    ann.send("POST", SHARES, &order).done(201);
    ann.send_with("POST", SHARES, &order, &[("idempotency-key", "2")])
        .done(201);
    assert_eq!(sent(&mut ann).len(), 3);
    // After a day it is a new request.
    t.a.wait(86_400);
    t.site.set_clock(&t.a);
    let next = second.send_with("POST", SHARES, &order, &key).done(201);
    assert_ne!(next["share"], first["share"]);
}

#[test]
fn what_failed_is_tried_again_and_what_was_begun_is_not_done_twice() {
    let mut t = three();
    let mut ann = t.ann();
    let mut order = t.order();
    let key = [("idempotency-key", "x")];
    order["yes"] = json!(false);
    order["rules"] = json!("store=full");
    for _ in 0..2 {
        let page = ann.send_with("POST", SHARES, &order, &key);
        assert_eq!(page.problem(409), "asks_first");
    }
    // The machine died after it was begun: that is on disk, and no answer is.
    let request = hearthpost::envelope::Digest::of(b"what was asked for");
    let ann_station = "ann".parse().expect("a station");
    let now = t.a.home.tick(&t.a.reading(), &[]).expect("time");
    let begun =
        t.a.home
            .album
            .commit(|rows| rows.begin_once(&ann_station, "y", request, now.now));
    begun.expect("noted");
    let done = t.a.home.once(&ann_station, Some("y"), request, now, |_| {
        panic!("it is not done")
    });
    assert_eq!(done.expect_err("nobody knows").code, "begun");
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
fn shares_that_take_long_hold_up_nothing_else() {
    let mut t = three();
    let ann = t.ann();
    let mut pipes = Vec::new();
    let mut requests = Vec::new();
    for number in 0..4 {
        let path = t.a.folder.join(format!("{number}.jpg"));
        picture(&path, 300 + number, 200);
        let item = t.a.import(&[path]).remove(0);
        // Whoever reads the file waits for somebody who writes it.
        let sealed = t.a.folder.join("data/files").join(item.file.to_string());
        std::fs::remove_file(&sealed).expect("it lies there");
        let made = Command::new("mkfifo").arg(&sealed).status();
        assert!(made.expect("mkfifo").success());
        pipes.push(sealed);
        let mut order = t.order();
        order["items"] = json!([item.reference]);
        let request = ann.0.request("POST", SHARES);
        let request = request
            .header("content-type", "application/json")
            .header("idempotency-key", number.to_string());
        requests.push(request.body(Body::from(order.to_string())));
    }
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let router = t.site.router();
    let ask = |request: Result<Request<Body>, _>| {
        let asked = router.clone().oneshot(request.expect("a request"));
        runtime.spawn(async move { timeout(PATIENCE, asked).await })
    };
    let shares: Vec<_> = requests.into_iter().map(ask).collect();
    // What is begun is on disk: all of them are at work then.
    let who = "ann".parse().expect("a station");
    let end = Instant::now() + PATIENCE;
    for key in 0..4 {
        let begun = || t.a.home.album.rows().asked_once(&who, &key.to_string());
        while begun().expect("rows").is_none() {
            assert!(Instant::now() < end, "share {key} did not begin");
            std::thread::yield_now();
        }
    }
    let me = runtime.block_on(ask(ann.0.request("GET", "/api/v1/me").body(Body::empty())));
    let me = me.expect("no panic").expect("it is not held up");
    assert_eq!(me.expect("an answer").status(), 200);
    for pipe in pipes {
        drop(OpenOptions::new().write(true).open(pipe).expect("a pipe"));
    }
    for share in shares {
        let ended = runtime.block_on(share).expect("no panic").expect("in time");
        assert_ne!(ended.expect("an answer").status(), 201, "it read nothing");
    }
}

#[test]
fn too_many_items_are_no_reason_to_come_again() {
    let mut t = three();
    let mut ann = t.ann();
    let added = t.a.home.album.commit(|rows| {
        let mut items = Vec::new();
        for number in 0..2_001 {
            let new = NewItem {
                file: Id::random(),
                sha256: Digest::of(format!("{number}").as_bytes()),
                size: 1,
                kind: Kind::Picture,
                name: format!("{number}.jpg"),
                media_type: "image/jpeg".to_owned(),
                taken: None,
                dimensions: Some((640, 480)),
                source: String::new(),
                added_by: None,
                private: false,
            };
            items.push(
                rows.add_item(&new, Timestamp::from_unix(1_800_000_000))?
                    .reference,
            );
        }
        Ok::<_, Fault>(items)
    });
    let mut order = t.order();
    order["items"] = json!(added.expect("added"));
    for dry_run in [true, false] {
        order["dry_run"] = json!(dry_run);
        let refused = ann.send("POST", SHARES, &order);
        assert_eq!(refused.problem(400), "too_many_items");
    }
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
fn nobody_passes_on_what_another_of_the_house_shared() {
    let mut t = three();
    let mut ann = t.ann();
    let share = ann.send("POST", SHARES, &t.order()).done(201)["share"].clone();
    let forward = format!("{SHARES}/{}/forward", share.as_str().expect("a text"));
    let to =
        json!({"to": ["home-b+bea@b.example"], "rules": "display=full,store=full", "yes": true});
    // Its short name is the same in every house that has it.
    let mut ben = t.site.program(&mut t.a, "ben", "read share");
    assert_eq!(
        ben.send("POST", &forward, &to).problem(404),
        "unknown_share"
    );
    // The keeper sees that it is out, and passes nobody's pictures on.
    let order = ForwardOrder {
        share: share.as_str().expect("a text").to_owned(),
        to: vec!["home-b+bea@b.example".to_owned()],
        yes: true,
        ..ForwardOrder::default()
    };
    let keeper = Visitor {
        keeper: true,
        ..visitor("ben")
    };
    assert_eq!(t.a.home.sent_by(&keeper).expect("listed").len(), 1);
    let now = t.a.home.tick(&t.a.reading(), &[]).expect("time");
    let refused =
        t.a.home
            .forward_as(&keeper, order, now)
            .expect_err("not ben's");
    assert_eq!(refused.code, "unknown_share");
    let given = |ann: &mut Program| sent(ann)[0]["destinations"][0]["stations"].clone();
    assert!(!given(&mut ann).to_string().contains("bea"));
    ann.send("POST", &forward, &to).done(201);
    assert!(given(&mut ann).to_string().contains("bea"));
}

#[test]
fn a_share_is_passed_on_as_far_as_the_person_may_and_taken_back() {
    let mut t = three();
    let mut ann = t.ann();
    let share = ann.send("POST", SHARES, &t.order()).done(201)["share"].clone();
    let share = share.as_str().expect("a text");
    t.settle();
    let site = Site::of(&t.b);
    let mut bob = site.program(&mut t.b, "bob", "read share");
    let mut bea = site.program(&mut t.b, "bea", "read share");
    let there = bob.get("/api/v1/received").done(200)["shares"][0]["share"].clone();
    let there = there.as_str().expect("a text");
    let forward = format!("{SHARES}/{there}/forward");
    let to_cleo = json!({"to": ["home-c+cleo@c.example"], "rules": "period=P1D", "yes": true});
    let refused = bea.send("POST", &forward, &to_cleo);
    assert_eq!(refused.problem(404), "unknown_share", "it was given to bob");
    let wider = json!({"to": ["home-c+cleo@c.example"], "rules": "store=full", "yes": true});
    assert_eq!(bob.send("POST", &forward, &wider).problem(403), "wider");
    let key = [("idempotency-key", "f")];
    let passed = bob.send_with("POST", &forward, &to_cleo, &key).done(201);
    assert_eq!(
        bob.send_with("POST", &forward, &to_cleo, &key).done(201),
        passed
    );
    assert_eq!(passed["destinations"][0]["mailbox"], "home-c@c.example");
    t.settle();
    assert_eq!(t.c.home.received().expect("received").len(), 1);
    let resend = format!("{SHARES}/{share}/resend");
    let none = ann.send("POST", &resend, &json!({})).problem(400);
    assert_eq!(none, "nothing_wrong");
    let not_hers = bea.send("POST", &format!("{SHARES}/{there}/resend"), &json!({}));
    assert_eq!(not_hers.problem(404), "unknown_share");
    let unreadable = ann.send("POST", &resend, &json!({"to": "nobody"}));
    assert_eq!(unreadable.problem(400), "address");
    let revoke = format!("{SHARES}/{share}/revoke");
    let back = ann.send_with("POST", &revoke, &json!({}), &key).done(200);
    assert_eq!(back["share"], share);
    assert!(back["households"].to_string().contains("home-b@b.example"));
    // What another person passed on is not bea's to see or to take back.
    assert_eq!(bea.get("/api/v1/sent").done(200), json!({"shares": []}));
    let not_hers = bea.send("POST", &format!("{SHARES}/{there}/revoke"), &json!({}));
    assert_eq!(not_hers.problem(404), "unknown_share");
    assert_eq!(sent(&mut bob).len(), 1);
    assert_eq!(
        ann.send_with("POST", &revoke, &json!({}), &key).done(200),
        back
    );
    assert_eq!(
        ann.send("POST", &revoke, &json!({})).problem(409),
        "revoked"
    );
    t.settle();
    for house in [&t.b, &t.c] {
        assert_eq!(house.home.received().expect("received")[0].state, "revoked");
    }
    assert_eq!(
        ann.send("POST", "/api/v1/shares/nowhere1/revoke", &json!({}))
            .problem(404),
        "unknown_share"
    );
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
    let again = ann.send("POST", &format!("{SHARES}/{share}/resend"), &json!({}));
    let again = again.done(200);
    assert_eq!(
        again,
        json!({"share": share, "households": ["home-b@b.example"]})
    );
    t.settle();
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
fn what_a_program_passes_on_to_who_is_not_known_waits_for_the_card() {
    let mut t = three();
    let mut ann = t.ann();
    ann.send("POST", SHARES, &t.order()).done(201);
    t.settle();
    t.b.home
        .remove_contact(&t.c.mailbox.clone())
        .expect("forgotten");
    let site = Site::of(&t.b);
    let mut bob = site.program(&mut t.b, "bob", "read share");
    let there = bob.get("/api/v1/received").done(200)["shares"][0]["share"].clone();
    let forward = format!("{SHARES}/{}/forward", there.as_str().expect("a text"));
    let to_cleo = json!({"to": ["home-c+cleo@c.example"], "rules": "display=320"});
    let passed = bob.send("POST", &forward, &to_cleo).done(201);
    let to = &passed["destinations"][0];
    assert_eq!(
        (&to["state"], &to["unknown"]),
        (&json!("waiting"), &json!(true))
    );
    let listed = sent(&mut bob).remove(0);
    assert_eq!(listed["destinations"][0]["state"], "waiting");
    assert!(sent(&mut site.program(&mut t.b, "bea", "read share")).is_empty());
    t.settle();
    assert_eq!(t.c.home.received().expect("received").len(), 1);
    assert_eq!(sent(&mut bob)[0]["destinations"][0]["state"], "delivered");
}

#[test]
fn a_mark_alone_is_on_what_is_passed_on_and_it_is_foreseen() {
    let mut t = three();
    let mut ann = t.ann();
    let share = ann.send("POST", SHARES, &t.order()).done(201)["share"].clone();
    let own = format!("{SHARES}/{}/forward", share.as_str().expect("a text"));
    t.settle();
    let site = Site::of(&t.b);
    let mut bob = site.program(&mut t.b, "bob", "read share");
    let there = bob.get("/api/v1/received").done(200)["shares"][0]["share"].clone();
    let came = format!("{SHARES}/{}/forward", there.as_str().expect("a text"));
    let stations = |program: &mut Program, at: &str, who: &str| {
        let all = sent(program)[0]["destinations"].clone();
        let all = all.as_array().expect("a list").iter();
        let mut there = all.filter(|one| one["mailbox"] == at);
        let stations = there.next().map(|one| one["stations"].clone());
        let stations = stations.unwrap_or_default();
        let mut stations = stations.as_array().cloned().unwrap_or_default().into_iter();
        stations.find(|one| one["address"].to_string().contains(who))
    };
    for (rules, key) in [
        ("watermark=yes", "watermark"),
        ("excerpt=yes", "excerpt"),
        ("watermark=yes,views=2", "watermark"),
    ] {
        for (path, to, at, who) in [
            (&own, "home-b+bea@b.example", "home-b@b.example", "bea"),
            (&came, "home-c+cleo@c.example", "home-c@c.example", "cleo"),
        ] {
            let program = if path == &own { &mut ann } else { &mut bob };
            let mut order = json!({"to": [to], "rules": rules, "yes": true, "dry_run": true});
            let before = stations(program, at, who);
            let foreseen = program.send("POST", path, &order).done(200);
            assert_eq!(stations(program, at, who), before, "{rules}");
            order["dry_run"] = json!(false);
            let done = program.send("POST", path, &order).done(201);
            assert!(foreseen["destinations"].to_string().contains(who));
            assert!(done["destinations"].to_string().contains(who));
            let given = stations(program, at, who).expect("given")["rules"].clone();
            assert_eq!(given["display"][key], true, "{rules}: {given}");
            if rules.contains("views") {
                assert_eq!(given["views"], 2);
            }
        }
    }
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

#[test]
fn passing_on_is_offered_where_something_can_be() {
    let mut t = three();
    let mut ann = t.ann();
    let mut order = t.order();
    order["rules"] = json!("store=full,forward=yes");
    order["onward"] = json!("display=640");
    assert_eq!(ann.send("POST", SHARES, &order).problem(400), "onward");
    order["onward"] = json!("display=640,store=1280");
    ann.send("POST", SHARES, &order).done(201);
    t.settle();
    let site = Site::of(&t.b);
    let mut bob = site.program(&mut t.b, "bob", "read share");
    let share = bob.get("/api/v1/received").done(200)["shares"][0].clone();
    assert_eq!(share["may"]["pass_on"], true);
    let words = share["words"][0].as_str().expect("words");
    assert!(
        words.contains("who may keep a copy, at screen size"),
        "{words}"
    );
    let path = format!(
        "{SHARES}/{}/forward",
        share["share"].as_str().expect("a text")
    );
    let to_cleo = json!({"to": ["home-c+cleo@c.example"], "yes": true});
    bob.send("POST", &path, &to_cleo).done(201);
}
