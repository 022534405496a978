//! Files that lie in memory: what another program reads and writes.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rustix::fs::{MemfdFlags, memfd_create};

use super::program::{ConvertError, MAX_INPUT};
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

/// What a program is given to read.
#[derive(Debug)]
pub struct Input(pub(super) File);

impl Input {
    /// A file that lies open on the disk already.
    pub fn of_file(file: File) -> Self {
        Input(file)
    }

    /// Everything that `source` yields, held in memory.
    pub fn in_memory(source: &mut impl Read) -> Result<Self, ConvertError> {
        let mut memory = Memory::new("in")?;
        let copied = io::copy(&mut source.take(MAX_INPUT + 1), &mut memory.0)?;
        if copied > MAX_INPUT {
            return Err(ConvertError::TooLarge);
        }
        Ok(Input(memory.0))
    }
}

/// A folder in memory that only we may look into, removed with all that is in it.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub fn in_memory() -> Result<Folder, ConvertError> {
        let above = Path::new(SHARED_MEMORY);
        if !is_memory(above)? {
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

/// Whether files in memory can be had here, in `/dev/shm`; for `heif-convert` alone.
fn is_memory(path: &Path) -> io::Result<bool> {
    /// `TMPFS_MAGIC`, see statfs(2).
    const TMPFS: i64 = 0x0102_1994;
    let about = rustix::fs::statfs(path)?;
    Ok(about.f_type as i64 == TMPFS)
}
