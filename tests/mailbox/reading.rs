//! Reading mail from servers with faults: what is lost is taken up again, and what cannot be done is said.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::script::{Act, Script, say};
use crate::session::{A, account_at, inbox, server};
use hearthpost::endpoint::{SignInRefused, TlsFault};
use hearthpost::mailbox::{
    Candidate, FetchError, MailboxError, Removal, Role, Scanned, Session, Unreadable,
};
use testmail::Times;

const PARTS: &[u8] = b"Hearthpost: parts\r\nSubject: Hearthpost\r\n\r\nhello\r\n";
const OTHER: &[u8] = b"Subject: lunch\r\n\r\nat noon\r\n";

type Found = BTreeMap<u32, Result<Scanned, Unreadable>>;

async fn all(session: &mut Session) -> Result<Found, MailboxError> {
    let mut scan = session.scan(1).await?;
    let mut found = BTreeMap::new();
    while let Some(batch) = session.next_batch(&mut scan).await? {
        found.extend(batch);
    }
    assert_eq!(scan.remaining(), 0);
    Ok(found)
}

#[tokio::test]
async fn new_mail_is_scanned_fetched_and_removed() {
    let (server, account) = server();
    for message in [PARTS, OTHER, PARTS] {
        server.deliver(A, "INBOX", message).expect("an account");
    }
    let mut session = inbox(&account).await;
    let roles: Vec<_> = session
        .folders()
        .await
        .expect("folders")
        .into_iter()
        .map(|f| f.role)
        .collect();
    for role in [Role::Inbox, Role::Junk, Role::Trash] {
        assert!(roles.contains(&role), "{roles:?}");
    }
    let found = all(&mut session).await.expect("a scan");
    let kinds: Vec<_> = found.values().flatten().map(|seen| seen.kind).collect();
    assert_eq!(kinds, [Candidate::Parts, Candidate::No, Candidate::Parts]);
    let mut scan = session.scan(3).await.expect("a scan");
    let batch = session
        .next_batch(&mut scan)
        .await
        .expect("a batch")
        .expect("one batch");
    assert_eq!(batch.iter().map(|(uid, _)| *uid).collect::<Vec<_>>(), [3]);
    assert_eq!(session.scan(4).await.expect("a scan").remaining(), 0);

    let mut bytes = Vec::new();
    let fetched = session.fetch(3, "", 1000, |piece| {
        bytes.extend_from_slice(piece);
        Ok::<(), ()>(())
    });
    assert_eq!(fetched.await.expect("the message"), PARTS.len() as u64);
    assert_eq!(bytes, PARTS);
    assert_eq!(
        session.remove(&[3, 1, 99]).await.expect("removal"),
        Removal::Expunged
    );
    let left = server.messages(A, "INBOX");
    assert_eq!(left.iter().map(|m| m.uid).collect::<Vec<_>>(), [2]);
    assert!(left[0].flags.is_empty(), "{:?}", left[0].flags);
    session.logout().await;
    // Of other mail nothing but the few fields was asked for.
    for command in server.imap_log() {
        let text = command.text.to_ascii_uppercase();
        let body = text.contains("BODY[")
            || (text.contains("BODY.PEEK[") && !text.contains("HEADER.FIELDS"));
        assert!(!body || text.contains("FETCH 3 "), "{text}");
        assert!(!text.starts_with("EXPUNGE"), "{text}");
    }
}

#[tokio::test]
async fn a_limit_is_exact() {
    let (server, account) = server();
    server.deliver(A, "INBOX", PARTS).expect("an account");
    let mut session = inbox(&account).await;
    let length = PARTS.len() as u64;
    for (limit, fits) in [
        (length - 1, false),
        (length, true),
        (0, false),
        (u64::MAX, true),
    ] {
        let mut seen = 0;
        let fetched = session.fetch(1, "", limit, |piece| {
            seen += piece.len() as u64;
            Ok::<(), ()>(())
        });
        let fetched = fetched.await;
        assert_eq!(fetched.is_ok(), fits, "{limit}: {fetched:?}");
        assert!(seen <= limit);
        let too_long = matches!(
            fetched,
            Err(FetchError::Mailbox(MailboxError::TooLong { .. }))
        );
        assert_ne!(too_long, fits);
    }
    let sink = session.fetch(1, "", length, |_| Err("full")).await;
    assert!(matches!(sink, Err(FetchError::Sink("full"))));
    let gone = session.fetch(9, "", length, |_| Ok::<(), ()>(())).await;
    assert!(matches!(
        gone,
        Err(FetchError::Mailbox(MailboxError::NoSuchMessage { uid: 9 }))
    ));
    let odd = session
        .fetch(1, "1]<0.1> FLAGS", length, |_| Ok::<(), ()>(()))
        .await;
    assert!(matches!(
        odd,
        Err(FetchError::Mailbox(MailboxError::Protocol { .. }))
    ));
    assert!(
        session
            .fetch(1, "HEADER", length, |_| Ok::<(), ()>(()))
            .await
            .is_ok()
    );
}

// CASES O-07.
#[tokio::test]
async fn without_uidplus_mail_is_moved_and_without_move_it_is_left() {
    let (server, account) = server();
    server.deliver(A, "INBOX", PARTS).expect("an account");
    server.deliver(A, "INBOX", PARTS).expect("an account");
    server.faults().imap_withhold("UIDPLUS");
    let mut session = inbox(&account).await;
    assert_eq!(session.remove(&[1]).await.expect("removal"), Removal::Moved);
    assert_eq!(server.messages(A, "Trash").len(), 1);
    server.faults().imap_withhold("MOVE");
    let mut session = inbox(&account).await;
    assert_eq!(session.remove(&[2]).await.expect("removal"), Removal::Left);
    assert!(server.messages(A, "INBOX")[0].flags.is_empty());
}

// CASES O-06.
#[tokio::test]
async fn a_folder_made_anew_is_refused_until_a_new_session() {
    let (server, account) = server();
    for _ in 0..3 {
        server.deliver(A, "INBOX", PARTS).expect("an account");
    }
    let mut session = inbox(&account).await;
    let mut scan = session.scan(1).await.expect("a scan");
    // The server hangs up on sessions in that folder; the new connection must not go on with old UIDs.
    server.change_uidvalidity(A, "INBOX").expect("an account");
    let refused = session.next_batch(&mut scan).await.expect_err("another");
    let changed = matches!(refused, MailboxError::UidValidityChanged { .. });
    assert!(changed, "{refused:?}");
    // At the server the folder is open now, but its old UIDs are void.
    assert!(session.next_batch(&mut scan).await.is_err());
    assert!(session.remove(&[1]).await.is_err());
    assert!(session.select("INBOX").await.is_err());
    assert_eq!(server.messages(A, "INBOX").len(), 3);
    assert_eq!(
        all(&mut inbox(&account).await).await.expect("a scan").len(),
        3
    );
}

#[tokio::test]
async fn a_connection_lost_in_a_scan_is_taken_up_again() {
    let (server, account) = server();
    for _ in 0..40 {
        server.deliver(A, "INBOX", PARTS).expect("an account");
    }
    let mut session = inbox(&account).await;
    server.faults().imap_cut_answer(2000, Times::Next(2));
    let found = all(&mut session).await.expect("a scan");
    assert_eq!(server.faults().outstanding(), 0);
    assert_eq!(found.values().flatten().count(), 40);
    // In the middle of a body it is the caller's to decide.
    server
        .deliver(A, "INBOX", &PARTS.repeat(200))
        .expect("an account");
    assert_eq!(session.scan(41).await.expect("a scan").remaining(), 1);
    server.faults().imap_cut_answer(3000, Times::Next(1));
    let cut = session.fetch(41, "", 1 << 20, |_| Ok::<(), ()>(())).await;
    assert!(
        matches!(&cut, Err(FetchError::Mailbox(e)) if e.retryable()),
        "{cut:?}"
    );
    // What was given up half-way is not taken for an answer to something else.
    let after = session.scan(1).await.expect_err("a dead session");
    assert!(
        matches!(after, MailboxError::Unreachable { .. }),
        "{after:?}"
    );
}

#[tokio::test]
async fn a_refusal_of_every_message_blames_none_of_them() {
    let (server, account) = server();
    for _ in 0..4 {
        server.deliver(A, "INBOX", PARTS).expect("an account");
    }
    let mut session = inbox(&account).await;
    server
        .faults()
        .imap_refuse("UID FETCH", "[UNAVAILABLE] later", Times::Always);
    let refused = all(&mut session).await.expect_err("refused");
    assert!(
        matches!(refused, MailboxError::Refused { .. }),
        "{refused:?}"
    );
    server.faults().clear();
    // A single refusal is looked into until it is found.
    server
        .faults()
        .imap_refuse("UID FETCH", "[SERVERBUG] oops", Times::Next(2));
    let found = all(&mut session).await.expect("a scan");
    assert_eq!(found.values().flatten().count(), 4, "{found:?}");
}

// CASES O-03, O-04.
#[tokio::test]
async fn too_many_connections_is_no_wrong_password() {
    let (server, account) = server();
    let faults = server.faults();
    faults.imap_refuse(
        "LOGIN",
        "[ALERT] Too many simultaneous connections. (Failure)",
        Times::Next(1),
    );
    let full = Session::open(&account).await.expect_err("refused");
    assert!(
        matches!(full, MailboxError::TooManyConnections { .. }),
        "{full:?}"
    );
    assert!(full.retryable());
    faults.imap_refuse("LOGIN", "Basic authentication is disabled.", Times::Next(1));
    let off = Session::open(&account).await.expect_err("refused");
    let off_for_all = matches!(
        off,
        MailboxError::SignIn(SignInRefused::PasswordsSwitchedOff { .. })
    );
    assert!(off_for_all && !off.retryable(), "{off:?}");
    faults.refuse_password(Times::Next(1));
    let wrong = Session::open(&account).await.expect_err("refused");
    assert!(matches!(wrong, MailboxError::SignIn(_)), "{wrong:?}");
    faults.imap_refuse("LOGIN", "[UNAVAILABLE] Temporary failure", Times::Next(1));
    let busy = Session::open(&account).await.expect_err("refused");
    assert!(busy.retryable(), "{busy:?}");
    let script = Script::start("* BYE Maximum number of connections exceeded\r\n", |_| {
        Act::Hush
    })
    .await;
    let full = Session::open(&account_at(&format!(
        "imap+plain://127.0.0.1:{}",
        script.port
    )))
    .await;
    assert!(
        matches!(full, Err(MailboxError::TooManyConnections { .. })),
        "{full:?}"
    );
}

#[tokio::test]
async fn nothing_is_said_to_a_server_without_starttls_or_without_a_way_to_sign_in() {
    let script = Script::start("* OK hi\r\n", |line| {
        let tag = line.split(' ').next().unwrap_or_default();
        match line {
            line if line.contains("CAPABILITY") => say(format!(
                "* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n{tag} OK\r\n"
            )),
            _ => say(format!("{tag} BAD what\r\n")),
        }
    })
    .await;
    let refused = Session::open(&account_at(&format!("imap://127.0.0.1:{}", script.port))).await;
    assert!(
        matches!(refused, Err(MailboxError::Tls(TlsFault::NotOffered { .. }))),
        "{refused:?}"
    );
    let refused = Session::open(&account_at(&format!(
        "imap+plain://127.0.0.1:{}",
        script.port
    )))
    .await;
    assert!(
        matches!(
            refused,
            Err(MailboxError::SignIn(SignInRefused::NoMechanism { .. }))
        ),
        "{refused:?}"
    );
    for line in script.heard() {
        assert!(
            !line.contains("LOGIN") && !line.contains("AUTHENTICATE"),
            "{line}"
        );
    }
}

#[tokio::test]
async fn authenticate_plain_serves_where_login_does_not() {
    let script = Script::start("* OK hi\r\n", |line| {
        let tag = line.split(' ').next().unwrap_or_default();
        match line {
            line if line.contains("CAPABILITY") => say(format!(
                "* CAPABILITY IMAP4rev1 LOGINDISABLED AUTH=PLAIN X-GM-EXT-1\r\n{tag} OK\r\n"
            )),
            line if line.ends_with("AUTHENTICATE PLAIN") => say("+ \r\n"),
            "AGhvbWUtYUBhLmV4YW1wbGUAc2VjcmV0" => say("h2 OK in\r\n"),
            _ => say(format!("{tag} BAD what\r\n")),
        }
    })
    .await;
    let session = Session::open(&account_at(&format!(
        "imap+plain://127.0.0.1:{}",
        script.port
    )))
    .await;
    assert!(session.expect("signed in").capabilities().gmail);
}

#[tokio::test]
async fn a_silent_server_ends_every_step() {
    let mut account = account_at("imap+plain://127.0.0.1:1");
    account.timeout = Duration::from_millis(200);
    for silent in ["greeting", "CAPABILITY", "LOGIN"] {
        let greeting = if silent == "greeting" {
            ""
        } else {
            "* OK hi\r\n"
        };
        let script = Script::start(greeting, move |line| {
            let tag = line.split(' ').next().unwrap_or_default();
            match line.contains(silent) {
                true => Act::Hush,
                false => say(format!("{tag} OK done\r\n")),
            }
        })
        .await;
        account.endpoint.port = script.port;
        let ended = Session::open(&account).await.expect_err(silent);
        assert!(
            matches!(ended, MailboxError::TimedOut { .. }),
            "{silent}: {ended:?}"
        );
        assert!(ended.retryable());
    }
}

#[tokio::test]
async fn futures_may_move_between_threads() {
    fn moves<T: Send>(future: T) -> T {
        future
    }
    let (server, account) = server();
    server.deliver(A, "INBOX", PARTS).expect("an account");
    let mut session = moves(Session::open(&account)).await.expect("a session");
    moves(session.select("INBOX")).await.expect("INBOX");
    let mut scan = moves(session.scan(1)).await.expect("a scan");
    moves(session.next_batch(&mut scan)).await.expect("a batch");
    moves(session.structure(&[1])).await.expect("structures");
    moves(session.fetch(1, "", 100, |_| Ok::<(), ()>(())))
        .await
        .expect("the message");
    moves(session.remove(&[1])).await.expect("removal");
    moves(session.logout()).await;
}
