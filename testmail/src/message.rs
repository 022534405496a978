//! The bytes of one message, shared by every folder that holds it, and its structure, found once.

use crate::{
    bodystructure::{self, Form},
    structure::Entity,
};
use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

/// One message as stored. Copies in several folders and accounts share one of these.
pub(crate) struct Content {
    pub(crate) bytes: Arc<[u8]>,
    structure: OnceLock<Entity>,
    body_structure: OnceLock<String>,
}

impl Content {
    /// Keeps the bytes with every line ended by CRLF, as IMAP shows them.
    pub(crate) fn new(bytes: &[u8]) -> Arc<Self> {
        Arc::new(Self {
            bytes: Arc::from(with_crlf(bytes).as_ref()),
            structure: OnceLock::new(),
            body_structure: OnceLock::new(),
        })
    }

    pub(crate) fn structure(&self) -> &Entity {
        self.structure
            .get_or_init(|| Entity::of_message(&self.bytes))
    }

    /// The value of the FETCH item BODYSTRUCTURE.
    pub(crate) fn body_structure(&self) -> &str {
        self.body_structure
            .get_or_init(|| bodystructure::describe(&self.bytes, self.structure(), Form::Extended))
    }
}

fn with_crlf(bytes: &[u8]) -> Cow<'_, [u8]> {
    let bare = |at: &usize| *at == 0 || bytes[*at - 1] != b'\r';
    if !memchr::memchr_iter(b'\n', bytes).any(|at| bare(&at)) {
        return Cow::Borrowed(bytes);
    }
    let mut fixed = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    let mut copied = 0;
    for at in memchr::memchr_iter(b'\n', bytes).filter(bare) {
        fixed.extend_from_slice(&bytes[copied..at]);
        fixed.push(b'\r');
        copied = at;
    }
    fixed.extend_from_slice(&bytes[copied..]);
    Cow::Owned(fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_line_feeds_become_crlf() {
        assert_eq!(with_crlf(b"\na\r\nb\n").as_ref(), b"\r\na\r\nb\r\n");
        assert!(matches!(with_crlf(b"a\r\nb"), Cow::Borrowed(_)));
    }
}
