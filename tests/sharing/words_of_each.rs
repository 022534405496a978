//! Several households give the same share, each with its own title and message: what people read is by whoever they read it is
//! from.

use crate::house::by_way::{B_TOO, Scene, shared};
use crate::house::forge::OpenGrant;
use crate::house::passed::{A, B, C, D};
use crate::house::{House, Village, order, picture};
use crate::invited::told;
use hearthpost::envelope::Id;
use hearthpost::rules::parse_rules;
use hearthpost::sharing::listing::personal::PersonalShare;

const OURS: (&str, &str) = ("The lake", "For all of you");
const BENT: (&str, &str) = ("Urgent", "Our account changed, please pay to …");
/// When what `a` gave `d` is over.
const NOON: &str = "2027-01-15T12:00:00Z";

/// `a` gave it to Bea, who may pass it on, and until noon to Dan; all know each other. Dan lives with Dora.
fn given() -> Scene {
    let village = Village::new("abcd");
    let people: [(&str, &[&str]); 4] = [
        ("a", &["ann"]),
        ("b", &["bea"]),
        ("c", &["carol"]),
        ("d", &["dan", "dora"]),
    ];
    let mut houses: Vec<House> = people.map(|(x, who)| village.house(x, who)).into();
    for one in 0..houses.len() {
        let (before, rest) = houses.split_at_mut(one);
        for other in before {
            village.introduce(other, &mut rest[0]);
        }
    }
    let path = houses[A].folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = houses[A].import(&[path]);
    let mut order = order(
        &[&items[0]],
        &["home-b+bea@b.example"],
        "display=1280,forward=yes",
    );
    let until = format!("display=1280,forward=yes,until={NOON}");
    let to_dan = "home-d+dan@d.example".parse().expect("an address");
    order.stations = vec![(to_dan, parse_rules(&until).expect("rules"))];
    (order.title, order.message) = (OURS.0.to_owned(), OURS.1.to_owned());
    let share = houses[A].share(&order).expect("recorded").share;
    let mut scene = Scene {
        village,
        houses,
        share,
    };
    scene.settle();
    scene
}

/// The letter of a grant from `by` that lies at `to`, in other words, with the other mails there.
fn bent(scene: &Scene, by: usize, to: usize) -> (OpenGrant, Vec<Vec<u8>>) {
    let mut mails = scene.village.take_mail(&scene.houses[to]);
    let mut grant = scene.houses[to].read_grant(&mails.remove(0));
    assert_eq!(grant.header.from, scene.houses[by].home.me());
    grant.header.id = Id::random();
    (grant.grant.title, grant.grant.message) = (BENT.0.to_owned(), BENT.1.to_owned());
    (grant, mails)
}

/// `b` passes it on to somebody of `d`, and writes something else.
fn passed_on_in_other_words(scene: &mut Scene, to: &str) {
    let share = scene.share.clone();
    let to = format!("home-d+{to}@d.example");
    // Of this name there is nobody: the letter is bent to it.
    let somebody = to.replace("nobody", "dan");
    let passed = scene.houses[B].forward(&share, "bea", &[&somebody], "display=200");
    passed.expect("passed on");
    scene.pass(&[B]);
    let (mut grant, parts) = bent(scene, B, D);
    let name = to.parse::<hearthpost::address::StationAddress>();
    grant.grant.stations[0].name = name.expect("an address").station;
    let mail = grant.mail(&scene.houses[B], &scene.houses[D]);
    for mail in std::iter::once(&mail).chain(&parts) {
        scene.village.deliver(&scene.houses[D], mail);
    }
    scene.pass(&[D]);
}

fn opened(scene: &mut Scene, n: usize, person: &str) -> PersonalShare {
    let share = scene.share.clone();
    let house = &mut scene.houses[n];
    let now = house.home.tick(&house.reading(), &[]).expect("time");
    let person = person.parse().expect("a station");
    let opened = house.home.opened_by(&share, &person, now);
    opened.expect("it is for them")
}

/// Whose name stands there for somebody, and what they read.
fn read_by(scene: &mut Scene, n: usize, person: &str) -> (String, String, String) {
    let share = opened(scene, n, person);
    (share.from_name, share.title, share.message)
}

/// The same for who keeps the house.
fn listed(scene: &Scene, n: usize) -> (String, String, String) {
    let share = scene.houses[n].home.received().expect("listed").remove(0);
    (share.from_name, share.title, share.message)
}

fn by(house: &str, words: (&str, &str)) -> (String, String, String) {
    (house.to_owned(), words.0.to_owned(), words.1.to_owned())
}

#[test]
fn what_one_writes_is_not_read_as_by_another() {
    let ours = by("House A", OURS);
    for to in ["nobody", "dan"] {
        let mut scene = given();
        passed_on_in_other_words(&mut scene, to);
        let share = scene.houses[D].share_named(&scene.share);
        let rows = scene.houses[D].home.album.rows();
        assert_eq!(rows.holdings(share.id).expect("rows").len(), 2, "{to}");
        assert_eq!(listed(&scene, D), ours, "{to}");
        assert_eq!(read_by(&mut scene, D, "dan"), ours, "{to}");
        // Nor does it go on in the name of this house.
        let share = scene.share.clone();
        let to_c = ["home-c+carol@c.example"];
        let passed = scene.houses[D].forward(&share, "dan", &to_c, "");
        passed.expect("passed on");
        scene.settle();
        let at_c = by("House D", OURS);
        assert_eq!(read_by(&mut scene, C, "carol"), at_c, "{to}");
    }
}

#[test]
fn words_end_with_what_they_came_with() {
    let mut scene = given();
    passed_on_in_other_words(&mut scene, "dan");
    scene.houses[D].wait(86_400);
    scene.pass(&[D]);
    // What is left is of the other, and says so.
    let theirs = by("House B", BENT);
    assert_eq!(listed(&scene, D), theirs);
    assert_eq!(read_by(&mut scene, D, "dan"), theirs);
}

#[test]
fn words_of_a_copy_that_was_taken_back_are_gone() {
    let mut scene = given();
    passed_on_in_other_words(&mut scene, "dan");
    let share = scene.share.clone();
    let back = scene.houses[B].revoke(&share, Some("home-d@d.example"));
    back.expect("taken back");
    scene.settle();
    let ours = by("House A", OURS);
    assert_eq!(listed(&scene, D), ours);
    assert_eq!(read_by(&mut scene, D, "dan"), ours);
}

#[test]
fn each_person_reads_the_words_of_who_gave_it_to_them() {
    let mut scene = given();
    passed_on_in_other_words(&mut scene, "dora");
    assert_eq!(read_by(&mut scene, D, "dan"), by("House A", OURS));
    assert_eq!(read_by(&mut scene, D, "dora"), by("House B", BENT));
    // What she asks about it is listed to her as she knows it.
    let (share, dora) = (scene.share.clone(), "dora".parse().expect("a station"));
    let house = &mut scene.houses[D];
    house
        .asks(&share, "dora", "print=320", "please")
        .expect("asked");
    let now = house.clock();
    let asked = house.home.requests_by(&dora, now).expect("listed");
    assert_eq!(asked[0].title, BENT.0);
}

#[test]
fn words_by_way_of_a_relay_that_nobody_knows_are_said_to_be_so() {
    for known in [false, true] {
        let mut scene = shared(&B_TOO[..2], "display=1280");
        scene.houses[C].home.config.notify.details = true;
        if known {
            let [b, c] = scene.houses.get_disjoint_mut([B, C]).expect("two houses");
            scene.village.introduce(b, c);
        }
        scene.pass(&[A, B]);
        let (grant, parts) = bent(&scene, B, C);
        let mail = grant.mail(&scene.houses[B], &scene.houses[C]);
        for mail in std::iter::once(&mail).chain(&parts) {
            scene.village.deliver(&scene.houses[C], mail);
        }
        scene.pass(&[C]);
        let share = opened(&mut scene, C, "carol");
        let from = if known { "House B" } else { "House A" };
        assert_eq!((&*share.from_name, &*share.title), (from, BENT.0));
        assert_eq!(share.by_unknown, !known);
        let all = scene.houses[C].home.received().expect("listed");
        assert_eq!(all[0].by_unknown, !known);
        let shown = scene.houses[C].home.show(&scene.share).expect("shown");
        assert_eq!(shown.by_unknown, !known);
        // A mail has no place to say so, and says nothing in its name.
        let mut mails = told(&scene.village);
        mails.retain(|(_, text)| text.starts_with("Hello carol"));
        assert_eq!(mails.len(), 1, "{mails:?}");
        assert!(mails[0].0.contains(from), "{mails:?}");
        assert_eq!(mails[0].1.contains(BENT.0), known, "{mails:?}");
    }
}

#[test]
fn what_comes_straight_or_is_only_handed_on_is_in_the_words_of_its_own() {
    let mut scene = given();
    assert!(!opened(&mut scene, D, "dan").by_unknown);
    scene = shared(&B_TOO[1..2], "display=1280");
    scene.settle();
    let share = opened(&mut scene, C, "carol");
    assert_eq!((&*share.title, share.by_unknown), (OURS.0, false));
}

#[test]
fn relay_passes_on_the_words_of_who_asked_it() {
    let mut scene = shared(&B_TOO[..2], "display=1280");
    scene.pass(&[A]);
    let asked = scene.village.take_mail(&scene.houses[B]);
    // `d` has it too, and passes it on to the relay in other words, which come first.
    let [b, d] = scene.houses.get_disjoint_mut([B, D]).expect("two houses");
    scene.village.introduce(b, d);
    scene.give_d_a_copy();
    let share = scene.share.clone();
    let to_b = ["home-b+bea@b.example"];
    let passed = scene.houses[D].forward(&share, "dan", &to_b, "display=640");
    passed.expect("passed on");
    scene.pass(&[D]);
    let (grant, parts) = bent(&scene, D, B);
    let mail = grant.mail(&scene.houses[D], &scene.houses[B]);
    for mail in std::iter::once(&mail).chain(&parts) {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.pass(&[B]);
    assert_eq!(read_by(&mut scene, B, "bea"), by("House D", BENT));
    for mail in &asked {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.settle();
    assert_eq!(opened(&mut scene, C, "carol").title, OURS.0);
}
