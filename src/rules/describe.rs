//! The words that people are told, made in this one place for command line, mail and web (UI.md).

use super::{Action, Denial, Limits, PREVIEW_EDGE, Rules};
use crate::encoding::{Period, Timestamp};
use crate::words::{Language, say};

/// Of whom a sentence speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// The reader.
    You,
    /// All people of the reader's house.
    Everyone,
    /// All people of the other house.
    EveryoneThere,
    /// Those to whom the reader passes on.
    Others,
    /// Whoever may be at a household that is further on.
    SomeoneThere,
    /// Somebody, by name.
    Named(&'a str),
}

/// One sentence: what `who` may do. Times are written by `show`, which knows the reader's time zone.
pub fn describe(
    language: Language,
    who: Who<'_>,
    rules: &Rules,
    show: impl Fn(Timestamp) -> String,
) -> String {
    told(language, who, rules, Exact::No, show)
}

/// As [`describe`], for the one who gives: with the pixels of screen size, and with the word that there is no end.
pub fn describe_exactly(
    language: Language,
    who: Who<'_>,
    rules: &Rules,
    show: impl Fn(Timestamp) -> String,
) -> String {
    told(language, who, rules, Exact::Yes, show)
}

/// As of now.
fn told(
    language: Language,
    who: Who<'_>,
    rules: &Rules,
    exact: Exact,
    show: impl Fn(Timestamp) -> String,
) -> String {
    let time = time_words(language, rules, &show);
    let mut deeds = deeds(language, who, rules, &time, exact);
    if exact == Exact::Yes && rules.has_no_end() && !deeds.is_empty() {
        deeds = say(language, "deeds-without-end", &[("deeds", deeds.into())]);
    }
    sentence(language, who, ["can", "gets-nothing"], &deeds)
}

/// As [`describe`], of what ended then.
pub fn describe_ended(
    language: Language,
    who: Who<'_>,
    rules: &Rules,
    end: Timestamp,
    show: impl Fn(Timestamp) -> String,
) -> String {
    let time = say(language, "span-until", &[("time", show(end).into())]);
    let deeds = deeds(language, who, rules, &time, Exact::No);
    sentence(language, who, ["could", "got-nothing"], &deeds)
}

/// Whether screen size is told with its pixels.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exact {
    No,
    Yes,
}

/// The keys are of what is allowed, and of nothing.
fn sentence(
    language: Language,
    who: Who<'_>,
    [something, nothing]: [&str; 2],
    deeds: &str,
) -> String {
    let (who, name) = match who {
        Who::You => ("you", ""),
        Who::Everyone => ("everyone", ""),
        Who::EveryoneThere => ("there", ""),
        Who::Others => ("others", ""),
        Who::SomeoneThere => ("someone", ""),
        Who::Named(name) => ("named", name),
    };
    let key = if deeds.is_empty() { nothing } else { something };
    let values = [
        ("who", who.into()),
        ("name", name.into()),
        ("deeds", deeds.into()),
    ];
    say(language, key, &values)
}

/// What is allowed, with `time` at its place: behind the looking, or at the end. Empty where that is nothing. A name across
/// the picture is told once.
fn deeds(language: Language, who: Who<'_>, rules: &Rules, time: &str, exact: Exact) -> String {
    let deed = |key: &str, marks: String| {
        say(
            language,
            key,
            &[("time", time.into()), ("marks", marks.into())],
        )
    };
    let edge = |limits: Limits| match rules.display.is_some_and(|look| look.watermark) {
        true => edge_words(language, limits, exact),
        false => edge_words(language, limits, exact) + &name_words(language, who, limits),
    };
    let mut deeds = Vec::new();
    if let Some(limits) = rules.display {
        deeds.push(deed("deed-look", marks(language, who, limits, exact)));
    }
    if let Some(limits) = rules.print {
        deeds.push(deed("deed-print", edge(limits)));
    }
    if let Some(limits) = rules.store {
        deeds.push(
            match (
                limits.max_edge.is_some() || limits.watermark,
                limits.excerpt,
            ) {
                (false, false) => deed("deed-keep", String::new()),
                (_, true) => deed("deed-keep-excerpt", String::new()),
                (true, false) => deed("deed-keep-copy", edge(limits)),
            },
        );
    }
    if rules.forward {
        deeds.push(deed("deed-pass-on", String::new()));
    }
    let words = join(language, deeds);
    if rules.display.is_none() && !words.is_empty() && !time.is_empty() {
        let values = [("deeds", words.into()), ("time", time.into())];
        return say(language, "deeds-in-time", &values);
    }
    words
}

/// What stands behind "look at these" and how long: how large, how much.
fn marks(language: Language, who: Who<'_>, limits: Limits, exact: Exact) -> String {
    let mut words = edge_words(language, limits, exact);
    if limits.excerpt {
        words += &say(language, "mark-excerpt", &[]);
    }
    words + &name_words(language, who, limits)
}

fn name_words(language: Language, who: Who<'_>, limits: Limits) -> String {
    let whose = if who == Who::You { "you" } else { "others" };
    match limits.watermark {
        true => say(language, "mark-name", &[("who", whose.into())]),
        false => String::new(),
    }
}

fn time_words(language: Language, rules: &Rules, show: &impl Fn(Timestamp) -> String) -> String {
    let mut words = String::new();
    if let Some(period) = rules.period {
        words += &period_words(language, period);
    }
    if let Some(from) = rules.not_before {
        words += &say(language, "span-from", &[("time", show(from).into())]);
    }
    if let Some(until) = rules.not_after {
        words += &say(language, "span-until", &[("time", show(until).into())]);
    }
    if let Some(views) = rules.views {
        words += &say(language, "span-views", &[("count", views.into())]);
    }
    words
}

fn edge_words(language: Language, limits: Limits, exact: Exact) -> String {
    let Some(edge) = limits.max_edge else {
        return String::new();
    };
    let key = match (edge <= PREVIEW_EDGE, exact) {
        (true, Exact::Yes) => "mark-screen-exactly",
        (true, Exact::No) => "mark-screen",
        (false, _) => "mark-edge",
    };
    say(language, key, &[("edge", edge.into())])
}

fn period_words(language: Language, period: Period) -> String {
    let (number, key) = match period.seconds() {
        s if s % 86_400 == 0 => (s / 86_400, "span-days"),
        s if s % 3_600 == 0 => (s / 3_600, "span-hours"),
        s if s % 60 == 0 => (s / 60, "span-minutes"),
        s => (s, "span-seconds"),
    };
    say(language, key, &[("count", number.into())])
}

fn join(language: Language, deeds: Vec<String>) -> String {
    let last = deeds.len().saturating_sub(1);
    let mut words = String::new();
    for (at, deed) in deeds.into_iter().enumerate() {
        words = match at {
            0 => deed,
            _ => {
                let key = if at == last {
                    "deeds-last"
                } else {
                    "deeds-more"
                };
                say(
                    language,
                    key,
                    &[("most", words.into()), ("last", deed.into())],
                )
            }
        };
    }
    words
}

/// A denial in one line: the rule and the way out.
pub fn denial_words(
    language: Language,
    denial: Denial,
    household: &str,
    show: impl Fn(Timestamp) -> String,
) -> String {
    let of_household = |key: &str| say(language, key, &[("household", household.into())]);
    match denial {
        Denial::NotAllowed(Action::Display) => of_household("denied-look"),
        Denial::NotAllowed(Action::Print) => of_household("denied-print"),
        Denial::NotAllowed(Action::Store) => of_household("denied-keep"),
        Denial::NotAllowed(Action::Forward) => of_household("denied-pass-on"),
        Denial::NotYet(from) => say(language, "denied-not-yet", &[("from", show(from).into())]),
        Denial::Ended(end) => {
            let values = [("end", show(end).into()), ("household", household.into())];
            say(language, "denied-ended", &values)
        }
        Denial::ViewsUsed(1) => of_household("denied-views-once"),
        Denial::ViewsUsed(n) => {
            let values = [("count", n.into()), ("household", household.into())];
            say(language, "denied-views", &values)
        }
    }
}

/// The verb for an action.
pub fn describe_action(language: Language, action: Action) -> String {
    let key = match action {
        Action::Display => "action-look",
        Action::Print => "action-print",
        Action::Store => "action-keep",
        Action::Forward => "action-pass-on",
    };
    say(language, key, &[])
}

#[cfg(test)]
mod tests {
    use super::super::parse_rules;
    use super::*;

    fn sentence(rules: &str) -> String {
        let day = |time: Timestamp| time.to_string()[..10].to_owned();
        describe(
            Language::En,
            Who::Named("Bob"),
            &parse_rules(rules).expect("rules"),
            day,
        )
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
                "display=full,print=2000,store=full,watermark=yes",
                "Bob can look at these, with their name across the picture, print them, at screen size and keep a copy.",
            ),
            (
                "print=full,watermark=yes",
                "Bob can print them, with their name across the picture.",
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
            describe_exactly(
                Language::En,
                Who::Named("Bob"),
                &parse_rules(rules).expect("rules"),
                day,
            )
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
            describe_ended(
                Language::En,
                Who::Named("Bob"),
                &parse_rules(rules).expect("rules"),
                end,
                day,
            )
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
            Language::En,
            Denial::Ended(Timestamp::from_unix(0)),
            "the Millers",
            |_| "3 May".to_owned(),
        );
        assert_eq!(
            words,
            "You could look at this until 3 May. Ask the Millers for longer?"
        );
    }

    #[test]
    fn german_has_its_verbs_at_the_end() {
        let day = |time: Timestamp| time.to_string()[..10].to_owned();
        let german = |who, rules| {
            describe_exactly(Language::De, who, &parse_rules(rules).expect("rules"), day)
        };
        for (who, rules, words) in [
            (
                Who::Named("Bob"),
                "display=1280,period=P30D",
                "Bob kann sie bis 30 Tage nach der Ankunft in Bildschirmgröße (1280) ansehen.",
            ),
            (
                Who::You,
                "display=full,print=4000,store=1280,forward=yes,views=3,until=2026-12-24T00:00:00Z",
                "Du kannst sie bis zum 2026-12-24 dreimal ansehen, sie mit 4000 Pixeln drucken, eine Kopie in Bildschirmgröße (1280) behalten und sie an andere Haushalte weitergeben.",
            ),
            (
                Who::SomeoneThere,
                "display=full,store=full,watermark=yes",
                "Dort kann höchstens jemand sie mit Namen quer über dem Bild ansehen und eine Kopie behalten, ohne Ende.",
            ),
            (
                Who::Others,
                "store=full,period=PT1H",
                "Andere können die Originale behalten, und zwar bis 1 Stunde nach der Ankunft.",
            ),
            (
                Who::You,
                "display=full,watermark=yes",
                "Du kannst sie mit deinem Namen quer über dem Bild ansehen, ohne Ende.",
            ),
            (Who::You, "", "Du bekommst nichts davon."),
        ] {
            assert_eq!(german(who, rules), words);
        }
        let ended = describe_ended(
            Language::De,
            Who::EveryoneThere,
            &parse_rules("display=1280").expect("rules"),
            Timestamp::from_unix(0),
            day,
        );
        assert_eq!(
            ended,
            "Alle dort konnten sie bis zum 1970-01-01 in Bildschirmgröße ansehen."
        );
    }
}
