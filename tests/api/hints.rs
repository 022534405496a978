//! What a program is told to do about a fault stands in the words of its own interface, never in those of the command line.

use crate::house::{House, Village, picture};
use crate::site::{Page, Program, Site};
use serde_json::{Value, json};

fn scene() -> (Village, House, Program, String) {
    let village = Village::new("ab");
    let mut a = village.house("a", &["ann"]);
    village.introduce(&mut a, &mut village.house("b", &["bob"]));
    let path = a.folder.join("lake.jpg");
    picture(&path, 32, 20);
    let item = a.import(&[path]).remove(0).reference;
    let program = Site::of(&a).program(&mut a, "ann", "read album share");
    (village, a, program, item)
}

/// A line of the document of a fault; empty where it has none.
fn said(page: &Page, name: &str) -> String {
    let problem: Value = serde_json::from_slice(&page.body).expect("JSON");
    problem[name].as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_to_do_is_said_in_the_words_of_the_interface_or_not_at_all() {
    let (_village, _a, mut ann, item) = scene();
    let order = json!({"items": [item], "to": ["home-b@b.example"]});
    let made = ann.send("POST", "/api/v1/shares", &order).done(201);
    let share = made["share"].as_str().expect("a name").to_owned();
    let resend = format!("/api/v1/shares/{share}/resend");
    let share_to = |ann: &mut Program, what: &str, to: &str| {
        let order = json!({"items": [what], "to": [to]});
        ann.send("POST", "/api/v1/shares", &order)
    };
    let asked = [
        (ann.send("POST", &resend, &json!({})), "`to`"),
        (
            ann.send("POST", &resend, &json!({"to": "home-x@x.example"})),
            "",
        ),
        (share_to(&mut ann, &item, "nobody"), "GET /api/v1/contacts"),
        (
            share_to(&mut ann, "zzzzzzzz", "home-b@b.example"),
            "GET /api/v1/items",
        ),
        (ann.get("/api/v1/items/zzzzzzzz"), "GET /api/v1/items"),
    ];
    for (page, told) in asked {
        let detail = said(&page, "detail");
        match told {
            "" => assert_eq!(detail, "", "{}", page.text()),
            told => assert!(detail.contains(told), "{detail}: {}", page.text()),
        }
        for of_the_box in ["hearthpost ", "--"] {
            assert!(!detail.contains(of_the_box), "{detail}");
        }
    }
}

#[test]
fn a_query_that_cannot_be_read_is_said_in_our_own_words() {
    let (_village, _a, mut ann, _) = scene();
    let page = ann.get("/api/v1/items?limit=many");
    assert_eq!(page.problem(400), "query");
    let title = said(&page, "title");
    assert!(title.starts_with("The query cannot be read: "), "{title}");
    assert!(!title.contains("deserialize"), "{title}");
}
