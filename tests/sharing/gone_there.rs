//! What a household let go of, because its people's time was over, goes there again with the next grant; where it is not here
//! any more either, that grant is not given, and a yes to who asks shares it anew.

use std::time::Duration;

use crate::house::{House, Village, order, picture};
use hearthpost::album::ShareState;
use hearthpost::rules::{Action, Tier, parse_rules};
use hearthpost::sharing::share::Order;

const DAY: u64 = 86_400;
const BOB: &str = "home-b+bob@b.example";

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
}

/// All of `b` may look at it small, and bob might keep the file for 30 days, which are over. `others`: who was given it
/// too, and never looks into its mailbox.
fn scene(others: &[&str]) -> Scene {
    let village = Village::new("abc");
    let (mut a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea"]),
    );
    let mut c = village.house("c", &[]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    a.home.config.limits.keep_parts = Duration::from_secs(90 * DAY);
    let path = a.folder.join("lake.jpg");
    picture(&path, 2400, 1600);
    let items = a.import(&[path]);
    let to = [&["home-b@b.example"], others].concat();
    let rules = parse_rules("store=full,period=P30D").expect("rules");
    let order = Order {
        stations: vec![(BOB.parse().expect("an address"), rules)],
        ..order(&[&items[0]], &to, "display=320")
    };
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let mut s = Scene {
        village,
        a,
        b,
        share,
    };
    assert!(s.bob_may_keep(&s.share.clone()));
    s.a.wait(31 * DAY);
    s.b.wait(31 * DAY);
    s.village.sync(&mut s.b);
    assert_eq!(s.b.held_tiers(&s.share), [Tier::Thumb, Tier::About]);
    s
}

impl Scene {
    fn bob_may_keep(&mut self, share: &str) -> bool {
        let item = self.b.items(share).remove(0).reference;
        self.b.view(&item, "bob", Action::Store).is_ok()
    }

    fn gives(&mut self) -> Result<(), &'static str> {
        let rules = "store=full,until=2027-12-01T00:00:00Z";
        let given = self.a.forward(&self.share, "ann", &[BOB], rules);
        given.map(drop).map_err(|fault| fault.code)
    }
}

#[test]
fn who_asks_again_for_what_is_gone_gets_it_anew() {
    let mut s = scene(&[]);
    s.b.asks(&s.share, "bob", "print=320", "").expect("asked");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let asked = s.a.home.requests().expect("listed").remove(0);
    let now = s.a.home.tick(&s.a.reading(), &[]).expect("time");
    let given = s.a.home.answer(&asked.request, true, "", now);
    let share = given.expect("answered").expect("granted");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!(s.b.share_named(&share).state, ShareState::Complete);
    assert!(s.bob_may_keep(&share));
}

#[test]
fn what_is_gone_on_both_sides_is_not_promised() {
    let mut s = scene(&[]);
    assert_eq!(s.gives(), Err("parts_gone"));
    let state = s.b.share_named(&s.share).state;
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!(s.b.share_named(&s.share).state, state);
}

#[test]
fn what_is_here_yet_goes_there_again() {
    let mut s = scene(&["home-c@c.example"]);
    assert_eq!(s.gives(), Ok(()));
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    assert_eq!(s.b.share_named(&s.share).state, ShareState::Complete);
    let share = s.share.clone();
    assert!(s.bob_may_keep(&share));
}

#[test]
fn to_have_less_takes_nothing_that_is_here() {
    let mut s = scene(&[]);
    let everyone = ["home-b@b.example"];
    let less = s.a.forward(&s.share, "ann", &everyone, "display=160");
    less.expect("nothing has to go there for it");
    s.village.settle(&mut [&mut s.a, &mut s.b]);
    let item = s.b.items(&s.share).remove(0).reference;
    let (seen, _) = s.b.view(&item, "bea", Action::Display).expect("she looks");
    assert_eq!(seen.width, Some(160));
}
