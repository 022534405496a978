//! The clients of the project, lettre and async-imap, against this server.

mod support;

use async_imap::{
    Client, Session,
    extensions::idle::IdleResponse,
    imap_proto::{BodyStructure, Response, ResponseCode, SectionPath, Status},
    types::Fetch,
};
use futures::TryStreamExt;
use lettre::{
    SmtpTransport, Transport, address::Envelope, transport::smtp::authentication::Credentials,
};
use std::{net::Ipv4Addr, time::Duration};
use support::{ALICE, BOB, CAROL, SEALED, SOON, server};
use testmail::{Reply, Server, Times};
use tokio::net::TcpStream;

fn submit(
    server: &Server,
    to: &[&str],
    message: &[u8],
) -> Result<(), lettre::transport::smtp::Error> {
    let transport = SmtpTransport::builder_dangerous("127.0.0.1")
        .port(server.smtp_port())
        .credentials(Credentials::new(ALICE.to_owned(), "secret".to_owned()))
        .build();
    let parsed = |address: &&str| address.parse().expect("an address");
    let envelope = Envelope::new(Some(parsed(&ALICE)), to.iter().map(parsed).collect());
    transport
        .send_raw(&envelope.expect("recipients"), message)
        .map(|_| ())
}

async fn session(server: &Server, account: &str) -> Session<TcpStream> {
    let socket = TcpStream::connect((Ipv4Addr::LOCALHOST, server.imap_port())).await;
    let mut client = Client::new(socket.expect("a listening server"));
    client
        .read_response()
        .await
        .expect("readable")
        .expect("a greeting");
    client
        .login(account, "secret")
        .await
        .map_err(|(error, _)| error)
        .expect("the right password")
}

async fn fetched(session: &mut Session<TcpStream>, set: &str, items: &str) -> Vec<Fetch> {
    let answers = session.uid_fetch(set, items).await.expect("taken");
    answers.try_collect().await.expect("readable answers")
}

#[test]
fn lettre_submits_and_learns_of_refusals() {
    let server = server();
    submit(&server, &[BOB, CAROL], SEALED.as_bytes()).expect("taken");
    let mail = server
        .wait_for_messages(CAROL, "INBOX", 1, SOON)
        .expect("delivered");
    assert!(
        mail[0]
            .bytes
            .windows(SEALED.len())
            .any(|part| part == SEALED.as_bytes())
    );
    server
        .faults()
        .smtp_rcpt(BOB, Reply::new(452, "4.2.2 mailbox full"), Times::Next(1));
    let error = submit(&server, &[BOB], SEALED.as_bytes()).expect_err("a full mailbox");
    assert!(error.is_transient(), "{error}");
    server.faults().smtp_lose_answer(Times::Next(1));
    submit(&server, &[BOB], SEALED.as_bytes()).expect_err("no answer");
    assert_eq!(server.messages(BOB, "INBOX").len(), 2);
}

#[tokio::test]
async fn async_imap_reads_headers_structure_and_slices() {
    let server = server();
    server
        .deliver(BOB, "INBOX", b"Subject: other\r\n\r\n")
        .expect("an account");
    server
        .deliver(BOB, "INBOX", SEALED.as_bytes())
        .expect("an account");
    let mut session = session(&server, BOB).await;
    let capabilities = session.capabilities().await.expect("told");
    assert!(
        ["IDLE", "UIDPLUS", "MOVE"]
            .iter()
            .all(|name| capabilities.has_str(name))
    );
    let folder = session.select("INBOX").await.expect("an INBOX");
    assert_eq!(
        (folder.exists, folder.uid_next, folder.uid_validity),
        (2, Some(3), Some(4))
    );
    let found = session
        .uid_search("HEADER Hearthpost \"\"")
        .await
        .expect("found");
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [2]);

    let items = "(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE \
        BODY.PEEK[HEADER.FIELDS (HEARTHPOST MESSAGE-ID)] BODYSTRUCTURE)";
    let answers = fetched(&mut session, "2", items).await;
    assert_eq!((answers.len(), answers[0].uid), (1, Some(2)));
    let header = answers[0].header().expect("a header");
    assert_eq!(
        header,
        b"Message-ID: <1@a.example>\r\nHearthpost: parts\r\n\r\n"
    );
    assert_eq!(answers[0].size, u32::try_from(SEALED.len()).ok());
    assert!(answers[0].internal_date().is_some());
    let envelope = answers[0].envelope().expect("an envelope");
    assert_eq!(envelope.subject.as_deref(), Some(&b"Hearthpost"[..]));
    let Some(BodyStructure::Multipart { bodies, .. }) = answers[0].bodystructure() else {
        panic!("not a multipart: {answers:?}");
    };
    let BodyStructure::Basic { other, .. } = &bodies[1] else {
        panic!("not basic: {bodies:?}")
    };
    assert_eq!(other.id.as_deref(), Some("<two@hearthpost.invalid>"));
    assert_eq!(other.octets, 10);

    let answers = fetched(&mut session, "2", "BODY.PEEK[2]<4.100>").await;
    let slice = answers[0].section(&SectionPath::Part(vec![2], None));
    assert_eq!(slice, Some(&b"CCCC\r\n"[..]));
    let answers = fetched(&mut session, "2", "BODY.PEEK[]<0.15>").await;
    assert_eq!(answers[0].body(), Some(&b"Message-ID: <1@"[..]));
    assert!(answers[0].flags().next().is_none());
    session.logout().await.expect("a farewell");
}

#[tokio::test]
async fn async_imap_moves_marks_and_expunges_by_uid() {
    let server = server();
    for _ in 0..3 {
        server
            .deliver(BOB, "INBOX", SEALED.as_bytes())
            .expect("an account");
    }
    let mut session = session(&server, BOB).await;
    session.select("INBOX").await.expect("an INBOX");
    session.uid_mv("1,3", "Trash").await.expect("moved");
    let mut copied = Vec::new();
    while let Ok(answer) = session.unsolicited_responses.try_recv() {
        let async_imap::types::UnsolicitedResponse::Other(data) = answer else {
            continue;
        };
        if let Response::Data {
            status: Status::Ok,
            outcome,
        } = data.parsed()
            && let Some(ResponseCode::CopyUid(validity, from, to)) = &outcome.code
        {
            copied.push(format!("{validity} {from:?} {to:?}"));
        }
    }
    assert_eq!(copied.len(), 1, "{copied:?}");
    assert_eq!(server.messages(BOB, "Trash").len(), 2);

    let stored = session
        .uid_store("2", "+FLAGS (\\Deleted)")
        .await
        .expect("taken");
    let stored: Vec<Fetch> = stored.try_collect().await.expect("readable answers");
    assert_eq!(stored[0].uid, Some(2));
    let removed = session.uid_expunge("2").await.expect("taken");
    let removed: Vec<u32> = removed.try_collect().await.expect("readable answers");
    assert_eq!(removed, [1]);
    assert!(server.messages(BOB, "INBOX").is_empty());
}

#[tokio::test]
async fn async_imap_idle_wakes_when_mail_is_submitted() {
    let server = server();
    let mut session = session(&server, BOB).await;
    session.select("INBOX").await.expect("an INBOX");
    let mut idle = session.idle();
    idle.init().await.expect("idling");
    let (wait, _stop) = idle.wait_with_timeout(SOON);
    submit(&server, &[BOB], SEALED.as_bytes()).expect("taken");
    assert!(matches!(wait.await, Ok(IdleResponse::NewData(_))));
    let mut session = idle.done().await.expect("awake");
    let arrived = server
        .messages_arrived(BOB, "INBOX", 1, SOON)
        .await
        .expect("one message");
    assert_eq!(arrived.len(), 1);
    let found = session.uid_search("UID 1:*").await.expect("found");
    assert_eq!(found.len(), 1);
}

#[tokio::test]
async fn waiting_ends_in_time_with_what_is_there() {
    let server = server();
    server
        .deliver(BOB, "INBOX", SEALED.as_bytes())
        .expect("an account");
    let short = Duration::from_millis(1);
    let incomplete = server
        .messages_arrived(BOB, "INBOX", 2, short)
        .await
        .expect_err("just one");
    assert_eq!(incomplete.to_string(), "1 of 2 messages arrived in time");
    let incomplete = server
        .wait_for_messages(BOB, "INBOX", 2, short)
        .expect_err("just one");
    assert_eq!(incomplete.messages.len(), 1);
}

/// Eighteen megabytes go in once and come out in slices, found without reading the message again.
#[tokio::test]
async fn large_message_is_fetched_in_slices() {
    let server = server();
    let line = format!("{}\r\n", "A".repeat(76));
    let body = line.repeat(230_000);
    let message = SEALED.replacen("AAAA\r\n", &body, 1);
    submit(&server, &[BOB, CAROL], message.as_bytes()).expect("taken");
    let mut session = session(&server, CAROL).await;
    session.select("INBOX").await.expect("an INBOX");
    let (slice, mut offset) = (1 << 20, 0);
    while offset < body.len() {
        let answers = fetched(
            &mut session,
            "1",
            &format!("BODY.PEEK[1]<{offset}.{slice}>"),
        )
        .await;
        let got = answers[0]
            .section(&SectionPath::Part(vec![1], None))
            .expect("a slice");
        assert!(body.as_bytes()[offset..].starts_with(got));
        offset += got.len();
    }
    assert_eq!(offset, body.len());
}
