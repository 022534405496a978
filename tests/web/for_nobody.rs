//! A share for somebody whom there is not: the keeper is told, nobody else is, and the sender learns nothing of who lives here.

use crate::house::{Village, order, picture};
use crate::site::Site;

#[test]
fn what_came_for_nobody_is_told_to_the_keeper_until_somebody_is_called_so() {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea"]),
    );
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let item = a.import(&[path]).remove(0);
    let mut order = order(&[&item], &["home-b+bertie@b.example"], "display=1280");
    order.title = "The <lake>".to_owned();
    a.share(&order).expect("recorded");
    village.settle(&mut [&mut a, &mut b]);

    let site = Site::of(&b);
    let mut bob = site.signed_in(&mut b, "bob");
    let mut bea = site.signed_in(&mut b, "bea");
    b.home
        .set_keeper(&"bob".parse().expect("a name"), true)
        .expect("the keeper");
    let words = "shared “The &lt;lake&gt;” with bertie, and nobody of this house is called so";
    let text = bob.get("/households").text();
    assert!(text.contains(words), "{text}");
    assert!(!bea.get("/households").text().contains("bertie"));
    assert_eq!(
        a.home.sent().expect("rows")[0].destinations[0].state,
        "delivered"
    );

    let mail = "bertie@b.example".parse().expect("an address");
    let (name, now) = ("bertie".parse().expect("a name"), b.now());
    b.home.add_person(name, mail, now).expect("added");
    assert!(!bob.get("/households").text().contains("bertie"));
    let mut bertie = site.signed_in(&mut b, "bertie");
    assert!(bertie.get("/received").text().contains("The &lt;lake&gt;"));
}
