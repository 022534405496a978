//! A box at rest keeps less of the program in memory.
//!
//! Relocations in their short form (RELR): the loader reads all of them, and it is a megabyte less. glibc reads them since 2.36;
//! a linker that does not know the word leaves it out. And what is seldom run lies apart (`src/seldom.ld`), half a megabyte,
//! where the linker is the compiler's own (`rust-lld`, for x86-64): not every other reads such a script.

use std::env::var;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/seldom.ld");
    let is = |name: &str, wanted: &str| var(name).is_ok_and(|value| value == wanted);
    if !is("CARGO_CFG_TARGET_OS", "linux") || !is("CARGO_CFG_TARGET_ENV", "gnu") {
        return;
    }
    println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    let flags = var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    let own_linker = !flags.contains("link") && var("RUSTC_LINKER").is_err();
    let here = var("CARGO_MANIFEST_DIR").unwrap_or_default();
    if own_linker && is("CARGO_CFG_TARGET_ARCH", "x86_64") && is("PROFILE", "release") {
        println!("cargo:rustc-link-arg-bins=-Wl,-T,{here}/src/seldom.ld");
    }
}
