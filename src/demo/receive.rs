//! The scenes at the receiving house: what each person is handed, and a share that comes to its end.

use std::fs;
use std::time::{Duration, Instant};

use super::page;
use super::play::{Play, Sent};
use super::portion::{Outcome, Portion, WAYS};
use super::stage::Who;
use super::words::{bytes_words, capital, count, of_words};
use crate::album::{OwnItem, ShareItem};
use crate::rules::{Action, describe_action};
use crate::sharing::Fault;
use crate::words::Language;

/// How long the share that ends lives, in seconds.
const SHORT: u64 = 3;

/// The share that ends: since when it can be looked at, and what happened at once.
pub(super) struct Short {
    share: String,
    item: ShareItem,
    began: Instant,
    at_once: String,
}

/// What came of a look.
pub(super) enum Look {
    /// Something, of so many pixels.
    Seen(String),
    /// Nothing, and why.
    Denied(String),
}

impl Look {
    fn words(self) -> String {
        match self {
            Look::Seen(words) | Look::Denied(words) => words,
        }
    }
}

impl Play<'_> {
    /// A second share, only for Bob, that lives for some seconds. He looks at once.
    pub(super) fn share_for_a_moment(
        &mut self,
        item: Option<&OwnItem>,
    ) -> Result<Option<Short>, Fault> {
        let Some(item) = item else {
            return Ok(None);
        };
        let rules = format!("display=640,period=PT{SHORT}S");
        let order = self.order(std::slice::from_ref(item), &[("bob", &rules)])?;
        let a = &mut self.stage.a;
        let now = a.now()?;
        let share = a.home.share(&order, now, &mut |_| {})?.share;
        self.stage.sync(Who::A)?;
        self.stage.sync(Who::B)?;
        // The period began in this pass, so it is over at the latest so long after it.
        let began = Instant::now();
        let items = self.received(Who::B, &share)?;
        let Some(item) = items.into_iter().next() else {
            return Ok(None);
        };
        let at_once = self.look(Who::B, "bob", &item)?.words();
        Ok(Some(Short {
            share,
            item,
            began,
            at_once,
        }))
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
            Err(fault) if fault.code == "denied" => Ok(Look::Denied(fault.message)),
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

    /// Each person asks to look, to print and to keep.
    pub(super) fn portions(&mut self, sent: &[Sent]) -> Result<Vec<Portion>, Fault> {
        self.scene("What each person gets")?;
        let mut pairs = Vec::new();
        for one in sent {
            // Items keep their order on the way.
            pairs.extend(
                self.received(Who::B, &one.recorded.share)?
                    .into_iter()
                    .zip(one.items.clone()),
            );
        }
        let below = self.stage.place.join("page");
        let mut portions = Vec::new();
        for person in ["bob", "bea"] {
            let sentences = sent
                .iter()
                .flat_map(|one| &one.recorded.destinations)
                .flat_map(|line| &line.stations)
                .filter(|(station, _)| station.as_str() == person)
                .map(|(_, sentence)| capital(sentence));
            let sentences = sentences.collect();
            let portion = Portion::ask(&mut self.stage.b, person, sentences, &pairs, &below)?;
            self.tell(&portion)?;
            portions.push(portion);
        }
        Ok(portions)
    }

    pub(super) fn tell(&mut self, portion: &Portion) -> Result<(), Fault> {
        self.say(format_args!("{}:", capital(portion.person)))?;
        for handed in &portion.items {
            let ways: Vec<String> = WAYS
                .into_iter()
                .zip(&handed.ways)
                .filter_map(way_words)
                .collect();
            let ways = if ways.is_empty() {
                "nothing".to_owned()
            } else {
                ways.join("; ")
            };
            self.say(format_args!(
                "  {} ({}): {ways}",
                handed.name,
                of_words(handed)
            ))?;
        }
        for (action, words) in portion.denials() {
            self.say(format_args!(
                "  To {}: {words}",
                describe_action(Language::En, action)
            ))?;
        }
        Ok(())
    }

    /// Waits for the end of the short share, and shows it.
    pub(super) fn end(&mut self, short: Option<Short>) -> Result<Option<String>, Fault> {
        let Some(short) = short else {
            return Ok(None);
        };
        self.scene("A share comes to its end")?;
        // One more, since times are whole seconds.
        let over = Duration::from_secs(SHORT + 1);
        std::thread::sleep(over.saturating_sub(short.began.elapsed()));
        let denied = self.look(Who::B, "bob", &short.item)?.words();
        let done = self.stage.sync(Who::B)?;
        let held = self.held(Who::B, &short.share)?;
        let share = self.stage.b.home.album.rows().share(&short.share)?;
        let state = share.map_or("gone", |share| share.state.as_str());
        let lines = [
            format!(
                "Another share, for {SHORT} seconds. Bob looked at once: {}.",
                short.at_once
            ),
            format!("Then: {denied}"),
            format!(
                "At its next pass the box ended {} and holds {} of it; it remembers only that it was there ({state}).",
                count(done.expired as usize, "share"),
                count(held, "part")
            ),
        ];
        for line in &lines {
            self.say(line)?;
        }
        Ok(Some(lines.join(" ")))
    }
}

fn way_words((action, outcome): (Action, &Outcome)) -> Option<String> {
    let Outcome::File {
        size, pixels, same, ..
    } = outcome
    else {
        return None;
    };
    let pixels = pixels.map_or_else(String::new, |(w, h)| format!(" {w}×{h},"));
    let same = if *same { ", bit for bit" } else { "" };
    Some(format!(
        "{}{pixels} {}{same}",
        page::verb(action),
        bytes_words(*size as usize)
    ))
}
