//! This household's own files at rest: sealed part after part under the storage key, read back without a copy on disk.

use std::io::{self, Read, Seek, SeekFrom};

use zeroize::Zeroizing;

use crate::album::{Blobs, FileReader, OwnItem};
use crate::envelope::{
    Digest, Hasher, Id, ItemKey, PART_SIZE, PartBuffer, StorageKey, open_part, part_content,
    part_len,
};
use crate::sharing::Fault;

/// What sealing a source gave.
pub(in crate::sharing) struct Stored {
    /// Names the sealed file.
    pub file: Id,
    /// Of the plaintext.
    pub sha256: Digest,
    /// Bytes of plaintext.
    pub size: u64,
}

/// Seals everything that `source` yields as a new own file.
pub(in crate::sharing) fn store(
    blobs: &Blobs,
    key: &StorageKey,
    buffer: &mut PartBuffer,
    source: &mut impl Read,
    progress: &mut dyn FnMut(u64),
) -> Result<Stored, Fault> {
    let file = Id::random();
    let key = key.file(file);
    let mut writer = blobs.new_file(file)?;
    let (mut hasher, mut size) = (Hasher::default(), 0);
    loop {
        let read = buffer
            .fill(source)
            .map_err(|error| Fault::new("read", error.to_string()))?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.content());
        size += read as u64;
        writer.push(buffer.seal_undigested(&key)?)?;
        progress(read as u64);
        if read < PART_SIZE {
            break;
        }
    }
    writer.keep(blobs)?;
    Ok(Stored {
        file,
        sha256: hasher.finish(),
        size,
    })
}

/// An own file opened for reading: one part of plaintext in memory at a time.
pub(in crate::sharing) struct OwnFile {
    reader: FileReader,
    key: ItemKey,
    size: u64,
    at: u64,
    loaded: Option<u64>,
    der: Zeroizing<Vec<u8>>,
    content: std::ops::Range<usize>,
}

impl OwnFile {
    pub fn open(blobs: &Blobs, key: &StorageKey, item: &OwnItem) -> Result<Self, Fault> {
        OwnFile::of(blobs, key, item.file, item.size)
    }

    /// A sealed file with so many bytes of plaintext.
    pub fn of(blobs: &Blobs, key: &StorageKey, file: Id, size: u64) -> Result<Self, Fault> {
        Ok(OwnFile {
            reader: blobs.open_file(file)?,
            key: key.file(file),
            size,
            at: 0,
            loaded: None,
            der: Zeroizing::new(Vec::new()),
            content: 0..0,
        })
    }

    fn load(&mut self, part: u64) -> io::Result<()> {
        if self.loaded == Some(part) {
            return Ok(());
        }
        let full = part_len(PART_SIZE) as u64;
        let left = (self.size - part * PART_SIZE as u64).min(PART_SIZE as u64) as usize;
        self.reader.seek_to(part * full)?;
        self.loaded = None;
        self.reader.next_part(part_len(left), &mut self.der)?;
        let broken = |error: crate::envelope::EnvelopeError| {
            io::Error::other(format!("a stored file: {error}"))
        };
        let content = open_part(&mut self.der, &self.key).map_err(broken)?.len();
        self.content = part_content(&self.der, content);
        self.loaded = Some(part);
        Ok(())
    }
}

impl Read for OwnFile {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size || out.is_empty() {
            return Ok(0);
        }
        self.load(self.at / PART_SIZE as u64)?;
        let offset = (self.at % PART_SIZE as u64) as usize;
        let rest = &self.der[self.content.clone()][offset..];
        let len = rest.len().min(out.len());
        out[..len].copy_from_slice(&rest[..len]);
        self.at += len as u64;
        Ok(len)
    }
}

impl Seek for OwnFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = sought(to, self.at, self.size)?;
        Ok(self.at)
    }
}

/// The next `size` bytes of plaintext of a sealed file.
pub(in crate::sharing) fn open_sealed(
    reader: &mut FileReader,
    key: &ItemKey,
    size: u64,
) -> Result<Vec<u8>, Fault> {
    let damaged = |error: crate::envelope::EnvelopeError| Fault::new("disk", error.to_string());
    let mut bytes = Vec::with_capacity(size as usize);
    let mut der = Zeroizing::new(Vec::new());
    while (bytes.len() as u64) < size {
        let left = (size - bytes.len() as u64).min(PART_SIZE as u64) as usize;
        reader
            .next_part(part_len(left), &mut der)
            .map_err(|error| Fault::of_reading(&error))?;
        bytes.extend_from_slice(open_part(&mut der, key).map_err(damaged)?);
    }
    Ok(bytes)
}

/// A piece of a file, as if it were a file.
pub(in crate::sharing) struct Within<F> {
    file: F,
    start: u64,
    size: u64,
    at: u64,
}

impl<F> Within<F> {
    /// From byte `start` on, `size` bytes, which are there.
    pub fn of(file: F, start: u64, size: u64) -> Self {
        Within {
            file,
            start,
            size,
            at: 0,
        }
    }
}

impl<F: Read + Seek> Read for Within<F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let left = self.size.saturating_sub(self.at);
        let most = usize::try_from(left).map_or(out.len(), |left| left.min(out.len()));
        self.file.seek(SeekFrom::Start(self.start + self.at))?;
        let read = self.file.read(&mut out[..most])?;
        self.at += read as u64;
        Ok(read)
    }
}

impl<F> Seek for Within<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = sought(to, self.at, self.size)?;
        Ok(self.at)
    }
}

/// Where a seek leads in a file of so many bytes; behind its end too, where nothing is read.
fn sought(to: SeekFrom, at: u64, size: u64) -> io::Result<u64> {
    let target = match to {
        SeekFrom::Start(at) => i128::from(at),
        SeekFrom::End(offset) => i128::from(size) + i128::from(offset),
        SeekFrom::Current(offset) => i128::from(at) + i128::from(offset),
    };
    u64::try_from(target)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "a seek before the start"))
}
