//! The directory, against a real slapd: found, taken, published; and one that is down, slow, wrong or not to be believed.

use std::io::Read;
use std::net::TcpListener;

use crate::house::{House, Village, order, picture};
use crate::slapd::Slapd;
use crate::slapd::directory::{B, answer, at_b, impostor, notes, publish, shared};
use hearthpost::album::Trust;
use hearthpost::directory::{DirectoryError, Place};
use hearthpost::endpoint::Secret;
use hearthpost::sharing::{Fault, Household};

fn found(village: &Village, house: &House, what: &str) -> Vec<String> {
    let found = village
        .run(house.home.find_in_directory(what))
        .expect("asked");
    found.iter().map(|one| one.mailbox.to_string()).collect()
}

fn look(village: &Village, house: &mut House, to: &[&str]) -> Result<usize, Fault> {
    let to: Vec<String> = to.iter().map(|text| (*text).to_owned()).collect();
    let now = house.time();
    let looked = village.run(house.home.look_for_unknown(&to, now))?;
    Ok(looked.taken.len())
}

/// What was refused, and the code of it.
fn refusal(error: &DirectoryError) -> (&'static str, u32) {
    match error {
        DirectoryError::Refused { what, code, .. } => (what, *code),
        other => panic!("{other}"),
    }
}

#[test]
fn what_one_household_published_another_shares_with() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    slapd.used_by(&mut b, "", true);
    for words in [&["grandma".to_owned()][..], &["granny".to_owned()]] {
        let dn = village.run(b.home.publish(words)).expect("published");
        assert_eq!(dn, "mail=home-b@b.example,ou=people,o=test");
    }
    slapd.used_by(&mut a, "trusted = true", false);
    for what in ["home-b@b.example", "House B", "granny"] {
        assert_eq!(found(&village, &a, what), ["home-b@b.example"], "{what}");
    }
    // What was published before is not there any more; and nothing that is typed is a filter.
    for what in ["grandma", "*", "home-b@b.example)(cn=*", "\\2a", ""] {
        assert!(found(&village, &a, what).is_empty(), "{what}");
    }
    assert_eq!(
        look(&village, &mut a, &["home-b@b.example"]).expect("taken"),
        1
    );
    let contact = a.home.contact_at(&b.mailbox).expect("known");
    assert_eq!(contact.trust, Trust::Verified);
    assert!(contact.is_quantum_safe());
    assert_eq!(
        look(&village, &mut a, &["home-b@b.example"]).expect("known"),
        0
    );
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let items = a.import(&[path]);
    a.share(&order(
        &[&items[0]],
        &["home-b+bob@b.example"],
        "display=full",
    ))
    .expect("recorded");
    // A grant of whom one does not know waits, but it came.
    village.sync(&mut a);
    assert!(!village.inbox(&b).is_empty());
}

#[test]
fn one_that_is_not_trusted_only_names_whom_it_knows() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    slapd.used_by(&mut b, "", true);
    village
        .run(b.home.publish(&["the-cousins".to_owned()]))
        .expect("published");
    slapd.used_by(&mut a, "", false);
    let says = notes(&village, &mut a, B);
    assert_eq!(says.len(), 1);
    assert!(
        says[0].contains("the directory says it is House B"),
        "{says:?}"
    );
    assert!(says[0].contains(&b.home.me().words()), "{says:?}");
    let fault = look(&village, &mut a, &["the-cousins"]).expect_err("offers");
    assert_eq!(fault.code, "unknown_word");
    assert!(
        fault.message.contains("House B (home-b@b.example)"),
        "{fault:?}"
    );
    assert!(a.home.contacts().expect("rows").is_empty());
    let now = a.time();
    let added = village.run(a.home.add_from_directory(&b.mailbox, now));
    assert_eq!(added.expect("added").trust, Trust::Verified);
    let nobody = "home-z@z.example".parse().expect("a mailbox");
    let fault = village.run(a.home.add_from_directory(&nobody, now));
    assert_eq!(fault.expect_err("nobody").code, "unknown_contact");
}

#[test]
fn an_entry_counts_for_what_its_certificates_say() {
    let (slapd, village) = (Slapd::start(), Village::new("abc"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    let mut c = village.house("c", &[]);
    for house in [&mut b, &mut c] {
        slapd.used_by(house, "", true);
    }
    slapd.used_by(&mut a, "trusted = true", false);
    // C puts itself where B would be found: what counts is the mailbox that the identity has signed.
    let place = |mailbox: &str, ders: Vec<Vec<u8>>| {
        slapd.put(&village, mailbox, &["grandma".to_owned()], &ders);
    };
    let ders = |house: &House| -> Vec<Vec<u8>> {
        house.home.keys.card().ders().map(<[u8]>::to_vec).collect()
    };
    place("home-b@b.example", ders(&c));
    assert_eq!(
        found(&village, &a, "home-b@b.example"),
        ["home-c@c.example"]
    );
    assert_eq!(
        look(&village, &mut a, &["home-b@b.example"]).expect("nobody"),
        0
    );
    // Two identities in one entry, or certificates of two households, are nobody's.
    place("home-b@b.example", [ders(&b), ders(&c)].concat());
    assert!(found(&village, &a, "home-b@b.example").is_empty());
    place(
        "home-b@b.example",
        vec![ders(&b)[0].clone(), ders(&c)[1].clone()],
    );
    assert!(found(&village, &a, "home-b@b.example").is_empty());
    place("home-b@b.example", vec![ders(&b)[0].clone()]);
    assert!(found(&village, &a, "home-b@b.example").is_empty());
    assert!(a.home.contacts().expect("rows").is_empty());
}

#[test]
fn a_household_that_stands_in_many_entries_is_listed_once() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, b) = (village.house("a", &[]), village.house("b", &[]));
    slapd.used_by(&mut a, "", false);
    for n in 0..60 {
        let mailbox = format!("alias-{n}@b.example");
        let certificates: Vec<Vec<u8>> = b.home.keys.card().ders().map(<[u8]>::to_vec).collect();
        let words = ["grandma".to_owned(), format!("word-{}", n % 3)];
        slapd.put(&village, &mailbox, &words, &certificates);
    }
    assert_eq!(found(&village, &a, "grandma"), [B]);
    let mut answer = answer(&village, &mut a, "grandma");
    assert_eq!(answer.found.len(), 1);
    let mut words = answer.found.remove(0).words;
    words.sort();
    assert_eq!(words, ["grandma", "word-0", "word-1", "word-2"]);
}

#[test]
fn a_setting_that_is_no_filter_is_named() {
    let (slapd, village) = (Slapd::start(), Village::new("a"));
    let mut a = village.house("a", &[]);
    slapd.used_by(&mut a, "filter = \"(&(mail={})\"", false);
    let fault = village
        .run(a.home.find_in_directory("x"))
        .expect_err("no filter");
    assert_eq!(
        fault.message,
        "the setting directory.filter is no search filter of LDAP: (&(mail={})"
    );
}

#[test]
fn a_directory_that_is_down_silent_or_another_is_named() {
    let (slapd, village) = (Slapd::start(), Village::new("a"));
    let mut a = village.house("a", &[]);
    let place = |url: &str, ca: bool| {
        let mut place = slapd.place();
        place.url = url.to_owned();
        place.extra_ca = place.extra_ca.filter(|_| ca);
        place
    };
    let ask = |place: Place| village.run(place.find("x")).expect_err("of no use");
    let unknown_authority = ask(place(&slapd.url(true), false));
    assert!(
        matches!(unknown_authority, DirectoryError::Unreachable { .. }),
        "{unknown_authority}"
    );
    let starttls = ask(place(&slapd.url(false), false));
    assert!(
        matches!(starttls, DirectoryError::Unreachable { .. }),
        "{starttls}"
    );
    let mut elsewhere = place(&slapd.url(true), true);
    elsewhere.base = "o=nowhere".to_owned();
    let refused = ask(elsewhere);
    assert_eq!(refusal(&refused), ("to be looked through", 32));
    let mut stranger = place(&slapd.url(true), true);
    stranger.user = Some((slapd.text("admin_dn"), Secret::new("guessed".to_owned())));
    assert_eq!(refusal(&ask(stranger)), ("the sign-in", 49));
    // It takes the line, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let keeps = std::thread::spawn(move || {
        let (mut line, _) = silent.accept().expect("a line");
        let _ = line.read_to_end(&mut Vec::new());
    });
    let mut waits = place(&format!("ldaps://127.0.0.1:{port}"), true);
    waits.timeout = std::time::Duration::from_millis(300);
    let error = ask(waits);
    assert!(matches!(error, DirectoryError::Silent { .. }), "{error}");
    keeps.join().expect("it hung up");
    slapd.used_by(&mut a, "", false);
    slapd.stop();
    let fault = village
        .run(a.home.find_in_directory("x"))
        .expect_err("down");
    assert_eq!(fault.code, "directory");
    // Whom one knows is not asked for there.
    assert_eq!(
        look(&village, &mut a, &["home-a@a.example"]).expect("itself"),
        0
    );
}

#[test]
fn what_is_shared_waits_for_the_card_of_whom_the_directory_names() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    slapd.used_by(&mut b, "", true);
    publish(&village, &mut b, &[]);
    slapd.used_by(&mut a, "", false);
    assert_eq!(notes(&village, &mut a, B).len(), 1);
    let share = shared(&mut a);
    assert_eq!(at_b(&a, &share).0, "waiting");
    village.settle(&mut [&mut a, &mut b]);
    let trust = a.home.contact_at(&b.mailbox).expect("known").trust;
    assert_eq!((trust, at_b(&a, &share).0), (Trust::Seen, "sent"));
}

#[test]
fn a_card_of_another_than_the_directory_names_gets_nothing() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    let mut other = impostor(&village);
    slapd.used_by(&mut other, "", true);
    publish(&village, &mut other, &[]);
    slapd.used_by(&mut a, "", false);
    notes(&village, &mut a, B);
    let share = shared(&mut a);
    village.settle(&mut [&mut a, &mut b]);
    let why =
        "the card that came from home-b@b.example is of another household than the directory says";
    assert_eq!(at_b(&a, &share), ("failed", Some(why.to_owned())));
    assert!(a.destinations(&share).is_empty());
    // Once the words are compared, the directory has nothing to say.
    let (who, now) = (b.home.me(), a.now());
    let verified = a.home.verify_contact(&b.mailbox, &who, now);
    verified.expect("compared");
    let reading = a.reading();
    let now = a.home.tick(&reading, &[]).expect("time");
    a.home.resend(&share, None, now).expect("once more");
    village.sync(&mut a);
    assert_eq!(at_b(&a, &share).0, "sent");
}

#[test]
fn another_identity_at_a_known_mailbox_is_an_alarm_and_changes_nothing() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    village.introduce(&mut a, &mut b);
    let mut other = impostor(&village);
    slapd.used_by(&mut other, "", true);
    publish(&village, &mut other, &["grandma"]);
    slapd.used_by(&mut a, "trusted = true", false);
    let claims = |a: &House| a.home.album.rows().claims(&b.mailbox).expect("rows");
    assert!(claims(&a).is_empty());
    let found = answer(&village, &mut a, "grandma").found.remove(0);
    assert_eq!((found.known, found.differs), (false, true));
    assert_eq!(claims(&a), [other.home.me()]);
    let now = a.time();
    let added = village.run(a.home.add_from_directory(&b.mailbox, now));
    assert_eq!(added.expect_err("another one").code, "second_identity");
    let known = a.home.contact_at(&b.mailbox).expect("known");
    assert_eq!(
        (known.fingerprint, known.trust),
        (b.home.me(), Trust::Verified)
    );
    slapd.used_by(&mut b, "", true);
    publish(&village, &mut b, &["grandma"]);
    let found = answer(&village, &mut a, "grandma").found.remove(0);
    assert_eq!((found.known, found.differs), (true, false));
}

#[test]
fn what_a_directory_said_is_used_while_it_is_down_and_its_age_is_said() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    slapd.used_by(&mut b, "", true);
    publish(&village, &mut b, &["grandma"]);
    slapd.used_by(&mut a, "", false);
    let fresh = answer(&village, &mut a, "grandma");
    assert_eq!((fresh.found.len(), fresh.as_of), (1, None));
    let asked = a.time();
    slapd.stop();
    // Within the hour it is not asked again, under the mailbox either.
    a.wait(3_000);
    assert_eq!(notes(&village, &mut a, B).len(), 1);
    a.wait(1_000);
    let says = notes(&village, &mut a, B);
    assert_eq!(says.len(), 2, "{says:?}");
    assert!(
        says[0].contains("no connection to the directory"),
        "{says:?}"
    );
    assert!(
        says[0].contains("; what it said 15 January 2027"),
        "{says:?}"
    );
    let old = answer(&village, &mut a, "grandma");
    assert_eq!((old.found.len(), old.as_of), (1, Some(asked)));
    // Of what it never said there is nothing, and after a season nothing of anything.
    let now = a.time();
    let never = village.run(a.home.look_in_directory("granny", now));
    assert_eq!(never.expect_err("down").code, "directory");
    a.wait(91 * 86_400);
    let now = a.time();
    let long_ago = village.run(a.home.look_in_directory("grandma", now));
    assert_eq!(long_ago.expect_err("down").code, "directory");
    // Another directory is not answered for by this one.
    let config = a.folder.join("hearthpost.toml");
    let text = std::fs::read_to_string(&config).expect("a configuration");
    std::fs::write(&config, text.replace("o=test", "o=elsewhere")).expect("written");
    a.home = Household::open(&config).expect("opens");
    a.wall -= 91 * 86_400;
    let now = a.time();
    let elsewhere = village.run(a.home.look_in_directory("grandma", now));
    assert_eq!(elsewhere.expect_err("down").code, "directory");
}

#[test]
fn who_is_gone_from_the_directory_is_gone_here() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    slapd.used_by(&mut b, "", true);
    publish(&village, &mut b, &["grandma"]);
    slapd.used_by(&mut a, "", false);
    assert_eq!(answer(&village, &mut a, "grandma").found.len(), 1);
    publish(&village, &mut b, &["granny"]);
    assert!(answer(&village, &mut a, "grandma").found.is_empty());
    slapd.stop();
    let now = a.time();
    let down = village.run(a.home.look_in_directory("grandma", now));
    assert_eq!(down.expect_err("nothing is kept").code, "directory");
}

#[test]
fn a_silent_directory_is_waited_for_once_however_many_are_looked_for() {
    let (slapd, village) = (Slapd::start(), Village::new("a"));
    let mut a = village.house("a", &[]);
    slapd.used_by(&mut a, "", false);
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let config = a.folder.join("hearthpost.toml");
    let text = std::fs::read_to_string(&config).expect("a configuration");
    let text = text.replace(&slapd.url(false), &format!("ldap://127.0.0.1:{port}"));
    let text = text.replace("timeout = \"5s\"", "timeout = \"1s\"");
    std::fs::write(&config, text).expect("written");
    a.home = Household::open(&config).expect("opens");
    let to: Vec<String> = (0..5).map(|n| format!("home-{n}@x.example")).collect();
    let now = a.time();
    let looked = village.run(a.home.look_for_unknown(&to, now));
    let notes = looked.expect("looked for").notes;
    assert_eq!(notes.len(), 1);
    assert!(notes[0].ends_with("does not answer"), "{notes:?}");
    silent.set_nonblocking(true).expect("set");
    silent.accept().expect("it came");
    assert!(silent.accept().is_err(), "and did not come again");
}

#[test]
fn an_entry_is_written_again_once_the_certificate_is_another_one() {
    let (slapd, village) = (Slapd::start(), Village::new("ab"));
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &[]));
    slapd.used_by(&mut b, "", true);
    slapd.used_by(&mut a, "", false);
    // Who never published is not published by itself.
    village.sync(&mut b);
    assert!(found(&village, &a, B).is_empty());
    let own = |b: &House| {
        let reading = b.reading();
        let findings = village.run(b.home.doctor(&reading));
        let mut of = findings.into_iter().filter(|one| one.what == "directory");
        let one = of.next().expect("it is looked at");
        (one.good, one.words)
    };
    let (good, words) = own(&b);
    assert!(
        good && words.ends_with("this household is not in it"),
        "{words}"
    );
    publish(&village, &mut b, &["grandma"]);
    let newest = |a: &House| {
        let found = village
            .run(a.home.find_in_directory("grandma"))
            .expect("asked");
        let card = &found[0].card;
        card.newest().expect("a certificate").not_before()
    };
    let first = newest(&a);
    assert!(own(&b).1.ends_with("has this household"));
    // 310 days on it renews its key, while the directory is down.
    slapd.stop();
    b.wait(310 * 86_400);
    village.sync(&mut b);
    assert_eq!(b.home.keys.encryption.len(), 2);
    assert!(!own(&b).0, "down");
    slapd.again();
    let (good, words) = own(&b);
    assert!(!good && words.contains("an older certificate"), "{words}");
    // It is left alone for an hour.
    b.wait(1_800);
    village.sync(&mut b);
    assert_eq!(newest(&a), first);
    b.wait(1_801);
    village.sync(&mut b);
    assert!(
        newest(&a) > first,
        "under its key word, with the new certificate"
    );
    assert!(own(&b).0);
    // Another household that takes its place there is seen.
    let mut other = impostor(&village);
    slapd.used_by(&mut other, "", true);
    publish(&village, &mut other, &[]);
    let (good, words) = own(&b);
    assert!(!good && words.contains(&other.home.me().words()), "{words}");
}
