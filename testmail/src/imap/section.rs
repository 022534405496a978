//! Which bytes of a message a FETCH section names.

use crate::{
    header,
    message::Content,
    structure::{Entity, Inside},
};
use imap_codec::imap_types::{
    core::AString,
    fetch::{Part, Section},
};
use std::{num::NonZeroU32, ops::Range};

/// The bytes of a section.
#[derive(Debug, PartialEq)]
pub(super) enum Cut {
    /// They lie in the message as they are.
    Stored(Range<usize>),
    /// They were put together.
    Made(Vec<u8>),
}

impl Cut {
    /// There is no such section. Dovecot gives an empty string then.
    const NOTHING: Self = Self::Stored(0..0);

    /// The part of it from `offset`, at most so many bytes; empty beyond the end.
    pub(super) fn partial(self, offset: u32, length: u32) -> Self {
        let within = |whole: &Range<usize>| {
            let start = whole
                .start
                .saturating_add(usize::try_from(offset).unwrap_or(usize::MAX));
            let start = start.min(whole.end);
            let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX));
            start..end.min(whole.end)
        };
        match self {
            Self::Stored(range) => Self::Stored(within(&range)),
            Self::Made(bytes) => Self::Made(bytes[within(&(0..bytes.len()))].to_vec()),
        }
    }
}

/// Finds the section; `None` stands for the whole message.
pub(super) fn cut(content: &Content, section: Option<&Section<'_>>) -> Cut {
    let Some(section) = section else {
        return Cut::Stored(0..content.bytes.len());
    };
    let message = content.structure();
    let part = |part: &Part| message.part(&numbers(part));
    let found = match section {
        Section::Part(number) => part(number).map(|entity| Cut::Stored(entity.body.clone())),
        Section::Mime(number) => part(number).map(|entity| Cut::Stored(entity.header.clone())),
        Section::Header(at) => within(message, at).map(|entity| Cut::Stored(entity.header.clone())),
        Section::Text(at) => within(message, at).map(|entity| Cut::Stored(entity.body.clone())),
        Section::HeaderFields(at, names) => {
            within(message, at).map(|entity| chosen_fields(content, entity, names.as_ref(), true))
        }
        Section::HeaderFieldsNot(at, names) => {
            within(message, at).map(|entity| chosen_fields(content, entity, names.as_ref(), false))
        }
    };
    found.unwrap_or(Cut::NOTHING)
}

/// HEADER and TEXT of a body part are those of the message attached there, if it is one.
fn within<'a>(message: &'a Entity, part: &Option<Part>) -> Option<&'a Entity> {
    let Some(part) = part else {
        return Some(message);
    };
    match &message.part(&numbers(part))?.inside {
        Inside::Message(inner) => Some(inner),
        _ => None,
    }
}

fn numbers(part: &Part) -> Vec<u32> {
    part.0.as_ref().iter().map(|number| number.get()).collect()
}

/// The fields so named, or all others, and the empty line (RFC 3501 §6.4.5).
fn chosen_fields(content: &Content, entity: &Entity, names: &[AString<'_>], named: bool) -> Cut {
    let mut chosen = Vec::new();
    for field in header::fields(&content.bytes, entity.header.clone()) {
        let listed = names
            .iter()
            .any(|name| name.as_ref().eq_ignore_ascii_case(field.name));
        if listed == named {
            chosen.extend_from_slice(&content.bytes[field.range]);
        }
    }
    chosen.extend_from_slice(b"\r\n");
    Cut::Made(chosen)
}

/// The section as the answer names it, without the brackets; field names in upper case like Dovecot.
pub(super) fn label(section: Option<&Section<'_>>) -> String {
    let prefix = |part: &Option<Part>| {
        part.as_ref().map_or(String::new(), |part| {
            format!("{}.", dotted(part.0.as_ref()))
        })
    };
    let listed = |names: &[AString<'_>]| {
        let name = |name: &AString<'_>| String::from_utf8_lossy(name.as_ref()).to_ascii_uppercase();
        names.iter().map(name).collect::<Vec<_>>().join(" ")
    };
    match section {
        None => String::new(),
        Some(Section::Part(part)) => dotted(part.0.as_ref()),
        Some(Section::Mime(part)) => format!("{}.MIME", dotted(part.0.as_ref())),
        Some(Section::Header(part)) => format!("{}HEADER", prefix(part)),
        Some(Section::Text(part)) => format!("{}TEXT", prefix(part)),
        Some(Section::HeaderFields(part, names)) => {
            format!("{}HEADER.FIELDS ({})", prefix(part), listed(names.as_ref()))
        }
        Some(Section::HeaderFieldsNot(part, names)) => {
            format!(
                "{}HEADER.FIELDS.NOT ({})",
                prefix(part),
                listed(names.as_ref())
            )
        }
    }
}

pub(super) fn dotted(section: &[NonZeroU32]) -> String {
    section
        .iter()
        .map(|number| number.to_string())
        .collect::<Vec<_>>()
        .join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partial_never_leaves_the_section() {
        let partial = |offset, length| Cut::Stored(10..20).partial(offset, length);
        assert_eq!(partial(0, 4), Cut::Stored(10..14));
        assert_eq!(partial(8, 4), Cut::Stored(18..20));
        assert_eq!(partial(99, 4), Cut::Stored(20..20));
        assert_eq!(partial(0, u32::MAX), Cut::Stored(10..20));
        assert_eq!(
            Cut::Made(b"abc".to_vec()).partial(1, 1),
            Cut::Made(b"b".to_vec())
        );
    }
}
