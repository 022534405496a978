//! What is wrong with a configuration: file, line, key, and the way out.

use std::fmt;
use std::path::PathBuf;

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
    #[error("{}:{line}: unknown key \"{key}\"{}", file.display(), Nearest(nearest))]
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

/// The end of an [`ConfigError::UnknownKey`].
struct Nearest<'a>(&'a Option<String>);

impl fmt::Display for Nearest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(key) => write!(f, "; did you mean \"{key}\"?"),
            None => f.write_str("; config/hearthpost.example.toml lists all keys"),
        }
    }
}
