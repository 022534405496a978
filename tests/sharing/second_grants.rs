//! A second grant replaces the first: what is less then is less for everyone in the house, and what nobody may use any more is let go of.

use crate::house;
use crate::house::road::{B, C, Draft, Road};
use hearthpost::message::Keys;
use hearthpost::rules::{Action, Tier};

const ALL: &str = "store=full,forward=yes";

/// `c` has both files; carol may keep them and pass them on.
fn granted(text: &str) -> Road {
    let mut road = Road::new();
    let draft = road.whole(text);
    road.grants(draft, 0);
    road
}

fn pass_inside(road: &mut Road, by: &str, to: &str, rules: &str) {
    let (share, to) = (road.name(), format!("home-c+{to}@c.example"));
    road.houses[C]
        .forward(&share, by, &[&to], rules)
        .expect("passed on within the house");
}

/// Whether a person gets the file at that place.
fn gets(road: &mut Road, person: &str, item: usize) -> bool {
    let wire = road.item(item);
    let items = road.houses[C].items(&road.name());
    let item = items.iter().find(|item| item.wire == wire).expect("known");
    let got = road.houses[C].view(&item.reference, person, Action::Store);
    got.is_ok()
}

/// Carl was given both files by carol, before `b` granted once more.
fn after(text: &str, bend: impl FnOnce(&mut Draft, &Road)) -> Road {
    let mut road = granted(ALL);
    pass_inside(&mut road, "carol", "carl", "store=full");
    assert!(gets(&mut road, "carl", 0) && gets(&mut road, "carl", 1));
    let mut draft = road.whole(text);
    bend(&mut draft, &road);
    road.grants(draft, 10);
    road
}

fn first_item_only(draft: &mut Draft, road: &Road) {
    for step in &mut draft.steps {
        step.permit.items = Some(vec![road.item(0)]);
    }
    draft.keys = Keys::Items([road.key(0, Tier::Original)].into());
}

#[test]
fn same_again_takes_nothing_away() {
    let mut road = after(ALL, |_, _| ());
    assert!(gets(&mut road, "carol", 1) && gets(&mut road, "carl", 1));
}

#[test]
fn nothing_stays_passed_on_inside_where_nothing_may_travel_on() {
    let mut road = after(ALL, |draft, _| draft.steps[1].permit.onward = None);
    assert!(gets(&mut road, "carol", 0));
    assert!(!gets(&mut road, "carl", 0));
}

#[test]
fn nothing_stays_passed_on_by_one_who_may_not_any_more() {
    let mut road = after(ALL, |draft, _| draft.stations[0].rules.forward = false);
    assert!(gets(&mut road, "carol", 0));
    assert!(!gets(&mut road, "carl", 0));
}

#[test]
fn nothing_stays_passed_on_by_one_who_has_nothing_any_more() {
    let mut road = after(ALL, |draft, _| {
        draft.stations[0].name = "cleo".parse().expect("a station");
    });
    assert!(gets(&mut road, "cleo", 0));
    assert!(!gets(&mut road, "carol", 0) && !gets(&mut road, "carl", 0));
}

#[test]
fn end_of_the_second_grant_binds_those_inside_too() {
    let ends = "store=full,forward=yes,until=2027-01-15T09:00:00Z";
    let mut road = after(ends, |_, _| ());
    assert!(gets(&mut road, "carl", 0));
    road.houses[C].wait(3_600);
    assert!(!gets(&mut road, "carl", 0) && !gets(&mut road, "carol", 0));
}

#[test]
fn dropped_item_is_gone_for_those_inside_and_from_the_disk() {
    let mut road = after(ALL, first_item_only);
    for person in ["carol", "carl"] {
        assert!(gets(&mut road, person, 0), "{person}");
        assert!(!gets(&mut road, person, 1), "{person}");
    }
    // Original, preview and about of the one that is left.
    assert_eq!(road.houses[C].blobs().len(), 3);
    // It comes back with a third grant, from the mailbox.
    let draft = road.whole(ALL);
    road.grants(draft, 20);
    assert!(gets(&mut road, "carol", 1));
    assert!(!gets(&mut road, "carl", 1), "that nobody passed on again");
    assert_eq!(road.houses[C].blobs().len(), 6);
}

#[test]
fn lower_tier_lets_go_of_the_better_one() {
    let mut road = granted(ALL);
    let mut draft = road.draft();
    draft.header = road.houses[B].header(&road.houses[C]);
    road.grants(draft, 10);
    let share = road.name();
    assert_eq!(
        road.houses[C].held_tiers(&share),
        [Tier::Preview, Tier::About]
    );
    assert_eq!(road.houses[C].blobs().len(), 4);
}

#[test]
fn passed_on_twice_inside_falls_with_the_first() {
    let mut road = granted(ALL);
    pass_inside(&mut road, "carol", "carl", "store=full,forward=yes");
    pass_inside(&mut road, "carl", "cleo", "store=full,forward=yes");
    // In a circle, so that each seems to stand on the other.
    pass_inside(&mut road, "cleo", "carl", "store=full,forward=yes");
    assert!(gets(&mut road, "cleo", 0));
    let mut draft = road.whole(ALL);
    draft.stations[0].rules.forward = false;
    road.grants(draft, 10);
    assert!(gets(&mut road, "carol", 0));
    assert!(!gets(&mut road, "carl", 0) && !gets(&mut road, "cleo", 0));
}

#[test]
fn narrowed_inside_narrows_what_stands_on_it() {
    let mut road = granted(ALL);
    pass_inside(&mut road, "carol", "carl", "store=full,forward=yes");
    pass_inside(&mut road, "carl", "cleo", "store=full");
    assert!(gets(&mut road, "cleo", 0));
    pass_inside(&mut road, "carol", "carl", "store=full");
    assert!(gets(&mut road, "carl", 0) && !gets(&mut road, "cleo", 0));
}

#[test]
fn nothing_inside_comes_back_after_a_revocation() {
    let mut road = granted(ALL);
    pass_inside(&mut road, "carol", "carl", "store=full");
    let given = {
        let rows = road.houses[C].home.album.rows();
        let share = rows.shares().expect("rows").remove(0);
        rows.holdings(share.id).expect("rows").remove(0).permit
    };
    let der = road.revocation(B, Some(given));
    let body = hearthpost::message::Body::Revocation(hearthpost::message::grant::Bytes(der));
    road.tells(B, &body);
    assert!(!gets(&mut road, "carol", 0) && !gets(&mut road, "carl", 0));
    let draft = road.whole(ALL);
    road.grants(draft, 10);
    assert!(gets(&mut road, "carol", 0));
    assert!(!gets(&mut road, "carl", 0));
}

#[test]
fn wider_one_held_back_is_passed_over_after_the_narrower() {
    let mut road = granted(ALL);
    let wide = {
        let mut draft = road.whole(ALL);
        draft.header.issued = road.houses[B].time().plus_seconds(5);
        road.mail(draft)
    };
    let mut draft = road.whole("store=full");
    draft.steps[1].permit.onward = None;
    draft.stations[0].rules = house::road::rules("store=64");
    road.grants(draft, 10);
    let before = road.houses[C].visible();
    road.village.deliver(&road.houses[C], &wide);
    let done = road.village.sync(&mut road.houses[C]);
    assert_eq!(done.refused, Vec::<String>::new());
    assert_eq!(road.houses[C].visible(), before);
}
