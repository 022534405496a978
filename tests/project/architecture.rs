//! Holds the arrows of `docs/architecture.md`: who may use whom, what the pure core may not touch, how large a file may be.
//!
//! A module may use those of lower layers, never one of its own layer or above. Reads the sources as text.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

mod circles;
mod source;

use source::{Token, paths, tokens};

/// From the bottom. The pure core ends before the adapters.
const LAYERS: &[&[&str]] = &[
    &["encoding", "words"],
    &["address"],
    &["config"],
    &["rules"],
    &["envelope"],
    &["message"],
    &["crash", "disk"],
    &["endpoint"],
    &[
        "album",
        "card",
        "clock",
        "convert",
        "directory",
        "folder",
        "mailbox",
        "notice",
        "rendition",
        "submission",
    ],
    &["sharing"],
    &["daemon"],
    &["web"],
    &["demo"],
    &["cli"],
    &["main"],
];
/// The first layer that may touch the world.
const ADAPTERS: usize = 6;

/// What the pure core leaves to the adapters.
const WORLD: &[&str] = &[
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::thread",
    "tokio",
    "async_imap",
    "lettre",
    "native_tls",
    "tokio_openssl",
    "rusqlite",
];
/// Of those, plain values.
const VALUES: &[&str] = &[
    "std::net::IpAddr",
    "std::net::SocketAddr",
    "std::net::Ipv4Addr",
    "std::net::Ipv6Addr",
];
/// It reads the one file; the rest of `config` is pure.
const MAY_READ_ITS_FILE: &str = "config/load.rs";

const MOST_LINES: usize = 800;

struct File {
    /// Below `src`, with `/`.
    name: String,
    text: String,
    tokens: Vec<Token>,
}

impl File {
    /// The top-level module it belongs to; `lib` is the root itself.
    fn module(&self) -> &str {
        let first = self.name.split('/').next().unwrap_or(&self.name);
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many `super` lead from the file to the root.
    fn depth(&self) -> usize {
        let parts = self.name.split('/').count();
        if self.name.ends_with("/mod.rs") {
            parts - 1
        } else {
            parts
        }
    }

    /// A file of tests alone, declared under `#[cfg(test)]`.
    fn is_test(&self) -> bool {
        self.name
            .split('/')
            .any(|part| part == "tests" || part == "tests.rs")
    }
}

fn files() -> Vec<File> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &root, &mut files);
    files.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(
        files.iter().any(|file| file.name == "lib.rs"),
        "src/lib.rs is read"
    );
    files
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("src is readable") {
        let path: PathBuf = entry.expect("src is readable").path();
        if path.is_dir() {
            collect(root, &path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("sources are UTF-8");
            let below = path.strip_prefix(root).expect("it was found below src");
            files.push(File {
                name: below.to_string_lossy().replace('\\', "/"),
                tokens: tokens(&text),
                text,
            });
        }
    }
}

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The top-level modules that a file names, with the line.
fn uses(file: &File) -> Vec<(String, usize)> {
    let mut uses = Vec::new();
    for path in paths(&file.tokens) {
        let names: Vec<&str> = path.names.iter().map(String::as_str).collect();
        let rest: &[&str] = match names.as_slice() {
            ["crate" | "hearthpost", rest @ ..] => rest,
            ["self", rest @ ..] | rest => {
                let ups = rest.iter().take_while(|name| **name == "super").count();
                let to_root = file.depth() + path.inline_modules;
                if ups == 0 || ups < to_root {
                    continue;
                } else {
                    &rest[ups..]
                }
            }
        };
        // Bare `crate` is `pub(crate)`; a root name alone, such as `hearthpost` of a string, is no use.
        if let Some(first) = rest.first() {
            uses.push(((*first).to_owned(), path.line));
        }
    }
    uses
}

fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn every_module_has_its_layer() {
    let modules: BTreeSet<String> = files()
        .iter()
        .filter(|file| file.name != "lib.rs")
        .map(|file| file.module().to_owned())
        .collect();
    none(
        modules
            .iter()
            .filter(|module| layer(module).is_none())
            .map(|module| format!("src/{module}: unknown module; add it to LAYERS in tests/project/architecture.rs and to docs/architecture.md"))
            .collect(),
    );
}

#[test]
fn arrows_point_down_only() {
    let mut faults = Vec::new();
    for file in files().iter().filter(|file| file.name != "lib.rs") {
        let module = file.module();
        let Some(own) = layer(module) else { continue };
        for (used, line) in uses(file) {
            let place = format!("src/{}:{line}", file.name);
            match layer(&used) {
                _ if used == module => {}
                Some(other) if other < own => {}
                Some(_) => faults.push(format!(
                    "{place}: {module} uses {used}, which is not below it"
                )),
                None => faults.push(format!(
                    "{place}: crate::{used} is no module of LAYERS; name the module where it lives"
                )),
            }
        }
    }
    none(faults);
}

#[test]
fn pure_core_touches_neither_disk_nor_network_nor_clock() {
    let mut faults = Vec::new();
    for file in &files() {
        let pure = layer(file.module()).is_some_and(|layer| layer < ADAPTERS);
        if !pure || file.is_test() || file.name == MAY_READ_ITS_FILE {
            continue;
        }
        for path in paths(&file.tokens).iter().filter(|path| !path.in_test) {
            let written = path.names.join("::");
            let within =
                |known: &&str| written == **known || written.starts_with(&format!("{known}::"));
            let clock = path.names.len() > 1 && path.names.last().is_some_and(|name| name == "now");
            if (WORLD.iter().any(within) && !VALUES.iter().any(within)) || clock {
                faults.push(format!(
                    "src/{}:{}: {written} in the pure core; pass the value in, or move the call into an adapter",
                    file.name, path.line
                ));
            }
        }
    }
    none(faults);
}

#[test]
fn nothing_panics_by_habit_and_nothing_is_left_open() {
    let mut faults = Vec::new();
    for file in &files() {
        for three in file.tokens.windows(3) {
            let [before, word, after] = three else {
                continue;
            };
            let place = format!("src/{}:{}", file.name, word.line);
            let calls_unwrap = before.text == "." && word.text == "unwrap" && after.text == "(";
            if calls_unwrap && !word.in_test && !file.is_test() {
                faults.push(format!(
                    "{place}: unwrap(); use `?`, or expect() with the invariant"
                ));
            }
            if ["todo", "unimplemented"].contains(&word.text.as_str()) && after.text == "!" {
                faults.push(format!("{place}: {}!", word.text));
            }
        }
    }
    none(faults);
}

#[test]
fn every_module_page_says_what_it_is() {
    none(
        files()
            .iter()
            .filter(|file| !file.name.contains('/') || file.name.ends_with("/mod.rs"))
            .filter(|file| !file.text.starts_with("//! "))
            .map(|file| {
                format!(
                    "src/{}: begin with `//! ` and say what it is, and what it is not",
                    file.name
                )
            })
            .collect(),
    );
}

#[test]
fn no_file_is_longer_than_800_lines() {
    none(
        files()
            .iter()
            .map(|file| (file, file.text.lines().count()))
            .filter(|(_, lines)| *lines > MOST_LINES)
            .map(|(file, lines)| {
                format!(
                    "src/{}: {lines} lines; one idea a file, at most {MOST_LINES}",
                    file.name
                )
            })
            .collect(),
    );
}

#[test]
fn ways_round_the_arrows_are_seen() {
    let file = |name: &str, text: &str| File {
        name: name.to_owned(),
        text: text.to_owned(),
        tokens: tokens(text),
    };
    for (name, text, used) in [
        ("rules/meet.rs", "use crate::album::Album;", "album"),
        ("rules/meet.rs", "use super::super::album::Album;", "album"),
        ("rules/mod.rs", "fn f() { super::album::open() }", "album"),
        (
            "rules.rs",
            "mod tests { use super::super::album; }",
            "album",
        ),
        ("rules.rs", "use crate::{encoding, album as a};", "album"),
        ("rules.rs", "use {crate::album::{Album, Row}};", "album"),
        (
            "rules.rs",
            "type A = <crate::album::Album as T>::B;",
            "album",
        ),
        ("rules.rs", "use crate::*;", "*"),
        (
            "main.rs",
            "fn main() { hearthpost::album::open() }",
            "album",
        ),
    ] {
        let found = uses(&file(name, text));
        assert!(
            found.iter().any(|(module, _)| module == used),
            "{name}: {text}: {found:?}"
        );
    }
    let inside = file(
        "rules/meet.rs",
        "use super::Rules; mod tests { use super::super::Rules; }",
    );
    assert!(uses(&inside).is_empty(), "{:?}", uses(&inside));
}
