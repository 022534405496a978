//! The station in a real browser.

#[path = "../support/browser/mod.rs"]
mod browser;
#[path = "../support/house/mod.rs"]
mod house;

mod pages;
mod stories;
