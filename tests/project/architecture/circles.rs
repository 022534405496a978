//! No file imports one that imports it, over however many others.
//!
//! What counts is where a name is defined: a module that hands on what stands in its files is passed through, and a `pub use`
//! is no arrow. That a module calls its own parts (`part::f()`) is none either.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Path, paths};
use super::{File, files, none};

type Module = Vec<String>;

struct Tree {
    /// By module: its file, and the paths of it.
    files: BTreeMap<Module, (String, Vec<Path>)>,
}

impl Tree {
    fn of(files: &[File]) -> Self {
        let sources = files.iter().filter(|file| !file.is_test());
        let of = |file: &File| {
            let paths = paths(&file.tokens).into_iter();
            let paths = paths.filter(|path| !path.in_test).collect();
            (module(&file.name), (file.name.clone(), paths))
        };
        Tree {
            files: sources.map(of).collect(),
        }
    }

    /// The path from the root, where it begins with something of this crate.
    fn absolute(&self, from: &Module, path: &Path) -> Option<Module> {
        let names = path.names.as_slice();
        // `pub(super)` names nothing.
        if names
            .iter()
            .all(|name| ["crate", "self", "super"].contains(&name.as_str()))
        {
            return None;
        }
        let (mut base, rest) = match names {
            [first, rest @ ..] if first == "crate" => (Vec::new(), rest),
            [first, rest @ ..] if first == "self" => (from.clone(), rest),
            [first, ..] if first == "super" => {
                let ups = names.iter().take_while(|name| *name == "super").count();
                let leave = ups.saturating_sub(path.inline_modules);
                let base = from[..from.len().saturating_sub(leave)].to_vec();
                (base, &names[ups..])
            }
            // A module calls its own parts by name: they are its inside, and may know it.
            _ if path.import.is_none() => return None,
            [] => return None,
            [first, ..] => {
                let child: Module = from.iter().chain([first]).cloned().collect();
                self.files.get(&child)?;
                (from.clone(), names)
            }
        };
        base.extend(rest.iter().filter(|name| *name != "self").cloned());
        Some(base)
    }

    /// The module in which what a path names is defined.
    fn home(&self, path: &Module, seen: &mut BTreeSet<Module>) -> Option<Module> {
        let known = (0..=path.len()).rev().map(|len| &path[..len]);
        let module = known
            .into_iter()
            .find(|one| self.files.contains_key(*one))?
            .to_vec();
        let Some(name) = path.get(module.len()) else {
            return Some(module);
        };
        if seen.insert(path.clone()) {
            let (_, paths) = &self.files[&module];
            let mut imports = paths.iter().filter(|one| one.import.is_some());
            let handed = imports.find(|one| one.names.last() == Some(name));
            if let Some(found) = handed.and_then(|one| self.absolute(&module, one)) {
                return self.home(&found, seen);
            }
        }
        Some(module)
    }

    /// Each file with those that it imports from.
    fn arrows(&self) -> BTreeMap<&Module, BTreeSet<Module>> {
        let to = |(from, (_, paths)): (&'_ Module, &(String, Vec<Path>))| {
            let used = paths.iter().filter(|path| path.import != Some(true));
            let absolute = used.filter_map(|path| self.absolute(from, path));
            let homes = absolute.filter_map(|path| self.home(&path, &mut BTreeSet::new()));
            homes.filter(|home| home != from).collect()
        };
        self.files.iter().map(|file| (file.0, to(file))).collect()
    }
}

/// `a/b.rs` and `a/b/mod.rs` are `a::b`.
fn module(file: &str) -> Module {
    let name = file.strip_suffix(".rs").unwrap_or(file);
    let mut names: Module = name.split('/').map(str::to_owned).collect();
    if names
        .last()
        .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
    {
        names.pop();
    }
    names
}

/// The arrows of all circles, in words.
fn circles(files: &[File]) -> Vec<String> {
    let tree = Tree::of(files);
    let mut arrows = tree.arrows();
    // Whoever imports nobody of those that are left, or is imported by nobody of them, is in no circle.
    loop {
        let left: BTreeSet<Module> = arrows.keys().map(|module| (*module).clone()).collect();
        let used: BTreeSet<Module> = arrows.values().flatten().cloned().collect();
        let before = arrows.len();
        arrows.retain(|module, to| {
            to.retain(|one| left.contains(one));
            !to.is_empty() && used.contains(*module)
        });
        if arrows.len() == before {
            break;
        }
    }
    let shown = |module: &Module| tree.files[module].0.as_str();
    let all = arrows
        .iter()
        .flat_map(|(from, to)| to.iter().map(move |to| (*from, to)));
    all.map(|(from, to)| format!("src/{} imports from src/{}", shown(from), shown(to)))
        .collect()
}

#[test]
fn no_file_imports_one_that_imports_it() {
    let files: Vec<File> = files()
        .into_iter()
        .filter(|file| file.name != "main.rs")
        .collect();
    none(circles(&files));
}

#[test]
fn circles_are_seen_however_they_are_written() {
    let file = |name: &str, text: &str| File {
        name: name.to_owned(),
        text: text.to_owned(),
        tokens: super::tokens(text),
    };
    for (circle, sources) in [
        (
            2,
            &[
                ("a.rs", "use crate::b::B;"),
                ("b.rs", "fn f() { super::a::g() }"),
            ][..],
        ),
        (
            0,
            &[
                ("a.rs", "use crate::b::B;"),
                ("b.rs", "#[cfg(test)] mod tests { use crate::a::A; }"),
            ],
        ),
        // Handed on by the module above, and back.
        (
            2,
            &[
                ("a/mod.rs", "pub use b::B; pub use self::c::C;"),
                ("a/b.rs", "use super::C;"),
                ("a/c.rs", "use crate::a::B;"),
            ],
        ),
        (
            0,
            &[
                ("a/mod.rs", "pub use b::B; mod b;"),
                ("a/b.rs", "use super::c::C;"),
                ("a/c.rs", ""),
            ],
        ),
        (
            3,
            &[
                ("a.rs", "use super::b;"),
                ("b.rs", "use super::{c::{self, C}, d};"),
                ("c.rs", "use crate::a::A;"),
                ("d.rs", ""),
            ],
        ),
        (
            2,
            &[
                ("a.rs", "use self::b::B; pub struct A;"),
                ("a/b.rs", "use super::A;"),
            ],
        ),
    ] {
        let files: Vec<File> = sources
            .iter()
            .map(|(name, text)| file(name, text))
            .collect();
        let found = circles(&files);
        assert_eq!(found.len(), circle, "{sources:?}: {found:?}");
    }
}
