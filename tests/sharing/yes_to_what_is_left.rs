//! A yes gives the items that were given before, and no others: also where none of them may be given any more.

use crate::house::{House, Village, order, picture};
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::requests::offer::Offer;

const OPEN: &str = "display=full,print=full,forward=yes";
const LAKE: usize = 0;
const HILL: usize = 1;
const MILL: usize = 2;

/// `a` has three pictures in one share, of which `b` is given some; `b` knows `c`.
struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    share: String,
}

fn scene() -> Scene {
    let village = Village::new("abcd");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bea", "bob"]);
    let mut c = village.house("c", &["carol", "carl"]);
    let mut d = village.house("d", &[]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    village.introduce(&mut a, &mut d);
    let paths = ["lake.jpg", "hill.jpg", "mill.jpg"].map(|name| a.folder.join(name));
    for (n, path) in (0u32..).zip(&paths) {
        picture(path, 1000 - n, 600);
    }
    let items = a.import(&paths);
    let items: Vec<_> = items.iter().collect();
    let shared = a.share(&order(&items, &["home-d@d.example"], OPEN));
    let share = shared.expect("recorded").share;
    Scene {
        village,
        a,
        b,
        c,
        share,
    }
}

impl Scene {
    fn settle(&mut self) {
        let Scene {
            village, a, b, c, ..
        } = self;
        village.settle(&mut [&mut *a, &mut *b, &mut *c]);
        for house in [a, b, c] {
            house.wait(60);
        }
    }

    /// `a` gives bea and bob one picture more.
    fn gives(&mut self, item: usize) {
        let order = ForwardOrder {
            share: self.share.clone(),
            items: vec![self.a.items(&self.share).remove(item).reference],
            to: ["bea", "bob"]
                .map(|person| format!("home-b+{person}@b.example"))
                .to_vec(),
            rules: Some(parse_rules(OPEN).expect("rules").into()),
            yes: true,
            ..ForwardOrder::default()
        };
        self.a.forward_order(order).expect("given");
        self.settle();
    }

    /// The same in place of what they had, without a word of revocation: as no honest box does.
    fn gives_alone(&mut self, item: usize) {
        let album = self.a.folder.join("data/album.sqlite");
        let album = rusqlite::Connection::open(album).expect("opens");
        let forgets = "UPDATE destination SET state = 'revoked' WHERE mailbox = 'home-b@b.example'";
        assert_eq!(album.execute(forgets, []).expect("rows"), 1);
        self.gives(item);
    }

    fn passes_on(&mut self, person: &str, to: &str, rules: &str) {
        let to = format!("home-c+{to}@c.example");
        let passed = self.b.forward(&self.share, person, &[&to], rules);
        passed.expect("passed on");
        self.settle();
    }

    /// Carol asks to print; what a yes would give, and the request.
    fn asked(&mut self) -> (String, Offer) {
        let (now, carol) = (self.c.clock(), "carol".parse().expect("a station"));
        let rules = parse_rules("print=320").expect("rules");
        let asked = self
            .c
            .home
            .ask(&self.share, &carol, Some(rules.into()), "", now);
        asked.expect("asked");
        self.settle();
        let now = self.b.clock();
        let mut listed = self.b.home.requests_foreseen(now).expect("listed");
        let one = listed.remove(0);
        (one.request, one.offer.expect("open"))
    }

    fn carol_sees(&mut self, item: usize) -> bool {
        let item = self.c.items(&self.share).remove(item).reference;
        self.c.view(&item, "carol", Action::Display).is_ok()
    }
}

#[test]
fn where_nothing_is_left_of_what_was_passed_on_there_is_no_yes() {
    let mut s = scene();
    s.gives(LAKE);
    s.passes_on("bea", "carol", "display=640");
    s.gives_alone(HILL);
    s.passes_on("bob", "carl", "display=320");
    s.gives(MILL);
    let (request, offer) = s.asked();
    assert_eq!(offer.rules, None, "{}", offer.words);
    let why = offer.why_not.expect("it is said why");
    assert!(why.contains("nothing is left"), "{why}");
    let now = s.b.clock();
    let fault = s.b.home.answer(&request, true, "", now);
    assert_eq!(fault.expect_err("nothing is left").code, "not_given");
    s.settle();
    assert!(!s.carol_sees(MILL), "nobody passed that on");
}

#[test]
fn of_several_who_give_a_person_something_the_one_says_yes_whose_items_are_left() {
    let mut s = scene();
    s.gives(LAKE);
    s.passes_on("bea", "carol", "display=640");
    s.gives_alone(HILL);
    s.passes_on("bob", "carol", "display=320");
    s.gives(MILL);
    let (request, offer) = s.asked();
    assert!(offer.rules.is_some(), "{:?}", offer.why_not);
    let now = s.b.clock();
    let answered = s.b.home.answer(&request, true, "", now);
    answered.expect("answered");
    s.settle();
    assert!(s.carol_sees(HILL));
    assert!(!s.carol_sees(MILL), "nobody passed that on");
    let item = s.c.items(&s.share).remove(HILL).reference;
    let printed = s.c.view(&item, "carol", Action::Print);
    printed.expect("that is what was asked for");
}
