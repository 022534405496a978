//! A provider makes a folder anew (CASES O-06): nothing is deleted by an old UID, and everything is read again.

use crate::house::{House, Village, on_its_way};
use hearthpost::album::ShareState;
use hearthpost::mailbox::Session;
use testmail::Times;

/// A share for `b` on its way, its mails in our hands.
fn held_back() -> (Village, House, String, Vec<Vec<u8>>) {
    let (village, _, b, share) = on_its_way("display=full,store=full");
    let mails = village.take_mail(&b);
    (village, b, share, mails)
}

fn ordinary(n: usize) -> Vec<u8> {
    format!("Subject: ordinary {n}\r\nFrom: <aunt@p.example>\r\n\r\nAt twelve?\r\n").into_bytes()
}

fn assert_untouched(village: &Village, b: &House, many: usize) {
    let inbox = village.server.messages(b.mailbox.as_str(), "INBOX");
    let ordinary: Vec<_> = inbox
        .iter()
        .filter(|mail| mail.bytes.starts_with(b"Subject: ordinary"))
        .collect();
    assert_eq!(ordinary.len(), many);
    assert!(ordinary.iter().all(|mail| mail.flags.is_empty()));
}

#[test]
fn between_two_sessions_old_uids_delete_nothing_and_all_is_read_again() {
    let (village, mut b, share, mails) = held_back();
    // All is taken in, and the provider lets nothing be removed yet: the UIDs are noted as done with.
    for mail in &mails {
        village.deliver(&b, mail);
    }
    let faults = village.server.faults();
    faults.imap_refuse("UID STORE", "[UNAVAILABLE] later", Times::Always);
    let done = village.try_sync(&mut b).expect("a pass");
    assert!(done.ingested > 0 && !done.trouble.is_empty(), "{done:?}");
    faults.clear();
    // In the folder made anew other mail has those UIDs.
    let address = b.mailbox.to_string();
    village
        .server
        .remove_messages(&address, "INBOX")
        .expect("INBOX");
    for n in 0..mails.len() {
        village.deliver(&b, &ordinary(n));
    }
    village
        .server
        .change_uidvalidity(&address, "INBOX")
        .expect("INBOX");
    village.sync(&mut b);
    assert_untouched(&village, &b, mails.len());
    // What was taken in comes again: known, and removed by its new UID.
    for mail in &mails {
        village.deliver(&b, mail);
    }
    village.sync(&mut b);
    assert_untouched(&village, &b, mails.len());
    assert_eq!(village.inbox(&b).len(), mails.len());
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
}

#[test]
fn within_a_kept_session_it_is_no_trouble() {
    let (village, mut b, share, mails) = held_back();
    let mut line: Option<Session> = None;
    let address = b.mailbox.to_string();
    let mut pass = |b: &mut House| {
        let reading = b.reading();
        let done = village.run(b.home.sync_over(&reading, &mut line));
        let done = done.expect("a pass");
        assert_eq!(done.trouble, Vec::<String>::new());
        assert!(line.is_some());
        done
    };
    for n in 0..6 {
        village.deliver(&b, &ordinary(n));
    }
    village.deliver(&b, &mails[0]);
    pass(&mut b);
    // UIDs 1 to 6 again, for the same mails, and 7 for what that session never saw.
    village
        .server
        .change_uidvalidity(&address, "INBOX")
        .expect("INBOX");
    for mail in &mails[1..] {
        village.deliver(&b, mail);
    }
    pass(&mut b);
    village
        .server
        .change_uidvalidity(&address, "INBOX")
        .expect("INBOX");
    village
        .server
        .change_uidvalidity(&address, "Junk")
        .expect("Junk");
    pass(&mut b);
    assert_untouched(&village, &b, 6);
    assert_eq!(village.inbox(&b).len(), 6);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
    // One account never had two connections that both did something.
    let log = village.server.imap_log();
    let mine = log
        .iter()
        .filter(|c| c.account.as_deref() == Some(address.as_str()));
    let connections: Vec<u64> = mine.map(|command| command.connection).collect();
    assert!(connections.is_sorted(), "{connections:?}");
}

// The connection goes in the midst of a pass, and the folder that the next one opens is another one.
#[test]
fn within_one_pass_old_uids_delete_nothing() {
    let (village, mut b, share, mails) = held_back();
    for n in 0..4 {
        village.deliver(&b, &ordinary(n));
    }
    for mail in &mails {
        village.deliver(&b, mail);
    }
    for n in 4..12 {
        village.deliver(&b, &ordinary(n));
    }
    // With the first four gone, what has the UIDs of ours in the folder made anew is other mail.
    village.run(async {
        let account = b.home.imap_account().await.expect("an account");
        let mut session = Session::open(&account).await.expect("a session");
        session.select("INBOX").await.expect("INBOX");
        let inbox = village.server.messages(b.mailbox.as_str(), "INBOX");
        let first: Vec<u32> = inbox[..4].iter().map(|mail| mail.uid).collect();
        session.remove(&first).await.expect("removed");
    });
    for at in ["BINARY.PEEK", "BODY.PEEK[]", "+FLAGS.SILENT"] {
        let faults = village.server.faults();
        faults.imap_renumber_at(at, Times::Next(1));
        village.try_sync(&mut b).expect("a pass");
        faults.clear();
        assert_untouched(&village, &b, 8);
    }
    village.sync(&mut b);
    assert_untouched(&village, &b, 8);
    assert_eq!(village.inbox(&b).len(), 8);
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
}

#[test]
fn what_could_not_be_looked_at_under_an_old_uid_says_nothing_of_a_new_one() {
    let (village, mut b, _, mails) = held_back();
    village.deliver(&b, &mails[0]);
    village.sync(&mut b);
    for folder in ["INBOX", "INBOX%"] {
        let noted = b.home.album.commit(|rows| rows.looked_in_vain(folder, 7));
        assert_eq!(noted.expect("an album"), 1);
    }
    let address = b.mailbox.to_string();
    let changed = village.server.change_uidvalidity(&address, "INBOX");
    changed.expect("INBOX");
    village.sync(&mut b);
    for (folder, looks) in [("INBOX", 1), ("INBOX%", 2)] {
        let noted = b.home.album.commit(|rows| rows.looked_in_vain(folder, 7));
        assert_eq!(noted.expect("an album"), looks, "{folder}");
    }
}
