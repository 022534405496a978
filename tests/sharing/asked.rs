//! A household that was asked to introduce itself is listed until it does, with what the mail to it met.

use crate::house::returned::{group, id_of, postfix};
use crate::house::{House, Village};
use hearthpost::album::CardRequested;
use testmail::{Reply, Times};

const B: &str = "home-b@b.example";

/// `a` asked `b`, and the mail went out if it could.
fn scene(before: impl FnOnce(&Village)) -> (Village, House, House) {
    let village = Village::new("ab");
    let (mut a, b) = (village.house("a", &[]), village.house("b", &[]));
    before(&village);
    ask(&mut a);
    village.sync(&mut a);
    (village, a, b)
}

fn ask(a: &mut House) {
    let now = a.now();
    let mailbox = B.parse().expect("a mailbox");
    a.home.request_card(&mailbox, now).expect("queued");
}

fn asked(house: &House) -> Vec<CardRequested> {
    house.home.asked().expect("rows")
}

#[test]
fn who_never_answers_stays_listed_and_who_answers_goes() {
    let (village, mut a, mut b) = scene(|_| ());
    let since = a.now();
    a.wait(100 * 86_400);
    village.sync(&mut a);
    let all = asked(&a);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].mailbox.as_str(), all[0].sent), (B, since));
    assert_eq!(all[0].trouble, None);
    // Asked once more, it is one line, of the second time.
    ask(&mut a);
    let again = a.now();
    assert_eq!(asked(&a).len(), 1);
    assert_eq!(asked(&a)[0].sent, again);
    b.wait(100 * 86_400);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(asked(&a), []);
}

#[test]
fn mail_that_came_back_is_said() {
    let (village, mut a, b) = scene(|_| ());
    let mail = village.take_mail(&b).remove(0);
    let of = |action, status| group(B, action, status, "550 5.1.1 no such user here");
    for (action, status, words) in [
        ("delayed", "4.4.1", "not delivered yet"),
        ("failed", "5.1.1", "there is no such mailbox"),
        ("delayed", "4.4.1", "there is no such mailbox"),
    ] {
        let bounce = postfix(&of(action, status), &id_of(&mail)).replace('\n', "\r\n");
        village.deliver(&a, bounce.as_bytes());
        village.sync(&mut a);
        let trouble = asked(&a).remove(0).trouble.expect("what it said");
        assert!(trouble.contains(words), "{trouble}");
    }
    let list = asked(&a);
    assert_eq!(list.len(), 1);
    // Forgotten on purpose, and only then.
    a.home
        .remove_contact(&list[0].mailbox, a.time())
        .expect("forgotten");
    assert_eq!(asked(&a), []);
    assert!(a.home.remove_contact(&list[0].mailbox, a.time()).is_err());
}

#[test]
fn mail_that_the_provider_does_not_take_is_said() {
    let (_village, a, _b) = scene(|village| {
        let no = Reply::new(550, "5.1.1 no such user here");
        village.server.faults().smtp_rcpt(B, no, Times::Always);
    });
    let trouble = asked(&a).remove(0).trouble.expect("what it said");
    assert!(trouble.contains("no such"), "{trouble}");
}

#[test]
fn a_known_household_that_is_asked_for_a_newer_card_is_no_stranger() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    ask(&mut a);
    assert_eq!(asked(&a), []);
}
