//! Sealed bytes as they lie, read part after part.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek};
use std::sync::Arc;

use super::bucket::Bucket;

/// Reads one sealed part of a share.
pub enum PartReader {
    /// From its file.
    Folder(File),
    /// As it came from the bucket, whole.
    Bucket(Cursor<Vec<u8>>),
}

/// Reads the sealed parts of an own file, one after another.
pub struct FileReader(Source);

enum Source {
    Folder(File),
    /// Nothing is asked of the bucket before the first part is read.
    Bucket {
        bucket: Arc<Bucket>,
        name: String,
        at: u64,
    },
}

impl Read for PartReader {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            PartReader::Folder(file) => file.read(into),
            PartReader::Bucket(bytes) => bytes.read(into),
        }
    }
}

impl FileReader {
    pub(super) fn of(file: File) -> Self {
        FileReader(Source::Folder(file))
    }

    pub(super) fn in_bucket(bucket: &Arc<Bucket>, name: String) -> Self {
        FileReader(Source::Bucket {
            bucket: Arc::clone(bucket),
            name,
            at: 0,
        })
    }

    /// Goes to a byte of the sealed file.
    pub fn seek_to(&mut self, to: u64) -> io::Result<()> {
        match &mut self.0 {
            Source::Folder(file) => file.seek(io::SeekFrom::Start(to)).map(drop),
            Source::Bucket { at, .. } => {
                *at = to;
                Ok(())
            }
        }
    }

    /// The next `len` bytes: one sealed part.
    pub fn next_part(&mut self, len: usize, der: &mut Vec<u8>) -> io::Result<()> {
        match &mut self.0 {
            Source::Folder(file) => {
                der.resize(len, 0);
                file.read_exact(der)
            }
            Source::Bucket { bucket, name, at } => {
                let end = *at + len as u64;
                *der = bucket.get_range(name, *at..end)?;
                *at = end;
                Ok(())
            }
        }
    }
}
