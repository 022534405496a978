//! Held against others: the `openssl` command and library, and the letters of a second implementation.

#[path = "../support/house/mod.rs"]
mod house;
#[path = "../support/households/mod.rs"]
mod households;
#[path = "../hostile/tree.rs"]
#[allow(dead_code, reason = "the hostile vectors bend with the rest of it")]
mod tree;

mod elsewhere;
mod inspect;
mod openssl;
mod openssl_kem;
mod vectors;
mod vectors_arrive;
mod vectors_letters;
mod vectors_relay;
