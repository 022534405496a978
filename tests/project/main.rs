//! What the project says of itself: the arrows between its modules, its documentation, its words, its example settings
//! and its units of systemd.

mod architecture;
mod config;
mod docs;
mod units;
mod words;
