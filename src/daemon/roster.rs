//! Who is to be served of what a folder holds: pure, so that what comes, goes and is broken can be shown.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::config::{Found, Stamp};

/// What is to be done for a configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// To try to serve it.
    Begin,
    /// It is served, and its file says something else, perhaps.
    Read,
    /// To serve it no more.
    End,
}

/// The configurations that are known.
#[derive(Debug, Default)]
pub(super) struct Roster(BTreeMap<PathBuf, Entry>);

#[derive(Debug)]
struct Entry {
    stamp: Option<Stamp>,
    state: State,
}

#[derive(Debug)]
enum State {
    Served,
    /// It was told to end, and has not yet.
    Ending,
    /// It cannot be served, for the reason that was said.
    Out(String),
}

impl Roster {
    /// What is to be done now that `found` is there. Whoever is told to begin is tried again at each look until it is
    /// [served](Roster::served); one that is ending is left alone until it [has ended](Roster::ended).
    pub(super) fn compare(&mut self, found: &[Found]) -> Vec<(PathBuf, Step)> {
        let mut steps = Vec::new();
        let there: BTreeSet<&Path> = found.iter().map(|found| found.file.as_path()).collect();
        self.0.retain(|file, entry| {
            let gone = !there.contains(file.as_path());
            if gone && matches!(entry.state, State::Served) {
                steps.push((file.clone(), Step::End));
            }
            !(gone && matches!(entry.state, State::Out(_)))
        });
        for Found { file, stamp } in found {
            match self.0.get_mut(file) {
                Some(Entry {
                    state: State::Ending,
                    ..
                }) => {}
                Some(
                    entry @ Entry {
                        state: State::Served,
                        ..
                    },
                ) => {
                    // What cannot be looked at for a moment is as it was.
                    if stamp.is_some() && entry.stamp != *stamp {
                        entry.stamp = *stamp;
                        steps.push((file.clone(), Step::Read));
                    }
                }
                Some(Entry {
                    state: State::Out(_),
                    stamp: last,
                }) => {
                    *last = *stamp;
                    steps.push((file.clone(), Step::Begin));
                }
                None => {
                    let state = State::Out(String::new());
                    let entry = Entry {
                        stamp: *stamp,
                        state,
                    };
                    self.0.insert(file.clone(), entry);
                    steps.push((file.clone(), Step::Begin));
                }
            }
        }
        steps
    }

    /// It is served.
    pub(super) fn served(&mut self, file: &Path) {
        self.set(file, State::Served);
    }

    /// It was told to end.
    pub(super) fn ending(&mut self, file: &Path) {
        self.set(file, State::Ending);
    }

    /// It was told to end and has; the next look says what it is now.
    pub(super) fn ended(&mut self, file: &Path) {
        self.0.remove(file);
    }

    /// It cannot be served. Says whether that is news.
    pub(super) fn out(&mut self, file: &Path, words: &str) -> bool {
        let said = self.0.get(file).is_some_and(|entry| match &entry.state {
            State::Out(said) => said == words,
            State::Served | State::Ending => false,
        });
        self.set(file, State::Out(words.to_owned()));
        !said
    }

    /// Whether some cannot be served, which may be otherwise a while later.
    pub(super) fn any_out(&self) -> bool {
        let mut entries = self.0.values();
        entries.any(|entry| matches!(entry.state, State::Out(_)))
    }

    fn set(&mut self, file: &Path, state: State) {
        if let Some(entry) = self.0.get_mut(file) {
            entry.state = state;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::configurations;

    /// A folder with these files, each as long as its number says, and a roster that looked at it.
    struct Stage {
        folder: tempfile::TempDir,
        roster: Roster,
    }

    impl Stage {
        fn look(&mut self) -> Vec<(String, Step)> {
            let found = configurations(self.folder.path()).expect("a folder");
            let steps = self.roster.compare(&found).into_iter();
            let name = |path: PathBuf| path.file_stem().map(|name| name.to_string_lossy().into());
            let named = steps.map(|(path, step)| (name(path).expect("a name"), step));
            named.collect()
        }

        fn at(&self, name: &str) -> PathBuf {
            self.folder.path().join(name).with_extension("toml")
        }

        fn write(&self, name: &str, text: &str) {
            std::fs::write(self.at(name), text).expect("a file");
        }
    }

    #[test]
    fn what_comes_begins_what_goes_ends_and_what_is_broken_is_tried_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let roster = Roster::default();
        let mut stage = Stage { folder, roster };
        let step = |name: &str, step| (name.to_owned(), step);
        stage.write("a", "1");
        stage.write("b", "1");
        assert_eq!(
            stage.look(),
            [step("a", Step::Begin), step("b", Step::Begin)]
        );
        let (a, b) = (stage.at("a"), stage.at("b"));
        stage.roster.served(&a);
        assert!(stage.roster.out(&b, "no"), "news");
        assert!(stage.roster.any_out());
        assert_eq!(stage.look(), [step("b", Step::Begin)]);
        assert!(!stage.roster.out(&b, "no"), "it was said");
        assert!(stage.roster.out(&b, "still not"), "something else");
        stage.roster.served(&b);
        assert_eq!(stage.look(), []);
        assert!(!stage.roster.any_out());
        stage.write("a", "longer");
        assert_eq!(stage.look(), [step("a", Step::Read)]);
        assert_eq!(stage.look(), [], "said once");
        std::fs::remove_file(&b).expect("removed");
        assert_eq!(stage.look(), [step("b", Step::End)]);
        stage.roster.ending(&b);
        assert_eq!(stage.look(), [], "told once");
        stage.write("b", "2");
        assert_eq!(stage.look(), [], "not before it has ended");
        stage.roster.ended(&b);
        assert_eq!(stage.look(), [step("b", Step::Begin)]);
        stage.roster.out(&b, "no");
        std::fs::remove_file(&b).expect("removed");
        assert_eq!(stage.look(), []);
        assert!(!stage.roster.any_out(), "what is gone is no trouble");
    }
}
