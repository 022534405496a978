//! How households come to know one another, and what may be shared with whom.

use crate::house;
use crate::house::passed;
use crate::house::state::contact;
use crate::house::stranger::{asks, certificates, letter_at, mailbox, shared};
use crate::house::{House, Village, order, picture};
use hearthpost::album::{DestinationState, ShareState, Trust};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Id, Identity};
use hearthpost::message::grant::Bytes;
use hearthpost::message::{Body, CardLetter};

/// A card of somebody who is no house and says that it is at this mailbox.
fn card(from: &Identity, at: &str, nonce: Option<Id>, to: &House) -> Vec<u8> {
    let body = Body::Card(CardLetter {
        versions: vec![hearthpost::encoding::Integer::new(1).expect("one")],
        name: "Mallory".to_owned(),
        mailbox: mailbox(at),
        certificates: certificates(from, to.time()),
        stations: Vec::new(),
        words: Vec::new(),
        nonce,
    });
    letter_at(mailbox(at), from, to, &body, true)
}

#[test]
fn request_and_card_make_a_household_seen() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    let now = a.now();
    a.home
        .request_card(&b.mailbox, now)
        .expect("a request is queued");
    village.settle(&mut [&mut a, &mut b]);
    let at_a = contact(&a, "home-b@b.example").expect("known");
    assert_eq!((at_a.trust, at_a.accepted), (Trust::Seen, true));
    assert_eq!(at_a.name, "House B");
    let at_b = contact(&b, "home-a@a.example").expect("known");
    assert_eq!((at_b.trust, at_b.accepted), (Trust::Pending, false));
    let now = b.now();
    b.home.accept_contact(&a.mailbox, now).expect("accepted");
    village.settle(&mut [&mut a, &mut b]);
    let at_b = contact(&b, "home-a@a.example").expect("known");
    assert_eq!((at_b.trust, at_b.accepted), (Trust::Seen, true));
}

#[test]
fn nonce_of_another_mailbox_makes_nobody_seen() {
    let village = Village::new("abc");
    let mut a = village.house("a", &[]);
    let now = a.now();
    a.home
        .request_card(&mailbox("home-b@b.example"), now)
        .expect("queued");
    village.sync(&mut a);
    let request = village.server.messages("home-b@b.example", "INBOX");
    let letter = hearthpost::message::open_letter_mail(&request[0].bytes, &[]);
    let Body::CardRequest(request) = letter.expect("an open letter").body else {
        panic!("not a card-request");
    };
    let other = Identity::generate("Mallory", &mailbox("home-c@c.example"), now).expect("keys");
    let stolen = card(&other, "home-c@c.example", Some(request.nonce), &a);
    village.deliver(&a, &stolen);
    village.sync(&mut a);
    assert!(contact(&a, "home-c@c.example").is_none());
    assert!(contact(&a, "home-b@b.example").is_none());
}

#[test]
fn second_identity_for_a_known_mailbox_is_a_claim_only() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let before = contact(&a, "home-b@b.example").expect("known");
    let now = a.now();
    a.home.request_card(&b.mailbox, now).expect("queued");
    village.sync(&mut a);
    let request = village.take_mail(&b).remove(0);
    let Body::CardRequest(request) = b.read(&request).body else {
        panic!("not a card-request");
    };
    let other = Identity::generate("House B", &b.mailbox, now).expect("keys");
    for mail in [
        card(&other, "home-b@b.example", Some(request.nonce), &a),
        card(&other, "home-b@b.example", None, &a),
        asks(&other, &a),
    ] {
        village.deliver(&a, &mail);
        village.sync(&mut a);
        let after = contact(&a, "home-b@b.example").expect("known");
        assert_eq!(after.fingerprint, before.fingerprint);
        assert_eq!(after.trust, Trust::Verified);
        let claimed = a.home.album.rows().contact(other.fingerprint());
        let claimed = claimed.expect("rows");
        assert!(claimed.is_none_or(|c| !c.accepted && c.trust == Trust::Pending));
    }
    let claims = a.home.album.rows().claims(&b.mailbox).expect("rows");
    assert_eq!(claims, [other.fingerprint()]);
    let now = a.now();
    let taken = a.home.accept_contact(&b.mailbox, now).expect("the old one");
    assert_eq!(taken.fingerprint, before.fingerprint);
}

/// Somebody says that a mailbox is its own that is not, and then is at another one, which answers.
#[test]
fn who_never_had_a_mailbox_takes_nothing_along_from_there() {
    for claimed_first in [false, true] {
        let village = Village::new("acd");
        let mut a = village.house("a", &[]);
        let address = "home-c+carol@c.example".parse().expect("an address");
        a.home.set_keyword("auntie", &[address]).expect("set");
        let (c, d) = ("home-c@c.example", "home-d@d.example");
        let now = a.now();
        let other = Identity::generate("Mallory", &mailbox(c), now).expect("keys");
        if claimed_first {
            village.deliver(&a, &asks(&other, &a));
            village.sync(&mut a);
            a.home
                .accept_contact(other.fingerprint(), now)
                .expect("let in");
        }
        a.home.request_card(&mailbox(d), now).expect("queued");
        village.sync(&mut a);
        let asked = village.server.messages(d, "INBOX");
        let letter = hearthpost::message::open_letter_mail(&asked[0].bytes, &[]);
        let Body::CardRequest(request) = letter.expect("an open letter").body else {
            panic!("not a card-request");
        };
        a.wait(60);
        village.deliver(&a, &card(&other, d, Some(request.nonce), &a));
        village.sync(&mut a);
        assert_eq!(
            contact(&a, d).expect("it answered").fingerprint,
            other.fingerprint()
        );
        let words = a.home.keywords().expect("words");
        assert_eq!(
            words[0].1.to_string(),
            "home-c+carol@c.example",
            "{claimed_first}"
        );
        assert!(contact(&a, c).is_none(), "{claimed_first}");
    }
}

/// Cards of `b` reach `a`, each with its date and name; the name that `a` knows then.
fn name_after(cards: &[(i64, &str)]) -> String {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    for (later, name) in cards {
        a.wait(100);
        let mut header = b.header(&a);
        header.issued = Timestamp::from_unix(house::START + later);
        let card = b.home.keys.card();
        let body = Body::Card(CardLetter {
            versions: vec![hearthpost::encoding::Integer::new(1).expect("one")],
            name: (*name).to_owned(),
            mailbox: b.mailbox.clone(),
            certificates: card.ders().map(|der| Bytes(der.to_vec())).collect(),
            stations: Vec::new(),
            words: Vec::new(),
            nonce: None,
        });
        let mail = b.letter(&a, &header, &body);
        village.deliver(&a, &mail);
        village.sync(&mut a);
    }
    contact(&a, "home-b@b.example").expect("known").name
}

#[test]
fn older_card_is_passed_over() {
    assert_eq!(
        name_after(&[(0, "New name"), (-500, "Old name")]),
        "New name"
    );
}

#[test]
fn card_dated_ten_years_ahead_does_not_shut_out_the_next() {
    let ten_years = 10 * 365 * 86_400;
    let cards = [(ten_years, "Wrong clock"), (200, "Right clock")];
    assert_eq!(name_after(&cards), "Right clock");
}

#[test]
fn waiting_letter_that_the_person_deletes_stops_nothing() {
    let village = Village::new("bc");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    shared(&village, &c, &b);
    village.sync(&mut b);
    village.take_mail(&b);
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    for _ in 0..2 {
        village.sync(&mut b);
    }
    shared(&village, &c, &b);
    village.sync(&mut b);
    assert_eq!(b.home.album.rows().shares().expect("rows").len(), 1);
}

#[test]
fn grant_of_a_blocked_household_is_refused_and_stays_so() {
    let village = Village::new("bc");
    let (mut b, mut c) = (village.house("b", &["bob"]), village.house("c", &[]));
    village.introduce(&mut b, &mut c);
    b.home.block_contact(&c.mailbox, true).expect("blocked");
    shared(&village, &c, &b);
    let before = b.visible();
    let done = village.sync(&mut b);
    assert_eq!(done.refused, ["a letter from a blocked household"]);
    assert_eq!((b.visible(), b.queued()), (before, 0));
    b.home.block_contact(&c.mailbox, false).expect("let in");
    village.sync(&mut b);
    assert!(b.home.album.rows().shares().expect("rows").is_empty());
}

#[test]
fn letter_waits_for_a_new_certificate_and_goes_out_when_the_card_comes() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    for house in [&mut a, &mut b] {
        house.wait(370 * 86_400);
    }
    for house in [&mut a, &mut b] {
        let fresh = house.identity().issue_encryption_key(house.time());
        house.home.keys.encryption.push(fresh.expect("a key"));
    }
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], "display=1280");
    let recorded = a.share(&order).expect("recorded");
    assert_eq!(recorded.destinations[0].state, DestinationState::Waiting);
    village.sync(&mut a);
    let sent = village.inbox(&b);
    assert_eq!(sent.len(), 1, "only the question for a card");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.share_named(&recorded.share).state, ShareState::Complete);
    let state = a.destinations(&recorded.share).remove(0).state;
    assert_eq!(state, DestinationState::Delivered);
}

#[test]
fn what_may_be_shared_follows_from_how_well_a_household_is_known() {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let ask = |a: &mut House, rules: &str, yes| {
        let mut order = order(&[&items[0]], &["home-b@b.example"], rules);
        order.yes = yes;
        let shared = a.share(&order);
        shared.map(|r| r.destinations[0].state).map_err(|f| f.code)
    };
    let now = b.now();
    b.home.request_card(&a.mailbox, now).expect("queued");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(ask(&mut a, "display=1280", true), Err("pending"));
    let now = a.now();
    a.home.accept_contact(&b.mailbox, now).expect("accepted");
    assert_eq!(ask(&mut a, "display=1280", true), Err("pending"));
    village.settle(&mut [&mut a, &mut b]);
    let queued = Ok(DestinationState::Queued);
    assert_eq!(ask(&mut a, "display=1280", false), queued);
    assert_eq!(ask(&mut a, "store=full", false), Err("asks_first"));
    assert_eq!(
        ask(&mut a, "display=1280,forward=yes", false),
        Err("asks_first")
    );
    assert_eq!(ask(&mut a, "store=full", true), queued);
    let now = a.now();
    let words = b.home.me();
    a.home
        .verify_contact(&b.mailbox, &words, now)
        .expect("compared");
    assert_eq!(ask(&mut a, "store=full", false), queued);
    a.home.block_contact(&b.mailbox, true).expect("blocked");
    assert_eq!(ask(&mut a, "display=1280", true), Err("blocked"));
}

#[test]
fn a_household_that_is_told_of_something_taken_back_stays_until_its_copy_is_gone() {
    // `c` has it from `b`, and nothing from `a` itself.
    let mut s = passed::passed_on();
    s.houses[passed::A]
        .revoke(&s.share, None)
        .expect("taken back");
    let c = s.houses[passed::C].mailbox.clone();
    let now = s.houses[passed::A].now();
    let fault = s.houses[passed::A].home.remove_contact(&c, now);
    let fault = fault.expect_err("it has to be told");
    assert_eq!(fault.code, "in_use");
    assert!(fault.message.contains("taken back"), "{fault}");
    s.settle();
    let removed = s.houses[passed::A].home.remove_contact(&c, now);
    removed.expect("its copy is gone");
}

#[test]
fn a_file_that_is_no_certificate_of_a_household_is_called_that() {
    let village = Village::new("ab");
    let (mut a, b) = (village.house("a", &[]), village.house("b", &[]));
    let now = a.now();
    let fault = a.home.add_contact_file(&b.mailbox, b"a picture", now);
    let by_page = a.home.add_household_file(b"a picture", now);
    for fault in [fault, by_page] {
        let fault = fault.expect_err("no certificate");
        assert!(!fault.message.contains("profile"), "{fault}");
        assert!(fault.message.ends_with(": no certificate"), "{fault}");
    }
}
