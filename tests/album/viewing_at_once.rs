//! While something is made ready for one person, others ask, and rights end: what is decided when it is counted holds.

use crate::house::{House, Village, order, picture};
use hearthpost::crash::meanwhile;
use hearthpost::rules::Action;
use hearthpost::sharing::Fault;

/// A picture of 600 by 400 that `a` shares with bob at `b`, complete there.
struct Seen {
    village: Village,
    a: House,
    b: House,
    share: String,
    item: String,
}

fn seen(rules: &str) -> Seen {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 600, 400);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b+bob@b.example"], rules);
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let item = b.items(&share).remove(0).reference;
    Seen {
        village,
        a,
        b,
        share,
        item,
    }
}

impl Seen {
    fn look(&mut self) -> Result<u32, Fault> {
        let (viewed, _) = self.b.view(&self.item, "bob", Action::Display)?;
        Ok(viewed.width.expect("a picture"))
    }

    fn denied(&mut self) {
        assert_eq!(self.look().expect_err("denied").code, "denied");
    }

    /// What another program of the house does once something is ready for bob, and before it is counted.
    fn once_ready(&self, what: impl FnOnce(&mut House, &str) + 'static) {
        let (mut twin, item) = (self.b.twin(), self.item.clone());
        meanwhile("view.ready", move || what(&mut twin, &item));
    }

    /// Bob looks in another browser meanwhile, where the clock was read so many seconds later.
    fn bob_looks_too(&self, later: u64) {
        self.once_ready(move |twin, item| {
            twin.wait(later);
            let reading = twin.reading();
            let now = twin.home.tick(&reading, &[]).expect("time");
            let bob = "bob".parse().expect("a station");
            let shown = twin.home.hand(item, &bob, Action::Display, now);
            shown.expect("shown");
        });
    }
}

#[test]
fn two_that_look_at_once_open_one_view() {
    // The second one may have read the clock before it changed, or a slow box may take its time.
    for later in [0, 1, 200] {
        let mut seen = seen("display=160,views=2");
        seen.bob_looks_too(later);
        assert_eq!(seen.look(), Ok(160));
        seen.b.wait(later + 600);
        assert_eq!(seen.look(), Ok(160), "the second view");
        seen.b.wait(600);
        seen.denied();
    }
}

#[test]
fn who_read_the_clock_first_and_comes_last_opens_no_view() {
    let mut seen = seen("display=160,views=2");
    let bob = "bob".parse().expect("a station");
    let mut ahead = seen.b.twin();
    ahead.wait(1);
    for house in [&mut ahead, &mut seen.b] {
        // Of the clock no note is made at each request.
        let now = house.home.time(&house.reading()).expect("time");
        let shown = house.home.hand(&seen.item, &bob, Action::Display, now);
        shown.expect("shown");
    }
    seen.b.wait(601);
    assert_eq!(seen.look(), Ok(160), "the second view");
}

#[test]
fn two_that_open_the_last_view_at_once_both_see_it() {
    let mut seen = seen("display=160,views=1");
    seen.bob_looks_too(0);
    assert_eq!(seen.look(), Ok(160));
    seen.b.wait(600);
    seen.denied();
}

#[test]
fn what_is_kept_while_the_last_view_is_opened_is_not_handed_over() {
    let mut seen = seen("display=160,store=full,views=1");
    seen.bob_looks_too(0);
    let kept = seen.b.view(&seen.item, "bob", Action::Store);
    assert_eq!(kept.expect_err("denied").code, "denied");
}

#[test]
fn what_is_taken_back_while_it_is_made_is_not_handed_over() {
    let mut seen = seen("display=160,views=1");
    seen.a.revoke(&seen.share, None).expect("taken back");
    seen.village.sync(&mut seen.a);
    seen.once_ready(|twin, _| drop(twin.sync_alone()));
    let fault = seen.look().expect_err("denied");
    assert!(fault.message.contains("not share this"), "{fault:?}");
}

#[test]
fn what_costs_no_view_is_not_handed_over_either() {
    let mut seen = seen("display=full,store=full");
    assert_eq!(seen.look(), Ok(600));
    seen.a.revoke(&seen.share, None).expect("taken back");
    seen.village.sync(&mut seen.a);
    seen.once_ready(|twin, _| drop(twin.sync_alone()));
    let kept = seen.b.view(&seen.item, "bob", Action::Store);
    assert_eq!(kept.expect_err("denied").code, "denied");
}

#[test]
fn no_small_picture_is_handed_over_that_was_taken_back_while_it_was_made() {
    let mut seen = seen("display=full");
    seen.a.revoke(&seen.share, None).expect("taken back");
    seen.village.sync(&mut seen.a);
    seen.once_ready(|twin, _| drop(twin.sync_alone()));
    let (reading, bob) = (seen.b.reading(), "bob".parse().expect("a station"));
    let now = seen.b.home.tick(&reading, &[]).expect("time");
    let thumb = seen.b.home.hand_thumb(&seen.item, &bob, now);
    assert_eq!(thumb.err().map(|fault| fault.code), Some("denied"));
}

#[test]
fn what_became_less_while_it_was_made_is_made_anew() {
    let mut seen = seen("display=500");
    let to = ["home-b+bob@b.example"];
    seen.a
        .forward(&seen.share, "ann", &to, "display=160")
        .expect("given anew");
    seen.village.sync(&mut seen.a);
    seen.once_ready(|twin, _| drop(twin.sync_alone()));
    assert_eq!(seen.look(), Ok(160));
}

#[test]
fn who_is_removed_while_it_is_made_is_handed_nothing() {
    let mut seen = seen("display=160,views=1");
    let bob = "bob".parse().expect("a station");
    seen.once_ready(move |twin, _| {
        let now = twin.now();
        twin.home.remove_person(&bob, now).expect("removed");
    });
    assert_eq!(seen.look().expect_err("gone").code, "unknown_person");
    let (bob, now) = ("bob".parse().expect("a station"), seen.b.now());
    let mail = "people@p.example".parse().expect("a mailbox");
    seen.b.home.add_person(bob, mail, now).expect("added");
    assert_eq!(seen.look(), Ok(160), "no view was counted");
}
