//! A household itself said that it has a copy: no word, refusal or silence of the relay by which it came undoes that, whichever
//! came first. It is asked to delete the copy once that is taken back, until it says that it did.

use crate::house::by_way::{B_TOO, Scene, shared, village};
use crate::house::forge::signed;
use crate::house::passed::{A, B, D};
use crate::house::{order, picture};
use hearthpost::album::ShareState;
use hearthpost::message::grant::Bytes;
use hearthpost::message::permit::NewPermit;
use hearthpost::message::{Body, Receipt, ReceiptState, SignedPermit};
use hearthpost::rules::{Tier, parse_rules};
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::forward::narrow::Narrowing;
use testmail::{Reply, Times};

const C_HOME: &str = "home-c@c.example";
const D_HOME: &str = "home-d@d.example";
const DAY: u64 = 86_400;

/// To whom it goes by way of `b`: with a letter that is only handed on, and with a grant that the relay makes.
const WAYS: [&[&str]; 2] = [&[D_HOME], &B_TOO];

/// From whom it is taken back.
const FROM: [Option<&str>; 2] = [None, Some(D_HOME)];

/// `b` has passed it on, and `d` has not looked yet.
fn passed_on(to: &[&str]) -> Scene {
    let mut scene = shared(to, "display=1280");
    scene.pass(&[A, B, A]);
    assert_eq!(scene.state("d"), "sent", "{to:?}");
    scene
}

/// `a` gives it to one more, or once more.
fn give(scene: &mut Scene, to: &str, rules: Option<&str>, by_way: bool) {
    let order = ForwardOrder {
        share: scene.share.clone(),
        to: vec![to.to_owned()],
        rules: rules.map(|rules| Narrowing {
            rules: parse_rules(rules).expect("rules"),
            says_what: true,
            ..Narrowing::default()
        }),
        relay_via: by_way.then(|| scene.houses[B].mailbox.clone()),
        yes: true,
        ..ForwardOrder::default()
    };
    scene.houses[A].wait(5);
    scene.houses[A].forward_order(order).expect("given");
}

fn revoke(scene: &mut Scene, from: Option<&str>) -> Vec<String> {
    let share = scene.share.clone();
    let back = scene.houses[A].revoke(&share, from);
    back.expect("taken back").households
}

/// `b` says that it passed nothing on to `d`, of what it was asked last, whatever it did.
fn says_nothing_went(scene: &mut Scene) {
    let (a, b) = (&scene.houses[A], &scene.houses[B]);
    let mut chain = scene.chain(B);
    let asked = SignedPermit::verify(&chain.last().expect("a permit").0).expect("a permit");
    let (digest, asked) = (asked.digest(), asked.permit());
    let said = NewPermit {
        share: asked.share,
        origin: asked.origin,
        manifest: asked.manifest,
        to: scene.houses[D].home.me(),
        parent: Some(digest),
        items: asked.items.clone(),
        tier: Tier::About,
        onward: None,
        issued: asked.issued,
    };
    chain.push(Bytes(signed(said, b).der().to_vec()));
    let word = Receipt {
        share: asked.share,
        origin: asked.origin,
        state: ReceiptState::Deleted,
        chain,
        reason: None,
        letter: None,
    };
    let mail = b.letter(a, &b.header(a), &Body::Receipt(word));
    scene.village.deliver(&scene.houses[A], &mail);
    scene.pass(&[A]);
}

/// `d` is told on the day after too, where what was said first is lost; it deletes its copy, and `a` knows that.
fn is_ended_at_d(scene: &mut Scene, case: &str) {
    assert_eq!(scene.state("d"), "revoked", "{case}");
    scene.pass(&[A]);
    scene.village.take_mail(&scene.houses[D]);
    scene.houses[A].wait(DAY + 1);
    scene.settle();
    let state = scene.houses[D].share_named(&scene.share).state;
    assert_eq!(state, ShareState::Revoked, "{case}");
    assert!(scene.houses[D].blobs().is_empty(), "{case}");
    assert_eq!(scene.state("d"), "deleted", "{case}");
}

#[test]
fn a_relay_that_refuses_the_next_letter_takes_nothing_back_of_the_one_before() {
    for to in WAYS {
        for from in FROM {
            let case = format!("{to:?} {from:?}");
            let mut scene = passed_on(to);
            scene.allow(false);
            give(&mut scene, C_HOME, None, true);
            scene.pass(&[A, B, A]);
            assert_eq!(scene.state("c"), "failed", "{case}");
            assert_eq!(scene.state("d"), "sent", "{case}");
            scene.pass(&[D, A]);
            assert_eq!(scene.state("d"), "delivered", "{case}");
            assert!(revoke(&mut scene, from).contains(&D_HOME.to_owned()));
            is_ended_at_d(&mut scene, &case);
        }
    }
}

#[test]
fn what_a_household_says_counts_though_the_relay_said_before_that_nothing_went() {
    for to in WAYS {
        for from in FROM {
            let case = format!("{to:?} {from:?}");
            let mut scene = passed_on(to);
            says_nothing_went(&mut scene);
            assert_eq!(scene.state("d"), "failed", "{case}");
            scene.pass(&[D, A]);
            assert_eq!(scene.state("d"), "delivered", "{case}");
            assert!(
                revoke(&mut scene, from).contains(&D_HOME.to_owned()),
                "{case}"
            );
            is_ended_at_d(&mut scene, &case);
        }
    }
}

#[test]
fn what_a_household_says_counts_though_it_was_taken_back_as_what_went_nowhere() {
    for to in WAYS {
        for from in FROM {
            let case = format!("{to:?} {from:?}");
            let mut scene = passed_on(to);
            says_nothing_went(&mut scene);
            scene.pass(&[D]);
            if to.len() > 1 && from.is_some() {
                // Of what the relay was to make nothing is anywhere, as far as is known.
                let share = scene.share.clone();
                let fault = scene.houses[A].revoke(&share, from).expect_err("nothing");
                assert_eq!(fault.code, "no_copy", "{case}");
                continue;
            }
            revoke(&mut scene, from);
            assert_eq!(scene.state("d"), "untold", "{case}");
            scene.pass(&[A]);
            is_ended_at_d(&mut scene, &case);
        }
    }
}

#[test]
fn no_word_of_a_relay_ends_the_telling_of_who_confirmed_its_copy() {
    for to in WAYS {
        for from in FROM {
            let case = format!("{to:?} {from:?}");
            let mut scene = passed_on(to);
            scene.pass(&[D, A]);
            assert_eq!(scene.state("d"), "delivered", "{case}");
            revoke(&mut scene, from);
            says_nothing_went(&mut scene);
            is_ended_at_d(&mut scene, &case);
        }
    }
}

/// `d` has it from `a` itself; then it is given more by way of `b`.
fn more_by_way() -> Scene {
    let mut scene = village();
    let path = scene.houses[A].folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = scene.houses[A].import(&[path]);
    // Somebody never looks, so that it is kept.
    let to = [C_HOME, D_HOME];
    let order = order(&[&items[0]], &to, "display=320");
    scene.share = scene.houses[A].share(&order).expect("recorded").share;
    scene.pass(&[A, D, A]);
    assert_eq!(scene.state("d"), "delivered");
    give(&mut scene, D_HOME, Some("display=320,print=320"), true);
    scene.pass(&[A, B]);
    scene
}

#[test]
fn more_than_before_that_came_all_the_same_is_ended_too() {
    let mut scene = more_by_way();
    says_nothing_went(&mut scene);
    scene.pass(&[D]);
    assert_eq!(revoke(&mut scene, Some(D_HOME)), [D_HOME]);
    is_ended_at_d(&mut scene, "more");
}

#[test]
fn what_came_late_of_a_grant_before_is_ended_though_another_was_given_since() {
    for after in ["taken back", "given"] {
        let mut scene = passed_on(WAYS[0]);
        says_nothing_went(&mut scene);
        scene.pass(&[D]);
        let of_a = scene.village.server.faults();
        let of_a = of_a.of(scene.houses[A].mailbox.as_str());
        of_a.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Always);
        give(&mut scene, D_HOME, None, false);
        if after == "taken back" {
            assert_eq!(revoke(&mut scene, Some(D_HOME)), Vec::<String>::new());
            assert_eq!(scene.state("d"), "untold");
        }
        // Now `a` reads that it came.
        let a = &mut scene.houses[A];
        scene.village.try_sync(a).expect("sync");
        if after == "given" {
            assert_eq!(revoke(&mut scene, Some(D_HOME)), [D_HOME]);
        }
        scene.village.server.faults().clear();
        scene.houses[A].wait(DAY);
        is_ended_at_d(&mut scene, after);
    }
}

#[test]
fn what_a_relay_made_and_came_late_is_ended_though_it_was_given_straight_since() {
    let mut scene = passed_on(WAYS[1]);
    says_nothing_went(&mut scene);
    scene.pass(&[D]);
    give(&mut scene, D_HOME, None, false);
    assert_eq!(revoke(&mut scene, Some(D_HOME)), Vec::<String>::new());
    scene.pass(&[A]);
    scene.settle();
    let state = scene.houses[D].share_named(&scene.share).state;
    assert_eq!(state, ShareState::Revoked);
    assert!(scene.houses[D].blobs().is_empty());
}

#[test]
fn what_a_relay_made_and_was_confirmed_stays_so_though_it_was_given_straight_since() {
    for first in ["confirmed", "given"] {
        for back_first in [false, true] {
            let case = format!("{first} first, taken back before the word: {back_first}");
            let mut scene = passed_on(WAYS[1]);
            scene.pass(&[D]);
            if first == "confirmed" {
                scene.pass(&[A]);
                assert_eq!(scene.state("d"), "delivered", "{case}");
            }
            give(&mut scene, D_HOME, None, false);
            scene.pass(&[A, D, A]);
            if back_first {
                revoke(&mut scene, Some(D_HOME));
            }
            says_nothing_went(&mut scene);
            if !back_first {
                assert_eq!(revoke(&mut scene, Some(D_HOME)), [D_HOME], "{case}");
            }
            is_ended_at_d(&mut scene, &case);
        }
    }
}
