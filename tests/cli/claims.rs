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
