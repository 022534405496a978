//! An excerpt to look at is listed, opened and counted like a picture, on the pages and by the interface for programs.

use crate::house::{House, Village, order};
use crate::site::{Browser, Page, Program, Site};
use axum::http::StatusCode;
use serde_json::Value;

struct Scene {
    _village: Village,
    b: House,
    bob: Browser,
    program: Program,
}

/// What `a` shared of these files with bob of `b`, to look at the beginning alone.
fn scene(files: &[(&str, Vec<u8>)], rules: &str) -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    for (name, bytes) in files {
        let path = a.folder.join(name);
        std::fs::write(&path, bytes).expect("a file");
        let items = a.import(&[path]);
        let mut order = order(&[&items[0]], &["home-b+bob@b.example"], rules);
        order.excerpt = "2s,2p,2l".parse().expect("lengths");
        order.title = (*name).to_owned();
        a.share(&order).expect("recorded");
    }
    village.settle(&mut [&mut a, &mut b]);
    let site = Site::of(&b);
    let bob = site.signed_in(&mut b, "bob");
    let program = site.program(&mut b, "bob", "read");
    Scene {
        _village: village,
        b,
        bob,
        program,
    }
}

fn sounds() -> Vec<(&'static str, Vec<u8>)> {
    let names = [
        "mill.wav",
        "mill.mp3",
        "mill.flac",
        "mill.ogg",
        "mill.opus",
        "mill.m4a",
    ];
    let read = |name: &'static str| {
        let root = env!("CARGO_MANIFEST_DIR");
        let bytes = std::fs::read(format!("{root}/tests/fixtures/sounds/{name}"));
        (name, bytes.expect("the fixture is there"))
    };
    names.map(read).to_vec()
}

/// It is played where it stands, and any piece of it can be had.
fn played(browser: &mut Browser, link: &str, whole: &Page) {
    assert_eq!(whole.header("content-disposition"), "", "{link}");
    assert!(whole.header("content-type").starts_with("audio/"), "{link}");
    assert_eq!(whole.header("x-content-type-options"), "nosniff");
    assert_eq!(whole.header("cache-control"), "no-store");
    let size = whole.body.len();
    assert_eq!(whole.header("content-length"), size.to_string(), "{link}");
    assert_eq!(whole.header("accept-ranges"), "bytes", "{link}");
    let mut ask = |range: &str| {
        let request = browser.request("GET", link).header("range", range);
        browser.ask(request.body(axum::body::Body::empty()))
    };
    let page = ask("bytes=0-");
    assert_eq!(page.status, StatusCode::PARTIAL_CONTENT, "{link}");
    assert_eq!(page.body, whole.body, "{link}");
    assert_eq!(page.header("accept-ranges"), "bytes");
    assert_eq!(page.header("content-length"), size.to_string());
    let page = ask("bytes=10-19");
    assert_eq!(page.body, whole.body[10..20], "{link}");
    assert_eq!(page.header("content-range"), format!("bytes 10-19/{size}"));
    let page = ask(&format!("bytes={size}-"));
    assert_eq!(page.status, StatusCode::RANGE_NOT_SATISFIABLE, "{link}");
    assert_eq!(page.header("content-range"), format!("bytes */{size}"));
    assert!(page.body.is_empty(), "{link}");
}

#[test]
fn what_may_be_looked_at_in_part_is_listed_and_opened_on_every_way() {
    let mut files = sounds();
    files.push(("poem.txt", b"one\ntwo\nthree\nfour\n".to_vec()));
    let mut s = scene(&files, "display=full,excerpt=yes");
    let list = s.program.get("/api/v1/received").done(200);
    let shares: Vec<Value> = list["shares"].as_array().expect("a list").clone();
    assert_eq!(shares.len(), files.len());
    for share in shares {
        let name = share["title"].as_str().expect("a title");
        let may = &share["items"][0]["may"];
        let seen = ["look", "excerpt", "print", "keep"].map(|one| may[one] == true);
        assert_eq!(seen, [true, true, false, false], "{name}");
        let (_, whole) = files.iter().find(|(one, _)| *one == name).expect("a file");
        let item = share["items"][0]["id"].as_str().expect("an id");
        let path = format!("/api/v1/received/items/{item}/show");
        let opened = s.program.get(&path);
        assert_eq!(opened.status, StatusCode::OK, "{name}");
        assert!(
            !opened.body.is_empty() && opened.body.len() < whole.len(),
            "{name}"
        );
        let share = share["share"].as_str().expect("an id");
        let page = s.bob.get(&format!("/received/{share}/{item}"));
        let text = page.text();
        let sounds = !name.ends_with(".txt");
        assert_eq!(
            text.contains("Open what was shared of it"),
            !sounds,
            "{text}"
        );
        assert_eq!(text.contains("<audio src="), sounds, "{text}");
        // How long the whole is, nobody here knows.
        let words = "its beginning, or all of it where it is short";
        assert_eq!(text.contains(words), sounds, "{text}");
        let links = page.links("/m/").into_iter();
        let link = links
            .filter(|link| link.contains("/show/"))
            .collect::<Vec<_>>();
        let given = s.bob.get(&link[0]);
        assert_eq!(given.body, opened.body, "{name}");
        match sounds {
            true => played(&mut s.bob, &link[0], &given),
            false => {
                let disposition = given.header("content-disposition");
                assert!(disposition.starts_with("attachment"));
                assert_eq!(given.header("content-type"), "application/octet-stream");
            }
        }
        // Programs get a file.
        let disposition = opened.header("content-disposition");
        assert!(disposition.starts_with("attachment"));
        // It is a file, and no picture of a list or a frame.
        let page = s.bob.get(&format!("/received/{share}"));
        assert_eq!(page.status, StatusCode::OK);
        assert!(!page.text().contains("/thumb/"), "{name}");
        assert!(!s.bob.get("/frame/pictures").text().contains(item));
    }
    assert!(s.bob.get("/received").text().contains("poem.txt"));
}

#[test]
fn an_excerpt_that_is_counted_is_counted_when_it_is_opened() {
    let poem = ("poem.txt", b"one\ntwo\nthree\nfour\n".to_vec());
    let mut s = scene(&[poem], "display=full,excerpt=yes,views=1");
    let list = s.program.get("/api/v1/received").done(200);
    let item = list["shares"][0]["items"][0]["id"].clone();
    let item = item.as_str().expect("an id");
    let share = list["shares"][0]["share"].clone();
    let share = share.as_str().expect("an id");
    s.bob.get(&format!("/received/{share}/{item}"));
    let path = format!("/api/v1/received/items/{item}/show");
    assert_eq!(s.program.get(&path).body, b"one\ntwo\n"[..]);
    s.b.wait(601);
    assert_eq!(
        s.b.view(item, "bob", hearthpost::rules::Action::Display)
            .err()
            .map(|f| f.code),
        Some("denied")
    );
}
