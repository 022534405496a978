//! `backup` and `restore`.

use std::path::Path;

use serde::Serialize;

use super::context::Context;
use super::progress::Bar;
use super::words::{count, shown_time, tell};
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
            .note(&tell!("backup-damaged", name = name.as_str()));
    }
    context.output.print(&document, |written| {
        let pieces = |number: u64, one| count(usize::try_from(number).unwrap_or(usize::MAX), one);
        tell!(
            "backup-done",
            file = written.file.as_str(),
            bytes = written.bytes,
            files = pieces(written.files, "own file"),
            parts = pieces(written.parts, "sealed part")
        ) + "\n"
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
    let mut text = tell!(
        "restore-done",
        mailbox = done.mailbox.to_string(),
        time = shown_time(done.created),
        folder = done.data.as_str()
    ) + "\n";
    if let Some(kept) = &done.kept {
        text += &(tell!("restore-kept", folder = kept.as_str()) + "\n");
    }
    if let Some(config) = &done.config_written {
        text += &(tell!("restore-config", file = config.as_str()) + "\n");
    }
    if done.missing_parts > 0 {
        text += &(tell!("restore-parts", count = done.missing_parts) + "\n");
    }
    if done.missing_items > 0 {
        text += &(tell!("restore-items", count = done.missing_items) + "\n");
    }
    if let Some(password) = &done.password_missing {
        text += &(tell!("restore-password", file = password.as_str()) + "\n");
    }
    text + &tell!("restore-next") + "\n"
}
