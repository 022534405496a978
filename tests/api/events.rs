//! What goes on is told to whoever listens: arrivals, how far shares are, files that come in; and to nobody else.

use std::sync::Arc;
use std::time::Duration;

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, Site};
use axum::body::Body;
use axum::http::StatusCode;
use futures::StreamExt;
use hearthpost::address::StationName;
use hearthpost::sharing::own::import::Adding;
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, timeout_at};
use tower::ServiceExt;

/// However slow the machine is.
const PATIENCE: Duration = Duration::from_secs(60);

/// An open stream of events.
struct Listener {
    runtime: Arc<Runtime>,
    body: axum::body::BodyDataStream,
    text: String,
}

impl Listener {
    fn of(runtime: &Arc<Runtime>, site: &Site, browser: &Browser) -> Self {
        let request = browser.request("GET", "/api/v1/events").body(Body::empty());
        let answer = runtime.block_on(site.router().oneshot(request.expect("a request")));
        let answer = answer.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let mut listener = Listener {
            runtime: Arc::clone(runtime),
            body: answer.into_body().into_data_stream(),
            text: String::new(),
        };
        assert_eq!(listener.next(), Some(("ready".to_owned(), json!({}))));
        listener
    }

    /// The next event; `None`: there is none any more.
    fn next(&mut self) -> Option<(String, Value)> {
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| {
                    let line = event.lines().find_map(|line| line.strip_prefix(name));
                    line.map(|value| value.trim().to_owned())
                };
                let found = field("event:").zip(field("data:"));
                self.text = rest.to_owned();
                if let Some((name, data)) = found {
                    return Some((name, serde_json::from_str(&data).expect("JSON")));
                }
                continue;
            }
            let body = &mut self.body;
            let piece = self
                .runtime
                .block_on(async { timeout_at(until, body.next()).await });
            let piece = piece.expect("something is told in time")?;
            let piece = piece.expect("a piece");
            self.text += std::str::from_utf8(&piece).expect("text");
        }
    }

    /// The next event of that name.
    fn wait_for(&mut self, name: &str) -> Value {
        loop {
            let (event, data) = self.next().expect("it goes on");
            if event == name {
                return data;
            }
        }
    }
}

/// One for all listeners, which works also while a test does something else.
fn runtime() -> Arc<Runtime> {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).enable_all().build();
    Arc::new(runtime.expect("a runtime"))
}

fn two() -> (Village, House, House, String) {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea"]),
    );
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b+bob@b.example"], "display=full");
    let share = a.share(&order).expect("recorded").share;
    (village, a, b, share)
}

#[test]
fn what_comes_and_goes_is_told_to_those_whom_it_concerns() {
    let (village, mut a, mut b, share) = two();
    let runtime = runtime();
    let (at_a, at_b) = (Site::of(&a), Site::of(&b));
    let ann = at_a.program(&mut a, "ann", "read");
    let bob = at_b.program(&mut b, "bob", "read");
    // A page of the person listens too: it has a cookie and cannot say a token.
    let bea = at_b.signed_in(&mut b, "bea");
    let mut ann = Listener::of(&runtime, &at_a, &ann.0);
    let mut bob = Listener::of(&runtime, &at_b, &bob.0);
    let mut bea = Listener::of(&runtime, &at_b, &bea);
    village.settle(&mut [&mut a, &mut b]);
    let mut arrived = bob.wait_for("arrived");
    while arrived["complete"] == false {
        arrived = bob.wait_for("arrived");
    }
    assert_eq!(
        arrived["share"],
        json!(b.home.received().expect("received")[0].share)
    );
    let mut sent = ann.wait_for("sent");
    while sent["state"] != "delivered" {
        sent = ann.wait_for("sent");
    }
    assert_eq!(
        (&sent["share"], &sent["mailbox"]),
        (&json!(share), &json!("home-b@b.example"))
    );
    a.revoke(&share, None).expect("taken back");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(bob.wait_for("ended")["share"], arrived["share"]);
    // Of all that bea heard nothing: the first that she hears is her own upload.
    let bea_station = "bea".parse().expect("a station");
    let now = b.now();
    let upload = b
        .home
        .begin_upload(Some(&bea_station), "x.txt", 5, now)
        .expect("begun");
    let (event, data) = bea.next().expect("it goes on");
    assert_eq!(event, "upload");
    assert_eq!(
        data,
        json!({"upload": upload.to_string(), "received": 0, "size": 5})
    );
    b.home
        .cancel_upload(Some(&bea_station), upload)
        .expect("given up");
    assert_eq!(
        bea.wait_for("upload-ended")["upload"],
        json!(upload.to_string())
    );
}

#[test]
fn nobody_listens_any_more_whose_token_or_session_is_ended() {
    let (_village, _a, mut b, _) = two();
    let runtime = runtime();
    let site = Site::of(&b);
    let program = site.program(&mut b, "bob", "read");
    let browser = site.signed_in(&mut b, "bea");
    let mut by_token = Listener::of(&runtime, &site, &program.0);
    let mut by_cookie = Listener::of(&runtime, &site, &browser);
    let bob = "bob".parse().expect("a station");
    b.home.end_token(&bob, "program 0").expect("ended");
    assert_eq!(by_token.next(), None);
    let mut browser = browser;
    browser.post("/sign-out", &[]);
    assert_eq!(by_cookie.next(), None);
    let mut other = site.program(&mut b, "bob", "share album");
    assert_eq!(other.get("/api/v1/events").problem(403), "scope");
}

#[test]
fn who_keeps_the_house_no_more_hears_from_then_on_what_others_hear() {
    let (_village, _a, mut b, _) = two();
    let runtime = runtime();
    let site = Site::of(&b);
    site.signed_in(&mut b, "bob");
    let browser = site.signed_in(&mut b, "bea");
    let [bob, bea]: [StationName; 2] = ["bob", "bea"].map(|name| name.parse().expect("a station"));
    b.home.set_keeper(&bea, true).expect("a keeper");
    let path = b.folder.join("hut.jpg");
    picture(&path, 320, 200);
    let items = b.import(&[path]);
    let mut order = order(&[&items[0]], &["home-a@a.example"], "display=full");
    order.viewer = Some(bob);
    let mut listener = Listener::of(&runtime, &site, &browser);
    let share = b.share(&order).expect("recorded").share;
    assert_eq!(listener.wait_for("sent")["share"], json!(share));
    b.home.set_keeper(&bea, false).expect("a keeper no more");
    b.share(&order).expect("recorded");
    let now = b.now();
    let upload = b.home.begin_upload(Some(&bea), "x.txt", 5, now);
    upload.expect("begun");
    let (event, _) = listener.next().expect("it goes on");
    assert_eq!(event, "upload", "of what bob shared she hears nothing");
}

/// A picture that one person of the house adds, for that one alone.
fn add_for(house: &mut House, name: &str, person: &StationName) -> String {
    let path = house.folder.join(name);
    picture(&path, 320, 200);
    let adding = Adding {
        album: None,
        person: Some(person.clone()),
        private: true,
    };
    let now = house.now();
    let imported = house.home.import_as(&[path], &adding, now, &mut |_| {});
    imported.expect("import").items.remove(0).reference
}

#[test]
fn a_change_of_the_album_is_told_to_those_who_see_it_and_to_nobody_else() {
    let (_village, _a, mut b, _) = two();
    let runtime = runtime();
    let site = Site::of(&b);
    let program = site.program(&mut b, "bob", "read");
    let browser = site.signed_in(&mut b, "bea");
    let mut bob = Listener::of(&runtime, &site, &program.0);
    let mut bea = Listener::of(&runtime, &site, &browser);
    let [who, her]: [StationName; 2] = ["bob", "bea"].map(|name| name.parse().expect("a station"));
    let album = b.home.create_album("Summer", b.time()).expect("an album");
    let nothing = ("album".to_owned(), json!({}));
    for listener in [&mut bob, &mut bea] {
        assert_eq!(listener.next(), Some(nothing.clone()));
    }
    // Whatever bob does with what he alone sees, only he hears of it.
    let own = [add_for(&mut b, "own.jpg", &who)];
    assert_eq!(bob.next(), Some(nothing.clone()));
    let said = b.home.set_caption(Some(&who), &own[0], "A surprise");
    said.expect("a caption");
    assert_eq!(bob.next(), Some(nothing.clone()));
    let put = b.home.add_to_album(Some(&who), &album, &own);
    put.expect("added");
    assert_eq!(bob.next(), Some(nothing.clone()));
    let now = b.now();
    let deleted = b.home.delete_items(Some(&who), &own, now);
    deleted.expect("in the bin");
    assert_eq!(bob.next(), Some(nothing.clone()));
    let back = b.home.undelete_items(Some(&who), &own);
    back.expect("back");
    assert_eq!(bob.next(), Some(nothing.clone()));
    // The first that bea hears after all that is her own upload.
    let upload = b.home.begin_upload(Some(&her), "x.txt", 5, now);
    let upload = upload.expect("begun");
    let (event, _) = bea.next().expect("it goes on");
    assert_eq!(event, "upload");
    b.home.cancel_upload(Some(&her), upload).expect("given up");
    let (event, _) = bea.next().expect("it goes on");
    assert_eq!(event, "upload-ended");
    // It comes for everyone, and it goes for everyone else.
    for private in [false, true] {
        let turned = b.home.set_private(Some(&who), &own, private);
        turned.expect("it is his");
        for listener in [&mut bob, &mut bea] {
            assert_eq!(listener.next(), Some(nothing.clone()), "{private}");
        }
    }
}
