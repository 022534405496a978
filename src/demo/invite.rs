//! The scene in which two households meet by an invitation: nobody types or compares a fingerprint, and both end checked.

use super::play::Play;
use super::provider;
use super::stage::Who;
use super::words::{told, trust};
use crate::address::{AddressError, StationName};
use crate::sharing::Fault;

/// For how many days it lets in.
const DAYS: u32 = 7;

impl Play<'_> {
    /// Bea invites the third household, and Cleo follows. Gives what is said of it.
    pub(super) fn invite(&mut self) -> Result<Vec<String>, Fault> {
        let (brooks, clarks) = (self.stage.b.name.as_str(), self.stage.c.name.as_str());
        let language = self.language;
        let title = told!(language, "demo-invite-title", one = brooks, other = clarks);
        self.scene(&title)?;
        let person = |name: &str| -> Result<StationName, Fault> {
            name.parse()
                .map_err(|error: AddressError| Fault::new("demo", error.to_string()))
        };
        let b = &mut self.stage.b;
        let now = b.time()?;
        let invited = b.home.invite(Some(&person("bea")?), DAYS, now)?;
        let before = self.stage.server.transactions().len();
        let c = &mut self.stage.c;
        let now = c.now()?;
        c.home.join(&invited.link, Some(&person("cleo")?), now)?;
        for who in [Who::C, Who::B, Who::C, Who::B, Who::C] {
            self.stage.sync(who)?;
        }
        let both = [&self.stage.b.mailbox, &self.stage.c.mailbox].map(ToString::to_string);
        let letters = self.stage.server.transactions()[before..]
            .iter()
            .filter(|mail| both.contains(&mail.account))
            .filter(|mail| mail.recipients.iter().all(|(to, _)| both.contains(to)))
            .count();
        let trust = [self.trust(Who::B, Who::C)?, self.trust(Who::C, Who::B)?];
        self.say_all(vec![
            told!(
                language,
                "demo-invite-link",
                days = DAYS,
                mailbox = invited.mailbox.as_str()
            ),
            format!("  {}", invited.words.as_str()),
            told!(language, "demo-invite-letters", count = letters),
            told!(
                language,
                "demo-invite-trust",
                one = trust[0].as_str(),
                other = trust[1].as_str()
            ),
            told!(
                language,
                "demo-invite-told",
                subject = self.last_subject("cleo")
            ),
        ])
    }

    /// How well one household knows another.
    pub(super) fn trust(&mut self, one: Who, other: Who) -> Result<String, Fault> {
        let who = self.stage.house(other).home.me();
        let contact = self.stage.house(one).home.album.rows().contact(who)?;
        Ok(trust(self.language, contact.map(|contact| contact.trust)))
    }

    /// The subject of the newest mail to a person.
    fn last_subject(&self, person: &str) -> String {
        let mails = format!("{person}@people.example");
        let mails = self.stage.server.messages(&mails, "INBOX");
        mails
            .last()
            .map_or_else(String::new, |mail| provider::plain(mail).0)
    }
}
