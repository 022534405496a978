//! The scenes, in order; those at the receiving house stand in `receive`, those at
//! the third in `onward`. Each puts the boxes to work as their commands
//! would, and says in few words what came of it.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::commands::commands;
use super::page::{self, Page};
use super::pictures::{self, Choice};
use super::provider::{self, Sighting};
use super::stage::{Stage, Who};
use super::words::{bytes_words, capital, count};
use super::{Played, Voice};
use crate::address::StationAddress;
use crate::album::{DestinationState, OwnItem};
use crate::rules::parse_rules;
use crate::sharing::Fault;
use crate::sharing::share::{Order, Recorded};

const TITLE: &str = "A long weekend at the bay";
const MESSAGE: &str = "The kite broke only once. See you at Christmas!";
/// Words shorter than this stand in any large mail by chance.
const TELLING: usize = 8;

pub(super) struct Play<'o> {
    pub(super) stage: Stage,
    pub(super) voice: Voice<'o>,
    stop: &'o AtomicBool,
    scene: u32,
}

/// A recorded share and the items in it.
pub(super) struct Sent {
    pub recorded: Recorded,
    pub items: Vec<OwnItem>,
}

/// What the provider had before it, and what of ours could be read there.
struct Seen {
    messages: Vec<Sighting>,
    verdict: String,
}

/// Plays all of it in `place`.
pub(super) fn play(
    place: &Path,
    folder: Option<&Path>,
    stop: &AtomicBool,
    out: &mut dyn Write,
) -> Result<Played, Fault> {
    let mut voice = Voice(out);
    voice.say(format_args!(
        "Three households, on this machine only. Their mail provider is testmail, a mail server in memory that is made\n\
         for tests and demonstrations. Everything lies in {}",
        place.display()
    ))?;
    let mut play = Play {
        stage: Stage::build(place)?,
        voice,
        stop,
        scene: 0,
    };
    play.introduce()?;
    let (pictures, files) = play.import(folder)?;
    let sent = play.share(&pictures, &files)?;
    let seen = play.provider()?;
    let notices = play.arrive(&sent)?;
    let short = play.share_for_a_moment(pictures.first())?;
    let portions = play.portions(&sent)?;
    let ended = play.end(short)?;
    let onward = play.onward(pictures.first())?;
    play.voice.say("")?;
    let page = place.join("page").join("index.html");
    let content = Page {
        title: if pictures.is_empty() { "Files" } else { TITLE },
        from: play.stage.a.name,
        to: play.stage.b.name,
        portions: &portions,
        messages: &seen.messages,
        verdict: &seen.verdict,
        notices: &notices,
        ended: ended.as_deref(),
        onward: onward.as_ref(),
    };
    page::write(&page, &content)?;
    let commands = commands(&play.stage, &sent, folder.is_none());
    Ok(Played {
        page,
        sender: play.stage.a.config.clone(),
        receiver: play.stage.b.config.clone(),
        commands,
        stage: play.stage,
    })
}

impl Play<'_> {
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

    /// Cards travel both ways, then people compare words.
    fn introduce(&mut self) -> Result<(), Fault> {
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
    fn import(&mut self, folder: Option<&Path>) -> Result<(Vec<OwnItem>, Vec<OwnItem>), Fault> {
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
    fn share(&mut self, pictures: &[OwnItem], files: &[OwnItem]) -> Result<Vec<Sent>, Fault> {
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
            title: TITLE.to_owned(),
            message: MESSAGE.to_owned(),
            ..Order::default()
        })
    }

    /// Read before the other box has fetched it.
    fn provider(&mut self) -> Result<Seen, Fault> {
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

    /// The other box fetches, tells its people and answers.
    fn arrive(&mut self, sent: &[Sent]) -> Result<Vec<(String, String)>, Fault> {
        self.scene("It arrives")?;
        let done = self.stage.sync(Who::B)?;
        let name = self.stage.b.name;
        self.say(format_args!(
            "The box of {} took {} in, refused {}, and removed the mail.",
            name,
            count(done.ingested as usize, "letter and sealed part"),
            done.refused.len()
        ))?;
        self.stage.sync(Who::A)?;
        let rows = self.stage.a.home.album.rows();
        let mut states: Vec<DestinationState> = Vec::new();
        for one in sent {
            if let Some(share) = rows.share(&one.recorded.share)? {
                states.extend(rows.destinations(share.id)?.iter().map(|d| d.state));
            }
        }
        let states: Vec<&str> = states.into_iter().map(DestinationState::as_str).collect();
        self.say(format_args!(
            "Its receipt came back; at Ann's it now says: {}.",
            states.join(", ")
        ))?;
        let mut notices = Vec::new();
        for person in ["bob", "bea"] {
            let mails = self
                .stage
                .server
                .messages(&format!("{person}@people.example"), "INBOX");
            // The one before was that a household waited to be accepted.
            let told = mails.iter().map(provider::plain);
            notices.extend(told.filter(|(subject, _)| subject.contains("shared")));
        }
        if let Some((subject, text)) = notices.first() {
            self.say("Bob and Bea each got a mail, without a picture in it. Bob's:")?;
            self.say(format_args!("  | {subject}"))?;
            for line in text.trim_end().lines() {
                self.say(format_args!("  | {line}").to_string().trim_end())?;
            }
        }
        Ok(notices)
    }
}
