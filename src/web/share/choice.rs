//! What was chosen for one person, as the form has it and as rules.

use serde::Serialize;

use super::super::form::Form;
use crate::rules::{Limits, PREVIEW_EDGE, Rules};
use crate::sharing::Fault;
use crate::sharing::times::{Day, parse_time};

/// A picture that fills a phone.
const SMALL_EDGE: u64 = 1280;
/// In seconds.
const DAY: u64 = 86_400;

/// What was chosen for one person.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Choice {
    pub look: bool,
    pub print: bool,
    pub keep: bool,
    pub pass_on: bool,
    /// `small`, `screen` or `full`.
    pub size: String,
    /// On paper: `full`; empty: as they look at it.
    pub paper: String,
    /// What they keep: `copy`, as they look at it; empty: the originals.
    pub file: String,
    /// The first day; empty: at once.
    pub from: String,
    /// `7`, `30`, `days`, `day` or `none`.
    pub long: String,
    /// So many days, where that is how long.
    pub days: String,
    /// A day, where that is how long.
    pub day: String,
    /// How often; empty: as often as they like.
    pub times: String,
    /// With their name across the picture.
    pub name: bool,
    /// Only the beginning of sounds, films and documents.
    pub part: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Choice {
            look: true,
            print: false,
            keep: false,
            pass_on: false,
            size: "screen".to_owned(),
            paper: String::new(),
            file: String::new(),
            from: String::new(),
            long: "30".to_owned(),
            days: String::new(),
            day: String::new(),
            times: String::new(),
            name: false,
            part: false,
        }
    }
}

impl Choice {
    pub fn read(form: &Form, address: &str) -> Self {
        let field = |name: &str| format!("{name} {address}");
        let has = |name: &str| form.given(&field(name)).is_some();
        let text = |name: &str| form.one(&field(name));
        Choice {
            look: has("look"),
            print: has("print"),
            keep: has("keep"),
            pass_on: has("pass-on"),
            size: text("size"),
            paper: text("paper"),
            file: text("file"),
            from: text("from"),
            long: text("long"),
            days: text("days"),
            day: text("day"),
            times: text("times"),
            name: has("name"),
            part: has("part"),
        }
    }

    /// What is chosen where somebody gives such rules, as near as the form can say it. A day that was named is not named again.
    pub fn of(rules: &Rules) -> Self {
        let limits = rules.display.or(rules.print).or(rules.store);
        let limits = limits.unwrap_or_default();
        let days = rules.period.map(|period| period.seconds() / DAY);
        let (long, days) = match (days, rules.not_after) {
            (Some(7), _) => ("7", String::new()),
            (Some(30), _) | (None, Some(_)) => ("30", String::new()),
            (Some(days), _) => ("days", days.max(1).to_string()),
            (None, None) => ("none", String::new()),
        };
        let size = match limits.max_edge {
            None => "full",
            Some(edge) if edge <= SMALL_EDGE => "small",
            Some(_) => "screen",
        };
        let larger = |limits: Limits| limits.max_edge.is_none() && size != "full";
        let whole = |limits: Limits| limits.max_edge.is_none() && !limits.watermark;
        let word = |is: bool, word: &str| if is { word.to_owned() } else { String::new() };
        Choice {
            look: rules.display.is_some(),
            print: rules.print.is_some(),
            keep: rules.store.is_some(),
            pass_on: rules.forward,
            size: size.to_owned(),
            paper: word(rules.print.is_some_and(larger), "full"),
            file: word(rules.store.is_some_and(|limits| !whole(limits)), "copy"),
            from: String::new(),
            long: long.to_owned(),
            days,
            day: String::new(),
            times: rules
                .views
                .map(|views| views.to_string())
                .unwrap_or_default(),
            name: limits.watermark,
            part: rules.store.is_some_and(|limits| limits.excerpt),
        }
    }

    pub fn rules(&self) -> Result<Rules, Fault> {
        let max_edge = match self.size.as_str() {
            "small" => Some(SMALL_EDGE),
            "full" => None,
            _ => Some(PREVIEW_EDGE),
        };
        let limits = Limits {
            max_edge,
            watermark: self.name,
            excerpt: self.part,
        };
        let views = match self.times.trim() {
            "" => None,
            times => Some(number(times)?.into()),
        };
        let mut rules = Rules {
            display: self.look.then_some(limits),
            print: self.print.then_some(Limits {
                max_edge: limits.max_edge.filter(|_| self.paper != "full"),
                ..limits
            }),
            store: self.keep.then_some(match self.file.as_str() {
                "copy" => limits,
                _ => Limits {
                    max_edge: None,
                    watermark: false,
                    ..limits
                },
            }),
            forward: self.pass_on,
            views,
            ..Rules::default()
        };
        if !self.from.trim().is_empty() {
            rules.not_before = Some(parse_time(&self.from, Day::Beginning)?);
        }
        match self.long.as_str() {
            "none" => {}
            "day" => rules.not_after = Some(parse_time(&self.day, Day::End)?),
            "7" => rules.period = crate::encoding::Period::from_days(7),
            "days" => {
                let days = number(&self.days)?;
                let period = crate::encoding::Period::from_days(days);
                rules.period = Some(period.ok_or_else(|| {
                    let words = format!("{days} days are too many: choose no end");
                    Fault::usage("period", words)
                })?);
            }
            _ => rules.period = crate::encoding::Period::from_days(30),
        }
        if rules.display.is_none() && rules.print.is_none() && rules.store.is_none() {
            return Ok(Rules::default());
        }
        Ok(rules)
    }
}

/// To look, to print and to keep the originals, without an end.
pub(super) fn keep() -> Rules {
    let whole = Some(Limits::default());
    Rules {
        display: whole,
        print: whole,
        store: whole,
        ..Rules::default()
    }
}

/// The same, and to pass it on.
pub(super) fn everything() -> Rules {
    Rules {
        forward: true,
        ..keep()
    }
}

/// A number of at least one.
pub(super) fn number(typed: &str) -> Result<u32, Fault> {
    let number = typed.trim().parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        let words = format!("{typed:?} is no number of at least one");
        Fault::usage("number", words)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(form: &str) -> Result<Rules, Fault> {
        let form = Form::read(form.as_bytes()).expect("a form");
        Choice::read(&form, "a@b.example").rules()
    }

    #[test]
    fn what_was_given_is_chosen_again() {
        for form in [
            "look+a%40b.example=on&size+a%40b.example=small&long+a%40b.example=7&times+a%40b.example=3",
            "look+a%40b.example=on&keep+a%40b.example=on&size+a%40b.example=full&long+a%40b.example=none",
            "look+a%40b.example=on&print+a%40b.example=on&pass-on+a%40b.example=on&paper+a%40b.example=full\
                &name+a%40b.example=on&long+a%40b.example=days&days+a%40b.example=12",
            "keep+a%40b.example=on&file+a%40b.example=copy&size+a%40b.example=small",
        ] {
            let given = rules(form).expect("rules");
            assert_eq!(Choice::of(&given).rules(), Ok(given), "{form}");
        }
    }

    #[test]
    fn what_is_ticked_is_what_they_may() {
        let looks = rules("look+a%40b.example=on&size+a%40b.example=small&long+a%40b.example=7");
        let looks = looks.expect("rules");
        assert_eq!(looks.display.and_then(|limits| limits.max_edge), Some(1280));
        assert_eq!(
            (looks.print, looks.store, looks.forward),
            (None, None, false)
        );
        assert_eq!(looks.period, crate::encoding::Period::from_days(7));
        assert!(
            rules("size+a%40b.example=full")
                .expect("rules")
                .is_nothing()
        );
        assert!(rules("look+a%40b.example=on&times+a%40b.example=often").is_err());
        assert!(rules("look+a%40b.example=on&long+a%40b.example=day").is_err());
        let all = "look+a%40b.example=on&print+a%40b.example=on&keep+a%40b.example=on&size+a%40b.example=small\
            &name+a%40b.example=on&paper+a%40b.example=full&file+a%40b.example=copy&from+a%40b.example=2026-12-01\
            &long+a%40b.example=days&days+a%40b.example=12&times+a%40b.example=7";
        let all = rules(all).expect("rules");
        let edges = [all.display, all.print, all.store]
            .map(|limits| limits.map(|limits| (limits.max_edge, limits.watermark)));
        let small = Some((Some(1280), true));
        assert_eq!(edges, [small, Some((None, true)), small]);
        assert_eq!(all.period, crate::encoding::Period::from_days(12));
        assert!(all.not_before.is_some() && all.not_after.is_none());
        assert_eq!(all.views, Some(7));
        for wrong in [
            "days+a%40b.example=0",
            "days+a%40b.example=",
            "times+a%40b.example=0",
            "from+a%40b.example=soon",
        ] {
            let form = format!(
                "look+a%40b.example=on&long+a%40b.example=days&days+a%40b.example=3&{wrong}"
            );
            let form = match wrong.starts_with("days") {
                true => form.replacen("&days+a%40b.example=3", "", 1),
                false => form,
            };
            assert!(rules(&form).is_err(), "{wrong}");
        }
        let once = rules("look+a%40b.example=on&times+a%40b.example=1&name+a%40b.example=on");
        let once = once.expect("rules");
        assert_eq!(once.views, Some(1));
        assert!(once.display.expect("look").watermark);
    }
}
