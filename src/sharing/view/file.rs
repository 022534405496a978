//! A file that a person asked for, outside the album: whole, or not there.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, fallocate};

use super::super::Fault;
use crate::disk;

/// A file that the person asked for; it appears whole or not at all.
pub struct NewFile {
    file: File,
    temporary: PathBuf,
    out: PathBuf,
    kept: bool,
}

impl NewFile {
    /// With room for so many bytes, where the file system can promise it; nothing is in it yet.
    pub fn create(out: &Path, room: u64) -> Result<Self, Fault> {
        let mut name = out.file_name().unwrap_or_default().to_owned();
        if name.is_empty() || out.is_dir() {
            return Err(Fault::usage(
                "out",
                format!("{} is a folder; name a file", out.display()),
            ));
        }
        name.push(format!(".{}.part", std::process::id()));
        let temporary = out.with_file_name(name);
        let file = disk::room()
            .and_then(|()| File::create_new(&temporary))
            .map_err(|error| match error.kind() {
                // What is in the way is that one alone.
                io::ErrorKind::AlreadyExists => Fault::of_file("out", &temporary, &error),
                _ => Fault::of_file("out", out, &error),
            })?;
        let new = NewFile {
            file,
            temporary,
            out: out.to_owned(),
            kept: false,
        };
        match new.reserve(room) {
            Err(error) if disk::is_full(&error) => Err(Fault::of_file("out", out, &error)),
            _ => Ok(new),
        }
    }

    fn reserve(&self, room: u64) -> io::Result<()> {
        disk::room()?;
        if room > 0 {
            fallocate(&self.file, FallocateFlags::KEEP_SIZE, 0, room)?;
        }
        Ok(())
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let written = self.file.write_all(bytes);
        written.map_err(|error| Fault::of_file("out", &self.out, &error))
    }

    pub fn keep(mut self) -> Result<(), Fault> {
        let named = || {
            // Room that was reserved and not needed goes back.
            self.file.set_len(self.file.metadata()?.len())?;
            self.file.sync_all()?;
            std::fs::rename(&self.temporary, &self.out)
        };
        named().map_err(|error| Fault::of_file("out", &self.out, &error))?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}
