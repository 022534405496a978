//! Key words: what somebody here calls addresses. They are found without regard to case, because phones write capitals by
//! themselves. So none is saved that differs from another one in case alone; an older album may hold such, and there the one
//! that was typed exactly is meant.

use crate::address::{StationAddress, is_key_word};
use crate::sharing::listing::clean_line;
use crate::sharing::{Fault, Household};

impl Household {
    /// Gives a key word these addresses, replacing what it named; gives them as they are known here.
    pub fn set_keyword(
        &mut self,
        word: &str,
        addresses: &[StationAddress],
    ) -> Result<Vec<StationAddress>, Fault> {
        if !is_key_word(word) || addresses.is_empty() {
            return Err(Fault::usage("word", format!("{word:?} is not a key word for addresses"))
                .hint("a key word is 1 to 64 characters without blanks or @, and names at least one address"));
        }
        let meant = addresses.iter().map(|one| self.meant_address(one.clone()));
        let meant: Vec<StationAddress> = meant.collect::<Result<_, Fault>>()?;
        self.album.commit(|rows| {
            let spelled = spellings(&rows.keywords()?, word);
            if let Some(other) = spelled.first().filter(|_| !spelled.iter().any(|one| one == word))
            {
                let words = format!(
                    "{word:?} would mean the same as {other:?}, which means something here already"
                );
                let hint = format!(
                    "to give that one another meaning, write it so: `hearthpost keyword set {other} ADDR`"
                );
                return Err(Fault::usage("word", words).hint(hint));
            }
            Ok(rows.set_keyword(word, &meant)?)
        })?;
        Ok(meant)
    }

    /// All key words.
    pub fn keywords(&self) -> Result<Vec<(String, StationAddress)>, Fault> {
        Ok(self.album.rows().keywords()?)
    }

    /// Forgets a key word; gives it as it was saved.
    pub fn remove_keyword(&mut self, word: &str) -> Result<String, Fault> {
        self.album.commit(|rows| {
            let Some(saved) = saved_as(&rows.keywords()?, word)? else {
                let words = format!("there is no key word {word:?}");
                return Err(Fault::usage("unknown_word", words));
            };
            rows.remove_keyword(&saved)?;
            Ok(saved)
        })
    }

    /// Whom a key word means; nobody, where there is none.
    pub(in crate::sharing) fn meant_by_word(
        &self,
        typed: &str,
    ) -> Result<Vec<StationAddress>, Fault> {
        let words = self.keywords()?;
        let Some(saved) = saved_as(&words, typed)? else {
            return Ok(Vec::new());
        };
        let meant = words.into_iter().filter(|(word, _)| *word == saved);
        meant
            .map(|(_, address)| self.meant_address(address))
            .collect()
    }
}

/// Whether two key words are the same but for case.
pub(super) fn is_same_word(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

/// How a word that somebody typed is saved. Where several are, and none of them so, they are named and none is chosen.
fn saved_as(words: &[(String, StationAddress)], typed: &str) -> Result<Option<String>, Fault> {
    let mut spelled = spellings(words, typed);
    if let Some(exact) = spelled.iter().position(|one| one == typed) {
        return Ok(Some(spelled.swap_remove(exact)));
    }
    if spelled.len() > 1 {
        let all = spelled.join(", ");
        let words = format!(
            "{} could be one of several key words: {all}",
            clean_line(typed)
        );
        return Err(Fault::usage("several_words", words).hint("write it as one of them is written"));
    }
    Ok(spelled.pop())
}

/// The saved words that are the same as that one but for case, each once.
fn spellings(words: &[(String, StationAddress)], typed: &str) -> Vec<String> {
    let same = words.iter().filter(|(word, _)| is_same_word(word, typed));
    let mut same: Vec<String> = same.map(|(word, _)| word.clone()).collect();
    same.dedup();
    same
}
