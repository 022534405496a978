//! What is taken back stops, and nothing else that is due at the same mailbox: what is carried there for others, what another
//! permit lets somebody ask for, what the household itself passed on.

use crate::house::passed::{A, B, C, D, Passed, stranger};
use crate::house::{House, Village, order, picture};
use hearthpost::envelope::Digest;
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, PartRequest, SignedPermit};
use hearthpost::rules::parse_rules;
use hearthpost::sharing::forward::ForwardOrder;

const OPEN: &str = "display=full,store=full,forward=yes";
const TO_C: &str = "home-c+carol@c.example";
const TO_D: &str = "home-d+dan@d.example";

/// `a` shared with bea of `b`, who may pass it on and let it travel further. All know each other, and `a` keeps the parts:
/// somebody who never looks is to have them too.
fn shared() -> Passed {
    let village = Village::new("abcd");
    let people = [("a", "ann"), ("b", "bea"), ("c", "carol"), ("d", "dan")];
    let mut houses: Vec<House> = people.map(|(x, who)| village.house(x, &[who])).into();
    houses.push(stranger(&village, "e"));
    for one in 0..houses.len() {
        let (before, rest) = houses.split_at_mut(one);
        for other in before {
            village.introduce(other, &mut rest[0]);
        }
    }
    let path = houses[A].folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = houses[A].import(&[path]);
    let to = ["home-b+bea@b.example", "home-e@e.example"];
    let mut order = order(&[&items[0]], &to, OPEN);
    order.onward = Some(parse_rules(OPEN).expect("rules"));
    let share = houses[A].share(&order).expect("recorded").share;
    let mut s = Passed {
        village,
        houses,
        share,
    };
    settle(&mut s);
    s
}

/// All but the one who never looks.
fn settle(s: &mut Passed) {
    let mut all: Vec<&mut House> = s.houses[..=D].iter_mut().collect();
    s.village.settle(&mut all);
}

fn pass_on(s: &mut Passed, n: usize, person: &str, to: &str, rules: &str) {
    let share = s.share.clone();
    let passed = s.houses[n].forward(&share, person, &[to], rules);
    passed.expect("passed on");
}

/// `n` gives it to `c` by way of `b`, which carries it without being able to open it.
fn by_way_of_b(s: &mut Passed, n: usize, person: Option<&str>) {
    let (b, now) = (s.houses[B].mailbox.clone(), s.houses[B].now());
    let who = s.houses[n].mailbox.clone();
    let allowed = s.houses[B].home.let_relay(&who, true, now);
    allowed.expect("a known household");
    let order = ForwardOrder {
        share: s.share.clone(),
        person: person.map(|name| name.parse().expect("a station")),
        stations: vec![(
            TO_C.parse().expect("an address"),
            parse_rules("display=200").expect("rules").into(),
        )],
        relay_via: Some(b),
        yes: true,
        ..ForwardOrder::default()
    };
    s.houses[n].forward_order(order).expect("given");
}

/// The permits on which each grant for `c` stands that lies in its mailbox: who signed the last of them.
fn grants_at_c(s: &Passed) -> Vec<usize> {
    let is_letter = |mail: &Vec<u8>| !String::from_utf8_lossy(mail).contains("Hearthpost: parts");
    let mails = s.village.inbox(&s.houses[C]).into_iter();
    let c = &s.houses[C];
    let grants = mails.filter(|mail| is_letter(mail) && c.read(mail).body.kind() == "grant");
    let by = |mail: Vec<u8>| {
        let chain = c.read_grant(&mail).grant.chain;
        let last = SignedPermit::verify(&chain.last().expect("a permit").0).expect("good");
        let from = last.permit().from;
        (A..=D).find(|n| s.me(*n) == from).expect("one of them")
    };
    grants.map(by).collect()
}

/// The chain of the copy that `n` has of `granter`.
fn chain_of(s: &Passed, n: usize, granter: usize) -> Vec<Bytes> {
    let rows = s.houses[n].home.album.rows();
    let share = s.houses[n].share_named(&s.share);
    let holdings = rows.holdings(share.id).expect("rows").into_iter();
    let mut theirs = holdings.filter(|holding| holding.granter == s.me(granter));
    let chain = theirs.next().expect("a copy").chain;
    chain.into_iter().map(Bytes).collect()
}

/// `d` asks `b` for all parts, and shows a chain.
fn d_asks_b(s: &mut Passed, chain: Vec<Bytes>) {
    let share = s.houses[D].share_named(&s.share);
    let parts = s.houses[D].home.album.rows().parts(share.id);
    let parts = parts.expect("rows");
    let body = Body::PartRequest(PartRequest {
        share: share.wire,
        origin: share.origin,
        parts: parts
            .iter()
            .map(|part| part.digest)
            .collect::<Vec<Digest>>(),
        chain,
    });
    s.stall(B);
    s.write(D, B, &body);
    s.pass(B);
    assert!(s.houses[B].queued() > 0, "it is answered");
}

fn take_back(s: &mut Passed, n: usize, from: Option<&str>) {
    let share = s.share.clone();
    s.houses[n].revoke(&share, from).expect("taken back");
}

#[test]
fn letter_that_is_only_handed_on_goes_though_what_somebody_passed_on_there_is_taken_back() {
    let mut s = shared();
    by_way_of_b(&mut s, A, None);
    s.village.sync(&mut s.houses[A]);
    s.stall(B);
    s.pass(B);
    pass_on(&mut s, B, "bea", TO_C, OPEN);
    take_back(&mut s, B, Some("home-c@c.example"));
    s.go_on(B);
    assert_eq!(grants_at_c(&s), [A], "what is owed to the origin, alone");
    assert!(s.waiting(C).contains(&"parts"), "with its parts");
    settle(&mut s);
    assert_eq!(chain_of(&s, C, A).len(), 1);
    let listed = s.houses[C].home.received().expect("listed");
    assert_eq!(listed[0].state, "complete");
}

#[test]
fn parts_that_are_carried_go_though_a_copy_further_on_of_the_same_household_ends() {
    let mut s = shared();
    pass_on(&mut s, B, "bea", TO_D, OPEN);
    settle(&mut s);
    pass_on(&mut s, D, "dan", TO_C, "display=200");
    settle(&mut s);
    by_way_of_b(&mut s, A, None);
    s.village.sync(&mut s.houses[A]);
    s.stall(B);
    s.pass(B);
    take_back(&mut s, B, Some("home-d@d.example"));
    s.village.take_mail(&s.houses[C]);
    s.go_on(B);
    assert_eq!(grants_at_c(&s), [A]);
    assert!(s.waiting(C).contains(&"parts"), "{:?}", s.waiting(C));
}

/// `d` has a copy of `b` and one of `c`, which has its own of `b`.
fn two_copies_at_d() -> Passed {
    let mut s = shared();
    pass_on(&mut s, B, "bea", TO_C, OPEN);
    pass_on(&mut s, B, "bea", TO_D, OPEN);
    settle(&mut s);
    pass_on(&mut s, C, "carol", TO_D, "display=200");
    settle(&mut s);
    s
}

#[test]
fn parts_go_out_on_the_permit_with_which_they_were_asked_for() {
    for (granter, back, go) in [
        (B, "home-d@d.example", false),
        (C, "home-c@c.example", false),
        (C, "home-d@d.example", true),
        (B, "home-c@c.example", true),
    ] {
        let mut s = two_copies_at_d();
        let chain = chain_of(&s, D, granter);
        d_asks_b(&mut s, chain);
        take_back(&mut s, B, Some(back));
        s.go_on(B);
        let came = s.waiting(D).contains(&"parts");
        assert_eq!(came, go, "asked with the copy of {granter}, {back}");
    }
}

#[test]
fn parts_go_out_on_one_permit_though_another_household_takes_its_own_back() {
    for (granter, go) in [(C, false), (B, true)] {
        let mut s = two_copies_at_d();
        let chain = chain_of(&s, D, granter);
        d_asks_b(&mut s, chain);
        take_back(&mut s, C, None);
        s.village.sync(&mut s.houses[C]);
        // The word of it comes by way of the one who has it.
        let word = s.village.take_mail(&s.houses[D]);
        for mail in &word {
            let body = s.houses[D].read(mail).body;
            s.write(D, B, &body);
        }
        s.pass(B);
        s.go_on(B);
        let came = s.waiting(D).contains(&"parts");
        assert_eq!(came, go, "asked with the copy of {granter}");
    }
}

/// `a` and `d` both have it carried to `c` by way of `b`, which looks at both letters at once.
fn carried_for_two() -> Passed {
    let mut s = shared();
    pass_on(&mut s, A, "ann", TO_D, OPEN);
    settle(&mut s);
    by_way_of_b(&mut s, A, None);
    by_way_of_b(&mut s, D, Some("dan"));
    for n in [A, D] {
        s.village.sync(&mut s.houses[n]);
    }
    s
}

#[test]
fn what_two_households_have_carried_to_one_goes_for_both() {
    let mut s = carried_for_two();
    s.village.sync(&mut s.houses[B]);
    let mut by = grants_at_c(&s);
    by.sort_unstable();
    assert_eq!(by, [A, D]);
}

#[test]
fn what_is_carried_for_one_goes_though_the_other_takes_its_own_back() {
    for (back, left) in [(A, D), (D, A)] {
        let mut s = carried_for_two();
        s.stall(B);
        s.pass(B);
        assert!(s.houses[B].queued() > 0);
        // Of what it only carries there is nothing to take back from `b`.
        let from = if back == A {
            "home-b@b.example"
        } else {
            "home-c@c.example"
        };
        take_back(&mut s, back, Some(from));
        s.village.sync(&mut s.houses[back]);
        s.pass(B);
        s.go_on(B);
        assert_eq!(grants_at_c(&s), [left], "{back} takes it back");
        assert!(s.waiting(C).contains(&"parts"), "{back} takes it back");
    }
}
