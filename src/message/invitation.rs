//! Invitations: the link or the words that go from hand to hand. The letters by which households meet then stand in `join`.

use std::str::FromStr;

use data_encoding::BASE64URL_NOPAD;
use zeroize::Zeroizing;

use crate::address::Mailbox;
use crate::encoding::{self, Timestamp};
use crate::envelope::{Digest, Fingerprint, InvitationSecret};

/// The path of a link, before the `#`. What stands behind that goes to no server.
pub const LINK_PATH: &str = "/join";
/// What the part behind the `#` begins with.
const VERSION_MARK: &str = "1.";
/// So many bytes of a digest at the end show that a link is whole.
const CHECK: usize = 4;
/// Fingerprint, secret and end.
const FIXED: usize = 32 + 16 + 8;
/// No link or row of words is longer, in bytes.
const MAX_TEXT: usize = 4_096;
/// No number and word behind it is so long, in bytes.
const LONGER_THAN_WORDS: usize = 20;
/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;

/// An invitation as it goes from hand to hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Where the inviter is asked for its card.
    pub mailbox: Mailbox,
    /// What both hold.
    pub secret: InvitationSecret,
    /// What a link says besides; words that were read out do not.
    pub named: Option<Named>,
}

/// What a link says of the inviter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Named {
    /// Who it is.
    pub inviter: Fingerprint,
    /// Until when it lets in, by its own clock.
    pub ends: Timestamp,
}

/// Why a text is no invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnInvitation {
    /// Neither form.
    #[error("that is neither an invitation link nor an address with twelve words")]
    Form,
    /// A link of which something is missing or changed.
    #[error("the link is not whole: something of it is missing or changed")]
    Damaged,
    /// A link that another version wrote.
    #[error("the link is of a version that this box does not read")]
    Version,
    /// Words with a slip among them.
    #[error("the twelve words are not those of an invitation: there is a slip among them")]
    Words,
    /// More than one.
    #[error("that holds several invitation links")]
    Several,
    /// No address among the words.
    #[error("the address that goes with the words is missing, or is none")]
    Mailbox,
}

impl Invitation {
    /// The link, under the address `base` of the inviter's own box; only what stands behind `#` matters. `None` without
    /// [`Invitation::named`].
    pub fn link(&self, base: &str) -> Option<Zeroizing<String>> {
        let named = self.named?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(FIXED + 320 + CHECK));
        bytes.extend_from_slice(named.inviter.as_bytes());
        bytes.extend_from_slice(self.secret.as_bytes());
        bytes.extend_from_slice(&named.ends.unix().to_be_bytes());
        bytes.extend_from_slice(self.mailbox.as_str().as_bytes());
        let check = Digest::of(&bytes);
        bytes.extend_from_slice(&check.as_bytes()[..CHECK]);
        let mut link = Zeroizing::new(String::with_capacity(base.len() + 640));
        link.push_str(base.trim_end_matches('/'));
        link.push_str(LINK_PATH);
        link.push('#');
        link.push_str(VERSION_MARK);
        BASE64URL_NOPAD.encode_append(&bytes, &mut link);
        Some(link)
    }

    /// The one link in a text: mail programs break it into lines, people put it between brackets and say something around it.
    fn from_link(text: &str) -> Result<Self, NotAnInvitation> {
        let text = Unbroken::of(text);
        let mut read: Option<Invitation> = None;
        let mut trouble = NotAnInvitation::Form;
        for at in text.links() {
            match text.link_at(at) {
                // A mail may hold it twice: as it is written, and as where it leads.
                Ok(one) if read.as_ref().is_some_and(|read| *read != one) => {
                    return Err(NotAnInvitation::Several);
                }
                Ok(one) => read = Some(one),
                Err(error) => trouble = error,
            }
        }
        read.ok_or(trouble)
    }

    /// The payload of a link, after its version.
    fn from_payload(payload: &str) -> Result<Self, NotAnInvitation> {
        let damaged = NotAnInvitation::Damaged;
        let bytes = BASE64URL_NOPAD.decode(payload.as_bytes());
        let bytes = Zeroizing::new(bytes.map_err(|_| damaged)?);
        let (said, check) = bytes
            .len()
            .checked_sub(CHECK)
            .map(|at| bytes.split_at(at))
            .ok_or(damaged)?;
        if said.len() <= FIXED || Digest::of(said).as_bytes()[..CHECK] != *check {
            return Err(damaged);
        }
        let (inviter, rest) = said.split_at(32);
        let (secret, rest) = rest.split_at(16);
        let (ends, mailbox) = rest.split_at(8);
        let ends = i64::from_be_bytes(ends.try_into().map_err(|_| damaged)?);
        if !(0..=LAST_SECOND).contains(&ends) {
            return Err(damaged);
        }
        let inviter = encoding::hex_of(inviter).parse().map_err(|_| damaged)?;
        let mailbox = std::str::from_utf8(mailbox).ok();
        Ok(Invitation {
            mailbox: mailbox.and_then(|text| text.parse().ok()).ok_or(damaged)?,
            secret: InvitationSecret::from_bytes(secret.try_into().map_err(|_| damaged)?),
            named: Some(Named {
                inviter,
                ends: Timestamp::from_unix(ends),
            }),
        })
    }

    /// The address and the twelve words, in any order, with any blanks, commas, numbers and dots between.
    fn from_words(text: &str) -> Result<Self, NotAnInvitation> {
        let mut mailbox = None;
        let mut words = Zeroizing::new(String::with_capacity(text.len()));
        for word in text.split(|c: char| c.is_whitespace() || c == ',' || c == ';') {
            if word.contains('@') {
                let parsed = word.parse().map_err(|_| NotAnInvitation::Mailbox)?;
                if mailbox.replace(parsed).is_some() {
                    return Err(NotAnInvitation::Mailbox);
                }
                continue;
            }
            // As people write them down: "1. coral".
            let word = word.trim_matches(|c: char| c == '.' || c == ')' || c.is_ascii_digit());
            if !word.is_empty() {
                if !words.is_empty() {
                    words.push(' ');
                }
                words.extend(word.chars().map(|c| c.to_ascii_lowercase()));
            }
        }
        let secret = InvitationSecret::from_words(&words);
        match (mailbox, secret) {
            (Some(mailbox), Some(secret)) => Ok(Invitation {
                mailbox,
                secret,
                named: None,
            }),
            (None, Some(_)) => Err(NotAnInvitation::Mailbox),
            (Some(_), None) => Err(NotAnInvitation::Words),
            (None, None) => Err(NotAnInvitation::Form),
        }
    }
}

impl FromStr for Invitation {
    type Err = NotAnInvitation;

    /// Reads a link, wherever it was opened and whatever stands around it, what stands behind its `#` alone, or an address
    /// with twelve words.
    fn from_str(text: &str) -> Result<Self, NotAnInvitation> {
        let text = text.trim();
        if text.len() > MAX_TEXT {
            return Err(NotAnInvitation::Form);
        }
        let link = Invitation::from_link(text);
        let single = text.split_whitespace().count() == 1;
        match (link, Invitation::from_words(text)) {
            (Ok(invitation), _) | (Err(_), Ok(invitation)) => Ok(invitation),
            (Err(error), _) if single || error != NotAnInvitation::Form => Err(error),
            (Err(_), Err(error)) => Err(error),
        }
    }
}

/// A text without its white space, and where that stood.
struct Unbroken {
    text: Zeroizing<String>,
    breaks: Vec<usize>,
}

impl Unbroken {
    fn of(text: &str) -> Self {
        let (mut whole, mut breaks) = (Zeroizing::new(String::with_capacity(text.len())), vec![0]);
        for c in text.chars() {
            // Soft hyphens and the like show nothing either.
            match c.is_whitespace() || matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
            {
                true => breaks.push(whole.len()),
                false => whole.push(c),
            }
        }
        Unbroken {
            text: whole,
            breaks,
        }
    }

    /// Where something begins that may be what stands behind the `#` of a link; without any, what the text begins with.
    fn links(&self) -> Vec<usize> {
        let behind = self.text.match_indices('#').map(|(at, _)| at + 1);
        let found: Vec<usize> = behind.filter(|at| self.version_at(*at).is_some()).collect();
        let first = self.text.find(|c: char| c.is_ascii_alphanumeric());
        match (found.is_empty(), first) {
            (true, Some(at)) if self.version_at(at).is_some() && self.is_long_at(at) => vec![at],
            _ => found,
        }
    }

    /// Whether something stands there that is no word behind a number.
    fn is_long_at(&self, at: usize) -> bool {
        let next = self.breaks.iter().find(|&&one| one > at);
        next.is_none_or(|next| next - at > LONGER_THAN_WORDS)
    }

    /// The version that is written there, up to its dot.
    fn version_at(&self, at: usize) -> Option<&str> {
        let (version, _) = self.text[at..].split_once('.')?;
        let is_number = !version.is_empty() && version.bytes().all(|b| b.is_ascii_digit());
        is_number.then_some(version)
    }

    /// The link there. Where it ends among words is not to be seen, but its check tells: it ends at a break, or with what a
    /// link may hold.
    fn link_at(&self, at: usize) -> Result<Invitation, NotAnInvitation> {
        let Some(payload) = self.text[at..].strip_prefix(VERSION_MARK) else {
            return Err(NotAnInvitation::Version);
        };
        let begin = at + VERSION_MARK.len();
        let other = |c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_');
        let end = begin + payload.find(other).unwrap_or(payload.len());
        let breaks = self.breaks.iter().copied();
        let ends = breaks.filter(|&one| begin < one && one < end).chain([end]);
        let mut read = Err(NotAnInvitation::Damaged);
        for end in ends {
            read = Invitation::from_payload(&self.text[begin..end]);
            if read.is_ok() {
                break;
            }
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn invitation() -> Invitation {
        Invitation {
            mailbox: "home-a@a.example".parse().expect("a mailbox"),
            secret: InvitationSecret::from_bytes(*b"0123456789abcdef"),
            named: Some(Named {
                inviter: Fingerprint::of_key(b"a"),
                ends: Timestamp::from_unix(1_800_000_000),
            }),
        }
    }

    /// As `docs/protocol.md` shows it.
    const LINK: &str = "1.ypeBEsobvcr6wjGzmiPcTaeG7_gUfE5yuYB3ha_uSLswMTIzNDU2Nzg5YWJjZGVmAAAAAGtJ0gBob21lLWFAYS5leGFtcGxlb0LE1g";

    #[test]
    fn a_link_has_these_bytes_and_reads_back_wherever_it_was_opened() {
        let (whole, base) = (invitation(), "http://box.example:8480/");
        let link = whole.link(base).expect("a link");
        assert_eq!(*link, format!("http://box.example:8480/join#{LINK}"));
        for text in [
            link.to_string(),
            LINK.to_owned(),
            format!("  https://other.example/join#{LINK}\n"),
            format!("<{link}>", link = *link),
            format!("\u{2039}{link}\u{203a}", link = *link),
            format!("Come in: {link}. See you soon", link = *link),
            format!(
                "Come in: {link} See you soon, home-a@a.example",
                link = *link
            ),
            format!("[{link}]({link})", link = *link),
            format!("We are #1. Come in:\n\n{link}\n", link = *link),
            format!(
                "Come in:\r\n<{}\r\n{}>\r\nSee you soon",
                &link[..76],
                &link[76..]
            ),
            format!("{} \n {}\n{}", &link[..20], &link[20..90], &link[90..]),
            format!("{}\u{ad}\n{} and come", &LINK[..70], &LINK[70..]),
        ] {
            assert_eq!(text.parse::<Invitation>().as_ref(), Ok(&whole), "{text}");
        }
    }

    #[test]
    fn words_are_read_however_they_were_written_down() {
        let whole = invitation();
        let words = whole.secret.words();
        let numbered = words.split(' ').enumerate();
        let numbered: Vec<String> = numbered
            .map(|(n, word)| format!("{}. {word}", n + 1))
            .collect();
        for text in [
            format!("home-a@a.example {}", *words),
            format!("{} home-a@a.example", words.to_uppercase()),
            format!("home-a@a.example\n{}", numbered.join("\n")),
            format!("home-a@a.example, {}", words.replace(' ', ", ")),
        ] {
            let read: Invitation = text.parse().expect("an invitation");
            assert_eq!(read.mailbox, whole.mailbox, "{text}");
            assert_eq!((read.secret, read.named), (whole.secret.clone(), None));
        }
        for (text, why) in [
            (words.to_string(), NotAnInvitation::Mailbox),
            ("1. coral 2. maze".to_owned(), NotAnInvitation::Form),
            (
                "home-a@a.example coral maze".to_owned(),
                NotAnInvitation::Words,
            ),
            (
                format!("a@b.example c@d.example {}", *words),
                NotAnInvitation::Mailbox,
            ),
            ("come and see us".to_owned(), NotAnInvitation::Form),
            (String::new(), NotAnInvitation::Form),
            ("2.abcd".to_owned(), NotAnInvitation::Version),
            ("https://a.example/join".to_owned(), NotAnInvitation::Form),
            (
                format!("Come in: https://a.example/join#{}", &LINK[..80]),
                NotAnInvitation::Damaged,
            ),
            (
                "Come in: https://a.example/join#2.abc and see".to_owned(),
                NotAnInvitation::Version,
            ),
            ("x".repeat(MAX_TEXT + 1), NotAnInvitation::Form),
        ] {
            assert_eq!(text.parse::<Invitation>(), Err(why), "{text}");
        }
    }

    #[test]
    fn two_links_are_not_chosen_between() {
        let mut other = invitation();
        other.secret = InvitationSecret::from_bytes([7; 16]);
        let link = |one: &Invitation| one.link("https://a.example").expect("a link").to_string();
        let both = format!("{} or {}", link(&invitation()), link(&other));
        let read = both.parse::<Invitation>();
        assert_eq!(read, Err(NotAnInvitation::Several));
    }

    #[test]
    fn nothing_of_the_secret_stands_in_debug_or_in_what_is_said_of_a_bad_one() {
        let said = format!("{:?}", invitation());
        assert!(said.contains("InvitationSecret(..)"), "{said}");
    }

    proptest! {
        #[test]
        fn a_link_with_anything_changed_is_no_link(at in any::<prop::sample::Index>(), with in "[A-Za-z0-9_-]") {
            let at = VERSION_MARK.len() + at.index(LINK.len() - VERSION_MARK.len());
            let mut changed = LINK.to_owned();
            changed.replace_range(at..=at, &with);
            let read = changed.parse::<Invitation>();
            prop_assert!(changed == LINK || read == Err(NotAnInvitation::Damaged));
            let around = format!("Come in: <https://a.example/join#{changed}> See you");
            let read = around.parse::<Invitation>();
            prop_assert!(changed == LINK || read == Err(NotAnInvitation::Damaged));
        }

        #[test]
        fn a_link_broken_anywhere_is_whole(at in 0..LINK.len(), gap in "[ \\r\\n\\t]{1,3}") {
            let broken = format!("Come in: https://a.example/join#{}{gap}{} See you", &LINK[..at], &LINK[at..]);
            prop_assert_eq!(broken.parse::<Invitation>(), Ok(invitation()));
        }

        #[test]
        fn a_link_cut_short_is_no_link(len in 0..LINK.len()) {
            prop_assert!(LINK[..len].parse::<Invitation>().is_err());
        }

        #[test]
        fn any_text_is_answered(text in "\\PC{0,200}") {
            let _ = text.parse::<Invitation>();
        }

        #[test]
        fn any_invitation_reads_back(secret in any::<[u8; 16]>(), ends in 0..=LAST_SECOND) {
            let mut whole = invitation();
            whole.secret = InvitationSecret::from_bytes(secret);
            whole.named = whole.named.map(|named| Named { ends: Timestamp::from_unix(ends), ..named });
            let link = whole.link("https://a.example").expect("a link");
            prop_assert_eq!(link.parse::<Invitation>(), Ok(whole));
        }
    }
}
