//! Mail to the people of the house: something came, or somebody wants something. Words and bytes only; who is told, and when, is decided elsewhere.
//!
//! 1. [`Notices::compose`] fills the templates: subject, text and HTML; [`Notices::compose_gathered`] for several at once,
//!    [`Notices::compose_knock`] for households that want something.
//! 2. [`message`] makes the mail of them. The same input gives the same bytes, so a resend is byte-identical.
//!
//! The person's mail provider reads all of it. Therefore a notice tells household, how many, and the address of the
//! home server; title, sentence and date only as [`Details`], where the operator asked for them; never a picture.
//! Names come from other households: whatever could break a header or a line is taken out, and HTML is escaped.

mod compose;
mod mail;

use std::path::PathBuf;

use crate::rules::Together;
use crate::words::Language;

pub use compose::{Notices, TEMPLATES};
pub use mail::message;

/// What one person is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice<'a> {
    /// In which language.
    pub language: Language,
    /// Who is told; a name to greet.
    pub person: &'a str,
    /// Who shared: the name of the other household.
    pub household: &'a str,
    /// How many things this person may see.
    pub count: usize,
    /// What they are.
    pub kind: Together,
    /// The home server's own address, `http://…` or `https://…`.
    pub url: &'a str,
    /// Only with `notify.details`.
    pub details: Option<Details>,
}

/// What one person is told of several shares in one mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gathered<'a> {
    /// In which language.
    pub language: Language,
    /// Who is told; a name to greet.
    pub person: &'a str,
    /// What came, from whom.
    pub lines: &'a [Line],
    /// The home server's own address, `http://…` or `https://…`.
    pub url: &'a str,
}

/// Why somebody is told no more at an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastMail {
    /// Somebody changed where this person is told.
    Moved,
    /// Somebody chose that this person is told by no mail.
    Silenced,
}

/// What one person is told of households that want something of this one, of their identities, and of where mail goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knock<'a> {
    /// In which language.
    pub language: Language,
    /// Who is told; a name to greet.
    pub person: &'a str,
    /// Why this is the last mail to this address, if it is.
    pub last: Option<LastMail>,
    /// Whether the identity of this household itself has ended.
    pub own_ended: bool,
    /// The names of households whose identity has ended.
    pub ended: &'a [String],
    /// The names of households whose mailbox another one claims.
    pub claimed: &'a [String],
    /// The names of households of which somebody asks for more.
    pub asking: &'a [String],
    /// How many households wait to be accepted. What strangers call themselves is their own choice, and is not told.
    pub strangers: usize,
    /// The names of households that an invitation brought together with this one.
    pub met: &'a [String],
    /// What came of invitations that led to nothing, one sentence each without its stop.
    pub failed: &'a [String],
    /// The names of households that have not confirmed what was sent to them by way of others.
    pub unconfirmed: &'a [String],
    /// The home server's own address, `http://…` or `https://…`.
    pub url: &'a str,
}

/// What came from one household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The name of the other household.
    pub household: String,
    /// How many things.
    pub count: usize,
    /// What they are.
    pub kind: Together,
    /// Only with `notify.details`.
    pub details: Option<Details>,
}

/// What a notice tells only where the operator asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    /// The title of the share; may be empty.
    pub title: String,
    /// Until when, as people read it: `24 December`.
    pub until: Option<String>,
    /// What the person may do, as `rules` words it.
    pub sentence: String,
}

/// A notice in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// One line.
    pub subject: String,
    /// The text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// Why there is no notice.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// A template of the operator's own cannot be used. [`Notices::new`] without a folder still can.
    #[error("the mail template {} cannot be used: {reason}; correct the file or remove it", file.display())]
    OwnTemplate {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A template that came with the program cannot be used: our own fault.
    #[error(
        "the built-in mail template {name} cannot be used: {reason}; this is a fault of Hearthpost"
    )]
    BuiltIn {
        /// Its name.
        name: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// The link is no web address.
    #[error(
        "{0:?} cannot stand in a notice; set notify.url to an address that begins with http:// or https://"
    )]
    Link(String),
    /// An address or message id that does not fit in a mail.
    #[error(
        "no notice can be made for {to}: {reason}; check that address with `hearthpost user list`"
    )]
    Unmailable {
        /// The person's mail address.
        to: String,
        /// What does not fit.
        reason: String,
    },
}

/// A name or title as one line: at most 200 characters, like those of PROTOCOL 1.
fn one_line(text: &str) -> String {
    line_of(200, text)
}

/// One line without anything that hides, reorders or breaks it, at most `most` characters.
fn line_of(most: usize, text: &str) -> String {
    // Bidirectional controls could turn a name round the words beside it (Unicode 15.1, UAX #9 §2).
    let unseen = |c: char| matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
    let visible: String = text
        .chars()
        .filter(|c| !unseen(*c))
        .map(|c| {
            if c.is_control() || c.is_whitespace() {
                ' '
            } else {
                c
            }
        })
        .collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn names_become_one_visible_line() {
        assert_eq!(
            one_line(" Alice\r\nBcc: eve@e.example\u{2028}x "),
            "Alice Bcc: eve@e.example x"
        );
        assert_eq!(one_line("\u{202e}ecilA\u{0}\u{200b}"), "ecilA");
        assert_eq!(one_line("\u{7f}\n"), "");
        assert_eq!(one_line(&"ä".repeat(300)).chars().count(), 201);
    }
}
