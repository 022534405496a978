//! An identity is replaced after a theft, or ended by the message that was kept for it: the others take nothing more of the
//! old one, and nothing of the new one before they have compared words.

use std::fs;
use std::path::Path;

use crate::house::forge::{Handmade, OpenGrant};
use crate::house::{House, Village, order, picture};
use hearthpost::album::{Keys, Trust};
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::{ContentKey, Id, Identity};
use hearthpost::message::mime::{Outer, letter_message};
use hearthpost::message::{Body, Ended, Header, seal_letter_mail, write_letter};
use hearthpost::rules::{Action, Tier};
use hearthpost::sharing::households::Standing;
use hearthpost::sharing::identity::Rekeyed;
use hearthpost::sharing::{Fault, Household};

pub(super) fn share(from: &mut House, name: &str, to: &House) -> Result<String, Fault> {
    let path = from.folder.join(name);
    picture(&path, 300 + name.len() as u32, 200);
    let items = from.import(&[path]);
    let order = order(
        &[&items[0]],
        &[to.mailbox.as_str()],
        "display=full,forward=yes",
    );
    Ok(from.share(&order)?.share)
}

fn rekey(house: &mut House) -> Rekeyed {
    let reading = house.reading();
    let now = house.home.tick(&reading, &[]).expect("time");
    assert_eq!(
        house.home.rekey(false, now).expect_err("asks").code,
        "asks_first"
    );
    house.home.rekey(true, now).expect("replaced")
}

/// What somebody has who took the disk: the box as it was.
fn steal(house: &House) -> Identity {
    house.identity().clone()
}

fn received(house: &House) -> usize {
    house.home.received().expect("a list").len()
}

/// All received pictures can still be looked at.
fn look_at_all(house: &mut House, person: &str) -> usize {
    let listed = house.home.received().expect("a list");
    let items: Vec<String> = listed
        .iter()
        .flat_map(|share| share.items.iter().map(|item| item.id.clone()))
        .collect();
    for item in &items {
        house.view(item, person, Action::Display).expect("shown");
    }
    items.len()
}

/// The other household as it was known before, and by its new identity.
fn trust_of(house: &House, who: hearthpost::envelope::Fingerprint) -> (Trust, bool, bool) {
    let one = house.home.album.rows().contact(who).expect("rows");
    let one = one.expect("known");
    (one.trust, one.accepted, one.blocked)
}

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
fn after_a_theft_the_old_identity_is_nobody_and_the_new_one_is_heard_once_words_are_compared() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let own = share(&mut a, "own.jpg", &b).expect("shared");
    share(&mut b, "theirs.jpg", &a).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    let (was, thief) = (a.home.me(), steal(&a));
    let theirs = a.home.received().expect("a list")[0].share.clone();

    let done = rekey(&mut a);
    assert_eq!((done.was, done.contacts), (was, 1));
    let me = a.home.me();
    assert_eq!(done.fingerprint, me);
    assert_ne!(me, was);
    a.wait(60);
    b.wait(60);
    village.settle(&mut [&mut a, &mut b]);

    // What is stored stays readable, also after a start, and what was sent stays listed.
    a.home = Household::open(&a.folder.join("hearthpost.toml")).expect("opens");
    assert_eq!(look_at_all(&mut a, "ann"), 1);
    let sent = a.home.sent().expect("a list");
    let states = sent.iter().flat_map(|share| &share.destinations);
    assert_eq!(
        states.map(|one| one.state).collect::<Vec<_>>(),
        ["delivered"]
    );

    // To b the old one has ended, and the new one is a stranger that claims its mailbox.
    assert_eq!(trust_of(&b, was), (Trust::Pending, false, true));
    assert_eq!(trust_of(&b, me), (Trust::Pending, false, false));
    let standing = |b: &House, who| b.home.household(who).expect("known").standing;
    assert_eq!(standing(&b, was), Standing::Ended);
    assert_eq!(standing(&b, me), Standing::Claims);
    let now = b.time();
    let fault = b.home.accept_contact(me, now).expect_err("words first");
    assert_eq!(fault.code, "asks_first");
    let fault = b.home.block_contact(was, false).expect_err("for good");
    assert_eq!(fault.code, "ended");

    // Neither the thief nor the new identity gets anything in before that.
    let (before, grant) = (received(&b), thief_grant(&mut a, &b, &thief));
    village.deliver(&b, &grant);
    share(&mut a, "early.jpg", &b).expect("shared");
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(received(&b), before);

    b.home
        .verify_contact(&a.mailbox, &me, b.time())
        .expect("compared");
    b.wait(60);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(received(&b), before + 1, "what waited is taken");
    share(&mut b, "again.jpg", &a).expect("shared");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(look_at_all(&mut a, "ann"), 2);
    assert_eq!(look_at_all(&mut b, "bob"), 2);

    // What stands on the old identity is not given on, and is taken back all the same.
    let fault = a.forward(&theirs, "ann", &["home-b@b.example"], "");
    assert_eq!(fault.expect_err("of before").code, "replaced");
    a.revoke(&own, None).expect("taken back");
    village.settle(&mut [&mut a, &mut b]);
    let listed = b.home.received().expect("a list");
    let states: Vec<&str> = listed.iter().map(|share| share.state).collect();
    assert_eq!(
        states.iter().filter(|state| **state == "revoked").count(),
        1,
        "{states:?}"
    );
}

#[test]
fn what_was_begun_before_the_identity_was_replaced_is_refused_and_not_lost() {
    let village = Village::new("abn");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let was = a.home.me();
    let early = share(&mut a, "early.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    // Somebody else replaces it while pictures are made ready here, by the keys until now.
    let config = a.folder.join("hearthpost.toml");
    let mut other = Household::open(&config).expect("opens");
    let reading = a.reading();
    let now = other.tick(&reading, &[]).expect("time");
    let me = other.rekey(true, now).expect("replaced").fingerprint;
    assert_eq!(a.home.me(), was, "not learnt yet");
    let nobody = "home-n@n.example".parse().expect("a mailbox");
    let now = a.now();
    let asked = a.home.request_card(&nobody, now);
    assert_eq!(asked.expect_err("of before").code, "replaced");
    let fault = share(&mut a, "late.jpg", &b).expect_err("of before");
    assert_eq!(fault.code, "replaced");
    // Nor to a household that is not known yet, which would be asked for its card.
    let path = a.folder.join("late.jpg");
    let items = a.import(&[path]);
    let to_nobody = order(&[&items[0]], &["home-n@n.example"], "display=full");
    assert_eq!(a.share(&to_nobody).expect_err("of before").code, "replaced");
    let fault = a.revoke(&early, None).expect_err("of before");
    assert_eq!(fault.code, "replaced");
    assert_eq!(a.home.sent().expect("a list").len(), 1, "nothing of it");

    // The last word of the old one went all the same, and whoever does it again is heard.
    a.home = Household::open(&config).expect("opens");
    assert_eq!(a.home.me(), me);
    a.wait(60);
    b.wait(60);
    village.settle(&mut [&mut a, &mut b]);
    let standing = |b: &House, who| b.home.household(who).expect("known").standing;
    assert_eq!(standing(&b, was), Standing::Ended);
    assert_eq!(standing(&b, me), Standing::Claims);
    let now = b.time();
    b.home
        .verify_contact(&a.mailbox, &me, now)
        .expect("compared");
    let before = received(&b);
    share(&mut a, "late.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(received(&b), before + 1);
    a.revoke(&early, None).expect("taken back");
}

/// A grant to b, signed by whoever has the stolen keys.
fn thief_grant(a: &mut House, b: &House, stolen: &Identity) -> Vec<u8> {
    let new = std::mem::replace(&mut a.home.keys.identity, stolen.clone());
    let tiers: [(Tier, &[u8]); 2] = [(Tier::Original, b"bytes"), (Tier::About, b"{}")];
    let made = Handmade::keyed(a, ContentKey::random(), &tiers);
    let grant = OpenGrant::of(&made, a, b, "display=full").mail(a, b);
    a.home.keys.identity = new;
    grant
}

#[test]
fn without_the_last_word_of_the_old_one_the_new_one_is_an_alarm_and_verifying_it_shuts_the_old_one_out()
 {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let was = a.home.me();
    rekey(&mut a);
    village.sync(&mut a);
    // The letter that ends it is lost.
    let mails = village.take_mail(&b);
    assert_eq!(mails.len(), 2);
    village.deliver(&b, &mails[1]);
    village.sync(&mut b);
    let me = a.home.me();
    assert_eq!(trust_of(&b, was), (Trust::Verified, true, false));
    assert!(b.home.household(was).expect("known").is_claimed);
    assert_eq!(
        b.home.household(me).expect("known").standing,
        Standing::Claims
    );
    let now = b.time();
    b.home
        .verify_contact(&a.mailbox, &me, now)
        .expect("compared");
    assert_eq!(trust_of(&b, me), (Trust::Verified, true, false));
    assert_eq!(trust_of(&b, was), (Trust::Pending, false, true));
    assert!(!b.home.household(me).expect("known").is_claimed);
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
    let told = c.home.send_ended(&drawer, &[], false, now).expect("sent");
    assert_eq!(told.to, [b.mailbox.clone()]);
    assert_eq!(told.ending.fingerprint, a.home.me());
    village.sync(&mut c);
    village.sync(&mut b);
    for house in [&b, &c] {
        assert_eq!(trust_of(house, a.home.me()), (Trust::Pending, false, true));
        assert!(house.home.ended(a.home.me()).expect("rows").is_some());
    }
    // What waits for it does not go, and nothing more is shared with it.
    assert!(share(&mut b, "late.jpg", &a).is_err());
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
        .send_ended(&file, &[], false, now)
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
fn share_that_waits_for_a_household_under_the_old_identity_fails_and_says_why() {
    let village = Village::new("ab");
    let (mut a, b) = (village.house("a", &[]), village.house("b", &[]));
    // Nobody knows b yet: its card is asked for.
    share(&mut a, "lake.jpg", &b).expect("waits");
    let state = |a: &House| {
        let sent = a.home.sent().expect("a list").remove(0);
        let one = sent.destinations.into_iter().next().expect("one");
        (one.state, one.error.unwrap_or_default())
    };
    assert_eq!(state(&a).0, "waiting");
    rekey(&mut a);
    let (state, why) = state(&a);
    assert_eq!(state, "failed");
    assert!(why.contains("share it anew"), "{why}");
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
    // By a stranger, naming the mailbox of a.
    let stranger = end_letter(&mallory, "home-a@a.example", a.wall);
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
        (stranger, "not known"),
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
    let fresh = fs::read_to_string(a.folder.join("data/ended.pem")).expect("laid down");
    rekey(&mut a);
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

#[test]
fn own_share_of_before_is_not_taken_back_in_from_another_household() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let own = share(&mut a, "own.jpg", &b).expect("shared");
    village.settle(&mut [&mut a, &mut b]);
    rekey(&mut a);
    a.wait(60);
    b.wait(60);
    village.settle(&mut [&mut a, &mut b]);
    let (me, time) = (a.home.me(), b.time());
    let compared = b.home.verify_contact(&a.mailbox, &me, time);
    compared.expect("compared");
    village.settle(&mut [&mut b, &mut a]);

    // To `b` it is a household that has no copy.
    b.wait(60);
    b.forward(&own, "bob", &["home-a+ann@a.example"], "")
        .expect("passed on");
    village.sync(&mut b);
    let before = a.visible();
    let refused = village.sync(&mut a).refused;
    assert_eq!(refused, ["a grant of this household's own share"]);
    assert_eq!(a.visible(), before);
    village.sync(&mut b);
    let sent = b.home.sent().expect("a list").remove(0);
    assert_eq!(sent.destinations[0].state, "refused");
    a.revoke(&own, None).expect("taken back all the same");
}
