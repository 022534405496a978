//! Receipts by those whom they do not concern: another's chain, a chain that was made up, a forwarder that answers for
//! another. What is known of each copy stays as it is, and nobody is written to.

use crate::house;
use crate::house::passed::{A, B, C, D, Passed, passed_on, stranger};
use crate::house::road::rules;
use crate::house::told::{changes_nothing, next, receipt, with};
use hearthpost::envelope::{Id, sign};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, Code, Onward, Receipt, ReceiptState};
use hearthpost::rules::Tier;

const NOT_THERE: &str = "the chain does not lead to whom it is signed by";
const NOTHING: &str = "a receipt from a household that was granted nothing";

fn refusal(s: &Passed, letter: Id) -> Body {
    let Body::Receipt(receipt) = receipt(s, ReceiptState::Refused, Vec::new()) else {
        unreachable!("it is a receipt");
    };
    Body::Receipt(Receipt {
        reason: Some(Code::Quota),
        letter: Some(letter),
        ..receipt
    })
}

#[test]
fn of_anothers_copy_by_a_household_that_has_none() {
    let mut s = passed_on();
    for (at, owner) in [(A, B), (A, C), (B, C)] {
        for state in [ReceiptState::Complete, ReceiptState::Deleted] {
            let body = receipt(&s, state, s.chain(owner));
            assert_eq!(changes_nothing(&mut s, D, at, &body), [NOT_THERE]);
        }
    }
    // Those whose copies they are may say so.
    let body = receipt(&s, ReceiptState::Deleted, s.chain(C));
    for at in [A, B] {
        let before = s.houses[at].given();
        assert_eq!(s.tells(C, at, &body), Vec::<String>::new());
        assert_ne!(s.houses[at].given(), before);
    }
}

#[test]
fn of_a_copy_further_on_by_the_forwarder_that_answers_for_it() {
    let mut s = passed_on();
    for state in [ReceiptState::Complete, ReceiptState::Deleted] {
        let body = receipt(&s, state, s.chain(C));
        assert_eq!(changes_nothing(&mut s, B, A, &body), [NOT_THERE]);
    }
}

#[test]
fn of_a_copy_further_on_by_the_origin() {
    let mut s = passed_on();
    let body = receipt(&s, ReceiptState::Deleted, s.chain(C));
    assert_eq!(changes_nothing(&mut s, A, B, &body), [NOT_THERE]);
}

#[test]
fn of_the_copy_that_it_is_told_to() {
    // `b` itself has this one; nothing of it is from `b`.
    let mut s = passed_on();
    let body = receipt(&s, ReceiptState::Deleted, s.chain(B));
    let refused = changes_nothing(&mut s, C, B, &body);
    assert_eq!(refused, ["no permit of the chain is from here"]);
}

#[test]
fn with_a_chain_that_was_made_up() {
    let mut s = passed_on();
    let own = |by: usize, to: usize, parent: bool| {
        let permit = next(&s, by, to, &s.chain(B), |new| {
            new.parent = new.parent.filter(|_| parent);
        });
        Bytes(permit.der().to_vec())
    };
    let first = s.chain(B)[0].clone();
    let made_up = [
        // A share that begins elsewhere than at its origin.
        vec![own(D, C, false)],
        // A permit that stands on another's, which is not for whom it is from.
        vec![first.clone(), own(D, C, true)],
        vec![first.clone(), own(C, D, true)],
        // The same twice, and from the middle on.
        vec![first.clone(), first.clone()],
        vec![s.chain(C)[1].clone()],
        Vec::new(),
    ];
    for (n, chain) in made_up.into_iter().enumerate() {
        for state in [ReceiptState::Complete, ReceiptState::Forwarded] {
            let body = receipt(&s, state, chain.clone());
            let refused = changes_nothing(&mut s, D, A, &body);
            assert_eq!(refused.len(), 1, "{n} {state:?}");
        }
    }
}

#[test]
fn with_a_permit_in_the_name_of_the_origin() {
    let mut s = passed_on();
    let (a, d) = (s.me(A).to_string(), s.me(D).to_string());
    let permit = next(&s, D, D, &s.chain(B), |new| new.parent = None);
    let json = serde_json::to_string(permit.permit()).expect("JSON");
    let json = json.replace(&format!("\"from\":\"{d}\""), &format!("\"from\":\"{a}\""));
    let house = &s.houses[D];
    let der = sign(house.identity(), json.as_bytes(), house.time()).expect("signed");
    let body = receipt(&s, ReceiptState::Complete, vec![Bytes(der)]);
    let refused = changes_nothing(&mut s, D, A, &body);
    assert_eq!(refused, ["a permit is not signed by whom it is from"]);
}

#[test]
fn with_the_chain_of_another_share() {
    let mut s = passed_on();
    let items = {
        let path = s.houses[A].folder.join("hill.jpg");
        house::picture(&path, 200, 320);
        s.houses[A].import(&[path])
    };
    let order = house::order(&[&items[0]], &["home-d@d.example"], "display=200");
    let other = s.houses[A].share(&order).expect("recorded").share;
    s.settle();
    let this = std::mem::replace(&mut s.share, other);
    let chain = s.chain(D);
    s.share = this;
    for state in [
        ReceiptState::Complete,
        ReceiptState::Deleted,
        ReceiptState::Forwarded,
    ] {
        let body = receipt(&s, state, chain.clone());
        let refused = changes_nothing(&mut s, D, A, &body);
        assert_eq!(refused, ["the chain is of another share"]);
    }
}

#[test]
fn that_tells_of_a_copy_by_one_who_did_not_pass_it_on() {
    let mut s = passed_on();
    let body = receipt(&s, ReceiptState::Forwarded, s.chain(C));
    // `c` is where it ends, `d` stands nowhere in it.
    for from in [C, D] {
        assert_eq!(changes_nothing(&mut s, from, A, &body), [NOT_THERE]);
    }
    // A chain that goes no further than the one who tells.
    let body = receipt(&s, ReceiptState::Forwarded, s.chain(B));
    assert_eq!(changes_nothing(&mut s, B, A, &body), [NOT_THERE]);
}

#[test]
fn that_tells_of_a_copy_that_may_not_be() {
    let mut s = passed_on();
    // `c` may not pass it on at all; `b` gives more than it may.
    let chain = s.chain(C);
    let further = with(&chain, &next(&s, C, D, &chain, |_| ()));
    let chain = s.chain(B);
    let more = with(
        &chain,
        &next(&s, B, D, &chain, |new| {
            new.tier = Tier::Original;
            new.onward = Some(Onward {
                tier: Tier::Original,
                rules: rules("display=full,print=full,store=full,forward=yes"),
                to: None,
            });
        }),
    );
    let round = with(&s.chain(C), &next(&s, C, A, &s.chain(C), |_| ()));
    for (from, at, chain) in [
        (C, A, further.clone()),
        (C, B, further),
        (B, A, more),
        (C, A, round),
    ] {
        let body = receipt(&s, ReceiptState::Forwarded, chain);
        let refused = changes_nothing(&mut s, from, at, &body);
        assert_eq!(refused.len(), 1);
    }
}

#[test]
fn refusal_of_a_letter_that_was_written_to_another() {
    let mut s = passed_on();
    let letter = s.houses[A].destinations(&s.share).remove(0).letter;
    for from in [C, D] {
        let body = refusal(&s, letter);
        assert_eq!(changes_nothing(&mut s, from, A, &body), [NOTHING]);
    }
    // Its own, and of a letter that was not the last: there is a newer one with a receipt of its own.
    let body = refusal(&s, Id::random());
    assert_eq!(changes_nothing(&mut s, B, A, &body), Vec::<String>::new());
}

#[test]
fn by_a_stranger_and_by_a_household_that_is_blocked() {
    let mut s = passed_on();
    let stranger = stranger(&s.village, "e");
    let body = receipt(&s, ReceiptState::Deleted, s.chain(B));
    s.houses.push(stranger);
    let refused = changes_nothing(&mut s, D + 1, A, &body);
    assert_eq!(refused, ["a receipt from a household that is not known"]);
    let b = s.houses[B].mailbox.clone();
    s.houses[A].home.block_contact(&b, true).expect("blocked");
    let refused = changes_nothing(&mut s, B, A, &body);
    assert_eq!(refused, ["a letter from a blocked household"]);
}

#[test]
fn another_cannot_end_the_telling_of_a_revocation() {
    let mut s = passed_on();
    // `b` is away while it is told.
    let chains = [s.chain(B), s.chain(C)];
    s.houses[A].revoke(&s.share, None).expect("taken back");
    s.village.sync(&mut s.houses[A]);
    for (from, chain) in [(D, &chains[0]), (C, &chains[0]), (D, &chains[1])] {
        let body = receipt(&s, ReceiptState::Deleted, chain.clone());
        assert_eq!(changes_nothing(&mut s, from, A, &body).len(), 1);
    }
    // That it was complete crossed the revocation on the way, and revives nothing.
    let body = receipt(&s, ReceiptState::Complete, chains[0].clone());
    assert_eq!(changes_nothing(&mut s, B, A, &body), Vec::<String>::new());
    s.village.take_mail(&s.houses[B]);
    s.houses[A].wait(86_400);
    s.village.sync(&mut s.houses[A]);
    assert_eq!(s.village.inbox(&s.houses[B]).len(), 1, "told again");
    let body = receipt(&s, ReceiptState::Deleted, chains[0].clone());
    s.tells(B, A, &body);
    s.houses[A].wait(86_400);
    s.village.sync(&mut s.houses[A]);
    assert_eq!(s.village.inbox(&s.houses[B]).len(), 1, "it has said so");
}
