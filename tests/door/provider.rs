//! A mail provider that keeps and reads every mail: what it learns of a share and of an introduction, and what not.

use crate::house::forge::PartsMail;
use crate::house::{House, Village, order, picture};
use hearthpost::message::mime::read_pkcs7_entity;
use hearthpost::message::{Body, open_letter_mail};

/// All that a provider can read in a mail: its text, and what its sealed bodies hold as they lie there.
fn as_it_lies(mail: &[u8]) -> Vec<Vec<u8>> {
    let mut all = vec![mail.to_vec()];
    match mail.windows(17).any(|w| w == b"Hearthpost: parts") {
        true => all.extend(PartsMail::read(mail).parts.into_iter().map(|part| part.1)),
        false => all.push(read_pkcs7_entity(mail).expect("a letter")),
    }
    all
}

/// Which of these words stand in any of these.
fn found<'w>(among: &[Vec<u8>], words: &[&'w str]) -> Vec<&'w str> {
    let has = |bytes: &Vec<u8>, word: &str| {
        let lower = bytes.to_ascii_lowercase();
        lower.windows(word.len()).any(|at| at == word.as_bytes())
    };
    let mut words = words.to_vec();
    words.retain(|word| among.iter().any(|bytes| has(bytes, word)));
    words
}

/// The names of the parts that lie in a house's INBOX.
fn part_names(village: &Village, house: &House) -> Vec<String> {
    let mut names: Vec<String> = village
        .inbox(house)
        .iter()
        .filter(|mail| mail.windows(17).any(|w| w == b"Hearthpost: parts"))
        .flat_map(|mail| PartsMail::read(mail).parts.into_iter().map(|part| part.0))
        .collect();
    names.sort();
    names
}

#[test]
fn learns_who_writes_to_whom_and_how_much_and_nothing_of_what() {
    let village = Village::new("abc");
    let (mut a, mut b) = (
        village.house("a", &["annabel"]),
        village.house("b", &["bartholomew"]),
    );
    let mut c = village.house("c", &["cornelia"]);
    village.introduce(&mut a, &mut b);
    village.introduce(&mut a, &mut c);
    let path = a.folder.join("waterfall.jpg");
    picture(&path, 640, 400);
    let items = a.import(&[path]);
    let to = ["home-b+bartholomew@b.example", "home-c@c.example"];
    let mut order = order(&[&items[0]], &to, "display=1280,watermark=yes,period=P7D");
    order.title = "Summer evening".to_owned();
    order.message = "grandmother laughs again".to_owned();
    a.share(&order).expect("recorded");
    village.sync(&mut a);

    // Who, to whom, how much; and that both got the same.
    let sent = village.server.transactions();
    let mut reached: Vec<String> = sent
        .iter()
        .filter(|mail| mail.account == a.mailbox.as_str() && mail.bytes_received > 0)
        .flat_map(|mail| mail.recipients.iter().map(|one| one.0.clone()))
        .collect();
    reached.sort();
    reached.dedup();
    assert_eq!(reached, ["home-b@b.example", "home-c@c.example"]);
    let names = part_names(&village, &b);
    assert!(!names.is_empty());
    assert_eq!(names, part_names(&village, &c));

    // And nothing of what it is. Short words stand in so much base64 by chance.
    let mails = [village.inbox(&b), village.inbox(&c)].concat();
    let lies: Vec<Vec<u8>> = mails.iter().flat_map(|mail| as_it_lies(mail)).collect();
    let hidden = [
        "summer evening",
        "grandmother",
        "waterfall",
        "annabel",
        "bartholomew",
        "cornelia",
        "everyone",
        "max_edge",
        "watermark",
        "display",
        "jfif\0\u{1}",
        "image/jpeg",
    ];
    assert_eq!(found(&lies, &hidden), Vec::<&str>::new());
    assert_eq!(found(&lies, &["home-b@b.example"]), ["home-b@b.example"]);
    let opened = b.read_grant(&village.inbox(&b)[0]).grant;
    assert_eq!(opened.title, "Summer evening", "whose it is opens it");
}

#[test]
fn introductions_are_read_and_say_nothing_of_people() {
    let village = Village::new("ab");
    let (mut a, b) = (
        village.house("a", &["annabel"]),
        village.house("b", &["bartholomew"]),
    );
    a.home.config.announce.people = vec!["annabel".parse().expect("a station")];
    let now = a.now();
    a.home.request_card(&b.mailbox, now).expect("queued");
    village.sync(&mut a);
    let mail = village.inbox(&b).remove(0);
    let letter = open_letter_mail(&mail, &[]).expect("without any key");
    assert_eq!(letter.signer.name(), "House A");
    let Body::CardRequest(request) = letter.body else {
        panic!("not a card-request");
    };
    assert_eq!(request.mailbox, a.mailbox);
    let lies = [mail.clone(), read_pkcs7_entity(&mail).expect("a letter")];
    assert_eq!(found(&lies, &["house a"]), ["house a"], "it lies open");
    assert_eq!(found(&lies, &["annabel"]), Vec::<&str>::new());
}
