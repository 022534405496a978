//! The keys for letters are renewed by themselves, and no household falls back behind the keys that it once had.

use crate::house::{House, START, Village, order, picture};
use crate::households::old_key::old_key;
use hearthpost::album::{KeyFile, Keys};
use hearthpost::crash::meanwhile;
use hearthpost::encoding::{Integer, Timestamp};
use hearthpost::envelope::{Addressed, Card, EncryptionKey, Identity, StorageKey, addressed};
use hearthpost::message::grant::Bytes;
use hearthpost::message::mime::{Outer, read_pkcs7_entity};
use hearthpost::message::{Body, CardLetter, CardRequest, Header, seal_letter_mail};
use hearthpost::rules::Action;
use hearthpost::sharing::Household;

const DAY: u64 = 86_400;

/// The envelopes of the letters in a mailbox, of those that have one.
fn envelopes(village: &Village, house: &House) -> Vec<Addressed> {
    let inbox = village.inbox(house);
    let ders = inbox.iter().filter_map(|mail| read_pkcs7_entity(mail).ok());
    ders.filter_map(|der| addressed(&der).ok()).collect()
}

fn stored(house: &House) -> Vec<Addressed> {
    let grants = house.home.album.rows().holding_grants_after(0, 1_000);
    let grants = grants.expect("rows").into_iter();
    grants
        .map(|(_, der)| addressed(&der).expect("an envelope"))
        .collect()
}

fn knows_as_safe(house: &House, other: &House) -> bool {
    let contact = house.home.contact_at(&other.mailbox).expect("known");
    contact.is_quantum_safe()
}

/// Gives a house this key for letters and no other, as one of an older version has it.
fn with_key(house: &mut House, encryption: EncryptionKey) {
    let identity = house.identity();
    let key = identity.key_der().expect("a key");
    let identity = Identity::from_der(&key, identity.certificate().der()).expect("an identity");
    let keys = Keys {
        identity,
        encryption: vec![encryption],
        storage: StorageKey::from_bytes(*house.home.keys.storage.as_bytes()),
        former: Vec::new(),
        authority: None,
    };
    let file = KeyFile::hold(&house.folder.join("data")).expect("free");
    file.replace(&keys).expect("written");
    house.home = Household::open(&house.folder.join("hearthpost.toml")).expect("opens");
}

fn of_before(house: &mut House) {
    let key = old_key(house.identity(), Timestamp::from_unix(START - 3600));
    with_key(house, key);
}

fn share_picture(a: &mut House, name: &str, to: &House) -> String {
    let path = a.folder.join(name);
    let salt = name.len() as u32;
    picture(&path, 300 + salt, 200);
    let items = a.import(&[path]);
    let order = order(
        &[&items[0]],
        &[to.mailbox.as_str()],
        "display=full,store=full",
    );
    a.share(&order).expect("recorded").share
}

/// What bob of `house` has received can all be looked at; how many pictures that is.
fn seen(house: &mut House) -> usize {
    let listed = house.home.received().expect("a list");
    let items: Vec<String> = listed
        .iter()
        .flat_map(|share| &share.items)
        .map(|item| item.id.clone())
        .collect();
    for item in &items {
        house.view(item, "bob", Action::Display).expect("shown");
    }
    items.len()
}

#[test]
fn a_household_of_before_gets_the_second_key_and_all_hear_of_it() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    of_before(&mut b);
    village.introduce(&mut a, &mut b);
    assert!(!knows_as_safe(&a, &b));
    share_picture(&mut a, "lake.jpg", &b);
    village.sync(&mut a);
    let came = envelopes(&village, &b);
    assert!(!came[0].is_quantum_safe, "it is written to as before");
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.home.keys.encryption.len(), 2);
    assert!(knows_as_safe(&a, &b));
    share_picture(&mut a, "mountain.jpg", &b);
    village.sync(&mut a);
    let came = envelopes(&village, &b);
    assert!(!came.is_empty() && came.iter().all(|one| one.is_quantum_safe));
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(seen(&mut b), 2);
    let stored = stored(&b);
    assert_eq!(stored.len(), 2);
    assert!(stored.iter().all(|one| one.is_quantum_safe));
    // Once is enough.
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.home.keys.encryption.len(), 2);
    b.home = Household::open(&b.folder.join("hearthpost.toml")).expect("opens again");
    assert_eq!(seen(&mut b), 2);
}

#[test]
fn a_key_is_renewed_before_it_ends_and_destroyed_long_after() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    share_picture(&mut a, "lake.jpg", &b);
    village.settle(&mut [&mut a, &mut b]);
    let first = b.certificate().clone();
    let wait = |a: &mut House, b: &mut House, days: u64| {
        a.wait(days * DAY);
        b.wait(days * DAY);
    };
    wait(&mut a, &mut b, 300);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.home.keys.encryption.len(), 1, "two months are left");
    wait(&mut a, &mut b, 10);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.home.keys.encryption.len(), 2);
    let contact = a.home.contact_at(&b.mailbox).expect("known");
    let known = contact.certificate(a.time()).expect("sound").expect("one");
    assert_eq!(known.der(), b.certificate().der());
    assert!(stored(&b).iter().all(|one| one.is_to(b.certificate())));
    // A grant that still comes under the old key opens, for as long as one may be on its way.
    wait(&mut a, &mut b, 55 + 89);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.home.keys.encryption.len(), 2);
    wait(&mut a, &mut b, 2);
    village.settle(&mut [&mut b, &mut a]);
    let left = Keys::read(&b.folder.join("data")).expect("keys").encryption;
    assert_eq!(left.len(), 1);
    assert_ne!(left[0].certificate().der(), first.der());
    assert_eq!(seen(&mut b), 1);
}

/// A backup from before the last renewal has a key that the others do not write to any more.
#[test]
fn who_comes_back_with_an_old_key_gets_a_new_one_and_all_hear_of_it() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let first = b.home.keys.encryption[0].clone();
    a.wait(310 * DAY);
    b.wait(310 * DAY);
    village.settle(&mut [&mut b, &mut a]);
    let lost = b.certificate().clone();
    with_key(&mut b, first);
    b.wait(5);
    a.wait(5);
    village.settle(&mut [&mut b, &mut a]);
    let contact = a.home.contact_at(&b.mailbox).expect("known");
    let known = contact.certificate(a.time()).expect("sound").expect("one");
    assert_eq!(known.der(), b.certificate().der());
    assert_ne!(known.der(), lost.der());
    share_picture(&mut a, "lake.jpg", &b);
    village.settle(&mut [&mut a, &mut b]);
    assert_eq!(seen(&mut b), 1);
}

#[test]
fn while_the_clock_is_in_doubt_no_key_is_issued() {
    let village = Village::new("a");
    let mut a = village.house("a", &[]);
    a.synchronised = false;
    a.wall += 340 * DAY as i64;
    village.sync(&mut a);
    assert_eq!(a.home.keys.encryption.len(), 1);
    a.synchronised = true;
    village.sync(&mut a);
    assert_eq!(a.home.keys.encryption.len(), 2);
}

#[test]
fn who_died_before_telling_tells_when_it_runs_again() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    of_before(&mut b);
    village.introduce(&mut a, &mut b);
    // The key is in the file, and that is as far as it came.
    let note = |b: &mut House, name: &'static str, value: &'static str| {
        let noted = b.home.album.commit(|rows| rows.set_setting(name, value));
        noted.expect("noted");
    };
    note(&mut b, "keys.tell", "yes");
    note(&mut b, "keys.anew", "0");
    let new = b.identity().issue_encryption_key(b.time()).expect("a key");
    with_key(&mut b, new);
    village.settle(&mut [&mut b, &mut a]);
    assert!(knows_as_safe(&a, &b));
    let card = a.home.contact_at(&b.mailbox).expect("known").card();
    let card = card.expect("sound").expect("certificates");
    assert_eq!(card.encryption.len(), 1);
}

/// Every letter that is written in the life of a share, to households that have both keys.
#[test]
fn nothing_goes_out_under_the_first_key_alone() {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    let mut order = order(
        &[&items[0]],
        &["home-b@b.example"],
        "display=full,forward=yes",
    );
    order.onward = Some(hearthpost::rules::parse_rules("display=1280").expect("rules"));
    let share = a.share(&order).expect("recorded").share;
    let mut met = 0;
    let mut look = |village: &Village, houses: [&mut House; 3]| {
        for house in houses {
            let came = envelopes(village, house);
            assert!(came.iter().all(|one| one.is_to(house.certificate())));
            met += came.len();
            village.sync(house);
        }
    };
    for _ in 0..3 {
        look(&village, [&mut a, &mut b, &mut c]);
    }
    let received = b.home.album.rows().shares().expect("rows");
    let at_b = received[0].reference.clone();
    b.forward(&at_b, "bob", &["home-c@c.example"], "")
        .expect("passed on");
    for _ in 0..3 {
        look(&village, [&mut a, &mut b, &mut c]);
    }
    a.revoke(&share, None).expect("taken back");
    for _ in 0..4 {
        look(&village, [&mut a, &mut b, &mut c]);
    }
    assert!(met >= 8, "grants, receipts, revocations: {met}");
    assert!(stored(&a).iter().all(|one| one.is_quantum_safe));
}

/// A mail with an open letter by the house `from`, dated so many seconds after the start.
fn open_letter(from: &House, body: &Body, later: i64) -> Vec<u8> {
    let issued = Timestamp::from_unix(START + later);
    let outer = Outer::new(from.mailbox.clone(), None, issued);
    let header = Header {
        id: hearthpost::envelope::Id::random(),
        from: from.identity().fingerprint(),
        to: None,
        issued,
    };
    seal_letter_mail(&outer, &header, body, from.identity(), None).expect("written")
}

fn certificates(of: &House, key: &EncryptionKey) -> Vec<Bytes> {
    let ders = [of.identity().certificate().der(), key.certificate().der()];
    ders.map(|der| Bytes(der.to_vec())).to_vec()
}

fn card(of: &House, key: &EncryptionKey) -> Body {
    Body::Card(CardLetter {
        versions: vec![Integer::new(1).expect("one")],
        name: "House B".to_owned(),
        mailbox: of.mailbox.clone(),
        certificates: certificates(of, key),
        stations: Vec::new(),
        words: Vec::new(),
        nonce: None,
    })
}

#[test]
fn an_old_card_sent_again_takes_no_key_away_and_a_newer_one_may() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let old = old_key(b.identity(), Timestamp::from_unix(START - 7200));
    let kept = open_letter(&b, &card(&b, &old), 50);
    let now = open_letter(&b, &card(&b, &b.home.keys.encryption[0]), 100);
    let newer = open_letter(&b, &card(&b, &old), 200);
    a.wait(500);
    for (mail, safe) in [(&now, true), (&kept, true), (&newer, false), (&now, false)] {
        village.deliver(&a, mail);
        village.sync(&mut a);
        assert_eq!(knows_as_safe(&a, &b), safe);
    }
    let findings = village.run(a.home.doctor(&a.reading()));
    let households = findings.iter().find(|one| one.what == "households");
    let words = &households.expect("a finding").words;
    assert_eq!(words, "1 known here, one without quantum-safe keys");
}

#[test]
fn an_old_request_or_file_takes_no_key_away() {
    let village = Village::new("ab");
    let (mut a, b) = (village.house("a", &[]), village.house("b", &[]));
    let old = old_key(b.identity(), Timestamp::from_unix(START - 7200));
    let request = |key: &EncryptionKey| {
        let body = Body::CardRequest(CardRequest {
            mailbox: b.mailbox.clone(),
            certificates: certificates(&b, key),
            nonce: hearthpost::envelope::Id::random(),
        });
        open_letter(&b, &body, 0)
    };
    let (kept, now) = (request(&old), request(&b.home.keys.encryption[0]));
    for mail in [&now, &kept] {
        village.deliver(&a, mail);
        village.sync(&mut a);
        assert!(knows_as_safe(&a, &b));
    }
    let file = Card {
        identity: b.identity().certificate().clone(),
        encryption: vec![old.certificate().clone()],
    };
    let (pem, time) = (file.to_pem().expect("PEM"), a.time());
    let added = a.home.add_contact_file(&b.mailbox, pem.as_bytes(), time);
    assert!(added.expect("added").is_quantum_safe());
    assert!(knows_as_safe(&a, &b));
}

/// `a` shares a picture with both others by way of `b`, which passes on for it; its mails are in the mailbox of `b`.
fn share_by_way_of(village: &Village, [a, b, c]: [&mut House; 3]) {
    let now = b.now();
    b.home.let_relay(&a.mailbox, true, now).expect("let");
    let path = a.folder.join("lake.jpg");
    picture(&path, 300, 200);
    let items = a.import(&[path]);
    let to = [b.mailbox.as_str(), c.mailbox.as_str()];
    let mut order = order(&[&items[0]], &to, "display=1280");
    order.relay_via = Some(b.mailbox.clone());
    a.share(&order).expect("recorded");
    village.sync(a);
}

#[test]
fn a_relay_seals_to_the_newest_key_that_it_knows() {
    let village = Village::new("abc");
    let mut a = village.house("a", &[]);
    let (mut b, mut c) = (village.house("b", &[]), village.house("c", &["bob"]));
    of_before(&mut c);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    share_by_way_of(&village, [&mut a, &mut b, &mut c]);
    // Meanwhile `c` has another key, of which the relay knows.
    village.sync(&mut c);
    village.introduce(&mut b, &mut c);
    assert!(knows_as_safe(&b, &c) && !knows_as_safe(&a, &c));
    village.sync(&mut b);
    let came = envelopes(&village, &c);
    assert!(!came.is_empty() && came.iter().all(|one| one.is_quantum_safe));
    village.settle(&mut [&mut a, &mut b, &mut c]);
    assert_eq!(seen(&mut c), 1);
}

#[test]
fn a_relay_seals_to_the_key_it_was_told_where_that_is_the_newest() {
    let village = Village::new("abc");
    let mut a = village.house("a", &[]);
    let (mut b, mut c) = (village.house("b", &[]), village.house("c", &["bob"]));
    of_before(&mut c);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut b, &mut c);
    // Its new key is told to `a` alone.
    village.sync(&mut c);
    village.take_mail(&b);
    village.introduce(&mut a, &mut c);
    assert!(knows_as_safe(&a, &c) && !knows_as_safe(&b, &c));
    share_by_way_of(&village, [&mut a, &mut b, &mut c]);
    village.sync(&mut b);
    let came = envelopes(&village, &c);
    assert!(!came.is_empty() && came.iter().all(|one| one.is_quantum_safe));
}

#[test]
fn an_authority_that_is_made_meanwhile_does_not_undo_the_new_key() {
    let village = Village::new("a");
    let mut a = village.house("a", &[]);
    of_before(&mut a);
    let mut twin = a.twin();
    meanwhile("renew.before_keys", move || {
        let now = twin.now();
        let fault = twin.home.certify(&[], true, now).expect_err("in hand");
        assert_eq!(fault.code, "busy");
    });
    village.sync(&mut a);
    let now = a.now();
    a.home.certify(&[], true, now).expect("made");
    let keys = Keys::read(&a.folder.join("data")).expect("keys");
    assert_eq!(keys.encryption.len(), 2, "the old one and the new one");
    assert!(keys.authority.is_some());
}
