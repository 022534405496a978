//! What stands in the form, and the order that it makes.

use super::super::form::Form;
use super::choice::{Choice, everything, keep, number};
use crate::address::{AddressError, StationAddress, StationName};
use crate::envelope::Id;
use crate::rendition::Lengths;
use crate::rules::{Kind, Rules};
use crate::sharing::own::AlbumItem;
use crate::sharing::share::{Order, default_rules, with_beginnings};
use crate::sharing::whom::Typed;
use crate::sharing::{Fault, Household};

/// What they may do, by one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum May {
    Look,
    Keep,
    All,
    /// By rules that are chosen once.
    Own,
    Each,
}

impl May {
    fn of(word: &str) -> Self {
        match word {
            "keep" => May::Keep,
            "all" => May::All,
            "own" => May::Own,
            "each" => May::Each,
            _ => May::Look,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            May::Look => "look",
            May::Keep => "keep",
            May::All => "all",
            May::Own => "own",
            May::Each => "each",
        }
    }
}

/// For whom what is chosen once for all is: no address is such a word.
pub(super) const FOR_ALL: &str = "all";

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
    /// What was chosen once for all; where choosing for each begins.
    pub for_all: Choice,
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
        let may = May::of(&form.one("may"));
        let mut for_all = Choice::default();
        let mut each = Vec::new();
        for address in form.all("for") {
            let choice = Choice::read(form, &address);
            match address == FOR_ALL {
                true => for_all = choice,
                false => each.push((address, choice)),
            }
        }
        if may == May::Own {
            each.clear();
        }
        Draft {
            pictures,
            to,
            typed: form.one("who"),
            looked: form.one("looked"),
            may,
            offered: match (form.given("offered"), form.given("may")) {
                (Some(offered), _) => Some(May::of(offered)),
                (None, None) => Some(May::Look),
                (None, Some(_)) => None,
            },
            for_all,
            each,
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
        let choices: Vec<&mut Choice> = match self.may {
            May::Look | May::Keep | May::All => {
                self.may = May::Keep;
                return;
            }
            May::Own => vec![&mut self.for_all],
            May::Each => {
                let to = self.to.iter();
                let chosen = to.map(|address| (address.to_string(), self.choice(address)));
                for (address, choice) in chosen.collect::<Vec<_>>() {
                    if !self.each.iter().any(|(other, _)| *other == address) {
                        self.each.push((address, choice));
                    }
                }
                self.each.iter_mut().map(|(_, choice)| choice).collect()
            }
        };
        let given = |choice: &&mut Choice| choice.look || choice.print || choice.keep;
        for choice in choices.into_iter().filter(given) {
            (choice.look, choice.keep) = (true, true);
            choice.size = "full".to_owned();
            choice.file = String::new();
            (choice.name, choice.part) = (false, false);
        }
    }

    /// What was chosen for a person, or for all; at first, to look for 30 days.
    pub fn choice(&self, address: &StationAddress) -> Choice {
        let address = address.to_string();
        let mut each = self.each.iter();
        let chosen = each.find(|(other, _)| *other == address);
        chosen.map_or_else(|| self.for_all.clone(), |(_, choice)| choice.clone())
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
            May::Own => self.for_all.rules(),
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
