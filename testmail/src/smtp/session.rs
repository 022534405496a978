//! One SMTP connection: commands in, one answer each.

use crate::{
    address::normalised,
    faults::{Fault, Reply},
    log::Transaction,
    store::Shared,
    wire::{Input, Line},
};
use smtp_proto::{Error, MailFrom, Request};
use std::{borrow::Cow, io, sync::Arc};
use tokio::{
    io::{AsyncWriteExt, BufWriter},
    net::{TcpStream, tcp::OwnedWriteHalf},
};

/// RFC 5321 §4.5.3.1.4 asks for 512; AUTH and parameters may need more.
const LONGEST_LINE: usize = 4096;

/// A transaction that MAIL opened.
pub(super) struct Open {
    pub(super) log: Transaction,
    /// The account for each accepted recipient.
    pub(super) accounts: Vec<String>,
}

/// How a transaction ended.
#[derive(PartialEq)]
pub(super) enum Outcome {
    Accepted,
    /// Also given up by the client.
    Refused,
}

pub(super) struct Session {
    pub(super) shared: Arc<Shared>,
    pub(super) input: Input,
    output: BufWriter<OwnedWriteHalf>,
    pub(super) client: String,
    pub(super) account: Option<String>,
    pub(super) open: Option<Open>,
}

/// Speaks SMTP until the client leaves or a fault drops it.
pub(crate) async fn serve(socket: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let (reader, writer) = socket.into_split();
    let mut session = Session {
        shared,
        input: Input::new(reader),
        output: BufWriter::new(writer),
        client: String::new(),
        account: None,
        open: None,
    };
    let ended = session.run().await;
    session.close_transaction(Outcome::Refused);
    ended
}

impl Session {
    async fn run(&mut self) -> io::Result<()> {
        self.answer(
            220,
            &format!("testmail.invalid ESMTP {}", crate::WHAT_IT_IS),
        )
        .await?;
        loop {
            // Answers to pipelined commands leave together.
            if !self.input.has_more() {
                self.output.flush().await?;
            }
            let mut line = match self.input.line(LONGEST_LINE).await? {
                Line::Whole(line) => line,
                Line::TooLong => {
                    self.answer(500, "5.5.2 line too long").await?;
                    continue;
                }
                Line::End => return Ok(()),
            };
            line.extend_from_slice(b"\r\n");
            match Request::parse(&mut line.iter()) {
                Ok(Request::Quit) => {
                    self.answer(221, "2.0.0 bye").await?;
                    return self.output.flush().await;
                }
                Ok(request) => self.execute(request).await?,
                Err(error) => {
                    let (code, text) = refusal(&error);
                    self.answer(code, text).await?;
                }
            }
        }
    }

    async fn execute(&mut self, request: Request<Cow<'_, str>>) -> io::Result<()> {
        match request {
            Request::Ehlo { host } => self.greet_extended(&host).await,
            Request::Helo { host } => {
                self.greeted(&host);
                self.answer(250, "testmail.invalid").await
            }
            Request::Auth {
                mechanism,
                initial_response,
            } => self.authenticate(mechanism, &initial_response).await,
            Request::Mail { from } => {
                let reply = self.mail(&from);
                self.reply(&reply).await
            }
            Request::Rcpt { to } => {
                let reply = self.recipient(&to.address);
                self.reply(&reply).await
            }
            Request::Data => self.data().await,
            Request::Rset => {
                self.close_transaction(Outcome::Refused);
                self.answer(250, "2.0.0 ok").await
            }
            Request::Noop { .. } => self.answer(250, "2.0.0 ok").await,
            _ => self.answer(502, "5.5.1 not implemented").await,
        }
    }

    fn greeted(&mut self, host: &str) {
        self.client = host.to_owned();
        self.close_transaction(Outcome::Refused);
    }

    async fn greet_extended(&mut self, host: &str) -> io::Result<()> {
        self.greeted(host);
        let lines = format!(
            "250-testmail.invalid\r\n250-SIZE {}\r\n250-8BITMIME\r\n250-PIPELINING\r\n\
             250-ENHANCEDSTATUSCODES\r\n250 AUTH PLAIN LOGIN XOAUTH2\r\n",
            self.message_limit()
        );
        self.output.write_all(lines.as_bytes()).await
    }

    pub(super) fn message_limit(&self) -> usize {
        let account = self.account.as_deref();
        let changed = self.shared.rules.setting(account, |fault| match fault {
            Fault::MessageLimit(bytes) => Some(*bytes),
            _ => None,
        });
        changed.unwrap_or(self.shared.message_limit)
    }

    fn mail(&mut self, from: &MailFrom<Cow<'_, str>>) -> Reply {
        let Some(account) = self.account.clone() else {
            return Reply::new(530, "5.7.0 authentication required");
        };
        if self.open.is_some() {
            return Reply::new(503, "5.5.1 nested MAIL");
        }
        let log = Transaction {
            account,
            mail_from: from.address.to_string(),
            announced_size: (from.size > 0).then_some(from.size),
            recipients: Vec::new(),
            bytes_received: 0,
            accepted: false,
        };
        let fault = self
            .shared
            .rules
            .take(Some(&log.account), |fault| match fault {
                Fault::Mail(reply) => Some(reply.clone()),
                _ => None,
            });
        let too_big = from.size > self.message_limit();
        self.open = Some(Open {
            log,
            accounts: Vec::new(),
        });
        let refused = fault
            .or_else(|| too_big.then(|| Reply::new(552, "5.3.4 message exceeds the size limit")));
        if let Some(reply) = refused {
            self.close_transaction(Outcome::Refused);
            return reply;
        }
        Reply::new(250, "2.1.0 ok")
    }

    fn recipient(&mut self, address: &str) -> Reply {
        let Some(open) = &mut self.open else {
            return Reply::new(503, "5.5.1 MAIL first");
        };
        let sender = Some(open.log.account.as_str());
        let whole = normalised(address);
        let fault = self.shared.rules.take(sender, |fault| match fault {
            Fault::Rcpt { address, reply } if *address == whole => Some(reply.clone()),
            _ => None,
        });
        let limit = self.shared.rules.setting(sender, |fault| match fault {
            Fault::RecipientLimit(limit) => Some(*limit),
            _ => None,
        });
        let reply = if let Some(reply) = fault {
            reply
        } else if limit.is_some_and(|limit| open.accounts.len() >= limit) {
            Reply::new(452, "4.5.3 too many recipients")
        } else if let Some(account) = self.shared.state().account_for(address) {
            // An address given twice gets one copy; two addresses of one mailbox get two.
            let known = open
                .log
                .recipients
                .iter()
                .any(|(seen, code)| *seen == address && *code == 250);
            if !known {
                open.accounts.push(account);
            }
            Reply::new(250, "2.1.5 ok")
        } else {
            Reply::new(550, "5.1.1 no such user here")
        };
        open.log.recipients.push((address.to_owned(), reply.code));
        reply
    }

    /// Writes the open transaction, if any, into the log.
    pub(super) fn close_transaction(&mut self, outcome: Outcome) {
        if let Some(open) = self.open.take() {
            let log = Transaction {
                accepted: outcome == Outcome::Accepted,
                ..open.log
            };
            self.shared.state().transactions.push(log);
        }
    }

    pub(super) async fn reply(&mut self, reply: &Reply) -> io::Result<()> {
        self.answer(reply.code, &reply.text).await
    }

    pub(super) async fn answer(&mut self, code: u16, text: &str) -> io::Result<()> {
        let text = text.replace(['\r', '\n'], " ");
        self.output
            .write_all(format!("{code} {text}\r\n").as_bytes())
            .await
    }

    /// Answers and waits for one line; `None` when it is too long.
    pub(super) async fn ask(&mut self, code: u16, text: &str) -> io::Result<Option<Vec<u8>>> {
        self.answer(code, text).await?;
        self.output.flush().await?;
        match self.input.line(LONGEST_LINE).await? {
            Line::Whole(line) => Ok(Some(line)),
            Line::TooLong => Ok(None),
            Line::End => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    pub(super) async fn flush(&mut self) -> io::Result<()> {
        self.output.flush().await
    }
}

fn refusal(error: &Error) -> (u16, &'static str) {
    match error {
        Error::UnknownCommand => (500, "5.5.2 unknown command"),
        Error::InvalidSenderAddress => (501, "5.1.7 bad sender address"),
        Error::InvalidRecipientAddress => (501, "5.1.3 bad recipient address"),
        Error::UnsupportedParameter { .. } => (555, "5.5.4 unsupported parameter"),
        _ => (501, "5.5.4 syntax error"),
    }
}
