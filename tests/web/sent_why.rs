//! The list of what is out says why something could not be sent, in a line; and where it may be there all the same, it can be
//! stopped.

use crate::house::identity::rekey;
use crate::house::{House, Village, order, picture};
use crate::site::Site;
use hearthpost::album::DestinationState;

/// A picture of Ann's house for the whole house B, not sent yet.
fn shared() -> (Village, House, House, String) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 32, 20);
    let item = a.import(&[path]).remove(0);
    let order = order(&[&item], &["home-b@b.example"], "display=full");
    let share = a.share(&order).expect("recorded").share;
    (village, a, b, share)
}

#[test]
fn what_could_not_be_sent_says_why_in_the_list() {
    let (_village, mut a, _b, share) = shared();
    let to = a.destinations(&share).remove(0).id;
    let (why, now) = ("no answer came from the mail server", a.now());
    let failed = DestinationState::Failed;
    let set = a
        .home
        .album
        .commit(|rows| rows.set_destination_state(to, failed, Some(why), now));
    set.expect("noted");
    let site = Site::of(&a);
    let mut ann = site.signed_in(&mut a, "ann");
    let page = ann.get("/sent").text();
    let (_, row) = page.split_once("Could not be sent").expect("a row");
    let row = row.split("</li>").next().expect("its end");
    assert!(row.contains(why), "{row}");
}

#[test]
fn what_went_to_an_identity_that_has_ended_since_can_be_stopped() {
    let (village, mut a, mut b, share) = shared();
    village.sync(&mut a);
    rekey(&mut b);
    village.sync(&mut b);
    village.sync(&mut a);
    let site = Site::of(&a);
    let mut ann = site.signed_in(&mut a, "ann");
    let page = format!("/sent/{share}");
    let text = ann.get(&page).text();
    assert!(text.contains("Could not be sent"), "{text}");
    assert!(text.contains("Stop sharing with House B"), "{text}");
    assert!(ann.get("/sent").text().contains(">Stop sharing<"));
    let from = ("from", ann.get(&page).hidden("from"));
    ann.post(&format!("{page}/stop"), &[(from.0, &from.1)]);
    let text = ann.get(&page).text();
    assert!(!text.contains("Stop sharing with House B"), "{text}");
    assert!(!text.contains("Could not be sent"), "{text}");
}
