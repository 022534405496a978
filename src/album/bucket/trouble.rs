//! Why a store did not do what it was asked for, in our words.

use std::error::Error as _;
use std::io;

use object_store::Error;
use object_store::client::{HttpError, HttpErrorKind};

use crate::endpoint::printable;

/// Why a store did not do what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// There is no such thing in it.
    #[error("it is not there")]
    Missing,
    /// It cannot be reached, or fails: later it may do it.
    #[error("not reachable: {0}")]
    Unreachable(String),
    /// It does not do it for us, or answers what cannot be right.
    #[error("refused: {0}")]
    Refused(String),
}

impl From<Trouble> for io::Error {
    fn from(trouble: Trouble) -> Self {
        let kind = match &trouble {
            Trouble::Missing => io::ErrorKind::NotFound,
            Trouble::Unreachable(_) => io::ErrorKind::NotConnected,
            Trouble::Refused(_) => io::ErrorKind::Other,
        };
        io::Error::new(kind, trouble)
    }
}

/// What an error of the crate means to us. Its own words tell addresses and whole answers, which help nobody.
pub(super) fn trouble(error: Error) -> Trouble {
    if let Error::NotFound { source, .. } = &error {
        // A bucket that is not there is another thing than an object.
        return match code_in(&source.to_string()) {
            Some(code) if code == "NoSuchBucket" => Trouble::Refused(code),
            _ => Trouble::Missing,
        };
    }
    let mut cause: Option<&dyn std::error::Error> = error.source();
    while let Some(one) = cause {
        if let Some(http) = one.downcast_ref::<HttpError>() {
            let words = http
                .source()
                .map_or_else(|| http.to_string(), ToString::to_string);
            return match http.kind() {
                HttpErrorKind::Decode => Trouble::Refused(printable(&words)),
                _ => Trouble::Unreachable(printable(&words)),
            };
        }
        cause = one.source();
    }
    let said = error.to_string();
    let code = code_in(&said);
    let fails = |status: &str| said.contains(&format!("status code: {status}"));
    let words = code.unwrap_or_else(|| match &error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => "no access".to_owned(),
        Error::Generic { source, .. } => printable(&first_line(&source.to_string())),
        _ => printable(&first_line(&said)),
    });
    match ["500", "502", "503", "504", "429"].into_iter().any(fails) {
        true => Trouble::Unreachable(words),
        false => Trouble::Refused(words),
    }
}

/// The `Code` of an answer in XML.
fn code_in(said: &str) -> Option<String> {
    let (_, rest) = said.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let plain = code.len() <= 80 && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    plain.then(|| code.to_owned())
}

fn first_line(text: &str) -> String {
    text.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}
