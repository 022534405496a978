//! Handing in goes wrong: each household has its own state, nothing is lost, and what is sent twice is taken once.

use crate::house::both::{Both, both};
use crate::house::order;
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::crash::meanwhile;
use hearthpost::message::ReceiptState;
use testmail::{Reply, Times};

const B: &str = "home-b@b.example";
const C: &str = "home-c@c.example";

fn scene() -> Both {
    both(&["bob"], &["carol"])
}

impl Both {
    fn share_with_both(&mut self) -> String {
        self.share(&[B, C], "store=full")
    }

    fn states(&self, share: &str) -> Vec<DestinationState> {
        let destinations = self.a.destinations(share);
        destinations.iter().map(|d| d.state).collect()
    }

    fn error(&self, share: &str, n: usize) -> String {
        let destination = self.a.destinations(share).remove(n);
        let rows = self.a.home.album.rows();
        let waiting = rows.outbox_error(destination.id).expect("rows");
        destination.error.or(waiting).unwrap_or_default()
    }

    fn all_arrives(&mut self, share: &str) {
        self.village
            .settle(&mut [&mut self.a, &mut self.b, &mut self.c]);
        let state = self.b.share_named(share).state;
        assert_eq!(state, ShareState::Complete);
        let state = self.c.share_named(share).state;
        assert_eq!(state, ShareState::Complete);
        assert_eq!(self.states(share), [DestinationState::Delivered; 2]);
        assert_eq!(self.a.queued(), 0);
        let told = self.village.server.messages("people@p.example", "INBOX");
        assert_eq!(told.len(), 2, "one notice each");
    }
}

#[test]
fn one_of_two_recipients_must_wait_and_the_other_is_served() {
    let mut scene = scene();
    let faults = scene.village.server.faults();
    faults.smtp_rcpt(C, Reply::new(452, "4.2.2 mailbox full"), Times::Always);
    let share = scene.share_with_both();
    scene.village.sync(&mut scene.a);
    assert_eq!(
        scene.states(&share),
        [DestinationState::Sent, DestinationState::Queued]
    );
    assert!(scene.error(&share, 1).contains("mailbox full"));
    scene.village.sync(&mut scene.b);
    assert_eq!(scene.b.share_named(&share).state, ShareState::Complete);
    let before = scene.village.server.transactions().len();
    scene.village.sync(&mut scene.a);
    let after = scene.village.server.transactions().len();
    assert_eq!(before, after, "not before its time");
    faults.clear();
    scene.a.wait(60);
    scene.all_arrives(&share);
    let to_b = scene.village.server.transactions();
    let to_b = to_b
        .iter()
        .filter(|t| t.account == "home-a@a.example" && t.recipients.iter().any(|(to, _)| to == B))
        .count();
    assert_eq!(to_b, 4, "letter and three bundles, each once");
}

#[test]
fn one_of_two_recipients_is_refused_for_good_and_the_other_is_served() {
    let mut scene = scene();
    let faults = scene.village.server.faults();
    faults.smtp_rcpt(C, Reply::new(550, "5.1.1 no such user"), Times::Always);
    let share = scene.share_with_both();
    scene.village.sync(&mut scene.a);
    assert_eq!(
        scene.states(&share),
        [DestinationState::Sent, DestinationState::Failed]
    );
    assert!(scene.error(&share, 1).contains("no such user"));
    scene.village.sync(&mut scene.b);
    scene.village.sync(&mut scene.a);
    assert_eq!(
        scene.states(&share),
        [DestinationState::Delivered, DestinationState::Failed]
    );
    assert_eq!(scene.a.queued(), 0, "what failed is not tried again");
}

#[test]
fn all_recipients_are_refused() {
    let mut scene = scene();
    let faults = scene.village.server.faults();
    for to in [B, C] {
        faults.smtp_rcpt(to, Reply::new(550, "5.1.1 no such user"), Times::Always);
    }
    let share = scene.share_with_both();
    scene.village.sync(&mut scene.a);
    assert_eq!(scene.states(&share), [DestinationState::Failed; 2]);
    let sent: usize = scene
        .village
        .server
        .transactions()
        .iter()
        .map(|t| t.bytes_received)
        .sum();
    assert_eq!(sent, 0, "nothing is uploaded for nobody");
    assert_eq!(scene.a.queued(), 0);
}

#[test]
fn lost_answer_is_sent_again_byte_for_byte_and_taken_once() {
    let mut scene = scene();
    let faults = scene.village.server.faults();
    faults.smtp_lose_answer(Times::Next(1));
    let share = scene.share_with_both();
    let done = scene.village.try_sync(&mut scene.a).expect("sync");
    assert!(done.trouble[0].contains("did not confirm"));
    assert_ne!(scene.states(&share)[0], DestinationState::Failed);
    scene.a.wait(60);
    scene.village.sync(&mut scene.a);
    let mails = scene.village.inbox(&scene.b);
    let body = |mail: &Vec<u8>| {
        let at = mail.windows(11).position(|w| w == b"Message-ID:");
        mail[at.expect("a Message-ID")..].to_vec()
    };
    let doubled = (0..mails.len())
        .filter(|&n| mails[..n].iter().any(|m| body(m) == body(&mails[n])))
        .count();
    assert!(doubled >= 1, "the same bytes came twice");
    scene.all_arrives(&share);
}

#[test]
fn who_was_served_is_not_given_up_on_because_the_answer_for_another_is_lost() {
    let mut scene = scene();
    let smtp = &mut scene.a.home.config.smtp;
    (smtp.max_recipients, smtp.max_recipients_per_day) = (1, Some(2));
    let share = scene.share_with_both();
    // The letters, of a recipient each; the parts are for both.
    scene.village.sync(&mut scene.a);
    scene.a.home.config.smtp.max_recipients_per_day = None;
    scene.a.wait(86_401);
    // Its provider put it off so often that the next time is the last.
    let album = rusqlite::Connection::open(scene.a.folder.join("data/album.sqlite"));
    let often = "UPDATE outbox_recipient SET tries = 24 WHERE mailbox = ?1 AND state = 'queued'";
    let changed = album.expect("opens").execute(often, [B]);
    assert!(changed.expect("rows") > 0);
    let faults = scene.village.server.faults();
    let of_the_next = faults.clone();
    meanwhile("submit.noted", move || {
        of_the_next.smtp_lose_answer(Times::Next(1));
    });
    let done = scene.village.try_sync(&mut scene.a).expect("sync");
    assert!(done.trouble[0].contains("did not confirm"), "{done:?}");
    assert_eq!(faults.outstanding(), 0);
    assert_ne!(scene.states(&share)[0], DestinationState::Failed);
}

#[test]
fn lost_message_is_sent_again() {
    let mut scene = scene();
    scene
        .village
        .server
        .faults()
        .smtp_lose_message(Times::Next(1));
    let share = scene.share_with_both();
    let done = scene.village.try_sync(&mut scene.a).expect("sync");
    assert_eq!(done.trouble.len(), 1);
    scene.a.wait(60);
    scene.all_arrives(&share);
}

#[test]
fn connection_dropped_in_the_middle_of_a_message() {
    let mut scene = scene();
    scene
        .village
        .server
        .faults()
        .smtp_cut_data(5_000, Times::Next(1));
    let share = scene.share_with_both();
    let done = scene.village.try_sync(&mut scene.a).expect("sync");
    assert_eq!(done.trouble.len(), 1);
    scene.a.wait(60);
    scene.all_arrives(&share);
}

#[test]
fn dropped_while_mail_is_read() {
    let mut scene = scene();
    let share = scene.share_with_both();
    scene.village.sync(&mut scene.a);
    for bytes in [1, 600, 3_000, 20_000] {
        let faults = scene.village.server.faults().of(B);
        faults.imap_cut_answer(bytes, Times::Next(1));
        scene.village.try_sync(&mut scene.b).expect("sync");
        faults.clear();
    }
    scene.all_arrives(&share);
    let receipts = scene.village.receipts(&scene.a);
    assert_eq!(receipts, Vec::<(ReceiptState, _)>::new());
}

#[test]
fn wrong_password_is_told_with_its_cure_and_loses_nothing() {
    let mut scene = scene();
    let share = scene.share_with_both();
    scene.village.sync(&mut scene.b);
    std::fs::write(scene.a.folder.join("password"), "wrong\n").expect("a file");
    let done = scene.village.try_sync(&mut scene.a).expect("sync");
    assert_eq!(done.trouble.len(), 2, "{:?}", done.trouble);
    for trouble in &done.trouble {
        assert!(trouble.contains("(an app password)"), "{trouble}");
    }
    assert_eq!(scene.states(&share), [DestinationState::Queued; 2]);
    std::fs::write(scene.a.folder.join("password"), "secret\n").expect("a file");
    scene.a.wait(6 * 3_600);
    scene.all_arrives(&share);
}

#[test]
fn provider_that_cannot_be_reached_is_named_and_loses_nothing() {
    let mut scene = scene();
    let share = scene.share_with_both();
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = nobody.local_addr().expect("a port").port();
    drop(nobody);
    let urls = (
        scene.a.home.config.smtp.url.clone(),
        scene.a.home.config.imap.url.clone(),
    );
    scene.a.home.config.smtp.url = format!("smtp+plain://127.0.0.1:{port}");
    scene.a.home.config.imap.url = format!("imap+plain://127.0.0.1:{port}");
    let done = scene.village.try_sync(&mut scene.a).expect("sync");
    assert_eq!(done.trouble.len(), 2, "{:?}", done.trouble);
    for trouble in &done.trouble {
        assert!(trouble.contains("cannot be reached"), "{trouble}");
    }
    (scene.a.home.config.smtp.url, scene.a.home.config.imap.url) = urls;
    scene.a.wait(60);
    scene.all_arrives(&share);
}

#[test]
fn clock_ahead_for_a_minute_does_not_put_off_what_failed_then() {
    let mut scene = scene();
    let share = scene.share_with_both();
    let ten_years = 10 * 365 * 86_400;
    scene
        .village
        .server
        .faults()
        .smtp_lose_message(Times::Next(1));
    scene.a.wall += ten_years;
    scene.a.synchronised = false;
    scene.village.try_sync(&mut scene.a).expect("sync");
    scene.a.wall -= ten_years;
    scene.a.wait(60);
    scene.a.synchronised = true;
    scene.all_arrives(&share);
}

#[test]
fn second_run_at_the_same_time_says_so() {
    let mut scene = scene();
    let share = scene.share_with_both();
    let first = scene.a.home.album.try_lock().expect("free");
    let busy = scene.village.try_sync(&mut scene.a).expect_err("taken");
    assert_eq!(busy.code, "busy");
    assert!(!busy.message.is_empty());
    drop(first);
    scene.all_arrives(&share);
}

#[test]
fn provider_takes_less_than_the_budget() {
    let mut scene = scene();
    let paths: Vec<_> = (0..6)
        .map(|n| {
            let path = scene.a.folder.join(format!("{n}.bin"));
            std::fs::write(&path, vec![n; 300_000]).expect("a file");
            path
        })
        .collect();
    let items = scene.a.import(&paths);
    let items: Vec<_> = items.iter().collect();
    let shared = scene.a.share(&order(&items, &[B, C], "store=full"));
    let share = shared.expect("recorded").share;
    let limit = 1_000_000;
    scene.village.server.faults().smtp_message_limit(limit);
    // One of them at a time, so that the cutting meets several transactions.
    scene.a.home.config.smtp.max_recipients = 1;
    scene.all_arrives(&share);
    let sent = scene.village.server.transactions();
    let parts: usize = sent
        .iter()
        .filter(|t| t.account == "home-a@a.example")
        .map(|t| t.bytes_received)
        .inspect(|&bytes| assert!(bytes <= limit))
        .sum();
    assert!(parts < 2 * 6 * 300_000 * 14 / 10 + 200_000, "{parts}");
}

#[test]
fn one_part_that_is_too_large_for_the_provider_fails_with_words() {
    let mut scene = scene();
    let path = scene.a.folder.join("big.bin");
    std::fs::write(&path, vec![7; 2_000_000]).expect("a file");
    let items = scene.a.import(&[path]);
    let shared = scene.a.share(&order(&[&items[0]], &[B, C], "store=full"));
    let share = shared.expect("recorded").share;
    scene.village.server.faults().smtp_message_limit(1_000_000);
    scene.village.sync(&mut scene.a);
    assert_eq!(scene.states(&share), [DestinationState::Failed; 2]);
    assert!(
        scene
            .error(&share, 0)
            .contains("the provider takes 1000000")
    );
    assert_eq!(scene.a.queued(), 0);
}

#[test]
fn more_recipients_than_the_provider_takes_at_once() {
    let mut scene = scene();
    scene.village.server.faults().smtp_recipient_limit(1);
    let share = scene.share_with_both();
    scene.village.sync(&mut scene.a);
    assert_eq!(scene.states(&share)[0], DestinationState::Sent);
    assert_ne!(scene.states(&share)[1], DestinationState::Failed);
    scene.a.wait(60);
    scene.all_arrives(&share);
}

#[test]
fn import_goes_on_while_another_run_syncs() {
    let mut scene = scene();
    let path = scene.a.folder.join("big.bin");
    std::fs::write(&path, vec![7; 9_000_000]).expect("a file");
    let config = scene.a.folder.join("hearthpost.toml");
    let mut other = hearthpost::sharing::Household::open(&config).expect("opens");
    let (reading, now) = (scene.a.reading(), scene.a.now());
    let village = &scene.village;
    let imported = scene.a.home.import(&[path], None, now, &mut |_| {
        village.run(other.sync(&reading)).expect("sync");
    });
    let imported = imported.expect("import");
    assert_eq!((imported.items.len(), imported.skipped.len()), (1, 0));
}

#[test]
fn password_that_is_wrong_for_two_weeks_fails_nobody() {
    let mut scene = scene();
    let share = scene.share_with_both();
    std::fs::write(scene.a.folder.join("password"), "wrong\n").expect("a file");
    for _ in 0..56 {
        scene.village.try_sync(&mut scene.a).expect("sync");
        scene.a.wait(6 * 3_600);
    }
    assert_eq!(scene.states(&share), [DestinationState::Queued; 2]);
    std::fs::write(scene.a.folder.join("password"), "secret\n").expect("a file");
    for house in [&mut scene.b, &mut scene.c] {
        house.wait(14 * 86_400);
    }
    scene.all_arrives(&share);
}

#[test]
fn mailbox_that_is_full_for_a_week_fails_in_the_end() {
    let mut scene = scene();
    let faults = scene.village.server.faults();
    faults.smtp_rcpt(C, Reply::new(452, "4.2.2 mailbox full"), Times::Always);
    let share = scene.share_with_both();
    for _ in 0..28 {
        scene.village.sync(&mut scene.a);
        scene.a.wait(6 * 3_600);
    }
    assert_eq!(scene.states(&share)[1], DestinationState::Failed);
    assert!(scene.error(&share, 1).contains("mailbox full"));
    assert_eq!(scene.states(&share)[0], DestinationState::Sent);
}
