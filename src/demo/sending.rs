//! The scenes at the sending house: two households meet, pictures go into an album and out to others, and what the mail
//! provider has of it.

use std::path::Path;

use super::pictures::{self, Choice};
use super::play::{MESSAGE, Play, Sent, TITLE};
use super::provider::{self, Sighting};
use super::stage::Who;
use super::words::{bytes_words, capital, count};
use crate::album::OwnItem;
use crate::sharing::Fault;

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
        self.scene("Two households introduce themselves by mail")?;
        let letters = self.stage.introduce(Who::A, Who::B)?;
        let stage = &self.stage;
        let (at_a, at_b) = (&stage.a.mailbox, &stage.b.mailbox);
        let lines = [
            format!(
                "{} ({at_a}), with Ann, and {} ({at_b}), with Bob and Bea.",
                stage.a.name, stage.b.name
            ),
            format!(
                "{letters} letters went between them: each asked, and each answered with its card."
            ),
            format!(
                "Then they compared words on the telephone. {} are",
                stage.a.name
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
        self.scene("Ann's pictures go into her album")?;
        let Choice { files, left_out } = match folder {
            Some(folder) => pictures::of_folder(folder)?,
            None => pictures::samples(&self.stage.place.join("card"))?,
        };
        let a = &mut self.stage.a;
        let now = a.time()?;
        let imported = a.home.import(&files, None, now, &mut |_| {})?;
        let bytes: u64 = imported.items.iter().map(|item| item.size).sum();
        let total = imported.items.len();
        self.say(format_args!(
            "{}, {}, sealed as they were read.",
            count(total, "file"),
            bytes_words(bytes as usize)
        ))?;
        for skipped in imported.skipped {
            self.say(format_args!(
                "Passed over: {}: {}",
                skipped.path.display(),
                skipped.reason
            ))?;
        }
        if left_out > 0 {
            self.say(format_args!(
                "{} more stayed out: a demonstration carries 40 files of 100 MB in all.",
                left_out
            ))?;
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
        self.scene("Ann shares them with Bob and Bea")?;
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
            self.say("Files that are no pictures cannot be made smaller, so they go whole or not at all.")?;
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
                    self.say(format_args!("Not shared: {}", fault.message))?;
                }
            }
        }
        Ok(None)
    }

    /// Read before the other box has fetched it.
    pub(super) fn provider(&mut self) -> Result<Seen, Fault> {
        self.scene("What the mail provider sees")?;
        let mailbox = self.stage.b.mailbox.to_string();
        let stored = self.stage.server.messages(&mailbox, "INBOX");
        let messages = provider::look(&stored);
        let bytes: usize = messages.iter().map(|message| message.size).sum();
        self.say(format_args!(
            "{} in the mailbox {mailbox}, {}:",
            count(messages.len(), "message"),
            bytes_words(bytes)
        ))?;
        for message in &messages {
            self.say(format_args!(
                "  From: {}  To: {}  Subject: {}  ({}, {})",
                message.from,
                message.to,
                message.subject,
                message.hint,
                bytes_words(message.size)
            ))?;
        }
        if let Some(letter) = messages.first() {
            self.say("The first as it lies there:")?;
            for line in &letter.beginning {
                self.say(format_args!("  | {line}"))?;
            }
        }
        let names = self.stage.a.home.album.rows().items()?;
        let mut secrets: Vec<&str> = names.iter().map(|item| item.name.as_str()).collect();
        let bob = format!("+bob@{}", self.stage.b.mailbox.domain());
        secrets.extend([
            TITLE,
            MESSAGE,
            bob.as_str(),
            "\"stations\"",
            "\"display\"",
            "\"media_type\"",
        ]);
        secrets.retain(|word| word.len() >= TELLING);
        let found = provider::readable(&stored, &secrets);
        let verdict = if found.is_empty() {
            format!(
                "Title, message, names and rules, {} in all, were looked for in every byte, behind base64 too: none is there.",
                secrets.len()
            )
        } else {
            format!(
                "This can be read there and should not: {}",
                found.join(", ")
            )
        };
        self.say("It learns who writes to whom, when and how much.")?;
        self.say(&verdict)?;
        Ok(Seen { messages, verdict })
    }
}
