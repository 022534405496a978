//! Each fault on the submission side and on delivery, seen from outside.

mod support;

use support::{ALICE, BOB, CAROL, Imap, SEALED, SOON, Smtp, server};
use testmail::{Reply, Server, Times};

const SHORT: &str = "Message-ID: <1@a.example>\r\nHearthpost: letter\r\n\r\ntext";

fn inbox(server: &Server, account: &str) -> Vec<String> {
    let messages = server.messages(account, "INBOX");
    messages
        .iter()
        .map(|mail| String::from_utf8_lossy(&mail.bytes).into_owned())
        .collect()
}

#[test]
fn refused_recipient_leaves_the_others_and_is_taken_next_time() {
    let server = server();
    server
        .faults()
        .smtp_rcpt(CAROL, Reply::new(452, "4.2.2 mailbox full"), Times::Next(1));
    let mut smtp = Smtp::alice(&server);
    smtp.submit(&[BOB, CAROL], SHORT);
    smtp.submit(&[BOB, CAROL], SHORT);
    assert_eq!(
        (inbox(&server, BOB).len(), inbox(&server, CAROL).len()),
        (2, 1)
    );
    assert_eq!(
        server.transactions()[0].recipients[1],
        (CAROL.to_owned(), 452)
    );
    assert_eq!(server.faults().outstanding(), 0);
}

#[test]
fn mail_and_data_are_refused_as_told() {
    let server = server();
    let faults = server.faults();
    faults.smtp_mail(Reply::new(421, "4.7.0 later"), Times::Next(1));
    faults.smtp_data(Reply::new(554, "5.7.1 content refused"), Times::Next(1));
    let mut smtp = Smtp::alice(&server);
    assert_eq!(smtp.ask(&format!("MAIL FROM:<{ALICE}>")), "421 4.7.0 later");
    assert_eq!(smtp.submit(&[BOB], SHORT), "554 5.7.1 content refused");
    assert_eq!(smtp.submit(&[BOB], SHORT), "250 2.0.0 taken");
    assert_eq!(inbox(&server, BOB).len(), 1);
}

#[test]
fn limits_change_while_the_server_runs() {
    let server = server();
    let mut smtp = Smtp::alice(&server);
    server.faults().smtp_message_limit(10);
    assert_eq!(
        smtp.submit(&[BOB], SHORT),
        "552 5.3.4 message exceeds the size limit"
    );
    server.faults().clear();
    server.faults().of(ALICE).smtp_recipient_limit(1);
    smtp.ask(&format!("MAIL FROM:<{ALICE}>"));
    assert_eq!(smtp.ask(&format!("RCPT TO:<{BOB}>")), "250 2.1.5 ok");
    assert_eq!(
        smtp.ask(&format!("RCPT TO:<{CAROL}>")),
        "452 4.5.3 too many recipients"
    );
}

#[test]
fn answer_may_be_lost_with_and_without_the_message() {
    let server = server();
    server.faults().smtp_lose_answer(Times::Next(1));
    assert_eq!(Smtp::alice(&server).submit(&[BOB], SHORT), "");
    assert_eq!(inbox(&server, BOB).len(), 1);
    server.faults().smtp_lose_message(Times::Next(1));
    assert_eq!(Smtp::alice(&server).submit(&[BOB], SHORT), "");
    assert_eq!(inbox(&server, BOB).len(), 1);
    let accepted: Vec<bool> = server.transactions().iter().map(|t| t.accepted).collect();
    assert_eq!(accepted, [true, false]);
}

#[test]
fn connection_is_dropped_within_a_message() {
    let server = server();
    server.faults().smtp_cut_data(1000, Times::Next(1));
    assert_eq!(
        Smtp::alice(&server).submit(&[BOB], SHORT),
        "250 2.0.0 taken"
    );
    let long = format!("A: b\r\n\r\n{}", "0123456789\r\n".repeat(50_000));
    assert_eq!(Smtp::alice(&server).submit(&[BOB], &long), "");
    assert_eq!(inbox(&server, BOB).len(), 1);
    assert_eq!(server.transactions()[1].bytes_received, 1000);
}

#[test]
fn sign_in_fails_although_the_password_is_right() {
    let server = server();
    server.faults().refuse_password(Times::Next(2));
    let reply = Reply::new(
        535,
        "5.7.139 SmtpClientAuthentication is disabled for the Tenant",
    );
    server.faults().of(ALICE).smtp_auth(reply, Times::Next(1));
    let command = format!("AUTH PLAIN {}", support::ALICE_PLAIN);
    let mut smtp = Smtp::greeted(&server);
    assert!(smtp.ask(&command).starts_with("535 5.7.139 "));
    assert_eq!(smtp.ask(&command), "535 5.7.8 wrong name or password");
    let refused = Imap::greeted(&server).ask(&format!("LOGIN {ALICE} secret"));
    assert_eq!(
        refused,
        [". NO [AUTHENTICATIONFAILED] wrong name or password"]
    );
    assert_eq!(smtp.ask(&command), "235 2.7.0 signed in");
}

#[test]
fn delivery_is_doubled_or_goes_to_junk() {
    let server = server();
    server.faults().of(BOB).duplicate(Times::Next(1));
    server.faults().of(CAROL).into_junk(Times::Always);
    Smtp::alice(&server).submit(&[BOB, CAROL], SHORT);
    assert_eq!(server.messages(BOB, "INBOX").len(), 2);
    assert_eq!(server.messages(CAROL, "Junk").len(), 1);
    assert!(server.messages(CAROL, "INBOX").is_empty());
}

#[test]
fn held_messages_come_in_reverse() {
    let server = server();
    server.faults().hold(Times::Next(2));
    let mut smtp = Smtp::alice(&server);
    for subject in ["one", "two", "three"] {
        smtp.submit(&[BOB], &format!("Subject: {subject}\r\n\r\n"));
    }
    assert_eq!((server.held(), inbox(&server, BOB).len()), (2, 1));
    server.release_reversed();
    let order: Vec<String> = inbox(&server, BOB)
        .iter()
        .map(|mail| {
            mail.rsplit("Subject: ")
                .next()
                .unwrap_or_default()
                .trim()
                .to_owned()
        })
        .collect();
    assert_eq!(order, ["three", "two", "one"]);
    assert_eq!(server.held(), 0);
}

#[test]
fn headers_are_stripped_for_one_recipient_only() {
    let server = server();
    let faults = server.faults().of(BOB);
    faults.strip_header("hearthpost", Times::Next(1));
    faults.strip_content_ids(Times::Next(1));
    faults.rewrite_message_id(Times::Next(1));
    Smtp::alice(&server).submit(&[BOB, CAROL], SEALED.trim_end());
    let (bob, carol) = (
        inbox(&server, BOB).remove(0),
        inbox(&server, CAROL).remove(0),
    );
    assert!(!bob.contains("Hearthpost: ") && !bob.contains("Content-ID") && !bob.contains("<1@a"));
    assert!(bob.starts_with("Message-ID: <1@rewritten.invalid>\r\nReturn-Path: "));
    assert!(carol.ends_with(SEALED));
    let restored = bob.len()
        + "Hearthpost: parts\r\n".len()
        + 2 * "Content-ID: <one@hearthpost.invalid>\r\n".len()
        + "Message-ID: <1@a.example>\r\n".len()
        - "Message-ID: <1@rewritten.invalid>\r\n".len();
    assert_eq!(restored, carol.len());
    server
        .wait_for_messages(BOB, "INBOX", 1, SOON)
        .expect("there already");
}
