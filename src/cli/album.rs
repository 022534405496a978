//! `import` and `album`: files come in, and are gathered under names.

use std::path::PathBuf;

use serde::Serialize;

use super::arguments::AlbumCommand;
use super::context::Context;
use super::item::{all, table_of};
use super::progress::Bar;
use super::words::{count, retold, table, tell};
use super::{Done, Fault};
use crate::sharing::listing::clean_line;
use crate::sharing::own::Wanted;
use crate::sharing::own::document::{AlbumDocument as Collection, ItemDocument as Item};
use crate::sharing::own::import::{self, Adding};

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
struct Everything {
    albums: Vec<Collection>,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Shown {
    album: String,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Changed {
    album: String,
}

pub fn import(context: &Context, paths: &[PathBuf], adding: &Adding) -> Result<Done, Fault> {
    let (mut home, now) = context.open_now()?;
    let mut bar = Bar::new(context.output);
    let imported = home.import_as(paths, adding, now.now, &mut |progress| bar.show(progress))?;
    drop(bar);
    tell_imported(context, &imported)
}

/// Says what came in and what did not.
pub fn tell_imported(context: &Context, imported: &import::Imported) -> Result<Done, Fault> {
    let skipped = imported.skipped.iter().map(|skipped| Skipped {
        path: skipped.path.display().to_string(),
        reason: skipped.reason.clone(),
    });
    let document = Imported {
        items: imported.items.iter().map(Item::from).collect(),
        skipped: skipped.collect(),
        known: imported.known,
    };
    for skipped in &document.skipped {
        let what = format!("{}: {}", skipped.path, retold(&skipped.reason));
        let line = tell!("cli-not-taken", what = what);
        context.output.note(&clean_line(&line));
    }
    context.output.print(&document, |imported| {
        let known = match imported.known {
            0 => String::new(),
            n => tell!("import-known", count = n),
        };
        let items = count(imported.items.len(), "item");
        table_of(&imported.items) + &tell!("import-done", items = items, known = known) + "\n"
    })?;
    Ok(if document.skipped.is_empty() {
        Done::Wholly
    } else {
        Done::Partly
    })
}

pub fn album(context: &Context, command: AlbumCommand) -> Result<Done, Fault> {
    let say = |album: String, words: String| context.output.print(&Changed { album }, |_| words);
    match command {
        AlbumCommand::List => {
            let home = context.open()?;
            let document = Everything {
                albums: home
                    .albums(None)?
                    .into_iter()
                    .map(Collection::from)
                    .collect(),
                items: all(&home, Wanted::default())?,
            };
            context.output.print(&document, everything)?;
        }
        AlbumCommand::Show { album } => {
            let home = context.open()?;
            let wanted = Wanted {
                album: Some(album.clone()),
                ..Wanted::default()
            };
            let items = all(&home, wanted)?;
            context
                .output
                .print(&Shown { album, items }, |shown| table_of(&shown.items))?;
        }
        AlbumCommand::Rename { album, name } => {
            context.open()?.rename_album(&album, &name)?;
            let words = tell!("album-renamed", name = clean_line(&name)) + "\n";
            say(name, words)?;
        }
        AlbumCommand::Remove { album } => {
            context.open()?.remove_album(&album)?;
            say(album, tell!("album-removed") + "\n")?;
        }
        AlbumCommand::Add { album, items } => {
            let (mut home, now) = context.open_now()?;
            let made = home.gather(None, &album, &items, now.now)?;

            let items = count(items.len(), "item");
            let name = clean_line(&album);
            let words = match made {
                true => tell!("album-put-new", items = items, name = name),
                false => tell!("album-put", items = items, name = name),
            } + "\n";
            say(album, words)?;
        }
        AlbumCommand::Take { album, items } => {
            let mut home = context.open()?;
            home.take_from_album(None, &album, &items)?;
            let items = count(items.len(), "item");
            let name = clean_line(&album);
            let words = tell!("album-taken", items = items, name = name) + "\n";
            say(album, words)?;
        }
    }
    Ok(Done::Wholly)
}

fn everything(all: &Everything) -> String {
    if all.items.is_empty() && all.albums.is_empty() {
        return tell!("album-empty") + "\n";
    }
    let row = |album: &Collection| {
        let items = count(usize::try_from(album.items).unwrap_or(usize::MAX), "item");
        vec![album.id.clone(), clean_line(&album.name), items]
    };
    let albums = table(&all.albums.iter().map(row).collect::<Vec<_>>());
    let gap = if albums.is_empty() { "" } else { "\n" };
    albums + gap + &table_of(&all.items)
}
