//! Files that lie in memory: what another program reads and writes.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rustix::fs::{MemfdFlags, memfd_create};

use super::ConvertError;
use crate::envelope::Id;

/// Where Linux has a folder in memory.
const SHARED_MEMORY: &str = "/dev/shm";

/// A file in memory, gone when it is closed.
pub(super) struct Memory(pub File);

impl Memory {
    /// Seen by us and by whom it is given to as standard input or output.
    pub fn new(name: &str) -> io::Result<Memory> {
        Ok(Memory(memfd_create(name, MemfdFlags::CLOEXEC)?.into()))
    }

    /// One that each program started meanwhile has open under the same number.
    pub fn inherited(name: &str) -> io::Result<Memory> {
        Ok(Memory(memfd_create(name, MemfdFlags::empty())?.into()))
    }

    /// Everything in it.
    pub fn content(mut self, most: u64) -> Result<Vec<u8>, ConvertError> {
        let mut bytes = Vec::new();
        self.0.rewind()?;
        self.0.take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(ConvertError::TooLarge);
        }
        Ok(bytes)
    }
}

/// A folder in memory that only we may look into, removed with all that is in it.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub fn in_memory() -> Result<Folder, ConvertError> {
        let above = Path::new(SHARED_MEMORY);
        if !super::is_memory(above)? {
            let words = format!("{SHARED_MEMORY} is no folder in memory");
            return Err(io::Error::other(words).into());
        }
        let path = above.join(format!(
            "hearthpost-{}-{}",
            std::process::id(),
            Id::random()
        ));
        fs::DirBuilder::new().mode(0o700).create(&path)?;
        Ok(Folder(path))
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
