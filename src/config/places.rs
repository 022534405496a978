//! Where each key stands in its file: named where a value turns out to be wrong that could be read.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The file, and the lines of its keys.
#[derive(Debug, Clone)]
pub struct Places {
    pub(super) file: PathBuf,
    /// By the full names of the keys, counted from 1.
    pub(super) lines: BTreeMap<&'static str, usize>,
}

/// Settings are the same that say the same, wherever they stand.
impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}

impl Places {
    /// Whether the key stands in the file.
    pub fn has(&self, key: &str) -> bool {
        self.lines.contains_key(key)
    }

    /// File and line of a key; the file alone where it does not stand there.
    pub fn of(&self, key: &str) -> String {
        let file = self.file.display();
        match self.lines.get(key) {
            Some(line) => format!("{file}:{line}"),
            None => file.to_string(),
        }
    }
}
