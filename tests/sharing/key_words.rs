//! Key words are found without regard to case, in all faces by one rule.

use crate::house::{House, Village, order, picture};
use hearthpost::sharing::Fault;

/// `b` and `c` are known to `a`, which has a picture.
fn scene() -> (Village, House, String) {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann"]);
    for x in ["b", "c"] {
        village.introduce(&mut a, &mut village.house(x, &[]));
    }
    let path = a.folder.join("lake.jpg");
    picture(&path, 32, 20);
    let item = a.import(&[path]).remove(0).reference;
    (village, a, item)
}

fn set(house: &mut House, word: &str, x: &str) -> Result<(), Fault> {
    let address = format!("home-{x}@{x}.example").parse();
    let address = address.expect("an address");
    house.home.set_keyword(word, &[address]).map(drop)
}

/// As an older version saved it.
fn set_as_before(house: &mut House, word: &str, x: &str) {
    let address = format!("home-{x}@{x}.example").parse().expect("an address");
    let saved = house
        .home
        .album
        .commit(|rows| rows.set_keyword(word, &[address]));
    saved.expect("saved");
}

/// Whom a word means when it is typed on the page.
fn typed(house: &House, word: &str) -> Result<Vec<String>, Fault> {
    let meant = house.home.meant_by(word)?;
    Ok(meant.iter().map(ToString::to_string).collect())
}

/// And at the command line.
fn shared(house: &mut House, item: &str, word: &str) -> Result<String, Fault> {
    let mut order = order(&[], &[word], "display=100");
    order.what = vec![item.to_owned()];
    house.share(&order)?;
    let sent = house.home.sent().expect("listed").remove(0);
    Ok(sent.destinations[0].mailbox.to_string())
}

#[test]
fn a_word_means_the_same_however_it_is_written_and_wherever() {
    let (_village, mut a, item) = scene();
    set(&mut a, "grandma", "b").expect("saved");
    for word in ["grandma", "Grandma", "GRANDMA"] {
        assert_eq!(typed(&a, word).expect("known"), ["home-b@b.example"]);
        let to = shared(&mut a, &item, word).expect("shared");
        assert_eq!(to, "home-b@b.example", "{word}");
    }
}

#[test]
fn a_word_that_differs_in_case_alone_is_not_saved_beside_another() {
    let (_village, mut a, _) = scene();
    set(&mut a, "\u{d6}ma", "b").expect("saved");
    let fault = set(&mut a, "\u{f6}ma", "c").expect_err("the same word");
    assert_eq!(fault.code, "word");
    assert!(fault.message.contains("\u{d6}ma"), "{}", fault.message);
    assert_eq!(a.home.keywords().expect("listed").len(), 1);
    // The same word has a new meaning then.
    set(&mut a, "\u{d6}ma", "c").expect("replaced");
    assert_eq!(typed(&a, "\u{f6}ma").expect("known"), ["home-c@c.example"]);
}

#[test]
fn of_two_that_are_there_the_exact_one_is_meant_and_else_both_are_named() {
    let (_village, mut a, item) = scene();
    set_as_before(&mut a, "grandma", "b");
    set_as_before(&mut a, "Grandma", "c");
    for (word, to) in [
        ("grandma", "home-b@b.example"),
        ("Grandma", "home-c@c.example"),
    ] {
        assert_eq!(typed(&a, word).expect("exact"), [to]);
        assert_eq!(shared(&mut a, &item, word).expect("shared"), to);
    }
    let on_page = typed(&a, "GRANDMA").expect_err("either");
    let at_box = shared(&mut a, &item, "GRANDMA").expect_err("either");
    let removed = a.home.remove_keyword("GRANDMA").expect_err("either");
    for fault in [on_page, at_box, removed] {
        assert_eq!(fault.code, "several_words");
        let both = "GRANDMA could be one of several key words: Grandma, grandma";
        assert_eq!(fault.message, both);
    }
    // One is let go, and the other is found again.
    assert_eq!(a.home.remove_keyword("Grandma").expect("gone"), "Grandma");
    assert_eq!(typed(&a, "GRANDMA").expect("known"), ["home-b@b.example"]);
    assert_eq!(a.home.remove_keyword("GRANDMA").expect("gone"), "grandma");
    assert_eq!(
        a.home.remove_keyword("grandma").expect_err("none").code,
        "unknown_word"
    );
}
