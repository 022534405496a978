//! The one place of the configuration that touches a disk.

use std::path::Path;

use super::{Config, ConfigError};

impl Config {
    /// Reads the file; no other file, and no password.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(file).map_err(|source| ConfigError::Unreadable {
            file: file.to_owned(),
            source,
        })?;
        Config::parse(&text, file)
    }
}
