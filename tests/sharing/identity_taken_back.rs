//! What an identity of before shared is taken back after it was replaced, and that the copy is gone comes to be known.

use crate::house::identity::{rekey, share};
use crate::house::{House, Village};
use hearthpost::sharing::contacts::households::Standing;

/// A shared with B, and has another identity since.
fn shared_and_replaced() -> (Village, House, House, String) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let own = share(&mut a, "own.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    rekey(&mut a);
    for house in [&mut a, &mut b] {
        house.wait(60);
    }
    (village, a, b, own)
}

fn compare(b: &mut House, a: &House) {
    let (me, now) = (a.home.me(), b.time());
    let compared = b.home.verify_contact(&a.mailbox, &me, now);
    compared.expect("compared");
}

/// How it stands at B.
fn at_b(a: &House) -> &'static str {
    a.home.sent().expect("a list")[0].destinations[0].state
}

fn day_later(houses: [&mut House; 2]) {
    for house in houses {
        house.wait(86_401);
    }
}

#[test]
fn copy_is_told_to_be_gone_to_the_new_identity_at_once() {
    let (village, mut a, mut b, own) = shared_and_replaced();
    village.settle(&mut [&mut a, &mut b]);
    compare(&mut b, &a);
    village.settle(&mut [&mut b, &mut a]);
    a.revoke(&own, None).expect("taken back");
    assert_eq!(at_b(&a), "revoked");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(at_b(&a), "deleted");
    // Nothing more is said of it.
    day_later([&mut a, &mut b]);
    assert_eq!(village.sync(&mut a).submitted, 0);
}

#[test]
fn copy_is_told_to_be_gone_once_the_words_of_the_new_identity_are_compared() {
    let (village, mut a, mut b, own) = shared_and_replaced();
    a.revoke(&own, None).expect("taken back");
    village.settle(&mut [&mut a, &mut b]);
    let standing = b.home.household(a.home.me()).expect("known").standing;
    assert_eq!(standing, Standing::Claims);
    let listed = b.home.received().expect("a list");
    assert_eq!(listed[0].state, "revoked", "it counts all the same");
    assert_eq!(at_b(&a), "revoked", "nobody is told of it there");
    compare(&mut b, &a);
    day_later([&mut a, &mut b]);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(at_b(&a), "deleted");
}

#[test]
fn copy_is_told_to_be_gone_to_the_old_identity_where_its_end_is_not_known() {
    let (village, mut a, mut b, own) = shared_and_replaced();
    village.sync(&mut a);
    village.take_mail(&b);
    a.revoke(&own, None).expect("taken back");
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(b.home.received().expect("a list")[0].state, "revoked");
    assert_eq!(village.sync(&mut a).refused, Vec::<String>::new());
    assert_eq!(at_b(&a), "deleted");
}

#[test]
fn what_came_just_before_the_identity_was_replaced_is_known_to_have_come() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    share(&mut a, "own.jpg", &b).expect("shared");
    village.sync(&mut a);
    village.sync(&mut b);
    rekey(&mut a);
    village.sync(&mut a);
    assert_eq!(at_b(&a), "delivered");
}
