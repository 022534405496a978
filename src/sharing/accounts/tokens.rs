//! Tokens: with one of them a program acts for a person, as far as its scopes go. It is shown once, when it is made, and
//! kept as a digest alone.

use std::fmt;
use std::str::FromStr;

use super::{HOUR, Secret, Visitor, digest};
use crate::address::StationName;
use crate::album::TokenRow;
use crate::encoding::Timestamp;
use crate::sharing::words::clean_line;
use crate::sharing::{Fault, Household};

/// The longest name of one, in characters.
const LONGEST: usize = 60;
/// How many a person has at most.
const MOST: usize = 50;
/// How each of them begins, so that one that lies about is known for what it is.
const MARK: &str = "hearthpost_";

/// What a program may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// See the album, and what came and went.
    Read,
    /// Bring files into the album and change what is there.
    Album,
    /// Share, pass on, take back, ask and answer.
    Share,
}

impl Scope {
    /// All of them.
    pub const ALL: [Scope; 3] = [Scope::Read, Scope::Album, Scope::Share];

    /// The name.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Album => "album",
            Scope::Share => "share",
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let found = Scope::ALL.into_iter().find(|scope| scope.as_str() == text);
        found.ok_or_else(|| format!("{text:?} is not one of read, album and share"))
    }
}

/// A program that acts for a person.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// For whom. A program is never a keeper.
    pub visitor: Visitor,
    scopes: Vec<Scope>,
}

impl Bearer {
    /// Fails where the token was not made for that.
    pub fn check(&self, scope: Scope) -> Result<(), Fault> {
        if self.scopes.contains(&scope) {
            return Ok(());
        }
        let words = format!("This token was not made for that: it lacks the scope {scope}.");
        Err(Fault::new("scope", words).hint("make another one, in the settings of that person"))
    }
}

impl Household {
    /// Makes a token for a program that acts for a person, until `ends` or for as long as the person is of the house.
    pub fn make_token(
        &mut self,
        station: &StationName,
        name: &str,
        scopes: &[Scope],
        ends: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Secret, Fault> {
        self.refuse_unknown_person(station)?;
        let name = clean_line(name).trim().to_owned();
        if !(1..=LONGEST).contains(&name.chars().count()) {
            let words = "say what the program is called, in 1 to 60 characters";
            return Err(Fault::usage("token_name", words));
        }
        if scopes.is_empty() {
            let words = "say what the program may do: read, album or share";
            return Err(Fault::usage("scopes", words));
        }
        if ends.is_some_and(|ends| ends <= now) {
            return Err(Fault::usage("over", "the end is already past"));
        }
        let secret = Secret::marked(MARK)?;
        let wanted = Scope::ALL
            .into_iter()
            .filter(|scope| scopes.contains(scope));
        let row = TokenRow {
            digest: digest(secret.text()),
            station: station.clone(),
            name,
            scopes: wanted.map(Scope::as_str).collect::<Vec<_>>().join(" "),
            made: now,
            used: None,
            ends,
        };
        self.album.commit(|rows| {
            rows.end_old_tokens(station, now)?;
            let before = rows.tokens(station)?;
            if before.iter().any(|token| token.name == row.name) {
                let words = format!("{station} has a token {:?} already", row.name);
                return Err(Fault::usage("exists", words)
                    .hint("end that one first, or choose another name"));
            }
            if before.len() >= MOST {
                let words = format!("{station} has {MOST} tokens already; end some of them first");
                return Err(Fault::usage("too_many_tokens", words));
            }
            Ok(rows.add_token(&row)?)
        })?;
        Ok(secret)
    }

    /// The tokens of a person, the newest first; also those that are over.
    pub fn tokens(&self, station: &StationName) -> Result<Vec<TokenRow>, Fault> {
        self.refuse_unknown_person(station)?;
        Ok(self.album.rows().tokens(station)?)
    }

    /// Ends a token: from now on it opens nothing.
    pub fn end_token(&mut self, station: &StationName, name: &str) -> Result<(), Fault> {
        let ended = self
            .album
            .commit(|rows| Ok::<_, Fault>(rows.end_token(station, name)?))?;
        match ended {
            true => Ok(()),
            false => {
                let shown: String = clean_line(name).chars().take(LONGEST).collect();
                let words = format!("{station} has no token {shown:?}");
                Err(Fault::usage("unknown_token", words))
            }
        }
    }

    /// For whom a program acts, by what it holds.
    pub fn bearer(&mut self, held: &str, now: Timestamp) -> Result<Option<Bearer>, Fault> {
        let held = digest(held);
        let Some(token) = self.album.rows().token(held)? else {
            return Ok(None);
        };
        if token.ends.is_some_and(|ends| ends <= now) {
            return Ok(None);
        }
        if token.used.is_none_or(|used| used.plus_seconds(HOUR) < now) {
            self.album
                .commit(|rows| rows.use_token(held, now))
                .map_err(Fault::from)?;
        }
        let scopes = token.scopes.split(' ').filter_map(|one| one.parse().ok());
        Ok(Some(Bearer {
            scopes: scopes.collect(),
            visitor: Visitor {
                station: token.station,
                keeper: false,
                session: held,
                language: None,
            },
        }))
    }
}
