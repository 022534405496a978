//! The two files by which an identity is kept elsewhere: the message that ends it, and itself under a passphrase.

use super::{Inspection, inspect_der, plain};
use crate::album::Keys;
use crate::sharing::identity::{Ending, exported};
use crate::words::{Language, told};

/// Says what such a file is; `None`: it is neither. What is sealed stays so.
pub(super) fn inspect_kept(
    bytes: &[u8],
    keys: Option<&Keys>,
    language: Language,
) -> Option<Inspection> {
    if let Some(is_whole) = exported(bytes) {
        if !is_whole {
            let is = told!(language, "inspect-exported-cut");
            return Some(Inspection::new(language, is));
        }
        let no = told!(language, "inspect-exported-opens");
        let is = told!(language, "inspect-exported");
        return Some(Inspection::new(language, is).fact("inspect-opened", no));
    }
    let Ok(ending) = Ending::of_bytes(bytes) else {
        let damaged = || Inspection::new(language, told!(language, "inspect-ending-damaged"));
        return match Ending::der_in(bytes)? {
            Some(der) => Some(inspect_der(&der, keys, language)),
            None => Some(damaged()),
        };
    };
    let found = Inspection::new(language, told!(language, "inspect-ending"))
        .fact("inspect-mailbox", &ending.mailbox)
        .fact("inspect-fingerprint", ending.fingerprint)
        .fact("inspect-words", ending.fingerprint.words())
        .fact("inspect-issued", plain(ending.signed));
    Some(found)
}
