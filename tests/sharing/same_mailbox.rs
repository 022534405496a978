//! A household replaced its identity after something was shared with it, and the one that took its place was given the same.
//! Each of them can be meant alone; a mailbox alone means both.

use crate::house::identity::rekey;
use crate::house::{House, Village, order, picture, visitor};
use crate::site::Site;
use hearthpost::envelope::Fingerprint;
use hearthpost::sharing::listing::SentTo;

const B: &str = "home-b@b.example";
const C: &str = "home-c@c.example";
const D: &str = "home-d@d.example";

struct Scene {
    village: Village,
    /// `a` first; the household that replaced its identity last.
    houses: Vec<House>,
    share: String,
    before: Fingerprint,
    now: Fingerprint,
}

impl Scene {
    /// All that look at all.
    fn settle(&mut self, who: &[usize]) {
        for _ in 0..4 {
            for n in who {
                self.village.sync(&mut self.houses[*n]);
            }
        }
    }

    /// The last house has another identity from now on, and `by` has compared its words.
    fn replace(&mut self, by: usize, who: &[usize]) {
        let last = self.houses.len() - 1;
        self.before = self.houses[last].home.me();
        rekey(&mut self.houses[last]);
        self.now = self.houses[last].home.me();
        for house in &mut self.houses {
            house.wait(60);
        }
        self.settle(who);
        let (mailbox, now) = (self.houses[last].mailbox.clone(), self.houses[by].time());
        let verified = self.houses[by]
            .home
            .verify_contact(&mailbox, &self.now, now);
        verified.expect("compared");
        self.houses[by].wait(60);
    }

    fn at(&self, n: usize, who: Fingerprint) -> SentTo {
        let sent = self.houses[n].home.sent().expect("listed").remove(0);
        let mut to = sent.destinations.into_iter();
        to.find(|one| one.household == Some(who)).expect("listed")
    }
}

/// `a` shared with `b`, and with `b` again once that had replaced its identity. Somebody never looks, so that it is kept.
fn shared() -> Scene {
    let village = Village::new("abc");
    let (mut a, mut c) = (village.house("a", &["ann"]), village.house("c", &[]));
    let mut b = village.house("b", &["bob"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let share = a.share(&order(&[&items[0]], &[B, C], "display=320"));
    let mut s = Scene {
        share: share.expect("recorded").share,
        before: b.home.me(),
        now: b.home.me(),
        houses: vec![a, c, b],
        village,
    };
    s.settle(&[0, 2]);
    s.replace(0, &[0, 2]);
    let again = s.houses[0].forward(&s.share, "ann", &[B], "display=320");
    again.expect("given");
    s.settle(&[0, 2]);
    let states = [s.at(0, s.before).state, s.at(0, s.now).state];
    assert_eq!(states, ["delivered", "delivered"]);
    s
}

#[test]
fn one_that_took_the_place_of_another_is_meant_by_its_fingerprint() {
    let mut s = shared();
    let (share, who) = (s.share.clone(), s.now.to_string());
    let back = s.houses[0].revoke(&share, Some(&who)).expect("taken back");
    assert_eq!(back.households, [B]);
    assert_eq!(s.at(0, s.before).state, "delivered");
    assert_eq!(s.at(0, s.now).state, "revoked");
    s.settle(&[0, 2]);
    assert_eq!(s.at(0, s.now).state, "deleted");
}

#[test]
fn a_mailbox_alone_means_all_that_stand_there() {
    let mut s = shared();
    let share = s.share.clone();
    let back = s.houses[0].revoke(&share, Some(B)).expect("taken back");
    assert_eq!(back.households, [B]);
    assert_eq!(s.at(0, s.before).state, "revoked");
    s.settle(&[0, 2]);
    assert_eq!(s.at(0, s.now).state, "deleted");
    assert!(s.houses[2].blobs().is_empty());
}

#[test]
fn each_of_them_is_stopped_by_its_own_button() {
    let mut s = shared();
    let site = Site::of(&s.houses[0]);
    let mut ann = site.signed_in(&mut s.houses[0], "ann");
    let page = format!("/sent/{}", s.share);
    let button = |who: Fingerprint| format!("name=\"from\" value=\"{who}\"");
    let text = ann.get(&page).text();
    assert!(text.contains(&button(s.before)), "{text}");
    assert!(text.contains(&button(s.now)), "{text}");
    let who = s.now.to_string();
    ann.post(&format!("{page}/stop"), &[("from", &who)]);
    let text = ann.get(&page).text();
    assert!(text.contains(&button(s.before)), "{text}");
    assert!(!text.contains(&button(s.now)), "{text}");
    s.settle(&[0, 2]);
    assert_eq!(s.at(0, s.now).state, "deleted");
    assert!(s.houses[2].blobs().is_empty());
}

#[test]
fn what_somebody_passed_on_there_ends_at_all_that_stand_there() {
    for all in [true, false] {
        let village = Village::new("abc");
        let (mut a, mut b) = (
            village.house("a", &["ann"]),
            village.house("b", &["bob", "bea"]),
        );
        let mut c = village.house("c", &["carol"]);
        village.introduce(&mut a, &mut b);
        village.introduce(&mut b, &mut c);
        let path = a.folder.join("lake.jpg");
        picture(&path, 320, 200);
        let items = a.import(&[path]);
        let share = a.share(&order(&[&items[0]], &[B], "display=320,forward=yes"));
        let mut s = Scene {
            share: share.expect("recorded").share,
            before: c.home.me(),
            now: c.home.me(),
            houses: vec![a, b, c],
            village,
        };
        s.settle(&[0, 1]);
        let passes = |s: &mut Scene| {
            let passed = s.houses[1].forward(&s.share, "bea", &[C], "display=160");
            passed.expect("passed on");
            s.settle(&[0, 1, 2]);
        };
        passes(&mut s);
        s.replace(1, &[0, 1, 2]);
        passes(&mut s);
        assert_eq!(s.at(1, s.now).state, "delivered");
        let now = s.houses[1].clock();
        let who = match all {
            true => C.to_owned(),
            false => s.now.to_string(),
        };
        let stopped = s.houses[1]
            .home
            .stop_sharing(&s.share, Some(&who), &visitor("bea"), now);
        stopped.expect("stopped");
        let before = if all { "revoked" } else { "delivered" };
        assert_eq!(s.at(1, s.before).state, before);
        assert_eq!(s.at(1, s.now).state, "revoked");
        s.settle(&[1, 2]);
        assert_eq!(s.at(1, s.now).state, "deleted");
    }
}

#[test]
fn all_that_a_person_passed_on_stops_though_another_gave_it_to_the_one_that_took_a_place() {
    let village = Village::new("abcd");
    let (mut a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea"]),
    );
    let (mut c, mut d) = (village.house("c", &["carol"]), village.house("d", &["dan"]));
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    village.introduce(&mut b, &mut d);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let share = a.share(&order(&[&items[0]], &[B], "display=320,forward=yes"));
    let mut s = Scene {
        share: share.expect("recorded").share,
        before: c.home.me(),
        now: c.home.me(),
        houses: vec![a, b, d, c],
        village,
    };
    let all = [0, 1, 2, 3];
    s.settle(&all);
    let passes = |s: &mut Scene, who: &str, to: &[&str]| {
        let passed = s.houses[1].forward(&s.share, who, to, "display=160");
        passed.expect("passed on");
        s.settle(&all);
    };
    let stops = |s: &mut Scene, who: &str, from: Option<&str>| {
        let now = s.houses[1].clock();
        let home = &mut s.houses[1].home;
        let stopped = home.stop_sharing(&s.share, from, &visitor(who), now);
        let households = stopped.expect("stopped").households;
        s.settle(&all);
        households
    };
    passes(&mut s, "bob", &[C, D]);
    s.replace(1, &all);
    let before = s.before.to_string();
    assert_eq!(stops(&mut s, "bob", Some(&before)), [C]);
    passes(&mut s, "bea", &[C]);
    assert_eq!(s.at(1, s.now).state, "delivered");
    assert_eq!(stops(&mut s, "bob", None), [D]);
    assert_eq!(s.at(1, s.houses[2].home.me()).state, "deleted");
    assert_eq!(s.at(1, s.now).state, "delivered", "what bea gave stays");
    // Once more it is as it was.
    assert_eq!(stops(&mut s, "bob", None), Vec::<String>::new());
    assert_eq!(s.at(1, s.now).state, "delivered");
}
