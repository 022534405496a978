//! Relocations in their short form (RELR): the loader reads all of them, and a box at rest keeps a megabyte less of the
//! program in memory. glibc reads them since 2.36; a linker that does not know the word leaves it out.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let is = |name: &str, wanted: &str| std::env::var(name).is_ok_and(|value| value == wanted);
    if is("CARGO_CFG_TARGET_OS", "linux") && is("CARGO_CFG_TARGET_ENV", "gnu") {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}
