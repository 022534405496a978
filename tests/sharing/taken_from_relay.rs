//! A share is taken back from the household by way of which it goes to others: that ends what it has itself. What it had not
//! passed on says so, and goes straight once it is sent again; who only carries has nothing that could be taken back.

use crate::house::by_way::{B_TOO, Scene, shared, village};
use crate::house::passed::{A, B, C, D};
use crate::house::{House, order, picture};
use hearthpost::config::Role;
use hearthpost::sharing::Fault;
use hearthpost::sharing::resend::Resent;
use hearthpost::sharing::revoke::Revoked;
use testmail::{Reply, Times};

const B_HOME: &str = "home-b@b.example";
const C_HOME: &str = "home-c@c.example";
const D_HOME: &str = "home-d@d.example";
const NOT_PASSED_ON: &str = "not passed on: it was taken back from the household that was to pass it on; send it again, and it goes straight";

/// Shared with `b` too: it makes the grants of the others.
fn made_there() -> Scene {
    shared(&B_TOO, "display=1280,store=1280")
}

/// Shared with `b` too: the others are to have more, so that it only hands on their letters.
fn sealed() -> Scene {
    let mut scene = village();
    let path = scene.houses[A].folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = scene.houses[A].import(&[path]);
    let mut order = order(&[&items[0]], &[B_HOME], "display=320");
    let more = hearthpost::rules::parse_rules("display=full,store=full").expect("rules");
    let whole = |at: &str| (at.parse().expect("an address"), more.clone());
    order.stations = vec![whole(C_HOME), whole(D_HOME)];
    order.relay_via = Some(scene.houses[B].mailbox.clone());
    scene.share = scene.houses[A].share(&order).expect("recorded").share;
    scene
}

type Case = (&'static str, fn() -> Scene);

const SCENES: [Case; 2] = [("made there", made_there), ("sealed", sealed)];

fn take_back(scene: &mut Scene, from: &str) -> Result<Revoked, Fault> {
    let share = scene.share.clone();
    scene.houses[A].revoke(&share, Some(from))
}

fn resend(scene: &mut Scene, to: Option<&str>) -> Result<Resent, Fault> {
    let (share, now) = (scene.share.clone(), scene.houses[A].clock());
    let to = to.map(|to| to.parse().expect("a mailbox"));
    scene.houses[A].home.resend(&share, to.as_ref(), now)
}

fn has_nothing(house: &House) -> bool {
    house.home.received().expect("listed").is_empty() && house.blobs().is_empty()
}

/// The provider takes nothing of a house for now.
fn stall(scene: &Scene, n: usize) {
    let faults = scene.village.server.faults();
    let of = faults.of(scene.houses[n].mailbox.as_str());
    of.smtp_mail(Reply::new(451, "4.3.0 try again later"), Times::Always);
}

fn goes_on(scene: &mut Scene) {
    scene.village.server.faults().clear();
    for house in &mut scene.houses {
        house.wait(86_400);
    }
    scene.settle();
}

/// The others have nothing, it says why, and it goes to them straight.
fn not_passed_on(scene: &mut Scene, case: &str) {
    for (n, x) in [(C, "c"), (D, "d")] {
        assert_eq!(scene.state(x), "failed", "{x}: {case}");
        assert_eq!(scene.error(x), NOT_PASSED_ON, "{x}: {case}");
        assert!(has_nothing(&scene.houses[n]), "{x}: {case}");
    }
    let again = resend(scene, None).expect("sent again").households;
    assert_eq!(again.len(), 2, "{case}");
    scene.settle();
    for (n, person, x) in [(C, "carol", "c"), (D, "dan", "d")] {
        assert_eq!(scene.state(x), "delivered", "{x}: {case}");
        assert!(scene.opens(n, person), "{x}: {case}");
        assert_eq!(scene.chain(n).len(), 1, "straight from the origin: {case}");
    }
    assert_ne!(scene.state("b"), "delivered", "{case}");
    assert!(scene.houses[B].blobs().is_empty(), "{case}");
    // That can be taken back as what went straight.
    let back = take_back(scene, C_HOME).expect("taken back");
    assert_eq!(back.households, [C_HOME], "{case}");
    scene.settle();
    assert_eq!(scene.state("c"), "deleted", "{case}");
    assert_eq!(scene.state("d"), "delivered", "{case}");
}

#[test]
fn what_had_not_left_for_the_relay_is_not_passed_on() {
    for (case, scene) in SCENES {
        let mut scene = scene();
        stall(&scene, A);
        scene.village.try_sync(&mut scene.houses[A]).expect("sync");
        let back = take_back(&mut scene, B_HOME).expect("taken back");
        assert_eq!(back.households, Vec::<String>::new(), "{case}");
        assert_eq!(back.not_passed_on, [C_HOME, D_HOME], "{case}");
        assert_eq!(scene.state("b"), "untold", "{case}");
        goes_on(&mut scene);
        not_passed_on(&mut scene, case);
    }
}

#[test]
fn what_the_relay_had_not_passed_on_says_so() {
    for (case, scene) in SCENES {
        for looked in [false, true] {
            let case = format!("{case}, it had looked: {looked}");
            let mut scene = scene();
            scene.pass(&[A]);
            if looked {
                // What it passes on waits in its outbox.
                stall(&scene, B);
                scene.village.try_sync(&mut scene.houses[B]).expect("sync");
                assert!(scene.houses[B].queued() > 0, "{case}");
            }
            let back = take_back(&mut scene, B_HOME).expect("taken back");
            assert_eq!(back.households, [B_HOME], "{case}");
            assert_eq!(back.not_passed_on, [C_HOME, D_HOME], "{case}");
            // It may have passed it on by now: that is not known yet.
            assert_eq!(scene.state("c"), "sent", "{case}");
            scene.village.try_sync(&mut scene.houses[A]).expect("sync");
            scene.village.try_sync(&mut scene.houses[B]).expect("sync");
            goes_on(&mut scene);
            assert_eq!(scene.state("b"), "deleted", "{case}");
            if looked && case.starts_with("made there") {
                assert_eq!((scene.state("c"), scene.state("d")), ("untold", "untold"));
                // The word of a grant that it had made ends that as well; then it says that nothing of it had left.
                assert!(has_nothing(&scene.houses[C]) && has_nothing(&scene.houses[D]));
                continue;
            }
            not_passed_on(&mut scene, &case);
        }
    }
}

#[test]
fn what_the_relay_had_passed_on_sealed_is_theirs() {
    let mut scene = sealed();
    scene.pass(&[A, B]);
    let back = take_back(&mut scene, B_HOME).expect("taken back");
    assert_eq!(back.not_passed_on, [C_HOME, D_HOME], "no word of it yet");
    scene.settle();
    assert_eq!(scene.state("b"), "deleted");
    for (n, person, x) in [(C, "carol", "c"), (D, "dan", "d")] {
        assert_eq!(scene.state(x), "delivered", "{x}");
        assert!(scene.opens(n, person), "{x}");
    }
    // Once they have it, nothing is to be said of them.
    let mut scene = sealed();
    scene.settle();
    let back = take_back(&mut scene, B_HOME).expect("taken back");
    assert_eq!(back.households, [B_HOME]);
    assert_eq!(back.not_passed_on, Vec::<String>::new());
    scene.settle();
    assert!(scene.opens(C, "carol"));
}

#[test]
fn what_stands_on_the_grant_of_the_relay_ends_with_it() {
    let mut scene = made_there();
    scene.settle();
    let back = take_back(&mut scene, B_HOME).expect("taken back");
    let mut asked = back.households;
    asked.sort();
    assert_eq!(asked, B_TOO);
    assert_eq!(back.not_passed_on, Vec::<String>::new());
    scene.settle();
    for x in ["b", "c", "d"] {
        assert_eq!(scene.state(x), "deleted", "{x}");
    }
}

#[test]
fn who_only_carries_has_nothing_to_take_back() {
    for role in [Role::Home, Role::Relay] {
        let mut scene = shared(&[C_HOME, D_HOME], "display=1280");
        scene.houses[B].home.config.role = role;
        scene.pass(&[A]);
        let fault = take_back(&mut scene, B_HOME).expect_err("it has no copy");
        assert_eq!(fault.code, "only_carries", "{fault}");
        assert!(fault.usage, "{fault}");
        assert!(fault.message.contains(C_HOME), "{fault}");
        scene.settle();
        assert!(scene.opens(C, "carol") && scene.opens(D, "dan"), "{role:?}");
        let fault = take_back(&mut scene, B_HOME).expect_err("it has forgotten it");
        assert_eq!(fault.code, "no_copy", "{fault}");
    }
}
