//! What each person of the house may get, and when: the rules at the gate.

use crate::house;
use crate::house::{House, Village, order, picture};
use hearthpost::encoding::Timestamp;
use hearthpost::rules::Action;
use hearthpost::sharing::Fault;

const DAY: u64 = 86_400;

/// A picture of 600 by 400 that `a` shares with `b`, complete there: the short name of its item.
struct Seen {
    village: Village,
    a: House,
    b: House,
    share: String,
    item: String,
    original: Vec<u8>,
}

fn seen(stations: &[(&str, &str)]) -> Seen {
    seen_of(stations, |path| picture(path, 600, 400))
}

fn seen_of(stations: &[(&str, &str)], make: impl FnOnce(&std::path::Path) -> Vec<u8>) -> Seen {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea"]),
    );
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    let original = make(&path);
    let items = a.import(&[path]);
    let (first, rest) = stations.split_first().expect("a station");
    let address = |name: &str| format!("home-b+{name}@b.example");
    let mut order = order(&[&items[0]], &[&address(first.0)], first.1);
    for (name, rules) in rest {
        let address = address(name).parse().expect("an address");
        let rules = hearthpost::rules::parse_rules(rules).expect("rules");
        order.stations.push((address, rules));
    }
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    village.sync(&mut b);
    let item = b.items(&share).remove(0).reference;
    Seen {
        village,
        a,
        b,
        share,
        item,
        original,
    }
}

impl Seen {
    fn look(&mut self, person: &str, action: Action) -> Result<(u32, u32), Fault> {
        let (viewed, bytes) = self.b.view(&self.item, person, action)?;
        assert_eq!(viewed.size, bytes.len() as u64);
        let pixels = image::load_from_memory(&bytes).expect("a picture");
        assert_eq!(viewed.width, Some(pixels.width()));
        assert_eq!(viewed.height, Some(pixels.height()));
        Ok((pixels.width(), pixels.height()))
    }

    fn denied(&mut self, person: &str, action: Action) -> String {
        let fault = self.look(person, action).expect_err("denied");
        assert!(!fault.message.contains('\n'), "one line");
        fault.message
    }
}

#[test]
fn each_action_is_scaled_to_its_own_limit() {
    let mut seen = seen(&[("bob", "display=160,print=300,store=90")]);
    assert_eq!(seen.look("bob", Action::Display), Ok((160, 107)));
    assert_eq!(seen.look("bob", Action::Print), Ok((300, 200)));
    assert_eq!(seen.look("bob", Action::Store), Ok((90, 60)));
}

#[test]
fn nothing_is_scaled_up() {
    let mut seen = seen_of(&[("bob", "display=2048,print=full,store=9000")], |path| {
        picture(path, 500, 100)
    });
    for action in [Action::Display, Action::Print, Action::Store] {
        assert_eq!(seen.look("bob", action), Ok((500, 100)));
    }
}

#[test]
fn absent_action_is_denied() {
    let mut seen = seen(&[("bob", "display=160")]);
    for action in [Action::Print, Action::Store, Action::Forward] {
        let fault = seen.look("bob", action).expect_err("denied");
        assert_eq!(fault.code, "denied");
    }
}

#[test]
fn kept_in_full_is_the_original_bit_for_bit() {
    let mut seen = seen(&[("bob", "store=full")]);
    let (_, kept) = seen.b.view(&seen.item, "bob", Action::Store).expect("kept");
    assert!(kept == seen.original);
}

#[test]
fn named_station_replaces_everyone_for_that_person_alone() {
    let mut seen = seen(&[
        ("everyone", "display=full,store=full"),
        ("bea", "display=160"),
    ]);
    assert_eq!(seen.look("bob", Action::Display), Ok((600, 400)));
    assert_eq!(seen.look("bea", Action::Display), Ok((160, 107)));
    assert!(seen.look("bob", Action::Store).is_ok());
    seen.denied("bea", Action::Store);
}

#[test]
fn what_is_for_one_person_is_denied_to_the_other() {
    let mut seen = seen(&[("bea", "display=160")]);
    assert!(seen.look("bea", Action::Display).is_ok());
    for action in [Action::Display, Action::Print, Action::Store] {
        seen.denied("bob", action);
    }
}

#[test]
fn unknown_person_and_unknown_item_are_said() {
    let mut seen = seen(&[("everyone", "display=160")]);
    let fault = seen.look("carol", Action::Display).expect_err("unknown");
    assert_eq!(fault.code, "unknown_person");
    let fault = seen.look("everyone", Action::Display).expect_err("nobody");
    assert_eq!(fault.code, "unknown_person");
    seen.item = "nothing".to_owned();
    let fault = seen.look("bob", Action::Display).expect_err("unknown");
    assert_eq!(fault.code, "unknown_item");
}

#[test]
fn own_items_and_own_shares_are_not_handed_over_by_this_way() {
    let mut seen = seen(&[("everyone", "display=160")]);
    let own = seen.a.folder.join("lake.jpg");
    let own = seen.a.import(&[own]).remove(0).reference;
    let fault = seen.a.view(&own, "ann", Action::Store).expect_err("own");
    assert_eq!(fault.code, "unknown_item");
    let shared = seen.a.items(&seen.share).remove(0).reference;
    let fault = seen.a.view(&shared, "ann", Action::Store).expect_err("own");
    assert_eq!(fault.code, "denied");
}

#[test]
fn views_are_counted_once_in_ten_minutes() {
    let mut seen = seen(&[("bob", "display=160,print=160,store=full,views=2")]);
    assert!(seen.look("bob", Action::Display).is_ok());
    seen.b.wait(599);
    assert!(seen.look("bob", Action::Print).is_ok());
    seen.b.wait(1);
    assert!(seen.look("bob", Action::Display).is_ok());
    seen.b.wait(599);
    assert!(seen.look("bob", Action::Display).is_ok());
    seen.b.wait(1);
    for action in [Action::Display, Action::Print, Action::Store] {
        seen.denied("bob", action);
    }
}

#[test]
fn keeping_counts_as_no_view() {
    let mut seen = seen(&[("bob", "display=160,store=full,views=1")]);
    for _ in 0..3 {
        assert!(seen.look("bob", Action::Store).is_ok());
        seen.b.wait(601);
    }
    assert!(seen.look("bob", Action::Display).is_ok());
}

#[test]
fn views_of_one_person_are_not_those_of_another() {
    let mut seen = seen(&[("everyone", "display=160,views=1")]);
    assert!(seen.look("bob", Action::Display).is_ok());
    seen.b.wait(601);
    seen.denied("bob", Action::Display);
    assert!(seen.look("bea", Action::Display).is_ok());
}

#[test]
fn place_that_cannot_be_written_costs_no_view() {
    let mut seen = seen(&[("bob", "display=160,views=1")]);
    let reading = seen.b.reading();
    let now = seen.b.home.tick(&reading, &[]).expect("time");
    // The folder is gone, so nothing can be handed over.
    let out = seen.b.folder.join("gone/out.jpg");
    let bob = "bob".parse().expect("a station");
    let fault = seen
        .b
        .home
        .view(&seen.item, &bob, Action::Display, &out, now);
    assert_eq!(fault.expect_err("no folder").code, "out");
    assert_eq!(seen.look("bob", Action::Display), Ok((160, 107)));
    seen.b.wait(601);
    seen.denied("bob", Action::Display);
}

#[test]
fn period_runs_from_the_first_moment_anything_can_be_seen() {
    let mut seen = seen(&[("bob", "display=160,store=full,period=P7D")]);
    seen.b.wait(7 * DAY - 1);
    assert!(seen.look("bob", Action::Display).is_ok());
    seen.b.wait(1);
    for action in [Action::Display, Action::Store] {
        seen.denied("bob", action);
    }
}

/// Small pictures are all that may be seen, for a week; somebody else keeps the share for longer.
fn small_for_a_week() -> Seen {
    let long = Timestamp::from_unix(house::START + 90 * DAY as i64);
    let keep = format!("display=full,until={long}");
    let mut seen = seen(&[("everyone", "display=320,period=P7D"), ("bea", &keep)]);
    seen.b.wait(DAY);
    let mail = "people@p.example".parse().expect("a mailbox");
    let (cid, now) = ("cid".parse().expect("a station"), seen.b.now());
    seen.b.home.add_person(cid, mail, now).expect("added");
    seen
}

impl Seen {
    fn small_for_cid(&mut self) -> Result<u32, &'static str> {
        let (reading, cid) = (self.b.reading(), "cid".parse().expect("a station"));
        let now = self.b.home.tick(&reading, &[]).expect("time");
        let thumb = self.b.home.hand_thumb(&self.item, &cid, now);
        thumb.map(|thumb| thumb.width).map_err(|fault| fault.code)
    }
}

#[test]
fn who_came_later_looks_at_small_pictures_for_the_period_and_no_longer() {
    let mut seen = small_for_a_week();
    assert_eq!(seen.small_for_cid(), Ok(320));
    seen.b.wait(7 * DAY - 1);
    assert_eq!(seen.small_for_cid(), Ok(320));
    seen.b.wait(1);
    assert_eq!(seen.small_for_cid(), Err("denied"));
    seen.denied("cid", Action::Display);
}

#[test]
fn the_period_of_who_came_later_does_not_wait_until_they_look() {
    let mut seen = small_for_a_week();
    seen.village.sync(&mut seen.b);
    seen.b.wait(7 * DAY);
    assert_eq!(seen.small_for_cid(), Err("denied"));
    assert!(seen.look("bea", Action::Display).is_ok(), "it is here");
}

#[test]
fn window_opens_and_closes_at_its_instants() {
    let start = Timestamp::from_unix(house::START + 1000);
    let end = Timestamp::from_unix(house::START + 2000);
    let rules = format!("display=160,from={start},until={end}");
    let mut seen = seen(&[("bob", &rules)]);
    seen.b.wait(999);
    seen.denied("bob", Action::Display);
    seen.b.wait(1);
    assert!(seen.look("bob", Action::Display).is_ok());
    seen.b.wait(999);
    assert!(seen.look("bob", Action::Display).is_ok());
    seen.b.wait(1);
    seen.denied("bob", Action::Display);
}

#[test]
fn better_tier_goes_once_nobody_may_use_it_any_more() {
    use hearthpost::rules::Tier;
    let soon = Timestamp::from_unix(house::START + 2 * DAY as i64);
    let keep = format!("store=full,until={soon}");
    let mut seen = seen(&[("bob", "display=320"), ("bea", &keep)]);
    assert!(seen.look("bea", Action::Store).is_ok());
    assert!(seen.b.held_tiers(&seen.share).contains(&Tier::Original));
    let blobs = seen.b.blobs().len();
    seen.b.wait(3 * DAY);
    seen.village.sync(&mut seen.b);
    assert!(!seen.b.held_tiers(&seen.share).contains(&Tier::Original));
    assert_eq!(seen.b.blobs().len(), blobs - 1);
    assert_eq!(seen.look("bob", Action::Display), Ok((320, 213)));
    seen.denied("bea", Action::Store);
}

#[test]
fn orientation_is_applied_once() {
    for tagged in [1u8, 3, 6, 8] {
        let mut seen = seen_of(&[("bob", "display=300,store=full")], |path| {
            let jpeg = picture(path, 600, 300);
            let exif: &[u8] = &[
                b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".as_slice(),
                &[tagged, 0, 0, 0, 0, 0, 0],
            ]
            .concat();
            let len = (exif.len() as u16 + 2).to_be_bytes();
            let turned = [&jpeg[..2], &[0xff, 0xe1], &len, exif, &jpeg[2..]].concat();
            std::fs::write(path, &turned).expect("a file");
            turned
        });
        let upright = if tagged >= 5 { (150, 300) } else { (300, 150) };
        let (viewed, bytes) = seen
            .b
            .view(&seen.item, "bob", Action::Display)
            .expect("shown");
        assert_eq!(
            (viewed.width, viewed.height),
            (Some(upright.0), Some(upright.1))
        );
        let exif = bytes.windows(4).any(|w| w == b"Exif");
        assert!(!exif, "or the reader would turn it again");
    }
}

#[test]
fn document_is_not_shown_but_kept_and_trying_costs_no_view() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("will.pdf");
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n".repeat(20);
    std::fs::write(&path, &pdf).expect("a file");
    let items = a.import(&[path]);
    let rules = "display=full,store=full,views=1";
    let order = order(&[&items[0]], &["home-b@b.example"], rules);
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    village.sync(&mut b);
    let item = b.items(&share).remove(0).reference;
    for _ in 0..2 {
        let fault = b
            .view(&item, "bob", Action::Display)
            .expect_err("no picture");
        assert_eq!(fault.code, "not_shown");
        let hint = fault.hint.expect("what to do");
        assert!(hint.contains("--action store"), "{hint}");
        // A browser is told without it.
        assert!(!fault.message.contains("--"), "{}", fault.message);
        b.wait(601);
    }
    let (viewed, kept) = b.view(&item, "bob", Action::Store).expect("kept");
    assert_eq!(viewed.media_type, "application/pdf");
    assert!(kept == pdf);
}

#[test]
fn a_caption_keeps_its_lines_on_the_way() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let words = "The lake.\n\nBea is behind the tree.";
    let set = a.home.set_caption(None, &items[0].reference, words);
    set.expect("a caption");
    let order = order(&[&items[0]], &["home-b+bob@b.example"], "display=full");
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let reading = b.reading();
    let now = b.home.tick(&reading, &[]).expect("time");
    let bob = "bob".parse().expect("a station");
    let opened = b.home.opened_by(&share, &bob, now).expect("opened");
    assert_eq!(opened.items[0].caption.as_deref(), Some(words));
}
