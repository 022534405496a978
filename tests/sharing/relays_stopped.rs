//! What a relay was asked is taken back before it got there: it is stopped, by who asked it alone, and nothing else is.

use crate::house::by_way::{
    B_TOO, Scene, give_anew, settle_without_d, shared, take_back_from_c, village,
};
use crate::house::passed::{A, B, C, D};
use crate::house::{order, picture};
use hearthpost::album::DestinationState;
use hearthpost::config::Role;
use hearthpost::message::{Body, ReceiptState};
use testmail::{Reply, Times};

/// What `a` sent to `b` before it took the share back from `c`, and what it sends then: letter, parts, and word.
fn taken_back_from_c(to: &[&str], scene: &mut Scene) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
    scene.pass(&[A]);
    let asked = scene.village.take_mail(&scene.houses[B]);
    let share = scene.share.clone();
    let back = scene.houses[A].revoke(&share, Some("home-c@c.example"));
    assert_eq!(back.expect("taken back").households, ["home-c@c.example"]);
    scene.pass(&[A]);
    let word = scene.village.take_mail(&scene.houses[B]);
    assert_eq!(word.len(), 1, "{to:?}");
    (asked, word)
}

fn only_d_got_it(scene: &mut Scene, case: &str) {
    scene.settle();
    let written = scene.written_to(B);
    assert!(!written.contains(&"home-c@c.example".to_owned()), "{case}");
    assert!(scene.houses[C].home.received().expect("listed").is_empty());
    assert!(scene.houses[C].blobs().is_empty(), "{case}");
    assert!(scene.opens(D, "dan"), "{case}");
    let states = (scene.state("c"), scene.state("d"));
    assert_eq!(states, ("untold", "delivered"), "{case}");
}

#[test]
fn relay_that_still_waits_passes_nothing_on_to_a_household_that_is_to_lose_it() {
    for (to, role) in [
        (&B_TOO[..], Role::Home),
        (&B_TOO[1..], Role::Home),
        (&B_TOO[1..], Role::Relay),
    ] {
        for order in ["word late", "word early", "word between"] {
            let case = format!("{to:?} {role:?} {order}");
            let mut scene = shared(to, "display=1280,store=1280");
            scene.houses[B].home.config.role = role;
            let (asked, word) = taken_back_from_c(to, &mut scene);
            let steps: [&[Vec<u8>]; 3] = match order {
                "word late" => [&asked[..1], &word, &asked[1..]],
                "word early" => [&word, &asked[..1], &asked[1..]],
                _ => [&asked[..1], &asked[1..2], &word],
            };
            for mails in steps {
                for mail in mails {
                    scene.village.deliver(&scene.houses[B], mail);
                }
                scene.pass(&[B]);
            }
            for mail in &asked[1..] {
                scene.village.deliver(&scene.houses[B], mail);
            }
            only_d_got_it(&mut scene, &case);
        }
    }
}

#[test]
fn relay_that_is_to_pass_on_to_nobody_any_more_forgets_what_it_carries() {
    let mut scene = shared(&B_TOO[1..2], "display=1280");
    let (asked, word) = taken_back_from_c(&B_TOO[1..2], &mut scene);
    for mail in asked.iter().chain(&word) {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.settle();
    assert_eq!((scene.state("b"), scene.state("c")), ("deleted", "untold"));
    assert!(scene.houses[B].blobs().is_empty());
    let written = scene.written_to(B);
    assert_eq!(written, ["home-a@a.example"]);
}

#[test]
fn who_only_carries_and_has_forgotten_it_carries_it_once_more() {
    for taken_back in [false, true] {
        let mut scene = village();
        let path = scene.houses[A].folder.join("lake.jpg");
        picture(&path, 640, 400);
        let items = scene.houses[A].import(&[path]);
        let straight = order(&[&items[0]], &B_TOO[2..], "display=1280");
        scene.share = scene.houses[A].share(&straight).expect("recorded").share;
        for time in ["first", "second"] {
            let case = format!("{taken_back} {time}");
            give_anew(&mut scene);
            settle_without_d(&mut scene);
            assert_eq!(scene.state("c"), "delivered", "{case}");
            assert!(scene.opens(C, "carol"), "{case}");
            assert_eq!(scene.state("b"), "deleted", "{case}");
            assert!(scene.houses[B].blobs().is_empty(), "{case}");
            if taken_back && time == "first" {
                take_back_from_c(&mut scene);
            }
        }
    }
}

#[test]
fn what_is_given_anew_by_way_of_a_relay_is_not_stopped_by_the_word_before_it() {
    for order in ["as sent", "word last"] {
        let mut scene = shared(&B_TOO[1..], "display=1280");
        let (asked, word) = taken_back_from_c(&B_TOO[1..], &mut scene);
        give_anew(&mut scene);
        scene.pass(&[A]);
        let anew = scene.village.take_mail(&scene.houses[B]);
        let mails: Vec<_> = match order {
            "as sent" => asked.iter().chain(&word).chain(&anew).collect(),
            _ => asked.iter().chain(&anew).chain(&word).collect(),
        };
        for mail in mails {
            scene.village.deliver(&scene.houses[B], mail);
        }
        scene.settle();
        assert!(scene.opens(C, "carol"), "{order}");
        assert!(scene.opens(D, "dan"), "{order}");
        assert_eq!(scene.state("c"), "delivered", "{order}");
    }
}

#[test]
fn what_somebody_of_the_relay_passed_on_goes_though_what_was_asked_is_stopped() {
    let mut scene = shared(&B_TOO, "display=1280,forward=yes");
    let (before, rest) = scene.houses.split_at_mut(C);
    scene.village.introduce(&mut before[B], &mut rest[0]);
    scene.pass(&[A]);
    // Its provider takes nothing for now.
    let (faults, b) = (
        scene.village.server.faults(),
        scene.houses[B].mailbox.clone(),
    );
    let of = faults.of(b.as_str());
    of.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Always);
    scene.village.try_sync(&mut scene.houses[B]).expect("sync");
    let share = scene.share.clone();
    let to = ["home-c+carol@c.example"];
    let passed = scene.houses[B].forward(&share, "bea", &to, "display=640");
    passed.expect("passed on");
    let back = scene.houses[A].revoke(&share, Some("home-c@c.example"));
    back.expect("taken back");
    scene.pass(&[A]);
    scene.village.try_sync(&mut scene.houses[B]).expect("sync");
    scene.village.server.faults().clear();
    scene.houses[B].wait(86_400);
    scene.pass(&[B]);
    assert_eq!(
        scene.houses[B].destinations(&share)[0].state,
        DestinationState::Sent
    );
    let mails = scene.village.inbox(&scene.houses[C]);
    let is_letter = |mail: &&Vec<u8>| !String::from_utf8_lossy(mail).contains("Hearthpost: parts");
    let letters = mails.iter().filter(is_letter);
    let c = &scene.houses[C];
    let grants: Vec<_> = letters
        .filter(|mail| c.read(mail).body.kind() == "grant")
        .collect();
    assert_eq!(grants.len(), 1, "hers, and not what was asked for");
    let grant = c.read_grant(grants[0]);
    assert_eq!(grant.grant.stations[0].name.as_str(), "carol");
    assert!(mails.len() > 1, "with its parts");
}

#[test]
fn another_household_cannot_stop_what_the_origin_asked() {
    let mut scene = shared(&B_TOO, "display=1280");
    let (asked, word) = taken_back_from_c(&B_TOO, &mut scene);
    let (before, rest) = scene.houses.split_at_mut(D);
    scene.village.introduce(&mut before[B], &mut rest[0]);
    let d = scene.houses[D].mailbox.clone();
    let now = scene.houses[B].now();
    scene.houses[B].home.let_relay(&d, true, now).expect("let");
    // The same permit, shown by somebody else who may use the relay.
    let (b, d) = (&scene.houses[B], &scene.houses[D]);
    let mail = d.letter(b, &d.header(b), &b.read(&word[0]).body);
    scene.village.deliver(&scene.houses[B], &mail);
    scene.pass(&[B]);
    for mail in &asked {
        scene.village.deliver(&scene.houses[B], mail);
    }
    scene.pass(&[B]);
    assert!(
        scene.written_to(B).contains(&"home-c@c.example".to_owned()),
        "it was passed on all the same"
    );
}

/// What `b` was asked waits there: for its parts, or in the outbox, for its provider takes nothing.
fn waits_at_b(to: &[&str], in_outbox: bool) -> (Scene, Vec<Vec<u8>>) {
    let mut scene = shared(to, "display=1280");
    scene.pass(&[A]);
    let mut asked = scene.village.take_mail(&scene.houses[B]);
    if in_outbox {
        for mail in asked.drain(..) {
            scene.village.deliver(&scene.houses[B], &mail);
        }
        let faults = scene.village.server.faults();
        let of = faults.of(scene.houses[B].mailbox.as_str());
        of.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Always);
    } else {
        scene.village.deliver(&scene.houses[B], &asked.remove(0));
    }
    scene.village.try_sync(&mut scene.houses[B]).expect("sync");
    (scene, asked)
}

/// The rest comes, and mail goes again; gives how many words about what goes nowhere `a` got.
fn goes_on(scene: &mut Scene, rest: &[Vec<u8>]) -> usize {
    scene.village.server.faults().clear();
    for mail in rest {
        scene.village.deliver(&scene.houses[B], mail);
    }
    for house in &mut scene.houses {
        house.wait(7_200);
    }
    scene.village.take_mail(&scene.houses[A]);
    scene.pass(&[B]);
    let mails = scene.village.inbox(&scene.houses[A]);
    let is_word = |mail: &&Vec<u8>| match scene.houses[A].read(mail).body {
        Body::Receipt(receipt) => receipt.state == ReceiptState::Deleted,
        _ => false,
    };
    let words = mails.iter().filter(is_word).count();
    scene.pass(&[B, A, C, D, A]);
    let written = scene.written_to(B);
    for (n, at) in [(C, "home-c@c.example"), (D, "home-d@d.example")] {
        assert!(!written.contains(&at.to_owned()), "{at}");
        assert!(scene.houses[n].home.received().expect("listed").is_empty());
    }
    words
}

#[test]
fn nothing_is_passed_on_for_a_household_that_is_blocked_and_it_is_told_nothing() {
    for to in [&B_TOO[..], &B_TOO[1..]] {
        for in_outbox in [false, true] {
            let case = format!("{to:?}, in the outbox: {in_outbox}");
            let (mut scene, rest) = waits_at_b(to, in_outbox);
            let a = scene.houses[A].mailbox.clone();
            let blocked = scene.houses[B].home.block_contact(&a, true);
            blocked.expect("blocked");
            assert_eq!(goes_on(&mut scene, &rest), 0, "{case}");
            assert_ne!(scene.state("c"), "delivered", "{case}");
            // Nor once it is let in again.
            let again = scene.houses[B].home.block_contact(&a, false);
            again.expect("let in");
            scene.settle();
            let written = scene.written_to(B);
            assert!(!written.contains(&"home-c@c.example".to_owned()), "{case}");
        }
    }
}

#[test]
fn nothing_is_passed_on_for_a_household_that_is_forgotten_and_it_is_told_so() {
    for to in [&B_TOO[..], &B_TOO[1..]] {
        for in_outbox in [false, true] {
            let case = format!("{to:?}, in the outbox: {in_outbox}");
            let (mut scene, rest) = waits_at_b(to, in_outbox);
            let (a, now) = (scene.houses[A].mailbox.clone(), scene.houses[B].now());
            let removed = scene.houses[B].home.remove_contact(&a, now);
            removed.expect("forgotten");
            assert_eq!(goes_on(&mut scene, &rest), 2, "{case}");
            for x in ["c", "d"] {
                assert_eq!(scene.state(x), "failed", "{x}: {case}");
                assert!(scene.error(x).contains("did not do so"), "{x}: {case}");
            }
        }
    }
}

#[test]
fn of_what_left_in_part_for_a_household_that_is_blocked_the_rest_stays_and_the_origin_gives_it() {
    for to in [&B_TOO[..], &B_TOO[1..]] {
        let mut scene = shared(to, "display=1280");
        scene.pass(&[A]);
        // Letters pass, longer mails do not.
        let faults = scene.village.server.faults();
        let of = faults.of(scene.houses[B].mailbox.as_str());
        of.smtp_cut_data(24_000, Times::Always);
        scene.village.try_sync(&mut scene.houses[B]).expect("sync");
        let a = scene.houses[A].mailbox.clone();
        let blocked = scene.houses[B].home.block_contact(&a, true);
        blocked.expect("blocked");
        scene.village.server.faults().clear();
        scene.pass(&[C]);
        for house in &mut scene.houses {
            house.wait(86_400);
        }
        scene.pass(&[B, C]);
        let at_c = |scene: &Scene| scene.houses[C].home.received().expect("listed")[0].state;
        assert_eq!(at_c(&scene), "arriving", "{to:?}");
        for _ in 0..4 {
            for house in &mut scene.houses {
                house.wait(86_400);
            }
            scene.pass(&[C, A, C]);
        }
        assert_eq!(at_c(&scene), "complete", "{to:?}");
    }
}
