//! Every route, walked: by strangers, by people of another household, by others of the house, before it begins, after the end,
//! after the last look, when it was taken back, with a clock that was wound back. A route that is new here has to say how it
//! is walked.

mod bounded;
mod furnish;
mod marked;
mod not_now;

use crate::house::{House, Village, order};
use crate::make::{Say, app1, exif, jpeg, quadrants, with_segments};
use crate::site::{Browser, Page, Site};
use axum::body::Body;
use axum::http::StatusCode;
use furnish::scene;
use hearthpost::envelope::Digest;
use hearthpost::rules::parse_rules;
use hearthpost::web::{Who, all_routes};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;

const DAY: u64 = 86_400;
/// Stands in every title, name, caption and message, and nowhere else.
const MARK: &str = "lakeside";
/// What is for whoever reaches the box. One more is a decision, and is written here.
const OPEN: [&str; 9] = [
    "/api/v1/openapi.json",
    "/assets/{name}",
    "/ca",
    "/ca.crt",
    "/join",
    "/language",
    "/manifest.webmanifest",
    "/sign-in",
    "/welcome/{secret}",
];
const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
/// Two seconds of 8,000 samples of a byte, and 44 bytes of head.
const EXCERPT: usize = 16_044;

/// Bob may much for a week, bea as much once, fay in some days; ida has her name across what cid has without; dan nothing; eve
/// keeps the house.
struct Scene {
    village: Village,
    a: House,
    b: House,
    site: Site,
    bob: Browser,
    share: String,
    item: String,
    /// A sound, of which there is an excerpt.
    sound: String,
    /// A share of a sound that is whole for bob, as long as the other.
    whole: (String, String),
    wav: Vec<u8>,
    /// Bob's own picture, for him alone, and a share of it.
    own: String,
    sent: String,
    original: Vec<u8>,
}

/// How a way out ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Of {
    /// With the share, by a refusal.
    Share,
    /// With the share, by not being in the list.
    List,
    /// Never, for it is bob's own; others are refused.
    Own,
    /// The same, by not being in their list.
    OwnList,
}

impl Scene {
    /// The media path of a kind, in bob's browser.
    fn media(&mut self, kind: &str) -> String {
        let viewer = format!("/received/{}/{}", self.share, self.item);
        let page = match kind {
            "thumb" => format!("/received/{}", self.share),
            "print" => format!("{viewer}?print=yes"),
            "show" | "keep" => viewer,
            "play" => format!("/received/{}/{}", self.whole.0, self.whole.1),
            "own-thumb" => "/".to_owned(),
            _ => format!("/album/{}", self.own),
        };
        let links = self.bob.get(&page).links("/m/");
        let mark = format!("/{kind}/");
        let found = links.into_iter().find(|link| link.contains(&mark));
        found.unwrap_or_else(|| panic!("{page} leads to {kind}"))
    }

    /// Where bob reaches what a route carries, and how each ends.
    fn ways(&mut self, route: &str) -> Vec<(String, Of)> {
        let (share, item, own, sent) = (&self.share, &self.item, &self.own, &self.sent);
        let of = match route {
            "/received/{share}" | "/received/{share}/{item}" => Of::Share,
            "/received/{share}/pass-on" | "/received/{share}/passed-on" => Of::Share,
            "/received" | "/frame" | "/frame/pictures" => Of::List,
            "/album/{item}" | "/sent/{share}" | "/share" => Of::Own,
            "/" | "/sent" | "/api/v1/items" | "/api/v1/sent" | "/api/v1/requests" => Of::OwnList,
            "/api/v1/received" => Of::List,
            "/m/{seal}/keep-all/{share}" => {
                let page = self.bob.get(&format!("/received/{share}"));
                let mut links = page.links("/m/").into_iter();
                let all = links.find(|link| link.contains("/keep-all/"));
                return vec![(all.expect("all may be kept"), Of::Share)];
            }
            "/m/{seal}/{kind}/{item}" => {
                let kinds = ["thumb", "show", "print", "play", "keep"];
                let shared = kinds.map(|kind| (self.media(kind), Of::Share));
                let owned = ["own-thumb", "own-show", "own-keep"];
                let owned = owned.map(|kind| (self.media(kind), Of::Own));
                return shared.into_iter().chain(owned).collect();
            }
            // Says only that something changed; walked in tests/api/events.rs.
            "/api/v1/events" => return Vec::new(),
            _ if route.starts_with("/api/v1/received/") => Of::Share,
            _ if route.starts_with("/api/v1/items/{item}") => Of::Own,
            _ => panic!("say how {route} is walked, and how it ends"),
        };
        let path = match (route, of) {
            ("/share", _) => format!("/share?picture={own}"),
            (_, Of::Own | Of::OwnList) => route.replace("{item}", own).replace("{share}", sent),
            (_, _) => route.replace("{item}", item).replace("{share}", share),
        };
        vec![(path, of)]
    }

    fn all_ways(&mut self) -> Vec<(String, Of)> {
        let carrying = all_routes().into_iter().filter(|route| route.carries);
        let paths: Vec<&str> = carrying.map(|route| route.path).collect();
        paths.iter().flat_map(|route| self.ways(route)).collect()
    }

    /// Those that end with a share, as they are for others of the house, whether or not a page leads them there.
    fn ways_of(&mut self, who: &Both) -> Vec<(String, Of)> {
        let ways = self.all_ways().into_iter();
        ways.filter(|(_, of)| [Of::Share, Of::List].contains(of))
            .map(|(path, of)| (sealed_for(&who.browser, &path), of))
            .collect()
    }

    /// Somebody in a browser and with a token that may do all, whichever the path wants.
    fn both(&mut self, name: &str) -> Both {
        Both {
            browser: self.site.signed_in(&mut self.b, name),
            program: self.site.program(&mut self.b, name, "read album share").0,
        }
    }

    fn clock(&self) {
        self.site.set_clock(&self.b);
    }
}

#[derive(Clone)]
struct Both {
    browser: Browser,
    program: Browser,
}

impl Both {
    fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) -> Page {
        let browser = match path.starts_with("/api/") {
            true => &mut self.program,
            false => &mut self.browser,
        };
        let mut request = browser.request(method, path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        browser.ask(request.body(Body::empty()))
    }
}

/// A path of media with the seal that it has for whoever is signed in there.
fn sealed_for(browser: &Browser, path: &str) -> String {
    let pieces: Vec<&str> = path.split('/').collect();
    let ["", "m", _, kind, item] = pieces[..] else {
        return path.to_owned();
    };
    let session = Digest::of(browser.holds("").expect("a session").as_bytes());
    let key = PKey::hmac(session.as_bytes()).expect("a key");
    let mut signer = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
    let named = format!("media\n{kind}\n{item}");
    signer.update(named.as_bytes()).expect("signed");
    let seal = &signer.sign_to_vec().expect("signed")[..16];
    let seal = data_encoding::BASE64URL_NOPAD.encode(seal);
    format!("/m/{seal}/{kind}/{item}")
}

/// Nothing that was shared, neither pixels nor words.
fn nothing(page: &Page, why: &str) {
    let pixels = page.body.windows(3).any(|three| three == b"\xff\xd8\xff");
    assert!(!pixels, "{why}: a picture");
    let sound = page.body.windows(4).any(|four| four == b"WAVE");
    assert!(!sound, "{why}: a sound");
    assert!(!page.text().to_lowercase().contains(MARK), "{why}: words");
    for value in page.headers.values() {
        let value = String::from_utf8_lossy(value.as_bytes());
        assert!(!value.contains(MARK), "{why}: {value}");
    }
}

/// Refused, however it is asked for.
fn refused(who: &mut Both, path: &str, of: Of, why: &str) {
    let why = format!("{path}: {why}");
    let plain = who.ask("GET", path, &[]);
    nothing(&plain, &why);
    match of {
        Of::List | Of::OwnList => assert_eq!(plain.status, StatusCode::OK, "{why}"),
        Of::Share | Of::Own => assert!(plain.status.is_client_error(), "{why}: {}", plain.status),
    }
    assert_eq!(plain.header("cache-control"), "no-store", "{why}");
    for headers in [
        [("range", "bytes=0-99"), ("x-http-method-override", "GET")],
        [("if-none-match", "*"), ("x-original-url", "/sign-in")],
        [
            ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT"),
            ("x-forwarded-for", "127.0.0.1"),
        ],
    ] {
        let page = who.ask("GET", path, &headers);
        nothing(&page, &why);
        assert_eq!(page.status, plain.status, "{why}: {headers:?}");
    }
    let head = who.ask("HEAD", path, &[]);
    nothing(&head, &why);
    assert_eq!(head.status, plain.status, "{why}: HEAD");
    assert!(head.body.is_empty(), "{why}: HEAD");
}

fn pixels(page: &Page) -> (u32, u32) {
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    assert_eq!(page.header("content-type"), "image/jpeg");
    let has = |mark: &[u8]| page.body.windows(mark.len()).any(|window| window == mark);
    assert!(!has(b"Exif") && !has(b"GPS"), "no metadata");
    let picture = image::load_from_memory(&page.body).expect("a picture");
    (picture.width(), picture.height())
}

#[test]
fn a_stranger_gets_past_no_route_by_any_method() {
    let mut s = scene();
    let seal = s.media("own-keep");
    let seal = seal.split('/').nth(2).expect("a seal").to_owned();
    let strangers = {
        let nobody = s.site.browser();
        // Somebody who is signed in, in another household.
        let there = Site::of(&s.a).signed_in(&mut s.a, "ann");
        let held = there.holds("").expect("a session").to_owned();
        let cookie = format!("hearthpost-{}", &s.b.home.me().to_string()[..8]);
        let with = |cookies: String| {
            let mut browser = s.site.browser();
            browser.headers = vec![("cookie".to_owned(), cookies)];
            browser
        };
        let digest = Digest::of(held.as_bytes());
        [
            ("nobody", nobody),
            ("of another household", with(format!("{cookie}={held}"))),
            ("with a digest", with(format!("{cookie}={digest}"))),
            (
                "without a value",
                with(format!("{cookie}=; {cookie}-known=")),
            ),
        ]
    };
    let mut open = Vec::new();
    for route in all_routes() {
        if route.who == Who::Anyone {
            open.push(route.path);
            continue;
        }
        let path = route
            .path
            .replace("{seal}", &seal)
            .replace("{kind}", "own-keep")
            .replace("{item}", &s.own)
            .replace("{share}", &s.share)
            .replace("{who}", &s.a.home.me().to_string())
            .replace("{name}", "bob")
            .replace("{id}", &hearthpost::envelope::Id::random().to_string())
            .replace("{upload}", &hearthpost::envelope::Id::random().to_string())
            .replace("{album}", "x")
            .replace("{invitation}", "aaaaaaaa")
            .replace("{request}", "aaaaaaaa");
        assert!(!path.contains('{'), "{path}: say what stands there");
        for (who, browser) in &strangers {
            for method in METHODS {
                let mut browser = browser.clone();
                let why = format!("{method} {path}, {who}");
                let request = browser
                    .request(method, &path)
                    .header("origin", "http://localhost:8480");
                let page = browser.ask(request.body(Body::empty()));
                nothing(&page, &why);
                let to_the_door = page.header("location").starts_with("/sign-in?");
                match page.status {
                    StatusCode::UNAUTHORIZED | StatusCode::METHOD_NOT_ALLOWED => {}
                    StatusCode::SEE_OTHER if to_the_door => {}
                    status => panic!("{why}: {status}"),
                }
                assert!(page.headers.get("set-cookie").is_none(), "{why}");
            }
        }
    }
    open.sort();
    assert_eq!(open, OPEN);
}

#[test]
fn what_is_for_the_keeper_is_done_for_nobody_else() {
    let s = scene();
    let mut bob = s.bob.clone();
    let keepers = all_routes()
        .into_iter()
        .filter(|route| route.who == Who::Keeper);
    let mut walked = 0;
    for route in keepers {
        let path = route
            .path
            .replace("{who}", &s.a.home.me().to_string())
            .replace("{name}", "dan")
            .replace("{request}", "aaaaaaaa");
        for method in METHODS {
            let request = bob
                .request(method, &path)
                .header("origin", "http://localhost:8480")
                .header("content-type", "application/x-www-form-urlencoded");
            let page =
                bob.ask(request.body(Body::from("name=dan&mail=x@y.example&mailbox=x@y.example")));
            let why = format!("{method} {path}");
            assert!(
                [StatusCode::FORBIDDEN, StatusCode::METHOD_NOT_ALLOWED].contains(&page.status),
                "{why}: {}",
                page.status
            );
            walked += usize::from(page.status == StatusCode::FORBIDDEN);
        }
    }
    assert!(walked > 10);
    assert_eq!(s.b.home.people().expect("people").len(), 7);
    assert_eq!(s.b.home.households().expect("households").len(), 1);
}

#[test]
fn what_says_that_it_carries_nothing_carries_nothing() {
    let mut s = scene();
    let mut bob = s.both("bob");
    let mut seen = 0;
    for route in all_routes().into_iter().filter(|route| !route.carries) {
        let path = route
            .path
            .replace("{who}", &s.a.home.me().to_string())
            .replace("{share}", &s.share)
            .replace("{item}", &s.item);
        if path.contains('{') {
            continue;
        }
        let page = bob.ask("GET", &path, &[]);
        nothing(&page, &path);
        seen += usize::from(page.status == StatusCode::OK);
    }
    assert!(seen > 8, "{seen}");
}

#[test]
fn every_way_out_gives_what_the_rules_say_and_to_others_nothing() {
    let mut s = scene();
    let ways = s.all_ways();
    let (mut bob, mut dan) = (s.both("bob"), s.both("dan"));
    bob.browser = s.bob.clone();
    let mut nobody = Both {
        browser: s.site.browser(),
        program: s.site.bearer("").0,
    };
    let mut narrow = s.site.program(&mut s.b, "bob", "album share").0;
    for (path, of) in &ways {
        let page = bob.ask("GET", path, &[]);
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.text());
        let end = path.rsplit('/').find(|piece| !piece.starts_with(&s.item));
        let size = match (end, *of) {
            (Some("thumb"), Of::Share) => Some((320, 213)),
            (Some("show"), Of::Share) => Some((1280, 853)),
            (Some("print"), Of::Share) => Some((640, 427)),
            (Some("keep"), Of::Share) => Some((500, 333)),
            _ => None,
        };
        match size {
            Some(size) => {
                assert_eq!(pixels(&page), size, "{path}");
                assert_eq!(page.header("cache-control"), "no-store", "{path}");
            }
            None if path.contains("/play/") => {
                assert_eq!(page.body.as_ref(), s.wav, "{path}");
                assert_eq!(page.header("cache-control"), "no-store", "{path}");
            }
            None if path.contains("/own-keep/") || path.ends_with("/original") => {
                assert_eq!(page.body.as_ref(), s.original, "{path}");
            }
            None if path.contains("/own-thumb/") || path.ends_with("/thumb") => {
                assert_eq!(pixels(&page), (320, 213), "{path}");
            }
            None if path.contains("/own-show/") || path.ends_with("/screen") => {
                assert_eq!(pixels(&page), (1800, 1200), "{path}");
            }
            None => {
                let shown = page.text().to_lowercase();
                let said =
                    shown.contains(MARK) || shown.contains(&s.item) || shown.contains(&s.own);
                assert!(said || path == "/api/v1/requests", "{path}: {shown}");
                assert_eq!(page.header("cache-control"), "no-store", "{path}");
            }
        }
        let page = nobody.ask("GET", path, &[]);
        nothing(&page, &format!("{path}, signed out"));
        assert!(
            page.status == StatusCode::UNAUTHORIZED || page.status.is_redirection(),
            "{path}, signed out: {}",
            page.status
        );
        assert_eq!(sealed_for(&s.bob, path), *path);
        refused(&mut dan, path, *of, "another person");
        let as_his = sealed_for(&dan.browser, path);
        refused(&mut dan, &as_his, *of, "another person, with a seal of his");
        if *of == Of::Share {
            let page = dan.ask("GET", &as_his, &[]);
            let why = format!("{path}: it is not hinted at: {}", page.text());
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{why}");
            assert!(!page.text().contains("House A"), "{why}");
        }
        if path.starts_with("/api/") {
            let page = narrow.get(path);
            nothing(&page, path);
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}, other scopes");
        }
    }
}
