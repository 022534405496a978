//! The use cases, one file each. They decide and put the adapters to work; every one ends in one commit to the album.
//!
//! A run of `sync`: submit what the outbox holds, poll the mailbox, ingest what is ours, tell the people, expire, and
//! submit what came of that. Time is taken once a run and passed down.

pub mod accounts;
pub mod announce;
pub mod asking;
mod awaited;
pub mod backup;
pub mod card;
pub mod clock;
mod companions;
pub mod contacts;
mod convert;
pub mod directory;
pub mod doctor;
pub mod expire;
pub mod forward;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
pub mod households;
pub mod identity;
pub mod import;
pub mod ingest;
pub mod inspect;
pub mod invite;
pub mod joining;
pub mod listing;
pub mod narrow;
pub mod notify;
pub mod own;
pub mod pass_on;
mod passed_later;
pub mod people;
pub mod poll;
pub mod pulse;
pub mod renew;
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

mod bounces;
mod by_way;
mod cards;
mod claims;
mod collect;
mod correspond;
mod credential;
mod daily;
mod due;
mod ended;
mod fault;
mod fetch;
mod file;
mod give;
mod granting;
mod ground;
mod household;
mod inside;
mod judge;
mod knock;
mod letters;
mod look;
mod needed;
mod obstacle;
mod once;
mod onward;
mod opened;
mod outgoing;
mod pace;
mod parts;
mod plan;
mod recall;
mod recalled;
mod receipts;
mod relay;
mod relay_stop;
mod search;
mod stations;
mod streamed;
mod waiting;
mod welcome;
mod words;

pub use clock::Now;
pub use fault::Fault;
pub(crate) use fault::HELD;
pub use household::{Household, Initialised, NewHousehold};
pub use obstacle::Obstacle;
