//! The reading side: IMAP4rev1 (RFC 3501) with IDLE, UIDPLUS, MOVE, BINARY (for FETCH),
//! LITERAL+, SASL-IR, ID, SPECIAL-USE, CHILDREN and UNSELECT, and Gmail's way to delete.

mod commands;
mod connection;
mod fetch;
mod folders;
mod messages;
mod output;
mod search;
mod section;
mod selected;
mod sets;

pub(crate) use connection::serve;
