//! What a household passes on goes by way of another: `a` shared with `b`, and `b` passes it on to `d` by way of `c`. `c` and
//! `d` know `b` alone.

use crate::house::by_way::Scene;
use crate::house::passed::{A, B, C, D};
use crate::house::{House, Village, order, picture};
use hearthpost::album::ShareState;
use hearthpost::config::Role;
use hearthpost::envelope::{ContentKey, Id};
use hearthpost::message::grant::Bytes;
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{Code, Keys, ReceiptState, SignedPermit, Station};
use hearthpost::rules::{Action, Tier, parse_rules};
use hearthpost::sharing::Fault;
use hearthpost::sharing::forward::narrow::Narrowing;
use hearthpost::sharing::forward::{ForwardOrder, Forwarded};

const OPEN: &str = "display=full,store=full,forward=yes";
const TO_D: [&str; 1] = ["home-d+dan@d.example"];
const TO_BOTH: [&str; 2] = ["home-c+carol@c.example", "home-d+dan@d.example"];

/// `b` has what `a` shared with it, and has passed on nothing yet.
fn arrived(rules: &str) -> Scene {
    let village = Village::new("abcd");
    let people = [("a", "ann"), ("b", "bea"), ("c", "carol"), ("d", "dan")];
    let mut houses: Vec<House> = people.map(|(x, who)| village.house(x, &[who])).into();
    for other in [A, C, D] {
        let [b, other] = houses.get_disjoint_mut([B, other]).expect("two houses");
        village.introduce(b, other);
    }
    let path = houses[A].folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = houses[A].import(&[path]);
    let to = ["home-b+bea@b.example"];
    let recorded = houses[A].share(&order(&[&items[0]], &to, rules));
    let mut scene = Scene {
        share: recorded.expect("recorded").share,
        village,
        houses,
    };
    let (b, now) = (scene.houses[B].mailbox.clone(), scene.houses[C].now());
    let allowed = scene.houses[C].home.let_relay(&b, true, now);
    allowed.expect("a known household");
    scene.settle();
    scene
}

fn order_by_way(scene: &Scene, to: &[&str], via: usize) -> ForwardOrder {
    ForwardOrder {
        share: scene.share.clone(),
        person: Some("bea".parse().expect("a station")),
        to: to.iter().map(|text| (*text).to_owned()).collect(),
        rules: Some(Narrowing {
            rules: parse_rules("display=200").expect("rules"),
            says_what: true,
            ..Narrowing::default()
        }),
        relay_via: Some(scene.houses[via].mailbox.clone()),
        yes: true,
        ..ForwardOrder::default()
    }
}

fn pass_on(scene: &mut Scene, to: &[&str], via: usize) -> Result<Forwarded, Fault> {
    let order = order_by_way(scene, to, via);
    scene.houses[B].forward_order(order)
}

/// Passed on to `d`, as far as `b`'s outbox.
fn passed_on(to: &[&str]) -> Scene {
    let mut scene = arrived(OPEN);
    pass_on(&mut scene, to, C).expect("passed on");
    scene
}

/// How far it got, as the one who passed it on lists it.
fn state(scene: &Scene, x: &str) -> &'static str {
    let sent = scene.houses[B].home.sent().expect("listed").remove(0);
    let mailbox = format!("home-{x}@{x}.example");
    let to = sent.destinations.iter();
    let mut found = to.filter(|to| to.mailbox.as_str() == mailbox);
    let found = found.next().expect("listed");
    if found.never_went {
        return "untold";
    }
    found.state
}

fn held(scene: &Scene, n: usize) -> usize {
    let rows = scene.houses[n].home.album.rows();
    let share = scene.houses[n].share_named(&scene.share);
    let parts = rows.parts(share.id).expect("rows");
    parts.iter().filter(|part| part.held).count()
}

/// Nothing of the share reaches `d`.
fn never_comes(scene: &mut Scene) {
    scene.settle();
    assert!(scene.houses[D].home.received().expect("listed").is_empty());
    let written = scene.written_to(C);
    assert!(
        written.iter().all(|to| to != "home-d@d.example"),
        "{written:?}"
    );
}

#[test]
fn what_is_passed_on_goes_once_to_a_relay_that_cannot_open_it() {
    let mut scene = arrived(OPEN);
    let given = pass_on(&mut scene, &TO_D, C)
        .expect("passed on")
        .destinations;
    let told: Vec<_> = given
        .iter()
        .map(|line| {
            (
                line.mailbox.as_str(),
                line.stations.len(),
                line.via.is_some(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("home-c@c.example", 0, false),
            ("home-d@d.example", 1, true)
        ]
    );
    scene.settle();
    assert!(scene.opens(D, "dan"));
    assert_eq!(scene.chain(D).len(), 2, "the grant of who passes it on");
    let straight = scene.written_to(B);
    assert!(!straight.contains(&scene.houses[D].mailbox.to_string()));
    assert_eq!(
        (state(&scene, "d"), state(&scene, "c")),
        ("delivered", "deleted")
    );
    // It had no key, learnt nothing of it, and has forgotten it.
    let carried = scene.houses[C].share_named(&scene.share);
    assert_eq!(
        (carried.title.as_str(), carried.state),
        ("", ShareState::Expired)
    );
    assert_eq!(held(&scene, C), 0);
    assert!(scene.houses[C].home.received().expect("listed").is_empty());
    // The origin sees the one copy that can be opened.
    let sent = scene.houses[A].home.sent().expect("listed").remove(0);
    let copies: Vec<_> = sent
        .copies
        .iter()
        .map(|copy| (copy.household, copy.state))
        .collect();
    assert_eq!(copies, [(scene.houses[D].home.me(), "forwarded")]);
}

/// The relay knows the origin too, and could tell it.
#[test]
fn origin_is_told_nothing_of_who_only_carried() {
    for (role, taken_back) in [
        (Role::Relay, false),
        (Role::Home, false),
        (Role::Home, true),
    ] {
        let mut scene = arrived(OPEN);
        let [a, c] = scene.houses.get_disjoint_mut([A, C]).expect("two houses");
        scene.village.introduce(a, c);
        scene.houses[C].home.config.role = role;
        pass_on(&mut scene, &TO_D, C).expect("passed on");
        if taken_back {
            scene.pass(&[B, C]);
            let share = scene.share.clone();
            scene.houses[B].revoke(&share, None).expect("taken back");
        }
        scene.settle();
        assert_eq!(state(&scene, "c"), "deleted");
        let carried = scene.houses[C].home.me();
        let sent = scene.houses[A].home.sent().expect("listed").remove(0);
        let told = sent.copies.iter().any(|copy| copy.household == carried);
        assert!(!told, "{role:?} {taken_back}");
        let from_c = scene.village.server.transactions();
        let to_origin = from_c.iter().any(|mail| {
            mail.account == "home-c@c.example"
                && mail
                    .recipients
                    .iter()
                    .any(|(to, _)| to == "home-a@a.example")
        });
        assert!(
            !to_origin,
            "{role:?} {taken_back}: nothing is written to it"
        );
    }
}

#[test]
fn relay_that_is_given_something_too_opens_its_own() {
    let mut scene = passed_on(&TO_BOTH);
    scene.settle();
    assert!(scene.opens(C, "carol") && scene.opens(D, "dan"));
    assert_eq!((scene.chain(C).len(), scene.chain(D).len()), (2, 2));
    assert_eq!(
        (state(&scene, "c"), state(&scene, "d")),
        ("delivered", "delivered")
    );
}

#[test]
fn relay_keeps_what_it_had_where_more_is_passed_on_by_way_of_it() {
    let mut scene = arrived(OPEN);
    let share = scene.share.clone();
    let first = scene.houses[B].forward(&share, "bea", &TO_BOTH[..1], "display=200");
    first.expect("passed on");
    scene.settle();
    pass_on(&mut scene, &TO_D, C).expect("passed on");
    scene.settle();
    assert!(scene.opens(C, "carol") && scene.opens(D, "dan"));
    assert_eq!(
        (state(&scene, "c"), state(&scene, "d")),
        ("delivered", "delivered")
    );
}

#[test]
fn own_share_is_given_to_more_households_by_way_of_a_relay() {
    let mut scene = arrived(OPEN);
    let path = scene.houses[B].folder.join("pond.jpg");
    picture(&path, 640, 400);
    let items = scene.houses[B].import(&[path]);
    let own = order(&[&items[0]], &["home-a@a.example"], "display=1280");
    scene.share = scene.houses[B].share(&own).expect("recorded").share;
    let order = ForwardOrder {
        person: None,
        ..order_by_way(&scene, &TO_D, C)
    };
    scene.houses[B].forward_order(order).expect("given");
    scene.settle();
    assert!(scene.opens(D, "dan"));
    assert_eq!(scene.chain(D).len(), 1);
}

#[test]
fn what_the_origin_takes_back_on_the_way_is_not_handed_on() {
    let mut scene = passed_on(&TO_D);
    scene.pass(&[B]);
    let share = scene.share.clone();
    scene.houses[A].revoke(&share, None).expect("taken back");
    // The word follows the letter, and both lie at the relay before it looks.
    scene.pass(&[A, B]);
    never_comes(&mut scene);
    assert_eq!(held(&scene, C), 0);
}

#[test]
fn what_is_taken_back_before_the_relay_hands_it_on_does_not_stay_there() {
    let mut scene = passed_on(&TO_D);
    scene.pass(&[B]);
    let share = scene.share.clone();
    let back = scene.houses[B].revoke(&share, Some("home-d@d.example"));
    back.expect("taken back");
    scene.settle();
    // The relay says that it passed nothing on.
    assert!(scene.houses[D].home.received().expect("listed").is_empty());
    assert_eq!(state(&scene, "d"), "untold");
    assert_eq!(held(&scene, C), 0);
}

#[test]
fn what_arrived_can_be_taken_back_by_both() {
    for by in [A, B] {
        let mut scene = passed_on(&TO_D);
        scene.settle();
        let share = scene.share.clone();
        scene.houses[by].revoke(&share, None).expect("taken back");
        scene.settle();
        assert_eq!(
            scene.houses[D].share_named(&share).state,
            ShareState::Revoked
        );
        assert_eq!(state(&scene, "d"), "deleted");
    }
}

#[test]
fn household_that_does_not_pass_on_for_who_asks_says_so() {
    let mut scene = passed_on(&TO_D);
    let (b, now) = (scene.houses[B].mailbox.clone(), scene.houses[C].now());
    let ended = scene.houses[C].home.let_relay(&b, false, now);
    ended.expect("a known household");
    scene.settle_with_refusals();
    assert_eq!(
        (state(&scene, "c"), state(&scene, "d")),
        ("refused", "failed")
    );
    assert!(scene.houses[D].home.received().expect("listed").is_empty());
}

#[test]
fn relay_must_be_one_to_which_it_may_be_passed_on() {
    let refused = |scene: &mut Scene, to: &[&str], via: usize| {
        let before = scene.houses[B].visible();
        let fault = pass_on(scene, to, via).expect_err("refused");
        assert_eq!(scene.houses[B].visible(), before);
        fault.code
    };
    let mut scene = arrived(OPEN);
    assert_eq!(refused(&mut scene, &TO_D, A), "loop", "it came from there");
    assert_eq!(refused(&mut scene, &TO_D, D), "relay", "for nobody else");
    let inside = ["home-b@b.example"];
    assert_eq!(refused(&mut scene, &inside, C), "relay", "for no household");
    let mut scene = arrived("display=full,store=full");
    assert_eq!(refused(&mut scene, &TO_D, C), "denied");
}

#[test]
fn what_is_not_here_at_one_quality_goes_straight() {
    let mut scene = arrived(OPEN);
    let [pond, note] = ["pond.jpg", "note.txt"].map(|name| scene.houses[A].folder.join(name));
    picture(&pond, 3000, 2000);
    std::fs::write(&note, "A line.\n".repeat(20)).expect("written");
    let items = scene.houses[A].import(&[pond, note]);
    // The picture whole, of the note the beginning.
    let rules = "display=full,store=full,excerpt=yes,forward=yes";
    let mut mixed = order(&[&items[0], &items[1]], &["home-b+bea@b.example"], rules);
    mixed.excerpt.lines = Some(2);
    scene.share = scene.houses[A].share(&mixed).expect("recorded").share;
    scene.settle();
    let wish = |scene: &Scene, rules: &str| {
        let mut order = order_by_way(scene, &TO_D, C);
        let rules = parse_rules(rules).expect("rules");
        order.rules = Some(Narrowing {
            rules,
            says_what: true,
            ..Narrowing::default()
        });
        order
    };
    let order = wish(&scene, "display=full,excerpt=yes");
    let fault = scene.houses[B].forward_order(order).expect_err("uneven");
    assert_eq!(fault.code, "relay", "{fault:?}");
    let order = wish(&scene, "display=200,excerpt=yes");
    scene.houses[B].forward_order(order).expect("passed on");
    scene.settle();
    assert!(scene.opens(D, "dan"));
}

/// The relay makes a grant of its own out of what it only carries.
#[test]
fn relay_that_only_carries_gives_nobody_anything() {
    let mut scene = passed_on(&TO_D);
    scene.pass(&[B]);
    let [c, d] = scene.houses.get_disjoint_mut([C, D]).expect("two houses");
    scene.village.introduce(c, d);
    let mails = scene.village.take_mail(&scene.houses[C]);
    let mut grant = scene.houses[C].read_grant(&mails[0]);
    let carried = SignedPermit::verify(&grant.grant.chain[1].0).expect("good");
    let item = grant.manifest.manifest().items[0].id;
    let new = NewPermit {
        share: grant.grant.share,
        origin: grant.grant.origin,
        manifest: grant.manifest.digest(),
        to: scene.houses[D].home.me(),
        parent: Some(carried.digest()),
        items: Some(vec![item]),
        tier: Tier::About,
        onward: None,
        issued: scene.houses[C].time(),
    };
    let permit = SignedPermit::sign(new, scene.houses[C].identity()).expect("signed");
    grant.grant.chain.push(Bytes(permit.der().to_vec()));
    grant.grant.relay.clear();
    grant.grant.keys = Keys::Items([(item, ContentKey::random().item(item, Tier::About))].into());
    grant.grant.stations = vec![Station {
        name: "dan".parse().expect("a station"),
        rules: parse_rules("display=200").expect("rules"),
    }];
    grant.header = scene.houses[C].header(&scene.houses[D]);
    let mail = grant.mail(&scene.houses[C], &scene.houses[D]);
    let before = scene.houses[D].visible();
    scene.village.deliver(&scene.houses[D], &mail);
    let done = scene.village.sync(&mut scene.houses[D]);
    assert_eq!(done.refused.len(), 1, "{:?}", done.refused);
    assert_eq!(scene.houses[D].visible(), before);
    let told = scene.village.receipts(&scene.houses[C]);
    assert_eq!(told, [(ReceiptState::Refused, Some(Code::Wider))]);
}

#[test]
fn relay_is_not_led_back_to_a_household_of_the_chain() {
    let mut scene = passed_on(&TO_D);
    scene.pass(&[B]);
    let mails = scene.village.take_mail(&scene.houses[C]);
    let mut grant = scene.houses[C].read_grant(&mails[0]);
    let card = scene.houses[A].home.keys.card();
    let entry = &mut grant.grant.relay[0];
    entry.mailbox = scene.houses[A].mailbox.clone();
    entry.certificates = card.ders().map(|der| Bytes(der.to_vec())).collect();
    grant.header.id = Id::random();
    let mail = grant.mail(&scene.houses[B], &scene.houses[C]);
    scene.village.take_mail(&scene.houses[B]);
    scene.village.deliver(&scene.houses[C], &mail);
    let done = scene.village.sync(&mut scene.houses[C]);
    assert_eq!(done.refused.len(), 1, "{:?}", done.refused);
    let told = scene.village.receipts(&scene.houses[B]);
    assert_eq!(told, [(ReceiptState::Refused, Some(Code::Chain))]);
    // The honest letter is taken all the same.
    for mail in &mails {
        scene.village.deliver(&scene.houses[C], mail);
    }
    scene.settle();
    assert!(scene.opens(D, "dan"));
    let share = scene.houses[D].share_named(&scene.share);
    let rows = scene.houses[D].home.album.rows();
    let item = rows
        .share_items(share.id)
        .expect("rows")
        .remove(0)
        .reference;
    let kept = scene.houses[D].view(&item, "dan", Action::Store);
    assert_eq!(kept.expect_err("only to look at").code, "denied");
}
