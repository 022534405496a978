//! What those get who are not known, and that many of them stop nobody.

use crate::house::state::contact;
use crate::house::stranger::{asks, certificates, long, mailbox, shared};
use crate::house::{Village, order, picture};
use hearthpost::album::{DestinationState, ShareState, Trust};
use hearthpost::envelope::{Digest, Id, Identity};
use hearthpost::message::{Body, CardRequest, PartRequest};

#[test]
fn stranger_is_answered_once_a_day_with_certificates_alone() {
    let village = Village::new("ab");
    let mut a = village.house("a", &["ann"]);
    let now = a.now();
    let other = Identity::generate("Mallory", &mailbox("home-b@b.example"), now).expect("keys");
    let answers = |village: &Village| village.server.messages("home-b@b.example", "INBOX").len();
    for _ in 0..3 {
        let mail = asks(&other, &a);
        village.deliver(&a, &mail);
        village.sync(&mut a);
        assert_eq!(answers(&village), 1);
    }
    a.wait(86_400);
    let mail = asks(&other, &a);
    village.deliver(&a, &mail);
    village.sync(&mut a);
    assert_eq!(answers(&village), 2);
}

#[test]
fn grant_of_a_stranger_waits_unseen_and_is_taken_once_the_keeper_accepts() {
    let village = Village::new("bc");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    shared(&village, &c, &b);
    let done = village.sync(&mut b);
    // Bob is told nothing: he does not keep the house.
    assert_eq!(
        (done.ingested, done.refused.len(), done.notified),
        (0, 0, 0)
    );
    assert!(b.home.album.rows().shares().expect("rows").is_empty());
    assert_eq!(b.blobs().len(), 0);
    assert_eq!(village.inbox(&b).len(), 2, "it waits in the mailbox");
    assert_eq!(b.queued(), 0, "nobody learns that it came");
    let known = contact(&b, "home-c@c.example").expect("a contact request");
    assert_eq!((known.trust, known.accepted), (Trust::Pending, false));
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    village.sync(&mut b);
    let shares = b.home.album.rows().shares().expect("rows");
    assert_eq!(shares[0].state, ShareState::Complete);
    assert_eq!(village.inbox(&b).len(), 0);
}

#[test]
fn who_waited_to_be_accepted_learns_that_it_was_refused_once_it_can_be_written_to() {
    let village = Village::new("bc");
    let (mut b, mut c) = (village.house("b", &["bob"]), village.house("c", &["cid"]));
    let card = b.home.own_card_pem().expect("a card");
    let now = c.now();
    let added = c.home.add_contact_file(&b.mailbox, card.as_bytes(), now);
    added.expect("added");
    let path = c.folder.join("lake.jpg");
    picture(&path, 60, 40);
    let items = c.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], "display=full");
    let share = c.share(&order).expect("recorded").share;
    b.home.config.limits.quota_total = 1;
    village.sync(&mut c);
    village.sync(&mut b);
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    // Of who is accepted no certificate is known yet: it is asked for, and the refusal waits for it.
    village.sync(&mut b);
    assert_eq!(c.destinations(&share)[0].state, DestinationState::Sent);
    village.settle(&mut [&mut c, &mut b]);
    assert_eq!(c.destinations(&share)[0].state, DestinationState::Refused);
    assert!(b.home.album.rows().shares().expect("rows").is_empty());
    assert_eq!(
        village.sync(&mut b).refused.len(),
        0,
        "and is judged no more"
    );
}

#[test]
fn who_is_forgotten_does_not_come_back_by_what_waits_to_be_answered() {
    let village = Village::new("bc");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    b.home.config.limits.quota_total = 1;
    shared(&village, &c, &b);
    village.sync(&mut b);
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    village.sync(&mut b);
    b.home.remove_contact(&c.mailbox, now).expect("forgotten");
    village.sync(&mut b);
    assert!(contact(&b, "home-c@c.example").is_none());
}

#[test]
fn who_is_forgotten_does_not_come_back_by_what_waits_but_by_what_is_written_next() {
    let village = Village::new("bc");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    shared(&village, &c, &b);
    village.sync(&mut b);
    b.home
        .remove_contact(&c.mailbox, b.time())
        .expect("forgotten");
    village.sync(&mut b);
    assert!(contact(&b, "home-c@c.example").is_none());
    assert!(b.home.album.rows().shares().expect("rows").is_empty());
    b.wait(86_400);
    shared(&village, &c, &b);
    village.sync(&mut b);
    let known = contact(&b, "home-c@c.example").expect("a contact request");
    assert!(!known.accepted);
}

#[test]
fn three_hundred_strangers_at_once_cost_little_and_stop_nobody() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let now = b.now();
    for n in 0..300 {
        let at = format!("stranger{n}@s.example");
        let other = Identity::generate("\u{1b}[2J\u{202e}Mallory", &mailbox(&at), now);
        let mail = asks(&other.expect("keys"), &b);
        village.deliver(&b, &mail);
    }
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], "display=1280");
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    let contacts = b.home.contacts().expect("rows");
    let waiting = contacts.iter().filter(|contact| !contact.accepted).count();
    assert!(waiting <= 100, "{waiting} wait");
    for contact in &contacts {
        assert!(!contact.name.chars().any(char::is_control));
        assert!(!contact.name.contains('\u{202e}'));
    }
    let cards = village.server.transactions();
    let cards = cards
        .iter()
        .filter(|t| {
            t.recipients
                .iter()
                .any(|(to, _)| to.ends_with("@s.example"))
        })
        .count();
    assert_eq!(cards, 20, "cards a day");
}

#[test]
fn long_letters_of_strangers_wait_for_another_day_and_short_ones_still_get_through() {
    let village = Village::new("ab");
    let mut b = village.house("b", &["bob"]);
    let now = b.now();
    let mallory = Identity::generate("Mallory", &mailbox("mallory@s.example"), now).expect("keys");
    for _ in 0..10 {
        village.deliver(&b, &long(&mallory, &b));
    }
    let honest = Identity::generate("Carol", &mailbox("home-c@c.example"), now).expect("keys");
    village.deliver(&b, &asks(&honest, &b));
    let done = village.sync(&mut b);
    assert!(contact(&b, "home-c@c.example").is_some());
    // The rest is neither judged nor forgotten.
    let (looked_at, waiting) = (done.refused.len(), 10 - done.refused.len());
    assert!((5..10).contains(&looked_at), "{looked_at}");
    b.wait(86_400);
    assert_eq!(village.sync(&mut b).refused.len(), waiting);
    assert_eq!(village.sync(&mut b).fetched, 0);
}

#[test]
fn first_stranger_of_many_letters_is_not_turned_away() {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    let c = village.house("c", &[]);
    village.introduce(&mut a, &mut b);
    shared(&village, &c, &b);
    for _ in 0..120 {
        let header = a.header(&b);
        let body = Body::CardRequest(CardRequest {
            mailbox: a.mailbox.clone(),
            certificates: certificates(a.identity(), a.time()),
            nonce: Id::random(),
        });
        village.deliver(&b, &a.letter(&b, &header, &body));
    }
    village.sync(&mut b);
    assert!(contact(&b, "home-c@c.example").is_some());
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    village.sync(&mut b);
    assert_eq!(b.home.album.rows().shares().expect("rows").len(), 1);
}

#[test]
fn other_letters_of_a_stranger_keep_no_place_from_those_who_ask_to_be_known() {
    let village = Village::new("bcd");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    let d = village.house("d", &[]);
    for _ in 0..110 {
        let body = Body::PartRequest(PartRequest {
            share: Id::random(),
            origin: d.home.me(),
            parts: vec![Digest::of(b"x")],
            chain: Vec::new(),
        });
        village.deliver(&b, &d.letter(&b, &d.header(&b), &body));
    }
    village.sync(&mut b);
    shared(&village, &c, &b);
    village.sync(&mut b);
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    village.sync(&mut b);
    assert_eq!(b.home.album.rows().shares().expect("rows").len(), 1);
}
