//! One transfer to one household, which passes on to others: with keys of its own, or a letter that it cannot open.

use crate::house::by_way::{
    B_TOO, Scene, give_anew, settle_without_d, shared, take_back_from_c, village,
};
use crate::house::passed::{A, B, C, D};
use crate::house::{order, picture};
use hearthpost::album::ShareState;
use hearthpost::config::Role;
use hearthpost::rules::{Action, Tier};
use testmail::{Reply, Times};

#[test]
fn relay_rewraps_for_all_who_are_to_have_what_it_has() {
    let mut scene = shared(&B_TOO, "display=1280,until=2027-03-01T00:00:00Z");
    scene.settle();
    for (n, person) in [(B, "bea"), (C, "carol"), (D, "dan")] {
        assert!(scene.opens(n, person), "{person}");
    }
    assert_eq!(scene.chain(C).len(), 2, "the relay's own grant");
    assert_eq!(scene.chain(D).len(), 2);
    assert_eq!(
        scene.written_to(A),
        ["home-b@b.example"],
        "one transfer to one household"
    );
    for x in ["b", "c", "d"] {
        assert_eq!(scene.state(x), "delivered", "{x}");
    }
    assert!(
        scene.houses[C]
            .home
            .contacts()
            .expect("listed")
            .iter()
            .all(|one| one.mailbox != scene.houses[B].mailbox)
    );
}

#[test]
fn relay_that_is_given_nothing_hands_on_what_it_cannot_open() {
    let mut scene = shared(&B_TOO[1..], "display=full,store=full");
    scene.settle();
    assert!(scene.opens(C, "carol") && scene.opens(D, "dan"));
    assert_eq!(scene.chain(C).len(), 1, "the origin's own grant");
    for x in ["c", "d"] {
        assert_eq!(scene.state(x), "delivered", "{x}");
    }
    // It never had a key, nor learnt what it carried, and has forgotten it.
    let share = scene.houses[B].share_named(&scene.share);
    assert_eq!(
        (share.title.as_str(), share.state),
        ("", ShareState::Expired)
    );
    let rows = scene.houses[B].home.album.rows();
    assert!(
        rows.parts(share.id)
            .expect("rows")
            .iter()
            .all(|part| !part.held)
    );
    assert!(scene.houses[B].home.received().expect("listed").is_empty());
    assert_eq!(scene.state("b"), "deleted");
}

#[test]
fn who_may_have_more_than_the_relay_gets_a_letter_that_is_only_handed_on() {
    let mut scene = village();
    let path = scene.houses[A].folder.join("lake.jpg");
    let original = picture(&path, 3000, 2000);
    let items = scene.houses[A].import(&[path]);
    let mut order = order(
        &[&items[0]],
        &B_TOO[..2],
        "display=1280,until=2027-03-01T00:00:00Z",
    );
    let whole = hearthpost::rules::parse_rules("display=full,store=full").expect("rules");
    order.stations = vec![("home-d+dan@d.example".parse().expect("an address"), whole)];
    order.relay_via = Some(scene.houses[B].mailbox.clone());
    scene.share = scene.houses[A].share(&order).expect("recorded").share;
    scene.settle();
    assert!(scene.opens(C, "carol"));
    let share = scene.houses[D].share_named(&scene.share);
    let item = scene.houses[D]
        .home
        .album
        .rows()
        .share_items(share.id)
        .expect("rows")
        .remove(0);
    let (_, stored) = scene.houses[D]
        .view(&item.reference, "dan", Action::Store)
        .expect("kept");
    assert_eq!(stored.len(), original.len());
    assert_eq!((scene.chain(C).len(), scene.chain(D).len()), (2, 1));
    // The relay carried the original and cannot open it.
    let rows = scene.houses[B].home.album.rows();
    let share = scene.houses[B].share_named(&scene.share);
    let item = rows.share_items(share.id).expect("rows").remove(0);
    let holding = rows.holdings(share.id).expect("rows").remove(0);
    assert_eq!(
        rows.holding_tier(holding.id, item.id).expect("rows"),
        Some(Tier::Preview)
    );
    for x in ["b", "c", "d"] {
        assert_eq!(scene.state(x), "delivered", "{x}");
    }
}

#[test]
fn household_that_does_not_pass_on_for_others_says_so() {
    let mut scene = shared(&B_TOO[1..], "display=1280");
    scene.allow(false);
    scene.settle_with_refusals();
    assert_eq!(scene.state("b"), "refused");
    assert_eq!(scene.state("c"), "failed");
    assert!(scene.houses[C].home.received().expect("listed").is_empty());
}

#[test]
fn what_is_over_on_the_way_is_forgotten_and_not_passed_on() {
    for to in [&B_TOO[..], &B_TOO[1..]] {
        let mut scene = shared(to, "display=1280,until=2027-01-15T12:00:00Z");
        scene.pass(&[A]);
        for house in &mut scene.houses {
            house.wait(5 * 3_600);
        }
        scene.pass(&[B, C, D]);
        assert!(scene.houses[C].home.received().expect("listed").is_empty());
        let written = scene.written_to(B);
        assert!(
            written.iter().all(|to| to == "home-a@a.example"),
            "{written:?}"
        );
        // And who shared it learns what became of it.
        scene.houses[A].wait(3_600);
        scene.settle();
        for x in ["c", "d"] {
            assert_eq!(scene.state(x), "failed", "{x} {to:?}");
            assert_eq!(scene.error(x), "it ended before it was passed on");
        }
    }
}

#[test]
fn what_a_relay_forgets_because_it_may_not_pass_it_on_any_more_did_not_get_there() {
    let mut scene = shared(&B_TOO[1..], "display=1280");
    scene.pass(&[A]);
    let parts = scene.village.take_mail(&scene.houses[B]);
    scene.village.deliver(&scene.houses[B], &parts[0]);
    scene.pass(&[B]);
    scene.allow(false);
    for mail in &parts[1..] {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.settle();
    for x in ["c", "d"] {
        assert_eq!(scene.state(x), "failed", "{x}");
        assert!(scene.error(x).contains("did not do so"), "{x}");
    }
}

#[test]
fn what_is_taken_back_on_the_way_is_not_passed_on() {
    for to in [&B_TOO[..], &B_TOO[1..]] {
        let mut scene = shared(to, "display=1280");
        let share = scene.share.clone();
        scene.pass(&[A]);
        scene.houses[A].revoke(&share, None).expect("taken back");
        scene.pass(&[A, B, C, D]);
        let written = scene.written_to(B);
        assert!(
            written.iter().all(|to| to == "home-a@a.example"),
            "{written:?}"
        );
        scene.settle();
        assert!(scene.houses[C].home.received().expect("listed").is_empty());
    }
}

#[test]
fn what_arrived_by_way_of_a_relay_can_be_taken_back() {
    for to in [&B_TOO[..], &B_TOO[1..]] {
        let mut scene = shared(to, "display=1280");
        scene.settle();
        let share = scene.share.clone();
        scene.houses[A]
            .revoke(&share, Some("home-c@c.example"))
            .expect("taken back");
        assert_eq!(scene.state("c"), "revoked");
        scene.settle();
        assert_eq!(
            scene.houses[C].share_named(&share).state,
            ShareState::Revoked
        );
        assert_eq!(
            scene.houses[D].share_named(&share).state,
            ShareState::Complete
        );
        assert_eq!(
            (scene.state("c"), scene.state("d")),
            ("deleted", "delivered")
        );
    }
}

#[test]
fn what_one_household_is_to_lose_before_the_relay_told_of_it_is_followed() {
    let c = "home-c@c.example";
    for to in [&B_TOO[..], &B_TOO[1..]] {
        for before in [&[][..], &[A], &[A, B], &[A, B, C]] {
            let mut scene = shared(to, "display=1280,store=1280");
            let share = scene.share.clone();
            scene.pass(before);
            let back = scene.houses[A].revoke(&share, Some(c)).expect("taken back");
            assert_eq!(back.households, [c]);
            let kept = format!("everyone of {c}");
            assert_eq!(back.may_have_kept.contains(&kept), !before.is_empty());
            assert_eq!(scene.state("c"), "revoked", "{before:?}");
            scene.settle();
            let left = scene.houses[C].home.received().expect("listed");
            assert!(left.is_empty() || left[0].state == "revoked");
            assert!(scene.houses[C].blobs().is_empty(), "{before:?}");
            assert!(scene.opens(D, "dan"));
            let states = (scene.state("c"), scene.state("d"));
            // The relay was stopped in time, or was quicker.
            let end = if before.len() < 2 {
                "untold"
            } else {
                "deleted"
            };
            assert_eq!(states, (end, "delivered"), "{before:?}");
            let again = scene.houses[A].revoke(&share, Some(c));
            assert_eq!(again.is_err(), to.len() == 3, "{before:?}");
        }
    }
}

#[test]
fn copy_whose_relay_tells_nothing_is_followed_as_soon_as_its_holder_does() {
    let mut scene = shared(&B_TOO, "display=1280");
    let share = scene.share.clone();
    scene.pass(&[A, B]);
    scene.village.take_mail(&scene.houses[A]);
    let back = scene.houses[A].revoke(&share, Some("home-c@c.example"));
    back.expect("taken back");
    scene.settle();
    let state = scene.houses[C].share_named(&share).state;
    assert_eq!(state, ShareState::Revoked);
    assert_eq!(scene.state("c"), "deleted");
    assert!(scene.opens(D, "dan"));
}

#[test]
fn relay_without_people_carries_and_takes_no_key() {
    let blind = |to: &[&str]| {
        let mut scene = shared(to, "display=1280");
        scene.houses[B].home.config.role = Role::Relay;
        scene.settle_with_refusals();
        scene
    };
    let mut scene = blind(&B_TOO[1..]);
    scene.settle();
    assert!(scene.opens(C, "carol") && scene.opens(D, "dan"));
    // It had nothing that somebody could have looked at, and so nothing to take back.
    scene.settle();
    let sent = scene.houses[A].home.sent().expect("rows").remove(0);
    let carried = sent.destinations.iter().filter(|to| to.carried.is_some());
    let carried: Vec<&str> = carried.map(|to| to.mailbox.as_str()).collect();
    assert_eq!(carried, ["home-b@b.example"], "{:?}", sent.destinations);
    // What is for somebody there is not taken, and nothing is passed on of it.
    let scene = blind(&B_TOO);
    assert_eq!(scene.state("b"), "refused");
    assert!(scene.houses[C].home.received().expect("listed").is_empty());
}

#[test]
fn relay_stands_in_while_a_destination_is_away_and_the_origin_is_off() {
    let mut scene = shared(&B_TOO[1..], "display=full,store=full");
    scene.houses[B].home.config.role = Role::Relay;
    let faults = scene.village.server.faults();
    let later = Reply::new(451, "4.7.1 later");
    faults.smtp_rcpt("home-c@c.example", later, Times::Always);
    scene.pass(&[A]);
    // For two days nothing can be brought to the one, and the origin does nothing any more.
    for _ in 0..8 {
        scene.pass(&[B, C, D]);
        for house in &mut scene.houses {
            house.wait(6 * 3_600);
        }
    }
    assert!(scene.opens(D, "dan"));
    assert!(scene.houses[C].home.received().expect("listed").is_empty());
    faults.clear();
    scene.pass(&[B, C]);
    assert!(scene.opens(C, "carol"));
    assert_eq!(scene.chain(C).len(), 1, "sealed by the origin");
    let held = |scene: &Scene| {
        let share = scene.houses[B].share_named(&scene.share);
        let parts = scene.houses[B].home.album.rows().parts(share.id);
        let parts = parts.expect("rows").into_iter();
        parts.filter(|part| part.held).count()
    };
    assert!(held(&scene) > 0, "until the origin says that all have it");
    scene.settle();
    assert_eq!(held(&scene), 0);
    let share = scene.houses[B].share_named(&scene.share);
    assert_eq!(share.state, ShareState::Expired);
    for x in ["c", "d"] {
        assert_eq!(scene.state(x), "delivered", "{x}");
    }
}

#[test]
fn relay_must_be_known_and_let_this_household() {
    let mut scene = village();
    let path = scene.houses[A].folder.join("lake.jpg");
    picture(&path, 64, 40);
    let items = scene.houses[A].import(&[path]);
    let mut via = |mailbox: &str| {
        let mut order = order(&[&items[0]], &["home-c@c.example"], "display=1280");
        order.relay_via = Some(mailbox.parse().expect("a mailbox"));
        let fault = scene.houses[A].share(&order).expect_err("refused");
        assert_eq!(fault.code, "relay", "{fault}");
        fault.hint.expect("what to do")
    };
    let hint = via("home-x@x.example");
    assert!(hint.contains("contact request home-x@x.example"), "{hint}");
    assert!(hint.contains("contact relay home-a@a.example on"), "{hint}");
    assert!(via("home-a@a.example").contains("--relay-via"));
    // Nobody was asked for a card.
    assert!(scene.houses[A].home.asked().expect("rows").is_empty());
    assert_eq!(scene.houses[A].queued(), 0);
}

#[test]
fn relay_without_people_gets_none_and_shares_nothing() {
    let mut scene = village();
    let house = &mut scene.houses[B];
    house.home.config.role = Role::Relay;
    let path = house.folder.join("lake.jpg");
    picture(&path, 64, 40);
    let (now, mail) = (house.now(), "people@p.example".parse().expect("a mailbox"));
    let person = house
        .home
        .add_person("bob".parse().expect("a station"), mail, now);
    assert_eq!(person.expect_err("refused").code, "relay");
    let imported = house
        .home
        .import(std::slice::from_ref(&path), None, now, &mut |_| {});
    assert_eq!(imported.expect_err("refused").code, "relay");
    let what = path.to_string_lossy().into_owned();
    let order = hearthpost::sharing::share::Order {
        what: vec![what],
        ..order(&[], &["home-a@a.example"], "display=1280")
    };
    assert_eq!(house.share(&order).expect_err("refused").code, "relay");
}

#[test]
fn what_is_given_on_top_leaves_what_a_relay_passes_on() {
    let mut scene = shared(&B_TOO, "display=1280");
    scene.settle();
    let share = scene.share.clone();
    let more = hearthpost::sharing::forward::ForwardOrder {
        share: share.clone(),
        to: vec!["home-b+bea@b.example".to_owned()],
        rules: Some(hearthpost::sharing::forward::narrow::Narrowing {
            rules: hearthpost::rules::parse_rules("display=2048").expect("rules"),
            says_what: true,
            ..hearthpost::sharing::forward::narrow::Narrowing::default()
        }),
        yes: true,
        ..Default::default()
    };
    scene.houses[A].forward_order(more).expect("given");
    scene.settle();
    assert_eq!(
        scene.houses[C].share_named(&share).state,
        ShareState::Complete
    );
    assert!(scene.opens(C, "carol"));
}

#[test]
fn what_is_carried_for_others_goes_after_a_month_without_word() {
    let mut scene = shared(&B_TOO[1..], "display=1280");
    scene.pass(&[A, B]);
    let held = |scene: &Scene| {
        let share = scene.houses[B].share_named(&scene.share);
        let parts = scene.houses[B]
            .home
            .album
            .rows()
            .parts(share.id)
            .expect("rows");
        parts.iter().filter(|part| part.held).count()
    };
    assert!(held(&scene) > 0);
    scene.houses[B].wait(29 * 86_400);
    scene.pass(&[B]);
    assert!(held(&scene) > 0);
    scene.houses[B].wait(2 * 86_400);
    scene.pass(&[B]);
    assert_eq!(held(&scene), 0);
}

#[test]
fn what_waits_is_not_passed_on_once_that_is_not_allowed_any_more() {
    let mut scene = shared(&B_TOO, "display=1280");
    scene.pass(&[A]);
    let parts = scene.village.take_mail(&scene.houses[B]);
    // The letter first; the parts are late.
    scene.village.deliver(&scene.houses[B], &parts[0]);
    scene.pass(&[B]);
    scene.allow(false);
    for mail in &parts[1..] {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.pass(&[B, C]);
    assert!(scene.opens(B, "bea"));
    assert!(scene.houses[C].home.received().expect("listed").is_empty());
}

#[test]
fn relay_that_does_not_pass_on_is_told_from_one_without_room() {
    let mut scene = shared(&B_TOO, "display=1280");
    scene.allow(false);
    scene.settle_with_refusals();
    let sent = scene.houses[A].home.sent().expect("listed").remove(0);
    let relay = sent
        .destinations
        .iter()
        .find(|to| to.mailbox == scene.houses[B].mailbox);
    let words = relay.and_then(|to| to.error.clone()).expect("refused");
    assert!(words.contains("does not pass on"), "{words}");
}

#[test]
fn what_waits_to_go_to_a_relay_is_tried_at_once_for_whom_it_carries() {
    let mut scene = shared(&B_TOO[1..], "display=1280");
    let of_a = scene.village.server.faults();
    let of_a = of_a.of(scene.houses[A].mailbox.as_str());
    of_a.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Next(1));
    let a = &mut scene.houses[A];
    scene.village.try_sync(a).expect("sync");
    let waits = a.queued();
    let reading = a.reading();
    let now = a.home.tick(&reading, &[]).expect("time");
    let to = "home-c@c.example".parse().expect("a mailbox");
    let share = scene.share.clone();
    a.home.resend(&share, Some(&to), now).expect("it goes");
    assert_eq!(a.queued(), waits, "nothing is in the outbox twice");
    scene.pass(&[A]);
    assert_eq!(scene.state("c"), "sent");
    scene.settle();
    assert!(scene.opens(C, "carol"));
    assert_eq!(scene.chain(C).len(), 1);
}

#[test]
fn what_is_given_anew_to_whom_a_relay_served_goes_there_once_more() {
    for (to, role) in [
        (&B_TOO[..], Role::Home),
        (&B_TOO[1..], Role::Home),
        (&B_TOO[1..], Role::Relay),
    ] {
        for taken_back in [false, true] {
            let case = format!("{to:?} {role:?} {taken_back}");
            let mut scene = shared(to, "display=1280");
            scene.houses[B].home.config.role = role;
            settle_without_d(&mut scene);
            assert_eq!(scene.state("c"), "delivered", "{case}");
            if taken_back {
                take_back_from_c(&mut scene);
            }
            give_anew(&mut scene);
            assert_eq!(scene.state("c"), "queued", "{case}");
            settle_without_d(&mut scene);
            assert_eq!(scene.state("c"), "delivered", "{case}");
            assert!(scene.opens(C, "carol"), "{case}");
        }
    }
}
