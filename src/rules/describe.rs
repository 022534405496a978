//! The words that people are told, made in this one place for command line, mail and web (UI.md).

use super::{Action, Denial, Limits, PREVIEW_EDGE, Rules};
use crate::encoding::{Period, Timestamp};
use crate::words::{Language, say};

/// From here up to the preview it is screen size, in pixels: a picture that fills a phone.
const SCREEN_EDGE: u64 = 1280;

/// Of whom a sentence speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who<'a> {
    /// The reader.
    You,
    /// All people of the reader's house.
    Everyone,
    /// The same but for those who are named beside it.
    EveryoneElse,
    /// All people of the other house.
    EveryoneThere,
    /// The same but for those who are named beside it.
    EveryoneElseThere,
    /// Those to whom the reader passes on.
    Others,
    /// Whoever may be at a household that is further on.
    SomeoneThere,
    /// Somebody, by name.
    Named(&'a str),
}

impl Who<'_> {
    /// The same where others are named beside it, for whom their own rules count.
    pub fn beside_others(self) -> Self {
        match self {
            Who::Everyone => Who::EveryoneElse,
            Who::EveryoneThere => Who::EveryoneElseThere,
            other => other,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Who::You => "you",
            Who::Everyone => "everyone",
            Who::EveryoneElse => "else",
            Who::EveryoneThere => "there",
            Who::EveryoneElseThere => "else-there",
            Who::Others => "others",
            Who::SomeoneThere => "someone",
            Who::Named(_) => "named",
        }
    }
}

/// What those may do to whom somebody passes on who may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Further<'r> {
    /// It is not said.
    Unsaid,
    /// As far as that one may.
    Same,
    /// That, as far as that one may.
    Within(&'r Rules),
    /// Nothing may travel on.
    Nothing,
}

impl<'r> From<Option<&'r Rules>> for Further<'r> {
    fn from(onward: Option<&'r Rules>) -> Self {
        onward.map_or(Further::Nothing, Further::Within)
    }
}

/// One sentence: what `who` may do. Times are written by `show`, which knows the reader's time zone.
pub fn describe(
    language: Language,
    who: Who<'_>,
    rules: &Rules,
    further: Further<'_>,
    show: impl Fn(Timestamp) -> String,
) -> String {
    let teller = Teller {
        language,
        who,
        exact: false,
        show: &show,
    };
    teller.now(rules, further)
}

/// As [`describe`], for the one who gives: with the pixels of screen size, and with the word that there is no end.
pub fn describe_exactly(
    language: Language,
    who: Who<'_>,
    rules: &Rules,
    further: Further<'_>,
    show: impl Fn(Timestamp) -> String,
) -> String {
    let teller = Teller {
        language,
        who,
        exact: true,
        show: &show,
    };
    teller.now(rules, further)
}

/// As [`describe`], of what ended then.
pub fn describe_ended(
    language: Language,
    who: Who<'_>,
    rules: &Rules,
    end: Timestamp,
    show: impl Fn(Timestamp) -> String,
) -> String {
    let teller = Teller {
        language,
        who,
        exact: false,
        show: &show,
    };
    let time = Time {
        window: say(language, "span-until", &[("time", show(end).into())]),
        views: String::new(),
        endless: false,
    };
    let deeds = teller.deeds(rules, &time, Further::Unsaid);
    teller.sentence(["could", "got-nothing"], &deeds)
}

struct Teller<'t> {
    language: Language,
    who: Who<'t>,
    /// Whether screen size is told with its pixels, and that there is no end.
    exact: bool,
    show: &'t dyn Fn(Timestamp) -> String,
}

/// When and how often, in words with the space or the comma before them.
struct Time {
    window: String,
    views: String,
    /// There is no end, and that is said.
    endless: bool,
}

impl Teller<'_> {
    fn now(&self, rules: &Rules, further: Further<'_>) -> String {
        let time = Time {
            window: self.window(rules),
            views: self.views(rules),
            endless: self.exact && rules.has_no_end(),
        };
        let deeds = self.deeds(rules, &time, further);
        self.sentence(["can", "gets-nothing"], &deeds)
    }

    fn say(&self, key: &str, values: &[(&'static str, &str)]) -> String {
        let values = values.iter().map(|(name, value)| (*name, (*value).into()));
        say(self.language, key, &values.collect::<Vec<_>>())
    }

    /// The keys are of what is allowed, and of nothing.
    fn sentence(&self, [something, nothing]: [&str; 2], deeds: &str) -> String {
        let name = match self.who {
            Who::Named(name) => name,
            _ => "",
        };
        let key = if deeds.is_empty() { nothing } else { something };
        let values = [("who", self.who.key()), ("name", name), ("deeds", deeds)];
        self.say(key, &values)
    }

    /// What is allowed, with the time at its place: behind the looking, or at the end. Empty where that is nothing.
    fn deeds(&self, rules: &Rules, time: &Time, further: Further<'_>) -> String {
        let mut deeds = self.own_deeds(rules, time);
        let passes_on = match rules.forward {
            true => self.pass_on(rules, further),
            false => None,
        };
        let looks = rules.display.is_some();
        // Nothing else but a print is counted.
        let counts = !looks && rules.store.is_none() && rules.print.is_some();
        let behind = match (looks, counts) {
            (true, _) => String::new(),
            (false, true) => format!("{}{}", time.window, time.views),
            (false, false) => time.window.clone(),
        };
        let mut words = String::new();
        let mut closed = false;
        if !deeds.is_empty() && (time.endless || !behind.is_empty()) {
            words = self.join(std::mem::take(&mut deeds));
            closed = true;
            if !behind.is_empty() {
                words = self.say("deeds-in-time", &[("deeds", &words), ("time", &behind)]);
            }
            if time.endless {
                words = self.say("deeds-without-end", &[("deeds", &words)]);
            }
        }
        match passes_on {
            Some(last) if closed => self.say("deeds-then", &[("most", &words), ("last", &last)]),
            Some(last) => {
                deeds.push(last);
                self.join(deeds)
            }
            None if closed => words,
            None => self.join(deeds),
        }
    }

    /// Looking, printing and keeping.
    fn own_deeds(&self, rules: &Rules, time: &Time) -> Vec<String> {
        let mut deeds = Vec::new();
        // A name across the picture is told once.
        let told = rules.display.is_some_and(|look| look.watermark);
        let named = |limits: Limits| Limits {
            watermark: limits.watermark && !told,
            ..limits
        };
        if let Some(limits) = rules.display {
            let when = format!("{}{}", time.window, time.views);
            let marks = self.marks(limits);
            deeds.push(self.say("deed-look", &[("time", &when), ("marks", &marks)]));
        }
        if let Some(limits) = rules.print {
            let mut marks = self.marks(named(limits));
            if !time.views.is_empty() {
                // A print uses up a look.
                match (rules.display, rules.store) {
                    (Some(_), _) => marks += &self.say("mark-counted", &[]),
                    (None, Some(_)) => marks += &time.views,
                    (None, None) => {}
                }
            }
            deeds.push(self.say("deed-print", &[("marks", &marks)]));
        }
        if let Some(limits) = rules.store {
            let whole = limits.max_edge.is_none() && !limits.watermark;
            let marks = self.marks(Limits {
                excerpt: false,
                ..named(limits)
            });
            let key = match (whole, limits.excerpt) {
                (true, false) => "deed-keep",
                (false, false) => "deed-keep-copy",
                (true, true) => "deed-keep-excerpt",
                (false, true) => "deed-keep-copy-excerpt",
            };
            deeds.push(self.say(key, &[("marks", &marks)]));
        }
        deeds
    }

    /// `None`: they could pass on nothing.
    fn pass_on(&self, rules: &Rules, further: Further<'_>) -> Option<String> {
        let onward = match further {
            Further::Nothing => return None,
            Further::Unsaid => return Some(self.say("deed-pass-on", &[])),
            Further::Same => return Some(self.say("deed-pass-on-same", &[("time", "")])),
            Further::Within(onward) => onward,
        };
        let undated = |rules: &Rules| Rules {
            forward: false,
            period: None,
            ..rules.clone()
        };
        let own = undated(rules);
        let most = own.meet(&undated(onward));
        if most.is_nothing() {
            return None;
        }
        let end = most.not_after.filter(|_| most.not_after != own.not_after);
        let until = end.map(|end| self.say("further-until", &[("time", &(self.show)(end))]));
        let until = until.unwrap_or_default();
        let what = |rules: &Rules| (rules.display, rules.print, rules.store, rules.views);
        if what(&most) == what(&own) {
            let key = match onward.forward {
                true => "deed-pass-on-all",
                false => "deed-pass-on-same",
            };
            return Some(self.say(key, &[("time", &until)]));
        }
        let them = Teller {
            who: Who::Others,
            ..*self
        };
        let views = self.views(&most);
        let only_look = Rules {
            display: most.display,
            ..Rules::default()
        };
        let deeds = Rules {
            not_before: None,
            not_after: None,
            views: None,
            ..most.clone()
        };
        if let Some(limits) = most
            .display
            .filter(|_| deeds == only_look && !onward.forward)
        {
            let marks = them.marks(limits);
            let values = [("views", &*views), ("marks", &*marks), ("time", &*until)];
            return Some(self.say("deed-pass-on-look", &values));
        }
        let time = Time {
            window: String::new(),
            views,
            endless: false,
        };
        let rules = Rules {
            forward: onward.forward,
            ..most
        };
        let deeds = them.deeds(&rules, &time, Further::Unsaid);
        Some(self.say("deed-pass-on-may", &[("deeds", &deeds), ("time", &until)]))
    }

    /// How large, how much, and with whose name.
    fn marks(&self, limits: Limits) -> String {
        let mut words = self.edge(limits);
        if limits.excerpt {
            words += &self.say("mark-excerpt", &[]);
        }
        if limits.watermark {
            words += &self.say("mark-name", &[("who", self.who.key())]);
        }
        words
    }

    fn edge(&self, limits: Limits) -> String {
        let Some(edge) = limits.max_edge else {
            return String::new();
        };
        let key = match ((SCREEN_EDGE..=PREVIEW_EDGE).contains(&edge), self.exact) {
            (true, true) => "mark-screen-exactly",
            (true, false) => "mark-screen",
            (false, _) => "mark-edge",
        };
        say(self.language, key, &[("edge", edge.into())])
    }

    fn window(&self, rules: &Rules) -> String {
        let mut words = String::new();
        if let Some(period) = rules.period {
            words += &period_words(self.language, period);
        }
        if let Some(from) = rules.not_before {
            words += &self.say("span-from", &[("time", &(self.show)(from))]);
        }
        if let Some(until) = rules.not_after {
            // Whichever is earlier.
            let key = match rules.period {
                Some(_) => "span-until-most",
                None => "span-until",
            };
            words += &self.say(key, &[("time", &(self.show)(until))]);
        }
        words
    }

    fn views(&self, rules: &Rules) -> String {
        let of = |views: u64| say(self.language, "span-views", &[("count", views.into())]);
        rules.views.map(of).unwrap_or_default()
    }

    fn join(&self, deeds: Vec<String>) -> String {
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
                    self.say(key, &[("most", &words), ("last", &deed)])
                }
            };
        }
        words
    }
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

/// A denial of that action in one line: the rule and the way out.
pub fn denial_words(
    language: Language,
    action: Action,
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
            let key = match action {
                Action::Display => "denied-ended",
                Action::Print => "denied-ended-print",
                Action::Store => "denied-ended-keep",
                Action::Forward => "denied-ended-pass-on",
            };
            say(language, key, &values)
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
    use super::super::{HandedAs, Kind, handed_as, parse_rules};
    use super::*;
    use proptest::prelude::*;

    fn sentence(rules: &str) -> String {
        let day = |time: Timestamp| time.to_string()[..10].to_owned();
        describe(
            Language::En,
            Who::Named("Bob"),
            &parse_rules(rules).expect("rules"),
            Further::Unsaid,
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
    fn what_is_enforced_is_said_of_every_deed() {
        for (rules, words) in [
            (
                "display=640,print=full,watermark=yes",
                "Bob can look at these, at 640 pixels, with their name across the picture and print them.",
            ),
            (
                "display=1280,print=1280,store=full,views=2",
                "Bob can look at these, twice, at screen size, print them, at screen size, each time counted as a look and keep the originals.",
            ),
            ("store=full,views=1", "Bob can keep the originals."),
            (
                "print=full,store=full,views=1,period=P7D",
                "Bob can print them, once and keep the originals for 7 days after they arrive.",
            ),
            (
                "store=full,watermark=yes",
                "Bob can keep a copy, with their name across the picture.",
            ),
            (
                "store=full,excerpt=yes",
                "Bob can keep the originals of pictures, and of anything else an excerpt.",
            ),
            (
                "store=1280,excerpt=yes",
                "Bob can keep a copy of pictures, at screen size, and of anything else an excerpt.",
            ),
            (
                "display=full,period=P30D,until=2027-01-01T00:00:00Z",
                "Bob can look at these for 30 days after they arrive, at most until 2027-01-01.",
            ),
        ] {
            assert_eq!(sentence(rules), words);
        }
        let day = |time: Timestamp| time.to_string()[..10].to_owned();
        let marked = parse_rules("display=full,watermark=yes").expect("rules");
        let told = |language| describe(language, Who::You, &marked, Further::Unsaid, day);
        assert_eq!(
            told(Language::En),
            "You can look at these, with your name across the picture."
        );
        assert_eq!(
            told(Language::De),
            "Du kannst sie mit deinem Namen quer über dem Bild ansehen."
        );
    }

    #[test]
    fn what_travels_on_is_told_with_who_may_pass_it_on() {
        let day = |time: Timestamp| time.to_string()[..10].to_owned();
        let told = |language, rules, onward: &str| {
            let (rules, onward) = (parse_rules(rules), parse_rules(onward));
            let (rules, onward) = (rules.expect("rules"), onward.expect("rules"));
            let further = Further::Within(&onward);
            describe_exactly(language, Who::Named("Bob"), &rules, further, day)
        };
        let all = "display=full,store=full,forward=yes";
        for (rules, onward, words) in [
            (
                all,
                "display=640,views=1,until=2026-12-24T00:00:00Z",
                "Bob can look at these and keep the originals, without an end, and pass them on to other households, who may only look, once, at 640 pixels, until 2026-12-24.",
            ),
            (
                all,
                "display=full,store=full",
                "Bob can look at these and keep the originals, without an end, and pass them on to other households, who may do the same but not pass them on.",
            ),
            (
                all,
                "display=full,store=full,forward=yes",
                "Bob can look at these and keep the originals, without an end, and pass them on to other households, who may do the same.",
            ),
            (
                all,
                "display=1280,store=1280",
                "Bob can look at these and keep the originals, without an end, and pass them on to other households, who may look at these, at screen size (1280) and keep a copy, at screen size (1280).",
            ),
            (
                "display=full,period=P7D,forward=yes",
                "display=full,until=2026-12-24T00:00:00Z",
                "Bob can look at these for 7 days after they arrive and pass them on to other households, who may do the same but not pass them on, until 2026-12-24.",
            ),
            // Nothing travels on that is in one of them alone.
            (
                "store=full,forward=yes",
                "display=full",
                "Bob can keep the originals, without an end.",
            ),
        ] {
            assert_eq!(told(Language::En, rules, onward), words);
        }
        assert_eq!(
            told(
                Language::De,
                "display=full,forward=yes,until=2026-12-31T00:00:00Z",
                "display=1280,until=2026-12-24T00:00:00Z"
            ),
            "Bob kann sie bis zum 2026-12-31 ansehen und sie an andere Haushalte weitergeben, die sie bis zum 2026-12-24 in Bildschirmgröße (1280) nur ansehen dürfen."
        );
    }

    proptest! {
        #[test]
        fn words_and_what_is_handed_over_agree(
            edge in prop::sample::select(&[None, Some(1280u64)]),
            watermark in any::<bool>(),
            excerpt in any::<bool>(),
            kind in prop::sample::select(&[Kind::Picture, Kind::Sound, Kind::Video, Kind::Document, Kind::File]),
        ) {
            // Nothing can be written across what is cut: no sender may ask for it.
            prop_assume!(kind == Kind::Picture || !(watermark && excerpt));
            let limits = Limits { max_edge: edge, watermark, excerpt };
            let handed = handed_as(Action::Store, limits, kind);
            let store = Rules { store: Some(limits), ..Rules::default() };
            let say = |rules: &Rules| {
                describe(Language::En, Who::Named("Bob"), rules, Further::Unsaid, |_| String::new())
            };
            let words = say(&store);
            // What is said of pictures, and what of the rest.
            let (of_pictures, of_the_rest) = match words.split_once(", and of anything else ") {
                Some((pictures, rest)) => (pictures, rest),
                None => (words.as_str(), words.as_str()),
            };
            let said = if kind == Kind::Picture { of_pictures } else { of_the_rest };
            let whole = handed == HandedAs::Whole;
            prop_assert_eq!(whole, said.contains("the originals"), "{}", words);
            prop_assert_eq!(handed == HandedAs::Excerpt, said.contains("an excerpt"), "{}", words);
            if kind == Kind::Picture {
                prop_assert_eq!(handed == HandedAs::Made, said.contains("a copy"), "{}", words);
                prop_assert_eq!(watermark, said.contains("name across"), "{}", words);
            }
            for action in [Action::Display, Action::Print] {
                let rules = Rules {
                    display: (action == Action::Display).then_some(limits),
                    print: (action == Action::Print).then_some(limits),
                    ..Rules::default()
                };
                let words = say(&rules);
                prop_assert_eq!(watermark, words.contains("name across"), "{}", words);
                prop_assert_eq!(edge.is_some(), words.contains("screen size"), "{}", words);
                prop_assert_eq!(excerpt, words.contains("excerpt"), "{}", words);
                let is_excerpt = handed_as(action, limits, kind) == HandedAs::Excerpt;
                prop_assert!(!is_excerpt || words.contains("excerpt"), "{}", words);
            }
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
                Further::Unsaid,
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
                "Bob can look at these, at 320 pixels and keep the originals, without an end.",
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
            Action::Display,
            Denial::Ended(Timestamp::from_unix(0)),
            "the Millers",
            |_| "3 May".to_owned(),
        );
        assert_eq!(
            words,
            "You could look at this until 3 May. Ask the Millers for longer?"
        );
        let of = |action| {
            let ended = Denial::Ended(Timestamp::from_unix(0));
            denial_words(Language::En, action, ended, "the Millers", |_| {
                "3 May".to_owned()
            })
        };
        assert!(of(Action::Print).starts_with("You could print this until 3 May."));
        assert!(of(Action::Store).starts_with("You could keep this until 3 May."));
    }

    #[test]
    fn german_has_its_verbs_at_the_end() {
        let day = |time: Timestamp| time.to_string()[..10].to_owned();
        let german = |who, rules| {
            describe_exactly(
                Language::De,
                who,
                &parse_rules(rules).expect("rules"),
                Further::Unsaid,
                day,
            )
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
                "Du kannst sie bis zum 2026-12-24 dreimal ansehen, sie mit 4000 Pixeln (jedes Mal zählt als Ansehen) drucken, eine Kopie in Bildschirmgröße (1280) behalten und sie an andere Haushalte weitergeben.",
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
            (Who::SomeoneThere, "", "Dort bekommt niemand etwas davon."),
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
