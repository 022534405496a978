//! Small words for numbers and sizes.

use super::portion::Handed;
use crate::rules::Action;

/// What the sender has of an item.
pub(super) fn of_words(handed: &Handed) -> String {
    match handed.of {
        (Some(w), Some(h), size) => format!("{w}×{h}, {}", bytes_words(size as usize)),
        (_, _, size) => bytes_words(size as usize),
    }
}

/// A number with its noun.
pub(super) fn count(n: usize, what: &str) -> String {
    match (n, what.strip_suffix(" and sealed part")) {
        (_, Some(first)) => format!("{n} {first}s and sealed parts"),
        (1, None) => format!("1 {what}"),
        (_, None) => format!("{n} {what}s"),
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
pub(super) fn bytes_words(bytes: usize) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

/// The word for a way, as on buttons.
pub(super) fn verb(action: Action) -> &'static str {
    match action {
        Action::Display => "look",
        Action::Print => "print",
        Action::Store => "keep",
        Action::Forward => "pass on",
    }
}
