//! `contact invite`, `invitations`, `withdraw` and `join`.

use std::io::{IsTerminal, Read};

use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde::Serialize;
use zeroize::Zeroizing;

use super::context::Context;
use super::home::lines_of_words;
use super::words::{retold, shown_time, spoken, table, tell};
use super::{Done, Fault};
use crate::address::{Mailbox, StationName};
use crate::album::Joining;
use crate::encoding::Timestamp;
use crate::envelope::Fingerprint;
use crate::sharing::invite::{Given, Invited};
use crate::sharing::listing::clean_line;
use crate::words::say;

/// No link or row of words is longer, in bytes.
const MOST: u64 = 8 * 1024;

#[derive(Serialize)]
struct New<'i> {
    invitation: &'i str,
    link: &'i str,
    mailbox: &'i Mailbox,
    words: &'i str,
    until: Timestamp,
}

#[derive(Serialize)]
struct All {
    invitations: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    invitation: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<StationName>,
    made: Timestamp,
    until: Timestamp,
    /// Who came in with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    household: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<Fingerprint>,
    /// What came with it last and was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<String>,
}

#[derive(Serialize)]
struct Withdrawn {
    withdrawn: String,
}

/// An invitation of another household, as `contact list` and `contact join` say it.
#[derive(Serialize)]
pub struct Followed {
    pub mailbox: Mailbox,
    state: &'static str,
    since: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    /// Why not, or why not yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    /// Where the same invitation was tried before, and is not any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    instead_of: Option<Mailbox>,
}

pub fn invite(context: &Context, days: u32, person: Option<&StationName>) -> Result<Done, Fault> {
    let (mut home, now) = context.open_now()?;
    let invited = home.invite(person, days, now.now)?;
    print(context, &invited)
}

/// An invitation that was made, once more.
pub fn again(context: &Context, invitation: &str) -> Result<Done, Fault> {
    let (home, now) = context.open_now()?;
    print(context, &home.invitation(invitation, now.now)?)
}

fn print(context: &Context, invited: &Invited) -> Result<Done, Fault> {
    let new = New {
        invitation: &invited.reference,
        link: &invited.link,
        mailbox: &invited.mailbox,
        words: &invited.words,
        until: invited.ends,
    };
    context.output.print(&new, |_| words_of(invited))?;
    Ok(Done::Wholly)
}

fn words_of(invited: &Invited) -> String {
    let code = match std::io::stdout().is_terminal() {
        true => QrCode::new(invited.link.as_bytes()).ok(),
        false => None,
    };
    let code = code.map(|code| code.render::<Dense1x2>().build() + "\n\n");
    let aloud = tell!("invite-aloud", mailbox = invited.mailbox.to_string());
    let ends = tell!(
        "invite-ends",
        time = shown_time(invited.ends),
        invitation = invited.reference.as_str()
    );
    format!(
        "{}{}\n  {}\n{aloud}\n{}\n{ends}\n",
        code.unwrap_or_default(),
        tell!("invite-link"),
        *invited.link,
        lines_of_words(&invited.words),
    )
}

pub fn list(context: &Context) -> Result<Done, Fault> {
    let (home, now) = context.open_now()?;
    let listed = |given: Given| {
        let (household, fingerprint) = given.household.unzip();
        Listed {
            invitation: given.reference,
            state: given.state.as_str(),
            by: given.person,
            made: given.made,
            until: given.ends,
            household,
            fingerprint,
            trouble: given.trouble.map(|words| clean_line(&words)),
        }
    };
    let invitations = home.invitations(now.now)?.into_iter().map(listed);
    let all = All {
        invitations: invitations.collect(),
    };
    context.output.print(&all, |all| {
        if all.invitations.is_empty() {
            return tell!("invite-none") + "\n";
        }
        let rows = all.invitations.iter().map(|one| {
            let how = match (&one.household, one.state) {
                (Some(name), _) => tell!("invite-used-by", name = name.as_str()),
                (None, "open") => tell!("invite-open", time = shown_time(one.until)),
                (None, state) => say(spoken(), &format!("invite-state-{state}"), &[]),
            };
            let trouble = one.trouble.as_ref();
            let trouble = trouble
                .map(|words| format!("; {}", retold(words)))
                .unwrap_or_default();
            vec![one.invitation.clone(), how + &trouble]
        });
        table(&rows.collect::<Vec<_>>())
    })?;
    Ok(Done::Wholly)
}

pub fn withdraw(context: &Context, invitation: String) -> Result<Done, Fault> {
    context.open()?.withdraw_invitation(&invitation)?;
    let withdrawn = Withdrawn {
        withdrawn: invitation,
    };
    context.output.print(&withdrawn, |one| {
        tell!("invite-withdrawn", invitation = one.withdrawn.as_str()) + "\n"
    })?;
    Ok(Done::Wholly)
}

/// `typed` empty: it is read from standard input, where it does not stand in the list of programs.
pub fn join(
    context: &Context,
    typed: Vec<String>,
    person: Option<&StationName>,
) -> Result<Done, Fault> {
    let text = match typed.is_empty() {
        false => Zeroizing::new(typed.join(" ")),
        true => {
            let mut text = Zeroizing::new(String::new());
            let read = std::io::stdin().take(MOST).read_to_string(&mut text);
            read.map_err(|error| Fault::usage("invitation", format!("standard input: {error}")))?;
            text
        }
    };
    let (mut home, now) = context.open_now()?;
    let begun = home.join(&text, person, now)?;
    let asked = begun.joining.asked;
    let joining = Followed {
        instead_of: begun.instead_of,
        ..followed(begun.joining)
    };
    context.output.print(&joining, |one| {
        let mailbox = one.mailbox.to_string();
        let words = match one.state {
            "joined" => tell!("invite-joined-before", mailbox = mailbox),
            _ if one.since < asked => {
                let since = shown_time(one.since);
                tell!("invite-asked-again", mailbox = mailbox, since = since)
            }
            _ => tell!("invite-asked", mailbox = mailbox),
        };
        let instead = one.instead_of.as_ref();
        let instead = instead.map(|at| tell!("invite-instead", mailbox = at.to_string()) + "\n");
        words + "\n" + &instead.unwrap_or_default()
    })?;
    Ok(Done::Wholly)
}

pub fn followed(joining: Joining) -> Followed {
    Followed {
        mailbox: joining.mailbox,
        state: joining.state.as_str(),
        since: joining.begun,
        until: joining.ends,
        reason: joining.reason.map(|words| clean_line(&words)),
        instead_of: None,
    }
}

impl Followed {
    /// How it stands, in words.
    pub fn standing(&self) -> String {
        match (&self.reason, self.state) {
            (Some(reason), "refused") => tell!("invite-not-let-in", why = retold(reason)),
            (Some(reason), _) => tell!("invite-unanswered", why = retold(reason)),
            (None, _) => tell!("invite-silent", time = shown_time(self.since)),
        }
    }
}
