//! The scenes with the third household: a picture is passed on, narrower, and taken back by whom it came from.

use super::play::{Look, Play};
use super::portion::Portion;
use super::stage::Who;
use super::words::{capital, states, told};
use crate::address::StationAddress;
use crate::album::OwnItem;
use crate::rules::parse_rules;
use crate::sharing::Fault;
use crate::sharing::forward::narrow::Narrowing;
use crate::sharing::forward::{ForwardOrder, Forwarded};
use crate::words::retell;

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
        self.scene(&told!(self.language, "demo-onward-title"))?;
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
        let language = self.language;
        let (brooks, clarks) = (self.stage.b.name.clone(), self.stage.c.name.clone());
        // What may be passed on once goes no further: the widest is one step.
        let wider = match self.forward(share, "display=full,forward=yes") {
            Err(fault) if fault.code == "wider" => retell(language, &fault.message),
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
        let sealed = told!(language, "demo-sealed-parts", count = same);
        let lines = self.say_all(vec![
            told!(language, "demo-onward-knows", name = clarks.as_str()),
            told!(
                language,
                "demo-onward-wider",
                words = wider.trim_end_matches('.')
            ),
            told!(language, "demo-onward-smaller", words = sentences.join(" ")),
            told!(
                language,
                "demo-onward-wrapped",
                by = brooks.as_str(),
                parts = sealed,
                to = clarks.as_str()
            ),
            told!(
                language,
                "demo-onward-told",
                who = copy.household.short(),
                by = brooks.as_str(),
                words = capital(&copy.words)
            ),
        ])?;
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
            rules: Some(Narrowing::said(
                parse_rules(rules).map_err(|error| wrong(&error))?,
            )),
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
        let language = self.language;
        self.scene(&told!(language, "demo-back-title"))?;
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
        let states = states(language, destinations.iter().map(|one| one.state));
        self.say_all(vec![
            told!(language, "demo-back-follows"),
            told!(language, "demo-back-denied", words = denied),
            told!(
                language,
                "demo-back-left",
                one = self.stage.b.name.as_str(),
                parts = told!(language, "demo-parts", count = b),
                other = self.stage.c.name.as_str(),
                more = told!(language, "demo-parts", count = c),
                states = states
            ),
            told!(
                language,
                "demo-back-kept",
                who = revoked.may_have_kept.join("; ")
            ),
        ])
    }
}
