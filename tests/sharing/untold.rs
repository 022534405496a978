//! What is taken back before anything of it left the house has gone nowhere: it is withdrawn, nobody is told anything, and that
//! is what is said. What may have left is told as ever.

use crate::house::passed::{A, B, C, Passed, shared};
use hearthpost::album::ShareState;
use hearthpost::sharing::forward::ForwardOrder;
use hearthpost::sharing::forward::narrow::Narrowing;
use testmail::{Reply, Times};

const OPEN: &str = "display=full,store=full,forward=yes";
const B_HOME: &str = "home-b@b.example";
const C_HOME: &str = "home-c@c.example";

/// How a household stands in the list of what `n` gave: state, and whether nothing had gone there.
fn stands(s: &Passed, n: usize, at: &str) -> (&'static str, bool) {
    let sent = s.houses[n].home.sent().expect("listed").remove(0);
    let mut to = sent.destinations.into_iter();
    let found = to.find(|one| one.mailbox.as_str() == at).expect("listed");
    (found.state, found.never_went)
}

/// All that `n` has to send goes, on each of three days.
fn days_go_by(s: &mut Passed, n: usize) {
    for _ in 0..3 {
        s.go_on(n);
    }
}

fn order_to(share: &str, to: &str, rules: &str) -> ForwardOrder {
    ForwardOrder {
        share: share.to_owned(),
        to: vec![to.to_owned()],
        rules: Some(Narrowing {
            rules: hearthpost::rules::parse_rules(rules).expect("rules"),
            says_what: true,
            ..Narrowing::default()
        }),
        yes: true,
        ..ForwardOrder::default()
    }
}

fn gives(s: &mut Passed, to: &str, rules: &str) {
    let order = order_to(&s.share.clone(), to, rules);
    s.houses[A].forward_order(order).expect("given");
}

fn revoke(s: &mut Passed, n: usize, from: Option<&str>) -> Vec<String> {
    let share = s.share.clone();
    s.houses[n]
        .revoke(&share, from)
        .expect("taken back")
        .households
}

#[test]
fn nothing_goes_out_of_what_had_not_left_the_house() {
    for from in [None, Some(B_HOME)] {
        for tried in [false, true] {
            let mut s = shared(OPEN);
            if tried {
                s.stall(A);
                s.pass(A);
            }
            assert!(s.houses[A].queued() > 0);
            assert_eq!(revoke(&mut s, A, from), Vec::<String>::new());
            assert_eq!(stands(&s, A, B_HOME), ("revoked", true), "{from:?}");
            days_go_by(&mut s, A);
            assert_eq!(s.mailed(B), (0, 0), "{from:?} {tried}");
            assert_eq!(stands(&s, A, B_HOME), ("revoked", true), "{from:?}");
        }
    }
}

#[test]
fn what_the_provider_refused_had_not_left_the_house() {
    let mut s = shared(OPEN);
    let faults = s.village.server.faults();
    let none = Reply::new(550, "5.1.1 no such mailbox");
    faults.smtp_rcpt(B_HOME, none, Times::Always);
    s.pass(A);
    assert_eq!(stands(&s, A, B_HOME), ("failed", false));
    assert_eq!(revoke(&mut s, A, None), Vec::<String>::new());
    days_go_by(&mut s, A);
    assert_eq!(s.mailed(B), (1, 0), "the letter that was refused");
    assert_eq!(stands(&s, A, B_HOME), ("revoked", true));
}

#[test]
fn what_may_have_left_is_told() {
    for lost in ["the answer", "the message"] {
        let mut s = shared(OPEN);
        let faults = s.village.server.faults();
        match lost {
            "the answer" => faults.smtp_lose_answer(Times::Next(1)),
            _ => faults.smtp_lose_message(Times::Next(1)),
        }
        s.pass(A);
        // What is said of the last try is another thing.
        s.houses[A].wait(3_600);
        s.stall(A);
        s.pass(A);
        assert_eq!(revoke(&mut s, A, None), [B_HOME], "{lost}");
        assert_eq!(stands(&s, A, B_HOME), ("revoked", false), "{lost}");
        s.go_on(A);
        assert!(s.waiting(B).contains(&"revocation"), "{lost}");
    }
}

#[test]
fn a_letter_without_its_pictures_has_left() {
    let mut s = shared(OPEN);
    // Letters pass, longer mails do not.
    s.village
        .server
        .faults()
        .smtp_cut_data(12_000, Times::Always);
    s.pass(A);
    assert!(s.waiting(B).contains(&"grant") && s.houses[A].queued() > 0);
    assert_eq!(revoke(&mut s, A, None), [B_HOME]);
    s.go_on(A);
    s.settle();
    assert_eq!(stands(&s, A, B_HOME), ("deleted", false));
}

#[test]
fn of_two_households_the_one_that_was_served_is_told() {
    let mut s = shared(OPEN);
    gives(&mut s, C_HOME, "display=full");
    let faults = s.village.server.faults();
    let later = Reply::new(451, "4.3.0 try again later");
    faults.smtp_rcpt(C_HOME, later, Times::Always);
    s.pass(A);
    assert_eq!(stands(&s, A, B_HOME).0, "sent");
    assert_eq!(revoke(&mut s, A, None), [B_HOME]);
    let went = s.mailed(C);
    days_go_by(&mut s, A);
    assert_eq!(s.mailed(C), went);
    assert_eq!(stands(&s, A, C_HOME), ("revoked", true));
    s.settle();
    assert_eq!(stands(&s, A, B_HOME), ("deleted", false));
}

#[test]
fn of_two_households_one_is_withdrawn_and_the_other_gets_all() {
    let mut s = shared(OPEN);
    gives(&mut s, C_HOME, "display=full,store=full");
    assert_eq!(revoke(&mut s, A, Some(C_HOME)), Vec::<String>::new());
    s.settle();
    assert_eq!(s.mailed(C), (0, 0));
    assert_eq!(stands(&s, A, B_HOME), ("delivered", false));
    assert_eq!(stands(&s, A, C_HOME), ("revoked", true));
    // What nobody needed is not kept: it cannot be given there any more.
    s.houses[A].wait(5);
    let given = order_to(&s.share.clone(), C_HOME, "display=full");
    let fault = s.houses[A].forward_order(given).expect_err("not kept");
    assert_eq!(fault.code, "parts_gone");
}

#[test]
fn what_is_given_again_after_it_was_withdrawn_goes() {
    let mut s = shared(OPEN);
    gives(&mut s, C_HOME, "display=full");
    revoke(&mut s, A, Some(C_HOME));
    s.houses[A].wait(5);
    gives(&mut s, C_HOME, "display=full");
    assert_eq!(stands(&s, A, C_HOME), ("queued", false));
    s.settle();
    assert_eq!(stands(&s, A, C_HOME), ("delivered", false));
    assert_eq!(revoke(&mut s, A, Some(C_HOME)), [C_HOME]);
    s.settle();
    assert_eq!(stands(&s, A, C_HOME), ("deleted", false));
}

#[test]
fn less_than_before_and_then_nothing_is_told_to_nobody() {
    let mut s = shared(OPEN);
    s.houses[A].wait(5);
    gives(&mut s, "home-b+bea@b.example", "display=320");
    assert_eq!(revoke(&mut s, A, None), Vec::<String>::new());
    days_go_by(&mut s, A);
    assert_eq!(s.mailed(B), (0, 0));
    assert_eq!(stands(&s, A, B_HOME), ("revoked", true));
}

#[test]
fn what_was_given_before_is_told_and_its_end_is_believed() {
    for from in [None, Some(B_HOME)] {
        let mut s = shared("display=320");
        s.settle();
        s.houses[A].wait(5);
        gives(&mut s, "home-b+bea@b.example", "display=320,print=320");
        s.stall(A);
        s.pass(A);
        assert_eq!(revoke(&mut s, A, from), [B_HOME], "{from:?}");
        assert_eq!(stands(&s, A, B_HOME), ("revoked", false), "{from:?}");
        s.village.take_mail(&s.houses[B]);
        s.go_on(A);
        let told = s.waiting(B);
        assert!(told.iter().all(|kind| *kind == "revocation"), "{told:?}");
        s.settle();
        assert_eq!(s.houses[B].share_named(&s.share).state, ShareState::Revoked);
        assert_eq!(stands(&s, A, B_HOME), ("deleted", false), "{from:?}");
        let before = s.mailed(B).0;
        days_go_by(&mut s, A);
        assert_eq!(s.mailed(B).0, before, "{from:?}");
    }
}

#[test]
fn copy_that_somebody_passed_on_and_that_had_not_left_is_withdrawn() {
    for by in [A, B] {
        let mut s = shared(OPEN);
        s.settle();
        let to = ["home-c+carol@c.example"];
        let share = s.share.clone();
        s.houses[B]
            .forward(&share, "bea", &to, "display=200")
            .expect("passed on");
        s.stall(B);
        s.pass(B);
        revoke(&mut s, by, None);
        s.village.server.faults().clear();
        s.village.sync(&mut s.houses[A]);
        s.stall(B);
        s.pass(B);
        assert_eq!(stands(&s, B, C_HOME), ("revoked", true), "{by}");
        s.go_on(B);
        assert_eq!(s.waiting(C), Vec::<&str>::new(), "{by}");
        assert_eq!(stands(&s, B, C_HOME), ("revoked", true), "{by}");
    }
}
