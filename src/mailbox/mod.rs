//! Reads a mail account over IMAP (RFC 9051, RFC 3501): which messages may be ours, what they are made of, their bytes,
//! and their removal.
//!
//! The usual run: 1 [`Session::open`] sets up TLS and signs in. 2 [`Session::folders`] finds INBOX, Junk and Trash.
//! 3 [`Session::select`] opens a folder and tells its UIDVALIDITY. 4 [`Session::scan`] and [`Session::next_batch`] sort
//! the messages by a few header fields. 5 [`Session::structure`] tells which body parts lie where. 6 [`Session::fetch`]
//! brings the wanted ones in pieces, [`Session::fetch_decoded`]
//! without their base64. 7 [`Session::remove`] takes away what `sharing` has safely stored. 8 [`Session::wait`]
//! waits for news, and the session is used again.
//!
//! The account may also be a person's: of other mail nothing but header fields and structure is asked for, no flag is
//! set, and nothing is moved or removed that the caller did not name. Nothing here decides what is ours.
//!
//! `wire` cuts the server's answers at their ends itself and gives each alone to the parser of `imap-proto`. So an answer
//! the parser cannot read costs one message its reading and never the connection, and the bytes of a body part go to
//! the caller without being held as a whole. (`async-imap`'s own reader parses a growing buffer again every 4 KiB, holds
//! literals whole, and is lost after one answer it cannot parse.)

mod batch;
mod capabilities;
mod copied;
mod date;
mod decoded;
mod error;
mod fetch;
mod folder;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod header;
mod idle;
mod open;
mod remove;
mod scan;
mod select;
mod session;
mod structure;
mod wire;

pub use capabilities::Capabilities;
pub use decoded::{Decoded, Transfer};
pub use error::{FetchError, MailboxError, Unreadable};
pub use folder::{Folder, Role};
pub use header::{ContentType, Hint};
pub use idle::{Watch, Woken};
pub use remove::Removal;
pub use scan::{Candidate, Scan, Scanned};
pub use select::Selected;
pub use session::Session;
pub use structure::{BodyPart, Structure};
