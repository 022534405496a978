//! Sealed bytes on their way to the disk: a part, an own file in one go, and one that comes in by pieces.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::path::{Path, PathBuf};

use super::blobs::{file_name, private_dir, private_file, sync_dir};
use super::bucket::NewObject;
use super::lock::briefly;
use super::{AlbumError, Blobs};
use crate::disk;
use crate::envelope::{Digest, Id};

/// A part that is being written. Dropped without [`PartFile::keep`], it leaves nothing.
pub struct PartFile {
    file: File,
    temporary: PathBuf,
    kept: bool,
    /// The folder, locked against a sweep.
    _writing: File,
}

/// An own file that is being written, sealed part after sealed part.
pub struct NewFile(Target);

enum Target {
    /// With the name that it gets.
    Folder(PartFile, PathBuf),
    Bucket(NewObject),
}

/// An own file that comes in by pieces. Unlike all other blobs it has its name from the beginning; its row says how much
/// of it counts. While it is open here, nobody else writes to it.
pub struct GrowingFile {
    file: File,
    path: PathBuf,
}

impl Blobs {
    /// To be held until what is written has its name, so that no sweep takes it away.
    pub(super) fn writing(&self) -> Result<File, AlbumError> {
        let folder = File::open(&self.temporary).map_err(AlbumError::file(&self.temporary))?;
        folder
            .lock_shared()
            .map_err(AlbumError::file(&self.temporary))?;
        Ok(folder)
    }

    /// Begins to write a part into the folder.
    pub fn new_part(&self) -> Result<PartFile, AlbumError> {
        let folder = self.writing()?;
        let temporary = self.temporary.join(Id::random().to_string());
        let file = private_file(&temporary).map_err(AlbumError::file(&temporary))?;
        Ok(PartFile {
            file,
            temporary,
            kept: false,
            _writing: folder,
        })
    }

    /// Begins to write the own file `id`.
    pub fn new_file(&self, id: Id) -> Result<NewFile, AlbumError> {
        Ok(NewFile(match &self.bucket {
            Some(bucket) => Target::Bucket(NewObject::begin(self, bucket, file_name(id))?),
            None => Target::Folder(self.new_part()?, self.file_path(id)),
        }))
    }

    /// Begins to write the pictures `id` of an own item: always on this disk, for they are looked at often and made again
    /// where they are lost.
    pub fn new_pictures(&self, id: Id) -> Result<NewFile, AlbumError> {
        self.new_beside(self.pictures_path(id))
    }

    /// Begins to write a file that is always on this disk.
    pub(super) fn new_beside(&self, path: PathBuf) -> Result<NewFile, AlbumError> {
        Ok(NewFile(Target::Folder(self.new_part()?, path)))
    }

    /// Makes an empty file that comes in by pieces, durably.
    pub fn new_growing_file(&self, id: Id) -> Result<(), AlbumError> {
        let path = self.file_path(id);
        private_file(&path).map_err(AlbumError::file(&path))?;
        self.noting(sync_dir(&self.files).map_err(AlbumError::file(&self.files)))
    }

    /// Opens such a file; fails with [`AlbumError::InHand`] while somebody else has it open so.
    pub fn grow_file(&self, id: Id) -> Result<GrowingFile, AlbumError> {
        let path = self.file_path(id);
        let file = OpenOptions::new()
            .write(true)
            .open(&path)
            .map_err(AlbumError::file(&path))?;
        match briefly(&file) {
            Ok(()) => Ok(GrowingFile { file, path }),
            Err(TryLockError::WouldBlock) => Err(AlbumError::InHand),
            Err(TryLockError::Error(cause)) => Err(AlbumError::file(&path)(cause)),
        }
    }
}

impl PartFile {
    /// Gives the part its name; durable after [`Blobs::sync_parts`].
    pub fn keep(mut self, blobs: &Blobs, digest: Digest) -> Result<(), AlbumError> {
        let path = blobs.part_path(digest);
        let folder = path.parent().expect("a part lies in a folder of parts");
        private_dir(folder).map_err(AlbumError::file(folder))?;
        self.finish(&path)
    }

    /// Where it is being written.
    pub(super) fn path(&self) -> &Path {
        &self.temporary
    }

    fn finish(&mut self, path: &Path) -> Result<(), AlbumError> {
        let named = || {
            disk::room()?;
            self.file.sync_data()?;
            disk::room()?;
            fs::rename(&self.temporary, path)
        };
        named().map_err(AlbumError::file(path))?;
        self.kept = true;
        Ok(())
    }
}

impl Write for PartFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        disk::room()?;
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for PartFile {
    fn drop(&mut self) {
        if !self.kept {
            // Best effort: what stays is swept at the next start.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

impl NewFile {
    /// Appends a sealed part.
    pub fn push(&mut self, der: &[u8]) -> Result<(), AlbumError> {
        match &mut self.0 {
            Target::Folder(part, _) => {
                let path = part.temporary.clone();
                part.write_all(der).map_err(AlbumError::file(&path))
            }
            Target::Bucket(object) => object.push(der),
        }
    }

    /// Gives the file its name, durably.
    pub fn keep(self, blobs: &Blobs) -> Result<(), AlbumError> {
        match self.0 {
            Target::Folder(mut part, path) => {
                part.finish(&path)?;
                let folder = path.parent().expect("an own file lies in a folder");
                blobs.noting(sync_dir(folder).map_err(AlbumError::file(folder)))
            }
            Target::Bucket(object) => blobs.noting(object.keep()),
        }
    }
}

impl GrowingFile {
    /// Puts a sealed part at a byte of the file, over whatever an interrupted run left from there on. On disk when it
    /// returns.
    pub fn put(&mut self, at: u64, der: &[u8]) -> Result<(), AlbumError> {
        let mut put = || {
            disk::room()?;
            self.file.set_len(at)?;
            self.file.seek(io::SeekFrom::Start(at))?;
            self.file.write_all(der)?;
            disk::room()?;
            self.file.sync_data()
        };
        put().map_err(AlbumError::file(&self.path))
    }
}
