//! Requests of households that are not heard any more, and more of them than anybody looks at: each is listed, none stands
//! in the way of the others, and a no is always an answer.

use crate::house::House;
use crate::house::passed::{A, B, C, D, Passed, passed_on};
use hearthpost::message::{Body, GrantRequest};
use hearthpost::rules::parse_rules;
use hearthpost::sharing::Fault;
use hearthpost::sharing::requests::offer::Offer;

const DAY: u64 = 86_400;

/// Somebody of a house asks for more of the share.
fn asks(s: &mut Passed, at: usize, person: &str, rules: &str) {
    let house = &mut s.houses[at];
    let now = house.clock();
    let (rules, person) = (parse_rules(rules), person.parse());
    let asked = house.home.ask(
        &s.share,
        &person.expect("a station"),
        Some(rules.expect("rules").into()),
        "",
        now,
    );
    asked.expect("asked");
    s.settle();
}

/// Both `c` and `d` have a copy of `b`, and ask it for more.
fn two_ask() -> Passed {
    let mut s = passed_on();
    let to = ["home-d+dan@d.example"];
    let passed = s.houses[B].forward(&s.share, "bea", &to, "display=200");
    passed.expect("passed on");
    s.settle();
    asks(&mut s, C, "carol", "display=300");
    asks(&mut s, D, "dan", "display=300");
    s
}

/// What is offered to a person, where they are listed with an open request.
fn offered(house: &mut House, person: &str) -> Option<Offer> {
    let now = house.clock();
    let listed = house.home.requests_foreseen(now).expect("listed");
    let mut listed = listed.into_iter();
    let one = listed.find(|one| one.station.as_str() == person && one.state == "open");
    one.map(|one| one.offer.expect("it is said what a yes gives"))
}

fn is_offered(house: &mut House, person: &str) -> bool {
    offered(house, person).expect("listed").rules.is_some()
}

fn why_not(house: &mut House, person: &str) -> String {
    let offer = offered(house, person).expect("listed");
    assert_eq!((offer.rules, offer.words.as_str()), (None, ""));
    offer.why_not.expect("it is said why")
}

fn answer(house: &mut House, person: &str, yes: bool) -> Result<Option<String>, Fault> {
    let listed = house.home.requests().expect("listed").into_iter();
    let mut listed = listed.filter(|one| one.station.as_str() == person);
    let request = listed.next().expect("it was asked").request;
    let now = house.clock();
    house.home.answer(&request, yes, "", now)
}

#[test]
fn who_is_blocked_is_offered_no_yes_and_stops_no_other() {
    let mut s = two_ask();
    let (c, before) = (s.houses[C].mailbox.clone(), s.houses[B].given());
    let b = &mut s.houses[B];
    assert!(is_offered(b, "carol") && is_offered(b, "dan"));
    assert_eq!(b.home.waiting_for_keeper().expect("rows"), 2);
    b.home.block_contact(&c, true).expect("blocked");
    assert_eq!(why_not(b, "carol"), "home-c@c.example is blocked");
    assert!(is_offered(b, "dan"));
    assert_eq!(b.home.waiting_for_keeper().expect("rows"), 1);
    let fault = answer(b, "carol", true).expect_err("it is blocked");
    assert_eq!(fault.code, "blocked");
    assert_eq!(b.given(), before);
    // Let in again it is as before.
    b.home.block_contact(&c, false).expect("let in");
    assert!(is_offered(b, "carol"));
    // A no needs no certificate of whoever is told nothing of it.
    b.home.block_contact(&c, true).expect("blocked");
    b.wait(900 * DAY);
    answer(b, "carol", false).expect("answered");
    assert!(offered(b, "carol").is_none());
    assert_eq!(b.queued(), 0);
}

#[test]
fn an_own_share_is_offered_to_nobody_who_is_blocked_either() {
    let mut s = passed_on();
    asks(&mut s, B, "bea", "print=200");
    let b = s.houses[B].mailbox.clone();
    let a = &mut s.houses[A];
    assert!(is_offered(a, "bea"));
    a.home.block_contact(&b, true).expect("blocked");
    assert_eq!(why_not(a, "bea"), "home-b@b.example is blocked");
    // It is still said what was asked, and no end was to be taken away.
    let words = a.home.requests().expect("listed").remove(0).words;
    assert!(words.starts_with("bea can print them"), "{words}");
    let (asked, _) = words.split_once("So far").unwrap_or((&words, ""));
    assert!(!asked.contains("without an end"), "{words}");
    assert_eq!(answer(a, "bea", true).expect_err("blocked").code, "blocked");
}

#[test]
fn nobody_is_left_to_be_answered_where_an_identity_has_ended() {
    let mut s = two_ask();
    let file = s.houses[C].folder.join("data/ended.pem");
    let b = &mut s.houses[B];
    let now = b.time();
    b.home.send_ended(&file, &[], true, now).expect("ended");
    assert!(offered(b, "carol").is_none());
    assert!(is_offered(b, "dan"));
    assert_eq!(b.home.waiting_for_keeper().expect("rows"), 1);
}

#[test]
fn a_household_whose_own_identity_has_ended_offers_nothing_and_can_say_no() {
    let mut s = two_ask();
    let file = s.houses[B].folder.join("data/ended.pem");
    let b = &mut s.houses[B];
    let now = b.time();
    b.home.send_ended(&file, &[], true, now).expect("ended");
    for person in ["carol", "dan"] {
        let why = why_not(b, person);
        assert!(why.contains("the identity of this household has ended"));
        answer(b, person, false).expect("answered");
        assert!(offered(b, person).is_none());
    }
}

#[test]
fn of_one_that_asks_for_much_a_few_are_looked_at_and_the_others_stand_beside() {
    let mut s = two_ask();
    let share = s.houses[B].share_named(&s.share);
    s.houses[B].wait(60);
    for n in 0..25 {
        let body = Body::GrantRequest(GrantRequest {
            share: share.wire,
            origin: share.origin,
            station: format!("p{n}").parse().expect("a station"),
            rules: parse_rules("display=300").expect("rules"),
            message: String::new(),
        });
        let c = &s.houses[C];
        let mail = c.letter(&s.houses[B], &c.header(&s.houses[B]), &body);
        s.village.deliver(&s.houses[B], &mail);
    }
    s.village.sync(&mut s.houses[B]);
    let b = &mut s.houses[B];
    let now = b.clock();
    let listed = b.home.requests_foreseen(now).expect("listed");
    let of_c = |at: &str| {
        let of_c = listed
            .iter()
            .filter(|one| one.mailbox.as_ref().is_some_and(|one| one.as_str() == at));
        of_c.map(|one| one.offer.as_ref().expect("open"))
            .collect::<Vec<_>>()
    };
    let offers = of_c("home-c@c.example");
    assert_eq!(offers.len(), 20, "as many as may be open");
    let looked_at = offers.iter().filter(|one| one.rules.is_some()).count();
    assert_eq!(looked_at, 5);
    let rest = offers.iter().filter_map(|one| one.why_not.as_deref());
    let rest: Vec<&str> = rest.collect();
    assert_eq!(rest.len(), 15);
    assert!(
        rest.iter().all(|why| why.contains("answer those first")),
        "{rest:?}"
    );
    assert!(is_offered(b, "dan"));
    // Those that are looked at are the oldest, so that each comes to its turn.
    assert!(is_offered(b, "carol"));
    answer(b, "carol", false).expect("answered");
    let now = b.clock();
    let listed = b.home.requests_foreseen(now).expect("listed");
    let looked_at = listed
        .iter()
        .filter(|one| one.offer.as_ref().is_some_and(|one| one.rules.is_some()));
    assert_eq!(looked_at.count(), 6, "five of them, and that of dan");
}
