//! The directory has another household at a mailbox than the address book: an alarm that the keeper, or the directory, can
//! end, and nothing goes where nobody knows which of the two it is.

use crate::alarm_ends::claims;
use crate::house::identity::trust_of;
use crate::house::{House, Village, order};
use crate::slapd::Slapd;
use crate::slapd::directory::{B, answer, at_b, impostor, notes, publish, shared};
use hearthpost::album::Trust;
use hearthpost::sharing::contacts::which::{Deed, Named};

/// A knows B, and has found somebody else at its mailbox in the directory.
fn found_another() -> (Slapd, Village, [House; 3]) {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let mut other = impostor(&village);
    slapd.used_by(&mut other, "", true);
    publish(&village, &mut other, &["grandma"]);
    slapd.used_by(&mut a, "", false);
    assert!(answer(&village, &mut a, "grandma").found[0].differs);
    assert!(is_alarm(&a, &b));
    (slapd, village, [a, b, other])
}

/// There is an alarm at B, as A knows it.
fn is_alarm(a: &House, b: &House) -> bool {
    a.home.household(b.home.me()).expect("known").is_claimed
}

#[test]
fn whom_the_directory_names_is_blocked_by_its_fingerprint_and_is_no_alarm_any_more() {
    let (_slapd, village, [mut a, b, other]) = found_another();
    let listed = a.home.household(other.home.me()).expect("listed");
    assert!(listed.in_directory);
    let named: Named = other.home.me().short().parse().expect("digits");
    let who = a.home.household_named(&named, Deed::Block).expect("listed");
    a.home.block_contact(who, true).expect("blocked");
    assert!(!is_alarm(&a, &b));
    answer(&village, &mut a, "grandma");
    assert!(!is_alarm(&a, &b), "the keeper has said it");
}

#[test]
fn words_compared_with_the_known_one_end_the_alarm() {
    let (_slapd, village, [mut a, b, other]) = found_another();
    let (who, now) = (b.home.me(), a.time());
    let compared = a.home.verify_contact(&b.mailbox, &who, now);
    compared.expect("compared");
    assert!(!is_alarm(&a, &b));
    answer(&village, &mut a, "grandma");
    assert!(!is_alarm(&a, &b));
    // Or those of the other one do: then they began anew.
    let (who, now) = (other.home.me(), a.time());
    let compared = a.home.verify_contact(&b.mailbox, &who, now);
    compared.expect("compared");
    assert_eq!(trust_of(&a, who), (Trust::Verified, true, false));
    assert_eq!(trust_of(&a, b.home.me()), (Trust::Pending, false, true));
}

#[test]
fn directory_that_is_right_again_ends_the_alarm_by_itself() {
    let (slapd, village, [mut a, mut b, other]) = found_another();
    village.sync(&mut a);
    assert!(is_alarm(&a, &b));
    slapd.used_by(&mut b, "", true);
    publish(&village, &mut b, &["grandma"]);
    village.sync(&mut a);
    assert!(is_alarm(&a, &b), "it is asked once an hour");
    a.wait(3_601);
    village.sync(&mut a);
    assert!(!is_alarm(&a, &b));
    let gone = a.home.contact_of(other.home.me());
    assert_eq!(gone.expect_err("forgotten").code, "unknown_contact");
}

#[test]
fn whoever_takes_the_known_one_out_of_the_directory_ends_the_alarm() {
    let (slapd, village, [mut a, mut b, _]) = found_another();
    slapd.used_by(&mut b, "", true);
    publish(&village, &mut b, &[]);
    let now = a.time();
    let added = village.run(a.home.add_from_directory(&b.mailbox, now));
    assert_eq!(added.expect("added").fingerprint, b.home.me());
    assert!(!is_alarm(&a, &b));
}

#[test]
fn nothing_goes_to_who_answered_where_the_directory_names_another_before_words_are_compared() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    let mut other = impostor(&village);
    slapd.used_by(&mut other, "", true);
    publish(&village, &mut other, &[]);
    slapd.used_by(&mut a, "", false);
    notes(&village, &mut a, B);
    let share = shared(&mut a);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(at_b(&a, &share).0, "failed");
    assert!(is_alarm(&a, &b));
    let path = a.folder.join("lake.jpg");
    let items = a.import(&[path]);
    let again = order(&[&items[0]], &[B], "display=1280");
    for _ in 0..2 {
        let fault = a.share(&again).expect_err("which of the two is it");
        assert_eq!(fault.code, "differs");
    }
    assert!(b.home.received().expect("a list").is_empty());
    // Where the directory is wrong, the keeper says so.
    a.home
        .block_contact(other.home.me(), true)
        .expect("blocked");
    assert!(!is_alarm(&a, &b));
    a.share(&again).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(trust_of(&a, b.home.me()), (Trust::Seen, true, false));
}

#[test]
fn share_that_waits_is_held_against_what_the_directory_said_meanwhile() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    slapd.used_by(&mut a, "", false);
    // The directory knows nobody yet.
    let share = shared(&mut a);
    let mut other = impostor(&village);
    slapd.used_by(&mut other, "", true);
    publish(&village, &mut other, &[]);
    answer(&village, &mut a, B);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(at_b(&a, &share).0, "failed");
    assert!(is_alarm(&a, &b));
    let now = a.time();
    let compared = a.home.verify_contact(&b.mailbox, &b.home.me(), now);
    compared.expect("compared");
    let reading = a.reading();
    let now = a.home.tick(&reading, &[]).expect("time");
    a.home.resend(&share, None, now).expect("once more");
    village.sync(&mut a);
    assert_eq!(at_b(&a, &share).0, "sent");
}

#[test]
fn strangers_that_claim_the_mailbox_keep_the_directory_from_no_alarm() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    slapd.used_by(&mut a, "", false);
    // Whoever answers from there is known by that alone.
    let now = a.time();
    a.home.request_card(&b.mailbox, now).expect("asked");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(trust_of(&a, b.home.me()), (Trust::Seen, true, false));
    for n in 0..9 {
        let stranger = claims(&village, &mut a, &format!("stranger{n}"));
        // Also where the keeper has looked at each.
        let blocked = a.home.block_contact(stranger.home.me(), true);
        blocked.expect("listed");
    }
    assert!(!is_alarm(&a, &b));
    let mut other = impostor(&village);
    slapd.used_by(&mut other, "", true);
    publish(&village, &mut other, &[]);
    assert!(answer(&village, &mut a, B).found[0].differs);
    assert!(is_alarm(&a, &b));
    let listed = a.home.household(other.home.me()).expect("listed");
    assert!(listed.in_directory);
    let path = a.folder.join("lake.jpg");
    crate::house::picture(&path, 320, 200);
    let items = a.import(&[path]);
    let fault = a.share(&order(&[&items[0]], &[B], "display=1280"));
    assert_eq!(fault.expect_err("which of the two is it").code, "differs");
}

#[test]
fn what_a_relay_did_not_grant_goes_straight_to_nobody_where_the_directory_names_another() {
    let (slapd, village) = (Slapd::start(), Village::new("abc"));
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    let mut relay = village.house("c", &["carol"]);
    slapd.used_by(&mut a, "", false);
    village.introduce(&mut a, &mut relay);
    let now = a.time();
    a.home.request_card(&b.mailbox, now).expect("asked");
    village.settle(&mut [&mut a, &mut b]);
    let path = a.folder.join("lake.jpg");
    crate::house::picture(&path, 320, 200);
    let items = a.import(&[path]);
    let to = [B, relay.mailbox.as_str()];
    let mut by_way = order(&[&items[0]], &to, "display=1280");
    by_way.relay_via = Some(relay.mailbox.clone());
    let share = a.share(&by_way).expect("recorded").share;
    // It passes on for nobody.
    village.settle(&mut [&mut a, &mut b, &mut relay]);
    let mut other = impostor(&village);
    slapd.used_by(&mut other, "", true);
    publish(&village, &mut other, &[]);
    assert!(answer(&village, &mut a, B).found[0].differs);
    let now = a.clock();
    for to in [None, Some(&b.mailbox)] {
        let fault = a.home.resend(&share, to, now);
        assert_eq!(fault.expect_err("which of the two is it").code, "differs");
        assert_eq!(a.queued(), 0, "nothing is written");
    }
    village.settle(&mut [&mut a, &mut b]);
    assert!(b.home.received().expect("a list").is_empty());
    let now = a.time();
    let compared = a.home.verify_contact(&b.mailbox, &b.home.me(), now);
    compared.expect("compared");
    let now = a.clock();
    a.home.resend(&share, None, now).expect("sent again");
    village.sync(&mut a);
    let sent = a.home.sent().expect("listed").remove(0).destinations;
    let at_b = sent.iter().find(|to| to.mailbox == b.mailbox);
    assert_eq!(at_b.expect("listed").state, "sent");
}
