//! A share that a program asks for more than once, or that takes long: recorded once, and in nobody's way.

use std::fs::OpenOptions;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::house::picture;
use crate::site::Site;
use crate::three::{SHARES, sent, three};
use axum::body::Body;
use axum::http::Request;
use hearthpost::album::NewItem;
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Digest, Id};
use hearthpost::rules::Kind;
use hearthpost::sharing::Fault;
use serde_json::json;
use tokio::runtime::Builder;
use tokio::time::timeout;
use tower::ServiceExt;

/// However slow the machine is.
const PATIENCE: Duration = Duration::from_secs(120);

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
