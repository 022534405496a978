//! Removal: on Gmail nothing counts as deleted that is kept elsewhere, and nothing is removed that was not named.

use crate::script::{Script, say};
use crate::session::{A, account, inbox};
use hearthpost::endpoint::Account;
use hearthpost::mailbox::{MailboxError, Removal, Session};
use testmail::{Options, Server};

const ALL: &str = "[Gmail]/All Mail";
const TRASH: &str = "[Gmail]/Trash";

/// A Gmail with four messages in INBOX, and one of the owner's in the trash that waits there marked.
fn gmail() -> (Server, Account) {
    let options = Options {
        accounts: vec![testmail::Account::new(A, "secret")],
        ..Options::default()
    };
    let server = Server::start(options).expect("a server");
    server.make_gmail(A).expect("an account");
    for n in 1..=4 {
        let text = format!("Subject: {n}\r\n\r\n");
        server.deliver(A, "INBOX", text.as_bytes()).expect("INBOX");
    }
    server
        .deliver(A, TRASH, b"Subject: owner's\r\n\r\n")
        .expect("the trash");
    let account = account(server.imap_port());
    (server, account)
}

fn subjects(server: &Server, folder: &str) -> Vec<String> {
    let messages = server.messages(A, folder);
    let subject = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    messages.iter().map(|m| subject(&m.bytes)).collect()
}

// CASES O-02.
#[tokio::test]
async fn on_gmail_what_is_removed_is_kept_nowhere() {
    let (server, account) = gmail();
    let mut session = inbox(&account).await;
    assert!(session.capabilities().gmail);
    let removed = session.remove(&[1, 3]).await.expect("removal");
    assert_eq!(removed, Removal::Expunged);
    assert_eq!(subjects(&server, "INBOX"), ["Subject: 2", "Subject: 4"]);
    assert_eq!(subjects(&server, TRASH), ["Subject: owner's"]);
    assert_eq!(subjects(&server, ALL), [""; 0]);
    // INBOX is open again, and a UID that is gone takes nothing along.
    let removed = session.remove(&[1, 2]).await.expect("removal");
    assert_eq!(removed, Removal::Moved);
    assert_eq!(subjects(&server, "INBOX"), ["Subject: 4"]);
    assert_eq!(subjects(&server, TRASH), ["Subject: owner's"]);
    for command in server.imap_log() {
        let plain = command.text == "EXPUNGE" || command.text == "CLOSE";
        assert!(!plain, "{command:?}");
    }
}

#[tokio::test]
async fn where_gmail_does_not_tell_where_to_it_is_not_said_to_be_gone() {
    let (server, account) = gmail();
    // Without UIDPLUS testmail tells no COPYUID, and there is no UID EXPUNGE.
    server.faults().imap_withhold("UIDPLUS");
    let mut session = inbox(&account).await;
    let removed = session.remove(&[1]).await.expect("removal");
    assert_eq!(removed, Removal::Moved);
    assert_eq!(subjects(&server, TRASH), ["Subject: owner's", "Subject: 1"]);
    server.faults().imap_withhold("MOVE");
    let mut session = inbox(&account).await;
    let removed = session.remove(&[2]).await.expect("removal");
    assert_eq!(removed, Removal::Left);
    assert_eq!(subjects(&server, "INBOX").len(), 3);
    assert!(
        server
            .messages(A, "INBOX")
            .iter()
            .all(|m| m.flags.is_empty())
    );
}

/// A Gmail that says `moved` to a MOVE; its trash has UIDVALIDITY 9.
async fn telling(moved: &'static str) -> (Script, Session) {
    let script = Script::start("* OK hi\r\n", move |line| {
        let tag = line.split(' ').next().unwrap_or_default();
        let ok = |text: &str| say(format!("{text}{tag} OK done\r\n"));
        match line {
            line if line.contains("CAPABILITY") => {
                ok("* CAPABILITY IMAP4rev1 UIDPLUS MOVE X-GM-EXT-1\r\n")
            }
            line if line.contains(" LIST ") => ok("* LIST (\\Trash) \"/\" \"Bin\"\r\n"),
            line if line.contains("SELECT \"Bin\"") => ok("* OK [UIDVALIDITY 9] ok\r\n"),
            line if line.contains("SELECT") => ok("* OK [UIDVALIDITY 7] ok\r\n"),
            line if line.contains("UID MOVE") => say(moved.replace("TAG", tag)),
            _ => ok(""),
        }
    })
    .await;
    let session = inbox(&account(script.port)).await;
    (script, session)
}

// RFC 6851 §4.3: before the end of the command or in it, at once or one by one.
#[tokio::test]
async fn only_what_was_moved_just_now_is_expunged_in_the_trash() {
    let good = [
        "* OK [COPYUID 9 4:5 70:71] moved\r\nTAG OK done\r\n",
        "TAG OK [COPYUID 9 4:5 70:71] done\r\n",
        "* OK [COPYUID 9 4 70]\r\n* 1 EXPUNGE\r\n* OK [COPYUID 9 5 71]\r\nTAG OK done\r\n",
    ];
    for moved in good {
        let (script, mut session) = telling(moved).await;
        let removed = session.remove(&[4, 5]).await.expect("removal");
        assert_eq!(removed, Removal::Expunged, "{moved}");
        let heard = script.heard();
        let expunged: Vec<_> = heard.iter().filter(|l| l.contains("EXPUNGE")).collect();
        assert_eq!(expunged.len(), 1, "{moved}");
        assert!(expunged[0].ends_with("UID EXPUNGE 70:71"), "{expunged:?}");
    }
    let bad = [
        // Another folder than the trash that is there, others than asked for, more than asked for, or nothing.
        "* OK [COPYUID 8 4:5 70:71] moved\r\nTAG OK done\r\n",
        "* OK [COPYUID 9 1:2 70:71] moved\r\nTAG OK done\r\n",
        "* OK [COPYUID 9 1:4294967295 1:4294967295] moved\r\nTAG OK done\r\n",
        "* OK moved to [COPYUID\r\nTAG OK done\r\n",
        "TAG OK done\r\n",
    ];
    for moved in bad {
        let (script, mut session) = telling(moved).await;
        let removed = session.remove(&[4, 5]).await.expect("removal");
        assert_eq!(removed, Removal::Moved, "{moved}");
        let heard = script.heard();
        assert!(!heard.iter().any(|l| l.contains("EXPUNGE")), "{heard:?}");
    }
}

// CASES O-06: told in the midst of a session.
#[tokio::test]
async fn a_folder_renumbered_under_our_hands_is_not_touched() {
    let script = Script::start("* OK hi\r\n", |line| {
        let tag = line.split(' ').next().unwrap_or_default();
        let ok = |text: &str| say(format!("{text}{tag} OK done\r\n"));
        match line {
            line if line.contains("CAPABILITY") => ok("* CAPABILITY IMAP4rev1 UIDPLUS\r\n"),
            line if line.contains("SELECT") => ok("* OK [UIDVALIDITY 7] ok\r\n"),
            line if line.contains("NOOP") => ok("* OK [UIDVALIDITY 8] sorry\r\n"),
            _ => ok(""),
        }
    })
    .await;
    let mut session = inbox(&account(script.port)).await;
    let changed = session.scan(1).await.expect_err("another folder");
    let right = matches!(
        changed,
        MailboxError::UidValidityChanged { was: 7, now: 8, .. }
    );
    assert!(right, "{changed:?}");
    assert!(session.remove(&[1]).await.is_err());
    let fetched = session.fetch(1, "", 10, |_| Ok::<(), ()>(())).await;
    assert!(fetched.is_err());
    let heard = script.heard();
    let touched = heard.iter().any(|l| l.contains("UID"));
    assert!(!touched, "{heard:?}");
}
