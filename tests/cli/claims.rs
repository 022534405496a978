//! Several households that say that they are at one mailbox, by the command line.

use std::path::Path;

use crate::command::{Ran, run};
use crate::house::{House, Village};
use serde_json::Value;

fn at(folder: &Path, words: &[&str], json: bool) -> Ran {
    let begin = ["--config", "hearthpost.toml"].into_iter();
    let begin = begin.chain(json.then_some("--json"));
    run(folder, begin.chain(words.iter().copied()))
}

/// Somebody who asks `a` for its card from that mailbox.
fn asks(village: &Village, a: &mut House, folder: &str, mailbox: &str) -> House {
    let mut other = village.house_at(folder, mailbox, &[]);
    let now = other.now();
    other
        .home
        .request_card(&a.mailbox, now)
        .expect("a request is queued");
    village.sync(&mut other);
    village.sync(a);
    other
}

fn short(house: &House) -> String {
    house.home.me().short()
}

fn row<'l>(list: &'l str, house: &House) -> &'l str {
    let short = short(house);
    let mut rows = list.lines().filter(|line| line.contains(&short));
    let row = rows.next().unwrap_or_else(|| panic!("{short}: {list}"));
    assert!(rows.next().is_none(), "{list}");
    row
}

fn listed<'l>(list: &'l Value, house: &House) -> &'l Value {
    let who = house.home.me().to_string();
    let all = list["contacts"].as_array().expect("a list");
    all.iter()
        .find(|one| one["fingerprint"] == who.as_str())
        .expect("listed")
}

#[test]
fn who_claims_the_mailbox_of_a_known_household_is_an_alarm_and_not_let_in() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let mailbox = b.mailbox.to_string();
    let other = asks(&village, &mut a, "other", &mailbox);
    let folder = a.folder.clone();
    let list = at(&folder, &["contact", "list"], false).stdout;
    let (known, claims) = (row(&list, &b), row(&list, &other));
    assert!(
        claims.contains("ALARM") && !claims.contains("accept"),
        "{claims}"
    );
    assert!(
        known.contains("words compared") && known.contains("ALARM"),
        "{known}"
    );
    let list = at(&folder, &["contact", "list"], true).done();
    assert_eq!(listed(&list, &other)["claiming"], true);
    assert!(listed(&list, &b).get("claiming").is_none());

    for who in [mailbox.as_str(), &short(&other)] {
        let (code, _) = at(&folder, &["contact", "accept", who], true).failed(1);
        assert_eq!(code, "second_identity", "{who}");
        let said = at(&folder, &["contact", "accept", who], false).stderr;
        assert!(said.contains("contact verify"), "{said}");
    }
    let (code, _) = at(&folder, &["contact", "add", &mailbox], true).failed(1);
    assert_eq!(code, "second_identity");
    let said = at(&folder, &["contact", "accept", &mailbox], false).stderr;
    assert!(
        said.contains(&short(&other)) && said.contains("by telephone"),
        "{said}"
    );
    // None is shut out in the place of the other.
    for verb in ["block", "remove"] {
        let (code, _) = at(&folder, &["contact", verb, &mailbox], true).failed(2);
        assert_eq!(code, "several", "{verb}");
    }
    let blocked = at(&folder, &["contact", "block", &short(&other)], true).done();
    assert_eq!(blocked["fingerprint"], other.home.me().to_string());
    assert_eq!(blocked["blocked"], true);
    let list = at(&folder, &["contact", "list"], false).stdout;
    assert!(!list.contains("ALARM"), "{list}");
    let accepted = at(&folder, &["contact", "accept", &mailbox], true).done();
    assert_eq!(accepted["fingerprint"], b.home.me().to_string());
    let shown = at(&folder, &["contact", "show", &mailbox], true).done();
    assert_eq!(
        (&shown["blocked"], &shown["accepted"]),
        (&false.into(), &true.into())
    );
}

#[test]
fn of_several_strangers_at_one_mailbox_none_is_chosen() {
    let village = Village::new("ac");
    let mut a = village.house("a", &[]);
    let mailbox = "home-c@c.example";
    let one = asks(&village, &mut a, "one", mailbox);
    let other = asks(&village, &mut a, "other", mailbox);
    let folder = a.folder.clone();
    for verb in ["accept", "add", "block", "remove"] {
        let (code, _) = at(&folder, &["contact", verb, mailbox], true).failed(2);
        assert_eq!(code, "several", "{verb}");
    }
    let list = at(&folder, &["contact", "list"], false).stdout;
    for house in [&one, &other] {
        assert!(
            row(&list, house).contains("hearthpost contact accept"),
            "{list}"
        );
    }
    let who = &one.home.me().to_string()[..8];
    let accepted = at(&folder, &["contact", "accept", who], true).done();
    assert_eq!(accepted["fingerprint"], one.home.me().to_string());
    assert_eq!(accepted["accepted"], true);
    at(&folder, &["contact", "remove", &short(&other)], true).done();
    let list = at(&folder, &["contact", "list"], false).stdout;
    assert!(
        !list.contains(&short(&one)),
        "it is alone at its mailbox: {list}"
    );
    let (code, _) = at(&folder, &["contact", "block", "0123456789ab"], true).failed(2);
    assert_eq!(code, "unknown_contact");
    at(&folder, &["contact", "block", "abc"], true).failed(2);
}

/// A knows B, and another one claims the mailbox of that.
fn claimed() -> (Village, House, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let mailbox = b.mailbox.to_string();
    let other = asks(&village, &mut a, "other", &mailbox);
    (village, a, b, other)
}

#[test]
fn who_is_forgotten_is_the_one_that_was_named_and_no_other_at_that_mailbox() {
    let (village, mut a, b, mut other) = claimed();
    let (folder, mailbox) = (a.folder.clone(), b.mailbox.to_string());
    let said = at(&folder, &["contact", "remove", &short(&other)], false).stdout;
    assert!(
        said.contains(&short(&other)) && said.contains("stays"),
        "{said}"
    );
    assert!(!said.contains("The household at"), "{said}");
    let list = at(&folder, &["contact", "list"], false).stdout;
    assert!(
        list.contains("words compared") && !list.contains("ALARM"),
        "{list}"
    );
    let now = other.now();
    other.home.request_card(&a.mailbox, now).expect("queued");
    village.sync(&mut other);
    village.sync(&mut a);
    let gone = at(&folder, &["contact", "remove", &short(&other)], true).done();
    assert_eq!(gone["fingerprint"], other.home.me().to_string());
    assert_eq!(gone["removed"], mailbox.as_str());
    // One that is alone there is said by its mailbox.
    let said = at(&folder, &["contact", "remove", &short(&b)], false).stdout;
    assert!(said.contains("The household at home-b@b.example"), "{said}");
}

#[test]
fn known_one_whose_place_another_took_is_said_to_be_kept_out_and_not_to_be_unknown() {
    let (_village, a, b, other) = claimed();
    let (folder, mailbox) = (a.folder.clone(), b.mailbox.to_string());
    let list = || at(&folder, &["contact", "list"], false).stdout;
    // Blocked by the keeper it is known as well as before.
    at(&folder, &["contact", "block", &short(&b)], true).done();
    let said = list();
    assert!(row(&said, &b).contains("blocked; words compared"), "{said}");
    let words = other.home.me().to_string();
    let verify = ["contact", "verify", &mailbox, "--fingerprint", &words];
    at(&folder, &verify, true).done();
    let said = list();
    let (shut, taken) = (row(&said, &b), row(&said, &other));
    assert!(
        shut.contains("kept out") && !shut.contains("not known"),
        "{shut}"
    );
    assert!(taken.contains("words compared") && !taken.contains("kept out"));
    let all = at(&folder, &["contact", "list"], true).done();
    assert_eq!(listed(&all, &b)["kept_out"], true);
    assert!(listed(&all, &other).get("kept_out").is_none());
    // Nor is it unknown once nobody else is there.
    at(&folder, &["contact", "remove", &short(&other)], true).done();
    let said = list();
    assert!(
        said.contains("blocked") && !said.contains("not known"),
        "{said}"
    );
    assert!(!said.contains("kept out"), "{said}");
}
