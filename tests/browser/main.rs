//! The station in a real browser.

#[path = "../support/browser/mod.rs"]
mod browser;
#[path = "../support/house/mod.rs"]
mod house;
mod open;
#[path = "../support/pair/mod.rs"]
mod pair;
#[path = "../support/slapd/mod.rs"]
mod slapd;
#[path = "../support/tool/mod.rs"]
mod tool;

mod album_live;
mod card;
mod choosing;
mod directory;
mod invitations;
mod keys;
mod pages;
mod played;
mod restarts;
mod sharing;
mod stories;
mod uploads;
mod viewer;
