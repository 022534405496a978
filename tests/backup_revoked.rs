//! What was taken back after a backup was made does not come back with it.

mod backups;
mod house;

use backups::{Scene, back_up, bring_back, scene, while_closed};
use hearthpost::album::ShareState;
use hearthpost::rules::Action;
use house::{Village, order, picture};

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
