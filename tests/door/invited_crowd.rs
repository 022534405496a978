//! Somebody who holds an invitation, and as many identities as they like: how much they make the house write and tell.

use crate::house::{self, House, Village};
use crate::invited::{CHECKED, houses, invite, join, told, trust};
use hearthpost::address::Mailbox;
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::encoding::Integer;
use hearthpost::envelope::{Id, Identity};
use hearthpost::message::grant::Bytes;
use hearthpost::message::mime::Outer;
use hearthpost::message::{
    Body, CardLetter, CardRequest, Header, Invitation, Join, PartRequest, SignedCard,
    seal_letter_mail,
};
use testmail::{Reply, Times};

/// One of many identities, each at a mailbox of somebody who asked for nothing.
struct Mask {
    identity: Identity,
    mailbox: Mailbox,
    certificates: Vec<Bytes>,
}

impl Mask {
    fn new(house: &House, n: usize) -> Self {
        let mailbox: Mailbox = format!("victim{n}@v.example").parse().expect("a mailbox");
        let identity = Identity::generate("Mallory", &mailbox, house.time()).expect("keys");
        let key = identity.issue_encryption_key(house.time()).expect("a key");
        let ders = [identity.certificate().der(), key.certificate().der()];
        Mask {
            certificates: ders.map(|der| Bytes(der.to_vec())).to_vec(),
            identity,
            mailbox,
        }
    }

    /// Asks for the card of `to` with the secret.
    fn asks(&self, to: &House, invitation: &Invitation) -> Vec<u8> {
        let body = Body::CardRequest(CardRequest {
            mailbox: self.mailbox.clone(),
            certificates: self.certificates.clone(),
            nonce: invitation.secret.ask(self.identity.fingerprint()),
        });
        self.writes(to, &body, true)
    }

    /// Comes with the secret.
    fn joins(&self, to: &House, invitation: &Invitation) -> Vec<u8> {
        let card = CardLetter {
            versions: vec![Integer::new(1).expect("one")],
            name: "Mallory".to_owned(),
            mailbox: self.mailbox.clone(),
            certificates: self.certificates.clone(),
            stations: Vec::new(),
            words: Vec::new(),
            nonce: None,
        };
        let (card, digest) = SignedCard::write(card, &self.identity, to.time()).expect("signed");
        let mac = invitation.secret.join(to.home.me(), digest);
        self.writes(to, &Body::Join(Join { card, mac }), false)
    }

    fn writes(&self, to: &House, body: &Body, open: bool) -> Vec<u8> {
        let header = Header {
            id: Id::random(),
            from: self.identity.fingerprint(),
            to: (!open).then(|| to.home.me()),
            issued: to.time(),
        };
        let outer = Outer::new(self.mailbox.clone(), None, to.time());
        let certificate = (!open).then(|| to.certificate());
        seal_letter_mail(&outer, &header, body, &self.identity, certificate).expect("sealed")
    }
}

/// To how many of those who asked for nothing a house wrote.
fn victims(village: &Village) -> usize {
    let sent = village.server.transactions();
    sent.iter()
        .flat_map(|mail| &mail.recipients)
        .filter(|(to, _)| to.ends_with("@v.example"))
        .count()
}

#[test]
fn who_asks_with_it_under_many_names_makes_the_house_write_to_few() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, Some("ann"));
    let invitation: Invitation = link.parse().expect("a link");
    for n in 0..80 {
        village.deliver(&a, &Mask::new(&a, n).asks(&a, &invitation));
    }
    village.sync(&mut a);
    let first = victims(&village);
    assert!((1..=20).contains(&first), "{first} cards");
    assert!(a.home.contacts().expect("rows").is_empty());
    // The next day it counts anew, and who is meant still comes in.
    for house in [&mut a, &mut b] {
        house.wait(86_400);
    }
    join(&mut b, &link);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!((trust(&a, &b), trust(&b, &a)), (CHECKED, CHECKED));
}

#[test]
fn who_comes_with_a_used_one_under_many_names_is_answered_and_told_of_so_often() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, Some("ann"));
    join(&mut b, &link);
    village.settle(&mut [&mut b, &mut a]);
    let invitation: Invitation = link.parse().expect("a link");
    let before = told(&village).len();
    for round in 0..6 {
        for n in 0..12 {
            let mask = Mask::new(&a, 100 * round + n);
            village.deliver(&a, &mask.joins(&a, &invitation));
        }
        assert_eq!(village.sync(&mut a).refused.len(), 12);
        a.wait(1_200);
    }
    let answered = victims(&village);
    assert!((1..=20).contains(&answered), "{answered} answers");
    let mails = told(&village).len() - before;
    assert!((1..=2).contains(&mails), "{mails} mails to Ann");
    assert_eq!(trust(&a, &b), CHECKED);
    assert_eq!(a.home.contacts().expect("rows").len(), 1);
}

#[test]
fn who_comes_in_under_a_mailbox_that_is_not_theirs_makes_the_house_write_little_there() {
    let (village, [mut a, _]) = houses();
    let (_, link, _) = invite(&mut a, Some("ann"));
    let invitation: Invitation = link.parse().expect("a link");
    let mask = Mask::new(&a, 1);
    village.deliver(&a, &mask.joins(&a, &invitation));
    village.sync(&mut a);
    // Both are letters: the welcome, which the house owes the secret, and the question whether anybody answers there.
    assert_eq!(victims(&village), 2);
    let path = a.folder.join("lake.jpg");
    house::picture(&path, 640, 400);
    let item = a.import(&[path]).remove(0);
    let order = house::order(&[&item], &["victim1@v.example"], "display=640");
    let share = a.share(&order).expect("recorded").share;
    let sent = a
        .home
        .sent()
        .expect("rows")
        .remove(0)
        .destinations
        .remove(0);
    assert_eq!(sent.state, "waiting");
    assert_eq!(
        sent.error.as_deref(),
        Some("its mailbox has not answered yet; it is asked to")
    );
    // Whatever it is told, no answer goes there but the bounded ones.
    for n in 0..80 {
        village.deliver(&a, &mask.joins(&a, &invitation));
        let nonce = Id::random();
        let asks = Body::CardRequest(CardRequest {
            mailbox: mask.mailbox.clone(),
            certificates: mask.certificates.clone(),
            nonce,
        });
        village.deliver(&a, &mask.writes(&a, &asks, n % 2 == 0));
    }
    for _ in 0..3 {
        village.sync(&mut a);
        a.wait(3_600);
    }
    assert_eq!(a.destinations(&share)[0].state, DestinationState::Waiting);
    let there = victims(&village);
    assert!(
        there <= 2 + 1 + 10 + 50,
        "{there} mails to who asked for nothing"
    );
}

#[test]
fn what_is_shared_with_who_was_invited_goes_once_the_mailbox_answered() {
    let (village, [mut a, mut b]) = houses();
    let (_, link, _) = invite(&mut a, Some("ann"));
    join(&mut b, &link);
    for _ in 0..2 {
        village.sync(&mut b);
        village.sync(&mut a);
    }
    assert_eq!(trust(&a, &b), CHECKED);
    let path = a.folder.join("lake.jpg");
    house::picture(&path, 640, 400);
    let item = a.import(&[path]).remove(0);
    let order = house::order(&[&item], &[b.mailbox.as_str()], "display=640");
    let share = a.share(&order).expect("recorded").share;
    assert_eq!(a.destinations(&share)[0].state, DestinationState::Waiting);
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    assert_eq!(a.destinations(&share)[0].state, DestinationState::Delivered);
}

/// A card of `house` that names another mailbox as its own.
fn moved(house: &House, mailbox: &Mailbox, nonce: Option<Id>) -> CardLetter {
    let card = house.home.keys.card();
    CardLetter {
        versions: vec![Integer::new(1).expect("one")],
        name: "House B".to_owned(),
        mailbox: mailbox.clone(),
        certificates: card.ders().map(|der| Bytes(der.to_vec())).collect(),
        stations: Vec::new(),
        words: Vec::new(),
        nonce,
    }
}

#[test]
fn who_is_known_and_names_a_mailbox_that_is_not_theirs_has_no_parts_sent_there() {
    let (village, [mut a, mut b, mut c]) = houses();
    for other in [&mut b, &mut c] {
        village.introduce(&mut a, other);
    }
    let path = a.folder.join("lake.jpg");
    house::picture(&path, 640, 400);
    let item = a.import(&[path]).remove(0);
    // The parts stay for `c`, which does not look.
    let to = [b.mailbox.as_str(), c.mailbox.as_str()];
    let share = a.share(&house::order(&[&item], &to, "display=640"));
    let share = share.expect("recorded").share;
    village.settle(&mut [&mut b, &mut a]);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);

    let victim: Mailbox = "home-d@d.example".parse().expect("a mailbox");
    let there = |village: &Village| {
        let mails = village.server.messages(victim.as_str(), "INBOX");
        let mails = mails.iter().map(|mail| mail.bytes.to_vec());
        mails.collect::<Vec<_>>()
    };
    let parts_there = |village: &Village| {
        let is_parts = |mail: &Vec<u8>| String::from_utf8_lossy(mail).contains("Hearthpost: parts");
        there(village).iter().filter(|mail| is_parts(mail)).count()
    };
    let tells = |village: &Village, a: &mut House, b: &House, body: &Body| {
        let mail = b.letter(a, &b.header(a), body);
        village.deliver(a, &mail);
        assert_eq!(village.sync(a).refused, Vec::<String>::new());
    };
    let asks_for_parts = |b: &House| {
        let share = b.share_named(&share);
        let rows = b.home.album.rows();
        let holding = rows.holdings(share.id).expect("rows").remove(0);
        let parts = rows.parts(share.id).expect("rows");
        Body::PartRequest(PartRequest {
            share: share.wire,
            origin: share.origin,
            parts: parts.iter().map(|part| part.digest).collect(),
            chain: holding.chain.into_iter().map(Bytes).collect(),
        })
    };
    let (_, link, _) = invite(&mut a, Some("ann"));
    let invitation: Invitation = link.parse().expect("a link");
    b.wait(60);
    a.wait(60);
    let (card, digest) =
        SignedCard::write(moved(&b, &victim, None), b.identity(), b.time()).expect("signed");
    let mac = invitation.secret.join(a.home.me(), digest);
    tells(&village, &mut a, &b, &Body::Join(Join { card, mac }));
    for _ in 0..3 {
        tells(&village, &mut a, &b, &asks_for_parts(&b));
        a.wait(3_600);
    }
    village.sync(&mut a);
    assert_eq!(parts_there(&village), 0);
    assert_eq!(there(&village).len(), 2, "the welcome and the question");
    // Somebody answers there: it was theirs.
    let nonce = there(&village)
        .iter()
        .find_map(|mail| match b.read(mail).body {
            Body::CardRequest(request) => Some(request.nonce),
            _ => None,
        });
    b.wait(3 * 3_600);
    let card = Body::Card(moved(&b, &victim, nonce));
    tells(&village, &mut a, &b, &card);
    tells(&village, &mut a, &b, &asks_for_parts(&b));
    village.sync(&mut a);
    assert!(parts_there(&village) > 0, "none of those were spent before");
}

#[test]
fn what_waits_for_who_names_another_mailbox_follows_once_that_has_answered() {
    let (village, [mut a, mut b, _]) = houses();
    village.introduce(&mut a, &mut b);
    let later = Reply::new(451, "4.3.0 try again later");
    let faults = village.server.faults();
    faults.smtp_rcpt(b.mailbox.as_str(), later, Times::Always);
    let path = a.folder.join("lake.jpg");
    house::picture(&path, 640, 400);
    let item = a.import(&[path]).remove(0);
    let order = house::order(&[&item], &[b.mailbox.as_str()], "display=640");
    a.share(&order).expect("recorded");
    village.sync(&mut a);
    let (_, link, _) = invite(&mut a, Some("ann"));
    let invitation: Invitation = link.parse().expect("a link");
    let victim: Mailbox = "home-d@d.example".parse().expect("a mailbox");
    let kinds = |b: &House| {
        let mails = village.server.messages(victim.as_str(), "INBOX");
        let kind = |mail: &[u8]| match String::from_utf8_lossy(mail).contains("Hearthpost: parts") {
            true => "parts",
            false => b.read(mail).body.kind(),
        };
        let mut kinds: Vec<&str> = mails.iter().map(|mail| kind(&mail.bytes)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    };
    let tells = |a: &mut House, b: &House, body: &Body| {
        let mail = b.letter(a, &b.header(a), body);
        village.deliver(a, &mail);
        assert_eq!(village.sync(a).refused, Vec::<String>::new());
    };
    b.wait(60);
    a.wait(60);
    let (card, digest) =
        SignedCard::write(moved(&b, &victim, None), b.identity(), b.time()).expect("signed");
    let mac = invitation.secret.join(a.home.me(), digest);
    tells(&mut a, &b, &Body::Join(Join { card, mac }));
    a.wait(12 * 3_600);
    village.sync(&mut a);
    assert_eq!(kinds(&b), ["card-request", "join-answer"]);
    let mails = village.server.messages(victim.as_str(), "INBOX");
    let nonce = mails
        .iter()
        .find_map(|mail| match b.read(&mail.bytes).body {
            Body::CardRequest(request) => Some(request.nonce),
            _ => None,
        });
    b.wait(13 * 3_600);
    tells(&mut a, &b, &Body::Card(moved(&b, &victim, nonce)));
    assert_eq!(kinds(&b), ["card-request", "grant", "join-answer", "parts"]);
    assert_eq!(a.queued(), 0);
}
