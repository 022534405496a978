//! What did not get there, or is missing there, goes once more as it was: nobody is given more by it.

use crate::house::both::{Both, both};
use crate::house::returned::{group, id_of, postfix};
use crate::house::{House, Village};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::rules::Action;
use hearthpost::sharing::Fault;
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::forward::narrow::Narrowing;
use hearthpost::sharing::resend::Resent;
use std::time::{Duration, Instant};
use testmail::{Reply, Times};

const B: &str = "home-b@b.example";
const C: &str = "home-c@c.example";

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
}

/// A shared a picture with B and, where `with_c`, with C, which never looks into its mailbox.
fn scene(rules: &str, with_c: bool) -> Scene {
    let mut both = both(&["bob"], &[]);
    let share = both.share(if with_c { &[B, C][..] } else { &[B] }, rules);
    let Both { village, a, b, .. } = both;
    Scene {
        village,
        a,
        b,
        share,
    }
}

impl Scene {
    fn resend(&mut self, to: Option<&str>) -> Result<Resent, Fault> {
        let reading = self.a.reading();
        let now = self.a.home.tick(&reading, &[]).expect("time");
        let to = to.map(|to| to.parse().expect("a mailbox"));
        self.a.home.resend(&self.share, to.as_ref(), now)
    }

    fn state(&self) -> DestinationState {
        self.a.destinations(&self.share)[0].state
    }

    fn settle(&mut self) {
        self.village.settle(&mut [&mut self.a, &mut self.b]);
    }

    fn refused(&mut self, to: Option<&str>, code: &str) {
        let fault = self.resend(to).expect_err("it does not go");
        assert_eq!(fault.code, code, "{fault}");
    }
}

#[test]
fn what_the_provider_did_not_take_goes_again_and_arrives() {
    let mut s = scene("display=1280,views=1", false);
    let faults = s.village.server.faults();
    faults.smtp_rcpt(B, Reply::new(550, "5.7.1 not today"), Times::Always);
    s.village.sync(&mut s.a);
    assert_eq!(s.state(), DestinationState::Failed);
    faults.clear();
    let permit = s.a.destinations(&s.share)[0].permit.clone();

    let resent = s.resend(None).expect("it goes");
    assert_eq!(resent.households.len(), 1);
    assert_eq!(s.state(), DestinationState::Queued);
    s.village.sync(&mut s.a);
    assert_eq!(
        s.state(),
        DestinationState::Sent,
        "nothing of before hinders"
    );
    s.settle();
    assert_eq!(s.state(), DestinationState::Delivered);
    assert_eq!(
        s.a.destinations(&s.share)[0].permit,
        permit,
        "the same permit"
    );
    s.refused(None, "nothing_wrong");
}

#[test]
fn what_came_back_goes_again_at_once() {
    let mut s = scene("store=full", false);
    s.village.sync(&mut s.a);
    let id = id_of(&s.village.inbox(&s.b)[0]);
    let mail = postfix(&group(B, "failed", "5.1.1", "550 5.1.1 User unknown"), &id);
    s.village
        .server
        .remove_messages(B, "INBOX")
        .expect("a folder");
    s.village
        .deliver(&s.a, mail.replace('\n', "\r\n").as_bytes());
    s.village.sync(&mut s.a);
    s.resend(None).expect("it goes");
    let sent = s.a.home.sent().expect("rows").remove(0);
    assert_eq!(
        sent.destinations[0].bounce, None,
        "the doubt was of the other"
    );
    s.settle();
    assert_eq!(s.b.share_named(&s.share).state, ShareState::Complete);
    assert_eq!(s.state(), DestinationState::Delivered);
}

#[test]
fn who_has_it_already_gets_nothing_more() {
    let mut s = scene("display=1280,views=2", true);
    s.settle();
    let item = s.b.items(&s.share).remove(0).reference;
    s.b.view(&item, "bob", Action::Display).expect("once");
    let told = s.village.server.messages("people@p.example", "INBOX").len();

    s.resend(Some(B)).expect("it goes all the same");
    s.settle();
    assert_eq!(s.state(), DestinationState::Delivered);
    assert_eq!(s.b.home.received().expect("rows").len(), 1, "one share");
    s.b.wait(3600);
    s.b.view(&item, "bob", Action::Display).expect("twice");
    s.b.wait(3600);
    let denied = s.b.view(&item, "bob", Action::Display);
    assert!(denied.is_err(), "the look before it was sent again counts");
    let after = s.village.server.messages("people@p.example", "INBOX").len();
    assert_eq!(after, told, "nobody is told again");
}

#[test]
fn what_all_have_is_not_kept_to_be_sent_again() {
    let mut s = scene("store=full", false);
    s.settle();
    s.village.sync(&mut s.a);
    s.refused(Some(B), "parts_gone");
}

#[test]
fn what_waits_is_tried_at_once() {
    let mut s = scene("store=full", false);
    let faults = s.village.server.faults();
    faults.smtp_rcpt(B, Reply::new(451, "4.3.0 later"), Times::Next(1));
    s.village.sync(&mut s.a);
    assert_eq!(s.state(), DestinationState::Queued);
    let waits = s.a.queued();
    s.resend(Some(B)).expect("it goes");
    assert_eq!(s.a.queued(), waits, "nothing is in the outbox twice");
    s.settle();
    assert_eq!(s.state(), DestinationState::Delivered);
}

#[test]
fn what_is_narrowed_before_the_answer_is_sent_once_all_of_it_went_and_can_go_again() {
    let mut s = scene("display=full,store=full", false);
    s.village.sync(&mut s.a);
    assert_eq!(s.state(), DestinationState::Sent);
    let narrower = ForwardOrder {
        share: s.share.clone(),
        to: vec![B.to_owned()],
        rules: Some(Narrowing {
            rules: hearthpost::rules::parse_rules("display=200").expect("rules"),
            says_what: true,
            ..Narrowing::default()
        }),
        yes: true,
        ..ForwardOrder::default()
    };
    s.a.forward_order(narrower).expect("given anew");
    assert_eq!(s.state(), DestinationState::Queued);
    s.village.sync(&mut s.a);
    assert_eq!(s.state(), DestinationState::Sent);
    s.refused(None, "nothing_wrong");
    // All of it is lost.
    s.village.take_mail(&s.b);
    s.resend(Some(B)).expect("it goes");
    assert!(s.a.queued() > 1, "letter and parts");
    s.settle();
    assert_eq!(s.b.share_named(&s.share).state, ShareState::Complete);
    assert_eq!(s.state(), DestinationState::Delivered);
}

#[test]
fn what_was_taken_back_is_not_sent_again() {
    let mut s = scene("store=full", false);
    s.settle();
    s.a.revoke(&s.share, Some(B)).expect("taken back");
    s.refused(Some(B), "over");
    s.settle();
    assert_eq!(s.state(), DestinationState::Deleted);
    s.refused(Some(B), "over");
    s.refused(None, "nothing_wrong");
    s.refused(Some(C), "no_copy");
    assert!(s.b.blobs().is_empty());
}

/// The share is sent again while another process of the house writes, which takes it back at the end, `after` so long; gives
/// what the one who sends again is told.
fn taken_back_meanwhile(after: Duration) -> String {
    let mut s = scene("store=full", false);
    let faults = s.village.server.faults();
    faults.smtp_rcpt(B, Reply::new(550, "5.7.1 not today"), Times::Always);
    s.village.sync(&mut s.a);
    assert_eq!(s.state(), DestinationState::Failed);
    let database = rusqlite::Connection::open(s.a.folder.join("data/album.sqlite"));
    let other = database.expect("opens");
    let reading = s.a.reading();
    let now = s.a.home.tick(&reading, &[]).expect("time");
    other.execute_batch("BEGIN IMMEDIATE").expect("it writes");
    std::thread::scope(|scope| {
        let (home, share) = (&mut s.a.home, &s.share);
        let told = scope.spawn(move || home.resend(share, None, now));
        let begun = Instant::now();
        while begun.elapsed() < after {
            std::thread::yield_now();
        }
        let back = "UPDATE destination SET state = 'revoked'; COMMIT;";
        other.execute_batch(back).expect("taken back");
        let told = told.join().expect("it ends");
        told.expect_err("nothing goes, and nobody is told so")
            .message
    })
}

#[test]
fn what_is_taken_back_while_it_is_sent_again_does_not_go_and_the_one_who_asked_is_told() {
    // Whichever comes first, there is an answer; the longer the other writes, the surer it is that it was read before.
    let mut told = Vec::new();
    for wait in [0, 10, 100, 1_000, 4_000] {
        told.push(taken_back_meanwhile(Duration::from_millis(wait)));
        if told.last().is_some_and(|last| last.ends_with("meanwhile")) {
            return;
        }
    }
    panic!("it was always read before: {told:?}");
}

#[test]
fn what_is_over_is_not_sent_again() {
    let mut s = scene("display=1280,until=2027-01-20T00:00:00Z", false);
    let faults = s.village.server.faults();
    faults.smtp_rcpt(B, Reply::new(550, "5.7.1 not today"), Times::Always);
    s.village.sync(&mut s.a);
    faults.clear();
    s.a.wait(30 * 86_400);
    s.refused(Some(B), "over");
}

#[test]
fn a_household_that_was_blocked_is_sent_nothing() {
    let mut s = scene("store=full", false);
    s.settle();
    let mailbox: hearthpost::address::Mailbox = B.parse().expect("a mailbox");
    s.a.home.block_contact(&mailbox, true).expect("blocked");
    s.refused(Some(B), "blocked");
}

#[test]
fn what_did_not_get_there_and_is_over_is_not_said_to_have_gone_well() {
    let mut s = scene("display=1280,until=2027-01-20T00:00:00Z", false);
    let faults = s.village.server.faults();
    faults.smtp_rcpt(B, Reply::new(550, "5.7.1 not today"), Times::Always);
    s.village.sync(&mut s.a);
    assert_eq!(s.state(), DestinationState::Failed);
    s.a.wall += 60 * 86_400;
    // The clock is believed where the mailbox says it too.
    s.village.deliver(&s.a, b"Subject: hello\r\n\r\nHello.\r\n");
    s.village.sync(&mut s.a);
    s.village.sync(&mut s.a);
    s.refused(None, "parts_gone");
}
