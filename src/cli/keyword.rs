//! `keyword`: names for addresses.

use std::collections::BTreeMap;

use serde::Serialize;

use super::arguments::KeywordCommand;
use super::context::Context;
use super::words::{table, tell};
use super::{Done, Fault};
use crate::address::StationAddress;

#[derive(Serialize)]
struct Word {
    word: String,
    addresses: Vec<StationAddress>,
}

#[derive(Serialize)]
struct Words {
    keywords: Vec<Word>,
    /// What other households suggest, and nobody here saved.
    suggested: Vec<Suggested>,
}

#[derive(Serialize)]
struct Suggested {
    word: String,
    address: StationAddress,
    household: String,
    /// Whether the word means something else here.
    taken: bool,
}

#[derive(Serialize)]
struct Removed {
    removed: String,
}

pub fn keyword(context: &Context, command: KeywordCommand) -> Result<Done, Fault> {
    let mut home = context.open()?;
    match command {
        KeywordCommand::Set { word, addresses } => {
            let addresses = home.set_keyword(&word, &addresses)?;
            context.output.print(&Word { word, addresses }, |word| {
                tell!(
                    "keyword-set",
                    word = word.word.as_str(),
                    addresses = joined(&word.addresses)
                ) + "\n"
            })?;
        }
        KeywordCommand::List => {
            let mut words: BTreeMap<String, Vec<StationAddress>> = BTreeMap::new();
            for (word, address) in home.keywords()? {
                words.entry(word).or_default().push(address);
            }
            let word = |(word, addresses)| Word { word, addresses };
            let keywords = words.into_iter().map(word).collect();
            let suggested = home.suggestions()?.into_iter().map(|one| Suggested {
                word: one.word,
                address: one.address,
                household: one.household,
                taken: one.is_taken,
            });
            let all = Words {
                keywords,
                suggested: suggested.collect(),
            };
            context.output.print(&all, |all| {
                if all.keywords.is_empty() && all.suggested.is_empty() {
                    return tell!("keyword-none") + "\n";
                }
                let row = |word: &Word| vec![word.word.clone(), joined(&word.addresses)];
                let suggested = |one: &Suggested| {
                    let from = tell!(
                        "keyword-suggested",
                        address = one.address.to_string(),
                        name = one.household.as_str()
                    );
                    vec![one.word.clone(), from]
                };
                let rows = all.keywords.iter().map(row);
                table(
                    &rows
                        .chain(all.suggested.iter().map(suggested))
                        .collect::<Vec<_>>(),
                )
            })?;
        }
        KeywordCommand::Remove { word } => {
            let removed = home.remove_keyword(&word)?;
            context.output.print(&Removed { removed }, |gone| {
                tell!("keyword-gone", word = gone.removed.as_str()) + "\n"
            })?;
        }
    }
    Ok(Done::Wholly)
}

fn joined(addresses: &[StationAddress]) -> String {
    let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
