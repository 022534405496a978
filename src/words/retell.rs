//! An English sentence said in another language. Faults are made deep inside, where nobody knows who will read them, and
//! some are kept in the album for years: each is English for programs and logs, and is told anew where a person reads it.
//!
//! 1. The English sentences of `faults.ftl` are the forms, with the denials of `sentences.ftl` and the help of `commands.ftl`.
//! 2. A text that has a form's fixed words gives the values between them; the most fixed words win.
//! 3. Times, sizes and sentences among the values are retold likewise; all else, such as a name, stays as it is. A value in
//!    marks ends with them, and may be empty.
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

/// Whether a sentence can be told in other languages, all of it: what is left between the words of its form has no letters.
pub fn is_retold(english: &str) -> bool {
    let plain = |(_, value): &(&str, &str)| !value.contains(char::is_alphabetic);
    let mut forms = FORMS.iter();
    forms.any(|form| {
        let values = values(&form.pieces, english, false);
        values.is_some_and(|values| values.iter().all(plain))
    })
}

fn told(language: Language, english: &str, depth: usize) -> Option<String> {
    if let Some(told) = time(language, english).or_else(|| size(language, english)) {
        return Some(told);
    }
    let depth = depth.checked_sub(1)?;
    // Among the values a single word may be somebody's name.
    let is_whole = depth + 1 == DEPTH;
    let mut forms = FORMS.iter().filter(|form| is_whole || !form.is_word());
    let (form, values) =
        forms.find_map(|form| Some((form, values(&form.pieces, english, false)?)))?;
    let mut args = FluentArgs::new();
    for (name, value) in values {
        let value = told(language, value, depth).unwrap_or_else(|| value.to_owned());
        args.set(name.to_owned(), value);
    }
    look_up(language, &form.key, &args)
}

/// The values of a text that has these fixed words, each as short as can be; the same name twice has the same value.
/// `marked`: a mark stands before the text, as before a value that is quoted.
fn values<'f, 't>(
    pieces: &'f [Piece],
    text: &'t str,
    marked: bool,
) -> Option<Vec<(&'f str, &'t str)>> {
    match pieces {
        [] => text.is_empty().then(Vec::new),
        [Piece::Fixed(fixed), rest @ ..] => values(
            rest,
            text.strip_prefix(fixed.as_str())?,
            fixed.ends_with('"'),
        ),
        [Piece::Value(name)] => (!text.is_empty()).then(|| vec![(name.as_str(), text)]),
        [Piece::Value(name), rest @ ..] => {
            let next = match rest.first() {
                Some(Piece::Fixed(fixed)) => fixed.as_str(),
                _ => return None,
            };
            let quoted = marked && next.starts_with('"');
            let ends = text.match_indices(next).map(|(at, _)| at);
            let may_end = |at: &usize| match quoted {
                true => closing_mark(text) == Some(*at),
                false => *at > 0,
            };
            ends.filter(may_end).find_map(|at| {
                let mut found = values(rest, &text[at..], false)?;
                let same = |(other, value): &(&str, &str)| *other != name || *value == &text[..at];
                found.iter().all(same).then(|| {
                    found.insert(0, (name, &text[..at]));
                    found
                })
            })
        }
    }
}

/// Where a quoted text ends: at the first mark that is not itself escaped.
fn closing_mark(text: &str) -> Option<usize> {
    let mut escaped = false;
    text.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}

/// A size as English writes it: `69.2 GB`.
fn size(language: Language, english: &str) -> Option<String> {
    let (number, unit) = english.split_once(' ')?;
    let (whole, tenths) = number.split_once('.')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|c| c.is_ascii_digit());
    let known = ["KB", "MB", "GB", "TB", "PB", "KiB", "MiB", "GiB", "TiB"].contains(&unit);
    (known && is_number(whole) && is_number(tenths)).then(|| {
        let values = [("whole", whole), ("tenths", tenths), ("unit", unit)];
        say(
            language,
            "size",
            &values.map(|(name, value)| (name, value.into())),
        )
    })
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
            "Du konntest das bis zum 3. Mai 2026, 14:00 Uhr UTC ansehen. Möchtest du the Millers bitten, es zu verlängern?"
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
            values(&pieces, "no x of y of z.", false),
            Some(vec![("a", "x"), ("b", "y of z")])
        );
        assert_eq!(values(&pieces, "no x of .", false), None);
        let twice = [value("a"), fixed(" and "), value("a")];
        assert_eq!(values(&twice, "x and y", false), None);
        assert_eq!(
            values(&twice, "x and x", false).map(|all| all.len()),
            Some(2)
        );
    }
    #[test]
    fn a_value_in_marks_ends_with_them() {
        assert_eq!(
            retell(
                Language::De,
                "\"x\" is not a mail address; write it as name@domain"
            ),
            "„x“ ist keine Mailadresse; schreib sie als name@domain"
        );
        assert_eq!(
            retell(Language::De, "there is no album \"a \\\"b\\\" c\""),
            "Ein Album „a \\\"b\\\" c“ gibt es nicht"
        );
        assert_eq!(
            retell(Language::De, "there is no album \"\""),
            "Ein Album „“ gibt es nicht"
        );
    }

    #[test]
    fn a_size_has_the_mark_of_its_language() {
        assert_eq!(
            retell(Language::De, "only 69.2 GB are free"),
            "nur 69,2 GB sind frei"
        );
        for text in ["69.2 X", ". GB", "1.2.3 GB", "GB"] {
            assert_eq!(size(Language::De, text), None, "{text}");
        }
    }

    #[test]
    fn what_only_ends_like_a_form_is_not_told_by_it() {
        assert!(is_retold("there is no album \"7\""));
        assert!(is_retold("key file 7: 7"));
        assert!(
            !is_retold("zorp: 7"),
            "but for its words it would be `a: b`"
        );
    }
}
