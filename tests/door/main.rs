//! Hostile mail at the door of a household, through the front door: refused for what it is, and nothing else changes.
//! Hostile bytes before the core alone are in `tests/hostile`.

#[path = "../support/backups/mod.rs"]
mod backups;
#[path = "../support/house/mod.rs"]
mod house;
#[path = "../support/invited/mod.rs"]
mod invited;
#[path = "../support/households/old_key.rs"]
mod old_key;
#[path = "../hostile/tree.rs"]
#[allow(dead_code, reason = "of the trees only bending is used here")]
mod tree;
#[path = "../hostile/turned.rs"]
mod turned;

mod backup;
mod bytes;
mod cards;
mod copies;
mod forwards;
mod grants;
mod headers;
mod invitations;
mod invited_crowd;
mod letters;
mod mail;
mod provider;
mod quota;
mod receipts;
mod relay_entries;
mod relays;
mod requests;
mod revocations;
mod strangers;
mod swaps;
mod words;
