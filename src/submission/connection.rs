//! A signed-in connection: what the server can do, single commands, and the end.

use std::error::Error as _;
use std::fmt::Display;
use std::io;
use std::time::Duration;

use lettre::transport::smtp::Error as LettreError;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::Quit;
use lettre::transport::smtp::response::Response;
use tokio::time::timeout;

use super::error::SubmissionError;
use super::line::Line;
use crate::endpoint::printable;

/// A connection to the provider's submission server, signed in.
#[derive(Debug)]
pub struct Connection {
    pub(super) smtp: Smtp,
    pub(super) size_limit: Option<u64>,
    pub(super) recipient_limit: Option<u64>,
}

/// The spoken part: commands in, replies out, every step under a time-out.
pub(super) struct Smtp {
    pub(super) talk: AsyncSmtpConnection,
    pub(super) line: Line,
    pub(super) host: String,
    pub(super) timeout: Duration,
    /// False from the first octet of a transaction until its end is clean: a dropped future, a time-out or a lost
    /// connection leaves a dialogue that nobody can take up again.
    pub(super) usable: bool,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp")
            .field("host", &self.host)
            .field("usable", &self.usable)
            .finish_non_exhaustive()
    }
}

/// What came back for one command.
pub(super) enum Reply {
    /// 2yz or 3yz.
    Positive(Response),
    /// 4yz or 5yz; the connection stays.
    Negative { code: u16, text: String },
}

impl Connection {
    /// The largest message the server says it takes, in bytes as sent; `None` when it does not say.
    pub fn size_limit(&self) -> Option<u64> {
        self.size_limit
    }

    /// How many recipients the server says one transaction may have; `None` when it does not say.
    pub fn recipient_limit(&self) -> Option<u64> {
        self.recipient_limit
    }

    /// Whether another transaction may follow. After an error that is not [`SubmissionError::TooLarge`] it may not.
    pub fn is_usable(&self) -> bool {
        self.smtp.usable
    }

    /// Says goodbye; a server that does not answer is left alone after the account's time-out.
    pub async fn close(mut self) {
        if self.smtp.usable {
            // Nothing hangs on the answer.
            let _ = self.smtp.command("QUIT", Quit).await;
        }
    }
}

impl Smtp {
    /// Sends one command and waits for its reply.
    pub(super) async fn command(
        &mut self,
        step: &'static str,
        command: impl Display,
    ) -> Result<Reply, SubmissionError> {
        match timeout(self.timeout, self.talk.command(command)).await {
            Ok(result) => self.reply(step, result),
            Err(_) => Err(self.timed_out(step)),
        }
    }

    /// Sorts `lettre`'s result into reply and failure.
    pub(super) fn reply(
        &mut self,
        step: &'static str,
        result: Result<Response, LettreError>,
    ) -> Result<Reply, SubmissionError> {
        match result {
            Ok(response) => Ok(Reply::Positive(response)),
            Err(error) => match negative(&error) {
                Some((code, text)) => {
                    tracing::debug!(step, code, "smtp reply");
                    Ok(Reply::Negative { code, text })
                }
                None => {
                    self.usable = false;
                    Err(failure(&self.host, &error))
                }
            },
        }
    }

    pub(super) fn timed_out(&mut self, step: &'static str) -> SubmissionError {
        self.usable = false;
        tracing::warn!(step, host = %self.host, "smtp time-out");
        SubmissionError::TimedOut {
            host: self.host.clone(),
            step,
        }
    }

    pub(super) fn lost(&mut self, source: io::Error) -> SubmissionError {
        self.usable = false;
        unreachable(&self.host, source)
    }

    pub(super) fn protocol(&mut self, text: &str) -> SubmissionError {
        self.usable = false;
        SubmissionError::Protocol {
            host: self.host.clone(),
            text: text.to_owned(),
        }
    }
}

/// Code and words of a refusal, if the error is one.
pub(super) fn negative(error: &LettreError) -> Option<(u16, String)> {
    let code = u16::from(error.status()?);
    let text = error.source().map(ToString::to_string).unwrap_or_default();
    Some((code, printable(&text)))
}

/// What an error that is no refusal means: the network failed, or the server spoke nonsense.
pub(super) fn failure(host: &str, error: &LettreError) -> SubmissionError {
    let cause = error.source();
    if let Some(io) = cause.and_then(|cause| cause.downcast_ref::<io::Error>()) {
        return unreachable(host, io::Error::new(io.kind(), io.to_string()));
    }
    let text = cause.map_or_else(|| error.to_string(), ToString::to_string);
    // `lettre` has no kind of its own for an end in the middle of a reply.
    if text == "incomplete response" {
        return unreachable(host, io::ErrorKind::UnexpectedEof.into());
    }
    SubmissionError::Protocol {
        host: host.to_owned(),
        text: printable(&text),
    }
}

pub(super) fn unreachable(host: &str, source: io::Error) -> SubmissionError {
    SubmissionError::Unreachable {
        host: host.to_owned(),
        source,
    }
}
