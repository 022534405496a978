//! `import` without a path, and `import --card`: memory cards and cameras.

use serde::Serialize;

use super::album::tell_imported;
use super::context::Context;
use super::progress::Bar;
use super::words::{count, retold, table, tell};
use super::{Done, Fault};
use crate::sharing::card;
use crate::sharing::listing::clean_line;
use crate::sharing::own::import::{Adding, Imported};

#[derive(Serialize)]
struct Card {
    id: String,
    name: String,
    new: usize,
    bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

#[derive(Serialize)]
struct Cards {
    cards: Vec<Card>,
}

/// Lists what could be brought in.
pub fn offer(context: &Context) -> Result<Done, Fault> {
    let cards = context.open()?.cards(None)?.into_iter();
    let document = Cards {
        cards: cards.map(shown).collect(),
    };
    context.output.print(&document, words)?;
    Ok(Done::Wholly)
}

/// Brings in what is new on one of them.
pub fn bring_in(context: &Context, name: Option<&str>, adding: &Adding) -> Result<Done, Fault> {
    let (mut home, now) = context.open_now()?;
    let mut bar = Bar::new(context.output);
    let brought = home.bring_in(name, adding, now.now, &mut |progress| bar.show(progress));
    drop(bar);
    let brought = brought?;
    let done = tell_imported(
        context,
        &Imported {
            items: brought.items,
            skipped: brought.skipped,
            known: brought.known,
        },
    )?;
    let label = clean_line(&brought.label);
    context.output.note(&tell!("card-take-out", card = label));
    Ok(done)
}

fn shown(card: card::Card) -> Card {
    Card {
        id: card.id,
        name: card.label,
        new: card.new,
        bytes: card.bytes,
        trouble: card.trouble,
    }
}

fn words(cards: &Cards) -> String {
    if cards.cards.is_empty() {
        return tell!("card-nowhere") + "\n";
    }
    let row = |card: &Card| {
        let state = match &card.trouble {
            Some(trouble) => tell!("card-unread", why = retold(&clean_line(trouble))),
            None => tell!("card-files-new", files = count(card.new, "file")),
        };
        vec![clean_line(&card.name), state, clean_line(&card.id)]
    };
    let rows: Vec<_> = cards.cards.iter().map(row).collect();
    table(&rows) + &tell!("card-how") + "\n"
}
