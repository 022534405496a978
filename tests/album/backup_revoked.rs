//! What was taken back after a backup was made does not come back with it.

use crate::backups::{Scene, back_up, bring_back, scene, while_closed};
use crate::house::passed::{A, B, C, shared};
use crate::house::{Village, order, picture};
use hearthpost::album::ShareState;
use hearthpost::rules::Action;

#[test]
fn share_that_was_taken_back_since_is_not_revived_where_the_old_album_is_there() {
    let Scene {
        village,
        mut a,
        mut b,
    } = scene();
    let file = b.folder.join("b.backup");
    back_up(&mut b, &file);
    let share = a
        .home
        .album
        .rows()
        .shares()
        .expect("rows")
        .remove(0)
        .reference;
    a.revoke(&share, None).expect("taken back");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(b.share_named(&share).state, ShareState::Revoked);
    let (mut b, _) = while_closed(b, |house| bring_back(house, &file, true).expect("restored"));
    village.settle(&mut [&mut a, &mut b]);
    let item = b.items(&share).remove(0).reference;
    let seen = b.view(&item, "bob", Action::Display).map(drop);
    assert_eq!(seen.expect_err("it was taken back").code, "denied");
    assert!(b.blobs().is_empty());
}

#[test]
fn share_of_which_one_of_two_grants_was_taken_back_since_stays_by_the_other() {
    let village = Village::new("abc");
    let people = [("a", "ann"), ("b", "bob"), ("c", "carol")];
    let [mut a, mut b, mut c] = people.map(|(x, who)| village.house(x, &[who]));
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    village.introduce(&mut b, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let order = order(
        &[&items[0]],
        &["home-b@b.example", "home-c@c.example"],
        "display=200,forward=yes",
    );
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b, &mut c]);
    b.forward(&share, "bob", &["home-c+carol@c.example"], "display=100")
        .expect("passed on");
    village.settle(&mut [&mut a, &mut b, &mut c]);
    let file = c.folder.join("c.backup");
    back_up(&mut c, &file);
    b.revoke(&share, None).expect("taken back");
    village.settle(&mut [&mut a, &mut b, &mut c]);
    let before = c.visible();
    let (mut c, _) = while_closed(c, |house| bring_back(house, &file, true).expect("restored"));
    village.settle(&mut [&mut a, &mut b, &mut c]);
    assert_eq!(c.visible(), before);
    let item = c.items(&share).remove(0).reference;
    c.view(&item, "carol", Action::Display)
        .expect("by the other grant");
}

#[test]
fn share_that_waited_to_be_passed_on_does_not_go_out_once_it_was_taken_back() {
    let mut s = shared("display=full,store=full,forward=yes");
    s.settle();
    s.stall(B);
    s.houses[B]
        .forward(&s.share, "bea", &["home-c+carol@c.example"], "display=200")
        .expect("passed on");
    let file = s.houses[B].folder.join("b.backup");
    back_up(&mut s.houses[B], &file);
    s.houses[A].revoke(&s.share, None).expect("taken back");
    s.village.sync(&mut s.houses[A]);
    s.pass(B);
    let b = s.houses.remove(B);
    let (b, _) = while_closed(b, |house| bring_back(house, &file, true).expect("restored"));
    s.houses.insert(B, b);
    s.go_on(B);
    assert!(!s.waiting(C).contains(&"grant"), "{:?}", s.waiting(C));
    assert!(!s.waiting(C).contains(&"parts"));
}

#[test]
fn own_share_that_waited_does_not_go_out_once_it_was_taken_back() {
    let mut s = shared("display=full");
    s.stall(A);
    let file = s.houses[A].folder.join("a.backup");
    back_up(&mut s.houses[A], &file);
    s.houses[A].revoke(&s.share, None).expect("taken back");
    let a = s.houses.remove(A);
    let (a, _) = while_closed(a, |house| bring_back(house, &file, true).expect("restored"));
    s.houses.insert(A, a);
    s.go_on(A);
    assert!(!s.waiting(B).contains(&"grant"), "{:?}", s.waiting(B));
    assert_eq!(s.houses[A].share_named(&s.share).state, ShareState::Revoked);
    assert!(
        s.houses[A]
            .blobs()
            .iter()
            .all(|blob| !blob.to_string_lossy().contains("/parts/"))
    );
}
