//! What an album with a bucket does besides: its name there, what lies in the folder brought over, and what a run that was
//! killed left over there.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::blobs::{file_name, part_name};
use super::bucket::{BEGUN, Bucket, BucketPlace, NewObject};
use super::sweep::entries;
use super::{Album, AlbumError, Blobs, FileReader};
use crate::envelope::{Digest, Id, PART_SIZE, part_len};

/// Under which name the sealed bytes lie in the bucket.
const STORE: &str = "store";

/// Reads an own file as it lies, from its beginning to its end.
pub struct Sealed {
    reader: FileReader,
    left: u64,
    piece: io::Cursor<Vec<u8>>,
}

impl Album {
    /// From here on parts and own files are kept in a bucket. Nothing is asked of it yet.
    pub fn keep_in_bucket(&mut self, place: BucketPlace) -> Result<(), AlbumError> {
        let known = self.rows().setting(STORE)?;
        let own = match known.and_then(|text| text.parse::<Id>().ok()) {
            Some(own) => own,
            None => self.commit(|rows| {
                // Another process may have been quicker.
                let known = rows.setting(STORE)?.and_then(|text| text.parse().ok());
                let own = known.unwrap_or_else(Id::random);
                rows.set_setting(STORE, &own.to_string())?;
                Ok::<_, AlbumError>(own)
            })?,
        };
        let shown = place.bucket.clone();
        let bucket = Bucket::new(place, own).map_err(|trouble| AlbumError::Store {
            place: shown,
            trouble,
        })?;
        self.blobs.bucket = Some(Arc::new(bucket));
        Ok(())
    }

    /// Fails where sealed bytes lie in a bucket, though none is named.
    pub fn keep_in_folder(&self) -> Result<(), AlbumError> {
        match self.rows().setting(STORE)? {
            Some(_) => Err(AlbumError::NoStore),
            None => Ok(()),
        }
    }

    /// Whether the bucket takes, gives and removes; `None` where there is none. Gives how people know it.
    pub fn try_bucket(&self) -> Option<Result<String, AlbumError>> {
        let bucket = self.blobs.bucket.as_ref()?;
        let tried = bucket.try_out();
        Some(match tried {
            Ok(()) => Ok(bucket.shown().to_owned()),
            Err(trouble) => Err(AlbumError::store(bucket, trouble)),
        })
    }

    /// Brings into the bucket what lies in the folder: what came in by pieces, what was restored, what was there before
    /// the bucket was. Each is removed from the folder when the bucket has it. Begins no more after `patience`, and says
    /// whether there is more.
    pub fn bring_into_bucket(&self, patience: Duration) -> Result<bool, AlbumError> {
        let blobs = self.blobs();
        let Some(bucket) = &blobs.bucket else {
            return Ok(false);
        };
        let begun = Instant::now();
        let mut all = Vec::new();
        for folder in entries(&blobs.parts)? {
            // It goes with the last part in it; where there are some, it does not.
            if fs::remove_dir(&folder).is_err() {
                all.extend(entries(&folder)?);
            }
        }
        let files = entries(&blobs.files)?;
        if all.is_empty() && files.is_empty() {
            return Ok(false);
        }
        let _unfinished = blobs.begin()?;
        for path in all {
            if begun.elapsed() > patience {
                return Ok(true);
            }
            let digest = name_of(&path).and_then(|name| name.parse::<Digest>().ok());
            if let Some(digest) = digest {
                let held = || self.rows().is_part_held(&digest.to_string());
                blobs.bring(bucket, &path, part_name(digest), held)?;
            }
        }
        for path in files {
            if begun.elapsed() > patience {
                return Ok(true);
            }
            if let Some(id) = name_of(&path).and_then(|name| name.parse::<Id>().ok()) {
                let held = || self.rows().is_file_of_item(&id.to_string());
                blobs.bring(bucket, &path, file_name(id), held)?;
            }
        }
        Ok(false)
    }

    /// Objects that no row says are here.
    pub(super) fn remove_orphans_in_bucket(&self) -> Result<(), AlbumError> {
        let rows = self.rows();
        let Some(bucket) = &self.blobs.bucket else {
            return Ok(());
        };
        let at = |trouble| AlbumError::store(bucket, trouble);
        let mut next = None;
        loop {
            let page = bucket.names(next).map_err(at)?;
            for name in &page.names {
                let last = name.rsplit('/').next().unwrap_or_default();
                let known = match name.split('/').next() {
                    Some("parts") => rows.is_part_held(last)?,
                    Some("files") => rows.is_file_known(last)?,
                    _ => false,
                };
                if !known {
                    bucket.remove(name).map_err(at)?;
                }
            }
            next = page.next;
            if next.is_none() {
                return Ok(());
            }
        }
    }
}

impl Blobs {
    /// Puts a file of the folder into the bucket and removes it here, while a row has it before and after.
    fn bring(
        &self,
        bucket: &Arc<Bucket>,
        path: &Path,
        name: String,
        held: impl Fn() -> Result<bool, AlbumError>,
    ) -> Result<(), AlbumError> {
        if !held()? {
            return Ok(());
        }
        let mut file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            file => file.map_err(AlbumError::file(path))?,
        };
        let mut object = NewObject::begin(self, bucket, name.clone())?;
        let mut piece = vec![0; 256 * 1024];
        loop {
            match file.read(&mut piece).map_err(AlbumError::file(path))? {
                0 => break,
                read => object.push(&piece[..read])?,
            }
        }
        self.noting(object.keep())?;
        if !held()? {
            // Somebody removed it meanwhile, from where it was.
            return self.remove_from_bucket(&name);
        }
        crate::crash::point("store.brought");
        fs::remove_file(path).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(AlbumError::file(path)(error)),
        })
    }

    /// Removes an object, or leaves a mark so that it is removed when the store can be reached: keys and rows do not wait
    /// for that.
    pub(super) fn remove_from_bucket(&self, name: &str) -> Result<(), AlbumError> {
        let Some(bucket) = &self.bucket else {
            return Ok(());
        };
        if let Err(trouble) = bucket.remove(name) {
            tracing::debug!(%trouble, "an object is to be removed later");
            self.mark()?;
        }
        Ok(())
    }

    /// A part, held against its name: what is sent on must be what was put there.
    pub(super) fn part_in_bucket(&self, digest: Digest) -> Result<Vec<u8>, AlbumError> {
        let path = self.part_path(digest);
        let Some(bucket) = &self.bucket else {
            return Err(AlbumError::file(&path)(io::ErrorKind::NotFound.into()));
        };
        let der = bucket
            .get(&part_name(digest))
            .map_err(|trouble| AlbumError::store(bucket, trouble))?;
        match Digest::of(&der) == digest {
            true => Ok(der),
            false => {
                let words = format!("it gave other bytes for {} than it got", digest.short());
                let trouble = super::Trouble::Refused(words);
                Err(AlbumError::store(bucket, trouble))
            }
        }
    }

    /// The sealed bytes of a part as they are kept, whatever they are; `None` where it is not there.
    pub fn stored_part(&self, digest: Digest) -> Result<Option<Vec<u8>>, AlbumError> {
        let path = self.part_path(digest);
        match (fs::read(&path), &self.bucket) {
            (Ok(der), _) => Ok(Some(der)),
            (Err(error), None) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            (Err(error), Some(bucket)) if error.kind() == io::ErrorKind::NotFound => {
                match bucket.get(&part_name(digest)) {
                    Ok(der) => Ok(Some(der)),
                    Err(super::Trouble::Missing) => Ok(None),
                    Err(trouble) => Err(AlbumError::store(bucket, trouble)),
                }
            }
            (Err(error), _) => Err(AlbumError::file(&path)(error)),
        }
    }

    /// The length of an own file as it lies and what reads it; `None` where it is not there.
    pub fn sealed_file(&self, id: Id) -> Result<Option<(u64, Sealed)>, AlbumError> {
        let path = self.file_path(id);
        let len = match (fs::metadata(&path), &self.bucket) {
            (Ok(about), _) => about.len(),
            (Err(error), None) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            (Err(error), Some(bucket)) if error.kind() == io::ErrorKind::NotFound => {
                let len = bucket.len(&file_name(id));
                match len.map_err(|trouble| AlbumError::store(bucket, trouble))? {
                    Some(len) => len,
                    None => return Ok(None),
                }
            }
            (Err(error), _) => return Err(AlbumError::file(&path)(error)),
        };
        let sealed = Sealed {
            reader: self.open_file(id)?,
            left: len,
            piece: io::Cursor::default(),
        };
        Ok(Some((len, sealed)))
    }

    /// Gives up what a note says was begun in the bucket; gives whether the note may go, as any other file may.
    pub(super) fn give_up(&self, note: &Path) -> bool {
        let (Some(bucket), true) = (
            &self.bucket,
            name_of(note).is_some_and(|name| name.starts_with(BEGUN)),
        ) else {
            return true;
        };
        let text = fs::read_to_string(note).unwrap_or_default();
        let mut lines = text.lines();
        match (lines.next(), lines.next()) {
            (Some(name), Some(upload)) => bucket.abort(name, upload).is_ok(),
            // It was not whole: nothing was put there yet.
            _ => true,
        }
    }
}

impl Read for Sealed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.piece.read(into)?;
        if read > 0 || self.left == 0 {
            return Ok(read);
        }
        let len = self.left.min(part_len(PART_SIZE) as u64);
        let mut piece = std::mem::take(self.piece.get_mut());
        self.reader.next_part(len as usize, &mut piece)?;
        self.left -= len;
        self.piece = io::Cursor::new(piece);
        self.piece.read(into)
    }
}

fn name_of(path: &Path) -> Option<&str> {
    path.file_name()?.to_str()
}
