//! What a relay passed on does not leave it: the mail server over there refuses it, or the relay is switched off. Who asked
//! hears of it, and can send it straight.

use crate::house::by_way::{B_TOO, Scene, shared};
use crate::house::passed::{A, C, D};
use testmail::{Faults, Reply, Times};

const C_HOME: &str = "home-c@c.example";

fn at_c(scene: &Scene, code: u16, text: &str) -> Faults {
    let faults = scene.village.server.faults();
    faults.smtp_rcpt(C_HOME, Reply::new(code, text), Times::Always);
    faults
}

#[test]
fn who_asked_hears_what_the_mail_server_over_there_refuses_and_sends_it_straight() {
    // A grant that the relay makes, and a finished letter that it hands on.
    for to in [&B_TOO[..], &B_TOO[1..]] {
        let mut scene = shared(to, "display=1280");
        let faults = at_c(&scene, 550, "5.1.1 no such user");
        scene.settle_with_refusals();
        assert_eq!(scene.state("c"), "failed", "{to:?}");
        assert_eq!(scene.state("d"), "delivered", "{to:?}");
        assert!(scene.opens(D, "dan"));
        faults.clear();
        let (share, now) = (scene.share.clone(), scene.houses[A].clock());
        let c = C_HOME.parse().expect("a mailbox");
        let again = scene.houses[A].home.resend(&share, Some(&c), now);
        again.unwrap_or_else(|fault| panic!("{to:?}: {fault}"));
        scene.settle();
        assert_eq!(scene.state("c"), "delivered", "{to:?}");
        assert!(scene.opens(C, "carol"), "{to:?}");
        // What the relay had announced went nowhere.
        let sent = scene.houses[A].home.sent().expect("listed").remove(0);
        let mut of_c = sent.copies.iter();
        assert!(of_c.all(
            |copy| copy.mailbox.as_ref().is_none_or(|at| at.as_str() != C_HOME) || copy.never_went
        ));
    }
}

#[test]
fn what_waits_to_leave_a_relay_that_is_switched_off_stays_there_and_who_asked_hears_of_it() {
    for to in [&B_TOO[..], &B_TOO[1..]] {
        let mut scene = shared(to, "display=1280");
        let faults = at_c(&scene, 451, "4.7.1 later");
        scene.settle_with_refusals();
        assert_eq!(scene.state("d"), "delivered", "{to:?}");
        scene.allow(false);
        faults.clear();
        for house in &mut scene.houses {
            house.wall += 7_200;
        }
        scene.settle_with_refusals();
        assert!(scene.houses[C].home.received().expect("listed").is_empty());
        assert_eq!(scene.state("c"), "failed", "{to:?}");
        assert_eq!(scene.state("d"), "delivered", "{to:?}");
    }
}
