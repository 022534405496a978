//! Sealed bytes on disk: parts of shares named by their digest, and this household's own files.
//!
//! A blob appears under its name only when all of it is on disk (temporary file, fsync, rename, fsync of the folder),
//! so a name is a promise. Nothing here is ever plaintext.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::AlbumError;
use crate::disk;
use crate::envelope::{Digest, Id};

/// The blob folders of an album.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: PathBuf,
    pub(super) parts: PathBuf,
    pub(super) files: PathBuf,
    pub(super) pictures: PathBuf,
    pub(super) temporary: PathBuf,
    /// Something could not be written: blobs and rows may differ.
    pub(super) troubled: Arc<AtomicBool>,
}

/// A part that is being written. Dropped without [`PartFile::keep`], it leaves nothing.
pub struct PartFile {
    file: File,
    temporary: PathBuf,
    kept: bool,
    /// The folder, locked against a sweep.
    _writing: File,
}

/// An own file that is being written, sealed part after sealed part.
pub struct NewFile(PartFile);

/// An own file that comes in by pieces. Unlike all other blobs it has its name from the beginning; its row says how much
/// of it counts. While it is open here, nobody else writes to it.
pub struct GrowingFile {
    file: File,
    path: PathBuf,
}

/// Reads the sealed parts of an own file, one after another.
pub struct FileReader(File);

/// Where a part lies in the folder of an album.
pub fn part_name(digest: Digest) -> String {
    let name = digest.to_string();
    format!("parts/{}/{name}", &name[..2])
}

/// Where an own file lies in the folder of an album.
pub fn file_name(id: Id) -> String {
    format!("files/{id}")
}

impl Blobs {
    pub(super) fn open(folder: &Path) -> Result<Self, AlbumError> {
        let blobs = Blobs {
            folder: folder.to_owned(),
            parts: folder.join("parts"),
            files: folder.join("files"),
            pictures: folder.join("pictures"),
            temporary: folder.join("temporary"),
            troubled: Arc::default(),
        };
        for path in [
            &blobs.parts,
            &blobs.files,
            &blobs.pictures,
            &blobs.temporary,
        ] {
            private_dir(path).map_err(AlbumError::file(path))?;
        }
        Ok(blobs)
    }

    /// Notes what went wrong, for who compares blobs and rows.
    pub(super) fn noting<T, E>(&self, done: Result<T, E>) -> Result<T, E> {
        if done.is_err() {
            self.troubled.store(true, Ordering::Relaxed);
        }
        done
    }

    /// Where a part lies, or would.
    fn part_path(&self, digest: Digest) -> PathBuf {
        self.folder.join(part_name(digest))
    }

    /// Whether a part is here.
    pub fn has_part(&self, digest: Digest) -> bool {
        self.part_path(digest).exists()
    }

    /// Begins to write a part.
    pub fn new_part(&self) -> Result<PartFile, AlbumError> {
        // Held until the file has its name, so that no sweep takes it away.
        let folder = File::open(&self.temporary).map_err(AlbumError::file(&self.temporary))?;
        folder
            .lock_shared()
            .map_err(AlbumError::file(&self.temporary))?;
        let temporary = self.temporary.join(Id::random().to_string());
        let file = private_file(&temporary).map_err(AlbumError::file(&temporary))?;
        Ok(PartFile {
            file,
            temporary,
            kept: false,
            _writing: folder,
        })
    }

    /// Writes a part whole. Durable after [`Blobs::sync_parts`] of its folder.
    pub fn put_part(&self, digest: Digest, der: &[u8]) -> Result<(), AlbumError> {
        if self.has_part(digest) {
            return Ok(());
        }
        let write = || {
            let mut part = self.new_part()?;
            part.write_all(der)
                .map_err(AlbumError::file(&part.temporary.clone()))?;
            part.keep(self, digest)
        };
        self.noting(write())
    }

    /// Makes the names of parts durable: to be called before rows say they are held.
    pub fn sync_parts<'d>(
        &self,
        digests: impl IntoIterator<Item = &'d Digest>,
    ) -> Result<(), AlbumError> {
        let mut folders: Vec<PathBuf> = digests
            .into_iter()
            .filter_map(|digest| self.part_path(*digest).parent().map(Path::to_owned))
            .collect();
        folders.sort_unstable();
        folders.dedup();
        folders.push(self.parts.clone());
        let mut folders = folders.iter();
        self.noting(folders.try_for_each(|path| sync_dir(path).map_err(AlbumError::file(path))))
    }

    /// The sealed bytes of a part, with its length.
    pub fn open_part(&self, digest: Digest) -> Result<(File, u64), AlbumError> {
        let path = self.part_path(digest);
        let file = File::open(&path).map_err(AlbumError::file(&path))?;
        let len = file.metadata().map_err(AlbumError::file(&path))?.len();
        Ok((file, len))
    }

    /// The sealed bytes of a part, whole.
    pub fn read_part(&self, digest: Digest) -> Result<Vec<u8>, AlbumError> {
        let (mut file, len) = self.open_part(digest)?;
        let mut der = Vec::with_capacity(len as usize + 1);
        let path = self.part_path(digest);
        file.read_to_end(&mut der)
            .map_err(AlbumError::file(&path))?;
        Ok(der)
    }

    /// Removes a part; one that is not there is removed already.
    pub fn remove_part(&self, digest: Digest) -> Result<(), AlbumError> {
        self.noting(remove(&self.part_path(digest)))
    }

    /// Begins to write an own file.
    pub fn new_file(&self) -> Result<NewFile, AlbumError> {
        self.new_part().map(NewFile)
    }

    /// Reads an own file.
    pub fn open_file(&self, id: Id) -> Result<FileReader, AlbumError> {
        let path = self.folder.join(file_name(id));
        File::open(&path)
            .map(FileReader)
            .map_err(AlbumError::file(&path))
    }

    /// Removes an own file.
    pub fn remove_file(&self, id: Id) -> Result<(), AlbumError> {
        self.noting(remove(&self.folder.join(file_name(id))))
    }

    /// Makes an empty file that comes in by pieces, durably.
    pub fn new_growing_file(&self, id: Id) -> Result<(), AlbumError> {
        let path = self.folder.join(file_name(id));
        private_file(&path).map_err(AlbumError::file(&path))?;
        self.noting(sync_dir(&self.files).map_err(AlbumError::file(&self.files)))
    }

    /// Opens such a file; fails with [`AlbumError::InHand`] while somebody else has it open so.
    pub fn grow_file(&self, id: Id) -> Result<GrowingFile, AlbumError> {
        let path = self.folder.join(file_name(id));
        let file = OpenOptions::new()
            .write(true)
            .open(&path)
            .map_err(AlbumError::file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(GrowingFile { file, path }),
            Err(TryLockError::WouldBlock) => Err(AlbumError::InHand),
            Err(TryLockError::Error(cause)) => Err(AlbumError::file(&path)(cause)),
        }
    }

    /// Reads the sealed pictures of an own item.
    pub fn open_pictures(&self, id: Id) -> Result<FileReader, AlbumError> {
        let path = self.pictures_path(id);
        File::open(&path)
            .map(FileReader)
            .map_err(AlbumError::file(&path))
    }

    /// Removes the sealed pictures of an own item.
    pub fn remove_pictures(&self, id: Id) -> Result<(), AlbumError> {
        self.noting(remove(&self.pictures_path(id)))
    }

    fn pictures_path(&self, id: Id) -> PathBuf {
        self.pictures.join(id.to_string())
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
        let path = self.0.temporary.clone();
        self.0.write_all(der).map_err(AlbumError::file(&path))
    }

    /// Gives the file its name, durably.
    pub fn keep(mut self, blobs: &Blobs, id: Id) -> Result<(), AlbumError> {
        self.0.finish(&blobs.folder.join(file_name(id)))?;
        blobs.noting(sync_dir(&blobs.files).map_err(AlbumError::file(&blobs.files)))
    }

    /// Gives it the name of an item's pictures, durably.
    pub fn keep_as_pictures(mut self, blobs: &Blobs, id: Id) -> Result<(), AlbumError> {
        self.0.finish(&blobs.pictures_path(id))?;
        blobs.noting(sync_dir(&blobs.pictures).map_err(AlbumError::file(&blobs.pictures)))
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

impl FileReader {
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

fn remove(path: &Path) -> Result<(), AlbumError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(AlbumError::file(path)(error)),
        _ => Ok(()),
    }
}

/// A folder only its owner may enter.
pub(super) fn private_dir(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    disk::room()?;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
}

/// A new file only its owner may read.
pub(super) fn private_file(path: &Path) -> io::Result<File> {
    disk::room()?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

pub(super) fn sync_dir(path: &Path) -> io::Result<()> {
    disk::room()?;
    File::open(path)?.sync_all()
}
