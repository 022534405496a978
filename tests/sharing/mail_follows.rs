//! A household moves while mail for it waits: that goes to where it is now, by itself and once. Nobody else's does.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::house::by_way::{self, B_TOO};
use crate::house::identity;
use crate::house::passed::{A, B, C};
use crate::house::returned::{group, id_of, postfix};
use crate::house::{House, Village, order, picture};
use hearthpost::album::DestinationState;
use hearthpost::crash::meanwhile;
use hearthpost::envelope::EncryptionKey;
use hearthpost::message::{Body, open_letter_mail};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use openssl::x509::X509;
use testmail::{Account, Reply, Times};

const OLD: &str = "home-a@a.example";
const NEW: &str = "home-n@n.example";

fn introduced() -> (Village, House, House) {
    let village = Village::new("abcn");
    let (mut a, mut b) = (village.house("a", &["ann"]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    (village, a, b)
}

/// `from` shares a picture, as far as its outbox.
fn share(from: &mut House, name: &str, to: &[&str]) -> String {
    let path = from.folder.join(name);
    picture(&path, 300 + name.len() as u32, 200);
    let items = from.import(&[path]);
    let order = order(&[&items[0]], to, "display=full");
    from.share(&order).expect("recorded").share
}

/// Nothing gets to a mailbox for now.
fn stall(village: &Village, mailbox: &str) {
    let later = Reply::new(451, "4.3.0 try again later");
    village
        .server
        .faults()
        .smtp_rcpt(mailbox, later, Times::Always);
}

/// The household goes to another box and mailbox, `n`, a minute later.
fn moves(village: &Village, house: House, person: &str) -> House {
    let mut new = identity::moves(village, &house, "n", &[person]);
    new.wait(60);
    new
}

/// `n` says where it is, and has answered there: its card lies in the mailbox of `b`.
fn says_where_it_is(village: &Village, new: &mut House, b: &mut House) {
    village.sync(new);
    b.wait(60);
    village.sync(b);
    village.sync(new);
}

fn state(house: &House, share: &str) -> DestinationState {
    house.destinations(share)[0].state
}

fn complete(house: &House) -> usize {
    let listed = house.home.received().expect("a list");
    listed.iter().filter(|one| one.state == "complete").count()
}

fn is_parts(mail: &[u8]) -> bool {
    String::from_utf8_lossy(mail).contains("Hearthpost: parts")
}

/// Every mail that lies there has come once, and the letters say for where they are.
fn assert_once(mails: &[Vec<u8>], mailbox: &str) {
    let mut ids: Vec<String> = mails.iter().map(|mail| id_of(mail)).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), mails.len(), "none comes twice");
    for mail in mails.iter().filter(|mail| !is_parts(mail)) {
        let text = String::from_utf8_lossy(mail);
        let to: Vec<&str> = text
            .lines()
            .filter(|line| line.starts_with("To: "))
            .collect();
        assert_eq!(to, [format!("To: {mailbox}")]);
    }
}

#[test]
fn what_waits_goes_to_the_new_mailbox_once() {
    let (village, mut a, mut b) = introduced();
    // Grant, parts, and the receipt of what came from there.
    share(&mut a, "from-there.jpg", &["home-b@b.example"]);
    village.sync(&mut a);
    stall(&village, OLD);
    let lake = share(&mut b, "lake.jpg", &[OLD]);
    village.sync(&mut b);
    assert_eq!(state(&b, &lake), DestinationState::Queued);
    let mut new = moves(&village, a, "ann");
    says_where_it_is(&village, &mut new, &mut b);
    village.take_mail(&new);
    village.sync(&mut b);
    assert_eq!(state(&b, &lake), DestinationState::Sent);
    assert_eq!(b.destinations(&lake)[0].mailbox.as_str(), NEW);
    assert_eq!(b.queued(), 0);
    let came = village.inbox(&new);
    assert_once(&came, NEW);
    let mut kinds: Vec<&str> = came
        .iter()
        .map(|mail| match is_parts(mail) {
            true => "parts",
            false => new.read(mail).body.kind(),
        })
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    assert_eq!(kinds, ["grant", "parts", "receipt"]);
    village.settle(&mut [&mut new, &mut b]);
    assert_eq!(complete(&new), 1);
    assert_eq!(state(&b, &lake), DestinationState::Delivered);
    let old = village.server.messages(OLD, "INBOX");
    assert!(old.is_empty(), "nothing goes where nobody looks");
}

#[test]
fn grant_that_nobody_fetched_goes_once_more_and_its_parts_are_asked_for() {
    let (village, mut a, mut b) = introduced();
    let known = share(&mut b, "known.jpg", &[OLD]);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(state(&b, &known), DestinationState::Delivered);
    let lake = share(&mut b, "lake.jpg", &[OLD]);
    village.sync(&mut b);
    let lost = village.take_mail(&a);
    let mut new = moves(&village, a, "ann");
    says_where_it_is(&village, &mut new, &mut b);
    village.sync(&mut b);
    let came = village.inbox(&new);
    assert_once(&came, NEW);
    let letter = lost.iter().find(|mail| !is_parts(mail)).expect("a grant");
    let same = |mail: &&Vec<u8>| id_of(mail) == id_of(letter);
    assert_eq!(came.iter().filter(same).count(), 1, "the same letter");
    assert!(!came.iter().any(|mail| is_parts(mail)), "and no more of it");
    assert!(
        came.iter()
            .all(|mail| same(&mail) || new.read(mail).body.kind() != "grant")
    );
    for _ in 0..3 {
        village.settle(&mut [&mut new, &mut b]);
        new.wait(700);
        b.wait(700);
    }
    assert_eq!(complete(&new), 1, "what had arrived does not go again");
    assert_eq!(state(&b, &lake), DestinationState::Delivered);
}

#[test]
fn what_comes_back_from_the_old_mailbox_goes_to_the_new_one() {
    let (village, a, mut b) = introduced();
    let lake = share(&mut b, "lake.jpg", &[OLD]);
    village.sync(&mut b);
    let lost = village.take_mail(&a);
    let parts: Vec<&Vec<u8>> = lost.iter().filter(|mail| is_parts(mail)).collect();
    let mut new = moves(&village, a, "ann");
    says_where_it_is(&village, &mut new, &mut b);
    village.sync(&mut b);
    for mail in parts {
        let full = group(OLD, "failed", "5.2.2", "552 5.2.2 mailbox full");
        let mail = postfix(&full, &id_of(mail)).replace('\n', "\r\n");
        village.deliver(&b, mail.as_bytes());
    }
    b.wait(60);
    village.settle(&mut [&mut b, &mut new]);
    assert_eq!(complete(&new), 1);
    assert_eq!(state(&b, &lake), DestinationState::Delivered);
    assert!(village.server.messages(OLD, "INBOX").is_empty());
}

#[test]
fn mail_of_another_household_stays_where_it_is() {
    let (village, mut a, mut b) = introduced();
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut b, &mut c);
    stall(&village, OLD);
    stall(&village, "home-c@c.example");
    // One message of parts for both.
    let lake = share(&mut b, "lake.jpg", &[OLD, "home-c@c.example"]);
    village.sync(&mut b);
    // A card of `c` that says that it is where `a` is, or has been.
    for (mailbox, later) in [(OLD, 300), ("home-a@A.EXAMPLE", 400)] {
        let mut header = c.header(&b);
        header.issued = header.issued.plus_seconds(later);
        let ders = c.home.keys.card();
        let ders = ders
            .ders()
            .map(|der| hearthpost::message::grant::Bytes(der.to_vec()));
        let card = Body::Card(hearthpost::message::CardLetter {
            versions: vec![hearthpost::encoding::Integer::new(1).expect("small")],
            name: "House A".to_owned(),
            mailbox: mailbox.parse().expect("a mailbox"),
            certificates: ders.collect(),
            stations: Vec::new(),
            words: Vec::new(),
            nonce: None,
        });
        let mail = c.letter(&b, &header, &card);
        village.deliver(&b, &mail);
        b.wait(600);
        village.sync(&mut b);
    }
    let mailboxes = |b: &House| -> Vec<String> {
        let all = b.destinations(&lake).into_iter();
        all.map(|one| one.mailbox.to_string()).collect()
    };
    assert_eq!(mailboxes(&b), [OLD, "home-c@c.example"]);
    // It moves in earnest, and what is its own comes along.
    c.wait(900);
    let mut new = moves(&village, c, "carol");
    new.wait(900);
    says_where_it_is(&village, &mut new, &mut b);
    village.settle(&mut [&mut b, &mut new]);
    assert_eq!(mailboxes(&b), [OLD, NEW]);
    assert_eq!(complete(&new), 1);
    assert_eq!(new.home.received().expect("listed").len(), 1);
    assert_eq!(
        state(&b, &lake),
        DestinationState::Queued,
        "that of `a` waits"
    );
    village.server.faults().clear();
    b.wait(86_400);
    a.wait(86_400);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(complete(&a), 1);
    assert!(
        village
            .server
            .messages("home-c@c.example", "INBOX")
            .is_empty()
    );
}

/// The key of a household, in a certificate that names it as that of another one is named.
fn named_as(house: &House, other: &House) -> EncryptionKey {
    let own = house.home.keys.encryption.last().expect("a key");
    let id = |der: &[u8]| {
        let certificate = X509::from_der(der).expect("a certificate");
        let id = certificate.subject_key_id().expect("an identifier");
        id.as_slice().to_vec()
    };
    let mut der = own.certificate().der().to_vec();
    let (from, to) = (id(&der), id(other.certificate().der()));
    assert_eq!(from.len(), to.len());
    let at = der.windows(from.len()).position(|bytes| bytes == from);
    let at = at.expect("it is in there");
    der[at..at + to.len()].copy_from_slice(&to);
    // What is signed is a sequence of more than 255 bytes, as is the whole; the signature is what comes last.
    let signed = 4..8 + usize::from(u16::from_be_bytes([der[6], der[7]]));
    let old = X509::from_der(&der).expect("a certificate");
    let len = old.signature().as_slice().len();
    let key = house.identity().key_der().expect("a key");
    let key = PKey::private_key_from_der(&key).expect("a key");
    let sign = || {
        let mut signer = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
        let signature = signer.sign_oneshot_to_vec(&der[signed.clone()]);
        signature.expect("signed")
    };
    let signature = std::iter::repeat_with(sign).find(|one| one.len() == len);
    let begin = der.len() - len;
    der.splice(begin.., signature.expect("one of that length"));
    let (first, second) = (own.key_der(), own.second_key_der());
    let second = second.expect("a key");
    let forged = EncryptionKey::from_der(
        &first.expect("a key"),
        second.as_ref().map(|key| key.as_slice()),
        &der,
        house.identity().certificate(),
    );
    forged.expect("a good certificate but for its name")
}

#[test]
fn who_names_its_key_as_that_of_another_gets_none_of_that_ones_letters() {
    let (village, mut a, mut b) = introduced();
    let mut c = village.house("c", &["carol"]);
    village.introduce(&mut b, &mut c);
    // It was at that mailbox once, before `a` was.
    let (was, who) = (a.mailbox.clone(), c.home.me());
    let long_ago = b.time().minus_seconds(400 * 86_400);
    let noted = b
        .home
        .album
        .commit(|rows| rows.put_former_mailbox(&was, who, long_ago));
    noted.expect("rows");
    let lake = share(&mut a, "lake.jpg", &["home-b@b.example"]);
    village.sync(&mut a);
    stall(&village, OLD);
    village.sync(&mut b);
    assert_eq!(b.queued(), 1, "the receipt waits");
    let mut new = moves(&village, c, "carol");
    village.sync(&mut new);
    b.wait(60);
    village.sync(&mut b);
    let asked = village.take_mail(&new).remove(0);
    let Body::CardRequest(asked) = new.read(&asked).body else {
        panic!("it is asked where it is now");
    };
    let forged = named_as(&new, &a);
    let ders = [
        new.identity().certificate().der(),
        forged.certificate().der(),
    ];
    let card = Body::Card(hearthpost::message::CardLetter {
        versions: vec![hearthpost::encoding::Integer::new(1).expect("small")],
        name: "House C".to_owned(),
        mailbox: new.mailbox.clone(),
        certificates: ders
            .map(|der| hearthpost::message::grant::Bytes(der.to_vec()))
            .to_vec(),
        stations: Vec::new(),
        words: Vec::new(),
        nonce: Some(asked.nonce),
    });
    new.wait(120);
    b.wait(120);
    village.deliver(&b, &new.letter(&b, &new.header(&b), &card));
    village.sync(&mut b);
    let known = b.home.contact_of(new.home.me()).expect("known");
    assert_eq!(known.mailbox.as_str(), NEW);
    assert_eq!(known.encryption, [forged.certificate().der()]);
    let came = village.server.messages(NEW, "INBOX");
    let keys = &new.home.keys.encryption;
    let opened = came.iter().map(|mail| open_letter_mail(&mail.bytes, keys));
    assert_eq!(opened.filter(Result::is_err).count(), 0);
    village.server.faults().clear();
    b.wait(3_600);
    village.sync(&mut b);
    village.sync(&mut a);
    assert_eq!(state(&a, &lake), DestinationState::Delivered);
}

#[test]
fn stopped_while_it_takes_the_move_it_goes_there_all_the_same() {
    for point in [
        "letter.before_commit",
        "letter.after_commit",
        "submit.before",
        "submit.accepted",
    ] {
        let (village, a, mut b) = introduced();
        stall(&village, OLD);
        let lake = share(&mut b, "lake.jpg", &[OLD]);
        village.sync(&mut b);
        let mut new = moves(&village, a, "ann");
        says_where_it_is(&village, &mut new, &mut b);
        meanwhile(point, || panic!("the power is cut"));
        let cut = catch_unwind(AssertUnwindSafe(|| village.sync(&mut b)));
        assert!(cut.is_err(), "{point}");
        let mut b = b.twin();
        b.wait(60);
        village.settle(&mut [&mut b, &mut new]);
        assert_eq!(complete(&new), 1, "{point}");
        assert_eq!(state(&b, &lake), DestinationState::Delivered, "{point}");
        assert_eq!(b.queued(), 0, "{point}");
        assert!(village.server.messages(OLD, "INBOX").is_empty(), "{point}");
    }
}

#[test]
fn what_a_relay_carries_for_a_household_that_moved_goes_along() {
    for stalled in [true, false] {
        let mut scene = by_way::shared(&B_TOO[1..2], "display=full,store=full");
        let (before, rest) = scene.houses.split_at_mut(C);
        scene.village.introduce(&mut before[B], &mut rest[0]);
        let village = &scene.village;
        // It waits in the outbox of the relay, or for its parts.
        if stalled {
            stall(village, B_TOO[1]);
        }
        village.sync(&mut scene.houses[A]);
        let mut late = Vec::new();
        if !stalled {
            late = village.take_mail(&scene.houses[B]);
            village.deliver(&scene.houses[B], &late.remove(0));
        }
        let _trouble = village.try_sync(&mut scene.houses[B]).expect("sync");
        village.server.add_account(&Account::new(NEW, "secret"));
        let c = scene.houses.remove(C);
        let mut new = moves(village, c, "carol");
        says_where_it_is(village, &mut new, &mut scene.houses[B]);
        village.sync(&mut scene.houses[B]);
        for mail in &late {
            village.deliver(&scene.houses[B], mail);
        }
        let mut houses: Vec<&mut House> = scene.houses.iter_mut().collect();
        houses.push(&mut new);
        village.settle(&mut houses);
        assert_eq!(complete(&new), 1, "stalled: {stalled}");
        let old = village.server.messages(B_TOO[1], "INBOX");
        let is_of_share = |mail: &[u8]| is_parts(mail) || new.read(mail).body.kind() == "grant";
        let of_share = old.iter().filter(|mail| is_of_share(&mail.bytes));
        assert_eq!(of_share.count(), 0, "stalled: {stalled}");
        let to = scene.houses[A].destinations(&scene.share);
        let at = to
            .iter()
            .find(|one| one.mailbox.as_str() == NEW)
            .expect("it moved");
        assert_eq!(at.state, DestinationState::Delivered, "stalled: {stalled}");
    }
}

#[test]
fn what_the_old_mailbox_did_not_take_goes_to_the_new_one() {
    for case in ["stands", "taken back", "over"] {
        let (village, a, mut b) = introduced();
        let no = Reply::new(550, "5.1.1 no such mailbox");
        village.server.faults().smtp_rcpt(OLD, no, Times::Always);
        let path = b.folder.join("lake.jpg");
        picture(&path, 320, 200);
        let items = b.import(&[path]);
        let order = order(
            &[&items[0]],
            &[OLD],
            "display=full,until=2027-01-15T12:00:00Z",
        );
        let lake = b.share(&order).expect("recorded").share;
        village.try_sync(&mut b).expect("sync");
        assert_eq!(state(&b, &lake), DestinationState::Failed, "{case}");
        match case {
            "taken back" => {
                b.revoke(&lake, Some(OLD)).expect("taken back");
            }
            "over" => b.wait(5 * 3_600),
            _ => {}
        }
        let mut new = moves(&village, a, "ann");
        if case == "over" {
            new.wait(5 * 3_600);
        }
        says_where_it_is(&village, &mut new, &mut b);
        village.sync(&mut b);
        village.settle(&mut [&mut b, &mut new]);
        let goes = case == "stands";
        assert_eq!(complete(&new), usize::from(goes), "{case}");
        let expected = match case {
            "stands" => DestinationState::Delivered,
            "over" => DestinationState::Failed,
            _ => DestinationState::Revoked,
        };
        assert_eq!(state(&b, &lake), expected, "{case}");
        assert!(village.server.messages(OLD, "INBOX").is_empty(), "{case}");
    }
}
