//! What stands in the form, and the order that it makes.

use serde::Serialize;

use super::super::form::Form;
use crate::address::{AddressError, StationAddress, StationName};
use crate::envelope::Id;
use crate::rendition::Lengths;
use crate::rules::{Kind, Limits, PREVIEW_EDGE, Rules};
use crate::sharing::own::AlbumItem;
use crate::sharing::share::{Order, default_rules, with_beginnings};
use crate::sharing::times::{Day, parse_time};
use crate::sharing::whom::Typed;
use crate::sharing::{Fault, Household};

/// A picture that fills a phone.
const SMALL_EDGE: u64 = 1280;
/// In seconds.
const DAY: u64 = 86_400;

/// What they may do, by one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    Look,
    Keep,
    All,
    Each,
}

impl May {
    fn of(word: &str) -> Self {
        match word {
            "keep" => May::Keep,
            "all" => May::All,
            "each" => May::Each,
            _ => May::Look,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            May::Look => "look",
            May::Keep => "keep",
            May::All => "all",
            May::Each => "each",
        }
    }
}

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

/// What stands in the form.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub pictures: Vec<String>,
    pub to: Vec<StationAddress>,
    pub typed: String,
    /// What was looked for in the directory.
    pub looked: String,
    pub may: May,
    /// What the page had chosen before anybody did; `None`: there was no page.
    pub offered: Option<May>,
    pub each: Vec<(String, Choice)>,
    pub title: String,
    pub message: String,
    /// The place of pictures goes along.
    pub place: bool,
    /// What others may do to whom it is passed on: `look`, `keep`, or `same` as who passes it on.
    pub onward: String,
    /// How much the beginning of a sound, film or document is.
    pub seconds: String,
    pub pages: String,
    pub lines: String,
    /// The mailbox of the household by way of which it goes; empty: straight.
    pub via: String,
    pub yes: bool,
    /// Names what the page said would happen.
    pub checked: String,
    /// Names the page; what is shared from it twice is shared once.
    pub once: Option<Id>,
}

impl Draft {
    pub fn read(form: &Form) -> Self {
        let mut pictures: Vec<String> = Vec::new();
        for picture in form.all("picture") {
            if !pictures.contains(&picture) {
                pictures.push(picture);
            }
        }
        let addresses = form.all("to");
        let mut to: Vec<StationAddress> = Vec::new();
        for address in addresses.iter().filter_map(|one| one.parse().ok()) {
            if !to.contains(&address) {
                to.push(address);
            }
        }
        let each = form.all("for").into_iter().map(|address| {
            let choice = Choice::read(form, &address);
            (address, choice)
        });
        Draft {
            pictures,
            to,
            typed: form.one("who"),
            looked: form.one("looked"),
            may: May::of(&form.one("may")),
            offered: match (form.given("offered"), form.given("may")) {
                (Some(offered), _) => Some(May::of(offered)),
                (None, None) => Some(May::Look),
                (None, Some(_)) => None,
            },
            each: each.collect(),
            title: form.one("title"),
            message: form.one("message"),
            place: form.given("place").is_some(),
            onward: form.given("onward").unwrap_or("look").to_owned(),
            seconds: form.given("seconds").unwrap_or("30").to_owned(),
            pages: form.given("pages").unwrap_or("2").to_owned(),
            lines: form.given("lines").unwrap_or("20").to_owned(),
            via: form.one("via"),
            yes: form.given("yes").is_some(),
            checked: form.one("checked"),
            once: form.one("once").parse().ok(),
        }
    }

    /// Who is known is chosen as they are known, with what they may do, though their address was typed otherwise when nobody
    /// knew them yet.
    pub fn settle(&mut self, home: &Household) -> Result<(), Fault> {
        let known = |address: &StationAddress| match home.meant_address(address.clone()) {
            // Why it is not clear who is meant is said where the choice is looked at.
            Err(fault) if fault.usage => Ok(address.clone()),
            known => known,
        };
        let mut to: Vec<StationAddress> = Vec::new();
        for address in &self.to {
            let known = known(address)?;
            if !to.contains(&known) {
                to.push(known);
            }
        }
        for (name, _) in &mut self.each {
            if let Ok(address) = name.parse() {
                *name = known(&address)?.to_string();
            }
        }
        self.to = to;
        Ok(())
    }

    /// What was typed, and what was looked for, one by one.
    pub fn words(&self) -> Vec<String> {
        let all = [&self.looked, &self.typed];
        let all = all.into_iter().flat_map(|text| text.split(';'));
        let mut words: Vec<String> = Vec::new();
        for word in all.map(str::trim).filter(|word| !word.is_empty()) {
            if !words.iter().any(|had| had == word) {
                words.push(word.to_owned());
            }
        }
        words
    }

    /// Everyone who was chosen or typed; refused where something typed is not understood.
    pub fn meant(&self, home: &Household) -> Result<Vec<StationAddress>, Fault> {
        let mut understood = self.understood(home)?;
        match understood.left.is_empty() {
            true => Ok(understood.meant),
            false => Err(understood.left.swap_remove(0).1),
        }
    }

    /// The same, with what is not understood of what was typed.
    pub fn understood(&self, home: &Household) -> Result<Typed, Fault> {
        let typed = home.typed(&self.typed)?;
        let mut meant = self.to.clone();
        for address in typed.meant {
            if !meant.contains(&address) {
                meant.push(address);
            }
        }
        Ok(Typed { meant, ..typed })
    }

    /// Everything is given whole, to look at and to keep.
    pub fn give_whole(&mut self) {
        if self.may != May::Each {
            self.may = May::Keep;
            return;
        }
        let to = self.to.iter().map(ToString::to_string);
        for address in to.collect::<Vec<_>>() {
            if !self.each.iter().any(|(other, _)| *other == address) {
                self.each.push((address, Choice::default()));
            }
        }
        let given = |choice: &&mut Choice| choice.look || choice.print || choice.keep;
        let choices = self.each.iter_mut().map(|(_, choice)| choice);
        for choice in choices.filter(given) {
            (choice.look, choice.keep) = (true, true);
            choice.size = "full".to_owned();
            choice.file = String::new();
            (choice.name, choice.part) = (false, false);
        }
    }

    /// What was chosen for a person; at first, to look for 30 days.
    pub fn choice(&self, address: &StationAddress) -> Choice {
        let address = address.to_string();
        let mut each = self.each.iter();
        let chosen = each.find(|(other, _)| *other == address);
        chosen.map(|(_, choice)| choice.clone()).unwrap_or_default()
    }

    /// What is to be recorded of these items.
    pub fn order(
        &self,
        meant: &[StationAddress],
        person: &StationName,
        items: &[AlbumItem],
    ) -> Result<Order, Fault> {
        if self.pictures.is_empty() {
            return Err(Fault::usage("nothing", "Choose a picture first."));
        }
        let others = items.iter().any(|item| item.kind != Kind::Picture);
        let rules = |address: &StationAddress| match self.may {
            May::Look => Ok(default_rules()),
            May::Keep => Ok(keep()),
            May::All => Ok(everything()),
            May::Each => self.choice(address).rules(),
        };
        let stations: Vec<(StationAddress, Rules)> = meant
            .iter()
            .map(|address| {
                let rules = rules(address)?;
                let rules = match others {
                    true => with_beginnings(rules),
                    false => rules,
                };
                Ok((address.clone(), rules))
            })
            .collect::<Result<_, Fault>>()?;
        let via = self.via.trim();
        let relay_via = match via {
            "" => None,
            mailbox => Some(
                mailbox
                    .parse()
                    .map_err(|error: AddressError| Fault::usage("address", error.to_string()))?,
            ),
        };
        let passes_on = stations.iter().any(|(_, rules)| rules.forward);
        let onward = match self.onward.as_str() {
            "same" => None,
            "keep" => Some(keep()),
            // Whoever it is passed on to may look and no more.
            _ => Some(default_rules()),
        };
        Ok(Order {
            what: self.pictures.clone(),
            stations,
            onward: onward.filter(|_| passes_on),
            title: self.title.trim().to_owned(),
            message: self.message.trim().to_owned(),
            excerpt: Lengths {
                seconds: Some(number(&self.seconds)?),
                pages: Some(number(&self.pages)?),
                lines: Some(number(&self.lines)?),
            },
            keep_location: self.place,
            relay_via,
            yes: self.yes,
            viewer: Some(person.clone()),
            ..Order::default()
        })
    }
}

/// A number of at least one.
fn number(typed: &str) -> Result<u32, Fault> {
    let number = typed.trim().parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| {
        let words = format!("{typed:?} is no number of at least one");
        Fault::usage("number", words)
    })
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
    fn read(form: &Form, address: &str) -> Self {
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

    fn rules(&self) -> Result<Rules, Fault> {
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
