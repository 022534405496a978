//! `contact`: other households, and how well they are known.

use std::fs;
use std::path::Path;

use serde::Serialize;

use super::arguments::ContactCommand;
use super::context::Context;
use super::home::lines_of_words;
use super::prompt;
use super::words::{shown_time, table, trust};
use super::{Done, Fault};
use crate::address::Mailbox;
use crate::album::Contact;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::Household;
use crate::sharing::households::{certificates_of, read_fingerprint};
use crate::sharing::listing::clean_line;

/// A certificate file is a few kilobytes.
const MAX_CERTIFICATE_FILE: u64 = 256 * 1024;

#[derive(Serialize)]
struct Known {
    mailbox: Mailbox,
    name: String,
    fingerprint: String,
    words: String,
    trust: &'static str,
    accepted: bool,
    blocked: bool,
    /// Letters to it are under ML-KEM too.
    quantum_safe: bool,
    /// Other identities that claim this mailbox.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims: Vec<Fingerprint>,
}

#[derive(Serialize)]
struct All {
    contacts: Vec<Known>,
    /// Who was asked to introduce itself and has not done so.
    asked: Vec<Unanswered>,
}

#[derive(Serialize)]
struct Unanswered {
    mailbox: Mailbox,
    since: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

#[derive(Serialize)]
struct Asked {
    mailbox: Mailbox,
    state: &'static str,
}

#[derive(Serialize)]
struct Removed {
    removed: Mailbox,
}

#[derive(Serialize)]
struct Exported {
    pem: String,
}

pub fn contact(context: &Context, command: ContactCommand) -> Result<Done, Fault> {
    match command {
        ContactCommand::Add {
            mailbox,
            cert: Some(file),
        } => {
            let pem = read_certificates(&file)?;
            let (mut home, now) = context.open_now()?;
            let contact = home.add_contact_file(&mailbox, &pem, now.now)?;
            print(context, &home, &contact)?;
        }
        ContactCommand::Add {
            mailbox,
            cert: None,
        } => {
            let (mut home, now) = context.open_now()?;
            match home.meet(&mailbox, now.now)? {
                Some(contact) => print(context, &home, &contact)?,
                None => asked(context, mailbox)?,
            }
        }
        ContactCommand::Request { mailbox } => {
            let (mut home, now) = context.open_now()?;
            home.request_card(&mailbox, now.now)?;
            asked(context, mailbox)?;
        }
        ContactCommand::Accept { mailbox } => {
            let (mut home, now) = context.open_now()?;
            let contact = home.accept_contact(&mailbox, now.now)?;
            print(context, &home, &contact)?;
        }
        ContactCommand::List => list(context)?,
        ContactCommand::Show { mailbox } => {
            let home = context.open()?;
            print(context, &home, &home.contact_at(&mailbox)?)?;
        }
        ContactCommand::Verify {
            mailbox,
            fingerprint,
        } => verify(context, &mailbox, &fingerprint)?,
        ContactCommand::Block { mailbox } => block(context, &mailbox, true)?,
        ContactCommand::Unblock { mailbox } => block(context, &mailbox, false)?,
        ContactCommand::Remove { mailbox } => {
            context.open()?.remove_contact(&mailbox)?;
            context
                .output
                .print(&Removed { removed: mailbox }, |gone| {
                    format!("The household at {} is forgotten.\n", gone.removed)
                })?;
        }
        ContactCommand::Export => {
            let pem = context.open()?.own_card_pem()?;
            context
                .output
                .print(&Exported { pem }, |own| own.pem.clone())?;
        }
    }
    Ok(Done::Wholly)
}

/// The certificates in a file that `contact export` wrote, with or without `--json`.
pub fn read_certificates(file: &Path) -> Result<Vec<u8>, Fault> {
    let unreadable =
        |words: String| Fault::usage("certificate", format!("{}: {words}", file.display()));
    let len = fs::metadata(file)
        .map_err(|error| unreadable(error.to_string()))?
        .len();
    if len > MAX_CERTIFICATE_FILE {
        return Err(unreadable("too long for a certificate file".to_owned()));
    }
    let bytes = fs::read(file).map_err(|error| unreadable(error.to_string()))?;
    Ok(certificates_of(&bytes))
}

fn list(context: &Context) -> Result<(), Fault> {
    let home = context.open()?;
    let contacts = home.contacts()?;
    let contacts = contacts.iter().map(|contact| known(&home, contact));
    let asked = home.asked()?.into_iter().map(|one| Unanswered {
        mailbox: one.mailbox,
        since: one.sent,
        trouble: one.trouble.map(|words| clean_line(&words)),
    });
    let all = All {
        contacts: contacts.collect::<Result<_, _>>()?,
        asked: asked.collect(),
    };
    context.output.print(&all, |all| {
        if all.contacts.is_empty() && all.asked.is_empty() {
            return "No households yet. `hearthpost contact request ADDR` asks one to introduce itself.\n".to_owned();
        }
        let row = |one: &Known| vec![one.mailbox.to_string(), clean_line(&one.name), standing(one)];
        let unanswered = |one: &Unanswered| {
            let since = format!("asked on {}, no answer yet", shown_time(one.since));
            let trouble = one.trouble.as_ref().map(|words| format!("; perhaps not arrived: {words}"));
            vec![one.mailbox.to_string(), String::new(), since + &trouble.unwrap_or_default()]
        };
        let rows = all.contacts.iter().map(row).chain(all.asked.iter().map(unanswered));
        table(&rows.collect::<Vec<_>>())
    })
}

/// Compares the words: with those that were typed, or by asking.
fn verify(context: &Context, mailbox: &Mailbox, typed: &[String]) -> Result<(), Fault> {
    let (mut home, now) = context.open_now()?;
    let compared = if typed.is_empty() {
        let contact = home.contact_at(mailbox)?;
        if !prompt::may_ask(context.output) {
            return Err(Fault::usage("fingerprint", "say what was read out there: --fingerprint WORDS")
                .hint("the words are shown there by `hearthpost doctor`, and here by `hearthpost contact show`"));
        }
        context.output.note(&format!(
            "{} ({mailbox}) has these comparing words:\n{}",
            clean_line(&contact.name),
            lines_of_words(&contact.fingerprint.words())
        ));
        if !prompt::ask("Do the people there read out the same?") {
            return Err(Fault::new("not_verified", "nothing was changed"));
        }
        contact.fingerprint
    } else {
        read_fingerprint(&typed.join(" "))?
    };
    let contact = home.verify_contact(mailbox, &compared, now.now)?;
    print(context, &home, &contact)
}

fn block(context: &Context, mailbox: &Mailbox, blocked: bool) -> Result<(), Fault> {
    let mut home = context.open()?;
    let contact = home.block_contact(mailbox, blocked)?;
    print(context, &home, &contact)
}

fn asked(context: &Context, mailbox: Mailbox) -> Result<(), Fault> {
    let asked = Asked {
        mailbox,
        state: "asked",
    };
    context.output.print(&asked, |asked| {
        format!(
            "{} is asked to introduce itself when mail goes out next (`hearthpost sync`).\n",
            asked.mailbox
        )
    })
}

pub(super) fn print(context: &Context, home: &Household, contact: &Contact) -> Result<(), Fault> {
    context.output.print(&known(home, contact)?, |one| {
        let mut text = format!(
            "{} ({}): {}\nComparing words:\n{}\nFingerprint:\n  {}\n",
            clean_line(&one.name),
            one.mailbox,
            standing(one),
            lines_of_words(&one.words),
            one.fingerprint
        );
        text += match one.quantum_safe {
            true => "Letters to it are quantum-safe.\n",
            false => "Letters to it are not quantum-safe: its box has not sent a key for that yet.\n",
        };
        if !one.claims.is_empty() {
            text += "Another household claims this mailbox. Do not trust it before you have compared words.\n";
        }
        text
    })
}

fn known(home: &Household, contact: &Contact) -> Result<Known, Fault> {
    Ok(Known {
        mailbox: contact.mailbox.clone(),
        name: contact.name.clone(),
        fingerprint: contact.fingerprint.to_string(),
        words: contact.fingerprint.words(),
        trust: contact.trust.as_str(),
        accepted: contact.accepted,
        blocked: contact.blocked,
        quantum_safe: contact.is_quantum_safe(),
        claims: home.album.rows().claims(&contact.mailbox)?,
    })
}

fn standing(one: &Known) -> String {
    use crate::album::Trust;
    let level = [Trust::Pending, Trust::Seen, Trust::Verified]
        .into_iter()
        .find(|level| level.as_str() == one.trust)
        .map_or("", trust);
    match (one.blocked, one.accepted) {
        (true, _) => format!("blocked; {level}"),
        (false, false) => format!("waits for `hearthpost contact accept`; {level}"),
        (false, true) if one.trust == Trust::Pending.as_str() => {
            "asked to introduce itself; `hearthpost sync` brings the answer, then compare words"
                .to_owned()
        }
        (false, true) => level.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_standing_says_what_to_do_next() {
        let known = |trust: &'static str, accepted| Known {
            mailbox: "home-b@b.example".parse().expect("a mailbox"),
            name: String::new(),
            fingerprint: String::new(),
            words: String::new(),
            trust,
            accepted,
            blocked: false,
            quantum_safe: true,
            claims: Vec::new(),
        };
        for (trust, accepted, words) in [
            ("pending", false, "hearthpost contact accept"),
            ("pending", true, "hearthpost sync"),
            ("seen", true, "words not compared"),
        ] {
            let said = standing(&known(trust, accepted));
            assert!(said.contains(words), "{said}");
        }
    }
}
