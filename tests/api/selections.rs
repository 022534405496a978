//! What a program has chosen for a person, to be shared on a page: kept for them alone, for a day, and made once.

use crate::house::picture;
use crate::site::Program;
use crate::two_pictures::{album, sent};
use serde_json::{Value, json};

#[test]
fn what_an_album_program_has_chosen_is_kept_for_that_person_for_a_day() {
    let mut a = album();
    let mut bea = a.site.program(&mut a.house, "bea", "album");
    let new = picture(&a.house.folder.join("new.jpg"), 200, 100);
    let begun = bea.send(
        "POST",
        "/api/v1/uploads",
        &json!({"name": "up.txt", "size": 5}),
    );
    let upload = begun
        .header("location")
        .rsplit('/')
        .next()
        .expect("an id")
        .to_owned();
    bea.send_bytes("PUT", begun.header("location"), b"hello".to_vec(), &[])
        .done(200);
    let data = data_encoding::BASE64.encode(&new);
    let chosen = json!({
        "items": [a.lake, a.gift, a.lake], "uploads": [upload],
        "files": [{"name": "new.jpg", "data": data}], "title": "Summer"
    });
    let key = [("idempotency-key", "sel")];
    let page = bea.send_with("POST", "/api/v1/selections", &chosen, &key);
    let made = page.done(201);
    assert_eq!(
        bea.send_with("POST", "/api/v1/selections", &chosen, &key)
            .done(201),
        made
    );
    let id = made["selection"].as_str().expect("a text").to_owned();
    let url = made["url"].as_str().expect("a text");
    assert!(url.ends_with(&format!("/share?selection={id}")), "{url}");
    let items = made["items"].as_array().expect("a list");
    assert_eq!(items.len(), 4);
    let id = id.parse().expect("an id");
    let (bob, bea) = (
        "bob".parse().expect("a station"),
        "bea".parse().expect("a station"),
    );
    let reading = a.house.reading();
    let now = a.house.home.tick(&reading, &[]).expect("time");
    let kept = a.house.home.selection(&bea, id, now).expect("kept");
    assert_eq!(json!(kept.items), made["items"]);
    assert_eq!(kept.title, "Summer");
    let fault = a.house.home.selection(&bob, id, now).expect_err("bea's");
    assert_eq!(fault.code, "unknown_selection");
    // What is deleted meanwhile is not there any more.
    a.house
        .home
        .delete_items(None, &[a.lake.clone()], now.now)
        .expect("deleted");
    assert_eq!(
        a.house
            .home
            .selection(&bea, id, now)
            .expect("kept")
            .items
            .len(),
        3
    );
    a.house.wait(86_400);
    let reading = a.house.reading();
    let later = a.house.home.tick(&reading, &[]).expect("time");
    let fault = a.house.home.selection(&bea, id, later).expect_err("over");
    assert_eq!(fault.code, "unknown_selection");
}

#[test]
fn a_selection_of_nothing_or_of_what_is_broken_is_refused() {
    let mut a = album();
    let mut bob = a.site.program(&mut a.house, "bob", "album");
    let mut refused = |chosen: Value| {
        let page = bob.send("POST", "/api/v1/selections", &chosen);
        assert!(page.status.is_client_error(), "{}", page.text());
        page.problem(page.status.as_u16())
    };
    assert_eq!(refused(json!({})), "nothing");
    assert_eq!(
        refused(json!({"files": [{"name": "x", "data": "*"}]})),
        "base64"
    );
    assert_eq!(
        refused(json!({"files": [{"name": "x", "data": ""}]})),
        "empty"
    );
    assert_eq!(refused(json!({"uploads": ["x"]})), "unknown_upload");
    assert_eq!(refused(json!({"items": ["x"]})), "unknown_item");
    let start = [0xff, 0xd8, 0xff, 0xe0, 0, 0x10];
    let broken = data_encoding::BASE64.encode(&start);
    assert_eq!(
        refused(json!({"files": [{"name": "x.jpg", "data": broken}]})),
        "broken"
    );
    assert_eq!(
        bob.get("/api/v1/uploads").done(200),
        json!({"uploads": []}),
        "nothing is left over"
    );
}

#[test]
fn a_selection_that_failed_half_way_is_made_when_it_is_asked_for_again() {
    let mut a = album();
    let mut bob = a.site.program(&mut a.house, "bob", "read album");
    let key = [("idempotency-key", "sel")];
    let first = sent(&mut bob, "one.txt", 3, b"one");
    let second = sent(&mut bob, "two.txt", 3, b"");
    let chosen = json!({"uploads": [first, second]});
    let select =
        |bob: &mut Program, chosen| bob.send_with("POST", "/api/v1/selections", chosen, &key);
    assert_eq!(select(&mut bob, &chosen).problem(409), "incomplete");
    let listed = bob.get("/api/v1/uploads").done(200);
    let left = listed["uploads"].as_array().expect("a list").len();
    assert_eq!(left, 2, "nothing was brought in for what is refused");

    // What is broken comes to light when the others are items.
    let cut = [0xff, 0xd8, 0xff, 0xe0, 0, 0x10];
    let broken = sent(&mut bob, "cut.jpg", cut.len(), &cut);
    let third = sent(&mut bob, "three.txt", 5, b"three");
    let chosen = json!({"uploads": [first, broken, third]});
    let refused = select(&mut bob, &chosen);
    assert_eq!(refused.problem(409), "broken");
    assert!(refused.text().contains("cut.jpg: "), "{}", refused.text());
    assert_eq!(select(&mut bob, &chosen).problem(404), "unknown_upload");
    let chosen = json!({"uploads": [first, third]});
    let made = select(&mut bob, &chosen).done(201);
    assert_eq!(made["items"].as_array().expect("a list").len(), 2);
    let finish = format!("/api/v1/uploads/{first}/finish");
    let done = bob.send("POST", &finish, &json!({})).done(201);
    assert_eq!(done["item"]["id"], made["items"][0]);
    assert_eq!(done["known"], false, "as it was the first time");
}
