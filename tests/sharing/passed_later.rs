//! Passing on to a household that nobody here knows: it is asked for its card, and what it gets then is within what the
//! person may then.

use crate::house::{House, Village, order, picture, visitor};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::message::SignedPermit;
use hearthpost::message::grant::Bytes;
use hearthpost::message::permit::NewPermit;
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::Now;
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::forward::narrow::Narrowing;
use hearthpost::sharing::listing::SentTo;

const C: &str = "home-c@c.example";
const DAY: u64 = 86_400;

struct Scene {
    village: Village,
    a: House,
    b: House,
    c: House,
    share: String,
}

/// `a` shared a picture with bea of `b`, who may pass it on; nobody there knows `c`.
fn scene(rules: &str) -> Scene {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bea", "bob"]);
    let c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    let to = ["home-b+bea@b.example", "home-b+bob@b.example"];
    let share = a.share(&order(&[&items[0]], &to, rules));
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

fn by(person: &str, share: &str, to: &[&str], rules: &str) -> ForwardOrder {
    ForwardOrder {
        share: share.to_owned(),
        person: Some(person.parse().expect("a station")),
        to: to.iter().map(|to| (*to).to_owned()).collect(),
        rules: Some(Narrowing {
            rules: parse_rules(rules).expect("rules"),
            says_what: true,
            ..Narrowing::default()
        }),
        ..ForwardOrder::default()
    }
}

impl Scene {
    /// bea passes it on, and `c` is asked for its card.
    fn waits(&mut self, rules: &str) {
        let order = by("bea", &self.share, &["home-c+carol@c.example"], rules);
        let passed = self.b.forward_order(order).expect("recorded");
        let line = &passed.destinations[0];
        assert_eq!(
            (line.state, line.unknown),
            (DestinationState::Waiting, true)
        );
        self.village.sync(&mut self.b);
        assert_eq!(
            self.village.inbox(&self.c).len(),
            1,
            "only the question for a card"
        );
        assert_eq!(self.at_c().state, "waiting");
    }

    /// How far it got at `c`, as `b` lists it.
    fn at_c(&self) -> SentTo {
        let sent = self.b.home.sent().expect("rows");
        let sent = sent.into_iter().find(|one| one.share == self.share);
        let mut to = sent.expect("passed on").destinations.into_iter();
        to.find(|to| to.mailbox.as_str() == C).expect("listed")
    }

    /// What somebody passed on to `c`: how far it is, and to how many there.
    fn waiting_of(&self, person: &str) -> Vec<(&'static str, usize)> {
        let sent = self.b.home.sent_share(&self.share, &visitor(person));
        let to = sent.map(|sent| sent.destinations).unwrap_or_default();
        let to = to.iter().filter(|to| to.mailbox.as_str() == C);
        to.map(|to| (to.state, to.stations.len())).collect()
    }

    fn tick(&mut self) -> Now {
        let reading = self.b.reading();
        self.b.home.tick(&reading, &[]).expect("time")
    }

    /// The card of `c` comes.
    fn card_comes(&mut self) {
        self.village.settle(&mut [&mut self.c, &mut self.b]);
    }

    fn settle(&mut self) {
        let Scene {
            village, a, b, c, ..
        } = self;
        village.settle(&mut [a, b, c]);
    }

    fn accept(&mut self) {
        let (b, now) = (self.b.mailbox.clone(), self.c.now());
        self.c.home.accept_contact(&b, now).expect("accepted");
        self.settle();
    }

    fn nothing_went(&mut self, why: &str) {
        let at = self.at_c();
        assert_eq!(at.state, "failed");
        let said = at.error.expect("why");
        assert!(said.contains(why), "{said}");
        assert!(self.b.destinations(&self.share).is_empty());
        self.accept();
        assert!(self.c.home.received().expect("listed").is_empty());
    }
}

#[test]
fn it_goes_once_the_card_has_come_and_is_hers_who_passed_it_on() {
    let mut s = scene("display=full,store=full,forward=yes");
    s.waits("display=320");
    assert_eq!(s.at_c().passed_by, Some("bea".parse().expect("a station")));
    assert!(s.a.home.sent().expect("rows")[0].copies.is_empty());
    s.card_comes();
    assert_eq!(s.at_c().state, "sent");
    s.accept();
    let at = s.at_c();
    assert_eq!((at.state, at.asked), ("delivered", None));
    assert_eq!(at.passed_by, Some("bea".parse().expect("a station")));
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Complete);
    let item = s.c.items(&s.share).remove(0).reference;
    let (viewed, _) = s.c.view(&item, "carol", Action::Display).expect("may look");
    assert_eq!(viewed.width, Some(320));
    // The origin sees the copy.
    assert_eq!(s.a.home.sent().expect("rows")[0].copies.len(), 1);
}

#[test]
fn what_the_person_may_only_in_part_meanwhile_is_given_in_part() {
    let mut s = scene("display=full,print=full,forward=yes");
    s.waits("display=640,print=640");
    let less = by(
        "ann",
        &s.share,
        &["home-b+bea@b.example"],
        "display=200,forward=yes",
    );
    let less = ForwardOrder {
        person: None,
        yes: true,
        ..less
    };
    s.a.forward_order(less).expect("less");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    s.card_comes();
    s.accept();
    let item = s.c.items(&s.share).remove(0).reference;
    let (viewed, _) = s.c.view(&item, "carol", Action::Display).expect("may look");
    assert_eq!(viewed.width, Some(200));
    let printed = s.c.view(&item, "carol", Action::Print);
    assert_eq!(printed.expect_err("not given").code, "denied");
}

#[test]
fn what_was_taken_back_meanwhile_is_forgotten() {
    let mut s = scene("display=full,store=full,forward=yes");
    s.waits("display=320");
    s.a.revoke(&s.share.clone(), None).expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    s.card_comes();
    s.nothing_went("what it stood on has ended");
}

#[test]
fn what_the_person_may_not_pass_on_any_more_is_forgotten() {
    let mut s = scene("display=full,store=full,forward=yes");
    s.waits("display=320");
    let less = by("ann", &s.share, &["home-b+bea@b.example"], "display=full");
    let less = ForwardOrder {
        person: None,
        yes: true,
        ..less
    };
    s.a.forward_order(less).expect("less");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    s.card_comes();
    s.nothing_went("You may not pass on this");
}

#[test]
fn what_is_over_meanwhile_is_forgotten() {
    let mut s = scene("display=full,forward=yes,period=P3D");
    s.waits("display=320");
    for house in [&mut s.a, &mut s.b, &mut s.c] {
        house.wait(4 * DAY);
    }
    s.village.settle(&mut [&mut s.b, &mut s.a]);
    s.card_comes();
    assert_eq!(s.at_c().state, "failed");
    assert!(s.b.destinations(&s.share).is_empty());
}

#[test]
fn a_household_to_which_it_may_not_be_passed_on_gets_nothing_though_it_answers() {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bea"]);
    let c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    let to = ["home-b+bea@b.example"];
    let share = a.share(&order(&[&items[0]], &to, "display=full,forward=yes"));
    let share = share.expect("recorded").share;
    village.sync(&mut a);
    // The permit names the one household to which it may go.
    let mut mails = village.take_mail(&b);
    let mut grant = b.read_grant(&mails.remove(0));
    let last = grant.grant.chain.pop().expect("a permit");
    let permit = SignedPermit::verify(&last.0)
        .expect("good")
        .permit()
        .clone();
    let mut onward = permit.onward.expect("it may be passed on");
    onward.to = Some(vec![a.identity().fingerprint()]);
    let new = NewPermit {
        share: permit.share,
        origin: permit.origin,
        manifest: permit.manifest,
        to: permit.to,
        parent: None,
        items: permit.items,
        tier: permit.tier,
        onward: Some(onward),
        issued: permit.issued,
    };
    let signed = SignedPermit::sign(new, a.identity()).expect("signed");
    grant.grant.chain.push(Bytes(signed.der().to_vec()));
    mails.push(grant.mail(&a, &b));
    for mail in &mails {
        village.deliver(&b, mail);
    }
    village.settle(&mut [&mut b]);
    let mut s = Scene {
        village,
        a,
        b,
        c,
        share,
    };
    s.waits("display=320");
    s.card_comes();
    s.nothing_went("it may not be passed on to home-c@c.example");
}

#[test]
fn what_one_person_passes_on_twice_comes_together_and_what_another_does_by_itself() {
    let mut s = scene("display=full,store=full,forward=yes");
    s.waits("display=320");
    let more = by("bea", &s.share, &["home-c+carl@c.example"], "display=200");
    s.b.forward_order(more).expect("recorded");
    assert_eq!(s.at_c().stations.len(), 2);
    // He hears nothing of what she gives, and neither is in the way of the other.
    let other = by("bob", &s.share, &[C], "display=640");
    s.b.forward_order(other).expect("recorded");
    assert_eq!(s.waiting_of("bea"), [("waiting", 2)]);
    assert_eq!(s.waiting_of("bob"), [("waiting", 1)]);
    s.card_comes();
    s.accept();
    assert_eq!(s.at_c().state, "delivered");
    assert_eq!(s.b.destinations(&s.share)[0].stations.len(), 3);
    let item = s.c.items(&s.share).remove(0).reference;
    let (viewed, _) = s.c.view(&item, "carol", Action::Display).expect("may look");
    assert_eq!(viewed.width, Some(640), "as everyone there, whom he named");
}

#[test]
fn who_takes_back_or_sends_again_does_it_of_what_they_passed_on_alone() {
    let mut s = scene("display=full,store=full,forward=yes");
    s.waits("display=320");
    let other = by("bob", &s.share, &[C], "display=640");
    s.b.forward_order(other.clone()).expect("recorded");
    let (share, bob) = (s.share.clone(), visitor("bob"));
    let now = s.tick();
    for from in [Some(C), None] {
        let stopped = s.b.home.stop_sharing(&share, from, &bob, now);
        stopped.expect("taken back");
        assert_eq!(s.waiting_of("bea"), [("waiting", 1)]);
        assert_eq!(s.waiting_of("bob"), [("revoked", 1)]);
        s.b.forward_order(other.clone()).expect("recorded");
        assert_eq!(s.waiting_of("bob"), [("waiting", 1)]);
    }
    // The question was lost.
    s.village.take_mail(&s.c);
    s.b.home
        .remove_contact(&C.parse().expect("a mailbox"), s.b.time())
        .expect("removed");
    let again = s.b.home.resend_as(&share, None, &bob, now);
    assert_eq!(again.expect("once more").households.len(), 1);
    assert_eq!(s.waiting_of("bea"), [("failed", 1)]);
    assert_eq!(s.waiting_of("bob"), [("waiting", 1)]);
    s.card_comes();
    s.accept();
    assert_eq!(s.waiting_of("bea"), [("failed", 1)]);
    assert_eq!(s.waiting_of("bob"), [("delivered", 1)]);
    // What went there is his, and stays when she takes hers back.
    let bea = visitor("bea");
    let stopped = s.b.home.stop_sharing(&share, Some(C), &bea, now);
    stopped.expect("taken back");
    s.settle();
    assert_eq!(s.waiting_of("bea"), [("revoked", 1)]);
    assert_eq!(s.waiting_of("bob"), [("delivered", 1)]);
}

/// Between the look at what waits and what comes on top of it, another process of the house may come.
#[test]
fn what_is_taken_back_meanwhile_does_not_come_along_with_what_is_given_then() {
    let mut s = scene("display=full,store=full,forward=yes");
    s.waits("display=320");
    let to = ["home-d@d.example", "home-c+carl@c.example"];
    let more = by("bea", &s.share, &to, "display=200");
    let change = "UPDATE awaited SET state = 'revoked' WHERE mailbox = 'home-c@c.example'";
    let meanwhile = s.b.meanwhile("home-d@d.example", change);
    s.b.forward_order(more).expect("recorded");
    drop(meanwhile);
    assert_eq!(s.at_c().state, "waiting");
    let names = s.at_c().stations;
    assert_eq!(names.len(), 1, "what was taken back stays so");
}

#[test]
fn a_later_word_for_who_is_known_by_then_counts_last() {
    let mut s = scene("display=full,store=full,forward=yes");
    s.waits("display=640");
    // It is known by other means, before the next pass.
    s.village.introduce(&mut s.b, &mut s.c);
    let less = by("bea", &s.share, &["home-c+carol@c.example"], "display=200");
    s.b.forward_order(less).expect("passed on");
    s.settle();
    let item = s.c.items(&s.share).remove(0).reference;
    let (viewed, _) = s.c.view(&item, "carol", Action::Display).expect("may look");
    assert_eq!(viewed.width, Some(200));
    assert_eq!(s.at_c().state, "delivered");
}

#[test]
fn what_is_taken_back_before_the_card_came_never_goes() {
    for from in [Some(C), None] {
        let mut s = scene("display=full,store=full,forward=yes");
        s.waits("display=320");
        s.b.revoke(&s.share.clone(), from).expect("taken back");
        assert_eq!(s.at_c().state, "revoked");
        s.card_comes();
        s.accept();
        assert_eq!(s.at_c().state, "revoked");
        assert!(s.c.home.received().expect("listed").is_empty());
    }
}

#[test]
fn originals_are_asked_about_and_no_relay_passes_on_to_who_is_not_known() {
    let mut s = scene("display=full,store=full,forward=yes");
    let much = by("bea", &s.share, &[C], "store=full");
    let asks = s.b.forward_order(much.clone()).expect_err("asks");
    assert_eq!(asks.code, "asks_first");
    assert!(s.b.home.asked().expect("rows").is_empty());
    let via = ForwardOrder {
        relay_via: Some(s.a.mailbox.clone()),
        ..by("bea", &s.share, &[C], "display=320")
    };
    assert_eq!(s.b.forward_order(via).expect_err("no relay").code, "relay");
    let yes = ForwardOrder { yes: true, ..much };
    s.b.forward_order(yes).expect("recorded");
    s.card_comes();
    s.accept();
    let item = s.c.items(&s.share).remove(0).reference;
    s.c.view(&item, "carol", Action::Store).expect("may keep");
}
