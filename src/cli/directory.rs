//! `directory`: households out of an LDAP directory, and this one into it.

use serde::Serialize;

use super::arguments::DirectoryCommand;
use super::context::Context;
use super::sync::runtime;
use super::words::{table, tell};
use super::{Done, Fault};
use crate::address::Mailbox;
use crate::sharing::listing::clean_line;

#[derive(Serialize)]
struct Household {
    mailbox: Mailbox,
    name: String,
    fingerprint: String,
    comparing_words: String,
    words: Vec<String>,
}

#[derive(Serialize)]
struct Households {
    households: Vec<Household>,
}

#[derive(Serialize)]
struct Published {
    dn: String,
}

pub fn directory(context: &Context, command: DirectoryCommand) -> Result<Done, Fault> {
    match command {
        DirectoryCommand::Find { what } => {
            let home = context.open()?;
            let found = runtime()?.block_on(home.find_in_directory(&what))?;
            let one = |found: crate::sharing::directory::Found| Household {
                fingerprint: found.card.identity.fingerprint().to_string(),
                comparing_words: found.card.identity.fingerprint().words(),
                mailbox: found.mailbox,
                name: found.name,
                words: found.words,
            };
            let households = found.into_iter().map(one).collect();
            context
                .output
                .print(&Households { households }, |all| shown(&all.households))?;
        }
        DirectoryCommand::Add { mailbox } => {
            let (mut home, now) = context.open_now()?;
            let added = home.add_from_directory(&mailbox, now.now);
            let contact = runtime()?.block_on(added)?;
            super::contact::print(context, &home, &contact)?;
        }
        DirectoryCommand::Publish { words } => {
            let home = context.open()?;
            let dn = runtime()?.block_on(home.publish(&words))?;
            context.output.print(&Published { dn }, |published| {
                tell!("directory-published", dn = clean_line(&published.dn)) + "\n"
            })?;
        }
    }
    Ok(Done::Wholly)
}

fn shown(households: &[Household]) -> String {
    if households.is_empty() {
        return tell!("directory-none") + "\n";
    }
    let row = |one: &Household| {
        vec![
            clean_line(&one.name),
            one.mailbox.to_string(),
            one.words.join(", "),
        ]
    };
    table(&households.iter().map(row).collect::<Vec<_>>())
}
