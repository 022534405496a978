//! Reading mail from a server that answers with poison: one message may be lost to us, never the mailbox.

use std::time::Duration;

use crate::script::{Act, Script, say};
use hearthpost::endpoint::{Account, Endpoint, Secret};
use hearthpost::mailbox::{Session, Unreadable};

/// A server whose messages are what `structure` says, each with the UID it is asked by.
async fn hostile(structure: impl Fn(u32) -> Option<Act> + Send + 'static) -> (Script, Session) {
    let script = Script::start("* OK hi\r\n", move |line| {
        let mut words = line.split(' ');
        let tag = words.next().unwrap_or_default();
        let ok = |text: &str| say(format!("{text}{tag} OK done {{3}}\r\n"));
        match words.next().unwrap_or_default() {
            "CAPABILITY" => ok("* CAPABILITY IMAP4rev1 UIDPLUS\r\n"),
            "SELECT" => ok("* 8 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 9] ok {9}\r\n"),
            "UID" => {
                let mut text = Vec::new();
                for uid in uids(words.nth(1).unwrap_or_default()) {
                    match structure(uid) {
                        None => {
                            let plain = r#"("text" "plain" NIL NIL NIL "7bit" 5 1)"#;
                            text.extend(
                                format!("* {uid} FETCH (UID {uid} BODYSTRUCTURE {plain})\r\n")
                                    .bytes(),
                            );
                        }
                        Some(Act::Say(bytes)) => text.extend(bytes),
                        Some(act) => return act,
                    }
                }
                text.extend(format!("{tag} OK done\r\n").bytes());
                say(text)
            }
            _ => ok(""),
        }
    })
    .await;
    let url = format!("imap+plain://127.0.0.1:{}", script.port);
    let account = Account {
        endpoint: Endpoint::imap(&url).expect("a URL"),
        username: "home-a@a.example".to_owned(),
        password: Secret::new("secret"),
        extra_ca: None,
        timeout: Duration::from_millis(500),
    };
    let mut session = Session::open(&account).await.expect("a session");
    session.select("INBOX").await.expect("INBOX");
    (script, session)
}

fn uids(set: &str) -> Vec<u32> {
    let number = |text: &str| text.parse::<u32>().expect("a number");
    set.split(',')
        .flat_map(|run| match run.split_once(':') {
            Some((a, b)) => number(a)..=number(b),
            None => number(run)..=number(run),
        })
        .collect()
}

#[tokio::test]
async fn one_hostile_answer_costs_one_message() {
    let nested = |open: &str, depth: usize| {
        format!("* 3 FETCH (UID 3 BODYSTRUCTURE {})\r\n", open.repeat(depth))
    };
    let sealed = r#"("text" "plain" NIL NIL NIL "7bit" 5 1)"#;
    let deep = format!(
        "* 3 FETCH (UID 3 BODYSTRUCTURE {}{sealed}{})\r\n",
        "(".repeat(5000),
        r#" "mixed" NIL NIL NIL)"#.repeat(5000)
    );
    let cases: Vec<(Vec<u8>, Unreadable)> = vec![
        (deep.into_bytes(), Unreadable::TooDeep),
        (nested("(", 1_000_000).into_bytes(), Unreadable::TooDeep),
        (nested("X ", 9_000_000).into_bytes(), Unreadable::TooLarge),
        (nested("X ", 3).into_bytes(), Unreadable::Unparsable),
        (nested("(\"a\" ", 30).into_bytes(), Unreadable::Unparsable),
        (
            b"* 3 FETCH (UID 3 INTERNALDATE NIL)\r\n".to_vec(),
            Unreadable::Unparsable,
        ),
        (
            b"* 3 FETCH (UID 3 BODYSTRUCTURE NIL)\r\n".to_vec(),
            Unreadable::Unparsable,
        ),
        (
            b"* 3 FETCH (UID 3 BODYSTRUCTURE (\"a\0\" \xff {3}\r\n)\r\n))\r\n".to_vec(),
            Unreadable::Unparsable,
        ),
        (
            format!(
                "* 3 FETCH (UID 3 BODYSTRUCTURE ({} \"mixed\"))\r\n",
                sealed.repeat(9001)
            )
            .into_bytes(),
            Unreadable::TooManyParts,
        ),
    ];
    for (bytes, why) in cases {
        let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(60)]).into_owned();
        let (script, mut session) =
            hostile(move |uid| (uid == 3).then(|| say(bytes.clone()))).await;
        let found = session
            .structure(&[1, 2, 3, 4, 5])
            .await
            .expect("structures");
        let bad: Vec<_> = found
            .iter()
            .filter_map(|(uid, read)| Some((*uid, *read.as_ref().err()?)))
            .collect();
        assert_eq!(bad, [(3, why)], "{shown}");
        assert_eq!(found.len(), 5, "{shown}");
        // All over the first connection.
        let logins = script
            .heard()
            .iter()
            .filter(|line| line.contains(" LOGIN "))
            .count();
        assert_eq!(logins, 1, "{shown}");
    }
}

#[tokio::test]
async fn a_message_that_costs_the_connection_is_found_by_halving() {
    for act in [
        || Act::Bye(b"* 3 FETCH (UID 3 BODYS".to_vec()),
        || Act::Hush,
        || say("* 3 FETCH (UID 3 BODYSTRUCTURE {99999999999999999999999}\r\n)\r\n"),
    ] {
        let (_script, mut session) = hostile(move |uid| (uid == 3).then(act)).await;
        let found = session
            .structure(&[1, 2, 3, 4, 5, 6, 7, 8])
            .await
            .expect("structures");
        let bad: Vec<_> = found.iter().filter(|(_, read)| read.is_err()).collect();
        assert_eq!(bad, [&(3, Err(Unreadable::ServerFails))]);
        assert_eq!(found.len(), 8);
    }
}
