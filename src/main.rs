//! The `hearthpost` command.
fn main() {}
