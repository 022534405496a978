//! `identity`: who this household is, and how that goes elsewhere.

use std::path::Path;

use serde::Serialize;
use zeroize::Zeroizing;

use super::arguments::IdentityCommand;
use super::context::Context;
use super::prompt::{ask_silently, may_ask};
use super::words::tell;
use super::{Done, Fault};
use crate::address::Mailbox;
use crate::sharing::identity::Passphrase;

#[derive(Serialize)]
struct Exported {
    file: String,
    fingerprint: String,
    contacts: usize,
}

#[derive(Serialize)]
struct Imported {
    fingerprint: String,
    from: Mailbox,
    mailbox: Mailbox,
    contacts: usize,
}

pub fn identity(context: &Context, command: IdentityCommand) -> Result<Done, Fault> {
    match command {
        IdentityCommand::Export {
            file,
            passphrase_file,
        } => export(context, &file, passphrase_file.as_deref())?,
        IdentityCommand::Import {
            file,
            passphrase_file,
        } => import(context, &file, passphrase_file.as_deref())?,
    }
    Ok(Done::Wholly)
}

fn export(context: &Context, file: &Path, passphrase: Option<&Path>) -> Result<(), Fault> {
    let (home, now) = context.open_now()?;
    let passphrase = passphrase_of(context, passphrase, true)?;
    let done = home.export_identity(file, &passphrase, now.now)?;
    let document = Exported {
        file: done.file.display().to_string(),
        fingerprint: done.fingerprint.to_string(),
        contacts: done.contacts,
    };
    context.output.print(&document, |done| {
        tell!(
            "identity-exported",
            file = done.file.as_str(),
            count = done.contacts
        ) + "\n"
    })
}

fn import(context: &Context, file: &Path, passphrase: Option<&Path>) -> Result<(), Fault> {
    let (mut home, now) = context.open_now()?;
    let passphrase = passphrase_of(context, passphrase, false)?;
    let done = home.import_identity(file, &passphrase, now)?;
    let document = Imported {
        fingerprint: done.fingerprint.to_string(),
        from: done.from,
        mailbox: done.mailbox,
        contacts: done.contacts,
    };
    context.output.print(&document, |done| {
        let (from, mailbox) = (done.from.to_string(), done.mailbox.to_string());
        let moved = match from == mailbox {
            true => tell!("identity-imported", mailbox = mailbox),
            false => tell!("identity-moved", from = from, mailbox = mailbox),
        };
        let told = tell!("identity-told", count = done.contacts);
        format!("{moved}\n{told}\n")
    })
}

/// From a file, from a terminal that does not show it, or from standard input. `twice`: a slip would lock it for good.
fn passphrase_of(context: &Context, file: Option<&Path>, twice: bool) -> Result<Passphrase, Fault> {
    let line = |typed: String| {
        let typed = Zeroizing::new(typed);
        Zeroizing::new(typed.lines().next().unwrap_or_default().to_owned())
    };
    let ask = |question: String| {
        let typed = ask_silently(context.output, &(question + " "));
        let typed = typed
            .map_err(|error| Fault::new("input", format!("no passphrase could be read: {error}")));
        typed.map(line)
    };
    let passphrase = match file {
        Some(path) => line(std::fs::read_to_string(path).map_err(|error| {
            Fault::usage("passphrase_file", format!("{}: {error}", path.display()))
        })?),
        None => ask(tell!("identity-passphrase"))?,
    };
    if twice && file.is_none() && may_ask(context.output) {
        let again = ask(tell!("identity-again"))?;
        if again != passphrase {
            let words = "the two passphrases are not the same; nothing was written";
            return Err(Fault::usage("passphrase", words));
        }
    }
    Ok(Passphrase::new(passphrase.to_string()))
}
