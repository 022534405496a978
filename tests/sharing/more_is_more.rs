//! Whoever asks for more and is told yes has no less of anything than before, and nobody asks for what they have.

use crate::house::given::{Scene, small};
use hearthpost::message::{Body, GrantRequest};
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::Fault;
use hearthpost::sharing::forward::narrow::Narrowing;
use hearthpost::sharing::requests::asking::Wish;

const DAY: u64 = 86_400;
const ALL: &str = "display=full,print=full,store=full,forward=yes";

impl Scene {
    fn settle(&mut self) {
        self.village
            .settle(&mut [&mut self.a, &mut self.b, &mut self.c]);
    }

    fn wait(&mut self, seconds: u64) {
        for house in [&mut self.a, &mut self.b, &mut self.c] {
            house.wait(seconds);
        }
    }

    fn ask(&mut self, rules: Option<&str>) -> Result<String, Fault> {
        let now = self.b.home.tick(&self.b.reading(), &[]).expect("time");
        let rules = rules.map(|text| Narrowing::parse(text).expect("rules"));
        let bob = "bob".parse().expect("a station");
        self.b.home.ask(&self.share, &bob, rules, "", now)
    }

    /// A says yes, and Bob has it.
    fn yes(&mut self) {
        self.settle();
        let now = self.a.home.tick(&self.a.reading(), &[]).expect("time");
        let request = self.a.home.requests().expect("rows").remove(0).request;
        let answered = self.a.home.answer(&request, true, "", now);
        answered.expect("answered");
        self.settle();
    }

    fn bob_may(&mut self, action: Action) -> bool {
        let item = self.b.items(&self.share).remove(0).reference;
        self.b.view(&item, "bob", action).is_ok()
    }
}

#[test]
fn a_yes_to_a_time_ends_nothing_that_had_no_end() {
    let mut s = small(ALL);
    // As a box of before, or one that means ill, may ask.
    let share = s.b.share_named(&s.share);
    let body = Body::GrantRequest(GrantRequest {
        share: share.wire,
        origin: share.origin,
        station: "bob".parse().expect("a station"),
        rules: parse_rules("display=1280,period=P30D,views=2").expect("rules"),
        message: String::new(),
    });
    let mail = s.b.letter(&s.a, &s.b.header(&s.a), &body);
    s.village.deliver(&s.a, &mail);
    s.yes();
    s.wait(31 * DAY);
    s.settle();
    for action in [Action::Display, Action::Print, Action::Store] {
        assert!(s.bob_may(action), "{action}");
        s.wait(601);
    }
    let passed =
        s.b.forward(&s.share, "bob", &["home-c@c.example"], "display=640");
    passed.expect("as before");
}

#[test]
fn a_yes_to_a_shorter_time_leaves_what_is_left() {
    let mut s = small("display=1280,period=P60D");
    s.wait(DAY);
    s.ask(Some("print=1280,period=P5D")).expect("asked");
    s.yes();
    assert!(s.bob_may(Action::Print));
    s.wait(58 * DAY);
    assert!(s.bob_may(Action::Display), "the 59th of 60 days");
    s.wait(2 * DAY);
    assert!(!s.bob_may(Action::Display));
}

#[test]
fn another_thirty_days_come_on_top_of_those_that_are_left() {
    let mut s = small("display=1280,period=P60D");
    s.ask(None).expect("asked");
    s.yes();
    s.wait(89 * DAY);
    assert!(s.bob_may(Action::Display));
    s.wait(2 * DAY);
    assert!(!s.bob_may(Action::Display));
}

#[test]
fn a_yes_to_a_longer_time_ends_no_copy_that_was_passed_on() {
    let mut s = small("display=1280,forward=yes,period=P7D");
    s.b.forward(&s.share, "bob", &["home-c+carol@c.example"], "display=640")
        .expect("passed on");
    s.settle();
    s.wait(DAY);
    s.ask(None).expect("asked");
    s.yes();
    s.settle();
    let item = s.c.items(&s.share).remove(0).reference;
    let seen = s.c.view(&item, "carol", Action::Display);
    seen.expect("nobody took it back");
}

#[test]
fn nobody_asks_for_what_is_allowed_already() {
    let mut s = small(ALL);
    for asked in [
        None,
        Some("display=1280"),
        Some("store=full,period=P30D"),
        Some("views=3"),
    ] {
        let refused = s.ask(asked).expect_err("nothing more");
        assert_eq!(refused.code, "allowed_already", "{asked:?}");
        assert!(refused.usage);
    }
    let now = s.b.home.tick(&s.b.reading(), &[]).expect("time");
    let bob = "bob".parse().expect("a station");
    let asking = s.b.home.asking(&s.share, &bob, now).expect("rows");
    assert_eq!(asking.expect("it is his").wishes, []);
    let wished = s.b.home.ask_for(&s.share, &bob, &Wish::ALL, "", now);
    assert_eq!(wished.expect_err("nothing more").code, "allowed_already");
    assert_eq!(s.b.queued(), 0);
    let mut s = small("display=1280,period=P30D");
    s.ask(Some("display=640")).expect_err("he may do more");
    s.ask(Some("display=640,period=P31D")).expect("longer");
}
