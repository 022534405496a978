//! What is taken back before a relay passed it on has gone nowhere: not where the letter to the relay never left the house, and
//! not where the relay says that it passed nothing on.

use crate::house::by_way::{B_TOO, Scene, shared};
use crate::house::passed::{A, B, C, D};
use hearthpost::config::Role;
use hearthpost::sharing::listing::{Carried, SentTo};
use testmail::{Reply, Times};

const B_HOME: &str = "home-b@b.example";
const C_HOME: &str = "home-c@c.example";
const D_HOME: &str = "home-d@d.example";
const DAY: u64 = 86_400;

/// To whom it goes by way of `b`, and what `b` is: with a copy of its own, without one, and without people.
const WAYS: [(&[&str], Role); 3] = [
    (&B_TOO, Role::Home),
    (&[C_HOME, D_HOME], Role::Home),
    (&[C_HOME, D_HOME], Role::Relay),
];

fn scene((to, role): (&[&str], Role)) -> Scene {
    let mut scene = shared(to, "display=1280,store=1280");
    scene.houses[B].home.config.role = role;
    scene
}

fn listed(scene: &Scene, at: &str) -> SentTo {
    let sent = scene.houses[A].home.sent().expect("listed").remove(0);
    let mut to = sent.destinations.into_iter();
    to.find(|one| one.mailbox.as_str() == at).expect("listed")
}

fn never_went(scene: &Scene, at: &str) -> bool {
    listed(scene, at).never_went
}

fn revoke(scene: &mut Scene, from: Option<&str>) -> Vec<String> {
    let share = scene.share.clone();
    let back = scene.houses[A].revoke(&share, from);
    back.expect("taken back").households
}

/// The provider takes nothing of a house for now.
fn stall(scene: &Scene, n: usize) {
    let faults = scene.village.server.faults();
    let of = faults.of(scene.houses[n].mailbox.as_str());
    of.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Always);
}

fn all_goes_again(scene: &mut Scene) {
    scene.village.server.faults().clear();
    for house in &mut scene.houses {
        house.wait(DAY);
    }
    scene.settle();
}

/// Nobody has anything, the origin says so, and tells nobody any more.
fn nothing_had_gone(scene: &mut Scene, case: &str) {
    scene.settle();
    for at in [C_HOME, D_HOME] {
        assert!(never_went(scene, at), "{at}: {case}");
        assert_eq!(listed(scene, at).state, "revoked", "{at}: {case}");
    }
    for n in [C, D] {
        assert!(scene.houses[n].home.received().expect("listed").is_empty());
        assert!(scene.houses[n].blobs().is_empty(), "{case}");
    }
    let handed_in = scene.village.server.transactions().len();
    for _ in 0..2 {
        all_goes_again(scene);
    }
    let after = scene.village.server.transactions().len();
    assert_eq!(after, handed_in, "nobody is told any more: {case}");
}

#[test]
fn nothing_goes_out_of_what_had_not_left_for_the_relay() {
    for way in WAYS {
        let case = format!("{way:?}");
        let mut scene = scene(way);
        stall(&scene, A);
        scene.village.try_sync(&mut scene.houses[A]).expect("sync");
        assert_eq!(revoke(&mut scene, None), Vec::<String>::new(), "{case}");
        assert!(never_went(&scene, B_HOME), "{case}");
        all_goes_again(&mut scene);
        assert_eq!(scene.written_to(A), Vec::<String>::new(), "{case}");
        assert!(never_went(&scene, B_HOME), "{case}");
        nothing_had_gone(&mut scene, &case);
    }
}

#[test]
fn the_letter_to_a_relay_stays_where_it_is_for_nobody_any_more() {
    let mut scene = scene(WAYS[1]);
    // It goes for the other; then for none.
    assert_eq!(revoke(&mut scene, Some(C_HOME)), [C_HOME]);
    assert!(!never_went(&scene, C_HOME));
    assert_eq!(revoke(&mut scene, Some(D_HOME)), Vec::<String>::new());
    for at in [B_HOME, C_HOME, D_HOME] {
        assert!(never_went(&scene, at), "{at}");
    }
    all_goes_again(&mut scene);
    assert!(scene.houses[B].blobs().is_empty());
    assert!(scene.houses[C].home.received().expect("listed").is_empty());
    assert!(never_went(&scene, C_HOME) && never_went(&scene, D_HOME));
}

#[test]
fn relay_that_passed_nothing_on_says_so_whatever_comes_first() {
    for way in WAYS {
        for order in [
            "in turn",
            "parts late",
            "end first",
            "word last",
            "end before all",
        ] {
            let case = format!("{way:?} {order}");
            let mut scene = scene(way);
            scene.pass(&[A]);
            let asked = scene.village.take_mail(&scene.houses[B]);
            assert!(!revoke(&mut scene, None).is_empty(), "{case}");
            assert!(!never_went(&scene, C_HOME), "{case}");
            scene.pass(&[A]);
            let mut words = scene.village.take_mail(&scene.houses[B]);
            assert_eq!(words.len(), 3, "a word for each, and the end: {case}");
            let end = words.pop().expect("the revocation");
            let (grant, parts) = asked.split_at(1);
            let end = [end];
            let looks: Vec<&[Vec<u8>]> = match order {
                "in turn" => vec![grant, &words, &end, parts],
                "parts late" => vec![grant, &parts[..1], &words, &end],
                "end first" => vec![grant, &end, &words, parts],
                "word last" => vec![&end, grant, parts, &words],
                _ => vec![&words, &end, grant, parts],
            };
            for mails in looks {
                for mail in mails {
                    scene.village.deliver(&scene.houses[B], mail);
                }
                scene.pass(&[B]);
            }
            scene.settle();
            let state = listed(&scene, B_HOME);
            assert_eq!(state.state, "deleted", "{case}");
            let carried = (way.0.len() == 2).then_some(Carried::Nothing);
            assert_eq!(state.carried, carried, "{case}");
            nothing_had_gone(&mut scene, &case);
        }
    }
}

#[test]
fn relay_that_never_took_it_and_cannot_write_just_now_says_so_once_a_card_has_come() {
    for way in WAYS {
        for end_first in [true, false] {
            let case = format!("{way:?}, the end first: {end_first}");
            let mut scene = scene(way);
            scene.pass(&[A]);
            let asked = scene.village.take_mail(&scene.houses[B]);
            revoke(&mut scene, None);
            scene.pass(&[A]);
            let mut mails = scene.village.take_mail(&scene.houses[B]);
            if end_first {
                mails.rotate_right(1);
            }
            scene.cannot_write(B, A);
            for mail in mails.iter().chain(&asked[..1]) {
                scene.village.deliver(&scene.houses[B], mail);
                scene.pass(&[B]);
            }
            assert!(!never_went(&scene, C_HOME), "{case}");
            scene.settle();
            all_goes_again(&mut scene);
            nothing_had_gone(&mut scene, &case);
        }
    }
}

#[test]
fn relay_from_whose_house_nothing_has_left_says_so() {
    for way in WAYS {
        for from in [None, Some(C_HOME)] {
            let case = format!("{way:?} {from:?}");
            let mut scene = scene(way);
            scene.pass(&[A]);
            stall(&scene, B);
            scene.village.try_sync(&mut scene.houses[B]).expect("sync");
            assert!(scene.houses[B].queued() > 0);
            revoke(&mut scene, from);
            scene.pass(&[A]);
            scene.village.try_sync(&mut scene.houses[B]).expect("sync");
            all_goes_again(&mut scene);
            assert!(never_went(&scene, C_HOME), "{case}");
            match from {
                None => nothing_had_gone(&mut scene, &case),
                Some(_) => assert!(scene.opens(D, "dan"), "{case}"),
            }
        }
    }
}

#[test]
fn what_a_relay_passed_on_is_followed() {
    for way in WAYS {
        let case = format!("{way:?}");
        let mut scene = scene(way);
        scene.pass(&[A, B]);
        revoke(&mut scene, None);
        scene.settle();
        for at in [C_HOME, D_HOME] {
            let stands = listed(&scene, at);
            assert_eq!(
                (stands.state, stands.never_went),
                ("deleted", false),
                "{case}"
            );
        }
        if way.0.len() == 2 {
            assert_eq!(listed(&scene, B_HOME).carried, Some(Carried::HandedOn));
        }
    }
}

#[test]
fn what_was_over_before_the_relay_passed_it_on_was_not_handed_on() {
    let mut scene = shared(&[C_HOME, D_HOME], "display=1280,until=2027-01-15T12:00:00Z");
    scene.pass(&[A]);
    for house in &mut scene.houses {
        house.wait(5 * 3_600);
    }
    scene.settle();
    assert_eq!(listed(&scene, B_HOME).carried, Some(Carried::Nothing));
    assert_eq!(listed(&scene, C_HOME).state, "failed");
    // Taken back after that, nobody has anything to delete.
    assert_eq!(revoke(&mut scene, None), Vec::<String>::new());
    nothing_had_gone(&mut scene, "over");
}

#[test]
fn what_a_relay_handed_on_and_forgot_was_handed_on() {
    let mut scene = scene(WAYS[2]);
    scene.settle();
    assert_eq!(listed(&scene, B_HOME).carried, Some(Carried::HandedOn));
}
