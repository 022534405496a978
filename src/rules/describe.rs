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

/// As [`describe_exactly`], of what somebody asks for: where no end is named, the one that there is stays.
pub fn describe_asked(
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
    let time = Time {
        endless: false,
        ..teller.time(rules)
    };
    teller.within(rules, &time, further)
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
        self.within(rules, &self.time(rules), further)
    }

    fn within(&self, rules: &Rules, time: &Time, further: Further<'_>) -> String {
        let deeds = self.deeds(rules, time, further);
        self.sentence(["can", "gets-nothing"], &deeds)
    }

    fn time(&self, rules: &Rules) -> Time {
        Time {
            window: self.window(rules),
            views: self.views(rules),
            endless: self.exact && rules.has_no_end(),
        }
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
        // That of a share where nobody says anything is what everybody takes a screen to be.
        let exact = self.exact && edge != PREVIEW_EDGE;
        let key = match ((SCREEN_EDGE..=PREVIEW_EDGE).contains(&edge), exact) {
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
mod tests;
