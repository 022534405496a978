//! A choice that is not of pictures alone: of the others the beginning is given where they only look, and what cannot be
//! shared so is named, all of it, with a way out.

use crate::share::{Scene, scene};
use axum::http::StatusCode;
use hearthpost::album::NewItem;
use hearthpost::envelope::{Digest, Id};
use hearthpost::rules::{Action, Kind};

const B: &str = "home-b@b.example";

/// A picture and these files.
fn with(files: &[(&str, &[u8])]) -> Scene {
    let mut s = scene();
    s.items.truncate(1);
    for (name, bytes) in files {
        let path = s.a.folder.join(name);
        std::fs::write(&path, bytes).expect("a file");
        s.items.push(s.a.import(&[path]).remove(0).reference);
    }
    s
}

fn sound() -> Vec<u8> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/sounds/mill.wav"
    );
    std::fs::read(path).expect("the fixture is there")
}

fn poem() -> String {
    (0..40)
        .map(|line| format!("This is line {line}.\n"))
        .collect()
}

#[test]
fn to_look_gives_of_sounds_and_texts_their_beginning() {
    let (sound, poem) = (sound(), poem());
    let mut s = with(&[("mill.wav", &sound), ("poem.txt", poem.as_bytes())]);
    let one = "home-b+bob@b.example";
    let each = [
        ("for", one),
        ("look home-b+bob@b.example", "on"),
        ("may", "each"),
    ];
    for more in [&[("may", "look")][..], &each] {
        let fields = [&[("to", one), ("seconds", "1")], more].concat();
        let page = s.share(&fields).text();
        assert!(
            page.contains("of anything but pictures an excerpt only"),
            "{page}"
        );
        assert!(!page.contains("role=\"alert\""), "{page}");
        let share = s.recorded(&fields);
        s.arrive();
        let items = s.b.items(&share);
        for (name, whole) in [("mill.wav", &*sound), ("poem.txt", poem.as_bytes())] {
            let item = items.iter().find(|item| item.name.as_deref() == Some(name));
            let item = item.expect("it came").reference.clone();
            let (_, seen) = s.b.view(&item, "bob", Action::Display).expect("looked at");
            assert!(!seen.is_empty() && seen.len() < whole.len(), "{name}");
            assert!(s.b.view(&item, "bob", Action::Store).is_err(), "{name}");
        }
    }
}

#[test]
fn of_pictures_alone_nobody_speaks_of_a_beginning() {
    let mut s = with(&[]);
    let page = s.share(&[("to", B), ("may", "look")]).text();
    assert!(
        page.contains("can look at these") && !page.contains("excerpt only"),
        "{page}"
    );
}

#[test]
fn all_that_cannot_be_shared_so_is_named_and_left_out_or_given_whole() {
    let avif = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/pictures/no-place.avif"
    );
    let avif = std::fs::read(avif).expect("the fixture is there");
    let mut s = with(&[
        ("plan.dwg", b"\0\x01plan"),
        ("sun.avif", &avif),
        ("mill.wav", &sound()),
    ]);
    let fields = [("to", B), ("may", "look")];
    let done = [fields.as_slice(), &[("do", "share")]].concat();
    for (page, status) in [
        (s.share(&fields), StatusCode::OK),
        (s.share(&done), StatusCode::BAD_REQUEST),
    ] {
        let text = page.text();
        assert_eq!(page.status, status, "{text}");
        assert!(text.contains("plan.dwg, sun.avif"), "{text}");
        assert!(
            !text.contains(" --") && !text.contains("display="),
            "{text}"
        );
    }
    assert!(s.a.home.sent().expect("rows").is_empty());
    // Without them the rest goes as it was chosen.
    let left = s.share(&[fields.as_slice(), &[("do", "leave")]].concat());
    assert_eq!(left.status, StatusCode::OK);
    let text = left.text();
    for (at, kept) in [(0, true), (1, false), (2, false), (3, true)] {
        let field = format!("name=\"picture\" value=\"{}\"", s.items[at]);
        assert_eq!(text.contains(&field), kept, "{at}: {text}");
    }
    assert!(
        text.contains("can look at these") && !text.contains("plan.dwg"),
        "{text}"
    );
    // Or all of it is theirs to keep.
    let whole = s
        .share(&[fields.as_slice(), &[("do", "whole")]].concat())
        .text();
    assert!(whole.contains("value=\"keep\" checked"), "{whole}");
    assert!(
        whole.contains("keep the originals") && !whole.contains("role=\"alert\""),
        "{whole}"
    );
    // Where nothing would be left, that is not offered.
    s.items = vec![s.items[1].clone()];
    let text = s.share(&fields).text();
    assert!(
        !text.contains("value=\"leave\"") && text.contains("value=\"whole\""),
        "{text}"
    );
}

#[test]
fn a_film_that_is_too_large_to_be_cut_is_said_to_be_before_and_left_out_or_given_whole() {
    let mut s = with(&[]);
    let now = s.a.now();
    let film = NewItem {
        file: Id::random(),
        sha256: Digest::of(b"a long film"),
        size: (1 << 30) + 1,
        kind: Kind::Video,
        name: "Big1.mp4".to_owned(),
        media_type: "video/mp4".to_owned(),
        taken: None,
        dimensions: None,
        source: String::new(),
        added_by: None,
        private: false,
    };
    let album = &mut s.a.home.album;
    let film = album.commit(|rows| rows.add_item(&film, now));
    s.items.push(film.expect("added").reference);
    let fields = [("to", B), ("may", "look"), ("title", "Our film")];
    let done = [fields.as_slice(), &[("do", "share")]].concat();
    for (page, status) in [
        (s.share(&fields), StatusCode::OK),
        (s.share(&done), StatusCode::BAD_REQUEST),
    ] {
        let text = page.text();
        assert_eq!(page.status, status, "{text}");
        let words = "These are too large for their beginning to be cut here: Big1.mp4";
        assert!(text.contains(words), "{text}");
        assert!(
            text.contains("value=\"leave\"") && text.contains("value=\"whole\""),
            "{text}"
        );
        assert!(
            text.contains("value=\"Our film\"") && !text.contains("excerpt only"),
            "{text}"
        );
    }
    let whole = s.share(&[fields.as_slice(), &[("do", "whole")]].concat());
    assert!(
        whole.text().contains("keep the originals"),
        "{}",
        whole.text()
    );
    let left = s.share(&[fields.as_slice(), &[("do", "leave")]].concat());
    assert!(!left.text().contains(&s.items[1]), "{}", left.text());
    // Programs are told likewise.
    let order = serde_json::json!({ "items": [s.items[1]], "to": [B], "excerpt_seconds": 30, "dry_run": true,
        "rules": { "display": { "excerpt": true }, "store": { "excerpt": true } } });
    let mut program = s.site.program(&mut s.a, "ann", "share");
    let refused = program.send("POST", "/api/v1/shares", &order);
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.text());
    assert!(
        refused
            .text()
            .contains("too large to be cut: more than 1024 MiB"),
        "{}",
        refused.text()
    );
}

#[test]
fn whatever_goes_wrong_while_it_is_shared_all_that_was_chosen_is_still_there() {
    let mut s = with(&[("mill.wav", &sound())]);
    let fields = [
        ("to", B),
        ("may", "keep"),
        ("title", "The mill"),
        ("message", "Listen"),
    ];
    let told = s.share(&fields).hidden("checked");
    // The disk of the box has lost them.
    let files = s.a.folder.join("data/files");
    std::fs::remove_dir_all(&files).expect("they were there");
    std::fs::create_dir(&files).expect("a folder");
    let done = [("do", "share"), ("checked", told.as_str())];
    let page = s.share(&[fields.as_slice(), &done].concat());
    let text = page.text();
    assert!(page.status.is_server_error(), "{}: {text}", page.status);
    assert!(text.contains("Something went wrong in this box."), "{text}");
    for kept in [
        "value=\"The mill\"",
        ">Listen<",
        "value=\"keep\" checked",
        "value=\"home-b@b.example\" checked",
    ] {
        assert!(text.contains(kept), "{kept}: {text}");
    }
    for item in &s.items {
        let field = format!("name=\"picture\" value=\"{item}\"");
        assert!(text.contains(&field), "{text}");
    }
    assert!(s.a.home.sent().expect("rows").is_empty());
}

#[test]
fn what_cannot_carry_a_name_is_named() {
    let mut s = with(&[("mill.wav", &sound())]);
    let (look, name) = (format!("look {B}"), format!("name {B}"));
    let fields = [
        ("to", B),
        ("may", "each"),
        ("for", B),
        (&*look, "on"),
        (&*name, "on"),
    ];
    let text = s.share(&fields).text();
    assert!(
        text.contains("No name can be written across these: mill.wav"),
        "{text}"
    );
    let left = s
        .share(&[fields.as_slice(), &[("do", "leave")]].concat())
        .text();
    assert!(left.contains("with their name across"), "{left}");
    let whole = s
        .share(&[fields.as_slice(), &[("do", "whole")]].concat())
        .text();
    assert!(
        whole.contains("keep the originals") && !whole.contains("their name across the picture."),
        "{whole}"
    );
}

#[test]
fn what_a_program_chose_is_looked_at_in_part_as_well() {
    let mut s = with(&[("mill.wav", &sound())]);
    let mut program = s.site.program(&mut s.a, "ann", "album");
    let chosen = serde_json::json!({ "items": s.items });
    let made = program
        .send("POST", "/api/v1/selections", &chosen)
        .done(201);
    let url = made["url"].as_str().expect("an address");
    let path = &url[url.find("/share").expect("the page")..];
    let page = s.ann.get(path);
    assert_eq!(page.status, StatusCode::OK);
    for item in &s.items {
        let field = format!("name=\"picture\" value=\"{item}\"");
        assert!(page.text().contains(&field), "{}", page.text());
    }
    let text = s.share(&[("to", B)]).text();
    assert!(text.contains("an excerpt only"), "{text}");
}

#[test]
fn what_is_said_to_travel_is_about_what_travels() {
    let mut s = scene();
    let path = s.a.folder.join("large.png");
    crate::house::picture(&path, 1800, 1400);
    s.items = vec![s.a.import(std::slice::from_ref(&path)).remove(0).reference];
    let size = path.metadata().expect("a file").len();
    assert!(size > 1_500_000, "{size}");
    let text = s.share(&[("to", B), ("may", "look")]).text();
    assert!(text.contains("About 1 MB, sealed"), "{text}");
    let megabytes = size.div_ceil(1_000_000);
    let text = s.share(&[("to", B), ("may", "keep")]).text();
    let either = [megabytes, megabytes + 1].map(|most| format!("About {most} MB, sealed"));
    assert!(
        either.iter().any(|one| text.contains(one)),
        "{size}: {text}"
    );
}
