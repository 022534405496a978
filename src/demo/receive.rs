//! The scenes at the receiving house: what each person is handed, and a share that comes to its end.

use std::time::{Duration, Instant};

use super::play::{Play, Sent};
use super::portion::Portion;
use super::provider;
use super::stage::Who;
use super::words::{capital, states as states_words, told};
use crate::album::{DestinationState, OwnItem, ShareItem};
use crate::sharing::Fault;
use crate::words::say;

/// How long the share that ends lives, in seconds.
const SHORT: u64 = 3;

/// The share that ends: since when it can be looked at, and what happened at once.
pub(super) struct Short {
    share: String,
    item: ShareItem,
    began: Instant,
    at_once: String,
}

impl Play<'_> {
    /// The other box fetches, tells its people and answers.
    pub(super) fn arrive(&mut self, sent: &[Sent]) -> Result<Vec<(String, String)>, Fault> {
        let language = self.language;
        self.scene(&told!(language, "demo-arrive-title"))?;
        let done = self.stage.sync(Who::B)?;
        let name = self.stage.b.name.clone();
        self.say(told!(
            language,
            "demo-arrive-taken",
            name = name,
            count = done.ingested as usize,
            refused = done.refused.len()
        ))?;
        self.stage.sync(Who::A)?;
        let rows = self.stage.a.home.album.rows();
        let mut states: Vec<DestinationState> = Vec::new();
        for one in sent {
            if let Some(share) = rows.share(&one.recorded.share)? {
                states.extend(rows.destinations(share.id)?.iter().map(|d| d.state));
            }
        }
        let states = states_words(language, states.into_iter());
        self.say(told!(language, "demo-arrive-receipt", states = states))?;
        let mut notices = Vec::new();
        for person in ["bob", "bea"] {
            let mails = self
                .stage
                .server
                .messages(&format!("{person}@people.example"), "INBOX");
            // Those before were that a household waited to be accepted.
            notices.extend(mails.last().map(provider::plain));
        }
        if let Some((subject, text)) = notices.first() {
            self.say(told!(language, "demo-arrive-mail"))?;
            self.say(format_args!("  | {subject}"))?;
            for line in text.trim_end().lines() {
                self.say(format_args!("  | {line}").to_string().trim_end())?;
            }
        }
        Ok(notices)
    }

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

    /// Each person asks to look, to print and to keep.
    pub(super) fn portions(&mut self, sent: &[Sent]) -> Result<Vec<Portion>, Fault> {
        self.scene(&told!(self.language, "demo-portions-title"))?;
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

    /// Waits for the end of the short share, and shows it.
    pub(super) fn end(&mut self, short: Option<Short>) -> Result<Option<String>, Fault> {
        let Some(short) = short else {
            return Ok(None);
        };
        let language = self.language;
        self.scene(&told!(language, "demo-end-title"))?;
        // One more, since times are whole seconds.
        let over = Duration::from_secs(SHORT + 1);
        std::thread::sleep(over.saturating_sub(short.began.elapsed()));
        let denied = self.look(Who::B, "bob", &short.item)?.words();
        let done = self.stage.sync(Who::B)?;
        let held = self.held(Who::B, &short.share)?;
        let share = self.stage.b.home.album.rows().share(&short.share)?;
        let state = match share {
            Some(share) => say(
                language,
                &format!("share-state-{}", share.state.as_str()),
                &[],
            ),
            None => told!(language, "demo-end-gone"),
        };
        let lines = [
            told!(
                language,
                "demo-end-began",
                seconds = SHORT,
                saw = short.at_once
            ),
            told!(language, "demo-end-then", words = denied),
            told!(
                language,
                "demo-end-left",
                shares = done.expired as usize,
                parts = told!(language, "demo-parts", count = held),
                state = state
            ),
        ];
        for line in &lines {
            self.say(line)?;
        }
        Ok(Some(lines.join(" ")))
    }
}
