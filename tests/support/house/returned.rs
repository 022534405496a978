//! Mail that comes back, as a mail server writes it.

/// What a mail is called.
pub fn id_of(mail: &[u8]) -> String {
    let text = String::from_utf8_lossy(mail);
    let line = text.lines().find(|line| line.starts_with("Message-ID:"));
    let id = line.expect("an id").trim_start_matches("Message-ID:");
    id.trim().trim_matches(['<', '>']).to_owned()
}

/// As Postfix writes it, `groups` being the recipients.
pub fn postfix(groups: &str, id: &str) -> String {
    format!(
        "Return-Path: <>\nDate: Mon, 18 Jan 2027 08:00:00 +0000 (UTC)\nFrom: MAILER-DAEMON@a.example (Mail Delivery System)\n\
         Subject: Undelivered Mail Returned to Sender\nTo: home-a@a.example\nAuto-Submitted: auto-replied\n\
         MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status;\n\tboundary=\"4F1.1\"\n\
         Content-Transfer-Encoding: 8bit\nMessage-Id: <20270118.4F1@mail.a.example>\n\n\
         This is a MIME-encapsulated message.\n\n--4F1.1\nContent-Description: Notification\n\
         Content-Type: text/plain; charset=utf-8\n\nThis is the mail system at host mail.a.example.\n\n\
         --4F1.1\nContent-Description: Delivery report\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mail.a.example\nX-Postfix-Queue-ID: 4F1\nX-Postfix-Sender: rfc822; home-a@a.example\n\
         Arrival-Date: Mon, 18 Jan 2027 07:59:58 +0000 (UTC)\n\n{groups}\n\
         --4F1.1\nContent-Description: Undelivered Message Headers\nContent-Type: text/rfc822-headers\n\n\
         Return-Path: <home-a@a.example>\nMessage-ID: <{id}>\nSubject: Hearthpost\n\n--4F1.1--\n"
    )
}

/// One recipient of it.
pub fn group(mailbox: &str, action: &str, status: &str, said: &str) -> String {
    format!(
        "Final-Recipient: rfc822; {mailbox}\nOriginal-Recipient: rfc822;{mailbox}\nAction: {action}\nStatus: {status}\n\
         Remote-MTA: dns; mx.example\nDiagnostic-Code: smtp; {said}\n\n"
    )
}
