//! The scene in which two households meet by an invitation: nobody types or compares a fingerprint, and both end checked.

use super::play::Play;
use super::provider;
use super::stage::Who;
use crate::address::{AddressError, StationName};
use crate::album::Trust;
use crate::sharing::Fault;

/// For how many days it lets in.
const DAYS: u32 = 7;

impl Play<'_> {
    /// Bea invites the third household, and Cleo follows. Gives what is said of it.
    pub(super) fn invite(&mut self) -> Result<Vec<String>, Fault> {
        let (brooks, clarks) = (self.stage.b.name, self.stage.c.name);
        self.scene(&format!("{brooks} invites {clarks}"))?;
        let person = |name: &str| -> Result<StationName, Fault> {
            name.parse()
                .map_err(|error: AddressError| Fault::new("demo", error.to_string()))
        };
        let b = &mut self.stage.b;
        let now = b.time()?;
        let invited = b.home.invite(Some(&person("bea")?), DAYS, now)?;
        let before = self.stage.server.transactions().len();
        let c = &mut self.stage.c;
        let now = c.time()?;
        c.home.join(&invited.link, Some(&person("cleo")?), now)?;
        for who in [Who::C, Who::B, Who::C, Who::B, Who::C] {
            self.stage.sync(who)?;
        }
        let letters = self.stage.server.transactions()[before..]
            .iter()
            .filter(|mail| mail.account.starts_with("home@"))
            .filter(|mail| {
                mail.recipients
                    .iter()
                    .all(|(to, _)| to.starts_with("home@"))
            })
            .count();
        let lines = vec![
            format!(
                "Bea's box makes a link for {DAYS} days, and the same to read out on the telephone: {}, and",
                invited.mailbox
            ),
            format!("  {}", invited.words.as_str()),
            format!(
                "Cleo follows it. {letters} letters go between the boxes, each with a code that only this invitation makes."
            ),
            format!(
                "Nobody compared anything, and both say of each other: {} and {}. It lets in nobody else.",
                self.trust(Who::B, Who::C)?,
                self.trust(Who::C, Who::B)?
            ),
            format!("Cleo was told by mail: {}", self.last_subject("cleo")),
        ];
        for line in &lines {
            self.say(line)?;
        }
        Ok(lines)
    }

    /// How well one household knows another.
    pub(super) fn trust(&mut self, one: Who, other: Who) -> Result<&'static str, Fault> {
        let who = self.stage.house(other).home.me();
        let contact = self.stage.house(one).home.album.rows().contact(who)?;
        Ok(contact.map_or("unknown", |contact| Trust::as_str(contact.trust)))
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
