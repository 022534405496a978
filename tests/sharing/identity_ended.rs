//! An identity is ended by the message that was kept for it: nothing more is taken of it, and nothing goes to it.

use std::fs;
use std::path::Path;

use crate::house::Village;
use crate::house::identity::{look_at_all, received, rekey, share, trust_of};
use hearthpost::album::{DestinationState, Keys, Trust};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{Id, Identity};
use hearthpost::message::mime::{Outer, letter_message};
use hearthpost::message::{Body, Ended, Header, seal_letter_mail, write_letter};

/// An open letter that says `mailbox` is no more.
fn end_letter(identity: &Identity, mailbox: &str, issued: i64) -> Vec<u8> {
    let header = Header {
        id: Id::random(),
        from: identity.fingerprint(),
        to: None,
        issued: Timestamp::from_unix(issued),
    };
    let body = Body::Ended(Ended {
        mailbox: mailbox.parse().expect("a mailbox"),
    });
    let signed = write_letter(&header, &body, identity).expect("signed");
    let from = "carrier@p.example".parse().expect("a mailbox");
    letter_message(
        &Outer::new(from, None, header.issued),
        "signed-data",
        &signed,
    )
}

#[test]
fn message_that_was_kept_ends_the_identity_from_any_household() {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    let mut c = village.house("c", &[]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    village.introduce(&mut c, &mut a);
    share(&mut a, "own.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    // It was laid down by init, and holds no key.
    let kept = a.folder.join("data/ended.pem");
    let text = fs::read_to_string(&kept).expect("laid down");
    assert!(text.contains(&a.home.me().to_string()) && !text.contains("PRIVATE"));
    let drawer = c.folder.join("drawer.pem");
    fs::copy(&kept, &drawer).expect("kept");
    // A year later.
    for house in [&mut a, &mut b, &mut c] {
        house.wait(400 * 86_400);
    }
    let now = c.time();
    let told = c.home.send_ended(&drawer, &[], true, now).expect("sent");
    assert_eq!(told.to, [b.mailbox.clone()]);
    assert_eq!(told.ending.fingerprint, a.home.me());
    village.sync(&mut c);
    village.sync(&mut b);
    for house in [&b, &c] {
        assert_eq!(trust_of(house, a.home.me()), (Trust::Pending, false, true));
        assert!(house.home.ended(a.home.me()).expect("rows").is_some());
    }
    // What waits for it does not go, and nothing more is shared with it.
    let fault = share(&mut b, "late.jpg", &a).expect_err("nothing goes there");
    assert_eq!(fault.code, "ended", "{fault}");
    assert!(
        fault
            .message
            .contains("home-a@a.example has ended for good"),
        "{fault}"
    );
    let way_out = fault.hint.expect("a way out");
    assert!(
        !way_out.contains("unblock") && way_out.contains("contact join"),
        "{way_out}"
    );
    let card = a.home.own_card_pem().expect("a card");
    let now = b.time();
    let fault = b.home.add_contact_file(&a.mailbox, card.as_bytes(), now);
    assert_eq!(fault.expect_err("for good").code, "ended");
    // What came before stays what it was.
    assert_eq!(look_at_all(&mut b, "bob"), 1);
    let findings = village.run(b.home.doctor(&b.reading()));
    let said = findings
        .iter()
        .find(|one| one.what == "identity of a household");
    assert!(said.expect("told").words.contains("home-a@a.example"));
}

#[test]
fn what_is_queued_for_an_identity_that_ends_does_not_go_out() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    share(&mut b, "lake.jpg", &a).expect("shared");
    let file = a.folder.join("data/ended.pem");
    let now = b.time();
    b.home
        .send_ended(&file, &[], true, now)
        .expect("ended here");
    village.sync(&mut b);
    assert!(village.inbox(&a).is_empty(), "nothing went out");
    let sent = b.home.sent().expect("a list");
    let one = &sent[0].destinations[0];
    assert_eq!(one.state, "failed");
    let why = one.error.as_deref().expect("it says why");
    assert!(why.contains("identity ended"), "{why}");
}

#[test]
fn what_went_to_an_identity_that_ends_before_it_confirmed_it_fails_and_says_what_to_do() {
    for taken in [false, true] {
        let village = Village::new("ab");
        let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
        village.introduce(&mut a, &mut b);
        let share = share(&mut b, "lake.jpg", &a).expect("shared");
        village.sync(&mut b);
        assert_eq!(b.destinations(&share)[0].state, DestinationState::Sent);
        // Its last word comes before the answer, if it is given.
        if taken {
            village.sync(&mut a);
            village.take_mail(&b);
        }
        rekey(&mut a);
        village.sync(&mut a);
        village.sync(&mut b);
        let sent = b.home.sent().expect("a list").remove(0);
        let one = &sent.destinations[0];
        assert_eq!((one.state, one.goes_wrong), ("failed", false), "{taken}");
        let why = one.error.as_deref().expect("it says why");
        assert!(why.contains("before it confirmed this"), "{why}");
        assert!(why.contains("compare words") && why.contains("share it anew"));
        let now = b.clock();
        let fault = b.home.resend(&share, None, now).expect_err("no more");
        assert_eq!(fault.code, "ended", "{fault}");
        // Once words are compared it is shared anew, and what the one before has can be taken back.
        let (who, now) = (a.home.me(), b.time());
        let compared = b.home.verify_contact(&a.mailbox, &who, now);
        compared.expect("compared");
        let now = b.clock();
        let fault = b.home.resend(&share, None, now).expect_err("no more");
        assert_eq!(fault.code, "replaced_there", "{fault}");
        if taken {
            b.revoke(&share, None).expect("taken back");
            village.settle(&mut [&mut b, &mut a]);
            assert_eq!(b.destinations(&share)[0].state, DestinationState::Deleted);
        }
    }
}

/// Made elsewhere: the fixture of the protocol's page, by another household whose certificates are known.
#[test]
fn letter_of_the_page_ends_whom_it_is_by() {
    let village = Village::new("b");
    let mut b = village.house("b", &[]);
    let pem = include_bytes!("../vectors/home-c/card.pem");
    let c = "home-c@c.example".parse().expect("a mailbox");
    let now = b.time();
    let known = b.home.add_contact_file(&c, pem, now).expect("added");
    village.deliver(&b, include_bytes!("../fixtures/letters/ended.eml"));
    village.sync(&mut b);
    assert_eq!(
        trust_of(&b, known.fingerprint),
        (Trust::Pending, false, true)
    );
    assert!(b.home.ended(known.fingerprint).expect("rows").is_some());
}

/// Each of these ends nobody.
#[test]
fn end_by_another_hand_ends_nobody() {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let was = a.home.me();
    let mallory = Identity::generate("Mallory", &a.mailbox, a.time()).expect("an identity");
    // By a stranger, naming the mailbox of a: it ends itself.
    let stranger = end_letter(&mallory, "home-a@a.example", a.wall);
    village.deliver(&b, &stranger);
    village.sync(&mut b);
    assert_eq!(trust_of(&b, was), (Trust::Verified, true, false));
    // By a stranger, in the name of a: its `from` is not its signer.
    let header = Header {
        id: Id::random(),
        from: was,
        to: None,
        issued: a.time(),
    };
    let body = || {
        Body::Ended(Ended {
            mailbox: a.mailbox.clone(),
        })
    };
    let outer = Outer::new(a.mailbox.clone(), None, a.time());
    let forged = seal_letter_mail(&outer, &header, &body(), &mallory, None).expect("sealed");
    // By a, for another household than b.
    let elsewhere = Header {
        to: Some(mallory.fingerprint()),
        from: was,
        ..header.clone()
    };
    let misdirected = a.letter(&b, &elsewhere, &body());
    // By a, and altered on the way: a letter of the text is another one.
    let own = end_letter(a.identity(), "home-a@a.example", a.wall);
    let altered = altered(&own);
    for (mail, why) in [
        (forged, "not signed by whom it is from"),
        (misdirected, "for another server"),
        (altered, ""),
    ] {
        village.deliver(&b, &mail);
        let done = village.sync(&mut b);
        let refused = done.refused.iter().any(|words| words.contains(why));
        assert!(refused, "{why}: {:?}", done.refused);
        assert_eq!(trust_of(&b, was), (Trust::Verified, true, false), "{why}");
    }
    // And a share of a is taken as ever.
    share(&mut a, "lake.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(received(&b), 1);
}

/// The same letter with one byte turned, where the signature covers it.
fn altered(mail: &[u8]) -> Vec<u8> {
    use hearthpost::encoding::{base64_body, decode_base64_body};
    let text = String::from_utf8_lossy(mail);
    let (head, body) = text.split_once("\r\n\r\n").expect("a body");
    let mut der = decode_base64_body(body.as_bytes()).expect("base64");
    let at = der
        .windows(6)
        .position(|six| six == b"home-a")
        .expect("named");
    der[at + 5] = b'b';
    let mut mail = format!("{head}\r\n\r\n").into_bytes();
    base64_body(&der, &mut mail);
    mail
}

#[test]
fn end_that_comes_twice_or_for_somebody_new_at_that_mailbox_changes_nothing_more() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let (was, end) = (
        a.home.me(),
        end_letter(a.identity(), "home-a@a.example", a.wall),
    );
    rekey(&mut a);
    village.settle(&mut [&mut a, &mut b]);
    let me = a.home.me();
    let now = b.time();
    b.home
        .verify_contact(&a.mailbox, &me, now)
        .expect("compared");
    for _ in 0..2 {
        village.deliver(&b, &end);
        village.sync(&mut b);
        assert_eq!(trust_of(&b, me), (Trust::Verified, true, false));
        assert_eq!(trust_of(&b, was), (Trust::Pending, false, true));
    }
    // What is queued for the new one still goes.
    share(&mut b, "lake.jpg", &a).expect("shared");
    village.deliver(
        &b,
        &end_letter(&a.home.keys.former[0], "home-a@a.example", b.wall),
    );
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(received(&a), 1);
}

#[test]
fn file_that_ends_nobody_is_refused_and_the_own_end_is_asked_about() {
    let village = Village::new("a");
    let mut a = village.house("a", &[]);
    let tries: [(&str, &[u8]); 3] = [
        ("empty.pem", b""),
        (
            "other.pem",
            b"-----BEGIN CMS-----\nMIIB\n-----END CMS-----\n",
        ),
        ("key.pem", b"-----BEGIN CERTIFICATE-----"),
    ];
    let now = a.time();
    for (name, bytes) in tries {
        let path = a.folder.join(name);
        fs::write(&path, bytes).expect("a file");
        let fault = a.home.send_ended(&path, &[], true, now).expect_err(name);
        assert_eq!(fault.code, "ended_file", "{name}");
    }
    let out = a.folder.join("mine.pem");
    a.home.write_ended(&out, now).expect("written");
    assert_eq!(
        a.home.write_ended(&out, now).expect_err("there").code,
        "exists"
    );
    let fault = a
        .home
        .send_ended(&out, &[], false, now)
        .expect_err("its own");
    assert_eq!(fault.code, "asks_first");
    a.home.send_ended(&out, &[], true, now).expect("sent");
    let findings = village.run(a.home.doctor(&a.reading()));
    let keys = findings
        .iter()
        .find(|one| one.what == "keys")
        .expect("told");
    assert!(!keys.good && keys.words.contains("has ended"), "{keys:?}");
    // Nobody would take what it gives.
    let elsewhere = village.house_at("b", "home-b@b.example", &[]);
    let fault = share(&mut a, "lake.jpg", &elsewhere).expect_err("ended");
    assert_eq!(fault.code, "own_ended");
    assert!(fault.hint.expect("a way on").contains("identity rekey"));
    let fault = a.home.invite(None, 7, now).err().expect("ended");
    assert_eq!(fault.code, "own_ended");
    let fresh = fs::read_to_string(a.folder.join("data/ended.pem")).expect("laid down");
    rekey(&mut a);
    a.home.invite(None, 7, now).map(drop).expect("a new one");
    let renewed = fs::read_to_string(a.folder.join("data/ended.pem")).expect("laid down");
    assert!(renewed.contains(&a.home.me().to_string()) && renewed != fresh);
    assert!(keys_hold(&a.folder, 2));
}

/// The key file opens what was sealed to both identities.
fn keys_hold(folder: &Path, encryption: usize) -> bool {
    let keys = Keys::read(&folder.join("data")).expect("keys");
    let told = keys.card().encryption.len();
    keys.encryption.len() == encryption && keys.former.len() == 1 && told == 1
}
