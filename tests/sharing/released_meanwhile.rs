//! Sealed parts that nobody needs are let go of, and at that very moment another program of the house gives them to
//! somebody: they go out, or nothing does.

use crate::house::{House, Village, order, picture};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::crash::meanwhile;
use hearthpost::sharing::{Fault, resend::Resent};

const B: &str = "home-b@b.example";
const C: &str = "home-c@c.example";

struct Scene {
    village: Village,
    a: House,
    c: House,
    share: String,
}

/// A picture that `a` shared with `b`, which has it; `a` has not read yet that it does, and `c` was given nothing.
fn scene() -> Scene {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let share = a.share(&order(&[&items[0]], &[B], "display=full"));
    let share = share.expect("recorded").share;
    village.sync(&mut a);
    village.sync(&mut b);
    Scene {
        village,
        a,
        c,
        share,
    }
}

fn gives(house: &mut House, share: &str) -> Result<(), Fault> {
    let given = house.forward(share, "ann", &[C], "display=full");
    given.map(drop)
}

impl Scene {
    /// At that point another program of `a` reads that `b` has all of it, and lets go of the parts.
    fn released_at(&self, point: &'static str) {
        let mut twin = self.a.twin();
        meanwhile(point, move || {
            twin.sync_alone();
            assert_eq!(twin.blobs().len(), 0, "nobody needed them");
        });
    }
}

#[test]
fn what_is_given_while_it_is_let_go_of_goes_out() {
    let mut s = scene();
    let (mut twin, share) = (s.a.twin(), s.share.clone());
    meanwhile("release.before_commit", move || {
        gives(&mut twin, &share).expect("all is here yet");
    });
    s.village.settle(&mut [&mut s.a, &mut s.c]);
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Complete);
    assert_eq!(
        s.a.blobs().len(),
        0,
        "and then it is let go of all the same"
    );
}

#[test]
fn what_was_let_go_of_meanwhile_is_not_given() {
    let mut s = scene();
    s.released_at("give.before_commit");
    let fault = gives(&mut s.a, &s.share).expect_err("gone");
    assert_eq!(fault.code, "parts_gone");
    assert_eq!(s.a.destinations(&s.share).len(), 1, "of `b` alone");
    assert_eq!(s.a.queued(), 0);
}

#[test]
fn what_was_let_go_of_meanwhile_is_not_sent_again() {
    let mut s = scene();
    s.released_at("resend.before_commit");
    let now = s.a.home.tick(&s.a.reading(), &[]).expect("time");
    let to = B.parse().expect("a mailbox");
    let again: Result<Resent, Fault> = s.a.home.resend(&s.share, Some(&to), now);
    assert_eq!(again.expect_err("gone").code, "parts_gone");
    assert_eq!(
        s.a.destinations(&s.share)[0].state,
        DestinationState::Delivered
    );
    assert_eq!(s.a.queued(), 0);
}
