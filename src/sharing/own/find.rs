//! What somebody looks for, read from a line as people write it: words, and days, months and years among them.
//!
//! A date is a word as well: `2024` may stand in a name. So it finds both.

use crate::album::Dated;

/// So many words are looked at.
const MOST_WORDS: usize = 10;

/// The months in English and German: by their full names, and by the short ones.
const MONTHS: [(&[&str], &[&str]); 12] = [
    (&["january", "januar", "jänner"], &["jan"]),
    (&["february", "februar"], &["feb"]),
    (&["march", "märz", "maerz"], &["mar", "mär"]),
    (&["april"], &["apr"]),
    (&["may", "mai"], &[]),
    (&["june", "juni"], &["jun"]),
    (&["july", "juli"], &["jul"]),
    (&["august"], &["aug"]),
    (&["september"], &["sep", "sept"]),
    (&["october", "oktober"], &["oct", "okt"]),
    (&["november"], &["nov"]),
    (&["december", "dezember"], &["dec", "dez"]),
];

/// What is looked for: all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::sharing) struct Looked {
    /// Words, in small letters.
    pub words: Vec<String>,
    /// Words that name a time.
    pub dated: Vec<Dated>,
}

/// Reads what somebody looks for.
pub(in crate::sharing) fn read(text: &str) -> Looked {
    let small = text.to_lowercase();
    let tokens: Vec<&str> = small.split_whitespace().take(MOST_WORDS).collect();
    let mut looked = Looked::default();
    let mut rest = tokens.as_slice();
    while let Some((first, others)) = rest.split_first() {
        // `2 July 2024` is one day, not a month and a year.
        let time = |count: usize| Some((count, time(rest.get(..count)?)?));
        match (1..=3).rev().find_map(time) {
            Some((count, when)) => {
                let (words, behind) = rest.split_at(count);
                let words = words.iter().map(|word| (*word).to_owned()).collect();
                looked.dated.push(Dated { words, when });
                rest = behind;
            }
            None => {
                looked.words.push((*first).to_owned());
                rest = others;
            }
        }
    }
    looked
}

impl Looked {
    /// Nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.dated.is_empty()
    }

    /// Whether all of it is in a text of small letters, or names one of these times, which are written as
    /// `2024-05-03T10:11:12` or begin so.
    pub fn fits(&self, small: &str, times: &[String]) -> bool {
        let is_there = |word: &String| small.contains(word.as_str());
        let is_then = |when: &str| times.iter().any(|time| begins(time, when));
        let dated = |one: &Dated| one.words.iter().all(is_there) || is_then(&one.when);
        self.words.iter().all(is_there) && self.dated.iter().all(dated)
    }
}

/// Whether a time begins so; `?` is any digit.
fn begins(time: &str, when: &str) -> bool {
    let same = |(one, wanted): (u8, u8)| wanted == b'?' || one == wanted;
    time.len() >= when.len() && time.bytes().zip(when.bytes()).all(same)
}

/// The time that these words name, as [`Dated::when`] is written.
fn time(words: &[&str]) -> Option<String> {
    let (year, month, day) = match *words {
        [one] => numbers(one)
            .or_else(|| Some((Some(year(one)?), None, None)))
            .or_else(|| Some((None, Some(month(one, false)?), None)))?,
        [one, other] => {
            let of_year = || Some((Some(year(other)?), Some(month(one, true)?), None));
            let day_first = || Some((None, Some(month(other, true)?), Some(day(one)?)));
            let month_first = || Some((None, Some(month(one, true)?), Some(day(other)?)));
            of_year().or_else(day_first).or_else(month_first)?
        }
        [one, other, last] => {
            let day_first = || Some((month(other, true)?, day(one)?));
            let month_first = || Some((month(one, true)?, day(other)?));
            let (month, day) = day_first().or_else(month_first)?;
            (Some(year(last)?), Some(month), Some(day))
        }
        _ => return None,
    };
    let year = year.map_or("????".to_owned(), |year| format!("{year:04}"));
    let month = month.map_or(String::new(), |month| format!("-{month:02}"));
    let day = day.map_or(String::new(), |day| format!("-{day:02}"));
    Some(year + &month + &day)
}

type Time = (Option<u32>, Option<u32>, Option<u32>);

/// `2024-05-03`, `2024-05`, `3.5.2024`, `3.5.` and `5/2024`.
fn numbers(word: &str) -> Option<Time> {
    let parts = |mark| word.split(mark).collect::<Vec<_>>();
    let (years, months, days) = match (&*parts('-'), &*parts('.'), &*parts('/')) {
        ([year, month, day], ..) => (Some(*year), *month, Some(*day)),
        ([year, month], ..) => (Some(*year), *month, None),
        (_, [day, month, ""], _) => (None, *month, Some(*day)),
        (_, [day, month, year], _) => (Some(*year), *month, Some(*day)),
        (_, _, [month, year]) => (Some(*year), *month, None),
        _ => return None,
    };
    let years = years.map(|text| year(text).ok_or(())).transpose().ok()?;
    let days = days
        .map(|text| within(text, 31).ok_or(()))
        .transpose()
        .ok()?;
    Some((years, Some(within(months, 12)?), days))
}

fn year(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(',');
    let fits = digits.len() == 4 && digits.bytes().all(|c| c.is_ascii_digit());
    let year = digits.parse().ok().filter(|_| fits);
    year.filter(|year| (1800..2200).contains(year))
}

/// `short`: by its short name, too, which alone is a part of many words.
fn month(word: &str, short: bool) -> Option<u32> {
    let word = word.trim_end_matches([',', '.']);
    let named = |(full, shorter): &(&[&str], &[&str])| {
        full.contains(&word) || (short && shorter.contains(&word))
    };
    let mut numbers = (1..).zip(&MONTHS);
    numbers.find_map(|(number, names)| named(names).then_some(number))
}

/// `3`, `3.`, `3rd`.
fn day(word: &str) -> Option<u32> {
    let word = word.trim_end_matches(',');
    let ends = [".", "st", "nd", "rd", "th"];
    let digits = ends.iter().find_map(|end| word.strip_suffix(end));
    within(digits.unwrap_or(word), 31)
}

/// A number of one or two digits, from one on.
fn within(digits: &str, most: u32) -> Option<u32> {
    let fits = (1..=2).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
    let number = digits.parse().ok().filter(|_| fits);
    number.filter(|number| (1..=most).contains(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_people_write_them() {
        for (text, when) in [
            ("2026", "2026"),
            ("July 2026", "2026-07"),
            ("Juli 2026", "2026-07"),
            ("jul. 2026", "2026-07"),
            ("MÄRZ 2026", "2026-03"),
            ("2026-07", "2026-07"),
            ("7/2026", "2026-07"),
            ("2026-07-02", "2026-07-02"),
            ("02.07.2026", "2026-07-02"),
            ("2.7.2026", "2026-07-02"),
            ("2 July 2026", "2026-07-02"),
            ("2. Juli 2026", "2026-07-02"),
            ("July 2nd, 2026", "2026-07-02"),
            ("2.7.", "????-07-02"),
            ("2. Juli", "????-07-02"),
            ("december", "????-12"),
        ] {
            let looked = read(text);
            let found: Vec<&str> = looked.dated.iter().map(|one| one.when.as_str()).collect();
            assert_eq!(found, [when], "{text}");
            assert!(looked.words.is_empty(), "{text}");
        }
        for text in [
            "lake",
            "12",
            "0000",
            "9999",
            "32.1.2026",
            "2026-13",
            "jan",
            "1.2.3",
            "-",
            ".",
            "é-é-é",
            "100%",
        ] {
            assert_eq!(read(text).dated, [], "{text}");
        }
    }

    #[test]
    fn a_date_stands_among_words_and_is_one_itself() {
        let looked = read("Lake  July 2026 bob");
        assert_eq!(looked.words, ["lake", "bob"]);
        let times = |time: &str| [time.to_owned()];
        assert!(looked.fits("the lake, by bob", &times("2026-07-02T10:00:00")));
        assert!(looked.fits("lake of july 2026, bob", &[]));
        assert!(!looked.fits("the lake, by bob", &times("2026-08-02")));
        assert!(!looked.fits("the hill, by bob", &times("2026-07-02")));
        assert!(!read("2.7.2026").fits("", &times("2026-07")));
    }
}
