//! Other households by the command line, and what may be shared with which of them.

use crate::command::{House, picture};
use crate::house::{START, Village};
use crate::old_key::old_key;
use hearthpost::encoding::Timestamp;
use hearthpost::envelope::Card;

pub fn fingerprint(house: &House) -> (String, String) {
    let document = house.run(["doctor"]).json();
    let text = document.to_string();
    let hex = text.split("fingerprint ").nth(1).expect("doctor shows it")[..64].to_owned();
    let parsed: hearthpost::envelope::Fingerprint = hex.parse().expect("a fingerprint");
    (hex, parsed.words())
}

#[test]
fn a_household_is_added_by_its_certificate_file_in_either_form() {
    let (a, b, c) = (House::new("a"), House::new("b"), House::new("c"));
    a.add(&b);
    std::fs::write(a.path("c.json"), c.run(["contact", "export"]).stdout).expect("a file");
    a.run(["contact", "add", &c.mailbox, "--cert", "c.json"])
        .done();
    let list = a.run(["contact", "list"]).done();
    let list = list["contacts"].as_array().expect("a list");
    assert_eq!(list.len(), 2);
    for (known, other) in list.iter().zip([&b, &c]) {
        assert_eq!(known["mailbox"], other.mailbox.as_str());
        assert_eq!(known["fingerprint"], fingerprint(other).0.as_str());
        assert_eq!(known["trust"], "verified");
    }
    assert_eq!(list[0]["name"], "House B");
    let shown = a.run(["contact", "show", &b.mailbox]).done();
    assert_eq!(shown["words"], fingerprint(&b).1.as_str());
}

#[test]
fn it_is_said_whether_letters_to_it_are_quantum_safe() {
    let (a, village) = (House::new("a"), Village::new("b"));
    let b = village.house("b", &[]);
    let keys = &b.home.keys;
    let old = old_key(&keys.identity, Timestamp::from_unix(START - 3600));
    let of_before = Card {
        identity: keys.identity.certificate().clone(),
        encryption: vec![old.certificate().clone()],
    };
    let mailbox = b.mailbox.as_str();
    for (card, safe, said) in [
        (of_before, false, "are not quantum-safe"),
        (keys.card(), true, "are quantum-safe"),
    ] {
        std::fs::write(a.path("b.pem"), card.to_pem().expect("PEM")).expect("a file");
        a.run(["contact", "add", mailbox, "--cert", "b.pem"]).done();
        let shown = a.run(["contact", "show", mailbox]).done();
        assert_eq!(shown["quantum_safe"], safe);
        let words = a.say(["contact", "show", mailbox]).stdout;
        assert!(words.contains(&format!("Letters to it {said}")), "{words}");
    }
}

#[test]
fn a_certificate_file_of_another_or_of_nobody_is_refused() {
    let (a, b) = (House::new("a"), House::new("b"));
    std::fs::write(a.path("b.pem"), b.say(["contact", "export"]).stdout).expect("a file");
    std::fs::write(a.path("a.pem"), a.say(["contact", "export"]).stdout).expect("a file");
    std::fs::write(a.path("no.pem"), "nothing").expect("a file");
    for (mailbox, file, code) in [
        ("home-c@c.example", "b.pem", 1),
        ("home-a@a.example", "a.pem", 2),
        ("home-b@b.example", "no.pem", 1),
        ("home-b@b.example", "nowhere.pem", 2),
    ] {
        a.run(["contact", "add", mailbox, "--cert", file])
            .failed(code);
    }
    assert_eq!(
        a.run(["contact", "list"]).done()["contacts"],
        serde_json::json!([])
    );
}

#[test]
fn words_and_digits_verify_and_those_of_another_do_not() {
    let (a, b, c) = (House::new("a"), House::new("b"), House::new("c"));
    a.add(&b);
    let (hex, words) = fingerprint(&b);
    let verify = |typed: &[&str]| {
        let mut all = vec!["contact", "verify", b.mailbox.as_str(), "--fingerprint"];
        all.extend(typed);
        a.run(all)
    };
    assert_eq!(verify(&[&hex]).done()["trust"], "verified");
    assert_eq!(verify(&[&words]).done()["trust"], "verified");
    let apart: Vec<&str> = words.split(' ').collect();
    assert_eq!(verify(&apart).done()["trust"], "verified");
    let (other_hex, other_words) = fingerprint(&c);
    assert_eq!(verify(&[&other_hex]).failed(1).0, "fingerprint");
    assert_eq!(verify(&[&other_words]).failed(1).0, "fingerprint");
    verify(&["abandon", "ability"]).failed(2);
    // Nobody is there to compare.
    assert_eq!(
        a.run(["contact", "verify", &b.mailbox]).failed(2).0,
        "fingerprint"
    );
    assert_eq!(
        a.run(["contact", "verify", &c.mailbox, "--fingerprint", &hex])
            .failed(2)
            .0,
        "unknown_contact"
    );
}

#[test]
fn a_household_can_be_blocked_and_forgotten() {
    let (a, b) = (House::new("a"), House::new("b"));
    a.add(&b);
    assert_eq!(
        a.run(["contact", "block", &b.mailbox]).done()["blocked"],
        true
    );
    picture(&a.path("lake.jpg"), 320, 240);
    let share = ["share", "lake.jpg", "--to", &b.mailbox, "--yes"];
    assert_eq!(a.run(share).failed(1).0, "blocked");
    assert_eq!(
        a.run(["contact", "unblock", &b.mailbox]).done()["blocked"],
        false
    );
    a.run(["contact", "remove", &b.mailbox]).done();
    assert_eq!(
        a.run(["contact", "remove", &b.mailbox]).failed(2).0,
        "unknown_contact"
    );

    a.add(&b);
    a.run(share).done();
    assert_eq!(
        a.run(["contact", "remove", &b.mailbox]).failed(1).0,
        "in_use"
    );
}

#[test]
fn a_household_is_asked_by_mail_and_what_is_shared_with_it_waits() {
    let a = House::new("a");
    let asked = a.run(["contact", "request", "home-b@b.example"]).done();
    assert_eq!(asked["mailbox"], "home-b@b.example");
    a.run(["contact", "add", "home-c@c.example"]).done();
    assert_eq!(
        a.run(["contact", "request", &a.mailbox]).failed(2).0,
        "self"
    );
    picture(&a.path("lake.jpg"), 320, 240);
    let share = a.run(["share", "lake.jpg", "--to", "home-b@b.example", "--yes"]);
    let share = share.done()["share"].as_str().expect("a name").to_owned();
    let sent = a.run(["sent"]).done()["shares"][0]["destinations"][0].clone();
    assert_eq!(sent["state"], "waiting");
    let said = a.say(["show", &share]).stdout;
    assert!(
        said.contains("home-b@b.example: waiting for its card, which it was asked for"),
        "{said}"
    );
    a.run(["revoke", &share]).done();
    let said = a.say(["sent"]).stdout;
    assert!(
        said.contains("taken back; nothing had gone there"),
        "{said}"
    );
}

#[test]
fn who_was_asked_and_did_not_answer_is_listed() {
    let a = House::new("a");
    let none = a.say(["contact", "list"]).stdout;
    assert!(none.starts_with("No households yet."), "{none}");
    a.run(["contact", "request", "home-b@b.example"]).done();
    let list = a.run(["contact", "list"]).done();
    assert_eq!(list["contacts"], serde_json::json!([]));
    assert_eq!(list["asked"][0]["mailbox"], "home-b@b.example");
    let said = a.say(["contact", "list"]).stdout;
    assert!(said.starts_with("home-b@b.example"), "{said}");
    assert!(
        said.contains("asked on ") && said.contains("no answer yet"),
        "{said}"
    );
    a.run(["contact", "remove", "home-b@b.example"]).done();
    assert_eq!(a.say(["contact", "list"]).stdout, none);
}
