//! Mail that comes back is shown as doubt where it belongs, until the household answers; nothing else changes by it.

use crate::house::both::{Both, both};
use crate::house::returned::{group, id_of, postfix};
use crate::house::{House, Village};
use hearthpost::album::DestinationState;

const B: &str = "home-b@b.example";
const C: &str = "home-c@c.example";

struct Scene {
    village: Village,
    a: House,
    b: House,
    share: String,
    /// What the mails to B are called.
    ids: Vec<String>,
}

/// A shared one picture with B and C, and the provider took all of it.
fn scene() -> Scene {
    let mut both = both(&["bob"], &[]);
    let share = both.share(&[B, C], "store=full");
    let Both {
        village, mut a, b, ..
    } = both;
    village.sync(&mut a);
    let ids = village.inbox(&b).iter().map(|mail| id_of(mail)).collect();
    Scene {
        village,
        a,
        b,
        share,
        ids,
    }
}

impl Scene {
    /// What is shown as doubt at B and at C.
    fn doubts(&self) -> [Option<String>; 2] {
        let sent = self.a.home.sent().expect("rows");
        let share = sent.iter().find(|share| share.share == self.share);
        let of = |mailbox| {
            let mut all = share.expect("the share").destinations.iter();
            let found = all.find(|to| to.mailbox.as_str() == mailbox);
            found.expect("the household").bounce.clone()
        };
        [of(B), of(C)]
    }

    /// Puts a mail into A's mailbox and lets A look.
    fn comes(&mut self, mail: &str) -> [Option<String>; 2] {
        self.village
            .deliver(&self.a, mail.replace('\n', "\r\n").as_bytes());
        self.village.sync(&mut self.a);
        self.doubts()
    }

    fn states(&self) -> Vec<DestinationState> {
        let destinations = self.a.destinations(&self.share);
        destinations.iter().map(|d| d.state).collect()
    }
}

#[test]
fn postfix_tells_of_one_of_two_recipients() {
    let mut scene = scene();
    let groups = group(B, "failed", "5.2.2", "552 5.2.2 mailbox is\n    full")
        + &group(C, "relayed", "2.0.0", "250 ok");
    let mail = postfix(&groups, &scene.ids[0]);
    let [b, c] = scene.comes(&mail);
    let words = "mailbox full (552 5.2.2 mailbox is full); it is sent again after ";
    assert!(b.is_some_and(|said| said.starts_with(words)));
    assert_eq!(c, None);
    assert_eq!(scene.states(), [DestinationState::Sent; 2], "only words");
    let left = scene.village.inbox(&scene.a);
    assert_eq!(left.len(), 1, "the mail itself stays");
    let again = scene.village.sync(&mut scene.a);
    assert_eq!(again.fetched + again.submitted, 0);
}

#[test]
fn both_recipients_of_one_mail_are_told_apart() {
    let mut scene = scene();
    // Parts go to both in one mail: the id is the same.
    let shared = {
        let to_c = scene.village.server.messages(C, "INBOX");
        let to_c: Vec<String> = to_c.iter().map(|mail| id_of(&mail.bytes)).collect();
        let both = scene.ids.iter().find(|id| to_c.contains(id));
        both.expect("parts go to both").clone()
    };
    let groups = group(B, "failed", "5.1.1", "550 5.1.1 User unknown")
        + &group(C, "failed", "5.7.1", "550 5.7.1 this looks like spam");
    let [b, c] = scene.comes(&postfix(&groups, &shared));
    assert!(b.expect("doubt").starts_with("there is no such mailbox"));
    assert!(
        c.expect("doubt")
            .starts_with("their provider refused it as spam")
    );
}

#[test]
fn exchange_is_read() {
    let mut scene = scene();
    let id = scene.ids[0].clone();
    let mail = format!(
        "From: <postmaster@b.example>\nTo: <home-a@a.example>\nDate: Mon, 18 Jan 2027 08:00:00 +0000\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"9B095B5ADSN=_01D9\"\n\
         X-DSNContext: 335a7efd - 4480 - 00000001 - 80040546\nMessage-ID: <bc4d7@b.example>\n\
         Subject: Undeliverable: Hearthpost\n\n--9B095B5ADSN=_01D9\nContent-Type: multipart/alternative; differences=Content-Type;\n\t\
         boundary=\"inner\"\n\n--inner\nContent-Type: text/plain; charset=\"us-ascii\"\n\nDelivery has failed.\n\
         --inner\nContent-Type: text/html; charset=\"us-ascii\"\n\n<p>Delivery has failed.</p>\n--inner--\n\n\
         --9B095B5ADSN=_01D9\nContent-Type: message/delivery-status\n\nReporting-MTA: dns;AM0PR01.eurprd01.prod.exchangelabs.com\n\
         Received-From-MTA: dns;AM5PR01.eurprd01.prod.exchangelabs.com\nArrival-Date: Mon, 18 Jan 2027 07:59:59 +0000\n\n\
         Final-Recipient: rfc822;Home-B@B.EXAMPLE\nAction: failed\nStatus: 5.1.10\n\
         Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient home-b@b.example not found by SMTP address lookup\n\
         X-Display-Name: home-b@b.example\n\n--9B095B5ADSN=_01D9\nContent-Type: message/rfc822\n\n\
         Received: from x\nMessage-ID: <new-name@prod.exchangelabs.com>\nX-Microsoft-Original-Message-ID: <{id}>\n\
         Subject: Hearthpost\nMIME-Version: 1.0\nContent-Type: text/plain\n\n{}\n--9B095B5ADSN=_01D9--\n",
        "x".repeat(75).repeat(3_000)
    );
    let [b, _] = scene.comes(&mail);
    let b = b.expect("doubt");
    assert!(b.starts_with("there is no such mailbox (550 5.1.10"), "{b}");
}

#[test]
fn gmail_is_read() {
    let mut scene = scene();
    let id = scene.ids[0].clone();
    let mail = format!(
        "Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nTo: home-a@a.example\n\
         Auto-Submitted: auto-replied\nSubject: Delivery Status Notification (Failure)\nMessage-ID: <65a@mx.google.com>\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; boundary=\"000000000000abc\"; report-type=delivery-status\n\n\
         --000000000000abc\nContent-Type: multipart/related; boundary=\"rel\"\n\n--rel\nContent-Type: multipart/alternative; boundary=\"alt\"\n\n\
         --alt\nContent-Type: text/plain; charset=\"UTF-8\"\n\n** Message too large **\n--alt--\n\n\
         --rel\nContent-Type: image/png; name=\"icon.png\"\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\
         Content-ID: <icon.png>\n\niVBORw0KGgo=\n--rel--\n\n\
         --000000000000abc\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; googlemail.com\n\
         Received-From-MTA: dns; home-a@a.example\nArrival-Date: Mon, 18 Jan 2027 00:00:00 -0800 (PST)\n\
         X-Original-Message-ID: <{id}>\n\nFinal-Recipient: rfc822; home-b@b.example\nAction: failed\nStatus: 5.2.3\n\
         Remote-MTA: dns; aspmx.l.google.com. (192.0.2.27, the server for the\n domain b.example.)\n\
         Diagnostic-Code: smtp; 552 5.2.3 Your message exceeded Google's message size limits.\n\
         Last-Attempt-Date: Mon, 18 Jan 2027 00:00:01 -0800 (PST)\n\n\
         --000000000000abc\nContent-Type: message/rfc822\n\nMIME-Version: 1.0\nSubject: Hearthpost\n\n\n--000000000000abc--\n"
    );
    let [b, _] = scene.comes(&mail);
    assert!(b.expect("doubt").starts_with("the mail was too large"));
}

#[test]
fn delay_is_shown_as_delay_and_gives_way_to_failure() {
    let mut scene = scene();
    let delayed = group(
        B,
        "delayed",
        "4.4.1",
        "connect to mx.example: Connection timed out",
    );
    let mail = postfix(&delayed, &scene.ids[0]);
    let [b, _] = scene.comes(&mail);
    assert!(
        b.expect("doubt")
            .starts_with("not delivered yet, and still tried")
    );
    let mail = postfix(
        &group(B, "failed", "4.4.7", "delivery time expired"),
        &scene.ids[0],
    );
    let [b, _] = scene.comes(&mail);
    assert_eq!(b.as_deref(), Some("it came back (delivery time expired)"));
    let mail = postfix(&delayed, &scene.ids[0]);
    let [b, _] = scene.comes(&mail);
    assert!(b.expect("doubt").starts_with("it came back"));
}

#[test]
fn what_names_no_mail_of_ours_to_that_recipient_counts_nothing() {
    let mut scene = scene();
    let failed = |mailbox| group(mailbox, "failed", "5.1.1", "550 5.1.1 User unknown");
    let id = scene.ids[0].clone();
    let letter_to_b = {
        let to_c = scene.village.server.messages(C, "INBOX");
        let to_c: Vec<String> = to_c.iter().map(|mail| id_of(&mail.bytes)).collect();
        let own = scene.ids.iter().find(|id| !to_c.contains(id));
        own.expect("a letter to B alone").clone()
    };
    let forged = [
        postfix(&failed(B), "guessed@a.example"),
        postfix(&failed("stranger@b.example"), &id),
        postfix(&failed(C), &letter_to_b),
        postfix(&failed(B), &id).replace(
            "report-type=delivery-status",
            "report-type=disposition-notification",
        ),
        postfix(&failed(B), &id).replace("message/delivery-status", "text/plain"),
        format!(
            "From: b\nTo: a\nSubject: Out of office\nAuto-Submitted: auto-replied\nX-Autoreply: yes\nIn-Reply-To: <{id}>\n\nI am away.\n"
        ),
        postfix(
            "Final-Recipient: rfc822\nAction: failed\n\nAction\n\n: :\n",
            &id,
        ),
    ];
    for mail in forged {
        assert_eq!(scene.comes(&mail), [None, None], "{mail}");
    }
    assert_eq!(scene.states(), [DestinationState::Sent; 2]);
}

#[test]
fn words_of_a_bounce_are_cleaned() {
    let mut scene = scene();
    let said = "550 5.1.1 \u{1b}[2J\u{202e}gpj unknown user";
    let mail = postfix(&group(B, "failed", "5.1.1", said), &scene.ids[0]);
    let [b, _] = scene.comes(&mail);
    assert_eq!(
        b.as_deref(),
        Some("there is no such mailbox (550 5.1.1 [2Jgpj unknown user)")
    );
}

#[test]
fn receipt_ends_the_doubt_and_a_late_bounce_does_not_bring_it_back() {
    let mut scene = scene();
    let failed = group(B, "failed", "5.2.2", "552 5.2.2 mailbox full");
    let mail = postfix(&failed, &scene.ids[0]);
    assert!(scene.comes(&mail)[0].is_some());
    scene.village.sync(&mut scene.b);
    scene.village.sync(&mut scene.a);
    assert_eq!(scene.doubts(), [None, None]);
    assert_eq!(scene.states()[0], DestinationState::Delivered);
    assert_eq!(scene.comes(&mail), [None, None]);
}

#[test]
fn bounce_is_forgotten_after_a_month() {
    let mut scene = scene();
    scene.a.wait(31 * 86_400);
    let mail = postfix(&group(B, "failed", "5.2.2", "552 full"), &scene.ids[0]);
    assert_eq!(scene.comes(&mail), [None, None]);
}

#[test]
fn bounce_with_thousands_of_names_and_hundreds_of_recipients_is_read_all_the_same() {
    let mut scene = scene();
    // So many mails of ours, each with its name, that a look at all of them for each pair would never end.
    let album = rusqlite::Connection::open(scene.a.folder.join("data/album.sqlite"));
    let queued = album.expect("opens").execute_batch(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000)
         INSERT INTO outbox (kind, message_id, date, size) SELECT 'letter', 'other-' || i || '@a.example', 0, 0 FROM n;
         INSERT INTO outbox_recipient (message, mailbox, state)
         SELECT id, 'other@b.example', 'sent' FROM outbox WHERE message_id LIKE 'other-%';",
    );
    queued.expect("rows");
    let names = |from: usize| -> String {
        let fields = (from..from + 1_400).map(|n| format!("Message-ID: <{n}@a.example>\n"));
        fields.collect()
    };
    let mut groups = format!("Message-ID: <{}>\n{}\n", scene.ids[0], names(0));
    groups += &group(B, "failed", "5.2.2", "552 5.2.2 mailbox is full");
    for n in 1..200 {
        groups += &format!(
            "Final-Recipient: rfc822;{n}@b.example\nOriginal-Recipient: rfc822;{n}@c.example\nAction: failed\nStatus: 5.2.2\n\n"
        );
    }
    let id = format!("{}>\n{}X: <x", scene.ids[0], names(5_000));
    let mail = postfix(&groups, &id);
    let before = scene.village.inbox(&scene.a).len();
    for _ in 0..20 {
        scene
            .village
            .deliver(&scene.a, mail.replace('\n', "\r\n").as_bytes());
    }
    let [b, c] = scene.comes(&mail);
    assert_eq!(scene.village.inbox(&scene.a).len(), before + 21);
    let words = "mailbox full (552 5.2.2 mailbox is full); it is sent again after ";
    assert!(b.is_some_and(|said| said.starts_with(words)));
    assert_eq!(c, None);
}
