//! Who is asked for its card and answers by a new identity, where the one that was known has ended, is an alarm like any other
//! that writes from there: to read a mailbox proves nothing about who it is. Nor does a flood of strangers hide that.

use hearthpost::envelope::{Fingerprint, Identity};
use hearthpost::sharing::contacts::households::Standing;

use crate::house::identity::{rekey, share};
use crate::house::stranger::{asks, mailbox};
use crate::house::{House, Village};

/// A and B know each other.
fn scene() -> (Village, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    village.settle(&mut [&mut a, &mut b]);
    (village, a, b)
}

fn standing(house: &House, who: Fingerprint) -> Option<Standing> {
    let all = house.home.households().expect("listed").into_iter();
    let mut found = all.filter(|one| one.fingerprint == who);
    found.next().map(|one| one.standing)
}

fn takes_place_by_its_words(b: &mut House, a: &House) {
    let now = b.now();
    let done = b.home.verify_contact(&a.mailbox, &a.home.me(), now);
    assert_eq!(done.expect("compared").fingerprint, a.home.me());
    assert_eq!(standing(b, a.home.me()), Some(Standing::Heard));
}

#[test]
fn who_answers_from_the_mailbox_of_one_that_has_ended_is_an_alarm_whenever_it_was_asked() {
    for asked in ["before", "after the end", "after the alarm"] {
        let (village, mut a, mut b) = scene();
        let at = a.mailbox.clone();
        let asks = |b: &mut House, when: &str| {
            if asked == when {
                let now = b.now();
                b.home.request_card(&at, now).map(drop)
            } else {
                Ok(())
            }
        };
        asks(&mut b, "before").expect("asked");
        rekey(&mut a);
        asks(&mut b, "after the end").expect("asked");
        village.settle(&mut [&mut a, &mut b]);
        if let Err(fault) = asks(&mut b, "after the alarm") {
            assert_eq!(fault.code, "asks_first", "{fault}");
        }
        village.settle(&mut [&mut a, &mut b]);
        assert_eq!(standing(&b, a.home.me()), Some(Standing::Claims), "{asked}");
        let secret = share(&mut b, "secret.jpg", &a);
        village.settle(&mut [&mut a, &mut b]);
        assert!(a.home.received().expect("listed").is_empty(), "{secret:?}");
        takes_place_by_its_words(&mut b, &a);
    }
}

#[test]
fn flood_of_strangers_hides_no_alarm() {
    let (village, mut a, mut b) = scene();
    let now = b.now();
    for n in 0..110 {
        let at = format!("stranger{n}@s.example");
        let other = Identity::generate("Mallory", &mailbox(&at), now).expect("keys");
        let mail = asks(&other, &b);
        village.deliver(&b, &mail);
    }
    village.sync(&mut b);
    let now = b.now();
    for _ in 0..20 {
        let at = a.mailbox.clone();
        let other = Identity::generate("Mallory", &at, now).expect("keys");
        let mail = asks(&other, &b);
        village.deliver(&b, &mail);
    }
    village.sync(&mut b);
    let claims = |b: &House| {
        let all = b.home.households().expect("listed").into_iter();
        let claim = all.filter(|one| one.standing == Standing::Claims);
        claim.map(|one| one.fingerprint).collect::<Vec<_>>()
    };
    let open = claims(&b);
    assert!((1..=8).contains(&open.len()), "{}", open.len());
    // Who is blocked makes room.
    for who in open {
        b.home.block_contact(who, true).expect("blocked");
    }
    rekey(&mut a);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(standing(&b, a.home.me()), Some(Standing::Claims));
    takes_place_by_its_words(&mut b, &a);
}
