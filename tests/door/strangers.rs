//! Households that nobody here knows, or that claim to be one that is known: what they cost, what they are shown as, and
//! what becomes of them once the keeper has looked.

use crate::house::forge::{Handmade, OpenGrant};
use crate::house::passed::stranger;
use crate::house::state::files_below;
use crate::house::stranger::{FILE, asks, letter, long, mailbox, shared};
use crate::house::{House, Village, order, picture};
use hearthpost::address::Mailbox;
use hearthpost::album::{ShareState, Trust};
use hearthpost::encoding::Integer;
use hearthpost::envelope::{Id, Identity};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, CardLetter, CardRequest, Receipt, ReceiptState, open_letter_mail};
use hearthpost::sharing::contacts::households::Standing;

fn bytes_on_disk(house: &House) -> u64 {
    let files = files_below(&house.folder.join("data"));
    let len = |path| std::fs::metadata(path).map_or(0, |file| file.len());
    files.iter().map(len).sum()
}

/// How many mails a house has handed in.
fn written(village: &Village, house: &House) -> usize {
    let sent = village.server.transactions();
    sent.iter()
        .filter(|mail| mail.account == house.mailbox.as_str())
        .count()
}

#[test]
fn a_flood_of_megabytes_costs_little_disk_and_no_mail() {
    let village = Village::new("b");
    let mut b = village.house("b", &["bob"]);
    village.sync(&mut b);
    let before = bytes_on_disk(&b);
    let mallory = Identity::generate("Mallory", &mailbox("m@s.example"), b.time()).expect("keys");
    let mail = long(&mallory, &b);
    for _ in 0..12 {
        village.deliver(&b, &mail);
    }
    let mut from = stranger(&village, "x");
    for n in 0..120 {
        let at = mailbox(&format!("stranger{n}@s.example"));
        from.home.keys.identity = Identity::generate("Mallory", &at, b.time()).expect("keys");
        shared(&village, &from, &b);
    }
    let done = village.sync(&mut b);
    assert_eq!(done.notified, 0);
    for _ in 0..2 {
        b.wait(86_400);
        village.sync(&mut b);
    }
    let grown = bytes_on_disk(&b) - before;
    assert!(grown < 8 << 20, "{grown} bytes on disk");
    assert_eq!(b.blobs().len(), 0);
    assert_eq!((written(&village, &b), b.queued()), (0, 0));
    let contacts = b.home.contacts().expect("rows");
    assert_eq!(contacts.len(), 100, "so many wait, and no more");
}

#[test]
fn long_letters_that_wait_for_another_day_are_not_all_fetched_each_day() {
    let village = Village::new("b");
    let mut b = village.house("b", &["bob"]);
    let mallory = Identity::generate("Mallory", &mailbox("m@s.example"), b.time()).expect("keys");
    let mail = long(&mallory, &b);
    for _ in 0..24 {
        village.deliver(&b, &mail);
    }
    let mut looked_at = village.sync(&mut b).refused.len();
    b.wait(86_400);
    let done = village.sync(&mut b);
    assert!((5..=11).contains(&done.fetched), "{} letters", done.fetched);
    looked_at += done.refused.len();
    assert!(looked_at < 24, "{looked_at}");
    b.wait(86_400);
    looked_at += village.sync(&mut b).refused.len();
    assert_eq!(looked_at, 24, "none is forgotten");
}

#[test]
fn what_waited_appears_and_is_told_once_the_keeper_accepts() {
    let village = Village::new("bcd");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    let d = village.house("d", &[]);
    for from in [&c, &c, &d] {
        shared(&village, from, &b);
    }
    assert_eq!(village.sync(&mut b).notified, 0);
    assert!(b.home.received().expect("listed").is_empty());
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    let told = village.sync(&mut b).notified;
    b.wait(601);
    let gathered = village.sync(&mut b).notified;
    assert_eq!((told, gathered), (1, 1), "and nothing of the other");
    let shares = b.home.album.rows().shares().expect("rows");
    assert_eq!(shares.len(), 2);
    for share in shares {
        assert_eq!(share.origin, c.home.me());
        assert_eq!(share.state, ShareState::Complete);
    }
}

#[test]
fn what_waits_of_a_household_that_is_blocked_never_appears() {
    let village = Village::new("bc");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    shared(&village, &c, &b);
    village.sync(&mut b);
    b.home.block_contact(&c.mailbox, true).expect("blocked");
    let done = village.sync(&mut b);
    assert_eq!(done.refused, ["a letter from a blocked household"]);
    shared(&village, &c, &b);
    village.sync(&mut b);
    let mallory = c.identity();
    village.deliver(&b, &asks(mallory, &b));
    village.sync(&mut b);
    // Nor when it is let in one day: what it sends from then on does.
    let now = b.now();
    b.home.block_contact(&c.mailbox, false).expect("let in");
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    village.sync(&mut b);
    assert!(b.home.album.rows().shares().expect("rows").is_empty());
    shared(&village, &c, &b);
    village.sync(&mut b);
    assert_eq!(b.home.album.rows().shares().expect("rows").len(), 1);
}

#[test]
fn who_is_blocked_takes_no_place_from_those_who_wait() {
    let village = Village::new("bc");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    for n in 0..100 {
        let at = mailbox(&format!("stranger{n}@s.example"));
        let other = Identity::generate("Mallory", &at, b.time()).expect("keys");
        village.deliver(&b, &asks(&other, &b));
    }
    village.sync(&mut b);
    let strangers = b.home.contacts().expect("rows");
    assert_eq!(strangers.len(), 100);
    for one in strangers {
        let blocked = b.home.block_contact(one.fingerprint, true);
        blocked.expect("known");
    }
    b.wait(86_400);
    shared(&village, &c, &b);
    village.sync(&mut b);
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("it waits");
    village.sync(&mut b);
    assert_eq!(b.home.album.rows().shares().expect("rows").len(), 1);
}

#[test]
fn a_share_by_another_identity_at_a_known_mailbox_is_an_alarm_and_no_update() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let before = a.home.contact_at(&b.mailbox).expect("known");
    let mut other = village.house("b-other", &[]);
    other.home.keys.identity =
        Identity::generate("House B", &b.mailbox, other.time()).expect("keys");
    shared(&village, &other, &a);
    village.sync(&mut a);
    let after = a.home.contact_at(&b.mailbox).expect("known");
    assert_eq!(after.fingerprint, before.fingerprint);
    assert_eq!((after.trust, after.accepted), (Trust::Verified, true));
    assert_eq!(after.encryption, before.encryption);
    assert!(a.home.album.rows().shares().expect("rows").is_empty());
    let claims = a.home.album.rows().claims(&b.mailbox).expect("rows");
    assert_eq!(claims, [other.home.me()], "it is told of as a claim");
    let now = a.now();
    let refused = a.home.accept_contact(other.home.me(), now);
    assert_eq!(refused.expect_err("in its place").code, "second_identity");
    // What is for the household goes to the household.
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], "display=200");
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
}

#[test]
fn a_stranger_of_many_shares_takes_no_place_from_another() {
    let village = Village::new("bcd");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    let d = village.house("d", &[]);
    let made = Handmade::new(&d, &FILE, |_, truth| truth);
    for _ in 0..110 {
        let grant = OpenGrant::of(&made, &d, &b, "store=full");
        village.deliver(&b, &grant.mail(&d, &b));
    }
    shared(&village, &c, &b);
    village.sync(&mut b);
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    village.sync(&mut b);
    let shares = b.home.album.rows().shares().expect("rows");
    assert_eq!(
        shares.iter().map(|one| one.origin).collect::<Vec<_>>(),
        [c.home.me()]
    );
}

#[test]
fn a_flood_that_comes_anew_each_day_keeps_nobody_out_who_came_before() {
    let village = Village::new("bc");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    b.home.config.limits.letters_from_strangers = 10;
    let mallory = Identity::generate("Mallory", &mailbox("m@s.example"), b.time()).expect("keys");
    let body = Body::Receipt(Receipt {
        share: Id::random(),
        origin: mallory.fingerprint(),
        state: ReceiptState::Complete,
        reason: None,
        letter: None,
        chain: Vec::new(),
    });
    let flood = |village: &Village, b: &House| {
        for _ in 0..12 {
            village.deliver(b, &letter(&mallory, b, &body, false));
        }
    };
    flood(&village, &b);
    shared(&village, &c, &b);
    village.sync(&mut b);
    assert!(b.home.contact_at(&c.mailbox).is_err(), "not today");
    b.wait(86_400);
    flood(&village, &b);
    village.sync(&mut b);
    assert!(b.home.contact_at(&c.mailbox).is_ok(), "it came before");
}

#[test]
fn a_share_by_another_identity_where_one_has_ended_is_an_alarm_too() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let (file, now) = (b.folder.join("data/ended.pem"), a.now());
    let ended = a.home.send_ended(&file, &[], true, now);
    ended.expect("ended here");
    let mut other = village.house("b-other", &[]);
    other.home.keys.identity =
        Identity::generate("House B", &b.mailbox, other.time()).expect("keys");
    shared(&village, &other, &a);
    village.sync(&mut a);
    let who = other.home.me();
    let known = a.home.household(who).expect("it waits");
    assert_eq!(known.standing, Standing::Claims);
    let claims = a.home.album.rows().claims(&b.mailbox).expect("rows");
    assert_eq!(claims, [who]);
    let now = a.now();
    let refused = a.home.accept_contact(who, now).expect_err("asks");
    assert_eq!(refused.code, "asks_first");
}

/// A card of `b` that names another mailbox, in return for `nonce`.
fn card(b: &House, a: &House, mailbox: &Mailbox, nonce: Option<Id>) -> Vec<u8> {
    let card = b.home.keys.card();
    let body = Body::Card(CardLetter {
        versions: vec![Integer::new(1).expect("one")],
        name: "House B by the sea".to_owned(),
        mailbox: mailbox.clone(),
        certificates: card.ders().map(|der| Bytes(der.to_vec())).collect(),
        stations: Vec::new(),
        words: Vec::new(),
        nonce,
    });
    let mut header = b.header(a);
    header.issued = a.time();
    b.letter(a, &header, &body)
}

/// The question for a card that came to that mailbox.
fn asked_at(village: &Village, mailbox: &Mailbox) -> CardRequest {
    let asked = village.server.messages(mailbox.as_str(), "INBOX");
    let asked = open_letter_mail(&asked[0].bytes, &[]).expect("an open letter");
    let Body::CardRequest(request) = asked.body else {
        panic!("not a card-request");
    };
    request
}

/// A certificate file with which somebody of the house shares says of itself where it is, and nobody else does.
#[test]
fn key_words_stay_where_a_household_only_said_that_it_was() {
    let village = Village::new("abc");
    let (mut a, b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    let grandma = "home-b+bob@b.example";
    let address = grandma.parse().expect("an address");
    a.home.set_keyword("grandma", &[address]).expect("set");
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let mut order = order(&[&items[0]], &["home-b@b.example"], "display=100");
    order.certificate = Some(b.home.own_card_pem().expect("PEM").into_bytes());
    order.viewer = Some("ann".parse().expect("a station"));
    a.share(&order).expect("recorded");
    let moved = mailbox("home-c@c.example");
    a.wait(600);
    village.deliver(&a, &card(&b, &a, &moved, None));
    village.sync(&mut a);
    let request = asked_at(&village, &moved);
    a.wait(600);
    village.deliver(&a, &card(&b, &a, &moved, Some(request.nonce)));
    village.sync(&mut a);
    let contact = a.home.contact_at(&moved).expect("moved");
    assert_eq!(contact.fingerprint, b.home.me());
    let words = a.home.keywords().expect("words");
    assert_eq!(words[0].1.to_string(), grandma);
    let meant = a.home.contact_at(&b.mailbox);
    assert!(meant.is_err(), "nobody is known to have left it");
}

#[test]
fn a_mailbox_that_moved_by_the_same_identity_is_an_update() {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let moved = mailbox("home-c@c.example");
    let old = card(&b, &a, &b.mailbox, None);
    a.wait(600);
    village.deliver(&a, &card(&b, &a, &moved, None));
    village.sync(&mut a);
    let request = asked_at(&village, &moved);
    // The new mailbox answers, and from then on it is the one; a card of before does not move it back.
    a.wait(600);
    for mail in [card(&b, &a, &moved, Some(request.nonce)), old] {
        village.deliver(&a, &mail);
        village.sync(&mut a);
        let contact = a.home.contact_at(&moved).expect("moved");
        assert_eq!(contact.fingerprint, b.home.me());
        assert_eq!((contact.trust, contact.accepted), (Trust::Verified, true));
        assert_eq!(contact.name, "House B by the sea");
        let meant = a.home.contact_at(&b.mailbox).expect("who left it is meant");
        assert_eq!(
            (meant.fingerprint, meant.mailbox),
            (b.home.me(), moved.clone())
        );
    }
    assert!(a.home.album.rows().claims(&moved).expect("rows").is_empty());
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &[moved.as_str()], "display=200");
    a.share(&order).expect("recorded");
    village.sync(&mut a);
    let came = village.server.messages(moved.as_str(), "INBOX");
    assert!(came.len() >= 3, "letter and parts, after the question");
}
