//! Gateways and lists that wrap a mail and put a footer beside it (CASES O-14): ours is found one level down, nothing of
//! what was added is shown, and nothing of it is fetched.

use crate::house::forge::{Handmade, OpenGrant};
use crate::house::{House, Village, on_its_way};
use hearthpost::album::ShareState;
use hearthpost::rules::Tier;
use testmail::Times;

const FOOTER: &str = "This mail was scanned. <img src=\"http://evil.example/\">";

struct Scene {
    village: Village,
    b: House,
    share: String,
    letter: String,
    parts: Vec<String>,
}

fn scene() -> Scene {
    let (village, _, b, share) = on_its_way("display=full");
    let mails = village.take_mail(&b);
    let mails = mails
        .into_iter()
        .map(|mail| String::from_utf8(mail).expect("ASCII"));
    let mut parts: Vec<String> = mails.collect();
    Scene {
        letter: parts.remove(0),
        village,
        b,
        share,
        parts,
    }
}

/// The whole mail one level down, beside a footer; its other fields stay on top, save those that `drop` names.
fn wrapped(mail: &str, drop: &[&str]) -> String {
    let (head, body) = mail.split_once("\r\n\r\n").expect("a header");
    let unfolded = head.replace("\r\n ", " ");
    let (inner, outer): (Vec<&str>, Vec<&str>) = unfolded
        .split("\r\n")
        .partition(|line| line.starts_with("Content-"));
    let outer: Vec<&str> = outer
        .into_iter()
        .filter(|line| !drop.iter().any(|name| line.starts_with(name)))
        .collect();
    let (outer, inner) = (outer.join("\r\n"), inner.join("\r\n"));
    format!(
        "{outer}\r\nContent-Type: multipart/mixed; boundary=gateway\r\n\r\n--gateway\r\n{inner}\r\n\r\n{body}\r\n\
         --gateway\r\nContent-Type: text/html\r\n\r\n{FOOTER}\r\n--gateway--\r\n"
    )
}

/// A footer beside the parts, as a further body part before or behind them.
fn beside(mail: &str, first: bool) -> String {
    let (head, _) = mail.split_once("\r\n\r\n").expect("a header");
    let boundary = head.split("boundary=\"").nth(1).expect("a boundary");
    let boundary = boundary.split('"').next().expect("its end");
    let footer = format!("--{boundary}\r\nContent-Type: text/html\r\n\r\n{FOOTER}\r\n");
    let end = format!("--{boundary}--");
    let before = if first {
        format!("--{boundary}\r\n")
    } else {
        end
    };
    mail.replacen(&before, &format!("{footer}{before}"), 1)
}

fn arrives(letter: impl Fn(&str) -> String, parts: impl Fn(&str) -> String) {
    let mut s = scene();
    s.village.deliver(&s.b, letter(&s.letter).as_bytes());
    for mail in &s.parts {
        s.village.deliver(&s.b, parts(mail).as_bytes());
    }
    let done = s.village.sync(&mut s.b);
    assert_eq!(done.refused, Vec::<String>::new());
    assert!(s.b.knows(&s.share), "the letter is read");
    assert_eq!(s.b.share_named(&s.share).state, ShareState::Complete);
    assert_eq!(done.notified, 1);
    assert!(!s.b.visible().contains("scanned"));
}

fn as_it_is(mail: &str) -> String {
    mail.to_owned()
}

#[test]
fn parts_with_a_footer_beside_them() {
    for first in [true, false] {
        arrives(as_it_is, |mail| beside(mail, first));
    }
}

#[test]
fn parts_that_are_wrapped() {
    arrives(as_it_is, |mail| wrapped(mail, &[]));
    arrives(as_it_is, |mail| wrapped(mail, &["Hearthpost:"]));
}

#[test]
fn letter_that_is_wrapped() {
    arrives(|mail| wrapped(mail, &[]), as_it_is);
    arrives(|mail| wrapped(mail, &["Hearthpost:"]), as_it_is);
    arrives(|mail| wrapped(mail, &["Hearthpost:", "Subject:"]), as_it_is);
}

#[test]
fn wrapped_letter_that_could_not_be_fetched_is_read_later() {
    let mut s = scene();
    s.village.deliver(&s.b, wrapped(&s.letter, &[]).as_bytes());
    // Headers pass, bodies do not.
    let faults = s.village.server.faults();
    faults.imap_cut_answer(3_000, Times::Always);
    s.village.try_sync(&mut s.b).expect("sync");
    assert!(!s.b.knows(&s.share));
    faults.clear();
    s.village.sync(&mut s.b);
    assert!(s.b.knows(&s.share));
    assert!(
        s.village.inbox(&s.b).is_empty(),
        "it is removed, wrapping and all"
    );
}

#[test]
fn wrapped_letter_of_a_household_that_is_not_accepted_waits_for_it() {
    let village = Village::new("bc");
    let (mut b, c) = (village.house("b", &["bob"]), village.house("c", &[]));
    let made = Handmade::new(
        &c,
        &[(Tier::Original, b"hello"), (Tier::About, b"{}")],
        |_, truth| truth,
    );
    let mail = OpenGrant::of(&made, &c, &b, "store=full").mail(&c, &b);
    let mail = wrapped(&String::from_utf8(mail).expect("ASCII"), &["Hearthpost:"]);
    village.deliver(&b, mail.as_bytes());
    village.deliver(&b, &made.mail(&c));
    village.sync(&mut b);
    assert!(b.home.album.rows().shares().expect("rows").is_empty());
    let now = b.now();
    b.home.accept_contact(&c.mailbox, now).expect("accepted");
    village.sync(&mut b);
    let shares = b.home.album.rows().shares().expect("rows");
    assert_eq!(shares[0].state, ShareState::Complete);
}

#[test]
fn other_peoples_sealed_mail_that_was_wrapped_is_left_alone() {
    let mut s = scene();
    let other = s.village.house("x", &[]);
    let made = Handmade::new(
        &other,
        &[(Tier::Original, b"hello"), (Tier::About, b"{}")],
        |_, truth| truth,
    );
    // For another box, in this mailbox.
    let mail = OpenGrant::of(&made, &other, &other, "store=full").mail(&other, &other);
    let mail = wrapped(&String::from_utf8(mail).expect("ASCII"), &["Hearthpost:"]);
    s.village.deliver(&s.b, mail.as_bytes());
    let before = s.b.visible();
    for _ in 0..2 {
        let done = s.village.sync(&mut s.b);
        assert_eq!((done.fetched, done.refused.len()), (0, 0));
    }
    assert_eq!(s.b.visible(), before);
    assert_eq!(s.village.inbox(&s.b), [mail.into_bytes()]);
}
