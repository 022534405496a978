//! What an honest provider does with what it is handed.

mod support;

use std::sync::Arc;
use support::{ALICE, ALICE_PLAIN, BOB, CAROL, SOON, Smtp, Wire, server};
use testmail::{Account, Options, Server};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn message_arrives_with_trace_fields_and_without_stuffed_dots() {
    let server = server();
    let mut smtp = Smtp::alice(&server);
    let answer = smtp.submit(&[BOB], "Subject: dots\r\n\r\n..\r\n..leading\r\na.b\r\n...");
    assert_eq!(answer, "250 2.0.0 taken");
    let mail = server
        .wait_for_messages(BOB, "INBOX", 1, SOON)
        .expect("delivered at once");
    let message = text(&mail[0].bytes);
    assert!(message.starts_with(&format!(
        "Return-Path: <{ALICE}>\r\nDelivered-To: {BOB}\r\n"
    )));
    assert!(message.contains("\r\nReceived: from client.example (unknown [127.0.0.1])\r\n\tby "));
    assert!(message.ends_with("Subject: dots\r\n\r\n.\r\n.leading\r\na.b\r\n..\r\n"));
    assert!(server.messages(ALICE, "INBOX").is_empty());
}

#[test]
fn message_is_the_same_however_its_bytes_are_split() {
    let server = server();
    let body = "Subject: x\r\n\r\n..\r\n.\rnot the end\n.\nnor this\r\n..x\r\n\r\n.\r\n";
    for chunk in 1..=5 {
        let mut smtp = Smtp::alice(&server);
        smtp.ask(&format!("MAIL FROM:<{ALICE}>"));
        smtp.ask(&format!("RCPT TO:<{BOB}>"));
        smtp.ask("DATA");
        for piece in body.as_bytes().chunks(chunk) {
            smtp.0.send(piece);
        }
        assert_eq!(smtp.answer(), "250 2.0.0 taken");
    }
    for mail in server.messages(BOB, "INBOX") {
        let message = text(&mail.bytes);
        // Bare line feeds become line ends, as on the way through real servers.
        assert!(
            message.ends_with("\r\n.\r\n\rnot the end\r\n.\r\nnor this\r\n.x\r\n\r\n"),
            "{message:?}"
        );
    }
}

#[test]
fn empty_message_ends_with_its_first_line() {
    let server = server();
    let mut smtp = Smtp::alice(&server);
    smtp.ask(&format!("MAIL FROM:<{ALICE}>"));
    smtp.ask(&format!("RCPT TO:<{BOB}>"));
    smtp.ask("DATA");
    assert_eq!(smtp.ask("."), "250 2.0.0 taken");
    assert_eq!(server.transactions()[0].bytes_received, 0);
}

#[test]
fn recipients_are_answered_one_by_one_and_share_one_message() {
    let server = server();
    let mut smtp = Smtp::alice(&server);
    smtp.ask(&format!("MAIL FROM:<{ALICE}> SIZE=1000 BODY=8BITMIME"));
    assert_eq!(smtp.ask(&format!("RCPT TO:<{BOB}>")), "250 2.1.5 ok");
    assert_eq!(
        smtp.ask("RCPT TO:<nobody@b.example>"),
        "550 5.1.1 no such user here"
    );
    assert_eq!(smtp.ask(&format!("RCPT TO:<{CAROL}>")), "250 2.1.5 ok");
    smtp.ask("DATA");
    assert_eq!(smtp.ask("A: b\r\n\r\ntext\r\n."), "250 2.0.0 taken");

    let (bob, carol) = (
        server.messages(BOB, "INBOX"),
        server.messages(CAROL, "INBOX"),
    );
    assert!(Arc::ptr_eq(&bob[0].bytes, &carol[0].bytes));
    // Of several recipients, none is named.
    assert!(!text(&bob[0].bytes).contains("b.example"));
    let transactions = server.transactions();
    assert_eq!(transactions.len(), 1);
    assert_eq!(transactions[0].mail_from, ALICE);
    assert_eq!(transactions[0].announced_size, Some(1000));
    assert_eq!(transactions[0].bytes_received, "A: b\r\n\r\ntext\r\n".len());
    assert!(transactions[0].accepted);
    let codes: Vec<u16> = transactions[0]
        .recipients
        .iter()
        .map(|(_, code)| *code)
        .collect();
    assert_eq!(codes, [250, 550, 250]);
}

#[test]
fn sub_addresses_of_one_mailbox_get_a_copy_each() {
    let server = server();
    let mut smtp = Smtp::alice(&server);
    let to = [
        "home-b+bob@b.example",
        "home-b+ann@B.Example",
        "home-b+bob@b.example",
    ];
    smtp.submit(&to, "A: b\r\n\r\n");
    assert_eq!(server.messages(BOB, "INBOX").len(), 2);
    smtp.submit(&["home-b+bob@b.example"], "A: b\r\n\r\n");
    let last = server.messages(BOB, "INBOX").pop().expect("three messages");
    assert!(text(&last.bytes).contains("Delivered-To: home-b+bob@b.example\r\n"));
}

#[test]
fn too_large_is_refused_at_mail_when_announced_and_after_data_when_not() {
    let accounts = vec![Account::new(ALICE, "secret")];
    let server = Server::start(Options {
        accounts,
        message_limit: 5000,
        ..Options::default()
    })
    .expect("free ports");
    let mut smtp = Smtp::alice(&server);
    smtp.0.send("EHLO again\r\n");
    assert!(smtp.0.line().starts_with("250-testmail"));
    assert_eq!(smtp.0.line(), "250-SIZE 5000");
    smtp.answer();
    let refused = "552 5.3.4 message exceeds the size limit";
    assert_eq!(smtp.ask(&format!("MAIL FROM:<{ALICE}> SIZE=5001")), refused);
    let long = format!("A: b\r\n\r\n{}", "0123456789\r\n".repeat(100_000));
    assert_eq!(smtp.submit(&[ALICE], &long), refused);
    assert_eq!(
        smtp.submit(&[ALICE], "A: b\r\n\r\nsmall"),
        "250 2.0.0 taken"
    );
    let log = server.transactions();
    let accepted: Vec<bool> = log.iter().map(|transaction| transaction.accepted).collect();
    assert_eq!(accepted, [false, false, true]);
    assert_eq!(log[1].bytes_received, long.len() + 2);
}

#[test]
fn signing_in_works_in_every_form() {
    let server = server();
    let mut smtp = Smtp::greeted(&server);
    assert_eq!(
        smtp.ask("MAIL FROM:<x@y>"),
        "530 5.7.0 authentication required"
    );
    assert_eq!(
        smtp.ask("AUTH PLAIN AHgAeQ=="),
        "535 5.7.8 wrong name or password"
    );
    assert_eq!(smtp.ask("AUTH CRAM-MD5"), "504 5.5.4 unknown mechanism");
    assert_eq!(smtp.ask("AUTH PLAIN"), "334");
    assert_eq!(smtp.ask("*"), "501 5.5.2 cannot read this, or cancelled");
    assert_eq!(smtp.ask("AUTH PLAIN"), "334");
    assert_eq!(smtp.ask(ALICE_PLAIN), "235 2.7.0 signed in");
    assert_eq!(smtp.ask("AUTH PLAIN"), "503 5.5.1 already signed in");

    let mut smtp = Smtp::greeted(&server);
    assert_eq!(smtp.ask("AUTH LOGIN"), "334 VXNlcm5hbWU6");
    assert_eq!(smtp.ask("aG9tZS1hQGEuZXhhbXBsZQ=="), "334 UGFzc3dvcmQ6");
    assert_eq!(smtp.ask("c2VjcmV0"), "235 2.7.0 signed in");
    let mut smtp = Smtp::greeted(&server);
    assert_eq!(
        smtp.ask("AUTH LOGIN aG9tZS1hQGEuZXhhbXBsZQ=="),
        "334 UGFzc3dvcmQ6"
    );
    assert_eq!(smtp.ask("c2VjcmV0"), "235 2.7.0 signed in");
}

#[test]
fn pipelined_commands_are_answered_in_order() {
    let server = server();
    let mut smtp = Smtp::alice(&server);
    let commands = format!(
        "MAIL FROM:<{ALICE}>\r\nRCPT TO:<x@b.example>\r\nRCPT TO:<{BOB}>\r\nNOOP\r\nDATA\r\n\
         A: b\r\n\r\ntext\r\n.\r\nRSET\r\nQUIT\r\n"
    );
    smtp.0.send(commands);
    let codes: Vec<String> = (0..8).map(|_| smtp.answer()[..3].to_owned()).collect();
    assert_eq!(
        codes,
        ["250", "550", "250", "250", "354", "250", "250", "221"]
    );
    assert_eq!(smtp.0.line(), "");
    assert_eq!(server.messages(BOB, "INBOX").len(), 1);
}

#[test]
fn commands_out_of_order_are_refused() {
    let server = server();
    let mut smtp = Smtp::alice(&server);
    assert_eq!(
        smtp.ask(&format!("RCPT TO:<{BOB}>")),
        "503 5.5.1 MAIL first"
    );
    assert_eq!(smtp.ask("DATA"), "503 5.5.1 MAIL first");
    assert_eq!(smtp.ask("MAIL FROM:<>"), "250 2.1.0 ok");
    assert_eq!(smtp.ask("MAIL FROM:<>"), "503 5.5.1 nested MAIL");
    assert_eq!(smtp.ask("DATA"), "554 5.5.1 no valid recipients");
    assert_eq!(smtp.ask("RSET"), "250 2.0.0 ok");
    assert_eq!(smtp.ask("VRFY bob"), "502 5.5.1 not implemented");
    assert_eq!(smtp.ask("STARTTLS"), "502 5.5.1 not implemented");
}

#[test]
fn rubbish_is_answered_and_long_lines_are_skipped() {
    let server = server();
    let mut smtp = Smtp::alice(&server);
    assert_eq!(smtp.ask(&"x".repeat(100_000)), "500 5.5.2 line too long");
    for rubbish in [
        "",
        "\0\u{fffd}",
        "MAIL",
        "MAIL FROM:",
        "RCPT TO:<",
        "AUTH",
        "BDAT 9999999999999",
    ] {
        let answer = smtp.ask(rubbish);
        assert!(answer.starts_with('5'), "{rubbish:?}: {answer}");
    }
    smtp.0.send(b"\xff\xfe\x00 \xc3(\r\n");
    assert!(smtp.answer().starts_with('5'));
    assert_eq!(smtp.ask("NOOP"), "250 2.0.0 ok");
}

#[test]
fn greeting_says_what_it_is() {
    let server = server();
    for port in [server.smtp_port(), server.imap_port()] {
        let greeting = Wire::connect(port).line();
        assert!(
            greeting.contains("never a mail server for real use"),
            "{greeting}"
        );
    }
}

#[test]
fn dropped_server_closes_its_connections() {
    let server = server();
    let mut smtp = Smtp::alice(&server);
    drop(server);
    assert_eq!(smtp.ask("NOOP"), "");
}
