//! The station before somebody who means ill: what is planted, guessed, typed, uploaded and sent by other households.

mod brought_in;

use crate::house::{House, Village, order, picture};
use crate::site::{Browser, PASSWORD, Page, Program, Site};
use axum::body::Body;
use axum::http::StatusCode;

fn home() -> (Village, House, Site) {
    let village = Village::new("b");
    let house = village.house("b", &["bob", "bea"]);
    let site = Site::of(&house);
    (village, house, site)
}

/// A form of one file, its name as it stands there.
fn bring(browser: &mut Browser, name: &str, bytes: &[u8]) -> Page {
    browser.bring("/album/files", ["files", name, "text/html"], bytes)
}

/// The pages of the items of the album, newest first.
fn items(browser: &mut Browser) -> Vec<String> {
    let ways = ["files", "delete", "undelete", "add", "hide", "uploads"];
    let links = browser.get("/").links("/album/").into_iter();
    links
        .filter(|link| !ways.iter().any(|way| link.ends_with(way)))
        .collect()
}

/// The media path of a kind that a page leads to.
fn media(browser: &mut Browser, page: &str, kind: &str) -> Option<String> {
    let links = browser.get(page).links("/m/").into_iter();
    let mark = format!("/{kind}/");
    links.into_iter().find(|link| link.contains(&mark))
}

#[test]
fn a_session_that_was_planted_in_a_browser_is_nobodys_afterwards() {
    let (_village, mut house, site) = home();
    site.signed_in(&mut house, "bob");
    let cookie = format!("hearthpost-{}", &house.home.me().to_string()[..8]);
    let planted = "A".repeat(43);
    let mut victim = site.browser();
    victim.headers = vec![("cookie".to_owned(), format!("{cookie}={planted}"))];
    let page = victim.post("/sign-in", &[("name", "bob"), ("password", PASSWORD)]);
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let given = victim.holds(&cookie).expect("a session of its own");
    assert_ne!(given, planted);
    let mut attacker = site.browser();
    attacker.headers = victim.headers.clone();
    assert_eq!(attacker.get("/settings").status, StatusCode::SEE_OTHER);
    // Nor does what a browser is known by sign anybody in.
    let known = victim.holds("-known").expect("known").to_owned();
    attacker.headers = vec![("cookie".to_owned(), format!("{cookie}={known}"))];
    assert_eq!(attacker.get("/settings").status, StatusCode::SEE_OTHER);
}

#[test]
fn a_name_that_nobody_can_have_is_tried_no_oftener_than_others() {
    let (_village, mut house, site) = home();
    site.signed_in(&mut house, "bob");
    let mut stranger = site.browser();
    let mut statuses = (0..12).map(|at| {
        let name = format!("Nobody {at}!");
        let form = [("name", name.as_str()), ("password", "guess guess")];
        stranger.post("/sign-in", &form).status
    });
    // Each costs the box what a right one costs.
    assert!(
        statuses
            .by_ref()
            .take(10)
            .all(|one| one == StatusCode::FORBIDDEN)
    );
    assert!(statuses.all(|one| one == StatusCode::TOO_MANY_REQUESTS));
    let form = [("name", "bob"), ("password", PASSWORD)];
    let page = site.browser().post("/sign-in", &form);
    assert_eq!(
        page.status,
        StatusCode::SEE_OTHER,
        "the people still come in"
    );
}

#[test]
fn who_finds_a_browser_signed_in_does_not_guess_the_password_by_it() {
    let (_village, mut house, site) = home();
    let mut found = site.signed_in(&mut house, "bob");
    let change = |browser: &mut Browser, old: &str| {
        let form = [
            ("old", old),
            ("new", "a password of mine"),
            ("again", "a password of mine"),
        ];
        browser.post("/settings/password", &form).status
    };
    for at in 0..10 {
        let status = change(&mut found, &format!("guess number {at}"));
        assert_eq!(status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(change(&mut found, PASSWORD), StatusCode::TOO_MANY_REQUESTS);
    // In their own browser the person does it still.
    let mut own = site.signed_in(&mut house, "bob");
    assert_eq!(change(&mut own, PASSWORD), StatusCode::SEE_OTHER);
    assert_eq!(
        found.get("/settings").status,
        StatusCode::SEE_OTHER,
        "signed out"
    );
}

#[test]
fn nobody_is_led_to_another_site() {
    let (_village, mut house, site) = home();
    let mut bob = site.signed_in(&mut house, "bob");
    for next in [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https:evil.example",
        "https://localhost:8480.evil.example/",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/%0d%0aSet-Cookie: a=b",
        "/\r\nSet-Cookie: a=b",
        " //evil.example",
    ] {
        let query: String = next.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let form = [("name", "bob"), ("password", PASSWORD), ("next", next)];
        let language = [("language", "en"), ("next", next)];
        let undelete = [("picture", "aaaaaaaa"), ("back", next)];
        let mut other = site.browser();
        for page in [
            bob.get(&format!("/sign-in?next={query}")),
            other.post("/sign-in", &form),
            bob.post("/language", &language),
            bob.post("/album/undelete", &undelete),
        ] {
            let to = page.header("location");
            let within = to.is_empty() || (to.starts_with('/') && !to.starts_with("//"));
            assert!(within && !to.contains('\\'), "{next:?} leads to {to:?}");
            assert!(
                !to.contains("evil") || to.starts_with("/%0d"),
                "{next:?}: {to:?}"
            );
            assert_ne!(page.header("set-cookie"), "a=b", "{next:?}");
        }
    }
}

#[test]
fn words_that_stand_in_a_link_are_not_said_as_ours() {
    let (_village, mut house, site) = home();
    let (mut bob, mut bea) = (
        site.signed_in(&mut house, "bob"),
        site.signed_in(&mut house, "bea"),
    );
    let page = bring(&mut bob, "empty.jpg", b"");
    let told = page.header("location").to_owned();
    assert!(
        bob.get(&told)
            .text()
            .contains("empty.jpg: the file is empty")
    );
    // Another person's address, and words that were changed on the way.
    assert!(!bea.get(&told).text().contains("empty.jpg"));
    let changed = told.replace("empty", "Call%20us");
    assert!(!bob.get(&changed).text().contains("Call us"));
    for link in [
        "/?added=1&out=Call+us&said=Call+us&by=",
        "/?said=Call+us",
        "/?kept=Call+us&said=Call+us&by=AAAAAAAAAAAAAAAAAAAAAA",
    ] {
        let page = bob.get(link);
        assert_eq!(page.status, StatusCode::OK, "{link}");
        assert!(!page.text().contains("Call us"), "{link}");
    }
}

#[test]
fn the_box_goes_by_its_own_names_however_they_are_written() {
    let (_village, mut house, site) = home();
    let bob = site.signed_in(&mut house, "bob");
    let as_host = |host: &str| {
        let mut browser = bob.clone();
        browser.headers = vec![("host".to_owned(), host.to_owned())];
        browser.get("/settings").status
    };
    assert_eq!(as_host("LOCALHOST:8480"), StatusCode::OK);
    for host in [
        "localhost:8480@evil.example",
        "localhost@evil.example",
        "evil.example:8480",
        "localhost.evil.example",
        "localhost:8480.evil.example",
        "localhost/evil.example",
        "localhost#.evil.example",
        "localhost?.evil.example",
        "localhost, evil.example",
        "127.0.0.1.evil.example",
        "[::1].evil.example",
        "[::1]@evil.example",
        "evil.example#localhost",
        "",
    ] {
        assert_eq!(as_host(host), StatusCode::MISDIRECTED_REQUEST, "{host:?}");
    }
}

#[test]
fn a_change_that_another_site_asks_for_is_not_done_in_whatever_form_it_comes() {
    let (_village, mut house, site) = home();
    let bob = site.signed_in(&mut house, "bob");
    for kind in [
        "text/plain",
        "application/json",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "",
    ] {
        for origin in [
            "http://evil.example",
            "null",
            "http://localhost:8481",
            "http://localhost",
            "https://localhost:8480.evil.example",
            "http://localhost:8480@evil.example",
            "localhost:8480",
            "",
        ] {
            for method in ["POST", "PUT", "DELETE", "PATCH"] {
                let mut bob = bob.clone();
                let mut request = bob
                    .request(method, "/settings/elsewhere")
                    .header("origin", origin);
                if !kind.is_empty() {
                    request = request.header("content-type", kind);
                }
                let page = bob.ask(request.body(Body::from("old=x")));
                let why = format!("{method} from {origin:?} as {kind:?}");
                assert_eq!(page.status, StatusCode::FORBIDDEN, "{why}");
            }
        }
    }
    // What a page of the box says of itself counts, whatever stands in the form.
    let mut bob = bob.clone();
    let request = bob
        .request("GET", "/settings/elsewhere?_method=POST")
        .header("x-http-method-override", "POST");
    let page = bob.ask(request.body(Body::empty()));
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[test]
fn what_another_household_calls_things_is_nowhere_a_tag() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    let hostile = "<img src=x onerror=alert(1)>\"'><script>alert(1)</script>{{ 7919*7907 }}";
    a.home.config.name = hostile.to_owned();
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("<svg onload=alert(1)>.jpg");
    picture(&path, 300, 200);
    let item = a.import(&[path]).remove(0);
    a.home
        .set_caption(None, &item.reference, hostile)
        .expect("written");
    let rules = "display=full,print=full,store=full,forward=yes,period=P7D";
    let mut wish = order(&[&item], &["home-b+bob@b.example"], rules);
    wish.title = hostile.to_owned();
    wish.message = hostile.to_owned();
    let share = a.share(&wish).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    let item = b.items(&share).remove(0).reference;
    let household = format!("/households/{}", a.home.me());
    let mut said = 0;
    for path in [
        "/".to_owned(),
        "/received".to_owned(),
        format!("/received/{share}"),
        format!("/received/{share}/{item}"),
        format!("/received/{share}/{item}?print=yes"),
        format!("/received/{share}/pass-on"),
        "/frame".to_owned(),
        "/frame/choose".to_owned(),
        "/households".to_owned(),
        household,
        "/sent".to_owned(),
        "/settings".to_owned(),
    ] {
        let page = bob.get(&path);
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        for tag in ["<img src=x", "<script>alert", "<svg onload", "'><script"] {
            assert!(!text.contains(tag), "{path}: {tag}");
        }
        assert!(!text.contains("62615533"), "{path}");
        said += usize::from(text.contains("&lt;img src=x") || text.contains("&lt;svg onload"));
    }
    assert!(said > 5, "the words are there, as words: {said}");
    // As a document they are no page.
    let list = bob.get("/frame/pictures");
    assert_eq!(list.header("content-type"), "application/json");
    assert_eq!(list.header("x-content-type-options"), "nosniff");
    let keep = media(&mut bob, &format!("/received/{share}/{item}"), "keep");
    let kept = bob.get(&keep.expect("may be kept"));
    assert!(!kept.header("content-disposition").contains('<'));
}

#[test]
fn a_template_of_the_operators_takes_the_place_of_ours_and_its_values_are_escaped() {
    let (_village, mut house, _) = home();
    let folder = house.folder.join("data/templates/web");
    std::fs::create_dir_all(&folder).expect("a folder");
    let own = "{% extends 'base.html' %}{% block main %}<main>Mail of {{ person }}, {{ q }}</main>{% endblock %}";
    std::fs::write(folder.join("received.html"), own).expect("a file");
    let site = Site::of(&house);
    let mut bob = site.signed_in(&mut house, "bob");
    let text = bob.get("/received?q=%3Cb%3E").text();
    assert!(
        text.contains("<main>Mail of bob, &lt;b&gt;</main>"),
        "{text}"
    );
    assert!(text.contains("href=\"/sent\""), "the rest is ours: {text}");
    assert!(!bob.get("/sent").text().contains("Mail of"));
}

#[test]
fn a_template_of_the_operators_that_cannot_be_used_tells_no_path_and_no_words_of_it() {
    let (_village, mut house, _) = home();
    let folder = house.folder.join("data/templates/web");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("sent.html"), "{{ nothing.of.that }} secret").expect("a file");
    // Not one of ours: nothing reads it.
    std::fs::write(folder.join("other.html"), "{% include '../../keys.toml' %}").expect("a file");
    std::fs::write(
        folder.join("programs.html"),
        "{% include '../../keys.toml' %}{% include '/etc/hostname' %}",
    )
    .expect("a file");
    let site = Site::of(&house);
    let mut bob = site.signed_in(&mut house, "bob");
    for path in ["/sent", "/settings/programs"] {
        let page = bob.get(path);
        assert_eq!(page.status, StatusCode::INTERNAL_SERVER_ERROR, "{path}");
        let text = page.text();
        for word in ["secret", "keys.toml", "hostname", "templates", "nothing.of"] {
            assert!(!text.contains(word), "{path}: {word}");
        }
    }
    assert_eq!(bob.get("/settings").status, StatusCode::OK);
}
