//! A file of a card as it is read: it ends well only where it has the length that it was listed with.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat, openat2};

use super::{CardError, Found};

/// A file that is read once, from its beginning.
pub struct Source {
    bytes: Box<dyn Read>,
    /// Bytes still to come.
    left: u64,
}

impl Source {
    /// Of something that yields bytes and fails where they are not all.
    pub(super) fn new(bytes: Box<dyn Read>, size: u64) -> Self {
        Source { bytes, left: size }
    }

    /// Of a file below a folder. Whoever may write there must not lead us out of it by a link, nor stop us by a pipe.
    pub(super) fn of_file(root: &Path, file: &Found) -> Result<Self, CardError> {
        let open = || {
            let folder = openat(CWD, root, OFlags::PATH | OFlags::DIRECTORY, Mode::empty())?;
            let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NONBLOCK | OFlags::NOCTTY;
            let inside = ResolveFlags::BENEATH | ResolveFlags::NO_SYMLINKS;
            let opened = File::from(openat2(folder, &file.path, flags, Mode::empty(), inside)?);
            match opened.metadata()?.is_file() {
                true => Ok(opened),
                false => Err(io::Error::other("it is no file any more")),
            }
        };
        let opened = open().map_err(|cause| CardError::File {
            path: file.path.clone(),
            cause,
        })?;
        Ok(Source::new(Box::new(opened), file.size))
    }
}

impl Read for Source {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.bytes.read(out)?;
        let changed = |words: &str| Err(io::Error::new(io::ErrorKind::UnexpectedEof, words));
        match self.left.checked_sub(read as u64) {
            None => changed("it grew while it was read"),
            Some(left) if left > 0 && read == 0 && !out.is_empty() => {
                changed("it ended before all of it had come")
            }
            Some(left) => {
                self.left = left;
                Ok(read)
            }
        }
    }
}
