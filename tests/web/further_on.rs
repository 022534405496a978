//! A copy that others passed on: seen on the page of whoever shared it, by whom, and ended from there alone.

use crate::house::{Village, order, picture};
use crate::site::Site;
use hearthpost::rules::Action;

const C: &str = "home-c@c.example";

#[test]
fn a_copy_further_on_is_ended_from_the_page_and_what_it_came_from_stays() {
    let village = Village::new("abc");
    let mut a = village.house("a", &["ann"]);
    let mut b = village.house("b", &["bob"]);
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    village.introduce(&mut b, &mut c);
    let paths = ["lake.jpg", "hut.jpg"].map(|name| {
        let path = a.folder.join(name);
        picture(&path, 300 + u32::from(name == "hut.jpg"), 200);
        path
    });
    let items = a.import(&paths);
    let items: Vec<_> = items.iter().collect();
    let rules = "display=1280,forward=yes";
    let shared = a.share(&order(&items, &["home-b+bob@b.example"], rules));
    let share = shared.expect("recorded").share;
    village.settle(&mut [&mut a, &mut b]);
    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    let there = b.items(&share);
    let path = format!("/received/{share}/pass-on");
    // One of the two goes on.
    let mut form = vec![
        ("item", there[0].reference.as_str()),
        ("to", C),
        ("look", "yes"),
    ];
    let page = bob.press(&path, &form).text();
    let (_, rest) = page
        .split_once("name=\"checked\" value=\"")
        .expect("what was checked");
    let checked = rest.split('"').next().expect("its value");
    form.extend([("checked", checked), ("do", "send")]);
    let done = bob.press(&path, &form);
    assert_eq!(done.status, 303, "{}", done.text());
    assert!(bob.get("/sent").text().contains("1 picture"), "of two");
    village.settle(&mut [&mut b, &mut c, &mut a]);

    let site = Site::of(&a);
    let mut ann = site.signed_in(&mut a, "ann");
    let page = format!("/sent/{share}");
    let text = ann.get(&page).text();
    assert!(text.contains("Passed on by House B."), "{text}");
    let who = c.home.me().to_string();
    assert!(
        text.contains(&format!("name=\"from\" value=\"{who}\"")),
        "{text}"
    );
    let stopped = ann.post(&format!("{page}/stop"), &[("from", &who)]);
    assert_eq!(stopped.status, 303, "{}", stopped.text());
    village.settle(&mut [&mut a, &mut c, &mut b]);
    village.settle(&mut [&mut a]);
    assert!(ann.get(&page).text().contains("deleted there, they say"));
    let item = c.items(&share).remove(0).reference;
    assert!(c.view(&item, "carol", Action::Display).is_err());
    let item = &there[1].reference;
    b.view(item, "bob", Action::Display).expect("his stays");
    assert!(!ann.get(&page).text().contains(&who), "once is enough");
}
