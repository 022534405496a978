//! What the origin knows of copies further on, and reaches: also after a week, and at households that it does not know.

use crate::house::passed::{A, B, C, Passed, passed_on, shared};
use crate::house::{House, Village, order, picture};
use hearthpost::album::ShareState;
use hearthpost::rules::{Action, Tier};
use hearthpost::sharing::forward::ForwardOrder;

const WEEK: u64 = 7 * 86_400;

fn holds(s: &Passed, n: usize) -> bool {
    s.houses[n].share_named(&s.share).state == ShareState::Complete
}

#[test]
fn the_origin_sees_household_rights_and_end_of_each_copy() {
    let ends = "display=full,store=full,forward=yes,until=2028-01-01T00:00:00Z";
    let mut s = shared(ends);
    s.settle();
    s.houses[B]
        .forward(&s.share, "bea", &["home-c+carol@c.example"], "display=200")
        .expect("passed on");
    s.settle();
    let sent = s.houses[A].home.sent().expect("listed").remove(0);
    let copy = &sent.copies[0];
    assert_eq!(copy.household, s.me(C));
    assert_eq!(copy.by, s.me(B));
    assert_eq!(copy.by_mailbox.as_ref(), Some(&s.houses[B].mailbox));
    assert_eq!((copy.tier, copy.items), (Tier::Thumb, None));
    assert_eq!(copy.until, "2028-01-01T00:00:00Z".parse().ok());
    let words = &copy.words;
    assert!(words.contains("look") && words.contains("2028"), "{words}");
    assert!(!words.contains("original"), "{words}");
}

#[test]
fn a_household_that_was_away_for_a_week_is_reached_and_says_so() {
    let mut s = passed_on();
    assert!(holds(&s, C));
    s.houses[A].revoke(&s.share, None).expect("taken back");
    for _ in 0..7 {
        for n in [A, B] {
            s.houses[n].wait(86_400);
            s.village.sync(&mut s.houses[n]);
        }
    }
    // What was said on the first days is lost; it is told again.
    let mails = s.village.take_mail(&s.houses[C]);
    assert!(mails.len() >= 7, "{}", mails.len());
    s.houses[C].wait(WEEK);
    for n in [A, B] {
        s.houses[n].wait(86_400);
    }
    s.settle();
    assert!(!holds(&s, C) && s.houses[C].blobs().is_empty());
    let sent = s.houses[A].home.sent().expect("listed").remove(0);
    assert_eq!(sent.copies[0].state, "deleted");
    s.houses[B].wait(86_400);
    s.village.take_mail(&s.houses[C]);
    s.village.sync(&mut s.houses[B]);
    assert!(s.village.inbox(&s.houses[C]).is_empty(), "it has said so");
}

#[test]
fn nobody_is_told_for_longer_than_thirty_days() {
    let mut s = passed_on();
    s.houses[B].revoke(&s.share, None).expect("taken back");
    let mut told = 0;
    for _ in 0..40 {
        s.village.sync(&mut s.houses[B]);
        told += s.village.take_mail(&s.houses[C]).len();
        s.houses[B].wait(86_400);
    }
    assert!((29..=31).contains(&told), "{told}");
}

#[test]
fn a_copy_at_a_household_that_is_not_known_is_ended_by_its_fingerprint_by_way_of_those_who_passed_it_on()
 {
    let village = Village::new("abc");
    let people = [("a", "ann"), ("b", "bea"), ("c", "carol")];
    let [mut a, mut b, mut c] = people.map(|(x, who)| village.house(x, &[who]));
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let rules = "display=full,store=full,forward=yes";
    let order = order(&[&items[0]], &["home-b+bea@b.example"], rules);
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b, &mut c]);
    b.forward(&share, "bea", &["home-c+carol@c.example"], "display=200")
        .expect("passed on");
    village.settle(&mut [&mut a, &mut b, &mut c]);
    let who = c.home.me().to_string();
    a.revoke(&share, Some(&who[..12])).expect("taken back");
    village.settle(&mut [&mut a, &mut b, &mut c]);
    assert_eq!(c.share_named(&share).state, ShareState::Revoked);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    let item = b.items(&share).remove(0).reference;
    b.view(&item, "bea", Action::Store).expect("hers stays");
}

/// `a` gives a household these items of a share by their places, with these rules.
fn gives(a: &mut House, share: &str, places: &[usize], rules: &str) {
    let items = a.items(share);
    let order = ForwardOrder {
        share: share.to_owned(),
        items: places.iter().map(|&n| items[n].reference.clone()).collect(),
        stations: vec![(
            "home-c@c.example".parse().expect("an address"),
            hearthpost::rules::parse_rules(rules).expect("rules").into(),
        )],
        yes: true,
        ..ForwardOrder::default()
    };
    a.forward_order(order).expect("given");
}

#[test]
fn more_items_and_a_better_quality_bring_only_the_parts_that_are_missing() {
    let village = Village::new("abc");
    let people = [("a", "ann"), ("b", "bea"), ("c", "carol")];
    let [mut a, mut b, mut c] = people.map(|(x, who)| village.house(x, &[who]));
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    // `b` is away, so that the origin keeps the sealed parts.
    village
        .server
        .faults()
        .of("home-b@b.example")
        .hold(testmail::Times::Always);
    let paths = ["lake.jpg", "hill.jpg"].map(|name| a.folder.join(name));
    picture(&paths[0], 320, 200);
    picture(&paths[1], 300, 220);
    let items = a.import(&paths);
    let order = order(
        &[&items[0], &items[1]],
        &["home-b@b.example"],
        "display=full,store=full",
    );
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    let all = a.share_named(&share).id;
    let parts = a.home.album.rows().parts(all).expect("rows");
    let first = a.items(&share)[0].id;
    let came = |village: &Village, c: &House| -> Vec<(bool, Tier)> {
        let mails = village.inbox(c);
        let text: String = mails
            .iter()
            .map(|mail| String::from_utf8_lossy(mail))
            .collect();
        let sent = parts
            .iter()
            .filter(|part| text.contains(&format!("<{}@", part.digest)));
        let mut sent: Vec<_> = sent.map(|part| (part.item == first, part.tier)).collect();
        sent.sort();
        sent
    };
    gives(&mut a, &share, &[0], "display=200");
    village.sync(&mut a);
    assert_eq!(
        came(&village, &c),
        [(true, Tier::About), (true, Tier::Thumb)]
    );
    village.sync(&mut c);
    gives(&mut a, &share, &[1], "display=200");
    village.sync(&mut a);
    assert_eq!(
        came(&village, &c),
        [(false, Tier::About), (false, Tier::Thumb)]
    );
    village.sync(&mut c);
    gives(&mut a, &share, &[0, 1], "display=200,store=full");
    village.sync(&mut a);
    assert_eq!(
        came(&village, &c),
        [(false, Tier::Original), (true, Tier::Original)]
    );
    village.sync(&mut c);
    assert_eq!(c.share_named(&share).state, ShareState::Complete);
    for item in c.items(&share) {
        c.view(&item.reference, "carol", Action::Store)
            .expect("all of it is here");
    }
}

#[test]
fn a_copy_that_was_passed_on_twice_is_one_line_and_ends_as_a_whole() {
    let mut s = shared("display=full,store=full,forward=yes");
    s.settle();
    let to_c = ["home-c+carol@c.example"];
    for rules in ["display=200", "display=full"] {
        s.houses[B]
            .forward(&s.share, "bea", &to_c, rules)
            .expect("passed on");
    }
    s.settle();
    let sent = |s: &Passed| s.houses[A].home.sent().expect("listed").remove(0).copies;
    let copies = sent(&s);
    assert_eq!(copies.len(), 1, "{copies:#?}");
    assert_eq!(copies[0].tier, Tier::Original, "the newer");
    s.houses[A]
        .revoke(&s.share, Some("home-c@c.example"))
        .expect("taken back");
    s.settle();
    assert!(!holds(&s, C) && s.houses[C].blobs().is_empty());
    assert!(holds(&s, B));
    assert_eq!(sent(&s)[0].state, "deleted");
}
