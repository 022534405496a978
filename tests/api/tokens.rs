//! What a program may: by its token and nothing else, as far as its scopes go, until it ends.

use crate::house::{House, Village};
use crate::site::{Program, Site};
use axum::http::StatusCode;
use hearthpost::encoding::Timestamp;
use hearthpost::sharing::accounts::Scope;
use hearthpost::web::{Who, all_routes};
use serde_json::json;

const DAY: u64 = 86_400;

fn home() -> (Village, House, Site) {
    let village = Village::new("b");
    let house = village.house("b", &["bob", "bea"]);
    let site = Site::of(&house);
    (village, house, site)
}

/// Every route for programs, with something in the places of its path.
fn asked() -> Vec<(&'static str, String, Who)> {
    let for_programs = |who: &Who| matches!(who, Who::Program(_) | Who::Listener);
    let routes = all_routes().into_iter();
    let asked = routes
        .filter(|route| for_programs(&route.who))
        .map(|route| {
            let method = route.method.expect("of a route for programs");
            let path = route
                .path
                .split('/')
                .map(|piece| match piece.starts_with('{') {
                    true => "aaaaaaaa",
                    false => piece,
                });
            (method, path.collect::<Vec<_>>().join("/"), route.who)
        });
    asked.collect()
}

#[test]
fn a_program_acts_for_the_person_whose_token_it_shows() {
    let (_village, mut house, site) = home();
    let mut program = site.program(&mut house, "bea", "read");
    let me = program.get("/api/v1/me").done(200);
    assert_eq!(me["name"], "bea");
    assert_eq!(me["address"], "home-b+bea@b.example");
    assert_eq!(me["house"], "House B");
}

#[test]
fn nothing_but_a_token_opens_the_interface_for_programs() {
    let (_village, mut house, site) = home();
    let mut bob = site.signed_in(&mut house, "bob");
    let mut token = site.program(&mut house, "bob", "read album share");
    let mut others = ["", "Bearer", "Bearer x", "Basic Ym9iOng=", "Bearer  "].map(|shown| {
        let mut program = site.bearer("");
        program.0.headers[0].1 = shown.to_owned();
        program
    });
    let asked = asked();
    assert!(asked.iter().any(|(method, ..)| *method == "GET"));
    for (method, path, who) in asked {
        let refused = |program: &mut Program| {
            let page = program.send(method, &path, &json!({}));
            assert_eq!(page.problem(401), "token", "{method} {path}");
            let how = page.header("www-authenticate");
            assert!(how.starts_with("Bearer"), "{how}");
        };
        for other in &mut others {
            refused(other);
        }
        if who != Who::Listener {
            // Somebody signed in in a browser has no token: no page of another site can borrow the cookie.
            let mut signed_in = Program(bob.clone());
            // A page of the box itself asks, which no other site can pretend.
            signed_in.0.headers = vec![("origin".to_owned(), "http://localhost:8480".to_owned())];
            refused(&mut signed_in);
        }
    }
    // And a token opens no page for people.
    assert_eq!(bob.get("/settings").status, StatusCode::OK);
    let page = token.get("/settings");
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
}

#[test]
fn a_token_opens_what_its_scopes_say_and_no_more() {
    let (_village, mut house, site) = home();
    for scope in Scope::ALL {
        let mut program = site.program(&mut house, "bob", scope.as_str());
        for (method, path, who) in asked() {
            let wanted = match who {
                Who::Program(wanted) => wanted,
                _ => continue,
            };
            let page = program.send(method, &path, &json!({}));
            if wanted == scope {
                assert_ne!(page.status, StatusCode::UNAUTHORIZED, "{method} {path}");
                assert!(!page.text().contains("hearthpost:scope"), "{method} {path}");
            } else {
                assert_eq!(page.problem(403), "scope", "{method} {path}");
            }
        }
    }
}

#[test]
fn a_token_ends_when_it_is_to_or_is_ended_or_the_person_leaves() {
    let (_village, mut house, site) = home();
    let (bob, bea) = (
        "bob".parse().expect("a station"),
        "bea".parse().expect("a station"),
    );
    let now = house.now();
    let ends = Some(Timestamp::from_unix(house.wall).plus_seconds(DAY));
    let read = [Scope::Read];
    let short = house.home.make_token(&bob, "short", &read, ends, now);
    let long = house.home.make_token(&bob, "long", &read, None, now);
    let gone = house.home.make_token(&bea, "long", &read, None, now);
    let [mut short, mut long, mut gone] =
        [short, long, gone].map(|token| site.bearer(token.expect("a token").text()));
    for program in [&mut short, &mut long, &mut gone] {
        program.get("/api/v1/me").done(200);
    }
    house.wait(DAY);
    site.set_clock(&house);
    assert_eq!(short.get("/api/v1/me").problem(401), "token");
    let tokens = house.home.tokens(&bob).expect("rows");
    let used = |name: &str| tokens.iter().find(|one| one.name == name).expect("it").used;
    assert_eq!(used("long"), Some(now));
    house.home.end_token(&bob, "long").expect("ended");
    assert_eq!(long.get("/api/v1/me").problem(401), "token");
    gone.get("/api/v1/me").done(200);
    let now = house.now();
    house.home.remove_person(&bea, now).expect("removed");
    assert_eq!(gone.get("/api/v1/me").problem(401), "token");
    let fault = house.home.end_token(&bob, "long").expect_err("it is gone");
    assert_eq!(fault.code, "unknown_token");
}

#[test]
fn what_the_album_keeps_of_a_token_opens_nothing() {
    let (_village, mut house, site) = home();
    let station = "bob".parse().expect("a station");
    let now = house.now();
    let token = house
        .home
        .make_token(&station, "x", &[Scope::Read], None, now)
        .expect("a token");
    assert!(token.text().starts_with("hearthpost_") && token.text().len() > 50);
    for entry in std::fs::read_dir(house.home.album.folder()).expect("a folder") {
        let path = entry.expect("an entry").path();
        let Ok(bytes) = std::fs::read(&path) else {
            continue;
        };
        let text = token.text().as_bytes();
        let there = bytes.windows(text.len()).any(|window| window == text);
        assert!(!there, "{}", path.display());
    }
    let row = house.home.tokens(&station).expect("rows").remove(0);
    let mut thief = site.bearer(&row.digest.to_string());
    assert_eq!(thief.get("/api/v1/me").problem(401), "token");
}

#[test]
fn a_person_lets_a_program_in_and_ends_it_on_the_settings() {
    let (_village, mut house, site) = home();
    let mut bob = site.signed_in(&mut house, "bob");
    let form = [("name", "Gallery"), ("read", "on"), ("days", "90")];
    let page = bob.post("/settings/programs", &form);
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let token = page.links("hearthpost_").remove(0);
    let mut program = site.bearer(&token);
    program.get("/api/v1/me").done(200);
    let page = bob.get("/settings/programs");
    assert!(page.text().contains("Gallery") && !page.text().contains(&token));
    // The same name again, none at all, nothing to do.
    for form in [
        vec![("name", "Gallery"), ("read", "on"), ("days", "0")],
        vec![("name", " "), ("read", "on"), ("days", "0")],
        vec![("name", "Other"), ("days", "0")],
    ] {
        let page = bob.post("/settings/programs", &form);
        assert_eq!(page.status, StatusCode::BAD_REQUEST, "{form:?}");
    }
    // Another person has nothing to say about it.
    let mut bea = site.signed_in(&mut house, "bea");
    assert!(!bea.get("/settings/programs").text().contains("Gallery"));
    bea.post("/settings/programs/end", &[("name", "Gallery")]);
    program.get("/api/v1/me").done(200);
    let page = bob.post("/settings/programs/end", &[("name", "Gallery")]);
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(program.get("/api/v1/me").problem(401), "token");
}

#[test]
fn what_is_no_request_is_a_problem_and_not_a_page() {
    let (_village, mut house, site) = home();
    let mut program = site.program(&mut house, "bob", "read album share");
    assert_eq!(program.get("/api/v1/nothing").problem(404), "no_page");
    assert_eq!(program.get("/api/").problem(404), "no_page");
    let page = program.send("DELETE", "/api/v1/me", &json!({}));
    assert_eq!(page.problem(405), "method");
    assert!(page.header("allow").contains("GET"), "{:?}", page.headers);
    // Another site's page, and another name of the box.
    let page = program.send_with(
        "PUT",
        "/api/v1/me",
        &json!({}),
        &[("origin", "http://evil.example")],
    );
    assert_eq!(page.problem(403), "cross_site");
    program
        .0
        .headers
        .push(("host".to_owned(), "evil.example".to_owned()));
    assert_eq!(program.get("/api/v1/me").problem(421), "host");
}
