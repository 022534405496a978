//! The one place of the configuration that touches a disk.

use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::{Config, ConfigError};

/// What a configuration is called that has a folder of its own.
const OWN: &str = "hearthpost.toml";

/// A configuration in a folder of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The file.
    pub file: PathBuf,
    /// By which it is known that it says something else; `None`: it cannot be looked at.
    pub stamp: Option<Stamp>,
}

/// Which file it is, how long, and when it was written last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(u64, u64, u64, i64, i64);

impl Config {
    /// Reads the file; no other file, and no password.
    pub fn load(file: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(file).map_err(|source| ConfigError::Unreadable {
            file: file.to_owned(),
            source,
        })?;
        Config::parse(&text, file)
    }
}

/// The configurations in a folder, by name: its files `*.toml`, and `hearthpost.toml` in each folder there. What begins with
/// a dot is some program's own. Nothing is said of what stands in them.
pub fn configurations(folder: &Path) -> io::Result<Vec<Found>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let Some(name) = name.filter(|name| !name.starts_with('.')) else {
            continue;
        };
        // A link that leads nowhere is a configuration that cannot be read.
        let file = if path.is_dir() {
            path.join(OWN)
        } else if is_configuration(name) {
            path
        } else {
            continue;
        };
        let stamp = match fs::metadata(&file) {
            Ok(about) => Some(Stamp::of(&about)),
            Err(error) if error.kind() == io::ErrorKind::NotFound && !file.is_symlink() => continue,
            Err(_) => None,
        };
        found.push(Found { file, stamp });
    }
    found.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(found)
}

/// Whether a file of this name in a folder of configurations is one.
pub fn is_configuration(name: &str) -> bool {
    name.ends_with(".toml") && !name.starts_with('.')
}

impl Stamp {
    fn of(about: &Metadata) -> Self {
        Stamp(
            about.dev(),
            about.ino(),
            about.len(),
            about.mtime(),
            about.mtime_nsec(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configurations_lie_in_the_folder_or_in_folders_of_their_own() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = |name: &str| folder.path().join(name);
        for name in ["b", "c", "data.toml"] {
            fs::create_dir(at(name)).expect("a folder");
        }
        for name in [
            "z.toml",
            "a.toml",
            ".a.toml.swp",
            ".b.toml",
            "a.toml~",
            "a.toml.new",
            "password",
            "b/hearthpost.toml",
            "b/other.toml",
            "c/password",
        ] {
            fs::write(at(name), "").expect("a file");
        }
        std::os::unix::fs::symlink("nowhere", at("link.toml")).expect("a link");
        let found = configurations(folder.path()).expect("it is read");
        let files: Vec<_> = found.iter().map(|found| found.file.clone()).collect();
        let names = ["a.toml", "b/hearthpost.toml", "link.toml", "z.toml"];
        assert_eq!(files, names.map(at));
        assert_eq!(
            found.iter().filter(|found| found.stamp.is_none()).count(),
            1
        );
        fs::write(at("z.toml"), "name").expect("a file");
        let again = configurations(folder.path()).expect("it is read");
        assert_ne!(again[3].stamp, found[3].stamp);
        assert_eq!(again[..3], found[..3]);
    }
}
