//! Hearthpost: households share photos with other households over ordinary mailboxes.
//!
//! The pure core (`address`, `encoding`, `rules`, `envelope`, `message`) opens no file or socket and reads no clock;
//! adapters (`album`, `mailbox`, `submission`, `rendition`, `notice`) never decide; `sharing` is the use cases; the
//! faces (`cli`, `daemon`) only parse, call and print. `docs/architecture.md` is the map, and a test holds the arrows.
#![forbid(unsafe_code)]

pub mod address;
pub mod album;
pub mod config;
pub mod notice;
pub mod encoding;
pub mod envelope;
pub mod message;
pub mod rendition;
pub mod rules;
pub mod endpoint;
pub mod mailbox;
pub mod submission;
pub mod sharing;
