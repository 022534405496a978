//! What becomes of the answers of the directory.
//!
//! Answers are kept: for an hour they stand for the directory, and after that as long as it is silent, with their age said.
//! A household there that has the mailbox of a known one and another identity is an alarm, and changes nothing.

use super::answer::Answer;
use super::kept::{clean, keep, kept_answer, named};
use super::question::{Answers, Question};
use super::{Found, households_of, only};
use crate::address::{Mailbox, StationAddress};
use crate::album::{Contact, Rows};
use crate::config::Config;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::contacts::claims::claim_of_directory;
use crate::sharing::listing::clean_line;
use crate::sharing::{Fault, Household};

/// So long an answer stands for the directory, in seconds.
const FRESH: u64 = 3_600;
/// So many things are looked for at once.
const MOST: usize = 20;

/// What a look for unknown destinations came to.
#[derive(Debug, Clone, Default)]
pub struct LookedUp {
    /// Households that were taken, of a directory that is trusted.
    pub taken: Vec<Contact>,
    /// What else there is to say, a sentence each.
    pub notes: Vec<String>,
}

impl Household {
    /// A question to the directory. `anew`: it is asked whatever it answered of late. Fails where none is set.
    pub fn question(&self, what: &[String], anew: bool, now: Timestamp) -> Result<Question, Fault> {
        let settings = self.directory_settings()?.clone();
        let place = named(&settings);
        let mut wanted: Vec<(String, bool)> = Vec::new();
        for one in what {
            let one = clean(one);
            if one.is_empty() || wanted.len() == MOST || wanted.iter().any(|(had, _)| *had == one) {
                continue;
            }
            let kept = self.album.rows().directory_answer(&place, &one)?;
            let fresh = kept.is_some_and(|(_, at)| at <= now && at.plus_seconds(FRESH) > now);
            wanted.push((one, anew || !fresh));
        }
        Ok(Question {
            settings,
            place,
            what: wanted,
        })
    }

    /// The question for whom a share is meant and nobody here knows; `None`: there is nothing to ask, or nobody.
    pub fn question_for(&self, to: &[String], now: Timestamp) -> Result<Option<Question>, Fault> {
        if self.config.directory.is_none() {
            return Ok(None);
        }
        let mut what = Vec::new();
        for typed in to {
            match typed.parse::<StationAddress>() {
                Ok(address) => {
                    let mailbox = self.meant_at(&address.mailbox)?;
                    if self.is_unknown(&mailbox)? {
                        what.push(mailbox.to_string());
                    }
                }
                // A word that a household announces is offered as that one's.
                Err(_) => match self.meant_by(typed) {
                    Err(fault) if !["suggested_word", "several_words"].contains(&fault.code) => {
                        what.push(typed.clone());
                    }
                    _ => {}
                },
            }
        }
        match what.is_empty() {
            true => Ok(None),
            false => Ok(Some(self.question(&what, false, now)?)),
        }
    }

    /// Keeps what the directory answered, and gives it with what was kept before.
    pub fn take_answers(&mut self, answers: Answers, now: Timestamp) -> Result<Vec<Answer>, Fault> {
        let Answers { place, each } = answers;
        let me = self.me();
        let mut all = Vec::new();
        self.album.commit(|rows| {
            for (what, said) in each {
                let mut answer = match said {
                    Some(Ok(entries)) => {
                        let found = households_of(&entries);
                        keep(rows, &place, &what, &found, now)?;
                        if let Ok(mailbox) = what.parse() {
                            take_back(rows, &mailbox, &found)?;
                        }
                        Answer {
                            found,
                            what,
                            as_of: None,
                            trouble: None,
                        }
                    }
                    other => kept_answer(rows, &place, what, other.and_then(Result::err), now)?,
                };
                answer
                    .found
                    .retain(|one| one.card.identity.fingerprint() != me);
                let by_mailbox = |one: &Found| one.mailbox.to_string();
                answer.found.sort_by_key(by_mailbox);
                for one in &mut answer.found {
                    compare(rows, one, now)?;
                }
                all.push(answer);
            }
            Ok::<_, Fault>(())
        })?;
        Ok(all)
    }

    /// What the directory said before, without asking it; of what is older than an hour, of when it is.
    pub fn kept_in_directory(&self, what: &[String], now: Timestamp) -> Result<Vec<Answer>, Fault> {
        let Some(settings) = &self.config.directory else {
            return Ok(Vec::new());
        };
        let (rows, place) = (self.album.rows(), named(settings));
        let mut all = Vec::new();
        for one in what.iter().take(MOST) {
            let one = clean(one);
            let mut answer = kept_answer(rows, &place, one.clone(), None, now)?;
            let kept = rows.directory_answer(&place, &one)?.map(|(_, at)| at);
            answer.as_of = kept.filter(|at| at.plus_seconds(FRESH) <= now);
            let me = self.me();
            answer
                .found
                .retain(|one| one.card.identity.fingerprint() != me);
            for one in &mut answer.found {
                stand(rows, one)?;
            }
            all.push(answer);
        }
        Ok(all)
    }

    /// What the answers to [`Household::question_for`] come to. A household of a trusted directory is taken; of another it is
    /// noted who it says that is. A word that nobody here gave a meaning is refused, with those whom it could mean.
    pub fn take_looked_up(&mut self, answers: Answers, now: Timestamp) -> Result<LookedUp, Fault> {
        let trusted = self.directory_settings()?.trusted;
        let mut looked = LookedUp::default();
        for answer in self.take_answers(answers, now)? {
            if let Some(note) = answer.note()
                && !looked.notes.contains(&note)
            {
                looked.notes.push(note);
            }
            let Ok(mailbox) = answer.what.parse::<Mailbox>() else {
                offer(&answer)?;
                continue;
            };
            match only(&mailbox, answer.found) {
                Ok(Some(found)) if trusted => looked.taken.push(self.take_found(&found, now)?),
                Ok(Some(found)) => looked.notes.push(says_it_is(&found)),
                Ok(None) => {}
                Err(fault) => looked.notes.push(fault.message),
            }
        }
        Ok(looked)
    }

    /// Takes the household of a mailbox out of the directory, on the keeper's word: they looked at whom it names.
    pub async fn add_from_directory(
        &mut self,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<Contact, Fault> {
        let question = self.question(&[mailbox.to_string()], true, now)?;
        let answers = question.ask().await;
        self.add_answered((mailbox, None), answers, now)
    }

    /// The same, once the directory was asked for that mailbox; `meant`: the identity whose words were looked at, where they
    /// were shown before it was asked.
    pub fn add_answered(
        &mut self,
        (mailbox, meant): (&Mailbox, Option<Fingerprint>),
        answers: Answers,
        now: Timestamp,
    ) -> Result<Contact, Fault> {
        let mut found = Vec::new();
        for answer in self.take_answers(answers, now)? {
            if let Some(trouble) = answer.trouble {
                return Err(trouble);
            }
            found.extend(answer.found);
        }
        found.retain(|one| one.mailbox == *mailbox);
        if let Some(meant) = meant {
            let others = !found.is_empty();
            found.retain(|one| one.card.identity.fingerprint() == meant);
            if others && found.is_empty() {
                let words = format!("the directory names another household at {mailbox} by now");
                return Err(Fault::usage("another", words).hint("look once more, and compare"));
            }
        }
        let found = only(mailbox, found)?.ok_or_else(|| {
            let words = format!("the directory knows no household at {mailbox}");
            Fault::usage("unknown_contact", words)
        })?;
        self.take_found(&found, now)
    }

    /// Looks for households; asks the directory in any case, and falls back on what it said before.
    pub async fn look_in_directory(
        &mut self,
        typed: &str,
        now: Timestamp,
    ) -> Result<Answer, Fault> {
        let question = self.question(&[typed.to_owned()], true, now)?;
        let answers = question.ask().await;
        let mut all = self.take_answers(answers, now)?;
        let answer = all.pop();
        answer.map_or_else(
            || {
                Err(Fault::usage(
                    "nothing",
                    "say what to look for: a mailbox, a name or a key word",
                ))
            },
            Answer::or_trouble,
        )
    }

    /// Looks in the directory for whom a share is meant and nobody here knows.
    pub async fn look_for_unknown(
        &mut self,
        to: &[String],
        now: Timestamp,
    ) -> Result<LookedUp, Fault> {
        match self.question_for(to, now)? {
            Some(question) => {
                let answers = question.ask().await;
                self.take_looked_up(answers, now)
            }
            None => Ok(LookedUp::default()),
        }
    }

    /// Who the household at a mailbox is, as the directory last said.
    pub(in crate::sharing) fn identity_in_directory(
        &self,
        mailbox: &Mailbox,
        now: Timestamp,
    ) -> Result<Option<Fingerprint>, Fault> {
        let Some(settings) = &self.config.directory else {
            return Ok(None);
        };
        let (place, what) = (named(settings), mailbox.to_string());
        let answer = kept_answer(self.album.rows(), &place, what, None, now)?;
        let found = only(mailbox, answer.found).ok().flatten();
        Ok(found.map(|found| found.card.identity.fingerprint()))
    }
}

/// Whether a household of the directory is known here, or another one is at its mailbox.
fn stand(rows: Rows<'_>, found: &mut Found) -> Result<(), Fault> {
    if let Some(contact) = rows.contact_at(&found.mailbox)?.filter(|one| one.accepted) {
        found.known = contact.fingerprint == found.card.identity.fingerprint();
        found.differs = !found.known;
    }
    Ok(())
}

/// The same; that another one is there is an alarm.
fn compare(rows: Rows<'_>, found: &mut Found, now: Timestamp) -> Result<(), Fault> {
    stand(rows, found)?;
    match found.differs {
        true => claim_of_directory(rows, &found.card, now),
        false => Ok(()),
    }
}

/// Holds a household that is heard from now on against what the directory last said of its mailbox.
pub(in crate::sharing) fn compare_with_kept(
    rows: Rows<'_>,
    config: &Config,
    contact: &Contact,
    now: Timestamp,
) -> Result<(), Fault> {
    let Some(settings) = config.directory.as_ref().filter(|_| contact.is_heard()) else {
        return Ok(());
    };
    let (place, what) = (named(settings), contact.mailbox.to_string());
    let mut found = kept_answer(rows, &place, what, None, now)?.found;
    found.retain(|one| one.mailbox == contact.mailbox);
    for one in &mut found {
        compare(rows, one, now)?;
    }
    Ok(())
}

/// What the directory said of a mailbox before, and does not say now, is no claim any more.
fn take_back(rows: Rows<'_>, mailbox: &Mailbox, found: &[Found]) -> Result<(), Fault> {
    for who in rows.claims_in_directory(mailbox)? {
        let same = |one: &Found| one.mailbox == *mailbox && one.card.identity.fingerprint() == who;
        if !found.iter().any(same) {
            rows.take_claim_of_directory_back(who)?;
        }
    }
    Ok(())
}

/// A key word that nobody here gave a meaning: those whom it could mean.
fn offer(answer: &Answer) -> Result<(), Fault> {
    if answer.found.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = answer.found.iter().map(super::shown).collect();
    let words = format!(
        "nobody here is known as {}; the directory offers {}",
        clean_line(&answer.what),
        named.join(", ")
    );
    Err(Fault::usage("unknown_word", words)
        .hint("once you are sure who it is: share with that address, and `hearthpost keyword set WORD ADDR`"))
}

fn says_it_is(found: &Found) -> String {
    format!(
        "{} is not known here; the directory says it is {}, with the comparing words: {}",
        found.mailbox,
        clean_line(&found.name),
        found.card.identity.fingerprint().words()
    )
}
