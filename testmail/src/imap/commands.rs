//! Which command does what, and in which state it may be given; sign-in and IDLE.

use super::{
    connection::{Connection, Outcome},
    selected::Gone,
};
use crate::{
    faults::Fault,
    sasl::{self, Credentials},
    wire::Line,
};
use imap_codec::imap_types::{auth::AuthMechanism, command::CommandBody};
use std::{borrow::Cow, io, sync::Arc};

const LONGEST_LINE: usize = 8192;
const BEFORE_LOGIN: [&str; 7] = [
    "IMAP4rev1",
    "IDLE",
    "LITERAL+",
    "SASL-IR",
    "ID",
    "AUTH=PLAIN",
    "AUTH=XOAUTH2",
];
const AFTER_LOGIN: [&str; 11] = [
    "IMAP4rev1",
    "BINARY",
    "IDLE",
    "UIDPLUS",
    "MOVE",
    "LITERAL+",
    "SASL-IR",
    "ID",
    "SPECIAL-USE",
    "CHILDREN",
    "UNSELECT",
];

impl Connection {
    /// Like Dovecot, tells less before sign-in than after it.
    pub(super) fn capabilities(&self) -> String {
        let all = if self.account.is_some() {
            &AFTER_LOGIN[..]
        } else {
            &BEFORE_LOGIN[..]
        };
        let gmail = self.is_gmail().then_some("X-GM-EXT-1");
        all.iter()
            .copied()
            .filter(|name| self.offers(name))
            .chain(gmail)
            .collect::<Vec<_>>()
            .join(" ")
    }

    fn is_gmail(&self) -> bool {
        let account = self.account.as_deref();
        account.is_some_and(|account| self.shared.state().is_gmail(account))
    }

    pub(super) fn offers(&self, capability: &str) -> bool {
        let withheld = self
            .shared
            .rules
            .setting(self.account.as_deref(), |fault| match fault {
                Fault::Withhold(name) if name == capability => Some(()),
                _ => None,
            });
        withheld.is_none()
    }

    pub(super) async fn execute(&mut self, body: CommandBody<'_>) -> io::Result<Outcome> {
        let numbered = matches!(
            body,
            CommandBody::Fetch { uid: false, .. }
                | CommandBody::Store { uid: false, .. }
                | CommandBody::Search { uid: false, .. }
        );
        if matches!(body, CommandBody::Fetch { .. } | CommandBody::Noop) {
            self.flood().await?;
        }
        let outcome = match body {
            CommandBody::Capability => {
                let line = format!("* CAPABILITY {}\r\n", self.capabilities());
                self.output.text(&line).await?;
                Outcome::ok("done")
            }
            CommandBody::Noop | CommandBody::Check => Outcome::ok("done"),
            CommandBody::Logout => {
                self.output.text("* BYE bye\r\n").await?;
                return Ok(Outcome::ok("done"));
            }
            CommandBody::Id { .. } => {
                self.output.text("* ID (\"name\" \"testmail\")\r\n").await?;
                Outcome::ok("done")
            }
            CommandBody::Login { username, password } => {
                let password = password.declassify().as_ref().to_vec();
                self.sign_in(Some(Credentials::new(username.as_ref(), password)))
            }
            CommandBody::Authenticate {
                mechanism,
                initial_response,
            } => {
                let initial = initial_response.map(|secret| secret.declassify().clone());
                self.authenticate(&mechanism, initial).await?
            }
            _ if self.account.is_none() => Outcome::Bad("sign in first"),
            CommandBody::Idle if self.offers("IDLE") => self.idle().await?,
            other => self.execute_signed_in(other).await?,
        };
        if matches!(outcome, Outcome::Close) {
            return Ok(outcome);
        }
        self.tell_news(!numbered, outcome).await
    }

    async fn flood(&mut self) -> io::Result<()> {
        let rules = Arc::clone(&self.shared.rules);
        let flood = rules.take(self.account.as_deref(), |fault| match fault {
            Fault::Flood(bytes) => Some(*bytes),
            _ => None,
        });
        let mut left = flood.unwrap_or_default();
        let lines = "* 1 EXISTS\r\n* OK what ever\r\n* 1 FETCH (FLAGS (\\Seen))\r\n".repeat(1000);
        while left > 0 {
            self.output.text(&lines).await?;
            left = left.saturating_sub(lines.len().try_into().unwrap_or(u64::MAX));
        }
        Ok(())
    }

    async fn execute_signed_in(&mut self, body: CommandBody<'_>) -> io::Result<Outcome> {
        match body {
            CommandBody::List {
                reference,
                mailbox_wildcard,
            } => self.list("LIST", &reference, &mailbox_wildcard).await,
            CommandBody::Lsub {
                reference,
                mailbox_wildcard,
            } => self.list("LSUB", &reference, &mailbox_wildcard).await,
            CommandBody::Status {
                mailbox,
                item_names,
            } => self.status(&mailbox, &item_names).await,
            CommandBody::Select { mailbox } => self.select(&mailbox, false).await,
            CommandBody::Examine { mailbox } => self.select(&mailbox, true).await,
            CommandBody::Create { mailbox } => Ok(self.create(&mailbox)),
            CommandBody::Delete { mailbox } => Ok(self.delete(&mailbox)),
            CommandBody::Subscribe { .. } | CommandBody::Unsubscribe { .. } => {
                Ok(Outcome::ok("every folder is subscribed"))
            }
            CommandBody::Append {
                mailbox,
                flags,
                date,
                message,
            } => Ok(self.append(&mailbox, &flags, date.as_ref(), &message)),
            other => match self.selected {
                Some(_) => self.execute_selected(other).await,
                None => Ok(Outcome::Bad("unknown here, or no folder selected")),
            },
        }
    }

    async fn execute_selected(&mut self, body: CommandBody<'_>) -> io::Result<Outcome> {
        match body {
            CommandBody::Close => {
                self.close();
                Ok(Outcome::ok("done"))
            }
            CommandBody::Unselect => {
                self.selected = None;
                Ok(Outcome::ok("done"))
            }
            CommandBody::Expunge => Ok(self.expunge(None)),
            CommandBody::ExpungeUid { sequence_set } if self.offers("UIDPLUS") => {
                Ok(self.expunge(Some(&sequence_set)))
            }
            CommandBody::Search { criteria, uid, .. } => self.search(criteria.as_ref(), uid).await,
            CommandBody::Fetch {
                sequence_set,
                macro_or_item_names,
                uid,
            } => self.fetch(&sequence_set, &macro_or_item_names, uid).await,
            CommandBody::Store {
                sequence_set,
                kind,
                response,
                flags,
                uid,
            } => {
                self.store(&sequence_set, &kind, &response, &flags, uid)
                    .await
            }
            CommandBody::Copy {
                sequence_set,
                mailbox,
                uid,
            } => Ok(self.copy(&sequence_set, &mailbox, uid)),
            CommandBody::Move {
                sequence_set,
                mailbox,
                uid,
            } if self.offers("MOVE") => self.move_messages(&sequence_set, &mailbox, uid).await,
            _ => Ok(Outcome::Bad("unknown command")),
        }
    }

    /// Tells what changed meanwhile; a client whose folder is gone is sent away, as Dovecot does.
    async fn tell_news(&mut self, removals: bool, outcome: Outcome) -> io::Result<Outcome> {
        match self.news(removals) {
            Ok(lines) => {
                self.output.text(&lines).await?;
                Ok(outcome)
            }
            Err(Gone) => {
                self.output
                    .text("* BYE the selected folder is gone or was renumbered\r\n")
                    .await?;
                Ok(Outcome::Close)
            }
        }
    }

    async fn authenticate(
        &mut self,
        mechanism: &AuthMechanism<'_>,
        initial: Option<Cow<'_, [u8]>>,
    ) -> io::Result<Outcome> {
        let token = *mechanism == AuthMechanism::XOAuth2;
        let offered = match token {
            true => self.offers("AUTH=XOAUTH2"),
            false => *mechanism == AuthMechanism::Plain && self.offers("AUTH=PLAIN"),
        };
        if !offered {
            return Ok(Outcome::no("unknown mechanism"));
        }
        let message = match initial {
            Some(message) => Some(message.into_owned()),
            None => {
                self.output.text("+ \r\n").await?;
                self.output.flush().await?;
                match self.input.line(LONGEST_LINE).await? {
                    Line::Whole(line) if line == b"*" => None,
                    Line::Whole(line) => sasl::decoded(&line),
                    Line::TooLong => None,
                    Line::End => return Err(io::ErrorKind::UnexpectedEof.into()),
                }
            }
        };
        let Some(message) = message else {
            return Ok(Outcome::Bad("cannot read this, or cancelled"));
        };
        if !token {
            return Ok(self.sign_in(Credentials::from_plain(&message)));
        }
        let outcome = self.sign_in(Credentials::from_xoauth2(&message));
        if matches!(outcome, Outcome::No(_)) {
            self.output
                .text(&format!("+ {}\r\n", sasl::TOKEN_REFUSED))
                .await?;
            self.output.flush().await?;
            return match self.input.line(LONGEST_LINE).await? {
                Line::Whole(line) if line.is_empty() => Ok(outcome),
                Line::End => Err(io::ErrorKind::UnexpectedEof.into()),
                _ => Ok(Outcome::Bad("an empty line was expected")),
            };
        }
        Ok(outcome)
    }

    fn sign_in(&mut self, credentials: Option<Credentials>) -> Outcome {
        if self.account.is_some() {
            return Outcome::Bad("already signed in");
        }
        let admitted = credentials.and_then(|given| given.admitted(&self.shared));
        let Some(account) = admitted else {
            return Outcome::no("[AUTHENTICATIONFAILED] wrong name or password");
        };
        self.output.account = Some(account.clone());
        self.account = Some(account);
        Outcome::Ok(format!("[CAPABILITY {}] signed in", self.capabilities()))
    }

    /// RFC 2177: tells news as they come, until the client says DONE.
    async fn idle(&mut self) -> io::Result<Outcome> {
        // Subscribed first: what comes between this and the first look is then seen twice, not missed.
        let mut changes = self.shared.subscribe();
        self.output.text("+ idling\r\n").await?;
        let account = self.account.clone();
        let rules = Arc::clone(&self.shared.rules);
        let deaf = rules.take(account.as_deref(), |fault| {
            matches!(fault, Fault::DeafIdle).then_some(())
        });
        if deaf.is_some() {
            self.output.flush().await?;
            while !matches!(self.input.line(LONGEST_LINE).await?, Line::End) {}
            return Ok(Outcome::Close);
        }
        let still_here = rules.setting(account.as_deref(), |fault| match fault {
            Fault::StillHere(every) => Some(*every),
            _ => None,
        });
        loop {
            let told = self.tell_news(true, Outcome::ok("done")).await?;
            if matches!(told, Outcome::Close) {
                return Ok(told);
            }
            self.output.flush().await?;
            tokio::select! {
                line = self.input.line(LONGEST_LINE) => {
                    return match line? {
                        Line::Whole(line) if line.eq_ignore_ascii_case(b"DONE") => Ok(told),
                        Line::End => Ok(Outcome::Close),
                        _ => Ok(Outcome::Bad("DONE expected")),
                    };
                }
                changed = changes.changed() => {
                    if changed.is_err() {
                        return Ok(Outcome::Close);
                    }
                }
                () = tokio::time::sleep(still_here.unwrap_or_default()), if still_here.is_some() => {
                    self.output.text("* OK Still here\r\n").await?;
                }
            }
        }
    }
}
