//! A question to the directory. It is asked while nobody holds the household, so that a slow directory holds up nothing but who
//! asked, and no longer than `directory.timeout` in all.

use tokio::time::{Instant, timeout_at};

use super::place;
use crate::config;
use crate::directory::{DirectoryError, Entry};
use crate::sharing::Fault;

/// What is to be looked for.
pub struct Question {
    pub(super) settings: config::Directory,
    pub(super) place: String,
    /// Each with whether the directory is to be asked, or its last answer will do.
    pub(super) what: Vec<(String, bool)>,
}

/// What the directory said; `None`: it was not asked.
pub(super) type Said = Option<Result<Vec<Entry>, Fault>>;

/// What came of it.
pub struct Answers {
    pub(super) place: String,
    pub(super) each: Vec<(String, Said)>,
}

impl Question {
    /// What the directory would be asked about.
    pub fn asked_about(self) -> Vec<String> {
        let asked = self.what.into_iter().filter(|(_, ask)| *ask);
        asked.map(|(what, _)| what).collect()
    }

    /// Asks, within the time that is set for the directory.
    pub async fn ask(self) -> Answers {
        let until = Instant::now() + self.settings.timeout;
        let silent = || {
            let url = self.settings.url.clone();
            Fault::from(DirectoryError::Silent { url })
        };
        let (mut each, mut directory) = (Vec::new(), None);
        let mut trouble: Option<Fault> = None;
        for (what, ask) in &self.what {
            if !ask {
                each.push((what.clone(), None));
                continue;
            }
            if directory.is_none() && trouble.is_none() {
                match timeout_at(until, place(&self.settings)).await {
                    Ok(Ok(found)) => directory = Some(found),
                    Ok(Err(fault)) => trouble = Some(fault),
                    Err(_) => trouble = Some(silent()),
                }
            }
            // Where it was of no use once it is not asked again.
            let answer = match (&directory, &trouble) {
                (Some(directory), None) => match timeout_at(until, directory.find(what)).await {
                    Ok(found) => found.map_err(Fault::from),
                    Err(_) => Err(silent()),
                },
                (_, said) => Err(said.clone().unwrap_or_else(silent)),
            };
            trouble = trouble.or_else(|| answer.as_ref().err().cloned());
            each.push((what.clone(), Some(answer)));
        }
        Answers {
            place: self.place,
            each,
        }
    }
}
