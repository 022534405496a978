//! `identity`: who this household is, and how that goes elsewhere.

use std::path::Path;

use serde::Serialize;
use zeroize::Zeroizing;

use super::arguments::IdentityCommand;
use super::context::Context;
use super::home::lines_of_words;
use super::prompt::{ask, ask_silently, may_ask};
use super::words::{retold, tell};
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

#[derive(Serialize)]
struct Rekeyed {
    was: String,
    fingerprint: String,
    words: String,
    contacts: usize,
    ended: String,
}

#[derive(Serialize)]
struct Written {
    file: String,
    fingerprint: String,
}

#[derive(Serialize)]
struct Told {
    mailbox: Mailbox,
    fingerprint: String,
    to: Vec<Mailbox>,
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
        IdentityCommand::Rekey { yes } => rekey(context, yes)?,
        IdentityCommand::Ended { out } => ended(context, &out)?,
        IdentityCommand::End { file, to, yes } => end(context, &file, &to, yes)?,
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
        let (left, ask) = (tell!("identity-left"), tell!("identity-ask"));
        format!("{moved}\n{told}\n{left}\n{ask}\n")
    })
}

fn rekey(context: &Context, yes: bool) -> Result<(), Fault> {
    let (mut home, now) = context.open_now()?;
    let done = asking(context, yes, |yes| home.rekey(yes, now))?;
    let document = Rekeyed {
        was: done.was.to_string(),
        fingerprint: done.fingerprint.to_string(),
        words: done.fingerprint.words(),
        contacts: done.contacts,
        ended: done.ended.display().to_string(),
    };
    context.output.print(&document, |done| {
        format!(
            "{}\n{}\n{}\n  {}\n{}\n{}\n{}\n",
            tell!("identity-replaced"),
            lines_of_words(&done.words),
            tell!("init-fingerprint"),
            done.fingerprint,
            tell!("identity-verify", count = done.contacts),
            tell!("identity-else"),
            tell!("init-ended", file = done.ended.as_str()),
        )
    })
}

fn ended(context: &Context, out: &Path) -> Result<(), Fault> {
    let (home, now) = context.open_now()?;
    let ending = home.write_ended(out, now.now)?;
    let document = Written {
        file: out.display().to_string(),
        fingerprint: ending.fingerprint.to_string(),
    };
    context.output.print(&document, |done| {
        tell!("identity-ended", file = done.file.as_str()) + "\n"
    })
}

fn end(context: &Context, file: &Path, also: &[Mailbox], yes: bool) -> Result<(), Fault> {
    let (mut home, now) = context.open_now()?;
    let told = asking(context, yes, |yes| {
        home.send_ended(file, also, yes, now.now)
    })?;
    let document = Told {
        mailbox: told.ending.mailbox,
        fingerprint: told.ending.fingerprint.to_string(),
        to: told.to,
    };
    context.output.print(&document, |told| {
        let ends = tell!(
            "identity-ends",
            mailbox = told.mailbox.to_string(),
            fingerprint = told.fingerprint.as_str()
        );
        format!(
            "{ends}\n{}\n",
            tell!("identity-end-told", count = told.to.len())
        )
    })
}

/// Does it, after a question where it asks one.
fn asking<T>(
    context: &Context,
    yes: bool,
    mut deed: impl FnMut(bool) -> Result<T, Fault>,
) -> Result<T, Fault> {
    match deed(yes) {
        Err(question) if question.code == "asks_first" => {
            if !may_ask(context.output) || !ask(&retold(&question.message)) {
                return Err(question);
            }
            deed(true)
        }
        done => done,
    }
}

/// From a file, from a terminal that does not show it, or from standard input. `twice`: a slip would lock it for good.
fn passphrase_of(context: &Context, file: Option<&Path>, twice: bool) -> Result<Passphrase, Fault> {
    let line = |typed: String| {
        let typed = Zeroizing::new(typed);
        Zeroizing::new(typed.lines().next().unwrap_or_default().to_owned())
    };
    let typed = |question: String| {
        let read = ask_silently(context.output, &(question + " "));
        let read = read
            .map_err(|error| Fault::new("input", format!("no passphrase could be read: {error}")));
        read.map(line)
    };
    let passphrase = match file {
        Some(path) => line(std::fs::read_to_string(path).map_err(|error| {
            Fault::usage("passphrase_file", format!("{}: {error}", path.display()))
        })?),
        None => typed(tell!("identity-passphrase"))?,
    };
    if twice && file.is_none() && may_ask(context.output) {
        let again = typed(tell!("identity-again"))?;
        return Passphrase::twice(passphrase.to_string(), again.to_string());
    }
    Ok(Passphrase::new(passphrase.to_string()))
}
