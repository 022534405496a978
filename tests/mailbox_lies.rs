//! A server that lies about lengths and messages, or does not stop: each lie is one right error, and memory stays small.

use std::collections::BTreeMap;
use std::time::Duration;

use hearthpost::endpoint::{Account, Endpoint, Secret};
use hearthpost::mailbox::{FetchError, MailboxError, Scanned, Session, Unreadable};
use testmail::{Options, Server, Times};

const A: &str = "home-a@a.example";
const MAIL: &[u8] = b"Hearthpost: parts\r\nSubject: Hearthpost\r\n\r\nhello\r\n";
const OTHER: &[u8] = b"Subject: lunch\r\n\r\nat noon, as ever\r\n";
/// The most that this whole test program may hold, servers and all, in KiB.
const MEMORY: u64 = 400 * 1024;

fn server() -> (Server, Account) {
    let options = Options {
        accounts: vec![testmail::Account::new(A, "secret")],
        ..Options::default()
    };
    let server = Server::start(options).expect("a server");
    for mail in [MAIL, OTHER] {
        server.deliver(A, "INBOX", mail).expect("an account");
    }
    let url = format!("imap+plain://127.0.0.1:{}", server.imap_port());
    let account = Account {
        endpoint: Endpoint::imap(&url).expect("a URL"),
        username: A.to_owned(),
        password: Secret::new("secret"),
        extra_ca: None,
        timeout: Duration::from_millis(500),
    };
    (server, account)
}

async fn inbox(account: &Account) -> Session {
    let mut session = Session::open(account).await.expect("a session");
    session.select("INBOX").await.expect("INBOX");
    session
}

async fn all(
    session: &mut Session,
) -> Result<BTreeMap<u32, Result<Scanned, Unreadable>>, MailboxError> {
    let mut scan = session.scan(1).await?;
    let mut found = BTreeMap::new();
    while let Some(batch) = session.next_batch(&mut scan).await? {
        found.extend(batch);
    }
    Ok(found)
}

async fn body(session: &mut Session, limit: u64) -> Result<Vec<u8>, MailboxError> {
    let mut bytes = Vec::new();
    let fetched = session.fetch(1, "", limit, |piece| {
        bytes.extend_from_slice(piece);
        Ok::<(), ()>(())
    });
    match fetched.await {
        Ok(_) => Ok(bytes),
        Err(FetchError::Mailbox(error)) => Err(error),
        Err(FetchError::Sink(())) => unreachable!("the sink takes all"),
    }
}

/// Peak of resident and of virtual memory in KiB: nothing was filled, and nothing reserved for a declared size.
fn assert_small() {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let value = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number
            .and_then(|n| n.parse::<u64>().ok())
            .expect("a number")
    };
    assert!(value("VmHWM:") < MEMORY, "{} KiB", value("VmHWM:"));
    assert!(value("VmPeak:") < 20 * MEMORY, "{} KiB", value("VmPeak:"));
}

#[tokio::test]
async fn a_body_declared_longer_than_asked_for_is_refused_at_its_declaration() {
    for by in [i64::MAX, 100 << 30, 2_000] {
        let (server, account) = server();
        let mut session = inbox(&account).await;
        server.faults().imap_lie_literal(by, Times::Next(1));
        let lied = body(&mut session, 1_000).await.expect_err("a lie");
        assert!(matches!(lied, MailboxError::Protocol { .. }), "{lied:?}");
        assert!(
            lied.to_string().contains("more than it was asked for"),
            "{lied}"
        );
        // Nobody knows where the next answer begins.
        assert!(session.select("INBOX").await.is_err());
        assert_eq!(
            body(&mut inbox(&account).await, 1_000)
                .await
                .expect("the truth"),
            MAIL
        );
    }
    assert_small();
}

#[tokio::test]
async fn a_body_declared_a_little_longer_or_shorter_costs_the_connection_alone() {
    for by in [1, 5, 200, -1, -5, -30] {
        let (server, account) = server();
        let mut session = inbox(&account).await;
        server.faults().imap_lie_literal(by, Times::Next(1));
        let lied = body(&mut session, 1_000).await.expect_err("a lie");
        let right = matches!(
            lied,
            MailboxError::Protocol { .. } | MailboxError::TimedOut { .. }
        );
        assert!(right, "{by}: {lied:?}");
        assert_eq!(
            body(&mut inbox(&account).await, 1_000)
                .await
                .expect("the truth"),
            MAIL
        );
    }
}

#[tokio::test]
async fn a_header_of_a_hundred_gigabytes_costs_its_message_alone() {
    let (server, account) = server();
    let mut session = inbox(&account).await;
    // All answers are lies at first, so that both messages are asked about alone.
    server.faults().imap_lie_literal(100 << 30, Times::Always);
    let found = all(&mut session).await;
    let all_bad = |found: &BTreeMap<u32, Result<Scanned, Unreadable>>| {
        found
            .values()
            .all(|f| matches!(f, Err(Unreadable::ServerFails)))
    };
    assert!(found.as_ref().map_or(true, all_bad), "{found:?}");
    server.faults().clear();
    server.faults().imap_lie_literal(100 << 30, Times::Next(1));
    let found = all(&mut session).await.expect("a scan");
    assert_eq!(found.values().flatten().count(), 2);
    assert_small();
}

#[tokio::test]
async fn a_declared_message_size_is_only_a_number() {
    let (server, account) = server();
    server.faults().imap_lie_size(u32::MAX.into());
    let mut session = inbox(&account).await;
    let found = all(&mut session).await.expect("a scan");
    assert_eq!(found[&1].as_ref().expect("readable").size, u32::MAX);
    assert_eq!(body(&mut session, 1_000).await.expect("the message"), MAIL);
    server.faults().clear();
    // RFC 3501 §9 `number`: 32 bits. One that is none costs the message only its size.
    server.faults().imap_lie_size(u64::MAX);
    let found = all(&mut session).await.expect("a scan");
    assert_eq!(found[&1].as_ref().expect("readable").size, 0);
    assert_small();
}

#[tokio::test]
async fn a_flood_of_news_nobody_asked_for_is_waded_through() {
    let (server, account) = server();
    let mut session = inbox(&account).await;
    server.faults().imap_flood(20_000_000, Times::Next(2));
    assert_eq!(all(&mut session).await.expect("a scan").len(), 2);
    assert_eq!(server.faults().outstanding(), 0);
    assert_small();
}

#[tokio::test]
async fn a_flood_that_does_not_end_is_left() {
    let (server, account) = server();
    let mut session = inbox(&account).await;
    server.faults().imap_flood(u64::MAX, Times::Next(1));
    let left = session.scan(1).await.expect_err("endless");
    assert!(matches!(left, MailboxError::Protocol { .. }), "{left:?}");
    assert!(
        left.to_string().contains("does not come to an end"),
        "{left}"
    );
    assert!(left.retryable());
    assert_small();
}

#[tokio::test]
async fn the_body_of_another_uid_is_not_taken_for_the_one_asked_for() {
    let (server, account) = server();
    let mut session = inbox(&account).await;
    server.faults().imap_other_uid(Times::Next(1));
    let lied = body(&mut session, 1_000).await.expect_err("another");
    assert!(lied.to_string().contains("another message"), "{lied}");
    // Under the right UID it cannot be seen here: what `sharing` takes is known by its digest.
    server.faults().imap_other_body(Times::Next(1));
    assert_eq!(body(&mut session, 1_000).await.expect("a message"), OTHER);
    assert_eq!(body(&mut session, 1_000).await.expect("a message"), MAIL);
}

#[tokio::test]
async fn a_connection_cut_anywhere_is_an_error_or_taken_up_again() {
    let (server, account) = server();
    for cut in [1, 20, 60, 90, 110] {
        let mut session = inbox(&account).await;
        server.faults().imap_cut_answer(cut, Times::Next(1));
        let fetched = body(&mut session, 1_000).await;
        match fetched {
            Ok(bytes) => assert_eq!(bytes, MAIL, "{cut}"),
            Err(error) => assert!(error.retryable(), "{cut}: {error:?}"),
        }
        server.faults().clear();
        let mut session = inbox(&account).await;
        server.faults().imap_cut_answer(cut, Times::Next(1));
        let found = all(&mut session).await;
        assert!(
            found.is_ok_and(|found| found.len() == 2) || cut < 60,
            "{cut}"
        );
        server.faults().clear();
    }
}
