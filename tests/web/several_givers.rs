//! What two people of the house passed on to one household, in their browsers and in that of who keeps the house.

use crate::house::{House, Village, order, picture};
use crate::site::Site;
use hearthpost::album::ShareState;

#[test]
fn each_sees_and_stops_their_own_and_who_keeps_the_house_sees_whose_it_is() {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bea", "bob", "kim"]);
    let mut c = village.house("c", &["carol", "carl"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    let open = "display=1280,forward=yes";
    let share = a.share(&order(&[&items[0]], &["home-b@b.example"], open));
    let share = share.expect("recorded").share;
    let settle = |all: &mut [&mut House]| village.settle(all);
    settle(&mut [&mut a, &mut b]);
    let site = Site::of(&b);
    // The first one keeps the house.
    let [mut kim, mut bea, mut bob] = ["kim", "bea", "bob"].map(|who| site.signed_in(&mut b, who));
    for (person, to, rules) in [
        ("bea", "home-c+carol@c.example", "display=640"),
        ("bob", "home-c+carl@c.example", "display=320"),
    ] {
        let passed = b.forward(&share, person, &[to], rules);
        passed.expect("passed on");
        b.wait(5);
        settle(&mut [&mut b, &mut c]);
    }
    let page = format!("/sent/{share}");
    let [hers, his, all] = [&mut bea, &mut bob, &mut kim].map(|who| who.get(&page).text());
    assert!(hers.contains("carol") && !hers.contains("carl"), "{hers}");
    assert!(his.contains("carl") && !his.contains("carol"), "{his}");
    assert!(!hers.contains("Passed on by") && !his.contains("Passed on by"));
    for by in ["Passed on by bea.", "Passed on by bob."] {
        assert!(all.contains(by), "{all}");
    }

    let stop = format!("{page}/stop");
    let stopped = bob.post(&stop, &[("from", "home-c@c.example")]);
    assert!(stopped.header("location").starts_with(&page));
    settle(&mut [&mut b, &mut c]);
    assert_eq!(c.share_named(&share).state, ShareState::Complete);
    let [hers, his] = [&mut bea, &mut bob].map(|who| who.get(&page).text());
    assert!(hers.contains("Stop sharing with House C"), "{hers}");
    assert!(!his.contains("Stop sharing with House C"), "{his}");
}
