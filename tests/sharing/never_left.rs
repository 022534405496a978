//! What somebody passed on and was taken back before it left their house went nowhere: there it stands so, and the word of it
//! reaches the origin, which heard that it was passed on.

use crate::house::passed::{A, B, C, D, Passed};
use crate::house::{House, Village, cannot_write, order, picture};
use hearthpost::rules::parse_rules;
use hearthpost::sharing::listing::Copy;
use testmail::{Reply, Times};

const OPEN: &str = "display=full,store=full,forward=yes";
const TO_C: &str = "home-c+carol@c.example";
const TO_D: &str = "home-d+dan@d.example";
const DAY: u64 = 86_400;

/// `a` shared with bea of `b`, who may pass it on and let it travel further. All know each other.
fn shared() -> Passed {
    let village = Village::new("abcd");
    let people = [("a", "ann"), ("b", "bea"), ("c", "carol"), ("d", "dan")];
    let mut houses: Vec<House> = people.map(|(x, who)| village.house(x, &[who])).into();
    for one in 0..houses.len() {
        let (before, rest) = houses.split_at_mut(one);
        for other in before {
            village.introduce(other, &mut rest[0]);
        }
    }
    let path = houses[A].folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = houses[A].import(&[path]);
    let mut order = order(&[&items[0]], &["home-b+bea@b.example"], OPEN);
    order.onward = Some(parse_rules(OPEN).expect("rules"));
    let share = houses[A].share(&order).expect("recorded").share;
    let mut s = Passed {
        village,
        houses,
        share,
    };
    s.settle();
    s
}

/// Nothing is taken for now that a house sends to that mailbox; what it sends to others goes.
fn hold_back(s: &Passed, from: usize, to: usize) {
    let faults = s.village.server.faults();
    let of = faults.of(s.houses[from].mailbox.as_str());
    let later = Reply::new(451, "4.3.0 try again later");
    of.smtp_rcpt(s.houses[to].mailbox.as_str(), later, Times::Always);
}

/// `b` has it, may pass it on, and passed it on to `c`, for whom nothing is taken.
fn passed_on(whole: bool) -> Passed {
    let mut s = shared();
    let share = s.share.clone();
    match whole {
        true => s.stall(B),
        false => hold_back(&s, B, C),
    }
    let passed = s.houses[B].forward(&share, "bea", &[TO_C], OPEN);
    passed.expect("passed on");
    s.pass(B);
    s.village.sync(&mut s.houses[A]);
    s
}

fn copy(s: &Passed, at: usize, holder: usize) -> Option<Copy> {
    let sent = s.houses[at].home.sent().expect("listed").remove(0);
    let who = s.me(holder);
    let mut copies = sent.copies.into_iter();
    copies.find(|copy| copy.household == who)
}

fn all_goes_again(s: &mut Passed) {
    s.village.server.faults().clear();
    for house in &mut s.houses {
        house.wait(DAY);
    }
    s.settle();
}

/// `holder` has nothing, all say so, and nobody is told any more.
fn went_nowhere(s: &mut Passed, holder: usize, case: &str) {
    all_goes_again(s);
    let house = &s.houses[holder];
    assert!(house.home.received().expect("listed").is_empty(), "{case}");
    assert!(house.blobs().is_empty(), "{case}");
    let stands = copy(s, A, holder).expect("it is listed at the origin");
    assert!(stands.never_went, "{case}: {stands:?}");
    assert_eq!(stands.state, "deleted", "{case}");
    let handed_in = s.village.server.transactions().len();
    for _ in 0..2 {
        all_goes_again(s);
    }
    let after = s.village.server.transactions().len();
    assert_eq!(after, handed_in, "nobody is told any more: {case}");
}

fn at_b_never_went(s: &Passed, case: &str) {
    let sent = s.houses[B].home.sent().expect("listed").remove(0);
    let to = &sent.destinations[0];
    assert_eq!((to.state, to.never_went), ("revoked", true), "{case}");
}

#[test]
fn what_never_left_whoever_passed_it_on_stands_so_at_the_origin() {
    for whole in [true, false] {
        // The origin takes back all, or what `c` has, or what `b` has; or `b` does.
        for back in ["all", "c", "b", "by b"] {
            let case = format!("{back}, all of it stays: {whole}");
            let mut s = passed_on(whole);
            assert_eq!(copy(&s, A, C).is_some(), !whole, "{case}");
            let share = s.share.clone();
            let (at, from) = match back {
                "all" => (A, None),
                "c" if whole => continue,
                "c" => (A, Some("home-c@c.example")),
                "b" => (A, Some("home-b@b.example")),
                _ => (B, Some("home-c@c.example")),
            };
            s.houses[at].revoke(&share, from).expect("taken back");
            s.village.sync(&mut s.houses[A]);
            s.pass(B);
            at_b_never_went(&s, &case);
            went_nowhere(&mut s, C, &case);
            at_b_never_went(&s, &case);
        }
    }
}

#[test]
fn word_that_cannot_be_written_just_now_is_written_once_a_card_has_come() {
    let mut s = passed_on(false);
    cannot_write(&mut s.houses, B, A);
    let share = s.share.clone();
    let back = s.houses[B].revoke(&share, Some("home-c@c.example"));
    back.expect("taken back");
    s.village.take_mail(&s.houses[A]);
    s.pass(B);
    assert!(!s.waiting(A).contains(&"receipt"), "nothing but a question");
    went_nowhere(&mut s, C, "late");
}

#[test]
fn word_of_it_goes_up_step_by_step() {
    for late in [false, true] {
        goes_up(late);
    }
}

/// `late`: the household between cannot write to the origin when the word comes.
fn goes_up(late: bool) {
    let mut s = shared();
    let share = s.share.clone();
    let passed = s.houses[B].forward(&share, "bea", &[TO_C], OPEN);
    passed.expect("passed on");
    s.settle();
    hold_back(&s, C, D);
    let passed = s.houses[C].forward(&share, "carol", &[TO_D], "display=200");
    passed.expect("passed on");
    for _ in 0..2 {
        s.pass(C);
        s.pass(B);
        s.pass(A);
    }
    assert!(copy(&s, A, D).is_some() && copy(&s, B, D).is_some());
    s.houses[A].revoke(&share, None).expect("taken back");
    s.pass(A);
    s.pass(B);
    s.pass(C);
    if late {
        cannot_write(&mut s.houses, B, A);
    }
    went_nowhere(&mut s, D, "two steps away");
    let stands = copy(&s, B, D).expect("listed");
    assert!(stands.never_went);
    let there = copy(&s, A, C).expect("listed");
    assert_eq!((there.state, there.never_went), ("deleted", false));
}

#[test]
fn more_that_never_left_hides_nothing_that_is_there() {
    let mut s = shared();
    let share = s.share.clone();
    let give = |s: &mut Passed, rules: &str| {
        let passed = s.houses[B].forward(&share, "bea", &[TO_C], rules);
        passed.expect("passed on");
    };
    give(&mut s, "display=200");
    s.settle();
    s.houses[B].wait(60);
    hold_back(&s, B, C);
    give(&mut s, "display=full");
    s.pass(B);
    s.village.sync(&mut s.houses[A]);
    s.houses[A].revoke(&share, None).expect("taken back");
    s.village.sync(&mut s.houses[A]);
    s.pass(B);
    let asked = copy(&s, A, C).expect("listed");
    assert_eq!((asked.state, asked.never_went), ("revoked", false));
    all_goes_again(&mut s);
    let gone = copy(&s, A, C).expect("listed");
    assert_eq!((gone.state, gone.never_went), ("deleted", false));
    assert!(s.houses[C].blobs().is_empty());
}
