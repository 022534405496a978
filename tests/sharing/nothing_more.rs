//! What waits for a household that is to have nothing more does not go, whatever stands at its mailbox by then.

use crate::house::{House, Village, order, picture};
use hearthpost::album::{Contact, Keys};

/// `a` has shared something with `b`, and no pass was made since.
fn scene() -> (Village, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    village.take_mail(&b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 640, 480);
    let items = a.import(&[path]);
    a.share(&order(
        &[&items[0]],
        &["home-b+bob@b.example"],
        "display=640",
    ))
    .expect("recorded");
    (village, a, b)
}

#[test]
fn household_that_is_blocked_after_its_mailbox_moved_gets_nothing() {
    let (village, mut a, b) = scene();
    let contact = a.home.contact_at(&b.mailbox).expect("known");
    let moved = Contact {
        mailbox: "elsewhere@b.example".parse().expect("a mailbox"),
        blocked: true,
        ..contact
    };
    a.home
        .album
        .commit(|rows| rows.put_contact(&moved))
        .expect("noted");
    village.sync(&mut a);
    assert!(village.take_mail(&b).is_empty());
    assert_eq!(
        a.home.sent().expect("listed")[0].destinations[0].state,
        "failed"
    );
}

#[test]
fn identity_that_is_replaced_by_compared_words_gets_nothing_that_waits() {
    let (village, mut a, b) = scene();
    // Somebody new is heard at that mailbox, before a pass is made.
    let anew = Keys::generate("House b", &b.mailbox, a.now())
        .expect("keys")
        .identity;
    let now = a.now();
    a.home
        .album
        .commit(|rows| rows.put_contact(&Contact::stranger(anew.certificate(), now)))
        .expect("it wrote");
    a.home
        .verify_contact(&b.mailbox, &anew.fingerprint(), now)
        .expect("compared");
    village.sync(&mut a);
    // The new one is asked for its card, and that is all.
    assert_eq!(village.take_mail(&b).len(), 1);
}
