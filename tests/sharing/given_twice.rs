//! Two programs of a house give the same household something of the same share at once, send it again, or take it back:
//! nothing of what one did is undone by the other.

use crate::house::{House, Village, order, picture};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::crash::meanwhile;
use testmail::{Reply, Times};

const CAROL: &str = "home-c+carol@c.example";
const CARL: &str = "home-c+carl@c.example";
const C: &str = "home-c@c.example";

struct Scene {
    village: Village,
    a: House,
    c: House,
    share: String,
}

/// A picture that `a` shared with carol of `c`, and that lies in its outbox.
fn scene() -> Scene {
    let village = Village::new("ac");
    let (mut a, mut c) = (
        village.house("a", &["ann"]),
        village.house("c", &["carol", "carl"]),
    );
    village.introduce(&mut a, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let share = a.share(&order(&[&items[0]], &[CAROL], "display=full"));
    Scene {
        share: share.expect("recorded").share,
        village,
        a,
        c,
    }
}

impl Scene {
    /// At that point another program of `a` does something.
    fn at(&self, point: &'static str, what: impl FnOnce(&mut House, &str) + 'static) {
        let (mut twin, share) = (self.a.twin(), self.share.clone());
        meanwhile(point, move || what(&mut twin, &share));
    }

    fn gives(&mut self, to: &str) -> Result<(), &'static str> {
        let given = self.a.forward(&self.share, "ann", &[to], "display=full");
        given.map(drop).map_err(|fault| fault.code)
    }

    /// Who of `c` was given something, as `a` has it.
    fn given(&self) -> Vec<String> {
        let stations = self.a.destinations(&self.share).remove(0).stations;
        let mut names: Vec<String> = stations.iter().map(|one| one.name.to_string()).collect();
        names.sort();
        names
    }
}

fn give_carl(house: &mut House, share: &str) {
    let given = house.forward(share, "ann", &[CARL], "display=full");
    given.expect("given");
}

fn take_back(house: &mut House, share: &str) {
    house.revoke(share, Some(C)).expect("taken back");
}

#[test]
fn what_another_program_gave_meanwhile_stays_given() {
    let mut s = scene();
    s.at("give.before_commit", give_carl);
    let again = "home-c+everyone@c.example";
    assert_eq!(s.gives(again), Err("busy"));
    assert_eq!(s.given(), ["carl", "carol"]);
    assert_eq!(s.gives(again), Ok(()));
    assert_eq!(s.given(), ["carl", "carol", "everyone"]);
}

#[test]
fn what_was_taken_back_meanwhile_does_not_come_along_with_something_new() {
    let mut s = scene();
    s.at("give.before_commit", take_back);
    assert_eq!(s.gives(CARL), Err("busy"));
    assert_eq!(
        s.a.destinations(&s.share)[0].state,
        DestinationState::Revoked
    );
    assert_eq!(s.gives(CARL), Ok(()));
    assert_eq!(s.given(), ["carl"], "and not carol");
}

#[test]
fn what_is_sent_again_does_not_undo_what_was_given_meanwhile() {
    let mut s = scene();
    let refused = Reply::new(550, "5.7.1 not today");
    s.village
        .server
        .faults()
        .smtp_rcpt(C, refused, Times::Next(1));
    s.village.sync(&mut s.a);
    assert_eq!(
        s.a.destinations(&s.share)[0].state,
        DestinationState::Failed
    );
    s.at("resend.before_commit", |twin, share| {
        for to in [CAROL, CARL] {
            let given = twin.forward(share, "ann", &[to], "display=full");
            given.expect("given");
        }
    });
    let now = s.a.home.tick(&s.a.reading(), &[]).expect("time");
    let again = s.a.home.resend(&s.share, None, now).expect("it goes");
    assert_eq!(again.households.len(), 1);
    assert_eq!(s.given(), ["carl", "carol"]);
    s.village.settle(&mut [&mut s.a, &mut s.c]);
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Complete);
}

#[test]
fn what_is_given_anew_meanwhile_is_not_half_taken_back() {
    let mut s = scene();
    s.at("revoke.before_commit", give_carl);
    let fault = s.a.revoke(&s.share, Some(C)).expect_err("given anew");
    assert_eq!(fault.code, "busy");
    s.village.settle(&mut [&mut s.a, &mut s.c]);
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Complete);
    s.a.revoke(&s.share, Some(C)).expect("taken back");
    s.village.settle(&mut [&mut s.a, &mut s.c]);
    assert_eq!(s.c.share_named(&s.share).state, ShareState::Revoked);
    assert_eq!(
        s.a.destinations(&s.share)[0].state,
        DestinationState::Deleted
    );
}
