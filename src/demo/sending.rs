//! The scenes at the sending house: two households meet, pictures go into an album and out to others, and what the mail
//! provider has of it.

use std::path::Path;

use super::pictures::{self, Choice};
use super::play::{Play, Sent};
use super::provider::{self, Sighting};
use super::stage::Who;
use super::words::{bytes_words, capital, told};
use crate::album::OwnItem;
use crate::sharing::Fault;
use crate::words::retell;

/// Words shorter than this stand in any large mail by chance.
const TELLING: usize = 8;

/// What the provider had before it, and what of ours could be read there.
pub(super) struct Seen {
    pub messages: Vec<Sighting>,
    pub verdict: String,
}

impl Play<'_> {
    /// Cards travel both ways, then people compare words.
    pub(super) fn introduce(&mut self) -> Result<(), Fault> {
        let language = self.language;
        self.scene(&told!(language, "demo-introduce-title"))?;
        let letters = self.stage.introduce(Who::A, Who::B)?;
        let stage = &self.stage;
        let (at_a, at_b) = (&stage.a.mailbox, &stage.b.mailbox);
        let lines = [
            told!(
                language,
                "demo-introduce-who",
                one = stage.a.name.as_str(),
                at_one = at_a.as_str(),
                other = stage.b.name.as_str(),
                at_other = at_b.as_str()
            ),
            told!(language, "demo-introduce-letters", count = letters),
            told!(
                language,
                "demo-introduce-words",
                name = stage.a.name.as_str()
            ),
        ];
        for line in lines {
            self.say(line)?;
        }
        let words = self.stage.a.home.me().words();
        let words: Vec<String> = words.split(' ').map(str::to_owned).collect();
        for line in words.chunks(12) {
            self.say(format_args!("  {}", line.join(" ")))?;
        }
        Ok(())
    }

    /// The items that were taken: those with a picture that can be made smaller, and the others.
    pub(super) fn import(
        &mut self,
        folder: Option<&Path>,
    ) -> Result<(Vec<OwnItem>, Vec<OwnItem>), Fault> {
        let language = self.language;
        self.scene(&told!(language, "demo-import-title"))?;
        let Choice { files, left_out } = match folder {
            Some(folder) => pictures::of_folder(folder)?,
            None => pictures::samples(&self.stage.place.join("card"))?,
        };
        let a = &mut self.stage.a;
        let now = a.time()?;
        let imported = a.home.import(&files, None, now, &mut |_| {})?;
        let bytes: u64 = imported.items.iter().map(|item| item.size).sum();
        let total = imported.items.len();
        let size = bytes_words(language, bytes as usize);
        self.say(told!(
            language,
            "demo-import-done",
            count = total,
            size = size
        ))?;
        for skipped in imported.skipped {
            let file = skipped.path.display().to_string();
            let reason = retell(language, &skipped.reason);
            self.say(told!(
                language,
                "demo-import-skipped",
                file = file,
                reason = reason
            ))?;
        }
        if left_out > 0 {
            self.say(told!(language, "demo-import-left-out", count = left_out))?;
        }
        let mut seen = std::collections::BTreeSet::new();
        let once = imported
            .items
            .into_iter()
            .filter(|item| seen.insert(item.id));
        Ok(once.partition(|item| item.width.is_some()))
    }

    /// Pictures with other limits for each person; files that are no pictures whole.
    pub(super) fn share(
        &mut self,
        pictures: &[OwnItem],
        files: &[OwnItem],
    ) -> Result<Vec<Sent>, Fault> {
        let language = self.language;
        self.scene(&told!(language, "demo-share-title"))?;
        let mut sent = Vec::new();
        for (items, bob, bea) in [
            (
                pictures,
                "display=1280,period=P7D",
                "display=full,print=full,store=full",
            ),
            (files, "store=full,period=P7D", "store=full"),
        ] {
            if let Some(one) = self.share_some(items, bob, bea)? {
                sent.push(one);
            }
        }
        if sent.is_empty() {
            return Err(Fault::new("nothing", "nothing here could be shared"));
        }
        if sent.len() > 1 {
            self.say(told!(language, "demo-share-whole"))?;
        }
        self.stage.sync(Who::A)?;
        Ok(sent)
    }

    /// Shares what can be shared, and says what cannot.
    fn share_some(
        &mut self,
        items: &[OwnItem],
        bob: &str,
        bea: &str,
    ) -> Result<Option<Sent>, Fault> {
        let mut items = items.to_vec();
        while !items.is_empty() {
            let order = self.order(&items, &[("bob", bob), ("bea", bea)])?;
            let a = &mut self.stage.a;
            let now = a.now()?;
            match a.home.share(&order, now, &mut |_| {}) {
                Ok(recorded) => {
                    for (_, sentence) in
                        recorded.destinations.iter().flat_map(|line| &line.stations)
                    {
                        self.say(capital(sentence))?;
                    }
                    return Ok(Some(Sent { recorded, items }));
                }
                Err(fault) => {
                    // Such a refusal begins with the name of the item that it is about.
                    let Some(at) = items
                        .iter()
                        .position(|item| fault.message.starts_with(&item.name))
                    else {
                        return Err(fault);
                    };
                    items.remove(at);
                    let why = retell(self.language, &fault.message);
                    self.say(told!(self.language, "demo-share-not", why = why))?;
                }
            }
        }
        Ok(None)
    }

    /// Read before the other box has fetched it.
    pub(super) fn provider(&mut self) -> Result<Seen, Fault> {
        let language = self.language;
        self.scene(&told!(language, "demo-provider-title"))?;
        let mailbox = self.stage.b.mailbox.to_string();
        let stored = self.stage.server.messages(&mailbox, "INBOX");
        let messages = provider::look(language, &stored);
        let bytes: usize = messages.iter().map(|message| message.size).sum();
        self.say(told!(
            language,
            "demo-provider-messages",
            count = messages.len(),
            mailbox = mailbox.as_str(),
            size = bytes_words(language, bytes)
        ))?;
        for message in &messages {
            self.say(format_args!(
                "  From: {}  To: {}  Subject: {}  ({}, {})",
                message.from,
                message.to,
                message.subject,
                message.hint,
                bytes_words(language, message.size)
            ))?;
        }
        if let Some(letter) = messages.first() {
            self.say(told!(language, "demo-provider-first"))?;
            for line in &letter.beginning {
                self.say(format_args!("  | {line}"))?;
            }
        }
        let names = self.stage.a.home.album.rows().items()?;
        let mut secrets: Vec<&str> = names.iter().map(|item| item.name.as_str()).collect();
        let bob = format!("+bob@{}", self.stage.b.mailbox.domain());
        let (title, message) = (
            told!(language, "demo-title"),
            told!(language, "demo-message"),
        );
        secrets.extend([
            title.as_str(),
            message.as_str(),
            bob.as_str(),
            "\"stations\"",
            "\"display\"",
            "\"media_type\"",
        ]);
        secrets.retain(|word| word.len() >= TELLING);
        let found = provider::readable(&stored, &secrets);
        let verdict = if found.is_empty() {
            told!(language, "demo-provider-none", count = secrets.len())
        } else {
            told!(language, "demo-provider-found", words = found.join(", "))
        };
        self.say(told!(language, "demo-provider-learns"))?;
        self.say(&verdict)?;
        Ok(Seen { messages, verdict })
    }
}
