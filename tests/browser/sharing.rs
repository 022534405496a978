//! The share page in a browser: whatever lies open on it, what it says is what is chosen.

use crate::browser::Browser;
use crate::house::{House, Village};
use crate::open::Open;
use hearthpost::album::{Contact, Trust};

/// The page of bob, for a picture of his, who knows two other households.
fn open(trust: Trust) -> (Village, Open, Browser) {
    let village = Village::new("abc");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    for mailbox in [0, 2].map(|house| open.houses[house].mailbox.clone()) {
        let home = &mut open.houses[1].home;
        let contact = home.contact_at(&mailbox).expect("known");
        let contact = Contact { trust, ..contact };
        let put = home.album.commit(|rows| rows.put_contact(&contact));
        put.expect("noted");
    }
    let item = open.import(1, "balloon.jpg");
    let bob = open.browser(1, "bob");
    bob.goto(&format!("{}/share?picture={item}", open.base(1)));
    (village, open, bob)
}

#[test]
fn the_page_says_what_is_chosen_while_more_of_it_lies_open() {
    let (_village, open, bob) = open(Trust::Verified);
    bob.click(".people input[value='home-a@a.example'] + .face");
    bob.until("who it is for", || {
        bob.says("can look at these for 30 days")
    });
    bob.click(".check details.more > summary");
    bob.click("select[name=via] option[value='home-c@c.example']");
    bob.click(".presets input[value=all] + span");
    bob.until("what they may do", || bob.says("pass them on"));
    assert!(!bob.says("can look at these for 30 days"));
    assert!(bob.has(".check details.more[open]"), "it stays open");
    let chosen = "return document.querySelector('select[name=via]').value;";
    assert_eq!(bob.run(chosen, vec![]), "home-c@c.example");
    bob.click("[data-part=go] .btn");
    bob.until("recorded", || bob.at().starts_with("/sent/"));
    let sent = open.houses[1].home.sent().expect("rows").remove(0);
    let to = |mailbox: &str| {
        sent.destinations
            .iter()
            .find(|to| to.mailbox.as_str() == mailbox)
    };
    let to = to("home-a@a.example").expect("it goes there");
    assert_eq!(
        to.via.as_ref().map(|via| via.as_str()),
        Some("home-c@c.example")
    );
    assert!(to.stations[0].rules.forward);
    assert_eq!(bob.complaints(), Vec::<String>::new());
}

#[test]
fn a_question_is_answered_and_the_answer_counts() {
    let (_village, open, bob) = open(Trust::Seen);
    bob.click(".people input[value='home-a@a.example'] + .face");
    bob.click(".presets input[value=keep] + span");
    bob.until("the question", || bob.has("[name=yes]"));
    bob.click("[name=yes]");
    assert!(bob.has("[name=yes]:checked"));
    bob.click("[data-part=go] .btn");
    bob.until("recorded", || bob.at().starts_with("/sent/"));
    assert_eq!(open.houses[1].home.sent().expect("rows").len(), 1);
}

#[test]
fn who_goes_back_after_sharing_finds_what_was_chosen_and_shares_it_once() {
    let (_village, open, bob) = open(Trust::Seen);
    bob.click(".people input[value='home-a@a.example'] + .face");
    bob.click(".presets input[value=keep] + span");
    bob.until("the question", || bob.has("[name=yes]"));
    // It is not answered, and asked again.
    bob.click("[data-part=go] .btn");
    bob.until("a page of its own", || bob.at().starts_with("/share?sent="));
    let asked = bob.at();
    bob.click("[name=yes]");
    bob.click("[data-part=go] .btn");
    bob.until("recorded", || bob.at().starts_with("/sent/"));
    let recorded = bob.at();
    for _ in 0..2 {
        bob.run("history.back();", vec![]);
        bob.until("the way back", || bob.at() == asked);
        bob.until("what was chosen", || {
            bob.has("[name=to][value='home-a@a.example']:checked") && bob.has("[name=yes]")
        });
        bob.run("history.forward();", vec![]);
        bob.until("what was recorded", || bob.at() == recorded);
    }
    bob.run("history.back();", vec![]);
    bob.until("the way back", || bob.has("[name=yes]"));
    bob.click("[name=yes]");
    bob.click("[data-part=go] .btn");
    bob.until("the same", || bob.at() == recorded);
    assert_eq!(open.houses[1].home.sent().expect("rows").len(), 1);
}

/// Who was given something last stands first from then on, and browsers put ticks back by their place.
#[test]
fn who_goes_back_finds_nobody_chosen_whom_they_did_not_choose() {
    let (_village, _open, bob) = open(Trust::Verified);
    let first = || {
        bob.run(
            "return document.querySelector('.people input').value;",
            vec![],
        )
    };
    assert_eq!(first(), "home-a@a.example");
    bob.click(".people input[value='home-c@c.example'] + .face");
    bob.until("who it is for", || {
        bob.says("can look at these for 30 days")
    });
    bob.click("[data-part=go] .btn");
    bob.until("recorded", || bob.at().starts_with("/sent/"));
    bob.run("history.back();", vec![]);
    bob.until("the way back", || bob.at().starts_with("/share?"));
    bob.until_at_rest();
    bob.until("the other order", || first() == "home-c@c.example");
    assert!(!bob.has("[name=to][value='home-a@a.example']:checked"));
}

#[test]
fn who_was_asked_who_they_are_is_known_on_the_open_page_once_they_answer() {
    let village = Village::new("abcd");
    let mut open = Open::of(|x, who| village.house(x, &[who]));
    let item = open.import(1, "balloon.jpg");
    let mut d = village.house("d", &["dora"]);
    let now = d.now();
    let invited = d.home.invite(None, 7, now).expect("an invitation");
    let words = format!("Home-D@d.example {}", *invited.words);
    let keeper = "bob".parse().expect("a person");
    let now = open.houses[1].clock();
    let begun = open.houses[1].home.join(&words, Some(&keeper), now);
    begun.expect("followed");
    let bob = open.browser(1, "bob");
    let page = format!("{}/share?picture={item}&to=Home-D@d.example", open.base(1));
    bob.goto(&page);
    bob.until("that it was asked", || bob.says("asked, no answer yet"));
    village.settle(&mut [&mut open.houses[1], &mut d]);
    bob.until("that it answered", || !bob.says("asked, no answer yet"));
    assert!(bob.says("House D") && !bob.says("words not compared"));
    bob.click("[data-part=go] .btn");
    bob.until("recorded", || bob.at().starts_with("/sent/"));
    assert_eq!(bob.complaints(), Vec::<String>::new());
}

#[test]
fn the_page_after_sharing_says_when_all_of_it_has_arrived() {
    let (village, mut open, bob) = open(Trust::Verified);
    bob.click(".people input[value='home-a@a.example'] + .face");
    bob.until("who it is for", || bob.says("can look at these"));
    bob.click("[data-part=go] .btn");
    bob.until("recorded", || bob.says("Recorded, and on its way"));
    let mut houses: Vec<&mut House> = open.houses.iter_mut().collect();
    village.settle(&mut houses);
    bob.until("its arrival", || bob.says("All of it has arrived"));
    assert!(!bob.says("on its way") && !bob.says("goes on by itself"));
    assert_eq!(bob.complaints(), Vec::<String>::new());
}

#[test]
fn a_day_and_a_number_of_days_are_asked_for_where_that_is_how_long() {
    let (_village, _open, bob) = open(Trust::Verified);
    bob.click(".people input[value='home-a@a.example'] + .face");
    bob.click(".presets label:last-child");
    bob.until("what the one may", || bob.has("[data-part=each] .person"));
    bob.until_at_rest();
    bob.click("[data-part=each] .person summary");
    let shown = |name: &str| {
        let script = "return document.querySelector(`[data-part=each] [name^='${arguments[0]} ']`).checkVisibility();";
        bob.run(script, vec![name.into()]) == true
    };
    for (long, wanted) in [
        ("30", [false, false]),
        ("day", [true, false]),
        ("days", [false, true]),
        ("none", [false, false]),
    ] {
        bob.click(&format!(
            "[data-part=each] [name^='long '] option[value='{long}']"
        ));
        bob.until(long, || [shown("day"), shown("days")] == wanted);
        bob.until_at_rest();
        assert_eq!([shown("day"), shown("days")], wanted, "{long}");
    }
    assert!(shown("from") && shown("times"));
    assert_eq!(bob.complaints(), Vec::<String>::new());
}

#[test]
fn other_pictures_are_chosen_and_the_people_stay() {
    let (_village, mut open, bob) = open(Trust::Verified);
    open.import(1, "poppies.jpg");
    bob.click(".people input[value='home-a@a.example'] + .face");
    bob.until("who it is for", || bob.says("can look at these"));
    bob.click("[name=do][value=change]");
    bob.until("the album", || bob.at().starts_with("/?change="));
    bob.until_shown();
    assert!(bob.has(".tick :checked"), "what was chosen is chosen");
    bob.click("li:not(:has(:checked)) .tick");
    bob.click(".chosen > .btn");
    bob.until("the share page", || bob.at().starts_with("/share"));
    assert!(bob.says("2 pictures") && bob.says("can look at these"));
    assert!(bob.has("[name=to][value='home-a@a.example']:checked"));
    bob.click("[data-part=go] .btn");
    bob.until("recorded", || bob.at().starts_with("/sent/"));
    let sent = open.houses[1].home.sent().expect("rows").remove(0);
    assert_eq!((sent.count, sent.destinations.len()), (2, 1));
    assert_eq!(bob.complaints(), Vec::<String>::new());
}
