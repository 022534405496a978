//! Sharing with a household that nobody here knows: it is asked for its card, and gets the share once that has come.

use crate::house::{House, Village, order, picture};
use hearthpost::album::{DestinationState, OwnItem, ShareState, Trust};
use hearthpost::sharing::Household;
use hearthpost::sharing::listing::SentTo;

const DAY: u64 = 86_400;
const B: &str = "home-b@b.example";

fn with_picture(village: &Village) -> (House, OwnItem) {
    let mut a = village.house("a", &[]);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let item = a.import(&[path]).remove(0);
    (a, item)
}

fn share(a: &mut House, item: &OwnItem, to: &[&str]) -> String {
    let recorded = a.share(&order(&[item], to, "display=1280"));
    recorded.expect("recorded").share
}

/// How far it got at one household.
fn at(a: &House, share: &str, mailbox: &str) -> SentTo {
    let sent = a.home.sent().expect("rows");
    let sent = sent.into_iter().find(|one| one.share == share);
    let mut all = sent.expect("a share").destinations.into_iter();
    all.find(|one| one.mailbox.as_str() == mailbox)
        .unwrap_or_else(|| panic!("nothing for {mailbox}"))
}

fn state(a: &House, share: &str, mailbox: &str) -> &'static str {
    at(a, share, mailbox).state
}

/// Time goes by for a house and its clock is believed.
fn later(village: &Village, house: &mut House, seconds: u64) {
    house.wait(seconds);
    village.sync(house);
}

/// The keeper there lets the household in that wrote.
fn accept(b: &mut House, a: &House) {
    let now = b.now();
    b.home.accept_contact(&a.mailbox, now).expect("accepted");
}

fn open_again(a: &mut House) {
    let config = a.folder.join("hearthpost.toml");
    a.home = Household::open(&config).expect("opens");
}

#[test]
fn it_goes_once_the_card_has_come_and_not_before() {
    let village = Village::new("ab");
    let ((mut a, item), mut b) = (with_picture(&village), village.house("b", &["bob"]));
    let recorded = a.share(&order(&[&item], &[B], "display=1280"));
    let recorded = recorded.expect("recorded");
    assert_eq!(recorded.destinations[0].state, DestinationState::Waiting);
    assert!(recorded.destinations[0].unknown);
    let share = recorded.share;
    village.sync(&mut a);
    assert_eq!(village.inbox(&b).len(), 1, "only the question for a card");
    let waits = at(&a, &share, B);
    assert_eq!(waits.state, "waiting");
    assert_eq!(waits.asked, Some(a.time()));
    assert_eq!(waits.stations.len(), 1);
    // What it is to get is still here after a restart, and days later.
    open_again(&mut a);
    later(&village, &mut a, 2 * DAY);
    b.wait(2 * DAY);
    assert_eq!(state(&a, &share, B), "waiting");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(
        a.home.contact_at(&b.mailbox).expect("known").trust,
        Trust::Seen
    );
    assert_eq!(state(&a, &share, B), "sent");
    assert_eq!(a.destinations(&share).len(), 1);
    accept(&mut b, &a);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    let arrived = at(&a, &share, B);
    assert_eq!((arrived.state, arrived.asked), ("delivered", None));
    assert_eq!(arrived.name, "House B");
    // Its own parts go once they are there, as of any share.
    village.sync(&mut a);
    assert!(a.held_tiers(&share).is_empty());
}

#[test]
fn whom_one_knows_gets_it_at_once() {
    let village = Village::new("abc");
    let ((mut a, item), mut b) = (with_picture(&village), village.house("b", &["bob"]));
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut c);
    let share = share(&mut a, &item, &[B, "home-c@c.example"]);
    village.settle(&mut [&mut a, &mut c]);
    assert_eq!(state(&a, &share, "home-c@c.example"), "delivered");
    assert_eq!(c.share_named(&share).state, ShareState::Complete);
    assert_eq!(state(&a, &share, B), "waiting");
    village.settle(&mut [&mut b, &mut a]);
    accept(&mut b, &a);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(state(&a, &share, B), "delivered");
    assert_eq!(state(&a, &share, "home-c@c.example"), "delivered");
}

#[test]
fn several_shares_wait_for_one_card() {
    let village = Village::new("ab");
    let ((mut a, item), mut b) = (with_picture(&village), village.house("b", &["bob"]));
    let (one, other) = (share(&mut a, &item, &[B]), share(&mut a, &item, &[B]));
    let third = share(&mut a, &item, &["home-b+bob@b.example"]);
    village.sync(&mut a);
    assert_eq!(village.inbox(&b).len(), 1, "asked once");
    village.settle(&mut [&mut b, &mut a]);
    accept(&mut b, &a);
    village.settle(&mut [&mut b, &mut a]);
    for share in [one, other, third] {
        assert_eq!(state(&a, &share, B), "delivered");
        assert!(b.knows(&share));
    }
}

#[test]
fn what_is_taken_back_while_it_waits_never_goes() {
    let village = Village::new("ab");
    let ((mut a, item), mut b) = (with_picture(&village), village.house("b", &["bob"]));
    let (all, one) = (share(&mut a, &item, &[B]), share(&mut a, &item, &[B]));
    for (share, from) in [(&all, None), (&one, Some(B))] {
        let revoked = a.revoke(share, from).expect("revoked");
        assert!(revoked.households.is_empty(), "nobody there has anything");
    }
    let again = a.revoke(&one, Some(B)).expect_err("nothing is left");
    assert_eq!(again.code, "no_copy");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(
        a.home.contact_at(&b.mailbox).expect("known").trust,
        Trust::Seen
    );
    accept(&mut b, &a);
    village.settle(&mut [&mut b, &mut a]);
    for share in [&all, &one] {
        assert_eq!(state(&a, share, B), "revoked");
        assert!(!b.knows(share));
    }
}

/// Between the look at what failed and the word that it waits again, another process of the house may come.
#[test]
fn what_is_taken_back_or_given_meanwhile_does_not_wait_again() {
    const C: &str = "home-c@c.example";
    for change in [
        "UPDATE awaited SET state = 'revoked' WHERE mailbox = 'home-c@c.example'",
        "DELETE FROM awaited WHERE mailbox = 'home-c@c.example'",
    ] {
        let village = Village::new("ab");
        let (mut a, item) = with_picture(&village);
        let share = share(&mut a, &item, &[B, C]);
        for mailbox in [B, C] {
            let mailbox = mailbox.parse().expect("a mailbox");
            a.home.remove_contact(&mailbox, a.time()).expect("removed");
            assert_eq!(state(&a, &share, mailbox.as_str()), "failed");
        }
        let reading = a.reading();
        let now = a.home.tick(&reading, &[]).expect("time");
        let meanwhile = a.meanwhile(B, change);
        let again = a.home.resend(&share, None, now).expect("once more");
        drop(meanwhile);
        assert_eq!(again.households, [B.parse().expect("a mailbox")]);
        let sent = a.home.sent().expect("rows").remove(0);
        let states = sent.destinations.iter().map(|to| to.state);
        let states: Vec<_> = states.collect();
        let left = match change.starts_with("UPDATE") {
            true => &["waiting", "revoked"][..],
            false => &["waiting"],
        };
        assert_eq!(states, left, "{change}");
    }
}

#[test]
fn a_card_of_another_mailbox_releases_nothing() {
    let village = Village::new("abc");
    let ((mut a, item), mut c) = (with_picture(&village), village.house("c", &[]));
    let share = share(&mut a, &item, &[B]);
    village.sync(&mut a);
    // C sends its own card, which A asked for as well.
    let now = a.now();
    a.home.request_card(&c.mailbox, now).expect("queued");
    village.settle(&mut [&mut a, &mut c]);
    assert_eq!(
        a.home.contact_at(&c.mailbox).expect("known").trust,
        Trust::Seen
    );
    assert_eq!(state(&a, &share, B), "waiting");
    assert!(a.destinations(&share).is_empty());
    // Whoever writes from there by themselves did not return the nonce, and is a stranger.
    let mut b = village.house("b", &[]);
    let now = b.now();
    b.home.request_card(&a.mailbox, now).expect("queued");
    assert_eq!(b.queued(), 1);
    let emptied = village.server.remove_messages(B, "INBOX");
    emptied.expect("a folder");
    village.sync(&mut b);
    village.sync(&mut a);
    assert_eq!(
        a.home.contact_at(&b.mailbox).expect("heard of").trust,
        Trust::Pending
    );
    assert_eq!(state(&a, &share, B), "waiting");
}

#[test]
fn whoever_is_blocked_never_gets_it() {
    let village = Village::new("ab");
    let ((mut a, item), mut b) = (with_picture(&village), village.house("b", &[]));
    let share = share(&mut a, &item, &[B]);
    let now = b.now();
    b.home.request_card(&a.mailbox, now).expect("queued");
    // It wrote by itself, and is blocked before it answers.
    village.sync(&mut b);
    village.sync(&mut a);
    a.home.block_contact(&b.mailbox, true).expect("blocked");
    village.settle(&mut [&mut b, &mut a]);
    let failed = at(&a, &share, B);
    assert_eq!(failed.state, "failed");
    assert_eq!(failed.error.as_deref(), Some("home-b@b.example is blocked"));
    a.home.block_contact(&b.mailbox, false).expect("let in");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(state(&a, &share, B), "failed");
    assert!(a.destinations(&share).is_empty());
}

#[test]
fn after_two_weeks_it_fails_and_can_wait_once_more() {
    let village = Village::new("ab");
    let (mut a, item) = with_picture(&village);
    let share = share(&mut a, &item, &[B]);
    village.sync(&mut a);
    let mut asked = Vec::new();
    for _ in 0..13 {
        later(&village, &mut a, DAY);
        asked.push(a.home.asked().expect("rows")[0].sent);
        assert_eq!(state(&a, &share, B), "waiting");
    }
    asked.dedup();
    assert_eq!(asked.len(), 5, "it is asked again every three days");
    later(&village, &mut a, DAY);
    let failed = at(&a, &share, B);
    assert_eq!((failed.state, failed.goes_wrong), ("failed", true));
    assert_eq!(
        failed.error.as_deref(),
        Some("home-b@b.example has not sent its card for two weeks")
    );
    assert_eq!(a.held_tiers(&share).len(), 3, "it can go once more");
    let reading = a.reading();
    let now = a.home.tick(&reading, &[]).expect("time");
    let again = a.home.resend(&share, None, now).expect("once more");
    assert_eq!(again.households.len(), 1);
    assert_eq!(state(&a, &share, B), "waiting");
    let mut b = village.house("b", &[]);
    b.wall = a.wall;
    village.settle(&mut [&mut a, &mut b]);
    accept(&mut b, &a);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(state(&a, &share, B), "delivered");
}

#[test]
fn who_is_removed_before_the_card_came_is_not_asked_again() {
    let village = Village::new("ab");
    let (mut a, item) = with_picture(&village);
    let share = share(&mut a, &item, &[B]);
    a.home
        .remove_contact(&B.parse().expect("a mailbox"), a.time())
        .expect("removed");
    assert_eq!(
        at(&a, &share, B).error.as_deref(),
        Some("home-b@b.example was removed here before its card came")
    );
    later(&village, &mut a, 4 * DAY);
    assert!(a.home.asked().expect("rows").is_empty());
}

#[test]
fn originals_for_who_is_not_known_are_asked_about_and_a_relay_refuses() {
    let village = Village::new("abc");
    let ((mut a, item), mut c) = (with_picture(&village), village.house("c", &[]));
    village.introduce(&mut a, &mut c);
    let mut much = order(&[&item], &[B], "display=full,store=full");
    much.yes = false;
    let asks = a.share(&much).expect_err("asks");
    assert_eq!(asks.code, "asks_first");
    let reading = a.reading();
    let now = a.home.tick(&reading, &[]).expect("time");
    let foreseen = a.home.foresee(&much, now).expect("foreseen");
    assert_eq!(foreseen.asks, [asks.message]);
    assert!(foreseen.destinations[0].unknown);
    assert!(
        a.home.asked().expect("rows").is_empty(),
        "nothing is recorded"
    );
    let mut by_relay = order(&[&item], &[B], "display=1280");
    by_relay.relay_via = Some(c.mailbox.clone());
    assert_eq!(a.share(&by_relay).expect_err("no relay").code, "relay");
    // Said yes, all of it goes.
    much.yes = true;
    let share = a.share(&much).expect("recorded").share;
    let mut b = village.house("b", &["bob"]);
    village.settle(&mut [&mut a, &mut b]);
    accept(&mut b, &a);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.held_tiers(&share).len(), 3);
}

#[test]
fn what_waits_under_an_identity_that_is_replaced_never_goes() {
    let village = Village::new("ab");
    let ((mut a, item), mut b) = (with_picture(&village), village.house("b", &["bob"]));
    let share = share(&mut a, &item, &[B]);
    village.sync(&mut a);
    let reading = a.reading();
    let now = a.home.tick(&reading, &[]).expect("time");
    a.home.rekey(true, now).expect("replaced");
    open_again(&mut a);
    let failed = at(&a, &share, B);
    assert_eq!(failed.state, "failed");
    assert!(failed.error.expect("why").contains("was replaced"));
    // Nor where it is asked for once more.
    let now = a.home.tick(&reading, &[]).expect("time");
    a.home.resend(&share, None, now).expect("once more");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(state(&a, &share, B), "failed");
    assert!(a.destinations(&share).is_empty());
}
