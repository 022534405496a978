//! What leaves the station: for every route that carries something of a share, for every kind of rule, and for everyone
//! who should not have it. The bytes are looked at, not the words.

use crate::house;
use crate::house::{Village, order};
use crate::placed::{Placed, placed};
use crate::site::{Browser, Page, Site};
use axum::body::Body;
use axum::http::StatusCode;
use hearthpost::rules::Action;
use hearthpost::web::{Who, all_routes};

const DAY: u64 = 86_400;
/// What carries own items is walked in `web_album`, what is out in `web_share`, what goes on in `web_passing_on`; the list of
/// what came, in several here; all of a share at once in `walk`.
const WALKED_ELSEWHERE: [&str; 11] = [
    "/",
    "/album/{item}",
    "/share",
    "/sent",
    "/sent/{share}",
    "/received",
    "/received/{share}/pass-on",
    "/received/{share}/passed-on",
    "/m/{seal}/keep-all/{share}",
    "/frame",
    "/frame/pictures",
];

/// A picture that these people of `b` may do that with.
fn seen(stations: &[(&str, &str)]) -> Placed {
    placed(&["bob", "bea", "cid"], stations)
}

impl Placed {
    fn browser(&mut self, name: &str) -> Browser {
        self.site.signed_in(&mut self.b, name)
    }

    fn viewer(&self) -> String {
        format!("/received/{}/{}", self.share, self.item)
    }

    /// The path of a kind in that browser, from the page.
    fn media(&self, browser: &mut Browser, kind: &str) -> Option<String> {
        let pages = match kind {
            "thumb" => vec![format!("/received/{}", self.share), "/received".to_owned()],
            "print" => vec![format!("{}?print=yes", self.viewer())],
            _ => vec![self.viewer()],
        };
        let mark = format!("/{kind}/");
        pages.iter().find_map(|page| {
            let links = browser.get(page).links("/m/");
            links.into_iter().find(|link| link.contains(&mark))
        })
    }

    fn fetch(&mut self, name: &str, kind: &str) -> Option<Page> {
        let mut browser = self.browser(name);
        let path = self.media(&mut browser, kind)?;
        let page = browser.get(&path);
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        Some(page)
    }
}

/// Whether a path is one of a route.
fn is_of(path: &str, route: &str) -> bool {
    let (path, route): (Vec<_>, Vec<_>) = (path.split('/').collect(), route.split('/').collect());
    let same = |(one, of): (&&str, &&str)| of.starts_with('{') || one == of;
    path.len() == route.len() && path.iter().zip(&route).all(same)
}

/// The pixels of a JPEG, which has no metadata at all.
fn pixels(page: &Page) -> (u32, u32) {
    assert_eq!(page.header("content-type"), "image/jpeg");
    assert_eq!(page.header("cache-control"), "no-store");
    assert!(
        !page.body.windows(4).any(|four| four == b"Exif"),
        "no metadata"
    );
    let picture = image::load_from_memory(&page.body).expect("a picture");
    (picture.width(), picture.height())
}

#[test]
fn what_is_shown_is_as_large_as_the_rules_say_and_no_larger() {
    for (rules, show, print) in [
        ("display=1280", Some((1280, 853)), None),
        (
            "display=full,print=640",
            Some((3000, 2000)),
            Some((640, 427)),
        ),
        ("display=200", Some((200, 133)), None),
        ("print=full", None, Some((3000, 2000))),
    ] {
        let mut s = seen(&[("bob", rules)]);
        assert_eq!(s.fetch("bob", "show").as_ref().map(pixels), show, "{rules}");
        assert_eq!(
            s.fetch("bob", "print").as_ref().map(pixels),
            print,
            "{rules}"
        );
        assert!(s.fetch("bob", "keep").is_none(), "{rules}");
        let thumb = s.fetch("bob", "thumb").as_ref().map(pixels);
        let edge = show.map(|(width, _)| width.min(320));
        assert_eq!(thumb.map(|(width, _)| width), edge, "{rules}");
    }
}

#[test]
fn what_may_be_kept_comes_bit_for_bit_or_within_its_limits() {
    let mut s = seen(&[("bob", "store=full"), ("bea", "display=full,store=500")]);
    let kept = s.fetch("bob", "keep").expect("kept");
    let (_, original) = s.b.view(&s.item, "bob", Action::Store).expect("kept");
    assert_eq!(kept.body.as_ref(), original);
    let disposition = kept.header("content-disposition");
    assert!(
        disposition.starts_with("attachment; filename=\"lake.jpg\""),
        "{disposition}"
    );
    assert!(
        kept.header("content-security-policy")
            .starts_with("sandbox")
    );
    assert_eq!(kept.header("cache-control"), "no-store");
    let smaller = s.fetch("bea", "keep").expect("kept");
    assert_eq!(pixels(&smaller), (500, 333));
    assert!(
        smaller
            .header("content-disposition")
            .starts_with("attachment")
    );
    assert!(s.fetch("bob", "show").is_none(), "keeping is not looking");
}

#[test]
fn a_path_is_worth_nothing_to_anybody_else() {
    let mut s = seen(&[("bob", "display=full"), ("bea", "display=640")]);
    let (mut bob, mut bea, mut cid) = (s.browser("bob"), s.browser("bea"), s.browser("cid"));
    let (viewer, item) = (s.viewer(), s.item.clone());
    for kind in ["show", "thumb"] {
        let path = s.media(&mut bob, kind).expect("bob's");
        assert_eq!(bob.get(&path).status, StatusCode::OK);
        for (who, browser) in [("bea", &mut bea), ("cid", &mut cid)] {
            let page = browser.get(&path);
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{who}");
        }
        let mut nobody = s.site.browser();
        let page = nobody.get(&path);
        assert_ne!(page.status, StatusCode::OK);
        // Another kind, another item, another seal.
        for other in [
            path.replace(&format!("/{kind}/"), "/keep/"),
            path.replace(&item, "aaaaaaaa"),
            format!("/m/AAAAAAAAAAAAAAAAAAAAAA/{kind}/{item}"),
        ] {
            assert_eq!(bob.get(&other).status, StatusCode::NOT_FOUND, "{other}");
        }
        // Bob in another browser has another path.
        let mut elsewhere = s.browser("bob");
        assert_eq!(elsewhere.get(&path).status, StatusCode::NOT_FOUND);
    }
    assert_eq!(
        cid.get(&viewer).status,
        StatusCode::NOT_FOUND,
        "it is not hinted at"
    );
    let list = cid.get("/received");
    assert!(!list.text().contains(&s.share) && !list.text().contains("House A"));
    assert_eq!(bea.get(&viewer).status, StatusCode::OK);
}

#[test]
fn every_route_that_carries_something_refuses_whoever_should_not_have_it() {
    let mut s = seen(&[("bob", "display=1280,print=1280,store=640,period=P7D")]);
    let mut bob = s.browser("bob");
    let mut paths = vec![format!("/received/{}", s.share), s.viewer()];
    for kind in ["thumb", "show", "print", "keep"] {
        paths.push(s.media(&mut bob, kind).expect("may"));
    }
    // Those for programs are walked in tests/api/received.rs and api_album.rs.
    let for_programs = |path: &str| path.starts_with("/api/");
    let carrying = all_routes().into_iter().filter(|route| route.carries);
    for route in carrying.filter(|route| !for_programs(route.path)) {
        assert_eq!(route.who, Who::Person, "{}", route.path);
        let walked = paths.iter().any(|path| is_of(path, route.path));
        let elsewhere = WALKED_ELSEWHERE.contains(&route.path);
        assert!(walked || elsewhere, "{} is walked by a test", route.path);
    }
    for path in &paths {
        assert_eq!(bob.get(path).status, StatusCode::OK, "{path}");
    }
    let nothing = |page: &Page, why: &str| {
        assert!(
            page.status.is_client_error() || page.status.is_redirection(),
            "{why}"
        );
        assert!(!page.body.starts_with(&[0xff, 0xd8]), "{why}");
        assert!(!page.text().contains("lake"), "{why}");
    };
    // Signed out, and another person.
    for path in &paths {
        nothing(&s.site.browser().get(path), "signed out");
        nothing(&s.browser("cid").get(path), "another person");
    }
    // Over, and the clock wound back after it.
    s.b.wait(8 * DAY);
    s.site.set_clock(&s.b);
    for path in &paths {
        let page = bob.get(path);
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
        nothing(&page, "over");
        assert!(page.text().contains("until"), "{}", page.text());
    }
    assert!(
        !bob.get("/received").text().contains(&s.share),
        "over, and gone from the list"
    );
    s.b.wall -= 20 * DAY as i64;
    s.b.uptime += 60;
    s.b.synchronised = false;
    s.site.set_clock(&s.b);
    for path in &paths {
        nothing(&bob.get(path), "wound back");
    }
}

#[test]
fn what_is_taken_back_is_gone_from_open_pages_too() {
    let mut s = seen(&[("bob", "display=1280,store=640")]);
    let mut bob = s.browser("bob");
    let paths: Vec<String> = ["thumb", "show", "keep"]
        .into_iter()
        .map(|kind| s.media(&mut bob, kind).expect("may"))
        .collect();
    s.a.revoke(&s.share.clone(), None).expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    for path in &paths {
        assert_eq!(bob.get(path).status, StatusCode::FORBIDDEN);
    }
    let page = bob.get(&s.viewer());
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(
        page.text().contains("does not share this any more"),
        "{}",
        page.text()
    );
}

#[test]
fn views_are_counted_when_a_picture_is_opened_and_not_by_lists() {
    let mut s = seen(&[("bob", "display=1280,views=2")]);
    let mut bob = s.browser("bob");
    let list = bob.get(&format!("/received/{}", s.share));
    assert!(
        list.links("/m/").is_empty(),
        "no small picture of what is counted"
    );
    assert!(bob.get("/received").links("/m/").is_empty());
    for (before, after) in [
        ("2 looks left", "One look left"),
        ("One look left", "Still open"),
    ] {
        let list = bob.get(&format!("/received/{}", s.share)).text();
        assert!(list.contains(before), "{list}");
        let path = s.media(&mut bob, "show").expect("may");
        for _ in 0..3 {
            // Within ten minutes it is one look.
            assert_eq!(bob.get(&path).status, StatusCode::OK);
        }
        let list = bob.get(&format!("/received/{}", s.share)).text();
        assert!(list.contains(after), "{list}");
        s.b.wait(601);
        s.site.set_clock(&s.b);
    }
    let page = bob.get(&s.viewer());
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.text().contains("2 times, and have"), "{}", page.text());
}

#[test]
fn a_share_is_new_until_it_is_opened_and_for_each_person_apart() {
    let mut s = seen(&[("bob", "display=1280"), ("bea", "display=1280")]);
    let (mut bob, mut bea) = (s.browser("bob"), s.browser("bea"));
    let is_new = |browser: &mut Browser| browser.get("/received").text().contains("class=\"dot\"");
    assert!(is_new(&mut bob) && is_new(&mut bea));
    bob.get(&format!("/received/{}", s.share));
    assert!(!is_new(&mut bob) && is_new(&mut bea));
}

#[test]
fn a_title_cannot_become_a_tag() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("<img src=x onerror=alert(1)>.jpg");
    house::picture(&path, 300, 200);
    let items = a.import(&[path]);
    let mut order = order(&[&items[0]], &["home-b+bob@b.example"], "display=full");
    order.title = "<script>alert(1)</script>".to_owned();
    order.message = "\"><b onmouseover='x'>".to_owned();
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let item = b.items(&share).remove(0).reference;
    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    for path in [
        "/received".to_owned(),
        format!("/received/{share}"),
        format!("/received/{share}/{item}"),
    ] {
        let text = bob.get(&path).text();
        assert!(
            text.contains("&lt;script&gt;") || text.contains("&lt;img"),
            "{path}"
        );
        for tag in ["<script>alert", "<img src=x", "<b onmouse"] {
            assert!(!text.contains(tag), "{path}: {tag}");
        }
    }
}

#[test]
fn the_next_picture_is_fetched_ahead_unless_that_would_be_a_look() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let names = ["one.jpg", "two.jpg"];
    let paths = names.map(|name| a.folder.join(name));
    for (path, width) in paths.iter().zip([300, 301]) {
        house::picture(path, width, 200);
    }
    let items = a.import(&paths);
    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    for (rules, ahead) in [("display=1280", true), ("display=1280,views=2", false)] {
        let order = order(&[&items[0], &items[1]], &["home-b+bob@b.example"], rules);
        let share = a.share(&order).expect("recorded").share;
        village.settle(&mut [&mut a, &mut b]);
        let viewers = b.items(&share).into_iter();
        let mut viewers = viewers.map(|item| format!("/received/{share}/{}", item.reference));
        let [first, second] = [(); 2].map(|()| bob.get(&viewers.next().expect("two")));
        let text = first.text().replace("&#x2f;", "/");
        assert_eq!(text.contains("data-ahead"), ahead, "{rules}: {text}");
        assert!(
            !second.text().contains("data-ahead"),
            "nothing is behind it"
        );
        if ahead {
            let next = format!("data-ahead=\"{}\"", second.picture());
            assert!(text.contains(&next), "{next}: {text}");
        }
        // All that is fetched with the first one leaves the other as it was.
        for link in first.links("/m/") {
            assert_eq!(bob.get(&link).status, StatusCode::OK, "{link}");
        }
        let list = bob.get(&format!("/received/{share}")).text();
        assert_eq!(list.contains("2 looks left"), !ahead, "{list}");
    }
}

#[test]
fn whoever_asks_for_the_head_alone_has_not_looked() {
    let mut s = seen(&[("bob", "display=1280,views=1")]);
    let mut bob = s.browser("bob");
    let show = s.media(&mut bob, "show").expect("it may be looked at");
    let mut program = s.site.program(&mut s.b, "bob", "read").0;
    let api = format!("/api/v1/received/items/{}/show", s.item);
    let head = |browser: &mut Browser, path: &str| {
        let page = browser.ask(browser.request("HEAD", path).body(Body::empty()));
        assert!(page.body.is_empty(), "{path}");
        page.status
    };
    for _ in 0..2 {
        assert_eq!(head(&mut bob, &show), StatusCode::OK);
        assert_eq!(head(&mut program, &api), StatusCode::OK);
    }
    assert_eq!(pixels(&bob.get(&show)), (1280, 853));
    // That was the one look.
    s.b.wait(3_600);
    s.site.set_clock(&s.b);
    for status in [
        head(&mut bob, &show),
        head(&mut program, &api),
        bob.get(&show).status,
    ] {
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
}

#[test]
fn a_frame_shows_what_its_person_may_look_at_and_what_is_over_no_more() {
    let mut s = seen(&[
        ("bob", "display=1280,period=P7D"),
        ("bea", "display=640,views=3"),
    ]);
    let (mut bob, mut bea, mut cid) = (s.browser("bob"), s.browser("bea"), s.browser("cid"));
    let list = |browser: &mut Browser, query: &str| {
        let page = browser.get(&format!("/frame/pictures{query}"));
        let list: serde_json::Value = serde_json::from_slice(&page.body).expect("json");
        let list = list.as_array().expect("a list").clone();
        list.iter()
            .map(|one| one["show"].as_str().expect("a path").to_owned())
            .collect::<Vec<_>>()
    };
    let shown = list(&mut bob, "");
    assert_eq!(shown.len(), 1);
    assert_eq!(pixels(&bob.get(&shown[0])), (1280, 853));
    assert_eq!(list(&mut bob, "?from=House+A").len(), 1);
    assert!(list(&mut bob, "?from=House+C").is_empty());
    assert!(list(&mut bea, "").is_empty(), "a frame uses up no views");
    assert!(list(&mut cid, "").is_empty());
    let page = bob.get("/frame?stays=5");
    assert!(page.text().contains(&shown[0].replace('/', "&#x2f;")));
    assert!(
        page.text().contains("content=\"5; url="),
        "it leads on without script"
    );
    assert_eq!(s.site.browser().get("/frame").status, StatusCode::SEE_OTHER);
    s.b.wait(8 * DAY);
    s.site.set_clock(&s.b);
    assert!(list(&mut bob, "").is_empty());
    assert_eq!(
        bob.get("/frame").status,
        StatusCode::OK,
        "it waits for new ones"
    );
}
