//! A household whose certificate has ended: nothing can be written to it, so it is asked for its card until that comes, and
//! nothing that it is to get, or to be told, is lost meanwhile.

use crate::house::{House, Village, order, picture};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::sharing::Fault;
use hearthpost::sharing::listing::SentTo;
use hearthpost::sharing::resend::Resent;

const B: &str = "home-b@b.example";
const DAY: u64 = 86_400;

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
}

fn scene() -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    Scene {
        village,
        a,
        b,
        share: String::new(),
    }
}

impl Scene {
    fn wait(&mut self, days: u64) {
        self.a.wait(days * DAY);
        self.b.wait(days * DAY);
    }

    fn share(&mut self) {
        let path = self.a.folder.join("lake.jpg");
        picture(&path, 320, 200);
        let items = self.a.import(&[path]);
        let share = self.a.share(&order(&[&items[0]], &[B], "display=1280"));
        self.share = share.expect("recorded").share;
    }

    /// A shared a picture after a year in which B was away.
    fn shared_after_a_year() -> Scene {
        let mut s = scene();
        s.wait(370);
        s.share();
        assert_eq!(s.state(), DestinationState::Waiting);
        s
    }

    fn settle(&mut self) {
        self.village.settle(&mut [&mut self.b, &mut self.a]);
    }

    /// So many days go by, with a pass of A at the end of each, and its mail to B is lost. Gives what B was sent each day.
    fn days_in_vain(&mut self, days: u64) -> Vec<Vec<&'static str>> {
        let mut sent = Vec::new();
        for _ in 0..days {
            self.wait(1);
            sent.push(self.pass_in_vain());
        }
        sent
    }

    fn pass_in_vain(&mut self) -> Vec<&'static str> {
        self.village.sync(&mut self.a);
        let mails = self.village.take_mail(&self.b);
        let kinds = mails.iter().map(|mail| self.b.read(mail).body.kind());
        kinds.collect()
    }

    fn at_b(&self) -> SentTo {
        let sent = self.a.home.sent().expect("rows").remove(0);
        sent.destinations.into_iter().next().expect("b")
    }

    fn state(&self) -> DestinationState {
        self.a.destinations(&self.share)[0].state
    }

    fn resend(&mut self, to: Option<&str>) -> Result<Resent, Fault> {
        let reading = self.a.reading();
        let now = self.a.home.tick(&reading, &[]).expect("time");
        let to = to.map(|to| to.parse().expect("a mailbox"));
        self.a.home.resend(&self.share, to.as_ref(), now)
    }
}

#[test]
fn who_does_not_send_its_certificate_is_asked_again_and_gets_what_waited() {
    let mut s = Scene::shared_after_a_year();
    assert_eq!(s.pass_in_vain(), ["card-request"]);
    let sent = s.days_in_vain(2);
    assert_eq!(sent, [[""; 0], [""; 0]]);
    s.wait(1);
    s.village.sync(&mut s.a);
    let inbox = s.village.inbox(&s.b);
    let kinds: Vec<_> = inbox
        .iter()
        .map(|mail| s.b.read(mail).body.kind())
        .collect();
    assert_eq!(kinds, ["card-request"]);
    s.settle();
    assert_eq!(s.b.share_named(&s.share).state, ShareState::Complete);
    assert_eq!(s.state(), DestinationState::Delivered);
}

#[test]
fn what_waits_in_vain_fails_after_two_weeks_and_waits_anew_when_it_is_sent_again() {
    let mut s = Scene::shared_after_a_year();
    s.pass_in_vain();
    s.days_in_vain(13);
    assert_eq!(s.state(), DestinationState::Waiting);
    s.days_in_vain(1);
    let at_b = s.at_b();
    assert_eq!((at_b.state, at_b.goes_wrong), ("failed", true));
    let words = at_b.error.expect("words");
    assert_eq!(
        words,
        "home-b@b.example has not sent its card for two weeks"
    );
    assert_eq!(
        s.days_in_vain(7).concat(),
        [""; 0],
        "nobody is asked any more"
    );
    assert_eq!(s.resend(None).expect("it waits anew").households.len(), 1);
    assert_eq!(s.at_b().state, "waiting");
    s.village.sync(&mut s.a);
    assert_eq!(s.village.inbox(&s.b).len(), 1, "it is asked at once");
    s.settle();
    assert_eq!(s.b.share_named(&s.share).state, ShareState::Complete);
    assert_eq!(s.state(), DestinationState::Delivered);
}

#[test]
fn who_waits_is_asked_at_once_when_it_is_sent_again() {
    let mut s = Scene::shared_after_a_year();
    s.pass_in_vain();
    s.days_in_vain(1);
    s.resend(Some(B)).expect("it waits on");
    assert_eq!(s.pass_in_vain(), ["card-request"]);
    assert_eq!(s.state(), DestinationState::Waiting);
}

#[test]
fn what_waited_in_vain_is_taken_back_without_a_word() {
    for days in [1, 15] {
        let mut s = Scene::shared_after_a_year();
        s.pass_in_vain();
        s.days_in_vain(days);
        let share = s.share.clone();
        let back = s.a.revoke(&share, Some(B)).expect("taken back");
        assert_eq!(back.households, [""; 0], "it never left");
        s.settle();
        assert_eq!(s.state(), DestinationState::Revoked);
        assert!(s.b.home.received().expect("rows").is_empty());
    }
}

/// B has the share, and then a year goes by in which it is away.
fn away_for_a_year() -> Scene {
    let mut s = scene();
    s.share();
    s.settle();
    assert_eq!(s.state(), DestinationState::Delivered);
    s.wait(370);
    s
}

#[test]
fn a_household_to_which_nothing_can_be_written_is_told_of_a_revocation_once_its_card_has_come() {
    let mut s = away_for_a_year();
    let share = s.share.clone();
    let back = s.a.revoke(&share, Some(B)).expect("taken back");
    assert_eq!(back.households, [B]);
    assert_eq!(s.pass_in_vain(), ["card-request"]);
    assert_eq!(s.days_in_vain(2).concat(), [""; 0]);
    s.wait(1);
    s.village.sync(&mut s.a);
    assert_eq!(s.village.inbox(&s.b).len(), 1, "it is asked again");
    s.settle();
    assert_eq!(s.b.share_named(&share).state, ShareState::Revoked);
    assert_eq!(s.state(), DestinationState::Deleted);
}

#[test]
fn days_on_which_nobody_can_be_told_do_not_count_for_a_revocation() {
    let mut s = away_for_a_year();
    let share = s.share.clone();
    s.a.revoke(&share, Some(B)).expect("taken back");
    s.pass_in_vain();
    let asked = s.days_in_vain(45).concat();
    assert_eq!(asked, ["card-request"; 15]);
    s.settle();
    assert_eq!(s.b.share_named(&share).state, ShareState::Revoked);
    assert_eq!(s.state(), DestinationState::Deleted);
    assert!(!s.a.given().contains("told since"));
}

#[test]
fn who_never_answers_is_asked_thirty_times_and_then_when_somebody_asks() {
    let mut s = away_for_a_year();
    let share = s.share.clone();
    s.a.revoke(&share, Some(B)).expect("taken back");
    let mut asked = s.pass_in_vain().len();
    for _ in 0..40 {
        s.wait(3);
        asked += s.pass_in_vain().len();
    }
    assert_eq!(asked, 30);
    let (now, b) = (s.a.now(), s.b.mailbox.clone());
    s.a.home.request_card(&b, now).expect("asked");
    assert_eq!(s.pass_in_vain(), ["card-request"]);
    s.wait(3);
    assert_eq!(s.pass_in_vain(), ["card-request"], "and again by itself");
    // It is back, and says so by itself.
    s.settle();
    assert_eq!(s.b.share_named(&share).state, ShareState::Revoked);
    assert_eq!(s.state(), DestinationState::Deleted);
}

#[test]
fn what_may_be_there_stays_as_it_is_and_the_certificate_is_asked_for_at_once() {
    let mut s = scene();
    s.share();
    s.village.sync(&mut s.a);
    s.village.take_mail(&s.b);
    s.wait(370);
    let fault = s.resend(Some(B)).expect_err("it cannot go now");
    assert_eq!(fault.code, "waits");
    assert_eq!(s.state(), DestinationState::Sent);
    s.village.sync(&mut s.a);
    let inbox = s.village.inbox(&s.b);
    assert!(
        inbox
            .iter()
            .any(|mail| s.b.read(mail).body.kind() == "card-request")
    );
}

/// B renewed its key and said so; A renewed its own, and its word of that was lost.
#[test]
fn who_cannot_say_that_all_arrived_asks_for_a_card_and_says_it_then() {
    let mut s = scene();
    s.wait(310);
    s.village.sync(&mut s.a);
    assert_eq!(s.village.take_mail(&s.b).len(), 1, "its card");
    s.village.sync(&mut s.b);
    s.village.sync(&mut s.a);
    s.wait(60);
    s.share();
    assert_eq!(s.state(), DestinationState::Queued);
    s.settle();
    assert_eq!(s.b.share_named(&s.share).state, ShareState::Complete);
    assert_eq!(s.state(), DestinationState::Delivered);
}

#[test]
fn a_no_that_cannot_be_said_is_kept_for_later_and_the_certificate_is_asked_for() {
    let mut s = scene();
    s.share();
    s.settle();
    let reading = s.b.reading();
    let now = s.b.home.tick(&reading, &[]).expect("time");
    let bob = "bob".parse().expect("a station");
    let share = s.share.clone();
    let asked = s.b.home.ask(
        &share,
        &bob,
        Some(
            hearthpost::rules::parse_rules("print=320")
                .expect("rules")
                .into(),
        ),
        "please",
        now,
    );
    asked.expect("asked");
    s.settle();
    s.wait(370);
    let reading = s.a.reading();
    let now = s.a.home.tick(&reading, &[]).expect("time");
    let request = s.a.home.requests().expect("rows").remove(0).request;
    let answered = s.a.home.answer(&request, false, "", now);
    assert_eq!(answered.expect_err("it would be lost").code, "certificate");
    assert_eq!(s.a.home.requests().expect("rows")[0].state, "open");
    assert_eq!(s.pass_in_vain(), ["card-request"]);
}
