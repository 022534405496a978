//! An invitation that is followed once more: at the right mailbox after a mistyped one, and one whose time is over.

use crate::invited::{CHECKED, followed, houses, invite, join, trust};
use hearthpost::album::JoiningState;

const WRONG: &str = "hom-a@a.example";

#[test]
fn the_same_words_at_another_mailbox_take_the_place_of_the_first_try() {
    for is_sent in [false, true] {
        let (village, [mut a, mut b]) = houses();
        let (_, _, words) = invite(&mut a, None);
        join(&mut b, &words.replace("home-a@a.example", WRONG));
        if is_sent {
            village.sync(&mut b);
        }
        let now = b.clock();
        let begun = b.home.join(&words, None, now).expect("followed");
        assert_eq!(
            begun.instead_of.map(|mailbox| mailbox.to_string()),
            Some(WRONG.to_owned())
        );
        assert_eq!(followed(&b).mailbox, a.mailbox);
        let asked = b.home.asked().expect("rows");
        assert_eq!(asked.len(), 1);
        assert_eq!(asked[0].mailbox, a.mailbox);
        village.settle(&mut [&mut b, &mut a]);
        assert_eq!((trust(&a, &b), trust(&b, &a)), (CHECKED, CHECKED));
        // What had not gone out does not go.
        let strays = village.server.transactions().into_iter();
        let strays = strays.filter(|mail| mail.recipients.iter().any(|(to, _)| to == WRONG));
        assert_eq!(strays.count(), usize::from(is_sent));
    }
}

#[test]
fn the_first_try_may_have_failed_and_each_place_may_be_tried_again() {
    let (village, [mut a, mut b]) = houses();
    let (_, _, words) = invite(&mut a, None);
    let wrong = words.replace("home-a@a.example", WRONG);
    for text in [&words, &wrong, &words, &words] {
        join(&mut b, text);
    }
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!((trust(&a, &b), trust(&b, &a)), (CHECKED, CHECKED));
    // It has served: nothing takes its place.
    let now = b.clock();
    let begun = b.home.join(&wrong, None, now).expect("as it was");
    assert_eq!(begun.joining.state, JoiningState::Joined);
    assert_eq!((begun.joining.mailbox, begun.instead_of), (a.mailbox, None));
}

#[test]
fn a_link_whose_time_is_over_by_a_sure_clock_is_not_followed() {
    let (_village, [mut a, mut b]) = houses();
    let (_, link, words) = invite(&mut a, None);
    b.wait(26 * 86_400);
    let sure = b.clock();
    let fault = b.home.join(&link, None, sure).expect_err("over");
    assert_eq!(fault.code, "invitation_over");
    assert!(
        fault.message.starts_with("the invitation ended on "),
        "{}",
        fault.message
    );
    assert!(b.home.joinings().expect("rows").is_empty());
    assert_eq!(b.home.asked().expect("rows"), []);
    // Words do not say how long they let in.
    b.home.join(&words, None, sure).expect("asked");
}

#[test]
fn a_clock_that_nobody_confirmed_ends_no_invitation() {
    let (_village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, None);
    let mut now = b.clock();
    now.now = now.now.plus_seconds(26 * 86_400);
    now.confirmed = false;
    let begun = b.home.join(&link, None, now).expect("asked");
    assert_eq!(begun.joining.state, JoiningState::Asked);
}
