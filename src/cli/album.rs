//! `import` and `album`: this household's own items.

use std::path::PathBuf;

use serde::Serialize;

use super::arguments::AlbumCommand;
use super::context::Context;
use super::progress::Bar;
use super::words::{count, table};
use super::{Done, Fault};
use crate::album::{self, OwnItem};
use crate::sharing::Household;
use crate::sharing::listing::clean_line;
use crate::sharing::own::Wanted;

#[derive(Serialize)]
struct Item {
    id: String,
    name: String,
    media_type: String,
    sha256: String,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    taken: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<u32>,
}

#[derive(Serialize)]
struct Skipped {
    path: String,
    reason: String,
}

#[derive(Serialize)]
struct Imported {
    items: Vec<Item>,
    skipped: Vec<Skipped>,
    known: usize,
}

#[derive(Serialize)]
struct Collection {
    id: String,
    name: String,
    items: u64,
}

#[derive(Serialize)]
struct Everything {
    albums: Vec<Collection>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Shown {
    album: String,
    items: Vec<Item>,
}

pub fn import(context: &Context, paths: &[PathBuf], album: Option<&str>) -> Result<Done, Fault> {
    let (mut home, now) = context.open_now()?;
    let mut bar = Bar::new(context.output);
    let imported = home.import(paths, album, now.now, &mut |progress| bar.show(progress))?;
    drop(bar);
    let skipped = imported.skipped.iter().map(|skipped| Skipped {
        path: skipped.path.display().to_string(),
        reason: skipped.reason.clone(),
    });
    let document = Imported {
        items: imported.items.iter().map(item).collect(),
        skipped: skipped.collect(),
        known: imported.known,
    };
    for skipped in &document.skipped {
        let line = format!("not taken: {}: {}", skipped.path, skipped.reason);
        context.output.note(&clean_line(&line));
    }
    context.output.print(&document, |imported| {
        let known = match imported.known {
            0 => String::new(),
            n => format!(" ({n} of them from before)"),
        };
        let items = count(imported.items.len(), "item");
        table_of(&imported.items) + &format!("{items} in the album{known}.\n")
    })?;
    Ok(if document.skipped.is_empty() {
        Done::Wholly
    } else {
        Done::Partly
    })
}

pub fn album(context: &Context, command: AlbumCommand) -> Result<Done, Fault> {
    let home = context.open()?;
    match command {
        AlbumCommand::List => {
            let collection = |album: album::Collection| Collection {
                id: album.reference,
                name: album.name,
                items: album.items,
            };
            let document = Everything {
                albums: home.albums(None)?.into_iter().map(collection).collect(),
                items: all(&home, Wanted::default())?.iter().map(item).collect(),
            };
            context.output.print(&document, |all| {
                if all.items.is_empty() {
                    return "Nothing yet. `hearthpost import PATH` puts pictures in.\n".to_owned();
                }
                let row = |album: &Collection| {
                    let items = count(usize::try_from(album.items).unwrap_or(usize::MAX), "item");
                    vec![album.id.clone(), clean_line(&album.name), items]
                };
                let albums = table(&all.albums.iter().map(row).collect::<Vec<_>>());
                let gap = if albums.is_empty() { "" } else { "\n" };
                albums + gap + &table_of(&all.items)
            })?;
        }
        AlbumCommand::Show { album } => {
            let wanted = Wanted {
                album: Some(album.clone()),
                ..Wanted::default()
            };
            let items = all(&home, wanted)?.iter().map(item).collect();
            context
                .output
                .print(&Shown { album, items }, |shown| table_of(&shown.items))?;
        }
    }
    Ok(Done::Wholly)
}

/// All that is wanted, page after page.
fn all(home: &Household, mut wanted: Wanted) -> Result<Vec<OwnItem>, Fault> {
    let mut items = Vec::new();
    loop {
        let page = home.album_items(None, &wanted)?;
        items.extend(page.items);
        wanted.after = page.next;
        if wanted.after.is_none() {
            return Ok(items);
        }
    }
}

fn item(own: &OwnItem) -> Item {
    Item {
        id: own.reference.clone(),
        name: own.name.clone(),
        media_type: own.media_type.clone(),
        sha256: own.sha256.to_string(),
        size: own.size,
        taken: own.taken.clone(),
        width: own.width,
        height: own.height,
    }
}

fn table_of(items: &[Item]) -> String {
    let row = |item: &Item| {
        let taken = item.taken.clone().unwrap_or_default().replace('T', " ");
        vec![
            item.id.clone(),
            taken,
            item.media_type.clone(),
            item.name.clone(),
        ]
    };
    table(&items.iter().map(row).collect::<Vec<_>>())
}
