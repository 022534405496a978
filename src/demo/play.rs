//! A play in progress: the stage, the voice, and what several scenes do on it. Each scene stands in a file of its own, puts
//! the boxes to work as their commands would, and says in few words what came of it.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};

use super::portion::{Outcome, Portion, WAYS};
use super::stage::{Stage, Who};
use super::voice::Voice;
use super::words::{bytes_words, capital, of_words, told, verb};
use crate::address::StationAddress;
use crate::album::{OwnItem, ShareItem};
use crate::rules::{Action, describe_action, parse_rules};
use crate::sharing::Fault;
use crate::sharing::share::{Order, Recorded};
use crate::words::{Language, retell};

/// What the scenes share.
pub(super) struct Play<'o> {
    pub(super) stage: Stage,
    pub(super) voice: Voice<'o>,
    pub(super) stop: &'o AtomicBool,
    pub(super) scene: u32,
    /// In which the play is told.
    pub(super) language: Language,
}

/// A recorded share and the items in it.
pub(super) struct Sent {
    pub recorded: Recorded,
    pub items: Vec<OwnItem>,
}

/// What came of a look.
pub(super) enum Look {
    /// Something, of so many pixels.
    Seen(String),
    /// Nothing, and why.
    Denied(String),
}

impl Look {
    pub fn words(self) -> String {
        match self {
            Look::Seen(words) | Look::Denied(words) => words,
        }
    }
}

impl Play<'_> {
    /// Begins a scene, unless all of it is to stop.
    pub(super) fn scene(&mut self, title: &str) -> Result<(), Fault> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(Fault::new("stopped", "stopped; everything was removed"));
        }
        self.scene += 1;
        let line = format!("\n{}. {title}", self.scene);
        self.voice.say(line)
    }

    pub(super) fn say(&mut self, text: impl std::fmt::Display) -> Result<(), Fault> {
        self.voice.say(format_args!("   {text}"))
    }

    /// Ann's order for these people of the second house, each with rules.
    pub(super) fn order(&self, items: &[OwnItem], people: &[(&str, &str)]) -> Result<Order, Fault> {
        let wrong = |error: &dyn std::fmt::Display| Fault::new("demo", error.to_string());
        let mut stations = Vec::new();
        for (person, rules) in people {
            let address = StationAddress {
                mailbox: self.stage.b.mailbox.clone(),
                station: person.parse().map_err(|error| wrong(&error))?,
            };
            stations.push((address, parse_rules(rules).map_err(|error| wrong(&error))?));
        }
        Ok(Order {
            what: items.iter().map(|item| item.reference.clone()).collect(),
            stations,
            title: told!(self.language, "demo-title"),
            message: told!(self.language, "demo-message"),
            ..Order::default()
        })
    }

    /// What a person's box answers to a look.
    pub(super) fn look(&mut self, who: Who, person: &str, item: &ShareItem) -> Result<Look, Fault> {
        let out = self.stage.place.join("look.jpg");
        let house = self.stage.house(who);
        let now = house.now()?;
        let person = person
            .parse()
            .map_err(|error: crate::address::AddressError| Fault::new("demo", error.to_string()))?;
        let answer = house
            .home
            .view(&item.reference, &person, Action::Display, &out, now);
        match answer {
            Ok(viewed) => {
                _ = fs::remove_file(&out);
                let pixels = viewed.width.zip(viewed.height);
                Ok(Look::Seen(
                    pixels.map_or_else(String::new, |(w, h)| format!("{w}×{h}")),
                ))
            }
            Err(fault) if fault.code == "denied" => {
                Ok(Look::Denied(retell(self.language, &fault.message)))
            }
            Err(fault) => Err(fault),
        }
    }

    /// The items of a share at a household.
    pub(super) fn received(&mut self, who: Who, share: &str) -> Result<Vec<ShareItem>, Fault> {
        let rows = self.stage.house(who).home.album.rows();
        match rows.share(share)? {
            Some(share) => Ok(rows.share_items(share.id)?),
            None => Err(Fault::new("demo", "a share did not arrive")),
        }
    }

    /// How many sealed parts of a share a household holds.
    pub(super) fn held(&mut self, who: Who, share: &str) -> Result<usize, Fault> {
        let rows = self.stage.house(who).home.album.rows();
        let Some(share) = rows.share(share)? else {
            return Ok(0);
        };
        let parts = rows.parts(share.id)?;
        Ok(parts.iter().filter(|part| part.held).count())
    }

    /// Says what one person gets.
    pub(super) fn tell(&mut self, portion: &Portion) -> Result<(), Fault> {
        let language = self.language;
        self.say(format_args!("{}:", capital(portion.person)))?;
        for handed in &portion.items {
            let ways = WAYS.into_iter().zip(&handed.ways);
            let ways: Vec<String> = ways.filter_map(|way| way_words(language, way)).collect();
            let ways = if ways.is_empty() {
                told!(language, "demo-nothing")
            } else {
                ways.join("; ")
            };
            let of = of_words(language, handed);
            self.say(format_args!("  {} ({of}): {ways}", handed.name))?;
        }
        for (action, words) in portion.denials() {
            let deed = describe_action(language, action);
            let denied = told!(language, "demo-denied", deed = deed, words = words);
            self.say(format_args!("  {}", capital(&denied)))?;
        }
        Ok(())
    }

    /// Says these lines, and gives them back for the page.
    pub(super) fn say_all(&mut self, lines: Vec<String>) -> Result<Vec<String>, Fault> {
        for line in &lines {
            self.say(line)?;
        }
        Ok(lines)
    }
}

fn way_words(language: Language, (action, outcome): (Action, &Outcome)) -> Option<String> {
    let Outcome::File {
        size, pixels, same, ..
    } = outcome
    else {
        return None;
    };
    let pixels = pixels.map_or_else(String::new, |(w, h)| format!(" {w}×{h},"));
    let same = match same {
        true => format!(", {}", told!(language, "demo-same")),
        false => String::new(),
    };
    Some(format!(
        "{}{pixels} {}{same}",
        verb(language, action),
        bytes_words(language, *size as usize)
    ))
}
