//! Waiting for mail: what comes wakes, what is dead is noticed, and a server that cannot do it says so.

use std::future::pending;
use std::time::Duration;

use crate::script::{Act, Script, say};
use crate::session::{A, account, server};
use hearthpost::endpoint::Account;
use hearthpost::mailbox::{MailboxError, Session, Watch, Woken};
use testmail::{Server, Times};
use tokio::sync::oneshot;
use tokio::time::Instant;

const MAIL: &[u8] = b"Hearthpost: parts\r\nSubject: Hearthpost\r\n\r\nhello\r\n";
/// Longer than any test runs; nothing waits for it.
const LONG: Duration = Duration::from_secs(3600);

/// A session that has seen all there is.
async fn looked(account: &Account) -> Session {
    let mut session = Session::open(account).await.expect("a session");
    session.select("INBOX").await.expect("INBOX");
    look(&mut session).await;
    session
}

async fn look(session: &mut Session) {
    session.select("INBOX").await.expect("INBOX");
    session.scan(1).await.expect("a scan");
}

fn watch() -> Watch {
    Watch::until(Instant::now() + LONG)
}

fn idles(server: &Server) -> usize {
    let log = server.imap_log();
    log.iter().filter(|command| command.text == "IDLE").count()
}

/// Waits until the server was told so many IDLEs.
async fn idling(server: &Server, wanted: usize) {
    while idles(server) < wanted {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn mail_that_comes_wakes_and_the_session_goes_on() {
    let (server, account) = server();
    let mut session = looked(&account).await;
    for n in 1..=3 {
        let watch = watch();
        let deliver = async {
            idling(&server, n).await;
            server.deliver(A, "INBOX", MAIL).expect("an account");
        };
        let (woken, ()) = tokio::join!(session.wait(&watch, pending()), deliver);
        assert_eq!(woken.expect("woken"), Woken::News);
        look(&mut session).await;
    }
    let connections = server.imap_log().iter().map(|c| c.connection).max();
    assert_eq!(connections, Some(1));
    session.logout().await;
}

// Between a scan and the IDLE a message may come, and be gone again.
#[tokio::test]
async fn what_came_before_the_idle_is_not_missed_and_what_is_gone_wakes_nobody() {
    let (server, account) = server();
    let mut session = looked(&account).await;
    server.deliver(A, "INBOX", MAIL).expect("an account");
    let woken = session.wait(&watch(), pending()).await.expect("woken");
    assert_eq!((woken, idles(&server)), (Woken::News, 0));
    look(&mut session).await;
    server.deliver(A, "INBOX", MAIL).expect("an account");
    server.remove_messages(A, "INBOX").expect("an account");
    let soon = Watch::until(Instant::now() + Duration::from_millis(50));
    let woken = session.wait(&soon, pending()).await.expect("woken");
    assert_eq!((woken, idles(&server)), (Woken::Deadline, 1));
}

#[tokio::test]
async fn a_call_ends_the_wait_and_leaves_a_usable_session() {
    let (server, account) = server();
    let mut session = looked(&account).await;
    let (call, called) = oneshot::channel::<()>();
    let watch = watch();
    let ring = async {
        idling(&server, 1).await;
        call.send(()).expect("somebody waits");
    };
    let called = async {
        called.await.expect("it is sent");
    };
    let (woken, ()) = tokio::join!(session.wait(&watch, called), ring);
    assert_eq!(woken.expect("woken"), Woken::Called);
    look(&mut session).await;
}

// CASES O-03: silence renews, `* OK Still here` is no silence, and 29 minutes are the end in any case.
#[tokio::test]
async fn silence_renews_and_any_line_counts_against_it() {
    let (server, account) = server();
    let mut session = looked(&account).await;
    let mut short = watch();
    short.silence = Duration::from_millis(20);
    let deliver = async {
        idling(&server, 3).await;
        server.deliver(A, "INBOX", MAIL).expect("an account");
    };
    let (woken, ()) = tokio::join!(session.wait(&short, pending()), deliver);
    assert_eq!(woken.expect("woken"), Woken::News);
    look(&mut session).await;

    let before = idles(&server);
    server.faults().imap_still_here(Duration::from_millis(5));
    let mut chatty = Watch::until(Instant::now() + Duration::from_millis(1300));
    chatty.silence = Duration::from_secs(1);
    let woken = session.wait(&chatty, pending()).await.expect("woken");
    assert_eq!((woken, idles(&server) - before), (Woken::Deadline, 1));
    chatty = Watch::until(Instant::now() + LONG);
    chatty.longest = Duration::from_millis(20);
    let deliver = async {
        idling(&server, before + 4).await;
        server.deliver(A, "INBOX", MAIL).expect("an account");
    };
    let (woken, ()) = tokio::join!(session.wait(&chatty, pending()), deliver);
    assert_eq!(woken.expect("woken"), Woken::News);
}

#[tokio::test]
async fn a_connection_that_died_is_noticed() {
    let (server, mut account) = server();
    account.timeout = Duration::from_secs(1);
    let mut session = looked(&account).await;
    server.faults().imap_deaf_idle(Times::Next(1));
    let mut short = watch();
    short.silence = Duration::from_millis(20);
    let dead = session.wait(&short, pending()).await.expect_err("dead");
    assert!(matches!(dead, MailboxError::TimedOut { .. }), "{dead:?}");
    assert!(dead.retryable());
    // Nobody takes it up again by mistake.
    assert!(session.select("INBOX").await.is_err());

    let mut session = looked(&account).await;
    let watch = watch();
    let gone = async {
        idling(&server, 2).await;
        // testmail hangs up on who has the folder open.
        server.change_uidvalidity(A, "INBOX").expect("an account");
    };
    let (died, ()) = tokio::join!(session.wait(&watch, pending()), gone);
    let died = died.expect_err("gone");
    assert!(matches!(died, MailboxError::Unreachable { .. }), "{died:?}");
}

#[tokio::test]
async fn a_server_without_idle_or_that_refuses_it_says_so_at_once() {
    let (server, account) = server();
    server.faults().imap_withhold("IDLE");
    let mut session = looked(&account).await;
    let woken = session.wait(&watch(), pending()).await.expect("an answer");
    assert_eq!((woken, idles(&server)), (Woken::NoIdle, 0));
    server.faults().clear();
    let mut session = looked(&account).await;
    server
        .faults()
        .imap_refuse("IDLE", "[LIMIT] not now", Times::Next(1));
    for _ in 0..2 {
        let woken = session.wait(&watch(), pending()).await.expect("an answer");
        assert_eq!(woken, Woken::NoIdle);
    }
    assert_eq!(idles(&server), 1);
    look(&mut session).await;
}

#[tokio::test]
async fn a_server_that_chatters_for_ever_is_left() {
    let script = Script::start("* OK hi\r\n", |line| {
        let mut words = line.split(' ');
        let tag = words.next().unwrap_or_default();
        match words.next().unwrap_or_default() {
            "CAPABILITY" => say(format!("* CAPABILITY IMAP4rev1 IDLE\r\n{tag} OK\r\n")),
            "SELECT" => say(format!("* OK [UIDVALIDITY 7] ok\r\n{tag} OK\r\n")),
            "IDLE" => say(format!("+ idling\r\n{}", "* OK x\r\n".repeat(20_000))),
            "" => Act::Hush,
            _ => say(format!("{tag} OK\r\n")),
        }
    })
    .await;
    let mut session = Session::open(&account(script.port))
        .await
        .expect("a session");
    let ended = session.wait(&watch(), pending()).await.expect_err("enough");
    assert!(matches!(ended, MailboxError::Protocol { .. }), "{ended:?}");
}
