//! Passing on by a program: as far as the person may, to whom is known or not yet, and foreseen before it is done.

use crate::house::visitor;
use crate::site::{Program, Site};
use crate::three::{SHARES, sent, three};
use hearthpost::sharing::accounts::Visitor;
use hearthpost::sharing::forward::ForwardOrder;
use serde_json::json;

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
fn what_a_program_passes_on_to_who_is_not_known_waits_for_the_card() {
    let mut t = three();
    let mut ann = t.ann();
    ann.send("POST", SHARES, &t.order()).done(201);
    t.settle();
    t.b.home
        .remove_contact(&t.c.mailbox.clone(), t.b.time())
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
