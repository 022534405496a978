//! Body parts without their base64: decoded by the server where it can, and otherwise here, always the same bytes.

use crate::house::{Village, order};
use crate::script::{Script, say};
use crate::session::{self, A, account, inbox};
use hearthpost::album::ShareState;
use hearthpost::encoding::base64_body;
use hearthpost::endpoint::Account;
use hearthpost::mailbox::{FetchError, MailboxError, Session, Transfer};
use testmail::{Server, Times};

fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|i| (i * 7 % 251) as u8).collect()
}

/// A message whose second body part holds `body` in base64.
fn message(body: &[u8]) -> Vec<u8> {
    let mut text = b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nhello\r\n--b\r\n\
        Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        .to_vec();
    text.extend_from_slice(body);
    text.extend_from_slice(b"--b--\r\n");
    text
}

fn server(body: &[u8]) -> (Server, Account) {
    let (server, account) = session::server();
    server.deliver(A, "INBOX", &message(body)).expect("INBOX");
    (server, account)
}

async fn fetch(
    session: &mut Session,
    limit: u64,
    transfer: Transfer,
) -> Result<(Vec<u8>, bool), MailboxError> {
    let mut got = Vec::new();
    let fetched = session.fetch_decoded(1, "2", limit, transfer, |piece| {
        got.extend_from_slice(piece);
        assert!(got.len() as u64 <= limit);
        Ok::<(), ()>(())
    });
    match fetched.await {
        Ok(decoded) => {
            assert_eq!(decoded.length, got.len() as u64);
            Ok((got, decoded.by_server))
        }
        Err(FetchError::Mailbox(error)) => Err(error),
        Err(FetchError::Sink(())) => unreachable!("the sink takes all"),
    }
}

fn encoded(content: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    base64_body(content, &mut body);
    body
}

#[tokio::test]
async fn both_ways_bring_the_same_bytes_and_one_saves_a_quarter() {
    for len in [1, 57, 200_000, 9_000_000] {
        let content = bytes(len);
        let (server, account) = server(&encoded(&content));
        let mut session = inbox(&account).await;
        let before = session.received();
        let read = fetch(&mut session, 1 << 30, Transfer::Best).await;
        assert_eq!(read.expect("the body part"), (content.clone(), true));
        let by_server = session.received() - before;
        let read = fetch(&mut session, 1 << 30, Transfer::Base64).await;
        assert_eq!(read.expect("the body part"), (content, false));
        let by_us = session.received() - before - by_server;
        if len >= 200_000 {
            assert!(by_server * 100 <= len as u64 * 101, "{by_server} for {len}");
            assert!(by_us * 100 >= len as u64 * 136, "{by_us} for {len}");
        }
        assert!(server.messages(A, "INBOX")[0].flags.is_empty());
    }
}

#[tokio::test]
async fn the_limit_is_exact_either_way() {
    let content = bytes(5_000);
    let (_server, account) = server(&encoded(&content));
    let mut session = inbox(&account).await;
    for transfer in [Transfer::Best, Transfer::Base64] {
        for (limit, fits) in [(5_000, true), (4_999, false), (0, false), (u64::MAX, true)] {
            let read = fetch(&mut session, limit, transfer).await;
            match read {
                Ok((got, _)) => assert!(fits && got == content, "{limit}"),
                Err(error) => {
                    assert!(matches!(error, MailboxError::TooLong { .. }), "{error:?}");
                    assert!(!fits, "{limit}");
                }
            }
        }
        let full = session.fetch_decoded(1, "2", 9_000, transfer, |_| Err("full"));
        assert!(matches!(full.await, Err(FetchError::Sink("full"))));
        let gone = session.fetch_decoded(9, "2", 9_000, transfer, |_| Ok::<(), ()>(()));
        let gone = gone.await.expect_err("gone");
        assert!(matches!(
            gone,
            FetchError::Mailbox(MailboxError::NoSuchMessage { uid: 9 })
        ));
    }
}

#[tokio::test]
async fn what_a_server_will_not_decode_comes_in_base64() {
    let content = bytes(5_000);
    let (server, account) = server(&encoded(&content));
    let faults = server.faults();
    let mut session = inbox(&account).await;
    let asks = |server: &Server| {
        let log = server.imap_log();
        log.iter()
            .filter(|c| c.text.contains("BINARY.PEEK"))
            .count()
    };
    // For this body part's sake, however often.
    faults.imap_refuse_binary("[UNKNOWN-CTE] what is that", Times::Next(5));
    for by_server in [false, false, false, false, false, true] {
        let read = fetch(&mut session, 9_000, Transfer::Best).await;
        assert_eq!(read.expect("the body part"), (content.clone(), by_server));
    }
    assert_eq!(asks(&server), 6);
    // For the server's own sake, thrice.
    faults.imap_refuse_binary("[CANNOT] not today", Times::Always);
    for _ in 0..5 {
        let read = fetch(&mut session, 9_000, Transfer::Best).await;
        assert_eq!(read.expect("the body part"), (content.clone(), false));
    }
    assert_eq!(asks(&server), 9);
    faults.clear();
    faults.imap_withhold("BINARY");
    let read = fetch(&mut inbox(&account).await, 9_000, Transfer::Best).await;
    assert_eq!(read.expect("the body part"), (content, false));
    assert_eq!(asks(&server), 9);
}

#[tokio::test]
async fn what_is_no_base64_is_broken_either_way() {
    let (_server, account) = server(b"QUJD!\r\nQQ==\r\n");
    let mut session = inbox(&account).await;
    for transfer in [Transfer::Best, Transfer::Base64] {
        let broken = fetch(&mut session, 9_000, transfer)
            .await
            .expect_err("broken");
        assert!(matches!(broken, MailboxError::Broken { .. }), "{broken:?}");
        assert!(!broken.retryable());
    }
}

/// A server that answers `odd` to BINARY, and with `QUJD` to BODY.
async fn odd(odd: &'static str) -> Result<(Vec<u8>, bool), MailboxError> {
    let script = Script::start("* OK hi\r\n", move |line| {
        let tag = line.split(' ').next().unwrap_or_default();
        let ok = |text: &str| say(format!("{text}{tag} OK done\r\n"));
        match line {
            line if line.contains("CAPABILITY") => ok("* CAPABILITY IMAP4rev1 BINARY\r\n"),
            line if line.contains("SELECT") => ok("* OK [UIDVALIDITY 7] ok\r\n"),
            line if line.contains("BINARY") => say(odd.replace("TAG", tag)),
            line if line.contains("BODY") => ok("* 1 FETCH (UID 1 BODY[2]<0> {6}\r\nQUJD\r\n)\r\n"),
            _ => ok(""),
        }
    })
    .await;
    let mut session = inbox(&account(script.port)).await;
    fetch(&mut session, 9_000, Transfer::Best).await
}

#[tokio::test]
async fn answers_of_all_shapes_are_read_and_odd_ones_are_not_believed() {
    for good in [
        "* 1 FETCH (UID 1 BINARY[2]<0> ~{3}\r\nABC)\r\nTAG OK\r\n",
        "* 1 FETCH (BINARY[2]<0> ~{3}\r\nABC UID 1)\r\nTAG OK\r\n",
        "* 1 FETCH (UID 1 BINARY[2]<0> {3}\r\nABC)\r\nTAG OK\r\n",
        "* 1 FETCH (UID 1 BINARY[2]<0> \"ABC\")\r\nTAG OK\r\n",
        "* 1 FETCH (UID 1 FLAGS (\\Seen) BINARY[2] ~{3}\r\nABC)\r\n* 2 EXISTS\r\nTAG OK\r\n",
    ] {
        let read = odd(good).await.expect(good);
        assert_eq!(read, (b"ABC".to_vec(), true), "{good}");
    }
    for strange in [
        "* 1 FETCH (UID 1 BINARY[2]<0> NIL)\r\nTAG OK\r\n",
        "* 1 FETCH (UID 1 BINARY[2]<0> ~{0}\r\n)\r\nTAG OK\r\n",
        "* 1 FETCH (UID 1 BINARY[2]<0> what)\r\nTAG OK\r\n",
        "TAG OK\r\n",
        "TAG NO [UNKNOWN-CTE]\r\n",
        "TAG BAD what\r\n",
    ] {
        let read = odd(strange).await.expect(strange);
        assert_eq!(read, (b"ABC".to_vec(), false), "{strange}");
    }
    for lie in [
        "* 1 FETCH (UID 2 BINARY[2]<0> ~{3}\r\nABC)\r\nTAG OK\r\n",
        "* 1 FETCH (UID 1 BINARY[2]<0> ~{9000000}\r\nABC",
    ] {
        let lied = odd(lie).await.expect_err(lie);
        assert!(matches!(lied, MailboxError::Protocol { .. }), "{lied:?}");
    }
}

// The digest tells; the mail itself has the last word.
#[test]
fn a_part_that_the_server_decodes_wrongly_is_fetched_again_in_base64() {
    let village = Village::new("ab");
    let (mut a, mut b) = (village.house("a", &[]), village.house("b", &["bob"]));
    village.introduce(&mut a, &mut b);
    let path = a.folder.join("a.bin");
    std::fs::write(&path, bytes(300_000)).expect("a file");
    let items = a.import(&[path]);
    let order = order(&[&items[0]], &["home-b+bob@b.example"], "store=full");
    let share = a.share(&order).expect("recorded").share;
    village.sync(&mut a);
    let faults = village.server.faults();
    faults
        .of(b.mailbox.as_str())
        .imap_bend_binary(Times::Next(1));
    let done = village.sync(&mut b);
    assert_eq!((done.refused.len(), faults.outstanding()), (0, 0));
    assert_eq!(b.share_named(&share).state, ShareState::Complete);
}
