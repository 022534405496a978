//! Hands one message to the provider, for several destination mailboxes in one transaction (RFC 6409).
//!
//! The usual run: 1 [`Connection::open`] reads the greeting, sets up TLS, asks what the server can do and signs in.
//! 2 [`Connection::submit`] opens a transaction, announces the size, notes the answer to each RCPT, streams the body
//! and reads the verdict. 3 the caller marks its outbox rows by the [`Answer`]s. Any number of transactions may follow.
//! 4 [`Connection::close`].
//!
//! Never retries by itself and never decides who waits how long: `sharing` does. `lettre` speaks the protocol command
//! by command; the body goes past its codec, see [`Connection::submit`].

mod connection;
mod error;
mod line;
mod open;
mod stuffing;
mod token;
mod transaction;

pub use connection::Connection;
pub use error::SubmissionError;
pub use transaction::{Answer, Outcome};
