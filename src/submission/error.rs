//! Why a message was not handed in, as far as the whole connection is concerned.

use std::io;

use crate::endpoint::{SignInRefused, TlsFault};

/// A submission that came to no per-recipient answers.
#[derive(Debug, thiserror::Error)]
pub enum SubmissionError {
    /// The server refused the sign-in; no retry before a person did something.
    #[error(transparent)]
    SignIn(#[from] SignInRefused),
    /// No safe connection.
    #[error(transparent)]
    Tls(#[from] TlsFault),
    /// The server cannot be reached, or hung up before the message was complete: nothing was delivered.
    #[error("{host} cannot be reached: {source}; check the network, and smtp.url in the settings")]
    Unreachable {
        /// The server.
        host: String,
        /// What the system says.
        source: io::Error,
    },
    /// The server did not answer in time, before the message was complete: nothing was delivered.
    #[error("{host} did not go on with {step} in time; it is tried again later")]
    TimedOut {
        /// The server.
        host: String,
        /// What was waited for.
        step: &'static str,
    },
    /// The connection was lost after the message was complete and before the answer: it may have been delivered.
    ///
    /// To be sent again later, byte-identical; receivers fold it by its content (PROTOCOL 7).
    #[error(
        "{host} took the message but did not confirm it; it is sent again later, a double is not shown twice"
    )]
    Uncertain {
        /// The server.
        host: String,
    },
    /// The body could not be read to its announced end; the connection was dropped so that nothing was delivered.
    #[error("the message could not be read while it was being sent: {0}; nothing was delivered")]
    Body(#[source] io::Error),
    /// The server turned us away with a code, outside of any recipient: at the greeting, at EHLO, at sign-in.
    #[error("{host} turned us away at {step}: {code} {text}")]
    TurnedAway {
        /// The server.
        host: String,
        /// Where.
        step: &'static str,
        /// SMTP code.
        code: u16,
        /// The server's words.
        text: String,
    },
    /// The server broke the protocol, or an earlier error ended this connection.
    #[error("{host} broke the rules of SMTP: {text}; if it happens again, tell the provider")]
    Protocol {
        /// The server.
        host: String,
        /// What happened.
        text: String,
    },
    /// Larger than the server takes, known beforehand: nothing was sent.
    #[error(
        "the message has {size} bytes and the provider takes {limit}; send smaller renditions or fewer at once"
    )]
    TooLarge {
        /// Bytes of the message as it would be sent.
        size: u64,
        /// The most the server takes.
        limit: u64,
    },
}

impl SubmissionError {
    /// Whether the same message may be tried again later without anybody doing something first.
    pub fn retryable(&self) -> bool {
        match self {
            SubmissionError::Unreachable { .. }
            | SubmissionError::TimedOut { .. }
            | SubmissionError::Uncertain { .. }
            | SubmissionError::Body(_) => true,
            SubmissionError::TurnedAway { code, .. } => *code < 500,
            SubmissionError::Tls(fault) => fault.retryable(),
            // A server that once spoke nonsense (a proxy, a captive portal) may be itself again.
            SubmissionError::Protocol { .. } => true,
            SubmissionError::SignIn(_) | SubmissionError::TooLarge { .. } => false,
        }
    }
}
