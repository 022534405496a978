//! From an address to a signed-in session: TCP, greeting, TLS, sign-in, capabilities.

use std::collections::BTreeMap;
use std::io;

use data_encoding::BASE64;
use tokio::io::BufReader;
use tokio::net::TcpStream;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::capabilities::Capabilities;
use super::error::MailboxError;
use super::session::{Ending, Session, Untagged, lost, too_many_connections, words};
use super::wire::{Stream, Wire};
use crate::endpoint::{Account, Security, challenge_words};

/// Under TLS: a record's header and its body come with one system call instead of two.
const READ_AHEAD: usize = 64 * 1024;

impl Session {
    /// Connects, sets up TLS with certificate and host name checked, signs in and asks what the server can do.
    ///
    /// With STARTTLS nothing but that is said before TLS stands; a server that refuses it is left.
    pub async fn open(account: &Account) -> Result<Session, MailboxError> {
        let stream = connect(account).await?;
        let session = match account.endpoint.security {
            Security::Tls => Session::greeted(account, secure(account, stream).await?).await?,
            Security::Plain => Session::greeted(account, stream).await?,
            Security::StartTls => Session::greeted(account, stream).await?.start_tls().await?,
        };
        session.signed_in().await
    }

    fn over(account: &Account, stream: Box<dyn Stream>) -> Session {
        Session {
            account: account.clone(),
            wire: Wire::new(stream, account.timeout),
            capabilities: Capabilities::default(),
            selected: None,
            validity: BTreeMap::new(),
            folders: None,
            unseen_from: BTreeMap::new(),
            copied: Vec::new(),
            said_left: false,
            binary_refusals: 0,
            received_before: 0,
            last_tag: 0,
            busy: false,
        }
    }

    async fn greeted(account: &Account, stream: Box<dyn Stream>) -> Result<Session, MailboxError> {
        let mut session = Session::over(account, stream);
        let greeting = session.wire.answer(None).await;
        let greeting = greeting.map_err(|e| session.lost("the greeting", e))?.bytes;
        let (status, said) = greeting.split_at(greeting.len().min(5));
        match status.to_ascii_uppercase().as_slice() {
            b"* OK " => Ok(session),
            // Signed in before TLS and without being asked: RFC 3501 §7.1.4 allows it, we do not.
            b"* PRE" => Err(session.protocol("it took us for somebody it already knows")),
            b"* BYE" => Err(session.turned_away("the greeting", words(said))),
            _ => Err(session.protocol("its greeting is not that of an IMAP server")),
        }
    }

    fn turned_away(&self, command: &'static str, said: String) -> MailboxError {
        match too_many_connections(&said) {
            true => MailboxError::TooManyConnections {
                host: self.account.endpoint.host.clone(),
                said,
            },
            false => self.refused(command, said),
        }
    }

    /// RFC 3501 §6.2.1. What was said before TLS is forgotten, the capabilities too.
    async fn start_tls(mut self) -> Result<Session, MailboxError> {
        if let Ending::Refused(_) = self.run("STARTTLS", "STARTTLS", |_| {}).await? {
            return Err(self.account.starttls_missing().into());
        }
        let plain = self.wire.into_stream();
        let stream = secure(&self.account, plain).await?;
        Ok(Session::over(&self.account, stream))
    }

    async fn signed_in(mut self) -> Result<Session, MailboxError> {
        self.ask_capabilities().await?;
        let said = match self.way()? {
            Way::Login(line) => self.run("LOGIN", &line, |_| {}).await?,
            Way::Plain => self.authenticate_plain().await?,
            Way::Token => self.authenticate_xoauth2().await?,
        };
        if let Ending::Refused(said) = said {
            let host = self.account.endpoint.host.as_str();
            tracing::debug!(host, "imap sign-in refused");
            return Err(self.sign_in_refused(said));
        }
        // Servers tell more after the sign-in; what was said before no longer counts.
        self.ask_capabilities().await?;
        Ok(self)
    }

    async fn ask_capabilities(&mut self) -> Result<(), MailboxError> {
        let mut capabilities = Capabilities::default();
        self.run_ok("CAPABILITY", "CAPABILITY", |answer| {
            if let Untagged::Response(response) = answer {
                capabilities.learn(&response);
            }
        })
        .await?;
        self.capabilities = capabilities;
        Ok(())
    }

    /// LOGIN where it can be written; AUTHENTICATE PLAIN takes any name and password.
    fn way(&self) -> Result<Way, MailboxError> {
        if self.account.password.is_token() {
            return match self.capabilities.auth_xoauth2 {
                true => Ok(Way::Token),
                false => Err(self.account.no_mechanism(&self.capabilities.list).into()),
            };
        }
        let name = quoted(&self.account.username);
        let password = quoted(self.account.password.reveal()).map(Zeroizing::new);
        match (name, password) {
            (Some(name), Some(password)) if !self.capabilities.login_disabled => {
                let line = format!("LOGIN {name} {}", *password);
                Ok(Way::Login(Zeroizing::new(line)))
            }
            _ if self.capabilities.auth_plain => Ok(Way::Plain),
            _ => {
                let offers = &self.capabilities.list;
                Err(self.account.no_mechanism(offers).into())
            }
        }
    }

    /// RFC 4616, the answer after the server's go-ahead (RFC 3501 §6.2.2), so that no SASL-IR is needed.
    async fn authenticate_plain(&mut self) -> Result<Ending, MailboxError> {
        let account = &self.account;
        let plain = Zeroizing::new(format!(
            "\0{}\0{}",
            account.username,
            account.password.reveal()
        ));
        let mut line = Zeroizing::new(BASE64.encode(plain.as_bytes()));
        line.push_str("\r\n");
        let lines = [line.as_bytes()];
        let (ending, _) = self
            .run_continued("AUTHENTICATE", "AUTHENTICATE PLAIN", &lines)
            .await?;
        Ok(ending)
    }

    /// A refused token is told by a challenge, which an empty line answers; only then comes the NO.
    async fn authenticate_xoauth2(&mut self) -> Result<Ending, MailboxError> {
        let said = self.account.xoauth2();
        let mut line = Zeroizing::new(String::with_capacity(said.len() + 2));
        line.push_str(&said);
        line.push_str("\r\n");
        let (command, lines): (_, &[&[u8]]) = match self.capabilities.sasl_ir {
            true => (format!("AUTHENTICATE XOAUTH2 {}", *said), &[b"\r\n"]),
            false => (
                "AUTHENTICATE XOAUTH2".to_owned(),
                &[line.as_bytes(), b"\r\n"],
            ),
        };
        let command = Zeroizing::new(command);
        let (ending, asked) = self.run_continued("AUTHENTICATE", &command, lines).await?;
        Ok(match ending {
            Ending::Refused(words) => {
                let why = challenge_words(&asked);
                Ending::Refused(format!("{words} {why}"))
            }
            ending => ending,
        })
    }

    fn sign_in_refused(&self, said: String) -> MailboxError {
        let words = said.to_ascii_lowercase();
        if too_many_connections(&said) {
            return self.turned_away("sign-in", said);
        }
        // RFC 5530 §3: the server cannot judge the password just now.
        if ["[unavailable]", "[inuse]", "temporar"]
            .iter()
            .any(|w| words.contains(w))
        {
            return self.refused("the sign-in for now", said);
        }
        self.account.sign_in_refused(&said).into()
    }
}

enum Way {
    Login(Zeroizing<String>),
    Plain,
    Token,
}

/// RFC 3501 §9 `quoted`: seven bits, no line breaks.
pub(super) fn quoted(text: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii() && !matches!(c, '\r' | '\n' | '\0');
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"");
    text.chars().all(fits).then(|| format!("\"{escaped}\""))
}

async fn connect(account: &Account) -> Result<Box<dyn Stream>, MailboxError> {
    let endpoint = &account.endpoint;
    let connecting = TcpStream::connect((endpoint.host.as_str(), endpoint.port));
    let stream = match timeout(account.timeout, connecting).await {
        Ok(connected) => connected,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    };
    let stream = stream.and_then(|stream| {
        // Commands are small and wait for their answer; Nagle's delay would be paid on each.
        stream.set_nodelay(true)?;
        Ok(stream)
    });
    let stream = stream.map_err(|e| lost(account, "connecting", e))?;
    Ok(Box::new(BufReader::with_capacity(READ_AHEAD, stream)))
}

async fn secure(
    account: &Account,
    stream: Box<dyn Stream>,
) -> Result<Box<dyn Stream>, MailboxError> {
    let stream = timeout(account.timeout, account.secure(stream))
        .await
        .map_err(|_| lost(account, "TLS", io::ErrorKind::TimedOut.into()))??;
    Ok(Box::new(stream))
}
