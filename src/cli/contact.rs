//! `contact`: other households, and how well they are known.

use std::fs;
use std::path::Path;

use serde::Serialize;

use super::arguments::{ContactCommand, OnOff};
use super::context::Context;
use super::home::lines_of_words;
use super::invite::{self, Followed, followed};
use super::prompt;
use super::words::{retold, shown_time, table, tell, trust};
use super::{Done, Fault};
use crate::address::{Mailbox, StationAddress};
use crate::album::{Contact, JoiningState};
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::Household;
use crate::sharing::contacts::households::{
    KnownHousehold, Standing, certificates_of, read_fingerprint,
};
use crate::sharing::contacts::which::{Deed, Named};
use crate::sharing::listing::clean_line;

/// So many digits of a fingerprint tell households apart that say that they are at one mailbox.
const SHORT: usize = 12;
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
    /// It said itself that this identity is no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<Timestamp>,
    /// It may use this household as a relay.
    relay: bool,
    /// Letters to it are under ML-KEM too.
    quantum_safe: bool,
    /// The people whom it tells of.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    people: Vec<StationAddress>,
    /// The key words that it suggests for some of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggests: Vec<Suggests>,
    /// It claims the mailbox of another one that is known, and is not let in beside that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    claiming: bool,
    /// It does so by the word of the directory alone.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    in_directory: bool,
    /// It is kept out, and another one is the household at this mailbox.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    kept_out: bool,
    /// Other identities that claim this mailbox.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    claims: Vec<Fingerprint>,
}

#[derive(Serialize)]
struct Suggests {
    word: String,
    address: StationAddress,
}

#[derive(Serialize)]
struct All {
    contacts: Vec<Known>,
    /// Who was asked to introduce itself and has not done so.
    asked: Vec<Unanswered>,
    /// Invitations of others that are followed, and those that led to nothing.
    joining: Vec<Followed>,
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
    /// Which one, where others at that mailbox stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Fingerprint>,
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
            let mailbox = home.request_card(&mailbox, now.now)?;
            asked(context, mailbox)?;
        }
        ContactCommand::Accept { household } => {
            let (mut home, now) = context.open_now()?;
            let who = home.household_named(&household, Deed::Accept)?;
            let contact = home.accept_contact(who, now.now)?;
            print(context, &home, &contact)?;
        }
        ContactCommand::List => list(context)?,
        ContactCommand::Show { household } => {
            let home = context.open()?;
            let who = home.household_named(&household, Deed::Other)?;
            print(context, &home, &home.contact_of(who)?)?;
        }
        ContactCommand::Verify {
            mailbox,
            fingerprint,
        } => verify(context, &mailbox, &fingerprint)?,
        ContactCommand::Block { household } => block(context, &household, true)?,
        ContactCommand::Relay { household, allowed } => {
            let (mut home, now) = context.open_now()?;
            let who = home.household_named(&household, Deed::Other)?;
            let contact = home.let_relay(who, allowed == OnOff::On, now.now)?;
            print(context, &home, &contact)?;
        }
        ContactCommand::Unblock { household } => block(context, &household, false)?,
        ContactCommand::Remove { household } => {
            let (mut home, now) = context.open_now()?;
            let gone = home.remove_named(&household, now.now)?;
            let removed = Removed {
                removed: gone.mailbox,
                fingerprint: gone.one_of,
            };
            context.output.print(&removed, |gone| {
                let mailbox = gone.removed.as_str();
                let words = match &gone.fingerprint {
                    Some(one) => {
                        tell!("contact-removed-one", mailbox = mailbox, one = one.short())
                    }
                    None => tell!("contact-removed", mailbox = mailbox),
                };
                words + "\n"
            })?;
        }
        ContactCommand::Invite {
            again: Some(invitation),
            ..
        } => return invite::again(context, &invitation),
        ContactCommand::Invite { days, person, .. } => {
            return invite::invite(context, days, person.as_ref());
        }
        ContactCommand::Invitations => return invite::list(context),
        ContactCommand::Withdraw { invitation } => return invite::withdraw(context, invitation),
        ContactCommand::Join { invitation, person } => {
            return invite::join(context, invitation, person.as_ref());
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
    let standings = home.households()?;
    let contacts = home.contacts()?;
    let contacts = contacts.iter().map(|contact| {
        let standing = standings
            .iter()
            .find(|one| one.fingerprint == contact.fingerprint);
        known(&home, contact, standing)
    });
    let joining = home.joinings()?.into_iter();
    let joining = joining.filter(|one| one.state != JoiningState::Joined);
    let joining: Vec<Followed> = joining.map(followed).collect();
    let invited = |mailbox: &Mailbox| joining.iter().any(|one| one.mailbox == *mailbox);
    let asked = home.asked()?.into_iter();
    let asked = asked.filter(|one| one.trouble.is_some() || !invited(&one.mailbox));
    let asked = asked.map(|one| Unanswered {
        mailbox: one.mailbox,
        since: one.sent,
        trouble: one.trouble.map(|words| clean_line(&words)),
    });
    let all = All {
        contacts: contacts.collect::<Result<_, _>>()?,
        asked: asked.collect(),
        joining,
    };
    context.output.print(&all, |all| {
        if all.contacts.is_empty() && all.asked.is_empty() && all.joining.is_empty() {
            return tell!("contact-none") + "\n";
        }
        let row = |one: &Known| {
            let other = |other: &&Known| other.mailbox == one.mailbox;
            let at = match all.contacts.iter().filter(other).count() {
                1 => one.mailbox.to_string(),
                _ => format!("{} ({})", one.mailbox, &one.fingerprint[..SHORT]),
            };
            vec![at, clean_line(&one.name), standing(one)]
        };
        let unanswered = |one: &Unanswered| {
            let since = tell!("contact-asked-on", time = shown_time(one.since));
            let trouble = one
                .trouble
                .as_ref()
                .map(|words| tell!("contact-perhaps", why = retold(words)));
            vec![
                one.mailbox.to_string(),
                String::new(),
                since + &trouble.unwrap_or_default(),
            ]
        };
        let rows = all
            .contacts
            .iter()
            .map(row)
            .chain(all.asked.iter().map(unanswered));
        let followed =
            |one: &Followed| vec![one.mailbox.to_string(), String::new(), one.standing()];
        let rows = rows.chain(all.joining.iter().map(followed));
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
        let name = clean_line(&contact.name);
        let words = tell!("contact-words", name = name, mailbox = mailbox.to_string());
        context.output.note(&words);
        let lines = lines_of_words(&contact.fingerprint.words());
        context.output.note(&lines);
        if !prompt::ask(&tell!("contact-same")) {
            return Err(Fault::new("not_verified", "nothing was changed"));
        }
        contact.fingerprint
    } else {
        read_fingerprint(&typed.join(" "))?
    };
    let contact = home.verify_contact(mailbox, &compared, now.now)?;
    print(context, &home, &contact)
}

fn block(context: &Context, household: &Named, blocked: bool) -> Result<(), Fault> {
    let mut home = context.open()?;
    let deed = if blocked { Deed::Block } else { Deed::Unblock };
    let who = home.household_named(household, deed)?;
    let contact = home.block_contact(who, blocked)?;
    print(context, &home, &contact)
}

fn asked(context: &Context, mailbox: Mailbox) -> Result<(), Fault> {
    let asked = Asked {
        mailbox,
        state: "asked",
    };
    context.output.print(&asked, |asked| {
        tell!("contact-asked", mailbox = asked.mailbox.to_string()) + "\n"
    })
}

pub(super) fn print(context: &Context, home: &Household, contact: &Contact) -> Result<(), Fault> {
    let standing_of = home.household(contact.fingerprint)?;
    let known = known(home, contact, Some(&standing_of))?;
    context.output.print(&known, |one| {
        let mut text = format!(
            "{} ({}): {}\n{}\n{}\n{}\n  {}\n",
            clean_line(&one.name),
            one.mailbox,
            standing(one),
            tell!("contact-comparing"),
            lines_of_words(&one.words),
            tell!("contact-fingerprint"),
            one.fingerprint
        );
        if one.relay {
            text += &(tell!("contact-relay") + "\n");
        }
        let letters = match one.quantum_safe {
            true => tell!("contact-quantum"),
            false => tell!("contact-not-quantum"),
        };
        text += &(letters + "\n");
        if !one.people.is_empty() || !one.suggests.is_empty() {
            text += &(tell!("contact-tells") + "\n");
        }
        for address in &one.people {
            text += &format!("  {address}\n");
        }
        for Suggests { word, address } in &one.suggests {
            let address = address.to_string();
            let words = tell!("contact-suggests", word = word.as_str(), address = address);
            text += &format!("  {words}\n");
        }
        if !one.claims.is_empty() {
            text += &(tell!("contact-claimed") + "\n");
        }
        text
    })
}

fn known(
    home: &Household,
    contact: &Contact,
    standing: Option<&KnownHousehold>,
) -> Result<Known, Fault> {
    let mut claims = home.album.rows().claims(&contact.mailbox)?;
    claims.retain(|one| *one != contact.fingerprint);
    let (people, words) = home.announced_by(contact)?;
    let suggests = |(word, address)| Suggests { word, address };
    Ok(Known {
        mailbox: contact.mailbox.clone(),
        name: contact.name.clone(),
        fingerprint: contact.fingerprint.to_string(),
        words: contact.fingerprint.words(),
        trust: contact.trust.as_str(),
        accepted: contact.accepted,
        blocked: contact.blocked,
        relay: home.relays_for(contact.fingerprint)?,
        quantum_safe: contact.is_quantum_safe(),
        ended: home.ended(contact.fingerprint)?,
        people,
        suggests: words.into_iter().map(suggests).collect(),
        claiming: standing.is_some_and(|one| one.standing == Standing::Claims),
        in_directory: standing.is_some_and(|one| one.in_directory),
        kept_out: standing.is_some_and(|one| one.kept_out),
        claims,
    })
}

fn standing(one: &Known) -> String {
    use crate::album::Trust;
    let level = [Trust::Pending, Trust::Seen, Trust::Verified]
        .into_iter()
        .find(|level| level.as_str() == one.trust)
        .map_or(String::new(), trust);
    if let Some(ended) = one.ended {
        return tell!("contact-ended", time = shown_time(ended));
    }
    match (one.blocked, one.accepted) {
        (true, _) if one.kept_out => tell!("contact-kept-out"),
        // Of one that was kept out, or never let in, nothing is known any more, or was.
        (true, _) if one.trust == Trust::Pending.as_str() => tell!("contact-blocked-alone"),
        (true, _) => tell!("contact-blocked", level = level),
        _ if one.claiming && one.in_directory => tell!("contact-claims-directory"),
        _ if one.claiming => tell!("contact-claims"),
        (false, true) if !one.claims.is_empty() => tell!("contact-is-claimed", level = level),
        (false, false) => tell!("contact-waits", level = level),
        (false, true) if one.trust == Trust::Pending.as_str() => {
            tell!("contact-introduce")
        }
        (false, true) => level,
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
            ended: None,
            relay: false,
            quantum_safe: true,
            people: Vec::new(),
            suggests: Vec::new(),
            claiming: false,
            in_directory: false,
            kept_out: false,
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
