//! Where a home server and its people are reached: mailboxes, stations, and station addresses (RFC 5233 sub-addresses).
//!
//! Nothing here looks anything up. Parsing is strict, because these strings end up in mail headers and SMTP commands.

use std::fmt;
use std::str::FromStr;

/// The mail account of a home server: an addr-spec (RFC 5322 §3.4.1) in dot-atom form, ASCII only.
///
/// The domain is kept in lower case; the local part stands as it was written, and both compare that way (PROTOCOL 1).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Mailbox {
    // Invariant: dot-atom "@" lower-case host name, at most 254 bytes (checked in `from_str`).
    text: String,
    at: usize,
}

/// One person's browser, or a picture frame, at its home server: `a-z 0-9 - _ .`, 1 to 64 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StationName(String);

/// A station of a home server: `home-b+bob@example.org` is `bob` of `home-b@example.org`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StationAddress {
    /// The mailbox that mail for the station really goes to.
    pub mailbox: Mailbox,
    /// The station; an address without a sub-address means [`StationName::everyone`].
    pub station: StationName,
}

/// Why a text is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not `local-part@domain` of printable ASCII.
    #[error("{0:?} is not a mail address; write it as name@domain")]
    NotAnAddress(String),
    /// The station has characters that a station name cannot have.
    #[error("{0:?} cannot be the name of a person; use 1 to 64 of a-z, 0-9, '-', '_' and '.'")]
    NotAStation(String),
}

/// Whether a text can name addresses, such as `grandma`: 1 to 64 characters without blanks, control characters or @.
pub fn is_key_word(text: &str) -> bool {
    (1..=64).contains(&text.chars().count())
        && !text.contains('@')
        && text.chars().all(|c| !c.is_control() && !c.is_whitespace())
}

impl Mailbox {
    /// The part before the `@`.
    pub fn local_part(&self) -> &str {
        &self.text[..self.at]
    }

    /// The part after the `@`, in lower case.
    pub fn domain(&self) -> &str {
        &self.text[self.at + 1..]
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Mailbox {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = || AddressError::NotAnAddress(text.chars().take(80).collect());
        let (local, domain) = text.rsplit_once('@').ok_or_else(wrong)?;
        if text.len() > 254 || local.len() > 64 || !is_dot_atom(local) || !is_host_name(domain) {
            return Err(wrong());
        }
        Ok(Mailbox {
            text: format!("{local}@{}", domain.to_ascii_lowercase()),
            at: local.len(),
        })
    }
}

/// RFC 5322 §3.2.3.
fn is_dot_atom(text: &str) -> bool {
    let atext = |c: u8| c.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&c);
    text.split('.')
        .all(|atom| !atom.is_empty() && atom.bytes().all(atext))
}

fn is_host_name(text: &str) -> bool {
    text.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|c| c.is_ascii_alphanumeric() || c == b'-')
    })
}

impl StationName {
    /// The reserved station that means all people of the house.
    pub fn everyone() -> Self {
        StationName("everyone".to_owned())
    }

    /// Whether this is the reserved station of all people of the house.
    pub fn is_everyone(&self) -> bool {
        self.0 == "everyone"
    }

    /// A name that no person of a house has: it stands where somebody has left it. `mark`: letters and digits, at most 60.
    pub fn of_nobody(mark: &str) -> Self {
        StationName(format!(".{mark}"))
    }

    /// Whether it is such a name.
    pub fn is_nobody(&self) -> bool {
        self.0.starts_with('.')
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StationName {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let allowed = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || b"-_.".contains(&c);
        if (1..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(StationName(text.to_owned()))
        } else {
            Err(AddressError::NotAStation(text.chars().take(80).collect()))
        }
    }
}

/// A person is meant however the name is written: names of people are in lower case, and phones write capitals by themselves.
impl FromStr for StationAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let whole: Mailbox = text.parse()?;
        match whole.local_part().split_once('+') {
            None => Ok(StationAddress {
                mailbox: whole,
                station: StationName::everyone(),
            }),
            Some((user, detail)) => Ok(StationAddress {
                mailbox: format!("{user}@{}", whole.domain()).parse()?,
                station: detail.to_ascii_lowercase().parse()?,
            }),
        }
    }
}

impl fmt::Display for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for StationName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for StationAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.station.is_everyone() {
            return self.mailbox.fmt(f);
        }
        let (user, domain) = (self.mailbox.local_part(), self.mailbox.domain());
        write!(f, "{user}+{}@{domain}", self.station)
    }
}

crate::encoding::serde_as_text!(Mailbox, StationName, StationAddress);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domain_is_compared_in_lower_case_and_local_part_as_it_stands() {
        let a: Mailbox = "Home-B@Example.ORG".parse().expect("an address");
        assert_eq!(a, "Home-B@example.org".parse().expect("an address"));
        assert_ne!(a, "home-b@example.org".parse().expect("an address"));
    }

    #[test]
    fn sub_address_names_the_station() {
        let bob: StationAddress = "home-b+bob@b.example".parse().expect("an address");
        assert_eq!(bob.mailbox.as_str(), "home-b@b.example");
        assert_eq!(bob.station.as_str(), "bob");
        assert_eq!(bob.to_string(), "home-b+bob@b.example");
        let all: StationAddress = "home-b@b.example".parse().expect("an address");
        assert!(all.station.is_everyone());
        assert_eq!(all.to_string(), "home-b@b.example");
        let typed: StationAddress = "home-b+Bob@b.example".parse().expect("an address");
        assert_eq!(typed, bob);
    }

    #[test]
    fn nothing_that_could_break_out_of_a_header_or_command_is_an_address() {
        for text in [
            "",
            "a",
            "@b",
            "a@",
            "a b@c.example",
            "a@b\r\nRCPT TO:<x@y>",
            "a@b>",
            "<a@b>",
            "a..b@c",
            "a@-b",
            "a@b..c",
            "ä@b.example",
            "a\0@b.example",
            "\"a b\"@c.example",
        ] {
            assert!(text.parse::<Mailbox>().is_err(), "{text:?}");
        }
        for text in ["home+@b.example", "home+a/b@b.example"] {
            assert!(text.parse::<StationAddress>().is_err(), "{text:?}");
        }
    }
}
