//! Two of a house answer a request at once: the first answer counts, and what it grants is granted once.

use crate::house::{House, Village, order, picture};
use hearthpost::crash::meanwhile;
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::Fault;

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
    request: String,
}

/// `a` shared a picture at screen size with bob of `b`, who asked for this besides.
fn asked(for_what: &str) -> Scene {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 2400, 1600);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b+bob@b.example"], "display=640");
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let now = b.home.tick(&b.reading(), &[]).expect("time");
    let rules = parse_rules(for_what).expect("rules");
    let bob = "bob".parse().expect("a station");
    let asks = b.home.ask(&share, &bob, Some(rules.into()), "", now);
    asks.expect("asked");
    village.settle(&mut [&mut a, &mut b]);
    let request = a.home.requests().expect("listed").remove(0).request;
    Scene {
        village,
        a,
        b,
        share,
        request,
    }
}

fn answer(house: &mut House, request: &str, yes: bool) -> Result<Option<String>, Fault> {
    let now = house.home.tick(&house.reading(), &[]).expect("time");
    house.home.answer(request, yes, "", now)
}

impl Scene {
    /// One answers, and at that point another program of the house does; gives the code of what the first one hears.
    fn both(&mut self, yes: bool, point: &'static str, other: bool) -> &'static str {
        let (mut twin, request) = (self.a.twin(), self.request.clone());
        meanwhile(point, move || {
            answer(&mut twin, &request, other).expect("answered first");
        });
        let late = answer(&mut self.a, &self.request, yes);
        self.village.settle(&mut [&mut self.a, &mut self.b]);
        late.expect_err("answered already").code
    }

    /// What bob hears.
    fn answered(&self) -> &'static str {
        self.b.home.requests().expect("listed").remove(0).state
    }

    fn bob_may_print(&mut self) -> bool {
        let item = self.b.items(&self.share).remove(0).reference;
        self.b.view(&item, "bob", Action::Print).is_ok()
    }
}

#[test]
fn of_two_yeses_one_shares_anew() {
    let mut s = asked("display=full,store=full");
    assert_eq!(s.both(true, "share.before_commit", true), "answered");
    assert_eq!(s.answered(), "yes");
    for house in [&s.a, &s.b] {
        let shares = house.home.album.rows().shares().expect("rows");
        assert_eq!(shares.len(), 2, "the first one, and the one that is new");
    }
    let rows = s.a.home.album.rows();
    let shares = rows.shares().expect("rows");
    let parts = shares
        .iter()
        .flat_map(|one| rows.parts(one.id).expect("rows"));
    assert_eq!(
        s.a.blobs().len(),
        parts.filter(|part| part.held).count(),
        "nothing was left of what was not shared"
    );
}

#[test]
fn of_two_yeses_one_gives_more() {
    let mut s = asked("print=640");
    assert_eq!(s.both(true, "give.before_commit", true), "answered");
    assert_eq!(s.answered(), "yes");
    assert!(s.bob_may_print());
}

#[test]
fn what_was_denied_meanwhile_is_not_given() {
    let mut s = asked("print=640");
    assert_eq!(s.both(true, "give.before_commit", false), "answered");
    assert_eq!(s.answered(), "no");
    assert!(!s.bob_may_print());
}

#[test]
fn what_was_given_meanwhile_is_not_denied() {
    let mut s = asked("print=640");
    assert_eq!(s.both(false, "answer.before_commit", true), "answered");
    assert_eq!(s.answered(), "yes");
    assert!(s.bob_may_print());
}

#[test]
fn who_asked_anew_meanwhile_is_answered_that() {
    let mut s = asked("print=640");
    let (mut twin, mut b) = (s.a.twin(), s.b.twin());
    b.wait(60);
    let share = s.share.clone();
    meanwhile("give.before_commit", move || {
        b.asks(&share, "bob", "print=320", "").expect("asked");
        b.sync_alone();
        twin.sync_alone();
    });
    let late = answer(&mut s.a, &s.request, true);
    assert_eq!(late.expect_err("asked anew").code, "unknown_request");
    let open = s.a.home.requests().expect("listed").remove(0);
    assert_ne!(open.request, s.request);
    answer(&mut s.a, &open.request, true).expect("answered");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert!(s.bob_may_print());
}
