//! Sealed bytes as they lie, read part after part.

use std::fs::File;
use std::io::{self, Read, Seek};

/// Reads one sealed part of a share.
pub struct PartReader(pub(super) File);

/// Reads the sealed parts of an own file, one after another.
pub struct FileReader(File);

impl Read for PartReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl FileReader {
    pub(super) fn of(file: File) -> Self {
        FileReader(file)
    }

    /// Goes to a byte of the sealed file.
    pub fn seek_to(&mut self, at: u64) -> io::Result<()> {
        self.0.seek(io::SeekFrom::Start(at)).map(drop)
    }

    /// The next `len` bytes: one sealed part.
    pub fn next_part(&mut self, len: usize, der: &mut Vec<u8>) -> io::Result<()> {
        der.resize(len, 0);
        self.0.read_exact(der)
    }
}
