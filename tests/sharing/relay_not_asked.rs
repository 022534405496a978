//! What a relay was to pass on does not get as far as the relay, for an identity ended: whoever shared it is told so, and can
//! send it straight where there is anything to send.

use crate::house::by_way::{B_TOO, Scene, shared};
use crate::house::identity::rekey;
use crate::house::passed::{A, B, C, D};
use testmail::{Reply, Times};

/// To whom it goes by way of `b`: with a grant that the relay makes, and with finished letters that it hands on.
const WAYS: [&[&str]; 2] = [&B_TOO, &["home-c@c.example", "home-d@d.example"]];

/// The provider of `a` takes nothing for now, and `a` looks.
fn stalled(scene: &mut Scene) {
    let faults = scene.village.server.faults();
    let of = faults.of(scene.houses[A].mailbox.as_str());
    of.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Always);
    scene.village.try_sync(&mut scene.houses[A]).expect("sync");
}

/// Both failed, and nothing was given there.
fn failed(scene: &Scene, case: &str) {
    for x in ["c", "d"] {
        assert_eq!(scene.state(x), "failed", "{x}: {case}");
        assert!(!scene.error(x).is_empty(), "{x}: {case}");
    }
    let sent = scene.houses[A].home.sent().expect("listed").remove(0);
    let wrong = sent.destinations.iter().filter(|to| to.goes_wrong).count();
    assert!(wrong >= 2, "they can be sent again: {case}");
}

#[test]
fn relay_that_ends_before_it_is_asked_passes_nothing_on_and_it_goes_straight() {
    for to in WAYS {
        let case = format!("{to:?}");
        let mut scene = shared(to, "display=1280");
        stalled(&mut scene);
        assert_eq!(scene.state("c"), "queued", "{case}");
        rekey(&mut scene.houses[B]);
        scene.pass(&[B]);
        scene.village.try_sync(&mut scene.houses[A]).expect("sync");
        failed(&scene, &case);
        scene.village.server.faults().clear();
        for house in &mut scene.houses {
            house.wait(3_600);
        }
        for x in ["c", "d"] {
            let at = format!("home-{x}@{x}.example").parse().expect("a mailbox");
            let (share, now) = (scene.share.clone(), scene.houses[A].clock());
            let again = scene.houses[A].home.resend(&share, Some(&at), now);
            again.unwrap_or_else(|fault| panic!("{case}: {fault}"));
        }
        scene.settle();
        assert!(scene.opens(C, "carol") && scene.opens(D, "dan"), "{case}");
        assert_eq!(scene.state("c"), "delivered", "{case}");
    }
}

#[test]
fn what_waits_for_a_relay_fails_where_the_own_identity_is_replaced_and_nothing_is_written_under_the_new_one()
 {
    for to in WAYS {
        let case = format!("{to:?}");
        let mut scene = shared(to, "display=1280");
        stalled(&mut scene);
        rekey(&mut scene.houses[A]);
        failed(&scene, &case);
        is_replaced(&mut scene, &case);
    }
}

#[test]
fn relay_that_did_not_pass_it_on_is_told_nothing_where_it_cannot_go_straight_either() {
    let mut scene = shared(WAYS[0], "display=1280");
    scene.allow(false);
    scene.pass(&[A, B, A]);
    assert_eq!(scene.state("d"), "failed");
    rekey(&mut scene.houses[A]);
    scene.pass(&[A]);
    is_replaced(&mut scene, "refused");
}

/// It cannot be sent again, and for whom it was is not spoken of to anybody.
fn is_replaced(scene: &mut Scene, case: &str) {
    let queued = scene.houses[A].queued();
    let at = "home-d@d.example".parse().expect("a mailbox");
    for to in [None, Some(&at)] {
        let (share, now) = (scene.share.clone(), scene.houses[A].clock());
        let fault = scene.houses[A].home.resend(&share, to, now);
        let fault = fault.expect_err("of the identity before");
        assert_eq!(fault.code, "replaced", "{case}");
        assert_eq!(scene.houses[A].queued(), queued, "{case}");
    }
}

#[test]
fn what_a_relay_may_still_pass_on_to_an_identity_that_ended_can_be_stopped() {
    for to in WAYS {
        let case = format!("{to:?}");
        let mut scene = shared(to, "display=1280");
        scene.pass(&[A]);
        rekey(&mut scene.houses[C]);
        scene.pass(&[C, A]);
        assert_eq!(scene.state("c"), "sent", "{case}");
        let sent = scene.houses[A].home.sent().expect("listed").remove(0);
        assert!(sent.destinations.iter().all(|to| !to.goes_wrong), "{case}");
        let share = scene.share.clone();
        let stopped = scene.houses[A].revoke(&share, Some("home-c@c.example"));
        stopped.unwrap_or_else(|fault| panic!("{case}: {fault}"));
        scene.pass(&[A, B]);
        let written = scene.written_to(B);
        let is_written = |to: &str| written.iter().any(|one| one == to);
        assert!(!is_written("home-c@c.example"), "{case}");
        assert!(is_written("home-d@d.example"), "{case}");
    }
}
