//! Who keeps the house puts it into the directory from its page, finds others there and adds them; a real slapd.

use crate::house::{House, Village};
use crate::site::Site;
use crate::slapd::Slapd;
use crate::slapd::directory::publish;
use axum::http::StatusCode;
use hearthpost::album::Trust;

#[test]
fn the_keeper_puts_the_house_into_the_directory_and_others_find_it() {
    let (village, slapd) = (Village::new("ab"), Slapd::start());
    let mut a = village.house("a", &["ann", "ben"]);
    let mut b = village.house("b", &["bob"]);
    let words = [("words", "the-andersons, grandma")];
    // Where none is set nothing is offered, and it is said.
    let without = Site::of(&b);
    let mut bob = without.signed_in(&mut b, "bob");
    let page = bob.get("/households").text();
    assert!(!page.contains("/households/directory"), "{page}");
    let none = bob.post("/households/directory", &words);
    assert!(none.status.is_client_error(), "{}", none.text());
    slapd.used_by(&mut a, "", true);
    slapd.used_by(&mut b, "", false);
    let site = Site::of(&a);
    let (mut ann, mut ben) = (site.signed_in(&mut a, "ann"), site.signed_in(&mut a, "ben"));
    let page = ann.get("/households").text();
    assert!(page.contains("Put this house in the directory"), "{page}");
    assert!(
        !ben.get("/households")
            .text()
            .contains("/households/directory")
    );
    let refused = ben.post("/households/directory", &words);
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = ann.post("/households/directory", &words);
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text());
    let page = ann.get("/households").text();
    assert!(page.contains("This house stands there."), "{page}");
    assert!(page.contains("value=\"the-andersons grandma\""), "{page}");
    let now = b.now();
    let found = village.run(b.home.look_in_directory("the-andersons", now));
    let found = found.expect("an answer").found;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].mailbox, a.mailbox);
    // A directory that is down is said on the page.
    slapd.stop();
    let down = ann.post("/households/directory", &words);
    assert!(
        down.text().contains("no connection to the directory"),
        "{}",
        down.text()
    );
}

#[test]
fn the_keeper_finds_a_household_in_the_directory_and_adds_it_once_sure() {
    let (village, slapd) = (Village::new("abc"), Slapd::start());
    let mut a = village.house("a", &["ann", "ben"]);
    let [mut b, mut c] = ["b", "c"].map(|name| village.house(name, &[]));
    for house in [&mut b, &mut c] {
        slapd.used_by(house, "", true);
        publish(&village, house, &["grandma"]);
    }
    slapd.used_by(&mut a, "", false);
    let site = Site::of(&a);
    let (mut ann, mut ben) = (site.signed_in(&mut a, "ann"), site.signed_in(&mut a, "ben"));
    let page = ann.get("/households").text();
    assert!(page.contains("name=\"find\""), "{page}");
    let find = "/households/directory?find=grandma";
    let add = "/households/directory/add";
    let button = |house: &House| format!("name=\"mailbox\" value=\"{}\"", house.mailbox);
    let found = ann.get(find).text();
    for house in [&b, &c] {
        assert!(found.contains(&button(house)), "{found}");
        assert!(found.contains(&house.home.me().words()), "to compare");
    }
    // It is the keeper's business, and looking takes nobody.
    assert_eq!(ben.get(find).status, StatusCode::FORBIDDEN);
    let (is_b, is_c) = (b.home.me().to_string(), c.home.me().to_string());
    let at_b = [("mailbox", b.mailbox.as_str()), ("household", &is_b)];
    assert_eq!(ben.post(add, &at_b).status, StatusCode::FORBIDDEN);
    // Whose words were shown is added, or nobody: the directory may name another one by then.
    let swapped = ann.post(add, &[at_b[0], ("household", &is_c)]);
    assert_eq!(swapped.status, StatusCode::BAD_REQUEST);
    let text = swapped.text();
    assert!(text.contains("names another household"), "{text}");
    assert!(a.home.contacts().expect("rows").is_empty());
    let added = ann.post(add, &at_b);
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text());
    assert_eq!(
        added.header("location"),
        format!("/households/{}", b.home.me())
    );
    let known = a.home.contacts().expect("rows");
    assert_eq!(known.len(), 1);
    assert_eq!(
        (known[0].fingerprint, known[0].trust),
        (b.home.me(), Trust::Verified)
    );
    let found = ann.get(find).text();
    assert!(!found.contains(&button(&b)) && found.contains("Known here."));
    assert!(found.contains(&button(&c)), "{found}");
    let none = ann.get("/households/directory?find=granny").text();
    assert!(
        none.contains("The directory has nobody like that."),
        "{none}"
    );
    let nothing = ann.get("/households/directory?find=+").text();
    assert!(nothing.contains("say what to look for"), "{nothing}");
    let nobody = ann.post(add, &[("mailbox", "home-z@z.example"), at_b[1]]);
    assert_eq!(nobody.status, StatusCode::NOT_FOUND, "{}", nobody.text());
    // What it said before is shown while it is down, and nobody is added from that.
    slapd.stop();
    a.wait(7_200);
    site.set_clock(&a);
    let old = ann.get(find).text();
    assert!(
        old.contains("The directory does not answer; it said so"),
        "{old}"
    );
    let down = ann.post(
        add,
        &[("mailbox", c.mailbox.as_str()), ("household", &is_c)],
    );
    assert!(
        down.text().contains("no connection to the directory"),
        "{}",
        down.text()
    );
    assert_eq!(a.home.contacts().expect("rows").len(), 1);
}
