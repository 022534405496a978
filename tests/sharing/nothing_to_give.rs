//! A yes that would be refused is not promised: what was given is not kept any more, and nothing is left to share it anew.

use crate::house::{House, Village, order, picture};
use hearthpost::sharing::requests::offer::Offer;
use hearthpost::sharing::share::Order;

const BOB: &str = "home-b+bob@b.example";

fn houses() -> (Village, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    (village, a, b)
}

/// Bob, who may look at all of it small, asks for the files, of which nothing was ever sealed for sending; gives the request.
fn asked(village: &Village, a: &mut House, b: &mut House, share: &str) -> String {
    village.settle(&mut [a, b]);
    let asked = b.asks(share, "bob", "display=full,store=full", "");
    asked.expect("asked");
    village.settle(&mut [a, b]);
    a.home.requests().expect("listed").remove(0).request
}

/// What is said of a yes.
fn offer(a: &mut House) -> Offer {
    let now = a.clock();
    let listed = a.home.requests_foreseen(now).expect("listed").remove(0);
    listed.offer.expect("it waits")
}

/// With which code a yes is refused.
fn refused(a: &mut House, request: &str) -> &'static str {
    let now = a.clock();
    let answered = a.home.answer(request, true, "", now);
    answered.expect_err("there is nothing to give").code
}

#[test]
fn of_files_that_are_not_kept_no_yes_is_promised() {
    let (village, mut a, mut b) = houses();
    let path = a.folder.join("lake.jpg");
    picture(&path, 1200, 800);
    let order = Order {
        what: vec![path.display().to_string()],
        ..order(&[], &[BOB], "display=640")
    };
    let share = a.share(&order).expect("recorded").share;
    let request = asked(&village, &mut a, &mut b, &share);
    let offer = offer(&mut a);
    assert_eq!(offer.rules, None, "{}", offer.words);
    let why = offer.why_not.expect("it is said why");
    assert!(why.contains("not kept any more"), "{why}");
    assert_eq!(refused(&mut a, &request), "parts_gone");
}

#[test]
fn while_one_of_the_pictures_lies_in_the_bin_no_yes_is_promised() {
    let (village, mut a, mut b) = houses();
    let paths = ["lake.jpg", "hill.jpg"].map(|name| a.folder.join(name));
    for (n, path) in (0u32..).zip(&paths) {
        picture(path, 1200 - n, 800);
    }
    let items = a.import(&paths);
    let order = order(&[&items[0], &items[1]], &[BOB], "display=640");
    let share = a.share(&order).expect("recorded").share;
    let request = asked(&village, &mut a, &mut b, &share);
    let promised = offer(&mut a);
    assert!(promised.rules.is_some(), "{:?}", promised.why_not);
    let (now, hill) = (a.now(), [items[1].reference.clone()]);
    let binned = a.home.delete_items(None, &hill, now);
    binned.expect("it goes into the bin");
    let none = offer(&mut a);
    assert_eq!(none.rules, None, "{}", none.words);
    let why = none.why_not.expect("it is said why");
    assert!(why.contains("hill.jpg") && why.contains("bin"), "{why}");
    assert_eq!(refused(&mut a, &request), "in_bin");
    // Out of it again, a yes is promised and gives both.
    a.home.undelete_items(None, &hill).expect("taken out");
    assert!(offer(&mut a).rules.is_some());
    let now = a.clock();
    let given = a.home.answer(&request, true, "", now);
    let given = given.expect("answered").expect("granted");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(b.items(&given).len(), 2);
}
