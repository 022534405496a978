//! What mail servers say, written out, for there is little of it in the fixtures.

use crate::Seeds;

const SEALED: &str = r#"("APPLICATION" "Pkcs7-MIME" ("smime-type" "authEnveloped-data" "name" "smime.p7m") "<ab@hearthpost.invalid>" NIL "BASE64" 1000 NIL NIL NIL NIL)"#;
const TEXT: &str = r#"("text" "plain" ("charset" "utf-8") NIL NIL "7bit" 5 1)"#;
const ENVELOPE: &str = r#"("Mon, 2 Nov 2026 09:00:00 +0000" "Hearthpost" (("A" NIL "home-a" "a.example")) NIL NIL NIL NIL NIL NIL "<x@a.example>")"#;
const HEADER: &str = "Hearthpost: letter\r\nSubject:\r\n Hearthpost\r\nContent-Type: Application/PKCS7-Mime;\r\n\tname=\"a;smime-type=x\\\";\";\r\n smime-type=\"authEnveloped-data\"\r\n\r\n";

/// Answers of an IMAP server, behind two bytes that say in which pieces they come and how much body is asked for.
pub fn answers() -> Seeds {
    let multipart = format!(
        r#"(({TEXT}{SEALED} "mixed" NIL NIL NIL){SEALED} "mixed" ("boundary" "x") NIL NIL)"#
    );
    let forwarded = format!(r#"("message" "rfc822" NIL NIL NIL "7bit" 5 {ENVELOPE} {TEXT} 1)"#);
    let report = format!(
        r#"({TEXT}("message" "delivery-status" NIL NIL NIL "7bit" 300){forwarded} "report" ("report-type" "delivery-status") NIL NIL)"#
    );
    let fetch = |items: &str| format!("* 1 FETCH (UID 7 {items})\r\n");
    let looked = format!(
        "INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" RFC822.SIZE 4711 BODY[HEADER.FIELDS (HEARTHPOST SUBJECT CONTENT-TYPE)] {{{}}}\r\n{HEADER}",
        HEADER.len()
    );
    let said = [
        fetch(&format!("BODYSTRUCTURE {SEALED}")),
        fetch(&format!("BODYSTRUCTURE {multipart}")),
        fetch(&format!("BODYSTRUCTURE {report}")),
        fetch(&format!("BODYSTRUCTURE {multipart}")) + &fetch(&looked),
        fetch(&looked),
        fetch("BODY[1]<0> {5}\r\nhello") + &fetch("BODY[1]<5> {5}\r\nhello"),
        fetch("BODY[1] NIL") + "* 1 FETCH (BINARY[2] ~{3}\r\n\0\x01\x02)\r\n",
        fetch("INTERNALDATE NIL"),
        "* OK [COPYUID 7 1:2,5 11:12,20] moved\r\nh1 OK done\r\n".to_owned(),
        "* CAPABILITY IMAP4rev1 IDLE UIDPLUS MOVE AUTH=PLAIN AUTH=XOAUTH2 SASL-IR BINARY X-GM-EXT-1\r\n* SEARCH 1 2 3\r\nh1 OK [READ-WRITE] done\r\n".to_owned(),
        "* LIST (\\HasNoChildren \\Junk) \"/\" {4}\r\nJunk\r\n* STATUS INBOX (UIDVALIDITY 7 MESSAGES 3)\r\n* 3 EXISTS\r\n* 1 EXPUNGE\r\n".to_owned(),
        "* BYE [LIMIT] too many connections\r\n+ idling\r\nh1 NO [UNAVAILABLE] later {3}\r\nh1 BAD\r\n".to_owned(),
    ];
    let ways: [&[u8]; 2] = [b"\x01\xff", b"\x40\x00"];
    let mut seeds: Seeds = (said.iter().enumerate())
        .map(|(n, said)| [ways[n % 2], said.as_bytes()].concat())
        .collect();
    seeds.push(HEADER.as_bytes().to_vec());
    seeds
}

/// Delivery status, a zero byte, and the header that came back.
pub fn bounces() -> Seeds {
    let returned = "Received: by x\r\nMessage-ID:\r\n <abc@a.example>\r\nX-Original-Message-ID: <old@a.example>\r\nSubject: Hearthpost\r\n\r\n";
    let said = [
        "Reporting-MTA: dns; mail.a.example\r\nX-Postfix-Queue-ID: 4F1\r\n\r\nFinal-Recipient: rfc822; home-b@b.example\r\n\
         Original-Recipient: rfc822;home-b@B.example\r\nAction: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; mx.b.example\r\n\
         Diagnostic-Code: smtp; 550 5.1.1 <home-b@b.example>: Recipient\r\n    address rejected: User unknown\r\n\r\n\
         Final-Recipient: rfc822; home-c@c.example\r\nAction: delayed\r\nStatus: 4.4.1\r\nDiagnostic-Code: X-Postfix; timed out\r\n\r\n",
        "Reporting-MTA: dns; googlemail.com\nX-Original-Message-ID: <abc@a.example>\n\nFinal-Recipient: rfc822; <home-b@b.example>\n\
         Status: 5.2.2\nDiagnostic-Code: smtp;552 5.2.2 The email account is over quota\n",
        "550 5.4.5 Daily user sending limit exceeded",
        "452 4.5.3 too many recipients",
        "\n\nFinal-Recipient: rfc822; b@b.example\nAction: relayed\nStatus: 2.0.0\n",
    ];
    said.iter()
        .map(|status| format!("{status}\0{returned}").into_bytes())
        .collect()
}

/// Bodies and bits of messages of our own.
pub fn bodies() -> Seeds {
    let digest = "771ddf86b3062224f0cd5972eb9d9b39b324c4acb92ed143a1b40f359af70dd7";
    vec![
        format!("<{digest}@hearthpost.invalid>").into_bytes(),
        b"\x03aGVsbG8gd29ybGQ=\r\n".to_vec(),
        b"\x40aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29y\r\nbGQ=\r\n".to_vec(),
    ]
}
