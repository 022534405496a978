//! What a run that was killed left behind: files half written, and sealed blobs that no row names.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::blobs::{private_file, sync_dir};
use super::{Album, AlbumError, Blobs};
use crate::envelope::Id;

/// How the marks of runs that write blobs begin.
pub(super) const MARK: &str = "unfinished.";

/// Held by a run while its blobs and its rows may differ. Dropped by a run that ends in order; what a killed one leaves,
/// or one that could not write, makes the next sweep compare the two.
#[derive(Debug)]
pub struct Unfinished {
    mark: PathBuf,
    troubled: Arc<AtomicBool>,
    /// The folder, locked against a sweep.
    _folder: File,
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if self.troubled.load(Ordering::Relaxed) {
            return;
        }
        // Best effort: a mark that stays costs one comparison.
        let _ = fs::remove_file(&self.mark);
    }
}

impl Blobs {
    /// Leaves a mark: until it is gone, the next sweep compares blobs and rows.
    pub(super) fn mark(&self) -> Result<PathBuf, AlbumError> {
        let mark = self.temporary.join(format!("{MARK}{}", Id::random()));
        private_file(&mark).map_err(AlbumError::file(&mark))?;
        sync_dir(&self.temporary).map_err(AlbumError::file(&self.temporary))?;
        Ok(mark)
    }

    /// To be called before blobs are written that no row names yet, or rows let go of blobs that are here still.
    pub fn begin(&self) -> Result<Unfinished, AlbumError> {
        let folder = File::open(&self.temporary).map_err(AlbumError::file(&self.temporary))?;
        folder
            .lock_shared()
            .map_err(AlbumError::file(&self.temporary))?;
        let mark = self.mark()?;
        self.troubled.store(false, Ordering::Relaxed);
        Ok(Unfinished {
            mark,
            troubled: Arc::clone(&self.troubled),
            _folder: folder,
        })
    }
}

impl Album {
    /// Removes what interrupted runs left; not while another run writes.
    pub fn sweep(&self) -> Result<(), AlbumError> {
        let blobs = self.blobs();
        let temporary = &blobs.temporary;
        let folder = File::open(temporary).map_err(AlbumError::file(temporary))?;
        match folder.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(()),
            Err(TryLockError::Error(cause)) => return Err(AlbumError::file(temporary)(cause)),
        }
        let mut left = entries(temporary)?;
        let marked = |path: &PathBuf| {
            let name = path.file_name().and_then(OsStr::to_str);
            name.is_some_and(|name| name.starts_with(MARK))
        };
        if left.iter().any(marked) {
            self.remove_orphans()?;
            if let Err(error) = self.remove_orphans_in_bucket() {
                // The marks stay, so that it is done once the store can be reached.
                tracing::debug!(%error, "the bucket is not swept");
                left.retain(|path| !marked(path));
            }
        }
        left.retain(|path| self.blobs().give_up(path));
        for path in left {
            fs::remove_file(&path).map_err(AlbumError::file(&path))?;
        }
        Ok(())
    }

    /// Blobs that no row says are here.
    fn remove_orphans(&self) -> Result<(), AlbumError> {
        let (blobs, rows) = (self.blobs(), self.rows());
        for folder in entries(&blobs.parts)? {
            for path in entries(&folder)? {
                if !name(&path).is_some_and(|name| rows.is_part_held(name).unwrap_or(true)) {
                    fs::remove_file(&path).map_err(AlbumError::file(&path))?;
                }
            }
        }
        for path in entries(&blobs.files)? {
            if !name(&path).is_some_and(|name| rows.is_file_known(name).unwrap_or(true)) {
                fs::remove_file(&path).map_err(AlbumError::file(&path))?;
            }
        }
        for path in entries(&blobs.pictures())? {
            if !name(&path).is_some_and(|name| rows.is_picture_known(name).unwrap_or(true)) {
                fs::remove_file(&path).map_err(AlbumError::file(&path))?;
            }
        }
        let made = entries(&blobs.made())?;
        // It looks at every part: not where there is nothing to know.
        let known = match made.is_empty() {
            true => BTreeSet::new(),
            false => rows.all_made()?,
        };
        for path in made {
            let id = name(&path).and_then(|name| name.parse().ok());
            if !id.is_some_and(|id| known.contains(&id)) {
                fs::remove_file(&path).map_err(AlbumError::file(&path))?;
            }
        }
        Ok(())
    }
}

fn name(path: &Path) -> Option<&str> {
    path.file_name().and_then(OsStr::to_str)
}

pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, AlbumError> {
    let entries = fs::read_dir(folder).map_err(AlbumError::file(folder))?;
    entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(AlbumError::file(folder))
}
