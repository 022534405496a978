//! An identity is replaced: whoever may trust the old one is told that it has ended, whether this household hears it or not.

use hearthpost::album::{JoiningState, Trust};
use hearthpost::envelope::Fingerprint;
use hearthpost::sharing::contacts::households::Standing;

use crate::house::identity::{
    moves, received, rekey, share, strangers_blocked_and_forgotten, thief_grant, trust_of,
};
use crate::house::{House, Village};
use crate::invited::{followed, houses, invite, join};

/// To that household the identity is no more.
fn has_ended(house: &House, who: Fingerprint) -> bool {
    house.home.ended(who).expect("rows").is_some()
}

#[test]
fn every_identity_of_before_has_ended_though_two_were_replaced_before_any_mail_went() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    share(&mut a, "own.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    let (first, stolen) = (a.home.me(), a.identity().clone());
    assert_eq!(trust_of(&b, first), (Trust::Verified, true, false));
    rekey(&mut a);
    let second = a.home.me();
    let done = rekey(&mut a);
    assert_eq!((done.was, done.contacts), (second, 1));
    a.wait(60);
    b.wait(60);
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(trust_of(&b, first), (Trust::Pending, false, true));
    assert_eq!(
        b.home.household(first).expect("known").standing,
        Standing::Ended
    );
    let me = a.home.me();
    assert_eq!(
        b.home.household(me).expect("known").standing,
        Standing::Claims
    );
    // Whoever has the keys of the first one gets nothing in.
    let (before, grant) = (received(&b), thief_grant(&mut a, &b, &stolen));
    village.deliver(&b, &grant);
    let refused = village.sync(&mut b).refused;
    assert_eq!(
        refused,
        ["a letter from a household whose identity has ended"]
    );
    assert_eq!(received(&b), before);
}

#[test]
fn who_was_let_in_and_has_not_answered_yet_learns_that_the_identity_has_ended() {
    let (village, [mut a, mut b, _]) = houses();
    let (_, link, _) = invite(&mut a, None);
    join(&mut b, &link);
    for turn in 0..4 {
        village.sync(if turn % 2 == 0 { &mut b } else { &mut a });
    }
    let was = a.home.me();
    assert!(a.home.contact_at(&b.mailbox).expect("known").unproven);
    assert_eq!(rekey(&mut a).contacts, 1);
    village.sync(&mut a);
    // The welcome of the old one and its end come together.
    village.sync(&mut b);
    assert!(has_ended(&b, was));
    assert_eq!(trust_of(&b, was), (Trust::Pending, false, true));
}

#[test]
fn who_invited_and_was_sent_a_card_learns_that_the_identity_has_ended() {
    let (village, [mut a, mut b, _]) = houses();
    let (_, link, _) = invite(&mut a, None);
    join(&mut b, &link);
    for turn in 0..3 {
        village.sync(if turn % 2 == 0 { &mut b } else { &mut a });
    }
    assert_eq!(followed(&b).state, JoiningState::Sent);
    let was = b.home.me();
    assert!(b.home.contacts().expect("rows").is_empty());
    assert_eq!(rekey(&mut b).contacts, 1);
    village.sync(&mut b);
    village.sync(&mut a);
    assert!(has_ended(&a, was));
    assert_eq!(trust_of(&a, was), (Trust::Pending, false, true));
}

#[test]
fn who_follows_an_invitation_of_the_old_identity_is_told_that_it_has_ended() {
    let (village, [mut a, mut b, mut c]) = houses();
    let was = a.home.me();
    let links = [(); 2].map(|()| invite(&mut a, None).1);
    // One has the card already, the other one only the link.
    join(&mut b, &links[0]);
    village.sync(&mut b);
    village.sync(&mut a);
    rekey(&mut a);
    village.sync(&mut a);
    join(&mut c, &links[1]);
    village.sync(&mut c);
    for house in [&mut a, &mut b, &mut c] {
        village.sync(house);
    }
    for house in [&b, &c] {
        assert!(has_ended(house, was));
        let joining = followed(house);
        assert_eq!(joining.state, JoiningState::Refused);
        let why = joining.reason.expect("it says why");
        assert!(why.contains("ask it for a new invitation"), "{why}");
    }
}

#[test]
fn strangers_who_were_answered_and_households_that_were_blocked_or_forgotten_are_told() {
    let (village, [mut a, mut b, mut c, mut d]) = strangers_blocked_and_forgotten();
    let was = a.home.me();
    for house in [&b, &c, &d] {
        assert!(trust_of(house, was).1, "it is trusted there");
    }
    assert_eq!(rekey(&mut a).contacts, 3);
    village.settle(&mut [&mut a, &mut b, &mut c, &mut d]);
    for house in [&b, &c, &d] {
        assert!(has_ended(house, was));
    }
}

#[test]
fn who_writes_to_the_old_identity_is_told_that_it_has_ended() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    // B has the certificate file, which A does not know.
    let card = a.home.own_card_pem().expect("a card");
    let now = b.now();
    let added = b.home.add_contact_file(&a.mailbox, card.as_bytes(), now);
    added.expect("added");
    let was = a.home.me();
    assert_eq!(rekey(&mut a).contacts, 0);
    village.settle(&mut [&mut a, &mut b]);
    assert!(!has_ended(&b, was));
    share(&mut b, "lake.jpg", &a).expect("shared");
    village.sync(&mut b);
    village.sync(&mut a);
    village.sync(&mut b);
    assert!(has_ended(&b, was));
}

#[test]
fn word_of_the_end_that_was_lost_goes_again_when_somebody_writes_to_the_old_identity() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let was = a.home.me();
    rekey(&mut a);
    village.sync(&mut a);
    village.take_mail(&b);
    village.sync(&mut b);
    assert!(!has_ended(&b, was));
    for house in [&mut a, &mut b] {
        house.wait(60);
    }
    for name in ["lake.jpg", "sea.jpg"] {
        share(&mut b, name, &a).expect("shared");
    }
    village.sync(&mut b);
    village.sync(&mut a);
    assert_eq!(village.inbox(&b).len(), 1, "once, however much came");
    village.sync(&mut b);
    assert!(has_ended(&b, was));
}

#[test]
fn word_of_the_end_goes_to_a_household_whose_own_identity_ends_meanwhile() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let (was, kept) = (a.home.me(), b.folder.join("data/ended.pem"));
    rekey(&mut a);
    // Nothing more goes to the identity that B had, and this is for whoever is there now.
    let now = a.time();
    let told = a.home.send_ended(&kept, &[], true, now).expect("ended");
    assert!(has_ended(&a, told.ending.fingerprint));
    village.sync(&mut a);
    village.sync(&mut b);
    assert!(has_ended(&b, was));
}

#[test]
fn word_of_the_end_goes_out_from_the_box_to_which_the_identity_was_moved() {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    // B knows A, which has forgotten it; and C is the new box.
    share(&mut a, "lake.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    let was = a.home.me();
    rekey(&mut a);
    a.home.block_contact(&b.mailbox, true).expect("blocked");
    let mut c = moves(&village, &a, "c", &[]);
    village.sync(&mut c);
    village.sync(&mut b);
    assert!(has_ended(&b, was));
}
