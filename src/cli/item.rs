//! `item`: the items of this household's own album, one by one.

use serde::Serialize;

use super::arguments::{ItemCommand, YesOrNo};
use super::context::Context;
use super::words::{count, shown_time, table};
use super::{Done, Fault};
use crate::address::StationName;
use crate::sharing::Household;
use crate::sharing::clock::Reading;
use crate::sharing::listing::clean_line;
use crate::sharing::own::Wanted;
use crate::sharing::own::document::{ItemDocument as Item, ShownItemDocument as Shown};

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
        let words = format!("{} {deed}.\n", count(items.len(), "item"));
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
                    0 => "Nothing.\n".to_owned(),
                    n => table_of(&found.items) + &format!("{}.\n", count(n, "item")),
                })?;
        }
        ItemCommand::Show { item } => {
            let shown = home.shown_item(None, &item)?;
            context.output.print(&shown, in_full)?;
        }
        ItemCommand::Caption { item, text } => {
            home.set_caption(None, &item, &text)?;
            say(vec![item], "described")?;
        }
        ItemCommand::Delete { items } => {
            let now = home.tick(&Reading::take(), &[])?;
            home.delete_items(None, &items, now.now)?;
            say(
                items,
                "put into the bin, for 30 days; `hearthpost item restore` takes it out",
            )?;
        }
        ItemCommand::Restore { items } => {
            home.undelete_items(None, &items)?;
            say(items, "in the album")?;
        }
        ItemCommand::Private { items, private } => {
            let private = private == YesOrNo::Yes;
            home.set_private(None, &items, private)?;
            let deed = match private {
                true => "for the one alone who added it",
                false => "for all of the house",
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
    let alone = item.added_by.as_ref().map_or("nobody", StationName::as_str);
    item.private.then(|| format!("for {alone} alone"))
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
        format!(", {width} x {height} pixels")
    });
    lines.push(format!("{}{pixels}, {} bytes", item.media_type, item.size));
    if let Some(taken) = &item.taken {
        lines.push(format!("taken {}", taken.replace('T', " ")));
    }
    let by = item.added_by.as_ref();
    let by = by.map_or(String::new(), |person| format!(" by {person}"));
    lines.push(format!("added {}{by}", shown_time(item.added)));
    lines.extend(for_whom(item));
    if let Some(deleted) = item.deleted {
        lines.push(format!("in the bin since {}", shown_time(deleted)));
    }
    for album in &shown.albums {
        lines.push(format!("in the album {:?}", clean_line(album)));
    }
    lines.extend(item.caption.lines().map(clean_line));
    lines.join("\n") + "\n"
}
