//! What a delivery status notification says (RFC 3464): which mail, which recipients, and why. It is read out of a mail
//! that anybody can have written, so that it is a hint and never more.

use super::reply::{Meaning, enhanced, meaning};
use crate::address::Mailbox;

/// More recipients than one mail of ours has.
const RECIPIENTS: usize = 200;
/// More names than a provider gives one mail, with those that it had before.
const IDS: usize = 8;
/// As many as one name has with all recipients at both their addresses.
const PAIRS: usize = 2 * RECIPIENTS;
/// How much of one field is looked at, and how much of a server's words is kept.
const FIELD: usize = 4 * 1024;
const WORDS: usize = 300;

/// A delivery status notification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bounce {
    /// What the returned mail is called, without angle brackets; a provider that gives it another name may note the old.
    pub message_ids: Vec<String>,
    /// The recipients that were not served.
    pub recipients: Vec<Unserved>,
}

/// A recipient that was not served, or not yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unserved {
    /// Where the mail was to go: as it was given, and as it was tried in the end.
    pub addresses: Vec<Mailbox>,
    /// It is still tried.
    pub delayed: bool,
    /// Why.
    pub meaning: Meaning,
    /// The server's words, in one line.
    pub said: String,
}

impl Bounce {
    /// Reads the body of `message/delivery-status` and the header of the returned mail.
    pub fn read(status: &[u8], returned: &[u8]) -> Self {
        let mut bounce = Bounce::default();
        for group in groups(status) {
            match Unserved::read(&group) {
                Some(recipient) if bounce.recipients.len() < RECIPIENTS => {
                    bounce.recipients.push(recipient);
                }
                Some(_) => {}
                None => bounce.note_ids(&group),
            }
        }
        if let Some(header) = groups(returned).next() {
            bounce.note_ids(&header);
        }
        bounce
    }

    /// Each of these names with every recipient at each of its addresses. Whoever names more than a mail can have is heard
    /// for the first some hundred.
    pub fn pairs<'b>(
        &'b self,
        ids: &'b [&'b str],
    ) -> impl Iterator<Item = (&'b str, &'b Unserved, &'b Mailbox)> {
        let of_one = |id: &'b str| {
            self.recipients.iter().flat_map(move |recipient| {
                let addresses = recipient.addresses.iter();
                addresses.map(move |mailbox| (id, recipient, mailbox))
            })
        };
        ids.iter().flat_map(move |id| of_one(id)).take(PAIRS)
    }

    fn note_ids(&mut self, fields: &[(String, String)]) {
        // Gmail and Exchange keep the name under which we sent it (CASES O-05).
        let names = [
            "message-id",
            "x-original-message-id",
            "x-microsoft-original-message-id",
        ];
        for (_, value) in fields
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
        {
            let id = value.trim().trim_start_matches('<').trim_end_matches('>');
            let id: String = id
                .chars()
                .filter(char::is_ascii_graphic)
                .take(FIELD)
                .collect();
            if self.message_ids.len() == IDS {
                return;
            }
            if !id.is_empty() && !self.message_ids.contains(&id) {
                self.message_ids.push(id);
            }
        }
    }
}

impl Unserved {
    /// A group of fields about one recipient; `None` where it is about something else, or tells of no trouble.
    fn read(fields: &[(String, String)]) -> Option<Self> {
        let value = |wanted: &str| {
            let mut found = fields.iter().filter(|(name, _)| name == wanted);
            found.next().map(|(_, value)| value.trim())
        };
        let addresses = ["original-recipient", "final-recipient"].map(value);
        let mut known: Vec<Mailbox> = addresses
            .into_iter()
            .flatten()
            .filter_map(address)
            .collect();
        known.dedup();
        let status = value("status").and_then(enhanced);
        let action = value("action").unwrap_or_default().to_ascii_lowercase();
        let delayed = match action.as_str() {
            "failed" => false,
            "delayed" => true,
            // RFC 3464 §2.3.3: required; where it is not there, the class of the code stands for it.
            "" if status.is_some_and(|(class, ..)| class == 5) => false,
            _ => return None,
        };
        if known.is_empty() {
            return None;
        }
        let diagnostic = value("diagnostic-code").unwrap_or_default();
        // `smtp; 550 5.1.1 …`, and Exchange's `smtp;550 …`.
        let said = match diagnostic.split_once(';') {
            Some((_, said)) => said.trim(),
            None => diagnostic,
        };
        let said: String = said
            .chars()
            .filter(|c| !c.is_control())
            .take(WORDS)
            .collect();
        let digits = said.get(..3).and_then(|digits| digits.parse::<u16>().ok());
        let code = digits.filter(|code| (400..600).contains(code));
        let code = code.unwrap_or(match status {
            Some((4, ..)) => 450,
            _ => 550,
        });
        let by_words = meaning(code, &said);
        let meaning = match status {
            Some((class, subject, detail)) if by_words == Meaning::Other => {
                meaning(code, &format!("{class}.{subject}.{detail}"))
            }
            _ => by_words,
        };
        let meaning = match (meaning, code) {
            // By itself it says so (RFC 5321 §4.2.2).
            (Meaning::Other, 552) => Meaning::MailboxFull,
            _ => meaning,
        };
        Some(Unserved {
            addresses: known,
            delayed,
            meaning,
            said,
        })
    }
}

/// `rfc822; home-b@b.example`, the address perhaps in angle brackets.
fn address(value: &str) -> Option<Mailbox> {
    let (_, address) = value.split_once(';')?;
    let address = address.trim().trim_start_matches('<').trim_end_matches('>');
    address.parse().ok()
}

/// The groups of fields that empty lines part: names in lower case, folded lines joined.
fn groups(text: &[u8]) -> impl Iterator<Item = Vec<(String, String)>> {
    let lines = text
        .split(|&c| c == b'\n')
        .map(|line| line.trim_ascii_end());
    let mut lines = lines.peekable();
    std::iter::from_fn(move || {
        while lines.next_if(|line| line.is_empty()).is_some() {}
        lines.peek()?;
        let mut fields: Vec<(String, String)> = Vec::new();
        while let Some(line) = lines.next_if(|line| !line.is_empty()) {
            let folded = line.starts_with(b" ") || line.starts_with(b"\t");
            let line = String::from_utf8_lossy(&line[..line.len().min(FIELD)]);
            match (folded, line.split_once(':')) {
                (true, _) => {
                    if let Some((_, value)) = fields.last_mut().filter(|(_, v)| v.len() < FIELD) {
                        value.push(' ');
                        value.push_str(line.trim());
                    }
                }
                (false, Some((name, value))) => {
                    fields.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
                (false, None) => {}
            }
        }
        Some(fields)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RETURNED: &[u8] = b"Received: by x\r\nMessage-ID:\r\n <abc@a.example>\r\nSubject: Hearthpost\r\n\r\nMessage-ID: <body@x>\r\n";

    #[test]
    fn postfix_with_two_recipients_is_read() {
        let status = b"Reporting-MTA: dns; mail.a.example\r\nX-Postfix-Queue-ID: 4F1\r\nArrival-Date: Mon, 2 Nov 2026\r\n\r\n\
            Final-Recipient: rfc822; home-b@b.example\r\nOriginal-Recipient: rfc822;home-b@B.example\r\nAction: failed\r\n\
            Status: 5.1.1\r\nRemote-MTA: dns; mx.b.example\r\nDiagnostic-Code: smtp; 550 5.1.1 <home-b@b.example>: Recipient\r\n    \
            address rejected: User unknown\r\n\r\n\
            Final-Recipient: rfc822; home-c@c.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n\
            Diagnostic-Code: X-Postfix; connect to mx.c.example: timed out\r\n\r\n";
        let bounce = Bounce::read(status, RETURNED);
        assert_eq!(bounce.message_ids, ["abc@a.example"]);
        let [b, c] = bounce.recipients.as_slice() else {
            panic!("{bounce:?}");
        };
        assert_eq!(
            b.addresses,
            ["home-b@b.example".parse().expect("a mailbox")]
        );
        assert_eq!((b.delayed, b.meaning), (false, Meaning::NoSuchMailbox));
        assert_eq!(
            b.said,
            "550 5.1.1 <home-b@b.example>: Recipient address rejected: User unknown"
        );
        assert_eq!((c.delayed, c.meaning), (true, Meaning::Other));
    }

    #[test]
    fn the_old_name_of_a_mail_counts_too() {
        let status =
            b"Reporting-MTA: dns; googlemail.com\nX-Original-Message-ID: <abc@a.example>\n\n\
            Final-Recipient: rfc822; home-b@b.example\nAction: failed\nStatus: 5.2.2\n\
            Diagnostic-Code: smtp; 552 5.2.2 The email account is over quota\n";
        let returned =
            b"Message-ID: <new@outlook.com>\nX-Microsoft-Original-Message-ID: <older@a.example>\n";
        let bounce = Bounce::read(status, returned);
        let ids = ["abc@a.example", "new@outlook.com", "older@a.example"];
        assert_eq!(bounce.message_ids, ids);
        assert_eq!(bounce.recipients[0].meaning, Meaning::MailboxFull);
    }

    #[test]
    fn a_bare_552_is_a_full_mailbox_and_one_with_a_reason_is_not() {
        let meaning = |said: &str| {
            let status = format!(
                "\n\nFinal-Recipient: rfc822; b@b.example\nAction: failed\nStatus: 5.0.0\nDiagnostic-Code: smtp; {said}\n"
            );
            Bounce::read(status.as_bytes(), b"").recipients[0].meaning
        };
        assert_eq!(
            meaning("552 Requested mail action aborted"),
            Meaning::MailboxFull
        );
        assert_eq!(
            meaning("552 message size exceeds fixed limit"),
            Meaning::TooLarge
        );
        assert_eq!(
            meaning("552 5.7.0 blocked because of its content"),
            Meaning::Spam
        );
        assert_eq!(meaning("550 Requested action not taken"), Meaning::Other);
    }

    #[test]
    fn delivered_and_relayed_are_no_trouble() {
        for action in ["delivered", "relayed", "expanded", "x"] {
            let status = format!(
                "\n\nFinal-Recipient: rfc822; b@b.example\nAction: {action}\nStatus: 2.0.0\n"
            );
            assert_eq!(Bounce::read(status.as_bytes(), b"").recipients, []);
        }
    }

    #[test]
    fn of_thousands_of_names_and_recipients_some_hundred_pairs_are_made() {
        let names: String = (0..7_000).map(|n| format!("Message-ID: <{n}>\n")).collect();
        let recipients: String = (0..500)
            .map(|n| {
                format!(
                    "\nFinal-Recipient: rfc822;{n}@b.example\nOriginal-Recipient: rfc822;{n}@c.example\nAction: failed\n"
                )
            })
            .collect();
        let bounce = Bounce::read((names.clone() + &recipients).as_bytes(), names.as_bytes());
        assert_eq!(bounce.message_ids, ["0", "1", "2", "3", "4", "5", "6", "7"]);
        assert_eq!(bounce.recipients.len(), RECIPIENTS);
        let all: Vec<&str> = bounce.message_ids.iter().map(String::as_str).collect();
        assert_eq!(bounce.pairs(&all).count(), PAIRS);
        // Of one name every recipient is met, at both its addresses.
        assert_eq!(bounce.pairs(&all[..1]).count(), 2 * RECIPIENTS);
    }

    proptest! {
        #[test]
        fn junk_is_read_without_harm(status in prop::collection::vec(any::<u8>(), 0..2000), returned in prop::collection::vec(any::<u8>(), 0..500)) {
            Bounce::read(&status, &returned);
        }

        #[test]
        fn junk_in_fields_stays_in_one_line(said in "\\PC{0,400}", id in "\\PC{0,80}") {
            let status = format!("A: b\n\nFinal-Recipient: rfc822; b@b.example\nAction: failed\nDiagnostic-Code: smtp; {said}\n");
            let bounce = Bounce::read(status.as_bytes(), format!("Message-ID: {id}\n").as_bytes());
            for recipient in &bounce.recipients {
                prop_assert!(recipient.said.chars().count() <= WORDS);
                prop_assert!(!recipient.said.chars().any(char::is_control));
            }
            prop_assert!(bounce.message_ids.iter().all(|id| id.bytes().all(|c| c.is_ascii_graphic())));
        }
    }
}
