//! Two people of a house pass the same share on to one household: each sees and takes back what they gave themselves, and
//! what the other gave stays.

use crate::house::{House, Village, order, picture, visitor};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::Fault;
use hearthpost::sharing::accounts::Visitor;
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::forward::narrow::Narrowing;

const C: &str = "home-c@c.example";

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    share: String,
}

/// `a` shared two pictures with bea and bob of `b`, who may pass them on, by these rules; `c` is known there.
fn scene(bea: &str, bob: &str) -> Scene {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bea", "bob", "kim"]);
    let mut c = village.house("c", &["carol", "carl"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let paths = ["lake.jpg", "hill.jpg"].map(|name| a.folder.join(name));
    picture(&paths[0], 1000, 600);
    picture(&paths[1], 900, 500);
    let items = a.import(&paths);
    let mut order = order(&[&items[0], &items[1]], &[], bea);
    let station = |name: &str, rules| {
        let address = format!("home-b+{name}@b.example");
        (
            address.parse().expect("an address"),
            parse_rules(rules).expect("rules"),
        )
    };
    order.stations = vec![station("bea", bea), station("bob", bob)];
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    Scene {
        village,
        a,
        b,
        c,
        share,
    }
}

const OPEN: &str = "display=full,print=full,store=full,forward=yes";

impl Scene {
    fn settle(&mut self) {
        let Scene {
            village, a, b, c, ..
        } = self;
        village.settle(&mut [a, b, c]);
    }

    fn order(&self, person: &str, to: &str, rules: &str) -> ForwardOrder {
        ForwardOrder {
            share: self.share.clone(),
            person: Some(person.parse().expect("a station")),
            to: vec![to.to_owned()],
            rules: Some(Narrowing {
                rules: parse_rules(rules).expect("rules"),
                says_what: true,
                ..Narrowing::default()
            }),
            ..ForwardOrder::default()
        }
    }

    fn gives(&mut self, person: &str, to: &str, rules: &str) {
        let order = self.order(person, to, rules);
        self.b.forward_order(order).expect("passed on");
        self.b.wait(5);
        self.settle();
    }

    /// The larger edge at which somebody of `c` sees each of the pictures.
    fn sees(&mut self, person: &str) -> [Option<u32>; 2] {
        let items = self.c.items(&self.share);
        [0, 1].map(|n| {
            let shown = self.c.view(&items[n].reference, person, Action::Display);
            let (_, bytes) = shown.ok()?;
            let picture = image::load_from_memory(&bytes).expect("a picture");
            Some(picture.width().max(picture.height()))
        })
    }

    /// What a person sees of what went to `c`: the people there, and how far it is.
    fn sent_by(&self, person: &str) -> Vec<(String, &'static str)> {
        let sent = self.b.home.sent_share(&self.share, &visitor(person));
        let to = sent.expect("listed").destinations.into_iter();
        to.map(|to| {
            assert_eq!(to.passed_by.expect("by a person").as_str(), person);
            let people = to
                .stations
                .iter()
                .map(|one| one.address.station.to_string());
            (people.collect::<Vec<_>>().join(" "), to.state)
        })
        .collect()
    }

    fn stops(&mut self, person: &str) -> Result<Vec<String>, Fault> {
        let reading = self.b.reading();
        let now = self.b.home.tick(&reading, &[]).expect("time");
        let who = visitor(person);
        let stopped = self.b.home.stop_sharing(&self.share, Some(C), &who, now)?;
        self.b.wait(5);
        self.settle();
        Ok(stopped.may_have_kept)
    }
}

fn only(words: &str, state: &'static str) -> Vec<(String, &'static str)> {
    vec![(words.to_owned(), state)]
}

#[test]
fn each_sees_and_stops_what_they_passed_on_and_the_others_stays() {
    for (first, then) in [("bea", "bob"), ("bob", "bea")] {
        for back in ["bea", "bob"] {
            let mut s = scene(OPEN, OPEN);
            s.gives(first, &to(first), "display=640,store=640");
            s.gives(then, &to(then), "display=320");
            let (at, other) = (person_of(first), person_of(then));
            assert_eq!(s.sees(at), [Some(640); 2]);
            assert_eq!(s.sees(other), [Some(320); 2]);
            assert_eq!(s.sent_by(first), only(at, "delivered"));
            assert_eq!(s.sent_by(then), only(other, "delivered"));

            let kept = s.stops(back).expect("taken back");
            let expected: &[String] = match back == first {
                true => &[format!("{at} of {C}")],
                false => &[],
            };
            assert_eq!(kept, expected);
            let gone = |one: &str| one == back;
            let seen = |one: &str, edge| (!gone(one)).then_some(edge);
            assert_eq!(s.sees(at), [seen(first, 640); 2], "{back}");
            assert_eq!(s.sees(other), [seen(then, 320); 2], "{back}");
            let state = |one: &str| if gone(one) { "deleted" } else { "delivered" };
            assert_eq!(s.sent_by(first), only(at, state(first)));
            assert_eq!(s.sent_by(then), only(other, state(then)));
            assert_eq!(s.stops(back).expect("it is"), Vec::<String>::new());

            // The other takes back theirs as well, and nothing is left there.
            let left = if gone(first) { then } else { first };
            s.stops(left).expect("taken back");
            assert_eq!(s.c.share_named(&s.share).state, ShareState::Revoked);
            assert!(s.c.blobs().is_empty());
        }
    }
}

/// To whom each gives in these tests.
fn to(person: &str) -> String {
    format!("home-c+{}@c.example", person_of(person))
}

fn person_of(giver: &str) -> &'static str {
    if giver == "bea" { "carol" } else { "carl" }
}

#[test]
fn one_person_there_may_what_either_allows_until_that_one_takes_it_back() {
    let carol = "home-c+carol@c.example";
    let everyone = "home-c@c.example";
    for (bea, bob) in [(carol, carol), (everyone, carol), (carol, everyone)] {
        let mut s = scene(OPEN, OPEN);
        s.gives("bea", bea, "display=640");
        s.gives("bob", bob, "display=320");
        assert_eq!(s.sees("carol"), [Some(640); 2], "{bob} takes nothing away");
        s.gives("bob", bob, "display=900");
        assert_eq!(s.sees("carol"), [Some(900); 2], "{bea} and {bob}");
        s.stops("bob").expect("taken back");
        assert_eq!(s.sees("carol"), [Some(640); 2], "{bea} and {bob}");
    }
}

#[test]
fn less_than_one_gave_before_narrows_their_own_alone() {
    let mut s = scene(OPEN, OPEN);
    let carol = "home-c+carol@c.example";
    s.gives("bea", carol, "display=640");
    s.gives("bob", "home-c+carl@c.example", "display=900");
    s.gives("bea", carol, "display=200");
    assert_eq!(s.sees("carol"), [Some(200); 2]);
    assert_eq!(s.sees("carl"), [Some(900); 2]);
}

#[test]
fn pictures_of_both_are_seen_by_all_there_and_those_of_one_go_with_that_one() {
    let mut s = scene(OPEN, OPEN);
    let items = s.b.items(&s.share);
    for (person, to, n) in [("bea", "carol", 0), ("bob", "carl", 1)] {
        let to = format!("home-c+{to}@c.example");
        let mut order = s.order(person, &to, "display=640");
        order.items = vec![items[n].reference.clone()];
        s.b.forward_order(order).expect("passed on");
        s.settle();
    }
    assert_eq!(s.sees("carol"), [Some(640); 2]);
    s.stops("bob").expect("taken back");
    assert_eq!(s.sees("carol"), [Some(640), None]);
    assert_eq!(s.sees("carl"), [None, None]);
}

/// Nothing is recorded, and it is said why.
fn refused(s: &mut Scene, order: ForwardOrder) -> Fault {
    let before = (s.b.visible(), s.b.given(), s.b.queued());
    let fault = s.b.forward_order(order).expect_err("refused");
    assert_eq!((s.b.visible(), s.b.given(), s.b.queued()), before);
    fault
}

#[test]
fn what_is_in_neither_is_not_given_and_it_is_said_why() {
    let mut s = scene(OPEN, OPEN);
    let carol = "home-c+carol@c.example";
    s.gives("bea", carol, "display=640");
    let order = s.order("bob", carol, "print=640");
    let fault = refused(&mut s, order);
    assert_eq!(fault.code, "unlike", "{fault}");
    assert!(
        fault.message.contains(C) && !fault.message.contains("bea"),
        "{fault}"
    );
    assert_eq!(s.sees("carol"), [Some(640); 2]);
}

#[test]
fn nobody_is_given_a_picture_that_who_passes_on_to_them_may_not_pass_on() {
    let mut s = scene("display=full,forward=yes", "display=1280");
    let items = s.b.items(&s.share);
    // Within the house bea lets bob pass on one of the two.
    let mut order = s.order("bea", "home-b+bob@b.example", "display=640,forward=yes");
    order.items = vec![items[0].reference.clone()];
    let within = s.b.forward_order(order);
    assert_eq!(within.expect_err("one step alone").code, "wider");
    // What bob may not pass on himself does not come to those he gives it to by way of bea either.
    s.gives("bea", "home-c+carol@c.example", "display=640");
    let order = s.order("bob", "home-c+carl@c.example", "display=320");
    assert_eq!(refused(&mut s, order).code, "denied");
}

#[test]
fn who_keeps_the_house_sees_both_and_stops_both() {
    let mut s = scene(OPEN, OPEN);
    s.gives("bea", &to("bea"), "display=640");
    s.gives("bob", &to("bob"), "display=320");
    let keeper = Visitor {
        keeper: true,
        ..visitor("kim")
    };
    let sent = s.b.home.sent_share(&s.share, &keeper);
    let by: Vec<String> = sent
        .expect("listed")
        .destinations
        .iter()
        .map(|to| to.passed_by.as_ref().expect("a person").to_string())
        .collect();
    assert_eq!(by, ["bea", "bob"]);
    let other = s.b.home.sent_share(&s.share, &visitor("kim"));
    assert_eq!(other.expect_err("not hers").code, "unknown_share");
    // What nobody passed on is not taken back, and what one did alone as well as all of it.
    let reading = s.b.reading();
    let now = s.b.home.tick(&reading, &[]).expect("time");
    let kim = "kim".parse().expect("a station");
    let nothing = s.b.home.revoke_by(&s.share, None, &kim, now);
    assert_eq!(nothing.expect_err("nothing").code, "nothing_given");
    let bob = "bob".parse().expect("a station");
    let of_bob = s.b.home.revoke_by(&s.share, None, &bob, now);
    assert_eq!(of_bob.expect("taken back").households, [C]);
    s.b.wait(5);
    s.settle();
    assert_eq!(s.sees("carol"), [Some(640); 2]);
    assert_eq!(s.sees("carl"), [None; 2]);
    s.b.revoke(&s.share, Some(C)).expect("taken back");
    s.settle();
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Revoked);
    for person in ["bea", "bob"] {
        assert_eq!(s.sent_by(person), only(person_of(person), "deleted"));
    }
    // Given anew by one, it is of that one alone.
    s.gives("bob", &to("bob"), "display=320");
    assert_eq!(s.sees("carl"), [Some(320); 2]);
    assert_eq!(s.sees("carol"), [None, None]);
    assert_eq!(s.sent_by("bea"), only("carol", "deleted"));
    assert_eq!(s.sent_by("bob"), only("carl", "delivered"));
}

#[test]
fn what_could_not_go_for_one_goes_along_with_what_the_other_passes_on() {
    let mut s = scene(OPEN, OPEN);
    let faults = s.village.server.faults();
    faults.smtp_rcpt(
        C,
        testmail::Reply::new(550, "5.7.1 not today"),
        testmail::Times::Always,
    );
    let order = s.order("bea", &to("bea"), "display=640");
    s.b.forward_order(order).expect("passed on");
    s.village.sync(&mut s.b);
    let state = s.b.destinations(&s.share)[0].state;
    assert_eq!(state, DestinationState::Failed);
    s.village.server.faults().clear();
    s.gives("bob", &to("bob"), "display=320");
    assert_eq!(s.sees("carol"), [Some(640); 2]);
    assert_eq!(s.sees("carl"), [Some(320); 2]);
}
