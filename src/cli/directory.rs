//! `directory`: households out of an LDAP directory, and this one into it.

use serde::Serialize;

use super::arguments::DirectoryCommand;
use super::context::Context;
use super::sync::runtime;
use super::words::{retold, table, tell};
use super::{Done, Fault};
use crate::sharing::directory::document::{AnswerDocument, FoundDocument};
use crate::sharing::listing::clean_line;

#[derive(Serialize)]
struct Published {
    dn: String,
}

pub fn directory(context: &Context, command: DirectoryCommand) -> Result<Done, Fault> {
    match command {
        DirectoryCommand::Find { what } => {
            let (mut home, now) = context.open_now()?;
            let answer = runtime()?.block_on(home.look_in_directory(&what, now.now))?;
            if let Some(note) = answer.note() {
                context.output.note(&retold(&note));
            }
            let document = AnswerDocument::from(answer);
            context
                .output
                .print(&document, |all| shown(&all.households))?;
        }
        DirectoryCommand::Add { mailbox } => {
            let (mut home, now) = context.open_now()?;
            let added = home.add_from_directory(&mailbox, now.now);
            let contact = runtime()?.block_on(added)?;
            super::contact::print(context, &home, &contact)?;
        }
        DirectoryCommand::Publish { words } => {
            let mut home = context.open()?;
            let dn = runtime()?.block_on(home.publish(&words))?;
            context.output.print(&Published { dn }, |published| {
                tell!("directory-published", dn = clean_line(&published.dn)) + "\n"
            })?;
        }
    }
    Ok(Done::Wholly)
}

fn shown(households: &[FoundDocument]) -> String {
    if households.is_empty() {
        return tell!("directory-none") + "\n";
    }
    let row = |one: &FoundDocument| {
        let standing = match (one.known, one.differs) {
            (true, _) => tell!("directory-known"),
            (_, true) => tell!("directory-differs"),
            _ => String::new(),
        };
        vec![
            one.name.clone(),
            one.mailbox.to_string(),
            one.words.join(", "),
            standing,
        ]
    };
    table(&households.iter().map(row).collect::<Vec<_>>())
}
