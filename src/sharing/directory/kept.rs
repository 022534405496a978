//! Answers of the directory as they are kept: what was looked for, with the households of it.

use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::{Found, household_of};
use crate::album::Rows;
use crate::config;
use crate::directory::Entry;
use crate::encoding::Timestamp;
use crate::envelope::Digest;
use crate::message::grant::Bytes;
use crate::sharing::Fault;
use crate::sharing::listing::clean_line;

/// An older answer is of no use, in seconds.
const OLDEST: u64 = 90 * 86_400;
/// So many households of an answer are kept.
const KEPT: usize = 16;
/// What is looked for has at most so many characters.
const LONGEST: usize = 200;

/// A household as it is kept: what its certificates do not say, and these.
#[derive(Serialize, Deserialize)]
struct Kept {
    words: Vec<String>,
    certificates: Vec<Bytes>,
}

/// As it is looked for.
pub(super) fn clean(typed: &str) -> String {
    clean_line(typed).trim().chars().take(LONGEST).collect()
}

/// A short name for a directory and how it is asked: the answers of another one do not count.
pub(super) fn named(settings: &config::Directory) -> String {
    let user = settings.user.as_deref().unwrap_or_default();
    let all = [&settings.url, &settings.base, &settings.filter, user].join("\n");
    Digest::of(all.as_bytes()).short()
}

/// Keeps an answer under what was looked for, and each household under its mailbox.
pub(super) fn keep(
    rows: Rows<'_>,
    place: &str,
    what: &str,
    found: &[Found],
    now: Timestamp,
) -> Result<(), Fault> {
    if found.is_empty() {
        return Ok(rows.forget_directory_answer(place, what)?);
    }
    let kept: Vec<Kept> = found.iter().take(KEPT).map(Kept::of).collect();
    let put = |query: &str, kept: &[Kept]| {
        let text = serde_json::to_string(kept).expect("households have only string keys");
        rows.put_directory_answer(place, query, &text, now)
    };
    for (one, kept) in found.iter().zip(&kept) {
        let at = one.mailbox.as_str();
        let alone = found
            .iter()
            .filter(|other| other.mailbox == one.mailbox)
            .count()
            == 1;
        // Found by its mailbox, there may be others at it.
        if alone && at != what {
            put(at, std::slice::from_ref(kept))?;
        }
    }
    Ok(put(what, &kept)?)
}

pub(super) fn kept_answer(
    rows: Rows<'_>,
    place: &str,
    what: String,
    trouble: Option<Fault>,
    now: Timestamp,
) -> Result<Answer, Fault> {
    let kept = rows.directory_answer(place, &what)?;
    let kept = kept.filter(|(_, at)| at.plus_seconds(OLDEST) > now);
    let (found, at) = match kept {
        Some((text, at)) => (read_kept(&text), Some(at)),
        None => (Vec::new(), None),
    };
    Ok(Answer {
        what,
        as_of: at.filter(|_| trouble.is_some()),
        found,
        trouble,
    })
}

fn read_kept(text: &str) -> Vec<Found> {
    // What a damaged row had is asked for again.
    let kept: Vec<Kept> = serde_json::from_str(text).unwrap_or_default();
    let found = |one: Kept| {
        household_of(&Entry {
            dn: String::new(),
            words: one.words,
            certificates: one.certificates.into_iter().map(|der| der.0).collect(),
        })
    };
    kept.into_iter().filter_map(found).collect()
}

impl Kept {
    fn of(found: &Found) -> Self {
        Kept {
            words: found.words.clone(),
            certificates: found.card.ders().map(|der| Bytes(der.to_vec())).collect(),
        }
    }
}
