//! The page as an app of a phone, with which its system shares pictures; and a proxy that stands before the site.

use crate::house::{House, Village, picture};
use crate::site::{Browser, PASSWORD, Page, Site};
use axum::body::Body;
use axum::http::StatusCode;
use serde_json::Value;

const BOUNDARY: &str = "----phone";

fn home() -> (Village, House) {
    let village = Village::new("b");
    let house = village.house("b", &["bob"]);
    (village, house)
}

fn manifest(site: &Site) -> Value {
    let page = site.browser().get("/manifest.webmanifest");
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.header("content-type"), "application/manifest+json");
    serde_json::from_slice(&page.body).expect("JSON")
}

/// What the system of a phone sends for a file that is shared.
fn share(browser: &mut Browser, path: &str, file: &[u8], headers: &[(&str, &str)]) -> Page {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"IMG_1.jpg\"\r\n\
         Content-Type: image/jpeg\r\n\r\n"
    );
    let end = format!("\r\n--{BOUNDARY}--\r\n");
    let body = [head.as_bytes(), file, end.as_bytes()].concat();
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let mut request = browser.request("POST", path).header("content-type", kind);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    browser.ask(request.body(Body::from(body)))
}

#[test]
fn what_a_phone_may_share_may_be_chosen_on_the_page() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let page = site.signed_in(&mut house, "bob").get("/").text();
    let page = page.replace("&#x2f;", "/");
    let accept = page.split("accept=\"").nth(1).expect("a field for files");
    let accept: Vec<&str> = accept
        .split('"')
        .next()
        .unwrap_or_default()
        .split(',')
        .collect();
    let shared = &manifest(&site)["share_target"]["params"]["files"][0]["accept"];
    assert_eq!(*shared, serde_json::json!(accept));
    for ending in [".heic", ".dng", ".mov"] {
        assert!(accept.contains(&ending), "{ending}");
    }
}

#[test]
fn a_phone_is_told_all_that_an_app_needs() {
    let (_village, house) = home();
    let site = Site::of(&house);
    let door = site.browser().get("/sign-in");
    assert!(door.text().contains("href=\"/manifest.webmanifest\""));
    let manifest = manifest(&site);
    assert_eq!(manifest["name"], "House B");
    assert_eq!(manifest["display"], "standalone");
    for name in ["id", "start_url", "scope"] {
        assert_eq!(manifest[name], "/");
    }
    let mut sizes = Vec::new();
    for icon in manifest["icons"].as_array().expect("icons") {
        let asset = site.browser().get(icon["src"].as_str().expect("a path"));
        assert_eq!(asset.status, StatusCode::OK, "{icon}");
        assert_eq!(asset.header("content-type"), icon["type"]);
        if icon["type"] == "image/png" {
            let pixels = image::load_from_memory(&asset.body).expect("a picture");
            let size = format!("{}x{}", pixels.width(), pixels.height());
            assert_eq!(icon["sizes"], size.as_str());
            sizes.push(size);
        }
    }
    assert_eq!(sizes, ["192x192", "512x512"], "what Chromium asks for");
}

#[test]
fn the_system_of_a_phone_shares_a_picture_with_the_house() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let mut bob = site.signed_in(&mut house, "bob");
    let target = manifest(&site)["share_target"].clone();
    assert_eq!(target["method"], "POST");
    assert_eq!(target["params"]["files"][0]["name"], "files");
    let path = target["action"].as_str().expect("a path");
    let jpeg = picture(&house.folder.join("made.jpg"), 300, 200);
    // As Chromium sends it: no page asked for it.
    let by_system = [("sec-fetch-site", "none"), ("origin", "null")];
    let page = share(&mut bob, path, &jpeg, &by_system);
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let there = page.header("location").to_owned();
    assert_eq!(bob.get(&there).links("/m/").len(), 1, "it is in the album");
    let page = share(&mut site.browser(), path, &jpeg, &by_system);
    assert_eq!(page.status, StatusCode::UNAUTHORIZED, "signed out");
}

#[test]
fn no_page_of_elsewhere_shares_anything_and_the_system_does_nothing_else() {
    let (_village, mut house) = home();
    let site = Site::of(&house);
    let mut bob = site.signed_in(&mut house, "bob");
    let jpeg = picture(&house.folder.join("made.jpg"), 300, 200);
    for headers in [
        &[("sec-fetch-site", "cross-site"), ("origin", "null")][..],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        // A browser that says less.
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[],
    ] {
        let page = share(&mut bob, "/album/files", &jpeg, headers);
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    assert_eq!(bob.get("/").links("/m/").len(), 0);
    for path in [
        "/sign-out",
        "/settings/elsewhere",
        "/share",
        "/album/uploads",
    ] {
        let request = bob.request("POST", path).header("sec-fetch-site", "none");
        let page = bob.ask(request.body(Body::empty()));
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(bob.get("/settings").status, StatusCode::OK, "still there");
}

/// A try to come in, through what a proxy would say.
fn sign_in(site: &Site, name: &str, password: &str, said: &[(&str, &str)]) -> Page {
    let mut browser = site.browser();
    let said = said.iter().map(|(name, value)| (*name, *value));
    browser.headers = said
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    browser.post("/sign-in", &[("name", name), ("password", password)])
}

fn is_for_tls(page: &Page) -> bool {
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    let cookies = page.headers.get_all("set-cookie").iter();
    let mut cookies = cookies.map(|one| one.to_str().expect("text").contains("; Secure"));
    cookies.all(|secure| secure)
}

#[test]
fn what_a_proxy_says_counts_where_one_is_known_alone() {
    let (_village, mut house) = home();
    let alone = Site::of(&house);
    alone.signed_in(&mut house, "bob");
    house.home.config.web.proxy = true;
    let proxied = Site::of(&house);
    let https = [
        ("x-forwarded-proto", "https"),
        ("origin", "https://localhost:8480"),
    ];
    // With the origin that is given, and no other.
    let come = |site: &Site, said: &[(&str, &str)]| {
        let mut browser = site.browser();
        let mut request = browser
            .request("POST", "/sign-in")
            .header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in said {
            request = request.header(*name, *value);
        }
        let form = format!("name=bob&password={}", PASSWORD.replace(' ', "+"));
        browser.ask(request.body(Body::from(form)))
    };
    assert!(is_for_tls(&come(&proxied, &https)));
    assert!(!is_for_tls(&come(
        &proxied,
        &[("origin", "http://localhost:8480")]
    )));
    assert!(!is_for_tls(&come(&alone, &https)));
    // Over TLS, a page in plain text of the same name is anybody's.
    let from_plain = [
        ("x-forwarded-proto", "https"),
        ("origin", "http://localhost:8480"),
    ];
    assert_eq!(come(&proxied, &from_plain).status, StatusCode::FORBIDDEN);
}

#[test]
fn tries_are_counted_by_the_address_that_the_proxy_saw() {
    let (_village, mut house) = home();
    let alone = Site::of(&house);
    alone.signed_in(&mut house, "bob");
    let wrong = |site: &Site, at: usize, from: &str| {
        let said = [("x-forwarded-for", from)];
        sign_in(site, &format!("guess{at}"), "guess guess", &said).status
    };
    // Nobody gets out of the count by what they say of themselves.
    for at in 0..30 {
        wrong(&alone, at, &format!("198.51.100.{at}"));
    }
    let last = wrong(&alone, 30, "198.51.100.99");
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    house.home.config.web.proxy = true;
    let proxied = Site::of(&house);
    for at in 0..30 {
        // The first is what the browser made up.
        wrong(&proxied, at, &format!("198.51.100.{at}, 203.0.113.1"));
    }
    let status = |from: &str| wrong(&proxied, 30, from);
    assert_eq!(
        status("198.51.100.7, 203.0.113.1"),
        StatusCode::TOO_MANY_REQUESTS
    );
    assert_eq!(status("203.0.113.1, 203.0.113.2"), StatusCode::FORBIDDEN);
}
