//! Passing on what is not of pictures alone: who may only look gets no file, and so nobody is asked whether they may.

use crate::house::{Village, order, picture};
use crate::site::Site;
use axum::http::StatusCode;
use hearthpost::rules::Action;

#[test]
fn to_look_hands_over_no_sound_and_asks_nothing() {
    let village = Village::new("abc");
    let mut a = village.house("a", &[]);
    let (mut b, mut c) = (village.house("b", &["bob"]), village.house("c", &["carol"]));
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let (lake, sound) = (a.folder.join("lake.jpg"), a.folder.join("mill.wav"));
    picture(&lake, 600, 400);
    let fixture = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/fixtures/sounds/mill.wav"
    );
    std::fs::copy(fixture, &sound).expect("the fixture is there");
    let items = a.import(&[lake, sound]);
    let rules = "display=full,store=full,forward=yes";
    let order = order(
        &items.iter().collect::<Vec<_>>(),
        &["home-b+bob@b.example"],
        rules,
    );
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    let path = format!("/received/{share}/pass-on");
    let items: Vec<String> = b
        .items(&share)
        .into_iter()
        .map(|item| item.reference)
        .collect();
    let items: Vec<(&str, &str)> = items.iter().map(|item| ("item", item.as_str())).collect();
    let look = [("look", "yes"), ("small", "yes")];
    let unknown = [&items[..], &look, &[("also", "home-x@x.example")]].concat();
    let text = bob.press(&path, &unknown).text();
    assert!(
        text.contains("of anything but pictures an excerpt only"),
        "{text}"
    );
    assert!(!text.contains("originals, or let them"), "{text}");
    // It is asked where it is so.
    let kept = [&unknown[..], &[("keep", "yes")]].concat();
    let text = bob.press(&path, &kept).text();
    assert!(text.contains("originals, or let them"), "{text}");
    // And nothing but the picture can be looked at.
    let known = [&items[..], &look, &[("to", "home-c@c.example")]].concat();
    let checked = bob.press(&path, &known).hidden("checked");
    let done = [("do", "send"), ("checked", checked.as_str())];
    let done = bob.press(&path, &[&known[..], &done].concat());
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    village.settle(&mut [&mut b, &mut c]);
    let items = c.items(&share);
    c.view(&items[0].reference, "carol", Action::Display)
        .expect("the picture");
    let refused = c
        .view(&items[1].reference, "carol", Action::Display)
        .expect_err("the sound");
    assert_eq!(refused.code, "no_excerpt");
}
