//! `user announce`: whom of the house the households that it knows are told of.

use serde::Serialize;

use super::arguments::OnOff;
use super::context::Context;
use super::words::tell;
use super::{Done, Fault};
use crate::address::StationName;
use crate::config::Announce;

#[derive(Serialize)]
struct Announced {
    name: StationName,
    announced: bool,
    words: Vec<String>,
}

pub fn announce(
    context: &Context,
    name: StationName,
    announced: OnOff,
    words: Vec<String>,
) -> Result<Done, Fault> {
    let on = announced == OnOff::On;
    context
        .open()?
        .announce_person(&name, on.then_some(words.as_slice()))?;
    let said = Announced {
        name,
        announced: on,
        words: if on { words } else { Vec::new() },
    };
    context.output.print(&said, |one| {
        let name = one.name.as_str();
        let words = one.words.join(", ");
        match (one.announced, one.words.is_empty()) {
            (false, _) => tell!("user-announced-off", name = name) + "\n",
            (true, true) => tell!("user-announced", name = name) + "\n",
            (true, false) => tell!("user-announced-as", name = name, words = words) + "\n",
        }
    })?;
    Ok(Done::Wholly)
}

/// The key words that are suggested for a person; `None`: nobody is told of them.
pub fn words_of(all: &Announce, name: &StationName) -> Option<Vec<String>> {
    let words = all.words.iter().filter(|(_, one)| one == name);
    let words: Vec<String> = words.map(|(word, _)| word.clone()).collect();
    let told = all.people.contains(name) || !words.is_empty();
    told.then_some(words)
}
