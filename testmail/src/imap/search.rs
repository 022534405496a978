//! SEARCH. Text is compared as it is written, without regard to ASCII case: encoded words and
//! transfer encodings are not decoded.

use super::{
    connection::{Connection, Outcome},
    selected::Selected,
    sets,
};
use crate::{clock, header, store::Message};
use imap_codec::imap_types::{core::AString, search::SearchKey, sequence::SequenceSet};
use mail_parser::DateTime;
use std::io;

/// The parser bounds how deep keys may nest; this bounds the walk on its own.
const DEEPEST: usize = 100;

impl Connection {
    pub(super) async fn search(
        &mut self,
        keys: &[SearchKey<'_>],
        by_uid: bool,
    ) -> io::Result<Outcome> {
        let mut line = "* SEARCH".to_owned();
        if let Some(selected) = &self.selected {
            let state = self.shared.state();
            if let Some(folder) = state.folder(&selected.account, &selected.folder) {
                for (at, uid) in selected.view.iter().enumerate() {
                    let Some(message) = folder.message(*uid) else {
                        continue;
                    };
                    let candidate = Candidate {
                        selected,
                        message,
                        number: at + 1,
                    };
                    if keys.iter().all(|key| candidate.matches(key, 0)) {
                        let found = if by_uid {
                            uid.to_string()
                        } else {
                            (at + 1).to_string()
                        };
                        line.push(' ');
                        line.push_str(&found);
                    }
                }
            }
        }
        line.push_str("\r\n");
        self.output.text(&line).await?;
        Ok(Outcome::ok("done"))
    }
}

struct Candidate<'a> {
    selected: &'a Selected,
    message: &'a Message,
    number: usize,
}

impl Candidate<'_> {
    fn matches(&self, key: &SearchKey<'_>, depth: usize) -> bool {
        if depth > DEEPEST {
            return false;
        }
        let deeper = |key: &SearchKey<'_>| self.matches(key, depth + 1);
        let message = self.message;
        match key {
            SearchKey::And(keys) => keys.as_ref().iter().all(deeper),
            SearchKey::Or(one, other) => deeper(one) || deeper(other),
            SearchKey::Not(key) => !deeper(key),
            SearchKey::All => true,
            SearchKey::SequenceSet(set) => {
                let last = u32::try_from(self.selected.view.len()).unwrap_or(u32::MAX);
                within(set, last, u32::try_from(self.number).unwrap_or(u32::MAX))
            }
            SearchKey::Uid(set) => within(
                set,
                self.selected.view.last().copied().unwrap_or_default(),
                message.uid,
            ),
            SearchKey::Answered => message.has("\\Answered"),
            SearchKey::Deleted => message.has("\\Deleted"),
            SearchKey::Draft => message.has("\\Draft"),
            SearchKey::Flagged => message.has("\\Flagged"),
            SearchKey::Seen => message.has("\\Seen"),
            SearchKey::Unanswered => !message.has("\\Answered"),
            SearchKey::Undeleted => !message.has("\\Deleted"),
            SearchKey::Undraft => !message.has("\\Draft"),
            SearchKey::Unflagged => !message.has("\\Flagged"),
            SearchKey::Unseen => !message.has("\\Seen"),
            SearchKey::Keyword(word) => message.has(word.inner()),
            SearchKey::Unkeyword(word) => !message.has(word.inner()),
            SearchKey::Recent => self.selected.is_recent(message.uid),
            SearchKey::Old => !self.selected.is_recent(message.uid),
            SearchKey::New => self.selected.is_recent(message.uid) && !message.has("\\Seen"),
            SearchKey::Larger(size) => self.size() > u64::from(*size),
            SearchKey::Smaller(size) => self.size() < u64::from(*size),
            // Days compare as text, and without the time of day (RFC 3501 §6.4.4).
            SearchKey::Before(day) => self.arrived() < day.as_ref().to_string(),
            SearchKey::On(day) => self.arrived() == day.as_ref().to_string(),
            SearchKey::Since(day) => self.arrived() >= day.as_ref().to_string(),
            SearchKey::SentBefore(day) => self
                .sent()
                .is_some_and(|sent| sent < day.as_ref().to_string()),
            SearchKey::SentOn(day) => self
                .sent()
                .is_some_and(|sent| sent == day.as_ref().to_string()),
            SearchKey::SentSince(day) => self
                .sent()
                .is_some_and(|sent| sent >= day.as_ref().to_string()),
            SearchKey::Header(name, text) => self.header_holds(name.as_ref(), text),
            SearchKey::Bcc(text) => self.header_holds(b"Bcc", text),
            SearchKey::Cc(text) => self.header_holds(b"Cc", text),
            SearchKey::From(text) => self.header_holds(b"From", text),
            SearchKey::Subject(text) => self.header_holds(b"Subject", text),
            SearchKey::To(text) => self.header_holds(b"To", text),
            SearchKey::Text(text) => holds(&message.content.bytes, text.as_ref()),
            SearchKey::Body(text) => {
                let body = message.content.structure().body.clone();
                holds(&message.content.bytes[body], text.as_ref())
            }
        }
    }

    fn size(&self) -> u64 {
        u64::try_from(self.message.content.bytes.len()).unwrap_or(u64::MAX)
    }

    fn arrived(&self) -> String {
        clock::day(self.message.internal_date)
    }

    /// The day in the Date field, in the sender's time zone.
    fn sent(&self) -> Option<String> {
        let content = &self.message.content;
        let written = header::value(&content.bytes, content.structure().header.clone(), "Date")?;
        let date = DateTime::parse_rfc822(std::str::from_utf8(&written).ok()?)?;
        Some(format!(
            "{:04}-{:02}-{:02}",
            date.year, date.month, date.day
        ))
    }

    /// An empty text matches wherever there is such a field (RFC 3501 §6.4.4).
    fn header_holds(&self, name: &[u8], text: &AString<'_>) -> bool {
        let content = &self.message.content;
        header::fields(&content.bytes, content.structure().header.clone())
            .iter()
            .filter(|field| field.name.eq_ignore_ascii_case(name))
            .any(|field| holds(&field.value(), text.as_ref()))
    }
}

fn within(set: &SequenceSet, last: u32, number: u32) -> bool {
    sets::contains(set, last, number)
}

fn holds(text: &[u8], wanted: &[u8]) -> bool {
    let (text, wanted) = (text.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    memchr::memmem::find(&text, &wanted).is_some()
}
