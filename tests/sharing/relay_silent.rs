//! A relay that never comes back: after 30 days it stands so, who shared it is told once, and it can be sent again, straight.
//! A word that comes later counts.

use crate::house::by_way::{B_TOO, Scene, shared};
use crate::house::passed::{A, B, C, D};
use hearthpost::config::Role;
use hearthpost::sharing::accounts::Password;

const C_HOME: &str = "home-c@c.example";
const D_HOME: &str = "home-d@d.example";
const DAY: u64 = 86_400;
const NOT_ANSWERED: &str = "not confirmed: the household that was to pass it on did not answer for 30 days; send it again, and it goes straight";
const NOT_CONFIRMED: &str = "not confirmed for 30 days, though the household that was to pass it on answered; send it again, and it goes straight";

/// To whom it goes by way of `b`, and what `b` is: with a copy of its own, without one, and without people.
const WAYS: [(&[&str], Role); 3] = [
    (&B_TOO, Role::Home),
    (&[C_HOME, D_HOME], Role::Home),
    (&[C_HOME, D_HOME], Role::Relay),
];

/// It went to `b`; Ann keeps the house of `a`.
fn scene((to, role): (&[&str], Role)) -> Scene {
    let mut scene = shared(to, "display=1280,store=1280");
    scene.houses[B].home.config.role = role;
    let (a, ann) = (&mut scene.houses[A], "ann".parse().expect("a station"));
    let (now, password) = (a.now(), Password::new("correct horse battery".to_owned()));
    let set = a.home.set_password(&ann, &password, now);
    set.expect("a password");
    a.home.set_keeper(&ann, true).expect("a keeper");
    scene.pass(&[A]);
    assert_eq!(scene.state("c"), "sent");
    scene
}

/// So many days go by, with a pass of `a` at the end of each.
fn days(scene: &mut Scene, days: u64) {
    for _ in 0..days {
        for house in &mut scene.houses {
            house.wait(DAY);
        }
        scene.pass(&[A]);
    }
}

/// What the people of `a` were told of it.
fn told(scene: &Scene) -> Vec<String> {
    let mails = scene.village.server.messages("people@p.example", "INBOX");
    let texts = mails.iter().map(|mail| {
        let text = String::from_utf8_lossy(&mail.bytes).replace("=\r\n", "");
        text.replace("\r\n ", " ")
    });
    texts.filter(|text| text.contains("confirmed")).collect()
}

fn resend(scene: &mut Scene) -> usize {
    let (share, now) = (scene.share.clone(), scene.houses[A].clock());
    let again = scene.houses[A].home.resend(&share, None, now);
    again.expect("sent again").households.len()
}

#[test]
fn relay_that_never_comes_back_is_waited_for_so_long() {
    for way in WAYS {
        let case = format!("{way:?}");
        let mut scene = scene(way);
        days(&mut scene, 29);
        assert_eq!(scene.state("c"), "sent", "{case}");
        assert_eq!(told(&scene).len(), 0, "{case}");
        days(&mut scene, 2);
        for x in ["c", "d"] {
            assert_eq!(scene.state(x), "failed", "{x}: {case}");
            assert_eq!(scene.error(x), NOT_ANSWERED, "{x}: {case}");
        }
        days(&mut scene, 3);
        let said = told(&scene);
        assert_eq!(said.len(), 1, "once: {case}");
        let subject = "Subject: 2 households have not confirmed what went by way of others";
        assert!(said[0].contains(subject), "{}", said[0]);
        // It goes straight, to them alone.
        assert_eq!(resend(&mut scene), 2, "{case}");
        scene.pass(&[A, C, D, A]);
        scene.pass(&[C, D, A]);
        for (n, person, x) in [(C, "carol", "c"), (D, "dan", "d")] {
            assert_eq!(scene.state(x), "delivered", "{x}: {case}");
            assert!(scene.opens(n, person), "{case}");
        }
        days(&mut scene, 31);
        assert_eq!(told(&scene).len(), 1, "{case}");
    }
}

#[test]
fn word_that_comes_later_counts() {
    for way in WAYS {
        let case = format!("{way:?}");
        let mut scene = scene(way);
        days(&mut scene, 31);
        assert_eq!(scene.state("c"), "failed", "{case}");
        scene.pass(&[B, A]);
        let passed = if way.0.len() == 3 { "sent" } else { "failed" };
        assert_eq!(scene.state("c"), passed, "{case}");
        scene.settle();
        for (n, person, x) in [(C, "carol", "c"), (D, "dan", "d")] {
            assert_eq!(scene.state(x), "delivered", "{x}: {case}");
            assert!(scene.opens(n, person), "{case}");
        }
    }
}

#[test]
fn who_answered_and_of_whom_nothing_came_is_told_apart() {
    let mut scene = scene(WAYS[2]);
    scene.pass(&[B]);
    days(&mut scene, 31);
    for x in ["c", "d"] {
        assert_eq!(scene.state(x), "failed", "{x}");
        assert_eq!(scene.error(x), NOT_CONFIRMED, "{x}");
    }
    // It was handed on all the same.
    scene.pass(&[C, D, A]);
    assert_eq!(scene.state("c"), "delivered");
    assert!(scene.opens(C, "carol"));
}

#[test]
fn what_was_taken_back_from_a_silent_relay_ends_as_well() {
    let mut scene = scene(WAYS[0]);
    let share = scene.share.clone();
    let back = scene.houses[A].revoke(&share, Some("home-b@b.example"));
    back.expect("taken back");
    days(&mut scene, 31);
    assert_eq!(scene.state("b"), "revoked");
    assert_eq!(scene.state("c"), "failed");
    assert_eq!(scene.error("c"), NOT_ANSWERED);
}
