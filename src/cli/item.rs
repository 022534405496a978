//! `item`: the items of this household's own album, one by one.

use serde::Serialize;

use super::arguments::{ItemCommand, YesOrNo};
use super::context::Context;
use super::words::{count, shown_time, spoken, table, tell};
use super::{Done, Fault};

use crate::sharing::Household;
use crate::sharing::clock::Reading;
use crate::sharing::listing::clean_line;
use crate::sharing::own::Wanted;
use crate::sharing::own::document::{ItemDocument as Item, ShownItemDocument as Shown};
use crate::words::say;

#[derive(Serialize)]
struct Found {
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Changed {
    items: Vec<String>,
}

pub fn item(context: &Context, command: ItemCommand) -> Result<Done, Fault> {
    let mut home = context.open()?;
    let say = |items: Vec<String>, deed: &str| {
        let number = count(items.len(), "item");
        let words = say(spoken(), deed, &[("items", number.into())]) + "\n";
        context.output.print(&Changed { items }, |_| words)
    };
    match command {
        ItemCommand::List {
            text,
            from,
            until,
            album,
            deleted,
        } => {
            let wanted = Wanted {
                text: text.join(" "),
                album,
                from,
                until,
                deleted,
                ..Wanted::default()
            };
            let items = all(&home, wanted)?;
            context
                .output
                .print(&Found { items }, |found| match found.items.len() {
                    0 => tell!("cli-nothing") + "\n",
                    n => table_of(&found.items) + &format!("{}.\n", count(n, "item")),
                })?;
        }
        ItemCommand::Show { item } => {
            let shown = home.shown_item(None, &item)?;
            context.output.print(&shown, in_full)?;
        }
        ItemCommand::Caption { item, text } => {
            home.set_caption(None, &item, &text)?;
            say(vec![item], "item-described")?;
        }
        ItemCommand::Delete { items } => {
            let now = home.tick(&Reading::take(), &[])?;
            home.delete_items(None, &items, now.now)?;
            say(items, "item-deleted")?;
        }
        ItemCommand::Restore { items } => {
            home.undelete_items(None, &items)?;
            say(items, "item-restored")?;
        }
        ItemCommand::Private { items, private } => {
            let private = private == YesOrNo::Yes;
            home.set_private(None, &items, private)?;
            let deed = match private {
                true => "item-private",
                false => "item-public",
            };
            say(items, deed)?;
        }
    }
    Ok(Done::Wholly)
}

/// All that is wanted, page after page.
pub fn all(home: &Household, mut wanted: Wanted) -> Result<Vec<Item>, Fault> {
    let mut items = Vec::new();
    loop {
        let page = home.album_items(None, &wanted)?;
        items.extend(page.items.iter().map(Item::from));
        wanted.after = page.next;
        if wanted.after.is_none() {
            return Ok(items);
        }
    }
}

fn for_whom(item: &Item) -> Option<String> {
    item.private.then(|| {
        let alone = item.added_by.as_ref().map(ToString::to_string);
        let alone = alone.unwrap_or_else(|| tell!("item-nobody"));
        tell!("item-for-alone", who = alone)
    })
}

/// One line an item.
pub fn table_of(items: &[Item]) -> String {
    let row = |item: &Item| {
        let taken = item.taken.clone().unwrap_or_default().replace('T', " ");
        vec![
            item.id.clone(),
            taken,
            item.media_type.clone(),
            item.name.clone(),
            for_whom(item).unwrap_or_default(),
        ]
    };
    table(&items.iter().map(row).collect::<Vec<_>>())
}

fn in_full(shown: &Shown) -> String {
    let item = &shown.item;
    let mut lines = vec![format!("{}  {}", item.id, item.name)];
    let pixels = item.width.zip(item.height);
    let pixels = pixels.map_or(String::new(), |(width, height)| {
        tell!("item-pixels", width = width, height = height)
    });
    let media_type = item.media_type.as_str();
    lines.push(tell!(
        "item-size",
        type = media_type,
        pixels = pixels,
        size = item.size
    ));
    if let Some(taken) = &item.taken {
        lines.push(tell!("item-taken", time = taken.replace('T', " ")));
    }
    let by = item.added_by.as_ref();
    let by = by.map_or(String::new(), |person| {
        tell!("item-by", who = person.as_str())
    });
    lines.push(tell!("item-added", time = shown_time(item.added), by = by));
    lines.extend(for_whom(item));
    if let Some(deleted) = item.deleted {
        lines.push(tell!("item-in-bin", time = shown_time(deleted)));
    }
    for album in &shown.albums {
        lines.push(tell!("item-in-album", name = clean_line(album)));
    }
    lines.extend(item.caption.lines().map(clean_line));
    lines.join("\n") + "\n"
}
