//! Mail that was changed, forged, replayed or made to hurt. Every time the album afterwards is the album before, and
//! what is honest still gets through.

use crate::house::forge::{PartsMail, bend_der, wrap};
use crate::house::{House, Village, order, picture};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::message::ReceiptState;

/// A share of two pictures on its way from `a` to `b`, its mails in our hands: letter, abouts, thumbs, previews,
/// originals.
struct OnItsWay {
    village: Village,
    a: House,
    b: House,
    share: String,
    mails: Vec<Vec<u8>>,
}

fn on_its_way() -> OnItsWay {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let paths = ["lake.jpg", "hill.jpg"].map(|name| a.folder.join(name));
    picture(&paths[0], 640, 400);
    picture(&paths[1], 400, 640);
    let items = a.import(&paths);
    let order = order(
        &[&items[0], &items[1]],
        &["home-b+bob@b.example"],
        "display=full,store=full",
    );
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    let mails = village.take_mail(&b);
    assert_eq!(mails.len(), 4, "letter, abouts, thumbs, originals");
    OnItsWay {
        village,
        a,
        b,
        share,
        mails,
    }
}

impl OnItsWay {
    /// Delivers honest mail and lets `b` read it.
    fn arrive(&mut self, mails: std::ops::Range<usize>) {
        for mail in &self.mails[mails] {
            self.village.deliver(&self.b, mail);
        }
        self.village.sync(&mut self.b);
    }

    /// Delivers a bad mail; `b` refuses it and is as before.
    fn refuse(&mut self, mail: &[u8]) -> Vec<String> {
        let before = self.b.visible();
        self.village.deliver(&self.b, mail);
        let done = self.village.sync(&mut self.b);
        assert_eq!(self.b.visible(), before);
        assert!(
            self.village.inbox(&self.b).contains(&mail.to_vec()),
            "what is refused stays where it is"
        );
        done.refused
    }

    fn assert_completes(&mut self) {
        let range = 0..self.mails.len();
        self.arrive(range);
        assert_eq!(self.b.share_named(&self.share).state, ShareState::Complete);
        let left = self.village.inbox(&self.b);
        let served = self.mails.iter().all(|mail| !left.contains(mail));
        assert!(served, "what was taken is removed");
    }
}

#[test]
fn tampered_part_is_refused_and_a_good_copy_completes_the_share() {
    let mut way = on_its_way();
    way.arrive(0..3);
    let mut bent = PartsMail::read(&way.mails[3]);
    let middle = bent.parts[0].1.len() / 2;
    bent.parts[0].1[middle] ^= 1;
    bent.parts.truncate(1);
    let refused = way.refuse(&bent.write());
    assert_eq!(
        refused,
        ["a part is not what its name says: it was changed on the way"]
    );
    assert_eq!(way.b.share_named(&way.share).state, ShareState::Arriving);
    way.assert_completes();
}

#[test]
fn swapped_names_of_parts_are_refused() {
    let mut way = on_its_way();
    way.arrive(0..3);
    let mut bent = PartsMail::read(&way.mails[3]);
    let names = [bent.parts[0].0.clone(), bent.parts[1].0.clone()];
    bent.parts[0].0 = names[1].clone();
    bent.parts[1].0 = names[0].clone();
    assert_eq!(way.refuse(&bent.write()).len(), 2);
    way.assert_completes();
}

#[test]
fn part_of_another_share_under_a_wanted_name_is_refused() {
    let mut way = on_its_way();
    way.arrive(0..3);
    let name = PartsMail::read(&way.mails[3]).parts[0].0.clone();
    let mut other = PartsMail::read(&way.mails[2]);
    other.parts.truncate(1);
    other.parts[0].0 = name;
    assert_eq!(way.refuse(&other.write()).len(), 1);
    way.assert_completes();
}

#[test]
fn part_whose_base64_is_garbage_is_refused() {
    let mut way = on_its_way();
    way.arrive(0..3);
    let mut mail = way.mails[3].clone();
    let body = mail.len() / 2;
    mail[body] = b'!';
    let before = way.b.blobs().len();
    way.village.deliver(&way.b, &mail);
    let done = way.village.sync(&mut way.b);
    assert_eq!(done.refused, ["a part whose base64 is broken"]);
    assert_eq!(way.b.blobs().len(), before + 1, "the other one is good");
    way.assert_completes();
}

#[test]
fn parts_that_no_grant_asks_for_are_not_even_fetched() {
    let mut way = on_its_way();
    for mail in &way.mails[1..] {
        way.village.deliver(&way.b, mail);
    }
    let done = way.village.sync(&mut way.b);
    assert_eq!((done.fetched, done.refused.len()), (0, 0));
    assert_eq!(way.b.blobs().len(), 0);
    way.arrive(0..1);
    assert_eq!(way.b.share_named(&way.share).state, ShareState::Complete);
}

#[test]
fn letter_with_any_one_byte_flipped_is_refused_without_an_answer() {
    let mut way = on_its_way();
    let (a, b) = (&way.a, &way.b);
    let len = bend_len(&way.mails[0]);
    let bent: Vec<Vec<u8>> = (0..8)
        .map(|n| {
            bend_der(&way.mails[0], a, b, |mut der| {
                let last = der.len() - 1;
                der[(n * len / 7).min(last)] ^= 1;
                der
            })
        })
        .collect();
    for mail in bent {
        assert_eq!(way.refuse(&mail).len(), 1);
    }
    assert_eq!(way.b.queued(), 0, "an answer would be an oracle");
    way.assert_completes();
}

fn bend_len(mail: &[u8]) -> usize {
    hearthpost::message::mime::read_pkcs7_entity(mail)
        .expect("an entity")
        .len()
}

#[test]
fn letter_whose_base64_is_garbage_is_refused() {
    let mut way = on_its_way();
    let mut mail = way.mails[0].clone();
    let middle = mail.len() / 2;
    mail[middle] = b'*';
    assert_eq!(way.refuse(&mail).len(), 1);
    way.assert_completes();
}

#[test]
fn oversize_letter_is_not_fetched_whole() {
    let mut way = on_its_way();
    let mail = wrap(&way.a, &way.b, &vec![0x30; 9 << 20]);
    let before = way.village.server.imap_log().len();
    assert_eq!(way.refuse(&mail), ["a letter longer than any"]);
    let sent: u64 = way.village.server.imap_log()[before..]
        .iter()
        .map(|command| command.bytes_sent)
        .sum();
    assert!(sent < mail.len() as u64, "{sent} bytes were fetched");
    let before = way.village.server.imap_log().len();
    way.village.sync(&mut way.b);
    let again = &way.village.server.imap_log()[before..];
    let fetched = again.iter().any(|c| c.text.contains("BODY.PEEK[]"));
    assert!(!fetched, "it is judged once");
    way.assert_completes();
}

#[test]
fn mail_of_a_person_that_looks_like_ours_is_left_alone() {
    let mut way = on_its_way();
    let mails: [&[u8]; 4] = [
        b"From: aunt@p.example\r\nSubject: Hearthpost\r\n\r\nHave you seen this program?\r\n",
        b"From: aunt@p.example\r\nSubject: Hearthpost\r\nContent-Type: application/pkcs7-mime; \
          smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nMAAA\r\n",
        b"From: aunt@p.example\r\nSubject: secret\r\nContent-Type: application/pkcs7-mime; \
          smime-type=authEnveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nMAAA\r\n",
        b"From: aunt@p.example\r\nSubject: keys\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\
          Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data\r\nContent-ID: <ab@p.example>\r\n\
          Content-Transfer-Encoding: base64\r\n\r\nMAAA\r\n--x--\r\n",
    ];
    let uids = mails.map(|mail| way.village.deliver(&way.b, mail));
    way.arrive(0..4);
    let left = way.village.server.messages(way.b.mailbox.as_str(), "INBOX");
    assert_eq!(left.iter().map(|m| m.uid).collect::<Vec<_>>(), uids);
    for message in left {
        assert_eq!(message.flags, Vec::<String>::new());
    }
    assert_eq!(way.b.share_named(&way.share).state, ShareState::Complete);
}

#[test]
fn parts_that_the_person_deletes_meanwhile_stop_nothing() {
    let mut way = on_its_way();
    for mail in &way.mails[1..3] {
        way.village.deliver(&way.b, mail);
    }
    way.village.sync(&mut way.b);
    way.village.take_mail(&way.b);
    way.arrive(0..1);
    assert_eq!(way.b.share_named(&way.share).state, ShareState::Arriving);
    way.assert_completes();
}

#[test]
fn replayed_mail_changes_nothing_and_is_answered_once() {
    let mut way = on_its_way();
    way.assert_completes();
    let answered = way.village.receipts(&way.a);
    assert_eq!(answered, [(ReceiptState::Complete, None)]);
    way.village.sync(&mut way.a);
    let before = way.b.visible();
    for mail in way.mails.clone().iter().chain(&way.mails.clone()) {
        way.village.deliver(&way.b, mail);
    }
    let done = way.village.sync(&mut way.b);
    assert_eq!(
        (done.notified, done.submitted, done.refused.len()),
        (0, 0, 0)
    );
    assert_eq!(way.b.visible(), before);
    assert!(way.village.inbox(&way.b).is_empty(), "all of it is removed");
    let state = way.a.destinations(&way.share).remove(0).state;
    assert_eq!(state, DestinationState::Delivered);
}
