//! Hearthpost: households share photos with other households over ordinary mailboxes.
//!
//! The pure core (`encoding`, `words`, `address`, `config`, `rules`, `envelope`, `message`) opens no socket and reads no clock; the
//! adapters (`endpoint`, `album`, `mailbox`, `submission`, `rendition`, `convert`, `card`, `folder`,
//! `notice`) never decide; `sharing`
//! is the use cases; the faces (`daemon`, `web`, `cli`) only parse, call and print. `docs/architecture.md` is the map, and a
//! test holds the arrows.
#![forbid(unsafe_code)]

pub mod address;
pub mod album;
pub mod card;
pub mod cli;
pub mod config;
pub mod convert;
pub mod crash;
pub mod daemon;
pub mod demo;
pub mod directory;
pub mod disk;
pub mod encoding;
pub mod endpoint;
pub mod envelope;
pub mod folder;
pub mod mailbox;
pub mod message;
pub mod notice;
pub mod rendition;
pub mod rules;
pub mod sharing;
pub mod submission;
pub mod web;
pub mod words;
