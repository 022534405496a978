//! `backup` and `restore`.

use std::path::Path;

use serde::Serialize;

use super::context::Context;
use super::progress::Bar;
use super::words::{count, shown_time};
use super::{Done, Fault};
use crate::address::Mailbox;
use crate::encoding::Timestamp;
use crate::sharing::backup;
use crate::sharing::clock::Reading;

#[derive(Serialize)]
struct Written {
    file: String,
    bytes: u64,
    parts: u64,
    files: u64,
    damaged: Vec<String>,
}

#[derive(Serialize)]
struct Restored {
    mailbox: Mailbox,
    created: Timestamp,
    data: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    config_written: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_missing: Option<String>,
    missing_parts: u64,
    missing_items: u64,
}

pub fn backup(context: &Context, file: &Path) -> Result<Done, Fault> {
    let (home, now) = context.open_now()?;
    let mut bar = Bar::new(context.output);
    let done = home.backup(&context.config(), file, now.now, &mut |progress| {
        bar.show(progress)
    });
    drop(bar);
    let done = done?;
    let document = Written {
        file: done.file.display().to_string(),
        bytes: done.bytes,
        parts: done.parts,
        files: done.files,
        damaged: done.damaged,
    };
    for name in &document.damaged {
        context
            .output
            .note(&format!("left out, since the disk has changed it: {name}"));
    }
    context.output.print(&document, |written| {
        let pieces = |number: u64, one| count(usize::try_from(number).unwrap_or(usize::MAX), one);
        format!(
            "{}: {} bytes, with {} and {}; read again and whole.\n\
             Who has this file is this household: keep it where nobody else can read it.\n\
             The mail password is not in it.\n",
            written.file,
            written.bytes,
            pieces(written.files, "own file"),
            pieces(written.parts, "sealed part")
        )
    })?;
    Ok(if document.damaged.is_empty() {
        Done::Wholly
    } else {
        Done::Partly
    })
}

pub fn restore(context: &Context, file: &Path, yes: bool) -> Result<Done, Fault> {
    let mut bar = Bar::new(context.output);
    let config = context.config();
    let done = backup::restore(&config, file, yes, &Reading::take(), &mut |progress| {
        bar.show(progress)
    });
    drop(bar);
    let done = done?;
    let text = |path: std::path::PathBuf| path.display().to_string();
    let document = Restored {
        mailbox: done.mailbox,
        created: done.created,
        data: text(done.data),
        kept: done.kept.map(text),
        config_written: done.config_written.map(text),
        password_missing: done.password_file.map(text),
        missing_parts: done.missing.parts,
        missing_items: done.missing.items,
    };
    context.output.print(&document, words)?;
    Ok(Done::Wholly)
}

fn words(done: &Restored) -> String {
    let mut text = format!(
        "{} is again as it was on {}, in {}.\n",
        done.mailbox,
        shown_time(done.created),
        done.data
    );
    if let Some(kept) = &done.kept {
        text += &format!("What was there before is in {kept}.\n");
    }
    if let Some(config) = &done.config_written {
        text += &format!("The settings are in {config}.\n");
    }
    if done.missing_parts > 0 {
        text += &format!(
            "{} sealed parts were not in it and are asked for again.\n",
            done.missing_parts
        );
    }
    if done.missing_items > 0 {
        text += &format!("{} items of your own were not in it.\n", done.missing_items);
    }
    if let Some(password) = &done.password_missing {
        text += &format!("Write the mail password into the first line of {password}.\n");
    }
    text + "Next: `hearthpost doctor`, then `hearthpost sync`.\n"
}
