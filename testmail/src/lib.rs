//! A mail server in memory, on loopback: **a test and demo tool, never a mail server for real use**.
//!
//! No encryption, passwords in the clear, nothing on disk, no protection against a hostile client,
//! and faults on demand. It binds 127.0.0.1 only: no call takes an address.
//!
//! - `server`: start, look inside, wait for mail. Runs on a thread of its own and stops when
//!   dropped, so that plain and async tests can use it alike.
//! - `faults`: what a provider may do wrong, set at run time.
//! - `store`, `message`, `structure`, `bodystructure`, `header`: what is kept, and where in a
//!   message its body parts lie. They open no socket.
//! - `smtp` takes mail in, `delivery` brings it into folders, `imap` shows it.
//!
//! ```
//! use std::time::Duration;
//! use testmail::{Account, Options, Reply, Server, Times};
//!
//! let server = Server::start(Options {
//!     accounts: vec![Account::new("home-a@a.example", "secret")],
//!     ..Options::default()
//! })?;
//! server.faults().smtp_rcpt("home-a@a.example", Reply::new(452, "4.2.2 full"), Times::Next(1));
//! server.deliver("home-a@a.example", "INBOX", b"Subject: hello\r\n\r\n")?;
//! let mail = server.wait_for_messages("home-a@a.example", "INBOX", 1, Duration::from_secs(5))?;
//! assert_eq!(mail[0].uid, 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod address;
mod bodystructure;
mod clock;
mod delivery;
mod faults;
mod header;
mod imap;
mod log;
mod message;
mod sasl;
mod server;
mod smtp;
mod store;
mod structure;
mod wire;

pub use faults::{Faults, Reply, Times};
pub use log::{Command, Transaction};
pub use server::{Incomplete, NoSuchFolder, Options, Server};
pub use store::{Account, StoredMessage};

/// Said in both greetings and by `--help`.
pub const WHAT_IT_IS: &str = "testmail, a test and demo tool, never a mail server for real use";
