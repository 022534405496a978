//! A full mailbox sends mail back: it goes again, later and later, until that household answers, and the sender sees it.

use std::time::Duration;

use crate::house::returned::{group, id_of, postfix};
use crate::house::{House, Village, order, picture};
use hearthpost::album::DestinationState;
use hearthpost::encoding::Timestamp;

const B: &str = "home-b@b.example";
const HOUR: u64 = 3_600;
/// The hours after which a mail goes again that comes back each time.
const WAITS: [u64; 12] = [2, 4, 8, 16, 16, 16, 16, 16, 16, 16, 16, 16];

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
}

/// What A sees of B: how far it got, the doubt, and when something goes again.
type Seen = (&'static str, Option<String>, Option<Timestamp>);

/// A shared one picture with B, the provider took all of it, and it lies nowhere: the mails are given back.
fn scene() -> (Scene, Vec<Vec<u8>>) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    let recorded = a.share(&order(&[&items[0]], &[B], "store=full"));
    let share = recorded.expect("recorded").share;
    village.sync(&mut a);
    let mails = village.take_mail(&b);
    assert!(mails.len() > 1, "a letter and parts");
    let scene = Scene {
        village,
        a,
        b,
        share,
    };
    (scene, mails)
}

impl Scene {
    /// These mails come back to A from B's full mailbox.
    fn come_back<'m>(&mut self, mails: impl IntoIterator<Item = &'m Vec<u8>>) -> Seen {
        for mail in mails {
            let full = group(B, "failed", "5.2.2", "552 5.2.2 over quota");
            returned(&self.village, &self.a, &postfix(&full, &id_of(mail)));
        }
        self.village.sync(&mut self.a);
        self.seen()
    }

    fn seen(&self) -> Seen {
        let sent = self.a.home.sent().expect("rows");
        let share = sent.iter().find(|share| share.share == self.share);
        let to = &share.expect("the share").destinations[0];
        (to.state, to.bounce.clone(), to.again)
    }

    /// Hours later A looks again; gives what came to B by it.
    fn later(&mut self, hours: u64) -> Vec<Vec<u8>> {
        self.a.wait(hours * HOUR);
        self.village.sync(&mut self.a);
        self.village.take_mail(&self.b)
    }

    fn in_hours(&self, hours: u64) -> Option<Timestamp> {
        Some(self.a.time().plus_seconds(hours * HOUR))
    }
}

fn returned(village: &Village, to: &House, mail: &str) {
    village.deliver(to, mail.replace('\n', "\r\n").as_bytes());
}

fn sorted(mut mails: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    mails.sort();
    mails
}

#[test]
fn what_came_back_goes_again_byte_for_byte_until_it_arrives() {
    let (mut scene, mails) = scene();
    let (state, said, again) = scene.come_back(&mails);
    assert_eq!((state, again), ("sent", scene.in_hours(2)));
    let said = said.expect("a doubt");
    let words = "mailbox full (552 5.2.2 over quota); it is sent again after ";
    assert!(said.starts_with(words), "{said}");
    assert_eq!(scene.later(1), Vec::<Vec<u8>>::new());
    let came = scene.later(1);
    let content = |mails: &[Vec<u8>]| sorted(mails.iter().map(|mail| as_written(mail)).collect());
    assert_eq!(content(&came), content(&mails));
    let (state, said, again) = scene.seen();
    assert_eq!((state, again), ("sent", None));
    let said = said.expect("a doubt");
    assert!(said.ends_with("; it was sent again"), "{said}");
    for mail in &came {
        scene.village.deliver(&scene.b, mail);
    }
    scene.village.sync(&mut scene.b);
    scene.village.sync(&mut scene.a);
    assert_eq!(scene.seen(), ("delivered", None, None));
    assert_eq!(scene.a.queued(), 0);
}

/// Without what the servers on the way put before it.
fn as_written(mail: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(mail);
    let ours = text.find("Message-ID:").expect("our first field");
    text[ours..].as_bytes().to_vec()
}

#[test]
fn waits_double_and_after_a_week_nothing_goes_any_more() {
    let (mut scene, mut mails) = scene();
    for hours in WAITS {
        let (_, _, again) = scene.come_back(&mails);
        assert_eq!(again, scene.in_hours(hours));
        assert!(scene.later(hours - 1).is_empty());
        let came = scene.later(1);
        assert_eq!(came.len(), mails.len(), "after {hours} hours");
        mails = came;
    }
    let (state, said, again) = scene.come_back(&mails);
    assert_eq!((state, again), ("sent", None));
    assert!(said.expect("a doubt").ends_with("; it is not sent again"));
    assert!(scene.later(30 * 24).is_empty());
    let all: u64 = WAITS.iter().sum();
    assert!((6 * 24..8 * 24).contains(&all));
}

#[test]
fn only_what_came_back_goes_again_and_each_once() {
    let (mut scene, mails) = scene();
    let letter = &mails[0];
    scene.come_back([letter, letter]);
    let (_, _, again) = scene.come_back([letter]);
    assert_eq!(again, scene.in_hours(2));
    let came = scene.later(2);
    assert_eq!(came.len(), 1);
    assert_eq!(as_written(&came[0]), as_written(letter));
    assert!(scene.later(30 * 24).is_empty());
}

#[test]
fn other_reasons_and_delays_are_shown_and_not_sent_again() {
    let (mut scene, mails) = scene();
    for (action, status, said) in [
        ("failed", "5.1.1", "550 5.1.1 User unknown"),
        ("failed", "5.7.1", "550 5.7.1 this looks like spam"),
        ("failed", "5.2.3", "552 5.2.3 too large"),
        ("delayed", "4.2.2", "452 4.2.2 mailbox full"),
    ] {
        let mail = postfix(&group(B, action, status, said), &id_of(&mails[0]));
        returned(&scene.village, &scene.a, &mail);
        scene.village.sync(&mut scene.a);
        let (_, said, again) = scene.seen();
        assert!(said.is_some() && again.is_none(), "{said:?} {again:?}");
    }
    assert!(scene.later(24).is_empty());
}

#[test]
fn household_that_answered_is_sent_nothing_again() {
    let (mut scene, mails) = scene();
    scene.come_back(&mails);
    // One provider of two kept it all the same.
    for mail in &mails {
        scene.village.deliver(&scene.b, mail);
    }
    scene.village.sync(&mut scene.b);
    scene.village.sync(&mut scene.a);
    assert_eq!(scene.seen(), ("delivered", None, None));
    assert!(scene.later(2).is_empty());
    assert_eq!(scene.come_back(&mails), ("delivered", None, None));
    assert!(scene.later(48).is_empty());
}

#[test]
fn what_was_taken_back_is_not_sent_again() {
    let (mut scene, mails) = scene();
    scene.come_back(&mails[..1]);
    let share = scene.share.clone();
    scene.a.revoke(&share, None).expect("taken back");
    scene.village.sync(&mut scene.a);
    let told = scene.village.take_mail(&scene.b);
    assert_eq!(told.len(), 1, "the revocation");
    scene.come_back(&mails);
    let came = scene.later(2);
    let old: Vec<String> = mails.iter().map(|mail| id_of(mail)).collect();
    assert!(came.iter().all(|mail| !old.contains(&id_of(mail))));
}

#[test]
fn newer_grant_takes_the_place_of_one_that_came_back() {
    let (mut scene, mails) = scene();
    scene.come_back(&mails[..1]);
    scene.a.wait(60);
    let share = scene.share.clone();
    let order = hearthpost::sharing::forward::ForwardOrder {
        share,
        to: vec![B.to_owned()],
        rules: Some(hearthpost::sharing::forward::narrow::Narrowing {
            rules: hearthpost::rules::parse_rules("display=full").expect("rules"),
            says_what: true,
            ..hearthpost::sharing::forward::narrow::Narrowing::default()
        }),
        yes: true,
        ..Default::default()
    };
    scene.a.forward_order(order).expect("given anew");
    scene.village.sync(&mut scene.a);
    scene.village.take_mail(&scene.b);
    let old = id_of(&mails[0]);
    for _ in 0..2 {
        let came = scene.later(24);
        assert!(came.iter().all(|mail| id_of(mail) != old));
        assert_eq!(scene.come_back(&mails[..1]).2, None);
    }
}

#[test]
fn parts_that_are_gone_do_not_hold_up_the_letter() {
    let (mut scene, mails) = scene();
    scene.a.home.config.limits.keep_parts = Duration::from_secs(60);
    // Other settings are seen the next day.
    assert!(scene.later(25).is_empty());
    let parts = scene.a.folder.join("data/parts");
    let count = || walk(&parts);
    assert_eq!(count(), 0, "let go of");
    scene.come_back(&mails);
    let came = scene.later(2);
    assert_eq!(came.len(), 1);
    assert_eq!(as_written(&came[0]), as_written(&mails[0]));
    let (state, said, _) = scene.seen();
    assert_eq!(state, "sent");
    let said = said.expect("a doubt");
    assert!(
        said.contains("without its pictures, which are not here any more"),
        "{said}"
    );
    assert_eq!(scene.a.queued(), 0);
}

fn walk(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder").flatten();
    entries
        .map(|entry| match entry.path() {
            path if path.is_dir() => walk(&path),
            _ => 1,
        })
        .sum()
}

#[test]
fn receipt_that_came_back_goes_again_too() {
    let (mut scene, mails) = scene();
    for mail in &mails {
        scene.village.deliver(&scene.b, mail);
    }
    scene.village.sync(&mut scene.b);
    let receipts = scene.village.take_mail(&scene.a);
    assert_eq!(receipts.len(), 1);
    let full = group(
        "home-a@a.example",
        "failed",
        "4.2.2",
        "full, and given up on",
    );
    returned(
        &scene.village,
        &scene.b,
        &postfix(&full, &id_of(&receipts[0])),
    );
    scene.village.sync(&mut scene.b);
    scene.b.wait(2 * HOUR);
    scene.village.sync(&mut scene.b);
    scene.village.sync(&mut scene.a);
    assert_eq!(scene.seen().0, "delivered");
    assert_eq!(
        scene.a.destinations(&scene.share)[0].state,
        DestinationState::Delivered
    );
}

#[test]
fn bounce_that_names_no_mail_of_ours_to_that_mailbox_sends_nothing_again() {
    let (mut scene, mails) = scene();
    let full = |mailbox| group(mailbox, "failed", "5.2.2", "552 full");
    for (mailbox, id) in [
        (B, "guessed@a.example".to_owned()),
        ("stranger@b.example", id_of(&mails[0])),
    ] {
        returned(&scene.village, &scene.a, &postfix(&full(mailbox), &id));
        scene.village.sync(&mut scene.a);
        assert_eq!(scene.seen(), ("sent", None, None));
    }
    assert!(scene.later(48).is_empty());
}
