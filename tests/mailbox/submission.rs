//! Submission against a server with faults: every recipient gets its own answer, and nothing is delivered by half.

use std::io;
use std::time::Duration;

use crate::script::{Act, Script, say};
use hearthpost::address::Mailbox;
use hearthpost::endpoint::{Account, Endpoint, Secret, SignInRefused, TlsFault};
use hearthpost::submission::{Answer, Connection, Outcome, SubmissionError};
use testmail::{Options, Reply, Server, Times};

const A: &str = "home-a@a.example";
const TO: [&str; 3] = ["home-b@b.example", "home-c@c.example", "home-d@d.example"];
const BODY: &[u8] = b"Subject: x\r\n\r\n.\r\n..a\r\nb.\r\n";

fn account(url: &str) -> Account {
    Account {
        endpoint: Endpoint::smtp(url).expect("a URL"),
        username: A.to_owned(),
        password: Secret::new("secret"),
        extra_ca: None,
        timeout: Duration::from_secs(10),
    }
}

fn server() -> (Server, Account) {
    let accounts = [A]
        .iter()
        .chain(&TO)
        .map(|a| testmail::Account::new(*a, "secret"));
    let options = Options {
        accounts: accounts.collect(),
        ..Options::default()
    };
    let server = Server::start(options).expect("a server");
    let url = format!("smtp+plain://127.0.0.1:{}", server.smtp_port());
    (server, account(&url))
}

fn mailbox(text: &str) -> Mailbox {
    text.parse().expect("an address")
}

async fn submit(connection: &mut Connection) -> Result<Vec<u16>, SubmissionError> {
    let to = TO.map(mailbox);
    let body = BODY.chunks(3).map(Ok);
    let answers = connection
        .submit(&mailbox(A), &to, BODY.len() as u64, body)
        .await?;
    assert!(answers.iter().map(|answer| &answer.to).eq(&to));
    Ok(answers.iter().map(code).collect())
}

fn code(answer: &Answer) -> u16 {
    match &answer.outcome {
        Outcome::Sent => 250,
        Outcome::Deferred { code, .. } => {
            assert!((400..500).contains(code) || *code == 552, "{answer:?}");
            *code
        }
        Outcome::Rejected { code, .. } => {
            assert!((500..600).contains(code), "{answer:?}");
            *code
        }
    }
}

#[tokio::test]
async fn each_recipient_gets_its_own_answer() {
    let (server, account) = server();
    let faults = server.faults();
    faults.smtp_rcpt(TO[0], Reply::new(450, "4.2.1 busy"), Times::Next(1));
    faults.smtp_rcpt(TO[2], Reply::new(550, "5.1.1 unknown"), Times::Next(1));
    let mut connection = Connection::open(&account).await.expect("a connection");
    assert_eq!(
        submit(&mut connection).await.expect("answers"),
        [450, 250, 550]
    );
    let arrived = server.messages(TO[1], "INBOX");
    assert!(arrived[0].bytes.ends_with(BODY));
    assert_eq!(server.messages(TO[0], "INBOX").len(), 0);
    assert_eq!(server.transactions()[0].announced_size, Some(BODY.len()));
    assert_eq!(server.transactions()[0].bytes_received, BODY.len());
    // The next transaction starts clean.
    assert_eq!(
        submit(&mut connection).await.expect("answers"),
        [250, 250, 250]
    );
}

#[tokio::test]
async fn refusals_of_the_whole_count_for_every_recipient_left() {
    let (server, account) = server();
    let faults = server.faults();
    let mut connection = Connection::open(&account).await.expect("a connection");
    faults.smtp_mail(Reply::new(552, "5.3.4 too big"), Times::Next(1));
    assert_eq!(
        submit(&mut connection).await.expect("answers"),
        [552, 552, 552]
    );
    faults.smtp_rcpt(TO[0], Reply::new(550, "5.1.1 unknown"), Times::Next(1));
    faults.smtp_data(Reply::new(451, "4.3.0 later"), Times::Next(1));
    assert_eq!(
        submit(&mut connection).await.expect("answers"),
        [550, 451, 451]
    );
    assert_eq!(
        submit(&mut connection).await.expect("answers"),
        [250, 250, 250]
    );
    assert_eq!(server.messages(TO[1], "INBOX").len(), 1);
}

#[tokio::test]
async fn recipients_beyond_the_server_s_number_wait_for_another_transaction() {
    let (server, account) = server();
    server.faults().smtp_recipient_limit(2);
    let mut connection = Connection::open(&account).await.expect("a connection");
    assert_eq!(
        submit(&mut connection).await.expect("answers"),
        [250, 250, 452]
    );
    server.faults().clear();
    // Some say 552, or 5.5.3 behind another code (CASES O-09): still no verdict on the mailbox.
    for reply in [
        Reply::new(552, "too many"),
        Reply::new(550, "5.5.3 Too many recipients"),
    ] {
        server.faults().smtp_rcpt(TO[2], reply, Times::Next(1));
        let to = TO.map(mailbox);
        let body = std::iter::once(Ok(BODY));
        let sent = connection
            .submit(&mailbox(A), &to, BODY.len() as u64, body)
            .await;
        let answers = sent.expect("answers");
        assert!(
            matches!(answers[2].outcome, Outcome::Deferred { .. }),
            "{answers:?}"
        );
    }
}

#[tokio::test]
async fn connection_lost_before_the_end_delivers_nothing_and_after_it_is_uncertain() {
    let (server, account) = server();
    let faults = server.faults();
    for lose in [
        |f: &testmail::Faults| f.smtp_lose_answer(Times::Next(1)),
        |f: &testmail::Faults| {
            f.smtp_lose_message(Times::Next(1));
        },
    ] {
        lose(&faults);
        let mut connection = Connection::open(&account).await.expect("a connection");
        let lost = submit(&mut connection).await.expect_err("no answer came");
        assert!(
            matches!(lost, SubmissionError::Uncertain { .. }),
            "{lost:?}"
        );
        assert!(lost.retryable() && !connection.is_usable());
        assert!(submit(&mut connection).await.is_err_and(|e| e.retryable()));
    }
    assert_eq!(server.messages(TO[0], "INBOX").len(), 1);
    faults.smtp_cut_data(100_000, Times::Next(1));
    let mut connection = Connection::open(&account).await.expect("a connection");
    let line = [b'x'; 1000];
    let body = (0..5000).map(|_| Ok(line));
    let size = 5_000_000;
    let lost = connection
        .submit(&mailbox(A), &[mailbox(TO[0])], size, body)
        .await;
    let lost = lost.expect_err("the server hung up");
    // The last octets may already lie in the system's buffers when the server hangs up.
    let honest = matches!(
        lost,
        SubmissionError::Unreachable { .. } | SubmissionError::Uncertain { .. }
    );
    assert!(honest, "{lost:?}");
    assert_eq!(server.messages(TO[0], "INBOX").len(), 1);
}

#[tokio::test]
async fn a_body_that_fails_or_has_another_length_is_not_delivered() {
    let (server, account) = server();
    let broken = |n: usize| {
        let good = (0..n).map(|_| Ok(b"line\r\n".to_vec()));
        good.chain(std::iter::once(Err(io::Error::other("disk"))))
    };
    for n in [0, 1, 50_000] {
        let mut connection = Connection::open(&account).await.expect("a connection");
        let sent = connection
            .submit(&mailbox(A), &[mailbox(TO[0])], 1_000_000, broken(n))
            .await;
        assert!(matches!(sent, Err(SubmissionError::Body(_))), "{sent:?}");
        assert!(!connection.is_usable());
    }
    for size in [BODY.len() as u64 - 1, BODY.len() as u64 + 1] {
        let mut connection = Connection::open(&account).await.expect("a connection");
        let body = std::iter::once(Ok(BODY));
        let sent = connection
            .submit(&mailbox(A), &[mailbox(TO[0])], size, body)
            .await;
        assert!(matches!(sent, Err(SubmissionError::Body(_))), "{sent:?}");
    }
    // One clean message shows that the server has seen all of the above.
    let mut connection = Connection::open(&account).await.expect("a connection");
    assert_eq!(
        submit(&mut connection).await.expect("answers"),
        [250, 250, 250]
    );
    assert_eq!(server.messages(TO[0], "INBOX").len(), 1);
}

#[tokio::test]
async fn refused_sign_in_tells_the_cure_and_a_busy_server_does_not_blame_the_password() {
    let (server, account) = server();
    let faults = server.faults();
    let microsoft =
        "5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.";
    faults.smtp_auth(Reply::new(535, microsoft), Times::Next(1));
    let refused = Connection::open(&account).await.expect_err("refused");
    let known = matches!(
        refused,
        SubmissionError::SignIn(SignInRefused::PasswordsSwitchedOff { .. })
    );
    assert!(known && !refused.retryable(), "{refused:?}");
    faults.smtp_auth(
        Reply::new(454, "4.7.0 Temporary authentication failure"),
        Times::Next(1),
    );
    let busy = Connection::open(&account).await.expect_err("busy");
    assert!(
        matches!(busy, SubmissionError::TurnedAway { code: 454, .. }),
        "{busy:?}"
    );
    assert!(busy.retryable());
    faults.refuse_password(Times::Next(1));
    let refused = Connection::open(&account).await.expect_err("refused");
    assert!(matches!(refused, SubmissionError::SignIn(_)), "{refused:?}");
    assert!(!format!("{refused} {refused:?}").contains("secret"));
}

#[tokio::test]
async fn nothing_is_said_to_a_server_without_starttls() {
    let script = Script::start("220 hi\r\n", |line| match line {
        line if line.starts_with("EHLO") => say("250-hi\r\n250 AUTH PLAIN LOGIN\r\n"),
        _ => say("502 no\r\n"),
    })
    .await;
    let account = account(&format!("smtp://127.0.0.1:{}", script.port));
    let refused = Connection::open(&account).await.expect_err("no STARTTLS");
    assert!(
        matches!(refused, SubmissionError::Tls(TlsFault::NotOffered { .. })),
        "{refused:?}"
    );
    assert!(
        script.heard().iter().all(|line| line.starts_with("EHLO")),
        "{:?}",
        script.heard()
    );
}

#[tokio::test]
async fn the_login_mechanism_serves_where_plain_does_not() {
    let script = Script::start("220 hi\r\n", |line| match line {
        line if line.starts_with("EHLO") => {
            say("250-hi\r\n250-SIZE 0\r\n250 AUTH CRAM-MD5 LOGIN\r\n")
        }
        "AUTH LOGIN" => say("334 VXNlcm5hbWU6\r\n"),
        "aG9tZS1hQGEuZXhhbXBsZQ==" => say("334 UGFzc3dvcmQ6\r\n"),
        "c2VjcmV0" => say("235 ok\r\n"),
        _ => say("502 no\r\n"),
    })
    .await;
    let account = account(&format!("smtp+plain://127.0.0.1:{}", script.port));
    let connection = Connection::open(&account).await.expect("signed in");
    assert_eq!(connection.size_limit(), None);
}

#[tokio::test]
async fn a_silent_server_ends_every_step() {
    let quick = |port| {
        let mut account = account(&format!("smtp+plain://127.0.0.1:{port}"));
        account.timeout = Duration::from_millis(600);
        account
    };
    let opened = |line: &str| match line {
        line if line.starts_with("EHLO") => say("250-hi\r\n250 AUTH PLAIN\r\n"),
        line if line.starts_with("AUTH") => say("235 ok\r\n"),
        line if line.starts_with("MAIL") || line.starts_with("RCPT") => say("250 ok\r\n"),
        "DATA" => say("354 go\r\n"),
        _ => Act::Hush,
    };
    for silent in ["EHLO", "AUTH", "MAIL", "RCPT", "DATA", "."] {
        let script = Script::start("220 hi\r\n", move |line| match line.starts_with(silent) {
            true => Act::Hush,
            false => opened(line),
        })
        .await;
        let ended = match Connection::open(&quick(script.port)).await {
            Ok(mut connection) => submit(&mut connection).await.expect_err(silent),
            Err(ended) => ended,
        };
        match silent {
            "." => assert!(
                matches!(ended, SubmissionError::Uncertain { .. }),
                "{silent}: {ended:?}"
            ),
            _ => assert!(
                matches!(ended, SubmissionError::TimedOut { .. }),
                "{silent}: {ended:?}"
            ),
        }
    }
    // A server that stops reading in the middle of a body.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (done, wait) = std::sync::mpsc::channel::<()>();
    let stuck = std::thread::spawn(move || {
        use std::io::{BufRead, BufReader, Write};
        let (stream, _) = listener.accept().expect("a client");
        let mut write = stream.try_clone().expect("a handle");
        let mut read = BufReader::new(stream);
        write.write_all(b"220 hi\r\n").expect("said");
        let mut line = String::new();
        while read.read_line(&mut line).expect("heard") > 0 {
            let Act::Say(text) = opened(line.trim_end()) else {
                break;
            };
            write.write_all(&text).expect("said");
            if line.starts_with("DATA") {
                break;
            }
            line.clear();
        }
        // Open, and never read again.
        wait.recv().ok();
    });
    let mut connection = Connection::open(&quick(port)).await.expect("signed in");
    let body = (0..1000).map(|_| Ok(vec![b'x'; 100_000]));
    let ended = connection
        .submit(&mailbox(A), &[mailbox(TO[0])], 100_000_000, body)
        .await;
    assert!(
        matches!(ended, Err(SubmissionError::TimedOut { .. })),
        "{ended:?}"
    );
    drop(done);
    stuck.join().expect("the server thread");
}

#[tokio::test]
async fn futures_may_move_between_threads() {
    fn moves<T: Send>(future: T) -> T {
        future
    }
    let (_server, account) = server();
    let mut connection = moves(Connection::open(&account))
        .await
        .expect("a connection");
    let body = std::iter::once(Ok(BODY));
    let to = [mailbox(TO[0])];
    let sent = moves(connection.submit(&to[0], &to, BODY.len() as u64, body)).await;
    assert_eq!(sent.expect("answers").len(), 1);
    moves(connection.close()).await;
}
