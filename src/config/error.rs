//! What is wrong with a configuration: file, line, key, and the way out.

use std::path::{Path, PathBuf};

/// Why there is no configuration. Values are never repeated: one of them may be a password in the wrong place.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error(
        "{}: cannot read the configuration: {source}; `hearthpost init` writes one, `--config FILE` names another",
        file.display()
    )]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{}:{line}: not TOML: {reason}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What the parser said.
        reason: String,
    },
    /// A key that does not exist; most often a slip of the pen.
    #[error("{}", unknown(file, *line, key, nearest.as_deref()))]
    UnknownKey {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The key with its section.
        key: String,
        /// The known key that looks most like it.
        nearest: Option<String>,
    },
    /// A key without which there is no home server.
    #[error("{}: \"{key}\" is missing; {way_out}", file.display())]
    Missing {
        /// The file.
        file: PathBuf,
        /// The key with its section.
        key: &'static str,
        /// What to write.
        way_out: String,
    },
    /// A value of the wrong kind or out of range.
    #[error("{}:{line}: \"{key}\" must be {expected}", file.display())]
    Wrong {
        /// The file.
        file: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The key with its section.
        key: String,
        /// What the key takes.
        expected: String,
    },
}

/// What is said of a [`ConfigError::UnknownKey`].
fn unknown(file: &Path, line: usize, key: &str, nearest: Option<&str>) -> String {
    let file = file.display();
    let Some(near) = nearest else {
        return format!(
            "{file}:{line}: unknown key \"{key}\"; config/hearthpost.example.toml lists all keys"
        );
    };
    format!("{file}:{line}: unknown key \"{key}\"; did you mean \"{near}\"?")
}
