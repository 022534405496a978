//! What was said to an identity that its household had replaced by then is said again to the one whose words were compared since:
//! that a copy is there, or gone.

use crate::house::by_way::{self, B_TOO};
use crate::house::identity::{rekey, share};
use crate::house::passed::{self, A, B, C};
use crate::house::{House, Village, on_its_way};
use hearthpost::album::DestinationState;

/// The keeper here compares words with the people there.
fn compare(here: &mut House, there: &House) {
    let (who, now) = (there.home.me(), here.time());
    let compared = here.home.verify_contact(&there.mailbox, &who, now);
    compared.expect("compared");
}

/// The letter that lies in its mailbox comes, and the rest is late; gives the rest.
fn letter_alone(village: &Village, house: &mut House) -> Vec<Vec<u8>> {
    let mut mails = village.take_mail(house);
    village.deliver(house, &mails.remove(0));
    village.sync(house);
    mails
}

/// The rest comes.
fn comes(village: &Village, house: &mut House, late: &[Vec<u8>]) {
    for mail in late {
        village.deliver(house, mail);
    }
    village.sync(house);
    assert_eq!(house.home.received().expect("a list")[0].state, "complete");
}

fn state(house: &House, share: &str) -> DestinationState {
    house.destinations(share)[0].state
}

#[test]
fn that_all_is_there_is_said_to_who_the_origin_is_now() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let own = share(&mut a, "own.jpg", &b).expect("shared");
    village.sync(&mut a);
    let late = letter_alone(&village, &mut b);
    rekey(&mut a);
    village.settle(&mut [&mut a, &mut b]);
    comes(&village, &mut b, &late);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(state(&a, &own), DestinationState::Sent);
    compare(&mut b, &a);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(state(&a, &own), DestinationState::Delivered);
}

#[test]
fn that_it_is_gone_is_said_to_who_the_origin_is_now() {
    for compared_before in [false, true] {
        let rules = "display=full,until=2027-01-15T12:00:00Z";
        let (village, mut a, mut b, own) = on_its_way(rules);
        village.settle(&mut [&mut a, &mut b]);
        rekey(&mut a);
        village.settle(&mut [&mut a, &mut b]);
        if compared_before {
            compare(&mut b, &a);
            village.settle(&mut [&mut b, &mut a]);
        }
        for house in [&mut a, &mut b] {
            house.wait(5 * 3_600);
        }
        assert_eq!(state(&a, &own), DestinationState::Delivered);
        village.settle(&mut [&mut b, &mut a]);
        if !compared_before {
            assert_eq!(state(&a, &own), DestinationState::Delivered);
            compare(&mut b, &a);
            village.settle(&mut [&mut b, &mut a]);
        }
        assert_eq!(state(&a, &own), DestinationState::Deleted);
    }
}

#[test]
fn what_came_by_way_of_a_relay_is_said_to_who_the_origin_is_now() {
    for to in [&B_TOO[..], &B_TOO[1..]] {
        let mut scene = by_way::shared(to, "display=1280");
        scene.pass(&[A, B, A]);
        let late = letter_alone(&scene.village, &mut scene.houses[C]);
        rekey(&mut scene.houses[A]);
        scene.settle();
        comes(&scene.village, &mut scene.houses[C], &late);
        scene.settle();
        assert_eq!(scene.state("c"), "sent", "{to:?}");
        assert!(scene.opens(C, "carol"), "{to:?}");
        let (before, rest) = scene.houses.split_at_mut(C);
        compare(&mut rest[0], &before[A]);
        scene.settle();
        assert_eq!(scene.state("c"), "delivered", "{to:?}");
    }
}

#[test]
fn what_was_passed_on_is_said_to_who_passed_it_on_by_the_identity_of_now() {
    let mut s = passed::shared("display=full,store=full,forward=yes");
    s.settle();
    let share = s.share.clone();
    let to = ["home-c+carol@c.example"];
    let passed = s.houses[B].forward(&share, "bea", &to, "display=200");
    passed.expect("passed on");
    s.pass(B);
    let late = letter_alone(&s.village, &mut s.houses[C]);
    rekey(&mut s.houses[B]);
    s.settle();
    comes(&s.village, &mut s.houses[C], &late);
    s.settle();
    assert_eq!(state(&s.houses[B], &share), DestinationState::Sent);
    let (before, rest) = s.houses.split_at_mut(C);
    compare(&mut rest[0], &before[B]);
    s.settle();
    assert_eq!(state(&s.houses[B], &share), DestinationState::Delivered);
}
