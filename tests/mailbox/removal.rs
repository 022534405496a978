//! What a whole pass leaves in a mailbox that cannot remove single messages, or keeps what is removed: nothing of the
//! person's goes, what is ours is removed where that can be, and is read once where it cannot.

use crate::house::{House, Village, on_its_way};
use hearthpost::album::ShareState;
use testmail::Times;

struct Scene {
    village: Village,
    b: House,
    share: String,
    /// Mails of the share.
    ours: Vec<Vec<u8>>,
}

fn scene() -> Scene {
    let (village, _, b, share) = on_its_way("display=full");
    let ours = village.inbox(&b);
    Scene {
        village,
        b,
        share,
        ours,
    }
}

fn ordinary(n: usize) -> Vec<u8> {
    format!("Subject: ordinary {n}\r\nFrom: <aunt@p.example>\r\n\r\nAt twelve?\r\n").into_bytes()
}

impl Scene {
    fn folder(&self, name: &str) -> Vec<Vec<u8>> {
        let messages = self.village.server.messages(self.b.mailbox.as_str(), name);
        messages.iter().map(|m| m.bytes.to_vec()).collect()
    }

    fn holds(&self, name: &str) -> bool {
        let there = self.folder(name);
        self.ours.iter().any(|mail| there.contains(mail))
    }

    fn put(&self, folder: &str, n: usize) {
        let to = self.b.mailbox.as_str();
        let done = self.village.server.deliver(to, folder, &ordinary(n));
        done.expect("a folder");
    }

    fn assert_complete(&self) {
        assert_eq!(self.b.share_named(&self.share).state, ShareState::Complete);
    }
}

// CASES O-02.
#[test]
fn on_gmail_what_was_taken_is_in_no_folder_and_the_persons_trash_stays() {
    let mut s = scene();
    let mailbox = s.b.mailbox.to_string();
    s.village.server.make_gmail(&mailbox).expect("an account");
    s.put("INBOX", 1);
    s.put("[Gmail]/Trash", 2);
    s.put("[Gmail]/All Mail", 3);
    s.village.sync(&mut s.b);
    s.assert_complete();
    assert_eq!(s.folder("INBOX"), [ordinary(1)]);
    assert_eq!(s.folder("[Gmail]/Trash"), [ordinary(2)]);
    assert_eq!(s.folder("[Gmail]/All Mail"), [ordinary(3)]);
}

// CASES O-02: never said to be gone from the OK alone.
#[test]
fn on_gmail_a_move_that_fails_is_tried_again() {
    let mut s = scene();
    let mailbox = s.b.mailbox.to_string();
    s.village.server.make_gmail(&mailbox).expect("an account");
    let faults = s.village.server.faults();
    faults.imap_refuse("MOVE", "not now", Times::Next(1));
    let first = s.village.try_sync(&mut s.b).expect("sync");
    s.assert_complete();
    assert_eq!(first.trouble.len(), 1);
    assert!(s.holds("INBOX"));
    assert!(
        !s.holds("[Gmail]/All Mail"),
        "nothing was expunged in INBOX"
    );
    let second = s.village.sync(&mut s.b);
    assert_eq!((second.fetched, second.notified), (0, 0));
    for folder in ["INBOX", "[Gmail]/Trash", "[Gmail]/All Mail"] {
        assert!(!s.holds(folder), "{folder}");
    }
}

// CASES O-07.
#[test]
fn without_uidplus_and_move_all_stays_and_is_read_once() {
    let mut s = scene();
    let faults = s.village.server.faults();
    faults.imap_withhold("UIDPLUS");
    faults.imap_withhold("MOVE");
    s.put("INBOX", 1);
    let before = s.folder("INBOX");
    let done = s.village.sync(&mut s.b);
    assert_eq!(done.notified, 1);
    s.assert_complete();
    for _ in 0..2 {
        let again = s.village.sync(&mut s.b);
        assert_eq!((again.fetched, again.notified), (0, 0));
    }
    assert_eq!(s.folder("INBOX"), before);
    let messages = s.village.server.messages(s.b.mailbox.as_str(), "INBOX");
    assert!(
        messages.iter().all(|m| m.flags.is_empty()),
        "nothing is flagged"
    );
    let log = s.village.server.imap_log();
    let touched = |text: &str| {
        ["EXPUNGE", "STORE", "CLOSE", "COPY"]
            .iter()
            .any(|word| text.contains(word))
    };
    assert!(!log.iter().any(|command| touched(&command.text)));
}

// CASES O-07: another program's deletions are its own.
#[test]
fn what_another_program_marked_for_deletion_stays_marked_and_stays() {
    for lacks in [&[][..], &["UIDPLUS"], &["UIDPLUS", "MOVE"]] {
        let mut s = scene();
        s.put("INBOX", 1);
        let last = s.folder("INBOX").len() as u32;
        mark_deleted(&s, last);
        let faults = s.village.server.faults();
        lacks.iter().for_each(|name| faults.imap_withhold(name));
        s.village.sync(&mut s.b);
        s.assert_complete();
        let messages = s.village.server.messages(s.b.mailbox.as_str(), "INBOX");
        let kept = messages.iter().find(|m| *m.bytes == *ordinary(1));
        let kept = kept.unwrap_or_else(|| panic!("without {lacks:?} it is gone"));
        assert_eq!(kept.flags, ["\\Deleted"], "without {lacks:?}");
    }
}

/// As the person's own mail program does.
fn mark_deleted(s: &Scene, number: u32) {
    use std::io::{BufRead, BufReader, Write};
    let socket = std::net::TcpStream::connect(("127.0.0.1", s.village.server.imap_port()));
    let mut socket = socket.expect("a connection");
    let mut answers = BufReader::new(socket.try_clone().expect("a handle"));
    let login = format!("a LOGIN {} secret", s.b.mailbox);
    let store = format!("a STORE {number} +FLAGS (\\Deleted)");
    for command in [login.as_str(), "a SELECT INBOX", &store, "a LOGOUT"] {
        write!(socket, "{command}\r\n").expect("sent");
        let mut line = String::new();
        while !line.starts_with("a ") {
            line.clear();
            assert_ne!(answers.read_line(&mut line).expect("a line"), 0);
        }
        assert!(line.starts_with("a OK"), "{line}");
    }
}
