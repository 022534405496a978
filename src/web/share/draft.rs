//! What stands in the form, and the order that it makes.

use serde::Serialize;

use super::super::form::Form;
use crate::address::{AddressError, StationAddress, StationName};
use crate::envelope::Id;
use crate::rendition::Lengths;
use crate::rules::{Limits, PREVIEW_EDGE, Rules};
use crate::sharing::share::{Order, default_rules};
use crate::sharing::times::{Day, parse_time};
use crate::sharing::{Fault, Household};

/// A picture that fills a phone.
const SMALL_EDGE: u64 = 1280;

/// What they may do, by one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    Look,
    Keep,
    All,
    Each,
}

impl May {
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
    /// `7`, `30`, `day` or `none`.
    pub long: String,
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
    pub each: Vec<(String, Choice)>,
    pub title: String,
    pub message: String,
    /// The place of pictures goes along.
    pub place: bool,
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
        let may = match form.one("may").as_str() {
            "keep" => May::Keep,
            "all" => May::All,
            "each" => May::Each,
            _ => May::Look,
        };
        let each = form.all("for").into_iter().map(|address| {
            let choice = Choice::read(form, &address);
            (address, choice)
        });
        Draft {
            pictures,
            to,
            typed: form.one("who"),
            looked: form.one("looked"),
            may,
            each: each.collect(),
            title: form.one("title"),
            message: form.one("message"),
            place: form.given("place").is_some(),
            via: form.one("via"),
            yes: form.given("yes").is_some(),
            checked: form.one("checked"),
            once: form.one("once").parse().ok(),
        }
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

    /// Everyone who was chosen or typed.
    pub fn meant(&self, home: &Household) -> Result<Vec<StationAddress>, Fault> {
        let mut meant = self.to.clone();
        for address in home.meant_by(&self.typed)? {
            if !meant.contains(&address) {
                meant.push(address);
            }
        }
        Ok(meant)
    }

    /// What was chosen for a person; at first, to look for 30 days.
    pub fn choice(&self, address: &StationAddress) -> Choice {
        let address = address.to_string();
        let mut each = self.each.iter();
        let chosen = each.find(|(other, _)| *other == address);
        chosen.map(|(_, choice)| choice.clone()).unwrap_or_default()
    }

    /// What is to be recorded.
    pub fn order(&self, meant: &[StationAddress], person: &StationName) -> Result<Order, Fault> {
        if self.pictures.is_empty() {
            return Err(Fault::usage("nothing", "Choose a picture first."));
        }
        let rules = |address: &StationAddress| match self.may {
            May::Look => Ok(default_rules()),
            May::Keep => Ok(keep()),
            May::All => Ok(Rules {
                forward: true,
                ..keep()
            }),
            May::Each => self.choice(address).rules(),
        };
        let stations: Vec<(StationAddress, Rules)> = meant
            .iter()
            .map(|address| Ok((address.clone(), rules(address)?)))
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
        Ok(Order {
            what: self.pictures.clone(),
            stations,
            // Whoever it is passed on to may look and no more.
            onward: passes_on.then(default_rules),
            title: self.title.trim().to_owned(),
            message: self.message.trim().to_owned(),
            excerpt: Lengths {
                seconds: Some(30),
                pages: Some(2),
                lines: Some(20),
            },
            keep_location: self.place,
            relay_via,
            yes: self.yes,
            viewer: Some(person.clone()),
            ..Order::default()
        })
    }
}

/// To look, to print and to keep the originals, without an end.
fn keep() -> Rules {
    let whole = Some(Limits::default());
    Rules {
        display: whole,
        print: whole,
        store: whole,
        ..Rules::default()
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
            long: "30".to_owned(),
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
            long: text("long"),
            day: text("day"),
            times: text("times"),
            name: has("name"),
            part: has("part"),
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
            times => Some(
                times
                    .parse()
                    .ok()
                    .filter(|times| *times > 0)
                    .ok_or_else(|| {
                        Fault::usage(
                            "views",
                            format!("{times:?} is not how often: write a number"),
                        )
                    })?,
            ),
        };
        let mut rules = Rules {
            display: self.look.then_some(limits),
            print: self.print.then_some(limits),
            store: self.keep.then_some(Limits {
                max_edge: None,
                watermark: false,
                excerpt: self.part,
            }),
            forward: self.pass_on,
            views,
            ..Rules::default()
        };
        match self.long.as_str() {
            "none" => {}
            "day" => rules.not_after = Some(parse_time(&self.day, Day::End)?),
            "7" => rules.period = crate::encoding::Period::from_days(7),
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
        let once = rules("look+a%40b.example=on&times+a%40b.example=1&name+a%40b.example=on");
        let once = once.expect("rules");
        assert_eq!(once.views, Some(1));
        assert!(once.display.expect("look").watermark);
    }
}
