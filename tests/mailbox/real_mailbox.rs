//! Reading a real Dovecot: ordinary mail stays as it is, hostile mail blocks nobody, and bytes come as they lie there.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::pair::{Pair, unique};
use hearthpost::mailbox::{
    Candidate, MailboxError, Removal, Role, Scanned, Session, Structure, Unreadable, Watch, Woken,
};

const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

async fn inbox(pair: &Pair, user: &str) -> Session {
    let mut session = Session::open(&pair.account("imaps", user))
        .await
        .expect("a session");
    session.select("INBOX").await.expect("INBOX");
    session
}

async fn all(session: &mut Session) -> BTreeMap<u32, Result<Scanned, Unreadable>> {
    let mut scan = session.scan(1).await.expect("a scan");
    let mut found = BTreeMap::new();
    while let Some(batch) = session.next_batch(&mut scan).await.expect("a batch") {
        found.extend(batch);
    }
    found
}

fn sealed_part() -> String {
    format!(
        "Content-Type: application/pkcs7-mime; smime-type=authEnveloped-data;\r\n name=smime.p7m\r\n\
         Content-Transfer-Encoding: base64\r\nContent-ID: <{DIGEST}@hearthpost.invalid>\r\n\r\nAAAA\r\n"
    )
}

fn mixed(header: &str, bodies: &[String]) -> Vec<u8> {
    let mut text =
        format!("{header}MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n");
    for body in bodies {
        text.push_str(&format!("--b\r\n{body}"));
    }
    text.push_str("--b--\r\n");
    text.into_bytes()
}

#[tokio::test]
async fn both_kinds_of_tls_sign_in_and_learn_what_the_server_can() {
    let pair = Pair::running();
    for scheme in ["imaps", "imap"] {
        let session = Session::open(&pair.account(scheme, "home-d@d.example")).await;
        let mut session = session.expect(scheme);
        let can = session.capabilities().clone();
        assert!(
            can.uidplus && can.move_ && can.idle && !can.gmail,
            "{can:?}"
        );
        let folders = session.folders().await.expect("folders");
        assert!(
            folders
                .iter()
                .any(|f| f.role == Role::Inbox && f.name == "INBOX")
        );
        let missing = session.select("No such").await;
        assert!(matches!(missing, Err(MailboxError::NoSuchFolder { .. })));
        session.select("INBOX").await.expect("INBOX");
        session.logout().await;

        let mut account = pair.account(scheme, "home-d@d.example");
        account.password = hearthpost::endpoint::Secret::new("wrong");
        let refused = Session::open(&account).await.expect_err("a wrong password");
        assert!(matches!(refused, MailboxError::SignIn(_)), "{refused}");
        let mut account = pair.account(scheme, "home-d@d.example");
        account.extra_ca = None;
        let refused = Session::open(&account)
            .await
            .expect_err("unknown authority");
        assert!(matches!(refused, MailboxError::Tls(_)), "{refused}");
        assert!(refused.to_string().contains("imap.ca_file"), "{refused}");
    }
}

#[tokio::test]
async fn ours_are_found_and_other_mail_stays_untouched() {
    let pair = Pair::running();
    let (user, tag) = ("home-e@e.example", unique("ours"));
    let text = "Content-Type: text/plain\r\n\r\nhello\r\n".to_owned();
    let wrapped = String::from_utf8(mixed("", &[sealed_part(), sealed_part()])).expect("text");
    let wrapped = wrapped
        .replace("--b", "--c")
        .replace("boundary=b", "boundary=c");
    let bare_letter = sealed_part().replace(
        &format!("Content-ID: <{DIGEST}@hearthpost.invalid>\r\n"),
        "",
    );
    let subject = |name: &str| format!("Subject: {tag} {name}\r\n");
    let messages: Vec<(&str, Vec<u8>, Candidate)> = vec![
        (
            "ordinary",
            format!("{}\r\nhello\r\n", subject("ordinary")).into_bytes(),
            Candidate::No,
        ),
        (
            "attachment",
            mixed(&subject("attachment"), std::slice::from_ref(&text)),
            Candidate::No,
        ),
        (
            "letter",
            format!("{}Hearthpost: letter\r\n\r\n", subject("letter")).into_bytes(),
            Candidate::Letter,
        ),
        (
            "parts",
            mixed(
                &format!("Hearthpost: parts\r\n{}", subject("parts")),
                &[sealed_part()],
            ),
            Candidate::Parts,
        ),
        (
            "bare",
            format!("{}{bare_letter}", subject("bare")).into_bytes(),
            Candidate::Letter,
        ),
        (
            "signed",
            format!(
                "{}Content-Type: application/pkcs7-mime; smime-type=signed-data\r\n\r\n",
                subject("signed")
            )
            .into_bytes(),
            Candidate::No,
        ),
        (
            "stripped",
            mixed(&subject("stripped"), &[sealed_part(), text.clone()]),
            Candidate::Parts,
        ),
        (
            "wrapped",
            mixed(&subject("wrapped"), &[wrapped.clone(), text.clone()]),
            Candidate::Parts,
        ),
        (
            "letter in mixed",
            mixed(
                &subject("letter in mixed"),
                &[bare_letter.clone(), text.clone()],
            ),
            Candidate::Letter,
        ),
    ];
    pair.place(
        user,
        &tag,
        messages.iter().map(|(_, bytes, _)| bytes.as_slice()),
    );
    let mut session = inbox(&pair, user).await;
    let found = all(&mut session).await;
    let mut uids = BTreeMap::new();
    for (name, _, kind) in &messages {
        let subject = format!("{tag} {name}");
        let seen = found
            .values()
            .flatten()
            .find(|seen| seen.subject == subject)
            .expect(name);
        assert_eq!(seen.kind, *kind, "{seen:?}");
        assert!(
            seen.internal_date.is_some_and(|date| date > 1_600_000_000),
            "{seen:?}"
        );
        uids.insert(*name, seen.uid);
    }
    let asked: Vec<u32> = uids.values().copied().collect();
    let structures: BTreeMap<u32, Result<Structure, Unreadable>> = session
        .structure(&asked)
        .await
        .expect("structures")
        .into_iter()
        .collect();
    let structure = structures[&uids["wrapped"]].as_ref().expect("readable");
    let sections: Vec<_> = structure
        .parts
        .iter()
        .map(|part| part.section.as_str())
        .collect();
    assert_eq!(sections, ["1.1", "1.2", "2"]);
    let id = structure.parts[0].content_id.as_deref();
    assert_eq!(id, Some(format!("{DIGEST}@hearthpost.invalid").as_str()));

    // Fetching sets no flag either.
    let mut body = Vec::new();
    let fetched = session.fetch(uids["wrapped"], "1.2", 100, |piece| {
        body.extend_from_slice(piece);
        Ok::<(), ()>(())
    });
    fetched.await.expect("the body part");
    assert_eq!(body.trim_ascii(), b"AAAA");
    let too_long = session
        .fetch(uids["wrapped"], "", 10, |_| Ok::<(), ()>(()))
        .await;
    assert!(too_long.is_err_and(|e| e.to_string().contains("longer than 10")));
    let stopped = session
        .fetch(uids["wrapped"], "", 10_000, |_| Err(()))
        .await;
    assert!(stopped.is_err());

    let removed = session.remove(&[uids["parts"]]).await.expect("removal");
    assert_eq!(removed, Removal::Expunged);
    let gone = session
        .fetch(uids["parts"], "", 10_000, |_| Ok::<(), ()>(()))
        .await;
    assert!(gone.is_err_and(|e| e.to_string().contains("not in the folder any more")));
    session.logout().await;
    let files = pair.files(user, &tag);
    assert_eq!(files.len(), messages.len() - 1, "{files:?}");
    for file in &files {
        let flags = file.split_once(":2,").map_or("", |(_, flags)| flags);
        assert_eq!(flags, "", "{file}");
    }
}

/// Real servers may refuse such mail on the way in; it may lie there all the same.
fn hostile() -> Vec<(&'static str, Vec<u8>)> {
    let mut nested = String::new();
    for n in 0..1000 {
        nested.push_str(&format!(
            "Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n"
        ));
    }
    let forwarded = "Content-Type: message/rfc822\r\n\r\n".repeat(1000);
    let many = |n: usize| mixed("Subject: many\r\n", &vec![sealed_part(); n]);
    let quoting = [
        "multipart/mixed; boundary=\"a\\\"b",
        "multipart/mixed; boundary=",
        "multipart/; x",
        "multipart/mixed; boundary*0=\"b\"; boundary*1=c",
        "\"multipart\"/\"mixed\"",
        "application/pkcs7-mime; name=\"a\\\\\"\"b{3}\r\n\tc\"; smime-type*=utf-8''%22%0d%0a",
        "text/plain; charset=\"{100}\"",
        "text/plain; name=\"=?utf-8?q?=22=0D=0A{5}?=\"",
    ];
    let mut all = vec![
        ("nested", nested.into_bytes()),
        ("forwarded", forwarded.into_bytes()),
        ("5000 parts", many(5000)),
        ("9500 parts", many(9500)),
        ("long subject", format!("Subject: {}\r\n\r\n", "x".repeat(1 << 20)).into_bytes()),
        ("long type", format!("Content-Type: multipart/mixed; boundary=b; x=\"{}\"\r\n\r\n--b\r\n\r\n--b--\r\n", "\\\"y".repeat(300_000)).into_bytes()),
        ("nul", b"Subject: a\0b\r\nContent-Type: multipart/mixed; boundary=b\0\r\n\r\n--b\0\r\n\0\r\n--b\0--\r\n".to_vec()),
        ("8 bit", (0..=255u8).filter(|c| *c != b'\n').chain(*b": \xff\xfe\r\nSubject: \xff\xc3\x28\r\nContent-Type: multipart/mixed; boundary=\xff; name=\"\xfe\"\r\n\r\n--\xff\r\nContent-ID: \xfd\r\n\r\n").collect()),
        ("encoded words", b"Subject: =?utf-8?q?=0D=0A=29_FETCH?= =?x?b?////?=\r\nContent-Type: multipart/mixed; boundary=\"=?utf-8?q?b?=\"\r\n\r\n--=?utf-8?q?b?=\r\nContent-Description: =?a?q?\"?=\r\n\r\n".to_vec()),
        ("empty", Vec::new()),
        ("bare cr", b"Subject: a\rb\rContent-Type: multipart/mixed; boundary=b\r\r--b\r".to_vec()),
        ("literal subject", b"Subject: ) {5}\r\n h1 OK {3}\r\n\r\n* BYE\r\n".to_vec()),
    ];
    for value in quoting {
        let text = format!("Content-Type: {value}\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n");
        all.push(("quoting", text.into_bytes()));
    }
    all
}

#[tokio::test]
async fn hostile_mail_never_hides_the_others() {
    let pair = Pair::running();
    let (user, tag) = ("home-f@f.example", unique("hostile"));
    let hostile = hostile();
    let ours = mixed(
        &format!("Hearthpost: parts\r\nSubject: {tag}\r\n"),
        &[sealed_part()],
    );
    let messages: Vec<&[u8]> = hostile
        .iter()
        .flat_map(|(_, bytes)| [bytes.as_slice(), ours.as_slice()])
        .collect();
    pair.place(user, &tag, messages.iter().copied());
    let mut session = inbox(&pair, user).await;
    let found = all(&mut session).await;
    let placed = pair.files(user, &tag).len();
    assert_eq!(placed, messages.len());
    assert!(found.len() >= placed, "{} of {placed}", found.len());
    let seen = found.values().flatten();
    let ours = seen
        .filter(|seen| seen.subject == tag && seen.kind == Candidate::Parts)
        .count();
    assert_eq!(ours, hostile.len());
    let uids: Vec<u32> = found.keys().copied().collect();
    let structures = session.structure(&uids).await.expect("structures");
    assert_eq!(structures.len(), uids.len());
    let readable = structures.iter().filter(|(_, read)| read.is_ok()).count();
    println!(
        "{} hostile messages, {readable} of {} structures readable",
        hostile.len(),
        uids.len()
    );
    for (uid, unreadable) in structures.iter().filter(|(_, read)| read.is_err()) {
        println!("  {uid}: {:?}", unreadable.as_ref().err());
    }
    let most = structures
        .iter()
        .flat_map(|(_, read)| read)
        .map(|s| s.parts.len())
        .max();
    assert_eq!(most, Some(5000));
    // The session itself is as good as before.
    assert!(
        session
            .fetch(uids[1], "HEADER", 10_000, |_| Ok::<(), ()>(()))
            .await
            .is_ok()
    );
    pair.clear(user, &tag);
}

// Dovecot tells of it some time after the delivery, and of what lay there before at once.
#[tokio::test]
async fn mail_wakes_a_session_in_idle() {
    let pair = Pair::running();
    let (user, tag) = ("h39@many.example", unique("idle"));
    pair.place(user, &tag, [b"Subject: first\r\n\r\n".as_slice()]);
    let mut session = inbox(&pair, user).await;
    all(&mut session).await;
    for n in 0..2 {
        let name = format!("{tag}-{n}");
        let (started, start) = tokio::sync::oneshot::channel();
        let watch = Watch::until(tokio::time::Instant::now() + Duration::from_secs(60));
        let never = async {
            started.send(()).expect("somebody waits");
            std::future::pending().await
        };
        let deliver = async {
            start.await.expect("the wait begins");
            pair.place(user, &name, [b"Subject: more\r\n\r\n".as_slice()]);
        };
        let (woken, ()) = tokio::join!(session.wait(&watch, never), deliver);
        assert_eq!(woken.expect("woken"), Woken::News);
        session.select("INBOX").await.expect("INBOX");
        all(&mut session).await;
        pair.clear(user, &name);
    }
    pair.clear(user, &tag);
    session.logout().await;
}

#[tokio::test]
async fn a_great_many_ordinary_mails_are_looked_through_quickly() {
    let pair = Pair::running();
    let (user, tag) = ("home-d@d.example", unique("many"));
    let plain = format!("Subject: {tag}\r\nFrom: x@y.example\r\n\r\nhello\r\n").into_bytes();
    let body = "Content-Type: text/plain\r\n\r\nhello\r\n".to_owned();
    let with_attachment = mixed(&format!("Subject: {tag}\r\n"), &[body.clone(), body]);
    let messages = (0..20_000).map(|n| match n % 10 {
        0 => with_attachment.as_slice(),
        _ => plain.as_slice(),
    });
    pair.place(user, &tag, messages);
    let mut session = Session::open(&pair.account("imaps", user))
        .await
        .expect("a session");
    let start = Instant::now();
    session.select("INBOX").await.expect("INBOX");
    let opened = start.elapsed();
    let found = all(&mut session).await;
    let first = start.elapsed();
    let again = all(&mut session).await;
    println!(
        "20,000 mails: open {opened:?}, first look {:?}, second look {:?}",
        first - opened,
        start.elapsed() - first
    );
    assert!(found.len() >= 20_000 && again.len() == found.len());
    assert!(
        found
            .values()
            .flatten()
            .all(|seen| seen.kind == Candidate::No)
    );
    assert!(first < Duration::from_secs(60), "{first:?}");
    pair.clear(user, &tag);
}
