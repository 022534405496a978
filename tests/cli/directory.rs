//! The directory at the command line: a household writes itself there, and another finds it, adds it and shares with it.

use crate::command::{House, picture};
use crate::contacts::fingerprint;
use crate::slapd::Slapd;
use serde_json::Value;

/// B has published itself as `grandma`; A asks there, with `more` in its settings.
fn scene(more: &str) -> (Slapd, House, House) {
    let (slapd, a, b) = (Slapd::start(), House::new("a"), House::new("b"));
    slapd.set_in(b.folder.path(), "", true);
    let published = b.run(["directory", "publish", "--word", "grandma"]).done();
    assert_eq!(published["dn"], "mail=home-b@b.example,ou=people,o=test");
    slapd.set_in(a.folder.path(), more, false);
    picture(&a.path("lake.jpg"), 320, 240);
    (slapd, a, b)
}

fn words(house: &House) -> String {
    fingerprint(house).1
}

fn contacts(house: &House) -> usize {
    let list = house.run(["contact", "list"]).done();
    list["contacts"].as_array().expect("a list").len()
}

#[test]
fn a_household_is_found_and_added() {
    let (_slapd, a, b) = scene("");
    for what in ["grandma", "House B", &b.mailbox] {
        let found = a.run(["directory", "find", what]).done();
        let households = found["households"].as_array().expect("a list");
        assert_eq!(households.len(), 1, "{what}");
        let one = &households[0];
        assert_eq!(
            (&one["name"], &one["mailbox"]),
            (&"House B".into(), &b.mailbox.as_str().into())
        );
        assert_eq!(one["words"], Value::from(vec!["grandma"]));
        assert_eq!(one["comparing_words"], words(&b));
        assert_eq!(one["known"], false);
        let said = a.say(["directory", "find", what]).stdout;
        let row = said.lines().next().expect("a row");
        for part in ["House B", &b.mailbox, "grandma"] {
            assert!(row.contains(part), "{said}");
        }
    }
    let none = a.say(["directory", "find", "granny"]);
    assert_eq!((none.code, none.stdout.lines().count()), (0, 1));
    assert_eq!(contacts(&a), 0);
    let added = a.run(["directory", "add", &b.mailbox]).done();
    assert_eq!(added["trust"], "verified");
    let found = a.run(["directory", "find", "grandma"]).done();
    assert_eq!(found["households"][0]["known"], true);
    let nobody = a.run(["directory", "add", "home-z@z.example"]);
    assert_eq!(nobody.failed(2).0, "unknown_contact");
}

#[test]
fn what_is_shared_with_an_unknown_address_waits_and_says_whom_the_directory_names() {
    let (slapd, a, b) = scene("");
    let shared = a.run(["share", "lake.jpg", "--yes", "--to", &b.mailbox]);
    let note = format!(
        "{} is not known here; the directory says it is House B, with the comparing words: {}",
        b.mailbox,
        words(&b)
    );
    assert!(shared.stderr.contains(&note), "{shared:?}");
    let to = shared.done()["destinations"][0].clone();
    assert_eq!(
        (&to["mailbox"], &to["state"]),
        (&b.mailbox.as_str().into(), &"waiting".into())
    );
    assert_eq!(contacts(&a), 0);
    // Of a directory that is trusted it is taken at once.
    slapd.set_in(a.folder.path(), "trusted = true", false);
    let shared = a.run(["share", "lake.jpg", "--yes", "--to", &b.mailbox]);
    assert!(shared.stderr.contains("House B"), "{shared:?}");
    let to = shared.done()["destinations"][0].clone();
    assert_eq!(to["state"], "queued");
    let known = a.run(["contact", "show", &b.mailbox]).done();
    assert_eq!(known["trust"], "verified");
}

#[test]
fn a_key_word_that_only_the_directory_knows_is_offered_and_nothing_is_shared() {
    let (_slapd, a, b) = scene("trusted = true");
    let refused = a.run(["share", "lake.jpg", "--yes", "--to", "grandma"]);
    let (code, message) = refused.failed(2);
    assert_eq!(code, "unknown_word");
    let offer = format!("the directory offers House B ({})", b.mailbox);
    assert!(message.ends_with(&offer), "{message}");
    let sent = a.run(["sent"]).done();
    assert!(sent["shares"].as_array().expect("a list").is_empty());
    assert_eq!(contacts(&a), 0);
}
