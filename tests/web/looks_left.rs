//! How often something may still be looked at is said of all that is counted, a sound as a picture.

use crate::house::{Village, order};
use crate::site::Site;
use hearthpost::rules::Action;

#[test]
fn what_is_played_is_counted_in_words_too() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("mill.wav");
    let sound = include_bytes!("../fixtures/sounds/mill.wav");
    std::fs::write(&path, sound).expect("a file");
    let items = a.import(&[path]);
    let rules = "display=full,excerpt=yes,views=2";
    let mut order = order(&[&items[0]], &["home-b+bob@b.example"], rules);
    order.excerpt = "2s".parse().expect("lengths");
    let share = a.share(&order).expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    let page = format!("/received/{share}");
    let before = bob.get(&page).text();
    assert!(before.contains("mill.wav<br>2 looks left"), "{before}");
    let item = b.items(&share).remove(0).reference;
    b.view(&item, "bob", Action::Display).expect("heard");
    let after = bob.get(&page).text();
    assert!(after.contains("mill.wav<br>One look left"), "{after}");
}
