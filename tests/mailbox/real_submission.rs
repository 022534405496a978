//! Submission against a real Postfix, and arrival in a real Dovecot.

use std::io;
use std::time::{Duration, Instant};

use crate::pair::{Pair, mailbox, unique};
use hearthpost::endpoint::TlsFault;
use hearthpost::mailbox::Session;
use hearthpost::submission::{Answer, Connection, Outcome, SubmissionError};

const A: &str = "home-a@a.example";

fn message(tag: &str, lines: usize) -> Vec<u8> {
    let mut message =
        format!("Subject: {tag}\r\nFrom: <{A}>\r\nTo: undisclosed-recipients:;\r\n\r\n");
    message.push_str(".\r\n..\r\n.starts with a dot\r\nends with a dot.\r\n\r\n");
    for n in 0..lines {
        message.push_str(&format!("{n:076}\r\n"));
    }
    message.into_bytes()
}

fn whole(message: &[u8]) -> impl Iterator<Item = io::Result<&[u8]>> {
    message.chunks(1000).map(Ok)
}

/// Waits for a message with this subject and returns its bytes from the subject on.
async fn arrived(pair: &Pair, user: &str, tag: &str) -> Vec<u8> {
    let mut session = Session::open(&pair.account("imaps", user))
        .await
        .expect("a session");
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(30) {
        session.select("INBOX").await.expect("INBOX");
        let mut scan = session.scan(1).await.expect("a scan");
        while let Some(batch) = session.next_batch(&mut scan).await.expect("a batch") {
            let found = batch.into_iter().filter_map(|(_, seen)| seen.ok());
            if let Some(found) = found.into_iter().find(|seen| seen.subject == tag) {
                let mut bytes = Vec::new();
                let mut sink = |piece: &[u8]| {
                    bytes.extend_from_slice(piece);
                    Ok::<(), ()>(())
                };
                let fetched = session.fetch(found.uid, "", 1 << 30, &mut sink).await;
                assert_eq!(fetched.expect("the message"), bytes.len() as u64);
                let start = format!("Subject: {tag}");
                let at = bytes
                    .windows(start.len())
                    .position(|w| w == start.as_bytes());
                return bytes.split_off(at.expect("its subject"));
            }
        }
    }
    panic!("{tag} did not arrive at {user}");
}

#[tokio::test]
async fn both_kinds_of_tls_deliver_byte_for_byte_to_each_household() {
    let pair = Pair::running();
    for scheme in ["smtps", "smtp"] {
        let tag = unique(scheme);
        let message = message(&tag, 3000);
        let account = pair.account(scheme, A);
        let mut connection = Connection::open(&account).await.expect("a connection");
        assert_eq!(
            connection.size_limit(),
            Some(pair.number("message_size_limit"))
        );
        let to = ["home-b@b.example", "home-c@c.example"].map(mailbox);
        let size = message.len() as u64;
        let sent = connection
            .submit(&mailbox(A), &to, size, whole(&message))
            .await;
        let outcomes: Vec<_> = sent
            .expect("answers")
            .into_iter()
            .map(|a| a.outcome)
            .collect();
        assert_eq!(outcomes, [Outcome::Sent, Outcome::Sent]);
        connection.close().await;
        for user in ["home-b@b.example", "home-c@c.example"] {
            assert!(
                arrived(&pair, user, &tag).await == message,
                "{scheme} {user}"
            );
        }
    }
}

#[tokio::test]
async fn refused_recipients_do_not_keep_the_others_from_being_served() {
    let pair = Pair::running();
    let account = pair.account("smtps", A);
    let mut connection = Connection::open(&account).await.expect("a connection");
    let to = [
        "home-b@b.example",
        "nobody@b.example",
        "x@elsewhere.example",
    ]
    .map(mailbox);
    let tag = unique("some");
    let message = message(&tag, 10);
    let size = message.len() as u64;
    let sent = connection
        .submit(&mailbox(A), &to, size, whole(&message))
        .await;
    let codes: Vec<_> = sent.expect("answers").iter().map(code).collect();
    assert_eq!(codes, [250, 550, 554]);
    let nobody = connection
        .submit(&mailbox(A), &to[1..], size, whole(&message))
        .await;
    let codes: Vec<_> = nobody.expect("answers").iter().map(code).collect();
    assert_eq!(codes, [550, 554]);
    // The connection serves on after a transaction that nobody was left in.
    let again = connection
        .submit(&mailbox(A), &to[..1], size, whole(&message))
        .await;
    assert_eq!(code(&again.expect("an answer")[0]), 250);
    assert!(arrived(&pair, "home-b@b.example", &tag).await == message);
}

fn code(answer: &Answer) -> u16 {
    match &answer.outcome {
        Outcome::Sent => 250,
        Outcome::Deferred { code, .. } | Outcome::Rejected { code, .. } => *code,
    }
}

#[tokio::test]
async fn too_large_is_known_before_anything_is_sent() {
    let pair = Pair::running();
    let mut connection = Connection::open(&pair.account("smtps", A))
        .await
        .expect("a connection");
    let limit = pair.number("message_size_limit");
    let never =
        std::iter::from_fn(|| -> Option<io::Result<Vec<u8>>> { panic!("the body was read") });
    let refused = connection
        .submit(&mailbox(A), &[mailbox(A)], limit + 1, never)
        .await;
    assert!(matches!(refused, Err(SubmissionError::TooLarge { limit: l, .. }) if l == limit));
    assert!(connection.is_usable());
}

#[tokio::test]
async fn sign_in_and_certificate_faults_say_what_to_do() {
    let pair = Pair::running();
    for scheme in ["smtps", "smtp"] {
        let mut account = pair.account(scheme, A);
        account.extra_ca = None;
        let refused = Connection::open(&account)
            .await
            .expect_err("unknown authority");
        // This machine is where a mail program such as a bridge would be.
        let own = matches!(
            &refused,
            SubmissionError::Tls(TlsFault::OwnCertificateOnLoopback { .. })
        );
        assert!(
            own && refused.to_string().contains("smtp.ca_file"),
            "{refused}"
        );
        assert!(!refused.retryable());

        let mut account = pair.account(scheme, A);
        account.endpoint = pair.endpoint(scheme, "127.0.0.2");
        let refused = Connection::open(&account)
            .await
            .expect_err("another name or nobody there");
        let other = matches!(
            &refused,
            SubmissionError::Tls(TlsFault::WrongName { .. }) | SubmissionError::Unreachable { .. }
        );
        assert!(other, "{refused}");

        let mut account = pair.account(scheme, A);
        account.password = hearthpost::endpoint::Secret::new("wrong");
        let refused = Connection::open(&account)
            .await
            .expect_err("a wrong password");
        assert!(matches!(refused, SubmissionError::SignIn(_)), "{refused}");
        assert!(!refused.retryable());
    }
}
