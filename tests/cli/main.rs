//! The command line by the real program.

#[path = "../support/camera/mod.rs"]
mod camera;
#[path = "../support/command/mod.rs"]
mod command;
#[path = "../support/house/mod.rs"]
mod house;
#[path = "../support/households/old_key.rs"]
mod old_key;
#[path = "../support/slapd/mod.rs"]
mod slapd;
#[path = "../support/street/mod.rs"]
mod street;

mod album;
mod announced;
mod backup;
mod bounces;
mod card;
mod claims;
mod contacts;
mod demo;
mod directory;
mod doctor;
mod faults;
mod first_start;
mod host;
mod identity;
mod init;
mod inspect;
mod invitations;
mod language;
mod programs;
mod relay;
mod serve;
mod share;
mod thread;
mod words;
