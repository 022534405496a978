//! The words of the demonstration, and small ones for numbers and sizes.

use super::portion::Handed;
use crate::album::{DestinationState, Trust};
use crate::rules::Action;
use crate::words::{Language, say};

pub(super) use crate::words::told;

/// What the sender has of an item.
pub(super) fn of_words(language: Language, handed: &Handed) -> String {
    match handed.of {
        (Some(w), Some(h), size) => format!("{w}×{h}, {}", bytes_words(language, size as usize)),
        (_, _, size) => bytes_words(language, size as usize),
    }
}

/// With a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Bytes as people read them.
pub(super) fn bytes_words(language: Language, bytes: usize) -> String {
    match bytes {
        0..1_000 => told!(language, "demo-bytes", number = bytes),
        1_000..1_000_000 => {
            told!(language, "demo-kilobytes", number = bytes.div_ceil(1_000))
        }
        _ => {
            let (whole, tenth) = (bytes / 1_000_000, bytes % 1_000_000 / 100_000);
            told!(language, "demo-megabytes", whole = whole, tenth = tenth)
        }
    }
}

/// How far something got, one word a household.
pub(super) fn states(language: Language, all: impl Iterator<Item = DestinationState>) -> String {
    let words: Vec<String> = all.map(|one| state(language, one.as_str())).collect();
    words.join(", ")
}

/// The same of one, by the name of its state.
pub(super) fn state(language: Language, name: &str) -> String {
    say(language, &format!("way-state-{name}"), &[])
}

/// How well a household is known.
pub(super) fn trust(language: Language, trust: Option<Trust>) -> String {
    let name = trust.map_or("unknown", Trust::as_str);
    say(language, &format!("demo-trust-{name}"), &[])
}

/// The word for a way, as on buttons.
pub(super) fn verb(language: Language, action: Action) -> String {
    say(language, &format!("demo-verb-{action}"), &[])
}
