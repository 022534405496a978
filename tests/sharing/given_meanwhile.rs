//! Something is passed on, and while it is worked out another program of the house reads that it was taken back: nothing goes
//! out that nobody would end.

use crate::house::{House, Village, order, picture};
use hearthpost::crash::meanwhile;
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::Fault;
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::share::Order;

const FURTHER: &str = "display=full,forward=yes";
const CAROL: &str = "home-c+carol@c.example";

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    share: String,
}

/// `a` shared a picture with bea of `b`, who may pass it on; all know `c`, which is a relay for `b`; `b` knows `d`, and nobody `e`.
fn scene() -> Scene {
    let village = Village::new("abcde");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bea", "bob"]);
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    village.introduce(&mut a, &mut c);
    village.introduce(&mut b, &mut village.house("d", &["dan"]));
    let now = c.now();
    c.home.let_relay(&b.mailbox, true, now).expect("known");
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let order = Order {
        onward: Some(parse_rules(FURTHER).expect("rules")),
        ..order(&[&items[0]], &["home-b+bea@b.example"], FURTHER)
    };
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b, &mut c]);
    Scene {
        village,
        a,
        b,
        c,
        share,
    }
}

/// What another program of a house does at that point.
fn at(point: &'static str, house: &House, what: impl FnOnce(&mut House) + 'static) {
    let mut twin = house.twin();
    meanwhile(point, move || what(&mut twin));
}

impl Scene {
    /// Its mail lies at `b`: `a` takes the share back.
    fn is_taken_back(&mut self) {
        self.a.revoke(&self.share, None).expect("taken back");
        self.village.sync(&mut self.a);
    }

    /// Another program of `b` reads its mail while something is worked out that is to be given.
    fn read_meanwhile(&self) {
        at("give.before_commit", &self.b, |twin| {
            twin.sync_alone();
        });
    }

    fn passes_on(&mut self, by: &str, to: &str) -> Result<(), Fault> {
        self.b
            .forward(&self.share, by, &[to], "display=200")
            .map(drop)
    }

    /// Nothing was given from `b`, and nothing waits to go.
    fn nothing_goes(&self) {
        assert!(self.b.destinations(&self.share).is_empty());
        let share = self.b.share_named(&self.share).id;
        let waits = self.b.home.album.rows().awaited(share).expect("rows");
        assert!(waits.is_empty(), "{waits:?}");
    }
}

#[test]
fn what_was_taken_back_meanwhile_is_not_passed_on() {
    let mut s = scene();
    s.is_taken_back();
    s.read_meanwhile();
    let fault = s.passes_on("bea", CAROL).expect_err("taken back");
    assert_eq!(fault.code, "denied");
    s.nothing_goes();
}

#[test]
fn what_was_taken_back_meanwhile_does_not_wait_for_a_card() {
    let mut s = scene();
    s.is_taken_back();
    s.read_meanwhile();
    let fault = s
        .passes_on("bea", "home-e@e.example")
        .expect_err("taken back");
    assert_eq!(fault.code, "denied");
    s.nothing_goes();
}

#[test]
fn what_was_taken_back_meanwhile_goes_by_way_of_nobody() {
    let mut s = scene();
    s.is_taken_back();
    s.read_meanwhile();
    let order = ForwardOrder {
        share: s.share.clone(),
        person: Some("bea".parse().expect("a station")),
        to: vec!["home-d+dan@d.example".to_owned()],
        relay_via: Some("home-c@c.example".parse().expect("a mailbox")),
        yes: true,
        ..ForwardOrder::default()
    };
    let fault = s.b.forward_order(order).expect_err("taken back");
    assert_eq!(fault.code, "denied");
    s.nothing_goes();
}

#[test]
fn who_may_not_pass_on_any_more_meanwhile_does_not() {
    let mut s = scene();
    let bea = ["home-b+bea@b.example"];
    s.a.forward(&s.share, "ann", &bea, "display=200")
        .expect("less");
    s.village.sync(&mut s.a);
    s.read_meanwhile();
    let fault = s.passes_on("bea", CAROL).expect_err("not any more");
    assert_eq!(fault.code, "busy");
    s.nothing_goes();
    assert_eq!(
        s.passes_on("bea", CAROL).expect_err("nor again").code,
        "denied"
    );
}

#[test]
fn what_stood_on_somebody_who_left_meanwhile_is_not_passed_on() {
    let mut s = scene();
    let bob = ["home-b+bob@b.example"];
    s.b.forward(&s.share, "bea", &bob, FURTHER)
        .expect("passed on");
    at("give.before_commit", &s.b, |twin| {
        let (bea, now) = ("bea".parse().expect("a station"), twin.now());
        twin.home.remove_person(&bea, now).expect("removed");
    });
    let fault = s.passes_on("bob", CAROL).expect_err("nobody's");
    assert_eq!(fault.code, "busy");
    s.nothing_goes();
}

#[test]
fn within_the_house_nothing_is_passed_on_that_was_taken_back_meanwhile() {
    let mut s = scene();
    s.is_taken_back();
    at("local.before_commit", &s.b, |twin| {
        twin.sync_alone();
    });
    let fault = s
        .passes_on("bea", "home-b+bob@b.example")
        .expect_err("taken back");
    assert_eq!(fault.code, "denied");
    let share = s.b.share_named(&s.share).id;
    let rows = s.b.home.album.rows();
    for holding in rows.holdings(share).expect("rows") {
        assert!(rows.local_grants(holding.id).expect("rows").is_empty());
    }
}

#[test]
fn an_own_share_that_was_taken_back_meanwhile_is_given_to_nobody_else() {
    let mut s = scene();
    let path = s.a.folder.join("hill.jpg");
    picture(&path, 300, 200);
    let items = s.a.import(&[path]);
    let shared =
        s.a.share(&order(&[&items[0]], &["home-b@b.example"], "display=full"));
    s.share = shared.expect("recorded").share;
    let share = s.share.clone();
    at("give.before_commit", &s.a, move |twin| {
        twin.revoke(&share, None).expect("taken back");
    });
    let given = s.a.forward(&s.share, "ann", &[CAROL], "display=200");
    assert_eq!(given.expect_err("taken back").code, "denied");
    assert_eq!(s.a.destinations(&s.share).len(), 1, "of `b` alone");
}

#[test]
fn what_is_given_while_nothing_happens_is_given() {
    let mut s = scene();
    s.read_meanwhile();
    s.passes_on("bea", CAROL).expect("passed on");
    s.village.settle(&mut [&mut s.a, &mut s.b, &mut s.c]);
    let item = s.c.items(&s.share).remove(0).reference;
    let (seen, _) = s.c.view(&item, "carol", Action::Display).expect("shown");
    assert_eq!(seen.width, Some(200));
}
