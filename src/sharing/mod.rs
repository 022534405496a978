//! The use cases, one file each. They decide and put the adapters to work; every one ends in one commit to the album.
//!
//! A run of `sync`: submit what the outbox holds, poll the mailbox, ingest what is ours, tell the people, expire, and
//! submit what came of that. Time is taken once a run and passed down.

pub mod accounts;
pub mod announce;
pub mod backup;
pub mod card;
pub mod clock;
pub mod contacts;
pub mod directory;
pub mod doctor;
pub mod expire;
pub mod forward;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod identity;
pub mod ingest;
pub mod inspect;
pub mod invite;
pub mod listing;
pub mod notify;
pub mod own;
pub mod poll;
pub mod pulse;
pub mod requests;
pub mod resend;
pub mod revoke;
pub mod share;
pub mod site;
pub mod standing;
pub mod submit;
pub mod sync;
pub mod times;
pub mod view;
pub mod whom;

mod correspond;
mod fault;
mod give;
mod household;
mod once;
mod opened;
mod receipts;
mod relay;
mod search;
mod stations;
mod words;

pub use clock::Now;
pub use fault::Fault;
pub(crate) use fault::HELD;
pub use household::obstacle::Obstacle;
pub use household::{Household, Initialised, NewHousehold};
