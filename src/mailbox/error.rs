//! What can go wrong with a mail account, and with one message in it.

use std::io;

use crate::endpoint::{SignInRefused, TlsFault};

/// Why the mail account could not be read.
#[derive(Debug, thiserror::Error)]
pub enum MailboxError {
    /// The server refused the sign-in; no retry before a person did something.
    #[error(transparent)]
    SignIn(#[from] SignInRefused),
    /// Too many connections to this account, which is no wrong password (CASES O-03): wait longer.
    #[error(
        "{host} takes no more connections to this account for now ({said:?}); close other mail programs or wait"
    )]
    TooManyConnections {
        /// The server.
        host: String,
        /// Its words.
        said: String,
    },
    /// No safe connection.
    #[error(transparent)]
    Tls(#[from] TlsFault),
    /// The server cannot be reached, or hung up.
    #[error("{host} cannot be reached: {source}; check the network, and imap.url in the settings")]
    Unreachable {
        /// The server.
        host: String,
        /// What the system says.
        source: io::Error,
    },
    /// The server fell silent; the session is of no more use.
    #[error("{host} did not go on with {step} in time; it is tried again later")]
    TimedOut {
        /// The server.
        host: String,
        /// What was waited for.
        step: &'static str,
    },
    /// The folder was made anew: all UIDs known of it are void (CASES O-06).
    #[error(
        "folder {folder:?} was made anew by the server (UIDVALIDITY {was}, now {now}); it is read from the start"
    )]
    UidValidityChanged {
        /// The folder.
        folder: String,
        /// The value in this session so far.
        was: u32,
        /// The value now.
        now: u32,
    },
    /// There is no such folder, or it cannot be opened.
    #[error("the mail account has no folder {folder:?} that can be opened: {said}")]
    NoSuchFolder {
        /// The folder.
        folder: String,
        /// The server's words.
        said: String,
    },
    /// The message is not there any more.
    #[error("message {uid} is not in the folder any more")]
    NoSuchMessage {
        /// Its UID.
        uid: u32,
    },
    /// More bytes than the caller allows.
    #[error(
        "section {section:?} of message {uid} is longer than {limit} bytes; the rest was not fetched"
    )]
    TooLong {
        /// Its UID.
        uid: u32,
        /// What was fetched.
        section: String,
        /// The most the caller takes.
        limit: u64,
    },
    /// The body part is not the base64 that its header says.
    #[error("section {section:?} of message {uid} is no base64")]
    Broken {
        /// Its UID.
        uid: u32,
        /// What was fetched.
        section: String,
    },
    /// The server said NO or BAD to a command.
    #[error("{host} refused {command}: {said}")]
    Refused {
        /// The server.
        host: String,
        /// Which command.
        command: &'static str,
        /// Its words.
        said: String,
    },
    /// The server broke the protocol, or the caller asked for something that cannot be asked.
    #[error("the dialogue with {host} went wrong: {text}; if it happens again, tell the provider")]
    Protocol {
        /// The server.
        host: String,
        /// What happened.
        text: String,
    },
}

/// Why [`crate::mailbox::Session::fetch`] stopped.
#[derive(Debug, thiserror::Error)]
pub enum FetchError<E> {
    /// The account's side.
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    /// The caller's side: the sink refused a piece. The session stays usable.
    #[error("what was fetched could not be taken on")]
    Sink(E),
}

/// Why one message cannot be read, while the others can. It stays where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// The server's answer for it cannot be parsed.
    #[error("the server's answer about this message cannot be parsed")]
    Unparsable,
    /// Body parts nested deeper than any answer we read.
    #[error("its body parts are nested too deeply")]
    TooDeep,
    /// The answer is longer than any we read.
    #[error("the server's answer about this message is too long")]
    TooLarge,
    /// More body parts than any message of ours has.
    #[error("it has too many body parts")]
    TooManyParts,
    /// The server refuses to answer for it, or hangs up when asked.
    #[error("the server gives no answer about this message")]
    ServerFails,
}

impl MailboxError {
    /// Whether the same may be tried again later without anybody doing something first.
    pub fn retryable(&self) -> bool {
        match self {
            MailboxError::TooManyConnections { .. }
            | MailboxError::Unreachable { .. }
            | MailboxError::TimedOut { .. }
            | MailboxError::UidValidityChanged { .. }
            | MailboxError::Refused { .. }
            | MailboxError::Protocol { .. } => true,
            MailboxError::Tls(fault) => fault.retryable(),
            MailboxError::SignIn(_)
            | MailboxError::NoSuchFolder { .. }
            | MailboxError::NoSuchMessage { .. }
            | MailboxError::TooLong { .. }
            | MailboxError::Broken { .. } => false,
        }
    }

    /// Whether the connection is gone, or its dialogue out of step, and a new one may help.
    pub(super) fn connection_lost(&self) -> bool {
        matches!(
            self,
            MailboxError::Unreachable { .. }
                | MailboxError::TimedOut { .. }
                | MailboxError::Protocol { .. }
        )
    }
}
