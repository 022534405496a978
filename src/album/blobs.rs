//! Sealed bytes on disk: parts of shares named by their digest, and this household's own files.
//!
//! A blob appears under its name only when all of it is on disk (temporary file, fsync, rename, fsync of the folder),
//! so a name is a promise. Nothing here is ever plaintext.
//!
//! Where a bucket is set, parts and own files are written there, and durable when that returns. What lies in the folder
//! counts first all the same: what came in by pieces, was restored, or was there before the bucket (`in_bucket`).

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::AlbumError;
use super::bucket::Bucket;
use super::reading::{FileReader, PartReader};
use crate::disk;
use crate::envelope::{Digest, Id};

/// The blob folders of an album.
#[derive(Debug, Clone)]
pub struct Blobs {
    folder: PathBuf,
    pub(super) parts: PathBuf,
    pub(super) files: PathBuf,
    pub(super) temporary: PathBuf,
    /// Where sealed bytes lie besides the folders.
    pub(super) bucket: Option<Arc<Bucket>>,
    /// Something could not be written: blobs and rows may differ.
    pub(super) troubled: Arc<AtomicBool>,
}

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
            temporary: folder.join("temporary"),
            bucket: None,
            troubled: Arc::default(),
        };
        // An older version kept what was made of received pictures among the others, and there nothing removes it.
        let older = blobs.pictures().is_dir() && !blobs.made().is_dir();
        let private = |path: &Path| private_dir(path).map_err(AlbumError::file(path));
        if !older {
            // First of all: an album that was begun, and no more, is no older one.
            private(&blobs.made())?;
        }
        for path in [
            &blobs.parts,
            &blobs.files,
            &blobs.pictures(),
            &blobs.temporary,
        ] {
            private(path)?;
        }
        if older {
            blobs.mark()?;
        }
        private(&blobs.made())?;
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
    pub(super) fn part_path(&self, digest: Digest) -> PathBuf {
        self.folder.join(part_name(digest))
    }

    /// Where an own file lies, or would.
    pub(super) fn file_path(&self, id: Id) -> PathBuf {
        self.folder.join(file_name(id))
    }

    /// Whether a part is here.
    pub fn has_part(&self, digest: Digest) -> Result<bool, AlbumError> {
        if self.part_path(digest).exists() {
            return Ok(true);
        }
        match &self.bucket {
            Some(bucket) => {
                let len = bucket.len(&part_name(digest));
                Ok(len.map_err(|t| AlbumError::store(bucket, t))?.is_some())
            }
            None => Ok(false),
        }
    }

    /// Writes a part whole. Durable after [`Blobs::sync_parts`] of its folder.
    pub fn put_part(&self, digest: Digest, der: &[u8]) -> Result<(), AlbumError> {
        if self.part_path(digest).exists() {
            return Ok(());
        }
        if let Some(bucket) = &self.bucket {
            // Over what may be there: it is the same, or was spoilt.
            let put = bucket.put(&part_name(digest), der.to_vec());
            return self.noting(put.map_err(|t| AlbumError::store(bucket, t)));
        }
        let write = || {
            let mut part = self.new_part()?;
            part.write_all(der).map_err(AlbumError::file(part.path()))?;
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
            .filter(|folder| self.bucket.is_none() || folder.exists())
            .collect();
        folders.sort_unstable();
        folders.dedup();
        folders.push(self.parts.clone());
        let mut folders = folders.iter();
        self.noting(folders.try_for_each(|path| sync_dir(path).map_err(AlbumError::file(path))))
    }

    /// The sealed bytes of a part, with its length.
    pub fn open_part(&self, digest: Digest) -> Result<(PartReader, u64), AlbumError> {
        let path = self.part_path(digest);
        let file = match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && self.bucket.is_some() => {
                let der = self.part_in_bucket(digest)?;
                let len = der.len() as u64;
                return Ok((PartReader::Bucket(io::Cursor::new(der)), len));
            }
            file => file.map_err(AlbumError::file(&path))?,
        };
        let len = file.metadata().map_err(AlbumError::file(&path))?.len();
        Ok((PartReader::Folder(file), len))
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
        self.noting(remove(&self.part_path(digest)))?;
        self.remove_from_bucket(&part_name(digest))
    }

    /// Reads an own file.
    pub fn open_file(&self, id: Id) -> Result<FileReader, AlbumError> {
        let path = self.file_path(id);
        match (File::open(&path), &self.bucket) {
            (Err(error), Some(bucket)) if error.kind() == io::ErrorKind::NotFound => {
                Ok(FileReader::in_bucket(bucket, file_name(id)))
            }
            (file, _) => file.map(FileReader::of).map_err(AlbumError::file(&path)),
        }
    }

    /// Removes an own file.
    pub fn remove_file(&self, id: Id) -> Result<(), AlbumError> {
        self.noting(remove(&self.file_path(id)))?;
        self.remove_from_bucket(&file_name(id))
    }

    /// Reads the sealed pictures of an own item.
    pub fn open_pictures(&self, id: Id) -> Result<FileReader, AlbumError> {
        let path = self.pictures_path(id);
        File::open(&path)
            .map(FileReader::of)
            .map_err(AlbumError::file(&path))
    }

    /// Removes the sealed pictures of an own item.
    pub fn remove_pictures(&self, id: Id) -> Result<(), AlbumError> {
        self.noting(remove(&self.pictures_path(id)))
    }

    pub(super) fn pictures(&self) -> PathBuf {
        self.folder.join("pictures")
    }

    pub(super) fn pictures_path(&self, id: Id) -> PathBuf {
        self.pictures().join(id.to_string())
    }

    /// Where that lies which other programs made of received pictures.
    pub(super) fn made(&self) -> PathBuf {
        self.folder.join("made")
    }

    pub(super) fn made_path(&self, file: Id) -> PathBuf {
        self.made().join(file.to_string())
    }
}

pub(super) fn remove(path: &Path) -> Result<(), AlbumError> {
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
