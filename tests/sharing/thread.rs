//! The thread: a photo travels from household A to household B by mail, and B's people see only what the rules allow.

use crate::house::{Village, order, picture};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::rules::Action;

#[test]
fn a_picture_travels_and_each_person_gets_what_the_rules_allow() {
    let village = Village::new("ab");
    let (mut a, mut b) = (
        village.house("a", &["ann"]),
        village.house("b", &["bob", "bea"]),
    );
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    let original = picture(&path, 2400, 1600);
    let items = a.import(&[path]);
    let mut order = order(&[&items[0]], &["home-b+bob@b.example"], "display=1280");
    let bea = hearthpost::rules::parse_rules("display=full,store=full").expect("rules");
    order
        .stations
        .push(("home-b+bea@b.example".parse().expect("address"), bea));
    order.title = "Summer".to_owned();
    let recorded = a.share(&order).expect("recorded");
    assert_eq!(recorded.destinations[0].state, DestinationState::Queued);
    village.sync(&mut a);
    for message in village.server.messages("home-b@b.example", "INBOX") {
        for secret in ["lake.jpg", "Summer", "home-b+bob", "\"stations\""] {
            let found = message
                .bytes
                .windows(secret.len())
                .any(|w| w == secret.as_bytes());
            assert!(!found, "the provider reads {secret}");
        }
    }
    let done = village.sync(&mut b);
    assert_eq!(done.notified, 2);
    assert_eq!(done.refused, Vec::<String>::new());
    assert!(
        village
            .server
            .messages("home-b@b.example", "INBOX")
            .is_empty(),
        "own mail is removed"
    );
    assert_eq!(
        village.server.messages("people@p.example", "INBOX").len(),
        2
    );
    let share = b
        .home
        .album
        .rows()
        .share(&recorded.share)
        .expect("rows")
        .expect("the same short name");
    assert_eq!(share.state, ShareState::Complete);
    assert_eq!(share.title, "Summer");
    let item = b
        .home
        .album
        .rows()
        .share_items(share.id)
        .expect("rows")
        .remove(0);
    assert_eq!(item.name.as_deref(), Some("lake.jpg"));

    let (viewed, _) = b
        .view(&item.reference, "bob", Action::Display)
        .expect("bob looks");
    assert_eq!((viewed.width, viewed.height), (Some(1280), Some(853)));
    let denied = b
        .view(&item.reference, "bob", Action::Store)
        .expect_err("bob may not keep");
    assert_eq!(denied.code, "denied");
    let (_, kept) = b
        .view(&item.reference, "bea", Action::Store)
        .expect("bea keeps");
    assert!(kept == original, "bit for bit");

    village.sync(&mut a);
    let own = a
        .home
        .album
        .rows()
        .share(&recorded.share)
        .expect("rows")
        .expect("known");
    let destination = a
        .home
        .album
        .rows()
        .destinations(own.id)
        .expect("rows")
        .remove(0);
    assert_eq!(destination.state, DestinationState::Delivered);
}
