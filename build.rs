//! A box at rest keeps less of the program in memory.
//!
//! Relocations in their short form (RELR): the loader reads all of them, and it is a megabyte less. glibc reads them since 2.36;
//! a linker that does not know the word leaves it out. Functions that are the same byte for byte stand there once, where
//! the linker is LLD, as the compiler's own is here (`rust-lld`, for x86-64 since 1.90): others do not know that word.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, wanted: &str| std::env::var(name).is_ok_and(|value| value == wanted);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
        let flags = std::env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
        let own_linker = !flags.contains("link") && std::env::var_os("RUSTC_LINKER").is_none();
        if is("CARGO_CFG_TARGET_ARCH", "x86_64") && own_linker {
            println!("cargo:rustc-link-arg-bins=-Wl,--icf=all");
        }
    }
}
