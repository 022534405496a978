//! Coming in: the first keeper, sign-in, sign-out, passwords, and who is not let in.

use crate::house::{House, Village};
use crate::site;
use crate::site::{PASSWORD, Site};
use axum::body::Body;
use axum::http::StatusCode;

fn home() -> (Village, House) {
    let village = Village::new("b");
    let house = village.house("b", &["bob", "bea"]);
    (village, house)
}

fn welcome(house: &mut House, name: Option<&str>) -> String {
    let now = house.now();
    let name = name.map(|name| name.parse().expect("a station"));
    let secret = house.home.welcome(name.as_ref(), now).expect("a link");
    format!("/welcome/{}", secret.text())
}

#[test]
fn the_first_to_open_the_link_keeps_the_house_and_it_opens_once() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let link = welcome(&mut house, None);
    let mut first = site.browser();
    assert_eq!(first.get(&link).status, StatusCode::OK);
    let form = [
        ("name", "Ida"),
        ("mail", "people@p.example"),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    let page = first.post(&link, &form);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let settings = first.get("/settings");
    assert!(
        settings.text().contains("The people of this house"),
        "the keeper's part"
    );
    assert!(house.home.has_keeper().expect("rows"));
    let mut second = site.browser();
    assert_eq!(second.get(&link).status, StatusCode::GONE);
    assert_eq!(second.post(&link, &form).status, StatusCode::GONE);
    let now = house.now();
    let fault = house
        .home
        .welcome(None, now)
        .err()
        .expect("no second keeper by link");
    assert_eq!(fault.code, "has_keeper");
}

#[test]
fn a_link_says_what_is_missing_and_opens_still() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let link = welcome(&mut house, None);
    let mut browser = site.browser();
    for (name, mail, password, again, words) in [
        (
            "Ida Maria",
            "i@p.example",
            PASSWORD,
            PASSWORD,
            "cannot be a name",
        ),
        ("ida", "", PASSWORD, PASSWORD, "where mail for you goes"),
        ("ida", "nowhere", PASSWORD, PASSWORD, "not a mail address"),
        ("ida", "i@p.example", "short", "short", "at least 8"),
        ("ida", "i@p.example", PASSWORD, "other", "not the same"),
        (
            "everyone",
            "i@p.example",
            PASSWORD,
            PASSWORD,
            "choose another",
        ),
    ] {
        let form = [
            ("name", name),
            ("mail", mail),
            ("password", password),
            ("again", again),
        ];
        let page = browser.post(&link, &form);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{words}");
        assert!(page.text().contains(words), "{words}: {}", page.text());
    }
    // Bob is of the house already: no mail is asked for.
    let form = [
        ("name", "bob"),
        ("mail", ""),
        ("password", PASSWORD),
        ("again", PASSWORD),
    ];
    assert_eq!(browser.post(&link, &form).status, StatusCode::SEE_OTHER);
}

#[test]
fn a_link_is_over_after_its_time() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let (first, bobs) = (welcome(&mut house, None), welcome(&mut house, Some("bob")));
    house.wait(86_400);
    site.set_clock(&house);
    assert_eq!(site.browser().get(&first).status, StatusCode::GONE);
    assert_eq!(site.browser().get(&bobs).status, StatusCode::OK);
    house.wait(7 * 86_400);
    site.set_clock(&house);
    assert_eq!(site.browser().get(&bobs).status, StatusCode::GONE);
    assert_eq!(
        site.browser().get("/welcome/guessed").status,
        StatusCode::GONE
    );
}

#[test]
fn who_signs_in_goes_where_they_wanted_and_stays_after_a_restart() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let mut bob = site.signed_in(&mut house, "bob");
    let sign_out = bob.post("/sign-out", &[]);
    assert_eq!(sign_out.header("location"), "/sign-in");
    assert_eq!(sign_out.header("clear-site-data"), "\"cache\"");
    let page = bob.get("/received?x=1");
    assert_eq!(page.header("location"), "/sign-in?next=%2Freceived%3Fx%3D1");
    let form = [
        ("name", " Bob "),
        ("password", PASSWORD),
        ("next", "/settings"),
    ];
    assert_eq!(bob.post("/sign-in", &form).header("location"), "/settings");
    let again = Site::of(&house);
    let mut later = again.browser();
    later.headers = vec![(
        "cookie".to_owned(),
        format!(
            "hearthpost-{}={}",
            &house.home.me().to_string()[..8],
            cookie(&bob)
        ),
    )];
    assert_eq!(later.get("/settings").status, StatusCode::OK);
}

fn cookie(browser: &site::Browser) -> String {
    let me = browser.holds("").expect("a session");
    me.to_owned()
}

#[test]
fn a_new_password_ends_the_other_sessions_and_so_does_signing_out_elsewhere() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let mut phone = site.signed_in(&mut house, "bob");
    let mut tablet = site.browser();
    tablet.post("/sign-in", &[("name", "bob"), ("password", PASSWORD)]);
    let wrong = [
        ("old", "not that one"),
        ("new", "another long one"),
        ("again", "another long one"),
    ];
    assert_eq!(
        phone.post("/settings/password", &wrong).status,
        StatusCode::BAD_REQUEST
    );
    assert_eq!(tablet.get("/settings").status, StatusCode::OK);
    let right = [
        ("old", PASSWORD),
        ("new", "another long one"),
        ("again", "another long one"),
    ];
    assert_eq!(
        phone.post("/settings/password", &right).status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(phone.get("/settings").status, StatusCode::OK);
    assert_eq!(
        tablet.get("/settings").status,
        StatusCode::SEE_OTHER,
        "signed out"
    );
    let old = [("name", "bob"), ("password", PASSWORD)];
    assert_eq!(tablet.post("/sign-in", &old).status, StatusCode::FORBIDDEN);
    tablet.post(
        "/sign-in",
        &[("name", "bob"), ("password", "another long one")],
    );
    assert_eq!(
        phone.post("/settings/elsewhere", &[]).status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(phone.get("/settings").status, StatusCode::OK);
    assert_eq!(tablet.get("/settings").status, StatusCode::SEE_OTHER);
}

#[test]
fn a_silent_browser_is_signed_out_and_a_remembered_one_later() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let mut phone = site.signed_in(&mut house, "bob");
    let mut frame = site.browser();
    frame.post(
        "/sign-in",
        &[("name", "bob"), ("password", PASSWORD), ("stay", "on")],
    );
    house.wait(15 * 86_400);
    site.set_clock(&house);
    assert_eq!(phone.get("/settings").status, StatusCode::SEE_OTHER);
    assert_eq!(frame.get("/settings").status, StatusCode::OK);
    house.wait(401 * 86_400);
    site.set_clock(&house);
    assert_eq!(frame.get("/settings").status, StatusCode::SEE_OTHER);
}

#[test]
fn strangers_who_guess_are_slowed_down_and_the_person_still_comes_in() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let mut bob = site.signed_in(&mut house, "bob");
    bob.post("/sign-out", &[]);
    let mut stranger = site.browser();
    let statuses: Vec<StatusCode> = (0..12)
        .map(|_| {
            stranger
                .post("/sign-in", &[("name", "bob"), ("password", "guess guess")])
                .status
        })
        .collect();
    assert_eq!(statuses[..10], [StatusCode::FORBIDDEN; 10]);
    assert_eq!(statuses[10..], [StatusCode::TOO_MANY_REQUESTS; 2]);
    let right = [("name", "bob"), ("password", PASSWORD)];
    let page = stranger.post("/sign-in", &right);
    assert_eq!(
        page.status,
        StatusCode::TOO_MANY_REQUESTS,
        "guessed right too late"
    );
    assert_eq!(bob.post("/sign-in", &right).status, StatusCode::SEE_OTHER);
}

#[test]
fn nobody_learns_who_lives_here() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    site.signed_in(&mut house, "bob");
    let page = |name: &str| {
        let page = site
            .browser()
            .post("/sign-in", &[("name", name), ("password", "guess guess")]);
        page.text().replace(name, "NAME")
    };
    assert_eq!(page("bob"), page("zoe"));
    // As a word: a digest in the page may hold the letters by chance.
    let said = page("bob");
    let mut words = said.split(|c: char| !c.is_alphanumeric());
    assert!(!words.any(|word| word == "bea"));
}

#[test]
fn another_site_changes_nothing_and_another_name_is_not_answered() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let mut bob = site.signed_in(&mut house, "bob");
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let request = bob.request("POST", "/sign-out").header(name, value);
        let page = bob.ask(request.body(Body::empty()));
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    // A browser that says nothing of where the form was, but shows a cookie.
    let request = bob.request("POST", "/sign-out");
    assert_eq!(
        bob.ask(request.body(Body::empty())).status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(bob.get("/settings").status, StatusCode::OK);
    let mut rebound = bob.clone();
    rebound.headers = vec![("host".to_owned(), "evil.example".to_owned())];
    let page = rebound.get("/settings");
    assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(!page.text().contains("bob"));
}

#[test]
fn every_answer_binds_the_page() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let mut bob = site.signed_in(&mut house, "bob");
    for path in [
        "/sign-in",
        "/settings",
        "/nowhere",
        "/received",
        "/welcome/x",
        "/m/a/b/c",
    ] {
        let page = bob.get(path);
        let policy = page.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(page.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(page.header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(
            page.header("cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            page.header("cross-origin-resource-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(page.header("cache-control"), "no-store", "{path}");
        let text = page.text();
        assert!(
            !text.contains(" style=") && !text.contains("<style"),
            "{path}"
        );
        assert!(!text.contains(" onclick="), "{path}");
    }
    let sign_in = site.browser().get("/sign-in");
    let style = sign_in.links("/assets/").remove(0);
    let asset = site.browser().get(&style);
    assert_eq!(asset.status, StatusCode::OK);
    assert!(asset.header("cache-control").contains("immutable"));
}

#[test]
fn cookies_are_for_this_site_and_not_for_scripts() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    site.signed_in(&mut house, "bob");
    let page = site
        .browser()
        .post("/sign-in", &[("name", "bob"), ("password", PASSWORD)]);
    for cookie in page.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().expect("text");
        assert!(cookie.contains("; HttpOnly; SameSite=Lax"), "{cookie}");
        assert!(cookie.contains("; Path=/"), "{cookie}");
    }
}

#[test]
fn only_the_keeper_manages_people() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let mut ida = site.signed_in(&mut house, "bob");
    let mut bea = site.signed_in(&mut house, "bea");
    let new = [("name", "Cleo"), ("mail", "people@p.example")];
    assert_eq!(
        bea.post("/settings/people", &new).status,
        StatusCode::FORBIDDEN
    );
    assert!(
        !bea.get("/settings")
            .text()
            .contains("The people of this house")
    );
    assert_eq!(
        ida.post("/settings/people", &new).status,
        StatusCode::SEE_OTHER
    );
    let page = ida.post("/settings/people/cleo/link", &[]);
    assert_eq!(page.status, StatusCode::OK);
    let link = page.links("http://localhost:8480/welcome/").remove(0);
    let path = link
        .strip_prefix("http://localhost:8480")
        .expect("of this site");
    let mut cleo = site.browser();
    let form = [("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(cleo.post(path, &form).status, StatusCode::SEE_OTHER);
    assert!(cleo.get("/settings").text().contains("cleo"));
    assert_eq!(
        ida.post("/settings/people/cleo/remove", &[("sure", "yes")])
            .status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(
        cleo.get("/settings").status,
        StatusCode::SEE_OTHER,
        "gone with the person"
    );
}
