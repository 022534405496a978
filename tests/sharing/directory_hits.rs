//! More than one hit in the directory: pages of an answer, several households for a word, and places in it that lead elsewhere.

use std::io::ErrorKind;
use std::net::TcpListener;

use crate::house::{House, Village};
use crate::slapd::Slapd;
use crate::slapd::directory::{B, answer, impostor, publish};
use hearthpost::directory::DirectoryError;
use hearthpost::encoding::base64_body;

fn certificates(house: &House) -> Vec<Vec<u8>> {
    house.home.keys.card().ders().map(<[u8]>::to_vec).collect()
}

fn mailboxes(village: &Village, house: &mut House, what: &str) -> Vec<String> {
    let found = answer(village, house, what).found;
    found.iter().map(|one| one.mailbox.to_string()).collect()
}

#[test]
fn a_long_answer_is_read_page_by_page_and_no_further_than_fifty_entries() {
    let (slapd, village) = (Slapd::start(), Village::new("abcd"));
    let mut a = village.house("a", &[]);
    let [b, c, d] = ["b", "c", "d"].map(|name| village.house(name, &[]));
    slapd.used_by(&mut a, "", false);
    for n in 1..=60 {
        let house = match n {
            // Unpaged it would end before this one.
            40 => &c,
            55 => &d,
            _ => &b,
        };
        let mailbox = format!("alias-{n}@b.example");
        let words = ["grandma".to_owned(), format!("word-{n}")];
        slapd.put(&village, &mailbox, &words, &certificates(house));
    }
    let both = ["home-b@b.example", "home-c@c.example"];
    assert_eq!(mailboxes(&village, &mut a, "grandma"), both);
    // It was there to be found.
    let last = mailboxes(&village, &mut a, "word-55");
    assert_eq!(last, ["home-d@d.example"]);
    let mut place = slapd.place();
    place.filter = "(description={})".to_owned();
    let entries = village.run(place.find("grandma")).expect("asked");
    assert_eq!(entries.len(), 50);
}

#[test]
fn a_word_of_several_households_is_offered_with_all_of_them() {
    let (slapd, village) = (Slapd::start(), Village::new("abc"));
    let mut a = village.house("a", &[]);
    for name in ["b", "c"] {
        let mut house = village.house(name, &[]);
        slapd.used_by(&mut house, "", true);
        publish(&village, &mut house, &["grandma"]);
    }
    slapd.used_by(&mut a, "trusted = true", false);
    let now = a.time();
    let to = ["grandma".to_owned()];
    let looked = a.home.look_for_unknown(&to, now);
    let fault = village.run(looked).expect_err("offers");
    assert_eq!(fault.code, "unknown_word");
    let offer = "the directory offers House B (home-b@b.example), House C (home-c@c.example)";
    assert!(fault.message.ends_with(offer), "{fault:?}");
    assert!(a.home.contacts().expect("rows").is_empty());
}

#[test]
fn of_two_identities_at_one_mailbox_none_is_taken() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, b) = (village.house("a", &[]), village.house("b", &[]));
    let other = impostor(&village);
    slapd.put(&village, B, &[], &certificates(&b));
    let found_too = [B.to_owned()];
    slapd.put(&village, "b@x.example", &found_too, &certificates(&other));
    slapd.used_by(&mut a, "trusted = true", false);
    let now = a.time();
    let looked = a.home.look_for_unknown(&found_too, now);
    let looked = village.run(looked).expect("looked for");
    assert!(looked.taken.is_empty());
    assert_eq!(looked.notes.len(), 1, "{looked:?}");
    let note = &looked.notes[0];
    assert!(
        note.starts_with("the directory has several households at home-b@b.example: "),
        "{note}"
    );
    assert!(note.contains("House B (") && note.contains("House of B ("));
    let now = a.time();
    let added = village.run(a.home.add_from_directory(&b.mailbox, now));
    assert_eq!(added.expect_err("which of them").code, "several");
    assert!(a.home.contacts().expect("rows").is_empty());
}

#[test]
fn a_place_that_leads_to_another_server_is_not_followed() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").expect("a port");
    elsewhere.set_nonblocking(true).expect("set");
    let port = elsewhere.local_addr().expect("an address").port();
    let slapd = Slapd::with(&format!(
        "dn: ou=branch,ou=people,o=test\nobjectClass: referral\nobjectClass: extensibleObject\nou: branch\n\
         ref: ldap://127.0.0.1:{port}/ou=people,o=branch\n\n"
    ));
    let village = Village::new("ab");
    let (mut a, b) = (village.house("a", &[]), village.house("b", &[]));
    slapd.put(&village, B, &["grandma".to_owned()], &certificates(&b));
    slapd.used_by(&mut a, "", false);
    assert_eq!(mailboxes(&village, &mut a, "grandma"), [B]);
    let mut below = slapd.place();
    below.base = "ou=cousins,ou=branch,ou=people,o=test".to_owned();
    let error = village.run(below.find("x")).expect_err("elsewhere");
    assert!(matches!(error, DirectoryError::Referral { .. }), "{error}");
    let came = elsewhere.accept().map(|_| ());
    assert_eq!(
        came.map_err(|error| error.kind()),
        Err(ErrorKind::WouldBlock)
    );
}

#[test]
fn entries_of_an_active_directory_are_found_where_it_has_names_and_key_words() {
    let village = Village::new("ab");
    let (mut a, b) = (village.house("a", &[]), village.house("b", &[]));
    let mut entry =
        "dn: cn=hb,ou=people,o=test\nobjectClass: inetOrgPerson\nobjectClass: extensibleObject\n\
         cn: hb\nsn: hb\nmail: home-b@b.example\ndisplayName: The Brooks\ninfo: grandma\n"
            .to_owned();
    for der in certificates(&b) {
        let mut text = Vec::new();
        base64_body(&der, &mut text);
        let text = String::from_utf8(text).expect("base64").replace("\r\n", "");
        entry += &format!("userCertificate;binary:: {text}\n");
    }
    let slapd = Slapd::with(&(entry + "\n"));
    slapd.used_by(&mut a, "kind = \"active-directory\"", false);
    for what in [B, "the brooks", "grandma"] {
        assert_eq!(mailboxes(&village, &mut a, what), [B], "{what}");
    }
    let found = answer(&village, &mut a, "grandma").found.remove(0);
    assert_eq!(found.words, ["grandma"]);
    assert!(mailboxes(&village, &mut a, "hb").is_empty());
    // A filter of one's own comes before that of the kind.
    let own = "kind = \"active-directory\"\nfilter = \"(cn={})\"";
    slapd.used_by(&mut a, own, false);
    assert_eq!(mailboxes(&village, &mut a, "hb"), [B]);
    slapd.used_by(&mut a, "", false);
    assert!(mailboxes(&village, &mut a, "the brooks").is_empty());
    assert_eq!(mailboxes(&village, &mut a, B), [B]);
}
