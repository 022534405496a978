//! Numbers, times and addresses that another household writes into otherwise honest letters: none of them stops the next
//! pass, and none moves what it should not.

use crate::house;
use crate::house::forge::{Handmade, OpenGrant};
use crate::house::{House, Village};
use hearthpost::album::ShareState;
use hearthpost::encoding::{Integer, Timestamp};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, CardLetter};
use hearthpost::rules::{Action, Tier};

fn two_houses() -> (Village, House, House) {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    (village, a, b)
}

/// A share of one small file with this `about`, in the INBOX of `b`.
fn deliver_share(village: &Village, a: &House, b: &House, about: &str, rules: &str) {
    let tiers = [
        (Tier::Original, b"hello".as_slice()),
        (Tier::About, about.as_bytes()),
    ];
    let made = Handmade::new(a, &tiers, |_, truth| truth);
    let grant = OpenGrant::of(&made, a, b, rules);
    village.deliver(b, &grant.mail(a, b));
    village.deliver(b, &made.mail(a));
}

fn about(width: &str) -> String {
    format!(
        r#"{{"name":"a.txt","media_type":null,"caption":null,"taken":null,"width":{width},"height":1,"duration_ms":null,"goes_with":null}}"#
    )
}

#[test]
fn a_picture_wider_than_any_is_kept_without_its_width() {
    let (village, a, mut b) = two_houses();
    for width in ["4294967296", "9007199254740991"] {
        deliver_share(&village, &a, &b, &about(width), "store=full");
        village.sync(&mut b);
    }
    let shares = b.home.album.rows().shares().expect("rows");
    assert_eq!(shares.len(), 2);
    for share in &shares {
        assert_eq!(share.state, ShareState::Complete);
        let item = b
            .home
            .album
            .rows()
            .share_items(share.id)
            .expect("rows")
            .remove(0);
        assert_eq!((item.width, item.height), (None, Some(1)));
    }
    village.sync(&mut b);
    assert_eq!(b.home.received().expect("listed").len(), 2);
}

#[test]
fn a_period_beyond_the_year_9999_is_shown_and_kept() {
    let (village, a, mut b) = two_houses();
    deliver_share(&village, &a, &b, &about("1"), "store=full,period=P3000000D");
    village.sync(&mut b);
    let listed = b.home.received().expect("listed");
    assert_eq!(listed.len(), 1);
    let share = b.home.album.rows().shares().expect("rows").remove(0);
    let item = b
        .home
        .album
        .rows()
        .share_items(share.id)
        .expect("rows")
        .remove(0);
    let (_, kept) = b.view(&item.reference, "bob", Action::Store).expect("kept");
    assert_eq!(kept, b"hello");
}

/// A card of `b` that names `mailbox`, written `later` than the start.
fn card_of(b: &House, a: &House, mailbox: &str, later: i64) -> Vec<u8> {
    let mut header = b.header(a);
    header.issued = Timestamp::from_unix(house::START + later);
    let card = b.home.keys.card();
    let body = Body::Card(CardLetter {
        versions: vec![Integer::new(1).expect("one")],
        name: "House B".to_owned(),
        mailbox: mailbox.parse().expect("a mailbox"),
        certificates: card.ders().map(|der| Bytes(der.to_vec())).collect(),
        stations: Vec::new(),
        words: Vec::new(),
        nonce: None,
    });
    b.letter(a, &header, &body)
}

#[test]
fn a_card_moves_no_mailbox_before_the_new_one_has_answered() {
    let (village, mut a, b) = two_houses();
    let me = b.home.me();
    let mailbox_of_b = |a: &House| {
        let contact = a
            .home
            .album
            .rows()
            .contact(me)
            .expect("rows")
            .expect("known");
        contact.mailbox.to_string()
    };
    for (mailbox, later) in [("home-c@c.example", 500), ("home-c@c.example", -500)] {
        village.deliver(&a, &card_of(&b, &a, mailbox, later));
        a.wait(600);
        village.sync(&mut a);
        assert_eq!(mailbox_of_b(&a), "home-b@b.example");
    }
    let asked = village.server.messages("home-c@c.example", "INBOX");
    assert_eq!(
        asked.len(),
        1,
        "the new mailbox is asked, once, and the old card asks nothing"
    );
}
