//! One IMAP connection: reads a command with its literals, logs it, has it answered.

use super::{
    output::Output,
    selected::{Gone, Selected},
};
use crate::{
    faults::Fault,
    log,
    store::Shared,
    wire::{Input, Line},
};
use imap_codec::{
    CommandCodec,
    decode::{CommandDecodeError, Decoder},
    imap_types::{
        command::{Command, CommandBody},
        core::{LiteralMode, Tag},
    },
};
use std::{io, sync::Arc};
use tokio::net::TcpStream;

const LONGEST_LINE: usize = 64 * 1024;
/// Literals before sign-in hold a name or a password.
const LONGEST_LITERAL_BEFORE_LOGIN: usize = 4096;

/// What a command's answer leaves to do.
pub(super) enum Next {
    Command,
    Close,
}

/// The last line of an answer.
pub(super) enum Outcome {
    Ok(String),
    No(String),
    Bad(&'static str),
    /// Everything was said already.
    Close,
}

impl Outcome {
    pub(super) fn ok(text: &str) -> Self {
        Self::Ok(text.to_owned())
    }

    pub(super) fn no(text: &str) -> Self {
        Self::No(text.to_owned())
    }
}

pub(super) struct Connection {
    pub(super) shared: Arc<Shared>,
    /// Counts from 1: who changed flags is known by it, and 0 stands for nobody.
    pub(super) number: u64,
    pub(super) input: Input,
    pub(super) output: Output,
    pub(super) account: Option<String>,
    pub(super) selected: Option<Selected>,
}

/// Speaks IMAP until the client leaves or a fault drops it.
pub(crate) async fn serve(socket: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let (reader, writer) = socket.into_split();
    let number = {
        let mut state = shared.state();
        state.connections += 1;
        state.connections
    };
    let mut connection = Connection {
        number,
        input: Input::new(reader),
        output: Output::new(writer, Arc::clone(&shared)),
        shared,
        account: None,
        selected: None,
    };
    connection.run().await
}

/// A command as it came.
enum Received {
    Command { raw: Vec<u8>, text: String },
    Refused(String),
    End,
}

impl Connection {
    async fn run(&mut self) -> io::Result<()> {
        let capabilities = self.capabilities();
        let greeting = format!("* OK [CAPABILITY {capabilities}] {}\r\n", crate::WHAT_IT_IS);
        self.output.text(&greeting).await?;
        loop {
            if !self.input.has_more() {
                self.output.flush().await?;
            }
            match self.receive().await? {
                Received::End => return Ok(()),
                Received::Refused(line) => self.output.text(&line).await?,
                Received::Command { raw, text } => {
                    let next = self.answer(&raw, text).await?;
                    // Also between pipelined commands, for the log.
                    self.output.flush().await?;
                    if matches!(next, Next::Close) {
                        return Ok(());
                    }
                }
            }
        }
    }

    /// What happened in the selected folder since it was last asked.
    pub(super) fn news(&mut self, removals: bool) -> Result<String, Gone> {
        let Some(selected) = &mut self.selected else {
            return Ok(String::new());
        };
        let mut state = self.shared.state();
        let revision = state.revision;
        let (account, name) = (selected.account.clone(), selected.folder.clone());
        selected.news(
            state.folder_mut(&account, &name),
            self.number,
            revision,
            removals,
        )
    }

    /// Reads lines and literals until they make up a command.
    async fn receive(&mut self) -> io::Result<Received> {
        let mut raw = Vec::new();
        let mut text = String::new();
        loop {
            let line = match self.input.line(LONGEST_LINE).await? {
                Line::Whole(line) => line,
                Line::TooLong => {
                    return Ok(Received::Refused("* BAD line too long\r\n".to_owned()));
                }
                Line::End => return Ok(Received::End),
            };
            text.push_str(&String::from_utf8_lossy(&line));
            raw.extend_from_slice(&line);
            raw.extend_from_slice(b"\r\n");
            let (tag, length, mode) = match CommandCodec::default().decode(&raw) {
                Err(CommandDecodeError::LiteralFound { tag, length, mode }) => {
                    (tag.as_ref().to_owned(), length, mode)
                }
                _ => return Ok(Received::Command { raw, text }),
            };
            let limit = match self.account {
                Some(_) => self.shared.message_limit,
                None => LONGEST_LITERAL_BEFORE_LOGIN,
            };
            if usize::try_from(length).is_ok_and(|length| length > limit) {
                if mode == LiteralMode::Sync {
                    let line = format!("{tag} NO [TOOBIG] literal exceeds the size limit\r\n");
                    return Ok(Received::Refused(line));
                }
                // RFC 7888 §4: the client sends it anyway, so the connection must go.
                self.output
                    .text("* BYE [TOOBIG] literal exceeds the size limit\r\n")
                    .await?;
                self.output.flush().await?;
                return Ok(Received::End);
            }
            if mode == LiteralMode::Sync {
                self.output.text("+ go on\r\n").await?;
                self.output.flush().await?;
            }
            self.input.exactly(u64::from(length), &mut raw).await?;
        }
    }

    async fn answer(&mut self, raw: &[u8], text: String) -> io::Result<Next> {
        let decoded = CommandCodec::default().decode(raw);
        let name = command_name(&text);
        self.renumber_by_fault(&text);
        let body = decoded.as_ref().ok().map(|(_, command)| &command.body);
        self.log(logged(&name, text, body));
        let Ok((_, Command { tag, body })) = decoded else {
            // Without a readable tag the client is told all the same (RFC 3501 §7.1.3).
            let tag = raw
                .split(|byte| byte.is_ascii_whitespace())
                .next()
                .unwrap_or_default();
            let tag = Tag::try_from(tag).map_or("*".to_owned(), |tag| tag.as_ref().to_owned());
            self.output
                .text(&format!("{tag} BAD cannot read this command\r\n"))
                .await?;
            return Ok(Next::Command);
        };
        let outcome = match self.refused_by_fault(&name, &body) {
            Some(text) => Outcome::No(text),
            None => self.execute(body).await?,
        };
        let line = match outcome {
            Outcome::Ok(text) => format!("OK {text}"),
            Outcome::No(text) => format!("NO {text}"),
            Outcome::Bad(text) => format!("BAD {text}"),
            Outcome::Close => return Ok(Next::Close),
        };
        let logging_out = name == "LOGOUT";
        self.output
            .text(&format!("{} {line}\r\n", tag.as_ref()))
            .await?;
        Ok(if logging_out {
            Next::Close
        } else {
            Next::Command
        })
    }

    fn renumber_by_fault(&self, text: &str) {
        let account = self.account.as_deref();
        let due = self.shared.rules.take(account, |fault| match fault {
            Fault::RenumberAt(part) if text.contains(part) => Some(()),
            _ => None,
        });
        if let (Some(()), Some(selected)) = (due, &self.selected) {
            self.shared
                .change(|state| state.renumber(&selected.account, &selected.folder));
        }
    }

    fn refused_by_fault(&self, name: &str, body: &CommandBody<'_>) -> Option<String> {
        let login = match body {
            CommandBody::Login { username, .. } => Some(String::from_utf8_lossy(username.as_ref())),
            _ => None,
        };
        // LOGIN counts for the account that it names.
        let account = login.as_deref().map(crate::address::normalised);
        let account = account.as_deref().or(self.account.as_deref());
        self.shared.rules.take(account, |fault| match fault {
            Fault::RefuseCommand {
                name: refused,
                text,
            } if *refused == name || name.strip_prefix("UID ") == Some(refused) => {
                Some(text.clone())
            }
            _ => None,
        })
    }

    fn log(&mut self, text: String) {
        let (connection, account) = (self.number, self.account.clone());
        let mut state = self.shared.state();
        state.commands.push(log::Command {
            connection,
            account,
            text,
            bytes_sent: 0,
        });
        self.output.begin_answer(state.commands.len() - 1);
    }
}

/// The word after the tag, in upper case; with the next one after UID.
fn command_name(text: &str) -> String {
    let mut words = text
        .split_ascii_whitespace()
        .skip(1)
        .map(str::to_ascii_uppercase);
    match words.next() {
        Some(uid) if uid == "UID" => format!("UID {}", words.next().unwrap_or_default()),
        first => first.unwrap_or_default(),
    }
}

/// What the log may hold of a command: neither the tag nor a password.
fn logged(name: &str, text: String, body: Option<&CommandBody<'_>>) -> String {
    match body {
        Some(CommandBody::Login { username, .. }) => {
            format!("LOGIN {} ***", String::from_utf8_lossy(username.as_ref()))
        }
        Some(CommandBody::Authenticate { mechanism, .. }) => {
            format!("AUTHENTICATE {mechanism} ***")
        }
        // A command that cannot be read may be a LOGIN with its words in the wrong place.
        None => format!("{name} (unreadable)"),
        Some(_) => text
            .split_once(' ')
            .map_or(String::new(), |(_tag, rest)| rest.to_owned()),
    }
}
