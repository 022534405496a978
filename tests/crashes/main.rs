//! Stopped at every named point, killed at any moment, without room on the disk: nothing lost, nothing twice.

#[path = "../support/command/mod.rs"]
mod command;
#[path = "../support/full/mod.rs"]
mod full;
#[path = "../support/households/old_key.rs"]
mod old_key;
#[path = "../support/pair/mod.rs"]
mod pair;
#[path = "../support/store/mod.rs"]
mod store;
#[path = "../support/story/mod.rs"]
mod story;

mod awaited;
mod disk_full;
mod disk_quota;
mod disk_small;
mod everywhere;
mod identity;
mod invitations;
mod later;
mod own;
mod real_kills;
mod relay;
mod store_bytes;
