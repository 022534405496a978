//! What leaves by the interface for programs of what came: by the same gate as in the browser, for the same people, and
//! looked at by its bytes.

use crate::placed::{Placed, placed};
use crate::site::{Page, Program};
use axum::http::StatusCode;
use hearthpost::web::all_routes;
use serde_json::json;

const DAY: u64 = 86_400;
const KINDS: [&str; 4] = ["thumb", "show", "print", "keep"];

fn came(stations: &[(&str, &str)]) -> Placed {
    placed(&["bob", "bea", "cid", "dan", "eve"], stations)
}

impl Placed {
    fn program(&mut self, name: &str) -> Program {
        self.site.program(&mut self.b, name, "read")
    }

    fn media(&self, kind: &str) -> String {
        format!("/api/v1/received/items/{}/{kind}", self.item)
    }

    fn paths(&self) -> Vec<String> {
        let media = KINDS.map(|kind| self.media(kind));
        let share = format!("/api/v1/received/{}", self.share);
        media.into_iter().chain([share]).collect()
    }
}

/// The pixels of a JPEG that nobody keeps and that has no metadata; `None` where it was refused.
fn pixels(page: &Page) -> Option<(u32, u32)> {
    if page.status == StatusCode::FORBIDDEN {
        assert_eq!(page.problem(403), "denied");
        return None;
    }
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_eq!(page.header("content-type"), "image/jpeg");
    assert_eq!(page.header("cache-control"), "no-store");
    let has = |mark: &[u8]| page.body.windows(mark.len()).any(|window| window == mark);
    assert!(!has(b"Exif") && !has(b"GPS"), "no metadata");
    let picture = image::load_from_memory(&page.body).expect("a picture");
    Some((picture.width(), picture.height()))
}

#[test]
fn pictures_are_as_large_as_the_rules_say_and_no_larger() {
    let full = (3000, 2000);
    let thumb = (320, 213);
    let cases = [
        (
            "bob",
            "display=1280",
            [Some(thumb), Some((1280, 853)), None, None],
        ),
        (
            "bea",
            "display=full,print=640",
            [Some(thumb), Some(full), Some((640, 427)), None],
        ),
        (
            "cid",
            "display=200",
            [Some((200, 133)), Some((200, 133)), None, None],
        ),
        ("dan", "print=full", [None, None, Some(full), None]),
        ("eve", "store=500", [None, None, None, Some((500, 333))]),
    ];
    let mut came = came(&cases.map(|(name, rules, _)| (name, rules)));
    for (name, rules, sizes) in cases {
        let mut program = came.program(name);
        for (kind, size) in KINDS.into_iter().zip(sizes) {
            let page = program.get(&came.media(kind));
            assert_eq!(pixels(&page), size, "{rules}: {kind}");
        }
    }
}

#[test]
fn a_list_says_what_each_may_and_an_original_is_kept_bit_for_bit() {
    let mut came = came(&[("bob", "store=full"), ("bea", "display=640,period=P7D")]);
    let kept = came
        .b
        .view(&came.item.clone(), "bob", hearthpost::rules::Action::Store)
        .expect("kept")
        .1;
    let mut bob = came.program("bob");
    let page = bob.get(&came.media("keep"));
    assert_eq!(page.body.as_ref(), kept);
    assert!(page.header("content-disposition").starts_with("attachment"));
    assert!(
        page.header("content-security-policy")
            .starts_with("sandbox")
    );
    let mut bea = came.program("bea");
    let list = bea.get("/api/v1/received").done(200);
    let share = &list["shares"][0];
    assert_eq!(share["share"], json!(came.share));
    assert_eq!(share["title"], "At the lake");
    let may =
        json!({"look": true, "excerpt": false, "print": false, "keep": false, "pass_on": false});
    assert_eq!(share["may"], may);
    assert_eq!(share["items"][0]["id"], json!(came.item));
    let one = bea.get(&format!("/api/v1/received/{}", came.share));
    assert_eq!(one.done(200)["items"], share["items"]);
}

#[test]
fn every_route_that_carries_what_came_refuses_whoever_should_not_have_it() {
    let mut came = came(&[("bob", "display=1280,print=1280,store=640,period=P7D")]);
    let paths = came.paths();
    let of_received = |path: &&str| path.starts_with("/api/v1/received/");
    for route in all_routes().iter().filter(|route| route.carries) {
        let filled = route
            .path
            .replace("{share}", &came.share)
            .replace("{item}", &came.item);
        let walked = paths.contains(&filled);
        assert!(walked || !of_received(&route.path), "{}", route.path);
    }
    let mut bob = came.program("bob");
    for path in &paths {
        assert_eq!(bob.get(path).status, StatusCode::OK, "{path}");
    }
    let nothing = |page: &Page, why: &str| {
        assert!(page.status.is_client_error(), "{why}");
        assert_eq!(
            page.header("content-type"),
            "application/problem+json",
            "{why}"
        );
        assert!(!page.text().contains("lake"), "{why}");
    };
    // Without a token, with one made for something else, another person.
    let mut none = came.site.bearer("");
    let mut other = came.site.program(&mut came.b, "bob", "album share");
    let mut cid = came.program("cid");
    for path in &paths {
        nothing(&none.get(path), "no token");
        nothing(&other.get(path), "another scope");
        nothing(&cid.get(path), "another person");
    }
    assert_eq!(cid.get("/api/v1/received").done(200), json!({"shares": []}));
    assert_eq!(cid.get(&paths[4]).problem(404), "unknown_share");
    // Over, and the clock wound back after it.
    came.b.wait(8 * DAY);
    came.site.set_clock(&came.b);
    for path in &paths {
        let page = bob.get(path);
        assert_eq!(page.problem(403), "denied", "{path}");
        nothing(&page, "over");
    }
    assert_eq!(bob.get("/api/v1/received").done(200), json!({"shares": []}));
    came.b.wall -= 20 * DAY as i64;
    came.b.uptime += 60;
    came.b.synchronised = false;
    came.site.set_clock(&came.b);
    for path in &paths {
        nothing(&bob.get(path), "wound back");
    }
}

#[test]
fn what_is_taken_back_is_gone_and_looks_are_counted() {
    let mut came = came(&[("bob", "display=1280"), ("bea", "display=1280,views=1")]);
    let (mut bob, mut bea) = (came.program("bob"), came.program("bea"));
    assert_eq!(bea.get(&came.media("thumb")).problem(403), "counted");
    assert!(pixels(&bea.get(&came.media("show"))).is_some());
    came.b.wait(601);
    came.site.set_clock(&came.b);
    assert_eq!(bea.get(&came.media("show")).problem(403), "denied");
    assert!(pixels(&bob.get(&came.media("show"))).is_some());
    came.a
        .revoke(&came.share.clone(), None)
        .expect("taken back");
    came.village.settle(&mut [&mut came.a, &mut came.b]);
    for path in came.paths() {
        assert_eq!(bob.get(&path).problem(403), "denied", "{path}");
    }
}

#[test]
fn more_is_asked_for_once_and_only_ones_own_requests_are_listed() {
    let mut came = came(&[("bob", "display=1280"), ("bea", "display=1280")]);
    let mut bob = came.site.program(&mut came.b, "bob", "read share");
    let mut bea = came.program("bea");
    let wanted =
        json!({"share": came.share, "rules": "store=full,period=P30D", "message": "For the wall"});
    let key = [("idempotency-key", "1")];
    let asked = bob
        .send_with("POST", "/api/v1/requests", &wanted, &key)
        .done(201);
    let again = bob
        .send_with("POST", "/api/v1/requests", &wanted, &key)
        .done(201);
    assert_eq!(asked, again);
    let mut cid = came.site.program(&mut came.b, "cid", "share");
    let page = cid.send("POST", "/api/v1/requests", &wanted);
    assert_eq!(page.problem(404), "unknown_share", "it was never cid's");
    let list = bob.get("/api/v1/requests").done(200);
    assert_eq!(list["requests"].as_array().map(Vec::len), Some(1));
    assert_eq!(list["requests"][0]["request"], asked["request"]);
    assert_eq!(
        bea.get("/api/v1/requests").done(200),
        json!({"requests": []})
    );
    came.village.settle(&mut [&mut came.b, &mut came.a]);
    let there = came.a.home.requests().expect("requests");
    assert_eq!(
        (there.len(), there[0].message.as_str()),
        (1, "For the wall")
    );
}

#[test]
fn what_is_over_is_told_of_what_could_be_done() {
    let mut came = came(&[
        ("bob", "store=full,period=P7D"),
        ("bea", "print=640,period=P7D"),
        ("cid", "display=640,store=full,period=P7D"),
    ]);
    let share = format!("/api/v1/received/{}", came.share);
    for name in ["bob", "bea", "cid"] {
        came.program(name).get(&share).done(200);
    }
    came.b.wait(8 * DAY);
    came.site.set_clock(&came.b);
    for (name, words) in [
        ("bob", "You could keep this until"),
        ("bea", "You could print this until"),
        ("cid", "You could look at this until"),
    ] {
        let page = came.program(name).get(&share);
        assert_eq!(page.problem(403), "denied");
        assert!(page.text().contains(words), "{name}: {}", page.text());
    }
}
