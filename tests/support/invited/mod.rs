//! Houses with a keeper each, and invitations between them.

#![allow(dead_code, reason = "each test file uses its own part")]

use hearthpost::address::StationName;
use hearthpost::album::{Joining, Trust};
use hearthpost::sharing::accounts::Password;
use hearthpost::sharing::invite::Given;

use crate::house::{House, Village};

/// Checked by an invitation.
pub const CHECKED: Option<(Trust, bool)> = Some((Trust::Verified, true));

/// How `house` knows `other`, and whether it hears it.
pub fn trust(house: &House, other: &House) -> Option<(Trust, bool)> {
    let rows = house.home.album.rows();
    let contact = rows.contact(other.home.me()).expect("rows");
    contact.map(|contact| (contact.trust, contact.accepted))
}

/// `a`, `b` and so on, kept by Ann, Bob, Carol and Dan.
pub fn houses<const N: usize>() -> (Village, [House; N]) {
    let village = Village::new("abcd");
    let all = [("a", "ann"), ("b", "bob"), ("c", "carol"), ("d", "dan")];
    let houses = std::array::from_fn(|n| {
        let mut house = village.house(all[n].0, &[]);
        keeper(&mut house, all[n].1);
        house
    });
    (village, houses)
}

/// Somebody who keeps the house, and is told there by mail to `NAME@p.example`.
pub fn keeper(house: &mut House, name: &str) {
    let station: StationName = name.parse().expect("a station");
    let now = house.now();
    let mail = "people@p.example".parse().expect("a mailbox");
    let added = house.home.add_person(station.clone(), mail, now);
    added.expect("added");
    let password = Password::new("correct horse".to_owned());
    let set = house.home.set_password(&station, &password, now);
    set.expect("a password");
    house.home.set_keeper(&station, true).expect("a keeper");
}

/// An invitation: what it is called, the link, the words.
pub fn invite(house: &mut House, person: Option<&str>) -> (String, String, String) {
    let now = house.now();
    let person = person.map(|name| name.parse().expect("a station"));
    let invited = house.home.invite(person.as_ref(), 7, now);
    let invited = invited.expect("an invitation");
    let words = format!("{} {}", invited.mailbox, *invited.words);
    (invited.reference, invited.link.to_string(), words)
}

pub fn join(house: &mut House, text: &str) {
    let now = house.clock();
    house.home.join(text, None, now).expect("followed");
}

/// The only invitation that was given there.
pub fn given(house: &House) -> Given {
    let mut all = house.home.invitations(house.time()).expect("listed");
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The only invitation that is followed there.
pub fn followed(house: &House) -> Joining {
    let mut all = house.home.joinings().expect("listed");
    assert_eq!(all.len(), 1);
    all.remove(0)
}

/// The mails to people: subject and text.
pub fn told(village: &Village) -> Vec<(String, String)> {
    let mails = village.server.messages("people@p.example", "INBOX");
    let read = |mail: &[u8]| {
        let mail = mail_parser::MessageParser::default().parse(mail);
        let mail = mail.expect("a mail");
        let text = mail.body_text(0).expect("a text").into_owned();
        (mail.subject().expect("a subject").to_owned(), text)
    };
    mails.iter().map(|mail| read(&mail.bytes)).collect()
}

/// Their subjects, sorted.
pub fn subjects(village: &Village) -> Vec<String> {
    let mut subjects: Vec<String> = told(village).into_iter().map(|(one, _)| one).collect();
    subjects.sort();
    subjects
}
