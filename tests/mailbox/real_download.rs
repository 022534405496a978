//! What comes down the line from a real Dovecot for each byte of content, from the first header to the removal.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::house::{House, Plot, introduce, order};
use crate::pair::{Pair, unique};
use hearthpost::album::ShareState;
use hearthpost::mailbox::{FetchError, MailboxError, Session, Transfer};

/// Bytes that neither base64 nor TLS makes smaller.
fn noise(len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len];
    openssl::rand::rand_bytes(&mut bytes).expect("chance");
    bytes
}

fn house(pair: &Pair, folder: &Path, n: u32) -> House {
    let url = |scheme: &str| format!("{scheme}://localhost:{}", pair.port(scheme));
    let plot = Plot {
        mailbox: &format!("h{n}@many.example"),
        name: &format!("House {n}"),
        imap_url: &url("imaps"),
        smtp_url: &url("smtps"),
        password: pair.password(),
        ca_file: Some(Path::new(pair.ca_file())),
        people_at: "h40@many.example",
    };
    plot.build(&folder.join(n.to_string()), &["bob"])
}

#[test]
fn a_byte_of_content_takes_at_most_1_06_bytes_down_the_line() {
    const FILES: usize = 5;
    const SIZE: usize = 4_000_000;
    let pair = Pair::running();
    let folder = tempfile::tempdir().expect("a folder");
    let (mut a, mut b) = (
        house(&pair, folder.path(), 37),
        house(&pair, folder.path(), 38),
    );
    introduce(&mut a, &mut b);
    let tag = unique("noise");
    let paths: Vec<_> = (0..FILES)
        .map(|n| a.folder.join(format!("{tag}-{n}.bin")))
        .collect();
    for path in &paths {
        std::fs::write(path, noise(SIZE)).expect("a file");
    }
    let items = a.import(&paths);
    let share = a
        .share(&order(
            &items.iter().collect::<Vec<_>>(),
            &["h38@many.example"],
            "store=full",
        ))
        .expect("recorded")
        .share;
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let reading = a.reading();
    runtime.block_on(a.home.sync(&reading)).expect("a pass");
    let mut line: Option<Session> = None;
    let end = Instant::now() + Duration::from_secs(60);
    while !b.knows(&share) || b.share_named(&share).state != ShareState::Complete {
        assert!(Instant::now() < end, "the share did not come");
        let reading = b.reading();
        let done = runtime.block_on(b.home.sync_over(&reading, &mut line));
        assert_eq!(done.expect("a pass").trouble, Vec::<String>::new());
    }
    let received = line.expect("one session").received();
    let ratio = received as f64 / (FILES * SIZE) as f64;
    println!("{received} bytes for {FILES} files of {SIZE}: {ratio:.4} a byte");
    assert!(ratio <= 1.06, "{ratio}");
}

#[tokio::test]
async fn dovecot_decodes_as_we_do_and_refuses_what_is_no_base64() {
    let pair = Pair::running();
    let (user, tag) = ("h36@many.example", unique("decode"));
    let content = noise(300_000);
    let mut body = Vec::new();
    hearthpost::encoding::base64_body(&content, &mut body);
    let part = |body: &[u8]| {
        let mut text =
            b"Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                .to_vec();
        text.extend_from_slice(body);
        text
    };
    let bare: Vec<u8> = body.iter().copied().filter(|&c| c != b'\r').collect();
    let broken = b"QUJD!QUJD\r\n".as_slice();
    let messages = [part(&body), part(&bare), part(broken)];
    pair.place(user, &tag, messages.iter().map(Vec::as_slice));
    let mut session = Session::open(&pair.account("imaps", user))
        .await
        .expect("a session");
    assert!(session.capabilities().binary);
    session.select("INBOX").await.expect("INBOX");
    let mut scan = session.scan(1).await.expect("a scan");
    let mut uids = Vec::new();
    while let Some(batch) = session.next_batch(&mut scan).await.expect("a batch") {
        uids.extend(batch.into_iter().map(|(uid, _)| uid));
    }
    let uids = uids.split_off(uids.len() - 3);
    for uid in &uids[..2] {
        for transfer in [Transfer::Best, Transfer::Base64] {
            let mut got = Vec::new();
            let before = session.received();
            let fetched = session.fetch_decoded(*uid, "1", 1 << 20, transfer, |piece| {
                got.extend_from_slice(piece);
                Ok::<(), ()>(())
            });
            let decoded = fetched.await.expect("the body part");
            assert_eq!(decoded.by_server, transfer == Transfer::Best);
            assert!(got == content);
            println!(
                "{transfer:?}: {} bytes for {}",
                session.received() - before,
                got.len()
            );
        }
        let limited = session.fetch_decoded(*uid, "1", 1_000, Transfer::Best, |_| Ok::<(), ()>(()));
        let limited = limited.await.expect_err("too long");
        assert!(matches!(
            limited,
            FetchError::Mailbox(MailboxError::TooLong { .. })
        ));
    }
    let broken = session.fetch_decoded(uids[2], "1", 1_000, Transfer::Best, |_| Ok::<(), ()>(()));
    let broken = broken.await.expect_err("no base64");
    assert!(
        matches!(broken, FetchError::Mailbox(MailboxError::Broken { .. })),
        "{broken:?}"
    );
    session
        .select("INBOX")
        .await
        .expect("the session is as good as before");
    session.logout().await;
    pair.clear(user, &tag);
}
