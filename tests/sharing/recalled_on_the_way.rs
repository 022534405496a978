//! What is taken back while it is on its way: nothing of it goes out any more, and whatever order the mail comes in,
//! nothing of it stays.

use crate::house::passed::{A, B, C, D, Passed, passed_on, passed_on_with, shared};
use crate::house::returned::{group, id_of, postfix};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::envelope::Digest;
use hearthpost::message::{Body, PartRequest, ReceiptState};
use hearthpost::rules::{Action, parse_rules};
use hearthpost::sharing::forward::ForwardOrder;
use testmail::Times;

const TO_C: [&str; 1] = ["home-c+carol@c.example"];
const OPEN: &str = "display=full,store=full,forward=yes";

impl Passed {
    fn state(&self, n: usize) -> Option<ShareState> {
        let knows = self.houses[n].knows(&self.share);
        knows.then(|| self.houses[n].share_named(&self.share).state)
    }

    /// Nothing of it is there, and nobody gets anything.
    fn assert_gone(&mut self, n: usize, who: &str) {
        assert!(matches!(self.state(n), None | Some(ShareState::Revoked)));
        assert!(self.houses[n].blobs().is_empty());
        if self.houses[n].knows(&self.share) {
            for item in self.houses[n].items(&self.share) {
                let fault = self.houses[n].view(&item.reference, who, Action::Display);
                assert_eq!(fault.expect_err("gone").code, "denied");
            }
        }
    }
}

#[test]
fn what_waits_in_the_outbox_of_the_origin_does_not_go_out() {
    for partly in [false, true] {
        let mut s = shared(OPEN);
        if partly {
            // Letters pass, longer mails do not.
            let faults = s.village.server.faults();
            faults.smtp_cut_data(12_000, Times::Always);
            s.pass(A);
            assert!(s.waiting(B).contains(&"grant"));
        } else {
            s.stall(A);
            s.pass(A);
            assert_eq!(s.waiting(B), Vec::<&str>::new());
        }
        assert!(s.houses[A].queued() > 0);
        let before = s.waiting(B);
        s.houses[A].revoke(&s.share, None).expect("taken back");
        s.go_on(A);
        let after = s.waiting(B)[before.len()..].to_vec();
        // Who had got nothing is told nothing.
        assert_eq!(!after.is_empty(), partly, "{after:?}");
        assert!(after.iter().all(|kind| *kind == "revocation"), "{after:?}");
        s.settle();
        s.assert_gone(B, "bea");
        assert_eq!(s.houses[A].queued(), 0);
    }
}

#[test]
fn what_waits_in_the_outbox_of_a_forwarder_does_not_go_out() {
    let mut s = shared(OPEN);
    s.settle();
    s.houses[B]
        .forward(&s.share, "bea", &TO_C, "display=200")
        .expect("passed on");
    s.stall(B);
    s.pass(B);
    s.houses[A].revoke(&s.share, None).expect("taken back");
    s.village.sync(&mut s.houses[A]);
    // It reads the revocation while its own mail is stuck.
    s.pass(B);
    s.go_on(B);
    let came = s.waiting(C);
    assert!(came.iter().all(|kind| *kind == "revocation"), "{came:?}");
    s.settle();
    s.assert_gone(B, "bea");
    s.assert_gone(C, "carol");
}

/// `c` has asked the house `n` for all parts, and they wait there in the outbox.
fn asked_for(n: usize) -> Passed {
    let mut s = passed_on_with(|s| {
        // The origin keeps the parts for `d`, which is away.
        let rules = parse_rules("display=full,store=full").expect("rules");
        let order = ForwardOrder {
            share: s.share.clone(),
            stations: vec![(
                "home-d@d.example".parse().expect("an address"),
                rules.into(),
            )],
            yes: true,
            ..ForwardOrder::default()
        };
        s.houses[A].forward_order(order).expect("granted");
        s.village
            .server
            .faults()
            .of("home-d@d.example")
            .hold(Times::Always);
    });
    let share = s.houses[A].share_named(&s.share);
    let parts = s.houses[A].home.album.rows().parts(share.id).expect("rows");
    let body = Body::PartRequest(PartRequest {
        share: share.wire,
        origin: share.origin,
        parts: parts
            .iter()
            .map(|part| part.digest)
            .collect::<Vec<Digest>>(),
        chain: s.chain(C),
    });
    s.stall(n);
    s.write(C, n, &body);
    s.pass(n);
    assert!(s.houses[n].queued() > 0);
    s
}

#[test]
fn parts_that_were_asked_for_do_not_go_out_once_the_share_is_taken_back() {
    for (n, from) in [(A, None), (B, None), (B, Some("home-c@c.example"))] {
        let mut s = asked_for(n);
        s.houses[n].revoke(&s.share, from).expect("taken back");
        s.go_on(n);
        let came = s.waiting(C);
        assert!(!came.contains(&"parts"), "{n} {from:?}: {came:?}");
        s.settle();
        s.assert_gone(C, "carol");
    }
}

#[test]
fn parts_that_were_asked_for_do_not_go_out_once_the_origin_ends_that_copy() {
    let mut s = asked_for(A);
    s.houses[A]
        .revoke(&s.share, Some("home-c@c.example"))
        .expect("taken back");
    s.go_on(A);
    let came = s.waiting(C);
    assert!(!came.contains(&"parts"), "{came:?}");
}

#[test]
fn parts_that_were_asked_for_do_not_go_again_once_the_origin_ends_that_copy() {
    let mut s = asked_for(A);
    s.go_on(A);
    let sent = s.village.take_mail(&s.houses[C]);
    s.houses[A]
        .revoke(&s.share, Some("home-c@c.example"))
        .expect("taken back");
    // The mailbox was full, or somebody there says so.
    for mail in &sent {
        let full = group(
            "home-c@c.example",
            "failed",
            "5.2.2",
            "552 5.2.2 over quota",
        );
        let bounce = postfix(&full, &id_of(mail)).replace('\n', "\r\n");
        s.village.deliver(&s.houses[A], bounce.as_bytes());
    }
    s.village.sync(&mut s.houses[A]);
    s.village.take_mail(&s.houses[C]);
    s.houses[A].wait(86_400);
    s.village.sync(&mut s.houses[A]);
    let came = s.waiting(C);
    assert!(!came.contains(&"parts"), "{came:?}");
}

#[test]
fn parts_that_were_asked_for_do_not_go_out_once_a_revocation_comes_from_above() {
    let mut s = asked_for(B);
    s.houses[A].revoke(&s.share, None).expect("taken back");
    s.village.sync(&mut s.houses[A]);
    s.pass(B);
    s.go_on(B);
    let came = s.waiting(C);
    assert!(!came.contains(&"parts"), "{came:?}");
    s.settle();
    s.assert_gone(C, "carol");
}

#[test]
fn grant_parts_and_revocation_in_one_look_in_any_order() {
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let mut s = shared(OPEN);
        s.village.sync(&mut s.houses[A]);
        let mut mails = s.village.take_mail(&s.houses[B]);
        let grant = vec![mails.remove(0)];
        s.houses[A].revoke(&s.share, None).expect("taken back");
        s.village.sync(&mut s.houses[A]);
        let all = [grant, mails, s.village.take_mail(&s.houses[B])];
        for which in order {
            for mail in &all[which] {
                s.village.deliver(&s.houses[B], mail);
            }
        }
        let done = s.village.sync(&mut s.houses[B]);
        assert_eq!((done.refused.len(), done.notified), (0, 0), "{order:?}");
        s.assert_gone(B, "bea");
        s.settle();
        let at = s.houses[A].destinations(&s.share).remove(0);
        assert_eq!(at.state, DestinationState::Deleted, "{order:?}");
        // And all of it once more.
        for mail in all.iter().flatten() {
            s.village.deliver(&s.houses[B], mail);
        }
        s.village.sync(&mut s.houses[B]);
        s.assert_gone(B, "bea");
    }
}

#[test]
fn what_was_passed_on_and_taken_back_in_one_look_in_any_order() {
    for (by, order) in [(A, [0, 1]), (A, [1, 0]), (B, [0, 1]), (B, [1, 0])] {
        let mut s = shared(OPEN);
        s.settle();
        s.houses[B]
            .forward(&s.share, "bea", &TO_C, "display=200")
            .expect("passed on");
        s.village.sync(&mut s.houses[B]);
        let grant = s.village.take_mail(&s.houses[C]);
        let share = s.share.clone();
        s.houses[by].revoke(&share, None).expect("taken back");
        for n in [by, B] {
            s.village.sync(&mut s.houses[n]);
        }
        let all = [grant, s.village.take_mail(&s.houses[C])];
        assert!(!all[1].is_empty(), "{by}");
        for which in order {
            for mail in &all[which] {
                s.village.deliver(&s.houses[C], mail);
            }
        }
        let done = s.village.sync(&mut s.houses[C]);
        assert_eq!(
            (done.refused.len(), done.notified),
            (0, 0),
            "{by} {order:?}"
        );
        s.assert_gone(C, "carol");
        s.settle();
        let at = s.houses[B].destinations(&s.share).remove(0);
        assert_eq!(at.state, DestinationState::Deleted, "{by} {order:?}");
    }
}

#[test]
fn given_again_after_it_was_taken_back_it_is_there_again_until_it_is_taken_back_again() {
    let mut s = passed_on();
    s.houses[B].revoke(&s.share, None).expect("taken back");
    s.village.sync(&mut s.houses[B]);
    let old = s.village.inbox(&s.houses[C]).remove(0);
    s.settle();
    s.assert_gone(C, "carol");
    s.houses[B].wait(5);
    s.houses[B]
        .forward(&s.share, "bea", &TO_C, "display=100")
        .expect("passed on");
    s.settle();
    assert_eq!(s.state(C), Some(ShareState::Complete));
    // The old revocation comes again, and ends nothing.
    s.village.deliver(&s.houses[C], &old);
    s.village.sync(&mut s.houses[C]);
    assert_eq!(s.state(C), Some(ShareState::Complete));
    s.houses[B].wait(5);
    s.houses[B].revoke(&s.share, None).expect("taken back");
    s.settle();
    s.assert_gone(C, "carol");
}

#[test]
fn one_from_whom_it_was_taken_back_passes_nothing_on() {
    let mut s = passed_on();
    s.houses[B].revoke(&s.share, None).expect("taken back");
    s.houses[A]
        .revoke(&s.share, Some("home-b@b.example"))
        .expect("taken back");
    s.settle();
    let before = s.mailed(C);
    let again = s.houses[B].forward(&s.share, "bea", &TO_C, "display=100");
    assert_eq!(again.expect_err("over").code, "denied");
    s.settle();
    assert_eq!(s.mailed(C), before);
    s.assert_gone(C, "carol");
}

#[test]
fn nothing_goes_to_a_household_that_is_blocked_and_it_takes_nothing_from_whom_it_blocks() {
    let mut s = shared(OPEN);
    s.settle();
    let [b, c] = [B, C].map(|n| s.houses[n].mailbox.clone());
    s.houses[B].home.block_contact(&c, true).expect("blocked");
    let refused = s.houses[B].forward(&s.share, "bea", &TO_C, "display=100");
    assert_eq!(refused.expect_err("blocked").code, "blocked");
    s.houses[B].home.block_contact(&c, false).expect("let in");
    s.houses[C].home.block_contact(&b, true).expect("blocked");
    s.houses[B]
        .forward(&s.share, "bea", &TO_C, "display=100")
        .expect("passed on");
    s.village.sync(&mut s.houses[B]);
    let before = s.houses[C].visible();
    let done = s.village.sync(&mut s.houses[C]);
    assert_eq!(done.refused, ["a letter from a blocked household"]);
    assert_eq!((s.houses[C].visible(), s.houses[C].queued()), (before, 0));
    assert_eq!(
        s.village.receipts(&s.houses[B]),
        Vec::<(ReceiptState, _)>::new()
    );
}

#[test]
fn what_waits_in_the_outbox_does_not_go_to_a_household_that_was_blocked_meanwhile() {
    let mut s = shared(OPEN);
    s.stall(A);
    s.pass(A);
    let b = s.houses[B].mailbox.clone();
    s.houses[A].home.block_contact(&b, true).expect("blocked");
    s.go_on(A);
    assert_eq!(s.waiting(B), Vec::<&str>::new());
    assert_eq!(s.houses[A].queued(), 0);
    let at = s.houses[A].destinations(&s.share).remove(0);
    assert_eq!(at.state, DestinationState::Failed);
}

#[test]
fn given_again_against_the_origins_will_it_is_seen_and_ended_again_with_all_that_stands_above() {
    let mut s = passed_on();
    let c = Some("home-c@c.example");
    s.houses[A].revoke(&s.share, c).expect("taken back");
    s.settle();
    s.assert_gone(C, "carol");
    s.houses[B].wait(5);
    s.houses[B]
        .forward(&s.share, "bea", &TO_C, "display=100")
        .expect("passed on");
    s.settle();
    let copies = |s: &Passed| {
        let share = s.houses[A].share_named(&s.share);
        let rows = s.houses[A].home.album.rows();
        let copies = rows.onward_copies(share.id).expect("rows").into_iter();
        let mut states: Vec<_> = copies.map(|copy| copy.state.as_str()).collect();
        states.sort_unstable();
        states
    };
    assert_eq!(copies(&s), ["deleted", "forwarded"], "the origin sees it");
    s.houses[A]
        .revoke(&s.share, Some("home-b@b.example"))
        .expect("taken back");
    s.settle();
    s.assert_gone(B, "bea");
    s.assert_gone(C, "carol");
    assert_eq!(copies(&s), ["deleted", "deleted"]);
}

/// At rest, where `d` never says that it has its copy, so that the origin keeps the parts.
fn passed_on_and_kept() -> Passed {
    passed_on_with(|s| {
        let a = s.houses[A].mailbox.clone();
        s.houses[D].home.block_contact(&a, true).expect("blocked");
        give(s, "home-d+dan@d.example");
    })
}

/// The origin gives a household a copy of its own, whatever came by way of `b`.
fn give(s: &mut Passed, to: &str) {
    let order = ForwardOrder {
        share: s.share.clone(),
        to: vec![to.to_owned()],
        rules: Some(hearthpost::sharing::forward::narrow::Narrowing {
            rules: parse_rules("display=100").expect("rules"),
            says_what: true,
            ..hearthpost::sharing::forward::narrow::Narrowing::default()
        }),
        yes: true,
        ..ForwardOrder::default()
    };
    s.houses[A].wait(5);
    s.houses[A].forward_order(order).expect("given");
}

/// A day later the origin writes to `c` once more: the kinds of these letters.
fn told_again(s: &mut Passed) -> Vec<&'static str> {
    s.village.take_mail(&s.houses[C]);
    s.houses[A].wait(86_400);
    s.village.sync(&mut s.houses[A]);
    s.waiting(C)
}

#[test]
fn of_two_copies_of_one_household_the_end_of_one_says_nothing_of_the_other() {
    let mut s = passed_on_and_kept();
    give(&mut s, TO_C[0]);
    s.settle();
    let c = Some("home-c@c.example");
    s.houses[A].revoke(&s.share, c).expect("taken back");
    s.village.sync(&mut s.houses[A]);
    // The word of that is lost; the forwarder takes back its own.
    s.village.take_mail(&s.houses[C]);
    s.houses[B].revoke(&s.share, None).expect("taken back");
    s.village.sync(&mut s.houses[B]);
    s.village.sync(&mut s.houses[C]);
    assert_eq!(s.waiting(A), ["receipt"]);
    assert_eq!(s.state(C), Some(ShareState::Complete), "one is there yet");
    s.village.sync(&mut s.houses[A]);
    assert_eq!(told_again(&mut s), ["revocation"]);
    s.settle();
    s.assert_gone(C, "carol");
    assert_eq!(told_again(&mut s), Vec::<&str>::new());
}

#[test]
fn a_new_copy_says_nothing_of_the_one_that_came_by_another_way() {
    let mut s = passed_on_and_kept();
    let c = Some("home-c@c.example");
    s.houses[A].revoke(&s.share, c).expect("taken back");
    s.village.sync(&mut s.houses[A]);
    // The word is lost, also to the one who passed it on.
    s.village.take_mail(&s.houses[B]);
    s.village.take_mail(&s.houses[C]);
    give(&mut s, TO_C[0]);
    let all = |s: &mut Passed| {
        for n in [A, C, A] {
            s.village.sync(&mut s.houses[n]);
        }
    };
    all(&mut s);
    let to = |s: &Passed| {
        let given = s.houses[A].destinations(&s.share).into_iter();
        let mut to_c = given.filter(|at| at.contact == s.me(C));
        to_c.next().expect("given").state
    };
    assert_eq!(to(&s), DestinationState::Delivered);
    assert_eq!(told_again(&mut s), ["revocation"]);
    assert_eq!(told_again(&mut s), ["revocation"]);
    s.village.take_mail(&s.houses[C]);
    s.houses[A].revoke(&s.share, c).expect("taken back");
    all(&mut s);
    assert_eq!(to(&s), DestinationState::Deleted);
    // Now all of theirs was named.
    s.assert_gone(C, "carol");
    assert_eq!(told_again(&mut s), Vec::<&str>::new());
}
