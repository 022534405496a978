//! Small pieces of text for people, in the language of this run.

use std::sync::OnceLock;

use crate::album::Trust;
use crate::encoding::Timestamp;
use crate::rules::Tier;
use crate::sharing::listing::{show_day, show_time};
use crate::words::{Language, retell, say};

static SPOKEN: OnceLock<Language> = OnceLock::new();

/// Decides in which language this run speaks; the first word counts.
pub fn speak(language: Language) {
    // A second run in one process, as in tests, speaks as the first.
    let _ = SPOKEN.set(language);
}

/// The language of this run: English until something else was decided.
pub fn spoken() -> Language {
    SPOKEN.get().copied().unwrap_or_default()
}

/// A time, in words.
pub fn shown_time(time: Timestamp) -> String {
    show_time(spoken(), time)
}

/// A day, in words.
pub fn shown_day(time: Timestamp) -> String {
    show_day(spoken(), time)
}

/// The words of a key in the language of this run, with these values.
macro_rules! tell {
    ($key:literal $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::words::say(
            $crate::cli::words::spoken(),
            $key,
            &[$((stringify!($name), $crate::words::Value::from($value))),*],
        )
    };
}
pub(super) use tell;

/// An English sentence of a fault, in the language of this run.
pub fn retold(english: &str) -> String {
    retell(spoken(), english)
}

/// `1 item`, `3 items`; `one` is what the key is called.
pub fn count(number: usize, one: &str) -> String {
    let key = format!("count-{}", one.replace(' ', "-"));
    say(spoken(), &key, &[("count", number.into())])
}

/// How well a household is known.
pub fn trust(trust: Trust) -> String {
    match trust {
        Trust::Pending => tell!("trust-pending"),
        Trust::Seen => tell!("trust-seen"),
        Trust::Verified => tell!("trust-verified"),
    }
}

/// What people call a quality.
pub fn tier(tier: Tier) -> String {
    say(spoken(), &format!("tier-{}", tier.as_str()), &[])
}

/// Columns, each as wide as its widest cell but the last.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or_default()
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line += cell;
            line += &" ".repeat(width + 2 - cell.chars().count());
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_one_another() {
        let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
        let text = table(&[row(["a", "1"]), row(["bär", "22"]), row(["c", ""])]);
        assert_eq!(text, "a    1\nbär  22\nc\n");
        assert_eq!(table(&[]), "");
    }
}
