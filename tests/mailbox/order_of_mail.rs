//! Mail as providers bring it: late, twice, in any order, rewritten, in the wrong folder, among other mail.

use std::collections::BTreeSet;

use crate::house::{House, Village, order, picture};
use hearthpost::album::{DestinationState, ShareState};
use hearthpost::message::ReceiptState;
use testmail::Times;

fn village() -> (Village, House, House) {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    (village, a, b)
}

fn share(a: &mut House, name: &str, edge: u32) -> String {
    let path = a.folder.join(name);
    picture(&path, edge, edge / 2);
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], "store=full");
    a.share(&order).expect("recorded").share
}

fn complete(village: &Village, b: &mut House, share: &str) {
    village.sync(b);
    assert_eq!(b.share_named(share).state, ShareState::Complete);
    assert!(village.inbox(b).is_empty(), "all of it is removed");
}

#[test]
fn reversed_order_makes_no_difference() {
    let (village, mut a, mut b) = village();
    village.server.faults().hold(Times::Always);
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    assert_eq!(village.server.held(), 4);
    village.server.release_reversed();
    complete(&village, &mut b, &share);
}

#[test]
fn each_order_of_single_arrivals_completes_the_share_once() {
    let (village, mut a, mut b) = village();
    let name = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    let mails = village.take_mail(&b);
    let mut told = 0;
    for n in [2, 0, 3, 1] {
        village.deliver(&b, &mails[n]);
        told += village.sync(&mut b).notified;
    }
    assert_eq!(told, 1);
    complete(&village, &mut b, &name);
    assert_eq!(village.receipts(&a), [(ReceiptState::Complete, None)]);
}

#[test]
fn everything_twice_is_one_picture_one_notice_and_one_receipt() {
    let (village, mut a, mut b) = village();
    village.server.faults().duplicate(Times::Always);
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    assert_eq!(village.inbox(&b).len(), 8);
    village.server.faults().clear();
    let done = village.sync(&mut b);
    assert_eq!(
        (done.notified, done.submitted),
        (1, 2),
        "notice and receipt"
    );
    complete(&village, &mut b, &share);
    assert_eq!(village.receipts(&a), [(ReceiptState::Complete, None)]);
    assert_eq!(
        village.server.messages("people@p.example", "INBOX").len(),
        1
    );
}

#[test]
fn hint_header_stripped() {
    let (village, mut a, mut b) = village();
    let faults = village.server.faults();
    faults.strip_header("Hearthpost", Times::Always);
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    complete(&village, &mut b, &share);
}

#[test]
fn message_id_rewritten() {
    let (village, mut a, mut b) = village();
    village.server.faults().rewrite_message_id(Times::Always);
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    complete(&village, &mut b, &share);
}

#[test]
fn names_of_the_parts_stripped() {
    let (village, mut a, mut b) = village();
    village.server.faults().strip_content_ids(Times::Always);
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    complete(&village, &mut b, &share);
}

#[test]
fn names_and_hint_stripped_and_the_message_id_rewritten() {
    let (village, mut a, mut b) = village();
    let faults = village.server.faults();
    faults.strip_content_ids(Times::Always);
    faults.strip_header("Hearthpost", Times::Always);
    faults.rewrite_message_id(Times::Always);
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    complete(&village, &mut b, &share);
}

#[test]
fn nameless_parts_of_a_share_whose_grant_comes_later_are_kept_for_it() {
    let (village, mut a, mut b) = village();
    village.server.faults().strip_content_ids(Times::Always);
    let first = share(&mut a, "lake.jpg", 640);
    // The abouts of both have the same length.
    let path = a.folder.join("pond.jpg");
    picture(&path, 642, 320);
    std::fs::write(&path, picture(&path, 640, 322)).expect("a file");
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b@b.example"], "store=full");
    let second = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    let mails = village.take_mail(&b);
    let letters: BTreeSet<usize> = (0..mails.len())
        .filter(|&n| mails[n].windows(18).any(|w| w == b"Hearthpost: letter"))
        .collect();
    assert_eq!(letters.len(), 2);
    let late = *letters.last().expect("two letters");
    for (n, mail) in mails.iter().enumerate().rev() {
        if n != late {
            village.deliver(&b, mail);
        }
    }
    village.sync(&mut b);
    assert_eq!(b.share_named(&first).state, ShareState::Complete);
    village.deliver(&b, &mails[late]);
    complete(&village, &mut b, &second);
}

#[test]
fn into_junk() {
    let (village, mut a, mut b) = village();
    village.server.faults().into_junk(Times::Always);
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    complete(&village, &mut b, &share);
    let junk = village.server.messages("home-b@b.example", "Junk");
    assert!(junk.is_empty());
}

#[test]
fn letter_in_the_inbox_and_parts_in_junk() {
    let (village, mut a, mut b) = village();
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    let mails = village.take_mail(&b);
    for (n, mail) in mails.iter().enumerate() {
        let folder = if n == 0 { "Junk" } else { "INBOX" };
        let uid = village.server.deliver("home-b@b.example", folder, mail);
        uid.expect("a folder");
    }
    complete(&village, &mut b, &share);
}

#[test]
fn other_mail_is_neither_fetched_nor_flagged_nor_moved() {
    let (village, mut a, mut b) = village();
    let ordinary: [&[u8]; 3] = [
        b"Subject: lunch\r\n\r\nAt twelve?\r\n",
        b"Subject: Hearthpost news\r\nContent-Type: text/html\r\n\r\n<p>hi\r\n",
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b--\r\n",
    ];
    for mail in ordinary {
        village.deliver(&b, mail);
    }
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    let left = village.server.messages("home-b@b.example", "INBOX");
    let kept: Vec<&[u8]> = left.iter().map(|message| &*message.bytes).collect();
    assert_eq!(kept, ordinary);
    assert!(left.iter().all(|message| message.flags.is_empty()));
    let log = village.server.imap_log();
    for uid in 1..=3 {
        let whole = format!("UID FETCH {uid} (UID BODY.PEEK[");
        assert!(!log.iter().any(|command| command.text.contains(&whole)));
    }
}

#[test]
fn folder_that_was_made_anew_is_read_again_without_effect() {
    let (village, mut a, mut b) = village();
    village.deliver(&b, b"Subject: lunch\r\n\r\nAt twelve?\r\n");
    // A server that cannot remove single messages: all of it stays.
    let faults = village.server.faults();
    faults.imap_withhold("UIDPLUS");
    faults.imap_withhold("MOVE");
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    village.sync(&mut a);
    let state = a.destinations(&share).remove(0).state;
    assert_eq!(state, DestinationState::Delivered);
    let (before, left) = (b.visible(), village.inbox(&b));
    assert_eq!(left.len(), 5);
    for _ in 0..2 {
        let changed = village
            .server
            .change_uidvalidity("home-b@b.example", "INBOX");
        changed.expect("a folder");
        let done = village.sync(&mut b);
        assert_eq!((done.notified, done.submitted), (0, 0));
        assert_eq!(b.visible(), before);
        assert_eq!(village.inbox(&b), left);
    }
}

#[test]
fn twenty_thousand_other_mails_are_looked_at_once() {
    let (village, mut a, mut b) = village();
    for n in 0..20_000 {
        village.deliver(&b, format!("Subject: mail {n}\r\n\r\nx\r\n").as_bytes());
    }
    village.sync(&mut b);
    let seen = village.server.imap_log().len();
    let share = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    village.sync(&mut b);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    let log = village.server.imap_log();
    let by_b =
        |command: &&testmail::Command| command.account.as_deref() == Some("home-b@b.example");
    let looked = log[seen..].iter().filter(by_b);
    let bytes: u64 = looked.map(|command| command.bytes_sent).sum();
    let parts: usize = 200_000;
    assert!(bytes < parts as u64, "{bytes} bytes were read again");
    let first: u64 = log[..seen].iter().map(|command| command.bytes_sent).sum();
    assert!(first < 20_000 * 400, "{first} bytes for headers alone");
}

#[test]
fn parts_that_nobody_asked_for_are_removed_after_their_time() {
    let (village, mut a, mut b) = village();
    let _ = share(&mut a, "lake.jpg", 640);
    village.sync(&mut a);
    let mails = village.take_mail(&b);
    village.deliver(&b, &mails[1]);
    village.deliver(&b, b"Subject: lunch\r\n\r\nAt twelve?\r\n");
    village.sync(&mut b);
    b.wait(29 * 86_400);
    village.sync(&mut b);
    assert_eq!(village.inbox(&b).len(), 2);
    b.wait(2 * 86_400);
    village.sync(&mut b);
    assert_eq!(village.inbox(&b).len(), 1);
}
