//! An English sentence said in another language. Faults are made deep inside, where nobody knows who will read them, and
//! some are kept in the album for years: each is English for programs and logs, and is told anew where a person reads it.
//!
//! 1. The English sentences of `faults.ftl` are the forms, with the denials of `sentences.ftl` and the help of `commands.ftl`.
//! 2. A text that has a form's fixed words gives the values between them; the most fixed words win.
//! 3. Times and sentences among the values are retold likewise; all else, such as a name, stays as it is.
//!
//! A text without a form stays English. That is seen at once, and nobody is told a wrong thing.

use std::sync::LazyLock;

use fluent_bundle::FluentArgs;
use fluent_syntax::ast::{Entry, Expression, InlineExpression, PatternElement};

use super::{Language, look_up, resource, say};

/// A value that is a sentence is retold too, so deep and no deeper.
const DEPTH: usize = 4;
/// A longer text, in bytes, is none of ours.
const LONGEST: usize = 2_000;

#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Fixed(String),
    Value(String),
}

/// An English sentence as fixed words and values in turn.
struct Form {
    key: String,
    pieces: Vec<Piece>,
    /// Bytes of its fixed words.
    fixed: usize,
}

impl Form {
    fn is_word(&self) -> bool {
        matches!(self.pieces.as_slice(), [Piece::Fixed(text)] if !text.contains(' '))
    }
}

static FORMS: LazyLock<Vec<Form>> = LazyLock::new(|| {
    let [_, sentences, _, commands, faults, _, _] = super::ENGLISH;
    let mut forms = forms_of(sentences);
    forms.extend(forms_of(commands));
    let told = ["denied-", "help-", "usage-"];
    forms.retain(|form| told.iter().any(|begin| form.key.starts_with(begin)));
    forms.extend(forms_of(faults));
    forms.sort_by_key(|form| std::cmp::Reverse(form.fixed));
    forms
});

/// The messages that are plain text with values; what chooses between variants is no form.
fn forms_of(text: &str) -> Vec<Form> {
    let resource = resource(text);
    let form = |entry: &Entry<&str>| {
        let Entry::Message(message) = entry else {
            return None;
        };
        let mut pieces: Vec<Piece> = Vec::new();
        for element in &message.value.as_ref()?.elements {
            let fixed = match element {
                PatternElement::TextElement { value } => (*value).to_owned(),
                PatternElement::Placeable { expression } => match expression {
                    Expression::Inline(InlineExpression::VariableReference { id }) => {
                        pieces.push(Piece::Value(id.name.to_owned()));
                        continue;
                    }
                    Expression::Inline(InlineExpression::StringLiteral { value }) => {
                        (*value).to_owned()
                    }
                    _ => return None,
                },
            };
            match pieces.last_mut() {
                Some(Piece::Fixed(before)) => *before += &fixed,
                _ => pieces.push(Piece::Fixed(fixed)),
            }
        }
        let length = |piece: &Piece| match piece {
            Piece::Fixed(text) => text.len(),
            Piece::Value(_) => 0,
        };
        let fixed = pieces.iter().map(length).sum();
        (fixed > 0).then(|| Form {
            key: message.id.name.to_owned(),
            pieces,
            fixed,
        })
    };
    resource.entries().filter_map(form).collect()
}

/// The sentence in `language`; the English one where nothing is known of it.
pub fn retell(language: Language, english: &str) -> String {
    let told = match language {
        Language::En => None,
        _ if english.len() > LONGEST => None,
        _ => told(language, english, DEPTH),
    };
    told.unwrap_or_else(|| english.to_owned())
}

/// Whether a sentence can be told in other languages.
pub fn is_retold(english: &str) -> bool {
    let mut forms = FORMS.iter();
    forms.any(|form| values(&form.pieces, english).is_some())
}

fn told(language: Language, english: &str, depth: usize) -> Option<String> {
    if let Some(time) = time(language, english) {
        return Some(time);
    }
    let depth = depth.checked_sub(1)?;
    // Among the values a single word may be somebody's name.
    let is_whole = depth + 1 == DEPTH;
    let mut forms = FORMS.iter().filter(|form| is_whole || !form.is_word());
    let (form, values) = forms.find_map(|form| Some((form, values(&form.pieces, english)?)))?;
    let mut args = FluentArgs::new();
    for (name, value) in values {
        let value = told(language, value, depth).unwrap_or_else(|| value.to_owned());
        args.set(name.to_owned(), value);
    }
    look_up(language, &form.key, &args)
}

/// The values of a text that has these fixed words, each as short as can be; the same name twice has the same value.
fn values<'f, 't>(pieces: &'f [Piece], text: &'t str) -> Option<Vec<(&'f str, &'t str)>> {
    match pieces {
        [] => text.is_empty().then(Vec::new),
        [Piece::Fixed(fixed), rest @ ..] => values(rest, text.strip_prefix(fixed.as_str())?),
        [Piece::Value(name)] => (!text.is_empty()).then(|| vec![(name.as_str(), text)]),
        [Piece::Value(name), rest @ ..] => {
            let next = match rest.first() {
                Some(Piece::Fixed(fixed)) => fixed.as_str(),
                _ => return None,
            };
            let ends = text.match_indices(next).map(|(at, _)| at);
            ends.filter(|&at| at > 0).find_map(|at| {
                let mut found = values(rest, &text[at..])?;
                let same = |(other, value): &(&str, &str)| *other != name || *value == &text[..at];
                found.iter().all(same).then(|| {
                    found.insert(0, (name, &text[..at]));
                    found
                })
            })
        }
    }
}

/// A time or a day as English writes it: `3 May 2026, 14:00 UTC`.
fn time(language: Language, english: &str) -> Option<String> {
    let (date, clock) = match english.split_once(", ") {
        Some((date, clock)) => (date, Some(clock)),
        None => (english, None),
    };
    let mut parts = date.split(' ');
    let day: u32 = parts.next()?.parse().ok()?;
    let name = parts.next()?;
    let year: u32 = parts.next()?.parse().ok()?;
    if parts.next().is_some() {
        return None;
    }
    let called =
        |month: &u32| say(Language::En, "time-month", &[("month", (*month).into())]) == name;
    let month = (1..=12).find(called)?;
    let mut values = vec![
        ("day", day.into()),
        ("month", month.into()),
        ("year", year.into()),
    ];
    let Some(clock) = clock else {
        return Some(say(language, "time-day", &values));
    };
    let (clock, zone) = clock.split_once(' ')?;
    let is_clock = |c: char| c.is_ascii_digit() || c == ':';
    if !clock.chars().all(is_clock) || zone.contains(' ') {
        return None;
    }
    values.extend([("clock", clock.into()), ("zone", zone.into())]);
    Some(say(language, "time", &values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_is_told_in_the_language_of_the_reader() {
        let english =
            "You could look at this until 3 May 2026, 14:00 UTC. Ask the Millers for longer?";
        assert_eq!(retell(Language::En, english), english);
        assert_eq!(
            retell(Language::De, english),
            "Du konntest das bis 3. Mai 2026, 14:00 Uhr UTC ansehen. Möchtest du the Millers bitten, es zu verlängern?"
        );
    }

    #[test]
    fn what_is_not_known_stays_as_it_is() {
        for text in ["Zorp.", "", "3 Maybe 2026", "3 May 2026, noon", "3 May"] {
            assert_eq!(retell(Language::De, text), text);
        }
    }

    #[test]
    fn the_values_lie_between_the_fixed_words() {
        let fixed = |text: &str| Piece::Fixed(text.to_owned());
        let value = |name: &str| Piece::Value(name.to_owned());
        let pieces = [
            fixed("no "),
            value("a"),
            fixed(" of "),
            value("b"),
            fixed("."),
        ];
        assert_eq!(
            values(&pieces, "no x of y of z."),
            Some(vec![("a", "x"), ("b", "y of z")])
        );
        assert_eq!(values(&pieces, "no x of ."), None);
        let twice = [value("a"), fixed(" and "), value("a")];
        assert_eq!(values(&twice, "x and y"), None);
        assert_eq!(values(&twice, "x and x").map(|all| all.len()), Some(2));
    }
}
