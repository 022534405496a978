//! What ends for one household before a relay has passed it on, while the relay's own copy or what it carries for others goes
//! on: it is not passed on, and who asked learns it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::house::by_way::{B_TOO, Scene, village};
use crate::house::passed::{A, B, C, D};
use crate::house::{order, picture};
use hearthpost::config::Role;
use hearthpost::message::Body;
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Receipt, ReceiptState};
use hearthpost::rules::{Tier, parse_rules};

/// Four hours after everything begins.
const NOON: &str = "until=2027-01-15T12:00:00Z";
const HOUR: u64 = 3_600;
const ENDED: &str = "it ended before it was passed on";
const FORGOTTEN: &str = "did not do so";

/// By way of `b`, which is given `of_b` if it is given anything; `c` has it until noon, `d` longer.
fn shared(of_b: Option<&str>, of_c: &str, of_d: Option<&str>) -> Scene {
    let mut scene = village();
    let path = scene.houses[A].folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = scene.houses[A].import(&[path]);
    let mut order = order(&[&items[0]], &[], "display=1280");
    let rules = [(B, of_b), (C, Some(of_c)), (D, of_d)];
    for (n, rules) in rules {
        if let Some(rules) = rules {
            let to = B_TOO[n - 1].parse().expect("an address");
            order
                .stations
                .push((to, parse_rules(rules).expect("rules")));
        }
    }
    order.relay_via = Some(scene.houses[B].mailbox.clone());
    scene.share = scene.houses[A].share(&order).expect("recorded").share;
    scene
}

fn wait(scene: &mut Scene, who: &[usize], hours: u64) {
    for n in who {
        scene.houses[*n].wait(hours * HOUR);
    }
}

/// Nothing was given to `c`, and `a` knows that.
fn never_came(scene: &mut Scene, case: &str) {
    let written = scene.written_to(B);
    assert!(!written.contains(&B_TOO[1].to_owned()), "{case}");
    assert!(scene.houses[C].home.received().expect("listed").is_empty());
    assert_eq!(scene.state("c"), "failed", "{case}");
    assert_eq!(scene.error("c"), ENDED, "{case}");
}

/// What makes the grant of `c` one of the relay's own, and what a letter that it only hands on.
fn of_both_kinds() -> [(&'static str, String); 2] {
    [
        ("made there", format!("display=1280,{NOON}")),
        ("handed on", format!("display=full,{NOON}")),
    ]
}

#[test]
fn what_ends_while_the_relay_is_off_and_its_own_copy_lives_is_told() {
    for (case, of_c) in of_both_kinds() {
        let mut scene = shared(Some("display=1280"), &of_c, None);
        scene.pass(&[A]);
        wait(&mut scene, &[A, B, C], 5);
        scene.settle();
        never_came(&mut scene, case);
        assert_eq!(scene.state("b"), "delivered", "{case}");
        assert!(scene.opens(B, "bea"), "{case}");
    }
}

#[test]
fn who_cannot_be_told_just_now_is_told_once_its_card_has_come() {
    for (case, of_c) in of_both_kinds() {
        // The end of it, and that it is taken back before.
        for ends in [true, false] {
            let mut scene = shared(Some("display=1280"), &of_c, Some("display=1280"));
            scene.pass(&[A]);
            if ends {
                wait(&mut scene, &[A, B, C, D], 5);
            } else {
                let share = scene.share.clone();
                let back = scene.houses[A].revoke(&share, Some(B_TOO[1]));
                back.expect("taken back");
                scene.pass(&[A]);
            }
            scene.cannot_write(B, A);
            scene.pass(&[B]);
            assert_eq!(words(&scene).len(), 0, "{case}");
            assert!(
                !scene.written_to(B).contains(&B_TOO[1].to_owned()),
                "{case}"
            );
            scene.settle();
            match ends {
                true => never_came(&mut scene, case),
                false => assert_eq!(scene.state("c"), "untold", "{case}"),
            }
            assert_eq!(scene.state("d"), "delivered", "{case}");
            assert!(scene.opens(D, "dan"), "{case}");
        }
    }
}

#[test]
fn who_took_all_back_and_cannot_be_told_just_now_is_told_once_its_card_has_come() {
    for (case, of_c) in of_both_kinds() {
        for end_first in [false, true] {
            let case = format!("{case}, the end first: {end_first}");
            let mut scene = shared(Some("display=1280"), &of_c, Some("display=1280"));
            scene.pass(&[A]);
            let asked = scene.village.take_mail(&scene.houses[B]);
            let share = scene.share.clone();
            scene.houses[A].revoke(&share, None).expect("taken back");
            scene.pass(&[A]);
            let mut mails = scene.village.take_mail(&scene.houses[B]);
            if end_first {
                mails.rotate_right(1);
            }
            scene.cannot_write(B, A);
            // The letter alone of what was asked: the parts come late.
            for mail in asked[..1].iter().chain(&mails) {
                scene.village.deliver(&scene.houses[B], mail);
                scene.pass(&[B]);
            }
            assert_eq!(words(&scene).len(), 0, "{case}");
            scene.settle();
            for x in ["c", "d"] {
                assert_eq!(scene.state(x), "untold", "{x}: {case}");
            }
            assert!(scene.houses[B].blobs().is_empty(), "{case}");
            // On the day after the relay says too that its own is gone.
            wait(&mut scene, &[A, B, C, D], 25);
            scene.settle();
            assert_eq!(scene.state("b"), "deleted", "{case}");
            let handed_in = scene.village.server.transactions().len();
            wait(&mut scene, &[A, B, C, D], 25);
            scene.settle();
            let after = scene.village.server.transactions().len();
            assert_eq!(after, handed_in, "nobody is told any more: {case}");
        }
    }
}

#[test]
fn of_several_the_one_that_ended_is_told_and_the_others_get_theirs() {
    let cases = [
        (Some("display=1280"), Role::Home),
        (None, Role::Home),
        (None, Role::Relay),
    ];
    for (of_b, role) in cases {
        let case = format!("{of_b:?} {role:?}");
        let of_c = format!("display=full,{NOON}");
        let mut scene = shared(of_b, &of_c, Some("display=full,until=2027-03-01T00:00:00Z"));
        scene.houses[B].home.config.role = role;
        scene.pass(&[A]);
        wait(&mut scene, &[A, B, C, D], 5);
        // The other says nothing yet, so that the relay carries it still.
        scene.pass(&[B, A]);
        never_came(&mut scene, &case);
        assert_eq!(scene.state("d"), "sent", "{case}");
        scene.settle();
        assert!(scene.opens(D, "dan"), "{case}");
        never_came(&mut scene, &case);
        assert_eq!(scene.state("d"), "delivered", "{case}");
    }
}

#[test]
fn what_ends_while_the_relay_waits_for_its_parts_is_told_and_holds_up_nobody() {
    let of_c = format!("display=full,{NOON}");
    let mut scene = shared(Some("display=1280"), &of_c, Some("display=1280"));
    scene.pass(&[A]);
    // The original alone is late: it is for `c`, and for nobody else.
    let mut mails = scene.village.take_mail(&scene.houses[B]);
    let share = scene.houses[A].share_named(&scene.share);
    let parts = scene.houses[A].home.album.rows().parts(share.id);
    let parts = parts.expect("rows").into_iter();
    let original = parts
        .filter(|part| part.tier == Tier::Original)
        .map(|part| part.digest.to_string());
    let original: Vec<String> = original.collect();
    let is_it = |mail: &Vec<u8>| String::from_utf8_lossy(mail).contains(&original[0]);
    let at = mails.iter().position(is_it).expect("it was sent");
    let original = mails.remove(at);
    for mail in &mails {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.pass(&[B, A, D]);
    assert_ne!(scene.state("c"), "failed");
    assert!(scene.houses[D].home.received().expect("listed").is_empty());
    wait(&mut scene, &[A, B, C, D], 5);
    scene.settle();
    never_came(&mut scene, "without its parts");
    assert!(scene.opens(D, "dan"));
    assert_eq!(scene.state("d"), "delivered");
    let held = scene.houses[B].blobs().len();
    scene.village.deliver(&scene.houses[B], &original);
    scene.settle();
    assert_eq!(scene.houses[B].blobs().len(), held, "nobody wants it");
    never_came(&mut scene, "its parts came");
}

#[test]
fn end_that_a_relay_cannot_know_ends_where_the_letter_is_opened() {
    // What lasts a number of days, or has no end for one of them, is handed on whenever that is.
    let mut scene = shared(None, "display=full,period=P1D", None);
    scene.houses[B].home.config.role = Role::Relay;
    scene.pass(&[A]);
    wait(&mut scene, &[A, B, C], 20 * 24);
    scene.settle();
    assert_eq!(scene.state("c"), "delivered");
    wait(&mut scene, &[A, B, C], 2 * 24);
    scene.settle();
    assert_eq!(scene.state("c"), "deleted");
}

#[test]
fn relay_whose_clock_is_ahead_forgets_nothing_until_it_can_be_believed() {
    for (case, of_c) in of_both_kinds() {
        let mut scene = shared(Some("display=1280"), &of_c, None);
        scene.pass(&[A]);
        let relay = &mut scene.houses[B];
        relay.synchronised = false;
        relay.wall += 9 * 86_400;
        scene.pass(&[B, A]);
        assert!(
            !scene.written_to(B).contains(&B_TOO[1].to_owned()),
            "{case}"
        );
        assert_ne!(scene.state("c"), "failed", "{case}");
        let relay = &mut scene.houses[B];
        relay.synchronised = true;
        relay.wall -= 9 * 86_400;
        scene.settle();
        assert_eq!(scene.state("c"), "delivered", "{case}");
        assert!(scene.opens(C, "carol"), "{case}");
    }
}

#[test]
fn relay_that_is_sure_of_a_wrong_clock_is_not_said_to_be_right() {
    for (case, of_c) in of_both_kinds() {
        // Ahead: it did not pass on what it could have.
        let mut scene = shared(Some("display=1280"), &of_c, None);
        scene.pass(&[A]);
        scene.houses[B].wall += 9 * 86_400;
        scene.pass(&[B, A]);
        assert_eq!(scene.state("c"), "failed", "{case}");
        assert!(scene.error("c").contains(FORGOTTEN), "{case}");
        // Behind: it hands on what is over, and that ends where it arrives.
        let mut scene = shared(Some("display=1280"), &of_c, None);
        scene.pass(&[A]);
        wait(&mut scene, &[A, C], 9 * 24);
        scene.settle();
        assert_eq!(scene.state("c"), "deleted", "{case}");
        assert!(scene.houses[C].blobs().is_empty(), "{case}");
    }
}

#[test]
fn relay_that_is_stopped_while_it_forgets_says_it_all_the_same() {
    let points = [
        "relay.before_commit",
        "relay.after_commit",
        "submit.before",
        "submit.accepted",
    ];
    for point in points {
        let of_c = format!("display=full,{NOON}");
        let mut scene = shared(Some("display=1280"), &of_c, Some("display=1280"));
        scene.pass(&[A]);
        wait(&mut scene, &[A, B, C, D], 5);
        hearthpost::crash::meanwhile(point, || panic!("the power is cut"));
        let cut = catch_unwind(AssertUnwindSafe(|| scene.pass(&[B])));
        assert!(cut.is_err(), "{point}");
        scene.houses[B] = scene.houses[B].twin();
        wait(&mut scene, &[B], 1);
        scene.settle();
        never_came(&mut scene, point);
        assert_eq!(scene.state("d"), "delivered", "{point}");
        assert_eq!(scene.houses[B].queued(), 0, "{point}");
    }
}

/// `a` gives the relay these rules too, or instead.
fn give_relay(scene: &mut Scene, rules: &str, to: &str) {
    let order = hearthpost::sharing::forward::ForwardOrder {
        share: scene.share.clone(),
        to: vec![to.to_owned()],
        rules: Some(hearthpost::sharing::forward::narrow::Narrowing {
            rules: parse_rules(rules).expect("rules"),
            says_what: true,
            ..hearthpost::sharing::forward::narrow::Narrowing::default()
        }),
        yes: true,
        ..Default::default()
    };
    scene.houses[A].forward_order(order).expect("given");
}

#[test]
fn what_is_given_on_top_before_the_relay_was_asked_leaves_it_asked() {
    for passed in [&[][..], &[A], &[A, B]] {
        let mut scene = shared(Some("display=640"), "display=full", Some("display=640"));
        scene.pass(passed);
        give_relay(&mut scene, "display=1280", "home-b+bea@b.example");
        scene.settle();
        for x in ["b", "c", "d"] {
            assert_eq!(scene.state(x), "delivered", "{x} after {passed:?}");
        }
        assert!(scene.opens(C, "carol") && scene.opens(D, "dan"));
    }
}

#[test]
fn who_is_to_be_asked_no_more_because_the_relay_gets_less_stands_for_nothing() {
    let mut scene = shared(Some("display=1280"), "display=full", Some("display=1280"));
    give_relay(&mut scene, "display=320", B_TOO[0]);
    assert_eq!((scene.state("c"), scene.state("d")), ("failed", "failed"));
    scene.settle();
    assert_eq!(scene.state("b"), "delivered");
    assert!(scene.houses[C].home.received().expect("listed").is_empty());
    for x in ["c", "d"] {
        assert_eq!(scene.state(x), "failed");
        assert!(scene.error(x).contains("share it without"), "{x}");
    }
}

#[test]
fn what_is_refused_as_it_was_asked_stands_for_nothing_though_more_was_given_since() {
    let mut scene = shared(Some("display=640"), "display=full", None);
    scene.allow(false);
    give_relay(&mut scene, "display=1280", "home-b+bea@b.example");
    scene.settle_with_refusals();
    assert_eq!(
        (scene.state("b"), scene.state("c")),
        ("delivered", "failed")
    );
}

/// The words of `b` that lie in the mailbox of `a`.
fn words(scene: &Scene) -> Vec<Vec<u8>> {
    let is_word = |mail: &Vec<u8>| match scene.houses[A].read(mail).body {
        Body::Receipt(receipt) => receipt.state == ReceiptState::Deleted,
        _ => false,
    };
    let mails = scene.village.inbox(&scene.houses[A]);
    mails.into_iter().filter(is_word).collect()
}

#[test]
fn the_word_counts_once_and_not_for_what_was_asked_after_it() {
    for (case, of_c) in of_both_kinds() {
        let mut scene = shared(Some("display=1280"), &of_c, None);
        scene.pass(&[A]);
        wait(&mut scene, &[A, B, C], 5);
        scene.pass(&[B]);
        let word = words(&scene);
        assert_eq!(word.len(), 1, "{case}");
        scene.village.take_mail(&scene.houses[A]);
        // It is late, and comes twice, after the same was asked anew.
        give_anew(&mut scene);
        for _ in 0..2 {
            scene.village.deliver(&scene.houses[A], &word[0]);
            scene.pass(&[A]);
            assert_ne!(scene.state("c"), "failed", "{case}");
        }
        scene.settle();
        assert_eq!(scene.state("c"), "delivered", "{case}");
        assert!(scene.opens(C, "carol"), "{case}");
    }
}

/// `a` gives `b` and `c` the same until March.
fn give_anew(scene: &mut Scene) {
    let rules = parse_rules("display=1280,until=2027-03-01T00:00:00Z").expect("rules");
    let order = hearthpost::sharing::forward::ForwardOrder {
        share: scene.share.clone(),
        to: B_TOO[..2].iter().map(|to| (*to).to_owned()).collect(),
        rules: Some(hearthpost::sharing::forward::narrow::Narrowing {
            rules,
            says_what: true,
            ..hearthpost::sharing::forward::narrow::Narrowing::default()
        }),
        relay_via: Some(scene.houses[B].mailbox.clone()),
        yes: true,
        ..Default::default()
    };
    scene.houses[A].forward_order(order).expect("given");
}

#[test]
fn what_was_taken_back_before_the_word_came_needs_no_other() {
    for (case, of_c) in of_both_kinds() {
        let mut scene = shared(Some("display=1280"), &of_c, None);
        scene.pass(&[A]);
        wait(&mut scene, &[A, B, C], 5);
        scene.pass(&[B]);
        let share = scene.share.clone();
        let back = scene.houses[A].revoke(&share, Some(B_TOO[1]));
        back.expect("taken back");
        scene.settle();
        assert_eq!(scene.state("c"), "untold", "{case}");
    }
}

#[test]
fn the_word_of_anybody_but_that_relay_counts_nothing() {
    for (case, of_c) in of_both_kinds() {
        let mut scene = shared(Some("display=1280"), &of_c, Some("display=1280"));
        scene.pass(&[A]);
        wait(&mut scene, &[A, B, C], 5);
        scene.pass(&[B]);
        let word = words(&scene).remove(0);
        let Body::Receipt(receipt) = scene.houses[A].read(&word).body else {
            panic!("not a receipt");
        };
        scene.village.take_mail(&scene.houses[A]);
        let states = scene.states();
        let bent = |chain: Vec<Bytes>, state| Receipt {
            chain,
            state,
            share: receipt.share,
            origin: receipt.origin,
            reason: None,
            letter: None,
        };
        let (own, said) = receipt.chain.split_at(1);
        let cases: [(usize, Receipt); 4] = [
            (D, bent(receipt.chain.clone(), ReceiptState::Deleted)),
            (B, bent(receipt.chain.clone(), ReceiptState::Complete)),
            (B, bent(said.to_vec(), ReceiptState::Deleted)),
            (B, bent([said, own].concat(), ReceiptState::Deleted)),
        ];
        for (by, receipt) in cases {
            let (from, to) = (&scene.houses[by], &scene.houses[A]);
            let mail = from.letter(to, &from.header(to), &Body::Receipt(receipt));
            scene.village.deliver(&scene.houses[A], &mail);
            let refused = scene.village.sync(&mut scene.houses[A]).refused;
            assert_eq!(refused.len(), 1, "{case}");
            assert_eq!(scene.states(), states, "{case}");
        }
        scene.village.deliver(&scene.houses[A], &word);
        scene.settle();
        never_came(&mut scene, case);
    }
}
