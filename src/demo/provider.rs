//! What the mail provider has before it: the messages of a mailbox, read as anyone there could.

use mail_parser::MessageParser;
use testmail::StoredMessage;

use super::words::told;
use crate::encoding::decode_base64_body;
use crate::words::Language;

/// One message in a mailbox.
pub(super) struct Sighting {
    /// `From:`
    pub from: String,
    /// `To:`
    pub to: String,
    /// `Subject:`
    pub subject: String,
    /// What our own header says: letter or parts.
    pub hint: String,
    /// Bytes of the whole.
    pub size: usize,
    /// The header and the first lines of the body, as they lie there.
    pub beginning: Vec<String>,
}

/// How many lines of a body are shown.
const LINES: usize = 3;

/// Reads a mailbox.
pub(super) fn look(language: Language, messages: &[StoredMessage]) -> Vec<Sighting> {
    messages
        .iter()
        .map(|message| sight(language, &message.bytes))
        .collect()
}

fn sight(language: Language, bytes: &[u8]) -> Sighting {
    let text = String::from_utf8_lossy(bytes);
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let field = |name: &str| {
        head.lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(field, _)| field.eq_ignore_ascii_case(name))
            .map_or_else(String::new, |(_, value)| value.to_owned())
    };
    let own = |line: &&str| !line.starts_with("Received:") && !line.starts_with([' ', '\t']);
    let mut beginning: Vec<String> = head.lines().filter(own).map(str::to_owned).collect();
    beginning.push(String::new());
    beginning.extend(body.lines().take(LINES).map(str::to_owned));
    let more = body.lines().count().saturating_sub(LINES);
    beginning.push(told!(language, "demo-provider-lines", count = more));
    Sighting {
        from: field("From"),
        to: field("To"),
        subject: field("Subject"),
        hint: field("Hearthpost"),
        size: bytes.len(),
        beginning,
    }
}

/// Those of these words that stand anywhere in the messages, as they are or behind base64.
pub(super) fn readable<'w>(messages: &[StoredMessage], words: &[&'w str]) -> Vec<&'w str> {
    let mut found: Vec<&str> = Vec::new();
    for message in messages {
        let decoded = decode_runs(&message.bytes);
        for word in words {
            let stands = |bytes: &[u8]| contains(bytes, word.as_bytes());
            if !found.contains(word) && (stands(&message.bytes) || stands(&decoded)) {
                found.push(word);
            }
        }
    }
    found
}

/// Every run of base64 lines, decoded.
fn decode_runs(bytes: &[u8]) -> Vec<u8> {
    let base64 = |line: &&[u8]| {
        line.len() >= 40
            && line
                .iter()
                .all(|c| c.is_ascii_alphanumeric() || b"+/=".contains(c))
    };
    let mut decoded = Vec::new();
    let lines: Vec<&[u8]> = bytes
        .split(|&c| c == b'\n')
        .map(<[u8]>::trim_ascii_end)
        .collect();
    for run in lines
        .split(|line| !base64(line))
        .filter(|run| !run.is_empty())
    {
        decoded.extend(decode_base64_body(&run.concat()).unwrap_or_default());
    }
    decoded
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    let Some(&first) = word.first() else {
        return false;
    };
    let starts = bytes.iter().enumerate().filter(|&(_, &byte)| byte == first);
    starts
        .into_iter()
        .any(|(at, _)| bytes[at..].starts_with(word))
}

/// Subject and text of an ordinary mail, such as a notice.
pub(super) fn plain(message: &StoredMessage) -> (String, String) {
    let parsed = MessageParser::default().parse(&message.bytes[..]);
    let Some(parsed) = parsed else {
        return (String::new(), String::new());
    };
    let subject = parsed.subject().unwrap_or_default().to_owned();
    let text = parsed.body_text(0).map(|text| text.into_owned());
    (subject, text.unwrap_or_default())
}
