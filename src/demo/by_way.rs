//! The scene in which a share goes by way of another household, which its last one does not know (Figure 6).

use super::pictures;
use super::play::{Look, Play};
use super::stage::Who;
use super::words::{state, told};
use crate::rules::parse_rules;
use crate::sharing::Fault;
use crate::sharing::listing::SentTo;
use crate::sharing::share::Order;

impl Play<'_> {
    /// Bea shares a picture of her own with both others, by way of Ann's box. Gives what is said of it.
    pub(super) fn by_way(&mut self) -> Result<Vec<String>, Fault> {
        let (andersons, clarks) = (self.stage.a.name.clone(), self.stage.c.name.clone());
        let language = self.language;
        self.scene(&told!(language, "demo-relay-title"))?;
        let [at_a, at_b, at_c] =
            [Who::A, Who::B, Who::C].map(|who| self.stage.house(who).mailbox.clone());
        let now = self.stage.a.time()?;
        self.stage.a.home.let_relay(&at_b, true, now)?;
        let picture = pictures::rain(&self.stage.place.join("brooks"))?;
        let b = &mut self.stage.b;
        let now = b.time()?;
        let imported = b.home.import(&[picture], None, now, &mut |_| {})?;
        let rules = parse_rules("display=1280,period=P7D");
        let order = Order {
            what: imported
                .items
                .iter()
                .map(|item| item.reference.clone())
                .collect(),
            to: vec![at_a.to_string(), at_c.to_string()],
            rules: Some(rules.map_err(|error| Fault::new("demo", error.to_string()))?),
            title: told!(language, "demo-relay-share"),
            relay_via: Some(at_a.clone()),
            ..Order::default()
        };
        let now = b.now()?;
        let share = b.home.share(&order, now, &mut |_| {})?.share;
        let before = self.stage.server.transactions().len();
        self.stage.sync(Who::B)?;
        let sent = self.mails_since(before, at_b.as_str());
        let to_relay = sent.iter().filter(|to| *to == at_a.as_str()).count();
        if to_relay != sent.len() {
            return Err(Fault::new(
                "demo",
                "something went straight, and not by way of the relay",
            ));
        }
        let before = self.stage.server.transactions().len();
        self.stage.sync(Who::A)?;
        let passed = self.mails_since(before, at_a.as_str());
        let passed = passed.iter().filter(|to| *to == at_c.as_str()).count();
        for who in [Who::C, Who::B, Who::A] {
            self.stage.sync(who)?;
        }
        let item = self.received(Who::C, &share)?.into_iter().next();
        let item = item.ok_or_else(|| Fault::new("demo", "a share did not arrive"))?;
        let Look::Seen(seen) = self.look(Who::C, "cleo", &item)? else {
            return Err(Fault::new(
                "demo",
                "what came by way of a relay cannot be looked at",
            ));
        };
        let states = self.how_far(&share)?;
        self.say_all(vec![
            told!(
                language,
                "demo-relay-allowed",
                relay = andersons.as_str(),
                other = clarks.as_str()
            ),
            told!(
                language,
                "demo-relay-sent",
                mails = told!(language, "demo-mails", count = to_relay),
                mailbox = at_a.as_str()
            ),
            told!(
                language,
                "demo-relay-passed",
                mails = told!(language, "demo-mails", count = passed)
            ),
            told!(
                language,
                "demo-relay-seen",
                other = clarks.as_str(),
                relay = andersons.as_str(),
                saw = seen
            ),
            told!(language, "demo-relay-states", states = states),
        ])
    }

    /// To whom an account handed in mail since then, once a mail and mailbox.
    fn mails_since(&self, before: usize, account: &str) -> Vec<String> {
        let transactions = self.stage.server.transactions();
        let own = transactions[before..]
            .iter()
            .filter(|mail| mail.account == account);
        own.flat_map(|mail| mail.recipients.iter().map(|(to, _)| to.clone()))
            .filter(|to| to.starts_with("home@"))
            .collect()
    }

    /// Household by household, as the second one lists what it sent.
    fn how_far(&self, share: &str) -> Result<String, Fault> {
        let sent = self.stage.b.home.sent()?.into_iter();
        let to = sent
            .filter(|one| one.share == share)
            .flat_map(|one| one.destinations);
        let one = |to: SentTo| {
            let state = state(self.language, to.state);
            match &to.via {
                Some(via) => told!(
                    self.language,
                    "demo-relay-via",
                    name = to.name.as_str(),
                    state = state,
                    relay = via.as_str()
                ),
                None => format!("{} {state}", to.name),
            }
        };
        let states: Vec<String> = to.map(one).collect();
        Ok(states.join(", "))
    }
}
