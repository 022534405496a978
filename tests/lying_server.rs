//! An IMAP server that lies about lengths, messages and ends, at the door of a whole pass. While it lies nothing wrong is
//! taken and nothing of the person's is touched; once it is honest the share is there, once.

#[path = "support/house/mod.rs"]
mod house;

use std::time::Duration;

use hearthpost::album::ShareState;
use hearthpost::envelope::Digest;
use hearthpost::message::ReceiptState;
use house::{House, Village, on_its_way};
use testmail::{Faults, Times};

/// The most that this whole program may hold, servers and all, in KiB.
const MEMORY: u64 = 500 * 1024;

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
    mails: Vec<Vec<u8>>,
    /// The mails of the person, by UID.
    others: Vec<(u32, Vec<u8>)>,
    notified: u64,
}

fn ordinary(n: usize) -> Vec<u8> {
    let more = "and as ever we shall have soup\r\n".repeat(n * 40);
    format!("Subject: lunch {n}\r\nFrom: <aunt@p.example>\r\n\r\nAt twelve?\r\n{more}").into_bytes()
}

/// A picture on its way to `b`, between mails of a person.
fn scene() -> Scene {
    let (village, a, b, share) = on_its_way("display=full");
    let mails = village.take_mail(&b);
    let mut others = Vec::new();
    for (n, mail) in mails.iter().enumerate() {
        let other = ordinary(n);
        others.push((village.deliver(&b, &other), other));
        village.deliver(&b, mail);
    }
    let last = ordinary(mails.len());
    others.push((village.deliver(&b, &last), last));
    Scene {
        village,
        a,
        b,
        share,
        mails,
        others,
        notified: 0,
    }
}

impl Scene {
    fn assert_others_are_untouched(&self, what: &str) {
        let mailbox = self.b.mailbox.as_str();
        let inbox = self.village.server.messages(mailbox, "INBOX");
        for (uid, mail) in &self.others {
            let kept = inbox.iter().find(|kept| kept.uid == *uid);
            let kept = kept.unwrap_or_else(|| panic!("{what}: {uid} is gone"));
            assert!(kept.flags.is_empty() && *kept.bytes == **mail, "{what}");
        }
    }

    fn pass(&mut self, what: &str) {
        self.b.wait(60);
        let done = self.village.try_sync(&mut self.b).expect(what);
        self.notified += done.notified;
        // Whatever came, what is kept is what its name says.
        for blob in self.b.blobs() {
            let bytes = std::fs::read(&blob).expect("a file");
            assert!(blob.ends_with(Digest::of(&bytes).to_string()), "{what}");
        }
    }

    fn complete(&self) -> bool {
        self.b.knows(&self.share) && self.b.share_named(&self.share).state == ShareState::Complete
    }

    /// Passes until the share is complete; gives whether it became so.
    fn comes(&mut self, what: &str) -> bool {
        for _ in 0..6 {
            self.pass(what);
            if self.complete() {
                return true;
            }
        }
        false
    }
}

fn assert_small(what: &str) {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let peak = line.and_then(|line| line.split_whitespace().nth(1));
    let peak: u64 = peak.and_then(|n| n.parse().ok()).expect("a number");
    assert!(peak < MEMORY, "{what}: {peak} KiB");
}

/// What a mail costs that the server lied about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Price {
    /// It comes by itself once the server is honest.
    Nothing,
    /// Another was taken for it and refused, or not seen to be ours: it must be sent again.
    SentAgain,
    /// Headers and bodies were exchanged alike. Nobody can tell that from the truth, and a mail of the person may be
    /// taken for the letter.
    Mistaken,
}

use Price::{Mistaken, Nothing, SentAgain};

type Lie = (&'static str, Price, fn(&Faults));

/// The server lies for two passes; then it is honest.
fn lies(lies: &[Lie]) {
    for (what, price, lie) in lies {
        let mut s = scene();
        let patience = s.b.home.config.imap.timeout;
        // For what never comes; a flood comes fast.
        s.b.home.config.imap.timeout = Duration::from_millis(500);
        lie(&s.village.server.faults());
        for _ in 0..2 {
            s.pass(what);
        }
        s.village.server.faults().clear();
        s.b.home.config.imap.timeout = patience;
        let came = s.comes(what);
        assert_eq!(came, *price == Nothing, "{what}");
        if !came {
            for mail in &s.mails {
                s.village.deliver(&s.b, mail);
            }
            assert!(s.comes(what), "{what}: what is sent again is taken");
        }
        s.pass(what);
        assert_eq!(s.notified, 1, "{what}: Bob is told once");
        let receipts = s.village.receipts(&s.a);
        assert_eq!(receipts, [(ReceiptState::Complete, None)], "{what}");
        if *price != Mistaken {
            s.assert_others_are_untouched(what);
        }
        assert_small(what);
    }
}

#[test]
fn about_the_length_of_what_it_sends() {
    lies(&[
        ("a hundred gigabytes, once", Nothing, |f| {
            f.imap_lie_literal(100 << 30, Times::Next(1))
        }),
        ("a hundred gigabytes, three times", Nothing, |f| {
            f.imap_lie_literal(100 << 30, Times::Next(3))
        }),
        ("a hundred gigabytes, always", Nothing, |f| {
            f.imap_lie_literal(100 << 30, Times::Always)
        }),
        ("the most there is, once", Nothing, |f| {
            f.imap_lie_literal(i64::MAX, Times::Next(1))
        }),
        ("five bytes more, twice", Nothing, |f| {
            f.imap_lie_literal(5, Times::Next(2))
        }),
        ("five bytes less, twice", Nothing, |f| {
            f.imap_lie_literal(-5, Times::Next(2))
        }),
        ("five bytes less, always", Nothing, |f| {
            f.imap_lie_literal(-5, Times::Always)
        }),
    ]);
}

#[test]
fn about_the_size_of_messages() {
    lies(&[
        ("nothing", Nothing, |f| f.imap_lie_size(0)),
        ("four gigabytes", Nothing, |f| {
            f.imap_lie_size(u32::MAX.into())
        }),
        ("no number that there is", Nothing, |f| {
            f.imap_lie_size(u64::MAX)
        }),
    ]);
}

#[test]
fn by_news_that_nobody_asked_for() {
    lies(&[
        ("20 MB", Nothing, |f| {
            f.imap_flood(20_000_000, Times::Next(1))
        }),
        ("without end, once", Nothing, |f| {
            f.imap_flood(u64::MAX, Times::Next(1))
        }),
    ]);
}

#[test]
fn about_which_message_it_sends() {
    lies(&[
        ("another UID, once", Nothing, |f| {
            f.imap_other_uid(Times::Next(1))
        }),
        ("another UID, always", Nothing, |f| {
            f.imap_other_uid(Times::Always)
        }),
        ("headers under another UID, once", Nothing, |f| {
            f.imap_headers_under_other_uid(Times::Next(1))
        }),
        ("headers under another UID, always", SentAgain, |f| {
            f.imap_headers_under_other_uid(Times::Always)
        }),
    ]);
}

#[test]
fn a_message_that_there_is_not_hides_none_that_comes_later() {
    let mut s = scene();
    s.village.take_mail(&s.b);
    s.others.clear();
    s.village.deliver(&s.b, &ordinary(1));
    // It is told of under the UID of the next.
    s.village
        .server
        .faults()
        .imap_headers_under_other_uid(Times::Always);
    s.pass("another UID");
    s.village.server.faults().clear();
    for mail in &s.mails {
        s.village.deliver(&s.b, mail);
    }
    assert!(s.comes("afterwards"));
}

#[test]
fn about_the_body_of_a_message() {
    lies(&[
        ("another body, once", SentAgain, |f| {
            f.imap_other_body(Times::Next(1))
        }),
        ("another body, always", SentAgain, |f| {
            f.imap_other_body(Times::Always)
        }),
        ("other headers, once", Nothing, |f| {
            f.imap_other_headers(Times::Next(1))
        }),
        ("other headers, always", SentAgain, |f| {
            f.imap_other_headers(Times::Always)
        }),
        ("other headers and body, always", Mistaken, |f| {
            f.imap_other_headers(Times::Always);
            f.imap_other_body(Times::Always);
        }),
        ("no body, once", Nothing, |f| f.imap_no_body(Times::Next(1))),
        ("no body, always", Nothing, |f| {
            f.imap_no_body(Times::Always)
        }),
        ("bytes decoded wrongly", Nothing, |f| {
            f.imap_bend_binary(Times::Always)
        }),
    ]);
}

#[test]
fn about_the_bodies_of_parts_which_are_asked_for_and_come_again() {
    let mut s = scene();
    s.village.take_mail(&s.b);
    s.others.clear();
    s.village.deliver(&s.b, &s.mails[0]);
    s.pass("the letter");
    for mail in &s.mails[1..] {
        s.village.deliver(&s.b, mail);
    }
    s.village.server.faults().imap_other_body(Times::Always);
    s.pass("exchanged");
    assert!(s.b.blobs().is_empty() && !s.complete());
    s.village.server.faults().clear();
    s.village.sync(&mut s.a);
    assert!(s.comes("sent again"));
    assert_eq!(s.notified, 1);
}

#[test]
fn by_hanging_up() {
    lies(&[
        ("after 50 bytes, always", Nothing, |f| {
            f.imap_cut_answer(50, Times::Always)
        }),
        ("after 500 bytes, always", Nothing, |f| {
            f.imap_cut_answer(500, Times::Always)
        }),
        ("after 3,000 bytes, always", Nothing, |f| {
            f.imap_cut_answer(3_000, Times::Always)
        }),
        ("after 3,000 bytes, once", Nothing, |f| {
            f.imap_cut_answer(3_000, Times::Next(1))
        }),
    ]);
}

#[test]
fn by_saying_no() {
    lies(&[
        ("to each FETCH", Nothing, |f| {
            f.imap_refuse("FETCH", "not today", Times::Always)
        }),
        ("to one FETCH", Nothing, |f| {
            f.imap_refuse("FETCH", "not today", Times::Next(1))
        }),
        ("to each SEARCH", Nothing, |f| {
            f.imap_refuse("SEARCH", "not today", Times::Always)
        }),
        ("to each removal", Nothing, |f| {
            f.imap_refuse("EXPUNGE", "not today", Times::Always)
        }),
    ]);
}
