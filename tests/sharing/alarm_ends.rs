//! Another identity claims the mailbox of a known household: an alarm, until the keeper has said what is to become of it.

use crate::house::identity::{share, trust_of};
use crate::house::{House, Village};
use hearthpost::album::Trust;
use hearthpost::sharing::contacts::households::Standing;
use hearthpost::sharing::contacts::which::{Deed, Named};

/// A knows B, and somebody else has asked for its card as if from there.
fn claimed() -> (Village, House, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let other = claims(&village, &mut a, "other");
    assert!(is_claimed(&a, &b));
    (village, a, b, other)
}

/// Another one, in a folder of its own, which asks from the mailbox of B.
pub(crate) fn claims(village: &Village, a: &mut House, folder: &str) -> House {
    let mut other = village.house_at(folder, "home-b@b.example", &[]);
    let now = other.now();
    let asked = other.home.request_card(&a.mailbox, now);
    asked.expect("asked");
    village.sync(&mut other);
    village.sync(a);
    other
}

fn is_claimed(a: &House, b: &House) -> bool {
    a.home.household(b.home.me()).expect("known").is_claimed
}

fn verify(a: &mut House, b: &House) {
    let (who, now) = (b.home.me(), a.time());
    let compared = a.home.verify_contact(&b.mailbox, &who, now);
    compared.expect("compared");
}

#[test]
fn alarm_ends_when_who_claims_is_blocked_and_is_back_when_let_in_again() {
    let (_village, mut a, b, other) = claimed();
    let named: Named = other.home.me().short().parse().expect("digits");
    let who = a.home.household_named(&named, Deed::Block).expect("listed");
    a.home.block_contact(who, true).expect("blocked");
    assert!(!is_claimed(&a, &b));
    a.home.block_contact(who, false).expect("let in");
    assert!(is_claimed(&a, &b));
}

#[test]
fn alarm_ends_when_who_claims_is_forgotten_and_a_claim_after_that_is_a_new_one() {
    let (village, mut a, b, mut other) = claimed();
    let who = other.home.me();
    a.home.remove_contact(who, a.time()).expect("forgotten");
    assert!(!is_claimed(&a, &b));
    let now = other.now();
    other.home.request_card(&a.mailbox, now).expect("asked");
    village.sync(&mut other);
    village.sync(&mut a);
    assert!(is_claimed(&a, &b));
}

#[test]
fn alarm_ends_when_the_words_of_the_known_one_are_compared_and_the_other_is_kept_out() {
    let (village, mut a, mut b, other) = claimed();
    let who = other.home.me();
    verify(&mut a, &b);
    assert!(!is_claimed(&a, &b));
    assert_eq!(trust_of(&a, who), (Trust::Pending, false, true));
    let next = claims(&village, &mut a, "next");
    assert!(is_claimed(&a, &b), "another one is another alarm");
    assert_eq!(
        a.home.household(next.home.me()).expect("known").standing,
        Standing::Claims
    );
    // The file of its certificates, brought by the keeper, says the same.
    let card = b.home.own_card_pem().expect("a card");
    let now = a.time();
    let added = a.home.add_contact_file(&b.mailbox, card.as_bytes(), now);
    added.expect("added");
    assert!(!is_claimed(&a, &b));
    share(&mut a, "lake.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(b.home.received().expect("a list").len(), 1);
}

#[test]
fn who_was_kept_out_takes_the_place_once_its_own_words_are_compared() {
    let (_village, mut a, b, other) = claimed();
    verify(&mut a, &b);
    verify(&mut a, &other);
    assert_eq!(
        trust_of(&a, other.home.me()),
        (Trust::Verified, true, false)
    );
    assert_eq!(trust_of(&a, b.home.me()), (Trust::Pending, false, true));
    assert!(!is_claimed(&a, &other));
}

#[test]
fn who_was_kept_out_takes_no_place_by_a_button_and_who_had_it_gets_it_back_by_words() {
    let (_village, mut a, b, other) = claimed();
    let (known, stranger) = (b.home.me(), other.home.me());
    a.home.block_contact(stranger, true).expect("blocked");
    let pressed = |a: &mut House, who| {
        let now = a.time();
        a.home.verify_household(who, None, now)
    };
    let fault = pressed(&mut a, stranger).expect_err("its words were not typed");
    assert_eq!(fault.code, "asks_first");
    assert_eq!(trust_of(&a, known), (Trust::Verified, true, false));

    // With the words it is what the keeper wants; and the other way round.
    for (taken, out) in [(stranger, known), (known, stranger)] {
        assert_eq!(
            pressed(&mut a, taken).expect_err("again").code,
            "asks_first"
        );
        let now = a.time();
        let typed = a.home.verify_household(taken, Some(&taken), now);
        typed.expect("compared");
        assert_eq!(trust_of(&a, taken), (Trust::Verified, true, false));
        let (_, accepted, blocked) = trust_of(&a, out);
        assert!(!accepted && blocked, "one at a mailbox");
    }
}
