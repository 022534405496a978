//! The scenes with the third household: a picture is passed on, narrower, and taken back by whom it came from.

use super::play::{Look, Play};
use super::portion::Portion;
use super::stage::Who;
use super::words::{capital, count};
use crate::address::StationAddress;
use crate::album::{DestinationState, OwnItem};
use crate::rules::parse_rules;
use crate::sharing::Fault;
use crate::sharing::forward::{ForwardOrder, Forwarded};
use crate::sharing::narrow::Narrowing;

/// What came of it.
pub(super) struct Onward {
    /// How it went there.
    pub there: Vec<String>,
    /// What the person there got while it lasted.
    pub portion: Portion,
    /// How it came to its end.
    pub back: Vec<String>,
}

impl Play<'_> {
    /// Ann shares one more picture with Bea, who may pass it on; she does, and Ann takes it back.
    pub(super) fn onward(&mut self, item: Option<&OwnItem>) -> Result<Option<Onward>, Fault> {
        let Some(item) = item else {
            return Ok(None);
        };
        self.scene("Bea passes a picture on")?;
        let rules = "display=full,print=full,store=full,forward=yes";
        let order = self.order(std::slice::from_ref(item), &[("bea", rules)])?;
        let a = &mut self.stage.a;
        let now = a.now()?;
        let recorded = a.home.share(&order, now, &mut |_| {})?;
        for who in [Who::A, Who::B, Who::A] {
            self.stage.sync(who)?;
        }
        let share = recorded.share;
        let (there, portion) = self.pass_on(&share, item)?;
        let back = self.take_back(&share)?;
        Ok(Some(Onward {
            there,
            portion,
            back,
        }))
    }

    fn pass_on(&mut self, share: &str, item: &OwnItem) -> Result<(Vec<String>, Portion), Fault> {
        let (brooks, clarks) = (self.stage.b.name, self.stage.c.name);
        // What may be passed on once goes no further: the widest is one step.
        let wider = match self.forward(share, "display=full,forward=yes") {
            Err(fault) if fault.code == "wider" => fault.message,
            Err(fault) => return Err(fault),
            Ok(_) => {
                return Err(Fault::new(
                    "demo",
                    "a share was passed on wider than allowed",
                ));
            }
        };
        let given = self.forward(share, "display=640")?;
        let sentences = given.destinations.iter().flat_map(|line| &line.stations);
        let sentences: Vec<String> = sentences.map(|(_, words)| capital(words)).collect();
        for who in [Who::B, Who::C, Who::B, Who::A] {
            self.stage.sync(who)?;
        }
        let same = self.parts_as_they_came(share)?;
        let copies = self.stage.a.home.sent()?.into_iter();
        let mut copies = copies
            .filter(|sent| sent.share == share)
            .flat_map(|sent| sent.copies);
        let copy = copies
            .next()
            .ok_or_else(|| Fault::new("demo", "no word of the copy came to its origin"))?;
        let lines = vec![
            format!("Ann lets Bea pass a picture on. Bea knows {clarks}; Ann does not."),
            format!("Bea tries to let Cleo there pass it on again: {wider}."),
            format!("Smaller goes. {}", sentences.join(" ")),
            format!(
                "The box of {brooks} wrapped the keys anew and opened nothing: {} came to {clarks} byte for byte.",
                count(same, "sealed part")
            ),
            format!(
                "Ann's box was told: a household that it does not know ({}) has a copy, by way of {brooks}. {}",
                copy.household.short(),
                capital(&copy.words)
            ),
        ];
        for line in &lines {
            self.say(line)?;
        }
        let items = self.received(Who::C, share)?;
        let pairs: Vec<_> = items.into_iter().zip([item.clone()]).collect();
        let below = self.stage.place.join("page");
        let portion = Portion::ask(&mut self.stage.c, "cleo", sentences, &pairs, &below)?;
        self.tell(&portion)?;
        Ok((lines, portion))
    }

    /// As Bea, for Cleo.
    fn forward(&mut self, share: &str, rules: &str) -> Result<Forwarded, Fault> {
        let wrong = |error: &dyn std::fmt::Display| Fault::new("demo", error.to_string());
        let cleo = StationAddress {
            mailbox: self.stage.c.mailbox.clone(),
            station: "cleo".parse().map_err(|error| wrong(&error))?,
        };
        let order = ForwardOrder {
            share: share.to_owned(),
            person: Some("bea".parse().map_err(|error| wrong(&error))?),
            to: vec![cleo.to_string()],
            rules: Some(Narrowing {
                rules: parse_rules(rules).map_err(|error| wrong(&error))?,
                says_what: true,
            }),
            ..ForwardOrder::default()
        };
        let b = &mut self.stage.b;
        let now = b.now()?;
        b.home.forward(&order, now)
    }

    /// How many sealed parts lie at the third household, each as the first sealed it.
    fn parts_as_they_came(&self, share: &str) -> Result<usize, Fault> {
        let gone = || Fault::new("demo", "a share did not arrive");
        let (a, c) = (&self.stage.a.home, &self.stage.c.home);
        let (at_a, at_c) = (a.album.rows(), c.album.rows());
        let first = at_a.parts(at_a.share(share)?.ok_or_else(gone)?.id)?;
        let third = at_c.parts(at_c.share(share)?.ok_or_else(gone)?.id)?;
        let sealed =
            |part: &crate::album::PartRow| first.iter().any(|one| one.digest == part.digest);
        Ok(third
            .iter()
            .filter(|part| part.held && sealed(part))
            .count())
    }

    fn take_back(&mut self, share: &str) -> Result<Vec<String>, Fault> {
        self.scene("Ann takes it back")?;
        let a = &mut self.stage.a;
        let now = a.now()?;
        let revoked = a.home.revoke(share, None, now)?;
        for who in [Who::A, Who::B, Who::C, Who::B, Who::A] {
            self.stage.sync(who)?;
        }
        let item = self.received(Who::C, share)?.into_iter().next();
        let item = item.ok_or_else(|| Fault::new("demo", "a share is not remembered"))?;
        let Look::Denied(denied) = self.look(Who::C, "cleo", &item)? else {
            return Err(Fault::new("demo", "what was taken back can be looked at"));
        };
        let (b, c) = (self.held(Who::B, share)?, self.held(Who::C, share)?);
        let rows = self.stage.a.home.album.rows();
        let destinations = match rows.share(share)? {
            Some(share) => rows.destinations(share.id)?,
            None => Vec::new(),
        };
        let states: Vec<&str> = destinations
            .iter()
            .map(|destination| DestinationState::as_str(destination.state))
            .collect();
        let lines = vec![
            "The word follows every copy: from Ann's box to the first, and from there to the next."
                .to_owned(),
            format!("Cleo looks again: {denied}"),
            format!(
                "What is left: {} {}, {} {}. At Ann's it now says: {}.",
                self.stage.b.name,
                count(b, "part"),
                self.stage.c.name,
                count(c, "part"),
                states.join(", ")
            ),
            format!(
                "What was kept as a file nobody can call back, and her box says for whom that may be so: {}.",
                revoked.may_have_kept.join("; ")
            ),
        ];
        for line in &lines {
            self.say(line)?;
        }
        Ok(lines)
    }
}
