//! Header tricks around a letter and parts that are otherwise right. Headers are never trusted, so most of them change
//! nothing; those that hide the mail cost that mail alone. Nobody else is written to, and what comes after is taken.

use crate::house::{House, Village, order, picture};
use hearthpost::album::{OwnItem, ShareState};

const EVIL: &str = "home-c@c.example";

/// What becomes of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    /// As if nothing had been done to it.
    Taken,
    /// It is said that one was refused.
    Refused,
    /// It is not even looked at.
    PassedOver,
}

use Fate::{PassedOver, Refused, Taken};

type Trick = (&'static str, Fate, fn(String) -> String);

struct Scene {
    village: Village,
    a: House,
    b: House,
    item: OwnItem,
}

fn scene() -> Scene {
    let village = Village::new("abc");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("lake.jpg");
    picture(&path, 320, 200);
    let item = a.import(&[path]).remove(0);
    Scene {
        village,
        a,
        b,
        item,
    }
}

impl Scene {
    /// A new share on its way: its name, the letter and the mails of parts.
    fn share(&mut self) -> (String, String, Vec<String>) {
        // What was refused stays where it is.
        self.village.take_mail(&self.b);
        let order = order(&[&self.item], &["home-b@b.example"], "display=200");
        let share = self.a.share(&order).expect("recorded").share;
        self.village.sync(&mut self.a);
        let mails = self.village.take_mail(&self.b);
        let text = |mail| String::from_utf8(mail).expect("ASCII");
        let mut mails: Vec<String> = mails.into_iter().map(text).collect();
        (share, mails.remove(0), mails)
    }

    fn deliver(&self, mail: &str) {
        self.village.deliver(&self.b, mail.as_bytes());
    }

    fn complete(&self, share: &str) -> bool {
        self.b.knows(share) && self.b.share_named(share).state == ShareState::Complete
    }

    /// Reads what lies there, until nothing is tried any more; gives the number of refusals.
    fn read(&mut self) -> usize {
        (0..6)
            .map(|_| self.village.sync(&mut self.b).refused.len())
            .sum()
    }
}

/// Adds a line above all others.
fn above(mail: String, line: &str) -> String {
    format!("{line}\r\n{mail}")
}

fn replaced(mail: String, from: &str, to: &str) -> String {
    assert!(mail.contains(from), "{from}");
    mail.replacen(from, to, 1)
}

fn without(mail: String, name: &str) -> String {
    let (head, body) = mail.split_once("\r\n\r\n").expect("a header");
    let kept = head.split("\r\n").filter(|line| !line.starts_with(name));
    format!("{}\r\n\r\n{body}", kept.collect::<Vec<_>>().join("\r\n"))
}

const TYPE: &str =
    "Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data; name=smime.p7m";

fn on_letters() -> Vec<Trick> {
    vec![
        ("nothing at all", Taken, |mail| mail),
        ("a From of another above", Taken, |mail| {
            above(mail, &format!("From: {EVIL}"))
        }),
        ("a From of another below", Taken, |mail| {
            replaced(mail, "\r\nTo: ", &format!("\r\nFrom: {EVIL}\r\nTo: "))
        }),
        (
            "From, Sender, Reply-To and Return-Path of another",
            Taken,
            |mail| {
                let mail = without(mail, "From:");
                let lines = ["From", "Sender", "Reply-To", "Return-Path"];
                let lines = lines.map(|name| format!("{name}: {EVIL}\r\n")).concat();
                above(mail, lines.trim_end())
            },
        ),
        ("no From at all", Taken, |mail| without(mail, "From:")),
        (
            "a From in encoded words with a line break in it",
            Taken,
            |mail| {
                above(
                    mail,
                    "From: =?utf-8?q?a=0D=0AHearthpost:_parts=0D=0A?= <home-c@c.example>",
                )
            },
        ),
        (
            "a Subject in encoded words, without our header",
            Taken,
            |mail| {
                let mail = replaced(
                    mail,
                    "Subject: Hearthpost",
                    "Subject: =?utf-8?B?SGVhcnRocG9zdA==?=",
                );
                without(mail, "Hearthpost:")
            },
        ),
        ("a type in encoded words", Refused, |mail| {
            replaced(
                mail,
                TYPE,
                "Content-Type: =?utf-8?q?application/pkcs7-mime?=",
            )
        }),
        (
            "a type in pieces (RFC 2231), without our header",
            Taken,
            |mail| {
                let pieces = "Content-Type: application/pkcs7-mime; smime-type*0=authEnveloped; smime-type*1=-data";
                without(replaced(mail, TYPE, pieces), "Hearthpost:")
            },
        ),
        ("NUL in another field", Taken, |mail| {
            above(mail, "X-Note: a\0b\0")
        }),
        ("NUL as a line of its own", Taken, |mail| above(mail, "\0")),
        ("NUL in our field", Taken, |mail| {
            replaced(mail, "Hearthpost: letter", "Hearthpost: letter\0")
        }),
        ("NUL in the subject", Taken, |mail| {
            replaced(mail, "Subject: Hearthpost", "Subject: Hearth\0post")
        }),
        ("NUL in the type", Refused, |mail| {
            replaced(mail, "application/pkcs7-mime", "application/pkcs7\0-mime")
        }),
        ("NUL in the body", Refused, |mail| mail + "\0"),
        ("a line of 10 MB", Refused, |mail| {
            above(mail, &format!("X-Note: {}", "x".repeat(10 << 20)))
        }),
        ("a subject of 10 MB", PassedOver, |mail| {
            let long = format!("Subject: Hearthpost{}", "x".repeat(10 << 20));
            replaced(mail, "Subject: Hearthpost", &long)
        }),
        ("a field name of 10 MB", Refused, |mail| {
            above(mail, &format!("X-{}: x", "x".repeat(10 << 20)))
        }),
        ("a line of 100 kB", Taken, |mail| {
            above(mail, &format!("X-Note: {}", "x".repeat(100_000)))
        }),
        ("a line of 300 kB", Refused, |mail| {
            above(mail, &format!("X-Note: {}", "x".repeat(300_000)))
        }),
        ("ten thousand fields", Taken, |mail| {
            above(mail, "X-Note: x\r\n".repeat(10_000).trim_end())
        }),
        ("our field twice, the other first", PassedOver, |mail| {
            above(mail, "Hearthpost: parts")
        }),
        ("our field in other letters, folded", Taken, |mail| {
            replaced(mail, "Hearthpost: letter", "hEARTHPOST:\r\n\tLETTER")
        }),
        ("our field with another value, no subject", Taken, |mail| {
            let mail = replaced(mail, "Hearthpost: letter", "Hearthpost: x");
            without(mail, "Subject:")
        }),
        ("two types, the other first", Taken, |mail| {
            above(mail, "Content-Type: text/html")
        }),
        ("two encodings, the other first", Taken, |mail| {
            above(mail, "Content-Transfer-Encoding: quoted-printable")
        }),
        (
            "a bare line feed and a bare carriage return",
            Taken,
            |mail| above(mail, "X-Note: a\nX-Other: b\rFrom: c"),
        ),
        ("a line without a colon", Taken, |mail| {
            above(mail, "From home-c@c.example Mon Jan 18")
        }),
        ("bytes that are no UTF-8 as encoded words", Taken, |mail| {
            above(mail, "X-Note: =?utf-8?B?/////w==?= =?x?q?=?= =?utf-8?B?")
        }),
    ]
}

fn on_parts() -> Vec<Trick> {
    vec![
        ("two From lines", Taken, |mail| {
            above(mail, &format!("From: {EVIL}"))
        }),
        ("a subject of 10 MB", PassedOver, |mail| {
            let long = format!("Subject: {}", "x".repeat(10 << 20));
            replaced(mail, "Subject: Hearthpost", &long)
        }),
        ("a line of 10 MB", Taken, |mail| {
            above(mail, &format!("X-Note: {}", "x".repeat(10 << 20)))
        }),
        ("NUL in a field", Taken, |mail| above(mail, "X-Note: a\0b")),
        ("our field says letter", Taken, |mail| {
            replaced(mail, "Hearthpost: parts", "Hearthpost: letter")
        }),
        ("the name twice, the other first", PassedOver, |mail| {
            let other = format!(
                "Content-ID: <{}@hearthpost.invalid>\r\nContent-ID: <",
                "0".repeat(64)
            );
            replaced(mail, "Content-ID: <", &other)
        }),
        ("NUL in the name", Taken, |mail| {
            replaced(mail, "Content-ID: <", "Content-ID: <\0")
        }),
        ("a name of 10 MB", Taken, |mail| {
            let long = format!("Content-ID: <{}", "0".repeat(10 << 20));
            replaced(mail, "Content-ID: <", &long)
        }),
        ("the name in encoded words", Taken, |mail| {
            replaced(mail, "Content-ID: <", "Content-ID: =?utf-8?q?<?= <")
        }),
    ]
}

#[test]
fn tricks_in_the_header_of_a_letter() {
    let mut s = scene();
    let mut wrong = Vec::new();
    for (name, fate, trick) in on_letters() {
        let (share, letter, parts) = s.share();
        let (before, refused) = (s.b.visible(), {
            s.deliver(&trick(letter.clone()));
            s.read()
        });
        let got = match (s.b.knows(&share), refused) {
            (true, 0) => Taken,
            (false, 1) => Refused,
            (false, 0) => PassedOver,
            other => panic!("{name}: {other:?}"),
        };
        if got != fate {
            wrong.push((name, got));
        }
        if got != Taken {
            assert_eq!(s.b.visible(), before, "{name}");
            assert_eq!(s.b.queued(), 0, "{name}");
            s.deliver(&letter);
        }
        parts.iter().for_each(|mail| s.deliver(mail));
        s.read();
        assert!(s.complete(&share), "{name}: the honest one is taken");
    }
    assert_eq!(wrong, []);
    let sent = s.village.server.transactions();
    let astray = sent
        .iter()
        .any(|mail| mail.recipients.iter().any(|(to, _)| to == EVIL));
    assert!(!astray, "answers go to the mailbox that is known");
}

#[test]
fn tricks_in_the_header_of_parts() {
    let mut s = scene();
    let mut wrong = Vec::new();
    for (name, fate, trick) in on_parts() {
        let (share, letter, parts) = s.share();
        s.deliver(&letter);
        let (last, others) = parts.split_last().expect("parts");
        others.iter().for_each(|mail| s.deliver(mail));
        s.deliver(&trick(last.clone()));
        let refused = s.read();
        let got = match (s.complete(&share), refused) {
            (true, 0) => Taken,
            (false, 0) => PassedOver,
            _ => Refused,
        };
        if got != fate {
            wrong.push((name, got));
        }
        s.deliver(last);
        s.read();
        assert!(s.complete(&share), "{name}: the honest ones are taken");
    }
    assert_eq!(wrong, []);
}
