//! `init` and `user`: this household and its people.

use std::path::Path;

use serde::Serialize;
use zeroize::Zeroizing;

use super::announce::{self, words_of};
use super::arguments::{self, InitArguments, Notices, UserCommand, YesOrNo};
use super::context::Context;
use super::prompt::ask_silently;
use super::token;
use super::words::{table, tell};
use super::{Done, Fault};
use crate::address::{Mailbox, StationAddress, StationName};
use crate::album::{Person, WhenTold};
use crate::config::Announce;
use crate::config::Role;
use crate::sharing::accounts::Password;
use crate::sharing::clock::{Memory, Reading};
use crate::sharing::{Household, NewHousehold};

#[derive(Serialize)]
struct NewHome {
    mailbox: Mailbox,
    fingerprint: String,
    words: String,
    config: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended: Option<String>,
}

#[derive(Serialize)]
struct User {
    name: StationName,
    #[serde(skip_serializing_if = "Option::is_none")]
    mail: Option<Mailbox>,
    notices: &'static str,
    address: StationAddress,
    /// Whether other households are told of this person, and by which key words.
    #[serde(skip_serializing_if = "Option::is_none")]
    announced: Option<Vec<String>>,
}

#[derive(Serialize)]
struct Users {
    users: Vec<User>,
}

#[derive(Serialize)]
struct Entered {
    name: StationName,
}

#[derive(Serialize)]
struct Link {
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<StationName>,
}

#[derive(Serialize)]
struct Keeper {
    name: StationName,
    keeper: bool,
}

#[derive(Serialize)]
struct Moved {
    name: StationName,
    /// None: nowhere.
    mail: Option<Mailbox>,
}

#[derive(Serialize)]
struct Told {
    name: StationName,
    notices: &'static str,
}

#[derive(Serialize)]
struct Removed {
    removed: StationName,
}

pub fn init(context: &Context, arguments: &InitArguments) -> Result<Done, Fault> {
    let reading = Reading::take();
    // Certificates begin now: by a clock that stands before this version was made they would begin long ago.
    let now = Memory::default().now(&reading).now;
    let new = NewHousehold {
        mailbox: arguments.mailbox.clone(),
        name: arguments.name.clone(),
        imap_url: arguments.imap.clone(),
        smtp_url: arguments.smtp.clone(),
        username: arguments.username.clone(),
        password_file: arguments.password_file.clone(),
        data: arguments.data.clone(),
        ca_file: arguments.ca.clone(),
    };
    let role = match arguments.role {
        arguments::Role::Home => Role::Home,
        arguments::Role::Relay => Role::Relay,
    };
    let made = Household::init_as(&context.new_config(), &new, role, now)?;
    let home = NewHome {
        mailbox: made.mailbox,
        fingerprint: made.fingerprint.to_string(),
        words: made.fingerprint.words(),
        config: made.config.display().to_string(),
        ended: made.ended.map(|path| path.display().to_string()),
    };
    let next = match role {
        Role::Home => tell!("init-next"),
        Role::Relay => tell!("init-next-relay"),
    };
    context.output.print(&home, |home| {
        let here = tell!(
            "init-here",
            mailbox = home.mailbox.to_string(),
            file = home.config.as_str()
        );
        format!(
            "{here}\n{}\n{}\n{}\n  {}\n{}{}\n",
            tell!("init-words"),
            lines_of_words(&home.words),
            tell!("init-fingerprint"),
            home.fingerprint,
            home.ended.as_ref().map_or(String::new(), |file| {
                tell!("init-ended", file = file.as_str()) + "\n"
            }),
            next
        )
    })?;
    Ok(Done::Wholly)
}

/// The comparing words, six a line, as they are best read out.
pub fn lines_of_words(words: &str) -> String {
    let words: Vec<&str> = words.split(' ').collect();
    let lines: Vec<String> = words
        .chunks(6)
        .map(|line| format!("  {}", line.join(" ")))
        .collect();
    lines.join("\n")
}

pub fn user(context: &Context, command: UserCommand) -> Result<Done, Fault> {
    match command {
        UserCommand::Add { name, mail } => {
            let (mut home, now) = context.open_now()?;
            home.add_person(name.clone(), mail.clone(), now.now)?;
            let person = Person::new(name, mail);
            context
                .output
                .print(&user_of(&home, &home.announced()?, person), |user| {
                    tell!(
                        "user-added",
                        name = user.name.as_str(),
                        address = user.address.to_string()
                    ) + "\n"
                })?;
        }
        UserCommand::List => {
            let home = context.open()?;
            let people = home.people()?;
            let announced = home.announced()?;
            let users = people
                .into_iter()
                .map(|person| user_of(&home, &announced, person))
                .collect();
            context.output.print(&Users { users }, |all| {
                if all.users.is_empty() {
                    return tell!("user-none") + "\n";
                }
                let row = |user: &User| {
                    vec![
                        user.name.to_string(),
                        user.address.to_string(),
                        user.mail
                            .as_ref()
                            .map(Mailbox::to_string)
                            .unwrap_or_default(),
                        shown(user.announced.as_deref()),
                    ]
                };
                table(&all.users.iter().map(row).collect::<Vec<_>>())
            })?;
        }
        UserCommand::Remove { name } => {
            let (mut home, now) = context.open_now()?;
            home.remove_person(&name, now.now)?;
            context.output.print(&Removed { removed: name }, |gone| {
                tell!("user-removed", name = gone.removed.as_str()) + "\n"
            })?;
        }
        UserCommand::Passwd {
            name,
            password_file,
        } => {
            let (mut home, now) = context.open_now()?;
            let password = password(context, password_file.as_deref())?;
            home.set_password(&name, &password, now.now)?;
            context.output.print(&Entered { name }, |one| {
                tell!("user-password", name = one.name.as_str()) + "\n"
            })?;
        }
        UserCommand::Link { name } => {
            let (mut home, now) = context.open_now()?;
            let secret = home.welcome(name.as_ref(), now.now)?;
            let url = home.welcome_url(&secret);
            context.output.print(&Link { url, name }, |link| {
                let whom = link.name.as_ref().map(ToString::to_string);
                let whom = whom.unwrap_or_else(|| tell!("user-whoever"));
                tell!("user-link", whom = whom, url = link.url.as_str()) + "\n"
            })?;
        }
        UserCommand::Mail { name, mail } => {
            let mail = mail.0;
            let (mut home, now) = context.open_now()?;
            home.set_mail(&name, mail.as_ref(), now.now)?;
            context.output.print(&Moved { name, mail }, |one| {
                let name = one.name.as_str();
                match &one.mail {
                    Some(mail) => tell!("user-mail", name = name, mail = mail.as_str()) + "\n",
                    None => tell!("user-no-mail", name = name) + "\n",
                }
            })?;
        }
        UserCommand::Notices { name, when } => {
            let told = match when {
                Notices::AtOnce => WhenTold::AtOnce,
                Notices::Daily => WhenTold::Daily,
                Notices::None => WhenTold::Never,
            };
            let (mut home, now) = context.open_now()?;
            home.set_when_told(&name, told, now.now)?;
            let notices = told.as_str();
            context
                .output
                .print(&Told { name, notices }, |one| match told {
                    WhenTold::AtOnce => tell!("user-told-at-once", name = one.name.as_str()) + "\n",
                    WhenTold::Daily => tell!("user-told-daily", name = one.name.as_str()) + "\n",
                    WhenTold::Never => tell!("user-told-never", name = one.name.as_str()) + "\n",
                })?;
        }
        UserCommand::Announce {
            name,
            allowed,
            words,
        } => {
            return announce::announce(context, name, allowed, words);
        }
        UserCommand::Token {
            name,
            program,
            scope,
            days,
        } => return token::make(context, name, program, &scope, days),
        UserCommand::Tokens { name } => return token::list(context, &name),
        UserCommand::EndToken { name, program } => return token::end(context, name, program),
        UserCommand::Keeper { name, keeper } => {
            let keeper = keeper == YesOrNo::Yes;
            context.open()?.set_keeper(&name, keeper)?;
            context.output.print(&Keeper { name, keeper }, |one| {
                let name = one.name.as_str();
                match one.keeper {
                    true => tell!("user-keeper", name = name) + "\n",
                    false => tell!("user-no-keeper", name = name) + "\n",
                }
            })?;
        }
    }
    Ok(Done::Wholly)
}

/// From a file, from a terminal that does not show it, or from standard input.
fn password(context: &Context, file: Option<&Path>) -> Result<Password, Fault> {
    let typed = match file {
        Some(path) => std::fs::read_to_string(path).map_err(|error| {
            Fault::usage("password_file", format!("{}: {error}", path.display()))
        })?,
        None => ask_silently(context.output, &(tell!("user-new-password") + " "))
            .map_err(|error| Fault::new("input", format!("no password could be read: {error}")))?,
    };
    let typed = Zeroizing::new(typed);
    let line = typed.lines().next().unwrap_or_default();
    Ok(Password::new(line.to_owned()))
}

/// Whether others are told of a person, for a table.
fn shown(announced: Option<&[String]>) -> String {
    match announced {
        None => String::new(),
        Some([]) => tell!("user-is-announced"),
        Some(words) => tell!("user-is-announced-as", words = words.join(", ")),
    }
}

fn user_of(home: &Household, announced: &Announce, person: Person) -> User {
    User {
        announced: words_of(announced, &person.station),
        address: StationAddress {
            mailbox: home.config.mailbox.clone(),
            station: person.station.clone(),
        },
        name: person.station,
        mail: person.mail,
        notices: person.told.as_str(),
    }
}
