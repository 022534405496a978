//! Somebody leaves the house, and another one of the same name comes: what the first one shared, passed on and asked for is
//! not theirs. What is used up of the rights that others gave to that name stays used up.

use crate::house::{House, Village, order, picture, visitor};
use hearthpost::address::StationName;
use hearthpost::album::ShareState;
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::accounts::Visitor;
use hearthpost::sharing::share::Order;
use hearthpost::sharing::{Fault, Now};

const C: &str = "home-c@c.example";
const FURTHER: &str = "display=full,forward=yes";

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    share: String,
}

/// `a` shared a picture with bea of `b`; whether `b` knows `c` is said.
fn scene(rules: &str, knows: bool) -> Scene {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bea", "bob", "cid"]);
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    if knows {
        village.introduce(&mut b, &mut c);
    }
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    let order = Order {
        onward: (rules == FURTHER).then(|| parse_rules(FURTHER).expect("rules")),
        ..order(&[&items[0]], &["home-b+bea@b.example"], rules)
    };
    let share = a.share(&order);
    let share = share.expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    Scene {
        village,
        a,
        b,
        c,
        share,
    }
}

fn name(text: &str) -> StationName {
    text.parse().expect("a station")
}

fn keeper() -> Visitor {
    Visitor {
        keeper: true,
        ..visitor("bob")
    }
}

impl Scene {
    /// Somebody of `b` leaves; a minute later another one comes who is called the same.
    fn is_followed(&mut self, who: &str) {
        let now = self.b.now();
        self.b.home.remove_person(&name(who), now).expect("removed");
        self.b.wait(60);
        let mail = "people@p.example".parse().expect("a mailbox");
        let now = self.b.now();
        let added = self.b.home.add_person(name(who), mail, now);
        added.expect("added");
    }

    fn tick(&mut self) -> Now {
        let reading = self.b.reading();
        self.b.home.tick(&reading, &[]).expect("time")
    }

    fn settle(&mut self) {
        let Scene {
            village, a, b, c, ..
        } = self;
        village.settle(&mut [a, b, c]);
    }

    /// The titles of what is out, as somebody sees it.
    fn out_for(&self, who: &Visitor) -> Vec<String> {
        let sent = self.b.home.sent_by(who).expect("rows");
        sent.into_iter().map(|one| one.title).collect()
    }

    /// Bea of `b` shares a picture of the house with `c`, in the browser.
    fn beas_secret(&mut self) -> String {
        let path = self.b.folder.join("gift.jpg");
        picture(&path, 320, 200);
        let items = self.b.import(&[path]);
        let order = Order {
            title: "for bob's birthday".to_owned(),
            viewer: Some(name("bea")),
            ..order(&[&items[0]], &[C], "display=full")
        };
        self.b.share(&order).expect("recorded").share
    }

    fn look(&mut self, who: &str) -> Result<Option<u32>, &'static str> {
        let item = self.b.items(&self.share).remove(0).reference;
        let looked = self.b.view(&item, who, Action::Display);
        looked
            .map(|(seen, _)| seen.width)
            .map_err(|fault| fault.code)
    }

    fn pass_inside(&mut self, by: &str, to: &str, rules: &str) -> Result<(), Fault> {
        let to = format!("home-b+{to}@b.example");
        self.b.forward(&self.share, by, &[&to], rules).map(drop)
    }
}

#[test]
fn what_somebody_shared_who_left_is_the_keepers_alone() {
    let mut s = scene("display=full", true);
    let secret = s.beas_secret();
    assert_eq!(s.out_for(&visitor("bea")), ["for bob's birthday"]);
    s.is_followed("bea");
    for who in ["bea", "bob"] {
        assert!(s.out_for(&visitor(who)).is_empty(), "{who}");
        let now = s.tick();
        let ended = s.b.home.stop_sharing(&secret, None, &visitor(who), now);
        assert_eq!(ended.expect_err("not theirs").code, "unknown_share");
    }
    assert_eq!(s.out_for(&keeper()), ["for bob's birthday"]);
    s.settle();
    assert!(s.c.knows(&secret), "it goes on its way");
    let now = s.tick();
    let ended = s.b.home.stop_sharing(&secret, None, &keeper(), now);
    ended.expect("the keeper may");
    assert_eq!(s.b.share_named(&secret).state, ShareState::Revoked);
}

#[test]
fn what_somebody_passed_on_who_left_is_the_keepers_alone() {
    let mut s = scene(FURTHER, true);
    let to = ["home-c+carol@c.example"];
    s.b.forward(&s.share, "bea", &to, "display=320")
        .expect("passed on");
    s.settle();
    s.is_followed("bea");
    assert!(s.out_for(&visitor("bea")).is_empty());
    let now = s.tick();
    let passed = s.b.home.passed_on_by(&s.share, &name("bea"), now);
    assert!(passed.expect("it came for that name").is_empty());
    let again = s.b.home.resend_as(&s.share, None, &visitor("bea"), now);
    assert_eq!(again.expect_err("not hers").code, "unknown_share");
    assert_eq!(s.out_for(&keeper()).len(), 1);

    // More of it is nobody's to give.
    s.c.asks(&s.share, "carol", "print=320", "please")
        .expect("asked");
    s.settle();
    let request = s.b.home.requests().expect("rows").remove(0).request;
    let now = s.tick();
    let yes = s.b.home.answer(&request, true, "", now);
    let fault = yes.expect_err("nobody's");
    assert!(fault.message.contains("has left the house"), "{fault:?}");

    let ended = s.b.home.stop_sharing(&s.share, Some(C), &keeper(), now);
    ended.expect("the keeper may");
    s.settle();
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Revoked);
}

#[test]
fn what_two_passed_on_stays_together_when_one_of_them_leaves() {
    let mut s = scene(FURTHER, true);
    let bob = ["home-b+bob@b.example"];
    s.a.forward(&s.share, "ann", &bob, FURTHER).expect("given");
    s.settle();
    let to = ["home-c+carol@c.example"];
    s.b.forward(&s.share, "bea", &to, "display=320")
        .expect("passed on");
    s.settle();
    s.is_followed("bea");
    // The other one goes on giving there, beside what she gave.
    let to = ["home-c+carl@c.example"];
    s.b.forward(&s.share, "bob", &to, "display=200")
        .expect("passed on");
    s.settle();
    let there = s.b.destinations(&s.share).remove(0).stations;
    let there: Vec<&str> = there.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(there.len(), 2, "{there:?}");
    assert!(s.out_for(&visitor("bea")).is_empty());
    let sent = s.b.home.sent_share(&s.share, &keeper()).expect("rows");
    let by = sent.destinations.iter().map(|to| to.passed_by.clone());
    assert_eq!(by.collect::<Vec<_>>(), [None, Some(name("bob"))]);
    let now = s.tick();
    let ended = s.b.home.stop_sharing(&s.share, Some(C), &keeper(), now);
    ended.expect("the keeper may");
    s.settle();
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Revoked);
}

#[test]
fn nobody_is_called_as_who_has_left() {
    let mut s = scene("display=full", false);
    let mail = "people@p.example".parse().expect("a mailbox");
    let now = s.b.now();
    let added = s.b.home.add_person(name(".bea"), mail, now);
    assert_eq!(added.expect_err("nobody's").code, "reserved");
}

#[test]
fn what_waits_on_the_rights_of_somebody_who_left_ends_with_them() {
    let mut s = scene(FURTHER, false);
    let to = ["home-c+carol@c.example"];
    s.b.forward(&s.share, "bea", &to, "display=320")
        .expect("passed on");
    s.village.sync(&mut s.b);
    s.is_followed("bea");
    assert!(s.out_for(&visitor("bea")).is_empty());
    s.settle();
    let known =
        s.b.home
            .album
            .rows()
            .contact_at(&C.parse().expect("a mailbox"));
    assert!(known.expect("rows").is_some(), "its card has come");
    assert!(s.b.destinations(&s.share).is_empty(), "nothing went");
}

#[test]
fn what_somebody_shared_who_left_still_waits_for_a_card() {
    let mut s = scene("display=full", false);
    let secret = s.beas_secret();
    s.village.sync(&mut s.b);
    s.is_followed("bea");
    s.settle();
    assert_eq!(s.b.destinations(&secret).len(), 1, "it went");
    assert!(s.out_for(&visitor("bea")).is_empty());
}

#[test]
fn within_the_house_it_ends_with_who_passed_it_on_also_further_on() {
    let mut s = scene(FURTHER, false);
    s.pass_inside("bea", "bob", FURTHER).expect("passed on");
    s.pass_inside("bob", "cid", "display=320")
        .expect("passed on");
    assert_eq!(
        (s.look("bob"), s.look("cid")),
        (Ok(Some(640)), Ok(Some(320)))
    );
    s.is_followed("bea");
    assert_eq!(
        (s.look("bob"), s.look("cid")),
        (Err("denied"), Err("denied"))
    );
}

#[test]
fn what_was_passed_on_within_the_house_is_not_for_who_follows() {
    let mut s = scene(FURTHER, false);
    s.pass_inside("bea", "bob", "display=320")
        .expect("passed on");
    assert_eq!(s.look("bob"), Ok(Some(320)));
    s.is_followed("bob");
    assert_eq!(s.look("bob"), Err("denied"));
    let now = s.tick();
    let item = s.b.items(&s.share).remove(0).reference;
    let opened = s.b.home.opened_by(&s.share, &name("bob"), now);
    assert_eq!(opened.err().map(|fault| fault.code), Some("unknown_share"));
    let shown = s.b.home.hand(&item, &name("bob"), Action::Display, now);
    let shown = shown.err().map(|fault| fault.code);
    assert_eq!(shown, Some("unknown_item"), "not even that it was");
}

#[test]
fn views_and_days_of_a_name_do_not_begin_anew() {
    let mut s = scene("display=full,views=1", false);
    assert_eq!(s.look("bea"), Ok(Some(640)));
    s.is_followed("bea");
    s.b.wait(600);
    assert_eq!(s.look("bea"), Err("denied"));
    let mut s = scene("display=full,period=P7D", false);
    s.b.wait(7 * 86_400 - 60);
    s.is_followed("bea");
    assert_eq!(s.look("bea"), Err("denied"));
}

#[test]
fn what_somebody_asked_for_who_left_is_not_seen_by_who_follows() {
    let mut s = scene("display=320", false);
    s.b.asks(&s.share, "bea", "print=320", "for the birthday")
        .expect("asked");
    s.is_followed("bea");
    assert!(s.b.home.requests().expect("rows").is_empty());
}
