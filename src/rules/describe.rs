//! The words that people are told, made in this one place for command line, mail and web (UI.md).

use super::{Action, Denial, Limits, PREVIEW_EDGE, Rules};
use crate::encoding::{Period, Timestamp};

/// One sentence: what `person` may do. Times are written by `show`, which knows the reader's time zone.
pub fn describe(person: &str, rules: &Rules, show: impl Fn(Timestamp) -> String) -> String {
    let deeds = deeds(rules, &time_words(rules, &show), Exact::No);
    sentence(person, "can", &deeds)
}

/// As [`describe`], for the one who gives: with the pixels of screen size, and with the word that there is no end.
pub fn describe_exactly(person: &str, rules: &Rules, show: impl Fn(Timestamp) -> String) -> String {
    let mut deeds = deeds(rules, &time_words(rules, &show), Exact::Yes);
    if rules.has_no_end() && !deeds.is_empty() {
        deeds += ", without an end";
    }
    sentence(person, "can", &deeds)
}

/// As [`describe`], of what ended then.
pub fn describe_ended(
    person: &str,
    rules: &Rules,
    end: Timestamp,
    show: impl Fn(Timestamp) -> String,
) -> String {
    let deeds = deeds(rules, &format!(" until {}", show(end)), Exact::No);
    sentence(person, "could", &deeds)
}

/// Whether screen size is told with its pixels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exact {
    No,
    Yes,
}

fn sentence(person: &str, can: &str, deeds: &str) -> String {
    match (can, deeds.is_empty()) {
        ("could", true) => format!("{person} got nothing from this share."),
        (_, true) => format!("{person} gets nothing from this share."),
        _ => format!("{person} {can} {deeds}."),
    }
}

/// What is allowed, with `time` at its place: behind the looking, or at the end. Empty where that is nothing.
fn deeds(rules: &Rules, time: &str, exact: Exact) -> String {
    let mut deeds = Vec::new();
    if let Some(limits) = rules.display {
        deeds.push(format!("look at these{time}{}", marks(limits, exact)));
    }
    if let Some(limits) = rules.print {
        deeds.push(format!("print them{}", edge_words(limits, exact)));
    }
    if let Some(limits) = rules.store {
        deeds.push(match (limits.max_edge, limits.excerpt) {
            (None, false) => "keep the originals".to_owned(),
            (_, true) => "keep an excerpt".to_owned(),
            (Some(_), false) => format!("keep a copy{}", edge_words(limits, exact)),
        });
    }
    if rules.forward {
        deeds.push("pass them on to other households".to_owned());
    }
    let mut words = join(&deeds);
    if rules.display.is_none() && !deeds.is_empty() {
        words += time;
    }
    words
}

/// What stands behind "look at these" and how long: how large, how much.
fn marks(limits: Limits, exact: Exact) -> String {
    let mut words = edge_words(limits, exact);
    if limits.excerpt {
        words += ", an excerpt only";
    }
    if limits.watermark {
        words += ", with their name across the picture";
    }
    words
}

fn time_words(rules: &Rules, show: &impl Fn(Timestamp) -> String) -> String {
    let mut words = String::new();
    if let Some(period) = rules.period {
        words += &format!(" for {} after they arrive", period_words(period));
    }
    if let Some(from) = rules.not_before {
        words += &format!(" from {}", show(from));
    }
    if let Some(until) = rules.not_after {
        words += &format!(" until {}", show(until));
    }
    match rules.views {
        Some(1) => words += ", once",
        Some(2) => words += ", twice",
        Some(3) => words += ", three times",
        Some(n) => words += &format!(", {n} times"),
        None => {}
    }
    words
}

fn edge_words(limits: Limits, exact: Exact) -> String {
    match limits.max_edge {
        None => String::new(),
        Some(edge) if edge <= PREVIEW_EDGE && exact == Exact::Yes => {
            format!(", at screen size ({edge})")
        }
        Some(edge) if edge <= PREVIEW_EDGE => ", at screen size".to_owned(),
        Some(edge) => format!(", at {edge} pixels"),
    }
}

fn period_words(period: Period) -> String {
    let seconds = period.seconds();
    let (number, unit) = match seconds {
        s if s % 86_400 == 0 => (s / 86_400, "day"),
        s if s % 3_600 == 0 => (s / 3_600, "hour"),
        s if s % 60 == 0 => (s / 60, "minute"),
        s => (s, "second"),
    };
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {unit}{plural}")
}

fn join(deeds: &[String]) -> String {
    match deeds {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} and {last}", most.join(", ")),
    }
}

/// A denial in one line: the rule and the way out.
pub fn denial_words(denial: Denial, household: &str, show: impl Fn(Timestamp) -> String) -> String {
    let ask = format!("Ask {household} for more?");
    match denial {
        Denial::NotAllowed(action) => {
            format!("You may not {} this. {ask}", describe_action(action))
        }
        Denial::NotYet(from) => format!("You can open this from {}.", show(from)),
        Denial::Ended(end) => format!(
            "You could look at this until {}. Ask {household} for longer?",
            show(end)
        ),
        Denial::ViewsUsed(1) => format!("You could open this once, and have. {ask}"),
        Denial::ViewsUsed(n) => format!("You could open this {n} times, and have. {ask}"),
    }
}

/// The verb for an action.
pub fn describe_action(action: Action) -> &'static str {
    match action {
        Action::Display => "look at",
        Action::Print => "print",
        Action::Store => "keep",
        Action::Forward => "pass on",
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse_rules;
    use super::*;

    fn sentence(rules: &str) -> String {
        let day = |time: Timestamp| time.to_string()[..10].to_owned();
        describe("Bob", &parse_rules(rules).expect("rules"), day)
    }

    #[test]
    fn each_rule_has_its_words() {
        for (rules, words) in [
            (
                "display=1280,period=P30D",
                "Bob can look at these for 30 days after they arrive, at screen size.",
            ),
            (
                "display=full,store=full",
                "Bob can look at these and keep the originals.",
            ),
            (
                "display=full,print=4000,store=1280,forward=yes,until=2026-12-24T00:00:00Z",
                "Bob can look at these until 2026-12-24, print them, at 4000 pixels, keep a copy, at screen size and pass them on to other households.",
            ),
            (
                "display=full,views=3",
                "Bob can look at these, three times.",
            ),
            (
                "display=full,watermark=yes",
                "Bob can look at these, with their name across the picture.",
            ),
            (
                "store=full,period=PT1H",
                "Bob can keep the originals for 1 hour after they arrive.",
            ),
            ("", "Bob gets nothing from this share."),
        ] {
            assert_eq!(sentence(rules), words);
        }
    }

    #[test]
    fn who_gives_is_told_the_pixels_and_that_there_is_no_end() {
        let exactly = |rules| {
            let day = |time: Timestamp| time.to_string()[..10].to_owned();
            describe_exactly("Bob", &parse_rules(rules).expect("rules"), day)
        };
        for (rules, words) in [
            (
                "display=1280,period=P30D",
                "Bob can look at these for 30 days after they arrive, at screen size (1280).",
            ),
            (
                "display=320,store=full",
                "Bob can look at these, at screen size (320) and keep the originals, without an end.",
            ),
            (
                "print=1280,views=2",
                "Bob can print them, at screen size (1280), twice, without an end.",
            ),
            (
                "display=full,until=2026-12-24T00:00:00Z",
                "Bob can look at these until 2026-12-24.",
            ),
            ("", "Bob gets nothing from this share."),
        ] {
            assert_eq!(exactly(rules), words);
        }
    }

    #[test]
    fn what_is_over_is_told_as_past() {
        let ended = |rules| {
            let end = Timestamp::from_unix(0);
            let day = |_| "3 May".to_owned();
            describe_ended("Bob", &parse_rules(rules).expect("rules"), end, day)
        };
        for (rules, words) in [
            (
                "display=1280,store=full,period=P30D,views=2",
                "Bob could look at these until 3 May, at screen size and keep the originals.",
            ),
            ("print=full", "Bob could print them until 3 May."),
            ("", "Bob got nothing from this share."),
        ] {
            assert_eq!(ended(rules), words);
        }
    }

    #[test]
    fn a_denial_names_the_rule_and_the_way_out() {
        let words = denial_words(
            Denial::Ended(Timestamp::from_unix(0)),
            "the Millers",
            |_| "3 May".to_owned(),
        );
        assert_eq!(
            words,
            "You could look at this until 3 May. Ask the Millers for longer?"
        );
    }
}
